#include "inside.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* An engine of three ranks with two rails each, without processes. */
static struct engine *engine_of(struct arena *arena, struct stage *stage)
{
    struct engine *engine = arena_make(arena, struct engine);

    *engine = (struct engine){.arena = arena, .stage = stage, .rank = 1, .size = 3};
    stage->rail_count = 2;
    stage->plan.series_count = 2;
    stage->plan.repeat = 3;
    stage->plan.series[0] = (struct probe_series){PROBE_LATENCY_P50, 0, 8};
    stage->plan.series[1] = (struct probe_series){PROBE_RMA_READ, 0, 1024};
    return engine;
}

static struct probe_run *run_of(const struct stage *stage)
{
    struct probe_run *run = probe_run_new();
    struct probe_error error = {0};

    probe_run_nodes(run, 3);
    for (uint32_t i = 0; i < 3; i++)
        probe_run_rails(run, i, 2);
    for (uint32_t s = 0; s < stage->plan.series_count; s++)
        probe_run_series(run, stage->plan.series[s].metric, stage->plan.series[s].size_bytes,
                         PROBE_LOAD_RAILS);
    ck_assert(probe_run_cells(run, NULL, &error));
    return run;
}

START_TEST(what_a_rank_saw_arrives_with_the_median_of_its_repetitions)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct stage *stage = stage_new();
    struct engine *engine = engine_of(arena, stage);
    scoped(probe_run_freep) struct probe_run *run = run_of(stage);
    struct stage_cell *cell = stage_cell(stage, 2, 1);
    struct buf bytes = buf_in(arena, 1 << 20);

    *cell = (struct stage_cell){.in = PROBE_SILENT, .out = PROBE_FAILED, .noisy = 1, .text = 1};
    stage->text_count = 1;
    snprintf(stage->texts[1], sizeof stage->texts[1], "no route");
    cell->values[0][0] = 9, cell->values[1][0] = 3, cell->values[2][0] = 5;
    cell->values[1][1] = 7;
    cells_pack(engine, &bytes);

    ck_assert(cells_unpack(engine, run, 1, buf_str(&bytes)));
    ck_assert_double_eq(*probe_cell(run, 0, 1, 1, 2), 5);
    ck_assert(isnan(*probe_cell(run, 0, 0, 1, 2)));
    ck_assert_double_eq(*probe_cell(run, 1, 1, 2, 1), 7); /* read: the bytes came from rank 2 */
    ck_assert_int_eq(probe_said(run, 1, 2, 1).outcome, PROBE_SILENT);
    ck_assert_int_eq(probe_said(run, 1, 1, 2).outcome, PROBE_FAILED);
    ck_assert_str(run->texts[probe_said(run, 1, 1, 2).text], S("no route"));
    stage_free(stage);
}
END_TEST

START_TEST(what_was_measured_beside_the_matrix_arrives_as_medians_of_partners_that_have_both)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct stage *stage = stage_new();
    struct engine *engine = engine_of(arena, stage);
    scoped(probe_run_freep) struct probe_run *run = run_of(stage);
    struct probe_aside *aside =
        probe_run_add_aside(run, PROBE_ASIDE_BISECTION, PROBE_BANDWIDTH_BOTH, 1 << 20);
    struct buf bytes = buf_in(arena, 1 << 20);

    stage->asides[PROBE_ASIDE_BISECTION][0] =
        (struct stage_aside){{50, 90, 60}, {100, 0, 80}, .tested = 3, .unheard = 1, .noisy = 5};
    stage->asides[PROBE_ASIDE_BISECTION][1] = (struct stage_aside){{0, 70, 0}, {0, 0, 0}};
    cells_pack(engine, &bytes);

    ck_assert(cells_unpack(engine, run, 1, buf_str(&bytes)));
    ck_assert_double_eq(aside->values[1 * 2 + 0], 60);
    ck_assert_double_eq(aside->against[1 * 2 + 0], 100);
    ck_assert_double_eq(aside->values[1 * 2 + 1], 70);
    ck_assert(isnan(aside->against[1 * 2 + 1]));
    ck_assert(isnan(aside->values[0]));
    ck_assert_uint_eq(aside->unheard_rails[1 * 2 + 0], 1);
    ck_assert_int_eq(aside->tested, 3);
    ck_assert_int_eq(aside->noisy, 2);
    stage_free(stage);
}
END_TEST

START_TEST(cells_that_are_cut_or_of_another_run_are_refused)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct stage *stage = stage_new();
    struct engine *engine = engine_of(arena, stage);
    scoped(probe_run_freep) struct probe_run *run = run_of(stage);
    struct buf bytes = buf_in(arena, 1 << 20);

    cells_pack(engine, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        ck_assert(!cells_unpack(engine, run, 1, str_sub(buf_str(&bytes), 0, len)));
    bytes.ptr[0] ^= 1;
    ck_assert(!cells_unpack(engine, run, 1, buf_str(&bytes)));
    stage_free(stage);
}
END_TEST

