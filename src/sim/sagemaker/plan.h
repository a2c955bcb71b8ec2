/* What the operations on training plans have in common. */
#ifndef HP_SIM_SAGEMAKER_PLAN_H
#define HP_SIM_SAGEMAKER_PLAN_H

#include "call/call.h"
#include "world/training_plan.h"

struct str plan_fee(struct arena *arena, int64_t instances, int64_t hours);
struct doc *plan_targets(struct arena *arena, int64_t targets);
/* Type, count (a member of that name) and zone of what is reserved. */
void plan_put_what(struct call *call, struct doc *doc, const struct plan_offer *offer,
                   const char *count);
/* StartTime, EndTime and how long that is. */
void plan_put_when(struct arena *arena, struct doc *doc, int64_t start_s, int64_t end_s);

struct doc *plan_extension_describe(struct call *call, const struct training_plan *plan,
                                    const struct plan_extension *extension);

#endif
