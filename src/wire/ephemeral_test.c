#include "tiny.h"
#include <hp/base/test.h>

START_TEST(a_lease_is_opened_renewed_and_closed)
{
    struct tiny_world world = tiny_configured();
    const struct cty_type *type = tiny_offer(&world, TF_EPHEMERAL)->type;

    Tfplugin6__OpenEphemeralResource__Request *open = NEW(&world, open_ephemeral_resource);
    open->type_name = pb_bytes(S("tiny_lease"));
    open->config = tiny_value(&world, type, "{\"name\":\"n\"}");
    const Tfplugin6__OpenEphemeralResource__Response *opened =
        SEND(&world, "OpenEphemeralResource", open_ephemeral_resource, open);
    ck_assert_uint_eq(opened->n_diagnostics, 0);
    ck_assert_str(tiny_shown(&world, type, opened->result),
                  S("{\"name\":\"n\",\"size\":\"open\"}"));
    ck_assert_int_eq(opened->renew_at->seconds, 1700000000);
    ck_assert_int_eq(opened->renew_at->nanos, 123000000);

    Tfplugin6__RenewEphemeralResource__Request *renew = NEW(&world, renew_ephemeral_resource);
    renew->type_name = open->type_name;
    renew->_private_case = TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__REQUEST___PRIVATE_PRIVATE;
    renew->private_ = opened->private_;
    const Tfplugin6__RenewEphemeralResource__Response *renewed =
        SEND(&world, "RenewEphemeralResource", renew_ephemeral_resource, renew);
    ck_assert_uint_eq(renewed->n_diagnostics, 0);
    ck_assert_int_eq(renewed->renew_at->seconds, 1800000000);
    ck_assert_str(pb_str(renewed->private_), pb_str(opened->private_));

    Tfplugin6__CloseEphemeralResource__Request *close = NEW(&world, close_ephemeral_resource);
    close->type_name = open->type_name;
    close->_private_case = TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__REQUEST___PRIVATE_PRIVATE;
    close->private_ = renewed->private_;
    const Tfplugin6__CloseEphemeralResource__Response *closed =
        SEND(&world, "CloseEphemeralResource", close_ephemeral_resource, close);
    ck_assert_uint_eq(closed->n_diagnostics, 0);

    close->_private_case = TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__REQUEST___PRIVATE__NOT_SET;
    closed = SEND(&world, "CloseEphemeralResource", close_ephemeral_resource, close);
    ck_assert_str_eq(closed->diagnostics[0]->detail, "The key is lost.");
    tiny_end(&world);
}
END_TEST

START_TEST(a_lease_is_validated_by_its_table)
{
    struct tiny_world world = tiny_begin();
    Tfplugin6__ValidateEphemeralResourceConfig__Request *request =
        NEW(&world, validate_ephemeral_resource_config);
    request->type_name = pb_bytes(S("tiny_lease"));
    request->config = tiny_value(&world, tiny_offer(&world, TF_EPHEMERAL)->type, "{}");
    const Tfplugin6__ValidateEphemeralResourceConfig__Response *answer = SEND(
        &world, "ValidateEphemeralResourceConfig", validate_ephemeral_resource_config, request);
    ck_assert_str_eq(answer->diagnostics[0]->summary, "Missing required attribute");
    tiny_end(&world);
}
END_TEST

TESTS("wire/ephemeral", a_lease_is_opened_renewed_and_closed, a_lease_is_validated_by_its_table)
