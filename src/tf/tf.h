/* What the files of this room share: rows, places, and the passes over them. */
#ifndef TF_TF_H
#define TF_TF_H

#include <hp/tf/server.h>

/* The rows of one object: of a resource, of a nested attribute, of a block. */
struct tf_rows {
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
};

/* NOLINTBEGIN(bugprone-macro-parentheses): the names that they declare */
#define each_attr(attr, table)                                                                     \
    for (const struct tf_attr *attr = (table); attr != NULL && attr->name != NULL; attr++)
#define each_block(block, table)                                                                   \
    for (const struct tf_block *block = (table); block != NULL && block->name != NULL; block++)
/* Of a list that is ended by NULL, or that is NULL itself: item points at each in turn. */
#define each_item(item, list)                                                                      \
    for (__typeof__(&*(list)) item = (list); item != NULL && *item != NULL; item++)
/* NOLINTEND(bugprone-macro-parentheses) */

static inline struct tf_rows rows_of_attr(const struct tf_attr *attr)
{
    return (struct tf_rows){attr->attrs, NULL};
}
static inline struct tf_rows rows_of_block(const struct tf_block *block)
{
    return (struct tf_rows){block->attrs, block->blocks};
}

static inline struct tf_rows rows_of_offer(const struct tf_offer *offer)
{
    return (struct tf_rows){offer->attrs, offer->blocks};
}

/* offers.c: everything that the provider offers, each with its type. */
struct tf_offers {
    struct tf_offer *items;
    size_t count;
};
struct tf_offers tf_offers_make(struct arena *arena, const struct tf_provider *provider);

/* The same place in several objects, side by side; NULL: not there. */
struct tf_place {
    const struct cty_path *path;
    const struct cty_value *config, *prior, *planned;
};
struct tf_place tf_place_member(struct arena *arena, const struct tf_place *place,
                                const char *name);
/* Where the i-th item of `like` (a list or map) stands in each. */
struct tf_place tf_place_item(struct arena *arena, const struct tf_place *place,
                              const struct cty_value *like, size_t i);
/* The counterpart in `collection` (NULL is fine) of like's i-th item, or NULL; of sets always. */
const struct cty_value *tf_counterpart(const struct cty_value *collection,
                                       const struct cty_value *like, size_t i);

/* Runs fn over each known object in `like` (an object, list or map; sets stay as they are) and puts
 * the answers together again. */
typedef const struct cty_value *(*tf_object_fn)(struct arena *arena, struct tf_rows rows,
                                                const struct tf_place *place);
const struct cty_value *tf_map_objects(struct arena *arena, struct tf_rows rows,
                                       const struct tf_place *place, const struct cty_value *like,
                                       tf_object_fn fn);
/* A copy of a known object's items, to be changed and given to tf_object. */
const struct cty_value **tf_items(struct arena *arena, const struct cty_value *object);
/* The object again with other items: where something is dynamic, its type follows them. */
const struct cty_value *tf_object(struct arena *arena, struct tf_rows rows,
                                  const struct cty_type *type,
                                  const struct cty_value *const *items);
/* The declared type of the attribute, which in an object's own type is at `at`. */
const struct cty_type *tf_declared(struct arena *arena, const struct tf_attr *attr,
                                   const struct cty_type *object, ptrdiff_t at);
/* Null, or not there at all. */
static inline bool tf_absent(const struct cty_value *value)
{
    return value == NULL || cty_is_null(value);
}
static inline const struct cty_value *tf_present(const struct cty_value *value)
{
    return tf_absent(value) ? NULL : value;
}
/* Equal, where null and not there at all are the same. */
bool tf_alike(const struct cty_value *a, const struct cty_value *b);
/* Does any attribute, at any depth, carry one of these flags? */
bool tf_rows_any(struct tf_rows rows, unsigned flags);
/* Nothing that it holds may be shown. */
bool tf_is_secret(const struct tf_attr *attr);

/* data.c: a result begins with the configuration and its defaults. False: told. */
const struct cty_value *tf_begin_with(struct arena *arena, const struct tf_offer *offer,
                                      const struct cty_value *config);
bool tf_can_be_read(struct tf_rpc *rpc, const struct tf_offer *offer,
                    const struct cty_value *config);
