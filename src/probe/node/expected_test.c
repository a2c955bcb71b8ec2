#include "expected.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <unistd.h>

static const char sample[] =
    "{\"ClusterConfig\":{\"ClusterName\":\"train\",\"ClusterArn\":\"arn:x\"},\"ClusterType\":"
    "\"Slurm\","
    "\"InstanceGroups\":[{\"Name\":\"workers\",\"InstanceType\":\"ml.p5.48xlarge\",\"Instances\":["
    "{\"InstanceName\":\"workers-1\",\"InstanceId\":\"i-1\",\"CustomerIpAddress\":\"10.1.0.1\","
    "\"InstanceLabel\":{\"network-node-layer-1\":\"nn-a\",\"network-node-layer-2\":\"nn-b\"}},"
    "{\"InstanceName\":\"workers-2\",\"InstanceId\":\"i-2\",\"CustomerIpAddress\":\"10.1.0.2\"}]},"
    "{\"Name\":\"controller\",\"InstanceType\":\"ml.m5.large\",\"Instances\":["
    "{\"InstanceName\":\"controller-1\",\"InstanceId\":\"i-3\"}]},"
    "{\"Name\":\"later\",\"InstanceType\":\"ml.p5.48xlarge\",\"Instances\":null}]}";

static const char *slurm_list;

static struct str fake_env(void *arg, const char *name)
{
    (void)arg;
    return strcmp(name, "SLURM_JOB_NODELIST") == 0 ? str_of(slurm_list) : (struct str){0};
}

static const struct world world = {.env = fake_env};

START_TEST(all_instances_of_the_file_are_expected)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct expected expected;
    struct probe_error error = {0};

    ck_assert(expected_read(arena, str_of(sample), "rct.json", NULL, 0, &expected, &error));
    ck_assert_int_eq(expected.count, 3);
    ck_assert_str(expected.cluster, S("train"));
    ck_assert_str(expected.nodes[0].place, S("nn-a/nn-b"));
    ck_assert_str(expected_of(&expected, S("10.1.0.2"), S("?"))->id, S("i-2"));
    ck_assert_ptr_null(expected_of(&expected, S(""), S("nobody")));
}
END_TEST

START_TEST(only_the_groups_that_were_asked_for_are_expected)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct expected expected;
    struct probe_error error = {0};

    ck_assert(expected_read(arena, str_of(sample), "rct.json", (struct str[]){S("workers")}, 1,
                            &expected, &error));
    ck_assert_int_eq(expected.count, 2);
    ck_assert(!expected_read(arena, str_of(sample), "rct.json", (struct str[]){S("wrokers")}, 1,
                             &expected, &error));
    ck_assert_int_eq(error.exit_code, EXIT_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "no group wrokers; it has "));
}
END_TEST

START_TEST(in_a_job_of_slurm_groups_pick_some_of_its_nodes)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    char path[] = "/tmp/resource_config.XXXXXX";
    struct expected expected;
    struct probe_error error = {0};
    int fd = mkstemp(path);

    ck_assert(write(fd, sample, sizeof sample - 1) == sizeof sample - 1);
    close(fd);
    slurm_list = "workers-[1-3]";
    bool found =
        expected_find(arena, &world, path, (struct str[]){S("workers")}, 1, &expected, &error);
    unlink(path);
    ck_assert_msg(found, "%s", error.text);
    ck_assert_int_eq(expected.count, 2);
}
END_TEST

START_TEST(groups_without_a_file_that_names_them_are_refused)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct expected expected;
    struct probe_error error = {0};

    slurm_list = "workers-[1-3]";
    ck_assert(
        !expected_find(arena, &world, NULL, (struct str[]){S("workers")}, 1, &expected, &error));
    ck_assert_int_eq(error.exit_code, EXIT_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "there is no resource_config.json"));
}
END_TEST

START_TEST(a_file_that_is_none_says_where)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    static const char *const bad[] = {"",
                                      "[]",
                                      "{\"InstanceGroups\":{}}",
                                      "{\"InstanceGroups\":[1]}",
                                      "{\"InstanceGroups\":[{\"Instances\":[{}]}]}",
                                      "{\n\"a\":"};
    struct expected expected;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct probe_error error = {0};
        ck_assert(!expected_read(arena, str_of(bad[i]), "rct.json", NULL, 0, &expected, &error));
        ck_assert_int_eq(error.exit_code, EXIT_BAD_DATA);
        ck_assert_msg(str_starts(str_of(error.text), S("rct.json: ")), "%s", error.text);
        if (i + 1 == sizeof bad / sizeof bad[0]) /* it ends too early */
            ck_assert_msg(strstr(error.text, "line 2, column 4: this is not JSON") != NULL, "%s",
                          error.text);
    }
}
END_TEST

START_TEST(in_a_job_of_slurm_only_its_nodes_are_expected_and_the_file_describes_them)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    char path[] = "/tmp/resource_config.XXXXXX";
    struct expected expected;
    struct probe_error error = {0};
    int fd = mkstemp(path);

    ck_assert(write(fd, sample, sizeof sample - 1) == sizeof sample - 1);
    close(fd);
    slurm_list = "workers-[2-3]";
    bool found = expected_find(arena, &world, path, NULL, 0, &expected, &error);
    unlink(path);
    ck_assert_msg(found, "%s", error.text);
    ck_assert_int_eq(expected.count, 2);
    ck_assert_str(expected.nodes[0].id, S("i-2"));
    ck_assert_str(expected.nodes[1].name, S("workers-3"));
    ck_assert_str(expected.nodes[1].id, S(""));
}
END_TEST

START_TEST(a_file_that_was_named_and_is_not_there_is_an_error)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct expected expected;
    struct probe_error error = {0};

    slurm_list = NULL;
    ck_assert(!expected_find(arena, &world, "/nonexistent/x.json", NULL, 0, &expected, &error));
    ck_assert(expected_find(arena, &world, NULL, NULL, 0, &expected, &error));
    ck_assert_int_eq(expected.count, 0);
}
END_TEST

TESTS("probe/expected", all_instances_of_the_file_are_expected,
      only_the_groups_that_were_asked_for_are_expected, a_file_that_is_none_says_where,
      in_a_job_of_slurm_only_its_nodes_are_expected_and_the_file_describes_them,
      in_a_job_of_slurm_groups_pick_some_of_its_nodes,
      groups_without_a_file_that_names_them_are_refused,
      a_file_that_was_named_and_is_not_there_is_an_error)
