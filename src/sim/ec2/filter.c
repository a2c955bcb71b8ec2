/* Describing: which things, and which page of them. */
#include "ec2.h"
#include "ground/form.h"

struct wanted {
    const struct doc **values;
    size_t count;
};

static bool any_value(const struct wanted *wanted, struct str text)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (text_like(text, doc_text(wanted->values[i]), TEXT_ESCAPES))
            return true;
    return false;
}

/* Does any text at the path match? */
static bool path_matches(const struct doc *doc, struct str path, const struct wanted *wanted)
{
    struct str step;
    if (path.ptr == NULL)
        return doc->kind == DOC_STRING && any_value(wanted, doc->text);
    str_next(&path, '.', &step);
    doc_each (entry, doc) {
        if (str_eq(entry->name, step) && path_matches(entry->value, path, wanted))
            return true;
    }
    return false;
}

static bool tag_matches(const struct doc *item, struct str key, const struct wanted *wanted)
{
    doc_each (entry, doc_get(item, S("tagSet"))) {
        if (str_eq(doc_get_text(entry->value, S("key")), key))
            return any_value(wanted, doc_get_text(entry->value, S("value")));
    }
    return false;
}

static bool filter_matches(struct call *call, const struct ec2_filter *filters, struct str name,
                           const struct doc *item, const struct wanted *wanted, bool *ret_matches)
{
    if (str_starts(name, S("tag:"))) {
        *ret_matches = tag_matches(item, str_from(name, 4), wanted);
        return true;
    }
    if (str_is(name, "tag-key")) {
        *ret_matches = path_matches(item, S("tagSet.item.key"), wanted);
        return true;
    }
    for (; filters->name != NULL; filters++)
        if (str_is(name, filters->name)) {
            *ret_matches = path_matches(item, str_of(filters->path), wanted);
            return true;
        }
    return call_fail(call, "InvalidParameterValue", "The filter '%.*s' is invalid", STR(name));
}

bool ec2_matches(struct call *call, const struct ec2_filter *filters, const struct doc *item,
                 bool *ret_matches)
{
    size_t count;
    const struct doc **rows = form_list(call->arena, call->input, "Filter", &count);
    bool all = true;

    for (size_t i = 0; i < count; i++) {
        struct wanted wanted;
        bool matches = false;
        wanted.values = form_list(call->arena, rows[i], "Value", &wanted.count);
        if (wanted.count == 0)
            return call_fail(call, "InvalidParameterValue",
                             "The filter 'null' is invalid: it has no values");
        if (!filter_matches(call, filters, doc_get_text(rows[i], S("Name")), item, &wanted,
                            &matches))
            return false;
        all = all && matches;
    }
    *ret_matches = all;
    return true;
}

/* The things named by ids, each of which must be there; none: all of the kind are meant. */
static bool candidates(struct call *call, const struct ec2_description *how, struct list *ret_list)
{
    struct thing *thing;
    size_t count = 0;
    const struct doc **ids =
        how->ids == NULL ? NULL : form_list(call->arena, call->input, how->ids, &count);

    for (size_t i = 0; i < count; i++) {
        if (!ec2_find(call, how->kind, doc_text(ids[i]), &thing))
            return false;
        if (!list_has(ret_list, thing))
            list_add(ret_list, thing);
    }
    return true;
}

/* MaxResults between least and most, and what stands behind the token's prefix. */
static bool read_page(struct call *call, int64_t least, int64_t most, const char *prefix,
                      int64_t *ret_most, int64_t *ret_after)
{
    struct str token = ec2_text(call, "NextToken");

    if (!ec2_number(call, call->input, "MaxResults", ret_most))
        return false;
    if (ec2_text(call, "MaxResults").len > 0 && (*ret_most < least || *ret_most > most))
        return call_fail(call, "InvalidParameterValue",
                         "Value ( %lld ) for parameter maxResults is invalid. Expecting a value "
                         "between %lld and %lld.",
                         (long long)*ret_most, (long long)least, (long long)most);
    if (token.len == 0)
        return true;
    if (!str_starts(token, str_of(prefix)) ||
        !str_to_int64(str_from(token, strlen(prefix)), ret_after) || *ret_after < 0)
        return call_fail(call, "InvalidParameterValue", "Invalid value for NextToken: %.*s",
                         STR(token));
    return true;
}

static bool page_of(struct call *call, const struct ec2_description *how, int64_t *ret_most,
                    int64_t *ret_after)
{
    size_t ids = 0;

    if (how->ids != NULL)
        form_list(call->arena, call->input, how->ids, &ids);
    if (!read_page(call, how->least > 0 ? how->least : 5, how->most > 0 ? how->most : 1000, "page-",
                   ret_most, ret_after))
        return false;
    if (ids > 0 && ec2_text(call, "MaxResults").len > 0)
        return call_fail(call, "InvalidParameterCombination",
                         "The parameter %s cannot be used with the parameter MaxResults", how->ids);
    return true;
}

