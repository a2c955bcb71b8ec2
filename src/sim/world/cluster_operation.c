#include "cluster_operation.h"

#include <stdlib.h>

enum { most = 5000 };
static const int64_t kept_ms = INT64_C(14) * 24 * 3600 * 1000;

static void operation_free(struct cluster_operation *operation)
{
    for (size_t i = 0; i < operation->group_count; i++)
        text_done(&operation->groups[i].name);
    free(operation->groups);
    arena_free(operation->arena);
    free(operation);
}

void operations_done(struct list *operations)
{
    struct cluster_operation *operation;
    list_each (operation, operations)
        operation_free(operation);
    list_done(operations);
}

const char *operation_state_name(enum operation_state state)
{
    static const char *const names[] = {[OPERATION_IN_PROGRESS] = "InProgress",
                                        [OPERATION_SUPERSEDED] = "Superseded",
                                        [OPERATION_DONE] = "Done"};
    return names[state];
}

static void forget_old(struct list *operations, int64_t now_ms)
{
    while (operations->count > 0) {
        struct cluster_operation *oldest = operations->items[0];
        if (operations->count < most && oldest->created_ms + kept_ms > now_ms)
            return;
        list_remove(operations, oldest);
        operation_free(oldest);
    }
}

struct cluster_operation *operation_new(struct cluster *cluster, bool health_check, int64_t now_ms)
{
    struct cluster_operation *operation = calloc(1, sizeof *operation);
    if (operation == NULL)
        abort();
    forget_old(&cluster->operations, now_ms);
    cluster_uuid(cluster, operation->id);
    operation->health_check = health_check;
    operation->created_ms = now_ms;
    list_add(&cluster->operations, operation);
    return operation;
}

/* An operation ends when all its groups have; it was superseded when all of them were. */
static void conclude(struct cluster_operation *operation)
{
    bool superseded = operation->group_count > 0;

    for (size_t i = 0; i < operation->group_count; i++) {
        if (operation->groups[i].state == OPERATION_IN_PROGRESS)
            return;
        superseded = superseded && operation->groups[i].state == OPERATION_SUPERSEDED;
    }
    operation->state = superseded ? OPERATION_SUPERSEDED : OPERATION_DONE;
}

static struct operation_group *group_in(struct cluster_operation *operation, struct str name)
{
    for (size_t i = 0; i < operation->group_count; i++)
        if (str_eq(operation->groups[i].name, name))
            return &operation->groups[i];
    return NULL;
}

static void end_group(struct cluster *cluster, bool health_check, struct str name,
                      const struct cluster_operation *but, enum operation_state state)
{
    struct cluster_operation *operation;

    list_each (operation, &cluster->operations) {
        if (operation == but || operation->health_check != health_check ||
            operation->state != OPERATION_IN_PROGRESS)
            continue;
        struct operation_group *group = group_in(operation, name);
        if (group == NULL || group->state != OPERATION_IN_PROGRESS)
            continue;
        group->state = state;
        conclude(operation);
    }
}

void operation_take(struct cluster *cluster, struct cluster_operation *operation,
                    const struct node_group *group, struct counts original, struct counts desired)
{
    size_t size = (operation->group_count + 1) * sizeof *operation->groups;

    if (!operation->health_check)
        end_group(cluster, false, group->name, operation, OPERATION_SUPERSEDED);
    operation->groups = realloc(operation->groups, size);
    if (operation->groups == NULL)
        abort();
    operation->groups[operation->group_count++] =
        (struct operation_group){text_of(group->name), OPERATION_IN_PROGRESS, original, desired};
}

struct cluster_operation *operation_of(const struct cluster *cluster, bool health_check,
                                       struct str name)
{
    struct cluster_operation *operation;

    for (size_t i = cluster->operations.count; i-- > 0;) {
        operation = cluster->operations.items[i];
        if (operation->health_check != health_check || operation->state != OPERATION_IN_PROGRESS)
            continue;
        struct operation_group *group = group_in(operation, name);
        if (group != NULL && group->state == OPERATION_IN_PROGRESS)
            return operation;
    }
    return NULL;
}

void operation_group_done(struct cluster *cluster, bool health_check, struct str group)
{
    end_group(cluster, health_check, group, NULL, OPERATION_DONE);
}

struct cluster_operation *operation_by_id(const struct cluster *cluster, struct str id)
{
    struct cluster_operation *operation;
    list_each (operation, &cluster->operations) {
        if (str_is(id, operation->id))
            return operation;
    }
    return NULL;
}

struct counts counts_of(const struct node_group *group)
{
    return (struct counts){group_current(group), spec_count(group->spec),
                           spec_minimum(group->spec)};
}
