/* What is asked of the sim itself, under /_sim/ and /. */
#ifndef HP_SIM_CONTROL_H
#define HP_SIM_CONTROL_H

#include "core/core.h"

/* Under the lock. */
void control_answer(struct sim *sim, struct arena *arena, const struct sim_request *request,
                    struct sim_answer *ret_answer);
/* The whole state as a tree. Under the lock. */
struct doc *state_dump(struct sim *sim, struct arena *arena);

#endif
