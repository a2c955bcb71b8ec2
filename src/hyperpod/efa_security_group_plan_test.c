/* What the plans of a security group say: who owns it, and how many rules it may have. */
#include "efa_security_group.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>
#include <hp/tf/server.h>

static const struct tf_resource *const only[] = {&hp_efa_security_group, NULL};
static const struct tf_attr no_attrs[] = {{0}};
static const struct tf_provider provider = {
    .name = "hyperpod", .doc = "A provider of one resource.", .attrs = no_attrs, .resources = only};

struct scene {
    struct arena *arena;
    struct tf_server *server;
    struct tf_rpc rpc;
    struct tf_plan_answer answer;
};

static const struct cty_value *object_of(struct scene *scene, const char *json)
{
    const struct cty_value *object = NULL;
    struct cty_error error = {0};

    if (json == NULL)
        return NULL;
    ck_assert_msg(cty_from_json(scene->arena, tf_offer_at(scene->server, TF_RESOURCE, 0)->type,
                                str_of(json), CTY_WIRE, &object, &error),
                  "%.*s", STR(error.message));
    return object;
}

/* As core proposes: what is not said stays as it was, where it is computed. */
static const struct cty_value *proposed(struct scene *scene, const struct cty_value *prior,
                                        const struct cty_value *config)
{
    const struct cty_value *out = config;

    for (const struct tf_attr *row = hp_efa_security_group.attrs; row->name != NULL; row++)
        if ((row->flags & TF_COMPUTED) != 0 && prior != NULL &&
            cty_is_null(tf_value(config, row->name)))
            out = cty_with(scene->arena, out, str_of(row->name), tf_value(prior, row->name));
    return out;
}

static struct scene scene_plan_with(const char *prior, const char *config, const char *private)
{
    struct scene scene = {.arena = arena_new(16 * 1024 * 1024),
                          .server = tf_server_new(&provider, world_of_process())};

    scene.rpc = (struct tf_rpc){.arena = scene.arena, .diags = diags_in(scene.arena)};
    struct tf_plan_request request = {.prior = object_of(&scene, prior),
                                      .config = object_of(&scene, config),
                                      .prior_private = str_of(private)};
    request.proposed = proposed(&scene, request.prior, request.config);
    tf_plan_change(scene.server, &scene.rpc, tf_offer_at(scene.server, TF_RESOURCE, 0), &request,
                   &scene.answer);
    return scene;
}

static struct scene scene_plan(const char *prior, const char *config)
{
    return scene_plan_with(prior, config, "");
}

static void scene_end(struct scene *scene)
{
    tf_server_free(scene->server);
    arena_free(scene->arena);
}

static struct str replaced(const struct scene *scene)
{
    struct str out = S("");

    for (size_t i = 0; i < scene->answer.requires_replace_count; i++) {
        struct str path = cty_path_text(scene->arena, scene->answer.requires_replace[i]);
        out = arena_fmt(scene->arena, "%.*s%s%.*s", STR(out), i == 0 ? "" : " ", STR(path));
    }
    return out;
}

#define IDS                                                                                        \
    "\"rule_ids\":{\"self_ingress\":\"sgr-1\",\"self_egress\":\"sgr-2\","                          \
    "\"internet_egress\":\"sgr-3\"}"
#define THERE(more)                                                                                \
    "{\"id\":\"sg-1\",\"region\":\"us-west-2\",\"tags_all\":{\"Team\":\"ml\"},\"name\":\"nodes\"," \
    "\"description\":\"EFA traffic between HyperPod nodes\",\"vpc_id\":\"vpc-1\","                 \
    "\"internet_egress\":true,\"ipv6\":false,\"https_ingress_cidr_blocks\":[],"                    \
    "\"revoke_rules_on_delete\":false,\"arn\":\"arn:1\",\"owner_id\":\"1\"," more "}"
#define OWN THERE("\"exclusive\":false," IDS ",\"foreign_rules\":[]")
#define ADOPTED                                                                                    \
    THERE("\"exclusive\":false," IDS                                                               \
          ",\"foreign_rules\":[],\"existing_security_group_id\":\"sg-1\"")
