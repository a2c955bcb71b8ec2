/* A provider: its configuration, and the tables of everything that it offers. Static; borrowed by
 * the server. */
#ifndef HP_TF_PROVIDER_H
#define HP_TF_PROVIDER_H

#include <hp/tf/resource.h>

/* A data source: the same table with a read. It changes nothing, and gives lists in a fixed order.
 */
struct tf_data_source {
    const char *type;
    const char *doc;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    struct tf_timeouts timeouts;            /* read only */
    bool (*validate)(struct tf_call *call); /* may be NULL */
    bool (*read)(struct tf_call *call);     /* not found is an error */
};

/* Something that is had for a while and stored nowhere (Terraform 1.10, OpenTofu 1.11): opened in
 * plan and again in apply, renewed while it is in use, closed in the end.
 *
 * open and renew may call tf_ephemeral_renew_at; what close needs is private data, set in open
 * (Terraform gives close the private data of open, OpenTofu those of the last renew: a renew keeps
 * them). close must be quick, and fine with what is gone already. */
struct tf_ephemeral {
    const char *type;
    const char *doc;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    bool (*validate)(struct tf_call *call); /* may be NULL */
    bool (*open)(struct tf_call *call);
    bool (*renew)(struct tf_call *call); /* NULL: never renewed */
    bool (*close)(struct tf_call *call); /* NULL: nothing to do */
};
void tf_ephemeral_renew_at(struct tf_call *call, int64_t unix_ms);

/* A function: pure, called without a configured provider, by several threads at once. */
struct tf_param {
    struct tf_attr attr; /* name, kind, of, attrs, doc; and the rules of a value */
    bool takes_null, takes_unknown;
};
struct tf_function_run {
    struct arena *arena;
    const struct tf_function *function;
    const struct cty_value *const *arguments; /* variadic ones follow the others */
    size_t count;
    const struct cty_value *result;
    /* tf's own. */
    struct str error;
    int64_t error_argument;
};
struct tf_function {
    const char *name;
    const char *summary;
    const char *doc;
    const char *deprecated;
    const struct tf_param *params;   /* ended by {0}; may be NULL */
    const struct tf_param *variadic; /* NULL: none */
    struct tf_attr result;           /* kind, of, attrs */
    /* Sets result; false: tf_function_error was called. */
    bool (*run)(struct tf_function_run *run);
};
/* argument: which one is to blame, from 0, variadic ones too; -1: none of them. Always false. */
bool tf_function_error(struct tf_function_run *run, int64_t argument, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct tf_provider {
    const char *name;    /* "hyperpod" */
    const char *address; /* "hyperpod/hyperpod": without the host, which may be any */
    const char *doc;
    const struct tf_attr *attrs;
    const struct tf_block *blocks;
    const struct tf_attr *meta; /* of a module's provider_meta; NULL: modules have nothing to say */
    /* Each ended by NULL, or NULL. */
    const struct tf_resource *const *resources;
    const struct tf_data_source *const *data_sources;
    const struct tf_ephemeral *const *ephemerals;
    const struct tf_function *const *functions;
    bool (*validate)(struct tf_call *call); /* may be NULL; call->config */
    bool (*configure)(struct tf_call *call,
                      void **ret_provider); /* call->config, may hold unknowns */
    void (*release)(void *provider);
};

#endif
