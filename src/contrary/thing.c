/* contrary_thing: every kind of attribute and every nesting, well behaved. */
#include "objects.h"

static const char *const modes[] = {"auto", "manual", "off", NULL};

static bool same_but_for_case(const struct cty_value *a, const struct cty_value *b)
{
    return str_eq_nocase(a->text, b->text);
}

static const struct tf_attr deep_attrs[] = {
    {"word", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"made", TF_STRING, .flags = TF_COMPUTED, .doc = "Made by the provider."},
    {0}};
static const struct tf_attr layout_attrs[] = {
    {"word", TF_STRING, .flags = TF_OC, .doc = "Chosen by the provider where it is not given."},
    {"note", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"made", TF_STRING, .flags = TF_COMPUTED, .doc = "Made by the provider."},
    {0}};
static const struct tf_attr member_attrs[] = {
    {"x", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"y", TF_INT, .flags = TF_OC, .fallback = "7", .ranged = true, .min = 0, .max = 1000,
     .doc = "A whole number."},
    {"z", TF_STRING, .flags = TF_COMPUTED, .doc = "Made at every change."},
    {"kept", TF_STRING, .flags = TF_OC | TF_STABLE, .doc = "Made once."},
    {"mode", TF_STRING, .flags = TF_OPTIONAL, .oneof = modes, .doc = "A word."},
    {"fixed", TF_STRING, .flags = TF_OPTIONAL | TF_REPLACE, .doc = "Can't be changed."},
    {"hidden", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
    {"local", TF_STRING, .flags = TF_OC | TF_LOCAL, .fallback = "here", .doc = "Never sent."},
    {"hush", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY, .doc = "A secret, not stored."},
    {"deep", TF_OBJECT, .attrs = deep_attrs, .flags = TF_OPTIONAL, .doc = "One level more."},
    {0}};
static const struct tf_attr element_attrs[] = {
    {"a", TF_STRING, .flags = TF_REQUIRED, .doc = "Any text."},
    {"b", TF_INT, .flags = TF_OPTIONAL, .doc = "A whole number."},
    {"fixed", TF_STRING, .flags = TF_OPTIONAL | TF_REPLACE, .doc = "Can't be changed."},
    {0}};
static const struct tf_attr thing_attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE, .pattern = "[a-z][a-z0-9-]*",
     .pattern_text = "small letters, digits and hyphens, beginning with a letter", .max_len = 63,
     .doc = "Its name."},
    {"text", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"loose", TF_STRING, .flags = TF_OPTIONAL, .same = same_but_for_case,
     .doc = "Text in which case means nothing."},
    {"number", TF_NUMBER, .flags = TF_OPTIONAL, .doc = "Any number."},
    {"whole", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .min = -5, .max = 100,
     .doc = "A whole number."},
    {"flag", TF_BOOL, .flags = TF_OC, .fallback = "false", .doc = "Yes or no."},
    {"any", TF_DYNAMIC, .flags = TF_OPTIONAL, .doc = "Anything."},
    {"mode", TF_STRING, .flags = TF_OC, .fallback = "auto", .oneof = modes, .doc = "A word."},
    {"zone", TF_STRING, .flags = TF_OC | TF_STABLE, .doc = "Chosen by the provider."},
    {"spot", TF_STRING, .flags = TF_OC | TF_REPLACE, .doc = "Found anew at every change."},
    {"list", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words in order."},
    {"numbers", TF_LIST, TF_NUMBER, .flags = TF_OPTIONAL, .doc = "Numbers in order."},
    {"set", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .max_len = 4, .doc = "Words."},
    {"map", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words by name."},
    {"single", TF_OBJECT, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "One object."},
    {"items", TF_LIST, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "Objects in order."},
    {"members", TF_MAP, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "Objects by name."},
    {"choices", TF_SET, .attrs = element_attrs, .flags = TF_OPTIONAL, .doc = "Objects."},
    {"details", TF_MAP, .attrs = deep_attrs, .flags = TF_COMPUTED,
     .doc = "What the provider says."},
    {"layout", TF_OBJECT, .attrs = layout_attrs, .flags = TF_OC,
     .doc = "Chosen by the provider where it is not given."},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
    {"pin", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .pattern = "[0-9]{4}",
     .pattern_text = "four digits", .doc = "A secret that is looked at."},
    {"key", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY, .requires = "key_version",
     .doc = "A secret that is used and not stored."},
    {"key_version", TF_INT, .flags = TF_OPTIONAL, .doc = "A change sends `key` again."},
    {"key_length", TF_INT, .flags = TF_COMPUTED, .doc = "How long the last key was."},
    {"either", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "other", .doc = "Not with `other`."},
    {"other", TF_STRING, .flags = TF_OPTIONAL, .conflicts = "either", .doc = "Not with `either`."},
    {"old", TF_STRING, .flags = TF_OPTIONAL, .deprecated = "Use text.", .doc = "Was `text` once."},
    {"note", TF_STRING, .flags = TF_OPTIONAL | TF_LOCAL, .doc = "Never sent."},
    {"delay_ms", TF_INT, .flags = TF_OC | TF_LOCAL, .fallback = "0", .ranged = true, .max = 600000,
     .doc = "How long create, update and delete take."},
    {"module", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "What the module that made it says of itself."},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its id."},
    {"revision", TF_INT, .flags = TF_COMPUTED, .doc = "Grows with every change."},
    {0}};
static const struct tf_block branch_blocks[] = {
    {"leaf", TF_BLOCK_SET, element_attrs, .doc = "Blocks without order."}, {0}};
static const struct tf_block tree_blocks[] = {
    {"trunk", TF_BLOCK_SINGLE, member_attrs, .doc = "At most one block."},
    {"soil", TF_BLOCK_GROUP, deep_attrs, .doc = "A block that is always there."},
    {"branch", TF_BLOCK_LIST, deep_attrs, branch_blocks, .doc = "Blocks in order."},
    {"root", TF_BLOCK_MAP, deep_attrs, .doc = "Blocks by label."},
    {0}};
static const struct tf_block thing_blocks[] = {
    {"one", TF_BLOCK_SINGLE, member_attrs, .doc = "At most one block."},
    {"grouped", TF_BLOCK_GROUP, deep_attrs, .doc = "A block that is always there."},
    {"listed", TF_BLOCK_LIST, member_attrs, .max_items = 8, .doc = "Blocks in order."},
    {"chosen", TF_BLOCK_SET, element_attrs, .doc = "Blocks without order."},
    {"named", TF_BLOCK_MAP, member_attrs, .doc = "Blocks by label."},
    {"tree", TF_BLOCK_LIST, deep_attrs, tree_blocks, .doc = "Blocks in blocks."},
    {"must", TF_BLOCK_SINGLE, element_attrs, .doc = "A block that needs something."},
    {"marked", TF_BLOCK_SINGLE, .doc = "A block that says all by being there."},
    {"former", TF_BLOCK_LIST, element_attrs, .deprecated = "Use listed.",
     .doc = "Was `listed` once."},
    {0}};

/* True: the time has passed. */
static bool take_time(struct tf_call *call)
{
    int64_t delay = tf_int(call->state, "delay_ms", 0);

    if (call->timeout_ms > 0 && delay > call->timeout_ms) {
        world_wait_ms(call->world, call->stop, call->timeout_ms);
        return diag_error(call->diags, NULL, "Timed out", "It was not done after %.*s.",
                          STR(duration_text(call->arena, call->timeout_ms)));
    }
    if (delay > 0 && world_wait_ms(call->world, call->stop, delay))
        diag_warning(call->diags, NULL, "Interrupted", "It was not waited for.");
    return true;
}

static void set_key_length(struct tf_call *call)
{
    tf_set_int(call, "key_length", (int64_t)tf_str(call->config, "key").len);
}

static void set_details(struct tf_call *call)
{
    const struct cty_value *details = tf_value(call->state, "details");
    const struct cty_type *element = details->type->element;
    const struct cty_value *const members[] = {cty_str(call->arena, S("made")),
                                               cty_str(call->arena, S("by contrary"))};
    const struct str key = S("about");
    const struct cty_value *about = cty_object(call->arena, element, members);

    if (cty_is_unknown(details))
        tf_set(call, "details", cty_map(call->arena, element, &key, &about, 1));
}

/* What is known of a zone before it is chosen. */
static bool thing_plan(struct tf_plan *plan)
{
    const struct cty_refinement refined = {.not_null = true, .prefix = S("zone-")};

    if (!plan->destroy && cty_is_unknown(tf_value(plan->planned, "zone")) &&
        cty_is_null(tf_value(plan->config, "zone")))
        tf_plan_set(plan, "zone", cty_refine(plan->call->arena, &cty_string, &refined));
    return true;
}

static void set_layout(struct tf_call *call)
{
    const struct cty_value *layout = tf_value(call->state, "layout");
    const struct cty_value *const members[] = {cty_str(call->arena, S("made")),
                                               cty_null(call->arena, &cty_string),
                                               cty_str(call->arena, S("chosen"))};

    if (cty_is_unknown(layout))
        tf_set(call, "layout", cty_object(call->arena, layout->type, members));
}

static bool thing_create(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    tf_set_str(call, "id", object_new_id(call, "thing"));
    tf_set_int(call, "revision", 1);
    if (cty_is_unknown(tf_value(call->state, "zone")))
        tf_set_str(call, "zone", S("zone-a"));
    tf_set_str(call, "module", tf_str(call->meta, "module"));
    set_key_length(call);
    set_details(call);
    set_layout(call);
    object_complete(call);
    if (!object_save(call))
        return false;
    tf_created(call);
    tf_private_set(call, "made-by", S("create"));
    return take_time(call);
}

static bool thing_read(struct tf_call *call)
{
    static const char *const local[] = {"note", "delay_ms", "timeouts"};
    const struct cty_value *stored = NULL;

    if (object_visit(call))
        stored = object_load(call, tf_str(call->state, "id"));
    if (stored == NULL && call->diags->errors > 0)
        return false;
    if (stored == NULL) {
        tf_gone(call);
        return true;
    }
    call->state = stored;
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
        tf_set(call, local[i], tf_value(call->prior, local[i]));
    return true;
}

static bool thing_update(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    tf_set_int(call, "revision", tf_int(call->prior, "revision", 0) + 1);
    set_key_length(call);
    set_details(call);
    set_layout(call);
    object_complete(call);
    return object_save(call) && take_time(call);
}

static bool thing_delete(struct tf_call *call)
{
    if (!object_visit(call) || !take_time(call))
        return false;
    store_remove(object_store(call), tf_str(call->prior, "id"));
    return true;
}

static bool thing_import(struct tf_call *call, struct str id)
{
    if (call->identity != NULL)
        id = tf_str(call->identity, "id");
    if (!str_starts(id, S("thing-")))
        return diag_error(call->diags, NULL, "Invalid import id",
                          "\"%.*s\" is not the id of a thing, as in \"thing-1a2b3c4d\".", STR(id));
    tf_set_str(call, "id", id);
    return object_visit(call);
}

/* ---- Identity, moves, list ---- */

static const struct tf_attr identity_attrs[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED, .doc = "Its id."},
    {"name", TF_STRING, .flags = TF_OPTIONAL, .doc = "Its name."},
    {"letters", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .doc = "The letters of its id."},
    {0}};

