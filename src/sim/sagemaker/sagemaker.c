#include "sagemaker.h"

#include <stdlib.h>

struct listing_span listing_span(const struct call *call, const char *after_name,
                                 const char *before_name)
{
    const struct doc *after = doc_get(call->input, str_of(after_name));
    const struct doc *before = doc_get(call->input, str_of(before_name));
    struct listing_span span = {.has_after = !doc_is_null(after),
                                .has_before = !doc_is_null(before)};

    if (span.has_after)
        span.after_ms = time_of(after);
    if (span.has_before)
        span.before_ms = time_of(before);
    return span;
}

bool listing_spans(const struct listing_span *span, int64_t time_ms)
{
    return (!span->has_after || time_ms > span->after_ms) &&
           (!span->has_before || time_ms < span->before_ms);
}

bool listing_between(const struct call *call, int64_t time_ms, const char *after,
                     const char *before)
{
    struct listing_span span = listing_span(call, after, before);
    return listing_spans(&span, time_ms);
}

bool listing_in_time(const struct call *call, int64_t time_ms)
{
    return listing_between(call, time_ms, "CreationTimeAfter", "CreationTimeBefore");
}

static int compare(const struct listing_row *a, const struct listing_row *b,
                   struct listing_order order)
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
    return compare(a, b, *(struct listing_order *)order);
}

/* A token is the last row of the page before: time and name. */
static bool parse_token(struct str token, struct listing_row *ret_last)
{
    size_t point = str_find_char(token, '.');
    if (point == SIZE_MAX || !str_to_int64(str_sub(token, 0, point), &ret_last->time_ms))
        return false;
    ret_last->name = str_from(token, point + 1);
    return true;
}

/* What page of what order is asked for. */
static void begin(const struct call *call, struct listing *listing)
{
    struct str sort = doc_get_text(call->input, S("SortOrder"));
    struct str token = doc_get_text(call->input, S("NextToken"));
    int64_t most = 100;

    doc_to_int64(doc_get(call->input, S("MaxResults")), &most);
    listing->most = most > 0 ? (size_t)most : 0;
    listing->order = (struct listing_order){
        listing->by_name || str_is(doc_get_text(call->input, S("SortBy")), "NAME"),
        sort.len == 0 ? listing->newest_first : str_is(sort, "Descending"),
    };
    listing->resumes = token.len > 0;
    listing->bad_token = listing->resumes && !parse_token(token, &listing->last);
    listing->begun = true;
}

/* The row at the top has become another one, which may come before those below. */
static void sink(struct listing *listing)
{
    struct listing_row *rows = listing->rows, row = rows[0];
    size_t at = 0, below;

    while ((below = 2 * at + 1) < listing->count) {
        if (below + 1 < listing->count &&
            compare(&rows[below], &rows[below + 1], listing->order) < 0)
            below++;
        if (compare(&row, &rows[below], listing->order) >= 0)
            break;
        rows[at] = rows[below];
        at = below;
    }
    rows[at] = row;
}

static void push(const struct call *call, struct listing *listing, const struct listing_row *row)
{
    size_t at = listing->count++;

    if (at == listing->size) {
        size_t size = at == 0 ? 16 : at * 2;
        listing->rows = arena_grow(call->arena, listing->rows, at * sizeof *listing->rows,
                                   size * sizeof *listing->rows);
        listing->size = size;
    }
    for (; at > 0 && compare(&listing->rows[(at - 1) / 2], row, listing->order) < 0;
         at = (at - 1) / 2)
        listing->rows[at] = listing->rows[(at - 1) / 2];
    listing->rows[at] = *row;
}

void listing_add_row(const struct call *call, struct listing *listing, struct listing_row row)
{
    if (!listing->begun)
        begin(call, listing);
    if (listing->bad_token ||
        (listing->resumes && compare(&row, &listing->last, listing->order) <= 0))
        return;
    if (listing->count < listing->most) {
        push(call, listing, &row);
        return;
    }
    listing->more = true;
    if (listing->count == 0 || compare(&row, &listing->rows[0], listing->order) >= 0)
        return;
    listing->rows[0] = row;
    sink(listing);
}

void listing_add(const struct call *call, struct listing *listing, int64_t time_ms, struct str name,
                 struct doc *doc)
{
    listing_add_row(call, listing,
                    (struct listing_row){.time_ms = time_ms, .name = name, .doc = doc});
}

bool listing_answer(struct call *call, struct listing *listing)
{
    struct doc *list = doc_list(call->arena);

    if (!listing->begun)
        begin(call, listing);
    if (listing->bad_token)
        return call_fail(call, "ValidationException", "Invalid NextToken: %.*s",
                         STR(doc_get_text(call->input, S("NextToken"))));
    if (listing->count > 0)
        qsort_r(listing->rows, listing->count, sizeof *listing->rows, compare_rows,
                &listing->order);
    for (size_t i = 0; i < listing->count; i++)
        doc_add(call->arena, list,
                listing->rows[i].doc != NULL ? listing->rows[i].doc
                                             : listing->show(call, &listing->rows[i]));
    doc_put(call->arena, call->output, str_of(listing->result), list);
    if (listing->more && listing->count > 0)
        doc_put(call->arena, call->output, S("NextToken"),
                doc_fmt(call->arena, "%lld.%.*s",
                        (long long)listing->rows[listing->count - 1].time_ms,
                        STR(listing->rows[listing->count - 1].name)));
    return true;
}