#define FOREIGN(members)                                                                           \
    THERE(IDS ",\"exclusive\":false,\"foreign_rules\":[{\"security_group_rule_id\":\"sgr-f\","     \
              "\"ip_protocol\":\"tcp\"," members "}]")

START_TEST(a_group_changes_hands_in_place_and_another_one_replaces)
{
    static const struct {
        const char *prior, *config, *replaced;
    } rows[] = {
        {OWN, "{\"existing_security_group_id\":\"sg-1\"}", ""},
        {OWN, "{\"existing_security_group_id\":\"sg-2\"}", "existing_security_group_id"},
        {ADOPTED, "{\"existing_security_group_id\":\"sg-1\"}", ""},
        {ADOPTED, "{\"existing_security_group_id\":\"sg-2\"}", "existing_security_group_id"},
        {ADOPTED, "{\"vpc_id\":\"vpc-1\"}", ""},
        {ADOPTED, "{\"vpc_id\":\"vpc-1\",\"name\":\"nodes\"}", ""},
        {ADOPTED, "{\"vpc_id\":\"vpc-2\"}", "vpc_id"},
        {ADOPTED, "{\"vpc_id\":\"vpc-1\",\"name\":\"other\"}", "name"},
        {ADOPTED, "{\"vpc_id\":\"vpc-1\",\"name_prefix\":\"other\"}", "name_prefix"},
        {ADOPTED, "{\"vpc_id\":\"vpc-1\",\"description\":\"other\"}", "description"},
        {OWN, "{\"vpc_id\":\"vpc-1\",\"region\":\"us-east-1\"}", "region"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene = scene_plan(rows[i].prior, rows[i].config);
        ck_assert_msg(scene.rpc.diags.errors == 0, "%s: %.*s", rows[i].config,
                      STR(scene.rpc.diags.first->detail));
        ck_assert_str(replaced(&scene), str_of(rows[i].replaced));
        scene_end(&scene);
    }
}
END_TEST

START_TEST(what_belongs_to_the_owner_is_planned_as_it_is)
{
    struct scene scene = scene_plan(THERE("\"exclusive\":false," IDS ",\"foreign_rules\":[],"
                                          "\"tags\":{\"Team\":\"ml\"},\"name_prefix\":\"n\""),
                                    "{\"existing_security_group_id\":\"sg-1\"}");

    ck_assert_uint_eq(scene.rpc.diags.errors, 0);
    ck_assert_str(replaced(&scene), S(""));
    const struct cty_value *tags_all = tf_value(scene.answer.planned, "tags_all");
    ck_assert_uint_eq(tags_all->count, 1);
    ck_assert(cty_is_wholly_known(tf_value(scene.answer.planned, "rule_ids")));
    scene_end(&scene);

    struct scene fresh = scene_plan(NULL, "{\"existing_security_group_id\":\"sg-7\"}");
    ck_assert_str(tf_str(fresh.answer.planned, "id"), S("sg-7"));
    ck_assert(cty_is_unknown(tf_value(fresh.answer.planned, "description")));
    ck_assert(cty_is_unknown(tf_value(fresh.answer.planned, "vpc_id")));
    ck_assert(cty_is_unknown(tf_value(fresh.answer.planned, "tags_all")));
    scene_end(&fresh);
}
END_TEST

START_TEST(an_exclusive_group_is_planned_without_the_rules_of_others)
{
    const char *prior = FOREIGN("\"is_egress\":false,\"from_port\":22,\"to_port\":22,"
                                "\"peer\":\"10.0.0.0/8\"");
    struct scene exclusive = scene_plan(prior, "{\"vpc_id\":\"vpc-1\",\"exclusive\":true}");
    struct scene polite = scene_plan(prior, "{\"vpc_id\":\"vpc-1\"}");

    const struct cty_value *foreign = tf_value(exclusive.answer.planned, "foreign_rules");
    ck_assert(cty_is_known(foreign));
    ck_assert_uint_eq(foreign->count, 0);
    ck_assert(cty_is_unknown(tf_value(exclusive.answer.planned, "rule_ids")));
    ck_assert_uint_eq(tf_value(polite.answer.planned, "foreign_rules")->count, 1);
    ck_assert(cty_is_wholly_known(polite.answer.planned));
    scene_end(&exclusive);
    scene_end(&polite);
}
END_TEST

START_TEST(an_adoption_begins_and_ends_with_its_mark)
{
    static const char marked[] =
        THERE("\"exclusive\":false," IDS ",\"foreign_rules\":[],"
              "\"existing_security_group_id\":\"sg-1\",\"adoption_mark\":\"m\"");
    static const struct {
        const char *prior, *config;
        bool is_unknown;
        const char *mark;
    } rows[] = {
        {OWN, "{\"vpc_id\":\"vpc-1\"}", false, ""},
        {OWN, "{\"existing_security_group_id\":\"sg-1\"}", true, ""},
        {marked, "{\"existing_security_group_id\":\"sg-1\"}", false, "m"},
        {marked, "{\"vpc_id\":\"vpc-1\"}", false, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene = scene_plan(rows[i].prior, rows[i].config);
        ck_assert_msg(cty_is_unknown(tf_value(scene.answer.planned, "adoption_mark")) ==
                          rows[i].is_unknown,
                      "row %zu", i);
        ck_assert_str(tf_str(scene.answer.planned, "adoption_mark"), str_of(rows[i].mark));
        scene_end(&scene);
    }
}
END_TEST

START_TEST(a_group_whose_creation_was_cut_off_is_finished)
{
    static const char config[] = "{\"vpc_id\":\"vpc-1\"}";
    static const char prior[] = THERE("\"exclusive\":false," IDS ",\"foreign_rules\":[]");
    struct scene whole = scene_plan(prior, config);
    struct scene cut =
        scene_plan_with(prior, config, "{\"version\":1,\"data\":{\"unfinished\":\"yes\"}}");

    ck_assert(cty_is_wholly_known(tf_value(whole.answer.planned, "rule_ids")));
    ck_assert(cty_is_unknown(tf_value(cut.answer.planned, "rule_ids")));
    scene_end(&whole);
    scene_end(&cut);
}
END_TEST

START_TEST(after_the_import_of_a_beginning_the_blocks_of_the_vpc_are_looked_up)
{
    static const char prior[] =
        "{\"id\":\"sg-1\",\"region\":\"us-west-2\",\"name\":\"nodes\",\"vpc_id\":\"vpc-1\","
        "\"description\":\"EFA traffic between HyperPod nodes\",\"internet_egress\":true,"
        "\"exclusive\":false,\"rule_ids\":{},\"foreign_rules\":[]}";
    struct scene open = scene_plan(prior, "{\"vpc_id\":\"vpc-1\"}");
    struct scene said =
        scene_plan(prior, "{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[]}");

    ck_assert(cty_is_unknown(tf_value(open.answer.planned, "https_ingress_cidr_blocks")));
    ck_assert(cty_is_known(tf_value(said.answer.planned, "https_ingress_cidr_blocks")));
    scene_end(&open);
    scene_end(&said);
}
END_TEST

/* So many named rules, from 10.x or fd00::x. */
static const char *named(struct arena *arena, size_t count, const char *family, const char *more)
{
    struct buf out = buf_in(arena, 1 << 16);

    buf_printf(&out, "{\"vpc_id\":\"vpc-1\"%s,\"ingress_rules\":{", more);
    for (size_t i = 0; i < count; i++)
        buf_printf(&out,
                   "%s\"r%zu\":{\"ip_protocol\":\"tcp\",\"from_port\":%zu,\"to_port\":%zu,"
                   "\"cidr_%s\":\"%s\"}",
                   i == 0 ? "" : ",", i, i, i, family,
                   str_is(str_of(family), "ipv4") ? "10.0.0.0/8" : "fd00::/8");
    buf_putz(&out, "}}");
    return arena_z(arena, buf_str(&out));
}

START_TEST(sixty_rules_are_counted_as_aws_counts_them)
{
    const char *ssh = FOREIGN("\"is_egress\":false,\"from_port\":22000,\"to_port\":22000,"
                              "\"peer\":\"10.0.0.0/8\"");
    const char *same = FOREIGN("\"is_egress\":false,\"from_port\":7,\"to_port\":7,"
                               "\"peer\":\"10.0.0.0/8\"");
    const char *six = FOREIGN("\"is_egress\":false,\"from_port\":7,\"to_port\":7,"
                              "\"peer\":\"fd00::/16\"");
    const char *list = FOREIGN("\"is_egress\":false,\"from_port\":7,\"to_port\":7,"
                               "\"peer\":\"pl-1\"");
    const char *out = FOREIGN("\"is_egress\":true,\"from_port\":7,\"to_port\":7,"
                              "\"peer\":\"10.0.0.0/8\"");
    const struct {
        const char *prior;
        size_t count;
        const char *family, *more, *said;
    } rows[] = {
        {OWN, 59, "ipv4", "", NULL},
        {OWN, 60, "ipv4", "", "itself these are 61"},
        {OWN, 59, "ipv6", "", NULL},
        {NULL, 58, "ipv4", "", NULL},
        {NULL, 59, "ipv4", "", "1 that the configuration does not name these are 61"},
        {NULL, 59, "ipv6", "", NULL},
        {NULL, 59, "ipv4", ",\"https_ingress_cidr_blocks\":[]", NULL},
        {NULL, 58, "ipv4", ",\"fsx_lustre\":{}", "these are 62"},
        {ssh, 58, "ipv4", "", NULL},
        {ssh, 59, "ipv4", "", "1 that the configuration does not name these are 61"},
        {ssh, 59, "ipv4", ",\"exclusive\":true", NULL},
        {same, 59, "ipv4", "", NULL},
        {six, 59, "ipv4", "", NULL},
        {list, 59, "ipv4", "", "these are 61"},
        {list, 59, "ipv6", "", "these are 61"},
        {out, 59, "ipv4", "", NULL},
    };
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene =
            scene_plan(rows[i].prior, named(arena, rows[i].count, rows[i].family, rows[i].more));
        ck_assert_msg(
            (scene.rpc.diags.errors == 0) == (rows[i].said == NULL), "row %zu: %.*s", i,
            STR(scene.rpc.diags.first == NULL ? S("no error") : scene.rpc.diags.first->detail));
        if (rows[i].said != NULL)
            ck_assert_msg(str_has(scene.rpc.diags.first->detail, str_of(rows[i].said)),
                          "row %zu: %.*s", i, STR(scene.rpc.diags.first->detail));
        scene_end(&scene);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_group_that_holds_more_than_the_default_already_may_hold_more)
{
    struct arena *arena = arena_new(1 << 20);
    struct buf foreign = buf_in(arena, 1 << 18);

    buf_putz(&foreign, "{\"id\":\"sg-1\",\"region\":\"us-west-2\",\"name\":\"nodes\","
                       "\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[],"
                       "\"rule_ids\":{},\"foreign_rules\":[");
    for (size_t i = 0; i < 70; i++)
        buf_printf(&foreign,
                   "%s{\"security_group_rule_id\":\"sgr-%zu\",\"is_egress\":false,"
                   "\"ip_protocol\":\"tcp\",\"from_port\":%zu,\"to_port\":%zu,"
                   "\"peer\":\"10.0.0.0/8\"}",
                   i == 0 ? "" : ",", i, 100 + i, 100 + i);
    buf_putz(&foreign, "]}");

    struct scene scene =
        scene_plan(arena_z(arena, buf_str(&foreign)), named(arena, 20, "ipv4", ""));

    ck_assert_uint_eq(scene.rpc.diags.errors, 0);
    scene_end(&scene);
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/efa_security_group_plan", a_group_changes_hands_in_place_and_another_one_replaces,
      what_belongs_to_the_owner_is_planned_as_it_is,
      an_exclusive_group_is_planned_without_the_rules_of_others,
      an_adoption_begins_and_ends_with_its_mark, a_group_whose_creation_was_cut_off_is_finished,
      after_the_import_of_a_beginning_the_blocks_of_the_vpc_are_looked_up,
      sixty_rules_are_counted_as_aws_counts_them,
      a_group_that_holds_more_than_the_default_already_may_hold_more)
