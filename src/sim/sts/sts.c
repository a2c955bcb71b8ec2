/* STS: who the caller is, and sessions of roles. There is no IAM here: every role of the account
 * can be assumed by everyone who has keys of it and its external id, if it asks for one, and no
 * role of another account. Sessions live on the wall clock, as signatures do, and only in memory.
 */
#include "ground/jwt.h"
#include "saml.h"
#include "sts_session.h"

enum { shortest_s = 900, usual_s = 3600, longest_s = 12 * 3600 };

static const struct credential *caller_of(const struct call *call)
{
    return sim_find_credential(call->sim, call->access_key, call->token);
}

static bool get_caller_identity(struct call *call)
{
    struct arena *arena = call->arena;
    doc_put(arena, call->output, S("Arn"), doc_string(arena, call->caller.arn));
    doc_put(arena, call->output, S("UserId"), doc_string(arena, call->caller.id));
    doc_put(arena, call->output, S("Account"), doc_string(arena, S(ACCOUNT)));
    return true;
}

/* What both operations ask for. */
struct session {
    struct str role_arn, role, name; /* role: the last part of the role's path */
    int64_t duration_s;
};

/* In the words that AWS has for every limit of a model. */
static bool duration_is_sound(struct call *call, int64_t *duration_s, int shortest, int longest)
{
    const struct doc *duration = doc_get(call->input, S("DurationSeconds"));
    if (duration == NULL)
        return true;
    bool number = doc_to_int64(duration, duration_s);
    if (number && *duration_s >= shortest && *duration_s <= longest)
        return true;
    bool low = !number || *duration_s < shortest;
    return call_fail(call, "ValidationError",
                     "1 validation error detected: Value '%.*s' at 'durationSeconds' failed to "
                     "satisfy constraint: Member must have value %s than or equal to %d",
                     STR(doc_text(duration)), low ? "greater" : "less", low ? shortest : longest);
}

static bool read_session(struct call *call, struct session *ret)
{
    *ret = (struct session){doc_get_text(call->input, S("RoleArn")), .duration_s = usual_s};
    ret->name = doc_get_text(call->input, S("RoleSessionName"));
    struct str rest = ret->role_arn, part;
    size_t colons = 0;

    for (; colons < 5 && str_next(&rest, ':', &part); colons++)
        ;
    if (colons != 5 || !str_starts(ret->role_arn, S("arn:")) || !str_starts(rest, S("role/")))
        return call_fail(call, "ValidationError", "%.*s is invalid", STR(ret->role_arn));
    while (str_next(&rest, '/', &part))
        ret->role = part;
    if (!is_session_name(ret->name))
        return call_fail(call, "ValidationError",
                         "1 validation error detected: Value '%.*s' at 'roleSessionName' failed to "
                         "satisfy constraint: Member must satisfy regular expression pattern: "
                         "[\\w+=,.@-]*",
                         STR(ret->name));
    return duration_is_sound(call, &ret->duration_s, shortest_s, longest_s);
}

/* Is it a role of this account? */
static bool check_role(struct call *call, const struct session *session, const char *action)
{
    struct str prefix =
        arena_fmt(call->arena, "arn:%.*s:iam::" ACCOUNT ":role/", STR(call->region->partition));
    const struct role *role = role_find(call->sim, session->role);
    bool known = str_starts(session->role_arn, prefix) && session->role.len > 0;
    if (known && role != NULL && session->duration_s > role->longest_s)
        return call_fail(call, "ValidationError",
                         "The requested DurationSeconds exceeds the MaxSessionDuration set for "
                         "this role.");
    if (known && (role == NULL || role->external_id.len == 0 ||
                  str_eq(role->external_id, doc_get_text(call->input, S("ExternalId")))))
        return true;
    call_error(call, "AccessDenied",
               "User: %.*s is not authorized to perform: sts:%s on resource: %.*s",
               STR(call->caller.arn), action, STR(session->role_arn));
    call->status = 403;
    return false;
}

static struct str chance_text(struct call *call, const char *what, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf out = buf_in(call->arena, 1024);
    for (size_t i = 0; i < len; i++) {
        struct str about = arena_fmt(call->arena, "%s %zu", what, i);
        buf_putc(&out, letters[state_chance(call->state, about, call->sim->requests) % 32]);
    }
    return buf_str(&out);
}

/* New keys that end after a while; the answer tells them. */
static struct credential *new_keys(struct call *call, int64_t duration_s)
{
    struct arena *arena = call->arena;
    struct sim *sim = call->sim;
    struct str key = arena_cat(arena, S("ASIA"), chance_text(call, "key", 16));
    struct str secret = chance_text(call, "secret", 40), token = chance_text(call, "token", 200);
    int64_t expires_ms = world_now_ms(sim->world) + duration_s * 1000;
    struct doc *keys = doc_object(arena);

