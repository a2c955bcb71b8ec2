#include "tiny.h"
#include <hp/base/test.h>

static const Tfplugin6__ReadDataSource__Response *read_(struct tiny_world *world, const char *json,
                                                        const char *meta)
{
    Tfplugin6__ReadDataSource__Request *request = NEW(world, read_data_source);
    request->type_name = pb_bytes(S("tiny_lookup"));
    request->config = tiny_value(world, tiny_offer(world, TF_DATA_SOURCE)->type, json);
    request->provider_meta =
        tiny_value(world, tf_offer_find(world->tf, TF_META, S(""))->type, meta);
    return SEND(world, "ReadDataSource", read_data_source, request);
}

START_TEST(a_data_source_is_read_with_what_the_module_says)
{
    struct tiny_world world = tiny_configured();
    const Tfplugin6__ReadDataSource__Response *answer =
        read_(&world, "{\"name\":\"n\"}", "{\"module\":\"net\"}");
    ck_assert_uint_eq(answer->n_diagnostics, 0);
    ck_assert_str(tiny_shown(&world, tiny_offer(&world, TF_DATA_SOURCE)->type, answer->state),
                  S("{\"name\":\"n\",\"size\":\"net\"}"));
    tiny_end(&world);
}
END_TEST

START_TEST(what_is_not_found_is_an_error_at_its_argument_and_the_state_is_null)
{
    struct tiny_world world = tiny_configured();
    const Tfplugin6__ReadDataSource__Response *answer =
        read_(&world, "{\"name\":\"gone\"}", "null");
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert_str_eq(answer->diagnostics[0]->attribute->steps[0]->attribute_name, "name");
    ck_assert_str(pb_str(answer->state->msgpack), S("\xc0"));
    tiny_end(&world);
}
END_TEST

START_TEST(a_data_source_is_validated_by_its_table)
{
    struct tiny_world world = tiny_begin();
    Tfplugin6__ValidateDataResourceConfig__Request *request =
        NEW(&world, validate_data_resource_config);
    request->type_name = pb_bytes(S("tiny_lookup"));
    request->config = tiny_value(&world, tiny_offer(&world, TF_DATA_SOURCE)->type,
                                 "{\"name\":\"much too long\"}");
    const Tfplugin6__ValidateDataResourceConfig__Response *answer =
        SEND(&world, "ValidateDataResourceConfig", validate_data_resource_config, request);
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    request->type_name = pb_bytes(S("tiny_thing")); /* a resource, not a data source */
    answer = SEND(&world, "ValidateDataResourceConfig", validate_data_resource_config, request);
    ck_assert_str_eq(answer->diagnostics[0]->summary, "Unknown data source type");
    tiny_end(&world);
}
END_TEST

TESTS("wire/data", a_data_source_is_read_with_what_the_module_says,
      what_is_not_found_is_an_error_at_its_argument_and_the_state_is_null,
      a_data_source_is_validated_by_its_table)
