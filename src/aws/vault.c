/* Keys that expire are fetched anew before they do: from 15 minutes before the end one thread
 * tries while all others go on; from 10 minutes before the end all wait for it. Keys that live
 * shortly are renewed at the half and at a third of their life. A fetch that fails leaves the old
 * keys until they expire, and those who waited for it do not try one after the other. Until AWS has
 * answered our clock may be hours off, and whether keys have expired AWS will say. */
#include "clients.h"
#include "credentials.h"

#include "errors.h"

#include <pthread.h>
#include <stdlib.h>

enum { ADVISORY_MS = 15 * 60 * 1000, MANDATORY_MS = 10 * 60 * 1000, AGAIN_MS = 60 * 1000 };
enum { LOOK_MS = 100 };

struct vault {
    const struct world *world;
    const struct recipe *recipe;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t done;
    struct credentials now;
    int64_t life_ms, again_ms; /* how long they lived when they came; no fetch before this time */
    bool have, fetching;
    unsigned failures;   /* fetches that have failed */
    char *why, *setting; /* the last of them: its words, and what of the configuration it is of */
};

struct vault *vault_new(const struct world *world, const struct recipe *recipe)
{
    struct vault *vault = calloc(1, sizeof *vault);
    pthread_condattr_t monotonic;
    if (vault == NULL)
        abort();
    vault->world = world;
    vault->recipe = recipe;
    pthread_mutex_init(&vault->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&vault->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return vault;
}

void vault_free(struct vault *vault)
{
    if (vault == NULL)
        return;
    credentials_done(&vault->now);
    free(vault->why);
    free(vault->setting);
    pthread_cond_destroy(&vault->done);
    pthread_mutex_destroy(&vault->lock);
    free(vault);
}

enum need { NONE, SOON, NOW };

/* AWS's time: dates of expiry are by its clock. */
static int64_t now_for(const struct vault *vault, const struct fetch *fetch)
{
    return fetch->client == NULL ? world_now_ms(vault->world) : client_now_ms(fetch->client);
}

static bool is_time_known(const struct fetch *fetch)
{
    return fetch->client == NULL || client_knows_time(fetch->client);
}

static bool is_past(const struct vault *vault, const struct fetch *fetch, int64_t ends_ms)
{
    return fetch->client == NULL ? ends_ms <= world_now_ms(vault->world)
                                 : client_is_past(fetch->client, ends_ms);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum need need_of(const struct vault *vault, const struct fetch *fetch)
{
    int64_t now_ms = now_for(vault, fetch), left = vault->now.expires_ms - now_ms;
    if (!vault->have)
        return NOW;
    if (vault->now.expires_ms == 0)
        return NONE;
    if (is_past(vault, fetch, vault->now.expires_ms))
        return NOW;
    if (now_ms < vault->again_ms || !is_time_known(fetch))
        return NONE;
    if (left < least(MANDATORY_MS, vault->life_ms / 3))
        return NOW;
    return left < least(ADVISORY_MS, vault->life_ms / 2) ? SOON : NONE;
}

/* Under the lock: sleeps a little, until the one who fetches is done. False: stopped. */
static bool wait_a_little(struct vault *vault, const struct fetch *fetch, struct aws_error *reterr)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)LOOK_MS * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&vault->done, &vault->lock, &until);
    pthread_mutex_unlock(&vault->lock);
    bool late =
        fetch->deadline_tick_ms != 0 && world_tick_ms(vault->world) >= fetch->deadline_tick_ms;
    bool go_on = !late && !stop_requested(fetch->stop);
    if (!go_on) {
        aws_fail(fetch->arena, reterr, AWS_STOPPED, "%s while new credentials were fetched",
                 late ? "the time given has passed" : "it was stopped");
        reterr->timed_out = late;
    }
    pthread_mutex_lock(&vault->lock);
    return go_on;
}

static void keep(char **text, struct str s)
{
    free(*text);
    *text = strndup(s.ptr == NULL ? "" : s.ptr, s.len);
    if (*text == NULL)
        abort();
}

static void note_failure(struct vault *vault, const struct aws_error *error)
{
    vault->failures++;
    keep(&vault->why, error->message);
    keep(&vault->setting, error->setting);
}

/* The failure of the one who fetched. */
static bool hear(const struct vault *vault, const struct fetch *fetch, struct aws_error *reterr)
{
    fetch_fail(fetch, reterr, "%s", vault->why);
    reterr->setting = arena_str(fetch->arena, str_of(vault->setting));
    return false;
}

/* Under the lock, which is given up while it fetches. False: failed, and the old ones stay. */
static bool renew(struct vault *vault, const struct fetch *fetch, struct aws_error *reterr)
{
    struct credentials fresh = {0};
    vault->fetching = true;
    pthread_mutex_unlock(&vault->lock);
    bool came = recipe_fetch(vault->recipe, fetch, &fresh, reterr);
    int64_t now = now_for(vault, fetch);
    bool over = fresh.expires_ms != 0 && fresh.expires_ms <= now;
    if (came && over && is_past(vault, fetch, fresh.expires_ms))
        came = fetch_fail(fetch, reterr, "%s: the credentials had expired already when they came",
                          vault->recipe->source);
    pthread_mutex_lock(&vault->lock);

    vault->fetching = false;
    if (came) {
        credentials_done(&vault->now);
        vault->now = fresh;
        vault->life_ms = over ? 2 * ADVISORY_MS : fresh.expires_ms - now; /* over: by our clock */
        vault->have = true;
        vault->again_ms = 0;
    } else {
        credentials_done(&fresh);
        vault->again_ms = now + AGAIN_MS;
        if (reterr->kind != AWS_STOPPED)
            note_failure(vault, reterr);
    }
    pthread_cond_broadcast(&vault->done);
    return came;
}

static bool is_alive(const struct vault *vault, const struct fetch *fetch)
{
    return vault->have &&
           (vault->now.expires_ms == 0 || !is_past(vault, fetch, vault->now.expires_ms));
}

static bool take_locked(struct vault *vault, const struct fetch *fetch, struct aws_error *reterr)
{
    unsigned failures = vault->failures;

    for (;;) {
        enum need need = need_of(vault, fetch);
        if (need == NONE || (need == SOON && vault->fetching))
            return true;
        if (vault->failures != failures) /* while we waited */
            return is_alive(vault, fetch) || hear(vault, fetch, reterr);
        if (!vault->fetching)
            return renew(vault, fetch, reterr) || is_alive(vault, fetch);
        if (!wait_a_little(vault, fetch, reterr))
            return false;
    }
}

bool vault_take(struct vault *vault, const struct fetch *fetch, struct credentials *ret,
                struct aws_error *reterr)
{
    pthread_mutex_lock(&vault->lock);
    bool good = take_locked(vault, fetch, reterr);
    if (good)
        *ret = credentials_copy(&vault->now);
    pthread_mutex_unlock(&vault->lock);
    return good;
}

bool vault_forget(struct vault *vault, const struct credentials *keys)
{
    if (recipe_is_fixed(vault->recipe))
        return false;
    pthread_mutex_lock(&vault->lock);
    if (vault->have &&
        str_eq(secret_reveal(&vault->now.access_key), secret_reveal(&keys->access_key)) &&
        str_eq(secret_reveal(&vault->now.token), secret_reveal(&keys->token)))
        vault->have = false;
    pthread_mutex_unlock(&vault->lock);
    return true;
}

const char *vault_source(const struct vault *vault)
{
    return vault->recipe->source;
}
