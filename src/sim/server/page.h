/* The page for people, and what its files share. */
#ifndef HP_SIM_PAGE_H
#define HP_SIM_PAGE_H

#include "core/core.h"

/* A page that renews itself: clusters with their groups, nodes and events, networks, conditions,
 * faults, calls. */
struct str page_html(struct sim *sim, struct arena *arena);

/* A page while it is written. */
struct page {
    struct sim *sim;
    struct arena *arena;
    struct buf out;
};

void page_put(struct page *page, const char *html);
/* Text, with what HTML would read as its own escaped. */
void page_text(struct page *page, struct str text);
void page_cell(struct page *page, struct str text);
void page_code_cell(struct page *page, struct str text);
/* A word in the colour of what it means: InService, Creating, Failed. */
void page_mark(struct page *page, struct str word);
/* "good", "busy" or "bad": the class of a status, of whatever kind. */
const char *page_class(struct str status);

/* One section of a region: its clusters. */
void page_clusters(struct page *page, struct region *region);

#endif
