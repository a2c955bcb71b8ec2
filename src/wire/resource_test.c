#include "tiny.h"
#include <hp/base/test.h>

/* A thing as msgpack: only what is given is set. */
static ProtobufCBinaryData thing(struct tiny_world *world, const char *id, const char *name)
{
    const struct cty_type *type = tf_offer_find(world->tf, TF_RESOURCE, S("tiny_thing"))->type;
    const struct cty_value **items =
        arena_array(world->arena, const struct cty_value *, type->count);
    for (size_t i = 0; i < type->count; i++)
        items[i] =
            type->attributes[i].type->kind == CTY_LIST && str_is(type->attributes[i].name, "rule")
                ? cty_empty(world->arena, type->attributes[i].type)
                : cty_null(world->arena, type->attributes[i].type);
    const struct cty_value *value = cty_object(world->arena, type, items);
    if (id != NULL)
        value = cty_with(world->arena, value, S("id"), cty_str(world->arena, str_of(id)));
    if (name != NULL)
        value = cty_with(world->arena, value, S("name"), cty_str(world->arena, str_of(name)));
    struct buf bytes = buf_in(world->arena, 1 << 20);
    ck_assert(cty_to_msgpack(type, value, &bytes));
    return pb_bytes(buf_str(&bytes));
}

static Tfplugin6__DynamicValue *dynamic(struct tiny_world *world, ProtobufCBinaryData msgpack)
{
    Tfplugin6__DynamicValue *value = pb_new(world->arena, &tfplugin6__dynamic_value__descriptor);
    value->msgpack = msgpack;
    return value;
}

static const struct cty_value *decoded(struct tiny_world *world,
                                       const Tfplugin6__DynamicValue *value)
{
    const struct cty_value *object;
    struct cty_error error;
    ck_assert_ptr_nonnull(value);
    ck_assert(cty_from_msgpack(world->arena,
                               tf_offer_find(world->tf, TF_RESOURCE, S("tiny_thing"))->type,
                               pb_str(value->msgpack), CTY_WIRE, &object, &error));
    return object;
}

static struct str text_of(const struct cty_value *object, const char *name)
{
    const struct cty_value *value = cty_get(object, str_of(name));
    ck_assert_msg(value != NULL && cty_is_known(value), "%s is not known", name);
    return value->text;
}

#define type_name(request) ((request)->type_name = pb_bytes(S("tiny_thing")))

static const Tfplugin6__PlanResourceChange__Response *
plan(struct tiny_world *world, Tfplugin6__DynamicValue *prior, Tfplugin6__DynamicValue *proposed)
{
    Tfplugin6__PlanResourceChange__Request *request = NEW(world, plan_resource_change);
    type_name(request);
    request->prior_state = prior;
    request->proposed_new_state = proposed;
    request->config = proposed;
    return SEND(world, "PlanResourceChange", plan_resource_change, request);
}

static const Tfplugin6__ApplyResourceChange__Response *apply(struct tiny_world *world,
                                                             Tfplugin6__DynamicValue *prior,
                                                             Tfplugin6__DynamicValue *planned,
                                                             Tfplugin6__DynamicValue *config)
{
    Tfplugin6__ApplyResourceChange__Request *request = NEW(world, apply_resource_change);
    type_name(request);
    request->prior_state = prior;
    request->planned_state = planned;
    request->config = config;
    return SEND(world, "ApplyResourceChange", apply_resource_change, request);
}

START_TEST(a_thing_is_planned_and_made)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__DynamicValue *config = dynamic(&world, thing(&world, NULL, "one"));

    const Tfplugin6__PlanResourceChange__Response *planned = plan(&world, NULL, config);
    const Tfplugin6__ApplyResourceChange__Response *made =
        apply(&world, NULL, planned->planned_state, config);

    ck_assert_uint_eq(planned->n_diagnostics, 0);
    ck_assert(cty_is_unknown(cty_get(decoded(&world, planned->planned_state), S("id"))));
    ck_assert_uint_eq(made->n_diagnostics, 0);
    ck_assert_str(text_of(decoded(&world, made->new_state), "id"), S("t-1"));
    ck_assert_uint_gt(made->private_.len, 0);
    ck_assert(!made->legacy_type_system && !planned->legacy_type_system);
    tiny_end(&world);
}
END_TEST

