#include "script.h"

#include <pthread.h>
#include <stdatomic.h>

/* A source that counts, lasts as long as it is told, and fails when it is told. */
struct spring {
    struct recipe recipe;
    atomic_int fetched;
    atomic_bool fails, slow, held;
    int64_t life_ms, ahead_ms; /* ahead: how far the world's clock runs before AWS's */
    struct script *script;
};

static bool spring_fetch(const struct recipe *recipe, const struct fetch *fetch,
                         struct credentials *ret, struct aws_error *reterr)
{
    struct spring *spring = (struct spring *)recipe;
    int number = atomic_fetch_add(&spring->fetched, 1) + 1;
    if (atomic_load(&spring->slow))
        world_wait_ms(world_of_process(), NULL, 300);
    while (atomic_load(&spring->held))
        world_wait_ms(world_of_process(), NULL, 1);
    if (atomic_load(&spring->fails))
        return fetch_fail(fetch, reterr, "the spring is dry");
    struct str key = arena_fmt(fetch->arena, "K%d", number);
    *ret = (struct credentials){.access_key = secret_of(key), .secret_key = secret_of(S("s"))};
    if (spring->life_ms > 0)
        ret->expires_ms = spring->script->now_ms - spring->ahead_ms + spring->life_ms;
    return true;
}

struct scene {
    struct arena *arena;
    struct spring spring;
    struct vault *vault;
    atomic_int begun; /* threads that are about to take */
};

static void scene_begin(struct scene *s, int64_t life_minutes)
{
    memset(s, 0, sizeof *s);
    s->arena = arena_new(1 << 20);
    s->spring.script = script_of(s->arena, NULL, 0);
    s->spring.life_ms = life_minutes * 60000;
    s->spring.recipe.source = "a spring";
    s->spring.recipe.fetch = spring_fetch;
    s->vault = vault_new(&s->spring.script->world, &s->spring.recipe);
}

static void scene_end(struct scene *s)
{
    vault_free(s->vault);
    arena_free(s->arena);
}

static void pass(struct scene *s, int64_t minutes)
{
    s->spring.script->now_ms += minutes * 60000;
}

static bool take(struct scene *s, const char *key)
{
    struct aws_error error;
    struct fetch fetch = {.arena = s->arena};
    struct credentials got = {0};
    bool took = vault_take(s->vault, &fetch, &got, &error);
    if (took)
        ck_assert_str(secret_reveal(&got.access_key), str_of(key));
    credentials_done(&got);
    return took;
}

START_TEST(keys_that_do_not_expire_are_fetched_once)
{
    struct scene s;
    scene_begin(&s, 0);
    ck_assert(take(&s, "K1"));
    pass(&s, 100000);
    ck_assert(take(&s, "K1"));
    scene_end(&s);
}
END_TEST

START_TEST(keys_are_fetched_anew_fifteen_minutes_before_they_expire)
{
    struct scene s;
    scene_begin(&s, 60);
    ck_assert(take(&s, "K1"));
    pass(&s, 44);
    ck_assert(take(&s, "K1"));
    pass(&s, 2);
    ck_assert(take(&s, "K2"));
    scene_end(&s);
}
END_TEST

START_TEST(short_lives_are_not_fetched_at_every_call)
{
    struct scene s;
    scene_begin(&s, 12);
    ck_assert(take(&s, "K1"));
    pass(&s, 5);
    ck_assert(take(&s, "K1"));
    pass(&s, 2);
    ck_assert(take(&s, "K2"));
    scene_end(&s);
}
END_TEST

START_TEST(a_refresh_that_fails_keeps_the_old_keys_until_they_expire)
{
    struct scene s;
    scene_begin(&s, 60);
    ck_assert(take(&s, "K1"));
    atomic_store(&s.spring.fails, true);
    pass(&s, 55);
    ck_assert(take(&s, "K1"));
    ck_assert(take(&s, "K1"));
    ck_assert_int_eq(atomic_load(&s.spring.fetched), 2); /* not again within a minute */
    pass(&s, 6);
    ck_assert(!take(&s, ""));
    atomic_store(&s.spring.fails, false);
    ck_assert(take(&s, "K4"));
    scene_end(&s);
}
END_TEST

static void *take_in_thread(void *arg)
{
    struct scene *s = arg;
    struct arena *arena = arena_new(1 << 20);
    struct aws_error error;
    struct fetch fetch = {.arena = arena};
    struct credentials got = {0};
    bool took = vault_take(s->vault, &fetch, &got, &error);
    bool right = took && str_is(secret_reveal(&got.access_key), "K1");
    credentials_done(&got);
    arena_free(arena);
    return right ? s : NULL;
}

START_TEST(of_many_threads_one_fetches_and_the_others_wait)
{
    struct scene s;
    pthread_t threads[8];
    scene_begin(&s, 60);
    atomic_store(&s.spring.slow, true);
    for (size_t i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, take_in_thread, &s);
    for (size_t i = 0; i < 8; i++) {
        void *right;
        pthread_join(threads[i], &right);
        ck_assert_ptr_eq(right, &s);
    }
    ck_assert_int_eq(atomic_load(&s.spring.fetched), 1);
    scene_end(&s);
}
END_TEST

