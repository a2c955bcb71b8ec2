#include <hp/base/crash.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static struct {
    int signal;
    const char *name;
    char line[256]; /* made before it is needed: the handler only writes */
    int len;
} fatal[] = {
    {.signal = SIGSEGV, .name = "SIGSEGV"}, {.signal = SIGBUS, .name = "SIGBUS"},
    {.signal = SIGILL, .name = "SIGILL"},   {.signal = SIGFPE, .name = "SIGFPE"},
    {.signal = SIGABRT, .name = "SIGABRT"}, {.signal = SIGSYS, .name = "SIGSYS"},
};
enum { FATAL = sizeof fatal / sizeof fatal[0] };

static atomic_flag said = ATOMIC_FLAG_INIT;

/* Async-signal-safe, all of it. The signal has its default action again (SA_RESETHAND), and comes a
 * second time. */
static void crash(int signal)
{
    if (atomic_flag_test_and_set(&said))
        for (;;)
            pause(); /* another thread is at it */
    for (int i = 0; i < FATAL; i++)
        if (fatal[i].signal == signal &&
            write(STDERR_FILENO, fatal[i].line, (size_t)fatal[i].len) < 0)
            break; /* nobody listens */
    raise(signal);
}

static void handle(int number, const char *name)
{
    struct sigaction now,
        ours = {.sa_handler = crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK)};
    if (sigaction(fatal[number].signal, NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) != 0 ||
        now.sa_handler != SIG_DFL)
        return;
    fatal[number].len =
        snprintf(fatal[number].line, sizeof fatal[number].line,
                 "[ERROR] %s ends here by %s: a mistake in it, not in the configuration. What was "
                 "under way may have been carried out.\n",
                 name, fatal[number].name);
    if (fatal[number].len >= (int)sizeof fatal[number].line)
        fatal[number].len = (int)sizeof fatal[number].line - 1; /* a name that is too long */
    sigaction(fatal[number].signal, &ours, NULL);
}

void crash_begin(const char *name, bool attachable)
{
    static char room[CRASH_ROOM];
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (!attachable)
        prctl(PR_SET_DUMPABLE, 0);
    crash_room(room);
    for (int i = 0; i < FATAL; i++)
        handle(i, name);
}

void crash_room(void *room)
{
    stack_t now, ours = {.ss_sp = room, .ss_size = CRASH_ROOM};
    if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) != 0)
        sigaltstack(&ours, NULL);
}
