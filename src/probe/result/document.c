#include "document.h"

#include "facts/file.h"
#include "facts/members.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH = 256 << 20, MOST = 100000, CELLS_MOST = PROBE_MAX_NODES * PROBE_MAX_RAILS };

const char *const probe_verdicts[] = {"PASS", "WARN", "FAIL", "INCONCLUSIVE", "INCOMPLETE"};
const char *const probe_suspect_kinds[] = {"node", "rail", "link", "one-of", "common"};
const char *const probe_directions[] = {"both", "out", "in"};
const char *const probe_causes[] = {"slow", "loss", "unheard", "damage", "gone"};
const char *const probe_confirmations[] = {"not-retested", "confirmed", "not-again", "no-retest"};

static const char *metric_names[PROBE_METRICS];

#define ROWS(type, ...)                                                                            \
    static const struct member type##_rows[] = {__VA_ARGS__, {NULL}};                              \
    static const struct members type##_members = {type##_rows, sizeof(struct type), NULL}
#define TEXT(type, name, text)   MEMBER(struct type, name, MEMBER_TEXT, text, .required = true)
#define BOOL(type, name, text)   MEMBER(struct type, name, MEMBER_BOOL, text, .required = true)
#define WHOLE(type, name, text)  MEMBER(struct type, name, MEMBER_WHOLE, text, .required = true)
#define INDEX(type, name, text)  MEMBER(struct type, name, MEMBER_INDEX, text, .required = true)
#define COUNT(type, name, text)  MEMBER(struct type, name, MEMBER_COUNT, text, .required = true)
#define NUMBER(type, name, text) MEMBER(struct type, name, MEMBER_NUMBER, text, .required = true)
#define CHOICE(type, name, names_, count, text)                                                    \
    MEMBER(struct type, name, MEMBER_CHOICE, text, .names = (names_), .most = (count),             \
           .required = true)
#define OBJECT(type, name, of_, text)                                                              \
    MEMBER(struct type, name, MEMBER_OBJECT, text, .of = &of_, .required = true)
#define ARRAY(type, name_, member, kind_, count, most_, text_, ...)                                \
    {                                                                                              \
        .name = #name_, .kind = kind_, .at = offsetof(struct type, member),                        \
        .count_at = offsetof(struct type, count), .most = most_, .text = text_, .required = true,  \
        __VA_ARGS__                                                                                \
    }

/* Series by name, not by number: a metric's place may change. */
ROWS(probe_series, CHOICE(probe_series, metric, metric_names, PROBE_METRICS, NULL),
     CHOICE(probe_series, load, probe_loads, PROBE_LOADS,
            "rail: one rail of a pair at a time; rails: all of them at once"),
     MEMBER(struct probe_series, size_bytes, MEMBER_SIZE, "of a message", .required = true));
ROWS(probe_rail, TEXT(probe_rail, name, "libfabric's domain"),
     TEXT(probe_rail, device, "the kernel's device; empty: none"),
     WHOLE(probe_rail, mtu, "of the link; 0: unknown"));
ROWS(probe_node, TEXT(probe_node, name, NULL), TEXT(probe_node, id, NULL),
     TEXT(probe_node, group, "instance group"), TEXT(probe_node, type, "instance type"),
     TEXT(probe_node, address, NULL), TEXT(probe_node, place, "topology, coarse to fine"),
     TEXT(probe_node, libfabric, "version that was loaded"), TEXT(probe_node, library, "its path"),
     TEXT(probe_node, provider, NULL), TEXT(probe_node, driver, NULL),
     TEXT(probe_node, kernel, NULL), TEXT(probe_node, installer, "EFA installer"),
     TEXT(probe_node, probe, "version of this program"),
     CHOICE(probe_node, presence, probe_presences, PROBE_PRESENCES, NULL),
     TEXT(probe_node, phase, "where it was lost"), TEXT(probe_node, why, "how it was lost"),
     BOOL(probe_node, unexpected, "it came, and nobody had named it"),
     NUMBER(probe_node, foreign_cpu, "share of its time that others took"),
     ARRAY(probe_node, rails, rails, MEMBER_LIST, rail_count, PROBE_MAX_RAILS, NULL,
           .of = &probe_rail_members));
