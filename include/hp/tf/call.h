/* One verb's call: what it is given, and what it says to. Everything lives in the RPC's arena. */
#ifndef HP_TF_CALL_H
#define HP_TF_CALL_H

#include <hp/base/clock.h>
#include <hp/doc/doc.h>
#include <hp/tf/diags.h>
#include <hp/tf/schema.h>

struct tf_offer;

/* What becomes of the state (Terraform's rule that a created thing is never lost is kept here):
 *   create  state starts as the plan. From tf_created on, the object exists: whatever the verb
 *           returns, the state is saved (with an error: tainted). A false return before it saves
 *           nothing.
 *   update  state starts as the plan. On false the state stays as it was, unless the verb has
 *           called tf_partial.
 *   read    state starts as it is stored; the verb sets what it finds, or calls tf_gone.
 *   delete  true: gone. False: the state stays, unless the verb has called tf_partial.
 *   import, move and list
 *           state starts all null; the verb sets what read needs.
 *   read of a data source, open of an ephemeral resource
 *           state starts as the configuration with its defaults; the verb sets what is computed.
 *           An opening that fails leaves nothing open: nobody closes what he was not given.
 *   generate
 *           prior is the object, state the configuration that was made of it by the tables; the
 *           provider may be there or not.
 * A verb that returns true must have set every unknown; tf_settle does it with null for those that
 * have no value. */
struct tf_call {
    struct arena *arena;
    struct diags *diags;
    const struct world *world;
    struct stop_token *stop;
    int64_t deadline_tick_ms; /* from the timeouts block or the offer's default; 0: none */
    int64_t timeout_ms;       /* the same as a duration, for messages */
    void *provider; /* what tf_provider.configure made; NULL in validate, plan before configure,
                       upgrade, move */
    const struct cty_type *type; /* as declared; an object's own type says what is in a dynamic */
    const struct cty_value *config;   /* NULL in read, delete, import, move, generate. Raw: use
                                         planned, but for write-only values. In what fills a
                                         listed object: the list's */
    const struct cty_value *prior;    /* NULL on create and import */
    const struct cty_value *planned;  /* NULL in read, delete, import */
    const struct cty_value *state;    /* what will be saved */
    const struct cty_value *identity; /* import: what is imported by; NULL: by an id. Move of the
                                         own type: what was stored */
    const struct cty_value *meta; /* the module's provider_meta; NULL: it has none, or a call that
                                     has no module */

    /* tf's own. */
    const struct tf_offer *offer;
    int64_t renew_at_ms;
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

#endif
