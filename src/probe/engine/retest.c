#include "fabric/ticks.h"
#include "judge/judge.h"
#include "said.h"

#include <stdlib.h>

/* Meetings have numbers of their own here: in which round the last one was may differ from rank to
 * rank, when time was over or somebody did not come. 16 bits go into a message's tag. */
enum { MOST_ROWS = 512, FIRST_SEQUENCE = (1 << 16) - MOST_ROWS };

/* For rank 0 to hear all, to judge, and to say what is to be measured again. */
static const int64_t patience_ns = 120000 * TICKS_MS, patience_of_each_ns = 250 * TICKS_MS;

/* What rank 0 asks for, and what one who measured it answers. The other end tells only when it was
 * disturbed. */
struct asked {
    uint32_t series, from, to, rail;
};
struct told {
    uint32_t row;
    uint16_t outcome;
    uint8_t noisy, other_end;
    float value;
};

static int64_t slot_of(const struct engine *engine, uint32_t series)
{
    uint32_t figure;
    const struct plan_piece *piece = plan_piece_of(&engine->stage->plan, series, &figure);

    return (piece == NULL ? 0 : piece->piece.box_ns * 2) + 1000 * TICKS_MS;
}

/* What a row takes when all is well: without fences, until the clock says. */
static int64_t time_of(const struct engine *engine, uint32_t series)
{
    int64_t slot = slot_of(engine, series);

    return wire_meets(engine->wire) ? slot - 900 * TICKS_MS : slot + 1500 * TICKS_MS;
}

/* One after the other, so that each is alone on the fabric. The bytes go from `from` to `to`; who
 * reads them is the one who starts. */
static uint32_t measure_rows(struct engine *engine, const struct asked *rows, uint32_t count,
                             struct told *told)
{
    uint32_t mine = 0;

    engine->anchor = ticks_ns();
    for (uint32_t i = 0; i < count; i++) {
        const struct asked *row = &rows[i];
        bool reads = engine->stage->plan.series[row->series].metric == PROBE_RMA_READ;
        uint32_t starts = reads ? row->to : row->from, other = reads ? row->from : row->to;
        struct stage_order order = {.kind = ORDER_AGAIN,
                                    .rail = (int32_t)row->rail,
                                    .series = (int32_t)row->series,
                                    .sequence = FIRST_SEQUENCE + i};
        engine_come(engine, slot_of(engine, row->series));
        if (engine->rank != starts && engine->rank != other)
            continue;
        order.first = engine->rank == starts;
        order.other = order.first ? other : starts;
        order.deadline = engine->anchor + slot_of(engine, row->series) + 5000 * TICKS_MS;
        if (ticks_ns() >= order.deadline ||
            !measurer_do(&engine->measurer, &order, order.deadline + 1000 * TICKS_MS) ||
            (!order.first && !engine->stage->again_noisy))
            continue;
        told[mine++] = (struct told){i, engine->stage->again_outcome, engine->stage->again_noisy,
                                     !order.first, engine->stage->again};
    }
    return mine;
}

static void say_told(struct engine *engine, const struct told *told, uint32_t count)
{
    wire_say(engine->wire, "told", (struct str){(const char *)told, count * sizeof *told});
}

/* disturbed: by row; told by the other end. sample_of: the sample of each row, or -1. */
static void add_samples(struct engine *engine, struct probe_run *run, const struct asked *rows,
                        uint32_t count, uint32_t rank, int64_t deadline, bool *disturbed,
                        int32_t *sample_of)
{
    struct str bytes;
    struct told told;

    if (!wire_hear(engine->wire, rank, "told", engine->arena, deadline, &bytes))
        return;
    for (size_t at = 0; at + sizeof told <= bytes.len; at += sizeof told) {
        memcpy(&told, bytes.ptr + at, sizeof told);
        if (told.row >= count || told.outcome >= PROBE_OUTCOMES)
            continue;
        const struct asked *row = &rows[told.row];
        disturbed[told.row] |= told.noisy != 0;
        if (told.other_end)
            continue;
        sample_of[told.row] = (int32_t)run->sample_count;
        probe_run_add_sample(
            run, &(struct probe_sample){.kind = PROBE_SAMPLE_ALONE,
                                        .series = row->series,
                                        .from = (int32_t)row->from,
                                        .to = (int32_t)row->to,
                                        .from_rail = (int32_t)row->rail,
                                        .to_rail = (int32_t)row->rail,
                                        .outcome = told.outcome,
                                        .value = told.value > 0 ? (double)told.value : NAN});
    }
}

