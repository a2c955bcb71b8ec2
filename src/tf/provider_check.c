/* A provider as a whole: everything that it offers, and what the parts demand of each other. */
#include "tf.h"

struct look {
    struct arena *arena;
    struct diags *diags;
    const struct tf_provider *provider;
    bool deep;
};

static bool bad(const struct look *look, const char *name, const char *why)
{
    return diag_bug(look->diags, NULL, "%s: %s.", name == NULL ? "something without a name" : name,
                    why);
}

/* Terraform finds the provider of a type by what stands before its first underscore. */
static bool check_type_name(const struct look *look, const char *name)
{
    struct str prefix = arena_fmt(look->arena, "%s_", look->provider->name);

    if (name == NULL)
        return bad(look, NULL, "has no type");
    return str_starts(str_of(name), prefix) ||
           bad(look, name, "does not begin with the provider's name");
}

static bool check_rows(const struct look *look, const struct tf_attr *attrs,
                       const struct tf_block *blocks)
{
    return tf_rows_check(look->arena, (struct tf_rows){attrs, blocks}, false, look->deep,
                         look->diags);
}

/* ---- Resources ---- */

static bool check_member(const struct look *look, const struct tf_resource *resource,
                         const struct tf_attr *attr)
{
    enum tf_kind kind = attr->kind == TF_LIST && attr->attrs == NULL ? attr->of : attr->kind;
    unsigned modes = attr->flags & (TF_REQUIRED | TF_OPTIONAL);
    const struct tf_attr *same = tf_attr_find(resource->attrs, str_of(attr->name));

    if (!tf_is_name(attr->name) ||
        tf_attr_find(resource->identity->attrs, str_of(attr->name)) != attr)
        return bad(look, resource->type, "members of an identity need names of their own");
    if (kind < TF_STRING || kind > TF_BOOL)
        return bad(look, resource->type, "an identity is of primitives and lists of them");
    if (attr->flags != modes || (modes != TF_REQUIRED && modes != TF_OPTIONAL))
        return bad(look, resource->type,
                   "a member of an identity is needed for an import, or it is not");
    if (same == NULL)
        return resource->identity->member != NULL ||
               bad(look, resource->type, "nothing says a member of its identity");
    return cty_type_equal(tf_attr_type(look->arena, same), tf_attr_type(look->arena, attr)) ||
           bad(look, resource->type,
               "a member of its identity is of another type than its attribute");
}

static bool check_identity(const struct look *look, const struct tf_resource *resource)
{
    const struct tf_identity *identity = resource->identity;
    bool needs_any = false;

    if (identity->version < 0 || (identity->version > 0 && identity->upgrade == NULL))
        return bad(look, resource->type, "its identity has older versions and no upgrade");
    each_attr(attr, identity->attrs)
    {
        if (!check_member(look, resource, attr))
            return false;
        needs_any = needs_any || (attr->flags & TF_REQUIRED) != 0;
    }
    return needs_any || bad(look, resource->type, "its identity needs nothing");
}

static bool check_moves(const struct look *look, const struct tf_resource *resource)
{
    for (const struct tf_move *move = resource->moves; move != NULL && move->from != NULL; move++)
        if (move->move == NULL || move->provider == NULL || move->doc == NULL ||
            strchr(move->provider, '/') == NULL)
            return bad(look, resource->type, "a move needs a provider, a doc and a verb");
    return true;
}

static bool check_list(const struct look *look, const struct tf_resource *resource)
{
    const struct tf_list *list = resource->list;

    if (resource->identity == NULL)
        return bad(look, resource->type, "can't be listed without an identity");
    if (list->list == NULL)
        return bad(look, resource->type, "can be listed, and has no verb for it");
    if (tf_rows_any((struct tf_rows){list->attrs, list->blocks}, TF_COMPUTED))
        return bad(look, resource->type, "what is asked of a list computes nothing");
    return check_rows(look, list->attrs, list->blocks);
}

static bool check_resource(const struct look *look, const struct tf_resource *resource)
{
    bool fine = tf_resource_check(look->arena, resource, look->deep, look->diags);

    fine = check_type_name(look, resource->type) && fine;
    fine = (resource->identity == NULL || check_identity(look, resource)) && fine;
    fine = check_moves(look, resource) && fine;
    return (resource->list == NULL || check_list(look, resource)) && fine;
}

