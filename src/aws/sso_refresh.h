/* A login of IAM Identity Center that is about to end is lengthened, where it may be. Private to
 * aws. */
#ifndef AWS_SSO_REFRESH_H
#define AWS_SSO_REFRESH_H

#include "credentials.h"

/* By the refresh token in the cached login; the cache's file gets the new one. False: it has none,
 * or the service did not give another; *ret_token is as it was. */
bool sso_refresh(const struct recipe *recipe, const struct fetch *fetch, const struct doc *cached,
                 struct str *ret_token);

#endif
