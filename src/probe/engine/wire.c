#include "wire.h"

#include "fabric/ticks.h"

#include <dlfcn.h>
#include <pmix.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct calls {
    __typeof__(PMIx_Init) *init;
    __typeof__(PMIx_Finalize) *finalize;
    __typeof__(PMIx_Abort) *abort;
    __typeof__(PMIx_Put) *put;
    __typeof__(PMIx_Commit) *commit;
    __typeof__(PMIx_Get_nb) *get;
    __typeof__(PMIx_Fence_nb) *fence;
    __typeof__(PMIx_Register_event_handler) *listen;
    __typeof__(PMIx_Error_string) *error;
    __typeof__(PMIx_Get_version) *version;
};

struct wire {
    struct calls calls;
    void *library;
    pmix_proc_t self;
    uint32_t size;
    bool meets;
    char name[96];
    pthread_mutex_t lock;
    uint8_t *dead; /* a rank each; by the lock */
};

/* One question on its way, with its words: the library's own thread reads them when it comes to it.
 * It may do so, and answer, after we have gone on, so both hold it. */
struct question {
    pmix_proc_t proc;
    char key[PMIX_MAX_KEYLEN + 1];
    pmix_info_t info[2];
    pthread_mutex_t lock;
    pthread_cond_t answered;
    int holders;
    bool done;
    pmix_status_t status;
    char *bytes;
    size_t len;
};

static struct question *question_new(void)
{
    struct question *q = calloc(1, sizeof *q);
    pthread_condattr_t attr;

    if (q == NULL)
        abort();
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->answered, &attr);
    pthread_condattr_destroy(&attr);
    q->holders = 2;
    return q;
}

static void question_let_go(struct question *q)
{
    bool last;

    pthread_mutex_lock(&q->lock);
    last = --q->holders == 0;
    pthread_mutex_unlock(&q->lock);
    if (!last)
        return;
    pthread_cond_destroy(&q->answered);
    pthread_mutex_destroy(&q->lock);
    free(q->bytes);
    free(q);
}

/* The library did not take it: no answer comes. */
static void question_refused(struct question *q)
{
    q->holders = 1;
    question_let_go(q);
}

static void answer(struct question *q, pmix_status_t status, const void *bytes, size_t len)
{
    pthread_mutex_lock(&q->lock);
    if (bytes != NULL && (q->bytes = malloc(len + 1)) != NULL) {
        memcpy(q->bytes, bytes, len);
        q->len = len;
    }
    q->status = status;
    q->done = true;
    pthread_cond_signal(&q->answered);
    pthread_mutex_unlock(&q->lock);
    question_let_go(q);
}

/* True: answered before the deadline. */
static bool question_wait(struct question *q, int64_t deadline)
{
    struct timespec until = {deadline / 1000000000, deadline % 1000000000};
    bool done;

    pthread_mutex_lock(&q->lock);
    while (!q->done)
        if (pthread_cond_timedwait(&q->answered, &q->lock, &until) != 0)
            break;
    done = q->done;
    pthread_mutex_unlock(&q->lock);
    return done;
}

static void on_value(pmix_status_t status, pmix_value_t *value, void *arg)
{
    uint32_t number;

    if (status == PMIX_SUCCESS && value != NULL && value->type == PMIX_BYTE_OBJECT &&
        value->data.bo.size > 0) {
        answer(arg, status, value->data.bo.bytes, value->data.bo.size - 1);
    } else if (status == PMIX_SUCCESS && value != NULL && value->type == PMIX_UINT32) {
        number = value->data.uint32;
        answer(arg, status, &number, sizeof number);
    } else {
        answer(arg, status == PMIX_SUCCESS ? PMIX_ERR_NOT_FOUND : status, NULL, 0);
    }
}

static void on_done(pmix_status_t status, void *arg)
{
    answer(arg, status, NULL, 0);
}

static pmix_proc_t proc_of(const struct wire *wire, pmix_rank_t rank)
{
    pmix_proc_t proc = wire->self;

    proc.rank = rank;
    return proc;
}

static pmix_info_t info_of(const char *key)
{
    pmix_info_t info = {0};

    snprintf(info.key, sizeof info.key, "%s", key);
    return info;
}

