/* Objects of other providers that become ours, their identities, and the configurations that
 * describe them: told without AWS. */
#include "hyperpod.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>
#include <hp/tf/server.h>

struct scene {
    struct arena *arena;
    struct tf_server *server;
    const struct tf_offer *offer;
    struct tf_rpc rpc;
    struct tf_state_answer answer;
};

static struct scene begin(const char *type)
{
    struct scene scene = {.arena = arena_new(32 << 20),
                          .server = tf_server_new(&hp_provider, world_of_process())};
    scene.offer = tf_offer_find(scene.server, TF_RESOURCE, str_of(type));
    scene.rpc = (struct tf_rpc){.arena = scene.arena, .diags = diags_in(scene.arena)};
    return scene;
}

static void end(struct scene *scene)
{
    tf_server_free(scene->server);
    arena_free(scene->arena);
}

static struct scene moved(const char *to, const char *provider, const char *from, const char *json)
{
    struct scene scene = begin(to);
    struct tf_move_request request = {
        .provider = str_of(provider), .type = str_of(from), .json = str_of(json)};
    tf_move_resource(scene.server, &scene.rpc, scene.offer, &request, &scene.answer);
    return scene;
}

static struct str member(const struct scene *scene, const char *path)
{
    const struct cty_value *value = cty_at(scene->answer.state, cty_path_of(scene->arena, path));
    if (value == NULL || cty_is_null(value))
        return S("null");
    if (value->type->kind == CTY_NUMBER)
        return cty_number_text(scene->arena, &value->number);
    if (value->type->kind == CTY_BOOL)
        return value->truth ? S("true") : S("false");
    return value->type->kind == CTY_STRING ? value->text : S("known");
}

#define ck_assert_members(scene, ...)                                                              \
    do {                                                                                           \
        static const char *const pairs[][2] = {__VA_ARGS__};                                       \
        ck_assert_msg((scene)->rpc.diags.first == NULL, "%.*s",                                    \
                      STR((scene)->rpc.diags.first->detail));                                      \
        for (size_t n_ = 0; n_ < sizeof pairs / sizeof pairs[0]; n_++)                             \
            ck_assert_msg(str_is(member(scene, pairs[n_][0]), pairs[n_][1]), "%s is %.*s",         \
                          pairs[n_][0], STR(member(scene, pairs[n_][0])));                         \
    } while (0)

/* As terraform writes the state of awscc_sagemaker_cluster 1.96, shortened. */
static const char awscc[] =
    "{\"auto_scaling\": null, \"cluster_arn\": "
    "\"arn:aws:sagemaker:eu-west-1:111122223333:cluster/abcdefghij12\", \"cluster_name\": \"ml\", "
    "\"cluster_status\": \"InService\", \"creation_time\": \"2026-11-01T10:00:00Z\", "
    "\"failure_message\": null, \"id\": "
    "\"arn:aws:sagemaker:eu-west-1:111122223333:cluster/abcdefghij12\", \"instance_groups\": "
    "[{\"current_count\": 2, \"execution_role\": \"arn:aws:iam::111122223333:role/r\", "
    "\"instance_count\": 2, \"instance_group_name\": \"workers\", \"instance_storage_configs\": "
    "[{\"ebs_volume_config\": {\"root_volume\": null, \"volume_kms_key_id\": null, "
    "\"volume_size_in_gb\": 500}}], \"instance_type\": \"ml.p5.48xlarge\", \"life_cycle_config\": "
    "{\"on_create\": \"on_create.sh\", \"source_s3_uri\": \"s3://sagemaker-x/y\"}, "
    "\"on_start_deep_health_checks\": [\"InstanceStress\"], \"threads_per_core\": 1}, "
    "{\"instance_group_name\": \"head\", \"instance_count\": 1, \"instance_type\": "
    "\"ml.m5.xlarge\", \"execution_role\": \"arn:aws:iam::111122223333:role/r\"}], "
    "\"node_recovery\": \"None\", \"orchestrator\": {\"eks\": {\"cluster_arn\": "
    "\"arn:aws:eks:eu-west-1:111122223333:cluster/e\"}}, \"tags\": [{\"key\": \"Team\", \"value\": "
    "\"ml\"}, {\"key\": \"Empty\", \"value\": null}], \"vpc_config\": {\"security_group_ids\": "
    "[\"sg-1\"], \"subnets\": [\"subnet-1\", \"subnet-2\"]}}";

