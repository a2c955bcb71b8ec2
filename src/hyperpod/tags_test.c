#include "hyperpod.h"

#include <hp/base/test.h>

static const struct tf_attr rows[] = {
    {"tags", TF_MAP, TF_STRING, .flags = TF_OPTIONAL},
    {"tags_all", TF_MAP, TF_STRING, .flags = TF_COMPUTED},
    {0},
};

static const struct hp_tag team = {S_INIT("Team"), S_INIT("ml")};

/* An account with default_tags { Team = "ml" } that ignores keys beginning with "k8s/". */
struct scene {
    struct arena *arena;
    struct diags diags;
    struct hp_account account;
    struct tf_call call;
};

static const struct str ignored[] = {S_INIT("k8s/")};

static const struct cty_value *tags_of(struct arena *arena, const char *key, const char *value)
{
    struct str keys[] = {str_of(key)};
    const struct cty_value *values[] = {cty_str(arena, str_of(value))};
    return cty_map(arena, &cty_string, keys, values, 1);
}

static const struct cty_value *object_of(struct arena *arena, const struct cty_value *tags,
                                         const struct cty_value *tags_all)
{
    const struct cty_value *items[] = {tags, tags_all};
    return cty_object(arena, tf_object_type(arena, rows, NULL), items);
}

static const struct cty_value *no_tags(struct arena *arena)
{
    return cty_null(arena, cty_map_of(arena, &cty_string));
}

static void scene_init(struct scene *scene)
{
    scene->arena = arena_new(16 * 1024 * 1024);
    scene->diags = diags_in(scene->arena);
    scene->account = (struct hp_account){.arena = scene->arena,
                                         .default_tags = &team,
                                         .default_tag_count = 1,
                                         .ignored_prefixes = ignored,
                                         .ignored_prefix_count = 1};
    scene->call = (struct tf_call){
        .arena = scene->arena, .diags = &scene->diags, .provider = &scene->account};
    scene->call.state = object_of(scene->arena, no_tags(scene->arena), no_tags(scene->arena));
}

static struct doc *answer(struct arena *arena, const char *const *pairs)
{
    struct doc *list = doc_list(arena);
    for (; *pairs != NULL; pairs += 2) {
        struct doc *tag = doc_object(arena);
        doc_put(arena, tag, S("Key"), doc_string(arena, str_of(pairs[0])));
        doc_put(arena, tag, S("Value"), doc_string(arena, str_of(pairs[1])));
        doc_add(arena, list, tag);
    }
    return list;
}

START_TEST(tags_that_come_from_default_tags_stay_out_of_tags)
{
    struct scene scene;
    scene_init(&scene);
    const char *const found[] = {"Team", "ml", "Owner", "ann", NULL};

    hp_tags_read(&scene.call, answer(scene.arena, found));

    const struct cty_value *tags = tf_value(scene.call.state, "tags");
    ck_assert_uint_eq(tags->count, 1);
    ck_assert_str(tags->keys[0], S("Owner"));
    ck_assert_uint_eq(tf_value(scene.call.state, "tags_all")->count, 2);
    arena_free(scene.arena);
}
END_TEST

START_TEST(a_tag_that_the_resource_repeats_stays_in_tags)
{
    struct scene scene;
    scene_init(&scene);
    scene.call.state =
        object_of(scene.arena, tags_of(scene.arena, "Team", "infra"), no_tags(scene.arena));
    const char *const found[] = {"Team", "infra", NULL};

    hp_tags_read(&scene.call, answer(scene.arena, found));

    ck_assert_str(cty_lookup(tf_value(scene.call.state, "tags"), S("Team"))->text, S("infra"));
    arena_free(scene.arena);
}
END_TEST

START_TEST(no_tags_stay_null_and_empty_tags_stay_empty)
{
    struct scene scene;
    scene_init(&scene);
    const char *const found[] = {"Team", "ml", NULL};

    hp_tags_read(&scene.call, answer(scene.arena, found));
    ck_assert(cty_is_null(tf_value(scene.call.state, "tags")));

    scene.call.state =
        object_of(scene.arena, cty_empty(scene.arena, cty_map_of(scene.arena, &cty_string)),
                  no_tags(scene.arena));
    hp_tags_read(&scene.call, answer(scene.arena, found));
    ck_assert(cty_is_known(tf_value(scene.call.state, "tags")));
    ck_assert_uint_eq(tf_value(scene.call.state, "tags")->count, 0);
    arena_free(scene.arena);
}
END_TEST

