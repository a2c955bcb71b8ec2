/* contrary_breaker: does what its argument `break` names, so that a test can see that no broken
 * rule reaches Terraform and no object is lost. */
#include "objects.h"

/* X_sets: puts the JSON in `to` into the member `at`; without `to` that is null, and "?" in it is
 * unknown. promises_X: the plan promises something of unknowns, and X is not kept. */
static const char *const rules[] = {
    "nothing",
    "plan_sets",
    "plan_wrong_type",
    "plan_contradicts",
    "plan_no_such_path",
    "plan_nonsense",
    "plan_no_object",
    "plan_mute",
    "destroy_plan_sets",
    "destroy_plan_refuses",
    "apply_sets",
    "apply_wrong_type",
    "apply_no_object",
    "apply_nonsense",
    "apply_unwritable",
    "apply_fails_after_created",
    "apply_fails_before_created",
    "apply_fails_unknown",
    "apply_fails_partly",
    "apply_mute_after_created",
    "delete_fails",
    "delete_fails_partly",
    "delete_mute",
    "read_sets",
    "read_wrong_type",
    "read_nonsense",
    "read_no_object",
    "read_fails",
    "read_mute",
    "promises_nothing",
    "promises_prefix",
    "promises_bounds",
    "promises_length",
    "promises_presence",
    NULL,
};

