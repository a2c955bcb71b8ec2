/* contrary_lease: an ephemeral resource. An open lease is an object of the store, which counts its
 * renewals, so that a test sees from outside what became of it. */
#include "objects.h"

static const char *const rules[] = {
    "nothing",   "changes_config", "fills_optional", "leaves_unknown", "open_fails",
    "open_mute", "renew_fails",    "close_fails",    "close_forgets",  NULL};

static const struct tf_attr lease_attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED, .doc = "Who leases."},
    {"note", TF_STRING, .flags = TF_OPTIONAL, .doc = "Any text."},
    {"renew_after_ms", TF_INT, .flags = TF_OC, .fallback = "0", .ranged = true, .max = 600000,
     .doc = "How long a lease lasts; 0: for ever."},
    {"break", TF_STRING, .flags = TF_OPTIONAL, .oneof = rules, .doc = "The rule to be broken."},
    {"id", TF_STRING, .flags = TF_COMPUTED, .doc = "Its id."},
    {"token", TF_STRING, .flags = TF_COMPUTED | TF_SENSITIVE, .doc = "A secret."},
    {0}};

/* {"name":…,"renewals":n}, written over. */
static bool save(struct tf_call *call, struct str id, struct str name, int64_t renewals)
{
    struct buf json = buf_in(call->arena, 4096);

    buf_putz(&json, "{\"name\":");
    doc_json_string(&json, name);
    buf_printf(&json, ",\"renewals\":%lld}", (long long)renewals);
    return store_put(object_store(call), id, buf_str(&json)) ||
           diag_error(call->diags, NULL, "The store is full", "%.*s can't be stored.", STR(id));
}

static void ask_for_renewal(struct tf_call *call, int64_t after_ms)
{
    if (after_ms > 0)
        tf_ephemeral_renew_at(call, world_now_ms(call->world) + after_ms);
}

static void break_open(struct tf_call *call, struct str rule)
{
    if (str_is(rule, "changes_config"))
        tf_set_str(call, "name", S("another"));
    if (str_is(rule, "fills_optional"))
        tf_set_str(call, "note", S("made up"));
    if (str_is(rule, "leaves_unknown"))
        tf_set(call, "token", cty_unknown(call->arena, &cty_string));
}

static bool lease_open(struct tf_call *call)
{
    struct str id = object_new_id(call, "lease"), rule = tf_str(call->config, "break");
    int64_t after_ms = tf_int(call->state, "renew_after_ms", 0);

    if (!object_visit(call))
        return false;
    if (str_is(rule, "open_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be had.");
    tf_set_str(call, "id", id);
    tf_set_str(call, "token", arena_fmt(call->arena, "token-of-%.*s", STR(id)));
    tf_private_set(call, "id", id);
    tf_private_set(call, "name", tf_str(call->config, "name"));
    tf_private_set(call, "break", rule);
    tf_private_set(call, "after_ms", arena_fmt(call->arena, "%lld", (long long)after_ms));
    ask_for_renewal(call, after_ms);
    break_open(call, rule);
    return save(call, id, tf_str(call->config, "name"), 0) && !str_is(rule, "open_mute");
}

static bool lease_renew(struct tf_call *call)
{
    struct str id = tf_private_get(call, "id");
    struct str json = store_get(object_store(call), call->arena, id);
    struct doc *lease = NULL;
    struct doc_error error;
    int64_t renewals = 0, after_ms = 0;

    if (!object_visit(call))
        return false;
    if (str_is(tf_private_get(call, "break"), "renew_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be renewed.");
    if (!doc_from_json(call->arena, json, &doc_default_limits, &lease, &error))
        return diag_error(call->diags, NULL, "Gone", "The lease %.*s is gone.", STR(id));
    doc_to_int64(doc_get(lease, S("renewals")), &renewals);
    str_to_int64(tf_private_get(call, "after_ms"), &after_ms);
    ask_for_renewal(call, after_ms);
    return save(call, id, tf_private_get(call, "name"), renewals + 1);
}

static bool lease_close(struct tf_call *call)
{
    if (!object_visit(call))
        return false;
    if (str_is(tf_private_get(call, "break"), "close_fails"))
        return diag_error(call->diags, NULL, "Refused", "It can't be closed.");
    if (!str_is(tf_private_get(call, "break"), "close_forgets"))
        store_remove(object_store(call), tf_private_get(call, "id"));
    return true;
}

const struct tf_ephemeral contrary_lease = {.type = "contrary_lease",
                                            .doc = "Something that is had for a while.",
                                            .attrs = lease_attrs,
                                            .open = lease_open,
                                            .renew = lease_renew,
                                            .close = lease_close};
