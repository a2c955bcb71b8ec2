/* Groups on their way to the counts that are wanted. */
#include "ground/instant.h"
#include "parts.h"

#include <stdlib.h>

/* Who goes first when there are too many: those that are not there yet, then the newest. */
static struct node *surplus(const struct node_group *group)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = group->nodes.count; i-- > 0;) {
            struct node *node = group->nodes.items[i];
            bool idle = node->status == NODE_PENDING || node->status == NODE_FAILURE;
            if (node->status <= NODE_FAILURE && (round == 1 || idle))
                return node;
        }
    return NULL;
}

static int64_t wanted_nodes(const struct node_group *group)
{
    int64_t count = 0;
    for (int status = 0; status <= NODE_FAILURE; status++)
        count += group->counts[status];
    return count;
}

/* Nodes that were never launched go at once. */
static void drop(struct cluster *cluster, struct node_group *group, struct node *node, int64_t now)
{
    struct moment moment = {cluster, group, node, now};

    if (node->launched) {
        node_shut(&moment);
        return;
    }
    group->counts[node->status]--;
    list_remove(&group->nodes, node);
    node_free(cluster->region, node);
}

struct node *lifecycle_add_node(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct node *node = node_new(cluster, group, now);
    node_launch(&(struct moment){cluster, group, node, now});
    return node;
}

void lifecycle_remove_node(struct cluster *cluster, struct node_group *group, struct node *node,
                           int64_t now)
{
    drop(cluster, group, node, now);
}

void lifecycle_scale(struct cluster *cluster, struct node_group *group, int64_t now)
{
    int64_t want = spec_count(group->spec), have = wanted_nodes(group);
    struct node *node;

    if (have > want && cluster_has_eks(cluster)) /* noise that comes with it: section 5 */
        event_tell(cluster, EVENT_GROUP_NODES_LOST, group, NULL, S(""), now);
    for (; have > want && (node = surplus(group)) != NULL; have--)
        drop(cluster, group, node, now);
    for (; have < want; have++)
        lifecycle_add_node(cluster, group, now);
}

/* A group's image: the one that is asked for; otherwise, in continuous clusters, that of the
 * earliest group (api), else the newest. */
static void choose_image(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct str image = doc_get_text(group->spec, S("ImageId"));
    struct str release = doc_get_text(group->spec, S("ImageReleaseVersion"));
    const struct node_group *first = cluster->groups.items[0];
    const struct condition *newest =
        condition_find(cluster->state, CONDITION_NEW_RELEASE,
                       &(struct circumstance){.region = cluster->region}, now);
    struct str newest_image = {NULL, 0}, newest_release = {NULL, 0};

    if (group->image.len > 0)
        return;
    if (newest != NULL) {
        newest_image = condition_text(newest, "image_id");
        newest_release = condition_text(newest, "release");
    }
    if (image.len == 0 && cluster_is_continuous(cluster) && first != group &&
        first->image.len > 0) {
        image = first->image;
        if (release.len == 0)
            release = first->release;
    }
    if (image.len == 0 || str_is(image, "default"))
        image = newest_image.len > 0 ? newest_image : S("ami-0a1b2c3d4e5f60718");
    if (release.len == 0)
        release = newest_release.len > 0 ? newest_release : S("1.0.0");
    text_set(&group->image, image);
    text_set(&group->release, release);
    text_set(&group->desired_image, image);
    text_set(&group->desired_release, release);
}

/* The first InService of a group waits for MinInstanceCount, 3 hours at most; what it goes back to
 * then is what it was (api, semantics section 5). Classic clusters are all or nothing anyway. */
