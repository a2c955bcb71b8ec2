/* What outlives the process: one line of JSON for each change, written before the change is
 * acknowledged. Carried out again in order, the lines give the same state, since ids and time stand
 * in them and all else follows from them. */
#ifndef HP_SIM_JOURNAL_H
#define HP_SIM_JOURNAL_H

#include "call/call.h"

struct journal {
    int fd;          /* -1: there is none */
    bool fresh;      /* it held nothing when it was opened */
    struct str owed; /* heap: the end of a line that the disk had no room for. Its change has
                        happened, though nobody was told so: it comes before all that follow */
};

struct sim;

/* Opens or makes the file, which nobody else may have open, and carries out what it holds. False:
 * *reterr. */
bool journal_open(struct sim *sim, const char *path, struct sim_error *reterr);
void journal_close(struct journal *journal);

/* Is nothing owed any more? False: the file cannot be written, and no change may happen. */
bool journal_ready(struct journal *journal);
/* One line each; false: it could not be written, and what it says must not be acknowledged. */
bool journal_call(struct sim *sim, const struct call *call, const struct service *service,
                  uint64_t serial);
bool journal_clock(struct sim *sim);
/* Conditions that were set, or (a text) the kind of those that were cleared: "" is all. */
bool journal_conditions(struct sim *sim, const struct doc *specs, int64_t now_ms);
bool journal_existing(struct sim *sim);
/* An empty journal that begins with this state's seed and clock. */
bool journal_begin(struct sim *sim);

#endif
