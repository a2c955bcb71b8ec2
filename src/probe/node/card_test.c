#include "card.h"
#include "result/run.h"
#include "sysfs.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A root folder with the files of a node that has two EFA devices and one of another kind. */
static char root[] = "/tmp/probe-root.XXXXXX";

static void put(const char *path, const char *text)
{
    char full[512];
    FILE *file;

    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *at = full + sizeof root; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(full, 0755);
        *at = '/';
    }
    file = fopen(full, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void made_node(void)
{
    snprintf(root, sizeof root, "/tmp/probe-root.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    put("/sys/class/infiniband/rdmap79s0/device/vendor", "0x1d0f\n");
    put("/sys/class/infiniband/rdmap79s0/device/device", "0xefa2\n");
    put("/sys/class/infiniband/rdmap79s0/ports/1/hw_counters/rx_drops", "12\n");
    put("/sys/class/infiniband/rdmap80s0/device/vendor", "0x1d0f\n");
    put("/sys/class/infiniband/rdmap80s0/device/device", "0xefa9\n");
    put("/sys/class/infiniband/mlx5_0/device/vendor", "0x15b3\n");
    put("/sys/module/efa/version", "2.10.0g\n");
    put("/opt/amazon/efa_installed_packages", "EFA installer version: 1.38.0\n# more\n");
    put("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "0\n");
    put("/dev/infiniband/uverbs0", "");
}

static void remove_node(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", root);
    ck_assert_int_eq(system(command), 0);
}

static struct str fake_env(void *arg, const char *name)
{
    (void)arg;
    if (strcmp(name, "FI_PROVIDER") == 0)
        return S("efa");
    return strcmp(name, "SLURMD_NODENAME") == 0 ? S("workers-7") : (struct str){0};
}

static const struct world world = {.env = fake_env};

static const struct card_finding *finding(const struct card *card, const char *code)
{
    for (uint32_t i = 0; i < card->finding_count; i++)
        if (str_is(card->findings[i].code, code))
            return &card->findings[i];
    return NULL;
}

START_TEST(a_node_tells_what_is_missing_before_any_traffic)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);

    made_node();
    struct card *card = card_new(arena, &world, root);
    struct card_purpose purpose = card_purpose(NULL, root);
    purpose.rails = 3;
    card_preflight(arena, card, &world, root, &purpose);
    remove_node();

    ck_assert_str(card->name, S("workers-7"));
    ck_assert_str(card->driver, S("2.10.0g"));
    ck_assert_str(card->installer, S("EFA installer version: 1.38.0"));
    ck_assert_str(finding(card, "devices-missing")->text,
                  S("2 EFA devices are there, 3 belong to this instance type"));
    ck_assert_ptr_nonnull(finding(card, "huge-pages"));
    ck_assert_ptr_nonnull(finding(card, "environment"));
    ck_assert_ptr_null(finding(card, "no-uverbs"));
}
END_TEST

/* p5.48xlarge without its driver was PASS, over TCP. */
START_TEST(a_type_with_efa_that_is_measured_over_something_else_is_told)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct card *card = card_new(arena, &world, "/nonexistent");
    struct card_purpose purpose = card_purpose(NULL, "/nonexistent");

    purpose.type = S("p5.48xlarge");
    purpose.rails = 32;
    card_preflight(arena, card, &world, "/nonexistent", &purpose);
    ck_assert_int_eq(finding(card, "no-efa")->severity, PROBE_ERROR);
    ck_assert_str(finding(card, "no-efa")->text,
                  S("p5.48xlarge has 32 EFA devices, none was found here, and tcp;ofi_rxm was "
                    "measured instead"));
    ck_assert_ptr_null(finding(card, "devices-missing"));

    card = card_new(arena, &world, "/nonexistent");
    purpose.provider = "shm";
    purpose.by_name = true;
    card_preflight(arena, card, &world, "/nonexistent", &purpose);
    ck_assert_int_eq(finding(card, "not-efa")->severity, PROBE_WARNING);
    ck_assert_ptr_null(finding(card, "no-efa"));

    card = card_new(arena, &world, "/nonexistent");
    purpose.rails = 0; /* a type without EFA may be measured over anything */
    card_preflight(arena, card, &world, "/nonexistent", &purpose);
    ck_assert_ptr_null(finding(card, "not-efa"));
}
END_TEST

START_TEST(a_card_that_was_sent_is_the_same_card)
{
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct card *card = card_new(arena, &world, "/nonexistent"), again = {0};
    struct probe_error error = {0};

    card->rails[card->rail_count++] = (struct card_rail){S("eth0"), S(""), S("0a0b"), 9001};
    card_find(card, PROBE_WARNING, 0, "code", S("text"), "remedy");
    cJSON *tree = members_write(arena, &card_members, card);
    char *json = cJSON_PrintUnformatted(tree);
    bool read = members_read(arena, str_of(json), "card", &card_members, &again, &error);
    cJSON_Delete(tree);
    cJSON_free(json);

    ck_assert_msg(read, "%s", error.text);
    ck_assert_str(again.name, card->name);
    ck_assert_int_eq(again.rail_count, 1);
    ck_assert_str(again.rails[0].address, S("0a0b"));
    ck_assert_int_eq(again.findings[0].severity, PROBE_WARNING);
    ck_assert_int_eq(again.address_count, card->address_count);
}
END_TEST

START_TEST(counters_that_rose_during_a_run_are_told_by_how_much)
{
    int64_t before[SYSFS_COUNTERS], after[SYSFS_COUNTERS];

    made_node();
    put("/sys/class/infiniband/rdmap79s0/ports/1/hw_counters/retrans_timeout_events", "5\n");
    sysfs_counters(root, "rdmap79s0", before);
    put("/sys/class/infiniband/rdmap79s0/ports/1/hw_counters/retrans_timeout_events", "8\n");
    put("/sys/class/infiniband/rdmap79s0/ports/1/hw_counters/rx_drops", "3\n");
    sysfs_counters(root, "rdmap79s0", after);
    remove_node();

    for (int i = 0; i < SYSFS_COUNTERS; i++)
        ck_assert_int_eq(sysfs_moved(before, after, i),
                         strcmp(sysfs_counter_names[i], "retrans_timeout_events") == 0 ? 3 : 0);
}
END_TEST

START_TEST(counters_that_are_there_are_read)
{
    int64_t values[SYSFS_COUNTERS];

    made_node();
    sysfs_counters(root, "rdmap79s0", values);
    remove_node();
    ck_assert_int_eq(values[3], 12);
    ck_assert_int_eq(values[0], -1);
}
END_TEST

START_TEST(what_others_took_of_the_processors_is_told)
{
    struct sysfs_load before = {100, 1000, 50}, after = {200, 1200, 60};

    ck_assert_double_gt(sysfs_foreign(&before, &after), 0.4);
    after.own = 150;
    ck_assert_double_eq(sysfs_foreign(&before, &after), 0);
    ck_assert(sysfs_load("", &before));
}
END_TEST

TESTS("probe/card", a_node_tells_what_is_missing_before_any_traffic,
      a_type_with_efa_that_is_measured_over_something_else_is_told,
      a_card_that_was_sent_is_the_same_card, counters_that_are_there_are_read,
      counters_that_rose_during_a_run_are_told_by_how_much,
      what_others_took_of_the_processors_is_told)
