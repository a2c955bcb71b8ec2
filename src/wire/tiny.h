/* A provider small enough to see through, for this room's tests. */
#ifndef HP_WIRE_TINY_H
#define HP_WIRE_TINY_H

#include "messages.h"
#include <hp/cty/codec.h>
#include <hp/wire/wire.h>

#include <stdlib.h>

static bool tiny_create(struct tf_call *call)
{
    tf_created(call);
    tf_set_str(call, "id", S("t-1"));
    tf_private_set(call, "token", S("secret-less"));
    if (str_is(tf_str(call->planned, "name"), "breaks"))
        return diag_error(call->diags, NULL, "It broke", "Half way, at byte \xff.");
    return true;
}

static bool tiny_read(struct tf_call *call)
{
    if (str_is(tf_str(call->state, "name"), "gone"))
        tf_gone(call);
    return true;
}

static bool tiny_keep(struct tf_call *call)
{
    (void)call;
    return true;
}

static bool tiny_import(struct tf_call *call, struct str id)
{
    if (call->identity == NULL)
        tf_set_str(call, "id", id);
    tf_set_str(call, "name", S("imported"));
    return true;
}

static bool tiny_upgrade(struct tf_call *call, int64_t from, struct doc *state)
{
    doc_set(call->arena, state, S("size"), doc_int(call->arena, from));
    return true;
}

static const struct tf_attr tiny_leaf[] = {
    {"port", TF_INT, .flags = TF_OPTIONAL, .doc = "A port.", .ranged = true, .min = 1,
     .max = 65535},
    {0},
};

static const struct tf_attr tiny_attrs[] = {
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its name in the world."},
    {"name", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE, .doc = "What we call it."},
    {"size", TF_NUMBER, .flags = TF_OPTIONAL, .doc = "How large."},
    {"old", TF_STRING, .flags = TF_OPTIONAL, .doc = "Gone soon.", .deprecated = "Use name."},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "Hidden."},
    {"tags", TF_MAP, .of = TF_STRING, .flags = TF_OPTIONAL, .doc = "Words."},
    {"doors", TF_MAP, .attrs = tiny_leaf, .flags = TF_OPTIONAL, .doc = "Doors by name."},
    {"windows", TF_LIST, .attrs = tiny_leaf, .flags = TF_OPTIONAL, .doc = "Windows in order."},
    {"vents", TF_SET, .attrs = tiny_leaf, .flags = TF_OPTIONAL, .doc = "Vents in no order."},
    {"roof", TF_OBJECT, .attrs = tiny_leaf, .flags = TF_OPTIONAL, .doc = "One roof."},
    {0},
};

static const struct tf_block tiny_blocks[] = {
    {"rule", TF_BLOCK_LIST, tiny_leaf, .max_items = 3, .doc = "Rules."},
    {0},
};

static const struct tf_attr tiny_parts[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED, .doc = "Its name in the world."},
    {"zones", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .doc = "Where it is."},
    {0},
};

static const struct cty_value *tiny_zones(struct arena *arena, const struct cty_value *object,
                                          struct str name)
{
    const struct cty_value *const zones[] = {cty_str(arena, S("a"))};
    (void)object, (void)name;
    return cty_list(arena, &cty_string, zones, 1);
}

static bool tiny_rename(struct tf_call *call, int64_t from, struct doc *identity)
{
    (void)from;
    doc_set(call->arena, identity, S("id"), doc_get(identity, S("key")));
    return true;
}

static const struct tf_identity tiny_identity = {
    .version = 1, .attrs = tiny_parts, .member = tiny_zones, .upgrade = tiny_rename};

static bool tiny_move(struct tf_call *call, int64_t version, const struct doc *state)
{
    (void)version;
    tf_set_str(call, "id", doc_get_text(state, S("key")));
    return true;
}

static const struct tf_move tiny_moves[] = {{"big_thing", "acme/big", "All of it.", tiny_move},
                                            {0}};

static bool tiny_fill(struct tf_call *found, void *arg, struct str *ret_name)
{
    tf_set_str(found, "id", arena_fmt(found->arena, "t-%d", *(int *)arg));
    *ret_name = S("a \xff thing");
    return true;
}

