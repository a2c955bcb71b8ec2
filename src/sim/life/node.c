/* The life of one node, step by step. */
#include "efa.h"
#include "parts.h"
#include "world/s3_route.h"
#include "world/training_plan.h"

#include <stdlib.h>

/* What a step's happening leads to. */
enum outcome { GOES_ON, WAITS, FAILED, ENDED };

static enum outcome launches(const struct moment *moment);
static enum outcome meets_efa(const struct moment *moment);
static enum outcome downloads(const struct moment *moment);
static enum outcome runs_script(const struct moment *moment);
static enum outcome joins(const struct moment *moment);
static enum outcome is_checked(const struct moment *moment);
static enum outcome is_up_again(const struct moment *moment);
static enum outcome dies(const struct moment *moment);
static enum outcome is_tried_again(const struct moment *moment);
static enum outcome leaves(const struct moment *moment);
static enum outcome is_forgotten(const struct moment *moment);

/* In this order (lifecycle-scripts section 2): start, network, EFA check, scripts, orchestrator,
 * deep checks. A small controller takes about 5 minutes, a node with accelerators about 15
 * (semantics section 6); how that time is spread over the steps is ours. Deep checks about 2 hours
 * (guide), a reboot 1 to 3 minutes. */
static const struct {
    int plain_s, accelerated_s; /* from the step before */
    enum outcome (*happens)(const struct moment *moment);
    enum node_step next;
} steps[] = {
    [STEP_LAUNCH] = {60, 240, launches, STEP_EFA},
    [STEP_EFA] = {60, 120, meets_efa, STEP_DOWNLOAD},
    [STEP_DOWNLOAD] = {30, 60, downloads, STEP_SCRIPT},
    [STEP_SCRIPT] = {120, 360, runs_script, STEP_JOIN},
    [STEP_JOIN] = {30, 120, joins, STEP_DEEP_CHECK},
    [STEP_DEEP_CHECK] = {7200, 7200, is_checked, STEP_REST},
    [STEP_REBOOT] = {120, 180, is_up_again, STEP_REST},
    [STEP_DIE] = {0, 0, dies, STEP_RETRY},
    [STEP_RETRY] = {300, 300, is_tried_again, STEP_LAUNCH},
    [STEP_LEAVE] = {60, 60, leaves, STEP_FORGET},
    [STEP_FORGET] = {60, 60, is_forgotten, STEP_REST},
};

static void begin(const struct moment *moment, enum node_step step)
{
    struct node *node = moment->node;
    bool accelerated = node->type != NULL && node->type->accelerator != 0;

    node->step = step;
    node->due_ms =
        moment->now +
        (int64_t)(accelerated ? steps[step].accelerated_s : steps[step].plain_s) * second;
}

struct circumstance about_node(const struct moment *moment)
{
    const struct doc *spec = moment->group->spec;
    bool spot = !doc_is_null(doc_at(spec, "CapacityRequirements.Spot"));

    return (struct circumstance){
        .region = moment->cluster->region,
        .cluster = moment->cluster->name,
        .group = moment->group->name,
        .role = doc_get_text(spec, S("ExecutionRole")),
        .instance_type = str_of(moment->node->type == NULL ? "" : moment->node->type->name),
        .capacity = spot ? S("Spot") : S("OnDemand"),
        .training_plan = doc_get_text(spec, S("TrainingPlanArn")),
        .node = moment->node->number,
    };
}

bool node_recovery_is_on(const struct cluster *cluster)
{
    return !str_is(doc_get_text(cluster->plan.settings, S("NodeRecovery")), "None");
}

void node_release(const struct moment *moment, int64_t after_ms)
{
    struct node *node = moment->node;
    if (node->interface == NULL)
        return;
    struct leftover *leftover = calloc(1, sizeof *leftover);
    if (leftover == NULL)
        abort();
    *leftover = (struct leftover){node->interface, moment->now + after_ms};
    list_add(&moment->cluster->leftovers, leftover);
    node->interface = NULL;
}

