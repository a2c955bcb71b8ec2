/* cron(minutes hours day-of-month month day-of-week year) in UTC, as AWS's schedules write it
 * (Amazon EventBridge user guide, Cron expressions reference). */
#ifndef HP_SIM_CRON_H
#define HP_SIM_CRON_H

#include <hp/base/str.h>

enum { CRON_FIRST_YEAR = 1970, CRON_LAST_YEAR = 2199 };

/* Bits of a field's values. A day must be one of both `days` and `weekdays`, as one of the two is
 * always "?". */
struct cron {
    uint64_t minutes, hours, days, months, weekdays; /* weekdays: 1 is Sunday */
    uint64_t years[4];                               /* from CRON_FIRST_YEAR */
    bool last_day;        /* L: the last of the month; with nearest: its last working day */
    int nearest;          /* 3W: the working day nearest to the 3rd; 0: none; of last_day: 1 */
    int last_weekday;     /* 5L: the last Thursday; 0: none */
    int nth, nth_weekday; /* 3#2: the second Tuesday; 0: none */
};

/* False: it is none. */
bool cron_parse(struct str text, struct cron *ret);
/* The first moment after this one; INT64_MAX: there is none before the year 2200. */
int64_t cron_next(const struct cron *cron, int64_t after_ms);

#endif
