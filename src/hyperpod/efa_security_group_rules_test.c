#include "efa_security_group.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>

static struct arena *arena;

static void setup(void)
{
    arena = arena_new(16 * 1024 * 1024);
}

static void teardown(void)
{
    arena_free(arena);
}

/* An object of the resource; what the JSON leaves out is null. */
static const struct cty_value *object_of(const char *json)
{
    const struct cty_value *object = NULL;
    struct cty_error error = {0};

    ck_assert_msg(cty_from_json(arena, tf_object_type(arena, hp_efa_security_group.attrs, NULL),
                                str_of(json), CTY_WIRE, &object, &error),
                  "%.*s", STR(error.message));
    return object;
}

/* As DescribeSecurityGroupRules answers. */
static struct sg_rules found_of(const char *json)
{
    struct sg_rules found = {.items = arena_array(arena, struct sg_rule, 100)};
    struct doc *list = NULL;
    struct doc_error error = {0};

    ck_assert_msg(doc_from_json(arena, str_of(json), NULL, &list, &error), "%.*s",
                  STR(error.message));
    doc_each (entry, list)
        found.items[found.count++] = sg_found(arena, entry->value);
    return found;
}

#define SELF_IN                                                                                    \
    "{\"SecurityGroupRuleId\":\"sgr-in\",\"IsEgress\":false,\"IpProtocol\":\"-1\",\"FromPort\":-"  \
    "1,\"ToPort\":-1,\"ReferencedGroupInfo\":{\"GroupId\":\"sg-1\"}}"
#define SELF_OUT                                                                                   \
    "{\"SecurityGroupRuleId\":\"sgr-out\",\"IsEgress\":true,\"IpProtocol\":\"-1\",\"FromPort\":-"  \
    "1,\"ToPort\":-1,\"ReferencedGroupInfo\":{\"GroupId\":\"sg-1\"}}"
#define INTERNET                                                                                   \
    "{\"SecurityGroupRuleId\":\"sgr-net\",\"IsEgress\":true,\"IpProtocol\":\"-1\",\"FromPort\":-"  \
    "1,\"ToPort\":-1,\"CidrIpv4\":\"0.0.0.0/0\"}"
#define METRICS(port)                                                                              \
    "{\"SecurityGroupRuleId\":\"sgr-m\",\"IsEgress\":false,\"IpProtocol\":\"tcp\",\"FromPort\":"   \
    "" port ",\"ToPort\":" port ",\"CidrIpv4\":\"10.0.0.0/8\",\"Description\":\"scrapes\"}"

static const char metrics_said[] =
    "{\"id\":\"sg-1\",\"internet_egress\":false,\"ipv6\":false,\"https_ingress_cidr_blocks\":[],"
    "\"ingress_rules\":{\"metrics\":{\"ip_protocol\":\"6\",\"from_port\":9100,\"to_port\":9100,"
    "\"cidr_ipv4\":\"10.0.0.0/8\",\"description\":\"scrapes\"}},"
    "\"rule_ids\":{\"ingress/metrics\":\"sgr-m\",\"self_ingress\":\"sgr-in\","
    "\"self_egress\":\"sgr-out\"}}";

START_TEST(the_rules_of_the_group_itself_are_always_wanted_and_come_first)
{
    struct sg_rules wanted =
        sg_wanted(arena, object_of("{\"internet_egress\":false,\"https_ingress_cidr_blocks\":[]}"),
                  S("sg-1"));

    ck_assert_uint_eq(wanted.count, 2);
    ck_assert_str(wanted.items[0].key, S("self_ingress"));
    ck_assert_str(sg_permission_text(arena, &wanted.items[0].permission),
                  S("all traffic from sg-1"));
    ck_assert_str(wanted.items[1].key, S("self_egress"));
    ck_assert_str(sg_permission_text(arena, &wanted.items[1].permission), S("all traffic to sg-1"));
}
END_TEST

