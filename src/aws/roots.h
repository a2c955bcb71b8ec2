/* The root certificates of this machine. Private to aws. */
#ifndef AWS_ROOTS_H
#define AWS_ROOTS_H

#include <hp/base/clock.h>

/* The file to trust when nobody named one: SSL_CERT_FILE, else the first that is there of the
 * places where Linux distributions keep it; the aws provider, a Go program, looks at the same.
 * Found at run time, since a program may run on another distribution than it was built on. Where
 * there is none it is the first place: the error of a connection then names it. Lives as long as
 * the environment. */
struct str roots_find(const struct world *world);

#endif