/* Is call->state wholly known, and what the configuration says? False: told. */
bool tf_rules_of_result(struct tf_call *call);

/* What only a configuration can say, and does not: as its default is. */
const struct cty_value *tf_with_local_defaults(struct arena *arena, const struct tf_attr *attrs,
                                               const struct cty_value *state);
/* import.c: call->state, which an import or a move has set, becomes the answer. verb: "The
 * import". private_data: as they came. False: told. */
bool tf_take_in(struct tf_call *call, const char *verb, const struct cty_value *blank,
                struct str private_data, struct tf_state_answer *ret_answer);

/* Values that the tables imply. */
const struct cty_value *tf_fallback(struct arena *arena, const struct tf_attr *attr);
/* All null; block collections empty, GROUP blocks objects of nulls. */
const struct cty_value *tf_blank(struct arena *arena, struct tf_rows rows,
                                 const struct cty_type *type);
/* The same object with write-only attributes null and null block collections empty. */
const struct cty_value *tf_tidy(struct arena *arena, struct tf_rows rows,
                                const struct cty_value *object);
/* The path of the first write-only attribute that holds a value. */
bool tf_find_write_only(struct arena *arena, struct tf_rows rows, const struct cty_value *object,
                        const struct cty_path *at, const struct cty_path **ret_path);
/* The path of the first unknown. */
bool tf_find_unknown(struct arena *arena, const struct cty_value *value, const struct cty_path *at,
                     const struct cty_path **ret_path);

/* Patterns: compiled once for the process, matched within limits. */
bool tf_pattern_compiles(struct arena *arena, const char *pattern, struct str *ret_why);

/* Validation of one object's rows and all below. */
struct tf_validation {
    struct arena *arena;
    struct diags *diags;
    bool write_only_allowed;
    const struct cty_path *set; /* we are in one: its elements have no address, paths end at it */
};
static inline const struct cty_path *tf_validation_at(const struct tf_validation *run,
                                                      const struct cty_path *at, const char *name)
{
    return run->set != NULL ? run->set : cty_path_attr(run->arena, at, str_of(name));
}
void tf_validate_rows(const struct tf_validation *run, struct tf_rows rows,
                      const struct cty_value *object, const struct cty_path *path);
void tf_validate_value(const struct tf_validation *run, const struct tf_attr *attr,
                       const struct cty_value *value, const struct cty_value *parent,
                       const struct cty_path *path);
/* The same, and the objects inside it. */
void tf_validate_all(const struct tf_validation *run, const struct tf_attr *attr,
                     const struct cty_value *value, const struct cty_value *parent,
                     const struct cty_path *path);
void tf_validate_group(const struct tf_validation *run, const struct tf_attr *attrs,
                       const struct cty_value *object, const struct cty_path *path);

/* Small letters, digits and underscores, not beginning with a digit. */
bool tf_is_name(const char *name);

/* schema_check.c. Deep also compiles patterns and reads defaults: too slow for each start. */
bool tf_rows_check(struct arena *arena, struct tf_rows rows, bool is_provider, bool deep,
                   struct diags *diags);
bool tf_resource_check(struct arena *arena, const struct tf_resource *resource, bool deep,
                       struct diags *diags);
/* Everything that the provider offers, and what the parts demand of each other. */
bool tf_provider_check(struct arena *arena, const struct tf_provider *provider, bool deep,
                       struct diags *diags);

/* The passes of a plan. */
const struct cty_value *tf_plan_fill(struct arena *arena, struct tf_rows rows,
                                     const struct tf_place *place);
const struct cty_value *tf_plan_mark(struct arena *arena, struct tf_rows rows,
                                     const struct tf_place *place);
/* Is there a difference that is more than local? */
bool tf_plan_is_real(struct tf_rows rows, const struct cty_value *prior,
                     const struct cty_value *planned);

struct tf_replace {
    const struct cty_path *path;
    struct tf_replace *next;
};
/* What the tables say must be replaced is added to plan->requires_replace. */
void tf_plan_find_replaced(struct tf_plan *plan, struct tf_rows rows);

