#include <hp/base/clock.h>
#include <hp/base/stop.h>
#include <hp/base/test.h>
#include <pthread.h>

static int64_t tick(void)
{
    return world_tick_ms(world_of_process());
}

START_TEST(without_a_stop_a_wait_takes_its_time)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);
    int64_t began = tick();

    ck_assert(!stop_wait_ms(token, 30));
    ck_assert_int_ge(tick() - began, 30);
    ck_assert(!stop_wait_ms(NULL, 5));
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

START_TEST(a_wait_of_no_or_negative_length_ends_at_once)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);

    ck_assert(!stop_wait_ms(token, 0));
    ck_assert(!stop_wait_ms(token, -5));
    ck_assert(!stop_wait_ms(NULL, 0));
    ck_assert(!stop_wait_ms(NULL, -1500));
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

static void *stop_soon(void *source)
{
    stop_wait_ms(NULL, 30);
    stop_now(source);
    return NULL;
}

START_TEST(a_stop_ends_a_wait_from_another_thread)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);
    pthread_t thread;
    int64_t began = tick();

    ck_assert_int_eq(pthread_create(&thread, NULL, stop_soon, source), 0);
    ck_assert(stop_wait_ms(token, 30000));
    ck_assert_int_lt(tick() - began, 5000);
    pthread_join(thread, NULL);
    ck_assert(stop_requested(token));
    ck_assert(stop_wait_ms(token, 30000)); /* at once */
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

START_TEST(what_begins_after_a_stop_works_again)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *before = stop_token_new(source);
    stop_now(source);
    struct stop_token *after = stop_token_new(source);

    ck_assert(stop_requested(before));
    ck_assert(!stop_requested(after));
    stop_now(source);
    ck_assert(stop_requested(after));
    stop_token_free(before);
    stop_token_free(after);
    stop_source_free(source);
}
END_TEST

START_TEST(a_stop_for_good_ends_what_begins_later_too)
{
    struct stop_source *source = stop_source_new();
    stop_now(source);
    struct stop_token *early = stop_token_new(source);
    ck_assert(!stop_is_for_good(early));
    ck_assert(!stop_is_for_good(NULL));

    stop_for_good(source);
    struct stop_token *token = stop_token_new(source);

    ck_assert(stop_is_for_good(early) && stop_is_for_good(token));
    stop_token_free(early);
    ck_assert(stop_requested(token));
    ck_assert(stop_wait_ms(token, 30000));
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

START_TEST(a_cancelled_token_stops_alone)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *one = stop_token_new(source), *other = stop_token_new(source);

    stop_token_cancel(one);

    ck_assert(stop_requested(one));
    ck_assert(!stop_requested(other));
    ck_assert(!stop_requested(NULL));
    stop_token_free(one);
    stop_now(source); /* does not touch the freed one */
    ck_assert(stop_requested(other));
    stop_token_free(other);
    stop_token_free(NULL);
    stop_source_free(source);
    stop_source_free(NULL);
}
END_TEST

static void count_wake(void *arg)
{
    ++*(int *)arg;
}

START_TEST(a_watch_is_woken_once)
{
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);
    int woken = 0, late = 0, never = 0;
    struct stop_watch watch = {.wake = count_wake, .arg = &woken},
                      second = {.wake = count_wake, .arg = &late},
                      gone = {.wake = count_wake, .arg = &never};

    stop_watch(token, &watch);
    stop_watch(token, &gone);
    stop_unwatch(token, &gone);
    stop_now(source);
    stop_now(source);
    stop_watch(token, &second); /* it has stopped already */

    ck_assert_int_eq(woken, 1);
    ck_assert_int_eq(late, 1);
    ck_assert_int_eq(never, 0);
    stop_unwatch(token, &watch);
    stop_unwatch(token, &second);
    stop_unwatch(token, &gone); /* twice is fine */
    stop_watch(NULL, &watch);
    stop_unwatch(NULL, &watch);
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

static void *come_and_go(void *source)
{
    int woken = 0;
    for (int i = 0; i < 300; i++) {
        struct stop_token *token = stop_token_new(source);
        struct stop_watch watch = {.wake = count_wake, .arg = &woken};
        stop_watch(token, &watch);
        stop_wait_ms(token, 1);
        stop_unwatch(token, &watch);
        stop_token_free(token);
    }
    return NULL;
}

START_TEST(tokens_come_and_go_while_stops_rain)
{
    struct stop_source *source = stop_source_new();
    pthread_t threads[8];

    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, come_and_go, source), 0);
    for (int i = 0; i < 500; i++)
        stop_now(source);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);

    struct stop_token *token = stop_token_new(source);
    ck_assert(!stop_requested(token));
    stop_token_free(token);
    stop_source_free(source);
}
END_TEST

TESTS("base/stop", without_a_stop_a_wait_takes_its_time,
      a_wait_of_no_or_negative_length_ends_at_once, a_stop_ends_a_wait_from_another_thread,
      what_begins_after_a_stop_works_again, a_stop_for_good_ends_what_begins_later_too,
      a_cancelled_token_stops_alone, a_watch_is_woken_once, tokens_come_and_go_while_stops_rain)
