/* What SageMaker keeps beside clusters: extensions, scheduler configurations, compute quotas and
 * training plans. What a record is at a time follows from its last change and from the time:
 * nothing need happen to it. How long changes take is ours. */
#ifndef HP_SIM_RECORD_H
#define HP_SIM_RECORD_H

#include "cluster.h"

enum record_kind {
    RECORD_EXTENSION,
    RECORD_SCHEDULER_CONFIG,
    RECORD_COMPUTE_QUOTA,
    RECORD_TRAINING_PLAN, /* training_plan.h */
    RECORD_KINDS
};

enum record_change { RECORD_CREATED, RECORD_UPDATED, RECORD_DELETED };

/* The first member of what is a record and more. */
struct record {
    enum record_kind kind;
    struct str id, arn, name;
    struct str cluster_arn; /* empty: of no cluster */
    struct str fail;        /* the last change fails with this message; empty: it does not */
    int64_t created_ms, modified_ms, settled_ms; /* settled: when the last change is done */
    enum record_change change;
    struct arena *arena;
    struct doc
        *versions; /* a list of what it was set to, the newest last: the first is version 1 */
    struct tags tags;
};

/* A record of `size` bytes with a new id of twelve characters and its ARN; `path` comes before the
 * id there. */
struct record *record_new(struct state *state, struct region *region, enum record_kind kind,
                          size_t size, struct str path, struct str name, int64_t now_ms);
/* What is there from now on; `settings` is copied as a new version, NULL: no new one. `fail`: the
 * change does, with this message. */
void record_set(struct record *record, enum record_change change, const struct doc *settings,
                struct str fail, int64_t now_ms);
/* By ARN or id of those that are there, a training plan by its name; NULL: none. */
struct record *record_find(const struct region *region, enum record_kind kind, struct str word,
                           int64_t now_ms);
bool record_is_there(const struct record *record, int64_t now_ms);
bool record_is_settled(const struct record *record, int64_t now_ms);
struct doc *record_settings(const struct record *record); /* the newest version */
/* Forgets those whose deletion is done. */
void records_sweep(struct region *region, int64_t now_ms);
/* Those of a cluster go with it. */
void records_forget(struct region *region, struct str cluster_arn);
/* [{"arn", "name", "settled", "versions"}] */
struct doc *records_describe(struct arena *arena, const struct region *region, int64_t now_ms);
void records_done(struct list *records);

#endif