static bool tiny_find(struct tf_listing *listing)
{
    int64_t count = tf_int(listing->call->config, "number", 2);
    for (int i = 1; i <= count; i++)
        if (!tf_list_found(listing, tiny_fill, &i))
            break;
    return count >= 0 ||
           diag_error(listing->call->diags, cty_path_of(listing->call->arena, "number"), "None",
                      "There are no less than none.");
}

static const struct tf_attr tiny_list_attrs[] = {
    {"number", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = -9, .max = 100000,
     .doc = "How many."},
    {0},
};
static const struct tf_list tiny_list = {
    .doc = "Things.", .attrs = tiny_list_attrs, .list = tiny_find};

static const struct tf_resource tiny_thing = {
    .type = "tiny_thing",
    .doc = "A thing.",
    .version = 2,
    .attrs = tiny_attrs,
    .blocks = tiny_blocks,
    .timeouts = {.create = "10m"},
    .import_example = "t-1",
    .identity = &tiny_identity,
    .moves = tiny_moves,
    .list = &tiny_list,
    .create = tiny_create,
    .read = tiny_read,
    .update = tiny_keep,
    .delete_ = tiny_keep,
    .import = tiny_import,
    .upgrade = tiny_upgrade,
};

static const struct tf_attr tiny_provider_attrs[] = {
    {"region", TF_STRING, .flags = TF_OPTIONAL, .doc = "Where."},
    {0},
};

static const struct tf_resource *const tiny_resources[] = {&tiny_thing, NULL};

/* ---- A data source, something ephemeral, a function ---- */

static bool tiny_look(struct tf_call *call)
{
    tf_set_str(call, "size", tf_str(call->meta, "module"));
    return !str_is(tf_str(call->config, "name"), "gone") ||
           diag_error(call->diags, cty_path_of(call->arena, "name"), "Not found", "It is gone.");
}
static const struct tf_attr tiny_look_attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED, .doc = "Its name.", .max_len = 8},
    {"size", TF_STRING, .flags = TF_COMPUTED, .doc = "How large."},
    {0},
};
static const struct tf_attr tiny_meta[] = {
    {"module", TF_STRING, .flags = TF_OPTIONAL, .doc = "Who asks."},
    {0},
};
static const struct tf_data_source tiny_lookup = {
    .type = "tiny_lookup", .doc = "Looks.", .attrs = tiny_look_attrs, .read = tiny_look};
static const struct tf_data_source *const tiny_sources[] = {&tiny_lookup, NULL};

static bool tiny_open(struct tf_call *call)
{
    tf_set_str(call, "size", S("open"));
    tf_private_set(call, "key", S("k-1"));
    tf_ephemeral_renew_at(call, 1700000000123);
    return true;
}
static bool tiny_renew(struct tf_call *call)
{
    tf_ephemeral_renew_at(call, 1800000000000);
    return str_is(tf_private_get(call, "key"), "k-1") ||
           diag_error(call->diags, NULL, "Lost", "The key is lost.");
}
static const struct tf_ephemeral tiny_lease = {.type = "tiny_lease",
                                               .doc = "A lease.",
                                               .attrs = tiny_look_attrs,
                                               .open = tiny_open,
                                               .renew = tiny_renew,
                                               .close = tiny_renew};
static const struct tf_ephemeral *const tiny_ephemerals[] = {&tiny_lease, NULL};

static bool tiny_repeat(struct tf_function_run *run)
{
    int64_t times = 0;
    struct buf out = buf_in(run->arena, 100);

    if (!cty_number_to_int64(&run->arguments[0]->number, &times))
        return tf_function_error(run, 0, "is not a whole number: \xff");
    for (; times > 0; times--)
        for (size_t i = 1; i < run->count; i++)
            buf_put(&out, cty_is_null(run->arguments[i]) ? S("-") : run->arguments[i]->text);
    run->result = cty_str(run->arena, buf_str(&out));
    return !out.overflow || tf_function_error(run, -1, "that is too much");
}
static const struct tf_param tiny_times[] = {{{"times", TF_NUMBER, .doc = "How often."}}, {{0}}};
static const struct tf_param tiny_words = {{"words", TF_STRING, .doc = "What."},
                                           .takes_null = true};
static const struct tf_function tiny_repeats = {.name = "repeat",
                                                .summary = "Says it again.",
                                                .doc = "Says it again and again.",
                                                .params = tiny_times,
                                                .variadic = &tiny_words,
                                                .result = {.kind = TF_STRING},
                                                .run = tiny_repeat};
