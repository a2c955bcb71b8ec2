#include "cluster_bench.h"

#define LIVE(status, groups) "{\"ClusterStatus\":\"" status "\",\"InstanceGroups\":[" groups "]}"
#define A(current, target, more)                                                                   \
    "{\"InstanceGroupName\":\"a\",\"CurrentCount\":" #current ",\"TargetCount\":" #target more "}"

START_TEST(ready_is_in_service_with_all_counts_and_nothing_running)
{
    static const struct {
        const char *live;
        bool ready;
    } rows[] = {
        {LIVE("InService", A(2, 2, ",\"Status\":\"InService\"")), true},
        {LIVE("InService", A(2, 2, "")), true}, /* an emulator gives no status of groups */
        {LIVE("InService", A(2, 2, ",\"ActiveOperations\":{\"Scaling\":0}")), true},
        {LIVE("InService", A(2, 2, ",\"ActiveOperations\":{\"Scaling\":1}")), false},
        {LIVE("InService", A(1, 2, "")), false},
        {LIVE("InService", A(2, 2, ",\"Status\":\"Degraded\"")), false},
        {LIVE("Creating", A(2, 2, "")), false},
        {LIVE("Updating", A(2, 2, "")), false},
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(cluster_is_ready(json(arena, rows[i].live)) == rows[i].ready, "%s",
                      rows[i].live);
    arena_free(arena);
}
END_TEST

START_TEST(aws_aims_at_the_change_when_counts_match_and_removed_groups_are_gone)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *before = groups(arena, "{\"a\":{\"instance_count\":1},\"b\":{}}");
    const struct cty_value *wanted = groups(arena, "{\"a\":{\"instance_count\":2}}");
    const char *foreign = ",{\"InstanceGroupName\":\"z\"}";

    ck_assert(cluster_aims_at(json(arena, LIVE("InService", A(1, 2, ""))), wanted, before));
    ck_assert(!cluster_aims_at(json(arena, LIVE("InService", A(2, 1, ""))), wanted, before));
    ck_assert(!cluster_aims_at(json(arena, LIVE("InService", "")), wanted, before));
    ck_assert(!cluster_aims_at(
        json(arena, LIVE("InService", A(2, 2, "") ",{\"InstanceGroupName\":\"b\"}")), wanted,
        before));
    const char *text =
        arena_z(arena, arena_fmt(arena, "{\"InstanceGroups\":[%s%s]}", A(2, 2, ""), foreign));
    ck_assert(cluster_aims_at(json(arena, text), wanted, before));
    arena_free(arena);
}
END_TEST

START_TEST(a_rollback_names_what_was_asked_for_and_what_aws_aims_at)
{
    struct arena *arena = arena_new(1 << 22);
    const struct cty_value *wanted =
        groups(arena, "{\"a\":{\"instance_count\":4},\"b\":{\"instance_count\":1}}");

    ck_assert_str(cluster_gaps(arena, json(arena, LIVE("InService", A(2, 2, ""))), wanted),
                  S("- group \"a\": 4 nodes were asked for, and AWS aims at 2\n"
                    "- group \"b\" was asked for, and AWS has none of this name\n"));
    ck_assert_str(cluster_gaps(arena, json(arena, LIVE("InService", A(2, 2, ""))), NULL), S(""));
    arena_free(arena);
}
END_TEST

START_TEST(a_change_that_is_not_seen_yet_is_given_a_moment)
{
    static const struct {
        bool creating, saw_work;
        int64_t age_ms;
        bool unseen;
    } rows[] = {
        {.age_ms = 0, .unseen = true},
        {.age_ms = 60000, .unseen = false},
        {.saw_work = true, .unseen = false},
        {.creating = true, .unseen = false},
    };
    struct arena *arena = arena_new(1 << 22);
    struct doc *live = json(arena, LIVE("InService", A(2, 2, ",\"ExecutionRole\":\"old\"")));

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cluster_wait wait = {
            .wanted = groups(arena, "{\"a\":{\"instance_count\":2,\"execution_role\":\"new\"}}"),
            .live = live,
            .creating = rows[i].creating,
            .saw_work = rows[i].saw_work};
        ck_assert_msg(cluster_is_unseen(arena, &wait, rows[i].age_ms) == rows[i].unseen, "%zu", i);
        wait.wanted = groups(arena, "{\"a\":{\"instance_count\":2,\"execution_role\":\"old\"}}");
        ck_assert(!cluster_is_unseen(arena, &wait, rows[i].age_ms));
    }
    arena_free(arena);
}
END_TEST

START_TEST(only_statuses_in_which_aws_works_are_busy)
{
    ck_assert(cluster_is_busy(S("Creating")) && cluster_is_busy(S("RollingBack")));
    ck_assert(!cluster_is_busy(S("InService")) && !cluster_is_busy(S("Failed")));
    ck_assert(!cluster_is_busy(S("")));
}
END_TEST

TESTS("hyperpod/cluster_wait", ready_is_in_service_with_all_counts_and_nothing_running,
      aws_aims_at_the_change_when_counts_match_and_removed_groups_are_gone,
      a_rollback_names_what_was_asked_for_and_what_aws_aims_at,
      a_change_that_is_not_seen_yet_is_given_a_moment, only_statuses_in_which_aws_works_are_busy)
