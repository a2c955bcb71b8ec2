#include "cluster_bench.h"

typedef bool (*rule)(struct tf_check *check, const struct cty_value *value);

struct word {
    rule rule;
    const char *text;
    bool good;
};

static const struct word words[] = {
    {cluster_check_type, "ml.p5.48xlarge", true},
    {cluster_check_type, "ml.p6e-gb200.36xlarge", true},
    {cluster_check_type, "p5.48xlarge", false},
    {cluster_check_type, "ml.p5", false},
    {cluster_check_type, "", false},
    {cluster_check_role, "arn:aws:iam::111122223333:role/path/name", true},
    {cluster_check_role, "arn:aws-us-gov:iam::111122223333:role/r", true},
    {cluster_check_role, "arn:aws:iam::000000000000:role/mock", true},
    {cluster_check_role, "name", false},
    {cluster_check_role, "arn:aws:iam::111122223333:user/u", false},
    {cluster_check_role, "arn:aws:iam::1111:role/r", false},
    {cluster_check_role, "arn:aws:iam::111122223333:role/", false},
    {cluster_check_eks_arn, "arn:aws:eks:us-west-2:111122223333:cluster/k", true},
    {cluster_check_eks_arn, "k", false},
    {cluster_check_eks_arn, "arn:aws:eks::111122223333:cluster/k", false},
    {cluster_check_eks_arn, "arn:aws:eks:us-west-2:111122223333:nodegroup/k", false},
    {cluster_check_uri, "s3://bucket", true},
    {cluster_check_uri, "s3://bucket/prefix/", true},
    {cluster_check_uri, "s3:///prefix", false},
    {cluster_check_uri, "https://bucket", false},
    {cluster_check_script, "on_create.sh", true},
    {cluster_check_script, "/opt/on_create.sh", false},
    {cluster_check_script, "s3://b/on_create.sh", false},
};

START_TEST(words_are_judged_one_by_one)
{
    struct arena *arena = arena_new(1 << 22);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct diags diags = diags_in(arena);
        struct tf_check check = {.arena = arena, .diags = &diags};
        bool good = words[i].rule(&check, cty_str(arena, str_of(words[i].text)));
        ck_assert_msg(good == words[i].good && (diags.errors == 0) == good, "%s", words[i].text);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_type_without_ml_is_told_what_to_write)
{
    struct arena *arena = arena_new(1 << 22);
    struct diags diags = diags_in(arena);
    struct tf_check check = {.arena = arena, .diags = &diags};

    ck_assert(!cluster_check_type(&check, cty_str(arena, S("p5.48xlarge"))));
    ck_assert(str_has(diags.first->detail, S("Write \"ml.p5.48xlarge\"")));
    arena_free(arena);
}
END_TEST

static size_t group_errors(struct arena *arena, const char *text, struct str *ret_path)
{
    struct diags diags = diags_in(arena);
    struct tf_check check = {
        .arena = arena, .diags = &diags, .path = cty_path_of(arena, "instance_groups")};

    cluster_check_groups(&check, groups(arena, text));
    if (diags.first != NULL)
        *ret_path = cty_path_text(arena, diags.first->path);
    return diags.errors;
}

START_TEST(a_bad_group_name_is_refused_where_it_stands)
{
    static const char *const bad[] = {"bad name", "-a", "a-", "a_b", ""};
    struct arena *arena = arena_new(1 << 22);
    struct str path = S("");

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *text = arena_z(
            arena, arena_fmt(arena, "{\"%s\":{\"instance_type\":\"ml.c5.large\"}}", bad[i]));
        ck_assert_uint_eq(group_errors(arena, text, &path), 1);
        ck_assert_str(path, arena_fmt(arena, "instance_groups[\"%s\"]", bad[i]));
    }
    ck_assert_uint_eq(group_errors(arena, "{\"a-1\":{\"instance_type\":\"?\"}}", &path), 0);
    arena_free(arena);
}
END_TEST

