#include "training_plan.h"

#include <stdlib.h>

enum { version_limit = 1024 * 1024 * 1024 }; /* a copy of what fitted into a call */

/* For each kind: the type in its ARN, how many versions are kept, and how long its changes take. */
static const struct {
    const char *type;
    int64_t versions, create_ms, update_ms, delete_ms;
} kinds[RECORD_KINDS] = {
    [RECORD_EXTENSION] = {"extension", 1, 120000, 60000, 60000},
    [RECORD_SCHEDULER_CONFIG] = {"cluster-scheduler-config", RECORD_VERSIONS, 30000, 20000, 20000},
    [RECORD_COMPUTE_QUOTA] = {"compute-quota", RECORD_VERSIONS, 30000, 20000, 20000},
    [RECORD_TRAINING_PLAN] = {"training-plan", 1, 60000, 0, 0},
};

static struct str new_id(struct state *state)
{
    uint64_t chance = state_chance(state, S("record"), ++state->serial);
    char id[13] = "";
    for (int i = 0; i < 12; i++, chance /= 36)
        id[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[chance % 36];
    return text_of(str_of(id));
}

struct record *record_new(struct state *state, struct region *region, enum record_kind kind,
                          size_t size, struct str path, struct str name, int64_t now_ms)
{
    records_sweep(region, now_ms);
    struct record *record = zeroed(size);
    record->kind = kind;
    record->id = new_id(state);
    record->name = text_of(name);
    record->arn = text_fmt("arn:%.*s:sagemaker:%.*s:" ACCOUNT ":%s/%.*s%.*s",
                           STR(region->partition), STR(region->name), kinds[kind].type, STR(path),
                           STR(kind == RECORD_TRAINING_PLAN ? name : record->id));
    record->created_ms = now_ms;
    list_add(&region->records, record);
    return record;
}

/* Where the version of that number is, or will be. */
static struct record_version *place_of(const struct record *record, int64_t number)
{
    return (struct record_version *)&record->kept[number % kinds[record->kind].versions];
}

static void keep(struct record *record, const struct doc *settings)
{
    struct arena *arena = arena_new(version_limit);
    struct doc *copy = doc_copy(arena, settings); /* before what it may borrow from goes */
    struct record_version *version = place_of(record, ++record->version);
    arena_free(version->arena);
    *version = (struct record_version){arena, copy};
}

void record_set(struct record *record, enum record_change change, const struct doc *settings,
                struct str fail, int64_t now_ms)
{
    int64_t takes[] = {[RECORD_CREATED] = kinds[record->kind].create_ms,
                       [RECORD_UPDATED] = kinds[record->kind].update_ms,
                       [RECORD_DELETED] = kinds[record->kind].delete_ms};
    if (settings != NULL)
        keep(record, settings);
    record->change = change;
    record->modified_ms = now_ms;
    record->settled_ms = now_ms + takes[change];
    text_set(&record->fail, fail);
}

static void caller_set(struct caller *to, const struct caller *from)
{
    text_set(&to->arn, from->arn);
    text_set(&to->id, from->id);
    text_set(&to->source_identity, from->source_identity);
}

static void caller_done(struct caller *caller)
{
    text_done(&caller->arn);
    text_done(&caller->id);
    text_done(&caller->source_identity);
}

void record_sign(struct record *record, const struct caller *caller)
{
    caller_set(&record->modified_by, caller);
    if (record->change == RECORD_CREATED)
        caller_set(&record->created_by, caller);
}

bool record_is_settled(const struct record *record, int64_t now_ms)
{
    return now_ms >= record->settled_ms;
}

bool record_is_there(const struct record *record, int64_t now_ms)
{
    return record->change != RECORD_DELETED || record->fail.len > 0 ||
           !record_is_settled(record, now_ms);
}

struct record *record_find(const struct region *region, enum record_kind kind, struct str word,
                           int64_t now_ms)
{
    struct record *record;
    list_each (record, &region->records) {
        if (record->kind == kind && record_is_there(record, now_ms) &&
            (str_eq(record->arn, word) ||
             str_eq(kind == RECORD_TRAINING_PLAN ? record->name : record->id, word)))
            return record;
    }
    return NULL;
}

struct doc *record_settings(const struct record *record)
{
    return place_of(record, record->version)->settings;
}

static int64_t oldest_version(const struct record *record)
{
    int64_t oldest = record->version - kinds[record->kind].versions + 1;
    return oldest < 1 ? 1 : oldest;
}

struct doc *record_version(const struct record *record, int64_t number)
{
    bool kept = number >= oldest_version(record) && number <= record->version;
    return kept ? place_of(record, number)->settings : NULL;
}

static void record_free(struct record *record)
{
    for (size_t i = 0; i < RECORD_VERSIONS; i++)
        arena_free(record->kept[i].arena);
    if (record->kind == RECORD_TRAINING_PLAN)
        training_plan_done((struct training_plan *)record);
    text_done(&record->id);
    text_done(&record->arn);
    text_done(&record->name);
    text_done(&record->cluster_arn);
    text_done(&record->fail);
    caller_done(&record->created_by);
    caller_done(&record->modified_by);
    tags_done(&record->tags);
    free(record);
}

static void drop(struct region *region, size_t at)
{
    struct record *record = region->records.items[at];
    list_remove(&region->records, record);
    record_free(record);
}

void records_sweep(struct region *region, int64_t now_ms)
{
    for (size_t i = region->records.count; i-- > 0;)
        if (!record_is_there(region->records.items[i], now_ms))
            drop(region, i);
}

void records_forget(struct region *region, struct str cluster_arn)
{
    for (size_t i = region->records.count; i-- > 0;) {
        const struct record *record = region->records.items[i];
        if (record->cluster_arn.len > 0 && str_eq(record->cluster_arn, cluster_arn))
            drop(region, i);
    }
}

struct doc *records_describe(struct arena *arena, const struct region *region, int64_t now_ms)
{
    struct doc *list = doc_list(arena);
    const struct record *record;

    list_each (record, &region->records) {
        if (!record_is_there(record, now_ms))
            continue;
        struct doc *doc = doc_object(arena), *versions = doc_list(arena);
        for (int64_t i = oldest_version(record); i <= record->version; i++)
            doc_add(arena, versions, record_version(record, i));
        doc_put(arena, doc, S("arn"), doc_string(arena, record->arn));
        doc_put(arena, doc, S("name"), doc_string(arena, record->name));
        doc_put(arena, doc, S("settled"), doc_bool(arena, record_is_settled(record, now_ms)));
        doc_put(arena, doc, S("version"), doc_int(arena, record->version));
        doc_put(arena, doc, S("versions"), versions);
        doc_add(arena, list, doc);
    }
    return list;
}

void records_done(struct list *records)
{
    struct record *record;
    list_each (record, records)
        record_free(record);
    list_done(records);
}