static const struct tf_function *const tiny_functions[] = {&tiny_repeats, NULL};

static bool tiny_configure(struct tf_call *call, void **ret_provider)
{
    *ret_provider = NULL;
    return !tf_is_set(call->config, "region") ||
           !str_is(tf_str(call->config, "region"), "nowhere") ||
           diag_error(call->diags, cty_path_of(call->arena, "region"), "No such region",
                      "There is nothing at nowhere.");
}

static const struct tf_provider tiny = {
    .name = "tiny",
    .doc = "For tests.",
    .attrs = tiny_provider_attrs,
    .meta = tiny_meta,
    .resources = tiny_resources,
    .data_sources = tiny_sources,
    .ephemerals = tiny_ephemerals,
    .functions = tiny_functions,
    .configure = tiny_configure,
};

/* One server and the arena of one call; answers are unpacked into it. */
struct tiny_world {
    struct arena *arena;
    struct tf_server *tf;
    struct wire_server *wire;
};

static inline struct tiny_world tiny_begin(void)
{
    struct tiny_world world = {.arena = arena_new((size_t)1 << 30),
                               .tf = tf_server_new(&tiny, world_of_process())};
    world.wire = wire_server_new(world.tf);
    return world;
}

static inline void tiny_end(struct tiny_world *world)
{
    wire_server_free(world->wire);
    tf_server_free(world->tf);
    arena_free(world->arena);
}

static inline enum wire_status tiny_send(struct tiny_world *world, const char *method,
                                         struct str request, struct str *ret_answer)
{
    struct str path = arena_fmt(world->arena, "/tfplugin6.Provider/%s", method), message;
    return wire_call(world->wire, wire_method_find(path), request, NULL, world->arena, ret_answer,
                     &message);
}

/* Sends a request message and unpacks the answer. */
static inline const void *tiny_exchange(struct tiny_world *world, const char *method,
                                        const void *request,
                                        const ProtobufCMessageDescriptor *answer)
{
    struct str bytes, reply;
    const void *message = NULL;
    if (pb_pack(world->arena, request, &bytes) &&
        tiny_send(world, method, bytes, &reply) == WIRE_OK)
        message = pb_unpack(world->arena, answer, reply);
    if (message == NULL)
        abort();
    return message;
}
#define NEW(world, message) pb_new((world)->arena, &tfplugin6__##message##__request__descriptor)
#define SEND(world, method, message, request)                                                      \
    tiny_exchange(world, method, request, &tfplugin6__##message##__response__descriptor)

/* An object of that type as msgpack, out of JSON text; members that are not in it are null. */
static inline Tfplugin6__DynamicValue *tiny_value(struct tiny_world *world,
                                                  const struct cty_type *type, const char *json)
{
    Tfplugin6__DynamicValue *value = pb_new(world->arena, &tfplugin6__dynamic_value__descriptor);
    struct buf bytes = buf_in(world->arena, 1 << 20);
    const struct cty_value *object;
    struct cty_error error;
    if (!cty_from_json(world->arena, type, str_of(json), CTY_WIRE, &object, &error) ||
        !cty_to_msgpack(type, object, &bytes))
        abort();
    value->msgpack = pb_bytes(buf_str(&bytes));
    return value;
}
/* The other way: as compact JSON; nothing at all is "nothing". */
static inline struct str tiny_shown(struct tiny_world *world, const struct cty_type *type,
                                    const Tfplugin6__DynamicValue *value)
{
    struct buf json = buf_in(world->arena, 1 << 20);
    const struct cty_value *object;
    struct cty_error error;
    if (value == NULL)
        return S("nothing");
    if (!cty_from_msgpack(world->arena, type, pb_str(value->msgpack), CTY_WIRE, &object, &error) ||
        !cty_to_json(type, object, &json))
        abort();
    return buf_str(&json);
}

static inline const struct tf_offer *tiny_offer(struct tiny_world *world, enum tf_offer_kind kind)
{
    return tf_offer_at(world->tf, kind, 0);
}

static inline struct tiny_world tiny_configured(void)
{
    struct tiny_world world = tiny_begin();
    struct str answer;
    if (tiny_send(&world, "ConfigureProvider", S(""), &answer) != WIRE_OK || answer.len > 0)
        abort();
    return world;
}

#endif
