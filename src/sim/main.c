#include "options.h"

#include <hp/base/log.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { exit_usage = 64, exit_unavailable = 69, exit_cannot_write = 73, exit_in_use = 98 };

static int open_log(const char *path)
{
    if (strcmp(path, "-") == 0)
        return STDERR_FILENO;
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int cannot_listen(const struct command_line *line, int why)
{
    if (why == EINVAL) {
        fprintf(stderr,
                "hyperpod-sim: --listen %s: this is no loopback address; hyperpod-sim believes "
                "whoever reaches it, so it listens on 127.0.0.0/8 and ::1 only\n",
                line->listen);
        return exit_usage;
    }
    fprintf(stderr, "hyperpod-sim: cannot listen on %s, port %d: %s\n", line->listen, line->port,
            strerror(why));
    return why == EADDRINUSE ? exit_in_use : exit_unavailable;
}

static int serve(struct sim *sim, const struct command_line *line, const sigset_t *ends)
{
    int real_port = 0, signal_number;
    struct sim_server *server = sim_serve(sim, line->listen, line->port, &real_port);
    bool ipv6 = strchr(line->listen, ':') != NULL;

    if (server == NULL)
        return cannot_listen(line, errno);
    printf("ready http://%s%s%s:%d\n", ipv6 ? "[" : "", line->listen, ipv6 ? "]" : "", real_port);
    fflush(stdout);
    sigwait(ends, &signal_number);
    sim_stop(sim);
    sim_server_free(server);
    return 0;
}

/* What an answer took stays with the process for the next one. By default the larger half of it
 * would go back to the system after each call, to be handed out and emptied again. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

int main(int argc, char **argv)
{
    struct command_line line;
    struct sim_error error;
    char why[256];
    sigset_t ends;

    if (!command_line_parse(argc, argv, &line, why)) {
        fprintf(stderr, "hyperpod-sim: %s\nhyperpod-sim --help tells the options.\n", why);
        return exit_usage;
    }
    if (line.help || line.version) {
        fputs(line.help ? command_line_usage : "hyperpod-sim " HP_VERSION "\n", stdout);
        return 0;
    }
    log_begin(LOG_HUMAN, line.quiet ? LOG_OFF : LOG_WARN, STDERR_FILENO);
    if (line.verbose)
        line.sim.log_fd = STDERR_FILENO;
    if (line.log != NULL && (line.sim.log_fd = open_log(line.log)) < 0) {
        fprintf(stderr, "hyperpod-sim: %s: %s\n", line.log, strerror(errno));
        return exit_cannot_write;
    }
    keep_memory();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is as a disk that is full */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before threads: only sigwait takes them */
    struct sim *sim = sim_new(world_of_process(), &line.sim, &error);
    if (sim == NULL) {
        fprintf(stderr, "hyperpod-sim: %s\n", error.text);
        return error.exit_code;
    }
    int code = serve(sim, &line, &ends);
    sim_free(sim);
    return code;
}
