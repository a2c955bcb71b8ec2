#include "calls.h"

#include <stdlib.h>

void calls_add(struct calls *calls, const struct call_record *record)
{
    if (calls->records == NULL)
        calls->records = calloc(calls_kept, sizeof *calls->records);
    if (calls->records == NULL)
        abort();
    calls->records[calls->next] = *record;
    calls->next = (calls->next + 1) % calls_kept;
    if (calls->count < calls_kept)
        calls->count++;
}

const struct call_record *calls_at(const struct calls *calls, size_t i)
{
    return &calls->records[(calls->next + calls_kept - calls->count + i) % calls_kept];
}

void calls_done(struct calls *calls)
{
    free(calls->records);
    *calls = (struct calls){NULL, 0, 0};
}
