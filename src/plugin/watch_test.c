#include "watch.h"
#include <hp/base/test.h>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* Standard output becomes a pipe's end for the length of a test. */
static int pipe_as_output(int *ret_saved)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    *ret_saved = dup(1);
    dup2(ends[1], 1);
    close(ends[1]);
    return ends[0];
}

static void output_again(int saved)
{
    dup2(saved, 1);
    close(saved);
}

/* What is still pending would be seen by the next test. */
static void forget_signals(void)
{
    const struct timespec at_once = {0};
    sigset_t all;
    sigfillset(&all);
    while (sigtimedwait(&all, NULL, &at_once) > 0)
        ;
}

static void *leave_soon(void *watch)
{
    usleep(20000);
    watch_leave(watch);
    return NULL;
}

START_TEST(someone_may_ask_to_leave)
{
    struct watch watch;
    pthread_t thread;

    ck_assert(watch_begin(&watch, false));
    pthread_create(&thread, NULL, leave_soon, &watch);
    ck_assert_int_eq(watch_wait(&watch), LEAVE_ASKED);
    pthread_join(thread, NULL);
    watch_end(&watch);
}
END_TEST

START_TEST(sigterm_is_a_reason_and_sigint_only_when_told_so)
{
    struct watch quiet, open;

    ck_assert(watch_begin(&quiet, false));
    raise(SIGINT);
    raise(SIGTERM);
    ck_assert_int_eq(watch_wait(&quiet), LEAVE_SIGNAL);
    ck_assert(watch_begin(&open, true));
    ck_assert_int_eq(watch_wait(&open), LEAVE_SIGNAL); /* SIGINT is still there */
    watch_end(&quiet);
    watch_end(&open);
    forget_signals();
}
END_TEST

START_TEST(a_reader_that_goes_is_noticed_even_when_output_points_elsewhere_by_then)
{
    struct watch watch;
    int saved, reader = pipe_as_output(&saved);

    ck_assert(watch_begin(&watch, false));
    watch_parent(&watch);
    output_again(saved);
    close(reader);
    ck_assert_int_eq(watch_wait(&watch), LEAVE_ORPHAN);
    watch_end(&watch);
}
END_TEST

TESTS("plugin/watch", someone_may_ask_to_leave, sigterm_is_a_reason_and_sigint_only_when_told_so,
      a_reader_that_goes_is_noticed_even_when_output_points_elsewhere_by_then)
