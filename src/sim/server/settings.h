/* What a control call or a scenario sets: each from its JSON object. They are
 * checked whole before anything changes. False: *ret_why is a sentence. Under the sim's lock. */
#ifndef HP_SIM_SETTINGS_H
#define HP_SIM_SETTINGS_H

#include "core/core.h"

/* A fault (core/faults.h) of a service and an operation that there are: one that can never hit is a
 * slip. *ret_at: what of it is wrong. */
bool settings_fault(struct sim *sim, struct arena *arena, const struct doc *spec,
                    const void **ret_at, struct str *ret_why);
/* {"access_key", "secret_key", "session_token", "valid_seconds"}: known from now on, by the wall
 * clock. */
bool settings_credential(struct sim *sim, const struct doc *spec, struct str *ret_why);
/* {"name", "external_id", "max_session_seconds"}: what a role asks for from now on. */
bool settings_role(struct sim *sim, const struct doc *spec, struct str *ret_why);
/* {"start": time, "scale": x, "advance_seconds": n}; start is for scenarios. The journal is not
 * written. */
bool settings_clock(struct sim *sim, struct arena *arena, const struct doc *spec, bool may_start,
                    struct str *ret_why);

#endif
