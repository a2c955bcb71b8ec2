#include "inside.h"

static const struct member counter_rows[] = {
    MEMBER(struct ending_counter, rail, MEMBER_WHOLE, "of which rail"),
    MEMBER(struct ending_counter, moved, MEMBER_WHOLE, "by how much"),
    MEMBER(struct ending_counter, name, MEMBER_TEXT, "of the kernel"),
    {0},
};
static const struct members counter_members = {counter_rows, sizeof(struct ending_counter),
                                               "a counter that moved"};

static const struct member ending_rows[] = {
    MEMBER(struct ending, how, MEMBER_WHOLE, "0 well, 1 its process died, 2 is silent, 3 no rail"),
    MEMBER(struct ending, phase, MEMBER_TEXT, "where"),
    MEMBER(struct ending, why, MEMBER_TEXT, "how"),
    MEMBER(struct ending, timed_out, MEMBER_BOOL, "the run took too long"),
    MEMBER(struct ending, stood_ms, MEMBER_WHOLE, "for which the rank did not run"),
    MEMBER(struct ending, missed, MEMBER_WHOLE, "meetings that it missed by that"),
    MEMBER(struct ending, busy, MEMBER_WHOLE, "ticks of the machine"),
    MEMBER(struct ending, total, MEMBER_WHOLE, "ticks of the machine"),
    MEMBER(struct ending, own, MEMBER_WHOLE, "ticks of this rank"),
    MEMBER(struct ending, cells_bytes, MEMBER_WHOLE, "of the cells that follow"),
    MEMBER(struct ending, counters, MEMBER_LIST, "counters that moved",
           .count_at = offsetof(struct ending, counter_count), .of = &counter_members,
           .most = PROBE_MAX_RAILS * SYSFS_COUNTERS),
    MEMBER(struct ending, phase_ms, MEMBER_NUMBERS, "how long each phase took",
           .count_at = offsetof(struct ending, phase_count), .most = PLAN_PHASES),
    {0},
};
const struct members ending_members = {ending_rows, sizeof(struct ending),
                                       "what a rank says when it has measured"};
