/* The folder of the socket: ours alone, made for this process, gone when it ends. */
#ifndef HP_PLUGIN_FOLDER_H
#define HP_PLUGIN_FOLDER_H

#include <hp/base/arena.h>

struct folder {
    char *path;   /* "/tmp/plugin-AbC123" */
    char *socket; /* "/tmp/plugin-AbC123/s" */
    const char *group;
};

/* Makes it under the first of the bases that works (each may have ptr NULL). A base is passed over
 * when the socket's path would be too long for a unix socket or would break the handshake line. */
bool folder_make(struct arena *arena, const struct str *bases, size_t count, struct str group,
                 struct folder *ret_folder, struct str *reterr);
/* After the socket is there: who may connect. */
bool folder_share(struct arena *arena, const struct folder *folder, struct str *reterr);
/* Removes socket and folder; fine when they are gone. */
void folder_remove(const struct folder *folder);
/* "unix:/tmp/…", with what a URI does not take escaped. */
const char *folder_address(struct arena *arena, const struct folder *folder);

#endif
