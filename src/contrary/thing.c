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
    {"deep", TF_OBJECT, .attrs = deep_attrs, .flags = TF_OPTIONAL, .doc = "One level more."},
    {0}};
static const struct tf_attr element_attrs[] = {
    {"a", TF_STRING, .flags = TF_REQUIRED, .doc = "Any text."},
    {"b", TF_INT, .flags = TF_OPTIONAL, .doc = "A whole number."},
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
    {"list", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words in order."},
    {"numbers", TF_LIST, TF_NUMBER, .flags = TF_OPTIONAL, .doc = "Numbers in order."},
    {"set", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words."},
    {"map", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words by name."},
    {"single", TF_OBJECT, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "One object."},
    {"items", TF_LIST, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "Objects in order."},
    {"members", TF_MAP, .attrs = member_attrs, .flags = TF_OPTIONAL, .doc = "Objects by name."},
    {"choices", TF_SET, .attrs = element_attrs, .flags = TF_OPTIONAL, .doc = "Objects."},
    {"details", TF_MAP, .attrs = deep_attrs, .flags = TF_COMPUTED,
     .doc = "What the provider says."},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
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
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its id."},
    {"revision", TF_INT, .flags = TF_COMPUTED, .doc = "Grows with every change."},
    {0}};
static const struct tf_block thing_blocks[] = {
    {"one", TF_BLOCK_SINGLE, member_attrs, .doc = "At most one block."},
    {"grouped", TF_BLOCK_GROUP, deep_attrs, .doc = "A block that is always there."},
    {"listed", TF_BLOCK_LIST, member_attrs, .max_items = 8, .doc = "Blocks in order."},
    {"chosen", TF_BLOCK_SET, element_attrs, .doc = "Blocks without order."},
    {"named", TF_BLOCK_MAP, member_attrs, .doc = "Blocks by label."},
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

static bool thing_create(struct tf_call *call)
{
    tf_set_str(call, "id", object_new_id(call, "thing"));
    tf_set_int(call, "revision", 1);
    if (cty_is_unknown(tf_value(call->state, "zone")))
        tf_set_str(call, "zone", S("zone-a"));
    set_key_length(call);
    set_details(call);
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
    const struct cty_value *stored = object_load(call, tf_str(call->state, "id"));

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
    tf_set_int(call, "revision", tf_int(call->prior, "revision", 0) + 1);
    set_key_length(call);
    set_details(call);
    object_complete(call);
    return object_save(call) && take_time(call);
}

static bool thing_delete(struct tf_call *call)
{
    if (!take_time(call))
        return false;
    store_remove(call->provider, tf_str(call->prior, "id"));
    return true;
}

static bool thing_import(struct tf_call *call, struct str id)
{
    if (!str_starts(id, S("thing-")))
        return diag_error(call->diags, NULL, "Invalid import id",
                          "\"%.*s\" is not the id of a thing, as in \"thing-1a2b3c4d\".", STR(id));
    tf_set_str(call, "id", id);
    return true;
}

/* Version 0 called the name a title. */
static bool thing_upgrade(struct tf_call *call, int64_t from, struct doc *state)
{
    (void)from;
    doc_set(call->arena, state, S("name"), doc_get(state, S("title")));
    doc_set(call->arena, state, S("title"), NULL);
    return true;
}

const struct tf_resource contrary_thing = {
    .type = "contrary_thing",
    .doc = "An object with every kind of attribute that behaves well.",
    .version = 1,
    .attrs = thing_attrs,
    .blocks = thing_blocks,
    .timeouts = {"10m", "1m", "10m", "10m"},
    .import_example = "thing-1a2b3c4d",
    .create = thing_create,
    .read = thing_read,
    .update = thing_update,
    .delete_ = thing_delete,
    .import = thing_import,
    .upgrade = thing_upgrade};