void node_fails(const struct moment *moment, enum failure failure, struct str subject)
{
    struct cluster *cluster = moment->cluster;
    struct node *node = moment->node;
    bool under_way = cluster->status == CLUSTER_CREATING || cluster->status == CLUSTER_UPDATING;
    bool continuous = cluster_is_continuous(cluster);
    bool provisioning = !node->proven && failure != FAILURE_DEEP_CHECK;

    text_done(&node->message);
    node->message = failure_text(failure, subject);
    node_become(moment->group, node, NODE_FAILURE);
    /* One fault gives two events (semantics section 5). */
    event_tell(cluster, EVENT_NODE_FAILED, moment->group, node, node->message, moment->now);
    event_tell(cluster, EVENT_GROUP_TROUBLE, moment->group, node, node->message, moment->now);
    if (provisioning && under_way && !continuous && cluster->trouble.len == 0)
        cluster->trouble = text_of(node->message); /* all or nothing: section 2, create, classic */
    /* Continuous clusters try for ever (section 2); what has run is replaced when node recovery is
     * on. */
    bool again = provisioning ? continuous || (!under_way && node_recovery_is_on(cluster))
                              : node_recovery_is_on(cluster);
    node->due_ms = NEVER;
    if (!again)
        return;
    begin(moment, STEP_RETRY); /* after 5, 10, 15 and then each 20 minutes: ours */
    if (provisioning)
        node->due_ms += (int64_t)(node->attempts < 3 ? node->attempts : 3) * retry_wait;
}

/* Controllers come first: slurmd asks them for its configuration (lifecycle-scripts section 2). */
static bool controller_runs(const struct cluster *cluster)
{
    const struct node_group *group;
    bool wanted = false;

    list_each (group, &cluster->groups) {
        if (!spec_has_role(group->spec, "Controller"))
            continue;
        wanted = true;
        if (group->counts[NODE_RUNNING] + group->counts[NODE_DEEP_CHECK] +
                group->counts[NODE_SYSTEM_UPDATING] >
            0)
            return true;
    }
    return !wanted;
}

static bool waits_for_controller(const struct moment *moment)
{
    return !spec_has_role(moment->group->spec, "Controller") && !controller_runs(moment->cluster);
}

void node_launch(const struct moment *moment)
{
    if (moment->node->status != NODE_PENDING)
        node_become(moment->group, moment->node, NODE_PENDING);
    begin(moment, STEP_LAUNCH);
    moment->node->launch_ms = moment->now;
    if (waits_for_controller(moment))
        moment->node->due_ms = NEVER;
}

void node_relaunch(const struct moment *moment)
{
    struct node *node = moment->node;
    struct cluster *cluster = moment->cluster;

    /* A Slurm node keeps its address when it is replaced, one of EKS does not (section 4). */
    bool keeps = node->proven && !cluster_has_eks(cluster) && node->interface != NULL;
    node->attempts++;
    node_identify(cluster, moment->group, node);
    if (keeps)
        text_set(&node->interface->instance_id, node->instance_id);
    else
        node_release(moment, minute);
    node->launched = false;
    node->hanging = node->on_desired = false;
    node_launch(moment);
}

static enum outcome is_tried_again(const struct moment *moment)
{
    node_relaunch(moment);
    return WAITS;
}

/* The first of these actions that the execution role may not perform; empty: it may all. */
static struct str forbidden(const struct moment *moment, const char *actions)
{
    struct circumstance about = about_node(moment);
    struct str rest = str_of(actions);

    while (str_next(&rest, ' ', &about.action))
        if (condition_find(moment->cluster->state, CONDITION_MISSING_PERMISSION, &about,
                           moment->now) != NULL)
            return about.action;
    return (struct str){NULL, 0};
}

static enum outcome fail(const struct moment *moment, enum failure failure, struct str subject)
{
    node_fails(moment, failure, subject);
    return FAILED;
}

static enum outcome launches(const struct moment *moment)
{
    const struct doc *network = spec_network(moment->cluster, moment->group->spec);
    struct node *node = moment->node;
    struct str subject = {NULL, 0};

