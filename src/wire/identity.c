/* The methods of resource identity. */
#include "rpc.h"

bool wire_identity_value(struct wire_rpc *rpc, const Tfplugin6__ResourceIdentityData *message,
                         const struct tf_offer *offer, const struct cty_value **ret_value)
{
    *ret_value = NULL;
    return offer->identity_type == NULL || message == NULL ||
           wire_value(rpc, message->identity_data, offer->identity_type, "the identity", ret_value);
}

Tfplugin6__ResourceIdentityData *wire_identity(struct wire_rpc *rpc, const struct tf_offer *offer,
                                               const struct cty_value *value)
{
    if (offer->identity_type == NULL || value == NULL)
        return NULL;
    Tfplugin6__ResourceIdentityData *message =
        pb_new(rpc->arena, &tfplugin6__resource_identity_data__descriptor);
    message->identity_data = wire_dynamic(rpc, offer->identity_type, value);
    return message;
}

static Tfplugin6__ResourceIdentitySchema__IdentityAttribute *
attribute_of(struct arena *arena, const struct tf_attr *attr)
{
    Tfplugin6__ResourceIdentitySchema__IdentityAttribute *message =
        pb_new(arena, &tfplugin6__resource_identity_schema__identity_attribute__descriptor);
    message->name = arena_z(arena, str_of(attr->name));
    message->type = pb_bytes(cty_type_to_json(arena, tf_attr_type(arena, attr)));
    message->required_for_import = (attr->flags & TF_REQUIRED) != 0;
    message->optional_for_import = (attr->flags & TF_OPTIONAL) != 0;
    if (attr->doc != NULL)
        message->description = arena_z(arena, arena_utf8(arena, str_of(attr->doc)));
    return message;
}

static Tfplugin6__ResourceIdentitySchema *schema_of(struct arena *arena,
                                                    const struct tf_identity *identity)
{
    Tfplugin6__ResourceIdentitySchema *schema =
        pb_new(arena, &tfplugin6__resource_identity_schema__descriptor);
    size_t count = 0;

    schema->version = identity->version;
    while (identity->attrs[count].name != NULL)
        count++;
    schema->n_identity_attributes = count;
    schema->identity_attributes =
        arena_array(arena, Tfplugin6__ResourceIdentitySchema__IdentityAttribute *, count);
    for (size_t i = 0; i < count; i++)
        schema->identity_attributes[i] = attribute_of(arena, &identity->attrs[i]);
    return schema;
}

void *wire_get_identity_schemas(struct wire_rpc *rpc, const void *request)
{
    Tfplugin6__GetResourceIdentitySchemas__Response *answer =
        pb_new(rpc->arena, &tfplugin6__get_resource_identity_schemas__response__descriptor);
    const struct tf_offer *offer;
    size_t most = 0, count = 0;
    (void)request;

    while (tf_offer_at(rpc->server->tf, TF_RESOURCE, most) != NULL)
        most++;
    answer->identity_schemas = arena_array(
        rpc->arena, Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry *, most);
    for (size_t i = 0; (offer = tf_offer_at(rpc->server->tf, TF_RESOURCE, i)) != NULL; i++) {
        if (offer->identity_type == NULL)
            continue;
        Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry *entry = pb_new(
            rpc->arena,
            &tfplugin6__get_resource_identity_schemas__response__identity_schemas_entry__descriptor);
        entry->key = arena_z(rpc->arena, str_of(offer->name));
        entry->value = schema_of(rpc->arena, offer->resource->identity);
        answer->identity_schemas[count++] = entry;
    }
    answer->n_identity_schemas = count;
    return answer;
}

void *wire_upgrade_identity(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__UpgradeResourceIdentity__Request *asked = request;
    Tfplugin6__UpgradeResourceIdentity__Response *answer =
        pb_new(rpc->arena, &tfplugin6__upgrade_resource_identity__response__descriptor);
    const struct tf_offer *offer = wire_offer(rpc, TF_RESOURCE, asked->type_name);
    struct str json = asked->raw_identity == NULL ? S("") : pb_str(asked->raw_identity->json);

    if (offer != NULL)
        answer->upgraded_identity = wire_identity(
            rpc, offer,
            tf_upgrade_identity(rpc->server->tf, &rpc->tf, offer, asked->version, json));
    WIRE_REPORT(rpc, answer);
    return answer;
}