/* Nobody leaves before rank 0 has everything: with the last rank of a node its server goes, and
 * what the rank has said. */
static void part(struct engine *engine)
{
    struct timespec grace = {2, 0};
    struct str bytes;
    int64_t deadline = ticks_ns() + 120000 * TICKS_MS;

    if (engine->rank == 0)
        wire_say(engine->wire, "bye", S("bye"));
    if (wire_meets(engine->wire) &&
        wire_meet(engine->wire, engine->rank == 0 ? ticks_ns() + 5000 * TICKS_MS : deadline))
        return;
    if (engine->rank == 0)
        nanosleep(&grace, NULL); /* for the others to hear it */
    else if (!wire_hear(engine->wire, 0, "bye", engine->arena, deadline, &bytes))
        engine_abandon(engine);
}

bool engine_retest(struct engine *engine, struct probe_run *run)
{
    struct judge_retest *wanted;
    uint32_t count = judge_retests(run, engine->arena, &wanted), kept = 0;
    int64_t left = engine->deadline - ticks_ns();
    struct asked *rows = arena_array(engine->arena, struct asked, MOST_ROWS);
    struct told *told = arena_array(engine->arena, struct told, MOST_ROWS);
    /* Quick mode may bring others together: --pairs and --groups may not. */
    const bool *met = engine->roster.quick ? NULL : roster_meetings(&engine->roster, engine->arena);
    bool *takes_part = arena_array(engine->arena, bool, engine->size);
    bool *disturbed = arena_array(engine->arena, bool, MOST_ROWS);
    int32_t *sample_of = arena_array(engine->arena, int32_t, MOST_ROWS);

    for (uint32_t i = 0; i < count && kept < MOST_ROWS; i++) {
        const struct judge_retest *w = &wanted[i];
        if (w->from >= engine->size || w->to >= engine->size ||
            (met != NULL && !met[(size_t)w->from * engine->size + w->to]))
            continue;
        left -= time_of(engine, w->series);
        if (left < 0)
            break; /* the most important come first */
        rows[kept++] = (struct asked){w->series, w->from, w->to, w->rail};
    }
    unsay_all(engine);
    wire_say(engine->wire, "again", (struct str){(const char *)rows, kept * sizeof *rows});
    say_told(engine, told, measure_rows(engine, rows, kept, told));
    for (uint32_t i = 0; i < kept; i++)
        takes_part[rows[i].from] = takes_part[rows[i].to] = true;
    for (uint32_t i = 0; i < kept; i++)
        sample_of[i] = -1;
    for (uint32_t r = 0; r < engine->size; r++)
        if (takes_part[r])
            add_samples(engine, run, rows, kept, r, ticks_ns() + 3000 * TICKS_MS, disturbed,
                        sample_of);
    for (uint32_t i = 0; i < kept; i++)
        if (sample_of[i] >= 0)
            run->samples[sample_of[i]].noisy = disturbed[i];
    part(engine);
    return kept > 0;
}

void engine_dismiss(struct engine *engine)
{
    wire_say(engine->wire, "again", S(""));
    part(engine);
}

void engine_serve(struct engine *engine)
{
    int64_t deadline = ticks_ns() + patience_ns + engine->size * patience_of_each_ns;
    struct told *told = arena_array(engine->arena, struct told, MOST_ROWS);
    struct asked rows[MOST_ROWS];
    struct str bytes;
    uint32_t count;

    say_all(engine);
    if (!wire_hear(engine->wire, 0, "again", engine->arena, deadline, &bytes)) {
        engine_abandon(engine);
        return;
    }
    if (bytes.len > sizeof rows)
        return;
    unsay_all(engine);
    count = (uint32_t)(bytes.len / sizeof *rows);
    memcpy(rows, bytes.ptr, count * sizeof *rows);
    for (uint32_t i = 0; i < count; i++)
        if (rows[i].series >= engine->stage->plan.series_count || rows[i].from >= engine->size ||
            rows[i].to >= engine->size)
            return;
    say_told(engine, told, measure_rows(engine, rows, count, told));
    part(engine);
}
