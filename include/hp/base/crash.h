/* The end of a process that has gone wrong: one sentence, and nothing of its memory. */
#ifndef HP_BASE_CRASH_H
#define HP_BASE_CRASH_H

#include <hp/base/str.h>

/* Once, before threads. From now on a fatal signal (SEGV, BUS, ILL, FPE, ABRT, SYS) writes one line
 * to standard error, "[ERROR] NAME …", and ends the process by that signal. No core is written,
 * neither into a file nor into a pipe, and unless it is attachable only root may look into the
 * process (ptrace, /proc/PID/mem, /proc/PID/environ). What else handles a signal already keeps it:
 * a sanitizer. */
void crash_begin(const char *name, bool attachable);

/* For a thread: room on which the sentence can be said even when its stack is used up. The room
 * lives as long as the thread. */
enum { CRASH_ROOM = 64 * 1024 };
void crash_room(void *room);

#endif
