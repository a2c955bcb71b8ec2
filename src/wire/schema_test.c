#include "tiny.h"
#include <hp/base/test.h>

/* What Terraform reads unchecked, or refuses with "which is a bug in the provider". */

static void check_attributes(struct arena *arena, Tfplugin6__Schema__Attribute **attributes,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const Tfplugin6__Schema__Attribute *attribute = attributes[i];
        const struct cty_type *type;
        struct str why;

        ck_assert_str_ne(attribute->name, "");
        ck_assert(attribute->required || attribute->optional || attribute->computed);
        ck_assert(!attribute->required || (!attribute->optional && !attribute->computed));
        ck_assert_msg((attribute->type.len > 0) != (attribute->nested_type != NULL), "%s",
                      attribute->name);
        ck_assert(attribute->type.len == 0 ||
                  cty_type_from_json(arena, pb_str(attribute->type), &type, &why));
        ck_assert(attribute->deprecated || *attribute->deprecation_message == 0);
        ck_assert(str_is_utf8(str_of(attribute->description)));
        if (attribute->nested_type != NULL) {
            ck_assert_int_ne(attribute->nested_type->nesting,
                             TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__INVALID);
            check_attributes(arena, attribute->nested_type->attributes,
                             attribute->nested_type->n_attributes);
        }
    }
}

static void check_block(struct arena *arena, const Tfplugin6__Schema__Block *block)
{
    ck_assert_ptr_nonnull(block);
    check_attributes(arena, block->attributes, block->n_attributes);
    for (size_t i = 0; i < block->n_block_types; i++) {
        const Tfplugin6__Schema__NestedBlock *nested = block->block_types[i];
        bool counted = nested->nesting == TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__LIST ||
                       nested->nesting == TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SET;
        ck_assert_int_ne(nested->nesting, TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__INVALID);
        ck_assert(counted || (nested->min_items == 0 && nested->max_items == 0));
        ck_assert(nested->max_items == 0 || nested->min_items <= nested->max_items);
        check_block(arena, nested->block);
    }
}

static void check_schema(struct arena *arena, const char *name, const char *key,
                         const Tfplugin6__Schema *schema)
{
    ck_assert_str_eq(key, name);
    ck_assert_ptr_nonnull(schema);
    ck_assert_int_ge(schema->version, 0);
    check_block(arena, schema->block);
}

static const Tfplugin6__GetProviderSchema__Response *ask(struct tiny_world *world)
{
    struct str answer;
    ck_assert_int_eq(tiny_send(world, "GetProviderSchema", S(""), &answer), WIRE_OK);
    const Tfplugin6__GetProviderSchema__Response *schema =
        pb_unpack(world->arena, &tfplugin6__get_provider_schema__response__descriptor, answer);
    ck_assert_ptr_nonnull(schema);
    return schema;
}

static const Tfplugin6__Schema__Attribute *attribute(const Tfplugin6__Schema *schema,
                                                     const char *name)
{
    for (size_t i = 0; i < schema->block->n_attributes; i++)
        if (strcmp(schema->block->attributes[i]->name, name) == 0)
            return schema->block->attributes[i];
    ck_abort_msg("no attribute %s", name);
}

START_TEST(the_whole_schema_is_one_that_terraform_takes)
{
    struct tiny_world world = tiny_begin();

    const Tfplugin6__GetProviderSchema__Response *schema = ask(&world);

    ck_assert_uint_eq(schema->n_diagnostics, 0);
    check_schema(world.arena, "provider", "provider", schema->provider);
    check_schema(world.arena, "meta", "meta", schema->provider_meta);
    ck_assert_uint_eq(schema->n_resource_schemas, 1);
    check_schema(world.arena, "tiny_thing", schema->resource_schemas[0]->key,
                 schema->resource_schemas[0]->value);
    ck_assert_uint_eq(schema->n_data_source_schemas, 1);
    check_schema(world.arena, "tiny_lookup", schema->data_source_schemas[0]->key,
                 schema->data_source_schemas[0]->value);
    ck_assert_uint_eq(schema->n_ephemeral_resource_schemas, 1);
    check_schema(world.arena, "tiny_lease", schema->ephemeral_resource_schemas[0]->key,
                 schema->ephemeral_resource_schemas[0]->value);
    ck_assert_uint_eq(schema->n_list_resource_schemas, 1);
    check_schema(world.arena, "tiny_thing", schema->list_resource_schemas[0]->key,
                 schema->list_resource_schemas[0]->value);
    tiny_end(&world);
}
END_TEST