START_TEST(tags_of_aws_and_ignored_ones_are_never_shown)
{
    struct scene scene;
    scene_init(&scene);
    const char *const found[] = {"aws:cloudformation:stack", "x", "k8s/cluster", "owned", NULL};

    hp_tags_read(&scene.call, answer(scene.arena, found));

    ck_assert_uint_eq(tf_value(scene.call.state, "tags_all")->count, 0);
    arena_free(scene.arena);
}
END_TEST

/* The plan of tags_all for a new resource with the tag Owner = "ann". */
static const struct cty_value *planned_tags_all(struct scene *scene, const char *key)
{
    struct tf_plan plan = {.call = &scene->call};
    plan.planned = object_of(scene->arena, tags_of(scene->arena, key, "ann"),
                             cty_unknown(scene->arena, cty_map_of(scene->arena, &cty_string)));
    plan.config = plan.planned;

    ck_assert(hp_plan_common(&plan));

    return tf_value(plan.planned, "tags_all");
}

START_TEST(default_tags_that_are_not_known_yet_leave_tags_all_unknown)
{
    struct scene scene;
    scene_init(&scene);
    ck_assert_uint_eq(planned_tags_all(&scene, "Owner")->count, 2);

    scene.account.tags_unknown = true;

    ck_assert(cty_is_unknown(planned_tags_all(&scene, "Owner")));
    arena_free(scene.arena);
}
END_TEST

START_TEST(more_tags_than_aws_takes_are_refused_with_those_of_the_provider)
{
    struct scene scene;
    struct hp_tag many[51];
    scene_init(&scene);
    for (size_t i = 0; i < 51; i++)
        many[i] = (struct hp_tag){arena_fmt(scene.arena, "k%zu", i), S("v")};
    scene.account.default_tags = many;
    scene.account.default_tag_count = 49;
    ck_assert_uint_eq(planned_tags_all(&scene, "Owner")->count, 50);

    struct tf_plan plan = {.call = &scene.call};
    scene.account.default_tag_count = 50;
    plan.planned = object_of(scene.arena, tags_of(scene.arena, "Owner", "ann"),
                             cty_unknown(scene.arena, cty_map_of(scene.arena, &cty_string)));
    plan.config = plan.planned;
    ck_assert(!hp_plan_common(&plan));
    ck_assert_str(scene.diags.first->detail,
                  S("AWS takes at most 50 tags an object. With 50 of the provider's default_tags "
                    "these are 51."));
    arena_free(scene.arena);
}
END_TEST

START_TEST(an_ignored_key_is_not_written_and_stays_in_tags_as_it_was)
{
    struct scene scene;
    scene_init(&scene);
    const char *const found[] = {"Team", "ml", "k8s/cluster", "owned", NULL};

    const struct cty_value *all = planned_tags_all(&scene, "k8s/cluster");
    ck_assert_str(scene.diags.first->summary, S("A tag is not set"));
    ck_assert(str_has(scene.diags.first->detail, S("ignore_tags has the key \"k8s/cluster\"")));
    scene.call.state =
        object_of(scene.arena, tags_of(scene.arena, "k8s/cluster", "ann"), no_tags(scene.arena));
    hp_tags_read(&scene.call, answer(scene.arena, found));

    ck_assert_uint_eq(all->count, 1);
    ck_assert_str(all->keys[0], S("Team"));
    const struct cty_value *tags = tf_value(scene.call.state, "tags");
    ck_assert_uint_eq(tags->count, 1);
    ck_assert_str(cty_lookup(tags, S("k8s/cluster"))->text, S("ann"));
    ck_assert(cty_equal(tf_value(scene.call.state, "tags_all"), all));
    arena_free(scene.arena);
}
END_TEST

START_TEST(an_update_writes_what_is_new_and_removes_what_is_gone)
{
    struct scene scene;
    struct doc *add, *gone;
    scene_init(&scene);
    scene.call.prior =
        object_of(scene.arena, no_tags(scene.arena), tags_of(scene.arena, "Old", "1"));
    scene.call.planned =
        object_of(scene.arena, tags_of(scene.arena, "New", "2"), tags_of(scene.arena, "New", "2"));

    hp_tags_changes(&scene.call, &add, &gone);

    ck_assert_uint_eq(add->count, 1);
    ck_assert_str(doc_get_text(add->first->value, S("Key")), S("New"));
    ck_assert_uint_eq(gone->count, 1);
    ck_assert_str(doc_text(gone->first->value), S("Old"));
    arena_free(scene.arena);
}
END_TEST

