/* The instance's role and region, by its metadata service. */
#include "scene.h"

#define TOKEN_ROW                                                                                  \
    {                                                                                              \
        "PUT /latest/api/token ", "200 OK", "tok=="                                                \
    }

START_TEST(the_instances_role_is_had_in_three_steps)
{
    struct loopback_row rows[] = {
        {"PUT /latest/api/token ", "200 OK", "tok=="},
        {"GET /latest/meta-data/iam/security-credentials/ ", "200 OK", "node-role\n"},
        {"GET /latest/meta-data/iam/security-credentials/node-role ", "200 OK", KEYS_OF_METADATA},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);

    must_take(&s, "BOX");
    ck_assert(was_asked(&s, "X-aws-ec2-metadata-token: tok==\r\n"));
    scene_end(&s);
}
END_TEST

START_TEST(the_instance_that_gives_the_keys_gives_the_region_too)
{
    struct loopback_row rows[] = {
        TOKEN_ROW,
        {"GET /latest/meta-data/placement/region ", "200 OK", "eu-north-1"},
        {"GET /latest/meta-data/iam/security-credentials/ ", "200 OK", "node-role\n"},
        {"GET /latest/meta-data/iam/security-credentials/node-role ", "200 OK", KEYS_OF_METADATA},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    s.home.config.region = S("");

    must_take(&s, "BOX");
    ck_assert_str(aws_client_region(s.home.client), S("eu-north-1"));
    ck_assert_str(s.home.client->settings.sts_region, S("eu-north-1"));
    scene_end(&s);
}
END_TEST

START_TEST(an_instance_is_asked_for_the_region_only_where_nobody_says_it)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    set_env(&s.home, "AWS_DEFAULT_REGION", "eu-west-3");
    s.home.config.region = S("");

    must_fail(&s, "/latest/api/token was answered by HTTP 404");
    ck_assert_int_eq(atomic_load(&s.server.requests), 1);
    ck_assert_str(aws_client_region(s.home.client), S("eu-west-3"));
    scene_end(&s);
}
END_TEST

START_TEST(keys_of_the_environment_do_not_ask_an_instance_for_the_region)
{
    struct loopback_row rows[] = {TOKEN_ROW, {NULL}};
    struct scene s;
    scene_begin(&s, rows);
    set_env(&s.home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&s.home, "AWS_SECRET_ACCESS_KEY", "s");
    s.home.config.region = S("");

    ck_assert(!take(&s));
    ck_assert_int_eq(s.home.error.kind, AWS_INPUT);
    ck_assert(str_has(s.home.error.message, S("no region: it is neither set in the provider's")));
    ck_assert(str_has(s.home.error.message, S("only where it gives the credentials")));
    ck_assert_str(s.home.error.setting, S("region"));
    ck_assert_int_eq(atomic_load(&s.server.requests), 0);
    scene_end(&s);
}
END_TEST

START_TEST(an_instance_that_tells_no_region_or_a_wrong_one_is_told)
{
    static const struct {
        const char *status, *body, *message;
    } answers[] = {
        {"404 Not Found", "", "nor does the instance tell one: the instance's role (IMDS): GET "},
        {"200 OK", "", "the instance tells no region"},
        {"200 OK", "<html>", "\"<html>\" is no AWS region"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct loopback_row rows[] = {
            TOKEN_ROW,
            {"placement/region ", answers[i].status, answers[i].body},
            {NULL},
        };
        struct scene s;
        scene_begin(&s, rows);
        s.home.config.region = S("");

        ck_assert(!take(&s));
        ck_assert_int_eq(s.home.error.kind, AWS_INPUT);
        ck_assert_msg(str_has(s.home.error.message, str_of(answers[i].message)), "%.*s",
                      STR(s.home.error.message));
        scene_end(&s);
    }
}
END_TEST

START_TEST(an_address_of_the_metadata_service_that_is_none_is_told)
{
    static const struct {
        const char *name, *value, *message;
    } rows[] = {
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254",
         "\"169.254.169.254\" is no address"},
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "six", "it can be IPv4 or IPv6"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct loopback_row none[] = {{NULL}};
        struct scene s;
        scene_begin(&s, none);
        s.home.config.metadata_endpoint = S("");
        set_env(&s.home, rows[i].name, rows[i].value);
        must_fail(&s, rows[i].message);
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_line_break_in_what_the_instance_says_goes_nowhere)
{
    struct loopback_row token[] = {
        {"PUT /latest/api/token ", "200 OK", "tok\r\nX-Other: 1"},
        {NULL},
    };
    struct loopback_row keys[] = {
        TOKEN_ROW,
        {"GET /latest/meta-data/iam/security-credentials/ ", "200 OK", "r"},
        {"GET /latest/meta-data/iam/security-credentials/r ", "200 OK",
         "{\"AccessKeyId\":\"BOX\",\"SecretAccessKey\":\"s\",\"Token\":\"t\\r\\nX-Other: 1\"}"},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, token);

    must_fail(&s, "what is to be sent as X-aws-ec2-metadata-token has a line break or another "
                  "control character in it");
    ck_assert(!was_asked(&s, "GET "));
    scene_end(&s);
    scene_begin(&s, keys);
    must_fail(&s, "the answer of the metadata service has keys with a line break or another "
                  "control character in them");
    scene_end(&s);
}
END_TEST

TESTS("aws/credentials_imds", the_instances_role_is_had_in_three_steps,
      the_instance_that_gives_the_keys_gives_the_region_too,
      an_instance_is_asked_for_the_region_only_where_nobody_says_it,
      keys_of_the_environment_do_not_ask_an_instance_for_the_region,
      an_instance_that_tells_no_region_or_a_wrong_one_is_told,
      an_address_of_the_metadata_service_that_is_none_is_told,
      a_line_break_in_what_the_instance_says_goes_nowhere)
