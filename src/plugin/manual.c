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

static bool write_manual(struct arena *arena, const struct tf_server *server,
                         const struct tf_resource *resource, struct str path)
{
    struct buf page = buf_in(arena, largest_page);
    tf_manual(server, resource, &page);
    return write_page(path.ptr, &page);
}

int manual_write(const struct tf_provider *provider, const struct world *world, const char *folder)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct str resources = arena_fmt(arena, "%s/resources", folder);
    struct str prefix = arena_fmt(arena, "%s_", provider->name);

    if (!make_folder(folder) || !make_folder(resources.ptr))
        return EXIT_FAILURE;
    struct tf_server *server = tf_server_new(provider, world);
    bool done = write_manual(arena, server, NULL, arena_fmt(arena, "%s/index.md", folder));
    for (size_t i = 0; done && provider->resources[i] != NULL; i++) {
        struct str name = str_of(provider->resources[i]->type);
        if (str_starts(name, prefix))
            name = str_from(name, prefix.len);
        done = write_manual(arena, server, provider->resources[i],
                            arena_fmt(arena, "%s/%.*s.md", resources.ptr, STR(name)));
    }
    tf_server_free(server);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
