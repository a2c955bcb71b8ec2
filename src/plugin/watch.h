/* What the main thread does while others work: it waits for a reason to leave. */
#ifndef HP_PLUGIN_WATCH_H
#define HP_PLUGIN_WATCH_H

#include <stdbool.h>

enum leave_reason {
    LEAVE_ASKED,  /* watch_leave was called */
    LEAVE_SIGNAL, /* SIGTERM; in debug mode also SIGINT and SIGHUP */
    LEAVE_ORPHAN  /* nobody reads our standard output any more: the parent is gone */
};

struct watch {
    int leave_fd, signal_fd, parent_fd;
};

/* Blocks the signals; before any thread begins. */
bool watch_begin(struct watch *watch, bool interrupts_too);
/* Puts a copy of standard output aside, by which the parent's end is seen. */
void watch_parent(struct watch *watch);
void watch_leave(struct watch *watch); /* from any thread */
enum leave_reason watch_wait(struct watch *watch);
void watch_end(struct watch *watch);

/* Whatever happens from here on, the process is gone after that time. */
void watch_deadline(int within_ms);

#endif
