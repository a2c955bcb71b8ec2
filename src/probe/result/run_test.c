#include "run.h"

#include <hp/base/test.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct probe_run *small(uint32_t nodes, uint32_t rails)
{
    struct probe_run *run = probe_run_new();

    probe_run_nodes(run, nodes);
    for (uint32_t n = 0; n < nodes; n++)
        probe_run_rails(run, n, rails);
    return run;
}

START_TEST(what_was_not_measured_is_nan_and_not_tried)
{
    scoped(probe_run_freep) struct probe_run *run = small(3, 2);
    struct probe_error error = {0};
    uint32_t latency = probe_run_series(run, PROBE_LATENCY_P50, 8, PROBE_LOAD_RAIL);

    ck_assert(probe_run_cells(run, NULL, &error));
    probe_set(run, latency, 1, 0, 2, 12.5);

    ck_assert(*probe_cell(run, latency, 1, 0, 2) == 12.5f);
    ck_assert(isnan(*probe_cell(run, latency, 1, 2, 0)));
    ck_assert_int_eq(probe_said(run, 1, 2, 0).outcome, PROBE_NOT_TRIED);
}

START_TEST(a_series_is_made_once)
{
    scoped(probe_run_freep) struct probe_run *run = small(2, 1);

    ck_assert_uint_eq(probe_run_series(run, PROBE_RATE, 8, PROBE_LOAD_RAIL), 0);
    ck_assert_uint_eq(probe_run_series(run, PROBE_RATE, 64, PROBE_LOAD_RAIL), 1);
    ck_assert_uint_eq(probe_run_series(run, PROBE_RATE, 8, PROBE_LOAD_RAIL), 0);
    ck_assert_int_eq(probe_run_series_find(run, PROBE_RATE, 9, PROBE_LOAD_RAIL), -1);
}

START_TEST(the_worst_outcome_stays_with_its_text_and_noise_is_never_hidden)
{
    scoped(probe_run_freep) struct probe_run *run = small(2, 1);
    struct probe_error error = {0};

    ck_assert(probe_run_cells(run, NULL, &error));
    probe_say(run, 0, 0, 1, PROBE_OK, true, S(""));
    probe_say(run, 0, 0, 1, PROBE_FAILED, false, S("15 unreachable remote"));
    probe_say(run, 0, 0, 1, PROBE_OK, false, S(""));

    struct probe_said said = probe_said(run, 0, 0, 1);
    ck_assert_int_eq(said.outcome, PROBE_FAILED);
    ck_assert(said.noisy);
    ck_assert_str(run->texts[said.text], S("15 unreachable remote"));
}

START_TEST(more_texts_than_there_is_room_for_become_other_errors)
{
    scoped(probe_run_freep) struct probe_run *run = small(20, 1);
    struct probe_error error = {0};
    char text[32];

    ck_assert(probe_run_cells(run, NULL, &error));
    for (uint32_t i = 0; i < 400; i++) {
        snprintf(text, sizeof text, "error %u", i);
        probe_say(run, 0, i / 20, i % 20, PROBE_FAILED, false, str_of(text));
    }

    ck_assert_uint_le(run->text_count, PROBE_MAX_TEXTS);
    ck_assert_str(run->texts[probe_said(run, 0, 0, 7).text], S("error 7"));
    ck_assert_str(run->texts[probe_said(run, 0, 19, 19).text], S("other errors"));
}

START_TEST(cells_may_lie_in_a_file_and_come_back_after_their_memory_was_given_away)
{
    scoped(probe_run_freep) struct probe_run *run = small(64, 4);
    struct probe_error error = {0};
    char path[] = "/tmp/probe-run-test.XXXXXX";
    struct stat status;

    close(mkstemp(path));
    uint32_t bw = probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAILS);
    ck_assert_msg(probe_run_cells(run, path, &error), "%s", error.text);
    for (uint32_t rail = 0; rail < 4; rail++) {
        probe_set(run, bw, rail, 63, 1, 90 + rail);
        probe_plane_done(run, bw, rail);
    }

    ck_assert(*probe_cell(run, bw, 3, 63, 1) == 93);
    ck_assert(probe_run_cells_sync(run, path, &error));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 64 * 64 * 4 * 2 * 4);
    unlink(path);
}

START_TEST(two_runs_into_one_folder_keep_each_their_own_cells)
{
    char path[] = "/tmp/probe-run-test.XXXXXX", kept[64];
    int fd = mkstemp(path);
    struct probe_error error = {0};

    close(fd);
    snprintf(kept, sizeof kept, "%s.new", path);
    ck_assert_int_eq(truncate(path, 7), 0); /* the matrix of last week */
    {
        scoped(probe_run_freep) struct probe_run *first = small(2, 1);
        scoped(probe_run_freep) struct probe_run *second = small(2, 1);
        struct stat status;
        uint32_t bw = probe_run_series(first, PROBE_BANDWIDTH, 8, PROBE_LOAD_RAIL);
        ck_assert_uint_eq(probe_run_series(second, PROBE_BANDWIDTH, 8, PROBE_LOAD_RAIL), bw);
        ck_assert(probe_run_cells(first, path, &error) && probe_run_cells(second, path, &error));
        probe_set(first, bw, 0, 0, 1, 1);
        probe_set(second, bw, 0, 0, 1, 2);
        ck_assert(*probe_cell(first, bw, 0, 0, 1) == 1);
        ck_assert(stat(path, &status) == 0 && status.st_size == 7); /* until a run is whole */
        ck_assert(probe_run_cells_sync(second, path, &error));
        ck_assert(stat(path, &status) == 0 && status.st_size > 7);
    }
    ck_assert(access(kept, F_OK) != 0); /* the first one never became whole */
    unlink(path);
}

START_TEST(a_file_that_cannot_be_made_is_exit_73)
{
    scoped(probe_run_freep) struct probe_run *run = small(2, 1);
    struct probe_error error = {0};

    ck_assert(!probe_run_cells(run, "/nonexistent/matrix.f32", &error));
    ck_assert_int_eq(error.exit_code, EXIT_CANNOT_WRITE);
    ck_assert(strstr(error.text, "/nonexistent/matrix.f32") != NULL);
}

START_TEST(lists_grow_and_keep_what_was_in_them)
{
    scoped(probe_run_freep) struct probe_run *run = small(2, 1);
    char text[16];

    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "phase %d", i);
        probe_run_add_phase(run, &(struct probe_phase){.name = str_of(text), .rounds = i});
    }

    ck_assert_uint_eq(run->phase_count, 100);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(run->phases[i].rounds, i);
    ck_assert_str(run->phases[37].name, S("phase 37"));
}

TESTS("probe/run", what_was_not_measured_is_nan_and_not_tried, a_series_is_made_once,
      the_worst_outcome_stays_with_its_text_and_noise_is_never_hidden,
      more_texts_than_there_is_room_for_become_other_errors,
      cells_may_lie_in_a_file_and_come_back_after_their_memory_was_given_away,
      two_runs_into_one_folder_keep_each_their_own_cells, a_file_that_cannot_be_made_is_exit_73,
      lists_grow_and_keep_what_was_in_them)
