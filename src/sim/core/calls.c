#include "calls.h"

#include <stdio.h>
#include <stdlib.h>

/* What a client makes up is counted too: the list has an end, and "(others)" stands there. */
enum { most_counted = 1000 };

static struct call_count *count_of(struct calls *calls, const char *service, const char *operation)
{
    struct call_count *count;
    list_each (count, &calls->counts)
        if (strcmp(count->operation, operation) == 0 && strcmp(count->service, service) == 0)
            return count;
    if (calls->counts.count == most_counted && strcmp(operation, "(others)") != 0)
        return count_of(calls, "", "(others)");
    count = calloc(1, sizeof *count);
    if (count == NULL)
        abort();
    snprintf(count->service, sizeof count->service, "%s", service);
    snprintf(count->operation, sizeof count->operation, "%s", operation);
    list_add(&calls->counts, count);
    return count;
}

static void count_call(struct calls *calls, const struct call_record *record)
{
    struct call_count *count = count_of(calls, record->service, record->operation);
    count->calls++;
    count->errors += record->status >= 400;
    count->unanswered += record->status == 0;
}

void calls_add(struct calls *calls, const struct call_record *record)
{
    if (calls->records == NULL)
        calls->records = calloc(calls_kept, sizeof *calls->records);
    if (calls->records == NULL)
        abort();
    count_call(calls, record);
    calls->records[calls->next] = *record;
    calls->next = (calls->next + 1) % calls_kept;
    if (calls->count < calls_kept)
        calls->count++;
}

const struct call_record *calls_at(const struct calls *calls, size_t i)
{
    return &calls->records[(calls->next + calls_kept - calls->count + i) % calls_kept];
}

struct doc *calls_counts(const struct calls *calls, struct arena *arena)
{
    struct doc *doc = doc_object(arena);
    const struct call_count *count;

    list_each (count, &calls->counts) {
        struct str name = str_of(count->service);
        struct doc *service = doc_get(doc, name), *row = doc_object(arena);
        if (service == NULL) {
            service = doc_object(arena);
            doc_put(arena, doc, name, service);
        }
        doc_put(arena, row, S("calls"), doc_int(arena, (int64_t)count->calls));
        doc_put(arena, row, S("errors"), doc_int(arena, (int64_t)count->errors));
        doc_put(arena, row, S("unanswered"), doc_int(arena, (int64_t)count->unanswered));
        doc_put(arena, service, str_of(count->operation), row);
    }
    return doc;
}

void calls_done(struct calls *calls)
{
    struct call_count *count;
    list_each (count, &calls->counts)
        free(count);
    list_done(&calls->counts);
    free(calls->records);
    *calls = (struct calls){.records = NULL};
}