    if (waits_for_controller(moment)) {
        node->due_ms = NEVER;
        return WAITS;
    }
    struct str action = network == NULL
                            ? (struct str){NULL, 0}
                            : forbidden(moment, "ec2:CreateNetworkInterface "
                                                "ec2:CreateNetworkInterfacePermission "
                                                "ec2:DescribeSubnets ec2:DescribeSecurityGroups");
    if (action.len > 0)
        return fail(moment, FAILURE_PERMISSION, action);
    enum failure failure = node_place(moment, &subject);
    if (failure != FAILURE_NONE)
        return fail(moment, failure, subject);
    const struct training_plan *plan =
        training_plan_find(moment->cluster->region,
                           doc_get_text(moment->group->spec, S("TrainingPlanArn")), moment->now);
    node->slot = plan == NULL ? 0 : training_plan_slot(moment->cluster->region, plan);
    node->launched = true;
    node->spot = !doc_is_null(doc_at(moment->group->spec, "CapacityRequirements.Spot"));
    event_tell(moment->cluster, EVENT_NODE_LAUNCHED, moment->group, node, S(""), moment->now);
    log_open(moment->cluster, moment->group, node, moment->now);
    return GOES_ON;
}

/* EFA does not cross zones: who is not where the first node of the group is cannot be reached
 * (semantics sections 5 and 10). */
static bool is_apart(const struct moment *moment)
{
    const struct node *other;
    list_each (other, &moment->group->nodes) {
        if (other->launched && other->status <= NODE_FAILURE)
            return other->zone != moment->node->zone;
    }
    return false;
}

/* If the check fails, the script never starts, and its stream is empty (lifecycle-scripts 2). */
static enum outcome meets_efa(const struct moment *moment)
{
    const struct doc *network = spec_network(moment->cluster, moment->group->spec);

    if (moment->node->type->efa == 0 || network == NULL)
        return GOES_ON;
    if (!efa_is_open(moment->cluster->region, network) || is_apart(moment))
        return fail(moment, FAILURE_EFA, S(""));
    return GOES_ON;
}

/* The group's log group stands in the message. */
static enum outcome script_fails(const struct moment *moment, enum failure failure)
{
    struct str name = log_group_name(moment->cluster);
    node_fails(moment, failure, name);
    text_done(&name);
    return FAILED;
}

#define WRITE(moment, ...)                                                                         \
    log_write((moment)->cluster, (moment)->group, (moment)->node, (moment)->now, __VA_ARGS__)

static struct str script_of(const struct doc *config)
{
    struct str script = doc_get_text(config, S("OnCreate"));
    return script.len > 0 ? script : doc_get_text(config, S("OnInitComplete"));
}

static enum outcome downloads(const struct moment *moment)
{
    const struct doc *config = doc_get(moment->group->spec, S("LifeCycleConfig"));
    struct state *state = moment->cluster->state;
    struct circumstance about = about_node(moment);
    struct str rest = doc_get_text(config, S("SourceS3Uri"));

    if (rest.len == 0)
        return GOES_ON; /* the AMI does it all: lifecycle-scripts section 1, way C */
    rest = str_from(rest, str_find(rest, S("://")) + 3);
    about.bucket = str_sub(rest, 0, str_find_char(rest, '/'));
    about.script = script_of(config);
    if (moment->node->interface != NULL) {
        struct circumstance where = about;
        where.subnet = moment->node->interface->subnet->thing.id;
        if (condition_find(state, CONDITION_NO_S3_ROUTE, &where, moment->now) != NULL ||
            !subnet_reaches_s3(moment->cluster->region, moment->node->interface->subnet))
            return fail(moment, FAILURE_BOOTSTRAP, where.subnet);
    }
    WRITE(moment, "[SageMaker] Downloading lifecycle scripts");
    struct str action = forbidden(moment, "s3:ListBucket s3:GetObject kms:Decrypt");
    if (action.len > 0) {
        WRITE(moment,
              "fatal error: An error occurred (AccessDenied): not authorized to perform: "
              "%.*s",
              STR(action));
        return script_fails(moment, FAILURE_SCRIPT);
    }
    if (!existing_has(&state->existing, EXISTING_BUCKET, about.bucket) ||
        condition_find(state, CONDITION_MISSING_BUCKET, &about, moment->now) != NULL) {
        WRITE(moment,
              "fatal error: An error occurred (NoSuchBucket): The specified bucket does "
              "not exist: %.*s",
              STR(about.bucket));
        return script_fails(moment, FAILURE_SCRIPT);
    }
    if (condition_find(state, CONDITION_MISSING_SCRIPT, &about, moment->now) != NULL) {
        WRITE(moment, "%.*s: No such file or directory", STR(about.script));
        return script_fails(moment, FAILURE_SCRIPT);
    }
    return GOES_ON;
}

