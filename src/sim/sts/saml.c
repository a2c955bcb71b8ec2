#include "saml.h"

#include "ground/base64.h"
#include "ground/instant.h"
#include "sts_session.h"
#include <hp/base/clock.h>
#include <openssl/evp.h>

#define ATTRIBUTES "https://aws.amazon.com/SAML/Attributes/"

/* Words of the IAM user guide, Troubleshoot SAML federation with IAM, where it has some. */
static bool invalid(struct call *call, const char *why)
{
    return call_fail(call, "InvalidIdentityToken", "%s", why);
}

static bool expired(struct call *call, const char *why)
{
    return call_fail(call, "ExpiredTokenException", "%s", why);
}

static bool parse(struct call *call, const struct doc **ret_assertion,
                  const struct doc **ret_status)
{
    static const struct doc_limits limits = {100000, 32, 10000};
    struct str text, root;
    struct doc *doc = NULL;
    struct doc_error error;

    if (!base64_read(call->arena, doc_get_text(call->input, S("SAMLAssertion")), &text))
        return invalid(call, "Invalid base64 SAMLResponse");
    if (!doc_from_xml_whole(call->arena, text, &limits, &root, &doc, &error))
        return call_fail(call, "InvalidIdentityToken", "Invalid SAML response: %zu:%zu: %.*s",
                         error.line, error.column, STR(error.message));
    *ret_status = doc_at(doc, "Status.StatusCode.@Value");
    *ret_assertion = doc_get(doc, S("Assertion"));
    if (!str_is(root, "Response") || *ret_assertion == NULL)
        return invalid(call, "Invalid SAML response: it has no assertion that can be read");
    return true;
}

/* The values of an attribute of that name, in a list; NULL: it is not there. */
static struct doc *values_of(struct call *call, const struct doc *assertion, const char *name)
{
    struct str whole = arena_cat(call->arena, S(ATTRIBUTES), str_of(name));
    doc_each (entry, doc_get(assertion, S("AttributeStatement"))) {
        struct doc *list = doc_list(call->arena);
        if (!str_is(entry->name, "Attribute") ||
            !str_eq(doc_get_text(entry->value, S("@Name")), whole))
            continue;
        doc_each (value, entry->value)
            if (str_is(value->name, "AttributeValue"))
                doc_add(call->arena, list,
                        doc_string(call->arena, doc_get_text(value->value, S("#"))));
        return list;
    }
    return NULL;
}

static struct str value_of(struct call *call, const struct doc *assertion, const char *name)
{
    const struct doc *list = values_of(call, assertion, name);
    return doc_first(list) == NULL ? S("") : doc_text(list->first->value);
}

/* The sign-in pages of all partitions, and the name that stands for them. */
static bool is_audience(struct str text)
{
    return str_starts(text, S("urn:amazon:webservices")) ||
           (str_starts(text, S("https://")) && str_has(text, S("signin.")) &&
            str_ends(text, S("/saml")));
}

static bool has_audience(const struct doc *assertion)
{
    doc_each (entry, doc_at(assertion, "Conditions.AudienceRestriction"))
        if (str_is(entry->name, "Audience") && is_audience(doc_get_text(entry->value, S("#"))))
            return true;
    return false;
}

