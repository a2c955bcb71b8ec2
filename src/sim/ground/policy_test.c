#include "policy.h"

#include <hp/base/test.h>

#include <time.h>

#define ALLOW(action) "{\"Effect\":\"Allow\",\"Action\":" action ",\"Resource\":\"*\"}"
#define DENY(action)  "{\"Effect\":\"Deny\",\"Action\":" action ",\"Resource\":\"*\"}"

static const struct {
    const char *statement, *action;
    bool allowed;
} rows[] = {
    {ALLOW("\"*\""), "ec2:CreateTags", true},
    {ALLOW("\"ec2:*\""), "ec2:CreateTags", true},
    {ALLOW("\"EC2:create*\""), "ec2:CreateTags", true},
    {ALLOW("\"ec2:Create?ags\""), "ec2:CreateTags", true},
    {ALLOW("\"ec2:Describe*\""), "ec2:CreateTags", false},
    {ALLOW("\"sagemaker:*\""), "ec2:CreateTags", false},
    {ALLOW("[\"sagemaker:*\",\"ec2:CreateTags\"]"), "ec2:CreateTags", true},
    {"[" ALLOW("\"*\"") "," DENY("\"ec2:CreateTags\"") "]", "ec2:CreateTags", false},
    {"[" DENY("\"ec2:CreateTags\"") "," ALLOW("\"*\"") "]", "ec2:DeleteTags", true},
    {DENY("\"*\""), "ec2:CreateTags", false},
    {"{\"Effect\":\"Allow\",\"NotAction\":\"ec2:*\",\"Resource\":\"*\"}", "ec2:CreateTags", false},
    {"{\"Effect\":\"Allow\",\"NotAction\":\"ec2:*\",\"Resource\":\"*\"}", "sts:AssumeRole", true},
};

START_TEST(a_policy_lets_through_what_it_allows_and_does_not_deny)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct doc *policy = NULL;
        ck_assert(
            policy_read(arena, arena_fmt(arena, "{\"Statement\":%s}", rows[i].statement), &policy));
        ck_assert_msg(policy_allows(policy, str_of(rows[i].action)) == rows[i].allowed, "%s",
                      rows[i].statement);
        arena_free(arena);
    }
}
END_TEST

START_TEST(a_policy_of_many_stars_is_judged_at_once)
{
    struct arena *arena = arena_new(1 << 20);
    struct doc *policy = NULL;
    ck_assert(policy_read(
        arena, S("{\"Statement\":" ALLOW("\"*e*e*e*e*e*e****************************x\"") "}"),
        &policy));

    clock_t began = clock();
    ck_assert(!policy_allows(policy, S("sagemaker:DescribeClusterSchedulerConfig")));
    ck_assert_int_lt((clock() - began) / CLOCKS_PER_SEC, 1);
    arena_free(arena);
}
END_TEST

START_TEST(what_is_no_policy_is_refused)
{
    static const char *const texts[] = {
        "",
        "policy",
        "[]",
        "{}",
        "{\"Statement\":[]}",
        "{\"Statement\":{}}",
        "{\"Statement\":{\"Effect\":\"Perhaps\",\"Action\":\"*\",\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
        "\"Principal\":\"*\"}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct doc *policy = NULL;
        ck_assert_msg(!policy_read(arena, str_of(texts[i]), &policy), "%s", texts[i]);
        arena_free(arena);
    }
}
END_TEST

TESTS("sim/policy", a_policy_lets_through_what_it_allows_and_does_not_deny,
      a_policy_of_many_stars_is_judged_at_once, what_is_no_policy_is_refused)