/* Names that were asked for: each must be found, and only they are. */
static bool has_name(struct call *call, const struct ec2_description *how, const struct doc *item,
                     bool *seen, size_t count, const struct doc **names)
{
    bool found = count == 0;
    (void)call;
    for (size_t i = 0; i < count; i++)
        if (str_eq(doc_text(names[i]), doc_get_text(item, str_of(how->name_path))))
            found = seen[i] = true;
    return found;
}

/* A quick filter and what is asked of it. */
struct sieve {
    struct str (*value)(const struct thing *thing, size_t n);
    struct wanted wanted;
};

/* The quick ones among the call's filters; *ret_count of them. */
static struct sieve *sieves_of(struct call *call, const struct ec2_description *how,
                               size_t *ret_count)
{
    size_t count;
    const struct doc **rows = form_list(call->arena, call->input, "Filter", &count);
    struct sieve *sieves = arena_array(call->arena, struct sieve, count + 1);

    *ret_count = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct ec2_quick *quick = how->quick; quick != NULL && quick->name != NULL;
             quick++) {
            struct sieve *sieve = &sieves[*ret_count];
            if (!str_is(doc_get_text(rows[i], S("Name")), quick->name))
                continue;
            sieve->value = quick->value;
            sieve->wanted.values = form_list(call->arena, rows[i], "Value", &sieve->wanted.count);
            *ret_count += sieve->wanted.count > 0; /* without values: an error, told later */
        }
    return sieves;
}

static bool passes(const struct thing *thing, const struct sieve *sieves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str value;
        size_t n = 0;
        do
            value = sieves[i].value(thing, n++);
        while (value.ptr != NULL && !any_value(&sieves[i].wanted, value));
        if (value.ptr == NULL)
            return false;
    }
    return true;
}

static bool describe_all(struct call *call, const struct ec2_description *how,
                         const struct list *things)
{
    struct thing *thing;
    size_t name_count = 0;
    int64_t left = INT64_MAX, after = 0, last = 0;
    const struct doc **names =
        how->names == NULL ? NULL : form_list(call->arena, call->input, how->names, &name_count);
    bool *seen = arena_array(call->arena, bool, name_count + 1), more = false;
    size_t sieve_count;
    const struct sieve *sieves = sieves_of(call, how, &sieve_count);

    if (!page_of(call, how, &left, &after))
        return false;
    struct doc *set = ec2_set(call, call->output, how->set);
    list_each (thing, things) {
        bool matches = false;
        if ((int64_t)thing->serial <= after || !passes(thing, sieves, sieve_count))
            continue;
        struct arena_mark mark = arena_mark(call->arena);
        struct doc *item = how->describe(call, thing);
        if (!ec2_matches(call, how->filters, item, &matches))
            return false;
        matches = has_name(call, how, item, seen, name_count, names) && matches;
        if (!matches) {
            arena_rewind(call->arena, mark);
            continue;
        }
        if (left == 0) {
            more = true;
            break;
        }
        ec2_add(call, set, item);
        last = (int64_t)thing->serial;
        left--;
    }
    for (size_t i = 0; i < name_count; i++)
        if (!seen[i] && after == 0 && !more)
            return call_fail(call, "InvalidGroup.NotFound",
                             "The security group '%.*s' does not exist", STR(doc_text(names[i])));
    if (more)
        doc_put(call->arena, call->output, S("nextToken"),
                doc_fmt(call->arena, "page-%lld", (long long)last));
    return true;
}

bool ec2_describe(struct call *call, const struct ec2_description *description)
{
    struct list things = {NULL, 0, 0};
    bool ok = candidates(call, description, &things) &&
              describe_all(call, description,
                           things.count > 0 ? &things : &call->region->things[description->kind]);
    list_done(&things);
    return ok;
}

bool ec2_list(struct call *call, const struct ec2_listing *listing)
{
    int64_t left = INT64_MAX, at = 0;
    struct doc *set = ec2_set(call, call->output, listing->set);

    if (listing->most > 0 && !read_page(call, listing->least, listing->most, "item-", &left, &at))
        return false;
    for (; (uint64_t)at < listing->count; at++) {
        struct doc *item = listing->describe(call, (size_t)at);
        bool matches = false;
        if (item == NULL)
            continue;
        if (!ec2_matches(call, listing->filters, item, &matches))
            return false;
        if (!matches)
            continue;
        if (left-- == 0) {
            doc_put(call->arena, call->output, S("nextToken"),
                    doc_fmt(call->arena, "item-%lld", (long long)at));
            return true;
        }
        ec2_add(call, set, item);
    }
    return true;
}

bool ec2_named(struct call *call, const char *name, struct str text)
{
    const struct doc *names = doc_get(call->input, str_of(name));
    doc_each (entry, names) {
        if (str_eq(doc_text(entry->value), text))
            return true;
    }
    return names == NULL;
}
