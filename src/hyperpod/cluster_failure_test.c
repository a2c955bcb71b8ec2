#include "cluster_bench.h"

START_TEST(known_words_lead_to_a_cause)
{
    static const struct {
        const char *message, *remedy;
    } rows[] = {
        {"EFA health checks did not run successfully. Ensure that your VPC and security groups are "
         "properly configured before attempting to create a new cluster.",
         "self rules"},
        {"We currently do not have sufficient capacity to launch new ml.p5.48xlarge instances.",
         "another type"},
        {"Lifecycle scripts did not run successfully. View lifecycle script logs", "log group"},
        {"Lifecycle scripts execution timed out", "last line"},
        {"The subnet 'subnet-1' does not exist", "subnet_ids"},
        {"The security group 'sg-1' does not exist", "security_group_ids"},
        {"Failed to provision EC2 instance: The specified subnet does not have enough free "
         "addresses "
         "to satisfy the request.",
         "larger subnet"},
        {"The maximum number of instances for ml.p5.48xlarge has been reached", "cluster usage"},
        {"Instance bootstrap failed because of network misconfiguration", "DNS"},
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cluster_cause *cause = cluster_cause_of(arena, str_of(rows[i].message));
        ck_assert_msg(cause != NULL, "%s", rows[i].message);
        ck_assert_msg(str_has(str_of(cause->remedy), str_of(rows[i].remedy)), "%s", cause->remedy);
    }
    ck_assert_ptr_null(cluster_cause_of(arena, S("Something new")));
    arena_free(arena);
}
END_TEST

START_TEST(a_failure_names_words_groups_nodes_cause_and_logs)
{
    struct arena *arena = arena_new(1 << 22);
    struct tf_call call = {.arena = arena};
    const struct doc *live =
        json(arena,
             "{\"ClusterName\":\"c\",\"ClusterArn\":\"arn:aws:sagemaker:us-west-2:1:cluster/"
             "abcdefghijkl\",\"ClusterStatus\":\"Failed\",\"FailureMessage\":\"It broke.\","
             "\"InstanceGroups\":[{\"InstanceGroupName\":\"ok\",\"CurrentCount\":1,\"TargetCount\":"
             "1},{\"InstanceGroupName\":\"w\",\"CurrentCount\":0,\"TargetCount\":2,\"Status\":"
             "\"Failed\"}]}");
    const struct doc *nodes =
        json(arena, "[{\"InstanceId\":\"i-1\",\"InstanceGroupName\":\"w\",\"InstanceStatus\":{"
                    "\"Status\":\"Failure\",\"Message\":\"Lifecycle scripts did not run "
                    "successfully\"}},{\"InstanceId\":\"i-2\",\"InstanceStatus\":{\"Status\":"
                    "\"Running\"}}]");

    struct str text = cluster_failure(&call, live, nodes);

    ck_assert(str_has(text, S("AWS says: It broke.")));
    ck_assert(str_has(text, S("- group \"w\": 0 of 2 nodes, Failed")));
    ck_assert(str_has(text, S("- node i-1 of group \"w\": Failure: Lifecycle scripts")));
    ck_assert(!str_has(text, S("\"ok\"")) && !str_has(text, S("i-2")));
    ck_assert(str_has(text, S("Cause: A lifecycle script ended with an error")));
    ck_assert(str_has(text, S("/aws/sagemaker/Clusters/c/abcdefghijkl")));
    arena_free(arena);
}
END_TEST

START_TEST(a_full_subnet_is_told_as_the_subnets_fault_and_nothing_is_said_to_stand_below)
{
    static const char *const nodes[] = {
        "[]", "[{\"InstanceId\":\"i-1\",\"InstanceStatus\":{\"Status\":\"Failure\",\"Message\":"
              "\"The specified subnet does not have enough free addresses.\"}}]"};
    static const char *const causes[] = {"An instance could not be started",
                                         "A subnet has too few free addresses"};
    struct arena *arena = arena_new(1 << 22);
    struct tf_call call = {.arena = arena};
    const struct doc *live =
        json(arena, "{\"ClusterName\":\"c\",\"ClusterStatus\":\"InService\",\"FailureMessage\":"
                    "\"Failed to provision EC2 instance.\"}");

    for (size_t i = 0; i < 2; i++) {
        struct str text = cluster_failure(&call, live, json(arena, nodes[i]));
        ck_assert_msg(str_has(text, str_of(causes[i])), "%.*s", STR(text));
        ck_assert_msg(!str_has(text, S("below")), "%.*s", STR(text));
    }
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/cluster_failure", known_words_lead_to_a_cause,
      a_full_subnet_is_told_as_the_subnets_fault_and_nothing_is_said_to_stand_below,
      a_failure_names_words_groups_nodes_cause_and_logs)
