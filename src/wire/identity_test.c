#include "tiny.h"
#include <hp/base/test.h>

#define TYPE_NAME pb_bytes(S("tiny_thing"))

static Tfplugin6__ResourceIdentityData *identity(struct tiny_world *world, const char *json)
{
    Tfplugin6__ResourceIdentityData *data =
        pb_new(world->arena, &tfplugin6__resource_identity_data__descriptor);
    data->identity_data = tiny_value(world, tiny_offer(world, TF_RESOURCE)->identity_type, json);
    return data;
}

static struct str shown(struct tiny_world *world, const Tfplugin6__ResourceIdentityData *data)
{
    return tiny_shown(world, tiny_offer(world, TF_RESOURCE)->identity_type,
                      data == NULL ? NULL : data->identity_data);
}

START_TEST(identity_schemas_say_what_an_import_needs)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__GetResourceIdentitySchemas__Response *answer =
        SEND(&world, "GetResourceIdentitySchemas", get_resource_identity_schemas,
             NEW(&world, get_resource_identity_schemas));

    ck_assert_uint_eq(answer->n_identity_schemas, 1);
    ck_assert_str_eq(answer->identity_schemas[0]->key, "tiny_thing");
    const Tfplugin6__ResourceIdentitySchema *schema = answer->identity_schemas[0]->value;
    ck_assert_int_eq(schema->version, 1);
    ck_assert_uint_eq(schema->n_identity_attributes, 2);
    const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *id = schema->identity_attributes[0];
    ck_assert(id->required_for_import && !id->optional_for_import);
    ck_assert_str(pb_str(id->type), S("\"string\""));
    ck_assert_str_eq(id->description, "Its name in the world.");
    ck_assert(schema->identity_attributes[1]->optional_for_import);
    ck_assert_str(pb_str(schema->identity_attributes[1]->type), S("[\"list\",\"string\"]"));
    tiny_end(&world);
}
END_TEST

START_TEST(a_read_a_plan_and_an_apply_carry_the_identity)
{
    struct tiny_world world = tiny_configured();
    const struct cty_type *type = tiny_offer(&world, TF_RESOURCE)->type;
    const char *const stored = "{\"id\":\"t-1\",\"name\":\"n\",\"rule\":[]}";

    Tfplugin6__ReadResource__Request *read = NEW(&world, read_resource);
    read->type_name = TYPE_NAME;
    read->current_state = tiny_value(&world, type, stored);
    const Tfplugin6__ReadResource__Response *seen =
        SEND(&world, "ReadResource", read_resource, read);
    ck_assert_str(shown(&world, seen->new_identity), S("{\"id\":\"t-1\",\"zones\":[\"a\"]}"));

    Tfplugin6__PlanResourceChange__Request *plan = NEW(&world, plan_resource_change);
    plan->type_name = TYPE_NAME;
    plan->prior_state = tiny_value(&world, type, stored);
    plan->prior_identity = identity(&world, "{\"id\":\"t-1\"}");
    const Tfplugin6__PlanResourceChange__Response *planned =
        SEND(&world, "PlanResourceChange", plan_resource_change, plan);
    ck_assert_str(shown(&world, planned->planned_identity),
                  S("{\"id\":\"t-1\",\"zones\":[\"a\"]}"));

    Tfplugin6__ApplyResourceChange__Request *apply = NEW(&world, apply_resource_change);
    apply->type_name = TYPE_NAME;
    apply->config = apply->planned_state =
        tiny_value(&world, type, "{\"id\":\"t-1\",\"name\":\"n\",\"rule\":[]}");
    const Tfplugin6__ApplyResourceChange__Response *made =
        SEND(&world, "ApplyResourceChange", apply_resource_change, apply);
    ck_assert_uint_eq(made->n_diagnostics, 0);
    ck_assert_str(shown(&world, made->new_identity), S("{\"id\":\"t-1\",\"zones\":[\"a\"]}"));

    read->current_state =
        tiny_value(&world, type, "{\"id\":\"t-1\",\"name\":\"gone\",\"rule\":[]}");
    read->current_identity = identity(&world, "{\"id\":\"t-1\"}");
    seen = SEND(&world, "ReadResource", read_resource, read);
    ck_assert_ptr_null(seen->new_identity);
    tiny_end(&world);
}
END_TEST

