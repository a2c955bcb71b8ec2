#include "home.h"

static void check_key(const struct home *home, const char *access_key, const char *source)
{
    const struct recipe *recipe = home->client->settings.credentials;
    ck_assert_str(secret_reveal(&recipe->fixed.access_key), str_of(access_key));
    ck_assert_str_eq(recipe->source, source);
}

START_TEST(arguments_go_before_everything)
{
    struct home home;
    home_begin(&home);
    set_env(&home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&home, "AWS_SECRET_ACCESS_KEY", "s");
    home.config.region = S("us-west-2");
    home.config.access_key = S("ARG");
    home.config.secret_key = S("t");

    ck_assert(look(&home));
    check_key(&home, "ARG", "the provider's arguments");
    home_end(&home);
}
END_TEST

START_TEST(the_environment_goes_before_the_files)
{
    struct home home;
    home_begin(&home);
    put_credentials(&home, "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
    set_env(&home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&home, "AWS_SECRET_ACCESS_KEY", "s");
    set_env(&home, "AWS_SESSION_TOKEN", "tok");
    set_env(&home, "AWS_DEFAULT_REGION", "eu-west-1");

    ck_assert(look(&home));
    check_key(&home, "ENV", "the environment");
    ck_assert_str(secret_reveal(&home.client->settings.credentials->fixed.token), S("tok"));
    ck_assert_str(aws_client_region(home.client), S("eu-west-1"));
    home_end(&home);
}
END_TEST

START_TEST(a_profile_in_the_configuration_goes_before_the_environment)
{
    struct home home;
    home_begin(&home);
    put_credentials(&home, "[dev]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
    put_config(&home, "[profile dev]\nregion = ap-south-1\n");
    set_env(&home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&home, "AWS_SECRET_ACCESS_KEY", "s");
    home.config.profile = S("dev");

    ck_assert(look(&home));
    check_key(&home, "FILE", "the shared credentials file");
    ck_assert_str(aws_client_region(home.client), S("ap-south-1"));
    home_end(&home);
}
END_TEST

START_TEST(a_profile_in_the_environment_is_used_when_there_are_no_keys)
{
    struct home home;
    home_begin(&home);
    put_config(&home, "[profile dev]\nregion = ap-south-1\naws_access_key_id = CONF\n"
                      "aws_secret_access_key = s\n");
    set_env(&home, "AWS_PROFILE", "dev");
    set_env(&home, "AWS_REGION", "us-east-1");

    ck_assert(look(&home));
    check_key(&home, "CONF", "the shared config file");
    ck_assert_str(aws_client_region(home.client), S("us-east-1"));
    home_end(&home);
}
END_TEST

START_TEST(without_credentials_all_that_was_tried_is_told)
{
    struct home home;
    home_begin(&home);
    home.config.region = S("us-west-2");
    home.config.skip_metadata_api_check = AWS_YES;

    ck_assert(!look(&home));
    ck_assert_int_eq(home.error.kind, AWS_CREDENTIALS);
    ck_assert(str_has(home.error.message, S("1. the provider's arguments: ")));
    ck_assert(str_has(home.error.message, S("2. the environment: AWS_ACCESS_KEY_ID")));
    ck_assert(str_has(home.error.message, str_of(home.dir)));
    ck_assert(str_has(home.error.message, S("Set AWS_ACCESS_KEY_ID")));
    home_end(&home);
}
END_TEST

START_TEST(half_a_pair_of_keys_is_told)
{
    struct home home;
    home_begin(&home);
    home.config.region = S("us-west-2");
    set_env(&home, "AWS_ACCESS_KEY_ID", "ENV");

    ck_assert(!look(&home));
    ck_assert_str(home.error.message,
                  S("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; both are needed. "
                    "Looked at before, in order: 1. the provider's arguments: access_key and "
                    "secret_key are not set"));
    home_end(&home);
}
END_TEST

START_TEST(a_profile_that_is_nowhere_is_told_with_the_files)
{
    struct home home;
    home_begin(&home);
    put_config(&home, "[profile dev]\nregion = ap-south-1\n");
    home.config.profile = S("prod");

    ck_assert(!look(&home));
    ck_assert_int_eq(home.error.kind, AWS_CREDENTIALS);
    ck_assert(str_has(home.error.message, S("the profile \"prod\" is in none of the files")));
    home_end(&home);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_named_with_its_line)
{
    struct home home;
    home_begin(&home);
    put_config(&home, "[default]\nregion us-west-2\n");

    ck_assert(!look(&home));
    ck_assert_int_eq(home.error.kind, AWS_INPUT);
    ck_assert(str_has(home.error.message, S("config line 2: a line that is no")));
    home_end(&home);
}
END_TEST

START_TEST(a_file_that_was_named_must_be_there)
{
    struct home home;
    home_begin(&home);
    struct str missing = file_of(&home, "missing");
    home.config.shared_config_files = &missing;
    home.config.shared_config_file_count = 1;

    ck_assert(!look(&home));
    ck_assert(str_has(home.error.message, S("missing cannot be opened")));
    home_end(&home);
}
END_TEST

START_TEST(a_mistyped_region_is_refused_with_a_near_one)
{
    struct home home;
    home_begin(&home);
    home.config = script_config;
    home.config.region = S("us-wset-2");

    ck_assert(!look(&home));
    ck_assert_int_eq(home.error.kind, AWS_INPUT);
    ck_assert_str(home.error.message, S("\"us-wset-2\" is no AWS region; did you mean us-west-2?"));
    ck_assert_str(home.error.setting, S("region"));
    home.config.skip_region_validation = true;
    ck_assert(look(&home));
    home_end(&home);
}
END_TEST

START_TEST(endpoints_come_from_the_configuration_the_environment_and_the_files)
{
    struct home home;
    struct aws_endpoint own = {S("ec2"), S("http://127.0.0.1:1/")};
    home_begin(&home);
    put_config(&home, "[default]\nservices = local\nendpoint_url = http://127.0.0.1:4\n"
                      "[services local]\nsts =\n  endpoint_url = http://127.0.0.1:3\n");
    set_env(&home, "AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:2");
    home.config = script_config;
    home.config.endpoints = &own;
    home.config.endpoint_count = 1;

    ck_assert(look(&home));
    const struct str *endpoints = home.client->settings.endpoints;
    ck_assert_str(endpoints[settings_service_index("ec2")], S("http://127.0.0.1:1"));
    ck_assert_str(endpoints[settings_service_index("sagemaker")], S("http://127.0.0.1:2"));
    ck_assert_str(endpoints[settings_service_index("sts")], S("http://127.0.0.1:3"));
    home_end(&home);
}
END_TEST

START_TEST(configured_endpoints_can_be_ignored)
{
    struct home home;
    home_begin(&home);
    set_env(&home, "AWS_ENDPOINT_URL", "http://127.0.0.1:2");
    set_env(&home, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    home.config = script_config;

    ck_assert(look(&home));
    ck_assert_str(home.client->settings.endpoints[settings_service_index("ec2")], S(""));
    home_end(&home);
}
END_TEST

static const struct {
    const char *name, *value, *message;
} wrong[] = {
    {"AWS_ENDPOINT_URL", "localhost:5000", "is no address such as"},
    {"AWS_ENDPOINT_URL", "http://", "is no address such as"},
    {"AWS_ENDPOINT_URL", "http://user:pw@host", "the endpoint (not shown, since it may hold a "},
    {"AWS_RETRY_MODE", "eager", "it can be standard or adaptive"},
    {"AWS_MAX_ATTEMPTS", "many", "AWS_MAX_ATTEMPTS is \"many\"; it is a number, at least 1"},
    {"AWS_CA_BUNDLE", "/nonexistent.pem", "/nonexistent.pem cannot be read"},
    {"AWS_REGION", "frankfurt", "\"frankfurt\" is no AWS region"},
    {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "global", "it can be legacy or regional"},
    {"HTTPS_PROXY", "ftp://proxy:1", "the proxy given by HTTPS_PROXY is no address such as"},
    {"http_proxy", "http://", "the proxy given by http_proxy is no address such as"},
    {"https_proxy", "http://proxy:port", "the proxy given by https_proxy is no address such"},
    {"HTTP_PROXY", "http://ada:pw/7@proxy:1", "the proxy given by HTTP_PROXY is no address"},
};

START_TEST(settings_that_make_no_sense_are_told_before_the_first_call)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct home home;
        home_begin(&home);
        set_env(&home, wrong[i].name, wrong[i].value);
        home.config = script_config;
        if (strcmp(wrong[i].name, "AWS_REGION") == 0)
            home.config.region = S("");

        ck_assert(!look(&home));
        ck_assert_int_eq(home.error.kind, AWS_INPUT);
        ck_assert_msg(str_has(home.error.message, str_of(wrong[i].message)), "%.*s",
                      STR(home.error.message));
        ck_assert(!str_has(home.error.message, S("pw")));
        ck_assert_str(home.error.setting, S(""));
        home_end(&home);
    }
}
END_TEST

/* What the configuration itself says wrong, by the setting that is to be mended. */
static const struct {
    const char *setting;
    struct aws_config config;
} wrong_words[] = {
    {"region", {.region = S_INIT("frankfurt")}},
    {"sts_region", {.sts_region = S_INIT("x")}},
    {"retry_mode", {.retry_mode = S_INIT("eager")}},
    {"s3_us_east_1_regional_endpoint", {.s3_us_east_1_regional_endpoint = S_INIT("global")}},
    {"custom_ca_bundle", {.custom_ca_bundle = S_INIT("/nonexistent.pem")}},
    {"http_proxy", {.http_proxy = S_INIT("http://")}},
    {"https_proxy", {.https_proxy = S_INIT("http://ada:pw@")}},
    {"endpoints.ec2",
     {.endpoints = (const struct aws_endpoint[]){{S_INIT("ec2"), S_INIT("x")}},
      .endpoint_count = 1}},
    {"shared_config_files",
     {.shared_config_files = (const struct str[]){S_INIT("/nonexistent")},
      .shared_config_file_count = 1}},
    {"shared_credentials_files",
     {.shared_credentials_files = (const struct str[]){S_INIT("/nonexistent")},
      .shared_credentials_file_count = 1}},
    {"use_fips_endpoint",
     {.use_fips_endpoint = true,
      .endpoints = (const struct aws_endpoint[]){{S_INIT("ec2"), S_INIT("http://h")}},
      .endpoint_count = 1}},
};

START_TEST(a_wrong_word_of_the_configuration_is_named_by_its_setting)
{
    for (size_t i = 0; i < sizeof wrong_words / sizeof wrong_words[0]; i++) {
        struct home home;
        home_begin(&home);
        home.config = wrong_words[i].config;
        if (home.config.region.len == 0)
            home.config.region = S("us-west-2");
        home.config.access_key = home.config.secret_key = S("k");
        home.config.max_retries = -1;

        ck_assert_msg(!look(&home), "%s", wrong_words[i].setting);
        ck_assert_str(home.error.setting, str_of(wrong_words[i].setting));
        ck_assert(!str_has(home.error.message, S("pw")));
        home_end(&home);
    }
}
END_TEST

START_TEST(fips_and_an_own_endpoint_contradict_each_other)
{
    struct home home;
    home_begin(&home);
    set_env(&home, "AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:2");
    home.config = script_config;
    home.config.use_fips_endpoint = true;

    ck_assert(!look(&home));
    ck_assert(str_has(home.error.message, S("FIPS endpoints and a custom endpoint")));
    home_end(&home);
}
END_TEST

START_TEST(attempts_are_counted_with_the_first_in_the_variable_and_without_in_the_argument)
{
    struct home home;
    home_begin(&home);
    set_env(&home, "AWS_MAX_ATTEMPTS", "4");
    home.config = script_config;

    ck_assert(look(&home));
    ck_assert_uint_eq(home.client->settings.attempts, 4);
    aws_client_free(home.client);
    home.config.max_retries = 0;
    ck_assert(look(&home));
    ck_assert_uint_eq(home.client->settings.attempts, 1);
    home_end(&home);
}
END_TEST

START_TEST(attempts_of_a_profile_that_make_no_sense_are_told_as_the_profiles)
{
    struct home home;
    home_begin(&home);
    put_config(&home, "[default]\nmax_attempts = 0\n");
    home.config = script_config;

    ck_assert(!look(&home));
    ck_assert_str(
        home.error.message,
        S("max_attempts of the profile \"default\" is \"0\"; it is a number, at least 1"));
    home_end(&home);
}
END_TEST

START_TEST(proxies_come_from_the_configuration_or_the_environment)
{
    struct home home;
    home_begin(&home);
    set_env(&home, "https_proxy", "http://p:1");
    set_env(&home, "HTTP_PROXY", "http://p:2");
    home.config = script_config;
    home.config.http_proxy = S("");

    ck_assert(look(&home));
    ck_assert_str(home.client->settings.http.https_proxy, S("http://p:1"));
    ck_assert_str(home.client->settings.http.http_proxy, S(""));
    home_end(&home);
}
END_TEST

/* The configuration's two, the variables' two, and what https takes. */
static const struct {
    struct str http, https;
    const char *http_env, *https_env, *taken;
} proxies[] = {
    {{0}, {0}, NULL, NULL, ""},
    {S_INIT("http://a:1"), {0}, NULL, NULL, "http://a:1"},
    {S_INIT("http://a:1"), S_INIT(""), NULL, NULL, ""},
    {S_INIT("http://a:1"), {0}, NULL, "http://c:3", "http://c:3"},
    {S_INIT("http://a:1"), S_INIT("http://b:2"), NULL, "http://c:3", "http://b:2"},
    {{0}, {0}, "http://c:3", NULL, ""},
    {{0}, S_INIT(""), NULL, "http://c:3", ""},
    {{0}, S_INIT("socks5://[::1]:1080"), NULL, NULL, "socks5://[::1]:1080"},
    {{0},
     S_INIT("https://ada:secret@proxy.example"),
     NULL,
     NULL,
     "https://ada:secret@proxy.example"},
    {{0}, {0}, NULL, "proxy.example:3128", "proxy.example:3128"},
};

START_TEST(https_takes_the_proxy_that_the_aws_provider_would_take)
{
    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++) {
        struct home home;
        home_begin(&home);
        home.config = script_config;
        home.config.http_proxy = proxies[i].http;
        home.config.https_proxy = proxies[i].https;
        if (proxies[i].http_env != NULL)
            set_env(&home, "HTTP_PROXY", proxies[i].http_env);
        if (proxies[i].https_env != NULL)
            set_env(&home, "https_proxy", proxies[i].https_env);

        ck_assert(look(&home));
        ck_assert_str(home.client->settings.http.https_proxy, str_of(proxies[i].taken));
        home_end(&home);
    }
}
END_TEST

