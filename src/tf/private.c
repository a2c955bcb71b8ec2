#include "tf.h"

/* {"version":1,"data":{…}}. What is not that, a newer version too, reads as empty and is given back
 * as it came unless a verb sets something. */
struct doc *tf_private_decode(struct arena *arena, struct str bytes)
{
    const struct doc_limits limits = {.bytes = TF_PRIVATE_MAX, .depth = 4, .nodes = 1000};
    struct doc *doc = NULL;
    struct doc_error error;
    int64_t version = 0;

    if (bytes.len == 0 || bytes.len > TF_PRIVATE_MAX ||
        !doc_from_json(arena, bytes, &limits, &doc, &error) ||
        !doc_to_int64(doc_get(doc, S("version")), &version) || version != 1)
        return doc_object(arena);
    struct doc *data = doc_get(doc, S("data")), *kept = doc_object(arena);
    if (data == NULL || data->kind != DOC_OBJECT)
        return kept;
    doc_each (entry, data)
        if (entry->value->kind == DOC_STRING)
            doc_set(arena, kept, entry->name, doc_string(arena, entry->value->text));
    return kept;
}

struct str tf_private_encode(struct tf_call *call, struct str old)
{
    if (doc_equal(call->private_data, tf_private_decode(call->arena, old)))
        return old;
    if (call->private_data->count == 0)
        return S("");
    struct buf out = buf_in(call->arena, TF_PRIVATE_MAX);
    struct doc *doc = doc_object(call->arena);
    doc_put(call->arena, doc, S("version"), doc_int(call->arena, 1));
    doc_put(call->arena, doc, S("data"), call->private_data);
    if (!doc_to_json(doc, &out)) {
        diag_bug(call->diags, NULL, "The private data of %s are larger than %d bytes.",
                 call->offer->name, TF_PRIVATE_MAX);
        return old;
    }
    return buf_str(&out);
}

struct str tf_private_get(const struct tf_call *call, const char *key)
{
    return doc_get_text(call->private_data, str_of(key));
}

void tf_private_set(struct tf_call *call, const char *key, struct str value)
{
    if (call->private_data == NULL)
        call->private_data = doc_object(call->arena);
    doc_set(call->arena, call->private_data, str_of(key),
            value.ptr == NULL ? NULL : doc_string(call->arena, arena_str(call->arena, value)));
}
