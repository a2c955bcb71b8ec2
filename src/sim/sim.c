#include "call/models.h"
#include "core/core.h"
#include "life/lifecycle.h"
#include "server/scenario.h"
#include "sts/sts_session.h"

#include <stdlib.h>

int64_t sim_now(struct sim *sim)
{
    int64_t now = sim_clock_now(&sim->state.clock, world_now_ms(sim->world));
    lifecycle_advance(&sim->state, now);
    return now;
}

bool sim_pass(struct sim *sim, int64_t *ret_now_ms)
{
    *ret_now_ms = sim_clock_now(&sim->state.clock, world_now_ms(sim->world));
    return lifecycle_pass(&sim->state, *ret_now_ms);
}

/* Those who write go first: many who read, one after the other, would let them wait for ever. */
static void lock_init(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t how;
    pthread_rwlockattr_init(&how);
    pthread_rwlockattr_setkind_np(&how, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(lock, &how);
    pthread_rwlockattr_destroy(&how);
}

static void credential_free(struct credential *credential)
{
    text_done(&credential->source_identity);
    text_done(&credential->policy);
    tags_done(&credential->tags);
    tags_done(&credential->transitive);
    text_done(&credential->access_key);
    text_done(&credential->token);
    text_done(&credential->arn);
    text_done(&credential->user_id);
    secret_done(&credential->secret_key);
    free(credential);
}

static struct credential *find_credential(const struct sim *sim, struct str access_key,
                                          struct str token)
{
    struct credential *credential;
    list_each (credential, &sim->credentials)
        if (str_eq(credential->access_key, access_key) && str_eq(credential->token, token))
            return credential;
    return NULL;
}

const struct credential *sim_find_credential(const struct sim *sim, struct str access_key,
                                             struct str token)
{
    return find_credential(sim, access_key, token);
}

struct credential *sim_add_credential(struct sim *sim, struct str access_key, struct str secret_key,
                                      struct str token, int64_t expires_ms)
{
    struct credential *before = find_credential(sim, access_key, token);
    struct credential *credential = calloc(1, sizeof *credential);
    if (credential == NULL)
        abort();
    if (before != NULL) {
        list_remove(&sim->credentials, before);
        credential_free(before);
    }
    credential->access_key = text_of(access_key);
    credential->token = text_of(token);
    credential->secret_key = secret_of(secret_key);
    credential->expires_ms = expires_ms;
    list_add(&sim->credentials, credential);
    return credential;
}

/* A session that is over is kept for an hour, since AWS says "expired" and not "unknown". */
static struct credential *stale_session(struct sim *sim, size_t most, int64_t now_ms)
{
    enum { kept_ms = 60 * 60 * 1000 };
    struct credential *credential, *oldest = NULL;
    size_t sessions = 0;
    list_each (credential, &sim->credentials) {
        if (credential->expires_ms == 0)
            continue;
        if (credential->expires_ms + kept_ms <= now_ms)
            return credential;
        if (oldest == NULL)
            oldest = credential;
        sessions++;
    }
    return sessions > most ? oldest : NULL;
}

void sim_forget_sessions(struct sim *sim)
{
    enum { most = 1000 };
    struct credential *stale;
    while ((stale = stale_session(sim, most, world_now_ms(sim->world))) != NULL) {
        list_remove(&sim->credentials, stale);
        credential_free(stale);
    }
}

static void drop_credentials(struct sim *sim)
{
    struct credential *credential;
    list_each (credential, &sim->credentials)
        credential_free(credential);
    list_done(&sim->credentials);
}

static void drop_roles(struct sim *sim)
{
    struct role *role;
    list_each (role, &sim->roles) {
        text_done(&role->name);
        text_done(&role->external_id);
        free(role);
    }
    list_done(&sim->roles);
}

static uint64_t seed_of(const struct sim *sim)
{
    return sim->options.has_seed ? sim->options.seed : world_random_below(sim->world, UINT64_MAX);
}

bool sim_set_conditions(struct sim *sim, struct arena *arena, const struct doc *specs,
                        struct condition_error *reterr)
{
    int64_t now = sim_now(sim);

    if (!conditions_apply(&sim->state, arena, specs, now, reterr))
        return false;
    lifecycle_heed(&sim->state, now);
    if (journal_conditions(sim, specs, now))
        return true;
    *reterr = (struct condition_error){.path = S(""), .why = S("the state file cannot be written")};
    return false;
}

void sim_clear_faults(struct sim *sim)
{
    faults_clear(&sim->faults);
    stop_now(sim->holds);
}

void sim_begin_again(struct sim *sim)
{
    int64_t now = world_now_ms(sim->world);

    sim_clear_faults(sim);
    drop_credentials(sim);
    drop_roles(sim);
    calls_done(&sim->calls);
    state_done(&sim->state);
    state_init(&sim->state, seed_of(sim));
    sim->state.clock = (struct sim_clock){now, now, sim->options.time_scale};
    sim_add_credential(sim, S(ACCESS_KEY), S(SECRET_KEY), S(""), 0);
}

/* What of the models is not looked at, or where our tables differ from them. A botocore that is a
 * year old lacks dozens of instance types in each of its operations. */
static void tell(const struct doc *list, const char *what)
{
    enum { most_lines = 10, longest_line = 240 };
    size_t lines = 0;

    doc_each (entry, list) {
        struct str text = entry->value->text;
        if (++lines > most_lines)
            break;
        log_fmt(LOG_WARN, "models", "%.*s%s", STR(str_sub(text, 0, longest_line)),
                text.len > longest_line ? " ..." : "");
    }
    if (list->count > most_lines)
        log_fmt(LOG_WARN, "models", "%zu more %s: GET /_sim/models", list->count - most_lines,
                what);
}

static bool prepare(struct sim *sim, struct sim_error *reterr)
{
    const struct sim_options *options = &sim->options;

    if (options->models != NULL) {
        sim->models = models_load(options->models, reterr);
        if (sim->models == NULL)
            return false;
        tell(sim->models->notes, "notes");
        tell(sim->models->differences, "differences");
    }
    if (options->scenario != NULL &&
        (sim->scenario = scenario_load(options->scenario, reterr)) == NULL)
        return false;
    sim->journal.fresh = true;
    if (options->state != NULL && !journal_open(sim, options->state, reterr))
        return false;
    return scenario_apply(sim, sim->journal.fresh, reterr);
}

struct sim *sim_new(const struct world *world, const struct sim_options *options,
                    struct sim_error *reterr)
{
    struct sim *sim = calloc(1, sizeof *sim);
    if (sim == NULL)
        abort();
    sim->world = world;
    sim->options = *options;
    sim->stop = stop_source_new();
    sim->holds = stop_source_new();
    sim->journal.fd = -1;
    lock_init(&sim->lock);
    pthread_mutex_init(&sim->notes, NULL);
    *reterr = (struct sim_error){.exit_code = 0};
    sim_begin_again(sim);
    if (!prepare(sim, reterr)) {
        sim_free(sim);
        return NULL;
    }
    return sim;
}

void sim_stop(struct sim *sim)
{
    stop_for_good(sim->stop);
    stop_for_good(sim->holds);
}

void sim_free(struct sim *sim)
{
    if (sim == NULL)
        return;
    faults_clear(&sim->faults);
    drop_credentials(sim);
    drop_roles(sim);
    calls_done(&sim->calls);
    state_done(&sim->state);
    journal_close(&sim->journal);
    models_free(sim->models);
    scenario_free(sim->scenario);
    pthread_rwlock_destroy(&sim->lock);
    pthread_mutex_destroy(&sim->notes);
    stop_source_free(sim->stop);
    stop_source_free(sim->holds);
    free(sim);
}