/* Asks once. The server gets a second: a rank that has not said it yet is asked again by us. */
static bool ask(struct wire *wire, pmix_rank_t rank, const char *key, int64_t deadline,
                struct question **ret)
{
    struct question *q = question_new();
    pmix_status_t status;
    bool answered;

    q->proc = proc_of(wire, rank);
    snprintf(q->key, sizeof q->key, "%s", key);
    q->info[0] = info_of(PMIX_TIMEOUT);
    q->info[0].value.type = PMIX_INT;
    q->info[0].value.data.integer = 1;
    q->info[1] = info_of(PMIX_GET_REFRESH_CACHE);
    q->info[1].value.type = PMIX_BOOL;
    q->info[1].value.data.flag = true;
    status =
        wire->calls.get(&q->proc, q->key, q->info, rank == PMIX_RANK_WILDCARD ? 1 : 2, on_value, q);
    if (status != PMIX_SUCCESS) {
        question_refused(q);
        return false;
    }
    answered = question_wait(q, deadline) && q->status == PMIX_SUCCESS && q->bytes != NULL;
    if (answered)
        *ret = q;
    else
        question_let_go(q);
    return answered;
}

static bool load_calls(struct wire *wire)
{
    const struct {
        const char *name;
        void **to;
    } all[] = {
        {"PMIx_Init", (void **)&wire->calls.init},
        {"PMIx_Finalize", (void **)&wire->calls.finalize},
        {"PMIx_Abort", (void **)&wire->calls.abort},
        {"PMIx_Put", (void **)&wire->calls.put},
        {"PMIx_Commit", (void **)&wire->calls.commit},
        {"PMIx_Get_nb", (void **)&wire->calls.get},
        {"PMIx_Fence_nb", (void **)&wire->calls.fence},
        {"PMIx_Register_event_handler", (void **)&wire->calls.listen},
        {"PMIx_Error_string", (void **)&wire->calls.error},
        {"PMIx_Get_version", (void **)&wire->calls.version},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((*all[i].to = dlsym(wire->library, all[i].name)) == NULL)
            return false;
    return true;
}

static bool load(struct wire *wire, const struct world *world, struct probe_error *reterr)
{
    struct str named = world_env(world, "HYPERPOD_PROBE_PMIX");
    const char *usual[] = {"libpmix.so.2", "libpmix.so", "/opt/pmix/lib/libpmix.so.2",
                           "/opt/amazon/pmix/lib/libpmix.so.2", NULL};
    const char *one[] = {named.ptr, NULL};
    const char *why = "";

    for (const char **path = str_empty(named) ? usual : one; *path != NULL; path++) {
        wire->library = dlopen(*path, RTLD_NOW | RTLD_GLOBAL); /* its plug-ins want its names */
        if (wire->library != NULL)
            break;
        why = dlerror();
    }
    if (wire->library == NULL && !str_empty(named))
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "HYPERPOD_PROBE_PMIX names %.*s, which cannot be opened (%s); unset it "
                           "for the library of the system",
                           STR(named), why);
    if (wire->library == NULL)
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "libpmix cannot be opened (%s); install it (libpmix2 on Debian and "
                           "Ubuntu) or name it in HYPERPOD_PROBE_PMIX",
                           why);
    if (!load_calls(wire))
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "this libpmix is older than PMIx 2: it lacks calls that are needed");
    return true;
}

static bool is_started_by_engine(const struct world *world)
{
    return !str_empty(world_env(world, "PMIX_NAMESPACE")) ||
           !str_empty(world_env(world, "PMIX_RANK"));
}

static struct wire *listening; /* the library passes nothing of ours to a handler */

/* NOLINTNEXTLINE(readability-function-size): its parameters are PMIx's */
static void on_event(size_t id, pmix_status_t status, const pmix_proc_t *source, pmix_info_t *info,
                     size_t info_count, pmix_info_t *results, size_t result_count,
                     pmix_event_notification_cbfunc_fn_t done, void *done_arg)
{
    struct wire *wire = listening;

    (void)id, (void)results, (void)result_count, (void)status;
    pthread_mutex_lock(&wire->lock);
    for (size_t i = 0; i < info_count; i++)
        if (strcmp(info[i].key, PMIX_EVENT_AFFECTED_PROC) == 0 && info[i].value.type == PMIX_PROC &&
            info[i].value.data.proc->rank < wire->size)
            wire->dead[info[i].value.data.proc->rank] = 1;
    if (source != NULL && source->rank < wire->size && status == PMIX_ERR_LOST_CONNECTION)
        wire->dead[source->rank] = 1;
    pthread_mutex_unlock(&wire->lock);
    if (done != NULL)
        done(PMIX_EVENT_ACTION_COMPLETE, NULL, 0, NULL, NULL, done_arg);
}

