/* Long lists: a page at a time, each in memory of its own. */
#include "hyperpod.h"

enum { most_pages = 10000, page_bytes = 512 * 1024 * 1024 };

struct listing {
    struct tf_call *call;
    const struct aws_op *op;
    const struct doc *input;
    bool (*on_page)(void *arg, const struct doc *page);
    void *arg;
    struct str doing;
};

/* *ret_next: of the page after it, in the arena; empty: none, or none is wanted. False: told. */
static bool show_page(const struct listing *listing, struct arena *arena, struct str token,
                      struct str *ret_next)
{
    struct doc *input = doc_copy(arena, listing->input), *page = NULL;
    struct tf_call here = *listing->call;
    struct aws_error error;

    here.arena = arena;
    if (token.len > 0)
        doc_set(arena, input, S("NextToken"), doc_string(arena, token));
    if (!hp_call(&here, listing->op, input, &page, &error))
        return hp_diag(listing->call, NULL, &error, "%.*s", STR(listing->doing));
    bool more = listing->on_page(listing->arg, page);
    *ret_next = more ? doc_get_text(page, S("NextToken")) : S("");
    return true;
}

static bool tell_endless(const struct listing *listing, size_t pages)
{
    return diag_error(listing->call->diags, NULL, "The list does not end",
                      "%s:%s, while %.*s: after %zu pages AWS names another one%s. Something "
                      "between here and AWS may have changed the answers (a proxy?).",
                      listing->op->service->id, listing->op->name, STR(listing->doing), pages,
                      pages < most_pages ? ", and it is the same again" : "");
}

bool hp_each_page(struct tf_call *call, const struct aws_op *op, const struct doc *input,
                  bool (*on_page)(void *arg, const struct doc *page), void *arg, struct str doing)
{
    const struct listing listing = {call, op, input, on_page, arg, doing};
    struct arena *last = NULL; /* where the token lies */
    struct str token = {0};
    bool good = true;

    for (size_t pages = 1; good; pages++) {
        struct arena *arena = arena_new(page_bytes);
        struct str next = {0};
        good = show_page(&listing, arena, token, &next);
        if (next.len > 0 && (pages >= most_pages || str_eq(next, token)))
            good = tell_endless(&listing, pages);
        arena_free(last);
        last = arena;
        token = next;
        if (next.len == 0)
            break;
    }
    arena_free(last);
    return good;
}
