/* The client against hyperpod-sim, which answers by code of its own. Skipped where it is not
 * built. */
#include <hp/aws/client.h>
#include <hp/aws/ops.h>
#include <hp/base/test.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *sim_path(void)
{
    const char *named = getenv("HYPERPOD_SIM");
    return named != NULL ? named : HP_BINARY_DIR "/bin/hyperpod-sim";
}

__attribute__((constructor)) static void skip_without_sim(void)
{
    if (access(sim_path(), X_OK) == 0)
        return;
    printf("skipped: %s is not there (build the target hyperpod-sim, or name it by HYPERPOD_SIM)\n",
           sim_path());
    fflush(stdout);
    _exit(77);
}

struct sim {
    pid_t pid;
    char url[64];
    struct arena *arena;
    struct aws_client *client;
    struct aws_context context;
    struct aws_error error;
    struct doc *answer;
};

static void sim_start(struct sim *sim)
{
    int out[2];
    char line[128] = {0};
    ck_assert_int_eq(pipe(out), 0);
    sim->pid = fork();
    if (sim->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        execl(sim_path(), "hyperpod-sim", "--port", "0", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    for (size_t len = 0; len + 1 < sizeof line && strchr(line, '\n') == NULL;) {
        ssize_t got = read(out[0], line + len, sizeof line - 1 - len);
        ck_assert_int_gt(got, 0);
        len += (size_t)got;
    }
    close(out[0]);
    ck_assert_int_eq(sscanf(line, "ready %63s", sim->url), 1);
}

static void client_begin(struct sim *sim, struct str secret_key)
{
    const struct aws_endpoint endpoints[] = {{S("ec2"), str_of(sim->url)},
                                             {S("sts"), str_of(sim->url)},
                                             {S("sagemaker"), str_of(sim->url)}};
    const struct aws_config config = {.region = S("us-west-2"),
                                      .access_key = S("AKIASIMULATEDACCOUNT"),
                                      .secret_key = secret_key,
                                      .endpoints = endpoints,
                                      .endpoint_count = 3,
                                      .max_retries = -1};
    bool made = aws_client_new(world_of_process(), &config, sim->arena, &sim->client, &sim->error);
    ck_assert_msg(made, "%.*s", STR(sim->error.message));
    sim->context = (struct aws_context){.client = sim->client, .arena = sim->arena};
}

static void sim_begin(struct sim *sim)
{
    memset(sim, 0, sizeof *sim);
    sim->arena = arena_new(64 << 20);
    sim_start(sim);
    client_begin(sim, S("simulated-secret"));
}

static void sim_end(struct sim *sim)
{
    aws_client_free(sim->client);
    kill(sim->pid, SIGTERM);
    waitpid(sim->pid, NULL, 0);
    arena_free(sim->arena);
}

/* A control call, by the tool every machine here has. */
static void order_fault(struct sim *sim, const char *json)
{
    struct str command = arena_fmt(sim->arena,
                                   "curl -sf -o /dev/null -X POST -H 'Content-Type: "
                                   "application/json' -d '%s' %s/_sim/faults",
                                   json, sim->url);
    ck_assert_int_eq(system(command.ptr), 0);
}

static bool call(struct sim *sim, const struct aws_op *op, const char *json)
{
    struct doc *input = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(sim->arena, arena_str(sim->arena, str_of(json)), NULL, &input, &error));
    return aws_call(&sim->context, op, input, &sim->answer, &sim->error);
}

static const char group[] = "{\"GroupName\":\"g\",\"Description\":\"d + e\",\"VpcId\":"
                            "\"vpc-0a1b2c3d4e5f60718\",\"TagSpecifications\":[{\"ResourceType\":"
                            "\"security-group\",\"Tags\":[{\"Key\":\"k 1\",\"Value\":\"ü&=\"}]}]}";

START_TEST(the_account_is_told)
{
    struct sim sim;
    struct aws_identity identity;
    sim_begin(&sim);

    ck_assert(aws_caller_identity(&sim.context, &identity, &sim.error));
    ck_assert_str(identity.account, S("111122223333"));
    sim_end(&sim);
}
END_TEST

START_TEST(a_wrong_secret_is_refused)
{
    struct sim sim;
    sim_begin(&sim);
    aws_client_free(sim.client);
    client_begin(&sim, S("another"));

    ck_assert(!call(&sim, &aws_ec2_DescribeVpcs, "{}"));
    ck_assert_int_eq(sim.error.kind, AWS_CREDENTIALS);
    ck_assert_uint_eq(sim.error.attempts, 1);
    sim_end(&sim);
}
END_TEST

START_TEST(a_security_group_lives_and_goes)
{
    struct sim sim;
    sim_begin(&sim);

    ck_assert(call(&sim, &aws_ec2_DescribeVpcs, "{}"));
    ck_assert_uint_eq(doc_get(sim.answer, S("Vpcs"))->count, 1);
    ck_assert(call(&sim, &aws_ec2_CreateSecurityGroup, group));
    struct str id = doc_get_text(sim.answer, S("GroupId"));
    ck_assert_str(doc_get_text(doc_get(sim.answer, S("Tags"))->first->value, S("Value")), S("ü&="));
    ck_assert(!call(&sim, &aws_ec2_CreateSecurityGroup, group));
    ck_assert_int_eq(sim.error.kind, AWS_IN_USE);
    ck_assert(sim.error.request_id.len > 0);

    const char *self = arena_fmt(sim.arena,
                                 "{\"GroupId\":\"%.*s\",\"IpPermissions\":[{\"IpProtocol\":\"-1\","
                                 "\"UserIdGroupPairs\":[{\"GroupId\":\"%.*s\"}]}]}",
                                 STR(id), STR(id))
                           .ptr;
    ck_assert(call(&sim, &aws_ec2_AuthorizeSecurityGroupIngress, self));
    ck_assert_uint_eq(doc_get(sim.answer, S("SecurityGroupRules"))->count, 1);

    const char *gone = arena_fmt(sim.arena, "{\"GroupId\":\"%.*s\"}", STR(id)).ptr;
    ck_assert(call(&sim, &aws_ec2_DeleteSecurityGroup, gone));
    ck_assert(!call(&sim, &aws_ec2_DeleteSecurityGroup, gone));
    ck_assert_int_eq(sim.error.kind, AWS_NOT_FOUND);
    sim_end(&sim);
}
END_TEST

START_TEST(throttling_passes_unnoticed)
{
    struct sim sim;
    sim_begin(&sim);
    order_fault(&sim, "{\"kind\":\"throttle\",\"operation\":\"DescribeVpcs\",\"times\":1}");

    ck_assert(call(&sim, &aws_ec2_DescribeVpcs, "{}"));
    sim_end(&sim);
}
END_TEST

START_TEST(a_group_whose_answer_was_lost_is_there_once)
{
    static const char *const kinds[] = {"lost", "cut"};
    for (size_t i = 0; i < 2; i++) {
        struct sim sim;
        sim_begin(&sim);
        ck_assert(call(&sim, &aws_ec2_DescribeVpcs, "{}")); /* a connection that is warm */
        order_fault(&sim, arena_fmt(sim.arena,
                                    "{\"kind\":\"%s\",\"operation\":\"CreateSecurityGroup\","
                                    "\"times\":1}",
                                    kinds[i])
                              .ptr);

        ck_assert(!call(&sim, &aws_ec2_CreateSecurityGroup, group));
        ck_assert_int_eq(sim.error.kind, AWS_NETWORK);
        ck_assert(sim.error.maybe_done);
        ck_assert_uint_eq(sim.error.attempts, 1);
        ck_assert(call(&sim, &aws_ec2_DescribeSecurityGroups,
                       "{\"Filters\":[{\"Name\":\"group-name\",\"Values\":[\"g\"]}]}"));
        ck_assert_uint_eq(doc_get(sim.answer, S("SecurityGroups"))->count, 1);
        sim_end(&sim);
    }
}
END_TEST

START_TEST(a_connection_that_is_reset_is_made_anew)
{
    struct sim sim;
    sim_begin(&sim);
    order_fault(&sim, "{\"kind\":\"reset\",\"operation\":\"DescribeVpcs\",\"times\":2}");

    ck_assert(call(&sim, &aws_ec2_DescribeVpcs, "{}"));
    sim_end(&sim);
}
END_TEST

START_TEST(a_request_that_came_too_late_is_signed_anew)
{
    struct sim sim;
    sim_begin(&sim);
    order_fault(&sim, "{\"kind\":\"skew\",\"operation\":\"DescribeVpcs\",\"times\":1}");

    ck_assert(call(&sim, &aws_ec2_DescribeVpcs, "{}"));
    sim_end(&sim);
}
END_TEST

START_TEST(a_token_that_has_expired_is_told)
{
    struct sim sim;
    sim_begin(&sim);
    order_fault(&sim, "{\"kind\":\"expired\"}");

    ck_assert(!call(&sim, &aws_sagemaker_ListClusters, "{}"));
    ck_assert_int_eq(sim.error.kind, AWS_EXPIRED);
    sim_end(&sim);
}
END_TEST

TESTS("aws/sim", the_account_is_told, a_wrong_secret_is_refused, a_security_group_lives_and_goes,
      throttling_passes_unnoticed, a_group_whose_answer_was_lost_is_there_once,
      a_connection_that_is_reset_is_made_anew, a_request_that_came_too_late_is_signed_anew,
      a_token_that_has_expired_is_told)
