/* The parts of the provider itself: its arguments, and what becomes of them. Private to hyperpod.
 */
#ifndef HYPERPOD_PROVIDER_H
#define HYPERPOD_PROVIDER_H

#include "hyperpod.h"

extern const struct tf_attr hp_provider_attrs[], hp_endpoints_attrs[];
extern const struct tf_block hp_provider_blocks[];

/* The client's configuration; borrows from config and lives in the call's arena. */
struct aws_config hp_aws_config(struct tf_call *call, const struct cty_value *config);
/* The known strings of a list or set (NULL: none), in the arena. */
const struct str *hp_strings(struct arena *arena, const struct cty_value *list, size_t *ret_count);
/* Without control characters: fit for a header. */
bool hp_is_one_line(struct str text);

#endif
