#include "workers.h"
#include <hp/base/test.h>

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct counted {
    struct job job;
    pthread_barrier_t *meet;
    atomic_int *runs;
};

static void meet_others(struct job *job)
{
    struct counted *counted = (struct counted *)job;
    if (counted->meet != NULL)
        pthread_barrier_wait(counted->meet);
    atomic_fetch_add(counted->runs, 1);
}

START_TEST(as_many_jobs_run_at_once_as_threads_may_be)
{
    enum { count = 50 };
    struct workers *workers = workers_new(count, 1000);
    struct counted jobs[count];
    pthread_barrier_t meet;
    atomic_int runs = 0;

    pthread_barrier_init(&meet, NULL, count);
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (struct counted){.job.run = meet_others, .meet = &meet, .runs = &runs};
        ck_assert(workers_run(workers, &jobs[i].job));
    }
    workers_free(workers); /* would never return if one were missing at the barrier */

    ck_assert_int_eq(atomic_load(&runs), count);
    pthread_barrier_destroy(&meet);
}
END_TEST

START_TEST(more_jobs_than_threads_are_all_run)
{
    enum { count = 1000 };
    static struct counted jobs[count];
    struct workers *workers = workers_new(3, 1000);
    atomic_int runs = 0;

    for (size_t i = 0; i < count; i++) {
        jobs[i] = (struct counted){.job.run = meet_others, .runs = &runs};
        ck_assert(workers_run(workers, &jobs[i].job));
        ck_assert_uint_le(workers_count(workers), 3);
    }
    workers_free(workers);

    ck_assert_int_eq(atomic_load(&runs), count);
}
END_TEST

START_TEST(an_idle_thread_is_used_again)
{
    struct workers *workers = workers_new(10, 1000);
    atomic_int runs = 0;

    for (int i = 0; i < 5; i++) {
        struct counted job = {.job.run = meet_others, .runs = &runs};
        ck_assert(workers_run(workers, &job.job));
        while (atomic_load(&runs) <= i)
            usleep(1000);
        usleep(20000);
    }
    ck_assert_uint_eq(workers_count(workers), 1);
    workers_free(workers);
}
END_TEST

START_TEST(idle_threads_end)
{
    struct workers *workers = workers_new(10, 20);
    atomic_int runs = 0;
    struct counted job = {.job.run = meet_others, .runs = &runs};

    ck_assert(workers_run(workers, &job.job));
    for (int waited = 0; workers_count(workers) > 0 && waited < 5000; waited++)
        usleep(1000);
    ck_assert_uint_eq(workers_count(workers), 0);
    ck_assert_int_eq(atomic_load(&runs), 1);
    workers_free(workers);
}
END_TEST

TESTS("plugin/workers", as_many_jobs_run_at_once_as_threads_may_be,
      more_jobs_than_threads_are_all_run, an_idle_thread_is_used_again, idle_threads_end)
