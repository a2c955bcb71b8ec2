/* Tries the judge on simulated clusters, prints what it found, and leaves with 1 when it missed a
 * fault or accused somebody falsely.
 *
 *     probe-clusters [--seeds 1000] [--large 20] [--first 1] [--quick] [--verbose]
 *     probe-clusters --show SEED NODES RAILS FAULT DIR    writes the report of one of them */
#include "cluster.h"

#include "facts/file.h"
#include "judge/judge.h"
#include "report/report.h"
#include "result/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct tally {
    uint32_t runs, faults, named, vague, missed, unmet, falsely;
};

static struct tally tallies[FAULT_KINDS + 1]; /* the last: two faults */
/* Of 1000 nodes x 32 rails, on a machine that has other work, too. */
enum { MOST_MS = 30000, MOST_MIB = 256, MOST_KIB = 8192 };

static bool verbose, quick, over;

static struct probe_run *judged(const struct cluster *c, const char *path)
{
    struct probe_error error = {0};
    struct probe_run *run = cluster_run(c, path, &error);

    if (run == NULL) {
        fprintf(stderr, "probe-clusters: %s\n", error.text);
        exit(error.exit_code);
    }
    judge_run(run, NULL);
    cluster_retest(c, run);
    judge_run(run, NULL);
    return run;
}

/* What is 8 to 14 % below is named where that is more than chance, and among few nodes of which
 * each measurement is off by as much it is not. */
static bool may_be_missed(const struct cluster *c)
{
    return c->faults[0].kind >= FAULT_FIRST_MILD && c->faults[0].kind <= FAULT_LAST_MILD;
}

static void count(const struct cluster *c, const struct probe_run *run, enum fault_kind kind)
{
    struct cluster_found found = cluster_compare(c, run);
    struct tally *t = &tallies[c->fault_count == 2 ? FAULT_KINDS : kind];

    t->runs++;
    t->faults += c->fault_count;
    t->named += found.named;
    t->vague += found.vague;
    t->missed += found.missed;
    t->unmet += found.unmet;
    t->falsely += found.falsely;
    /* Two faults among few nodes may be told apart only so far; from 8 nodes on each has a name. */
    bool bad = (found.missed > 0 && !may_be_missed(c)) || found.falsely > 0 ||
               (found.vague > 0 && c->nodes >= 8);
    if (!bad && !verbose)
        return;
    printf("seed %llu, %u nodes, %u rails, %s%s%s: %s%s%.*s%s%.*s\n", (unsigned long long)c->seed,
           c->nodes, c->rails, fault_names[kind], c->fault_count == 2 ? " and " : "",
           c->fault_count == 2 ? fault_names[c->faults[1].kind] : "",
           probe_verdicts[run->judged->verdict], found.missed > 0 ? ", missed: " : "",
           STR(found.missing), found.falsely > 0 ? ", falsely: " : "", STR(found.wrong));
}

static struct cluster small(uint64_t seed, enum fault_kind *ret_kind)
{
    static const uint32_t rails[] = {1, 2, 4, 8, 16, 32};
    struct chance chance = {seed};
    uint32_t which = (uint32_t)(seed % (FAULT_KINDS + 1)), nodes = 4 + chance_below(&chance, 61);
    bool two = which == FAULT_KINDS;

    if (seed % 3 == 0)
        nodes = 4 + chance_below(&chance, 6);
    uint32_t has = rails[chance_below(&chance, 6)];
    enum fault_kind kind =
        (enum fault_kind)(two ? 1 + chance_below(&chance, FAULT_NOISY_NODE) : which);
    if (kind == FAULT_COMMON_RAIL && has == 1)
        has = 2;
    *ret_kind = kind;
    struct cluster c = cluster_of(seed, nodes, has, kind, two);
    c.quick = quick;
    return c;
}

