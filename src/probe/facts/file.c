#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_read(struct probe_error *reterr, const char *path, int why)
{
    return probe_error(reterr, EXIT_BAD_DATA, "%s: cannot be read: %s", path, strerror(why));
}

bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *ret_text,
               struct probe_error *reterr)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    size_t size = 0;
    ssize_t got = 0;

    if (fd < 0)
        return cannot_read(reterr, path, errno);
    if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
        close(fd);
        return cannot_read(reterr, path, EISDIR);
    }
    size_t room = S_ISREG(status.st_mode) ? (size_t)status.st_size : max_bytes;
    if (room > max_bytes || !arena_has_room(arena, room + 1)) {
        close(fd);
        return probe_error(reterr, EXIT_BAD_DATA, "%s: it is larger than %zu bytes", path,
                           max_bytes);
    }
    char *text = arena_alloc(arena, room + 1);
    while (size < room && (got = read(fd, text + size, room - size)) > 0)
        size += (size_t)got;
    int why = errno;
    close(fd);
    if (got < 0)
        return cannot_read(reterr, path, why);
    *ret_text = (struct str){text, size};
    return true;
}

bool file_read_words(struct arena *arena, const char *path, size_t max_bytes, struct str *ret_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    size_t size = 0, room = max_bytes;
    ssize_t got = 0;
    char *text;

    if (fd < 0)
        return false;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return false;
    }
    if ((uint64_t)status.st_size < room)
        room = (size_t)status.st_size;
    text = arena_alloc(arena, room + 1);
    while (size < room && (got = read(fd, text + size, room - size)) > 0)
        size += (size_t)got;
    close(fd);
    *ret_text = (struct str){text, size};
    return got >= 0;
}

static bool write_all(int fd, struct str text)
{
    while (text.len > 0) {
        ssize_t wrote = write(fd, text.ptr, text.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        text = str_from(text, (size_t)wrote);
    }
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS; /* a pipe has no disk */
}

/* A device, or a pipe: it is written as it is, never renamed over. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool write_special(const char *path, struct str text, struct probe_error *reterr)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write_all(fd, text);
    int why = errno;

    if (fd >= 0)
        close(fd);
    return written ||
           probe_error(reterr, EXIT_CANNOT_WRITE, "%s: cannot be written: %s", path, strerror(why));
}

bool file_write(const char *path, struct str text, struct probe_error *reterr)
{
    char fresh[PATH_MAX];

    if (is_special(path))
        return write_special(path, text, reterr);

    if (snprintf(fresh, sizeof fresh, "%s.%d.new", path, getpid()) >= (int)sizeof fresh)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: the name is too long", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: cannot be written: %s", path,
                           strerror(errno));
    bool written = write_all(fd, text);
    int why = errno;
    if (close(fd) != 0 && written) {
        written = false;
        why = errno;
    }
    if (written && rename(fresh, path) != 0) {
        written = false;
        why = errno;
    }
    if (written)
        return true;
    unlink(fresh);
    return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: cannot be written: %s", path, strerror(why));
}

bool folder_make(const char *path, struct probe_error *reterr)
{
    char part[PATH_MAX];
    size_t len = strlen(path);

    if (len >= sizeof part)
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: the name is too long", path);
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != 0)
            continue;
        char kept = part[i];
        part[i] = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: cannot be made: %s", part,
                               strerror(errno));
        part[i] = kept;
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: this is no folder", path);
    return true;
}
