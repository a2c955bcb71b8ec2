#include "cluster_bench.h"

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

static void configure(struct scene *scene, const char *text)
{
    struct arena *arena = arena_new(1 << 24);
    const struct cty_type *type = tf_object_type(arena, hp_provider.attrs, hp_provider.blocks);
    void *made = NULL;

    *scene = (struct scene){.arena = arena, .diags = diags_in(arena), .world = *world_of_process()};
    scene->world.env = no_env;
    struct tf_call call = {.arena = arena,
                           .diags = &scene->diags,
                           .world = &scene->world,
                           .config = value_from(arena, type, json(arena, text))};
    ck_assert(hp_provider.configure(&call, &made));
    ck_assert_ptr_null(scene->diags.first);
    scene->account = made;
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

TESTS("hyperpod/provider", tags_that_are_not_known_yet_do_not_keep_aws_from_being_asked,
      without_what_the_client_is_made_of_there_is_none_and_no_error, what_is_known_is_taken)
