/* Terraform's requests in its own terms: values in, values out. wire decodes and encodes around it.
 *
 * Every answer has been checked against the rules that core enforces (objchange.AssertPlanValid,
 * AssertObjectCompatible, and those of import, read, upgrade, move, identities, functions): a verb
 * that breaks one is stopped here, with a diagnostic that names the rule, and what exists is still
 * saved. All functions are thread safe; each call has its own tf_rpc. */
#ifndef HP_TF_SERVER_H
#define HP_TF_SERVER_H

#include <hp/tf/provider.h>

struct tf_server;

/* Builds the types of all schemas once. A bad table ends the process with a sentence (our own
 * mistake; a unit test looks first). The provider's tables are static and are borrowed. */
struct tf_server *tf_server_new(const struct tf_provider *provider, const struct world *world);
void tf_server_free(struct tf_server *server); /* releases what configure made */

const struct tf_provider *tf_server_provider(const struct tf_server *server);

/* What the provider offers that has a schema: its own configuration, what modules say about it,
 * resources, data sources, ephemeral resources, and what can be listed. */
enum tf_offer_kind {
    TF_PROVIDER,
    TF_META,
    TF_RESOURCE,
    TF_DATA_SOURCE,
    TF_EPHEMERAL,
    TF_LIST_RESOURCE
};
struct tf_offer {
    enum tf_offer_kind kind;
    const char *name; /* "hyperpod_cluster"; of the provider and its meta "hyperpod" */
    const char *doc;
    int64_t version;
    const struct tf_attr *attrs;   /* may be NULL */
    const struct tf_block *blocks; /* with `timeouts` added; ended by a row without name */
    const struct tf_timeouts *timeouts;
    const struct cty_type *type;
    const struct cty_type *identity_type; /* NULL: it has no identity */
    bool (*validate)(struct tf_call *call);

    const struct tf_resource *resource; /* of a resource, and of what is listed */
    const struct tf_data_source *data_source;
    const struct tf_ephemeral *ephemeral;
};
/* Borrowed from the server. NULL: there is none of that name; the provider and its meta need none.
 */
const struct tf_offer *tf_offer_find(const struct tf_server *server, enum tf_offer_kind kind,
                                     struct str name);
/* One after the other: NULL after the last. */
const struct tf_offer *tf_offer_at(const struct tf_server *server, enum tf_offer_kind kind,
                                   size_t index);
const struct tf_function *tf_function_find(const struct tf_server *server, struct str name);

struct tf_rpc {
    struct arena *arena;
    struct diags diags;
    struct stop_token *stop;
    bool write_only_allowed;      /* client_capabilities.write_only_attributes_allowed */
    const struct cty_value *meta; /* the module's provider_meta, or NULL */
    struct tf_configured *held;   /* tf's own: what it works with, until tf_rpc_done */
};

/* After the answer was encoded or is not wanted any more: its values may lie in what the provider
 * was configured with, and another ConfigureProvider may have come since (in debug mode). */
void tf_rpc_done(struct tf_server *server, struct tf_rpc *rpc);

void tf_configure(struct tf_server *server, struct tf_rpc *rpc, const struct cty_value *config);
void tf_validate(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                 const struct cty_value *config);

/* ---- Resources. Values: NULL or a null value mean absent. ---- */

/* NULL with errors in rpc->diags. */
const struct cty_value *tf_upgrade(struct tf_server *server, struct tf_rpc *rpc,
                                   const struct tf_offer *offer, int64_t version, struct str json);
/* Empty JSON is an object that was stored without an identity: NULL, and no error. */
const struct cty_value *tf_upgrade_identity(struct tf_server *server, struct tf_rpc *rpc,
                                            const struct tf_offer *offer, int64_t version,
                                            struct str json);

