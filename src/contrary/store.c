#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { longest_path = 4096 };

struct item {
    char *id, *json;
    struct item *next;
};

struct store {
    char dir[longest_path];
    pthread_mutex_t lock;
    struct item *items;
};

struct store *store_new(struct str dir)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        abort();
    if (dir.len > 0 && dir.len < sizeof store->dir)
        memcpy(store->dir, dir.ptr, dir.len);
    pthread_mutex_init(&store->lock, NULL);
    return store;
}

static void item_free(struct item *item)
{
    free(item->id);
    free(item->json);
    free(item);
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    while (store->items != NULL) {
        struct item *next = store->items->next;
        item_free(store->items);
        store->items = next;
    }
    pthread_mutex_destroy(&store->lock);
    free(store);
}

/* DIR/ID.json; ptr NULL for an id that is no plain name. */
static struct str path_of(const struct store *store, struct arena *arena, struct str id)
{
    bool plain = id.len > 0 && id.len < 200;
    for (size_t i = 0; i < id.len; i++)
        plain = plain && strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", id.ptr[i]) != NULL;
    return plain ? arena_fmt(arena, "%s/%.*s.json", store->dir, STR(id)) : (struct str){0};
}

static bool write_file(struct arena *arena, struct str path, struct str text)
{
    struct str fresh = arena_fmt(arena, "%.*s.new", STR(path));
    int fd = open(fresh.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool fine = write(fd, text.ptr, text.len) == (ssize_t)text.len;
    fine = close(fd) == 0 && fine;
    return fine && rename(fresh.ptr, path.ptr) == 0;
}

static struct str read_file(struct arena *arena, struct str path)
{
    struct stat info;
    struct str none = {0};
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return none;
    if (fstat(fd, &info) != 0 || info.st_size > STORE_LARGEST) {
        close(fd);
        return none;
    }
    char *text = arena_alloc(arena, (size_t)info.st_size + 1);
    ssize_t len = read(fd, text, (size_t)info.st_size);
    close(fd);
    return len < 0 ? none : (struct str){text, (size_t)len};
}

static void forget(struct store *store, struct str id)
{
    struct item **link = &store->items;
    while (*link != NULL && !str_is(id, (*link)->id))
        link = &(*link)->next;
    if (*link == NULL)
        return;
    struct item *item = *link;
    *link = item->next;
    item_free(item);
}

static bool put_in_memory(struct store *store, struct str id, struct str json)
{
    struct item *item = calloc(1, sizeof *item);
    if (item == NULL)
        return false;
    item->id = strndup(id.ptr, id.len);
    item->json = strndup(json.ptr, json.len);
    pthread_mutex_lock(&store->lock);
    forget(store, id);
    item->next = store->items;
    store->items = item;
    pthread_mutex_unlock(&store->lock);
    return true;
}

bool store_put(struct store *store, struct str id, struct str json)
{
    if (store->dir[0] == 0)
        return put_in_memory(store, id, json);
    scoped(arena_freep) struct arena *arena = arena_new(64 << 10);
    struct str path = path_of(store, arena, id);
    if (path.ptr == NULL || (mkdir(store->dir, 0700) != 0 && errno != EEXIST))
        return false;
    return write_file(arena, path, json);
}

struct str store_get(struct store *store, struct arena *arena, struct str id)
{
    struct str found = {0};

    if (store->dir[0] != 0) {
        struct str path = path_of(store, arena, id);
        return path.ptr == NULL ? path : read_file(arena, path);
    }
    pthread_mutex_lock(&store->lock);
    for (struct item *item = store->items; item != NULL && found.ptr == NULL; item = item->next)
        if (str_is(id, item->id))
            found = arena_str(arena, str_of(item->json));
    pthread_mutex_unlock(&store->lock);
    return found;
}

void store_remove(struct store *store, struct str id)
{
    if (store->dir[0] != 0) {
        scoped(arena_freep) struct arena *arena = arena_new(64 << 10);
        struct str path = path_of(store, arena, id);
        if (path.ptr != NULL)
            unlink(path.ptr);
        return;
    }
    pthread_mutex_lock(&store->lock);
    forget(store, id);
    pthread_mutex_unlock(&store->lock);
}

/* ---- A list of what there is ---- */

struct id_list {
    struct arena *arena;
    struct str prefix, *ids;
    size_t count, most;
};

static void note(struct id_list *list, struct str id)
{
    if (list->count < list->most && str_starts(id, list->prefix))
        list->ids[list->count++] = arena_str(list->arena, id);
}

static void list_files(const struct store *store, struct id_list *list)
{
    DIR *dir = opendir(store->dir);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct str name = str_of(entry->d_name);
        if (str_ends(name, S(".json")))
            note(list, str_sub(name, 0, name.len - strlen(".json")));
    }
    if (dir != NULL)
        closedir(dir);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t store_list(struct store *store, struct arena *arena, struct str prefix, struct str *ids,
                  size_t most)
{
    struct id_list list = {arena, prefix, ids, 0, most};

    if (store->dir[0] != 0)
        list_files(store, &list);
    pthread_mutex_lock(&store->lock);
    for (struct item *item = store->items; item != NULL; item = item->next)
        note(&list, str_of(item->id));
    pthread_mutex_unlock(&store->lock);
    qsort(ids, list.count, sizeof *ids, by_text);
    return list.count;
}
