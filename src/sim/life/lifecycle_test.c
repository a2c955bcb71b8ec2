/* Time: it makes no difference when somebody looks. */
#include "ground/moving.h"
#include <hp/base/buf.h>
#include <hp/base/test.h>
#include <hp/doc/doc.h>
#include <hp/sim/sim.h>

static const struct world world = {
    .now_ms = moving_now_ms, .tick_ms = moving_now_ms, .random = moving_random};

static struct sim *new_sim(void)
{
    struct sim_options options = {
        .no_auth = true, .time_scale = 1, .has_seed = true, .seed = 1, .log_fd = -1};
    struct sim_error error;
    wall_ms = INT64_C(1800000000000);
    return sim_new(&world, &options, &error);
}

static struct str ask(struct sim *sim, struct arena *arena, const char *what, const char *body)
{
    struct sim_header header = {S("X-Amz-Target"), arena_fmt(arena, "SageMaker.%s", what)};
    bool control = what[0] == '/';
    struct sim_request request = {.method = control && body[0] == 0 ? S("GET") : S("POST"),
                                  .uri = control ? str_of(what) : S("/"),
                                  .headers = &header,
                                  .header_count = control ? 0 : 1,
                                  .body = str_of(body)};
    struct sim_answer answer;
    sim_answer(sim, arena, &request, &answer);
    ck_assert_msg(answer.status == 200, "%s: %.*s", what, STR(answer.body));
    return answer.body;
}

#define GROUP(name, count, type, more)                                                             \
    "{\"InstanceGroupName\":\"" name "\",\"InstanceCount\":" count ",\"InstanceType\":\"" type     \
    "\",\"ExecutionRole\":\"arn:aws:iam::111122223333:role/hp\",\"LifeCycleConfig\":"              \
    "{\"SourceS3Uri\":\"s3://b/p\",\"OnCreate\":\"on_create.sh\"}" more "}"
#define VPC                                                                                        \
    "\"VpcConfig\":{\"SecurityGroupIds\":[\"sg-0a1b2c3d4e5f60718\"],\"Subnets\":"                  \
    "[\"subnet-0a1b2c3d4e5f60718\",\"subnet-0a1b2c3d4e5f60719\"]}"

/* What happens in the story, and how many minutes later than the line before. */
static const struct {
    int minutes;
    const char *what, *body;
} story[] = {
    {0, "/_sim/conditions", "{\"kind\":\"script_fails\",\"node\":2,\"times\":3}"},
    {0, "/_sim/conditions",
     "{\"kind\":\"no_capacity\",\"instance_type\":\"ml.m5.large\",\"nodes\":2,"
     "\"for_seconds\":16000}"},
    {0, "/_sim/conditions", "{\"kind\":\"node_dies\",\"group\":\"a\",\"after_seconds\":5000}"},
    {1, "CreateCluster",
     "{\"ClusterName\":\"c\"," VPC ",\"NodeProvisioningMode\":\"Continuous\",\"Orchestrator\":"
     "{\"Eks\":{\"ClusterArn\":\"arn:aws:eks:us-east-1:111122223333:cluster/sim\"}},"
     "\"InstanceGroups\":[" GROUP("a", "3", "ml.c5.large", "") "," GROUP(
         "b", "4", "ml.m5.large", ",\"MinInstanceCount\":3") "]}"},
    {2, "CreateCluster",
     "{\"ClusterName\":\"classic\",\"InstanceGroups\":[" GROUP("a", "3", "ml.g5.xlarge", "") "]}"},
    {31, "UpdateCluster",
     "{\"ClusterName\":\"c\",\"InstanceGroups\":[" GROUP("a", "6", "ml.c5.large", "") "," GROUP(
         "n", "2", "ml.g5.xlarge", ",\"OnStartDeepHealthChecks\":[\"InstanceStress\"]") "]}"},
    {200, "UpdateClusterSoftware",
     "{\"ClusterName\":\"c\",\"DeploymentConfig\":{\"RollingUpdatePolicy\":{\"MaximumBatchSize\":"
     "{\"Type\":\"INSTANCE_COUNT\",\"Value\":2}},\"WaitIntervalInSeconds\":77}}"},
    {300, "UpdateCluster", "{\"ClusterName\":\"c\",\"InstanceGroupsToDelete\":[\"a\"]}"},
    {1, "DeleteCluster", "{\"ClusterName\":\"classic\"}"},
    {120, "/_sim/conditions", "{\"kind\":\"alarm\",\"alarm\":\"none\"}"},
};

/* The state after the story; somebody looks each `every_ms` (0: nobody does). */
static struct str tell(struct arena *arena, int64_t every_ms)
{
    struct sim *sim = new_sim();

    for (size_t i = 0; i < sizeof story / sizeof story[0]; i++) {
        int64_t until = wall_ms + (int64_t)story[i].minutes * 60 * 1000;
        while (every_ms > 0 && wall_ms + every_ms < until) {
            scoped(arena_freep) struct arena *look = arena_new(64 << 20);
            wall_ms += every_ms;
            ask(sim, look, "ListClusters", "{}");
        }
        wall_ms = until;
        ask(sim, arena, story[i].what, story[i].body);
    }
    struct str state = ask(sim, arena, "/_sim/state", "");
    struct str events = ask(sim, arena, "ListClusterEvents", "{\"ClusterName\":\"c\"}");
    struct str nodes = ask(sim, arena, "ListClusterNodes", "{\"ClusterName\":\"c\"}");
    struct str all = arena_cat(arena, arena_cat(arena, state, events), nodes);
    sim_free(sim);
    return all;
}

START_TEST(who_looks_all_the_time_sees_what_who_looks_once_sees)
{
    scoped(arena_freep) struct arena *arena = arena_new(256 << 20);

    struct str never = tell(arena, 0), often = tell(arena, 7777), seldom = tell(arena, 1800000);

    ck_assert(str_has(never, S("Instance likely experienced a hardware failure")));
    ck_assert(str_has(never, S("exit code 1")));
    ck_assert_str(often, never);
    ck_assert_str(seldom, never);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_story)
{
    scoped(arena_freep) struct arena *arena = arena_new(256 << 20);

    ck_assert_str(tell(arena, 0), tell(arena, 0));
}
END_TEST

TESTS("sim/lifecycle", who_looks_all_the_time_sees_what_who_looks_once_sees,
      the_same_seed_gives_the_same_story)