    doc_put(arena, keys, S("AccessKeyId"), doc_string(arena, key));
    doc_put(arena, keys, S("SecretAccessKey"), doc_string(arena, secret));
    doc_put(arena, keys, S("SessionToken"), doc_string(arena, token));
    doc_put(arena, keys, S("Expiration"), doc_string(arena, time_rfc3339(arena, expires_ms)));
    doc_put(arena, call->output, S("Credentials"), keys);
    return sim_add_credential(sim, key, secret, token, expires_ms);
}

static void hand_out(struct call *call, const struct session *session,
                     const struct credential *caller)
{
    struct arena *arena = call->arena;
    struct str id = arena_fmt(arena, "AROASIMULATEDROLE:%.*s", STR(session->name));
    struct str arn =
        arena_fmt(arena, "arn:%.*s:sts::" ACCOUNT ":assumed-role/%.*s/%.*s",
                  STR(call->region->partition), STR(session->role), STR(session->name));

    struct credential *credential = new_keys(call, session->duration_s);
    credential->arn = text_of(arn);
    credential->user_id = text_of(id);

    struct doc *user = doc_object(arena);
    doc_put(arena, user, S("AssumedRoleId"), doc_string(arena, id));
    doc_put(arena, user, S("Arn"), doc_string(arena, arn));
    doc_put(arena, call->output, S("AssumedRoleUser"), user);
    session_note(call, caller, credential);
    sim_forget_sessions(call->sim); /* after that: the caller's may be among them */
}

