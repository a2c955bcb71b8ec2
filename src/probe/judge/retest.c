#include "inside.h"

#include "statistics.h"

enum { PARTNERS = 3, RAILS = 3, MOST_SUSPECTS = 512, MOST_SAMPLES = 64 };

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

void judge_confirm(struct judge *j, struct probe_suspect *s)
{
    double values[MOST_SAMPLES];
    size_t n = 0;

    s->confirmed = PROBE_NOT_RETESTED;
    for (uint32_t i = 0; i < j->run->sample_count && n < MOST_SAMPLES; i++)
        if (about(s, &j->run->samples[i]))
            values[n++] = j->run->samples[i].value;
    if (n == 0 || s->series < 0)
        return;
    s->again = median_double(values, n);
    double quality = judge_quality(&j->run->series[s->series], s->again, s->reference);
    s->confirmed =
        log(quality) < -0.6 * j->refs[s->series].guard ? PROBE_CONFIRMED : PROBE_NOT_AGAIN;
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
    plan->rows[plan->count++] = (struct judge_retest){
        suspect, (uint32_t)plan->run->judged->suspects[suspect].series, from, to, rail};
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

/* A link twice on up to three rails; a node, or a rail, with three good partners. */
static void of_suspect(struct plan *plan, uint32_t i)
{
    const struct probe_suspect *s = &plan->run->judged->suspects[i];
    int partners = s->b >= 0 ? 2 : PARTNERS;
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

uint32_t judge_retests(const struct probe_run *run, struct arena *arena,
                       struct judge_retest **ret_retests)
{
    struct plan plan = {run, arena, arena_array(arena, bool, run->node_count), 0, 0, NULL};
    uint32_t suspects = 0;

    for (uint32_t k = 0; k < run->node_count; k++)
        plan.good[k] = run->nodes[k].presence == PROBE_CAME;
    for (uint32_t i = 0; i < run->judged->suspect_count; i++) {
        plan.good[run->judged->suspects[i].a] = false;
        if (run->judged->suspects[i].b >= 0)
            plan.good[run->judged->suspects[i].b] = false;
    }
    for (uint32_t i = 0; i < run->judged->suspect_count && suspects < MOST_SUSPECTS; i++)
        if (run->judged->suspects[i].confirmed != PROBE_NO_RETEST &&
            run->judged->suspects[i].series >= 0) {
            of_suspect(&plan, i);
            suspects++;
        }
    *ret_retests = plan.rows;
    return plan.count;
}
