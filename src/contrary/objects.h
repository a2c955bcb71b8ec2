/* Objects of the contrary provider, between its verbs and its store. */
#ifndef CONTRARY_OBJECTS_H
#define CONTRARY_OBJECTS_H

#include "store.h"

#include <hp/cty/codec.h>
#include <hp/tf/provider.h>

extern const struct tf_resource contrary_thing, contrary_breaker, contrary_plain;
extern const struct tf_data_source contrary_lookup;
extern const struct tf_ephemeral contrary_lease;
extern const struct tf_function contrary_join, contrary_total, contrary_echo, contrary_state_of,
    contrary_break_rule;

/* What configure makes. */
struct cloud {
    struct store *store;
    int64_t visit_ms; /* how long each visit takes */
};
struct store *object_store(const struct tf_call *call);
/* Verbs begin with one; the log tells of each. False: it was stopped on the way, and diags say so.
 */
bool object_visit(struct tf_call *call);

/* "thing-1a2b3c4d". */
struct str object_new_id(struct tf_call *call, const char *prefix);
/* Every unknown in call->state becomes a value of its type. */
void object_complete(struct tf_call *call);
/* The same collection or object of mapped items. */
typedef const struct cty_value *object_map_fn(struct arena *arena, const struct cty_value *item);
const struct cty_value *object_mapped(struct arena *arena, const struct cty_value *value,
                                      object_map_fn *map);
/* call->state goes into the store under its id. */
bool object_save(struct tf_call *call);
/* What the store has under the id, as a value of call->state's type; NULL: none. */
const struct cty_value *object_load(struct tf_call *call, struct str id);

#endif