/* What rank 0 does with what 1000 ranks of 32 rails say, one after the other. PROBE_SCALE=FOLDER:
 * where there is room for 640 MB; without it, a tenth of the nodes. */
START_TEST(the_cells_of_many_ranks_are_taken_in_within_bounds)
{
    enum { RAILS = 32, SERIES = 4, MOST_SECONDS = 120, MOST_RANK_KIB = 4096 };
    const char *folder = getenv("PROBE_SCALE");
    uint32_t ranks = folder == NULL ? 100 : 1000;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)64 << 20);
    struct stage *stage = stage_new();
    struct engine *engine = engine_of(arena, stage);
    scoped(probe_run_freep) struct probe_run *run = probe_run_new();
    struct probe_error error = {0};
    struct buf bytes = buf_in(arena, (size_t)MOST_RANK_KIB * 1024);
    char path[512];

    engine->size = ranks;
    stage->rail_count = RAILS;
    stage->plan.series_count = SERIES;
    stage->plan.repeat = 1;
    probe_run_nodes(run, ranks);
    for (uint32_t r = 0; r < ranks; r++)
        probe_run_rails(run, r, RAILS);
    for (uint32_t s = 0; s < SERIES; s++) {
        stage->plan.series[s] = (struct probe_series){PROBE_BANDWIDTH, 0, UINT64_C(8) << s};
        probe_run_series(run, PROBE_BANDWIDTH, UINT64_C(8) << s, PROBE_LOAD_RAILS);
    }
    snprintf(path, sizeof path, "%s/matrix.f32", folder == NULL ? "" : folder);
    ck_assert(probe_run_cells(run, folder == NULL ? NULL : path, &error));
    for (uint32_t other = 0; other < ranks; other++)
        for (uint32_t rail = 0; rail < RAILS; rail++) {
            struct stage_cell *cell = stage_cell(stage, other, rail);
            cell->in = cell->out = PROBE_OK;
            for (uint32_t s = 0; s < SERIES; s++)
                cell->values[0][s] = (float)(other + 1);
        }
    cells_pack(engine, &bytes);
    ck_assert(!bytes.overflow);

    struct timespec began, ended;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    for (uint32_t r = 0; r < ranks; r++)
        ck_assert(cells_unpack(engine, run, r, buf_str(&bytes)));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    ck_assert_double_eq(*probe_cell(run, 3, RAILS - 1, ranks - 1, 7), 8);
    ck_assert_int_eq(probe_said(run, RAILS - 1, 7, ranks - 1).outcome, PROBE_OK);
    if (folder != NULL) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        printf("%u ranks x %d rails: %zu KiB a rank, taken in within %.1f s of one processor "
               "(limit %d), peak %ld MiB\n",
               ranks, RAILS, bytes.len / 1024, (double)(ended.tv_sec - began.tv_sec), MOST_SECONDS,
               usage.ru_maxrss / 1024);
        unlink(path);
    }
    ck_assert_int_lt(ended.tv_sec - began.tv_sec, MOST_SECONDS);
    stage_free(stage);
}
END_TEST

START_TEST(ranks_of_different_versions_or_options_do_not_measure)
{
    struct card one = {.name = S("n1"), .probe = S("0.1.0"), .arguments = S("run")};
    struct card other = {.name = S("n2"), .probe = S("0.1.1"), .arguments = S("run")};
    struct card *cards[] = {&one, NULL, &other};
    struct probe_error error = {0}, again = {0};

    ck_assert(!cards_agree(cards, 3, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "0.1.0 on n1, 0.1.1 on n2"));
    other.probe = one.probe;
    ck_assert(cards_agree(cards, 3, &again));
    other.arguments = S("run --mode quick");
    ck_assert(!cards_agree(cards, 3, &again));
}
END_TEST

START_TEST(ranks_that_share_a_machine_take_turns)
{
    struct card all[4];
    struct card *cards[4];

    for (int i = 0; i < 4; i++) {
        all[i] = (struct card){.machine = S("m"), .processors = 2, .rail_count = 1};
        cards[i] = &all[i];
    }
    ck_assert_int_eq(turns_of(cards, 4), 2);
    for (int i = 0; i < 4; i++)
        all[i].processors = 8;
    ck_assert_int_eq(turns_of(cards, 4), 1);
    all[0].machine = S("a"), all[1].machine = S("b"), all[2].machine = S("c");
    all[3].processors = 1;
    ck_assert_int_eq(turns_of(cards, 4), 1);
}
END_TEST

TESTS("probe/cells", the_cells_of_many_ranks_are_taken_in_within_bounds,
      what_a_rank_saw_arrives_with_the_median_of_its_repetitions,
      what_was_measured_beside_the_matrix_arrives_as_medians_of_partners_that_have_both,
      cells_that_are_cut_or_of_another_run_are_refused,
      ranks_of_different_versions_or_options_do_not_measure, ranks_that_share_a_machine_take_turns)
