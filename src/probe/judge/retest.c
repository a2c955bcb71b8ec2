#include "inside.h"

#include "statistics.h"

enum { PARTNERS = 3, RAILS = 3, MOST_SUSPECTS = 512, MOST_SILENT = 16, MOST_SAMPLES = 64 };

static bool about(const struct probe_suspect *s, const struct probe_sample *sample)
{
    bool forward = sample->from == s->a, back = sample->to == s->a;

    if (sample->kind != PROBE_SAMPLE_ALONE || sample->noisy || (int)sample->series != s->series ||
        !(sample->value > 0) || (s->rail >= 0 && sample->from_rail != s->rail))
        return false;
    if (s->b >= 0 && !(forward && sample->to == s->b) && !(back && sample->from == s->b))
        return false;
    return (forward && s->direction != PROBE_IN) || (back && s->direction != PROBE_OUT);
}

/* What one end of a link has with all others, on the rails that are measured again: below 0, or 0.
 * Here it need not be more than chance: it only keeps a link from answering for its ends. */
static double lean_of_end(const struct judge *j, const struct probe_suspect *s, int32_t end,
                          bool out, bool in)
{
    uint32_t rails = s->rail >= 0 ? 1 : j->run->nodes[end].rail_count, count = 0;
    uint32_t step = rails <= RAILS ? 1 : rails / RAILS;

    for (uint32_t r = 0, taken = 0; r < rails && taken < RAILS && count + 2 < j->n;
         r += step, taken++)
        for (uint32_t other = 0; other < j->n && count + 2 <= 2 * j->n; other++) {
            uint32_t rail = s->rail >= 0 ? (uint32_t)s->rail : r;
            size_t row = (size_t)end * j->n + other, column = (size_t)other * j->n + (size_t)end;
            if ((int32_t)other == s->a || (int32_t)other == s->b)
                continue;
            float forth = judge_quality_at(j, (uint32_t)s->series, rail, row);
            float back = judge_quality_at(j, (uint32_t)s->series, rail, column);
            if (out && !isnan(forth))
                j->line[count++] = forth;
            if (in && !isnan(back))
                j->line[count++] = back;
        }
    double lean = count < 2 ? 0 : median_float(j->line, count);
    return lean < 0 ? lean : 0;
}

static double lean_of_ends(const struct judge *j, const struct probe_suspect *s)
{
    bool forth = s->direction != PROBE_IN, back = s->direction != PROBE_OUT;

    return lean_of_end(j, s, s->a, forth, back) + lean_of_end(j, s, s->b, back, forth);
}

/* A link that was silent, or failed: does anything come now? A stall of seconds at one end (a file
 * system, a paused machine) looks the same from here. */
static bool is_silent_link(const struct probe_suspect *s)
{
    return s->kind == PROBE_SUSPECT_LINK && s->cause == PROBE_UNHEARD;
}

static void listen_again(const struct judge *j, struct probe_suspect *s)
{
    uint32_t tried = 0, heard = 0;

    for (uint32_t i = 0; i < j->run->sample_count; i++) {
        const struct probe_sample *sample = &j->run->samples[i];
        if (sample->kind != PROBE_SAMPLE_ALONE || sample->series != 0 ||
            sample->from + sample->to != s->a + s->b ||
            (sample->from != s->a && sample->from != s->b) ||
            (s->rail >= 0 && sample->from_rail != s->rail))
            continue;
        tried++;
        heard += sample->outcome == PROBE_OK;
    }
    s->confirmed = tried == 0       ? PROBE_NO_RETEST
                   : heard == tried ? PROBE_NOT_AGAIN
                                    : PROBE_CONFIRMED;
}

void judge_confirm(struct judge *j, struct probe_suspect *s)
{
    double qualities[MOST_SAMPLES];
    size_t n = 0;
    const struct reference *ref = s->series < 0 ? NULL : &j->refs[s->series];
    double limit = s->series < 0 ? 0 : 0.6 * (double)ref->guard;

    s->confirmed = PROBE_NOT_RETESTED;
    if (is_silent_link(s))
        listen_again(j, s);
    if (s->series < 0)
        return;
    const struct probe_series *series = &j->run->series[s->series];
    bool less = probe_metrics[series->metric].less_is_better;
    for (uint32_t i = 0; i < j->run->sample_count && n < MOST_SAMPLES; i++) {
        const struct probe_sample *sample = &j->run->samples[i];
        if (!about(s, sample))
            continue;
        /* partners may be near or far: each sample is held against its like */
        float like = ref->value[judge_class(j, (uint32_t)sample->from, (uint32_t)sample->to)];
        if (!isnan(like))
            qualities[n++] = log(judge_quality(series, sample->value, (double)like));
    }
    if (n == 0)
        return;
    double quality = median_double(qualities, n), ends = s->lean;
    if (s->kind == PROBE_SUSPECT_LINK && quality < -limit)
        ends = fmin(ends, lean_of_ends(j, s));
    quality -= ends;
    if (s->mild)
        limit = 0.6 * (double)judge_rules[series->metric].warn;
    s->again = s->reference * exp((less ? -1 : 1) * (quality + ends - s->lean));
    s->confirmed = quality < -limit ? PROBE_CONFIRMED : PROBE_NOT_AGAIN;
}