/* The Role attribute has pairs of role and provider, in either order. */
static bool role_is_granted(struct call *call, const struct doc *assertion)
{
    struct str role = doc_get_text(call->input, S("RoleArn"));
    struct str provider = doc_get_text(call->input, S("PrincipalArn"));
    const struct doc *roles = values_of(call, assertion, "Role");

    doc_each (entry, roles) {
        struct str rest = doc_text(entry->value), first;
        if (!str_next(&rest, ',', &first))
            continue;
        struct str second = str_trim(rest);
        first = str_trim(first);
        if ((str_eq(first, role) && str_eq(second, provider)) ||
            (str_eq(first, provider) && str_eq(second, role)))
            return true;
    }
    call_error(call, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML");
    call->status = 403;
    return false;
}

static int64_t moment(const struct doc *text, int64_t otherwise)
{
    int64_t ms = otherwise;
    return !doc_is_null(text) && time_parse(doc_text(text), &ms) ? ms : otherwise;
}

/* AWS wants it within five minutes of its issue (IAM user guide, SAML assertions). */
static bool is_timely(struct call *call, const struct doc *assertion, const struct doc *confirmed,
                      int64_t now_ms)
{
    enum { window_ms = 5 * 60 * 1000 };
    int64_t issued = moment(doc_get(assertion, S("@IssueInstant")), INT64_MIN);

    if (issued == INT64_MIN)
        return invalid(call, "Invalid SAML response: the assertion has no IssueInstant");
    if (issued < now_ms - window_ms || issued > now_ms + window_ms)
        return expired(call, "Token must be redeemed within 5 minutes of issuance");
    if (moment(doc_get(confirmed, S("@NotOnOrAfter")), 0) <= now_ms ||
        moment(doc_at(assertion, "Conditions.@NotOnOrAfter"), INT64_MAX) <= now_ms)
        return expired(call, "The assertion has expired: NotOnOrAfter has passed");
    if (moment(doc_at(assertion, "AuthnStatement.@SessionNotOnOrAfter"), INT64_MAX) <= now_ms)
        return expired(call, "The session has ended: SessionNotOnOrAfter has passed");
    return true;
}

/* PrincipalTag:KEY, TransitiveTagKeys and SourceIdentity (IAM user guide, session tags). */
static void take_session(struct call *call, const struct doc *assertion, struct str name,
                         struct str source_identity)
{
    struct arena *arena = call->arena;
    struct doc *input = doc_copy(arena, call->input), *tags = doc_object(arena);
    struct doc *keys = doc_object(arena), *list = doc_list(arena);

    doc_each (entry, doc_get(assertion, S("AttributeStatement"))) {
        struct str what = doc_get_text(entry->value, S("@Name"));
        struct doc *tag = doc_object(arena);
        if (!str_is(entry->name, "Attribute") || !str_starts(what, S(ATTRIBUTES "PrincipalTag:")))
            continue;
        doc_put(arena, tag, S("Key"),
                doc_string(arena, str_from(what, sizeof ATTRIBUTES "PrincipalTag:" - 1)));
        doc_put(arena, tag, S("Value"),
                doc_string(arena, doc_text(doc_at(entry->value, "AttributeValue.#"))));
        doc_add(arena, list, tag);
    }
    doc_put(arena, tags, S("member"), list);
    doc_put(arena, keys, S("member"), values_of(call, assertion, "TransitiveTagKeys"));
    doc_put(arena, input, S("Tags"), tags);
    doc_put(arena, input, S("TransitiveTagKeys"), keys);
    doc_put(arena, input, S("RoleSessionName"), doc_string(arena, name));
    if (source_identity.len > 0)
        doc_put(arena, input, S("SourceIdentity"), doc_string(arena, source_identity));
    call->input = input;
}

static struct str type_of(struct str format)
{
    struct str prefix = S("urn:oasis:names:tc:SAML:2.0:nameid-format:");
    return str_starts(format, prefix) ? str_from(format, prefix.len) : format;
}

bool saml_read(struct call *call, int64_t now_ms, struct saml *ret)
{
    const struct doc *assertion, *status;

    if (!parse(call, &assertion, &status))
        return false;
    if (!doc_is_null(status) && !str_ends(doc_text(status), S(":status:Success"))) {
        call_error(call, "IDPRejectedClaim", "The identity provider answered %.*s",
                   STR(doc_text(status)));
        call->status = 403;
        return false;
    }
    const struct doc *name_id = doc_at(assertion, "Subject.NameID");
    const struct doc *confirmed = doc_at(assertion, "Subject.SubjectConfirmation."
                                                    "SubjectConfirmationData");
    struct str name = value_of(call, assertion, "RoleSessionName");
    *ret = (struct saml){
        .subject = doc_get_text(name_id, S("#")),
        .subject_type = type_of(doc_get_text(name_id, S("@Format"))),
        .issuer = doc_text(doc_at(assertion, "Issuer.#")),
        .recipient = doc_get_text(confirmed, S("@Recipient")),
        .session_ends_ms =
            moment(doc_at(assertion, "AuthnStatement.@SessionNotOnOrAfter"), INT64_MAX),
        .source_identity = value_of(call, assertion, "SourceIdentity"),
    };
    if (ret->issuer.len == 0)
        return invalid(call, "Issuer not present in specified provider");
    if (ret->subject.len == 0 || !is_audience(ret->recipient))
        return invalid(call, "Invalid SAML response: NameID and a Recipient of AWS must be there");
    if (!has_audience(assertion))
        return invalid(call, "Response does not contain the required audience.");
    if (!is_timely(call, assertion, confirmed, now_ms) || !role_is_granted(call, assertion))
        return false;
    if (name.len == 0)
        return invalid(call, "RoleSessionName is required in AuthnResponse");
    if (!is_session_name(name))
        return invalid(call, "RoleSessionName in AuthnResponse must match "
                             "[a-zA-Z_0-9+=,.@-]{2,64}");
    if (ret->source_identity.len > 0 &&
        (!is_session_name(ret->source_identity) || str_starts(ret->source_identity, S("aws:"))))
        return invalid(call, "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin "
                             "with \"aws:\"");
    take_session(call, assertion, name, ret->source_identity);
    return true;
}

struct str saml_name_qualifier(struct arena *arena, struct str issuer, struct str provider_arn)
{
    struct str rest = provider_arn, provider = provider_arn;
    unsigned char sum[EVP_MAX_MD_SIZE];
    char *text = arena_alloc(arena, 4 * sizeof sum);
    unsigned len = 0;

    while (str_next(&rest, '/', &provider))
        ;
    struct str all = arena_fmt(arena, "%.*s" ACCOUNT "/%.*s", STR(issuer), STR(provider));
    if (EVP_Digest(all.ptr, all.len, sum, &len, EVP_sha1(), NULL) != 1)
        return S("");
    int written = EVP_EncodeBlock((unsigned char *)text, sum, (int)len);
    return (struct str){text, (size_t)written};
}
