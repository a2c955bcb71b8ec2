/* One call under way, as the methods see it, and what they share. */
#ifndef HP_WIRE_RPC_H
#define HP_WIRE_RPC_H

#include "messages.h"
#include "report.h"
#include <hp/wire/wire.h>

struct wire_server {
    struct tf_server *tf;
    struct schema_cache *schema;
};

struct wire_rpc {
    struct wire_server *server;
    struct arena *arena;
    struct tf_rpc tf;
    struct str ready; /* an answer that lies there packed already; ptr NULL: none */
    /* Of a stream. */
    wire_send_fn *send;
    void *send_arg;
    bool failed; /* an answer could not be packed */
};

/* A method: takes its unpacked request and makes its answer; NULL when `ready` is the answer, or
 * when the method has sent a stream. */
typedef void *wire_handler(struct wire_rpc *rpc, const void *request);

wire_handler wire_get_metadata, wire_get_provider_schema, wire_get_identity_schemas,
    wire_get_functions, wire_validate_provider, wire_configure, wire_stop;
wire_handler wire_validate_resource, wire_upgrade, wire_read, wire_plan, wire_apply, wire_import,
    wire_move, wire_generate, wire_upgrade_identity;
wire_handler wire_validate_data_source, wire_read_data_source;
wire_handler wire_validate_ephemeral, wire_open, wire_renew, wire_close;
wire_handler wire_call_function;
wire_handler wire_validate_list, wire_list;

/* Reads a value; absent or empty is null. False: told to diags. `what` is named in the message:
 * "the configuration". */
bool wire_value(struct wire_rpc *rpc, const Tfplugin6__DynamicValue *message,
                const struct cty_type *type, const char *what, const struct cty_value **ret_value);
/* Writes a value as msgpack; NULL writes null. What can't be encoded is our own mistake: it is told
 * to diags, and the rest of the object is written with null in its place, so that an object is
 * never lost. */
Tfplugin6__DynamicValue *wire_dynamic(struct wire_rpc *rpc, const struct cty_type *type,
                                      const struct cty_value *value);
/* The same for identities. A type without identity has none, whatever was sent; NULL gives NULL. */
bool wire_identity_value(struct wire_rpc *rpc, const Tfplugin6__ResourceIdentityData *message,
                         const struct tf_offer *offer, const struct cty_value **ret_value);
Tfplugin6__ResourceIdentityData *wire_identity(struct wire_rpc *rpc, const struct tf_offer *offer,
                                               const struct cty_value *value);
/* Reads what the module says of this provider into the call. False: told. */
bool wire_meta(struct wire_rpc *rpc, const Tfplugin6__DynamicValue *message);

/* What is offered by that name, or NULL after telling diags. */
const struct tf_offer *wire_offer(struct wire_rpc *rpc, enum tf_offer_kind kind,
                                  ProtobufCBinaryData type_name);
/* All validations but the provider's. */
void wire_validate(struct wire_rpc *rpc, enum tf_offer_kind kind, ProtobufCBinaryData type_name,
                   const Tfplugin6__DynamicValue *config);
void wire_client(struct wire_rpc *rpc, const Tfplugin6__ClientCapabilities *client);
Tfplugin6__ServerCapabilities *wire_capabilities(struct arena *arena);
void wire_schema_free(struct schema_cache *cache);
struct schema_cache *wire_schema_new(void);

/* Closes an answer: its two fields `diagnostics`. */
#define WIRE_REPORT(rpc, answer)                                                                   \
    wire_report((rpc)->arena, &(rpc)->tf.diags, &(answer)->n_diagnostics, &(answer)->diagnostics)

#endif
