#include "sagemaker.h"

#include <stdlib.h>

bool listing_between(const struct call *call, int64_t time_ms, const char *after_name,
                     const char *before_name)
{
    const struct doc *after = doc_get(call->input, str_of(after_name));
    const struct doc *before = doc_get(call->input, str_of(before_name));

    return (doc_is_null(after) || time_ms > time_of(after)) &&
           (doc_is_null(before) || time_ms < time_of(before));
}

bool listing_in_time(const struct call *call, int64_t time_ms)
{
    return listing_between(call, time_ms, "CreationTimeAfter", "CreationTimeBefore");
}

void listing_add_row(const struct call *call, struct listing *listing, struct listing_row row)
{
    size_t size = listing->count;
    if ((size & (size - 1)) == 0) { /* 0, 1, 2, 4, 8 …: room for as many again */
        size_t more = size == 0 ? 1 : size * 2;
        listing->rows = arena_grow(call->arena, listing->rows, size * sizeof *listing->rows,
                                   more * sizeof *listing->rows);
    }
    listing->rows[listing->count++] = row;
}

void listing_add(const struct call *call, struct listing *listing, int64_t time_ms, struct str name,
                 struct doc *doc)
{
    listing_add_row(call, listing,
                    (struct listing_row){.time_ms = time_ms, .name = name, .doc = doc});
}

struct order {
    bool by_name, descending;
};

static int compare(const struct listing_row *a, const struct listing_row *b, struct order order)
{
    int result = 0;
    if (!order.by_name)
        result = a->time_ms < b->time_ms ? -1 : a->time_ms > b->time_ms;
    if (result == 0)
        result = str_cmp(a->name, b->name);
    return order.descending ? -result : result;
}

static int compare_rows(const void *a, const void *b, void *order)
{
    return compare(a, b, *(struct order *)order);
}

/* A token is the last row of the page before: time and name. */
static bool parse_token(struct call *call, struct listing_row *ret_last)
{
    struct str token = doc_get_text(call->input, S("NextToken"));
    size_t point = str_find_char(token, '.');

    if (point == SIZE_MAX || !str_to_int64(str_sub(token, 0, point), &ret_last->time_ms))
        return call_fail(call, "ValidationException", "Invalid NextToken: %.*s", STR(token));
    ret_last->name = str_from(token, point + 1);
    return true;
}

bool listing_answer(struct call *call, struct listing *listing)
{
    struct doc *list = doc_list(call->arena);
    struct str sort = doc_get_text(call->input, S("SortOrder"));
    struct order order = {
        listing->by_name || str_is(doc_get_text(call->input, S("SortBy")), "NAME"),
        sort.len == 0 ? listing->newest_first : str_is(sort, "Descending"),
    };
    struct listing_row last = {0};
    bool resumes = doc_get_text(call->input, S("NextToken")).len > 0;
    int64_t most = 100;
    size_t at = 0;

    doc_to_int64(doc_get(call->input, S("MaxResults")), &most);
    if (resumes && !parse_token(call, &last))
        return false;
    if (listing->count > 0)
        qsort_r(listing->rows, listing->count, sizeof *listing->rows, compare_rows, &order);
    while (resumes && at < listing->count && compare(&listing->rows[at], &last, order) <= 0)
        at++;
    for (; at < listing->count && (int64_t)list->count < most; at++)
        doc_add(call->arena, list,
                listing->rows[at].doc != NULL ? listing->rows[at].doc
                                              : listing->show(call, &listing->rows[at]));
    doc_put(call->arena, call->output, str_of(listing->result), list);
    if (at < listing->count)
        doc_put(call->arena, call->output, S("NextToken"),
                doc_fmt(call->arena, "%lld.%.*s", (long long)listing->rows[at - 1].time_ms,
                        STR(listing->rows[at - 1].name)));
    return true;
}