/* ---- Data sources, ephemeral resources ---- */

static bool check_data_source(const struct look *look, const struct tf_data_source *source)
{
    const struct tf_timeouts *t = &source->timeouts;

    if (source->read == NULL)
        return bad(look, source->type, "a data source needs a read");
    if (t->create != NULL || t->update != NULL || t->delete_ != NULL)
        return bad(look, source->type, "a data source is only read");
    return check_type_name(look, source->type) && check_rows(look, source->attrs, source->blocks);
}

static bool check_ephemeral(const struct look *look, const struct tf_ephemeral *ephemeral)
{
    if (ephemeral->open == NULL)
        return bad(look, ephemeral->type, "an ephemeral resource needs an open");
    return check_type_name(look, ephemeral->type) &&
           check_rows(look, ephemeral->attrs, ephemeral->blocks);
}

/* ---- Functions ---- */

static bool has_type(const struct tf_attr *attr)
{
    if (attr->kind < TF_STRING || attr->kind > TF_OBJECT)
        return false;
    if (attr->kind == TF_OBJECT)
        return attr->attrs != NULL;
    return attr->kind < TF_LIST || (attr->attrs != NULL) != (attr->of != 0);
}

static bool check_param(const struct look *look, const struct tf_function *function,
                        const struct tf_param *param)
{
    size_t times = 0;

    for (const struct tf_param *p = function->params; p != NULL && p->attr.name != NULL; p++)
        times += str_is(str_of(p->attr.name), param->attr.name);
    times += function->variadic != NULL &&
             str_is(str_of(function->variadic->attr.name), param->attr.name);
    if (!tf_is_name(param->attr.name) || times != 1)
        return bad(look, function->name, "its parameters need names of their own");
    return (has_type(&param->attr) || bad(look, function->name, "a parameter has no type")) &&
           check_rows(look, param->attr.attrs, NULL);
}

static bool check_function(const struct look *look, const struct tf_function *function)
{
    if (!tf_is_name(function->name))
        return bad(look, function->name, "a function's name is of small letters, digits and _");
    if (function->run == NULL || !has_type(&function->result))
        return bad(look, function->name, "a function needs a result and a verb");
    if (!check_rows(look, function->result.attrs, NULL))
        return false;
    for (const struct tf_param *p = function->params; p != NULL && p->attr.name != NULL; p++)
        if (!check_param(look, function, p))
            return false;
    if (function->variadic != NULL && function->variadic->attr.name == NULL)
        return bad(look, function->name, "its variadic parameter needs a name");
    return function->variadic == NULL || check_param(look, function, function->variadic);
}

/* ---- All of it ---- */

static bool check_names(const struct look *look, const struct tf_offers *offers)
{
    for (size_t i = 0; i < offers->count; i++)
        for (size_t j = 0; j < i; j++)
            if (offers->items[i].kind == offers->items[j].kind &&
                str_is(str_of(offers->items[i].name), offers->items[j].name))
                return bad(look, offers->items[i].name, "is offered twice");
    each_item(one, look->provider->functions)
    {
        each_item(other, look->provider->functions)
        {
            if (one != other && str_is(str_of((*one)->name), (*other)->name))
                return bad(look, (*one)->name, "is offered twice");
        }
    }
    return true;
}

bool tf_provider_check(struct arena *arena, const struct tf_provider *provider, bool deep,
                       struct diags *diags)
{
    struct look look = {arena, diags, provider, deep};
    bool fine = tf_rows_check(arena, (struct tf_rows){provider->attrs, provider->blocks}, true,
                              deep, diags);

    fine = check_rows(&look, provider->meta, NULL) && fine;
    each_item(resource, provider->resources) fine = check_resource(&look, *resource) && fine;
    each_item(source, provider->data_sources) fine = check_data_source(&look, *source) && fine;
    each_item(one, provider->ephemerals) fine = check_ephemeral(&look, *one) && fine;
    each_item(function, provider->functions) fine = check_function(&look, *function) && fine;
    if (!fine || !deep) /* names are too slow for each start */
        return fine;
    struct tf_offers offers = tf_offers_make(arena, provider);
    return check_names(&look, &offers);
}
