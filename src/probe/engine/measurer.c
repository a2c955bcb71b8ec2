#include "fabric/ticks.h"
#include "last_words.h"
#include "stage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const int64_t woken_ns = 2000 * TICKS_MS; /* to answer, for one who was stopped */

struct stage *stage_new(void)
{
    void *memory = mmap(NULL, sizeof(struct stage), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void stage_free(struct stage *stage)
{
    if (stage != NULL)
        munmap(stage, sizeof *stage);
}

bool measurer_begin(struct measurer *m, struct stage *stage, const struct str *rails,
                    uint32_t rail_count, struct probe_error *reterr)
{
    pid_t conductor = getpid();
    int ends[2];

    *m = (struct measurer){.pid = -1, .orders = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return probe_error(reterr, EXIT_INTERNAL, "no socket: %s", strerror(errno));
    m->pid = fork();
    if (m->pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return probe_error(reterr, EXIT_UNAVAILABLE, "no second process: %s", strerror(errno));
    }
    if (m->pid == 0) {
        close(ends[0]);
        last_words_on_death(stage);
        if (getppid() != conductor)
            _exit(0);
        measure_forever(stage, ends[1], rails, rail_count);
    }
    close(ends[1]);
    m->orders = ends[0];
    return true;
}

/* The letter of the process's state: T is stopped, D hangs in the kernel. */
static char state_of(pid_t pid)
{
    char path[64], line[256], *at;
    FILE *file;
    char state = '?';

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return state;
    if (fgets(line, sizeof line, file) != NULL && (at = strrchr(line, ')')) != NULL && at[1] == ' ')
        state = at[2];
    fclose(file);
    return state;
}

/* What hangs in the kernel, or under a debugger, stays when it is killed: nobody waits for that. */
static bool reap(const struct measurer *m, int *ret_status)
{
    int64_t until = ticks_ns() + 2000 * TICKS_MS;
    struct timespec pause = {0, 5 * TICKS_MS};
    pid_t got;

    while ((got = waitpid(m->pid, ret_status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
        if (ticks_ns() > until)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool lose(struct measurer *m, int64_t waited_ns)
{
    char state = state_of(m->pid);
    int status = 0;

    m->lost = true;
    m->silent = waited_ns > 0;
    if (waited_ns > 0) {
        snprintf(m->why, sizeof m->why,
                 "the measuring process (pid %d) gave no sign for %.1f s: %s", (int)m->pid,
                 (double)waited_ns / 1e9,
                 state == 'T' || state == 't' ? "it is stopped (SIGSTOP, or a debugger)"
                 : state == 'D'               ? "it hangs in the kernel"
                                              : "a call into libfabric does not come back");
        kill(m->pid, SIGKILL);
    }
    if (!reap(m, &status))
        kill(m->pid, SIGKILL);
    if (waited_ns > 0)
        return false;
    if (WIFSIGNALED(status))
        snprintf(m->why, sizeof m->why, "the measuring process was ended by signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(m->why, sizeof m->why, "the measuring process ended by itself with status %d",
                 WEXITSTATUS(status));
    return false;
}

bool measurer_do(struct measurer *m, const struct stage_order *order, int64_t deadline)
{
    struct pollfd fd = {.fd = m->orders, .events = POLLIN};
    struct stage_answer answer;
    int64_t began = ticks_ns(), left;
    bool woken = false;
    int ready;

    if (m->lost)
        return false;
    if (send(m->orders, order, sizeof *order, MSG_NOSIGNAL) != sizeof *order)
        return lose(m, 0);
    do {
        left = deadline - ticks_ns();
        ready = poll(&fd, 1, left <= 0 ? 0 : (int)(left / TICKS_MS) + 1);
        if (ready == 0 && !woken && ticks_ns() > deadline + woken_ns) {
            deadline = ticks_ns() + woken_ns; /* both processes stood still, not only that one */
            woken = true;
        }
    } while ((ready < 0 && errno == EINTR) || (ready == 0 && ticks_ns() < deadline));
    if (ready == 0)
        return lose(m, ticks_ns() - began);
    if (recv(m->orders, &answer, sizeof answer, 0) != sizeof answer)
        return lose(m, 0);
    m->cpu_ticks = answer.cpu_ticks;
    return answer.well;
}

void measurer_end(struct measurer *m)
{
    int status;

    if (m->orders >= 0)
        close(m->orders);
    m->orders = -1;
    if (m->lost || m->pid <= 0)
        return;
    if (!reap(m, &status)) {
        kill(m->pid, SIGKILL);
        reap(m, &status);
    }
    m->lost = true;
}
