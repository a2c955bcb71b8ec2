/* The page for people. */
#ifndef HP_SIM_PAGE_H
#define HP_SIM_PAGE_H

#include "core.h"

/* A page that renews itself: clusters with their groups, security groups, networks, the newest
 * calls. */
struct str page_html(struct sim *sim, struct arena *arena);

#endif
