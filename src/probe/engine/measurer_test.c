#include "fabric/ticks.h"
#include "stage.h"

#include <hp/base/test.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process whose parent hears of its end only when the debugger has heard of it, and let go. */
static pid_t debug(pid_t pid)
{
    int ready[2];
    char byte = 0;

    ck_assert_int_eq(pipe(ready), 0);
    pid_t debugger = fork();
    if (debugger == 0) {
        byte = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0;
        if (write(ready[1], &byte, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    if (byte != 0)
        return debugger;
    kill(debugger, SIGKILL);
    waitpid(debugger, NULL, 0);
    return -1;
}

START_TEST(a_measuring_process_that_stays_when_it_is_killed_is_not_waited_for)
{
    struct stage *stage = stage_new();
    struct measurer m;
    struct probe_error error = {0};
    struct stage_order order = {.kind = ORDER_OPEN};

    ck_assert(measurer_begin(&m, stage, NULL, 0, &error));
    pid_t debugger = debug(m.pid);
    kill(m.pid, SIGSTOP);
    int64_t began = ticks_ns();
    bool did = measurer_do(&m, &order, ticks_ns() + 50 * TICKS_MS);
    int64_t took = ticks_ns() - began;
    measurer_end(&m);
    if (debugger > 0) {
        kill(debugger, SIGKILL);
        waitpid(debugger, NULL, 0);
    }
    waitpid(m.pid, NULL, 0);
    stage_free(stage);

    ck_assert(!did && m.lost);
    ck_assert_int_lt(took, 10000 * TICKS_MS);
    ck_assert_ptr_nonnull(strstr(m.why, "gave no sign"));
}
END_TEST

TESTS("probe/measurer", a_measuring_process_that_stays_when_it_is_killed_is_not_waited_for)
