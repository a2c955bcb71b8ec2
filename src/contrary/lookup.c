/* contrary_lookup: a data source that finds a thing by its id, or breaks the rule it is told to
 * break. */
#include "objects.h"

static const char *const rules[] = {
    "nothing",   "changes_config", "fills_optional", "leaves_unknown", "wrong_type",
    "no_object", "nonsense",       "fails",          "mute",           NULL};

static const struct tf_attr lookup_attrs[] = {
    {"thing_id", TF_STRING, .flags = TF_REQUIRED, .doc = "Id of the thing."},
    {"name", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"mode", TF_STRING, .flags = TF_OC, .fallback = "auto", .doc = "A word."},
    {"break", TF_STRING, .flags = TF_OPTIONAL, .oneof = rules, .doc = "The rule to be broken."},
    {"id", TF_STRING, .flags = TF_COMPUTED, .doc = "Its id."},
    {"found", TF_BOOL, .flags = TF_COMPUTED, .doc = "Whether there is such a thing."},
    {"module", TF_STRING, .flags = TF_COMPUTED, .doc = "What the module says of itself."},
    {0}};

static void break_rule(struct tf_call *call, struct str rule)
{
    if (str_is(rule, "changes_config"))
        tf_set_str(call, "thing_id", S("another"));
    if (str_is(rule, "fills_optional"))
        tf_set_str(call, "name", S("made up"));
    if (str_is(rule, "leaves_unknown"))
        tf_set(call, "id", cty_unknown(call->arena, &cty_string));
    if (str_is(rule, "wrong_type"))
        tf_set_bool(call, "id", true);
    if (str_is(rule, "no_object"))
        call->state = NULL;
    if (str_is(rule, "nonsense"))
        call->state = cty_str(call->arena, S("nonsense"));
}

static bool lookup_read(struct tf_call *call)
{
    struct str id = tf_str(call->config, "thing_id"), rule = tf_str(call->config, "break");

    if (!object_visit(call))
        return false;
    tf_set_str(call, "id", id);
    tf_set_bool(call, "found", store_get(object_store(call), call->arena, id).ptr != NULL);
    tf_set_str(call, "module", tf_str(call->meta, "module"));
    break_rule(call, rule);
    if (str_is(rule, "fails"))
        return diag_error(call->diags, cty_path_of(call->arena, "thing_id"), "Refused",
                          "There is no such thing.");
    return !str_is(rule, "mute");
}

const struct tf_data_source contrary_lookup = {.type = "contrary_lookup",
                                               .doc = "Looks for a thing.",
                                               .attrs = lookup_attrs,
                                               .timeouts = {.read = "1m"},
                                               .read = lookup_read};