START_TEST(a_provider_without_anything_still_has_its_block)
{
    static const struct tf_attr none[] = {{0}};
    static const struct tf_resource *const nothing[] = {NULL};
    static const struct tf_provider empty = {.name = "empty", .attrs = none, .resources = nothing};
    struct arena *arena = arena_new(1 << 20);
    struct tf_server *tf = tf_server_new(&empty, world_of_process());
    struct wire_server *wire = wire_server_new(tf);
    struct str answer, message;

    wire_call(wire, wire_method_find(S("/tfplugin6.Provider/GetProviderSchema")), S(""), NULL,
              arena, &answer, &message);

    const Tfplugin6__GetProviderSchema__Response *schema =
        pb_unpack(arena, &tfplugin6__get_provider_schema__response__descriptor, answer);
    ck_assert_ptr_nonnull(schema->provider);
    ck_assert_ptr_nonnull(schema->provider->block);
    wire_server_free(wire);
    tf_server_free(tf);
    arena_free(arena);
}
END_TEST

START_TEST(rows_are_told_as_they_are)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__Schema *thing = ask(&world)->resource_schemas[0]->value;

    ck_assert_int_eq(thing->version, 2);
    ck_assert_str_eq(thing->block->description, "A thing.");
    ck_assert_int_eq(thing->block->description_kind, TFPLUGIN6__STRING_KIND__MARKDOWN);
    ck_assert(attribute(thing, "id")->computed && !attribute(thing, "id")->optional);
    ck_assert(attribute(thing, "name")->required);
    ck_assert(attribute(thing, "secret")->sensitive);
    ck_assert(attribute(thing, "old")->deprecated);
    ck_assert_str_eq(attribute(thing, "old")->deprecation_message, "Use name.");
    ck_assert_str(pb_str(attribute(thing, "tags")->type), S("[\"map\",\"string\"]"));
    ck_assert_str(pb_str(attribute(thing, "size")->type), S("\"number\""));
    tiny_end(&world);
}
END_TEST

START_TEST(nested_objects_keep_their_collection)
{
    static const struct {
        const char *name;
        Tfplugin6__Schema__Object__NestingMode mode;
    } rows[] = {
        {"doors", TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP},
        {"windows", TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST},
        {"vents", TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SET},
        {"roof", TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE},
    };
    struct tiny_world world = tiny_begin();
    const Tfplugin6__Schema *thing = ask(&world)->resource_schemas[0]->value;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(attribute(thing, rows[i].name)->nested_type->nesting, rows[i].mode);
    tiny_end(&world);
}
END_TEST

START_TEST(time_outs_are_a_block_of_the_schema)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__Schema *thing = ask(&world)->resource_schemas[0]->value;

    ck_assert_uint_eq(thing->block->n_block_types, 2);
    ck_assert_str_eq(thing->block->block_types[0]->type_name, "rule");
    ck_assert_int_eq(thing->block->block_types[0]->max_items, 3);
    ck_assert_str_eq(thing->block->block_types[1]->type_name, "timeouts");
    tiny_end(&world);
}
END_TEST

START_TEST(the_schema_is_encoded_once)
{
    struct tiny_world world = tiny_begin();
    struct str first, second;

    tiny_send(&world, "GetProviderSchema", S(""), &first);
    tiny_send(&world, "GetProviderSchema", S(""), &second);

    ck_assert_ptr_eq(first.ptr, second.ptr);
    tiny_end(&world);
}
END_TEST

START_TEST(the_capabilities_are_those_we_have)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__ServerCapabilities *offered = ask(&world)->server_capabilities;

    ck_assert(offered->plan_destroy && offered->get_provider_schema_optional);
    ck_assert(offered->move_resource_state && offered->generate_resource_config);
    tiny_end(&world);
}
END_TEST

TESTS("wire/schema", the_whole_schema_is_one_that_terraform_takes,
      a_provider_without_anything_still_has_its_block, rows_are_told_as_they_are,
      nested_objects_keep_their_collection, time_outs_are_a_block_of_the_schema,
      the_schema_is_encoded_once, the_capabilities_are_those_we_have)
