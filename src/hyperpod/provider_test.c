#include "cluster_bench.h"
#include "provider.h"

#include <stdio.h>
#include <unistd.h>

#define KEYS                                                                                       \
    "\"region\":\"us-west-2\",\"access_key\":\"AKIATEST\",\"secret_key\":\"s\","                   \
    "\"skip_credentials_validation\":true"

static struct str no_env(void *arg, const char *name)
{
    (void)arg;
    (void)name;
    return (struct str){0};
}

/* Configured by that, in a world without environment and files; nothing is asked of AWS. */
struct scene {
    struct arena *arena;
    struct diags diags;
    struct world world;
    struct hp_account *account;
};

static bool try_to_configure(struct scene *scene, const char *text,
                             struct str (*env)(void *arg, const char *name))
{
    struct arena *arena = arena_new(1 << 24);
    const struct cty_type *type = tf_object_type(arena, hp_provider.attrs, hp_provider.blocks);
    void *made = NULL;

    *scene = (struct scene){.arena = arena, .diags = diags_in(arena), .world = *world_of_process()};
    scene->world.env = env;
    struct tf_call call = {.arena = arena,
                           .diags = &scene->diags,
                           .world = &scene->world,
                           .config = value_from(arena, type, json(arena, text))};
    bool done = hp_provider.validate(&call) && hp_provider.configure(&call, &made);
    scene->account = made;
    return done;
}

static void configure(struct scene *scene, const char *text)
{
    ck_assert(try_to_configure(scene, text, no_env));
    ck_assert_ptr_null(scene->diags.first);
}

static void end(struct scene *scene)
{
    hp_provider.release(scene->account);
    arena_free(scene->arena);
}

START_TEST(tags_that_are_not_known_yet_do_not_keep_aws_from_being_asked)
{
    static const char *const rows[] = {
        "{" KEYS ",\"default_tags\":{\"tags\":{\"run\":\"?\",\"team\":\"ml\"}}}",
        "{" KEYS ",\"default_tags\":{\"tags\":\"?\"}}",
        "{" KEYS ",\"ignore_tags\":{\"keys\":\"?\"}}",
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        configure(&scene, rows[i]);
        ck_assert_msg(scene.account->client != NULL, "%s", rows[i]);
        ck_assert(scene.account->tags_unknown);
        end(&scene);
    }
}
END_TEST

START_TEST(without_what_the_client_is_made_of_there_is_none_and_no_error)
{
    static const char *const rows[] = {
        "{\"region\":\"?\",\"access_key\":\"AKIATEST\",\"secret_key\":\"s\"}",
        "{" KEYS ",\"endpoints\":{\"ec2\":\"?\"}}",
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        configure(&scene, rows[i]);
        ck_assert_msg(scene.account->client == NULL, "%s", rows[i]);
        ck_assert(!scene.account->tags_unknown);
        end(&scene);
    }
}
END_TEST

START_TEST(what_is_known_is_taken)
{
    struct scene scene;
    configure(&scene, "{" KEYS ",\"default_tags\":{\"tags\":{\"team\":\"ml\"}}}");

    ck_assert_str(aws_client_region(scene.account->client), S("us-west-2"));
    ck_assert_uint_eq(scene.account->default_tag_count, 1);
    ck_assert(!scene.account->tags_unknown);
    end(&scene);
}
END_TEST

START_TEST(the_account_is_asked_for_in_sts_region_wherever_the_resource_is)
{
    struct scene scene;
    configure(&scene, "{" KEYS ",\"sts_region\":\"eu-central-1\"}");
    const struct cty_type *type = tf_object_type(scene.arena, hp_cluster.attrs, NULL);
    struct stop_source *source = stop_source_new();
    struct tf_call call = {
        .arena = scene.arena,
        .diags = &scene.diags,
        .world = &scene.world,
        .provider = scene.account,
        .stop = stop_token_new(source), /* nothing is sent */
        .state = value_from(scene.arena, type, json(scene.arena, "{\"region\":\"us-east-2\"}"))};
    struct aws_error error;
    struct str account;
    stop_now(source);

    ck_assert(!hp_account_id(&call, &account, &error));

    ck_assert_str(error.endpoint, S("https://sts.eu-central-1.amazonaws.com"));
    stop_token_free(call.stop);
    stop_source_free(source);
    end(&scene);
}
END_TEST

