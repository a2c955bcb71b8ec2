/* UpdateClusterSoftware, group by group: batches, waits, alarms, rollback (semantics sections 2, 6
 * and 12). */
#include "ground/cron.h"
#include "parts.h"

#include <stdlib.h>

static const struct doc *policy_of(const struct node_group *group)
{
    const struct doc *policy = doc_get(group->software.deployment, S("RollingUpdatePolicy"));
    const struct doc *back = doc_get(policy, S("RollbackMaximumBatchSize"));
    return group->software.rolling_back && !doc_is_null(back)
               ? back
               : doc_get(policy, S("MaximumBatchSize"));
}

/* A share is rounded down, and is one node at least: ours. */
static int64_t batch_size(const struct node_group *group)
{
    const struct doc *policy = policy_of(group);
    int64_t value = 0, all = (int64_t)group->nodes.count;

    if (!doc_to_int64(doc_get(policy, S("Value")), &value))
        return all;
    if (str_is(doc_get_text(policy, S("Type")), "CAPACITY_PERCENTAGE"))
        value = all * value / 100;
    return value < 1 ? 1 : value;
}

/* The script of this node, or the update itself, does not work: some 4 tries in 18 minutes. */
static bool is_doomed(const struct moment *moment)
{
    struct state *state = moment->cluster->state;
    struct circumstance about = about_node(moment);
    return condition_strike(state, CONDITION_SOFTWARE_FAILS, &about, moment->now) != NULL ||
           (!doc_is_null(doc_get(moment->group->spec, S("LifeCycleConfig"))) &&
            condition_strike(state, CONDITION_SCRIPT_FAILS, &about, moment->now) != NULL);
}

static void doom(const struct moment *moment)
{
    struct str name = log_group_name(moment->cluster);
    text_done(&moment->node->message);
    moment->node->message = failure_text(FAILURE_SCRIPT, name);
    text_done(&name);
    moment->group->software.failing = true;
}

static bool needs_batch(const struct node_group *group, const struct node *node)
{
    return node->status == NODE_RUNNING && node->on_desired == group->software.rolling_back;
}

static bool needs_more(const struct node_group *group)
{
    const struct node *node;
    list_each (node, &group->nodes) {
        if (needs_batch(group, node))
            return true;
    }
    return false;
}

/* False: no node is left that needs the other image. */
static bool begin_batch(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct software *software = &group->software;
    int64_t size = batch_size(group), taken = 0;
    struct node *node;
    bool accelerated = false;

    software->failing = software->waiting = false;
    list_each (node, &group->nodes) {
        struct moment moment = {cluster, group, node, now};
        if (taken == size)
            break;
        if (!needs_batch(group, node))
            continue;
        node_become(group, node, NODE_SYSTEM_UPDATING);
        node->step = STEP_REST;
        node->due_ms = NEVER;
        accelerated = accelerated || node->type->accelerator != 0;
        taken++;
        if (!software->rolling_back && is_doomed(&moment))
            doom(&moment);
    }
    if (taken == 0)
        return false;
    software->due_ms = now + (software->rolling_back ? software_rollback
                              : software->failing    ? software_tries
                              : accelerated          ? software_accelerated
                                                     : software_plain);
    return true;
}

static void end(struct cluster *cluster, struct node_group *group, const char *status, int64_t now)
{
    struct node *node;
    bool good = strcmp(status, "Succeeded") == 0;

    if (good) {
        text_set(&group->image, group->desired_image);
        text_set(&group->release, group->desired_release);
    } else {
        text_set(&group->desired_image, group->image);
        text_set(&group->desired_release, group->release);
    }
    list_each (node, &group->nodes)
        node->on_desired = false;
    arena_free(group->software.arena);
    group->software = (struct software){.due_ms = NEVER};
    group->software_status = status;
    if (good) {
        event_tell(cluster, EVENT_GROUP_SOFTWARE_DONE, group, NULL, S(""), now);
        return;
    }
    struct str why = failure_text(FAILURE_SOFTWARE, group->name);
    event_tell(cluster, EVENT_GROUP_SOFTWARE_FAILED, group, NULL, why, now);
    text_done(&cluster->failure_message);
    cluster->failure_message = why;
}

