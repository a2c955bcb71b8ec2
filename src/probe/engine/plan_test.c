#include "plan.h"

#include <hp/base/test.h>

static struct probe_error error;

static const struct plan *plan_of(struct probe_options options)
{
    static struct plan plan;

    options.box_ms = 200;
    options.repeat = 3;
    ck_assert_msg(plan_make(&options, &plan, &error), "%s", error.text);
    return &plan;
}

START_TEST(four_mebibytes_are_under_way_in_2_to_64_messages)
{
    static const struct {
        uint64_t size;
        uint32_t window;
    } rows[] = {{8, 64},      {1024, 64},   {65536, 64},   {131072, 32}, {1 << 20, 4},
                {2 << 20, 2}, {4 << 20, 2}, {16 << 20, 2}, {3, 64}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_uint_eq(plan_window(rows[i].size), rows[i].window);
}
END_TEST

/* What the documentation says of memory: 32 MiB to send from, as much to receive into. */
START_TEST(sixteen_mebibytes_need_areas_of_two_messages_and_no_more)
{
    struct probe_options options = {.tests = ~0u, .size_count = 1, .sizes = {16 << 20}};

    ck_assert_uint_eq(plan_of(options)->buffer_bytes, 32 << 20);
    options.sizes[0] = 8;
    ck_assert_uint_eq(plan_of(options)->buffer_bytes, 4 << 20); /* beside the matrix: 4 of 1 MiB */
}
END_TEST

START_TEST(eight_sizes_with_all_tests_fit)
{
    struct probe_options options = {.tests = ~0u, .size_count = 8};
    uint32_t figures = 0;

    for (uint32_t i = 0; i < 8; i++)
        options.sizes[i] = UINT64_C(8) << (3 * i);

    const struct plan *plan = plan_of(options);
    ck_assert_uint_le(plan->series_count, PROBE_MAX_SERIES);
    ck_assert_uint_eq(plan->phase_count, PLAN_PHASES);
    for (uint32_t i = 0; i < plan->phase_count; i++)
        ck_assert_uint_le(plan->phases[i].count, PAIR_MOST_PIECES);
    for (uint32_t s = 0; s < plan->series_count; s++)
        ck_assert_ptr_nonnull(plan_piece_of(plan, s, &figures));
}
END_TEST

START_TEST(what_is_measured_beside_the_matrix_has_no_series)
{
    struct probe_options options = {.tests = TEST_RAILS | TEST_CROSS | TEST_BISECTION};
    const struct plan *plan = plan_of(options);

    ck_assert_uint_eq(plan->phase_count, 4);
    ck_assert_uint_eq(plan->series_count, 1); /* of connections */
    ck_assert_int_eq(plan->phases[0].aside, -1);
    ck_assert_int_eq(plan->phases[3].aside, PROBE_ASIDE_BISECTION);
}
END_TEST

START_TEST(a_round_that_is_longer_than_the_run_is_refused_with_both_options)
{
    struct probe_options options = {
        .tests = TEST_BANDWIDTH, .repeat = 1, .box_ms = 60000, .timeout_ms = 5000};
    struct plan plan;

    ck_assert(!plan_make(&options, &plan, &error));
    ck_assert_int_eq(error.exit_code, EXIT_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "--timeout is 5.0 s"));
    ck_assert_ptr_nonnull(strstr(error.text, "bandwidth takes up to"));
    ck_assert_ptr_nonnull(strstr(error.text, "--box-ms 60000"));
    options.timeout_ms = 1800000;
    ck_assert_msg(plan_make(&options, &plan, &error), "%s", error.text);
}
END_TEST

TESTS("probe/plan", a_round_that_is_longer_than_the_run_is_refused_with_both_options,
      four_mebibytes_are_under_way_in_2_to_64_messages,
      sixteen_mebibytes_need_areas_of_two_messages_and_no_more, eight_sizes_with_all_tests_fit,
      what_is_measured_beside_the_matrix_has_no_series)