static bool assume_role(struct call *call)
{
    struct session session;
    const struct credential *caller = caller_of(call);
    if (!read_session(call, &session) || !check_role(call, &session, "AssumeRole"))
        return false;
    if (caller != NULL && caller->arn.len > 0 && session.duration_s > usual_s)
        return call_fail(call, "ValidationError",
                         "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                         "assumed by role chaining");
    if (!session_check(call, caller))
        return false;
    hand_out(call, &session, caller);
    return true;
}

static void put_text(struct call *call, const char *name, struct str text)
{
    doc_put(call->arena, call->output, str_of(name), doc_string(call->arena, text));
}

/* Nobody's signature of a token can be checked here; its form and its end are. */
static bool assume_role_with_web_identity(struct call *call)
{
    struct session session;
    struct str token = doc_get_text(call->input, S("WebIdentityToken"));
    struct doc *claims = NULL;
    int64_t ends_s;
    if (!read_session(call, &session))
        return false;
    if (!jwt_claims(call->arena, token, &claims) ||
        !doc_to_int64(doc_get(claims, S("exp")), &ends_s))
        return call_fail(call, "InvalidIdentityToken",
                         "The ID Token provided is not a valid JWT. (You may see this error if you "
                         "sent an Access Token)");
    if (ends_s <= world_now_ms(call->sim->world) / 1000)
        return call_fail(call, "ExpiredTokenException",
                         "Token expired: current date/time %lld must be before the expiration "
                         "date/time %lld",
                         (long long)(world_now_ms(call->sim->world) / 1000), (long long)ends_s);
    if (!check_role(call, &session, "AssumeRoleWithWebIdentity") || !session_check(call, NULL))
        return false;
    hand_out(call, &session, NULL);
    put_text(call, "SubjectFromWebIdentityToken", doc_get_text(claims, S("sub")));
    if (doc_get_text(claims, S("iss")).len > 0)
        put_text(call, "Provider", doc_get_text(claims, S("iss")));
    if (doc_get_text(claims, S("aud")).len > 0) /* one of several is not chosen */
        put_text(call, "Audience", doc_get_text(claims, S("aud")));
    return true;
}

/* arn:aws:iam::ACCOUNT:saml-provider/NAME; each of this account is taken to be there. */
static bool provider_is_sound(struct call *call)
{
    struct str arn = doc_get_text(call->input, S("PrincipalArn"));
    struct str prefix = arena_fmt(call->arena, "arn:%.*s:iam::" ACCOUNT ":saml-provider/",
                                  STR(call->region->partition));
    enum { longest = 100000 };
    size_t assertion = doc_get_text(call->input, S("SAMLAssertion")).len;

    if (!str_starts(arn, S("arn:")) || !str_has(arn, S(":saml-provider/")))
        return call_fail(call, "ValidationError", "%.*s is invalid", STR(arn));
    if (assertion < 4 || assertion > longest)
        return call_fail(call, "ValidationError",
                         "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy "
                         "constraint: Member must have length %s than or equal to %d",
                         assertion < 4 ? "greater" : "less", assertion < 4 ? 4 : longest);
    if (!str_starts(arn, prefix) || arn.len == prefix.len) /* IAM user guide */
        return call_fail(call, "InvalidIdentityToken", "Specified provider doesn't exist");
    return true;
}

/* A session ends when the provider's does, or earlier (STS API reference, AssumeRoleWithSAML). */
static bool assume_role_with_saml(struct call *call)
{
    int64_t now_ms = world_now_ms(call->sim->world);
    struct session session;
    struct saml saml;

    if (!provider_is_sound(call) || !saml_read(call, now_ms, &saml) ||
        !read_session(call, &session) || !check_role(call, &session, "AssumeRoleWithSAML") ||
        !session_check(call, NULL))
        return false;
    if (saml.session_ends_ms < now_ms + session.duration_s * 1000)
        session.duration_s = (saml.session_ends_ms - now_ms) / 1000;
    hand_out(call, &session, NULL);
    put_text(call, "Subject", saml.subject);
    if (saml.subject_type.len > 0)
        put_text(call, "SubjectType", saml.subject_type);
    put_text(call, "Issuer", saml.issuer);
    put_text(call, "Audience", saml.recipient);
    put_text(call, "NameQualifier",
             saml_name_qualifier(call->arena, saml.issuer,
                                 doc_get_text(call->input, S("PrincipalArn"))));
    return true;
}

/* Keys of the same user that end. Only who has keys for good gets some (STS API reference,
 * GetSessionToken). There are no MFA devices. */
static bool get_session_token(struct call *call)
{
    enum { shortest = 900, usual = 12 * 3600, longest = 36 * 3600 };
    int64_t duration_s = usual;
    const struct credential *caller = caller_of(call);

    if (caller != NULL && caller->token.len > 0) {
        call_error(call, "AccessDenied", "Cannot call GetSessionToken with session credentials");
        call->status = 403;
        return false;
    }
    if (!duration_is_sound(call, &duration_s, shortest, longest))
        return false;
    if (doc_get(call->input, S("SerialNumber")) != NULL ||
        doc_get(call->input, S("TokenCode")) != NULL) {
        call_error(call, "AccessDenied",
                   "MultiFactorAuthentication failed, unable to validate MFA code. Please verify "
                   "your MFA serial number is valid and associated with this user.");
        call->status = 403;
        return false;
    }
    new_keys(call, duration_s);
    sim_forget_sessions(call->sim);
    return true;
}

/* AWS reads the account out of the key's id; here all keys are of the one account. */
static bool get_access_key_info(struct call *call)
{
    struct str key = doc_get_text(call->input, S("AccessKeyId"));
    bool word = key.len >= 16 && key.len <= 128 &&
                (str_starts(key, S("AKIA")) || str_starts(key, S("ASIA")));

    for (size_t i = 0; i < key.len; i++)
        word = word && ((key.ptr[i] >= 'A' && key.ptr[i] <= 'Z') ||
                        (key.ptr[i] >= '0' && key.ptr[i] <= '9'));
    if (!word)
        return call_fail(call, "ValidationError", "The access key %.*s is not valid.", STR(key));
    doc_put(call->arena, call->output, S("Account"), doc_string(call->arena, S(ACCOUNT)));
    return true;
}

static bool decode_authorization_message(struct call *call)
{
    struct str plain;
    if (!denial_decode(call, doc_get_text(call->input, S("EncodedMessage")), &plain))
        return call_fail(call, "InvalidAuthorizationMessageException", "Message is not valid");
    doc_put(call->arena, call->output, S("DecodedMessage"), doc_string(call->arena, plain));
    return true;
}

const struct operation sts_operations[] = {
    {.name = S_INIT("GetCallerIdentity"), .handle = get_caller_identity, .takes = ""},
    {.name = S_INIT("GetSessionToken"),
     .handle = get_session_token,
     .takes = "DurationSeconds SerialNumber TokenCode"},
    {.name = S_INIT("GetAccessKeyInfo"), .handle = get_access_key_info, .takes = "AccessKeyId"},
    {.name = S_INIT("DecodeAuthorizationMessage"),
     .handle = decode_authorization_message,
     .takes = "EncodedMessage"},
    {.name = S_INIT("AssumeRole"),
     .handle = assume_role,
     .takes = "RoleArn RoleSessionName PolicyArns.member.N.arn Policy DurationSeconds "
              "Tags.member.N.Key Tags.member.N.Value TransitiveTagKeys.member.N ExternalId "
              "SourceIdentity"},
    {.name = S_INIT("AssumeRoleWithWebIdentity"),
     .handle = assume_role_with_web_identity,
     .open = true,
     .takes = "RoleArn RoleSessionName WebIdentityToken ProviderId PolicyArns.member.N.arn Policy "
              "DurationSeconds"},
    {.name = S_INIT("AssumeRoleWithSAML"),
     .handle = assume_role_with_saml,
     .open = true,
     .takes = "RoleArn PrincipalArn SAMLAssertion PolicyArns.member.N.arn Policy DurationSeconds"},
    {.name = S_INIT("")},
};
