#include "page.h"
struct str page_html(struct sim *sim, struct arena *arena)
{
    (void)sim;
    (void)arena;
    return S("");
}