static const struct cty_value *letters_of(struct arena *arena, const struct cty_value *object,
                                          struct str name)
{
    const struct cty_value *id = tf_value(object, "id");
    (void)name;

    if (!cty_is_known(id))
        return cty_is_unknown(id) ? cty_unknown(arena, cty_list_of(arena, &cty_string)) : NULL;
    const struct cty_value **items = arena_array(arena, const struct cty_value *, id->text.len);
    for (size_t i = 0; i < id->text.len; i++)
        items[i] = cty_str(arena, str_sub(id->text, i, 1));
    return cty_list(arena, &cty_string, items, id->text.len);
}

/* Version 0 called the id a key. */
static bool identity_upgrade(struct tf_call *call, int64_t from, struct doc *identity)
{
    (void)from;
    doc_set(call->arena, identity, S("id"), doc_get(identity, S("key")));
    return true;
}

static const struct tf_identity thing_identity = {
    .version = 1, .attrs = identity_attrs, .member = letters_of, .upgrade = identity_upgrade};

static bool move_plain(struct tf_call *call, int64_t version, const struct doc *state)
{
    (void)version;
    tf_set_str(call, "id", doc_get_text(state, S("id")));
    tf_set_str(call, "name", S("alpha"));
    tf_set_str(call, "text", doc_get_text(state, S("text")));
    return true;
}

