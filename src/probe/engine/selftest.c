#include "selftest.h"

#include "fabric/tests.h"
#include "facts/profile.h"
#include "judge/schedule.h"
#include "node/card.h"
#include "node/sysfs.h"
#include "stage.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOP_PIECES = 4, LOOP_TIMEOUT_MS = 60000 };

/* What the process that touches libfabric leaves for the one that tells. */
struct loops {
    int count; /* -1: no rails */
    struct rail_place places[PROBE_MAX_RAILS];
    struct pair_seen seen[PROBE_MAX_RAILS][2];
    bool opened[PROBE_MAX_RAILS], done;
    char version[32], library[256];
    struct probe_error error;
};

struct end {
    struct rail *rail;
    struct pair_job job;
    struct pair_seen *seen;
    int64_t *samples;
};

struct told {
    FILE *out;
    int bad;
};

static void tell(struct told *told, bool well, const char *sentence)
{
    fprintf(told->out, "%s - %s\n", well ? "ok" : "not ok", sentence);
    told->bad += !well;
}

static void *one_end(void *arg)
{
    struct end *end = arg;

    pair_meet(end->rail, &end->job, end->samples, end->seen);
    return NULL;
}

static bool open_end(struct loops *loops, int rail, struct end *end, int which,
                     const struct pair_piece *pieces)
{
    end->rail = rail_open(&loops->places[rail], 4 << 20, &loops->error);
    end->samples = calloc(PAIR_MOST_SAMPLES, sizeof *end->samples);
    end->seen = &loops->seen[rail][which];
    end->job = (struct pair_job){.self = (uint32_t)which,
                                 .other = (uint32_t)!which,
                                 .salt = 1,
                                 .sequence = (uint32_t)rail + 1,
                                 .first = which == 0,
                                 .pieces = pieces,
                                 .piece_count = LOOP_PIECES,
                                 .deadline = ticks_ns() + 10000 * TICKS_MS};
    return end->rail != NULL && end->samples != NULL;
}

static void loop(struct loops *loops, int rail)
{
    const struct pair_piece pieces[LOOP_PIECES] = {
        {PAIR_CONNECT, 8, 1, 0, 0, 5000 * TICKS_MS, false, false},
        {PAIR_PROVE, 1 << 20, 1, 0, 0, 5000 * TICKS_MS, false, false},
        {PAIR_LATENCY, 8, 1, 0, 50 * TICKS_MS, 5000 * TICKS_MS, false, false},
        {PAIR_FORTH, 1 << 20, 4, 0, 100 * TICKS_MS, 5000 * TICKS_MS, false, false},
    };
    struct end ends[2] = {0};
    pthread_t thread;

    for (int i = 0; i < 2; i++)
        if (!open_end(loops, rail, &ends[i], i, pieces))
            return;
    for (int i = 0; i < 2; i++) {
        size_t len;
        const void *address = rail_address(ends[!i].rail, &len);
        if (!rail_insert(ends[i].rail, address, len, &ends[i].job.peer, &loops->error))
            return;
    }
    loops->opened[rail] = true;
    if (pthread_create(&thread, NULL, one_end, &ends[1]) != 0)
        return;
    one_end(&ends[0]);
    pthread_join(thread, NULL);
    for (int i = 0; i < 2; i++) {
        rail_close(ends[i].rail);
        free(ends[i].samples);
    }
}

static void all_loops(struct loops *loops, const struct probe_options *options,
                      const char *provider)
{
    setenv("FI_EFA_ENABLE_SHM_TRANSFER", "0", 1); /* or the device is never touched */
    rail_library(loops->version, loops->library);
    loops->count = rail_find(provider, options->rails.items, options->rails.count, loops->places,
                             PROBE_MAX_RAILS, &loops->error);
    for (int i = 0; i < loops->count; i++)
        loop(loops, i);
    loops->done = true;
}

