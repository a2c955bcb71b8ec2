"""Schemas

What core checks when it loads a schema, what it does not check and stumbles over, and what crashes it. Each row walks
everything that is encoded, of both providers.
"""

import json
import re

from row import CONTRARY, HYPERPOD, by_client, on_wire, call, schema_of, slip, tf

Nesting = tf.Schema.NestedBlock
RESERVED = {"count", "for_each", "depends_on", "provider", "lifecycle", "connection", "provisioner", "locals", "_"}
RESERVED_PROVIDER = {"alias", "version", "count", "depends_on", "for_each", "source", "lifecycle", "locals", "_"}
TABLES = ("resource_schemas", "data_source_schemas", "ephemeral_resource_schemas", "list_resource_schemas")


def schemas():
    """(where, schema) of all there are."""
    for binary in (CONTRARY, HYPERPOD):
        answer, _ = schema_of(binary)
        name = binary.rsplit("-", 1)[1]
        yield f"provider {name}", answer.provider
        if answer.HasField("provider_meta"):
            yield f"provider_meta {name}", answer.provider_meta
        for table in TABLES:
            for kind, schema in getattr(answer, table).items():
                yield f"{table} {kind}", schema


def blocks(block, where):
    """(where, block) of a block and all in it."""
    yield where, block
    for nested in block.block_types:
        yield from blocks(nested.block, f"{where}.{nested.type_name}")


def all_blocks():
    for where, schema in schemas():
        yield from blocks(schema.block, where)


def nested_attributes(attributes, where, in_set):
    for attribute in attributes:
        at = f"{where}.{attribute.name}"
        yield at, attribute, in_set
        if attribute.HasField("nested_type"):
            inner = attribute.nested_type
            yield from nested_attributes(inner.attributes, at, in_set or inner.nesting == tf.Schema.Object.SET)


def attributes(block, where, in_set=False):
    """(where, attribute, is it inside a set) at any depth."""
    yield from nested_attributes(block.attributes, where, in_set)
    for nested in block.block_types:
        yield from attributes(nested.block, f"{where}.{nested.type_name}", in_set or nested.nesting == Nesting.SET)


def all_attributes():
    for where, schema in schemas():
        for at, attribute, in_set in attributes(schema.block, where):
            yield at, attribute, in_set


def functions():
    return schema_of(CONTRARY)[0].functions.items()


def identities():
    for binary in (CONTRARY, HYPERPOD):
        yield from schema_of(binary)[1].identity_schemas.items()


def check_type(text):
    """A type constraint as JSON has it."""

    def look(kind):
        if isinstance(kind, str):
            assert kind in ("string", "number", "bool", "dynamic"), kind
            return
        word, inner = kind
        assert word in ("list", "set", "map", "object", "tuple"), kind
        for element in inner.values() if word == "object" else inner if word == "tuple" else [inner]:
            look(element)

    look(json.loads(text))


@on_wire(
    "schema-block",
    "Every schema carries its block, also where there is nothing in it: core reads it unasked",
    slip(
        "src/wire/schema.c",
        "    schema->block = body(arena, offer->attrs, offer->blocks, offer->doc, NULL);",
        "    if (offer->attrs != NULL)\n"
        "        schema->block = body(arena, offer->attrs, offer->blocks, offer->doc, NULL);",
    ),
)
def _(_w):
    empty = [where for where, schema in schemas() if not schema.block.attributes and not schema.block.block_types]
    missing = [where for where, schema in schemas() if not schema.HasField("block")]
    assert not missing, missing
    assert empty, "no schema is empty, so that nothing is shown"


@on_wire(
    "schema-nested-block",
    "Every nested block carries its block, also where there is nothing in it",
    slip(
        "src/wire/schema.c",
        "    message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);",
        "    if (block->attrs != NULL || block->blocks != NULL)\n"
        "        message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);",
    ),
)
def _(_w):
    seen = 0
    for where, block in all_blocks():
        for nested in block.block_types:
            assert nested.HasField("block"), f"{where}.{nested.type_name}"
            seen += not nested.block.attributes
    assert seen, "no block is empty, so that nothing is shown"


@on_wire(
    "schema-provider",
    "The provider's own schema is there, and in the answer of the first call",
    slip(
        "src/wire/provider.c",
        '    answer->provider = wire_schema_of(arena, tf_offer_find(server, TF_PROVIDER, S("")));\n',
        "",
    ),
)
def _(w):
    for binary in (CONTRARY, HYPERPOD):
        answer = call(w.start(binary).channel(), "GetProviderSchema")
        assert answer.HasField("provider") and answer.provider.HasField("block") and not answer.diagnostics