START_TEST(an_error_points_at_the_argument_that_is_to_be_mended)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"region", "{\"access_key\":\"k\",\"secret_key\":\"s\"}"},
        {"region", "{\"access_key\":\"k\",\"secret_key\":\"s\",\"region\":\"frankfurt\"}"},
        {"sts_region", "{" KEYS ",\"sts_region\":\"x\"}"},
        {"profile", "{\"region\":\"us-west-2\",\"profile\":\"nowhere\"}"},
        {"custom_ca_bundle", "{" KEYS ",\"custom_ca_bundle\":\"/nonexistent\"}"},
        {"endpoints.ec2", "{" KEYS ",\"endpoints\":{\"ec2\":\"http://a b\"}}"},
        {"https_proxy", "{" KEYS ",\"https_proxy\":\"http://proxy:x\"}"},
        {"assume_role_with_web_identity",
         "{\"region\":\"us-west-2\",\"assume_role_with_web_identity\":{}}"},
        {"", "{\"region\":\"us-west-2\",\"skip_metadata_api_check\":true}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        ck_assert(!try_to_configure(&scene, rows[i].text, no_env));
        ck_assert_uint_eq(scene.diags.errors, 1);
        ck_assert_str(cty_path_text(scene.arena, scene.diags.first->path), str_of(rows[i].path));
        arena_free(scene.arena);
    }
}
END_TEST

static char profiles[] = "/tmp/hp-profiles-XXXXXX";

static struct str env_with_keys(void *arg, const char *name)
{
    static const struct {
        const char *name;
        struct str value;
    } rows[] = {
        {"AWS_ACCESS_KEY_ID", S_INIT("AKIAENV")},
        {"AWS_SECRET_ACCESS_KEY", S_INIT("s")},
        {"AWS_CONFIG_FILE", {profiles, sizeof profiles - 1}},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
    return (struct str){0};
}

START_TEST(what_goes_before_something_else_that_was_said_is_a_warning)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"profile", "{\"region\":\"us-west-2\",\"profile\":\"dev\","
                    "\"skip_credentials_validation\":true}"},
        {"http_proxy", "{" KEYS ",\"http_proxy\":\"http://proxy:3128\"}"},
        {"assume_role_with_web_identity",
         "{" KEYS ",\"assume_role_with_web_identity\":{\"web_identity_token\":\"t\"}}"},
    };
    FILE *file = fdopen(mkstemp(profiles), "w");
    fputs("[profile dev]\naws_access_key_id = DEV\naws_secret_access_key = s\n", file);
    fclose(file);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        ck_assert(try_to_configure(&scene, rows[i].text, env_with_keys));
        ck_assert_ptr_nonnull(scene.diags.first);
        ck_assert_ptr_eq(scene.diags.first, scene.diags.last);
        ck_assert_int_eq(scene.diags.first->severity, DIAG_WARNING);
        ck_assert_str(cty_path_text(scene.arena, scene.diags.first->path), str_of(rows[i].path));
        end(&scene);
    }
    unlink(profiles);
}
END_TEST

static struct str env_with_two_lines(void *arg, const char *name)
{
    return strcmp(name, "TF_APPEND_USER_AGENT") == 0 ? S("ci/2\r\nX-Injected: yes")
                                                     : no_env(arg, name);
}

START_TEST(a_header_cannot_be_smuggled_in_by_TF_APPEND_USER_AGENT)
{
    struct scene scene;
    ck_assert(!try_to_configure(&scene, "{" KEYS "}", env_with_two_lines));
    ck_assert_uint_eq(scene.diags.errors, 1);
    ck_assert(str_has(scene.diags.first->detail, S("TF_APPEND_USER_AGENT holds a control")));
    arena_free(scene.arena);
}
END_TEST

START_TEST(a_header_cannot_be_smuggled_in_by_user_agent)
{
    static const struct {
        const char *path, *text; /* path NULL: fine */
    } rows[] = {
        {NULL, "[\"tool/1 (x)\",\"?\",\"caf\u00e9/2\"]"},
        {"user_agent[0]", "[\"a\\r\\nX-Injected: yes\"]"},
        {"user_agent[1]", "[\"tool/1\",\"a\\nb\"]"},
        {"user_agent[0]", "[\"a\\tb\"]"},
        {"user_agent[0]", "[\"a\\u007fb\"]"},
    };
    const struct tf_attr *attr = tf_attr_find(hp_provider_attrs, S("user_agent"));

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 22);
        struct diags diags = diags_in(arena);
        struct tf_check check = {
            .arena = arena, .diags = &diags, .path = cty_path_of(arena, "user_agent")};
        const struct cty_value *products =
            value_from(arena, tf_attr_type(arena, attr), json(arena, rows[i].text));

        ck_assert_msg(attr->check(&check, products) == (rows[i].path == NULL), "%s", rows[i].text);
        if (rows[i].path != NULL)
            ck_assert_str(cty_path_text(arena, diags.first->path), str_of(rows[i].path));
    }
}
END_TEST

TESTS("hyperpod/provider", tags_that_are_not_known_yet_do_not_keep_aws_from_being_asked,
      without_what_the_client_is_made_of_there_is_none_and_no_error, what_is_known_is_taken,
      the_account_is_asked_for_in_sts_region_wherever_the_resource_is,
      an_error_points_at_the_argument_that_is_to_be_mended,
      what_goes_before_something_else_that_was_said_is_a_warning,
      a_header_cannot_be_smuggled_in_by_TF_APPEND_USER_AGENT,
      a_header_cannot_be_smuggled_in_by_user_agent)
