#include "process.h"

#include <hp/base/buf.h>
#include <hp/base/secret.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 64 << 10, COMPLAINT_MAX = 4 << 10, TIME_MS = 60 * 1000, LOOK_MS = 100 };
enum { LAST_READS = 64 }; /* more than a full pipe takes */

extern char **environ;

struct run {
    const struct world *world;
    struct stop_token *stop;
    int64_t until_tick_ms;
    pid_t pid;
    int pipes[2][2]; /* stdout, stderr; reading end, writing end */
    struct buf said[2];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool start(struct run *run, struct str command)
{
    char shell[] = "/bin/sh", flag[] = "-c";
    char *const args[] = {shell, flag, (char *)command.ptr, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, usual;
    if (pipe2(run->pipes[0], O_CLOEXEC) != 0 || pipe2(run->pipes[1], O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, run->pipes[0][1], 1);
    posix_spawn_file_actions_adddup2(&files, run->pipes[1][1], 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                       POSIX_SPAWN_SETSIGDEF);
    int failed = posix_spawn(&run->pid, shell, &files, &how, args, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    close_end(&run->pipes[0][1]);
    close_end(&run->pipes[1][1]);
    return failed == 0;
}

/* Of stderr only the beginning is kept; too much on stdout is an end. */
static bool drain(struct run *run, int which)
{
    char bytes[4096];
    ssize_t got = read(run->pipes[which][0], bytes, sizeof bytes);
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        close_end(&run->pipes[which][0]);
    else
        buf_put(&run->said[which], (struct str){bytes, (size_t)got});
    wipe(bytes, sizeof bytes);
    return which == 1 || !run->said[0].overflow;
}

static bool is_ended(struct run *run, struct process_end *ret)
{
    int status;
    if (waitpid(run->pid, &status, WNOHANG) != run->pid)
        return false;
    ret->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

/* Until the process has ended and what it printed is read; a child that it leaves behind may keep
 * the pipes open, or go on printing. */
static enum process_why follow(struct run *run, struct process_end *ret)
{
    bool ended = false;
    for (int last_reads = 0;; last_reads += ended) {
        struct pollfd polls[2] = {{run->pipes[0][0], POLLIN, 0}, {run->pipes[1][0], POLLIN, 0}};
        int ready = poll(polls, 2, ended ? 0 : LOOK_MS);
        for (int i = 0; ready > 0 && i < 2; i++)
            if (polls[i].revents != 0 && !drain(run, i))
                return PROCESS_TOO_MUCH;
        if (ended && (ready <= 0 || last_reads >= LAST_READS))
            return PROCESS_ENDED;
        ended = ended || is_ended(run, ret);
        if (ended)
            continue;
        if (stop_requested(run->stop))
            return PROCESS_STOPPED;
        if (world_tick_ms(run->world) >= run->until_tick_ms)
            return PROCESS_TOO_LATE;
    }
}

void process_run(const struct world *world, struct arena *arena, struct str command,
                 struct stop_token *stop, struct process_end *ret)
{
    struct run run = {
        .world = world,
        .stop = stop,
        .until_tick_ms = world_tick_ms(world) + TIME_MS,
        .pipes = {{-1, -1}, {-1, -1}},
        .said = {buf_on_heap(OUTPUT_MAX), buf_on_heap(COMPLAINT_MAX)},
    };
    *ret = (struct process_end){.why = PROCESS_UNSTARTED};
    if (start(&run, arena_str(arena, command))) {
        ret->why = follow(&run, ret);
        kill(-run.pid, SIGKILL); /* what it left behind goes too */
        if (ret->why != PROCESS_ENDED)
            waitpid(run.pid, NULL, 0);
    }
    ret->output = arena_str(arena, buf_str(&run.said[0]));
    ret->complaint = arena_utf8(arena, arena_str(arena, buf_str(&run.said[1])));
    for (int i = 0; i < 2; i++) {
        wipe(run.said[i].ptr, run.said[i].len);
        buf_done(&run.said[i]);
        close_end(&run.pipes[i][0]);
        close_end(&run.pipes[i][1]);
    }
}

struct str process_end_text(struct arena *arena, const struct process_end *end)
{
    switch (end->why) {
    case PROCESS_UNSTARTED:
        return S("could not be started");
    case PROCESS_STOPPED:
        return S("was stopped");
    case PROCESS_TOO_LATE:
        return arena_fmt(arena, "did not end within %d s", TIME_MS / 1000);
    case PROCESS_TOO_MUCH:
        return arena_fmt(arena, "printed more than %d bytes", OUTPUT_MAX);
    default:
        return end->status > 128 ? arena_fmt(arena, "was ended by signal %d", end->status - 128)
                                 : arena_fmt(arena, "ended with status %d", end->status);
    }
}