ROWS(probe_finding, CHOICE(probe_finding, severity, probe_severities, PROBE_SEVERITIES, NULL),
     TEXT(probe_finding, code, NULL), INDEX(probe_finding, node, "-1: all"),
     INDEX(probe_finding, rail, "-1: all"), TEXT(probe_finding, text, NULL),
     TEXT(probe_finding, remedy, NULL));
ROWS(probe_counter, INDEX(probe_counter, node, NULL), INDEX(probe_counter, rail, NULL),
     TEXT(probe_counter, name, NULL), WHOLE(probe_counter, moved, "during the run"));
ROWS(probe_phase, TEXT(probe_phase, name, NULL), WHOLE(probe_phase, rounds, NULL),
     WHOLE(probe_phase, tested, "cells"), WHOLE(probe_phase, total, "cells"),
     WHOLE(probe_phase, duration_ms, NULL));
ROWS(probe_sample, CHOICE(probe_sample, kind, probe_samples, PROBE_SAMPLES, NULL),
     COUNT(probe_sample, series, "number in series"), INDEX(probe_sample, from, NULL),
     INDEX(probe_sample, to, NULL), INDEX(probe_sample, from_rail, NULL),
     INDEX(probe_sample, to_rail, NULL),
     CHOICE(probe_sample, outcome, probe_outcomes, PROBE_OUTCOMES, NULL),
     BOOL(probe_sample, noisy, NULL), NUMBER(probe_sample, value, "null: nothing"));
ROWS(probe_aside,
     CHOICE(probe_aside, kind, probe_asides, PROBE_ASIDES,
            "rails: all rails at once, against each alone; cross: with another rail of the "
            "partner, against the same; bisection: all pairs at once, against the pair alone"),
     CHOICE(probe_aside, metric, metric_names, PROBE_METRICS, NULL),
     MEMBER(struct probe_aside, size_bytes, MEMBER_SIZE, "of a message", .required = true),
     WHOLE(probe_aside, tested, "meetings of rails, once for each end"),
     WHOLE(probe_aside, unheard, "of these, ended in silence or with an error"),
     WHOLE(probe_aside, noisy, "of these, disturbed"),
     BOOL(probe_aside, judged, "false: disturbed, or ranks share a machine"),
     NUMBER(probe_aside, least, "share of the worst node: sum of values by sum of against"),
     NUMBER(probe_aside, median, "share of the median node"),
     INDEX(probe_aside, least_node, "the worst node, or -2"),
     ARRAY(probe_aside, values, values, MEMBER_NUMBERS, value_count, CELLS_MOST,
           "median of each rail, node after node"),
     ARRAY(probe_aside, against, against, MEMBER_NUMBERS, against_count, CELLS_MOST,
           "the same pairs, as what values are held to"),
     ARRAY(probe_aside, unheard_rails, unheard_rails, MEMBER_BYTES, unheard_count, CELLS_MOST,
           "partners that each rail did not hear"));
ROWS(probe_target, NUMBER(probe_target, latency_us, "0: not asked for"),
     NUMBER(probe_target, bandwidth_gbps, "0: not asked for"));
ROWS(probe_suspect, CHOICE(probe_suspect, kind, probe_suspect_kinds, PROBE_SUSPECT_KINDS, NULL),
     CHOICE(probe_suspect, direction, probe_directions, PROBE_DIRECTIONS, "out: from a; in: to a"),
     CHOICE(probe_suspect, cause, probe_causes, PROBE_CAUSES, NULL),
     CHOICE(probe_suspect, severity, probe_severities, PROBE_SEVERITIES, NULL),
     CHOICE(probe_suspect, confirmed, probe_confirmations, PROBE_CONFIRMATIONS,
            "by a retest, alone with good partners"),
     INDEX(probe_suspect, a, "a node"), INDEX(probe_suspect, b, "the other end of a link, or -2"),
     INDEX(probe_suspect, rail, "-1: all"),
     INDEX(probe_suspect, series, "where it shows most; -2: by outcomes"),
     NUMBER(probe_suspect, value, NULL), NUMBER(probe_suspect, reference, "of healthy cells"),
     NUMBER(probe_suspect, ratio, "below 1: so many times the reference's quality"),
     NUMBER(probe_suspect, again, "what the retest measured"),
     COUNT(probe_suspect, bad, "cells that show it"), COUNT(probe_suspect, of, "cells tried"),
     TEXT(probe_suspect, text, NULL), TEXT(probe_suspect, remedy, NULL));