static void guard_minimum(struct cluster *cluster, struct node_group *group, int64_t now)
{
    const struct doc *before =
        cluster->previous.arena == NULL ? NULL : plan_spec(&cluster->previous, group->name);
    int64_t minimum = spec_minimum(group->spec);
    enum { largest = 256 * 1024 * 1024 };

    if (group->counts[NODE_RUNNING] >= minimum) {
        group->proven = true;
        group->minimum_ms = NEVER;
    }
    if (!cluster_is_continuous(cluster) || group->counts[NODE_RUNNING] >= minimum)
        return;
    if (before != NULL && spec_minimum(before) == minimum &&
        spec_count(before) == spec_count(group->spec))
        return; /* this group is not what the request is about */
    group->rolled_back = false;
    group->minimum_ms = now + minimum_window;
    arena_free(group->earlier_arena);
    group->earlier_arena = NULL;
    group->earlier = NULL;
    if (before == NULL)
        return;
    group->earlier_arena = arena_new(largest);
    group->earlier = doc_copy(group->earlier_arena, before);
}

/* When nobody says when, the service chooses a date (cfn: NextPatchDate is read-only there): in 30
 * days is ours. */
static void plan_patch(struct node_group *group, int64_t now)
{
    const struct doc *config = doc_get(group->spec, S("AutoPatchConfig"));
    const struct doc *date = doc_at(config, "PatchSchedule.NextPatchDate");

    if (doc_is_null(config))
        group->patch_ms = NEVER;
    else if (!doc_is_null(date) && time_of(date) > now)
        group->patch_ms = time_of(date);
    else if (group->patch_ms == NEVER)
        group->patch_ms = now + patch_period;
}

void reconcile(struct cluster *cluster, int64_t now)
{
    struct node_group *group;

    list_each (group, &cluster->groups) {
        group->spec = NULL;
        group->fresh = false;
    }
    doc_each (entry, cluster->plan.groups) {
        cluster_group_of(cluster, entry->value, false);
    }
    doc_each (entry, cluster->plan.restricted) {
        cluster_group_of(cluster, entry->value, true);
    }
    list_each (group, &cluster->groups) {
        if (group->spec != NULL) {
            choose_image(cluster, group, now);
            guard_minimum(cluster, group, now);
            plan_patch(group, now);
            group->schedule_ms = schedule_next(group, now);
        } else {
            group->minimum_ms = group->patch_ms = group->schedule_ms = NEVER;
        }
        lifecycle_scale(cluster, group, now);
    }
}

/* Nodes that have not had their first chance yet, and those that are on the way out. */
static bool is_under_way(const struct node_group *group)
{
    const struct node *node;

    if (group->counts[NODE_SHUTTING_DOWN] + group->counts[NODE_GONE] > 0)
        return true;
    if (group->counts[NODE_PENDING] == 0)
        return false;
    list_each (node, &group->nodes) {
        if (node->status == NODE_PENDING && node->attempts == 0 && !node->proven)
            return true;
    }
    return false;
}

/* Done says that the service stopped working on it, not that the target was reached (section 16).
 */
void group_look(struct cluster *cluster, struct node_group *group, int64_t now)
{
    if (!group->busy || is_under_way(group))
        return;
    group->busy = false;
    event_tell(cluster, EVENT_GROUP_SCALED, group, NULL, S(""), now);
    operation_group_done(cluster, false, group->name);
}

void group_rolls_back(struct cluster *cluster, struct node_group *group, int64_t now)
{
    struct arena *arena = cluster->plan.arena;
    struct doc *list = group->restricted ? cluster->plan.restricted : cluster->plan.groups;
    struct str why = failure_text(FAILURE_MINIMUM, group->name);

    for (struct doc_entry *entry = list->first; entry != NULL; entry = entry->next) {
        if (entry->value != group->spec)
            continue;
        if (group->earlier != NULL) {
            entry->value = doc_copy(arena, group->earlier);
        } else {
            doc_set(arena, entry->value, S("InstanceCount"), doc_int(arena, 0));
            doc_set(arena, entry->value, S("MinInstanceCount"), NULL);
        }
        group->spec = entry->value;
        break;
    }
    group->minimum_ms = NEVER;
    group->rolled_back = true;
    group->proven = true;
    event_tell(cluster, EVENT_GROUP_ROLLED_BACK, group, NULL, why, now);
    text_done(&why);
    lifecycle_scale(cluster, group, now);
    group->busy = false;
    operation_group_done(cluster, false, group->name);
}