/* The nodes of the batch run again, on the image that they were to get. */
static void end_batch(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct node *node;

    list_each (node, &group->nodes) {
        struct moment moment = {cluster, group, node, now};
        if (node->status != NODE_SYSTEM_UPDATING)
            continue;
        node->on_desired = !group->software.rolling_back && !group->software.failing;
        node->updated_ms = now;
        if (!group->software.failing)
            text_done(&node->message);
        node_become(group, node, NODE_RUNNING);
        if (!doc_is_null(
                doc_get(group->spec, S("LifeCycleConfig")))) { /* they run again: section 2 */
            log_write(cluster, group, node, now, "[SageMaker] Downloading lifecycle scripts");
            log_write(cluster, group, node, now, "%s",
                      group->software.failing ? "[SageMaker] The lifecycle scripts failed."
                                              : "[SageMaker] The lifecycle scripts succeeded.");
        }
        node_heed(&moment);
    }
}

static bool alarm_rings(const struct cluster *cluster, const struct node_group *group, int64_t now)
{
    doc_each (entry, doc_get(group->software.deployment, S("AutoRollbackConfiguration"))) {
        struct circumstance about = {.region = cluster->region,
                                     .alarm = doc_get_text(entry->value, S("AlarmName"))};
        const struct condition *alarm =
            condition_find(cluster->state, CONDITION_ALARM, &about, now);
        if (alarm != NULL &&
            now >= alarm->since_ms + condition_number(alarm, "after_seconds", 0) * second)
            return true;
    }
    return false;
}

/* The rollback fails too: the nodes of the batch stay broken. */
static bool cannot_roll_back(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct circumstance about = {
        .region = cluster->region, .cluster = cluster->name, .group = group->name};
    const struct condition *broken =
        condition_find(cluster->state, CONDITION_SOFTWARE_FAILS, &about, now);
    struct node *node;

    if (broken == NULL || condition_number(broken, "rollback_too", 0) == 0)
        return false;
    list_each (node, &group->nodes) {
        if (node->status != NODE_SYSTEM_UPDATING)
            continue;
        text_done(&node->message);
        node->message = failure_text(FAILURE_SOFTWARE_ROLLBACK, group->name);
        node_become(group, node, NODE_FAILURE);
    }
    return true;
}

/* InProgress, RollbackInProgress, Failed: RollbackComplete is in the model and was not seen (MM).
 */
static void turn_back(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct node *node;

    if (cannot_roll_back(cluster, group, now)) {
        end(cluster, group, "Failed", now);
        return;
    }
    list_each (node, &group->nodes)
        if (node->status ==
            NODE_SYSTEM_UPDATING) { /* they have got the new image, broken as it is */
            node_become(group, node, NODE_RUNNING);
            node->on_desired = true;
        }
    group->software.rolling_back = true;
    group->software_status = "RollbackInProgress";
    if (!begin_batch(cluster, group, now))
        end(cluster, group, "Failed", now);
}

static void go_on(struct cluster *cluster, struct node_group *group, int64_t now)
{
    if (!begin_batch(cluster, group, now))
        end(cluster, group, group->software.rolling_back ? "Failed" : "Succeeded", now);
}

void software_is_due(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct software *software = &group->software;
    int64_t wait_s = 0;

    if (software->waiting) {
        if (!software->rolling_back && alarm_rings(cluster, group, now))
            turn_back(cluster, group, now);
        else
            go_on(cluster, group, now);
        return;
    }
    if (software->failing) {
        turn_back(cluster, group, now);
        return;
    }
    end_batch(cluster, group, now);
    if (!software->rolling_back && alarm_rings(cluster, group, now)) {
        turn_back(cluster, group, now);
        return;
    }
    doc_to_int64(doc_get(software->deployment, S("WaitIntervalInSeconds")), &wait_s);
    if (wait_s == 0 || !needs_more(group)) { /* it waits before it updates more instances: api */
        go_on(cluster, group, now);
        return;
    }
    software->waiting = true;
    software->due_ms = now + wait_s * second;
}

/* What the plan says follows, so that a later update does not bring the old image back. */
static void keep_in_plan(struct cluster *cluster, struct node_group *group, struct str image,
                         struct str release)
{
    struct arena *arena = cluster->plan.arena;
    struct doc *spec = spec_find(cluster->plan.groups, group->name);