START_TEST(every_attribute_asks_for_its_rules_under_its_own_key)
{
    static const char *const expected[][2] = {
        {"self_ingress", "all traffic from sg-1"},
        {"self_egress", "all traffic to sg-1"},
        {"internet_egress", "all traffic to 0.0.0.0/0"},
        {"internet_egress_ipv6", "all traffic to ::/0"},
        {"https_ingress/10.0.0.0/8", "tcp 443 from 10.0.0.0/8"},
        {"https_ingress/2001:db8::/32", "tcp 443 from 2001:db8::/32"},
        {"ingress/lists", "udp 1-2 from pl-1"},
        {"egress/mine", "icmp -1 to sg-1"},
        {"egress/odd", "47 to sg-2"},
    };
    struct sg_rules wanted = sg_wanted(
        arena,
        object_of("{\"ipv6\":true,\"https_ingress_cidr_blocks\":[\"2001:DB8::/32\",\"10.0.0.0/8\"],"
                  "\"ingress_rules\":{\"lists\":{\"ip_protocol\":\"UDP\",\"from_port\":1,"
                  "\"to_port\":2,\"prefix_list_id\":\"pl-1\"}},"
                  "\"egress_rules\":{\"mine\":{\"ip_protocol\":\"1\","
                  "\"referenced_security_group_id\":\"self\"},"
                  "\"odd\":{\"ip_protocol\":\"47\",\"referenced_security_group_id\":\"sg-2\"}}}"),
        S("sg-1"));

    ck_assert_uint_eq(wanted.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < wanted.count; i++) {
        ck_assert_str(wanted.items[i].key, str_of(expected[i][0]));
        ck_assert_str(sg_permission_text(arena, &wanted.items[i].permission),
                      str_of(expected[i][1]));
    }
}
END_TEST

static struct str all_of(const char *json)
{
    struct sg_rules wanted = sg_wanted(arena, object_of(json), S("sg-1"));
    struct str out = S("");

    for (size_t i = 0; i < wanted.count; i++)
        if (str_starts(wanted.items[i].key, S("fsx"))) {
            struct str text = sg_permission_text(arena, &wanted.items[i].permission);
            out =
                arena_fmt(arena, "%.*s%.*s: %.*s\n", STR(out), STR(wanted.items[i].key), STR(text));
        }
    return out;
}

START_TEST(a_file_system_has_its_ports_in_both_directions)
{
    ck_assert_str(all_of("{\"fsx_lustre\":{}}"),
                  S("fsx_lustre_ingress/tcp/988/self: tcp 988 from sg-1\n"
                    "fsx_lustre_egress/tcp/988/self: tcp 988 to sg-1\n"
                    "fsx_lustre_ingress/tcp/1018-1023/self: tcp 1018-1023 from sg-1\n"
                    "fsx_lustre_egress/tcp/1018-1023/self: tcp 1018-1023 to sg-1\n"));
    struct str zfs = all_of("{\"fsx_openzfs\":{\"cidr_blocks\":[\"FD00::/8\"],"
                            "\"security_group_ids\":[\"sg-2\"]}}");
    ck_assert(str_has(zfs, S("fsx_openzfs_egress/udp/20001-20003/fd00::/8: udp 20001-20003 to "
                             "fd00::/8\n")));
    ck_assert(str_has(zfs, S("fsx_openzfs_ingress/tcp/2049/sg-2: tcp 2049 from sg-2\n")));
    ck_assert(!str_has(zfs, S("sg-1")));
    ck_assert_str(all_of("{\"fsx_lustre\":{\"cidr_blocks\":[]}}"), S(""));
}
END_TEST

START_TEST(a_file_system_that_is_unknown_makes_the_list_incomplete)
{
    const struct cty_value *object = object_of("{\"https_ingress_cidr_blocks\":[]}");
    const struct cty_value *peers = object_of("{\"fsx_lustre\":{}}");
    peers = tf_value(peers, "fsx_lustre");

    object = cty_with(arena, object, S("fsx_lustre"), cty_unknown(arena, peers->type));
    ck_assert(sg_wanted(arena, object, S("sg-1")).incomplete);
    peers = cty_with(arena, peers, S("cidr_blocks"),
                     cty_unknown(arena, cty_set_of(arena, &cty_string)));
    object = cty_with(arena, object, S("fsx_lustre"), peers);
    struct sg_rules wanted = sg_wanted(arena, object, S("sg-1"));
    ck_assert(wanted.incomplete);
    ck_assert_uint_eq(wanted.count, 3);
}
END_TEST