START_TEST(a_cluster_of_awscc_becomes_ours_with_its_groups_by_name)
{
    struct scene scene = moved("hyperpod_cluster", "registry.terraform.io/hashicorp/awscc",
                               "awscc_sagemaker_cluster", awscc);
    ck_assert_members(
        &scene, {"cluster_name", "ml"}, {"id", "ml"}, {"region", "eu-west-1"},
        {"arn", "arn:aws:sagemaker:eu-west-1:111122223333:cluster/abcdefghij12"},
        {"status", "InService"}, {"node_recovery", "None"},
        {"eks.cluster_arn", "arn:aws:eks:eu-west-1:111122223333:cluster/e"},
        {"vpc_config.subnet_ids", "known"}, {"instance_groups[\"workers\"].instance_count", "2"},
        {"instance_groups[\"workers\"].instance_type", "ml.p5.48xlarge"},
        {"instance_groups[\"workers\"].lifecycle_config.on_create", "on_create.sh"},
        {"instance_groups[\"workers\"].threads_per_core", "1"},
        {"instance_groups[\"workers\"].instance_storage_configs", "known"},
        {"instance_groups[\"head\"].instance_count", "1"},
        {"instance_groups[\"head\"].lifecycle_config", "null"}, {"tags[\"Team\"]", "ml"},
        {"tags[\"Empty\"]", ""}, {"tags_all[\"Team\"]", "ml"});
    ck_assert_str(tf_str(scene.answer.identity, "cluster_name"), S("ml"));
    ck_assert_str(tf_str(scene.answer.identity, "region"), S("eu-west-1"));
    ck_assert_str(tf_str(scene.answer.identity, "account_id"), S("111122223333"));
    end(&scene);
}
END_TEST

START_TEST(a_state_of_awscc_that_says_too_little_is_refused_with_a_way)
{
    static const char *const cases[] = {"{}", "{\"cluster_name\": \"ml\"}",
                                        "{\"cluster_arn\": \"arn:aws:x\"}"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene scene =
            moved("hyperpod_cluster", "awscc", "awscc_sagemaker_cluster", cases[i]);
        ck_assert_ptr_null(scene.answer.state);
        ck_assert(str_has(scene.rpc.diags.first->detail, S("`import`")));
        end(&scene);
    }
    struct scene scene = moved("hyperpod_cluster", "hashicorp/awscc", "awscc_sagemaker_cluster",
                               "{\"cluster_name\": \"ml\", \"cluster_arn\": \"arn:aws:x:r:r:1\", "
                               "\"orchestrator\": {\"eks\": \"odd\"}}");
    ck_assert(str_has(scene.rpc.diags.first->detail, S("makes no sense here: eks")));
    end(&scene);
}
END_TEST

/* As aws provider 6 stores it; provider 5 has no region. */
#define AWS_GROUP(more)                                                                            \
    "{\"arn\": \"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b\", \"description\": "   \
    "\"Managed by Terraform\", \"egress\": [], \"id\": \"sg-0a1b\", \"ingress\": [], \"name\": "   \
    "\"nodes\", \"name_prefix\": \"\", \"owner_id\": \"111122223333\", " more                      \
    "\"revoke_rules_on_delete\": true, \"tags\": {\"Name\": \"n\"}, \"tags_all\": {\"Name\": "     \
    "\"n\", \"Project\": \"p\"}, \"timeouts\": null, \"vpc_id\": \"vpc-1\"}"

START_TEST(a_group_of_aws_becomes_ours)
{
    static const char *const states[] = {AWS_GROUP("\"region\": \"eu-west-1\", "), AWS_GROUP("")};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene =
            moved("hyperpod_efa_security_group", "registry.opentofu.org/hashicorp/aws",
                  "aws_security_group", states[i]);
        ck_assert_members(&scene, {"id", "sg-0a1b"}, {"name", "nodes"}, {"name_prefix", "null"},
                          {"description", "Managed by Terraform"}, {"vpc_id", "vpc-1"},
                          {"region", "eu-west-1"}, {"owner_id", "111122223333"},
                          {"revoke_rules_on_delete", "true"}, {"tags[\"Name\"]", "n"},
                          {"tags_all[\"Project\"]", "p"}, {"rule_ids", "null"},
                          {"internet_egress", "null"});
        ck_assert_str(tf_str(scene.answer.identity, "id"), S("sg-0a1b"));
        ck_assert_str(tf_str(scene.answer.identity, "account_id"), S("111122223333"));
        end(&scene);
    }
}
END_TEST

START_TEST(no_type_takes_what_is_not_of_it)
{
    struct scene scene = moved("hyperpod_cluster", "registry.terraform.io/hashicorp/aws",
                               "aws_security_group", AWS_GROUP(""));
    ck_assert_ptr_null(scene.answer.state);
    ck_assert(str_has(scene.rpc.diags.first->detail, S("awscc_sagemaker_cluster")));
    end(&scene);
    scene = moved("hyperpod_efa_security_group", "hashicorp/aws", "aws_security_group",
                  "{\"name\": \"n\"}");
    ck_assert(str_has(scene.rpc.diags.first->detail, S("has no id")));
    end(&scene);
}
END_TEST

