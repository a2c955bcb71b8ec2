#include "hyperpod.h"

#include <hp/base/test.h>

/* A world in which waiting takes no time and is written down. */
struct hourglass {
    int64_t tick_ms, waits[64];
    size_t count;
    size_t stop_after; /* 0: never */
};

static int64_t tick(void *arg)
{
    return ((struct hourglass *)arg)->tick_ms;
}

static bool let_pass(void *arg, struct stop_token *stop, int64_t wait_ms)
{
    struct hourglass *glass = arg;
    (void)stop;
    glass->tick_ms += wait_ms;
    if (glass->count < 64)
        glass->waits[glass->count] = wait_ms;
    glass->count++;
    return glass->stop_after != 0 && glass->count >= glass->stop_after;
}

static void dice(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 0x5a, len);
}

struct scene {
    struct hourglass glass;
    struct world world;
    struct tf_call call;
    size_t looks, done_at;
};

static void scene_init(struct scene *scene)
{
    *scene = (struct scene){.glass.tick_ms = 1000};
    scene->world =
        (struct world){.tick_ms = tick, .wait_ms = let_pass, .random = dice, .arg = &scene->glass};
    scene->call = (struct tf_call){.world = &scene->world};
}

static enum hp_wait_state look(struct tf_call *call, void *arg)
{
    struct scene *scene = arg;
    (void)call;
    return ++scene->looks == scene->done_at ? HP_WAIT_DONE : HP_WAIT_GO_ON;
}

START_TEST(what_is_done_at_the_first_look_is_not_waited_for)
{
    struct scene scene;
    scene_init(&scene);
    scene.done_at = 1;

    ck_assert_int_eq(hp_wait(&scene.call, look, &scene), HP_ENDED_DONE);

    ck_assert_uint_eq(scene.glass.count, 0);
}
END_TEST

START_TEST(waits_begin_at_a_second_and_grow_to_half_a_minute)
{
    struct scene scene;
    scene_init(&scene);
    scene.done_at = 40;

    ck_assert_int_eq(hp_wait(&scene.call, look, &scene), HP_ENDED_DONE);

    ck_assert_int_ge(scene.glass.waits[0], 750);
    ck_assert_int_le(scene.glass.waits[0], 1250);
    for (size_t i = 1; i < 39; i++)
        ck_assert_int_le(scene.glass.waits[i], 37500);
    ck_assert_int_ge(scene.glass.waits[38], 22500);
}
END_TEST

START_TEST(the_time_out_ends_a_wait_and_is_not_overslept)
{
    struct scene scene;
    scene_init(&scene);
    scene.call.deadline_tick_ms = 1000 + 60000;

    ck_assert_int_eq(hp_wait(&scene.call, look, &scene), HP_ENDED_TIMEOUT);

    ck_assert_int_eq(scene.glass.tick_ms, 61000);
}
END_TEST

START_TEST(a_stop_ends_a_wait)
{
    struct scene scene;
    scene_init(&scene);
    scene.glass.stop_after = 3;

    ck_assert_int_eq(hp_wait(&scene.call, look, &scene), HP_ENDED_STOPPED);

    ck_assert_uint_eq(scene.looks, 3);
}
END_TEST

static enum hp_wait_state fail_aloud(struct tf_call *call, void *arg)
{
    (void)arg;
    diag_error(call->diags, NULL, "It failed", "And says so.");
    return HP_WAIT_FAILED;
}

static enum hp_wait_state fail_silently(struct tf_call *call, void *arg)
{
    (void)call;
    (void)arg;
    return HP_WAIT_FAILED;
}

START_TEST(a_failure_that_was_told_is_a_failure_also_when_a_stop_meets_it)
{
    struct scene scene;
    scene_init(&scene);
    scoped(arena_freep) struct arena *arena = arena_new(1024 * 1024);
    struct diags diags = diags_in(arena);
    struct stop_source *source = stop_source_new();
    scene.call.diags = &diags;
    scene.call.stop = stop_token_new(source);
    stop_now(source);

    ck_assert_int_eq(hp_wait(&scene.call, fail_silently, NULL), HP_ENDED_STOPPED);
    ck_assert_int_eq(hp_wait(&scene.call, fail_aloud, NULL), HP_ENDED_FAILED);

    stop_token_free(scene.call.stop);
    stop_source_free(source);
}
END_TEST

TESTS("hyperpod/wait", a_failure_that_was_told_is_a_failure_also_when_a_stop_meets_it,
      what_is_done_at_the_first_look_is_not_waited_for,
      waits_begin_at_a_second_and_grow_to_half_a_minute,
      the_time_out_ends_a_wait_and_is_not_overslept, a_stop_ends_a_wait)