ROWS(probe_summary, COUNT(probe_summary, series, "number in series"),
     WHOLE(probe_summary, cells, "measured"), WHOLE(probe_summary, noisy, "of these, not judged"),
     NUMBER(probe_summary, least, NULL), NUMBER(probe_summary, p1, NULL),
     NUMBER(probe_summary, p50, NULL), NUMBER(probe_summary, p99, NULL),
     NUMBER(probe_summary, most, NULL), NUMBER(probe_summary, mad, "scaled to a deviation"),
     NUMBER(probe_summary, reference, "of healthy cells"),
     NUMBER(probe_summary, floor, "of the profile; 0: none"),
     NUMBER(probe_summary, target, "that was asked for; 0: none"),
     BOOL(probe_summary, target_met, NULL),
     ARRAY(probe_summary, nodes, nodes, MEMBER_NUMBERS, node_count, PROBE_MAX_NODES,
           "median of each node"),
     ARRAY(probe_summary, rails, rails, MEMBER_NUMBERS, rail_count, CELLS_MOST,
           "median of each rail, node after node"));
ROWS(probe_heat, COUNT(probe_heat, series, "number in series"),
     COUNT(probe_heat, side, "rows and columns"), COUNT(probe_heat, per_bin, "nodes of a row"),
     ARRAY(probe_heat, values, values, MEMBER_NUMBERS, value_count,
           PROBE_HEAT_SIDE *PROBE_HEAT_SIDE, "worst of each bin, row (from) after row"),
     ARRAY(probe_heat, outcomes, outcomes, MEMBER_BYTES, outcome_count,
           PROBE_HEAT_SIDE *PROBE_HEAT_SIDE,
           "0 not tried, 1 skipped, 2 ok, 3 silent, 4 failed, 5 corrupt; 64 more: noise"));
ROWS(probe_matrix_file, TEXT(probe_matrix_file, file, "empty: none"),
     TEXT(probe_matrix_file, sha256, NULL), WHOLE(probe_matrix_file, bytes, NULL));
ROWS(probe_judged, CHOICE(probe_judged, verdict, probe_verdicts, PROBE_VERDICTS, NULL),
     INDEX(probe_judged, exit_code, "without --strict"),
     WHOLE(probe_judged, pairs_tested, "pairs of nodes"), WHOLE(probe_judged, pairs_total, NULL),
     WHOLE(probe_judged, cells_tested, "pairs, directions and rails"),
     WHOLE(probe_judged, cells_total, NULL), WHOLE(probe_judged, cells_bad, NULL),
     WHOLE(probe_judged, cells_noisy, NULL),
     ARRAY(probe_judged, reasons, reasons, MEMBER_TEXTS, reason_count, MOST, "of the verdict"),
     ARRAY(probe_judged, suspects, suspects, MEMBER_LIST, suspect_count, MOST, "worst first",
           .of = &probe_suspect_members),
     WHOLE(probe_judged, outliers, "single cells out of line that no suspect explains"),
     ARRAY(probe_judged, summaries, summaries, MEMBER_LIST, summary_count, PROBE_MAX_SERIES, NULL,
           .of = &probe_summary_members),
     ARRAY(probe_judged, heats, heats, MEMBER_LIST, heat_count, PROBE_MAX_SERIES, NULL,
           .of = &probe_heat_members),
     OBJECT(probe_judged, matrix, probe_matrix_file_members,
            "float32, little endian: series, rail, from, to; the last series are outcomes, "
            "outcome + 8 noise + 16 text"));

