/* A process that crashes says one sentence, and leaves nothing of its memory behind. Each test
 * looks at a child. */
#include <hp/base/crash.h>
#include <hp/base/test.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct end {
    char said[2048];
    int status;
};

static volatile int depth;
static const char *volatile nowhere;

__attribute__((noinline)) static int bottomless(int n)
{
    volatile char page[4096] = {0};
    depth = n + page[n % 4096];
    return n < 0 ? 0 : bottomless(n + 1) + page[0];
}

static void *overflow(void *arg)
{
    char room[CRASH_ROOM];
    (void)arg;
    crash_room(room);
    depth = bottomless(1);
    return NULL;
}

static void overflow_in_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, overflow, NULL);
    pthread_join(thread, NULL);
}

static void overflow_here(void)
{
    depth = bottomless(1);
}

static void read_nothing(void)
{
    depth = *nowhere;
}

static void give_up(void)
{
    abort();
}

static void segv_from_outside(void)
{
    kill(getpid(), SIGSEGV);
    pause();
}

static struct end end_of(void (*deed)(void))
{
    struct end end = {{0}, 0};
    int said[2];
    size_t len = 0;
    ck_assert_int_eq(pipe2(said, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(said[1], STDERR_FILENO);
        crash_begin("the-program", false);
        deed();
        _exit(0);
    }
    close(said[1]);
    for (ssize_t got; (got = read(said[0], end.said + len, sizeof end.said - 1 - len)) > 0;)
        len += (size_t)got;
    close(said[0]);
    waitpid(pid, &end.status, 0);
    return end;
}

static const struct {
    void (*deed)(void);
    int signal;
    const char *name;
} crashes[] = {
    {read_nothing, SIGSEGV, "SIGSEGV"},       {give_up, SIGABRT, "SIGABRT"},
    {segv_from_outside, SIGSEGV, "SIGSEGV"},  {overflow_here, SIGSEGV, "SIGSEGV"},
    {overflow_in_thread, SIGSEGV, "SIGSEGV"},
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

/* A sanitizer reports such a signal itself. */
static bool is_taken(int signal)
{
    struct sigaction now;
    sigaction(signal, NULL, &now);
    return (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler != SIG_DFL;
}

START_TEST(a_crash_says_one_sentence_and_ends_by_its_signal)
{
    size_t skipped = 0;
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        char line[300];
        if (is_taken(crashes[i].signal)) {
            skipped++;
            continue;
        }
        struct end end = end_of(crashes[i].deed);

        ck_assert_msg(WIFSIGNALED(end.status), "%zu", i);
        ck_assert_int_eq(WTERMSIG(end.status), crashes[i].signal);
        ck_assert(!WCOREDUMP(end.status));
        snprintf(line, sizeof line,
                 "[ERROR] the-program ends here by %s: a mistake in it, not in the configuration. "
                 "What was under way may have been carried out.\n",
                 crashes[i].name);
        ck_assert_str_eq(end.said, line);
    }
#ifndef SANITIZED
    ck_assert_uint_eq(skipped, 0);
#endif
}
END_TEST

static void look_at_limits(void)
{
    struct rlimit core;
    bool none = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
    _exit(none && prctl(PR_GET_DUMPABLE) == 0 ? 7 : 1);
}

START_TEST(no_core_is_written_and_nobody_looks_inside)
{
    struct end end = end_of(look_at_limits);

    ck_assert(WIFEXITED(end.status));
    ck_assert_int_eq(WEXITSTATUS(end.status), 7);
}
END_TEST

START_TEST(an_attachable_process_writes_no_core_either)
{
    struct rlimit core;
    pid_t pid = fork();
    if (pid == 0) {
        crash_begin("the-program", true);
        bool right =
            getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && prctl(PR_GET_DUMPABLE) == 1;
        _exit(right ? 7 : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), 7);
}
END_TEST

static void other_handler(int signal)
{
    (void)signal;
    _exit(9);
}

static void segv_that_is_handled(void)
{
    signal(SIGSEGV, SIG_DFL);
    struct sigaction theirs = {.sa_handler = other_handler}, now;
    sigaction(SIGSEGV, &theirs, NULL);
    crash_begin("the-program", false);
    sigaction(SIGSEGV, NULL, &now);
    _exit(now.sa_handler == other_handler ? 7 : 1);
}

START_TEST(a_signal_that_has_a_handler_keeps_it)
{
    struct end end = end_of(segv_that_is_handled);
    ck_assert_int_eq(WEXITSTATUS(end.status), 7);
}
END_TEST

TESTS("base/crash", a_crash_says_one_sentence_and_ends_by_its_signal,
      no_core_is_written_and_nobody_looks_inside, an_attachable_process_writes_no_core_either,
      a_signal_that_has_a_handler_keeps_it)
