#include "sts_session.h"

#include "ground/policy.h"

enum { most_tags = 50, longest_key = 128, longest_value = 256, longest_policy = 2048 };
enum { most_policy_arns = 10 };

bool is_session_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (c == '\0' || strchr("_+=,.@-", c) == NULL))
            return false;
    }
    return name.len >= 2 && name.len <= 64;
}

const struct role *role_find(const struct sim *sim, struct str name)
{
    const struct role *role;
    list_each (role, &sim->roles)
        if (str_eq(role->name, name))
            return role;
    return NULL;
}

/* The elements of a list of the query protocol. */
static const struct doc *members(const struct call *call, const char *name)
{
    return doc_get(doc_get(call->input, str_of(name)), S("member"));
}

static bool has_key(const struct doc *tags, struct str key, size_t *ret_count)
{
    *ret_count = 0;
    doc_each (entry, tags)
        *ret_count += str_eq_nocase(doc_get_text(entry->value, S("Key")), key);
    return *ret_count > 0;
}

static bool check_tags(struct call *call, const struct credential *caller)
{
    const struct doc *tags = members(call, "Tags");
    size_t same;
    if (tags != NULL && tags->count > most_tags)
        return call_fail(call, "ValidationError",
                         "1 validation error detected: Value at 'tags' failed to satisfy "
                         "constraint: Member must have length less than or equal to %d",
                         most_tags);
    doc_each (entry, tags) {
        struct str key = doc_get_text(entry->value, S("Key"));
        struct str value = doc_get_text(entry->value, S("Value"));
        if (key.len == 0 || key.len > longest_key || value.len > longest_value)
            return call_fail(call, "ValidationError",
                             "1 validation error detected: Value at 'tags.%.*s.member' failed to "
                             "satisfy constraint: a key has 1 to %d characters, a value %d at most",
                             STR(entry->name), longest_key, longest_value);
        if (has_key(tags, key, &same) && same > 1)
            return call_fail(call, "InvalidParameterValue",
                             "Duplicate tag keys found. Please note that Tag keys are case "
                             "insensitive.");
        if (caller != NULL && tags_find(&caller->transitive, key) != NULL)
            return call_fail(call, "InvalidParameterValue",
                             "One of the specified transitive tag keys can't be set because it "
                             "conflicts with a transitive tag key from the calling session.");
    }
    doc_each (entry, members(call, "TransitiveTagKeys"))
        if (!has_key(tags, doc_text(entry->value), &same))
            return call_fail(call, "InvalidParameterValue",
                             "The specified transitive tag key must be included in the requested "
                             "tags.");
    return true;
}

static bool check_policy(struct call *call)
{
    struct str text = doc_get_text(call->input, S("Policy"));
    const struct doc *arns = members(call, "PolicyArns");
    struct doc *policy;
    if (text.len > longest_policy)
        return call_fail(call, "PackedPolicyTooLarge", "The policy has more than %d characters.",
                         longest_policy);
    if (text.len > 0 && !policy_read(call->arena, text, &policy))
        return call_fail(call, "MalformedPolicyDocument", "Syntax errors in policy.");
    if (arns != NULL && arns->count > most_policy_arns)
        return call_fail(call, "ValidationError", "more than %d managed policies",
                         most_policy_arns);
    doc_each (entry, arns) {
        struct str arn = doc_get_text(entry->value, S("arn"));
        if (!str_starts(arn, S("arn:")) || !str_has(arn, S(":policy/")))
            return call_fail(call, "ValidationError", "ARN %.*s is not valid.", STR(arn));
    }
    return true;
}

static bool check_identity(struct call *call, const struct credential *caller)
{
    struct str identity = doc_get_text(call->input, S("SourceIdentity"));
    if (identity.len == 0 || caller == NULL || caller->source_identity.len == 0 ||
        str_eq(identity, caller->source_identity))
        return true;
    call_error(call, "AccessDenied",
               "The session has the source identity %.*s, which cannot be changed.",
               STR(caller->source_identity));
    call->status = 403;
    return false;
}

