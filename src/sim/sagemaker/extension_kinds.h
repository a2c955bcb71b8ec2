/* Which extensions there are, and their settings. */
#ifndef HP_SIM_EXTENSION_KINDS_H
#define HP_SIM_EXTENSION_KINDS_H

#include "call/call.h"

struct extension_kind {
    const char *name;
    const char *const *versions; /* oldest first, ended by NULL */
    const char *settings;        /* JSON: every setting with its default */
    const char *optional;        /* JSON: those that have none */
};

const struct extension_kind *extension_kind_find(struct str name);
struct str extension_newest(const struct extension_kind *kind);
/* -1: there is no such version. */
int extension_version_rank(const struct extension_kind *kind, struct str version);
/* `has` (NULL: the defaults) with the settings sent (a JSON object; empty: none) put into it; null
 * is back to the default. False: call's error is made. */
bool extension_configure(struct call *call, const struct extension_kind *kind,
                         const struct doc *has, struct str sent, struct doc **ret_settings);

#endif
