/* hyperpod_cluster from the inside. Trees called `live` are answers of DescribeCluster; `groups`
 * are values of the attribute instance_groups. */
#ifndef HYPERPOD_CLUSTER_H
#define HYPERPOD_CLUSTER_H

#include "hyperpod.h"

/* cluster_rows.c: the tables. */
extern const struct tf_attr cluster_rows[], cluster_group_rows[], cluster_detail_rows[],
    cluster_storage_rows[];

/* cluster_rules.c: what a configuration may say. */
bool cluster_check_eks_arn(struct tf_check *check, const struct cty_value *arn);
bool cluster_check_groups(struct tf_check *check, const struct cty_value *groups);
bool cluster_check_type(struct tf_check *check, const struct cty_value *type);
bool cluster_check_role(struct tf_check *check, const struct cty_value *role);
bool cluster_check_uri(struct tf_check *check, const struct cty_value *uri);
bool cluster_check_script(struct tf_check *check, const struct cty_value *name);
bool cluster_check_ebs(struct tf_check *check, const struct cty_value *ebs);
bool cluster_check_storage(struct tf_check *check, const struct cty_value *configs);
bool cluster_check_subnets(struct tf_check *check, const struct cty_value *ids);
bool cluster_check_security_groups(struct tf_check *check, const struct cty_value *ids);
bool cluster_validate(struct tf_call *call);
/* An id, ARN or bucket with twelve zeros in a row stands for something that does not exist yet. */
bool cluster_is_mock(struct str text);
/* The first such text in the members that name things of AWS; ptr NULL: none. */
struct str cluster_find_mock(const struct cty_value *cluster);

/* cluster_plan.c */
bool cluster_plan(struct tf_plan *plan);

/* cluster_groups.c: groups and their counterpart in AWS. */
struct doc *cluster_groups_body(struct arena *arena, const struct cty_value *groups);
/* Names of the groups that `prior` has, `planned` has not, and AWS still has; NULL: none. Groups
 * that somebody else made since the plan are none of ours. */
struct doc *cluster_groups_removed(struct arena *arena, const struct cty_value *prior,
                                   const struct cty_value *planned, const struct doc *live);
/* The group of that name in DescribeCluster's answer, or NULL. */
const struct doc *cluster_group_find(const struct doc *live, struct str name);
/* Groups as they are in AWS, written as `like` (groups; NULL or null: nothing to go by) writes
 * them. `filled` says what AWS added by itself (cluster_groups_filled). */
const struct cty_value *cluster_groups_read(struct arena *arena, const struct doc *live,
                                            const struct cty_value *like, const struct doc *filled);
/* What AWS holds beyond what `groups` asked for: {"workers": [storage configurations]}. */
struct doc *cluster_groups_filled(struct arena *arena, const struct cty_value *groups,
                                  const struct doc *live);
/* The planned groups with each unknown made known: as AWS has it, else null. */
const struct cty_value *cluster_groups_settle(struct arena *arena, const struct cty_value *planned,
                                              const struct doc *live);
/* Where AWS has something else than was asked for: "workers.lifecycle_config, …". Empty: nowhere.
 */
struct str cluster_groups_unmet(struct arena *arena, const struct cty_value *asked,
                                const struct doc *live);
/* What happens to each group: {"workers": "scale"}; unknown as a whole where it cannot be told. */
const struct cty_value *cluster_groups_actions(struct arena *arena, const struct cty_value *prior,
                                               const struct cty_value *planned);
/* Live details of each group. */
const struct cty_value *cluster_details_read(struct arena *arena, const struct doc *live);

/* cluster_fixed.c: members of a group that AWS cannot change. Tells each change in diags; true:
 * there is none. */
bool cluster_fixed_plan(struct diags *diags, const struct cty_value *prior,
                        const struct cty_value *planned);
/* The same against what AWS has now. */
bool cluster_fixed_live(struct diags *diags, const struct cty_value *planned,
                        const struct doc *live);

/* cluster_beyond.c: settings of the cluster that this resource has no attribute for, and that AWS
 * would reset with the next UpdateCluster: "NodeProvisioningMode,
 * InstanceGroups[\"a\"].SlurmConfig". Empty: none. own_mode: the provisioning mode that AWS chose
 * by itself at creation. */
struct str cluster_beyond(struct arena *arena, const struct doc *live, struct str own_mode);

/* cluster_read.c */
enum cluster_found { CLUSTER_ERROR, CLUSTER_FOUND, CLUSTER_ABSENT };
/* By name or ARN. With CLUSTER_ERROR *reterr says why. */
enum cluster_found cluster_describe(struct tf_call *call, struct str name, struct doc **ret_live,
                                    struct aws_error *reterr);
