/* Runs a command line of the user's, with bounds. Private to aws. */
#ifndef AWS_PROCESS_H
#define AWS_PROCESS_H

#include <hp/base/clock.h>

enum process_why {
    PROCESS_ENDED, /* with `status` */
    PROCESS_UNSTARTED,
    PROCESS_STOPPED,
    PROCESS_TOO_LATE, /* after a minute */
    PROCESS_TOO_MUCH  /* printed more than 64 KiB */
};
struct process_end {
    enum process_why why;
    int status;           /* 0: success; above 128: ended by signal status - 128 */
    struct str output;    /* of stdout; in the arena */
    struct str complaint; /* of stderr, its beginning; in the arena */
};

/* By the shell, in a process group of its own that is killed when it does not end by itself. It
 * inherits the environment and no open file: stdin is empty, stdout and stderr come here. */
void process_run(const struct world *world, struct arena *arena, struct str command,
                 struct stop_token *stop, struct process_end *ret);
/* "ended with status 1". */
struct str process_end_text(struct arena *arena, const struct process_end *end);

#endif