/* The rules that core enforces. `breaks` counts; with diags each is told as a bug. */
struct tf_rules {
    struct arena *arena;
    struct diags *diags; /* NULL: only count */
    size_t breaks;
};
void tf_break(struct tf_rules *rules, const struct cty_path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What comes before the rule; a place inside an attribute is told by diags themselves. */
struct str tf_break_place(struct arena *arena, const struct cty_path *path);
void tf_rules_of_plan(struct tf_rules *rules, struct tf_rows rows, const struct tf_place *place);
void tf_rules_of_apply(struct tf_rules *rules, struct tf_rows rows, const struct cty_value *planned,
                       const struct cty_value *actual, const struct cty_path *path);
/* What the rules of apply say about an object that is about to be saved: conforms, wholly known,
 * write-only null. False: told. */
bool tf_rules_of_state(struct tf_rules *rules, const struct tf_offer *offer,
                       const struct cty_value *state);
/* Actual where planned was unknown, planned where it was known; wholly known and conforming. */
const struct cty_value *tf_repair(struct arena *arena, const struct cty_type *type,
                                  const struct cty_value *planned, const struct cty_value *actual);

/* Time-outs. */
const struct tf_block *tf_timeouts_block(struct arena *arena, const struct tf_timeouts *timeouts);
bool tf_has_timeouts(const struct tf_timeouts *timeouts);
enum tf_operation { TF_OP_CREATE, TF_OP_READ, TF_OP_UPDATE, TF_OP_DELETE, TF_OP_OTHER };
/* Sets call->timeout_ms and the deadline from object's block or the resource's default. */
void tf_deadline(struct tf_call *call, enum tf_operation operation, const struct cty_value *object);

/* Private data. */
enum { TF_PRIVATE_MAX = 64 * 1024 };
struct doc *tf_private_decode(struct arena *arena, struct str bytes);
/* The old bytes when nothing has changed. Too much: told as a bug, and the old bytes are kept. */
struct str tf_private_encode(struct tf_call *call, struct str old);

/* Calls. */
/* What configure made, held from the first time until tf_rpc_done. NULL: nothing, or, with
 * rpc->held NULL, nothing is configured. */
void *tf_provider_of(struct tf_server *server, struct tf_rpc *rpc);
const struct world *tf_server_world(const struct tf_server *server);
/* Working on a request takes about twice what it took to read it. False: too large, told. */
bool tf_has_room(struct tf_rpc *rpc, const struct tf_offer *offer);
struct tf_call tf_call_new(const struct tf_server *server, struct tf_rpc *rpc,
                           const struct tf_offer *offer);
/* The same into call->provider; false: not configured, told. */
bool tf_call_needs_provider(struct tf_server *server, struct tf_rpc *rpc, struct tf_call *call);
/* A verb that failed without a word is a bug too. */
void tf_explain_failure(struct tf_call *call, size_t errors_before, const char *verb);
/* Is the object what its type says? False: told, as a request that makes no sense. */
bool tf_is_object(struct tf_rpc *rpc, const struct tf_offer *offer, const struct cty_value *object);

/* JSON as it is stored, as of an older version: each step up by `upgrade` (of what: "state"). ptr
 * NULL: told. */
typedef bool (*tf_upgrade_fn)(struct tf_call *call, int64_t from, struct doc *doc);
struct tf_steps {
    const char *what;
    int64_t from, to;
    tf_upgrade_fn upgrade;
};
struct str tf_bring_up(struct tf_call *call, const struct tf_steps *steps, struct str json);
/* The object that is stored as JSON of this version; wholly known. NULL: told. */
const struct cty_value *tf_from_json(struct tf_call *call, const char *what,
                                     const struct cty_type *type, struct str json);
/* Always false. */
bool tf_unreadable(struct tf_call *call, const char *what, struct str why);

/* Identities. Of an object, which may hold unknowns; NULL: it has none. */
const struct cty_value *tf_identity_of(struct arena *arena, const struct tf_offer *offer,
                                       const struct cty_value *object);
/* Of an object that is saved: what the object itself does not say is as it was before. A member
 * that had another value before is told as a bug, and keeps it. Wholly known. */
const struct cty_value *tf_identity_settled(struct tf_call *call, const struct cty_value *object,
                                            const struct cty_value *before);
/* Has it all that an import needs? False: told as a bug. True of NULL: there is none. */
bool tf_identity_is_whole(struct tf_call *call, const struct cty_value *identity);

/* Words in a list that is separated by spaces. */
bool tf_next_word(struct str *rest, struct str *ret_word);

#endif