/* Everything of call->state as AWS has it, but for tags. */
void cluster_observe_live(struct tf_call *call, const struct doc *live);
/* Tags too. False: told. */
bool cluster_observe(struct tf_call *call, const struct doc *live);
/* After a verb that did what was planned: only what is unknown is set. */
void cluster_settle(struct tf_call *call, const struct doc *live);
bool cluster_read(struct tf_call *call);
bool cluster_import(struct tf_call *call, struct str id);
struct str cluster_status(const struct doc *live);
/* RFC 3339 of a timestamp in either form; ptr NULL: none. */
struct str cluster_time(struct arena *arena, const struct doc *time);

/* cluster_wait.c: until the cluster is truly there. */
struct cluster_wait {
    struct str name;
    const struct cty_value *wanted; /* groups; NULL: whatever AWS aims at */
    const struct cty_value *before; /* groups that were there; those not wanted must go; or NULL */
    bool creating;
    struct str old_failure; /* FailureMessage before the call */
    /* What came of it. */
    struct doc *live;  /* the last answer; NULL: none */
    struct doc *nodes; /* summaries of the last look; NULL: not looked */
    bool rolled_back;
    /* Its own. */
    bool saw_work;
    unsigned errors;
    int64_t begun_tick_ms;
};
enum hp_wait_end cluster_wait(struct tf_call *call, struct cluster_wait *wait);
bool cluster_is_busy(struct str status);
/* A role that was made seconds ago cannot be assumed yet: a minute is waited. */
bool cluster_role_may_be_new(const struct aws_error *error, int64_t waited_ms);
/* An accepted change may stay invisible for some seconds: no work is seen yet, and AWS still shows
 * other values. */
bool cluster_is_unseen(struct arena *arena, const struct cluster_wait *wait, int64_t age_ms);
/* By status and counts alone. */
bool cluster_is_ready(const struct doc *live);
/* Does AWS aim at the wanted groups and counts, without those that were there before and are not
 * wanted? */
bool cluster_aims_at(const struct doc *live, const struct cty_value *wanted,
                     const struct cty_value *before);
/* Where AWS aims at something else than the wanted groups and counts, a line each. */
struct str cluster_gaps(struct arena *arena, const struct doc *live,
                        const struct cty_value *wanted);
/* Which groups and nodes are not there yet, a line each. */
struct str cluster_missing(struct arena *arena, const struct doc *live, const struct doc *nodes);

/* cluster_pages.c: hp_wait with an arena for each look, so that hours of looking cost no memory.
 * *live and *nodes (either pointer may be NULL) are what a look keeps for the next one and for the
 * end; all else that it allocates in call->arena is gone after it: so a look sets nothing in the
 * call (tf_set, tf_private_set). Diagnostics are safe, they have an arena of their own. */
enum hp_wait_end cluster_wait_paged(struct tf_call *call,
                                    enum hp_wait_state (*look)(struct tf_call *call, void *arg),
                                    void *arg, struct doc **live, struct doc **nodes);

/* cluster_failure.c: AWS's words about what failed, the cause and the remedy where the words are
 * known, and where the logs are. */
struct str cluster_failure(struct tf_call *call, const struct doc *live, const struct doc *nodes);
struct cluster_cause {
    const char *words; /* part of AWS's message, lower case */
    const char *cause, *remedy;
};
const struct cluster_cause *cluster_cause_of(struct arena *arena, struct str message);
struct str cluster_log_group(struct arena *arena, const struct doc *live);

/* cluster_create.c, cluster_update.c, cluster_delete.c */
struct doc *cluster_create_body(struct tf_call *call);
bool cluster_create(struct tf_call *call);
struct doc *cluster_update_body(struct tf_call *call, const struct doc *live);
bool cluster_update(struct tf_call *call);
/* On failure: the state is what AWS has now, so far as it can be asked. */
void cluster_save_truth(struct tf_call *call, const char *waiting);
bool cluster_delete(struct tf_call *call);

/* cluster_move.c, cluster_list.c */
extern const struct tf_move cluster_moves[];
extern const struct tf_list cluster_list;

/* Private data. */
#define CLUSTER_WAITING "waiting"           /* a wait that was cut short: "create", "update" */
#define CLUSTER_FILLED  "filled"            /* JSON of cluster_groups_filled */
#define CLUSTER_MODE    "provisioning_mode" /* what AWS chose at creation */
#define CLUSTER_BEYOND  "beyond"            /* cluster_beyond at the last read */

#endif
