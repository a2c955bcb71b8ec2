#include "tiny.h"
#include <hp/base/test.h>

struct heard {
    struct tiny_world *world;
    Tfplugin6__ListResource__Event *events[8];
    size_t count, most;
};

static bool hear(void *arg, struct str message)
{
    struct heard *heard = arg;
    struct str kept = arena_str(heard->world->arena, message); /* it dies when we return */
    Tfplugin6__ListResource__Event *event =
        pb_unpack(heard->world->arena, &tfplugin6__list_resource__event__descriptor, kept);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_lt(heard->count, 8);
    heard->events[heard->count++] = event;
    return heard->count < heard->most;
}

static struct heard list(struct tiny_world *world, const char *type, const char *json, bool objects,
                         int64_t limit, size_t most)
{
    struct heard heard = {.world = world, .most = most};
    Tfplugin6__ListResource__Request *request = NEW(world, list_resource);
    struct str bytes, message;

    request->type_name = pb_bytes(str_of(type));
    request->config = tiny_value(world, tiny_offer(world, TF_LIST_RESOURCE)->type, json);
    request->include_resource_object = objects;
    request->limit = limit;
    ck_assert(pb_pack(world->arena, request, &bytes));
    ck_assert_int_eq(wire_stream(world->wire,
                                 wire_method_find(S("/tfplugin6.Provider/ListResource")), bytes,
                                 NULL, world->arena, hear, &heard, &message),
                     WIRE_OK);
    return heard;
}

START_TEST(each_object_is_an_event_with_its_identity)
{
    struct tiny_world world = tiny_configured();
    const struct tf_offer *thing = tiny_offer(&world, TF_RESOURCE);
    struct heard heard = list(&world, "tiny_thing", "{}", false, 100, 9);

    ck_assert_uint_eq(heard.count, 2);
    ck_assert_str(
        tiny_shown(&world, thing->identity_type, heard.events[1]->identity->identity_data),
        S("{\"id\":\"t-2\",\"zones\":[\"a\"]}"));
    ck_assert_str_eq(heard.events[1]->display_name, "a \xef\xbf\xbd thing");
    ck_assert_int_eq(heard.events[1]->_resource_object_case,
                     TFPLUGIN6__LIST_RESOURCE__EVENT___RESOURCE_OBJECT__NOT_SET);

    heard = list(&world, "tiny_thing", "{}", true, 100, 9);
    ck_assert(str_has(tiny_shown(&world, thing->type, heard.events[0]->resource_object),
                      S("\"id\":\"t-1\"")));
    tiny_end(&world);
}
END_TEST

START_TEST(a_limit_and_a_client_that_leaves_end_the_list)
{
    struct tiny_world world = tiny_configured();
    ck_assert_uint_eq(list(&world, "tiny_thing", "{\"number\":50000}", false, 3, 9).count, 3);
    ck_assert_uint_eq(list(&world, "tiny_thing", "{\"number\":50000}", false, 0, 2).count, 2);
    tiny_end(&world);
}
END_TEST

START_TEST(what_is_wrong_is_an_event_of_its_own)
{
    struct tiny_world world = tiny_configured();
    struct heard heard = list(&world, "tiny_thing", "{\"number\":-1}", false, 100, 9);
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_ptr_null(heard.events[0]->identity);
    ck_assert_str_eq(heard.events[0]->diagnostic[0]->attribute->steps[0]->attribute_name, "number");
    heard = list(&world, "tiny_other", "{}", false, 100, 9);
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_str_eq(heard.events[0]->diagnostic[0]->summary, "Unknown list resource type");
    tiny_end(&world);
}
END_TEST

START_TEST(a_list_is_validated_by_its_table)
{
    struct tiny_world world = tiny_begin();
    Tfplugin6__ValidateListResourceConfig__Request *request =
        NEW(&world, validate_list_resource_config);
    request->type_name = pb_bytes(S("tiny_thing"));
    request->config =
        tiny_value(&world, tiny_offer(&world, TF_LIST_RESOURCE)->type, "{\"number\":-100}");
    const Tfplugin6__ValidateListResourceConfig__Response *answer =
        SEND(&world, "ValidateListResourceConfig", validate_list_resource_config, request);
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    tiny_end(&world);
}
END_TEST

TESTS("wire/list", each_object_is_an_event_with_its_identity,
      a_limit_and_a_client_that_leaves_end_the_list, what_is_wrong_is_an_event_of_its_own,
      a_list_is_validated_by_its_table)
