/* A resource: one static const struct in one file. Its verbs work on known values; everything
 * Terraform demands of a provider's answers is kept by tf, not by them. */
#ifndef HP_TF_RESOURCE_H
#define HP_TF_RESOURCE_H

#include <hp/base/clock.h>
#include <hp/doc/doc.h>
#include <hp/tf/diags.h>
#include <hp/tf/schema.h>

struct tf_resource;

/* One verb's call. Everything lives in the RPC's arena.
 *
 * What becomes of the state (Terraform's rule that a created thing is never lost is kept here):
 *   create  state starts as the plan. From tf_created on, the object exists: whatever the verb
 * returns, the state is saved (with an error: tainted). A false return before it saves nothing.
 *   update  state starts as the plan. On false the state stays as it was, unless the verb has
 * called tf_partial.
 *   read    state starts as it is stored; the verb sets what it finds, or calls tf_gone.
 *   delete  true: gone. False: the state stays, unless the verb has called tf_partial.
 *   import  state starts all null; the verb sets what read needs.
 * A verb that returns true must have set every unknown; tf_settle does it with null for those that
 * have no value. */
struct tf_call {
    struct arena *arena;
    struct diags *diags;
    const struct world *world;
    struct stop_token *stop;
    int64_t deadline_tick_ms; /* from the timeouts block or the resource's default; 0: none */
    int64_t timeout_ms;       /* the same as a duration, for messages */
    void *provider; /* what tf_provider.configure made; NULL in validate, plan before configure,
                       upgrade */
    const struct tf_resource *resource;
    const struct cty_type *type; /* as declared; an object's own type says what is in a dynamic */
    const struct cty_value
        *config; /* NULL in read, delete, import. Raw: use planned, but for write-only values */
    const struct cty_value *prior;   /* NULL on create and import */
    const struct cty_value *planned; /* NULL in read, delete, import */
    const struct cty_value *state;   /* what will be saved */

    /* tf's own. */
    bool created, gone, has_partial;
    const struct cty_value *partial;
    struct doc *private_data;
};

/* Members of call->state. The attribute must exist, and the value must conform: else it is a bug,
 * told to diags. */
void tf_set(struct tf_call *call, const char *name, const struct cty_value *value);
void tf_set_str(struct tf_call *call, const char *name, struct str text); /* ptr NULL sets null */
void tf_set_int(struct tf_call *call, const char *name, int64_t number);
void tf_set_bool(struct tf_call *call, const char *name, bool truth);
void tf_set_null(struct tf_call *call, const char *name);
void tf_created(struct tf_call *call);
void tf_gone(struct tf_call *call);
/* On failure save this instead: what the object truly is now. Unknowns become null. */
void tf_partial(struct tf_call *call, const struct cty_value *state);
/* Everything in call->state that is still unknown becomes null. */
void tf_settle(struct tf_call *call);

/* Private data: small facts that must survive between calls and that nobody shows (a client token,
 * a version). Kept with the state; keys and values are text. Get gives ptr NULL when there is none;
 * set with ptr NULL removes. */
struct str tf_private_get(const struct tf_call *call, const char *key);
void tf_private_set(struct tf_call *call, const char *key, struct str value);

/* Reading objects (values may be NULL, null or unknown: then ptr NULL, `otherwise`, 0). */
struct str tf_str(const struct cty_value *object, const char *name);
int64_t tf_int(const struct cty_value *object, const char *name, int64_t otherwise);
bool tf_bool(const struct cty_value *object, const char *name, bool otherwise);
const struct cty_value *tf_value(const struct cty_value *object,
                                 const char *name);               /* NULL: no such member */
bool tf_is_set(const struct cty_value *object, const char *name); /* known and not null */
bool tf_changed(const struct tf_call *call, const char *name);    /* planned differs from prior */

/* A plan that the resource may look at and change after tf has made it (defaults, unknowns, stable
 * values, replacement). Pure: it asks nothing of the network (preflight is the one exception). */
struct tf_plan {
    struct tf_call *call;
    const struct cty_value *config, *prior,
        *planned;  /* prior NULL: create. planned is changed by tf_plan_set */
    bool destroy;  /* then planned is NULL; only errors and warnings are of use */
    bool replaces; /* so far something requires replacement */
    struct tf_replace *requires_replace; /* tf's own */
};
void tf_plan_set(struct tf_plan *plan, const char *name, const struct cty_value *value);
void tf_plan_unknown(struct tf_plan *plan, const char *name);
void tf_plan_replace(struct tf_plan *plan, const struct cty_path *path);

/* "45m": as the manual shows it. NULL: the operation has no time-out argument. */
struct tf_timeouts {
    const char *create, *read, *update, *delete_;
};

struct tf_resource {
    const char *type; /* "hyperpod_cluster" */
    const char *doc;
    int64_t version;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    struct tf_timeouts timeouts; /* adds the block `timeouts` when any is set */
    const char *import_example;  /* "sg-0a1b2c3d4e5f60718"; NULL: not importable */

    bool (*validate)(
        struct tf_call *call); /* across attributes; unknown is never an error; may be NULL */
    bool (*plan)(struct tf_plan *plan); /* may be NULL */
    bool (*create)(struct tf_call *call);
    bool (*read)(struct tf_call *call);
    bool (*update)(struct tf_call *call); /* NULL: every change must replace */
    bool (*delete_)(struct tf_call *call);
    bool (*import)(struct tf_call *call, struct str id);
    /* State JSON one version up, in place; called for from, from + 1, … up to version - 1. Pure. */
    bool (*upgrade)(struct tf_call *call, int64_t from, struct doc *state);
};

struct tf_provider {
    const char *name; /* "hyperpod" */
    const char *doc;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    const struct tf_resource *const *resources; /* ended by NULL */
    bool (*validate)(struct tf_call *call);     /* may be NULL; call->config */
    bool (*configure)(struct tf_call *call,
                      void **ret_provider); /* call->config, may hold unknowns */
    void (*release)(void *provider);
};

#endif
