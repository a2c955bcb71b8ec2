/* Which hosts are reached without a proxy. Private to aws. */
#ifndef AWS_NO_PROXY_H
#define AWS_NO_PROXY_H

#include <hp/base/str.h>

/* Is the host of this URL one of the list? As Go's clients read NO_PROXY: separated by commas, "*"
 * for all; a domain stands for itself and all below it, with a point in front only for those below;
 * an address, or a block of addresses (10.0.0.0/8); each with :port, if only that port is meant.
 * This machine itself (localhost, 127.0.0.0/8, ::1) always is. */
bool no_proxy_covers(struct str list, struct str url);

#endif