START_TEST(a_key_that_is_ignored_since_now_is_not_removed)
{
    struct scene scene;
    struct doc *add, *gone;
    scene_init(&scene);
    scene.call.prior =
        object_of(scene.arena, no_tags(scene.arena), tags_of(scene.arena, "k8s/cluster", "owned"));
    scene.call.planned =
        object_of(scene.arena, no_tags(scene.arena), tags_of(scene.arena, "Team", "ml"));

    hp_tags_changes(&scene.call, &add, &gone);

    ck_assert_uint_eq(add->count, 1);
    ck_assert_ptr_null(gone);
    arena_free(scene.arena);
}
END_TEST

START_TEST(tags_all_that_was_unknown_at_plan_is_made_at_apply)
{
    struct scene scene;
    scene_init(&scene);
    scene.call.planned = object_of(scene.arena, tags_of(scene.arena, "Owner", "ann"),
                                   cty_unknown(scene.arena, cty_map_of(scene.arena, &cty_string)));

    struct doc *wire = hp_tags_wire(&scene.call);

    ck_assert_uint_eq(wire->count, 2);
    arena_free(scene.arena);
}
END_TEST

START_TEST(reserved_keys_are_refused_with_their_path)
{
    struct scene scene;
    scene_init(&scene);
    struct tf_check check = {
        .arena = scene.arena, .diags = &scene.diags, .path = cty_path_of(scene.arena, "tags")};

    ck_assert(!hp_check_tags(&check, tags_of(scene.arena, "aws:x", "1")));

    ck_assert_str(cty_path_text(scene.arena, scene.diags.first->path), S("tags[\"aws:x\"]"));
    arena_free(scene.arena);
}
END_TEST

START_TEST(control_characters_in_a_tag_are_refused_with_their_path)
{
    static const char *const bad[][2] = {
        {"a", "x\001y"}, {"a", "x\ny"}, {"a", "x\x7f"}, {"a", "x\xc2\x85"}, {"a\tb", "x"}};
    struct scene scene;
    scene_init(&scene);
    struct tf_check check = {
        .arena = scene.arena, .diags = &scene.diags, .path = cty_path_of(scene.arena, "tags")};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!hp_check_tags(&check, tags_of(scene.arena, bad[i][0], bad[i][1])), "%zu", i);
    ck_assert(
        hp_check_tags(&check, tags_of(scene.arena, "a", "\xc2\xa0\xc3\xbc \xf0\x9f\xa4\xb7")));

    ck_assert_str(cty_path_text(scene.arena, scene.diags.first->path), S("tags[\"a\"]"));
    arena_free(scene.arena);
}
END_TEST

/* The verdict on tags { key = value } where only lower-case letters are taken. */
static bool is_match(struct scene *scene, const char *key, const char *value)
{
    struct tf_plan plan = {.call = &scene->call};
    plan.planned = object_of(scene->arena, tags_of(scene->arena, key, value),
                             cty_unknown(scene->arena, cty_map_of(scene->arena, &cty_string)));
    plan.config = plan.planned;
    return hp_plan_tags_match(&plan, "[a-z]*", "small letters");
}

START_TEST(what_a_service_takes_in_no_tag_is_refused_at_the_tag_or_by_the_providers_name)
{
    struct scene scene;
    scene_init(&scene);

    scene.account.default_tag_count = 0;
    ck_assert(is_match(&scene, "owner", "ann"));
    ck_assert(is_match(&scene, "k8s/x", "ANN")); /* ignored: never sent */
    ck_assert(!is_match(&scene, "owner", "a<b"));
    ck_assert_str(cty_path_text(scene.arena, scene.diags.first->path), S("tags[\"owner\"]"));

    scene.account.default_tag_count = 1; /* Team = "ml" */
    ck_assert(!is_match(&scene, "owner", "ann"));
    ck_assert(
        str_has(scene.diags.last->detail, S("The tag \"Team\" of the provider's default_tags")));
    arena_free(scene.arena);
}
END_TEST

TESTS("hyperpod/tags", control_characters_in_a_tag_are_refused_with_their_path,
      what_a_service_takes_in_no_tag_is_refused_at_the_tag_or_by_the_providers_name,
      tags_that_come_from_default_tags_stay_out_of_tags,
      a_tag_that_the_resource_repeats_stays_in_tags, no_tags_stay_null_and_empty_tags_stay_empty,
      tags_of_aws_and_ignored_ones_are_never_shown,
      default_tags_that_are_not_known_yet_leave_tags_all_unknown,
      more_tags_than_aws_takes_are_refused_with_those_of_the_provider,
      an_ignored_key_is_not_written_and_stays_in_tags_as_it_was,
      an_update_writes_what_is_new_and_removes_what_is_gone,
      a_key_that_is_ignored_since_now_is_not_removed,
      tags_all_that_was_unknown_at_plan_is_made_at_apply, reserved_keys_are_refused_with_their_path)