static const struct tf_attr inner_attrs[] = {
    {"x", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"made", TF_STRING, .flags = TF_COMPUTED, .doc = "Made by the provider."},
    {"hidden", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
    {"hush", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY, .doc = "A secret, not stored."},
    {0}};
static const struct tf_attr element_attrs[] = {
    {"a", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."}, {0}};
static const struct tf_attr breaker_attrs[] = {
    {"break", TF_STRING, .flags = TF_REQUIRED, .oneof = rules, .doc = "The rule to be broken."},
    {"at", TF_STRING, .flags = TF_OPTIONAL, .doc = "The member that is set."},
    {"to", TF_STRING, .flags = TF_OPTIONAL, .doc = "What it is set to, as JSON."},
    {"name", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"opt", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"oc", TF_STRING, .flags = TF_OC | TF_STABLE, .doc = "Chosen by the provider."},
    {"secret", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret."},
    {"key", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY, .doc = "A secret, not stored."},
    {"number", TF_NUMBER, .flags = TF_OPTIONAL, .doc = "Any number."},
    {"any", TF_DYNAMIC, .flags = TF_OPTIONAL, .doc = "Anything."},
    {"words", TF_LIST, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words in order."},
    {"marks", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words by name."},
    {"tags", TF_SET, TF_STRING, .flags = TF_OPTIONAL, .doc = "Words."},
    {"single", TF_OBJECT, .attrs = inner_attrs, .flags = TF_OPTIONAL, .doc = "One object."},
    {"items", TF_LIST, .attrs = inner_attrs, .flags = TF_OPTIONAL, .doc = "Objects in order."},
    {"members", TF_MAP, .attrs = inner_attrs, .flags = TF_OPTIONAL, .doc = "Objects by name."},
    {"choices", TF_SET, .attrs = element_attrs, .flags = TF_OPTIONAL, .doc = "Objects."},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Its id."},
    {"status", TF_STRING, .flags = TF_COMPUTED, .doc = "How it is."},
    {"size", TF_NUMBER, .flags = TF_COMPUTED, .doc = "How large it is."},
    {"seen", TF_LIST, TF_STRING, .flags = TF_COMPUTED, .doc = "Who has seen it."},
    {0}};
static const struct tf_block breaker_blocks[] = {
    {"one", TF_BLOCK_SINGLE, inner_attrs, .doc = "At most one block."},
    {"grouped", TF_BLOCK_GROUP, inner_attrs, .doc = "A block that is always there."},
    {"rule", TF_BLOCK_LIST, inner_attrs, .doc = "Rules in order."},
    {"chosen", TF_BLOCK_SET, element_attrs, .doc = "Blocks without order."},
    {"named", TF_BLOCK_MAP, inner_attrs, .doc = "Blocks by label."},
    {0}};

static bool breaks(const struct cty_value *object, const char *rule)
{
    return str_is(tf_str(object, "break"), rule);
}

static bool is_marked(const struct cty_value *object)
{
    for (size_t i = 0; i < object->count; i++)
        if (object->items[i]->type->kind == CTY_STRING && str_is(object->items[i]->text, "??"))
            return true;
    return false;
}

/* Every text "?" becomes unknown, and every object with a member "??". */
static const struct cty_value *with_unknowns(struct arena *arena, const struct cty_value *value)
{
    if (!cty_is_known(value))
        return value;
    if (value->type->kind == CTY_STRING)
        return str_is(value->text, "?") ? cty_unknown(arena, value->type) : value;
    if (value->type->kind == CTY_OBJECT && is_marked(value))
        return cty_unknown(arena, value->type);
    return value->count == 0 ? value : object_mapped(arena, value, with_unknowns);
}

/* What `to` says, as a value for that member; NULL: it is none. */
static const struct cty_value *wanted(struct tf_call *call, const struct cty_value *rule,
                                      const char *name)
{
    const struct cty_value *old = tf_value(rule, name), *value = NULL;
    struct str json = tf_str(rule, "to");
    struct cty_error error;

    if (old == NULL)
        return NULL; /* what it is set to then is told as a mistake */
    const struct cty_type *type = old->type;
    if (json.ptr == NULL)
        return cty_null(call->arena, type);
    if (str_is(json, "?"))
        return cty_unknown(call->arena, type);
    if (!cty_from_json(call->arena, type, json, CTY_WIRE, &value, &error))
        return NULL;
    return with_unknowns(call->arena, value);
}

static const char *member(struct tf_call *call, const struct cty_value *rule)
{
    return arena_z(call->arena, tf_str(rule, "at"));
}

/* ---- Plan ---- */

static const struct cty_value *promise(struct tf_call *call, const char *name,
                                       struct cty_refinement refined)
{
    return cty_refine(call->arena, tf_value(call->planned, name)->type, &refined);
}

static void plan_promises(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;
    const struct cty_number *one = &cty_int(call->arena, 1)->number,
                            *ten = &cty_int(call->arena, 10)->number;
    struct cty_refinement arn = {.not_null = true, .prefix = S("arn:")};
    struct cty_refinement from_one_below_ten = {
        .not_null = true, .lower = one, .upper = ten, .lower_inclusive = true};
    struct cty_refinement one_or_two = {.not_null = true,
                                        .has_min_length = true,
                                        .has_max_length = true,
                                        .min_length = 1,
                                        .max_length = 2};

    tf_plan_set(plan, "status", promise(call, "status", arn));
    tf_plan_set(plan, "size", promise(call, "size", from_one_below_ten));
    tf_plan_set(plan, "seen", promise(call, "seen", one_or_two));
}

/* Above 5 and below 1: no value. cty_refine would not make it. */
static void plan_contradiction(struct tf_plan *plan)
{
    struct arena *arena = plan->call->arena;
    struct cty_refinement *refined = arena_make(arena, struct cty_refinement);
    struct cty_value *value = arena_make(arena, struct cty_value);

    *refined = (struct cty_refinement){.lower = &cty_int(arena, 5)->number,
                                       .upper = &cty_int(arena, 1)->number};
    *value = (struct cty_value){.type = &cty_number, .state = CTY_UNKNOWN, .refined = refined};
    tf_plan_set(plan, "size", value);
}

static bool plan_destroy(struct tf_plan *plan)
{
    if (breaks(plan->prior, "destroy_plan_sets"))
        tf_plan_set(plan, "name", cty_str(plan->call->arena, S("still here")));
    return !breaks(plan->prior, "destroy_plan_refuses") ||
           diag_error(plan->call->diags, NULL, "Refused", "It is protected.");
}

static bool breaker_plan(struct tf_plan *plan)
{
    struct tf_call *call = plan->call;

    if (plan->destroy)
        return plan_destroy(plan);
    if (breaks(plan->config, "plan_sets"))
        tf_plan_set(plan, member(call, plan->config),
                    wanted(call, plan->config, member(call, plan->config)));
    if (breaks(plan->config, "plan_wrong_type"))
        tf_plan_set(plan, "name", cty_truth(call->arena, true));
    if (breaks(plan->config, "plan_contradicts"))
        plan_contradiction(plan);
    if (breaks(plan->config, "plan_no_such_path"))
        tf_plan_replace(plan, cty_path_of(call->arena, "nowhere"));
    if (str_starts(tf_str(plan->config, "break"), S("promises_")))
        plan_promises(plan);
    if (breaks(plan->config, "plan_nonsense"))
        plan->planned = cty_str(call->arena, S("nonsense"));
    if (breaks(plan->config, "plan_no_object"))
        plan->planned = NULL;
    return !breaks(plan->config, "plan_mute");
}

/* ---- Create, update, read, delete ---- */

static void keep_promises(struct tf_call *call, struct str but)
{
    const struct cty_value *const seen[] = {cty_str(call->arena, S("me"))};
    bool fewer = str_is(but, "length");

    tf_set_str(call, "status", str_is(but, "prefix") ? S("id-1") : S("arn:1"));
    tf_set_int(call, "size", str_is(but, "bounds") ? 10 : 1);
    tf_set(call, "seen", cty_list(call->arena, &cty_string, seen, fewer ? 0 : 1));
    if (str_is(but, "presence"))
        tf_set_null(call, "status");
}

/* A list of texts that holds a number. */
static const struct cty_value *unwritable(struct tf_call *call)
{
    const struct cty_value *const items[] = {cty_int(call->arena, 1)};
    return cty_list(call->arena, &cty_string, items, 1);
}

static void break_state(struct tf_call *call, const char *verb)
{
    const struct cty_value *from = call->planned != NULL ? call->planned : call->prior;
    struct str rule = tf_str(from, "break");

    if (str_starts(rule, S("promises_")) && call->planned != NULL)
        keep_promises(call, str_from(rule, strlen("promises_")));
    if (!str_starts(rule, str_of(verb)))
        return;
    rule = str_from(rule, strlen(verb));
    if (str_is(rule, "sets"))
        tf_set(call, member(call, from), wanted(call, from, member(call, from)));
    if (str_is(rule, "wrong_type"))
        tf_set_bool(call, "name", true);
    if (str_is(rule, "unwritable"))
        tf_set(call, "seen", unwritable(call));
    if (str_is(rule, "nonsense"))
        call->state = cty_str(call->arena, S("nonsense"));
    if (str_is(rule, "no_object"))
        call->state = NULL;
}

static bool breaker_create(struct tf_call *call)
{
    if (breaks(call->planned, "apply_fails_before_created"))
        return diag_error(call->diags, NULL, "Refused", "It was not created.");
    if (!object_visit(call))
        return false;
    tf_set_str(call, "id", object_new_id(call, "breaker"));
    tf_set_str(call, "status", S("there"));
    object_complete(call);
    if (!object_save(call))
        return false;
    tf_created(call);
    tf_private_set(call, "made-by", S("create"));
    break_state(call, "apply_");
    if (breaks(call->planned, "apply_fails_unknown"))
        tf_set(call, "status", cty_unknown(call->arena, &cty_string));
    if (breaks(call->planned, "apply_fails_after_created") ||
        breaks(call->planned, "apply_fails_unknown"))
        return diag_error(call->diags, NULL, "Half done", "It was created, and then it failed.");
    return !breaks(call->planned, "apply_mute_after_created");
}

static bool breaker_update(struct tf_call *call)
{
    const struct cty_value *half = call->prior;

    if (!object_visit(call))
        return false;
    tf_set_str(call, "status", S("changed"));
    object_complete(call);
    if (!object_save(call))
        return false;
    break_state(call, "apply_");
    if (breaks(call->planned, "apply_fails_partly"))
        tf_partial(call, cty_with(call->arena, half, S("name"), tf_value(call->planned, "name")));
    if (breaks(call->planned, "apply_fails_after_created") ||
        breaks(call->planned, "apply_fails_partly"))
        return diag_error(call->diags, NULL, "Half done", "The change failed.");
    return !breaks(call->planned, "apply_mute_after_created");
}

static bool breaker_read(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    if (store_get(object_store(call), call->arena, tf_str(call->state, "id")).ptr == NULL) {
        tf_gone(call);
        return true;
    }
    break_state(call, "read_");
    if (breaks(call->prior, "read_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be read.");
    return !breaks(call->prior, "read_mute");
}

static bool breaker_delete(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    if (breaks(call->prior, "delete_fails_partly"))
        tf_partial(call, cty_with(call->arena, call->prior, S("status"),
                                  cty_str(call->arena, S("half gone"))));
    if (breaks(call->prior, "delete_fails") || breaks(call->prior, "delete_fails_partly"))
        return diag_error(call->diags, NULL, "Refused", "It can't be deleted.");
    if (breaks(call->prior, "delete_mute"))
        return false;
    store_remove(object_store(call), tf_str(call->prior, "id"));
    return true;
}

/* ---- Import and move: a word names what happens; any other is the id ---- */

static bool bring_in(struct tf_call *call, struct str word)
{
    if (str_is(word, "nothing"))
        return true;
    tf_set_str(call, "id", word);
    if (str_is(word, "unknown"))
        tf_set(call, "status", cty_unknown(call->arena, &cty_string));
    if (str_is(word, "write_only"))
        tf_set_str(call, "key", S("leaked"));
    if (str_is(word, "nonsense"))
        call->state = cty_truth(call->arena, true);
    return !str_is(word, "mute");
}

static bool breaker_import(struct tf_call *call, struct str id)
{
    return object_visit(call) && (call->identity != NULL || bring_in(call, id));
}

static bool move_plain(struct tf_call *call, int64_t version, const struct doc *state)
{
    (void)version;
    return bring_in(call, doc_get_text(state, S("text")));
}

static const struct tf_attr identity_attrs[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED, .doc = "Its id."}, {0}};
static const struct tf_identity breaker_identity = {.attrs = identity_attrs};
static const struct tf_move breaker_moves[] = {
    {"contrary_plain", "hyperpod/contrary", "Its text says what happens.", move_plain}, {0}};

/* ---- List: there is nothing to be said about what is looked for ---- */

static bool list_fill(struct tf_call *found, void *arg, struct str *ret_name)
{
    const struct str *id = arg;

    tf_set_str(found, "id", *id);
    *ret_name = *id;
    return true;
}

static bool breaker_list(struct tf_listing *listing)
{
    enum { most = 100 };
    struct str *ids = arena_array(listing->call->arena, struct str, most);
    size_t count =
        store_list(object_store(listing->call), listing->call->arena, S("breaker-"), ids, most);
    size_t i = 0;

    while (i < count && object_visit(listing->call) && tf_list_found(listing, list_fill, &ids[i]))
        i++;
    return listing->call->diags->errors == 0;
}
static const struct tf_list breaker_listed = {.doc = "Finds breakers.", .list = breaker_list};

const struct tf_resource contrary_breaker = {
    .type = "contrary_breaker",
    .doc = "An object that breaks the rule it is told to break.",
    .attrs = breaker_attrs,
    .blocks = breaker_blocks,
    .import_example = "breaker-1a2b3c4d",
    .identity = &breaker_identity,
    .moves = breaker_moves,
    .list = &breaker_listed,
    .plan = breaker_plan,
    .create = breaker_create,
    .read = breaker_read,
    .update = breaker_update,
    .delete_ = breaker_delete,
    .import = breaker_import};