START_TEST(parts_of_an_arn_are_found_and_missing_ones_are_empty)
{
    struct str arn = S("arn:aws:ec2:us-west-2:111122223333:security-group/sg-1");
    ck_assert_str(hp_arn_part(arn, 3), S("us-west-2"));
    ck_assert_str(hp_arn_part(arn, 4), S("111122223333"));
    ck_assert_str(hp_arn_part(S("arn:aws"), 4), S(""));
    ck_assert_str(hp_arn_part(S(""), 0), S(""));
}
END_TEST

static const struct cty_value *generated(struct scene *scene, const char *json)
{
    const struct cty_value *state = NULL;
    struct cty_error error = {0};
    ck_assert_msg(
        cty_from_json(scene->arena, scene->offer->type, str_of(json), CTY_WIRE, &state, &error),
        "%.*s", STR(error.message));
    const struct cty_value *config =
        tf_generate_config(scene->server, &scene->rpc, scene->offer, state);
    ck_assert_ptr_nonnull(config);
    tf_validate(scene->server, &scene->rpc, scene->offer, config);
    ck_assert_msg(scene->rpc.diags.first == NULL, "%.*s", STR(scene->rpc.diags.first->detail));
    return config;
}

START_TEST(a_configuration_of_a_group_says_what_is_not_a_default)
{
    struct scene scene = begin("hyperpod_efa_security_group");
    scene.answer.state = generated(
        &scene, "{\"id\": \"sg-1\", \"name\": \"nodes\", \"vpc_id\": \"vpc-1\", \"region\": "
                "\"us-west-2\", \"description\": \"EFA traffic between HyperPod nodes\", "
                "\"internet_egress\": true, \"ipv6\": true, \"exclusive\": false, \"arn\": \"a\", "
                "\"tags\": {}, \"tags_all\": {}, \"https_ingress_cidr_blocks\": [\"10.0.0.0/16\"], "
                "\"rule_ids\": {\"self_ingress\": \"sgr-1\"}, \"foreign_rules\": [], "
                "\"revoke_rules_on_delete\": false}");
    ck_assert_members(&scene, {"name", "nodes"}, {"vpc_id", "vpc-1"}, {"ipv6", "true"},
                      {"internet_egress", "null"}, {"description", "null"}, {"id", "null"},
                      {"tags", "null"}, {"rule_ids", "null"}, {"arn", "null"},
                      {"https_ingress_cidr_blocks", "known"});
    end(&scene);
}
END_TEST

START_TEST(a_configuration_of_an_adopted_group_says_only_what_is_ours)
{
    struct scene scene = begin("hyperpod_efa_security_group");
    scene.answer.state = generated(
        &scene, "{\"id\": \"sg-1a\", \"existing_security_group_id\": \"sg-1a\", \"name\": "
                "\"nodes\", \"vpc_id\": \"vpc-1\", \"description\": \"theirs\", \"exclusive\": "
                "false, \"tags_all\": {\"Owner\": \"x\"}}");
    ck_assert_members(&scene, {"existing_security_group_id", "sg-1a"}, {"name", "null"},
                      {"vpc_id", "null"}, {"description", "null"}, {"tags_all", "null"});
    end(&scene);
}
END_TEST

START_TEST(a_configuration_of_a_cluster_is_one_that_validates)
{
    struct scene scene =
        moved("hyperpod_cluster", "hashicorp/awscc", "awscc_sagemaker_cluster", awscc);
    struct buf json = buf_in(scene.arena, 1 << 20);
    ck_assert(cty_to_json(scene.offer->type, scene.answer.state, &json));
    buf_putc(&json, 0);
    scene.answer.state = generated(&scene, json.ptr);
    ck_assert_members(&scene, {"cluster_name", "ml"}, {"node_recovery", "None"}, {"arn", "null"},
                      {"status", "null"}, {"instance_groups[\"workers\"].instance_count", "2"});
    end(&scene);
}
END_TEST

TESTS("hyperpod/identity", a_cluster_of_awscc_becomes_ours_with_its_groups_by_name,
      a_state_of_awscc_that_says_too_little_is_refused_with_a_way, a_group_of_aws_becomes_ours,
      no_type_takes_what_is_not_of_it, parts_of_an_arn_are_found_and_missing_ones_are_empty,
      a_configuration_of_a_group_says_what_is_not_a_default,
      a_configuration_of_an_adopted_group_says_only_what_is_ours,
      a_configuration_of_a_cluster_is_one_that_validates)