    if (spec == NULL)
        return;
    if (image.len > 0)
        doc_set(arena, spec, S("ImageId"), doc_string(arena, arena_str(arena, image)));
    if (release.len > 0)
        doc_set(arena, spec, S("ImageReleaseVersion"),
                doc_string(arena, arena_str(arena, release)));
}

void lifecycle_software(struct cluster *cluster, struct node_group *group, struct str image,
                        struct str release, const struct doc *deployment, int64_t now)
{
    enum { largest = 256 * 1024 * 1024 };
    struct software *software = &group->software;
    const struct condition *newest =
        condition_find(cluster->state, CONDITION_NEW_RELEASE,
                       &(struct circumstance){.region = cluster->region}, now);

    *software = (struct software){.arena = arena_new(largest), .due_ms = NEVER};
    if (!doc_is_null(deployment))
        software->deployment = doc_copy(software->arena, deployment);
    keep_in_plan(cluster, group, image, release);
    struct str newest_image =
        newest == NULL ? (struct str){NULL, 0} : condition_text(newest, "image_id");
    if (image.len == 0 || str_is(image, "default"))
        image = newest_image.len > 0 ? newest_image
                : image.len > 0      ? S("ami-0a1b2c3d4e5f60718")
                                     : group->image;
    if (release.len == 0)
        release = newest == NULL ? group->release : condition_text(newest, "release");
    text_set(&group->desired_image, image);
    text_set(&group->desired_release, release);
    group->software_status = "InProgress";
    event_tell(cluster, EVENT_GROUP_SOFTWARE, group, NULL, S(""), now);
    if (!begin_batch(cluster, group, now))
        software->due_ms = now + settle; /* a group without nodes */
}

/* Is there a newer image for the group than it has, or is it one of its own? */
static bool is_behind(const struct cluster *cluster, const struct node_group *group, int64_t now)
{
    const struct condition *newest =
        condition_find(cluster->state, CONDITION_NEW_RELEASE,
                       &(struct circumstance){.region = cluster->region}, now);
    return newest != NULL && !str_eq(condition_text(newest, "release"), group->release) &&
           !str_starts(doc_get_text(group->spec, S("ImageId")), S("ami-"));
}

/* Groups can be updated at once, so that another one's update is no hindrance. */
static bool can_be_updated(const struct cluster *cluster, const struct node_group *group)
{
    return (cluster->status == CLUSTER_IN_SERVICE || cluster->status == CLUSTER_SYSTEM_UPDATING) &&
           group->software.arena == NULL && !cluster_is_checking(cluster);
}

static void catch_up(struct cluster *cluster, struct node_group *group,
                     const struct doc *deployment, int64_t now)
{
    if (!is_behind(cluster, group, now))
        return;
    cluster->status = CLUSTER_SYSTEM_UPDATING;
    lifecycle_software(cluster, group, S(""), S(""), deployment, now);
}

/* A group that is behind gets the newest image, on the deployment of its AutoPatchConfig; its nodes
 * are always idle, so that WhenIdle, WhenAllIdle and DrainFirst are the same here. While something
 * else is under way it waits for an hour: ours. */
void patch_is_due(struct cluster *cluster, struct node_group *group, int64_t now)
{
    bool can = can_be_updated(cluster, group);
    group->patch_ms = now + (can ? patch_period : hour);
    if (can)
        catch_up(cluster, group, doc_at(group->spec, "AutoPatchConfig.DeploymentConfig"), now);
}

int64_t schedule_next(const struct node_group *group, int64_t now)
{
    struct str text = doc_text(doc_at(group->spec, "ScheduledUpdateConfig.ScheduleExpression"));
    struct cron cron;
    return cron_parse(text, &cron) ? cron_next(&cron, now) : NEVER;
}

/* "If schedules overlap, updates might fail" (guide, Update your AMI version): what cannot begin
 * because of something else waits for the next time. */
void schedule_is_due(struct cluster *cluster, struct node_group *group, int64_t now)
{
    group->schedule_ms = schedule_next(group, now);
    if (can_be_updated(cluster, group))
        catch_up(cluster, group, doc_at(group->spec, "ScheduledUpdateConfig.DeploymentConfig"),
                 now);
}