struct document {
    struct str schema;
    struct probe_run run;
    uint32_t series_count;
    struct probe_series *series;
};
static const struct member document_rows[] = {
    TEXT(document, schema, PROBE_REPORT_SCHEMA),
#define RUN(kind_, member, text_)                                                                  \
    {                                                                                              \
        .name = #member, .kind = kind_, .at = offsetof(struct document, run.member),               \
        .text = text_, .required = true                                                            \
    }
    RUN(MEMBER_TEXT, id, NULL),
    RUN(MEMBER_TEXT, version, "of hyperpod-probe"),
    RUN(MEMBER_TEXT, arguments, "of the command line"),
    RUN(MEMBER_TEXT, mode, "quick, full or pairs"),
    RUN(MEMBER_TEXT, provider, "libfabric's"),
    RUN(MEMBER_TEXT, engine, "what started the ranks"),
    RUN(MEMBER_TEXT, cluster, NULL),
    RUN(MEMBER_TEXT, profile, "empty: nodes are compared with each other only"),
    RUN(MEMBER_WHOLE, started_ms, "since 1970"),
    RUN(MEMBER_WHOLE, ended_ms, "since 1970"),
    {.name = "target",
     .kind = MEMBER_OBJECT,
     .at = offsetof(struct document, run.target),
     .of = &probe_target_members,
     .required = true},
    RUN(MEMBER_BOOL, timed_out, NULL),
    ARRAY(document, nodes, run.nodes, MEMBER_LIST, run.node_count, PROBE_MAX_NODES, NULL,
          .of = &probe_node_members),
    ARRAY(document, series, series, MEMBER_LIST, series_count, PROBE_MAX_SERIES, NULL,
          .of = &probe_series_members),
    ARRAY(document, texts, run.texts, MEMBER_TEXTS, run.text_count, PROBE_MAX_TEXTS,
          "of errors, numbered from 0, which is empty"),
    ARRAY(document, findings, run.findings, MEMBER_LIST, run.finding_count, MOST, NULL,
          .of = &probe_finding_members),
    ARRAY(document, counters, run.counters, MEMBER_LIST, run.counter_count, MOST, NULL,
          .of = &probe_counter_members),
    ARRAY(document, phases, run.phases, MEMBER_LIST, run.phase_count, 1000, NULL,
          .of = &probe_phase_members),
    ARRAY(document, samples, run.samples, MEMBER_LIST, run.sample_count, MOST,
          "measured beside the matrix", .of = &probe_sample_members),
    {.name = "asides",
     .kind = MEMBER_LIST,
     .at = offsetof(struct document, run.asides),
     .count_at = offsetof(struct document, run.aside_count),
     .most = PROBE_ASIDES,
     .text = "measured beside the matrix on a sample of pairs, twice for each pair",
     .of = &probe_aside_members},
    {.name = "judged",
     .kind = MEMBER_MAYBE,
     .at = offsetof(struct document, run.judged),
     .of = &probe_judged_members,
     .required = true},
    {NULL},
};
static const struct members document_members = {document_rows, sizeof(struct document),
                                                "One run of hyperpod-probe, and what it found."};

static void names(void)
{
    for (int i = 0; i < PROBE_METRICS; i++)
        metric_names[i] = probe_metrics[i].name;
}

static bool printed(cJSON *json, struct arena *arena, struct str *ret)
{
    char *text = cJSON_Print(json);

    cJSON_Delete(json);
    if (text == NULL)
        return false;
    *ret = arena_cat(arena, str_of(text), S("\n"));
    free(text);
    return true;
}

/* cJSON sets a list of numbers one to a line; a report of 1000 nodes reads better in rows. */
static cJSON *compact_numbers(cJSON *json)
{
    cJSON *item, *next;

    for (item = json->child; item != NULL; item = next) {
        next = item->next;
        if (cJSON_IsArray(item) && !cJSON_IsObject(item->child) && !cJSON_IsString(item->child)) {
            char *text = cJSON_PrintUnformatted(item);
            if (text == NULL)
                continue;
            cJSON *raw = cJSON_CreateRaw(text);
            free(text);
            char *name = item->string;
            cJSON_ReplaceItemViaPointer(json, item, raw);
            raw->string = name; /* names are the table's own: nobody frees them */
            raw->type |= cJSON_StringIsConst;
        } else {
            compact_numbers(item);
        }
    }
    return json;
}

bool document_write(const struct probe_run *run, struct arena *arena, struct str *ret_json,
                    struct probe_error *reterr)
{
    scoped(arena_freep) struct arena *scratch = arena_new(SCRATCH);
    struct document *document = arena_make(scratch, struct document);

    names();
    *document = (struct document){S(PROBE_REPORT_SCHEMA), *run, run->series_count,
                                  arena_array(scratch, struct probe_series, PROBE_MAX_SERIES)};
    memcpy(document->series, run->series, sizeof run->series);
    cJSON *json = members_write(scratch, &document_members, document);
    if (json == NULL || !printed(compact_numbers(json), arena, ret_json))
        return probe_error(reterr, EXIT_INTERNAL, "no memory for the report");
    return true;
}

