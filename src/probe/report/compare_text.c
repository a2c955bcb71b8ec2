/* A comparison for a person. */
#include "compare.h"
#include "report.h"

#include <hp/base/buf.h>
#include <hp/base/clock.h>

/* Up to twice and down to half as a share, with the sign that the figure has; beyond that "89
 * times": -98.9 % of what is better when less says nothing. */
static struct str growth(struct arena *arena, double before, double after)
{
    double times = after / before;

    if (times > 2)
        return arena_fmt(arena, times < 10 ? "%.2g times" : "%.0f times", times);
    if (times < 0.5)
        return arena_fmt(arena, 1 / times < 10 ? "1/%.2g of it" : "1/%.0f of it", 1 / times);
    return arena_fmt(arena, "%+.1f %%", 100 * (times - 1));
}

static struct str sentence(struct arena *arena, const struct change *c)
{
    switch ((enum change_kind)c->kind) {
    case CHANGE_GONE:
        return arena_fmt(arena, "%.*s is not there any more", STR(c->what));
    case CHANGE_NEW:
        return arena_fmt(arena, "%.*s is new", STR(c->what));
    case CHANGE_SUSPECT:
        return arena_fmt(arena, "new: %.*s", STR(c->what));
    case CHANGE_HEALED:
        return arena_fmt(arena, "no longer: %.*s", STR(c->what));
    default:
        return arena_fmt(arena, "%.*s, %.*s: %.*s -> %.*s %.*s, %.*s", STR(c->what), STR(c->series),
                         STR(report_figure(arena, c->before)), STR(report_figure(arena, c->after)),
                         STR(c->unit), STR(growth(arena, c->before, c->after)));
    }
}

static void side(struct buf *buf, struct arena *arena, const struct comparison *c, int i)
{
    const struct probe_run *run = c->runs[i];

    buf_printf(buf, "%c  %s%srun %.*s  %.*s  %s\n", 'A' + i, c->files[i] == NULL ? "" : c->files[i],
               c->files[i] == NULL ? "" : "  ", STR(report_plain(arena, run->id)),
               STR(time_rfc3339(arena, run->started_ms)), probe_verdicts[run->judged->verdict]);
}

struct str compare_text(struct arena *arena, const struct comparison *c, uint32_t top)
{
    struct buf buf = buf_in(arena, 8 << 20);

    side(&buf, arena, c, 0);
    side(&buf, arena, c, 1);
    if (c->warning.len > 0)
        buf_printf(&buf, "%.*s\n", STR(report_plain(arena, c->warning)));
    if (c->shared_nodes > 0) {
        buf_printf(&buf, "%u series and %u node%s in both; tolerance %g %%\n", c->shared_series,
                   c->shared_nodes, c->shared_nodes == 1 ? " are" : "s are", 100 * c->tolerance);
        if (c->not_judged > 0)
            buf_printf(&buf, "%u node%s not judged in one of them: %s figures are not compared\n",
                       c->not_judged, c->not_judged == 1 ? " was" : "s were",
                       c->not_judged == 1 ? "its" : "their");
        for (uint32_t i = 0; i < c->count && i < top; i++)
            buf_printf(&buf, "%s  %.*s\n", c->changes[i].worse ? "worse " : "better",
                       STR(report_plain(arena, sentence(arena, &c->changes[i]))));
        if (c->count > top)
            buf_printf(&buf, "and %u more\n", c->count - top);
    }
    buf_printf(&buf, "%s: ", probe_verdicts[c->verdict]);
    if (c->shared_nodes > 0)
        buf_printf(&buf, "%u worse, %u better or new%s", c->worse, c->better,
                   c->reason.len > 0 ? "; " : "");
    buf_printf(&buf, "%.*s\n", STR(report_plain(arena, c->reason)));
    return buf_str(&buf);
}
