#include "tf.h"

#include <hp/cty/codec.h>
#include <inttypes.h>

static const struct cty_value *refuse(struct tf_rpc *rpc, const char *type, struct str why)
{
    diag_error(&rpc->diags, NULL, "Unreadable state",
               "The stored state of %s can't be read: %.*s. If the state file was edited by hand, "
               "restore it from its backup.",
               type, STR(why));
    return NULL;
}

/* The text as the current version has it, or ptr NULL. */
static struct str brought_up(struct tf_call *call, int64_t version, struct str json)
{
    const struct tf_resource *resource = call->resource;
    struct doc *state = NULL;
    struct doc_error error;
    struct str none = {0};
    size_t before = call->diags->errors;

    if (resource->upgrade == NULL) {
        diag_bug(call->diags, NULL, "%s has no way from version %" PRId64 " to %" PRId64 ".",
                 resource->type, version, resource->version);
        return none;
    }
    if (!doc_from_json(call->arena, json, &doc_default_limits, &state, &error)) {
        diag_error(call->diags, NULL, "Unreadable state",
                   "The stored state of %s is not JSON: line %zu, column %zu: %.*s.",
                   resource->type, error.line, error.column, STR(error.message));
        return none;
    }
    for (; version < resource->version; version++)
        if (!resource->upgrade(call, version, state) || call->diags->errors > before) {
            tf_explain_failure(call, before, "The upgrade");
            return none;
        }
    struct buf out = buf_in(call->arena, 2 * doc_default_limits.bytes);
    if (!doc_to_json(state, &out)) {
        diag_error(call->diags, NULL, "Unreadable state", "The upgraded state of %s is too large.",
                   resource->type);
        return none;
    }
    return buf_str(&out);
}

static const struct cty_value *decode(struct tf_rpc *rpc, const struct tf_entry *entry,
                                      struct str json)
{
    const struct cty_value *value = NULL;
    struct cty_error error = {0};

    if (json.len > doc_default_limits.bytes)
        return refuse(rpc, entry->resource->type, S("it is too large"));
    if (!cty_from_json(rpc->arena, entry->type, json, CTY_WIRE, &value, &error)) {
        struct str where = error.path == NULL ? S("") : cty_path_text(rpc->arena, error.path);
        return refuse(rpc, entry->resource->type,
                      arena_fmt(rpc->arena, "%.*s%s%.*s", STR(where), where.len > 0 ? ": " : "",
                                STR(error.message)));
    }
    if (!cty_is_known(value) || !cty_conforms(value, entry->type))
        return refuse(rpc, entry->resource->type, S("it is not an object"));
    return tf_tidy(rpc->arena, entry->rows, value);
}

const struct cty_value *tf_upgrade(struct tf_server *server, struct tf_rpc *rpc,
                                   const struct tf_resource *resource, int64_t version,
                                   struct str json)
{
    const struct tf_entry *entry = tf_entry_of(server, resource);
    struct tf_call call = tf_call_new(server, rpc, resource);

    if (version < 0 || version > resource->version)
        return refuse(rpc, resource->type,
                      arena_fmt(rpc->arena,
                                "it has version %" PRId64 ", and this provider knows versions 0 "
                                "to %" PRId64,
                                version, resource->version));
    if (str_empty(str_trim(json)))
        return refuse(rpc, resource->type, S("it is empty"));
    if (version < resource->version) {
        json = brought_up(&call, version, json);
        if (json.ptr == NULL)
            return NULL;
    }
    return decode(rpc, entry, json);
}