struct plan {
    const struct probe_run *run;
    struct arena *arena;
    bool *good;
    uint32_t count, size;
    struct judge_retest *rows;
};

static void row(struct plan *plan, uint32_t suspect, uint32_t from, uint32_t to, uint32_t rail)
{
    const struct probe_node *a = &plan->run->nodes[from], *b = &plan->run->nodes[to];

    if (rail >= a->rail_count || rail >= b->rail_count)
        return;
    if (plan->count == plan->size) {
        uint32_t size = plan->size == 0 ? 64 : 2 * plan->size;
        plan->rows = arena_grow(plan->arena, plan->rows, plan->size * sizeof *plan->rows,
                                size * sizeof *plan->rows);
        plan->size = size;
    }
    int series = plan->run->judged->suspects[suspect].series;
    plan->rows[plan->count++] =
        (struct judge_retest){suspect, series < 0 ? 0 : (uint32_t)series, from, to, rail};
}

/* Both directions where the suspect has no direction of its own. */
static void rows(struct plan *plan, uint32_t suspect, uint32_t a, uint32_t b, uint32_t rail)
{
    uint32_t direction = plan->run->judged->suspects[suspect].direction;

    if (direction != PROBE_IN)
        row(plan, suspect, a, b, rail);
    if (direction != PROBE_OUT)
        row(plan, suspect, b, a, rail);
}

/* The next good node after `after`, in a circle; other than a. Without good ones: any that came. */
static int32_t partner(const struct plan *plan, uint32_t a, uint32_t after, bool any)
{
    for (uint32_t step = 1; step <= plan->run->node_count; step++) {
        uint32_t k = (after + step) % plan->run->node_count;
        if (k != a && (any ? plan->run->nodes[k].presence == PROBE_CAME : plan->good[k]))
            return (int32_t)k;
    }
    return any ? PROBE_NONE : partner(plan, a, after, true);
}

/* A link twice on up to three rails, a silent one once, since each try may last for seconds; a
 * node, or a rail, with three good partners. */
static void of_suspect(struct plan *plan, uint32_t i)
{
    const struct probe_suspect *s = &plan->run->judged->suspects[i];
    int partners = is_silent_link(s) ? 1 : s->b >= 0 ? 2 : PARTNERS;
    uint32_t rails = s->rail >= 0 ? 1 : plan->run->nodes[s->a].rail_count;
    uint32_t step = rails <= RAILS ? 1 : rails / RAILS, taken = 0;

    for (uint32_t r = 0; r < rails && taken < RAILS; r += step, taken++) {
        uint32_t rail = s->rail >= 0 ? (uint32_t)s->rail : r;
        uint32_t after = (uint32_t)s->a;
        for (int p = 0; p < partners; p++) {
            int32_t other = s->b >= 0 ? s->b : partner(plan, (uint32_t)s->a, after, false);
            if (other < 0)
                return;
            rows(plan, i, (uint32_t)s->a, (uint32_t)other, rail);
            after = (uint32_t)other;
        }
    }
}

static void not_good(struct plan *plan, const struct probe_suspect *s)
{
    const struct probe_run *run = plan->run;

    plan->good[s->a] = false;
    if (s->b >= 0)
        plan->good[s->b] = false;
    for (uint32_t k = 0; k < run->node_count && s->kind == PROBE_SUSPECT_COMMON && s->rail < 0; k++)
        if (str_eq(run->nodes[k].group, run->nodes[s->a].group))
            plan->good[k] = false;
}

uint32_t judge_retests(const struct probe_run *run, struct arena *arena,
                       struct judge_retest **ret_retests)
{
    struct plan plan = {run, arena, arena_array(arena, bool, run->node_count), 0, 0, NULL};
    uint32_t suspects = 0, silent = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        plan.good[k] = run->nodes[k].presence == PROBE_CAME;
    for (uint32_t i = 0; i < run->judged->suspect_count; i++)
        not_good(&plan, &run->judged->suspects[i]);
    for (uint32_t i = 0; i < run->judged->suspect_count && suspects < MOST_SUSPECTS; i++) {
        const struct probe_suspect *s = &run->judged->suspects[i];
        bool listens = is_silent_link(s) && run->series_count > 0 && silent++ < MOST_SILENT;
        if (!listens && (s->confirmed == PROBE_NO_RETEST || s->series < 0))
            continue;
        of_suspect(&plan, i);
        suspects++;
    }
    *ret_retests = plan.rows;
    return plan.count;
}
