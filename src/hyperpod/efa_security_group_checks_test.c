#include "efa_security_group.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>
#include <hp/tf/server.h>

/* What `terraform validate` says of a configuration, with one member unknown where that is named.
 */
struct verdict {
    struct arena *arena;
    struct diags diags;
};

static const struct tf_resource *const only[] = {&hp_efa_security_group, NULL};
static const struct tf_attr no_attrs[] = {{0}};
static const struct tf_provider provider = {
    .name = "hyperpod", .doc = "A provider of one resource.", .attrs = no_attrs, .resources = only};

static struct verdict verdict_on_unknown(const char *json, const char *unknown)
{
    struct arena *arena = arena_new(16 * 1024 * 1024);
    struct tf_server *server = tf_server_new(&provider, world_of_process());
    struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
    const struct cty_value *config = NULL;
    struct cty_error error = {0};

    ck_assert_msg(cty_from_json(arena, tf_offer_at(server, TF_RESOURCE, 0)->type, str_of(json),
                                CTY_WIRE, &config, &error),
                  "%.*s", STR(error.message));
    if (unknown != NULL)
        config = cty_with(arena, config, str_of(unknown), cty_unknown(arena, &cty_string));
    tf_validate(server, &rpc, tf_offer_at(server, TF_RESOURCE, 0), config);
    tf_server_free(server);
    return (struct verdict){arena, rpc.diags};
}

static struct verdict verdict_on(const char *json)
{
    return verdict_on_unknown(json, NULL);
}

/* One rule of ingress_rules named "a". */
static const char *with_rule(struct arena *arena, const char *members)
{
    return arena_fmt(arena,
                     "{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[\"10.0.0.0/8\"],"
                     "\"ingress_rules\":{\"a\":{%s}}}",
                     members)
        .ptr;
}

