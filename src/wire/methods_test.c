#include "tiny.h"
#include <hp/base/test.h>

START_TEST(protocol_6_has_36_methods_and_each_is_found_by_its_path)
{
    struct tiny_world world = tiny_begin();
    size_t count = 0, offered = 0;

    for (const struct wire_method *method; (method = wire_method_at(count)) != NULL; count++) {
        ck_assert_ptr_eq(wire_method_find(wire_method_path(world.arena, method)), method);
        offered += wire_method_is_offered(method);
    }

    ck_assert_uint_eq(count, 36);
    ck_assert_uint_eq(offered, 25);
    tiny_end(&world);
}
END_TEST

START_TEST(paths_of_others_are_not_found)
{
    static const char *const others[] = {"",
                                         "/",
                                         "/tfplugin6.Provider/",
                                         "GetProviderSchema",
                                         "/tfplugin5.Provider/GetProviderSchema",
                                         "/tfplugin6.Provider/GetProviderSchema/x",
                                         "/tfplugin6.Provider/getproviderschema"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ck_assert_ptr_null(wire_method_find(str_of(others[i])));
}
END_TEST

START_TEST(what_the_schema_does_not_offer_is_unimplemented)
{
    struct tiny_world world = tiny_begin();

    for (size_t i = 0; wire_method_at(i) != NULL; i++) {
        struct str answer = S("untouched"), message;
        if (wire_method_is_offered(wire_method_at(i)))
            continue;
        ck_assert_int_eq(wire_call(world.wire, wire_method_at(i), S("\xff"), NULL, world.arena,
                                   &answer, &message),
                         WIRE_UNIMPLEMENTED);
        ck_assert_str(answer, S("untouched"));
        ck_assert(!str_empty(message));
    }
    tiny_end(&world);
}
END_TEST

static bool hear_nothing(void *arg, struct str message)
{
    (void)arg;
    ck_abort_msg("a message of %zu bytes", message.len);
    return false;
}

START_TEST(bytes_that_are_no_message_are_refused_by_every_method)
{
    struct tiny_world world = tiny_begin();

    for (size_t i = 0; wire_method_at(i) != NULL; i++) {
        const struct wire_method *method = wire_method_at(i);
        struct str answer, message;
        if (!wire_method_is_offered(method))
            continue;
        enum wire_status status = wire_method_streams(method)
                                      ? wire_stream(world.wire, method, S("\xff\xff"), NULL,
                                                    world.arena, hear_nothing, NULL, &message)
                                      : wire_call(world.wire, method, S("\xff\xff"), NULL,
                                                  world.arena, &answer, &message);
        ck_assert_int_eq(status, WIRE_INVALID_ARGUMENT);
    }
    tiny_end(&world);
}
END_TEST

START_TEST(fields_of_newer_clients_are_passed_over)
{
    struct tiny_world world = tiny_begin();
    struct str answer;

    ck_assert_int_eq(tiny_send(&world, "GetMetadata", S("\x92\x3f\x03new\x08\x01"), &answer),
                     WIRE_OK);
    ck_assert(str_has(answer, S("tiny_thing")));
    tiny_end(&world);
}
END_TEST

START_TEST(a_request_that_is_larger_than_the_arena_is_refused)
{
    struct tiny_world world = tiny_begin();
    struct arena *small = arena_new(4096);
    struct buf request = buf_in(world.arena, 1 << 20);
    struct str answer, message;
    buf_put(&request, S("\x0a\xa0\x8d\x06")); /* field 1, 100000 bytes */
    buf_put(&request, (struct str){arena_alloc(world.arena, 100000), 100000});

    enum wire_status status =
        wire_call(world.wire, wire_method_find(S("/tfplugin6.Provider/ImportResourceState")),
                  buf_str(&request), NULL, small, &answer, &message);

    ck_assert_int_eq(status, WIRE_INVALID_ARGUMENT);
    arena_free(small);
    tiny_end(&world);
}
END_TEST

START_TEST(a_region_that_is_nowhere_is_told_at_its_path)
{
    struct tiny_world world = tiny_begin();
    Tfplugin6__ConfigureProvider__Request *request =
        pb_new(world.arena, &tfplugin6__configure_provider__request__descriptor);
    request->config = pb_new(world.arena, &tfplugin6__dynamic_value__descriptor);
    request->config->msgpack = pb_bytes(S("\x81\xa6region\xa7nowhere"));
    struct str bytes, reply;
    ck_assert(pb_pack(world.arena, request, &bytes));

    ck_assert_int_eq(tiny_send(&world, "ConfigureProvider", bytes, &reply), WIRE_OK);

    const Tfplugin6__ConfigureProvider__Response *answer =
        pb_unpack(world.arena, &tfplugin6__configure_provider__response__descriptor, reply);
    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert_str_eq(answer->diagnostics[0]->attribute->steps[0]->attribute_name, "region");
    tiny_end(&world);
}
END_TEST

START_TEST(a_stream_is_no_call_and_a_call_is_no_stream)
{
    struct tiny_world world = tiny_begin();
    struct str answer, message;

    for (size_t i = 0; wire_method_at(i) != NULL; i++) {
        const struct wire_method *method = wire_method_at(i);
        if (!wire_method_is_offered(method))
            continue;
        enum wire_status status =
            wire_method_streams(method)
                ? wire_call(world.wire, method, S(""), NULL, world.arena, &answer, &message)
                : wire_stream(world.wire, method, S(""), NULL, world.arena, hear_nothing, NULL,
                              &message);
        ck_assert_int_eq(status, WIRE_INTERNAL);
    }
    tiny_end(&world);
}
END_TEST

START_TEST(only_stop_provider_stops)
{
    for (size_t i = 0; wire_method_at(i) != NULL; i++)
        ck_assert_int_eq(wire_method_stops(wire_method_at(i)),
                         wire_method_at(i) ==
                             wire_method_find(S("/tfplugin6.Provider/StopProvider")));
}
END_TEST

TESTS("wire/methods", protocol_6_has_36_methods_and_each_is_found_by_its_path,
      paths_of_others_are_not_found, what_the_schema_does_not_offer_is_unimplemented,
      bytes_that_are_no_message_are_refused_by_every_method,
      fields_of_newer_clients_are_passed_over, a_request_that_is_larger_than_the_arena_is_refused,
      a_region_that_is_nowhere_is_told_at_its_path, a_stream_is_no_call_and_a_call_is_no_stream,
      only_stop_provider_stops)
