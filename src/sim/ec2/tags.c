#include "ec2.h"
#include "ground/form.h"

#include <inttypes.h>

enum { most_tags = 50 };

static bool things_of_call(struct call *call, struct list *ret_things)
{
    size_t count;
    const struct doc **ids = form_list(call->arena, call->input, "ResourceId", &count);

    if (count == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter resourceIdSet");
    for (size_t i = 0; i < count; i++) {
        struct thing *thing;
        enum thing_kind kind = thing_kind_of(doc_text(ids[i]));
        if (kind == THING_KINDS)
            return call_fail(call, "InvalidID", "The ID '%.*s' is not valid",
                             STR(doc_text(ids[i])));
        if (!ec2_find(call, kind, doc_text(ids[i]), &thing))
            return false;
        list_add(ret_things, thing);
    }
    return true;
}

static bool fits(struct call *call, const struct thing *thing, struct tag_list tags)
{
    size_t total = thing->tags.count;
    for (size_t i = 0; i < tags.count; i++)
        total += tags_find(&thing->tags, tags.items[i].key) == NULL;
    if (total > most_tags)
        return call_fail(call, "TagLimitExceeded",
                         "More than %d tags for the resource '%.*s'; the maximum is %d", most_tags,
                         STR(thing->id), most_tags);
    return true;
}

static bool tag_listed(struct call *call, struct list *things)
{
    struct thing *thing;
    struct tag_list tags;

    if (!things_of_call(call, things) || !ec2_tag_list(call, call->input, false, &tags))
        return false;
    if (tags.count == 0)
        return call_fail(call, "MissingParameter", "The request must contain the parameter tagSet");
    list_each (thing, things) {
        if (!fits(call, thing, tags))
            return false;
    }
    list_each (thing, things)
        ec2_tag(thing, tags);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

static bool create_tags(struct call *call)
{
    struct list things = {NULL, 0, 0};
    bool ok = tag_listed(call, &things);
    list_done(&things);
    return ok;
}

/* A tag with a value goes only if it has this value; without tags all go. */
static void untag(struct thing *thing, struct tag_list tags)
{
    for (size_t i = 0; i < tags.count; i++) {
        const struct tag *tag = tags_find(&thing->tags, tags.items[i].key);
        if (tag != NULL &&
            (tags.items[i].value.ptr == NULL || str_eq(tag->value, tags.items[i].value)))
            tags_remove(&thing->tags, tags.items[i].key);
    }
    if (tags.count == 0)
        tags_done(&thing->tags);
}

static bool untag_listed(struct call *call, struct list *things)
{
    struct thing *thing;
    struct tag_list tags;

    if (!things_of_call(call, things) || !ec2_tag_list(call, call->input, true, &tags))
        return false;
    list_each (thing, things)
        untag(thing, tags);
    ec2_put_bool(call, call->output, "return", true);
    return true;
}

static bool delete_tags(struct call *call)
{
    struct list things = {NULL, 0, 0};
    bool ok = untag_listed(call, &things);
    list_done(&things);
    return ok;
}

/* A page of tags: they have no serial of their own, so a token counts them. */
struct tag_page {
    int64_t skip, left, seen;
    struct doc *set;
    bool more;
};

static bool page_of_call(struct call *call, struct tag_page *ret_page)
{
    struct str token = ec2_text(call, "NextToken");

    *ret_page = (struct tag_page){.left = INT64_MAX};
    if (!ec2_number(call, call->input, "MaxResults", &ret_page->left))
        return false;
    if (ret_page->left < 5 || (ec2_text(call, "MaxResults").len > 0 && ret_page->left > 1000))
        return call_fail(call, "InvalidParameterValue",
                         "Value ( %lld ) for parameter maxResults is invalid. Expecting a value "
                         "between 5 and 1000.",
                         (long long)ret_page->left);
    if (token.len > 0 &&
        (!str_starts(token, S("tag-")) || !str_to_int64(str_from(token, 4), &ret_page->skip)))
        return call_fail(call, "InvalidParameterValue", "Invalid value for NextToken: %.*s",
                         STR(token));
    ret_page->set = ec2_set(call, call->output, "tagSet");
    return true;
}

static bool describe_thing_tags(struct call *call, const struct thing *thing, struct tag_page *page)
{
    static const struct ec2_filter filters[] = {{"resource-id", "resourceId"},
                                                {"resource-type", "resourceType"},
                                                {"key", "key"},
                                                {"value", "value"},
                                                {NULL, NULL}};
    for (size_t i = 0; i < thing->tags.count; i++) {
        struct doc *item = doc_object(call->arena);
        bool matches = false;
        ec2_put(call, item, "resourceId", thing->id);
        ec2_put(call, item, "resourceType", str_of(thing_type(thing->kind)));
        ec2_put(call, item, "key", thing->tags.items[i].key);
        ec2_put(call, item, "value", thing->tags.items[i].value);
        if (!ec2_matches(call, filters, item, &matches))
            return false;
        if (!matches || page->seen++ < page->skip)
            continue;
        if (page->left-- > 0)
            ec2_add(call, page->set, item);
        else
            page->more = true;
    }
    return true;
}

static bool describe_tags(struct call *call)
{
    struct thing *thing;
    struct tag_page page;

    if (!page_of_call(call, &page))
        return false;
    for (int kind = 0; kind < THING_KINDS; kind++) {
        list_each (thing, &call->region->things[kind]) {
            if (!describe_thing_tags(call, thing, &page))
                return false;
        }
    }
    if (page.more) {
        int64_t shown = page.skip + (int64_t)page.set->count;
        ec2_put(call, call->output, "nextToken", arena_fmt(call->arena, "tag-%" PRId64, shown));
    }
    return true;
}

const struct operation ec2_tag_operations[] = {
    {S_INIT("CreateTags"), create_tags, true, "ResourceId.N Tag.N.Key Tag.N.Value DryRun"},
    {S_INIT("DeleteTags"), delete_tags, true, "ResourceId.N Tag.N.Key Tag.N.Value DryRun"},
    {S_INIT("DescribeTags"), describe_tags, false, EC2_FILTERS},
    {S_INIT("")},
};
