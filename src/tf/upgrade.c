/* What was stored by an older version, brought up to this one. */
#include "tf.h"

#include <hp/cty/codec.h>
#include <inttypes.h>

bool tf_unreadable(struct tf_call *call, const char *what, struct str why)
{
    return diag_error(call->diags, NULL, arena_fmt(call->arena, "Unreadable %s", what).ptr,
                      "The stored %s of %s can't be read: %.*s. If the state file was edited by "
                      "hand, restore it from its backup.",
                      what, call->offer->name, STR(why));
}

static bool can_climb(struct tf_call *call, const struct tf_steps *steps)
{
    if (steps->from < 0 || steps->from > steps->to)
        return tf_unreadable(call, steps->what,
                             arena_fmt(call->arena,
                                       "it has version %" PRId64
                                       ", and this provider knows versions 0 to %" PRId64,
                                       steps->from, steps->to));
    if (steps->from < steps->to && steps->upgrade == NULL)
        return diag_bug(call->diags, NULL, "%s has no way from version %" PRId64 " to %" PRId64 ".",
                        call->offer->name, steps->from, steps->to);
    return true;
}

static bool climb(struct tf_call *call, const struct tf_steps *steps, struct doc *doc)
{
    size_t before = call->diags->errors;

    for (int64_t version = steps->from; version < steps->to; version++)
        if (!steps->upgrade(call, version, doc) || call->diags->errors > before) {
            tf_explain_failure(call, before, "The upgrade");
            return false;
        }
    return true;
}

struct str tf_bring_up(struct tf_call *call, const struct tf_steps *steps, struct str json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    struct str none = {0};

    if (!can_climb(call, steps))
        return none;
    if (steps->from == steps->to)
        return json;
    if (!doc_from_json(call->arena, json, &doc_default_limits, &doc, &error)) {
        tf_unreadable(call, steps->what,
                      arena_fmt(call->arena, "it is not JSON: line %zu, column %zu: %.*s",
                                error.line, error.column, STR(error.message)));
        return none;
    }
    if (!climb(call, steps, doc))
        return none;
    struct buf out = buf_in(call->arena, 2 * doc_default_limits.bytes);
    if (doc_to_json(doc, &out))
        return buf_str(&out);
    tf_unreadable(call, steps->what, S("after the upgrade it is too large"));
    return none;
}

const struct cty_value *tf_from_json(struct tf_call *call, const char *what,
                                     const struct cty_type *type, struct str json)
{
    const struct cty_value *value = NULL;
    struct cty_error error = {0};

    if (json.len > doc_default_limits.bytes) {
        tf_unreadable(call, what, S("it is too large"));
        return NULL;
    }
    if (!cty_from_json(call->arena, type, json, CTY_WIRE, &value, &error)) {
        struct str where = error.path == NULL ? S("") : cty_path_text(call->arena, error.path);
        tf_unreadable(call, what,
                      arena_fmt(call->arena, "%.*s%s%.*s", STR(where), where.len > 0 ? ": " : "",
                                STR(error.message)));
        return NULL;
    }
    if (cty_is_known(value) && cty_conforms(value, type) && cty_is_wholly_known(value))
        return value;
    tf_unreadable(call, what, S("it is not an object"));
    return NULL;
}

const struct cty_value *tf_upgrade(struct tf_server *server, struct tf_rpc *rpc,
                                   const struct tf_offer *offer, int64_t version, struct str json)
{
    struct tf_call call = tf_call_new(server, rpc, offer);
    struct tf_steps steps = {"state", version, offer->version, offer->resource->upgrade};

    if (str_empty(str_trim(json))) {
        tf_unreadable(&call, "state", S("it is empty"));
        return NULL;
    }
    json = tf_bring_up(&call, &steps, json);
    if (json.ptr == NULL)
        return NULL;
    const struct cty_value *value = tf_from_json(&call, "state", offer->type, json);
    return value == NULL ? NULL : tf_tidy(rpc->arena, rows_of_offer(offer), value);
}
