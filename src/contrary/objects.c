#include "objects.h"

#include <hp/base/log.h>

#include <inttypes.h>

struct store *object_store(const struct tf_call *call)
{
    const struct cloud *cloud = call->provider;
    return cloud->store;
}

bool object_visit(struct tf_call *call)
{
    const struct cloud *cloud = call->provider;

    log_line(LOG_TRACE, "contrary", "visit", NULL);
    return cloud->visit_ms == 0 || !world_wait_ms(call->world, call->stop, cloud->visit_ms) ||
           diag_error(call->diags, NULL, "Interrupted", "The cloud was not waited for.");
}

struct str object_new_id(struct tf_call *call, const char *prefix)
{
    return arena_fmt(call->arena, "%s-%08" PRIx64, prefix,
                     world_random_below(call->world, UINT64_C(1) << 32));
}

static const struct cty_value *made_up(struct arena *arena, const struct cty_type *type)
{
    switch (type->kind) {
    case CTY_STRING:
        return cty_str(arena, S("made"));
    case CTY_NUMBER:
        return cty_int(arena, 1);
    case CTY_BOOL:
        return cty_truth(arena, true);
    case CTY_LIST:
    case CTY_SET:
    case CTY_MAP:
        return cty_empty(arena, type);
    default:
        return cty_null(arena, type);
    }
}

static const struct cty_value *completed(struct arena *arena, const struct cty_value *value)
{
    if (cty_is_unknown(value))
        return made_up(arena, value->type);
    if (cty_is_wholly_known(value))
        return value;
    return object_mapped(arena, value, completed);
}

const struct cty_value *object_mapped(struct arena *arena, const struct cty_value *value,
                                      object_map_fn *map)
{
    const struct cty_value **items = arena_array(arena, const struct cty_value *, value->count);
    for (size_t i = 0; i < value->count; i++)
        items[i] = map(arena, value->items[i]);
    switch (value->type->kind) {
    case CTY_LIST:
        return cty_list(arena, value->type->element, items, value->count);
    case CTY_SET:
        return cty_set(arena, value->type->element, items, value->count);
    case CTY_MAP:
        return cty_map(arena, value->type->element, value->keys, items, value->count);
    case CTY_TUPLE:
        return cty_tuple(arena, value->type, items);
    default:
        return cty_object(arena, value->type, items);
    }
}

void object_complete(struct tf_call *call)
{
    call->state = completed(call->arena, call->state);
}

bool object_save(struct tf_call *call)
{
    const struct cty_value *known = cty_unknown_to_null(call->arena, call->state);
    struct buf json = buf_in(call->arena, STORE_LARGEST);
    struct str id = tf_str(known, "id");

    if (!cty_to_json(call->type, known, &json) ||
        !store_put(object_store(call), id, buf_str(&json)))
        return diag_error(call->diags, NULL, "The store is full", "%.*s can't be stored.", STR(id));
    return true;
}

const struct cty_value *object_load(struct tf_call *call, struct str id)
{
    struct str json = store_get(object_store(call), call->arena, id);
    const struct cty_value *value = NULL;
    struct cty_error error;

    if (json.ptr == NULL)
        return NULL;
    if (!cty_from_json(call->arena, call->type, json, CTY_WIRE, &value, &error)) {
        diag_error(call->diags, NULL, "The store is damaged", "%.*s: %.*s", STR(id),
                   STR(error.message));
        return NULL;
    }
    return value;
}