struct tf_plan_request {
    const struct cty_value *config, *prior, *proposed, *prior_identity;
    struct str prior_private;
};
struct tf_plan_answer {
    const struct cty_value *planned;                /* NULL: destroy, or errors */
    const struct cty_path *const *requires_replace; /* sorted, without duplicates */
    size_t requires_replace_count;
    struct str planned_private;
    const struct cty_value *planned_identity; /* wholly known; NULL: none, as on create */
};
void tf_plan_change(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                    const struct tf_plan_request *request, struct tf_plan_answer *ret_answer);

struct tf_state_answer {
    const struct cty_value *state; /* NULL: none */
    struct str private_data;
    const struct cty_value *identity; /* NULL: none */
};
struct tf_apply_request {
    const struct cty_value *config, *prior, *planned, *planned_identity;
    struct str planned_private;
};
void tf_apply_change(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                     const struct tf_apply_request *request, struct tf_state_answer *ret_answer);
struct tf_read_request {
    const struct cty_value *current, *identity;
    struct str private_data;
};
void tf_read_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_read_request *request, struct tf_state_answer *ret_answer);
/* By identity, where that is not absent; else by id. */
struct tf_import_request {
    struct str id;
    const struct cty_value *identity;
};
void tf_import_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        const struct tf_import_request *request,
                        struct tf_state_answer *ret_answer);
struct tf_move_request {
    struct str provider, type,
        json; /* where the object comes from, and its state as it is stored */
    int64_t version;
    struct str private_data;
    struct str identity_json; /* as it is stored; empty: it has none */
    int64_t identity_version;
};
void tf_move_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_move_request *request, struct tf_state_answer *ret_answer);
/* A configuration that describes the object; NULL with errors. */
const struct cty_value *tf_generate_config(struct tf_server *server, struct tf_rpc *rpc,
                                           const struct tf_offer *offer,
                                           const struct cty_value *state);

/* ---- Lists ---- */

struct tf_list_event {
    const struct cty_value *identity; /* NULL: only diags */
    const struct cty_value *object;   /* NULL: not asked for */
    struct str name;
    const struct diags *diags;
};
struct tf_list_request {
    const struct cty_value *config;
    bool wants_objects;
    int64_t limit; /* 0 or less: none */
    /* Takes one event; it lives until this returns. False: nobody listens any more. */
    bool (*send)(void *arg, struct arena *arena, const struct tf_list_event *event);
    void *arg;
};
void tf_list_resource(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                      const struct tf_list_request *request);

/* ---- Data sources, ephemeral resources, functions ---- */

/* NULL with errors. */
const struct cty_value *tf_read_data_source(struct tf_server *server, struct tf_rpc *rpc,
                                            const struct tf_offer *offer,
                                            const struct cty_value *config);

struct tf_ephemeral_answer {
    const struct cty_value *result; /* open: NULL with errors */
    struct str private_data;
    int64_t renew_at_ms; /* since 1970; 0: never */
};
void tf_ephemeral_open(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                       const struct cty_value *config, struct tf_ephemeral_answer *ret_answer);
void tf_ephemeral_renew(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        struct str private_data, struct tf_ephemeral_answer *ret_answer);
void tf_ephemeral_close(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                        struct str private_data);

struct tf_function_answer {
    const struct cty_value *result; /* NULL: error */
    struct str error;
    int64_t argument; /* -1: none is to blame */
};
const struct cty_type *tf_param_type(struct arena *arena, const struct tf_function *function,
                                     size_t index);        /* NULL: too many */
size_t tf_param_count(const struct tf_function *function); /* without the variadic one */
void tf_run_function(struct tf_rpc *rpc, const struct tf_function *function,
                     const struct cty_value *const *arguments, size_t count,
                     struct tf_function_answer *ret_answer);

/* ---- The manual ---- */

/* The page of an offer in Markdown, from its tables. */
void tf_manual(const struct tf_server *server, const struct tf_offer *offer, struct buf *out);
void tf_manual_function(const struct tf_server *server, const struct tf_function *function,
                        struct buf *out);

#endif
