#include "profile.h"

#include <hp/base/test.h>

static struct profiles parse(struct arena *arena, const char *text, enum profile_file file)
{
    struct profiles profiles = {0};
    size_t line = 0;
    const char *why = "";
    bool done = profiles_parse(arena, str_of(text), file, &profiles, &line, &why);
    ck_assert_msg(done, "line %zu: %s", line, why);
    return profiles;
}

static struct str config(const struct profiles *profiles, const char *name, const char *key)
{
    return profile_get(profiles, PROFILE_CONFIG, PROFILE_PROFILE, str_of(name), key);
}

START_TEST(a_config_file_is_read)
{
    struct arena *arena = arena_new(1 << 20);
    struct profiles p = parse(arena,
                              "# remark\r\n"
                              "[default]\r\n"
                              "region = us-west-2  ; near\r\n"
                              "Output=json\n"
                              "empty =\n"
                              "\n"
                              "[profile dev]\n"
                              "region=eu-west-1 # far\n"
                              "secret = a#b;c\n"
                              "[profile \"two words\"]\n"
                              "region = ap-south-1\n"
                              "[sso-session mine]\n"
                              "sso_region = us-east-1\n"
                              "[unknown thing]\n"
                              "region = nowhere\n",
                              PROFILE_CONFIG);

    ck_assert_str(config(&p, "default", "region"), S("us-west-2"));
    ck_assert_str(config(&p, "default", "output"), S("json"));
    ck_assert_str(config(&p, "default", "empty"), S(""));
    ck_assert_str(config(&p, "dev", "region"), S("eu-west-1"));
    ck_assert_str(config(&p, "dev", "secret"), S("a#b;c"));
    ck_assert_str(config(&p, "two words", "region"), S("ap-south-1"));
    ck_assert_str(profile_get(&p, PROFILE_CONFIG, PROFILE_SSO_SESSION, S("mine"), "sso_region"),
                  S("us-east-1"));
    ck_assert(profile_exists(&p, S("dev")));
    ck_assert(!profile_exists(&p, S("unknown thing")));
    ck_assert(config(&p, "dev", "output").ptr == NULL);
    arena_free(arena);
}
END_TEST

START_TEST(a_credentials_file_names_its_profiles_plainly)
{
    struct arena *arena = arena_new(1 << 20);
    struct profiles p =
        parse(arena, "[dev]\naws_access_key_id = AKID\naws_secret_access_key=s/+=\n",
              PROFILE_CREDENTIALS);

    ck_assert_str(
        profile_get(&p, PROFILE_CREDENTIALS, PROFILE_PROFILE, S("dev"), "aws_secret_access_key"),
        S("s/+="));
    ck_assert(config(&p, "dev", "aws_access_key_id").ptr == NULL);
    arena_free(arena);
}
END_TEST

START_TEST(the_last_line_counts_and_the_prefixed_section_wins)
{
    struct arena *arena = arena_new(1 << 20);
    struct profiles p = parse(arena,
                              "[profile default]\nregion = a\n[default]\nregion = b\noutput = c\n"
                              "[profile x]\nregion = 1\n[profile x]\nregion = 2\n",
                              PROFILE_CONFIG);

    ck_assert_str(config(&p, "default", "region"), S("a"));
    ck_assert_str(config(&p, "default", "output"), S("c"));
    ck_assert_str(config(&p, "x", "region"), S("2"));
    arena_free(arena);
}
END_TEST

static struct str below(const struct profiles *profiles, const char *key, const char *inner_key)
{
    return profile_get_below(profiles, PROFILE_CONFIG, PROFILE_SERVICES, S("local"), key,
                             inner_key);
}

START_TEST(indented_lines_belong_to_the_key_above)
{
    struct arena *arena = arena_new(1 << 20);
    struct profiles p = parse(arena,
                              "[services local]\n"
                              "ec2 =\n"
                              "  endpoint_url = http://127.0.0.1:1 # here\n"
                              "\n"
                              "  # remark\n"
                              "  other = 1\n"
                              "sagemaker =\n"
                              "\tendpoint_url = http://127.0.0.1:2\n",
                              PROFILE_CONFIG);

    ck_assert_str(below(&p, "ec2", "endpoint_url"), S("http://127.0.0.1:1"));
    ck_assert_str(below(&p, "ec2", "other"), S("1"));
    ck_assert(below(&p, "ec2", "none").ptr == NULL);
    ck_assert_str(below(&p, "sagemaker", "endpoint_url"), S("http://127.0.0.1:2"));
    arena_free(arena);
}
END_TEST

START_TEST(a_line_that_cannot_be_read_is_named)
{
    static const struct {
        const char *text;
        size_t line;
        const char *why;
    } rows[] = {
        {"[default\nregion = x\n", 1, "a section without ']'"},
        {"[default]\n\nregion us-west-2\n", 3, "a line that is no `key = value`"},
        {"region = x\n[default]\n", 1, "a line before the first section"},
        {"[default]\n= x\n", 2, "a line that is no `key = value`"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct profiles profiles = {0};
        size_t line = 0;
        const char *why = "";

        ck_assert(
            !profiles_parse(arena, str_of(rows[i].text), PROFILE_CONFIG, &profiles, &line, &why));
        ck_assert_uint_eq(line, rows[i].line);
        ck_assert_str_eq(why, rows[i].why);
        arena_free(arena);
    }
}
END_TEST

TESTS("aws/profile", a_config_file_is_read, a_credentials_file_names_its_profiles_plainly,
      the_last_line_counts_and_the_prefixed_section_wins, indented_lines_belong_to_the_key_above,
      a_line_that_cannot_be_read_is_named)
