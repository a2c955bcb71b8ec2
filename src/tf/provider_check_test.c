#include "fixture.h"

static bool verb(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool list(struct tf_listing *listing)
{
    (void)listing;
    return true;
}
static bool run(struct tf_function_run *call)
{
    (void)call;
    return true;
}
static bool move(struct tf_call *call, int64_t version, const struct doc *state)
{
    (void)call, (void)version, (void)state;
    return true;
}
static const struct tf_attr attrs[] = {{"id", TF_STRING, .flags = TF_COMPUTED}, {0}};
static const struct tf_attr bad_attrs[] = {{"id", TF_STRING}, {0}};
static const struct tf_attr parts[] = {{"id", TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_attr map_part[] = {{"id", TF_MAP, TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_attr computed_part[] = {{"id", TF_STRING, .flags = TF_COMPUTED}, {0}};
static const struct tf_attr optional_part[] = {{"id", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr strange_part[] = {{"arn", TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_attr part_twice[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED}, {"id", TF_STRING, .flags = TF_OPTIONAL}, {0}};
static const struct tf_attr odd_part[] = {{"Id!", TF_STRING, .flags = TF_REQUIRED}, {0}};
static const struct tf_attr number_part[] = {{"id", TF_INT, .flags = TF_REQUIRED}, {0}};
static const struct tf_param bad_inside[] = {{{"a", TF_OBJECT, .attrs = bad_attrs}}, {{0}}};
static const struct tf_param twice[] = {{{"a", TF_STRING}}, {{"a", TF_STRING}}, {{0}}};
static const struct tf_param typeless[] = {{{"a", TF_LIST}}, {{0}}};
static const struct tf_param one[] = {{{"a", TF_STRING}}, {{0}}};

#define VERBS .create = verb, .read = verb, .update = verb, .delete_ = verb
#define THING .type = "lab_thing", .attrs = attrs, VERBS
#define IDENTITY(rows)                                                                             \
    &(const struct tf_identity)                                                                    \
    {                                                                                              \
        .attrs = rows                                                                              \
    }

/* A provider of one such thing; "" is sound. */
static const struct {
    const char *told;
    struct tf_resource resource;
    struct tf_data_source source;
    struct tf_ephemeral ephemeral;
    struct tf_function function;
} cases[] = {
    {"", .resource = {THING, .identity = IDENTITY(parts)}},
    {"does not begin with the provider's name",
     .resource = {.type = "other_thing", .attrs = attrs, VERBS}},
    {"primitives and lists of them", .resource = {THING, .identity = IDENTITY(map_part)}},
    {"needed for an import, or it is not",
     .resource = {THING, .identity = IDENTITY(computed_part)}},
    {"its identity needs nothing", .resource = {THING, .identity = IDENTITY(optional_part)}},
    {"nothing says a member of its identity",
     .resource = {THING, .identity = IDENTITY(strange_part)}},
    {"members of an identity need names of their own",
     .resource = {THING, .identity = IDENTITY(part_twice)}},
    {"members of an identity need names of their own",
     .resource = {THING, .identity = IDENTITY(odd_part)}},
    {"of another type than its attribute", .resource = {THING, .identity = IDENTITY(number_part)}},
    {"older versions and no upgrade",
     .resource = {THING, .identity = &(const struct tf_identity){.version = 1, .attrs = parts}}},
    {"", .resource = {THING, .identity = IDENTITY(parts),
                      .list = &(const struct tf_list){.list = list}}},
    {"can't be listed without an identity",
     .resource = {THING, .list = &(const struct tf_list){.list = list}}},
    {"has no verb for it", .resource = {THING, .identity = IDENTITY(parts),
                                        .list = &(const struct tf_list){.attrs = attrs}}},
    {"computes nothing",
     .resource = {THING, .identity = IDENTITY(parts),
                  .list = &(const struct tf_list){.attrs = attrs, .list = list}}},
    {"must set Optional, Required or Computed",
     .resource = {THING, .identity = IDENTITY(parts),
                  .list = &(const struct tf_list){.attrs = bad_attrs, .list = list}}},
    {"",
     .resource = {THING, .moves = (const struct tf_move[]){{"a_b", "acme/a", "All.", move}, {0}}}},
    {"a move needs a provider, a doc and a verb",
     .resource = {THING, .moves = (const struct tf_move[]){{"a_b", "acme", "All.", move}, {0}}}},
    {"", .source = {.type = "lab_look", .attrs = attrs, .timeouts = {.read = "1m"}, .read = verb}},
    {"a data source needs a read", .source = {.type = "lab_look", .attrs = attrs}},
    {"a data source is only read",
     .source = {.type = "lab_look", .attrs = attrs, .timeouts = {.create = "1m"}, .read = verb}},
    {"", .ephemeral = {.type = "lab_lease", .attrs = attrs, .open = verb}},
    {"needs an open", .ephemeral = {.type = "lab_lease", .attrs = attrs}},
    {"", .function = {.name = "join", .params = one, .result = {.kind = TF_STRING}, .run = run}},
    {"small letters, digits and _",
     .function = {.name = "Join", .result = {.kind = TF_STRING}, .run = run}},
    {"needs a result and a verb", .function = {.name = "join", .run = run}},
    {"names of their own",
     .function = {.name = "join", .params = twice, .result = {.kind = TF_STRING}, .run = run}},
    {"names of their own", .function = {.name = "join",
                                        .params = one,
                                        .variadic = one,
                                        .result = {.kind = TF_STRING},
                                        .run = run}},
    {"a parameter has no type",
     .function = {.name = "join", .params = typeless, .result = {.kind = TF_STRING}, .run = run}},
    {"must set Optional, Required or Computed",
     .function = {.name = "join", .params = bad_inside, .result = {.kind = TF_STRING}, .run = run}},
    {"must set Optional, Required or Computed",
     .function = {.name = "join", .result = {.kind = TF_OBJECT, .attrs = bad_attrs}, .run = run}},
};

START_TEST(a_provider_is_sound_as_a_whole)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
        const struct tf_resource *resources[] = {&cases[i].resource, NULL};
        const struct tf_data_source *sources[] = {&cases[i].source, NULL};
        const struct tf_ephemeral *ephemerals[] = {&cases[i].ephemeral, NULL};
        const struct tf_function *functions[] = {&cases[i].function, NULL};
        struct tf_provider provider = {
            .name = "lab",
            .resources = cases[i].resource.type == NULL ? NULL : resources,
            .data_sources = cases[i].source.type == NULL ? NULL : sources,
            .ephemerals = cases[i].ephemeral.type == NULL ? NULL : ephemerals,
            .functions = cases[i].function.name == NULL ? NULL : functions};
        struct bench bench = {.arena = arena, .rpc.diags = diags_in(arena)};
        bool sound = tf_provider_check(arena, &provider, true, &bench.rpc.diags);
        ck_assert_msg(sound == (cases[i].told[0] == 0), "case %zu: %.*s", i, STR(told(&bench)));
        if (!sound)
            ck_assert_told(&bench, cases[i].told);
    }
}
END_TEST

START_TEST(what_has_no_name_is_told)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    static const struct tf_data_source source = {.attrs = attrs, .read = verb};
    static const struct tf_ephemeral ephemeral = {.attrs = attrs, .open = verb};
    const struct tf_data_source *const sources[] = {&source, NULL};
    const struct tf_ephemeral *const ephemerals[] = {&ephemeral, NULL};
    const struct tf_provider providers[] = {{.name = "lab", .data_sources = sources},
                                            {.name = "lab", .ephemerals = ephemerals}};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench = {.arena = arena, .rpc.diags = diags_in(arena)};
        ck_assert(!tf_provider_check(arena, &providers[i], false, &bench.rpc.diags));
        ck_assert_told(&bench, "something without a name: has no type");
    }
}
END_TEST

START_TEST(nothing_is_offered_twice)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    static const struct tf_resource thing = {THING};
    const struct tf_resource *const resources[] = {&thing, &thing, NULL};
    struct tf_provider provider = {.name = "lab", .resources = resources};
    struct bench bench = {.arena = arena, .rpc.diags = diags_in(arena)};
    ck_assert(!tf_provider_check(arena, &provider, true, &bench.rpc.diags));
    ck_assert_told(&bench, "lab_thing: is offered twice");
}
END_TEST

TESTS("tf/provider_check", a_provider_is_sound_as_a_whole, what_has_no_name_is_told,
      nothing_is_offered_twice)