static enum outcome runs_script(const struct moment *moment)
{
    struct state *state = moment->cluster->state;
    struct circumstance about = about_node(moment);
    struct node *node = moment->node;

    if (script_of(doc_get(moment->group->spec, S("LifeCycleConfig"))).len == 0)
        return GOES_ON;
    if (node->hanging) {
        WRITE(moment, "[SageMaker] The lifecycle scripts timed out.");
        return script_fails(moment, FAILURE_SCRIPT_TIMEOUT);
    }
    if (condition_strike(state, CONDITION_SCRIPT_HANGS, &about, moment->now) != NULL) {
        node->hanging = true;
        node->due_ms = moment->now + script_limit;
        return WAITS;
    }
    const struct condition *broken =
        condition_strike(state, CONDITION_SCRIPT_FAILS, &about, moment->now);
    if (broken != NULL) {
        WRITE(moment, "[SageMaker] The lifecycle scripts failed with exit code %lld.",
              (long long)condition_number(broken, "exit_code", 1));
        return script_fails(moment, FAILURE_SCRIPT);
    }
    WRITE(moment, "[SageMaker] The lifecycle scripts succeeded.");
    return GOES_ON;
}

/* Health checks of this kind are for accelerators: HyperPod's agent is on no other type (section
 * 9). */
static enum outcome joins(const struct moment *moment)
{
    const struct doc *checks = doc_get(moment->group->spec, S("OnStartDeepHealthChecks"));

    if (!doc_is_null(checks) && moment->node->type->accelerator != 0) {
        lifecycle_check(moment->cluster, moment->group, moment->node, moment->now);
        return WAITS;
    }
    node_runs(moment);
    return ENDED;
}

void node_runs(const struct moment *moment)
{
    struct node_group *group, *own = moment->group;
    struct node *node = moment->node, *other;

    text_done(&node->message);
    node_become(own, node, NODE_RUNNING);
    node->step = STEP_REST;
    node->due_ms = NEVER;
    node->proven = true;
    if (own->counts[NODE_RUNNING] >= spec_minimum(own->spec)) {
        own->proven = true;
        own->minimum_ms = NEVER;
    }
    event_tell(moment->cluster, EVENT_NODE_RUNNING, own, node, S(""), moment->now);
    node_heed(moment);
    if (!spec_has_role(own->spec, "Controller"))
        return;
    list_each (group, &moment->cluster->groups) /* those that waited for it */
        list_each (other, &group->nodes)
            if (other->status == NODE_PENDING && other->due_ms == NEVER) {
                begin(&(struct moment){moment->cluster, group, other, moment->now}, STEP_LAUNCH);
                if (other->due_ms < group->next_ms)
                    group->next_ms = other->due_ms;
            }
}

void node_heed(const struct moment *moment)
{
    struct circumstance about = about_node(moment);
    struct node *node = moment->node;

    if (node->status != NODE_RUNNING || node->step != STEP_REST)
        return;
    const struct condition *fate =
        condition_find(moment->cluster->state, CONDITION_NODE_DIES, &about, moment->now);
    if (fate == NULL || (condition_number(fate, "times", 1) >= 0 &&
                         fate->hits >= condition_number(fate, "times", 1)))
        return;
    node->step = STEP_DIE;
    node->due_ms = moment->now + condition_number(fate, "after_seconds", 0) * second;
}

