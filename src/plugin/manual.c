#include "manual.h"
#include <hp/tf/server.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { largest_page = 16 * 1024 * 1024 };

static bool make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool write_page(const char *path, const struct buf *page)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t done = 0;

    while (fd >= 0 && done < page->len) {
        ssize_t wrote = write(fd, page->ptr + done, page->len - done);
        if (wrote < 0)
            break;
        done += (size_t)wrote;
    }
    bool whole = fd >= 0 && done == page->len && !page->overflow;
    if (!whole)
        fprintf(stderr, "%s: %s\n", path, page->overflow ? "too large" : strerror(errno));
    if (fd >= 0)
        close(fd);
    return whole;
}

struct manual {
    struct arena *arena;
    const struct tf_server *server;
    const char *folder;
};

/* FOLDER/KIND/NAME.md, the name without the provider's; the folder is made. */
static struct str path_of(const struct manual *manual, const char *kind, const char *name)
{
    struct str prefix = arena_fmt(manual->arena, "%s_", tf_server_provider(manual->server)->name);
    struct str shown = str_of(name), folder;
    struct str none = {0};

    if (str_starts(shown, prefix))
        shown = str_from(shown, prefix.len);
    folder = arena_fmt(manual->arena, "%s/%s", manual->folder, kind);
    if (!make_folder(folder.ptr))
        return none;
    return arena_fmt(manual->arena, "%.*s/%.*s.md", STR(folder), STR(shown));
}

static bool write_offers(const struct manual *manual, enum tf_offer_kind kind, const char *folder)
{
    const struct tf_offer *offer;

    for (size_t i = 0; (offer = tf_offer_at(manual->server, kind, i)) != NULL; i++) {
        struct str path = path_of(manual, folder, offer->name);
        struct buf page = buf_in(manual->arena, largest_page);
        tf_manual(manual->server, offer, &page);
        if (path.ptr == NULL || !write_page(path.ptr, &page))
            return false;
    }
    return true;
}

static bool write_functions(const struct manual *manual)
{
    const struct tf_function *const *function = tf_server_provider(manual->server)->functions;

    for (; function != NULL && *function != NULL; function++) {
        struct str path = path_of(manual, "functions", (*function)->name);
        struct buf page = buf_in(manual->arena, largest_page);
        tf_manual_function(manual->server, *function, &page);
        if (path.ptr == NULL || !write_page(path.ptr, &page))
            return false;
    }
    return true;
}

static bool write_index(const struct manual *manual)
{
    struct buf page = buf_in(manual->arena, largest_page);

    tf_manual(manual->server, tf_offer_find(manual->server, TF_PROVIDER, S("")), &page);
    return write_page(arena_fmt(manual->arena, "%s/index.md", manual->folder).ptr, &page);
}

int manual_write(const struct tf_provider *provider, const struct world *world, const char *folder)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct tf_server *server = tf_server_new(provider, world);
    struct manual manual = {arena, server, folder};

    bool done = make_folder(folder) && write_index(&manual) &&
                write_offers(&manual, TF_RESOURCE, "resources") &&
                write_offers(&manual, TF_DATA_SOURCE, "data-sources") &&
                write_offers(&manual, TF_EPHEMERAL, "ephemeral-resources") &&
                write_offers(&manual, TF_LIST_RESOURCE, "list-resources") &&
                write_functions(&manual);
    tf_server_free(server);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
