/* A resource: one static const struct in one file. Its verbs work on known values; everything
 * Terraform demands of a provider's answers is kept by tf, not by them. */
#ifndef HP_TF_RESOURCE_H
#define HP_TF_RESOURCE_H

#include <hp/tf/call.h>

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

/* The facts that name an object outside of any state, for its whole life (Terraform and OpenTofu
 * 1.12). Rows are primitives or lists of them, without rules of their own: what an import needs is
 * TF_REQUIRED, what it may leave out is TF_OPTIONAL. A member is the attribute of the same name;
 * those that are no attribute are made by `member` out of the object (which may hold unknowns; NULL
 * is null). Once a member has a value it may never have another. */
struct tf_identity {
    int64_t version;
    const struct tf_attr *attrs;
    const struct cty_value *(*member)(struct arena *arena, const struct cty_value *object,
                                      struct str name);
    /* Identity JSON one version up, in place, as tf_resource.upgrade. */
    bool (*upgrade)(struct tf_call *call, int64_t from, struct doc *identity);
};

/* A type of another provider whose objects this resource takes over, for `moved` blocks. Pure, and
 * without a configured provider: it makes a state of the foreign state, which a refresh completes.
 */
struct tf_move {
    const char *from;     /* "aws_security_group" */
    const char *provider; /* "hashicorp/aws": namespace and type; the host may be any */
    const char *doc;      /* what is renamed or left out; a sentence for the manual */
    bool (*move)(struct tf_call *call, int64_t version, const struct doc *state);
};

/* Looking for objects that could be imported (`terraform query`, 1.14). The verb finds them and
 * hands over each by tf_list_found, which makes a state of its own for it, in memory of its own. */
struct tf_listing {
    struct tf_call *call;     /* config is the content of the block `config`; wholly known */
    bool wants_objects;       /* the whole object is wanted, not only what its identity needs */
    int64_t limit;            /* that many at most; the verb need not count */
    struct tf_lister *lister; /* tf's own */
};
/* fill sets what it knows in found->state and the name a person knows the object by. False, or
 * tf_gone: it is not there any more; or diags say why it cannot be told. */
typedef bool (*tf_fill_fn)(struct tf_call *found, void *arg, struct str *ret_name);
/* False: enough, or nobody listens any more: stop. */
bool tf_list_found(struct tf_listing *listing, tf_fill_fn fill, void *arg);

struct tf_list {
    const char *doc;
    const struct tf_attr *attrs;              /* of the block `config`; may be NULL */
    const struct tf_block *blocks;            /* likewise */
    bool (*validate)(struct tf_call *call);   /* may be NULL */
    bool (*list)(struct tf_listing *listing); /* false: diags say why */
};

struct tf_resource {
    const char *type; /* "hyperpod_cluster" */
    const char *doc;
    int64_t version;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    struct tf_timeouts timeouts;        /* adds the block `timeouts` when any is set */
    const char *import_example;         /* "sg-0a1b2c3d4e5f60718"; NULL: not importable */
    const char *import_forms;           /* the manual: what else an id may be; NULL: nothing */
    const struct tf_identity *identity; /* NULL: none */
    const struct tf_move *moves;        /* ended by {0}; NULL: none */
    const struct tf_list *list;         /* needs an identity; NULL: none */

    bool (*validate)(
        struct tf_call *call); /* across attributes; unknown is never an error; may be NULL */
    bool (*plan)(struct tf_plan *plan); /* may be NULL */
    bool (*create)(struct tf_call *call);
    bool (*read)(struct tf_call *call);
    bool (*update)(struct tf_call *call); /* NULL: every change must replace */
    bool (*delete_)(struct tf_call *call);
    /* By id; or, with ptr NULL, by call->identity: then the members of that name are set already.
     */
    bool (*import)(struct tf_call *call, struct str id);
    /* State JSON one version up, in place; called for from, from + 1, … up to version - 1. Pure. */
    bool (*upgrade)(struct tf_call *call, int64_t from, struct doc *state);
    /* What only the resource knows of the configuration that describes call->prior: call->state is
     * made of it by the tables, without what is computed, deprecated, write-only, a default or
     * excluded by another member. Takes out what a person would not say, or puts in what the object
     * calls otherwise. May be NULL. */
    bool (*generate)(struct tf_call *call);
};

#endif