START_TEST(a_failed_creation_is_saved_and_its_words_are_utf8)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__DynamicValue *config = dynamic(&world, thing(&world, NULL, "breaks"));

    const Tfplugin6__ApplyResourceChange__Response *made =
        apply(&world, NULL, plan(&world, NULL, config)->planned_state, config);

    ck_assert_uint_eq(made->n_diagnostics, 1);
    ck_assert_int_eq(made->diagnostics[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    ck_assert_str_eq(made->diagnostics[0]->summary, "It broke");
    ck_assert(str_is_utf8(str_of(made->diagnostics[0]->detail)));
    ck_assert_str(text_of(decoded(&world, made->new_state), "id"), S("t-1"));
    tiny_end(&world);
}
END_TEST

START_TEST(a_new_name_asks_for_replacement_at_its_path)
{
    struct tiny_world world = tiny_configured();

    const Tfplugin6__PlanResourceChange__Response *planned =
        plan(&world, dynamic(&world, thing(&world, "t-1", "one")),
             dynamic(&world, thing(&world, "t-1", "two")));

    ck_assert_uint_eq(planned->n_requires_replace, 1);
    ck_assert_uint_eq(planned->requires_replace[0]->n_steps, 1);
    ck_assert_str_eq(planned->requires_replace[0]->steps[0]->attribute_name, "name");
    tiny_end(&world);
}
END_TEST

START_TEST(a_destroy_is_planned_and_done_as_null)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__DynamicValue *prior = dynamic(&world, thing(&world, "t-1", "one"));
    Tfplugin6__DynamicValue *null = dynamic(&world, pb_bytes(S("\xc0")));

    const Tfplugin6__PlanResourceChange__Response *planned = plan(&world, prior, null);
    const Tfplugin6__ApplyResourceChange__Response *done =
        apply(&world, prior, planned->planned_state, null);

    ck_assert_uint_eq(planned->n_diagnostics + done->n_diagnostics, 0);
    ck_assert_str(pb_str(planned->planned_state->msgpack), S("\xc0"));
    ck_assert_str(pb_str(done->new_state->msgpack), S("\xc0"));
    tiny_end(&world);
}
END_TEST

START_TEST(what_can_not_be_read_goes_back_as_it_came)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__DynamicValue *broken = dynamic(&world, pb_bytes(S("\x81\xc1")));
    Tfplugin6__ReadResource__Request *request = NEW(&world, read_resource);
    type_name(request);
    request->current_state = broken;
    request->private_ = pb_bytes(S("kept"));

    const Tfplugin6__ReadResource__Response *read =
        SEND(&world, "ReadResource", read_resource, request);
    const Tfplugin6__ApplyResourceChange__Response *applied = apply(&world, broken, broken, broken);

    ck_assert_uint_eq(read->n_diagnostics, 1);
    ck_assert_str(pb_str(read->new_state->msgpack), S("\x81\xc1"));
    ck_assert_str(pb_str(read->private_), S("kept"));
    ck_assert_uint_eq(applied->n_diagnostics, 1);
    ck_assert_str(pb_str(applied->new_state->msgpack), S("\x81\xc1"));
    tiny_end(&world);
}
END_TEST

START_TEST(a_thing_that_is_gone_is_null)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__ReadResource__Request *request = NEW(&world, read_resource);
    type_name(request);
    request->current_state = dynamic(&world, thing(&world, "t-1", "gone"));

    const Tfplugin6__ReadResource__Response *read =
        SEND(&world, "ReadResource", read_resource, request);

    ck_assert_uint_eq(read->n_diagnostics, 0);
    ck_assert_str(pb_str(read->new_state->msgpack), S("\xc0"));
    tiny_end(&world);
}
END_TEST

START_TEST(an_import_names_its_type_and_is_never_null)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__ImportResourceState__Request *request = NEW(&world, import_resource_state);
    type_name(request);
    request->id = pb_bytes(S("t-9"));

    const Tfplugin6__ImportResourceState__Response *answer =
        SEND(&world, "ImportResourceState", import_resource_state, request);

    ck_assert_uint_eq(answer->n_diagnostics, 0);
    ck_assert_uint_eq(answer->n_imported_resources, 1);
    ck_assert_str_eq(answer->imported_resources[0]->type_name, "tiny_thing");
    ck_assert_str(text_of(decoded(&world, answer->imported_resources[0]->state), "id"), S("t-9"));
    tiny_end(&world);
}
END_TEST

