/* A wait of hours asks AWS many hundred times. Each look has an arena of its own, which ends with
 * it; only the trees that are kept go on to the next one. */
#include "cluster.h"

enum { page_bytes = 512 * 1024 * 1024 };

struct pages {
    enum hp_wait_state (*look)(struct tf_call *call, void *arg);
    void *arg;
    struct doc **kept[2];
    struct arena *shelf; /* where the kept trees lie between looks */
};

/* Diagnostics may borrow their title from the page. */
static void own_titles(struct diags *diags)
{
    for (struct diag *diag = diags->first; diag != NULL; diag = diag->next)
        diag->summary = arena_str(diags->arena, diag->summary);
}

static void keep(struct pages *pages, struct arena *arena)
{
    for (size_t i = 0; i < 2; i++)
        if (pages->kept[i] != NULL && *pages->kept[i] != NULL)
            *pages->kept[i] = doc_copy(arena, *pages->kept[i]);
}

static enum hp_wait_state turn(struct tf_call *call, void *arg)
{
    struct pages *pages = arg;
    struct arena *page = arena_new(page_bytes), *shelf = arena_new(page_bytes);
    struct tf_call here = *call;
    here.arena = page;
    enum hp_wait_state state = pages->look(&here, pages->arg);

    if (state == HP_WAIT_FAILED)
        own_titles(call->diags);
    keep(pages, shelf);
    arena_free(page);
    arena_free(pages->shelf);
    pages->shelf = shelf;
    return state;
}

enum hp_wait_end cluster_wait_paged(struct tf_call *call,
                                    enum hp_wait_state (*look)(struct tf_call *call, void *arg),
                                    void *arg, struct doc **live, struct doc **nodes)
{
    struct pages pages = {.look = look, .arg = arg, .kept = {live, nodes}};
    enum hp_wait_end end = hp_wait(call, turn, &pages);

    keep(&pages, call->arena);
    arena_free(pages.shelf);
    return end;
}
