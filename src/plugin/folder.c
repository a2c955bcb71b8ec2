#include "folder.h"
#include <hp/base/buf.h>

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { longest_socket_path = 107 };

static const char name_template[] = "/plugin-XXXXXX";
static const char socket_name[] = "/s";

/* The path stands between bars on one line, and C-core takes 107 bytes. */
static bool usable(struct str base)
{
    if (base.len == 0 || base.ptr[0] != '/' ||
        base.len + sizeof name_template + sizeof socket_name - 2 > longest_socket_path)
        return false;
    for (size_t i = 0; i < base.len; i++)
        if (base.ptr[i] == '|' || iscntrl((unsigned char)base.ptr[i]))
            return false;
    return str_is_utf8(base);
}

bool folder_make(struct arena *arena, const struct str *bases, size_t count, struct str group,
                 struct folder *ret_folder, struct str *reterr)
{
    *reterr = S("no folder for the socket: none of the temporary folders can be used");
    for (size_t i = 0; i < count; i++) {
        if (!usable(bases[i]))
            continue;
        char *path = arena_z(arena, arena_cat(arena, bases[i], str_of(name_template)));
        if (mkdtemp(path) == NULL) {
            *reterr = arena_fmt(arena, "no folder for the socket: %s: %s", path, strerror(errno));
            continue;
        }
        ret_folder->path = path;
        ret_folder->socket = arena_z(arena, arena_cat(arena, str_of(path), str_of(socket_name)));
        ret_folder->group = group.len == 0 ? NULL : arena_z(arena, group);
        return true;
    }
    return false;
}

static bool group_id(const char *group, gid_t *ret_id)
{
    int64_t number;
    if (str_to_int64(str_of(group), &number) && number >= 0) {
        *ret_id = (gid_t)number;
        return true;
    }
    const struct group *entry = getgrnam(group); /* before any thread begins */
    if (entry == NULL)
        return false;
    *ret_id = entry->gr_gid;
    return true;
}

bool folder_share(struct arena *arena, const struct folder *folder, struct str *reterr)
{
    gid_t group;

    if (folder->group == NULL)
        return chmod(folder->socket, 0600) == 0 ||
               (*reterr = arena_fmt(arena, "%s: %s", folder->socket, strerror(errno)), false);
    if (!group_id(folder->group, &group)) {
        *reterr = arena_fmt(arena, "PLUGIN_UNIX_SOCKET_GROUP names no group: %s", folder->group);
        return false;
    }
    if (chown(folder->socket, (uid_t)-1, group) != 0 || chmod(folder->socket, 0660) != 0 ||
        chown(folder->path, (uid_t)-1, group) != 0 || chmod(folder->path, 0710) != 0) {
        *reterr = arena_fmt(arena, "%s can't be shared with the group %s: %s", folder->socket,
                            folder->group, strerror(errno));
        return false;
    }
    return true;
}

void folder_remove(const struct folder *folder)
{
    if (folder->path == NULL)
        return;
    unlink(folder->socket);
    rmdir(folder->path);
}

const char *folder_address(struct arena *arena, const struct folder *folder)
{
    struct buf out = buf_in(arena, 1024);
    buf_putz(&out, "unix:");
    for (const char *c = folder->socket; *c != 0; c++)
        if (isalnum((unsigned char)*c) || strchr("/-._~", *c) != NULL)
            buf_putc(&out, *c);
        else
            buf_printf(&out, "%%%02X", (unsigned char)*c);
    buf_putc(&out, 0);
    return out.ptr;
}