START_TEST(good_rules_pass)
{
    static const char *const rows[] = {
        "\"ip_protocol\":\"tcp\",\"from_port\":0,\"to_port\":65535,\"cidr_ipv4\":\"10.0.0.0/8\"",
        "\"ip_protocol\":\"all\",\"cidr_ipv6\":\"::/0\"",
        "\"ip_protocol\":\"-1\",\"from_port\":-1,\"to_port\":-1,\"prefix_list_id\":\"pl-0a1b\"",
        "\"ip_protocol\":\"icmp\",\"from_port\":8,\"to_port\":-1,\"cidr_ipv4\":\"0.0.0.0/0\"",
        "\"ip_protocol\":\"icmp\",\"cidr_ipv4\":\"0.0.0.0/0\"",
        "\"ip_protocol\":\"50\",\"referenced_security_group_id\":\"sg-0a1b\"",
        "\"ip_protocol\":\"udp\",\"from_port\":53,\"to_port\":53,"
        "\"referenced_security_group_id\":\"self\",\"description\":\"a-b (c)\"",
        "\"ip_protocol\":\"tcp\",\"from_port\":443,\"to_port\":444,\"cidr_ipv4\":\"10.0.0.0/8\"",
    };
    struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict verdict = verdict_on(with_rule(arena, rows[i]));
        ck_assert_msg(verdict.diags.errors == 0, "%s: %.*s", rows[i],
                      STR(verdict.diags.first->detail));
        arena_free(verdict.arena);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_bad_rule_is_refused_once_at_its_leaf)
{
    static const struct {
        const char *rule, *path, *words;
    } rows[] = {
        {"\"ip_protocol\":\"tcpp\",\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].ip_protocol", "\"tcpp\" is not a protocol"},
        {"\"ip_protocol\":\"tcp\",\"from_port\":90,\"to_port\":80,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].from_port", "from_port is 90 and to_port 80"},
        {"\"ip_protocol\":\"tcp\",\"from_port\":80,\"to_port\":70000,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].to_port", "0 to 65535, not 70000"},
        {"\"ip_protocol\":\"tcp\",\"cidr_ipv4\":\"10.0.0.0/8\"", "ingress_rules[\"a\"].from_port",
         "needs from_port and to_port"},
        {"\"ip_protocol\":\"tcp\",\"to_port\":80,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].from_port", "needs from_port and to_port"},
        {"\"ip_protocol\":\"icmp\",\"from_port\":256,\"to_port\":0,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].from_port", "-1 to 255, not 256"},
        {"\"ip_protocol\":\"all\",\"from_port\":80,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"].from_port", "permits all ports"},
        {"\"ip_protocol\":\"all\",\"cidr_ipv4\":\"10.0.0.1/8\"", "ingress_rules[\"a\"].cidr_ipv4",
         "did you mean \"10.0.0.0/8\"?"},
        {"\"ip_protocol\":\"all\",\"cidr_ipv4\":\"::/0\"", "ingress_rules[\"a\"].cidr_ipv4",
         "belongs in cidr_ipv6"},
        {"\"ip_protocol\":\"all\",\"cidr_ipv6\":\"10.0.0.0/8\"", "ingress_rules[\"a\"].cidr_ipv6",
         "belongs in cidr_ipv4"},
        {"\"ip_protocol\":\"all\",\"prefix_list_id\":\"pl_1\"",
         "ingress_rules[\"a\"].prefix_list_id", "prefix list"},
        {"\"ip_protocol\":\"all\",\"referenced_security_group_id\":\"me\"",
         "ingress_rules[\"a\"].referenced_security_group_id", "self"},
        {"\"ip_protocol\":\"tcp\",\"from_port\":443,\"to_port\":443,\"cidr_ipv4\":\"10.0.0.0/8\"",
         "ingress_rules[\"a\"]", "InvalidPermission.Duplicate"},
        {"\"ip_protocol\":\"all\",\"referenced_security_group_id\":\"self\"",
         "ingress_rules[\"a\"]", "self_ingress"},
    };
    struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict verdict = verdict_on(with_rule(arena, rows[i].rule));
        ck_assert_msg(verdict.diags.errors == 1, "%s: %zu errors", rows[i].rule,
                      verdict.diags.errors);
        ck_assert_str(cty_path_text(arena, verdict.diags.first->path), str_of(rows[i].path));
        ck_assert_msg(str_has(verdict.diags.first->detail, str_of(rows[i].words)), "%.*s",
                      STR(verdict.diags.first->detail));
        arena_free(verdict.arena);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_bad_attribute_is_refused_once)
{
    static const char *const rows[][3] = {
        {"{}", "vpc_id", "must be set"},
        {"{\"existing_security_group_id\":\"group\"}", "existing_security_group_id", "sg-"},
        {"{\"existing_security_group_id\":\"sg-1\",\"tags\":{\"a\":\"b\"}}", "tags",
         "never tagged"},
        {"{\"existing_security_group_id\":\"sg-1\",\"exclusive\":false}",
         "existing_security_group_id", "exclusive"},
        {"{\"existing_security_group_id\":\"sg-1\",\"vpc_id\":\"vpc-1\"}",
         "existing_security_group_id", "vpc_id"},
        {"{\"vpc_id\":\"vpc-1\",\"fsx_lustre\":{\"security_group_ids\":[\"nodes\"]}}",
         "fsx_lustre.security_group_ids", "sg-"},
        {"{\"vpc_id\":\"vpc-1\",\"fsx_openzfs\":{\"cidr_blocks\":[\"10.0.0.0\"]}}",
         "fsx_openzfs.cidr_blocks", "10.0.0.0/32"},
        {"{\"vpc_id\":\"vpc_1\"}", "vpc_id", "vpc-"},
        {"{\"vpc_id\":\"vpc-1\",\"region\":\"us-wset-2\"}", "region", "us-wset-2"},
        {"{\"vpc_id\":\"vpc-1\",\"name\":\"sg-mine\"}", "name", "sg-"},
        {"{\"vpc_id\":\"vpc-1\",\"name\":\"default\"}", "name", "existing_security_group_id"},
        {"{\"vpc_id\":\"vpc-1\",\"name\":\"mine \"}", "name", "\"mine\""},
        {"{\"vpc_id\":\"vpc-1\",\"name\":\"m\\u00fcll\"}", "name", "letters"},
        {"{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[\"10.0.0.0\"]}",
         "https_ingress_cidr_blocks", "10.0.0.0/32"},
        {"{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[\"::/0\",\"0::0/0\"]}",
         "https_ingress_cidr_blocks", "InvalidPermission.Duplicate"},
        {"{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[\"0::0/0\",\"::/0\"]}",
         "https_ingress_cidr_blocks", "\"0::0/0\" and \"::/0\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict verdict = verdict_on(rows[i][0]);
        ck_assert_msg(verdict.diags.errors == 1, "%s: %zu errors", rows[i][0],
                      verdict.diags.errors);
        ck_assert_str(cty_path_text(verdict.arena, verdict.diags.first->path), str_of(rows[i][1]));
        ck_assert_msg(str_has(verdict.diags.first->detail, str_of(rows[i][2])), "%.*s",
                      STR(verdict.diags.first->detail));
        arena_free(verdict.arena);
    }
}
END_TEST

START_TEST(a_group_that_may_yet_be_none_may_have_tags)
{
    struct verdict verdict = verdict_on_unknown("{\"vpc_id\":\"vpc-1\",\"tags\":{\"a\":\"b\"}}",
                                                "existing_security_group_id");
    ck_assert_uint_eq(verdict.diags.errors, 0);
    arena_free(verdict.arena);
}
END_TEST

static const char *with_https(struct arena *arena, size_t count)
{
    struct buf out = buf_in(arena, 1 << 16);
    buf_putz(&out, "{\"vpc_id\":\"vpc-1\",\"https_ingress_cidr_blocks\":[");
    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s\"10.%zu.0.0/16\"", i == 0 ? "" : ",", i);
    buf_putz(&out, "]}");
    return arena_z(arena, buf_str(&out));
}

START_TEST(sixty_rules_in_a_direction_are_the_most)
{
    struct arena *arena = arena_new(1 << 20);

    struct verdict fits = verdict_on(with_https(arena, 59));
    ck_assert_uint_eq(fits.diags.errors, 0);

    struct verdict full = verdict_on(with_https(arena, 60));
    ck_assert_uint_eq(full.diags.errors, 1);
    ck_assert(str_has(full.diags.first->detail, S("these are 61")));
    ck_assert_str(cty_path_text(arena, full.diags.first->path), S("https_ingress_cidr_blocks"));

    arena_free(fits.arena);
    arena_free(full.arena);
    arena_free(arena);
}
END_TEST

START_TEST(our_table_is_sound)
{
    struct arena *arena = arena_new(1 << 20);
    struct diags diags = diags_in(arena);

    bool sound = tf_schema_check(arena, hp_efa_security_group.attrs, NULL, false, &diags);

    ck_assert_msg(sound, "%.*s", STR(diags.first->detail));
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/efa_security_group_checks", good_rules_pass, a_bad_rule_is_refused_once_at_its_leaf,
      a_bad_attribute_is_refused_once, a_group_that_may_yet_be_none_may_have_tags,
      sixty_rules_in_a_direction_are_the_most, our_table_is_sound)
