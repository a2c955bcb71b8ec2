#include "tiny.h"
#include <hp/base/test.h>

static const Tfplugin6__MoveResourceState__Response *
move(struct tiny_world *world, const char *provider, const char *type, const char *json)
{
    Tfplugin6__MoveResourceState__Request *request = NEW(world, move_resource_state);
    request->source_provider_address = pb_bytes(str_of(provider));
    request->source_type_name = pb_bytes(str_of(type));
    request->target_type_name = pb_bytes(S("tiny_thing"));
    request->source_state = pb_new(world->arena, &tfplugin6__raw_state__descriptor);
    request->source_state->json = pb_bytes(str_of(json));
    return SEND(world, "MoveResourceState", move_resource_state, request);
}

START_TEST(a_foreign_object_becomes_one_of_ours_in_a_process_that_is_not_configured)
{
    struct tiny_world world = tiny_begin();
    const struct tf_offer *offer = tiny_offer(&world, TF_RESOURCE);
    const Tfplugin6__MoveResourceState__Response *answer =
        move(&world, "registry.terraform.io/acme/big", "big_thing", "{\"key\": \"t-9\"}");

    ck_assert_uint_eq(answer->n_diagnostics, 0);
    ck_assert(str_has(tiny_shown(&world, offer->type, answer->target_state), S("\"id\":\"t-9\"")));
    ck_assert_str(tiny_shown(&world, offer->identity_type, answer->target_identity->identity_data),
                  S("{\"id\":\"t-9\",\"zones\":[\"a\"]}"));
    tiny_end(&world);
}
END_TEST

START_TEST(a_move_that_is_not_possible_says_what_is)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__MoveResourceState__Response *answer =
        move(&world, "registry.terraform.io/acme/big", "big_other", "{}");

    ck_assert_ptr_null(answer->target_state);
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert(str_has(str_of(answer->diagnostics[0]->detail), S("big_thing (of acme/big)")));
    tiny_end(&world);
}
END_TEST

START_TEST(a_configuration_is_made_of_a_state)
{
    struct tiny_world world = tiny_begin();
    const struct cty_type *type = tiny_offer(&world, TF_RESOURCE)->type;
    Tfplugin6__GenerateResourceConfig__Request *request = NEW(&world, generate_resource_config);
    request->type_name = pb_bytes(S("tiny_thing"));
    request->state = tiny_value(
        &world, type, "{\"id\":\"t-1\",\"name\":\"n\",\"old\":\"o\",\"secret\":\"\",\"rule\":[]}");
    const Tfplugin6__GenerateResourceConfig__Response *answer =
        SEND(&world, "GenerateResourceConfig", generate_resource_config, request);

    ck_assert_uint_eq(answer->n_diagnostics, 0);
    struct str config = tiny_shown(&world, type, answer->config);
    ck_assert(str_has(config, S("\"name\":\"n\"")) && str_has(config, S("\"id\":null")) &&
              str_has(config, S("\"old\":null")) && str_has(config, S("\"secret\":null")));

    request->state = NULL; /* Terraform 1.14.0 */
    answer = SEND(&world, "GenerateResourceConfig", generate_resource_config, request);
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert_str(pb_str(answer->config->msgpack), S("\xc0"));
    tiny_end(&world);
}
END_TEST

TESTS("wire/take", a_foreign_object_becomes_one_of_ours_in_a_process_that_is_not_configured,
      a_move_that_is_not_possible_says_what_is, a_configuration_is_made_of_a_state)
