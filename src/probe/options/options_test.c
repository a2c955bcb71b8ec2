#include "options.h"

#include <hp/base/test.h>
#include <stdio.h>

static struct probe_error error;

static bool parse(struct probe_options *line, const char *words)
{
    static char text[512];
    char *argv[32] = {"hyperpod-probe"}, *at = text;
    int argc = 1;

    snprintf(text, sizeof text, "%s", words);
    for (char *word; (word = strsep(&at, " ")) != NULL;)
        argv[argc++] = word;
    error = (struct probe_error){0};
    return probe_options_parse(argc, argv, line, &error);
}

START_TEST(all_options_of_run_are_taken)
{
    struct probe_options line;

    ck_assert(parse(&line,
                    "run --provider tcp;ofi_rxm --rail a --rail=b --tests latency,bandwidth,rma "
                    "--sizes 8,1k,64k,1M --mode quick --groups v,w --expect 4 "
                    "--target latency-us=15 --target bandwidth-gbps=100 --timeout 90s "
                    "--out x --strict"));
    ck_assert_int_eq(line.verb, VERB_RUN);
    ck_assert_str_eq(line.provider, "tcp;ofi_rxm");
    ck_assert_uint_eq(line.rails.count, 2);
    ck_assert_str(line.rails.items[1], S("b"));
    ck_assert_uint_eq(line.tests, TEST_LATENCY | TEST_BANDWIDTH | TEST_RMA);
    ck_assert_uint_eq(line.size_count, 4);
    ck_assert_uint_eq(line.sizes[3], 1 << 20);
    ck_assert(line.quick && line.strict);
    ck_assert_str(line.groups.items[1], S("w"));
    ck_assert_int_eq(line.expect, 4);
    ck_assert(line.target.latency_us == 15 && line.target.bandwidth_gbps == 100);
    ck_assert_int_eq(line.timeout_ms, 90000);
}

START_TEST(all_sizes_go_from_8_bytes_to_16_mebibytes)
{
    struct probe_options line;

    ck_assert(parse(&line, "run --sizes all"));
    ck_assert_uint_eq(line.size_count, 8);
    ck_assert_uint_eq(line.sizes[0], 8);
    ck_assert_uint_eq(line.sizes[7], 16 << 20);
}

START_TEST(a_wrong_command_line_is_told_what_is_wrong)
{
    static const struct {
        const char *words, *says;
    } rows[] = {
        {"", "no such verb"},
        {"walk", "no such verb: walk"},
        {"report", "report needs 1 file"},
        {"compare a", "compare needs 2 files"},
        {"report a b", "one word too many: b"},
        {"run --rails x", "unknown option: --rails"},
        {"report a --rail x", "not an option of this verb"},
        {"--rail x", "the verb comes first"},
        {"run --pairs a", "a pair is A:B, two nodes: a"},
        {"run --pairs a:b,c:", "two nodes: c:"},
        {"run --pairs a:b,,c:d", "two nodes"},
        {"run --pairs=", "an empty value"},
        {"run --pairs a:b --mode quick", "not both"},
        {"run --pairs a:b --tests latency,bisection", "that --pairs does not name"},
        {"run --tests latency,all", "tests are latency"},
        {"run --sizes 8,,9", "an empty word"},
        {"run --sizes 8x", "a size is"},
        {"run --sizes 17M", "a size is from 1 to 16M"},
        {"run --repeat 10", "--repeat is a whole number from 1 to 9: 10"},
        {"run --tests latency --target bandwidth-gbps=100", "is of bandwidth, which --tests leave"},
        {"run --target latency-us=9 --tests rate", "is of latency, which --tests leaves out"},
        {"run --expect 0", "--expect is a whole number from 1 to 4096: 0"},
        {"run --timeout soon", "a time is"},
        {"run --timeout", "a value is missing"},
        {"run --strict=yes", "has no value"},
        {"run --target speed=9", "a target is"},
        {"run --target latency-us=-1", "a target is"},
        {"run --mode slow", "--mode is"},
        {"compare a b --format html", "compare knows"},
        {"compare a b --tolerance 200%", "a share is"},
        {"run --quiet --verbose", "not both"},
    };
    struct probe_options line;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(!parse(&line, rows[i].words), "%s", rows[i].words);
        ck_assert_int_eq(error.exit_code, EXIT_BAD_USAGE);
        ck_assert_msg(strstr(error.text, rows[i].says) != NULL, "%s: %s", rows[i].words,
                      error.text);
    }
}

START_TEST(help_needs_nothing_else)
{
    struct probe_options line;

    ck_assert(parse(&line, "--help"));
    ck_assert(parse(&line, "report -h") && line.help);
    ck_assert(parse(&line, "-h") && line.help);
    ck_assert(parse(&line, "report --help"));
    ck_assert(strstr(probe_options_usage(line.verb), "--top") != NULL);
}

START_TEST(compare_has_two_files_and_a_tolerance)
{
    struct probe_options line;

    ck_assert(parse(&line, "compare old/report.json --tolerance=7.5% new/report.json"));
    ck_assert_str_eq(line.files[1], "new/report.json");
    ck_assert(line.tolerance == 0.075);
}

TESTS("probe/options", all_options_of_run_are_taken, all_sizes_go_from_8_bytes_to_16_mebibytes,
      a_wrong_command_line_is_told_what_is_wrong, help_needs_nothing_else,
      compare_has_two_files_and_a_tolerance)
