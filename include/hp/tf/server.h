/* Terraform's requests in its own terms: values in, values out. wire decodes and encodes around it.
 *
 * Every answer has been checked against the rules that core enforces (objchange.AssertPlanValid,
 * AssertObjectCompatible, and those of import, read and upgrade): a verb that breaks one is stopped
 * here, with a diagnostic that names the rule, and what exists is still saved. All functions are
 * thread safe; each call has its own tf_rpc. */
#ifndef HP_TF_SERVER_H
#define HP_TF_SERVER_H

#include <hp/tf/resource.h>

struct tf_server;

/* Builds the types of all schemas once. A bad table ends the process with a sentence (our own
 * mistake; a unit test looks first). The provider's tables are static and are borrowed. */
struct tf_server *tf_server_new(const struct tf_provider *provider, const struct world *world);
void tf_server_free(struct tf_server *server); /* releases what configure made */

const struct tf_provider *tf_server_provider(const struct tf_server *server);
const struct tf_resource *tf_resource_find(const struct tf_server *server,
                                           struct str type); /* NULL: none */
/* The blocks of a resource with `timeouts` added; ended by a row without name; never NULL. Borrowed
 * from the server. */
const struct tf_block *tf_resource_blocks(const struct tf_server *server,
                                          const struct tf_resource *resource);
const struct cty_type *tf_resource_type(const struct tf_server *server,
                                        const struct tf_resource *resource);
const struct cty_type *tf_provider_type(const struct tf_server *server);

struct tf_rpc {
    struct arena *arena;
    struct diags diags;
    struct stop_token *stop;
    bool write_only_allowed; /* client_capabilities.write_only_attributes_allowed */
};

void tf_validate_provider(struct tf_server *server, struct tf_rpc *rpc,
                          const struct cty_value *config);
void tf_configure(struct tf_server *server, struct tf_rpc *rpc, const struct cty_value *config);
void tf_validate_resource(struct tf_server *server, struct tf_rpc *rpc,
                          const struct tf_resource *resource, const struct cty_value *config);
/* NULL with errors in rpc->diags. */
const struct cty_value *tf_upgrade(struct tf_server *server, struct tf_rpc *rpc,
                                   const struct tf_resource *resource, int64_t version,
                                   struct str json);

/* prior, proposed, config, planned: NULL or a null value mean absent. */
struct tf_plan_request {
    const struct cty_value *config, *prior, *proposed;
    struct str prior_private;
};
struct tf_plan_answer {
    const struct cty_value *planned;                /* NULL: destroy, or errors */
    const struct cty_path *const *requires_replace; /* sorted, without duplicates */
    size_t requires_replace_count;
    struct str planned_private;
};
void tf_plan_change(struct tf_server *server, struct tf_rpc *rpc,
                    const struct tf_resource *resource, const struct tf_plan_request *request,
                    struct tf_plan_answer *ret_answer);

struct tf_apply_request {
    const struct cty_value *config, *prior, *planned;
    struct str planned_private;
};
struct tf_state_answer {
    const struct cty_value *state; /* NULL: none */
    struct str private_data;
};
void tf_apply_change(struct tf_server *server, struct tf_rpc *rpc,
                     const struct tf_resource *resource, const struct tf_apply_request *request,
                     struct tf_state_answer *ret_answer);
void tf_read_resource(struct tf_server *server, struct tf_rpc *rpc,
                      const struct tf_resource *resource, const struct cty_value *current,
                      struct str private_data, struct tf_state_answer *ret_answer);
void tf_import_resource(struct tf_server *server, struct tf_rpc *rpc,
                        const struct tf_resource *resource, struct str id,
                        struct tf_state_answer *ret_answer);

/* The manual page of a resource (resource NULL: of the provider) in Markdown, from the tables. */
void tf_manual(const struct tf_server *server, const struct tf_resource *resource, struct buf *out);

#endif