START_TEST(protocols_have_one_spelling)
{
    static const char *const rows[][2] = {
        {"tcp", "tcp"}, {"TCP", "tcp"},   {"6", "tcp"},   {"006", "tcp"}, {"17", "udp"},
        {"1", "icmp"},  {"58", "icmpv6"}, {"all", "-1"},  {"-1", "-1"},   {"47", "47"},
        {"0", "0"},     {"255", "255"},   {"256", NULL},  {"-2", NULL},   {"tcpp", NULL},
        {"", NULL},     {"+6", NULL},     {" tcp", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str protocol = S("untouched");
        bool good = sg_protocol(arena, str_of(rows[i][0]), &protocol);
        ck_assert_msg(good == (rows[i][1] != NULL), "%s", rows[i][0]);
        ck_assert_str(protocol, rows[i][1] == NULL ? S("untouched") : str_of(rows[i][1]));
    }
}
END_TEST

START_TEST(what_is_unknown_is_left_out_and_makes_the_list_incomplete)
{
    const struct cty_value *object = object_of(metrics_said);
    object = cty_with(arena, object, S("https_ingress_cidr_blocks"),
                      cty_unknown(arena, cty_set_of(arena, &cty_string)));

    struct sg_rules wanted = sg_wanted(arena, object, S("sg-1"));

    ck_assert(wanted.incomplete);
    ck_assert_uint_eq(wanted.count, 3);
    ck_assert(!sg_wanted(arena, object_of(metrics_said), S("sg-1")).incomplete);
}
END_TEST

START_TEST(a_rule_is_found_again_by_what_it_permits)
{
    struct sg_rules wanted = sg_wanted(arena, object_of(metrics_said), S("sg-1"));
    struct sg_rules found = found_of("[" METRICS("9100") "," INTERNET "," SELF_OUT "]");

    sg_match(&wanted, &found);

    ck_assert_str(wanted.items[0].id, S(""));
    ck_assert_str(wanted.items[1].id, S("sgr-out"));
    ck_assert_str(wanted.items[2].id, S("sgr-m"));
    ck_assert(found.items[0].is_wanted);
    ck_assert(!found.items[1].is_wanted);
}
END_TEST

START_TEST(the_egress_rule_of_a_new_group_is_taken_over)
{
    struct sg_rules wanted = sg_wanted(arena, object_of("{}"), S("sg-1"));
    struct sg_rules found = found_of("[" INTERNET "]");

    sg_match(&wanted, &found);

    ck_assert_str(wanted.items[2].key, S("internet_egress"));
    ck_assert_str(wanted.items[2].id, S("sgr-net"));
}
END_TEST

START_TEST(lists_are_equal_when_keys_permissions_and_descriptions_are)
{
    struct sg_rules a = sg_wanted(arena, object_of(metrics_said), S("sg-1"));
    struct sg_rules b = sg_wanted(arena, object_of(metrics_said), S("sg-1"));

    ck_assert(sg_rules_equal(&a, &b));
    b.items[2].description = S("other");
    ck_assert(!sg_rules_equal(&a, &b));
    b.items[2].description = a.items[2].description;
    b.items[2].permission.to_port++;
    ck_assert(!sg_rules_equal(&a, &b));
}
END_TEST

/* ---- What the state shows ---- */

struct scene {
    struct diags diags;
    struct tf_call call;
    struct sg_rules wanted, found;
};

static void scene_show(struct scene *scene, const char *state, const char *found)
{
    const struct cty_value *object = object_of(state);

    *scene = (struct scene){.diags = diags_in(arena)};
    scene->call = (struct tf_call){.arena = arena,
                                   .diags = &scene->diags,
                                   .prior = object,
                                   .state = object,
                                   .private_data = doc_object(arena)};
    scene->wanted = sg_wanted(arena, object, S("sg-1"));
    scene->found = found_of(found);
    sg_show(&scene->call, &scene->wanted, &scene->found, true);
    ck_assert_uint_eq(scene->diags.errors, 0);
}

static struct str id_of(const struct scene *scene, const char *key)
{
    const struct cty_value *id = cty_lookup(tf_value(scene->call.state, "rule_ids"), str_of(key));
    return id == NULL ? S("none") : id->text;
}

START_TEST(what_is_all_there_stays_as_it_was_said)
{
    struct scene scene;
    scene_show(&scene, metrics_said, "[" SELF_IN "," SELF_OUT "," METRICS("9100") "]");

    ck_assert(cty_equal(tf_value(scene.call.state, "ingress_rules"),
                        tf_value(scene.call.prior, "ingress_rules")));
    ck_assert(
        cty_equal(tf_value(scene.call.state, "rule_ids"), tf_value(scene.call.prior, "rule_ids")));
    ck_assert_uint_eq(tf_value(scene.call.state, "foreign_rules")->count, 0);
    ck_assert(cty_is_null(tf_value(scene.call.state, "egress_rules")));
}
END_TEST

START_TEST(a_rule_that_is_gone_is_gone_from_its_attribute)
{
    struct scene scene;
    scene_show(&scene, metrics_said, "[" SELF_OUT "]");

    ck_assert_uint_eq(tf_value(scene.call.state, "ingress_rules")->count, 0);
    ck_assert_str(id_of(&scene, "self_ingress"), S("none"));
    ck_assert_str(id_of(&scene, "self_egress"), S("sgr-out"));
}
END_TEST

START_TEST(a_named_rule_that_was_edited_shows_what_it_is_now)
{
    struct scene scene;
    scene_show(&scene, metrics_said, "[" SELF_IN "," SELF_OUT "," METRICS("9200") "]");

    const struct cty_value *rule =
        cty_lookup(tf_value(scene.call.state, "ingress_rules"), S("metrics"));
    ck_assert_int_eq(tf_int(rule, "from_port", 0), 9200);
    ck_assert_str(tf_str(rule, "cidr_ipv4"), S("10.0.0.0/8"));
    ck_assert_str(id_of(&scene, "ingress/metrics"), S("sgr-m"));
    ck_assert_uint_eq(tf_value(scene.call.state, "foreign_rules")->count, 0);
}
END_TEST

START_TEST(a_rule_of_the_group_itself_that_was_edited_is_still_known_as_ours)
{
    struct scene scene;
    scene_show(&scene, metrics_said,
               "[" SELF_OUT ",{\"SecurityGroupRuleId\":\"sgr-in\",\"IsEgress\":false,"
               "\"IpProtocol\":\"-1\",\"CidrIpv4\":\"10.0.0.0/8\"}]");

    ck_assert_str(id_of(&scene, "self_ingress"), S("none"));
    ck_assert_str(tf_private_get(&scene.call, "strays"), S("sgr-in"));
    struct sg_own own = sg_own_of(&scene.call);
    ck_assert(sg_own_has(&own, S("sgr-in")));
}
END_TEST

START_TEST(the_rules_of_others_are_shown_by_id_and_belong_to_them)
{
    struct scene scene;
    scene_show(&scene, metrics_said,
               "[" SELF_IN "," SELF_OUT "," INTERNET ",{\"SecurityGroupRuleId\":\"sgr-a\","
               "\"IsEgress\":false,\"IpProtocol\":\"udp\",\"FromPort\":53,\"ToPort\":53,"
               "\"CidrIpv6\":\"fd00::/8\",\"Description\":\"names\"}]");

    const struct cty_value *foreign = tf_value(scene.call.state, "foreign_rules");
    ck_assert_uint_eq(foreign->count, 2);
    ck_assert_str(tf_str(foreign->items[0], "security_group_rule_id"), S("sgr-a"));
    ck_assert_str(tf_str(foreign->items[0], "peer"), S("fd00::/8"));
    ck_assert_int_eq(tf_int(foreign->items[0], "from_port", 0), 53);
    ck_assert_str(tf_str(foreign->items[1], "security_group_rule_id"), S("sgr-net"));
    ck_assert(!tf_is_set(foreign->items[1], "from_port"));
    ck_assert(tf_private_get(&scene.call, "strays").ptr == NULL);
}
END_TEST

START_TEST(a_description_changed_elsewhere_shows)
{
    struct scene scene;
    scene_show(&scene, metrics_said,
               "[" SELF_IN "," SELF_OUT ",{\"SecurityGroupRuleId\":\"sgr-m\",\"IsEgress\":false,"
               "\"IpProtocol\":\"tcp\",\"FromPort\":9100,\"ToPort\":9100,"
               "\"CidrIpv4\":\"10.0.0.0/8\"}]");

    const struct cty_value *rule =
        cty_lookup(tf_value(scene.call.state, "ingress_rules"), S("metrics"));
    ck_assert(!tf_is_set(rule, "description"));
    ck_assert_str(tf_str(rule, "ip_protocol"), S("6"));
}
END_TEST

static const char metrics_adopted[] =
    "{\"id\":\"sg-1\",\"existing_security_group_id\":\"sg-1\",\"internet_egress\":false,"
    "\"https_ingress_cidr_blocks\":[],\"ingress_rules\":{\"metrics\":{\"ip_protocol\":\"tcp\","
    "\"from_port\":9100,\"to_port\":9100,\"cidr_ipv4\":\"10.0.0.0/8\","
    "\"description\":\"ours\"}},\"rule_ids\":{\"ingress/metrics\":\"sgr-m\"}}";

START_TEST(a_rule_of_the_owner_of_an_adopted_group_is_described_and_edited_by_him)
{
    struct scene scene;
    scene_show(&scene, metrics_adopted, "[" SELF_IN "," METRICS("9100") "]");

    const struct cty_value *rules = tf_value(scene.call.state, "ingress_rules");
    ck_assert_str(tf_str(cty_lookup(rules, S("metrics")), "description"), S("ours"));
    ck_assert_str(id_of(&scene, "ingress/metrics"), S("sgr-m"));

    scene_show(&scene, metrics_adopted, "[" SELF_IN "," METRICS("9200") "]");

    ck_assert_uint_eq(tf_value(scene.call.state, "ingress_rules")->count, 0);
    ck_assert_uint_eq(tf_value(scene.call.state, "foreign_rules")->count, 1);
    ck_assert(tf_private_get(&scene.call, "strays").ptr == NULL);
}
END_TEST

START_TEST(an_import_takes_over_what_is_there_for_https_and_the_internet)
{
    struct scene scene;
    scene_show(&scene, metrics_said, "[]");
    scene.call.state = object_of("{\"id\":\"sg-1\"}");
    struct sg_rules found = found_of("[" INTERNET "," METRICS("443") "," METRICS(
        "80") ",{\"SecurityGroupRuleId\":\"sgr-6\","
              "\"IsEgress\":false,\"IpProtocol\":\"tcp\",\"FromPort\":443,\"ToPort\":443,"
              "\"CidrIpv6\":\"::/0\"}]");

    sg_recognise(&scene.call, &found);

    ck_assert(tf_bool(scene.call.state, "internet_egress", false));
    ck_assert(!tf_bool(scene.call.state, "ipv6", true));
    const struct cty_value *blocks = tf_value(scene.call.state, "https_ingress_cidr_blocks");
    ck_assert_uint_eq(blocks->count, 2);
    ck_assert(cty_set_has(blocks, cty_str(arena, S("10.0.0.0/8"))));
    ck_assert(cty_set_has(blocks, cty_str(arena, S("::/0"))));
}
END_TEST

int main(void)
{
    const TTest *const all[] = {
        the_rules_of_the_group_itself_are_always_wanted_and_come_first,
        every_attribute_asks_for_its_rules_under_its_own_key,
        a_file_system_has_its_ports_in_both_directions,
        a_file_system_that_is_unknown_makes_the_list_incomplete,
        protocols_have_one_spelling,
        what_is_unknown_is_left_out_and_makes_the_list_incomplete,
        a_rule_is_found_again_by_what_it_permits,
        the_egress_rule_of_a_new_group_is_taken_over,
        lists_are_equal_when_keys_permissions_and_descriptions_are,
        what_is_all_there_stays_as_it_was_said,
        a_rule_that_is_gone_is_gone_from_its_attribute,
        a_named_rule_that_was_edited_shows_what_it_is_now,
        a_rule_of_the_group_itself_that_was_edited_is_still_known_as_ours,
        the_rules_of_others_are_shown_by_id_and_belong_to_them,
        a_description_changed_elsewhere_shows,
        a_rule_of_the_owner_of_an_adopted_group_is_described_and_edited_by_him,
        an_import_takes_over_what_is_there_for_https_and_the_internet,
    };
    Suite *suite = suite_create("hyperpod/efa_security_group_rules");
    TCase *tcase = tcase_create("rules");
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tcase, all[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
