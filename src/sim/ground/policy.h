/* A session's policy: which actions it lets through. Resources and conditions are not looked at. */
#ifndef HP_SIM_POLICY_H
#define HP_SIM_POLICY_H

#include <hp/doc/doc.h>

/* False: not a policy in AWS's form. *ret lives in the arena. */
bool policy_read(struct arena *arena, struct str text, struct doc **ret);
/* "ec2:CreateTags": some statement allows it, and none denies it. */
bool policy_allows(const struct doc *policy, struct str action);

#endif