static void on_listening(pmix_status_t status, size_t id, void *arg)
{
    (void)id;
    answer(arg, status, NULL, 0);
}

/* News of deaths, where the engine tells them. */
static void listen_to_events(struct wire *wire, int64_t deadline)
{
    static pmix_status_t codes[] = {PMIX_ERR_PROC_ABORTED, PMIX_ERR_LOST_CONNECTION};
    struct question *q = question_new();

    listening = wire;
    wire->calls.listen(codes, sizeof codes / sizeof codes[0], NULL, 0, on_event, on_listening, q);
    question_wait(q, deadline);
    question_let_go(q);
}

/* PMIx_Init waits for its server without end; the process then ends with a sentence. */
struct watch {
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
    int64_t deadline;
};

static void *watch_over(void *arg)
{
    struct watch *w = arg;
    struct timespec until = {w->deadline / 1000000000, w->deadline % 1000000000};

    pthread_mutex_lock(&w->lock);
    while (!w->done)
        if (pthread_cond_timedwait(&w->over, &w->lock, &until) != 0 && !w->done) {
            fputs("hyperpod-probe: the PMIx server of this node does not answer\n", stderr);
            _exit(EXIT_TIMED_OUT);
        }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void watch_begin(struct watch *w, pthread_t *thread, int64_t deadline)
{
    pthread_condattr_t attr;

    *w = (struct watch){.deadline = deadline};
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->over, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(thread, NULL, watch_over, w) != 0)
        abort();
}

static void watch_end(struct watch *w, pthread_t thread)
{
    pthread_mutex_lock(&w->lock);
    w->done = true;
    pthread_cond_signal(&w->over);
    pthread_mutex_unlock(&w->lock);
    pthread_join(thread, NULL);
    pthread_cond_destroy(&w->over);
    pthread_mutex_destroy(&w->lock);
}

static bool begin(struct wire *wire, int64_t deadline, struct probe_error *reterr)
{
    struct watch watch;
    pthread_t thread;
    struct question *q;
    pmix_status_t status;

    watch_begin(&watch, &thread, deadline);
    status = wire->calls.init(&wire->self, NULL, 0);
    watch_end(&watch, thread);
    if (status != PMIX_SUCCESS)
        return probe_error(reterr, EXIT_UNAVAILABLE,
                           "PMIx_Init: %s (%d); under Slurm the step needs --mpi=pmix",
                           wire->calls.error(status), status);
    if (!ask(wire, PMIX_RANK_WILDCARD, PMIX_JOB_SIZE, deadline, &q))
        return probe_error(reterr, EXIT_UNAVAILABLE, "PMIx does not tell how many ranks there are");
    if (q->len == sizeof wire->size)
        memcpy(&wire->size, q->bytes, sizeof wire->size);
    question_let_go(q);
    if (wire->size == 0 || wire->self.rank >= wire->size)
        return probe_error(reterr, EXIT_UNAVAILABLE, "PMIx tells of %u ranks, of which we are %u",
                           wire->size, wire->self.rank);
    wire->dead = calloc(wire->size, 1);
    if (wire->dead == NULL)
        abort();
    snprintf(wire->name, sizeof wire->name, "%.90s", wire->calls.version());
    wire->name[strcspn(wire->name, ",(")] = '\0';
    listen_to_events(wire, deadline);
    return true;
}

struct wire *wire_open(const struct world *world, int64_t deadline, struct probe_error *reterr)
{
    struct wire *wire = calloc(1, sizeof *wire);