struct str document_schema(struct arena *arena)
{
    struct str text = {0};

    names();
    cJSON *schema = members_schema(&document_members, PROBE_REPORT_SCHEMA, "hyperpod-probe report");
    cJSON *constant = cJSON_CreateObject();
    cJSON_AddStringToObject(constant, "const", PROBE_REPORT_SCHEMA);
    cJSON_ReplaceItemInObject(cJSON_GetObjectItem(schema, "properties"), "schema", constant);
    printed(schema, arena, &text);
    return text;
}

static bool is_node(const struct probe_run *run, int32_t node)
{
    return node >= PROBE_NONE && node < (int32_t)run->node_count;
}

static bool is_series(const struct probe_run *run, int32_t series)
{
    return series >= PROBE_NONE && series < (int32_t)run->series_count;
}

/* What is there once is compared with itself only. */
static bool is_said_once(const struct probe_run *run)
{
    bool once = true;

    for (uint32_t i = 0; i < run->series_count; i++)
        for (uint32_t k = 0; k < i; k++)
            once &= run->series[i].metric != run->series[k].metric ||
                    run->series[i].load != run->series[k].load ||
                    run->series[i].size_bytes != run->series[k].size_bytes;
    for (uint32_t i = 0; i < run->judged->summary_count; i++)
        for (uint32_t k = 0; k < i; k++)
            once &= run->judged->summaries[i].series != run->judged->summaries[k].series;
    return once;
}

/* Numbers that point somewhere point at something, so that nobody else has to look. */
static bool references_hold(const struct probe_run *run)
{
    const struct probe_judged *judged = run->judged;
    bool hold = true;

    for (uint32_t i = 0; i < run->finding_count; i++)
        hold &=
            is_node(run, run->findings[i].node) && run->findings[i].rail < (int32_t)PROBE_MAX_RAILS;
    for (uint32_t i = 0; i < run->counter_count; i++)
        hold &=
            is_node(run, run->counters[i].node) && run->counters[i].rail < (int32_t)PROBE_MAX_RAILS;
    for (uint32_t i = 0; i < run->sample_count; i++)
        hold &= is_node(run, run->samples[i].from) && is_node(run, run->samples[i].to) &&
                run->samples[i].series < run->series_count;
    for (uint32_t i = 0; i < run->aside_count; i++) {
        const struct probe_aside *a = &run->asides[i];
        hold &= is_node(run, a->least_node) &&
                a->value_count == run->node_count * run->rail_count &&
                a->against_count == a->value_count && a->unheard_count == a->value_count;
    }
    for (uint32_t i = 0; i < judged->suspect_count; i++)
        hold &= judged->suspects[i].a >= 0 && is_node(run, judged->suspects[i].a) &&
                is_node(run, judged->suspects[i].b) && is_series(run, judged->suspects[i].series) &&
                judged->suspects[i].rail < (int32_t)PROBE_MAX_RAILS;
    for (uint32_t i = 0; i < judged->summary_count; i++) {
        const struct probe_summary *s = &judged->summaries[i];
        hold &= s->series < run->series_count &&
                (s->node_count == 0 || s->node_count == run->node_count) &&
                (s->rail_count == 0 || s->rail_count == run->node_count * run->rail_count);
    }
    for (uint32_t i = 0; i < judged->heat_count; i++) {
        const struct probe_heat *h = &judged->heats[i];
        hold &= h->series < run->series_count && h->side <= PROBE_HEAT_SIDE && h->per_bin > 0 &&
                h->value_count == h->side * h->side && h->outcome_count == h->value_count &&
                (uint64_t)h->side * h->per_bin >= run->node_count &&
                (h->side == 0 || (uint64_t)(h->side - 1) * h->per_bin < run->node_count);
    }
    return hold;
}

struct probe_run *document_read(struct str json, const char *what, struct probe_error *reterr)
{
    struct probe_run *run = probe_run_new();
    struct document *document = arena_make(run->arena, struct document);
    struct arena *arena = run->arena;

