/* contrary_breaker: does what its argument `break` names, so that a test can see that no broken
 * rule reaches Terraform and no object is lost. */
#include "objects.h"

static const char *const rules[] = {"nothing",
                                    "plan_changes_config",
                                    "plan_fills_optional",
                                    "plan_nulls_config",
                                    "plan_unknown_config",
                                    "plan_wrong_type",
                                    "plan_write_only",
                                    "plan_changes_secret",
                                    "plan_no_such_path",
                                    "plan_null_block",
                                    "plan_extra_block",
                                    "plan_nonsense",
                                    "plan_no_object",
                                    "plan_mute",
                                    "destroy_plan_value",
                                    "apply_changes_known",
                                    "apply_fills_null",
                                    "apply_drops_known",
                                    "apply_leaves_unknown",
                                    "apply_wrong_type",
                                    "apply_no_object",
                                    "apply_nonsense",
                                    "apply_write_only",
                                    "apply_changes_secret",
                                    "apply_grows_set",
                                    "apply_drops_block",
                                    "apply_fails_after_created",
                                    "apply_fails_before_created",
                                    "apply_mute_after_created",
                                    "delete_fails",
                                    "delete_mute",
                                    "read_unknown",
                                    "read_wrong_type",
                                    "read_nonsense",
                                    "read_no_object",
                                    "read_write_only",
                                    "read_fails",
                                    "read_mute",
                                    "read_changes_identity",
                                    NULL};

static const struct tf_attr rule_attrs[] = {
    {"port", TF_INT, .flags = TF_REQUIRED, .doc = "A port."}, {0}};
static const struct tf_attr breaker_attrs[] = {
    {"break", TF_STRING, .flags = TF_REQUIRED, .oneof = rules, .doc = "The rule to be broken."},
    {"name", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"opt", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"oc", TF_STRING, .flags = TF_OC | TF_STABLE, .doc = "Chosen by the provider."},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
    {"key", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY, .doc = "A secret, not stored."},
    {"tags", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words."},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its id."},
    {"status", TF_STRING, .flags = TF_COMPUTED, .doc = "How it is."},
    {0}};
static const struct tf_block breaker_blocks[] = {
    {"rule", TF_BLOCK_LIST, rule_attrs, .doc = "Rules in order."}, {0}};

static bool breaks(const struct cty_value *object, const char *rule)
{
    return str_is(tf_str(object, "break"), rule);
}

static const struct cty_value *word(struct tf_call *call, const char *text)
{
    return cty_str(call->arena, str_of(text));
}

static const struct cty_value *two_words(struct tf_call *call)
{
    const struct cty_value *const words[] = {word(call, "grown"), word(call, "more")};
    return cty_set(call->arena, &cty_string, words, 2);
}

/* One block more than there is. */
static const struct cty_value *more_blocks(struct tf_call *call, const struct cty_value *blocks)
{
    const struct cty_value **items =
        arena_array(call->arena, const struct cty_value *, blocks->count + 1);
    const struct cty_value *const port[] = {cty_int(call->arena, 1)};
    for (size_t i = 0; i < blocks->count; i++)
        items[i] = blocks->items[i];
    items[blocks->count] = cty_object(call->arena, blocks->type->element, port);
    return cty_list(call->arena, blocks->type->element, items, blocks->count + 1);
}

static void break_plan_values(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;
    const struct cty_value *rule = tf_value(plan->planned, "rule");

    if (breaks(plan->config, "plan_changes_config"))
        tf_plan_set(plan, "name", word(call, "something else"));
    if (breaks(plan->config, "plan_fills_optional"))
        tf_plan_set(plan, "opt", word(call, "made up"));
    if (breaks(plan->config, "plan_nulls_config"))
        tf_plan_set(plan, "name", cty_null(call->arena, &cty_string));
    if (breaks(plan->config, "plan_unknown_config"))
        tf_plan_unknown(plan, "name");
    if (breaks(plan->config, "plan_wrong_type"))
        tf_plan_set(plan, "name", cty_truth(call->arena, true));
    if (breaks(plan->config, "plan_write_only"))
        tf_plan_set(plan, "key", word(call, "leaked"));
    if (breaks(plan->config, "plan_changes_secret"))
        tf_plan_set(plan, "secret", word(call, "leaked"));
    if (breaks(plan->config, "plan_null_block"))
        tf_plan_set(plan, "rule", cty_null(call->arena, rule->type));
    if (breaks(plan->config, "plan_extra_block"))
        tf_plan_set(plan, "rule", more_blocks(call, rule));
}

