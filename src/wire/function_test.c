#include "tiny.h"
#include <hp/base/test.h>

static Tfplugin6__DynamicValue *argument(struct tiny_world *world, struct str msgpack)
{
    Tfplugin6__DynamicValue *value = pb_new(world->arena, &tfplugin6__dynamic_value__descriptor);
    value->msgpack = pb_bytes(msgpack);
    return value;
}

/* Arguments as msgpack; it runs in a process that nobody has configured. */
static const Tfplugin6__CallFunction__Response *run(struct tiny_world *world, const char *name,
                                                    size_t count, const struct str *arguments)
{
    Tfplugin6__CallFunction__Request *request = NEW(world, call_function);
    request->name = pb_bytes(str_of(name));
    request->n_arguments = count;
    request->arguments = arena_array(world->arena, Tfplugin6__DynamicValue *, count);
    for (size_t i = 0; i < count; i++)
        request->arguments[i] = argument(world, arguments[i]);
    return SEND(world, "CallFunction", call_function, request);
}
#define RUN(world, name, ...)                                                                      \
    run(world, name, sizeof(struct str[]){__VA_ARGS__} / sizeof(struct str),                       \
        (struct str[]){__VA_ARGS__})

START_TEST(a_function_is_in_the_schema_and_in_get_functions)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__GetFunctions__Response *answer =
        SEND(&world, "GetFunctions", get_functions, NEW(&world, get_functions));
    const Tfplugin6__GetProviderSchema__Response *schema =
        SEND(&world, "GetProviderSchema", get_provider_schema, NEW(&world, get_provider_schema));

    ck_assert_uint_eq(answer->n_functions, 1);
    ck_assert_uint_eq(schema->n_functions, 1);
    ck_assert_str_eq(schema->functions[0]->key, "repeat");
    const Tfplugin6__Function *function = answer->functions[0]->value;
    ck_assert_str_eq(function->summary, "Says it again.");
    ck_assert_uint_eq(function->n_parameters, 1);
    ck_assert_str_eq(function->parameters[0]->name, "times");
    ck_assert(!function->parameters[0]->allow_null_value);
    ck_assert(function->variadic_parameter->allow_null_value);
    ck_assert_str(pb_str(function->return_->type), S("\"string\"")); /* Terraform crashes without */
    tiny_end(&world);
}
END_TEST

START_TEST(arguments_give_a_result_and_a_missing_one_is_null)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__CallFunction__Response *answer =
        RUN(&world, "repeat", S("\x02"), S("\xa1x"), S("")); /* OpenTofu sends null as nothing */
    ck_assert_ptr_null(answer->error);
    ck_assert_str(pb_str(answer->result->msgpack), S("\xa4x-x-"));
    tiny_end(&world);
}
END_TEST

START_TEST(an_unknown_argument_gives_an_unknown_result)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__CallFunction__Response *answer =
        RUN(&world, "repeat", S("\x02"), S("\xd4\x00\x00"));
    ck_assert_str(pb_str(answer->result->msgpack), S("\xd4\x00\x00"));
    tiny_end(&world);
}
END_TEST

START_TEST(an_error_points_at_its_argument)
{
    struct tiny_world world = tiny_begin();
    const Tfplugin6__CallFunction__Response *answer =
        RUN(&world, "repeat", S("\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00"), S("\xa1x")); /* 0.5 */
    ck_assert_int_eq(answer->error->_function_argument_case,
                     TFPLUGIN6__FUNCTION_ERROR___FUNCTION_ARGUMENT_FUNCTION_ARGUMENT);
    ck_assert_int_eq(answer->error->function_argument, 0);
    ck_assert_str_eq(answer->error->text, "is not a whole number: \xef\xbf\xbd");

    answer = RUN(&world, "repeat", S("\xcc\xff"), S("\xa1x"));
    ck_assert_int_eq(answer->error->_function_argument_case,
                     TFPLUGIN6__FUNCTION_ERROR___FUNCTION_ARGUMENT__NOT_SET);
    ck_assert_str_eq(answer->error->text, "that is too much");

    answer = RUN(&world, "repeat", S("\x01"), S("\x81")); /* no msgpack of a string */
    ck_assert_int_eq(answer->error->function_argument, 1);
    answer = RUN(&world, "no_such", S("\x01"));
    ck_assert(str_has(str_of(answer->error->text), S("no function \"no_such\"")));
    tiny_end(&world);
}
END_TEST

TESTS("wire/function", a_function_is_in_the_schema_and_in_get_functions,
      arguments_give_a_result_and_a_missing_one_is_null,
      an_unknown_argument_gives_an_unknown_result, an_error_points_at_its_argument)