    names();
    if (!members_read(arena, json, what, &document_members, document, reterr))
        goto unreadable;
    if (!str_is(document->schema, PROBE_REPORT_SCHEMA)) {
        probe_error(reterr, EXIT_BAD_DATA, "%s: schema should be " PROBE_REPORT_SCHEMA ", not %.*s",
                    what, STR(document->schema));
        goto unreadable;
    }
    *run = document->run;
    run->arena = arena;
    run->series_count = document->series_count;
    memcpy(run->series, document->series, run->series_count * sizeof *run->series);
    for (uint32_t n = 0; n < run->node_count; n++)
        if (run->nodes[n].rail_count > run->rail_count)
            run->rail_count = run->nodes[n].rail_count;
    if (!references_hold(run)) {
        probe_error(reterr, EXIT_BAD_DATA,
                    "%s: it names nodes, rails or series that it does not have", what);
        goto unreadable;
    }
    if (!is_said_once(run)) {
        probe_error(reterr, EXIT_BAD_DATA, "%s: it tells of a series twice", what);
        goto unreadable;
    }
    return run;
unreadable:
    run->arena = arena;
    probe_run_free(run);
    return NULL;
}

struct probe_run *document_load(const char *path, struct probe_error *reterr)
{
    scoped(arena_freep) struct arena *arena = arena_new(PROBE_REPORT_MAX_BYTES + 65536);
    struct str json;

    if (!file_read(arena, path, PROBE_REPORT_MAX_BYTES, &json, reterr))
        return NULL;
    return document_read(json, path, reterr);
}

static bool hash_file(int fd, char ret_hex[65])
{
    static const char digits[] = "0123456789abcdef";
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char hash[32], *block = malloc(1 << 20);
    ssize_t got = -1;
    bool hashed =
        context != NULL && block != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;

    while (hashed && (got = read(fd, block, 1 << 20)) > 0)
        hashed = EVP_DigestUpdate(context, block, (size_t)got) == 1;
    hashed = hashed && got == 0 && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    free(block);
    for (int i = 0; hashed && i < 32; i++) {
        ret_hex[2 * i] = digits[hash[i] >> 4];
        ret_hex[2 * i + 1] = digits[hash[i] & 15];
    }
    ret_hex[64] = 0;
    return hashed;
}

bool document_hash_matrix(struct probe_run *run, const char *path, struct probe_error *reterr)
{
    const char *slash = strrchr(path, '/');
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char hex[65];
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0 || !hash_file(fd, hex)) {
        if (fd >= 0)
            close(fd);
        return probe_error(reterr, EXIT_CANNOT_WRITE, "%s: cannot be read again: %s", path,
                           strerror(errno));
    }
    close(fd);
    run->judged->matrix =
        (struct probe_matrix_file){probe_run_str(run, str_of(slash == NULL ? path : slash + 1)),
                                   probe_run_str(run, str_of(hex)), status.st_size};
    return true;
}

bool document_map_matrix(struct probe_run *run, const char *folder, struct probe_error *reterr)
{
    const struct probe_matrix_file *matrix = &run->judged->matrix;
    char path[PATH_MAX], hex[65];
    struct stat status;
    size_t bytes = (size_t)(run->series_count + 1) * run->rail_count * run->node_count *
                   run->node_count * sizeof(float);

    if (matrix->file.len == 0 || memchr(matrix->file.ptr, '/', matrix->file.len) != NULL)
        return probe_error(reterr, EXIT_BAD_DATA, "the report names no matrix beside it");
    snprintf(path, sizeof path, "%s/%.*s", folder, STR(matrix->file));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return probe_error(reterr, EXIT_BAD_DATA, "%s: %s", path, strerror(errno));
    if (fstat(fd, &status) != 0 || (size_t)status.st_size != bytes || bytes == 0 ||
        !hash_file(fd, hex) || !str_is(matrix->sha256, hex)) {
        close(fd);
        return probe_error(reterr, EXIT_BAD_DATA,
                           "%s: this is not the matrix that the report was written with", path);
    }
    run->cells = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (run->cells == MAP_FAILED) {
        run->cells = NULL;
        return probe_error(reterr, EXIT_INTERNAL, "%s: %s", path, strerror(errno));
    }
    run->cells_bytes = bytes;
    run->cells_in_file = true;
    return true;
}