@on_wire(
    "schema-types",
    "The type of every attribute is type JSON, which core parses unasked",
    slip(
        "src/wire/schema.c",
        "        message->type = pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, attr)));",
        "        message->type = pb_bytes(cty_type_name(arena, tf_attr_type(arena, attr)));",
    ),
)
def _(_w):
    for where, attribute, _ in all_attributes():
        if attribute.type:
            try:
                check_type(attribute.type)
            except ValueError as error:
                raise AssertionError(f"{where}: {attribute.type}: {error}") from error


@on_wire(
    "schema-type-or-nested",
    "An attribute has a type or attributes of its own, never both and never neither",
    slip(
        "src/wire/schema.c",
        "        message->nested_type = nested(arena, attr);\n" "    else\n",
        "        message->nested_type = nested(arena, attr);\n" "    if (attr->kind != TF_OBJECT)\n",
    ),
)
def _(_w):
    for where, attribute, _ in all_attributes():
        assert bool(attribute.type) != attribute.HasField("nested_type"), where
    assert sum(attribute.HasField("nested_type") for _, attribute, _ in all_attributes()) > 10


@on_wire(
    "schema-modes",
    "An attribute is required, optional, computed, or optional and computed",
    slip(
        "src/wire/schema.c",
        "    message->required = (attr->flags & TF_REQUIRED) != 0;",
        "    message->required = (attr->flags & TF_OPTIONAL) == 0;",
    ),
)
def _(_w):
    for where, attribute, _ in all_attributes():
        assert attribute.required or attribute.optional or attribute.computed, where
        assert not (attribute.required and (attribute.optional or attribute.computed)), where


@on_wire(
    "schema-deprecation",
    "A deprecation message stands only beside the deprecation",
    slip("src/wire/schema.c", "    message->deprecated = attr->deprecated != NULL;\n", ""),
)
def _(_w):
    said = [attribute for where, attribute, _ in all_attributes() if attribute.deprecation_message]
    assert said and all(attribute.deprecated for attribute in said)
    for where, block in all_blocks():
        assert block.deprecated or not block.deprecation_message, where


@on_wire(
    "schema-names",
    "Names are identifiers, used once at a level, and none that core keeps for itself",
    slip("src/tf/timeouts.c", '.name = "timeouts"', '.name = "time-outs"'),
)
def _(_w):
    for where, block in all_blocks():
        names = [a.name for a in block.attributes] + [n.type_name for n in block.block_types]
        assert len(set(names)) == len(names), where
        assert all(re.fullmatch("[a-z_][a-z0-9_]*", name) for name in names), (where, names)
    for where, schema in schemas():
        kept = RESERVED_PROVIDER if where.startswith("provider ") else RESERVED
        taken = {a.name for a in schema.block.attributes} | {n.type_name for n in schema.block.block_types}
        assert not taken & kept, (where, taken & kept)


@on_wire(
    "schema-block-counts",
    "The counts of a nested block suit its nesting, and are those of the table",
    slip(
        "src/wire/schema.c",
        "        message->min_items = block->min_items;\n" "        message->max_items = block->max_items;",
        "        message->min_items = block->max_items;",
    ),
)
def _(_w):
    for where, block in all_blocks():
        for nested in block.block_types:
            low, high, at = nested.min_items, nested.max_items, f"{where}.{nested.type_name}"
            assert low >= 0 and high >= 0, at
            if nested.nesting == Nesting.SINGLE:
                assert low == high <= 1, at
            elif nested.nesting in (Nesting.MAP, Nesting.GROUP):
                assert low == high == 0, at
            else:
                assert high == 0 or low <= high, at
    listed = next(
        n
        for n in schema_of(CONTRARY)[0].resource_schemas["contrary_thing"].block.block_types
        if n.type_name == "listed"
    )
    assert (listed.min_items, listed.max_items) == (0, 8)


@on_wire(
    "schema-block-nesting",
    "Each nested block has the nesting that its values have",
    slip(
        "src/wire/schema.c",
        "[TF_BLOCK_GROUP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__GROUP",
        "[TF_BLOCK_GROUP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SINGLE",
    ),
)
def _(_w):
    thing = schema_of(CONTRARY)[0].resource_schemas["contrary_thing"].block
    found = {nested.type_name: Nesting.NestingMode.Name(nested.nesting) for nested in thing.block_types}
    wanted = {
        "one": "SINGLE",
        "grouped": "GROUP",
        "listed": "LIST",
        "chosen": "SET",
        "named": "MAP",
        "timeouts": "SINGLE",
    }
    assert wanted.items() <= found.items(), found


@on_wire(
    "schema-block-computed",
    "No block is computed: clients before Terraform 1.16, and all OpenTofu, would pass over the flag",
    slip(
        "src/wire/schema.c",
        "    message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);",
        "    message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);\n"
        "    message->block->computed = block->max_items > 0;",
    ),
)
def _(_w):
    assert not [where for where, block in all_blocks() if block.computed]


