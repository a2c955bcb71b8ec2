/* A provider small enough to see through, for this room's tests. */
#ifndef HP_WIRE_TINY_H
#define HP_WIRE_TINY_H

#include "messages.h"
#include <hp/cty/codec.h>
#include <hp/wire/wire.h>

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

static const struct tf_resource tiny_thing = {
    .type = "tiny_thing",
    .doc = "A thing.",
    .version = 2,
    .attrs = tiny_attrs,
    .blocks = tiny_blocks,
    .timeouts = {.create = "10m"},
    .import_example = "t-1",
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
    .resources = tiny_resources,
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

#endif
