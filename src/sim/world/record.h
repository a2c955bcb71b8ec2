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

/* DescribeClusterSchedulerConfig and DescribeComputeQuota show a version by its number, and nothing
 * lists versions (api). How many AWS keeps is not known: here the newest hundred. Of an extension
 * and a training plan only the newest can be seen. */
enum { RECORD_VERSIONS = 100 };
struct record_version {
    struct arena *arena; /* NULL: there is none */
    struct doc *settings;
};

/* The first member of what is a record and more. */
struct record {
    enum record_kind kind;
    struct str id, arn, name;
    struct str cluster_arn; /* empty: of no cluster */
    struct str fail;        /* the last change fails with this message; empty: it does not */
    int64_t created_ms, modified_ms, settled_ms; /* settled: when the last change is done */
    enum record_change change;
    struct caller created_by, modified_by;       /* texts of its own */
    int64_t version;                             /* of what it was set to last; the first is 1 */
    struct record_version kept[RECORD_VERSIONS]; /* the newest ones, each at its number's rest */
    struct tags tags;
};

/* A record of `size` bytes with a new id of twelve characters and its ARN; `path` comes before the
 * id there. */
struct record *record_new(struct state *state, struct region *region, enum record_kind kind,
                          size_t size, struct str path, struct str name, int64_t now_ms);
/* What is there from now on; `settings` is copied as a new version (it may borrow from those that
 * are there), NULL: no new one. `fail`: the change does, with this message. */
void record_set(struct record *record, enum record_change change, const struct doc *settings,
                struct str fail, int64_t now_ms);
/* Who made the last change; of the first one, who made the record. */
void record_sign(struct record *record, const struct caller *caller);
/* By ARN or id of those that are there, a training plan by its name; NULL: none. */
struct record *record_find(const struct region *region, enum record_kind kind, struct str word,
                           int64_t now_ms);
bool record_is_there(const struct record *record, int64_t now_ms);
bool record_is_settled(const struct record *record, int64_t now_ms);
struct doc *record_settings(const struct record *record); /* the newest version */
/* NULL: there is none of that number, or no longer. */
struct doc *record_version(const struct record *record, int64_t number);
/* Forgets those whose deletion is done. */
void records_sweep(struct region *region, int64_t now_ms);
/* Those of a cluster go with it. */
void records_forget(struct region *region, struct str cluster_arn);
/* [{"arn", "name", "settled", "version", "versions"}]: the newest's number, and those that are kept
 */
struct doc *records_describe(struct arena *arena, const struct region *region, int64_t now_ms);
void records_done(struct list *records);

#endif
