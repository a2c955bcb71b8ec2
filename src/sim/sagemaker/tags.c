#include "call/shape.h"
#include "sagemaker.h"
#include "world/record.h"

enum { most_tags = 50 };

bool tags_are_sound(struct call *call, const struct doc *tags)
{
    doc_each (entry, tags) {
        struct str key = doc_get_text(entry->value, S("Key"));
        if (str_starts(key, S("aws:")))
            return call_fail(call, "ValidationException",
                             "aws: prefixed tag key names are not allowed for external use.");
        for (const struct doc_entry *other = entry->next; other != NULL; other = other->next)
            if (str_eq(doc_get_text(other->value, S("Key")), key))
                return call_fail(call, "ValidationException", "Duplicate tag key: %.*s", STR(key));
    }
    return true;
}

void tags_take(struct call *call, struct tags *tags)
{
    doc_each (entry, doc_get(call->input, S("Tags"))) {
        tags_set(tags, doc_get_text(entry->value, S("Key")),
                 doc_get_text(entry->value, S("Value")));
    }
}

/* The tags of a cluster or a record. */
static bool resource_of_call(struct call *call, struct tags **ret_tags)
{
    struct str arn = doc_get_text(call->input, S("ResourceArn"));
    struct cluster *cluster = cluster_find(call->region, arn);
    struct record *record;

    if (cluster != NULL) {
        *ret_tags = &cluster->tags;
        return true;
    }
    list_each (record, &call->region->records) {
        if (str_eq(record->arn, arn) && record_is_there(record, call->now_ms)) {
            *ret_tags = &record->tags;
            return true;
        }
    }
    return call_fail(call, "ValidationException", "Resource not found: %.*s", STR(arn));
}

static struct doc *tags_doc(struct arena *arena, const struct tags *tags)
{
    struct doc *list = doc_list(arena);
    for (size_t i = 0; i < tags->count; i++) {
        struct doc *tag = doc_object(arena);
        doc_put(arena, tag, S("Key"), doc_string(arena, tags->items[i].key));
        doc_put(arena, tag, S("Value"), doc_string(arena, tags->items[i].value));
        doc_add(arena, list, tag);
    }
    return list;
}

static bool add_tags(struct call *call)
{
    const struct doc *tags = doc_get(call->input, S("Tags"));
    struct tags *has;

    if (!resource_of_call(call, &has) || !tags_are_sound(call, tags))
        return false;
    size_t total = has->count;
    doc_each (entry, tags) {
        total += tags_find(has, doc_get_text(entry->value, S("Key"))) == NULL;
    }
    if (total > most_tags)
        return call_fail(call, "ResourceLimitExceeded",
                         "The resource would have %zu tags; the maximum is %d", total, most_tags);
    tags_take(call, has);
    doc_put(call->arena, call->output, S("Tags"), tags_doc(call->arena, has));
    return true;
}

static bool delete_tags(struct call *call)
{
    struct tags *has;
    if (!resource_of_call(call, &has))
        return false;
    doc_each (entry, doc_get(call->input, S("TagKeys"))) {
        tags_remove(has, doc_text(entry->value));
    }
    return true;
}

/* At most 50 tags fit one page, and MaxResults is 50 at least: there is never a second one. */
static bool list_tags(struct call *call)
{
    struct tags *has;
    if (!resource_of_call(call, &has))
        return false;
    doc_put(call->arena, call->output, S("Tags"), tags_doc(call->arena, has));
    return true;
}

const struct operation sagemaker_tag_operations[] = {
    {S_INIT("AddTags"), add_tags, true, .input = &sagemaker_add_tags},
    {S_INIT("DeleteTags"), delete_tags, true, .input = &sagemaker_delete_tags},
    {S_INIT("ListTags"), list_tags, false, .input = &sagemaker_list_tags},
    {S_INIT("")},
};
