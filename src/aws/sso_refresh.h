/* A login of IAM Identity Center that is about to end is lengthened, where it may be. Private to
 * aws. */
#ifndef AWS_SSO_REFRESH_H
#define AWS_SSO_REFRESH_H

#include "credentials.h"

enum sso_end {
    SSO_LENGTHENED,
    SSO_OVER,  /* it has no refresh token that serves: a person must log in again */
    SSO_FAILED /* *reterr says why: trouble on the way, or a stop; the login may be good still */
};

/* By the refresh token in the cached login; the cache's file gets the new one. *ret_token is as it
 * was, but for SSO_LENGTHENED. */
enum sso_end sso_refresh(const struct recipe *recipe, const struct fetch *fetch,
                         const struct doc *cached, struct str *ret_token, struct aws_error *reterr);

#endif
