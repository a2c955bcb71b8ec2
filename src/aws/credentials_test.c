/* Each source against a real server on the loopback, and what is said when it does not serve. */
#include "scene.h"

#define STS_ANSWER(op, key, expires)                                                               \
    "<" op "Response><" op "Result><Credentials><AccessKeyId>" key "</AccessKeyId>"                \
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>tok-" key                                   \
    "</SessionToken><Expiration>" expires "</Expiration></Credentials></" op "Result></" op        \
    "Response>"
#define ROLE(key) STS_ANSWER("AssumeRole", key, "2026-08-01T13:34:56Z")
#define WEB(key)  STS_ANSWER("AssumeRoleWithWebIdentity", key, "2026-08-01T13:34:56Z")
#define DENIED                                                                                     \
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"            \
    "<RequestId>r-9</RequestId></ErrorResponse>"

START_TEST(a_role_is_assumed_with_the_keys_of_its_source_profile)
{
    struct loopback_row rows[] = {
        {"Action=AssumeRole&", "200 OK", ROLE("ROLE")},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_config(&s.home, "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n"
                        "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/dev\n"
                        "source_profile = base\nexternal_id = x-1\nrole_session_name = me\n"
                        "duration_seconds = 1800\n");
    s.home.config.profile = S("dev");

    must_take(&s, "ROLE");
    ck_assert_str(secret_reveal(&s.got.token), S("tok-ROLE"));
    ck_assert_int_eq(s.got.expires_ms, s.home.script->now_ms + 3600 * 1000);
    ck_assert(was_asked(&s, "Credential=BASE/"));
    ck_assert(was_asked(&s, "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdev"
                            "&RoleSessionName=me&DurationSeconds=1800&ExternalId=x-1"));
    must_take(&s, "ROLE");
    ck_assert_int_eq(atomic_load(&s.server.requests), 1);
    scene_end(&s);
}
END_TEST

START_TEST(a_role_is_assumed_with_the_keys_of_its_own_profile)
{
    static const char *const keys[] = {
        "aws_access_key_id = BASE\naws_secret_access_key = s\n",
        "aws_access_key_id = BASE\naws_secret_access_key = s\nweb_identity_token_file = f\n",
        "credential_process = echo '{\"Version\":1,\"AccessKeyId\":\"BASE\","
        "\"SecretAccessKey\":\"s\"}'\n",
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct loopback_row rows[] = {{"Action=AssumeRole&", "200 OK", ROLE("ROLE")}, {NULL}};
        struct scene s;
        scene_begin(&s, rows);
        put_config(&s.home,
                   arena_fmt(s.home.arena, "[profile dev]\nrole_arn = arn:aws:iam::1:role/dev\n%s",
                             keys[i])
                       .ptr);
        s.home.config.profile = S("dev");

        must_take(&s, "ROLE");
        ck_assert(was_asked(&s, "Credential=BASE/"));
        scene_end(&s);
    }
}
END_TEST

START_TEST(roles_of_profiles_follow_each_other)
{
    struct loopback_row rows[] = {
        {"role%2Fone", "200 OK", ROLE("ONE")},
        {"role%2Ftwo", "200 OK", ROLE("TWO")},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_config(&s.home, "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n"
                        "[profile one]\nrole_arn = arn:aws:iam::1:role/one\n"
                        "source_profile = base\n"
                        "[profile two]\nrole_arn = arn:aws:iam::1:role/two\n"
                        "source_profile = one\n");
    s.home.config.profile = S("two");

    must_take(&s, "TWO");
    ck_assert(was_asked(&s, "Credential=ONE/"));
    ck_assert(was_asked(&s, "X-Amz-Security-Token: tok-ONE"));
    scene_end(&s);
}
END_TEST

static const struct {
    const char *config, *message;
} wrong_profiles[] = {
    {"[profile dev]\nrole_arn = r\nsource_profile = b\n"
     "[profile b]\nrole_arn = r\nsource_profile = dev\n",
     "goes round in a circle: \"dev\" -> \"b\" -> \"dev\""},
    {"[profile dev]\nrole_arn = r\n", "neither keys of its own nor source_profile"},
    {"[profile dev]\nrole_arn = r\naws_access_key_id = f\n", "both are needed"},
    {"[profile dev]\nrole_arn = r\nsource_profile = b\ncredential_source = Environment\n",
     "both source_profile and credential_source"},
    {"[profile dev]\nrole_arn = r\nsource_profile = nowhere\n",
     "the source_profile \"nowhere\" is in none of the files"},
    {"[profile dev]\nrole_arn = r\nsource_profile = b\n[profile b]\nregion = x\n",
     "the source_profile \"b\" has no credentials"},
    {"[profile dev]\nrole_arn = r\nsource_profile = dev\n", "is its own source_profile"},
    {"[profile dev]\nrole_arn = r\ncredential_source = Cloud\n", "it can be Environment"},
    {"[profile dev]\nrole_arn = r\ncredential_source = Environment\n", "and none are there"},
    {"[profile dev]\nrole_arn = r\nmfa_serial = m\nsource_profile = b\n", "asks for an MFA code"},
    {"[profile dev]\nsso_account_id = 1\n", "has sso_role_name"},
    {"[profile dev]\nweb_identity_token_file = f\n", "the profile's role_arn is not set"},
    {"[profile dev]\naws_access_key_id = f\n", "both are needed"},
};

START_TEST(a_profile_that_cannot_be_followed_says_why)
{
    for (size_t i = 0; i < sizeof wrong_profiles / sizeof wrong_profiles[0]; i++) {
        struct loopback_row none[] = {{NULL}};
        struct scene s;
        scene_begin(&s, none);
        put_config(&s.home, wrong_profiles[i].config);
        s.home.config.profile = S("dev");

        must_fail(&s, wrong_profiles[i].message);
        ck_assert_int_eq(atomic_load(&s.server.requests), 0);
        scene_end(&s);
    }
}
END_TEST

START_TEST(credential_source_environment_assumes_with_the_environments_keys)
{
    struct loopback_row rows[] = {{"Action=AssumeRole&", "200 OK", ROLE("ROLE")}, {NULL}};
    struct scene s;
    scene_begin(&s, rows);
    put_config(&s.home, "[profile dev]\nrole_arn = arn:aws:iam::1:role/dev\n"
                        "credential_source = Environment\n");
    set_env(&s.home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&s.home, "AWS_SECRET_ACCESS_KEY", "s");
    s.home.config.profile = S("dev");

    must_take(&s, "ROLE");
    ck_assert(was_asked(&s, "Credential=ENV/"));
    scene_end(&s);
}
END_TEST

START_TEST(the_providers_roles_are_assumed_one_after_the_other)
{
    struct loopback_row rows[] = {
        {"role%2Fone", "200 OK", ROLE("ONE")},
        {"role%2Ftwo", "200 OK", ROLE("TWO")},
        {NULL},
    };
    static const struct str arns[] = {S_INIT("arn:aws:iam::aws:policy/ReadOnlyAccess")};
    static const struct str keys[] = {S_INIT("team")};
    static const struct aws_role_tag tags[] = {{S_INIT("team"), S_INIT("ml")}};
    struct aws_role roles[] = {
        {.arn = S("arn:aws:iam::1:role/one")},
        {.arn = S("arn:aws:iam::1:role/two"),
         .session_name = S("tf"),
         .policy = S("{}"),
         .policy_arns = arns,
         .policy_arn_count = 1,
         .tags = tags,
         .tag_count = 1,
         .transitive_tag_keys = keys,
         .transitive_tag_key_count = 1,
         .source_identity = S("ada"),
         .duration_s = 900},
    };
    struct scene s;
    scene_begin(&s, rows);
    s.home.config.access_key = S("ARG");
    s.home.config.secret_key = S("t");
    s.home.config.roles = roles;
    s.home.config.role_count = 2;
    s.home.config.sts_region = S("eu-west-1");

    must_take(&s, "TWO");
    ck_assert(was_asked(&s, "/eu-west-1/sts/aws4_request"));
    ck_assert(was_asked(&s, "&RoleSessionName=tf&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws"
                            "%3Apolicy%2FReadOnlyAccess&Policy=%7B%7D&DurationSeconds=900"
                            "&Tags.member.1.Key=team&Tags.member.1.Value=ml"
                            "&TransitiveTagKeys.member.1=team&SourceIdentity=ada"));
    scene_end(&s);
}
END_TEST

START_TEST(a_role_that_is_refused_is_told_with_the_role_and_awss_words)
{
    struct loopback_row rows[] = {{"Action=AssumeRole&", "403 Forbidden", DENIED}, {NULL}};
    struct aws_role role = {.arn = S("arn:aws:iam::1:role/one")};
    struct scene s;
    scene_begin(&s, rows);
    s.home.config.access_key = S("ARG");
    s.home.config.secret_key = S("t");
    s.home.config.roles = &role;
    s.home.config.role_count = 1;

    must_fail(&s, "the role arn:aws:iam::1:role/one cannot be assumed with the keys of the "
                  "provider's arguments: sts:AssumeRole: AWS answered AccessDenied: not you");
    ck_assert(str_has(s.home.error.message, S("trust policy")));
    scene_end(&s);
}
END_TEST

START_TEST(web_identity_reads_its_file_anew_and_signs_nothing)
{
    struct loopback_row rows[] = {
        {"WebIdentityToken=first", "200 OK", WEB("ONE")},
        {"WebIdentityToken=second", "200 OK", WEB("TWO")},
        {NULL},
    };
    struct scene s;
    scene_begin(&s, rows);
    put_file(&s.home, "config", "first\n");
    set_env(&s.home, "AWS_WEB_IDENTITY_TOKEN_FILE", file_of(&s.home, "config").ptr);
    set_env(&s.home, "AWS_CONFIG_FILE", "/dev/null");
    set_env(&s.home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/web");

    must_take(&s, "ONE");
    ck_assert(!was_asked(&s, "Authorization:"));
    put_file(&s.home, "config", "second\n");
    s.home.script->now_ms += 55 * 60 * 1000;
    must_take(&s, "TWO");
    scene_end(&s);
}
END_TEST

START_TEST(the_block_of_web_identity_goes_before_all_but_the_arguments)
{
    struct loopback_row rows[] = {{"WebIdentityToken=jwt", "200 OK", WEB("WEB")}, {NULL}};
    struct aws_web_identity block = {.role = {.arn = S("arn:aws:iam::1:role/web")},
                                     .token = S("jwt")};
    struct scene s;
    scene_begin(&s, rows);
    set_env(&s.home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&s.home, "AWS_SECRET_ACCESS_KEY", "s");
    s.home.config.web_identity = &block;

    must_take(&s, "WEB");
    aws_client_free(s.home.client);
    s.home.client = NULL;
    s.home.config.access_key = S("ARG");
    s.home.config.secret_key = S("t");
    must_take(&s, "ARG");
    scene_end(&s);
}
END_TEST

START_TEST(a_token_file_that_is_not_there_is_named)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    set_env(&s.home, "AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
    set_env(&s.home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/web");

    must_fail(&s, "the file /nonexistent/token cannot be opened");
    scene_end(&s);
}
END_TEST

START_TEST(a_source_that_fails_is_told_with_what_was_looked_at_before)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    put_config(&s.home, "[default]\ncredential_process = exit 3\n");

    must_fail(&s, "ended with status 3. Looked at before, in order: 1. the provider's arguments: "
                  "access_key and secret_key are not set; 2. the environment: AWS_ACCESS_KEY_ID "
                  "and AWS_SECRET_ACCESS_KEY are not set; 3. web identity: "
                  "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    ck_assert_str(s.home.error.setting, S(""));
    scene_end(&s);
}
END_TEST

START_TEST(an_error_names_the_setting_that_asked_for_the_source)
{
    struct loopback_row none[] = {{NULL}};
    static const struct aws_web_identity web = {.role = {.arn = S_INIT("arn:aws:iam::1:role/r")},
                                                .token_file = S_INIT("/nonexistent")};
    static const struct aws_role roles[] = {{.arn = S_INIT("arn:aws:iam::1:role/r")}};
    static const struct {
        const char *setting;
        struct aws_config config;
    } rows[] = {
        {"profile", {.profile = S_INIT("dev")}},
        {"profile", {.profile = S_INIT("prod")}},
        {"token", {.token = S_INIT("t")}},
        {"access_key", {.access_key = S_INIT("A")}},
        {"assume_role_with_web_identity", {.web_identity = &web}},
        {"assume_role[0]",
         {.access_key = S_INIT("A"), .secret_key = S_INIT("s"), .roles = roles, .role_count = 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene s;
        scene_begin(&s, none);
        put_config(&s.home, "[profile dev]\nsso_account_id = 1\n");
        struct aws_config config = s.home.config;
        config.profile = rows[i].config.profile;
        config.token = rows[i].config.token;
        config.access_key = rows[i].config.access_key;
        config.secret_key = rows[i].config.secret_key;
        config.web_identity = rows[i].config.web_identity;
        config.roles = rows[i].config.roles;
        config.role_count = rows[i].config.role_count;
        s.home.config = config;

        must_fail(&s, "");
        ck_assert_str(s.home.error.setting, str_of(rows[i].setting));
        scene_end(&s);
    }
}
END_TEST

START_TEST(without_any_source_the_whole_list_is_told)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);

    must_fail(&s, "tried in order: 1. the provider's arguments: access_key and secret_key are not "
                  "set; 2. the environment: ");
    ck_assert(str_has(s.home.error.message, S("; 3. web identity: AWS_WEB_IDENTITY_TOKEN_FILE")));
    ck_assert(str_has(s.home.error.message, S("; 4. the shared files: the profile \"default\"")));
    ck_assert(str_has(s.home.error.message, S("; 5. the container: ")));
    ck_assert(str_has(s.home.error.message, S("/latest/api/token was answered by HTTP 404")));
    ck_assert(str_has(s.home.error.message, S("Set AWS_ACCESS_KEY_ID")));
    scene_end(&s);
}
END_TEST

static void put_process(struct scene *s, const char *command)
{
    put_config(&s->home,
               arena_fmt(s->home.arena, "[profile dev]\ncredential_process = %s\n", command).ptr);
    s->home.config.profile = S("dev");
}

START_TEST(a_process_prints_keys)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    put_process(&s, "printf '{\"Version\":1,\"AccessKeyId\":\"PROC\",\"SecretAccessKey\":\"s\"}'");

    must_take(&s, "PROC");
    ck_assert_int_eq(s.got.expires_ms, 0);
    scene_end(&s);
}
END_TEST

START_TEST(a_process_that_leaves_a_chatty_child_behind_has_ended)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    put_process(&s, "yes >&2 & printf "
                    "'{\"Version\":1,\"AccessKeyId\":\"PROC\",\"SecretAccessKey\":\"s\"}'");

    must_take(&s, "PROC");
    scene_end(&s);
}
END_TEST

START_TEST(a_process_that_does_not_serve_is_told_with_its_words)
{
    static const struct {
        const char *command, *message;
    } rows[] = {
        {"sh -c 'echo log in first >&2; exit 3'", "ended with status 3; it says: log in first"},
        {"echo hello", "did not print a JSON object with \"Version\": 1"},
        {"echo '{\"Version\":2}'", "did not print a JSON object with \"Version\": 1"},
        {"echo '{\"Version\":1}'", "has no AccessKeyId or no SecretAccessKey"},
        {"yes", "printed more than 65536 bytes"},
        {"sh -c 'kill -9 $$'", "was ended by signal 9"},
        {"/nonexistent/program", "ended with status 127; it says: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct loopback_row none[] = {{NULL}};
        struct scene s;
        scene_begin(&s, none);
        put_process(&s, rows[i].command);
        must_fail(&s, rows[i].message);
        scene_end(&s);
    }
}
END_TEST

static int64_t hasty_tick(void *arg)
{
    static int64_t tick;
    (void)arg;
    return tick += 10000;
}

START_TEST(a_process_that_does_not_end_is_killed_after_a_minute)
{
    struct loopback_row none[] = {{NULL}};
    struct scene s;
    scene_begin(&s, none);
    s.world.tick_ms = hasty_tick;
    put_process(&s, "sleep 1000");

    must_fail(&s, "did not end within 60 s");
    scene_end(&s);
}
END_TEST

TESTS("aws/credentials", a_role_is_assumed_with_the_keys_of_its_source_profile,
      a_role_is_assumed_with_the_keys_of_its_own_profile, roles_of_profiles_follow_each_other,
      a_profile_that_cannot_be_followed_says_why,
      credential_source_environment_assumes_with_the_environments_keys,
      the_providers_roles_are_assumed_one_after_the_other,
      a_role_that_is_refused_is_told_with_the_role_and_awss_words,
      web_identity_reads_its_file_anew_and_signs_nothing,
      the_block_of_web_identity_goes_before_all_but_the_arguments,
      a_token_file_that_is_not_there_is_named,
      a_source_that_fails_is_told_with_what_was_looked_at_before,
      an_error_names_the_setting_that_asked_for_the_source,
      without_any_source_the_whole_list_is_told, a_process_prints_keys,
      a_process_that_leaves_a_chatty_child_behind_has_ended,
      a_process_that_does_not_serve_is_told_with_its_words,
      a_process_that_does_not_end_is_killed_after_a_minute)