static enum outcome dies(const struct moment *moment)
{
    struct circumstance about = about_node(moment);
    struct node *node = moment->node;
    struct condition *fate =
        condition_find(moment->cluster->state, CONDITION_NODE_DIES, &about, moment->now);
    int64_t times = fate == NULL ? 0 : condition_number(fate, "times", 1);

    node->step = STEP_REST;
    node->due_ms = NEVER;
    if (fate == NULL || (times >= 0 && fate->hits >= times))
        return ENDED; /* it was called off, or has struck elsewhere */
    fate->hits++;
    node_fails(moment, node->spot ? FAILURE_SPOT : FAILURE_HARDWARE, S(""));
    if (condition_text(fate, "message").len > 0)
        text_set(&node->message, condition_text(fate, "message"));
    return FAILED;
}

/* Deep checks of the group's nodes are over: so is the operation that asked for them. */
static void checks_may_end(const struct moment *moment)
{
    if (moment->group->counts[NODE_DEEP_CHECK] == 0)
        operation_group_done(moment->cluster, true, moment->group->name);
}

static enum outcome is_checked(const struct moment *moment)
{
    struct circumstance about = about_node(moment);
    enum outcome outcome = ENDED;

    if (condition_strike(moment->cluster->state, CONDITION_DEEP_CHECK_FAILS, &about, moment->now) !=
        NULL) {
        log_check(moment->cluster, moment->node, moment->now,
                  "[SageMaker] Deep health checks: FAIL");
        outcome = fail(moment, FAILURE_DEEP_CHECK, S("the instance will be replaced"));
    } else {
        log_check(moment->cluster, moment->node, moment->now,
                  "[SageMaker] Deep health checks: PASS");
        event_tell(moment->cluster, EVENT_NODE_CHECKED, moment->group, moment->node, S(""),
                   moment->now);
        node_runs(moment);
    }
    checks_may_end(moment);
    return outcome;
}

static enum outcome is_up_again(const struct moment *moment)
{
    node_runs(moment);
    return ENDED;
}

static enum outcome leaves(const struct moment *moment)
{
    node_become(moment->group, moment->node, NODE_GONE);
    return GOES_ON;
}

static enum outcome is_forgotten(const struct moment *moment)
{
    moment->group->counts[NODE_GONE]--;
    node_release(moment, interface_stays);
    moment->node->due_ms = NEVER;
    moment->node->over = true;
    return ENDED;
}

void node_shut(const struct moment *moment)
{
    event_tell(moment->cluster, EVENT_NODE_LEAVING, moment->group, moment->node, S(""),
               moment->now);
    node_become(moment->group, moment->node, NODE_SHUTTING_DOWN);
    begin(moment, STEP_LEAVE);
}

void node_is_due(const struct moment *moment)
{
    enum node_step step = moment->node->step;

    if (step == STEP_REST)
        moment->node->due_ms = NEVER;
    else if (steps[step].happens(moment) == GOES_ON)
        begin(moment, steps[step].next);
}

void lifecycle_check(struct cluster *cluster, struct node_group *group, struct node *node,
                     int64_t now)
{
    struct moment moment = {cluster, group, node, now};
    node_become(group, node, NODE_DEEP_CHECK);
    begin(&moment, STEP_DEEP_CHECK);
    event_tell(cluster, EVENT_NODE_CHECKING, group, node, S(""), now);
}

void lifecycle_reboot(struct cluster *cluster, struct node_group *group, struct node *node,
                      int64_t now)
{
    struct moment moment = {cluster, group, node, now};
    event_tell(cluster, EVENT_NODE_REBOOTING, group, node, S(""), now);
    node_become(group, node, NODE_PENDING);
    begin(&moment, STEP_REBOOT);
}

void lifecycle_replace(struct cluster *cluster, struct node_group *group, struct node *node,
                       int64_t now)
{
    struct moment moment = {cluster, group, node, now};
    event_tell(cluster, EVENT_NODE_REPLACING, group, node, S(""), now);
    node_relaunch(&moment);
}