static const struct tf_move thing_moves[] = {
    {"contrary_plain", "hyperpod/contrary", "Its text.", move_plain}, {0}};

static const struct tf_attr list_attrs[] = {
    {"prefix", TF_STRING, .flags = TF_OPTIONAL, .doc = "What the name begins with."},
    {"warns", TF_BOOL, .flags = TF_OPTIONAL, .doc = "Whether each thing is warned of."},
    {"fails_at", TF_INT, .flags = TF_OPTIONAL, .doc = "Which thing can't be read, from 0."},
    {0}};

struct listed {
    struct str id;
    size_t index;
};

static bool list_fill(struct tf_call *found, void *arg, struct str *ret_name)
{
    const struct listed *listed = arg;
    const struct cty_value *stored = object_load(found, listed->id);

    if (tf_int(found->config, "fails_at", -1) == (int64_t)listed->index)
        return diag_error(found->diags, cty_path_of(found->arena, "fails_at"), "Refused",
                          "It can't be read.");
    if (stored == NULL)
        return false;
    if (!str_starts(tf_str(stored, "name"), tf_str(found->config, "prefix")))
        return false;
    if (tf_bool(found->config, "warns", false))
        diag_warning(found->diags, NULL, "Odd", "It looks odd.");
    found->state = stored;
    *ret_name = tf_str(stored, "name");
    return true;
}