static bool breaker_plan(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;

    if (plan->destroy) {
        if (breaks(plan->prior, "destroy_plan_value"))
            tf_plan_set(plan, "name", word(call, "still here"));
        return true;
    }
    break_plan_values(plan);
    if (breaks(plan->config, "plan_no_such_path"))
        tf_plan_replace(plan, cty_path_of(call->arena, "nowhere"));
    if (breaks(plan->config, "plan_nonsense"))
        plan->planned = word(call, "nonsense");
    if (breaks(plan->config, "plan_no_object"))
        plan->planned = NULL;
    return !breaks(plan->config, "plan_mute");
}

static void break_state_values(struct tf_call *call, const char *rule_prefix)
{
    const struct cty_value *wish = call->planned != NULL ? call->planned : call->prior;
    struct str rule = tf_str(wish, "break");

    if (!str_starts(rule, str_of(rule_prefix)))
        return;
    rule = str_from(rule, strlen(rule_prefix));
    if (str_is(rule, "changes_known"))
        tf_set_str(call, "name", S("something else"));
    if (str_is(rule, "fills_null"))
        tf_set_str(call, "opt", S("made up"));
    if (str_is(rule, "drops_known"))
        tf_set_null(call, "name");
    if (str_is(rule, "leaves_unknown") || str_is(rule, "unknown"))
        tf_set(call, "status", cty_unknown(call->arena, &cty_string));
    if (str_is(rule, "wrong_type"))
        tf_set_bool(call, "name", true);
    if (str_is(rule, "write_only"))
        tf_set_str(call, "key", S("leaked"));
    if (str_is(rule, "changes_secret"))
        tf_set_str(call, "secret", S("leaked"));
    if (str_is(rule, "grows_set"))
        tf_set(call, "tags", two_words(call));
    if (str_is(rule, "drops_block"))
        tf_set(call, "rule", cty_empty(call->arena, tf_value(call->state, "rule")->type));
    if (str_is(rule, "changes_identity"))
        tf_set_str(call, "id", S("breaker-another"));
    if (str_is(rule, "nonsense"))
        call->state = cty_str(call->arena, S("nonsense"));
    if (str_is(rule, "no_object"))
        call->state = NULL;
}

static bool breaker_create(struct tf_call *call)
{
    if (breaks(call->planned, "apply_fails_before_created"))
        return diag_error(call->diags, NULL, "Refused", "It was not created.");
    tf_set_str(call, "id", object_new_id(call, "breaker"));
    tf_set_str(call, "status", S("there"));
    object_complete(call);
    if (!object_save(call))
        return false;
    tf_created(call);
    break_state_values(call, "apply_");
    if (breaks(call->planned, "apply_fails_after_created"))
        return diag_error(call->diags, NULL, "Half done", "It was created, and then it failed.");
    return !breaks(call->planned, "apply_mute_after_created");
}

static bool breaker_update(struct tf_call *call)
{
    tf_set_str(call, "status", S("changed"));
    object_complete(call);
    if (!object_save(call))
        return false;
    break_state_values(call, "apply_");
    if (breaks(call->planned, "apply_fails_after_created"))
        return diag_error(call->diags, NULL, "Half done", "The change failed.");
    return true;
}

static bool breaker_read(struct tf_call *call)
{
    if (store_get(call->provider, call->arena, tf_str(call->state, "id")).ptr == NULL) {
        tf_gone(call);
        return true;
    }
    break_state_values(call, "read_");
    if (breaks(call->prior, "read_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be read.");
    return !breaks(call->prior, "read_mute");
}

static bool breaker_delete(struct tf_call *call)
{
    if (breaks(call->prior, "delete_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be deleted.");
    if (breaks(call->prior, "delete_mute"))
        return false;
    store_remove(call->provider, tf_str(call->prior, "id"));
    return true;
}

/* The id names what happens: nothing, unknown, nonsense, mute; anything else is imported. */
static bool breaker_import(struct tf_call *call, struct str id)
{
    if (call->identity != NULL)
        return true;
    if (str_is(id, "nothing"))
        return true;
    tf_set_str(call, "id", id);
    if (str_is(id, "unknown"))
        tf_set(call, "status", cty_unknown(call->arena, &cty_string));
    if (str_is(id, "nonsense"))
        call->state = cty_truth(call->arena, true);
    return !str_is(id, "mute");
}

static const struct tf_attr identity_attrs[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED, .doc = "Its id."}, {0}};
static const struct tf_identity breaker_identity = {.attrs = identity_attrs};

const struct tf_resource contrary_breaker = {
    .type = "contrary_breaker",
    .doc = "An object that breaks the rule it is told to break.",
    .attrs = breaker_attrs,
    .blocks = breaker_blocks,
    .import_example = "breaker-1a2b3c4d",
    .identity = &breaker_identity,
    .plan = breaker_plan,
    .create = breaker_create,
    .read = breaker_read,
    .update = breaker_update,
    .delete_ = breaker_delete,
    .import = breaker_import};