/* A provider may end its process, or hang: so it has one of its own. */
static void apart(struct loops *loops, const struct probe_options *options, const char *provider,
                  char why[128])
{
    struct timespec pause = {0, 5 * TICKS_MS};
    int64_t until = ticks_ns() + LOOP_TIMEOUT_MS * TICKS_MS;
    int status = 0;
    pid_t pid = fork();

    snprintf(why, 128, "%s", "no second process can be made");
    if (pid == 0) {
        all_loops(loops, options, provider);
        _exit(0);
    }
    if (pid < 0)
        return;
    while (waitpid(pid, &status, WNOHANG) == 0 && ticks_ns() < until)
        nanosleep(&pause, NULL);
    if (ticks_ns() >= until) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        snprintf(why, 128, "a call into libfabric did not come back within a minute");
    } else if (WIFSIGNALED(status)) {
        snprintf(why, 128, "libfabric ended the process by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    }
}

static void tell_loop(struct told *told, const struct loops *loops, int i)
{
    const struct pair_seen *first = &loops->seen[i][0], *other = &loops->seen[i][1];
    const char *domain = loops->places[i].domain;
    char sentence[768];

    if (!loops->opened[i]) {
        snprintf(sentence, sizeof sentence, "rail %s opens (%s)", domain, loops->error.text);
        tell(told, false, sentence);
        return;
    }
    if (first->end == RAIL_OK && other->end == RAIL_OK && !first->corrupt && !other->corrupt) {
        snprintf(sentence, sizeof sentence,
                 "rail %s carries bytes to itself and keeps them: %.1f us, %.1f Gb/s", domain,
                 (double)first->pieces[2].p50 / 1000, first->pieces[3].rate * 8 / 1e9);
        tell(told, true, sentence);
        return;
    }
    snprintf(sentence, sizeof sentence, "rail %s carries bytes to itself (%s%s)", domain,
             first->corrupt || other->corrupt ? "they were changed on the way"
             : first->end == RAIL_SILENT      ? "nothing came before the deadline"
                                              : "the provider says: ",
             first->end == RAIL_ERROR_SAID ? first->error : other->error);
    tell(told, false, sentence);
}

static bool circle_is_whole(uint32_t n)
{
    uint8_t met[64][64] = {0};

    for (uint32_t round = 0; round < schedule_rounds(n, false); round++)
        for (uint32_t i = 0; i < n; i++) {
            uint32_t partner = schedule_partner(n, false, round, i);
            if (partner >= n || schedule_partner(n, false, round, partner) != i)
                return false;
            met[i][partner]++;
        }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++)
            if (i != k && met[i][k] != 1)
                return false;
    return true;
}

/* The arithmetic that a verdict hangs on, on this processor. */
static void arithmetic(struct told *told)
{
    int64_t samples[1000];
    struct pair_got got = {0};
    bool whole = true;
    char bytes[64];

    for (uint32_t n = 2; n <= 64; n++)
        whole &= circle_is_whole(n);
    tell(told, whole, "each of 2 to 64 nodes meets each other one exactly once");
    for (int i = 0; i < 1000; i++)
        samples[i] = (i * 7919) % 1000 + 1;
    samples_tell(samples, 1000, &got);
    tell(told, got.min == 1 && got.p50 == 500 && got.p99 == 990 && got.max == 1000,
         "the quantiles of 1 to 1000 are what they are");
    pattern_fill(bytes, sizeof bytes, 1);
    bytes[40] ^= 1;
    tell(told, !pattern_holds(bytes, sizeof bytes, 1), "a bit that was changed is seen");
}

static void node(struct told *told, struct arena *arena, const struct card_purpose *purpose,
                 const struct world *world, const char *root)
{
    struct card *card = card_new(arena, world, root);

    card_preflight(arena, card, world, root, purpose);
    fprintf(told->out, "note - node %.*s, kernel %.*s, EFA driver %.*s, %u EFA devices\n",
            STR(card->name), STR(card->kernel),
            STR(str_empty(card->driver) ? S("none") : card->driver), sysfs_efa_count(root));
    for (uint32_t i = 0; i < card->finding_count; i++) {
        const struct card_finding *f = &card->findings[i];
        fprintf(told->out, "%s - %.*s: %.*s%s%.*s\n",
                f->severity == PROBE_ERROR ? "not ok" : "note", STR(f->code), STR(f->text),
                str_empty(f->remedy) ? "" : "; ", STR(f->remedy));
        told->bad += f->severity == PROBE_ERROR;
    }
}

int selftest(const struct probe_options *options, const struct world *world, const char *root,
             FILE *out)
{
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    struct card_purpose purpose = card_purpose(options->provider, root);
    struct profile profile = {0};
    struct probe_error error = {0};
    struct loops *loops =
        mmap(NULL, sizeof *loops, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct told told = {.out = out};
    char why[128] = "";
    int count;

    if (loops == MAP_FAILED)
        return EXIT_INTERNAL;
    if (options->profile != NULL && !profile_load(arena, options->profile, &profile, &error)) {
        fprintf(stderr, "hyperpod-probe: %s\n", error.text);
        munmap(loops, sizeof *loops);
        return error.exit_code;
    }
    purpose.type = profile.type;
    purpose.rails = (uint32_t)profile.rails.value;
    arithmetic(&told);
    node(&told, arena, &purpose, world, root);
    fflush(out);
    apart(loops, options, purpose.provider, why);
    if (*loops->version != '\0')
        fprintf(out, "note - libfabric %s, %s\n", loops->version, loops->library);
    count = loops->count;
    if (count < 0)
        fprintf(out, "not ok - provider %s has a rail (%s)\n", purpose.provider, loops->error.text);
    else if (!loops->done)
        tell(&told, false, why);
    for (int i = 0; i < count && loops->done; i++)
        tell_loop(&told, loops, i);
    munmap(loops, sizeof *loops);
    return count < 0 ? EXIT_UNAVAILABLE : told.bad > 0 ? EXIT_FAIL : EXIT_PASS;
}
