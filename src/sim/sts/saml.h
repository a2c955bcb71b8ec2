/* A SAML response of an identity provider, as AssumeRoleWithSAML takes it. Nobody's signature can
 * be checked here, and which providers there are is not known: its form, its times and what it says
 * are. */
#ifndef HP_SIM_SAML_H
#define HP_SIM_SAML_H

#include "call/call.h"

struct saml {
    struct str subject, subject_type, issuer, recipient;
    int64_t session_ends_ms; /* SessionNotOnOrAfter; INT64_MAX: not told */
    struct str source_identity;
};

/* Reads the call's SAMLAssertion as of `now_ms` by the wall clock. What it says of the session
 * (RoleSessionName, SourceIdentity, Tags, TransitiveTagKeys) becomes members of call's input, as
 * AssumeRole has them. False: call's error is made. */
bool saml_read(struct call *call, int64_t now_ms, struct saml *ret);
/* Base64 of SHA-1 of issuer, account and provider (STS API reference, NameQualifier). */
struct str saml_name_qualifier(struct arena *arena, struct str issuer, struct str provider_arn);

#endif