static bool thing_list(struct tf_listing *listing)
{
    enum { most = 10000 };
    struct arena *arena = listing->call->arena;
    struct str *ids = arena_array(arena, struct str, most);
    size_t count = store_list(object_store(listing->call), arena, S("thing-"), ids, most);

    for (size_t i = 0; i < count; i++) {
        struct listed listed = {ids[i], i};
        if (!object_visit(listing->call))
            return false;
        if (!tf_list_found(listing, list_fill, &listed))
            break;
    }
    return true;
}

static const struct tf_list thing_listed = {
    .doc = "Finds things.", .attrs = list_attrs, .list = thing_list};

/* Version 0 called the name a title, version 1 a label. */
static bool thing_upgrade(struct tf_call *call, int64_t from, struct doc *state)
{
    struct str before = from == 0 ? S("title") : S("label"),
               after = from == 0 ? S("label") : S("name");

    doc_set(call->arena, state, after, doc_get(state, before));
    doc_set(call->arena, state, before, NULL);
    return true;
}

const struct tf_resource contrary_thing = {
    .type = "contrary_thing",
    .doc = "An object with every kind of attribute that behaves well.",
    .version = 2,
    .attrs = thing_attrs,
    .blocks = thing_blocks,
    .timeouts = {"10m", "1m", "10m", "10m"},
    .import_example = "thing-1a2b3c4d",
    .identity = &thing_identity,
    .moves = thing_moves,
    .list = &thing_listed,
    .plan = thing_plan,
    .create = thing_create,
    .read = thing_read,
    .update = thing_update,
    .delete_ = thing_delete,
    .import = thing_import,
    .upgrade = thing_upgrade};