START_TEST(stored_state_is_read_from_its_json)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__UpgradeResourceState__Request *request = NEW(&world, upgrade_resource_state);
    type_name(request);
    request->version = 2;
    request->raw_state = pb_new(world.arena, &tfplugin6__raw_state__descriptor);
    request->raw_state->json = pb_bytes(S("{\n  \"id\": \"t-1\", \"name\": \"one\"\n}"));

    const Tfplugin6__UpgradeResourceState__Response *answer =
        SEND(&world, "UpgradeResourceState", upgrade_resource_state, request);

    ck_assert_uint_eq(answer->n_diagnostics, 0);
    ck_assert_str(text_of(decoded(&world, answer->upgraded_state), "name"), S("one"));
    tiny_end(&world);
}
END_TEST

START_TEST(stored_state_of_an_older_version_is_brought_up)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__UpgradeResourceState__Request *request = NEW(&world, upgrade_resource_state);
    type_name(request);
    request->version = 1;
    request->raw_state = pb_new(world.arena, &tfplugin6__raw_state__descriptor);
    request->raw_state->json = pb_bytes(S("{\"id\": \"t-1\", \"name\": \"one\"}"));

    const Tfplugin6__UpgradeResourceState__Response *answer =
        SEND(&world, "UpgradeResourceState", upgrade_resource_state, request);

    const struct cty_value *size = cty_get(decoded(&world, answer->upgraded_state), S("size"));
    ck_assert_str(cty_number_text(world.arena, &size->number), S("1"));
    tiny_end(&world);
}
END_TEST

START_TEST(state_from_before_json_is_refused_in_words)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__UpgradeResourceState__Request *request = NEW(&world, upgrade_resource_state);
    type_name(request);

    const Tfplugin6__UpgradeResourceState__Response *answer =
        SEND(&world, "UpgradeResourceState", upgrade_resource_state, request);

    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert_ptr_null(answer->upgraded_state);
    tiny_end(&world);
}
END_TEST

START_TEST(a_value_may_come_as_json)
{
    struct tiny_world world = tiny_configured();
    Tfplugin6__ValidateResourceConfig__Request *request = NEW(&world, validate_resource_config);
    type_name(request);
    request->config = pb_new(world.arena, &tfplugin6__dynamic_value__descriptor);
    request->config->json = pb_bytes(S("{\"name\":\"one\",\"roof\":{\"port\":0},\"rule\":[]}"));

    const Tfplugin6__ValidateResourceConfig__Response *answer =
        SEND(&world, "ValidateResourceConfig", validate_resource_config, request);

    ck_assert_uint_eq(answer->n_diagnostics, 1);
    ck_assert_uint_eq(answer->diagnostics[0]->attribute->n_steps, 2);
    ck_assert_str_eq(answer->diagnostics[0]->attribute->steps[0]->attribute_name, "roof");
    ck_assert_str_eq(answer->diagnostics[0]->attribute->steps[1]->attribute_name, "port");
    tiny_end(&world);
}
END_TEST

START_TEST(an_unknown_type_is_told_by_every_method)
{
    static const char *const methods[] = {"ValidateResourceConfig", "UpgradeResourceState",
                                          "ReadResource",           "PlanResourceChange",
                                          "ApplyResourceChange",    "ImportResourceState"};
    struct tiny_world world = tiny_configured();

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct str answer;
        ck_assert_int_eq(tiny_send(&world, methods[i], S("\x0a\x03no\xff"), &answer), WIRE_OK);
        ck_assert_msg(str_has(answer, S("Unknown resource type")), "%s", methods[i]);
        ck_assert(str_has(answer, S("no\xef\xbf\xbd")));
    }
    tiny_end(&world);
}
END_TEST

TESTS("wire/resource", a_thing_is_planned_and_made,
      a_failed_creation_is_saved_and_its_words_are_utf8,
      a_new_name_asks_for_replacement_at_its_path, a_destroy_is_planned_and_done_as_null,
      what_can_not_be_read_goes_back_as_it_came, a_thing_that_is_gone_is_null,
      an_import_names_its_type_and_is_never_null, stored_state_is_read_from_its_json,
      stored_state_of_an_older_version_is_brought_up, state_from_before_json_is_refused_in_words,
      a_value_may_come_as_json, an_unknown_type_is_told_by_every_method)