    if (wire == NULL)
        abort();
    pthread_mutex_init(&wire->lock, NULL);
    wire->meets = true;
    if (!is_started_by_engine(world)) {
        probe_error(reterr, EXIT_BAD_USAGE,
                    "`run` is started on all nodes by an engine, one process a node: `srun "
                    "--mpi=pmix --ntasks-per-node=1 hyperpod-probe run …`, or `mpirun -np 2 "
                    "hyperpod-probe run …` to try it on one; `selftest` needs none");
    } else if (load(wire, world, reterr) && begin(wire, deadline, reterr)) {
        return wire;
    }
    pthread_mutex_destroy(&wire->lock);
    free(wire);
    return NULL;
}

void wire_close(struct wire *wire)
{
    struct watch watch;
    pthread_t thread;

    if (wire == NULL)
        return;
    watch_begin(&watch, &thread, ticks_ns() + 10000 * TICKS_MS);
    wire->calls.finalize(NULL, 0);
    watch_end(&watch, thread);
    /* The library stays loaded, and the wire in memory: a late event may still come. */
}

void wire_end_all(struct wire *wire, int status, const char *why)
{
    wire->calls.abort(status, why, NULL, 0);
}

uint32_t wire_rank(const struct wire *wire)
{
    return wire->self.rank;
}

uint32_t wire_size(const struct wire *wire)
{
    return wire->size;
}

const char *wire_name(const struct wire *wire)
{
    return wire->name;
}

bool wire_say(struct wire *wire, const char *key, struct str bytes)
{
    pmix_value_t value = {.type = PMIX_BYTE_OBJECT};
    char *copy = malloc(bytes.len + 1);
    bool said;

    if (copy == NULL)
        return false;
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    copy[bytes.len] = '.'; /* nothing is something too: PMIx loses values without bytes */
    value.data.bo.bytes = copy;
    value.data.bo.size = bytes.len + 1;
    said = wire->calls.put(PMIX_GLOBAL, key, &value) == PMIX_SUCCESS &&
           wire->calls.commit() == PMIX_SUCCESS;
    free(copy);
    return said;
}

void wire_forget(struct wire *wire, const char *key)
{
    wire_say(wire, key, S(""));
}

bool wire_hear(struct wire *wire, uint32_t rank, const char *key, struct arena *arena,
               int64_t deadline, struct str *ret_bytes)
{
    struct question *q;
    struct timespec pause = {0, 20 * TICKS_MS};
    int64_t least = ticks_ns() + 300 * TICKS_MS;

    while (!ask(wire, rank, key, deadline > least ? deadline : least, &q)) {
        if (ticks_ns() >= deadline)
            return false;
        nanosleep(&pause, NULL);
    }
    *ret_bytes = arena_str(arena, (struct str){q->bytes, q->len});
    question_let_go(q);
    return true;
}

bool wire_has_said(struct wire *wire, uint32_t rank, const char *key)
{
    struct question *q;

    if (!ask(wire, rank, key, ticks_ns() + 10 * TICKS_MS, &q))
        return false;
    question_let_go(q);
    return true;
}

/* Words are always collected: without, Slurm lets everybody through at once (unless
 * SLURM_PMIX_FENCE_BARRIER is set), and rounds would drift apart with the first slow meeting. */
bool wire_meet(struct wire *wire, int64_t deadline)
{
    int64_t came = ticks_ns();
    struct question *q;
    pmix_status_t status;

    if (!wire->meets)
        return false;
    q = question_new();
    q->info[0] = info_of(PMIX_COLLECT_DATA);
    q->info[0].value.type = PMIX_BOOL;
    q->info[0].value.data.flag = true;
    status = wire->calls.fence(NULL, 0, q->info, 1, on_done, q);
    if (status == PMIX_SUCCESS) {
        /* who comes that late finds it done, and the others have given up */
        wire->meets = question_wait(q, deadline) && q->status == PMIX_SUCCESS && came <= deadline;
        question_let_go(q);
    } else {
        wire->meets = false;
        question_refused(q);
    }
    return wire->meets;
}

bool wire_meets(const struct wire *wire)
{
    return wire->meets;
}

bool wire_is_dead(struct wire *wire, uint32_t rank)
{
    bool dead;

    pthread_mutex_lock(&wire->lock);
    dead = wire->dead[rank] != 0;
    pthread_mutex_unlock(&wire->lock);
    return dead;
}
