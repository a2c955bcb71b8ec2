/* What the files of the life cycle share. */
#ifndef HP_SIM_LIFECYCLE_PARTS_H
#define HP_SIM_LIFECYCLE_PARTS_H

#include "facts/failures.h"
#include "lifecycle.h"
#include "world/cluster_event.h"
#include "world/cluster_log.h"
#include "world/conditions.h"

/* Typical times (semantics section 6), in milliseconds. */
enum {
    second = 1000,
    minute = 60 * second,
    hour = 60 * minute,
    cluster_ready = 2 * minute, /* cluster-level resources; ours */
    settle = 2 * minute,        /* a change without nodes; ours */
    roll_back = 3 * minute,     /* ours */
    take_down = 5 * minute,     /* ours */
    retry_wait = 5 * minute,    /* a replacement takes 20 to 30 minutes, its launch 15 of them */
    interface_stays = 15 * minute,
    minimum_window = 3 * hour,
    script_limit = 1 * hour, /* there is one, its value is unknown: ours */
    software_tries = 18 * minute,
    software_rollback = 8 * minute,
    software_plain = 20 * minute,
    software_accelerated = 40 * minute
};

static const int64_t patch_period = INT64_C(30) * 24 * hour;

/* One node at one moment. */
struct moment {
    struct cluster *cluster;
    struct node_group *group;
    struct node *node;
    int64_t now;
};

struct circumstance about_node(const struct moment *moment);
/* What the node is due for happens. */
void node_is_due(const struct moment *moment);
/* Gives it type, zone and, in a VPC, an interface; FAILURE_NONE, or why that cannot be. */
enum failure node_place(const struct moment *moment, struct str *ret_subject);
/* Its first step, now or when the controller runs. */
void node_launch(const struct moment *moment);
void node_relaunch(const struct moment *moment);
void node_shut(const struct moment *moment);
void node_fails(const struct moment *moment, enum failure failure, struct str subject);
/* It has come up: what conditions have in store for it is scheduled. */
void node_runs(const struct moment *moment);
/* May it die, and when? */
void node_heed(const struct moment *moment);
/* The interface goes a while after the instance. */
void node_release(const struct moment *moment, int64_t after_ms);
bool node_recovery_is_on(const struct cluster *cluster);

/* The date of AutoPatchConfig has come. */
void patch_is_due(struct cluster *cluster, struct node_group *group, int64_t now);
/* A time of ScheduledUpdateConfig has come. */
void schedule_is_due(struct cluster *cluster, struct node_group *group, int64_t now);
/* When ScheduledUpdateConfig updates the group after now; NEVER: it does not. */
int64_t schedule_next(const struct node_group *group, int64_t now);
/* A batch of the update is through, or its wait. */
void software_is_due(struct cluster *cluster, struct node_group *group, int64_t now);

/* The group's scaling request has nothing left to do? Then its operation ends. */
void group_look(struct cluster *cluster, struct node_group *group, int64_t now);
/* MinInstanceCount was not reached in its window. */
void group_rolls_back(struct cluster *cluster, struct node_group *group, int64_t now);
/* Brings groups and nodes on the way to what the plan says. */
void reconcile(struct cluster *cluster, int64_t now);

#endif