START_TEST(an_identity_that_can_not_be_read_goes_back_as_it_came)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__ReadResource__Request *read = NEW(&world, read_resource);
    read->type_name = TYPE_NAME;
    read->current_state = tiny_value(&world, tiny_offer(&world, TF_RESOURCE)->type,
                                     "{\"id\":\"t-1\",\"name\":\"n\",\"rule\":[]}");
    read->current_identity = pb_new(world.arena, &tfplugin6__resource_identity_data__descriptor);
    read->current_identity->identity_data =
        pb_new(world.arena, &tfplugin6__dynamic_value__descriptor);
    read->current_identity->identity_data->msgpack = pb_bytes(S("\x81\xc1"));
    const Tfplugin6__ReadResource__Response *seen =
        SEND(&world, "ReadResource", read_resource, read);
    ck_assert_uint_eq(seen->n_diagnostics, 1);
    ck_assert_str(pb_str(seen->new_identity->identity_data->msgpack), S("\x81\xc1"));
    ck_assert_str(pb_str(seen->new_state->msgpack), pb_str(read->current_state->msgpack));
    tiny_end(&world);
}
END_TEST

START_TEST(an_import_by_identity_answers_with_it)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__ImportResourceState__Request *request = NEW(&world, import_resource_state);
    request->type_name = TYPE_NAME;
    request->identity = identity(&world, "{\"id\":\"t-7\"}");
    const Tfplugin6__ImportResourceState__Response *answer =
        SEND(&world, "ImportResourceState", import_resource_state, request);

    ck_assert_uint_eq(answer->n_diagnostics, 0);
    ck_assert_uint_eq(answer->n_imported_resources, 1);
    ck_assert_str(shown(&world, answer->imported_resources[0]->identity),
                  S("{\"id\":\"t-7\",\"zones\":[\"a\"]}"));
    ck_assert(str_has(tiny_shown(&world, tiny_offer(&world, TF_RESOURCE)->type,
                                 answer->imported_resources[0]->state),
                      S("\"id\":\"t-7\"")));
    tiny_end(&world);
}
END_TEST

static const Tfplugin6__UpgradeResourceIdentity__Response *
upgrade(struct tiny_world *world, int64_t version, const char *json)
{
    Tfplugin6__UpgradeResourceIdentity__Request *request = NEW(world, upgrade_resource_identity);
    request->type_name = TYPE_NAME;
    request->version = version;
    if (json != NULL) {
        request->raw_identity = pb_new(world->arena, &tfplugin6__raw_state__descriptor);
        request->raw_identity->json = pb_bytes(str_of(json));
    }
    return SEND(world, "UpgradeResourceIdentity", upgrade_resource_identity, request);
}

START_TEST(an_older_identity_is_brought_up_and_one_that_never_was_is_none)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__UpgradeResourceIdentity__Response *answer =
        upgrade(&world, 0, "{\"key\": \"t-1\"}");
    ck_assert_str(shown(&world, answer->upgraded_identity), S("{\"id\":\"t-1\",\"zones\":null}"));
    ck_assert_uint_eq(answer->n_diagnostics, 0);

    const char *const nothing[] = {"", NULL}; /* stored before there were identities */
    for (size_t i = 0; i < 2; i++) {
        answer = upgrade(&world, 0, nothing[i]);
        ck_assert_ptr_null(answer->upgraded_identity);
        ck_assert_uint_eq(answer->n_diagnostics, 0);
    }
    ck_assert_uint_eq(upgrade(&world, 9, "{}")->n_diagnostics, 1);
    tiny_end(&world);
}
END_TEST

TESTS("wire/identity", identity_schemas_say_what_an_import_needs,
      a_read_a_plan_and_an_apply_carry_the_identity,
      an_identity_that_can_not_be_read_goes_back_as_it_came, an_import_by_identity_answers_with_it,
      an_older_identity_is_brought_up_and_one_that_never_was_is_none)