START_TEST(a_group_needs_a_type_and_a_cluster_needs_a_group)
{
    struct arena *arena = arena_new(1 << 22);
    struct str path = S("");

    ck_assert_uint_eq(group_errors(arena, "{\"a\":{}}", &path), 1);
    ck_assert_str(path, S("instance_groups[\"a\"].instance_type"));
    ck_assert_uint_eq(group_errors(arena, "{}", &path), 1);
    arena_free(arena);
}
END_TEST

START_TEST(storage_keeps_the_rules_of_root_and_extra_volumes)
{
    static const struct {
        const char *storage;
        bool good;
    } rows[] = {
        {"[{\"ebs_volume_config\":{\"volume_size_in_gb\":5}},{\"ebs_volume_config\":{\"root_"
         "volume\":"
         "true,\"volume_kms_key_id\":\"k\"}}]",
         true},
        {"[{\"ebs_volume_config\":{\"volume_size_in_gb\":5}},{\"ebs_volume_config\":{"
         "\"volume_size_in_gb\":6}}]",
         false},
        {"[{\"ebs_volume_config\":{\"volume_size_in_gb\":5}},{\"ebs_volume_config\":{"
         "\"volume_size_in_gb\":\"?\"}}]",
         true},
        {"[{}]", false},
        {"[{\"ebs_volume_config\":\"?\"},{\"ebs_volume_config\":\"?\"}]", true},
    };
    struct arena *arena = arena_new(1 << 22);
    const struct cty_type *type =
        cty_set_of(arena, tf_object_type(arena, cluster_storage_rows, NULL));

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct diags diags = diags_in(arena);
        struct tf_check check = {.arena = arena, .diags = &diags};
        const struct cty_value *value = value_from(arena, type, json(arena, rows[i].storage));
        ck_assert_msg(cluster_check_storage(&check, value) == rows[i].good, "%s", rows[i].storage);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_volume_has_a_size_or_is_the_root_with_a_key)
{
    static const struct {
        const char *ebs;
        bool good;
    } rows[] = {
        {"{\"volume_size_in_gb\":5}", true},
        {"{\"volume_size_in_gb\":5,\"root_volume\":false}", true},
        {"{\"volume_size_in_gb\":\"?\"}", true},
        {"{\"root_volume\":true,\"volume_kms_key_id\":\"?\"}", true},
        {"{\"root_volume\":\"?\"}", true},
        {"{}", false},
        {"{\"root_volume\":true}", false},
        {"{\"root_volume\":true,\"volume_kms_key_id\":\"k\",\"volume_size_in_gb\":5}", false},
    };
    struct arena *arena = arena_new(1 << 22);
    const struct cty_type *type = tf_attr_type(arena, &cluster_storage_rows[0]);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct diags diags = diags_in(arena);
        struct tf_check check = {.arena = arena, .diags = &diags};
        const struct cty_value *value = value_from(arena, type, json(arena, rows[i].ebs));
        ck_assert_msg(cluster_check_ebs(&check, value) == rows[i].good, "%s", rows[i].ebs);
    }
    arena_free(arena);
}
END_TEST

START_TEST(the_tables_are_what_core_accepts)
{
    struct arena *arena = arena_new(1 << 22);
    struct diags diags = diags_in(arena);

    ck_assert(tf_schema_check(arena, cluster_rows, NULL, false, &diags));
    ck_assert_ptr_null(diags.first);
    arena_free(arena);
}
END_TEST

TESTS("hyperpod/cluster_rules", words_are_judged_one_by_one,
      a_type_without_ml_is_told_what_to_write, a_bad_group_name_is_refused_where_it_stands,
      a_group_needs_a_type_and_a_cluster_needs_a_group,
      storage_keeps_the_rules_of_root_and_extra_volumes,
      a_volume_has_a_size_or_is_the_root_with_a_key, the_tables_are_what_core_accepts)