@on_wire(
    "schema-attribute-nesting",
    "Each attribute with attributes of its own has the nesting that its values have",
    slip(
        "src/wire/schema.c",
        "[TF_SET] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SET",
        "[TF_SET] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST",
    ),
)
def _(_w):
    modes = tf.Schema.Object.NestingMode
    thing = schema_of(CONTRARY)[0].resource_schemas["contrary_thing"].block
    found = {a.name: modes.Name(a.nested_type.nesting) for a in thing.attributes if a.HasField("nested_type")}
    wanted = {"single": "SINGLE", "items": "LIST", "members": "MAP", "choices": "SET", "details": "MAP"}
    assert wanted.items() <= found.items(), found


@on_wire(
    "schema-write-only",
    "Write-only is only what a managed resource is given: never computed, in a set, or elsewhere",
    slip(
        "src/wire/schema.c",
        "    message->write_only = (attr->flags & TF_WRITE_ONLY) != 0;",
        "    message->write_only = (attr->flags & (TF_WRITE_ONLY | TF_SENSITIVE)) != 0;",
    ),
)
def _(_w):
    seen = 0
    for where, attribute, in_set in all_attributes():
        seen += attribute.write_only
        assert not attribute.write_only or (
            where.startswith("resource_schemas") and not attribute.computed and not in_set
        ), where
    assert seen


@on_wire(
    "schema-sets",
    "There is nothing dynamic inside a set",
    slip(
        "src/tf/schema.c",
        "attr->attrs != NULL ? tf_object_type(arena, attr->attrs, NULL) : primitive(attr->of);",
        "attr->attrs != NULL ? tf_object_type(arena, attr->attrs, NULL)\n"
        "        : attr->kind == TF_SET ? &cty_dynamic : primitive(attr->of);",
    ),
)
def _(_w):
    sets = 0
    for where, attribute, in_set in all_attributes():
        kind = json.loads(attribute.type) if attribute.type else None
        is_set = isinstance(kind, list) and kind[0] == "set"
        sets += is_set
        assert not ((in_set or is_set) and "dynamic" in json.dumps(kind)), where
    assert sets


@on_wire(
    "schema-described",
    "Everything is described, in Markdown",
    slip("src/wire/schema.c", "    message->description = text(arena, attr->doc);\n", ""),
)
def _(_w):
    for where, attribute, _ in all_attributes():
        assert attribute.description and attribute.description_kind == tf.MARKDOWN, where


@on_wire(
    "schema-versions",
    "A schema has the version under which states are stored, and it is not negative",
    slip("src/wire/schema.c", "    schema->version = offer->version;\n", ""),
)
def _(_w):
    assert all(schema.version >= 0 for _, schema in schemas())
    assert schema_of(CONTRARY)[0].resource_schemas["contrary_thing"].version == 2


@on_wire(
    "schema-identity-types",
    "A member of an identity is a primitive or a list of them, as type JSON",
    slip("src/wire/identity.c", "    message->type = pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, attr)));\n"),
)
def _(_w):
    for kind, schema in identities():
        for member in schema.identity_attributes:
            found = json.loads(member.type or "null")
            if isinstance(found, list):
                assert found[0] == "list", (kind, member.name)
                found = found[1]
            assert found in ("string", "number", "bool"), (kind, member.name, found)


@on_wire(
    "schema-identity-modes",
    "A member of an identity is needed for an import, or it may be left out: one of the two",
    slip("src/wire/identity.c", "    message->optional_for_import = (attr->flags & TF_OPTIONAL) != 0;\n"),
)
def _(_w):
    for kind, schema in identities():
        assert schema.version >= 0 and schema.identity_attributes, kind
        for member in schema.identity_attributes:
            assert member.required_for_import != member.optional_for_import, (kind, member.name)


@on_wire(
    "schema-identity-of",
    "Identity schemas are of resources that have an identity, and of nothing else",
    slip(
        "src/wire/identity.c",
        "        if (offer->identity_type == NULL)\n" "            continue;",
        "        if (offer->identity_type == NULL || offer->version == 0)\n" "            continue;",
    ),
)
def _(w):
    kinds = set()
    for binary in (CONTRARY, HYPERPOD):
        schema, answer = schema_of(binary)
        assert not answer.diagnostics
        assert set(answer.identity_schemas) <= set(schema.resource_schemas)
        kinds |= set(answer.identity_schemas)
    assert kinds == {"contrary_thing", "contrary_breaker", "hyperpod_cluster", "hyperpod_efa_security_group"}, kinds