/* Of this process: other programs' work is not the judge's. */
static int64_t processor_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000) +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void large(uint64_t seed, const char *path)
{
    struct rusage usage;
    struct chance chance = {seed};
    bool two = seed % 5 == 4;
    enum fault_kind kind = (enum fault_kind)(seed % FAULT_KINDS);
    uint32_t rails = seed % 2 == 0 ? 32 : 1 + chance_below(&chance, 32);
    struct cluster c =
        cluster_of(seed, 1000, rails, kind, two && kind != FAULT_NONE && kind <= FAULT_NOISY_NODE);
    c.quick = quick;
    struct probe_error error = {0};

    struct probe_run *run = cluster_run(&c, path, &error);
    if (run == NULL) {
        fprintf(stderr, "probe-clusters: %s\n", error.text);
        exit(error.exit_code);
    }
    int64_t began = processor_ms();
    judge_run(run, NULL);
    int64_t took = processor_ms() - began;
    cluster_retest(&c, run);
    judge_run(run, NULL);
    count(&c, run, kind);
    getrusage(RUSAGE_SELF, &usage);
    long peak = usage.ru_maxrss / 1024; /* of the analysis; the texts come after it */
    scoped(arena_freep) struct arena *arena = arena_new((size_t)512 << 20);
    struct str json = S("");
    began = processor_ms();
    document_write(run, arena, &json, &error);
    struct str html = report_html(arena, run, 50);
    int64_t shown = processor_ms() - began;
    printf("# 1000 nodes x %u rails: judged in %lld ms of one processor (limit %d), peak memory "
           "%ld MiB (%d), report.json %zu KiB (%d), report.html %zu KiB (%d), both in %lld ms\n",
           rails, (long long)took, MOST_MS, peak, MOST_MIB, json.len / 1024, MOST_KIB,
           html.len / 1024, MOST_KIB, (long long)shown);
    fflush(stdout);
    over |= took > MOST_MS || peak > MOST_MIB || json.len / 1024 > MOST_KIB ||
            html.len / 1024 > MOST_KIB;
    probe_run_free(run);
}

static int show(char **words)
{
    uint32_t fault = (uint32_t)strtoul(words[3], NULL, 10);
    struct cluster c = cluster_of(
        strtoull(words[0], NULL, 10), (uint32_t)strtoul(words[1], NULL, 10),
        (uint32_t)strtoul(words[2], NULL, 10), (enum fault_kind)(fault % 20), fault >= 20);
    struct probe_error error = {0};
    char path[4096];
    struct str json;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)256 << 20);

    snprintf(path, sizeof path, "%s/matrix.f32", words[4]);
    if (!folder_make(words[4], &error))
        return fprintf(stderr, "%s\n", error.text), error.exit_code;
    struct probe_run *run = judged(&c, path);
    bool written = probe_run_cells_sync(run, path, &error) &&
                   document_hash_matrix(run, path, &error) &&
                   document_write(run, arena, &json, &error);
    snprintf(path, sizeof path, "%s/report.json", words[4]);
    written = written && file_write(path, json, &error);
    if (!written)
        fprintf(stderr, "%s\n", error.text);
    probe_run_free(run);
    return error.exit_code;
}

static int totals(void)
{
    uint32_t wrong = 0;

    printf("%-18s %6s %7s %6s %7s %7s %7s %9s\n", "fault", "runs", "faults", "named", "one of",
           "not met", "missed", "falsely");
    for (int i = 0; i <= FAULT_KINDS; i++) {
        const struct tally *t = &tallies[i];
        printf("%-18s %6u %7u %6u %7u %7u %7u %9u\n",
               i == FAULT_KINDS ? "two at once" : fault_names[i], t->runs, t->faults, t->named,
               t->vague, t->unmet, t->missed, t->falsely);
        bool mild = i >= FAULT_FIRST_MILD && i <= FAULT_LAST_MILD;
        wrong += (mild ? 0 : t->missed) + t->falsely;
    }
    if (over)
        printf("over a limit\n");
    return wrong > 0 || over;
}

int main(int argc, char **argv)
{
    uint64_t seeds = 1000, larges = 20, first = 1;
    char path[] = "/tmp/probe-clusters.XXXXXX";

    if (argc == 7 && strcmp(argv[1], "--show") == 0)
        return show(argv + 2);
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (more && strcmp(argv[i], "--seeds") == 0)
            seeds = strtoull(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "--large") == 0)
            larges = strtoull(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "--first") == 0)
            first = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--quick") == 0)
            quick = true;
        else if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else
            return fprintf(stderr,
                           "probe-clusters [--seeds N] [--large N] [--first N] [--quick]\n"),
                   64;
    }
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        enum fault_kind kind;
        struct cluster c = small(seed, &kind);
        struct probe_run *run = judged(&c, NULL);
        count(&c, run, kind);
        probe_run_free(run);
    }
    if (larges > 0)
        close(mkstemp(path));
    for (uint64_t seed = first; seed < first + larges; seed++)
        large(seed, path);
    unlink(path);
    return totals();
}