START_TEST(keys_with_a_line_break_are_told)
{
    struct home home;
    home_begin(&home);
    home.config.region = S("us-west-2");
    set_env(&home, "AWS_ACCESS_KEY_ID", "ENV");
    set_env(&home, "AWS_SECRET_ACCESS_KEY", "s");
    set_env(&home, "AWS_SESSION_TOKEN", "t\n");

    ck_assert(!look(&home));
    ck_assert(str_starts(home.error.message,
                         S("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the session token beside "
                           "them has a line break or another control character in it")));
    home_end(&home);
}
END_TEST

TESTS("aws/settings", arguments_go_before_everything, the_environment_goes_before_the_files,
      a_profile_in_the_configuration_goes_before_the_environment,
      a_profile_in_the_environment_is_used_when_there_are_no_keys,
      without_credentials_all_that_was_tried_is_told, half_a_pair_of_keys_is_told,
      a_profile_that_is_nowhere_is_told_with_the_files,
      a_file_that_cannot_be_read_is_named_with_its_line, a_file_that_was_named_must_be_there,
      a_mistyped_region_is_refused_with_a_near_one,
      endpoints_come_from_the_configuration_the_environment_and_the_files,
      configured_endpoints_can_be_ignored,
      settings_that_make_no_sense_are_told_before_the_first_call,
      a_wrong_word_of_the_configuration_is_named_by_its_setting,
      fips_and_an_own_endpoint_contradict_each_other,
      attempts_are_counted_with_the_first_in_the_variable_and_without_in_the_argument,
      attempts_of_a_profile_that_make_no_sense_are_told_as_the_profiles,
      proxies_come_from_the_configuration_or_the_environment,
      https_takes_the_proxy_that_the_aws_provider_would_take, keys_with_a_line_break_are_told)