bool session_check(struct call *call, const struct credential *caller)
{
    return check_tags(call, caller) && check_policy(call) && check_identity(call, caller);
}

void session_note(struct call *call, const struct credential *caller, struct credential *made)
{
    const struct doc *tags = members(call, "Tags");
    const struct tags *inherited = caller == NULL ? NULL : &caller->transitive;
    struct str identity = doc_get_text(call->input, S("SourceIdentity"));
    for (size_t i = 0; inherited != NULL && i < inherited->count; i++) {
        tags_set(&made->tags, inherited->items[i].key, inherited->items[i].value);
        tags_set(&made->transitive, inherited->items[i].key, inherited->items[i].value);
    }
    doc_each (entry, tags)
        tags_set(&made->tags, doc_get_text(entry->value, S("Key")),
                 doc_get_text(entry->value, S("Value")));
    doc_each (entry, members(call, "TransitiveTagKeys")) {
        const struct tag *tag = tags_find(&made->tags, doc_text(entry->value));
        if (tag != NULL)
            tags_set(&made->transitive, tag->key, tag->value);
    }
    if (identity.len == 0 && caller != NULL)
        identity = caller->source_identity;
    text_set(&made->source_identity, identity);
    text_set(&made->policy, doc_get_text(call->input, S("Policy")));
    if (identity.len > 0)
        doc_put(call->arena, call->output, S("SourceIdentity"), doc_string(call->arena, identity));
    size_t packed = made->policy.len * 100 / longest_policy + made->tags.count * 100 / most_tags;
    if (packed > 0)
        doc_put(call->arena, call->output, S("PackedPolicySize"),
                doc_int(call->arena, packed > 100 ? 100 : (int64_t)packed));
}

/* EC2 tells why in a message that the caller may have decoded (STS API reference,
 * DecodeAuthorizationMessage). */
static struct str denial_of(struct call *call, const struct credential *caller, struct str action)
{
    struct arena *arena = call->arena;
    struct doc *doc = doc_object(arena), *context = doc_object(arena), *who = doc_object(arena);
    struct buf out = buf_in(arena, 16 * 1024);

    doc_put(arena, who, S("id"), doc_string(arena, caller->user_id));
    doc_put(arena, who, S("arn"), doc_string(arena, caller->arn));
    doc_put(arena, context, S("principal"), who);
    doc_put(arena, context, S("action"), doc_string(arena, action));
    doc_put(arena, context, S("resource"), doc_string(arena, S("*")));
    doc_put(arena, doc, S("allowed"), doc_bool(arena, false));
    doc_put(arena, doc, S("explicitDeny"), doc_bool(arena, false));
    doc_put(arena, doc, S("context"), context);
    doc_to_json(doc, &out);
    return denial_encode(call, buf_str(&out));
}

bool session_permits(struct call *call, const struct service *service)
{
    const struct credential *caller = sim_find_credential(call->sim, call->access_key, call->token);
    struct doc *policy = NULL;
    struct str action =
        arena_fmt(call->arena, "%.*s:%.*s", STR(service->name), STR(call->operation->name));
    if (caller == NULL || caller->policy.len == 0 || str_is(action, "sts:GetCallerIdentity") ||
        !policy_read(call->arena, caller->policy, &policy) || policy_allows(policy, action))
        return true;
    bool ec2 = service->protocol == PROTOCOL_EC2, json = service->protocol == PROTOCOL_JSON;
    call_error(call,
               ec2    ? "UnauthorizedOperation"
               : json ? "AccessDeniedException"
                      : "AccessDenied",
               "User: %.*s is not authorized to perform: %.*s because no session policy allows "
               "the %.*s action",
               STR(caller->arn), STR(action), STR(action));
    if (ec2)
        call->message = arena_fmt(
            call->arena,
            "You are not authorized to perform this operation. %.*s. Encoded authorization failure "
            "message: %.*s",
            STR(call->message), STR(denial_of(call, caller, action)));
    call->status = json ? 400 : 403;
    return false;
}
