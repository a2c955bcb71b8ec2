#include "schema.h"

static size_t count_attrs(const struct tf_attr *attrs)
{
    size_t count = 0;
    while (attrs != NULL && attrs[count].name != NULL)
        count++;
    return count;
}

static size_t count_blocks(const struct tf_block *blocks)
{
    size_t count = 0;
    while (blocks != NULL && blocks[count].name != NULL)
        count++;
    return count;
}

static char *text(struct arena *arena, const char *z)
{
    return z == NULL ? NULL : arena_z(arena, arena_utf8(arena, str_of(z)));
}

static Tfplugin6__Schema__Attribute **attributes(struct arena *arena, const struct tf_attr *attrs,
                                                 size_t count);

/* Nested objects by their collection; anything else is told by its type. */
static Tfplugin6__Schema__Object *nested(struct arena *arena, const struct tf_attr *attr)
{
    static const Tfplugin6__Schema__Object__NestingMode modes[] = {
        [TF_LIST] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST,
        [TF_SET] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SET,
        [TF_MAP] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP,
        [TF_OBJECT] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE,
    };
    Tfplugin6__Schema__Object *object = pb_new(arena, &tfplugin6__schema__object__descriptor);
    object->nesting = modes[attr->kind];
    object->n_attributes = count_attrs(attr->attrs);
    object->attributes = attributes(arena, attr->attrs, object->n_attributes);
    return object;
}

static Tfplugin6__Schema__Attribute *attribute(struct arena *arena, const struct tf_attr *attr)
{
    Tfplugin6__Schema__Attribute *message =
        pb_new(arena, &tfplugin6__schema__attribute__descriptor);
    message->name = text(arena, attr->name);
    if (attr->attrs != NULL)
        message->nested_type = nested(arena, attr);
    else
        message->type = pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, attr)));
    message->description = text(arena, attr->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    message->required = (attr->flags & TF_REQUIRED) != 0;
    message->optional = (attr->flags & TF_OPTIONAL) != 0;
    message->computed = (attr->flags & TF_COMPUTED) != 0;
    message->sensitive = (attr->flags & TF_SENSITIVE) != 0;
    message->write_only = (attr->flags & TF_WRITE_ONLY) != 0;
    message->deprecated = attr->deprecated != NULL;
    message->deprecation_message = text(arena, attr->deprecated);
    return message;
}

static Tfplugin6__Schema__Attribute **attributes(struct arena *arena, const struct tf_attr *attrs,
                                                 size_t count)
{
    Tfplugin6__Schema__Attribute **all = arena_array(arena, Tfplugin6__Schema__Attribute *, count);
    for (size_t i = 0; i < count; i++)
        all[i] = attribute(arena, &attrs[i]);
    return all;
}

static Tfplugin6__Schema__NestedBlock *nested_block(struct arena *arena,
                                                    const struct tf_block *block);

static Tfplugin6__Schema__Block *body(struct arena *arena, const struct tf_attr *attrs,
                                      const struct tf_block *blocks, const char *doc,
                                      const char *deprecated)
{
    Tfplugin6__Schema__Block *message = pb_new(arena, &tfplugin6__schema__block__descriptor);
    message->n_attributes = count_attrs(attrs);
    message->attributes = attributes(arena, attrs, message->n_attributes);
    message->n_block_types = count_blocks(blocks);
    message->block_types =
        arena_array(arena, Tfplugin6__Schema__NestedBlock *, message->n_block_types);
    for (size_t i = 0; i < message->n_block_types; i++)
        message->block_types[i] = nested_block(arena, &blocks[i]);
    message->description = text(arena, doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    message->deprecated = deprecated != NULL;
    message->deprecation_message = text(arena, deprecated);
    return message;
}

static Tfplugin6__Schema__NestedBlock *nested_block(struct arena *arena,
                                                    const struct tf_block *block)
{
    static const Tfplugin6__Schema__NestedBlock__NestingMode modes[] = {
        [TF_BLOCK_SINGLE] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SINGLE,
        [TF_BLOCK_GROUP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__GROUP,
        [TF_BLOCK_LIST] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__LIST,
        [TF_BLOCK_SET] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SET,
        [TF_BLOCK_MAP] = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__MAP,
    };
    Tfplugin6__Schema__NestedBlock *message =
        pb_new(arena, &tfplugin6__schema__nested_block__descriptor);
    message->type_name = text(arena, block->name);
    message->block = body(arena, block->attrs, block->blocks, block->doc, block->deprecated);
    message->nesting = modes[block->nesting];
    if (block->nesting == TF_BLOCK_LIST || block->nesting == TF_BLOCK_SET) {
        message->min_items = block->min_items;
        message->max_items = block->max_items;
    }
    return message;
}

Tfplugin6__Schema *wire_schema_of(struct arena *arena, const struct tf_offer *offer)
{
    Tfplugin6__Schema *schema = pb_new(arena, &tfplugin6__schema__descriptor);
    schema->version = offer->version;
    schema->block = body(arena, offer->attrs, offer->blocks, offer->doc, NULL);
    return schema;
}

static Tfplugin6__Function__Parameter *parameter(struct arena *arena, const struct tf_param *param)
{
    Tfplugin6__Function__Parameter *message =
        pb_new(arena, &tfplugin6__function__parameter__descriptor);
    message->name = text(arena, param->attr.name);
    message->type = pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, &param->attr)));
    message->allow_null_value = param->takes_null;
    message->allow_unknown_values = param->takes_unknown;
    message->description = text(arena, param->attr.doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}

Tfplugin6__Function *wire_function_of(struct arena *arena, const struct tf_function *function)
{
    Tfplugin6__Function *message = pb_new(arena, &tfplugin6__function__descriptor);
    size_t count = tf_param_count(function);

    message->n_parameters = count;
    message->parameters = arena_array(arena, Tfplugin6__Function__Parameter *, count);
    for (size_t i = 0; i < count; i++)
        message->parameters[i] = parameter(arena, &function->params[i]);
    if (function->variadic != NULL)
        message->variadic_parameter = parameter(arena, function->variadic);
    message->return_ = pb_new(arena, &tfplugin6__function__return__descriptor);
    message->return_->type =
        pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, &function->result)));
    message->summary = text(arena, function->summary);
    message->description = text(arena, function->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    message->deprecation_message = text(arena, function->deprecated);
    return message;
}
