/* Whole files: read within a limit, written so that there is never half of one. */
#ifndef HP_PROBE_FILE_H
#define HP_PROBE_FILE_H

#include "error.h"

#include <hp/base/arena.h>

/* The text lives in the arena. False: EXIT_BAD_DATA and why. */
bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *ret_text,
               struct probe_error *reterr);
/* What others may have left beside a report: the beginning of a plain file. False: there is none,
 * or it is a pipe or a device. */
bool file_read_words(struct arena *arena, const char *path, size_t max_bytes, struct str *ret_text);
/* Writes PATH.PID.new, waits until it is on the disk, and renames it. False: EXIT_CANNOT_WRITE;
 * what stood at path stays, and nothing else is left. A device or a pipe is written as it is. */
bool file_write(const char *path, struct str text, struct probe_error *reterr);
/* Makes the folder and those above it, where they are missing. */
bool folder_make(const char *path, struct probe_error *reterr);

#endif
