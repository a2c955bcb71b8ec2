/* What is short, broken or missing in the world: {"kind": …} with what it is about. A member that
 * is not given fits everything. Set by POST /_sim/conditions and by a scenario file; journalled,
 * since what happens later follows from it. */
#ifndef HP_SIM_CONDITIONS_H
#define HP_SIM_CONDITIONS_H

#include "state.h"

enum condition_kind {
    CONDITION_NO_CAPACITY,    /* no instances; `nodes` of them are left */
    CONDITION_QUOTA,          /* at most `limit` instances (of a type) in the region's clusters */
    CONDITION_SCRIPT_FAILS,   /* ends with `exit_code` */
    CONDITION_SCRIPT_HANGS,   /* does not end */
    CONDITION_MISSING_SCRIPT, /* is not in the bucket */
    CONDITION_MISSING_BUCKET,
    CONDITION_MISSING_PERMISSION, /* of the execution role, to perform `action` */
    CONDITION_NO_S3_ROUTE,
    CONDITION_MISSING_ROLE,     /* cannot be assumed */
    CONDITION_ROLE_PROPAGATION, /* cannot be assumed for `seconds` from now */
    CONDITION_NODE_DIES,        /* `after_seconds` from when it runs, or from now */
    CONDITION_DEEP_CHECK_FAILS,
    CONDITION_SOFTWARE_FAILS, /* an update does; with `rollback_too` its rollback as well */
    CONDITION_ALARM,          /* a CloudWatch alarm is in ALARM */
    CONDITION_NEW_RELEASE,    /* a newer HyperPod AMI is out */
    CONDITION_UNSET_MODE,     /* what a Slurm cluster without NodeProvisioningMode becomes */
    CONDITION_SLURM_DRIFT,    /* slurm.conf was changed by hand */
    CONDITION_DATABASE_UNREACHABLE,
    CONDITION_TRAINING_PLAN /* has `nodes` in a zone, until `seconds` have passed */
};

struct condition {
    enum condition_kind kind;
    struct arena *arena;
    struct doc *spec; /* as it was told */
    int64_t since_ms, until_ms, hits;
};

/* What is asked about; empty and 0: not known, and fits everything. */
struct circumstance {
    const struct region *region;
    struct str zone, zone_id, instance_type, capacity, subnet, cluster, group, role, action, bucket,
        script, alarm, training_plan;
    int64_t node;
};

/* Which member is wrong ("0.zone"; empty: the whole), and why; both in the arena. */
struct condition_error {
    struct str path, why;
    const void *at; /* the struct doc of what was told that is wrong */
};

/* One condition, or a list of them; the same once more replaces the first. False: *reterr, and
 * nothing has changed. The caller journals it: sim_set_conditions (core.h) does both. */
bool conditions_apply(struct state *state, struct arena *arena, const struct doc *specs,
                      int64_t now_ms, struct condition_error *reterr);
/* Those of that kind, or all when it is empty. False: there is no such kind. */
bool conditions_clear(struct state *state, struct str kind);
struct doc *conditions_list(const struct state *state, struct arena *arena);
void conditions_done(struct list *conditions);

/* The first that fits and has not ended, or NULL. */
struct condition *condition_find(const struct state *state, enum condition_kind kind,
                                 const struct circumstance *about, int64_t now_ms);
/* The same, for one that strikes `times` (for ever when not given): counted. */
struct condition *condition_strike(struct state *state, enum condition_kind kind,
                                   const struct circumstance *about, int64_t now_ms);
/* A parameter of it, or the value it has otherwise. */
int64_t condition_number(const struct condition *condition, const char *name, int64_t otherwise);
struct str condition_text(const struct condition *condition, const char *name);

#endif