@on_wire(
    "schema-function-return",
    "Every function has a return: core reads it unasked",
    slip(
        "src/wire/schema.c",
        "    message->return_ = pb_new(arena, &tfplugin6__function__return__descriptor);\n"
        "    message->return_->type =\n"
        "        pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, &function->result)));\n",
    ),
)
def _(_w):
    for name, function in functions():
        assert function.HasField("return"), name
        check_type(getattr(function, "return").type)


@on_wire(
    "schema-function-parameters",
    "Parameters have types, and names of their own that are identifiers",
    slip("src/wire/schema.c", "    message->name = text(arena, param->attr.name);\n"),
)
def _(_w):
    for name, function in functions():
        assert re.fullmatch("[a-z_][a-z0-9_]*", name)
        all_of_it = list(function.parameters)
        if function.HasField("variadic_parameter"):
            all_of_it.append(function.variadic_parameter)
        names = [parameter.name for parameter in all_of_it]
        assert len(set(names)) == len(names) and all(re.fullmatch("[a-z_][a-z0-9_]*", n) for n in names), (name, names)
        for parameter in all_of_it:
            check_type(parameter.type)
        kinds = {function.description_kind, *(parameter.description_kind for parameter in all_of_it)}
        assert kinds <= {0, 1}, name  # OpenTofu crashes on any other


@on_wire(
    "schema-functions-again",
    "GetFunctions has the functions of the schema, the same",
    slip(
        "src/wire/provider.c",
        "                   one->value = wire_function_of(rpc->arena, function));\n" "    return answer;",
        "                   one->value = wire_function_of(rpc->arena, function));\n"
        "    answer->n_functions--;\n"
        "    return answer;",
    ),
)
def _(w):
    answer = call(w.session().channel, "GetFunctions")
    assert dict(answer.functions) == dict(functions()) and len(answer.functions) == 5


@on_wire(
    "schema-metadata",
    "The metadata name what the schema has",
    slip(
        "src/wire/provider.c",
        "    NAME_OFFERS(TF_EPHEMERAL, ephemeral_resources,",
        "    NAME_OFFERS(TF_DATA_SOURCE, ephemeral_resources,",
    ),
)
def _(w):
    for binary in (CONTRARY, HYPERPOD):
        schema, _ = schema_of(binary)
        said = call(w.start(binary).channel(), "GetMetadata")
        assert {x.type_name for x in said.resources} == set(schema.resource_schemas)
        assert {x.type_name for x in said.data_sources} == set(schema.data_source_schemas)
        assert {x.type_name for x in said.ephemeral_resources} == set(schema.ephemeral_resource_schemas)
        assert {x.type_name for x in said.list_resources} == set(schema.list_resource_schemas)
        assert {x.name for x in said.functions} == set(schema.functions)
        assert not said.actions and not said.state_stores
        assert said.server_capabilities == schema.server_capabilities


@on_wire(
    "schema-lists",
    "What can be listed is a managed resource with an identity",
    slip(
        "src/tf/offers.c",
        "                          .name = resource->type,\n" "                          .doc = resource->list->doc,",
        "                          .name = resource->list->doc,\n"
        "                          .doc = resource->list->doc,",
    ),
)
def _(_w):
    for binary in (CONTRARY, HYPERPOD):
        schema, answer = schema_of(binary)
        assert schema.list_resource_schemas
        for kind in schema.list_resource_schemas:
            assert kind in schema.resource_schemas and kind in answer.identity_schemas, kind


@on_wire(
    "schema-optional",
    "A process that is never asked for its schema works like any other, and this is offered",
    slip("src/wire/provider.c", "    capabilities->get_provider_schema_optional = true;\n"),
)
def _(w):
    session = w.contrary()
    session.create("contrary_thing", name="alpha")
    assert session.schema.server_capabilities.get_provider_schema_optional


@by_client(
    "schema-loads",
    "The client loads both schemas and shows the same attributes as are encoded",
    slip(
        "src/wire/schema.c",
        "[TF_BLOCK_MAP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__MAP",
        "[TF_BLOCK_MAP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__INVALID",
    ),
)
def _(w):
    for provider, kind in (("contrary", "contrary_thing"), ("hyperpod", "hyperpod_cluster")):
        stack = w.stack("", provider=provider, settings="")
        shown = json.loads(stack.run("providers", "schema", "-json").fine().out)["provider_schemas"]
        found = next(v for k, v in shown.items() if k.endswith(f"/{provider}"))["resource_schemas"][kind]["block"]
        encoded = schema_of(CONTRARY if provider == "contrary" else HYPERPOD)[0].resource_schemas[kind].block
        assert set(found["attributes"]) == {a.name for a in encoded.attributes}
        assert set(found.get("block_types", {})) == {n.type_name for n in encoded.block_types}