START_TEST(who_waits_for_a_fetch_can_be_stopped)
{
    struct scene s;
    pthread_t thread;
    struct stop_source *source = stop_source_new();
    struct stop_token *token = stop_token_new(source);
    struct aws_error error;
    struct credentials got = {0};
    scene_begin(&s, 60);
    atomic_store(&s.spring.slow, true);
    pthread_create(&thread, NULL, take_in_thread, &s);
    while (atomic_load(&s.spring.fetched) == 0)
        world_wait_ms(world_of_process(), NULL, 1);
    stop_now(source);

    struct fetch fetch = {.arena = s.arena, .stop = token};
    ck_assert(!vault_take(s.vault, &fetch, &got, &error));
    ck_assert_int_eq(error.kind, AWS_STOPPED);
    pthread_join(thread, NULL);
    stop_token_free(token);
    stop_source_free(source);
    scene_end(&s);
}
END_TEST

static void *fail_in_thread(void *arg)
{
    struct scene *s = arg;
    struct arena *arena = arena_new(1 << 20);
    struct aws_error error;
    struct fetch fetch = {.arena = arena};
    struct credentials got = {0};
    atomic_fetch_add(&s->begun, 1);
    bool took = vault_take(s->vault, &fetch, &got, &error);
    bool right =
        !took && error.kind == AWS_CREDENTIALS && str_is(error.message, "the spring is dry");
    arena_free(arena);
    return right ? s : NULL;
}

START_TEST(who_waits_for_a_fetch_that_fails_fails_with_it)
{
    struct scene s;
    pthread_t threads[8];
    scene_begin(&s, 60);
    atomic_store(&s.spring.held, true);
    atomic_store(&s.spring.fails, true);
    for (size_t i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, fail_in_thread, &s);
    while (atomic_load(&s.begun) < 8)
        world_wait_ms(world_of_process(), NULL, 1);
    world_wait_ms(world_of_process(), NULL, 100); /* all are inside by now */
    atomic_store(&s.spring.held, false);
    for (size_t i = 0; i < 8; i++) {
        void *right;
        pthread_join(threads[i], &right);
        ck_assert_ptr_eq(right, &s);
    }
    ck_assert_int_eq(atomic_load(&s.spring.fetched), 1);
    scene_end(&s);
}
END_TEST

START_TEST(keys_expire_by_the_clock_of_aws)
{
    struct scene s;
    struct aws_client client = {.skew_ms = 30 * 60000, .time_known = true};
    struct fetch fetch;
    struct credentials got = {0};
    struct aws_error error;
    scene_begin(&s, 60);
    client.world = &s.spring.script->world;
    fetch = (struct fetch){.client = &client, .arena = s.arena};

    ck_assert(vault_take(s.vault, &fetch, &got, &error));
    ck_assert_str(secret_reveal(&got.access_key), S("K1"));
    credentials_done(&got);
    pass(&s, 31); /* by ours, half of their life is left */
    ck_assert(vault_take(s.vault, &fetch, &got, &error));
    ck_assert_str(secret_reveal(&got.access_key), S("K2"));
    credentials_done(&got);
    scene_end(&s);
}
END_TEST

START_TEST(keys_of_a_world_whose_clock_runs_ahead_have_not_expired)
{
    struct scene s;
    struct aws_client client = {0};
    struct fetch fetch;
    struct credentials got = {0};
    struct aws_error error;
    scene_begin(&s, 60);
    client.world = &s.spring.script->world;
    client.skew_ms = -90 * 60000;
    client.time_known = true;
    s.spring.ahead_ms = 90 * 60000;
    fetch = (struct fetch){.client = &client, .arena = s.arena};

    for (int i = 0; i < 2; i++) {
        ck_assert(vault_take(s.vault, &fetch, &got, &error));
        ck_assert_str(secret_reveal(&got.access_key), S("K1"));
        credentials_done(&got);
        pass(&s, 40);
    }
    scene_end(&s);
}
END_TEST

START_TEST(keys_that_were_refused_are_not_given_again)
{
    struct scene s;
    struct credentials got = {0};
    struct aws_error error;
    struct fetch fetch;
    scene_begin(&s, 60);
    fetch = (struct fetch){.arena = s.arena};
    ck_assert(vault_take(s.vault, &fetch, &got, &error));

    ck_assert(vault_forget(s.vault, &got));
    ck_assert(take(&s, "K2"));
    ck_assert(vault_forget(s.vault, &got)); /* a slow one tells late: K2 stays */
    ck_assert(take(&s, "K2"));
    credentials_done(&got);

    s.spring.recipe.fixed.access_key = secret_of(S("K"));
    ck_assert(!vault_forget(s.vault, &got));
    secret_done(&s.spring.recipe.fixed.access_key);
    scene_end(&s);
}
END_TEST

TESTS("aws/vault", keys_that_do_not_expire_are_fetched_once,
      keys_are_fetched_anew_fifteen_minutes_before_they_expire,
      short_lives_are_not_fetched_at_every_call,
      a_refresh_that_fails_keeps_the_old_keys_until_they_expire,
      of_many_threads_one_fetches_and_the_others_wait, who_waits_for_a_fetch_can_be_stopped,
      who_waits_for_a_fetch_that_fails_fails_with_it, keys_expire_by_the_clock_of_aws,
      keys_of_a_world_whose_clock_runs_ahead_have_not_expired,
      keys_that_were_refused_are_not_given_again)
