#include "document.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct probe_error error;

/* A run with one of everything. */
static struct probe_run *full(const char *cells)
{
    struct probe_run *run = probe_run_new();
    struct probe_node *nodes = probe_run_nodes(run, 2);

    run->id = S("r-1");
    run->started_ms = 1763776000123;
    run->ended_ms = 1763776010000;
    run->target = (struct probe_target){15, 100};
    nodes[0].name = S("a\"b\\c");
    nodes[1].name = S("d\xff");
    nodes[1].presence = PROBE_LOST;
    nodes[1].foreign_cpu = 0.125;
    probe_run_rails(run, 0, 2)[1].name = S("rdmap79s0");
    probe_run_rails(run, 1, 2)[0].mtu = 9001;
    probe_run_series(run, PROBE_LATENCY_P50, 8, PROBE_LOAD_RAIL);
    probe_run_series(run, PROBE_BANDWIDTH, 1 << 20, PROBE_LOAD_RAILS);
    ck_assert(probe_run_cells(run, cells, &error));
    probe_say(run, 0, 0, 1, PROBE_FAILED, false, S("15 unreachable"));
    probe_run_add_finding(run, &(struct probe_finding){PROBE_WARNING, S("memlock"), 1, PROBE_EVERY,
                                                       S("64 KiB"), S("raise it")});
    probe_run_add_counter(run, &(struct probe_counter){0, 1, S("rx_drops"), 7});
    probe_run_add_phase(run, &(struct probe_phase){S("latency"), 1, 2, 4, 99});
    probe_run_add_sample(
        run, &(struct probe_sample){PROBE_SAMPLE_ALONE, 1, 0, 1, 0, 0, PROBE_OK, true, NAN});
    struct probe_aside *aside =
        probe_run_add_aside(run, PROBE_ASIDE_CROSS, PROBE_BANDWIDTH, 1 << 20);
    aside->values[3] = 41.5;
    aside->unheard_rails[1] = 3;
    aside->least_node = 1;
    struct probe_judged *judged = arena_make(run->arena, struct probe_judged);
    judged->verdict = PROBE_FAIL;
    judged->exit_code = 2;
    judged->reasons = arena_array(run->arena, struct str, 1);
    judged->reasons[judged->reason_count++] = S("because");
    judged->suspects = arena_array(run->arena, struct probe_suspect, 1);
    judged->suspects[judged->suspect_count++] = (struct probe_suspect){.kind = PROBE_SUSPECT_LINK,
                                                                       .a = 0,
                                                                       .b = 1,
                                                                       .rail = -1,
                                                                       .series = PROBE_NONE,
                                                                       .value = NAN,
                                                                       .ratio = 0.5};
    run->judged = judged;
    return run;
}

static struct str written(struct arena *arena, const struct probe_run *run)
{
    struct str json;

    error = (struct probe_error){0};
    ck_assert(document_write(run, arena, &json, &error));
    return json;
}

START_TEST(a_report_is_read_back_and_written_the_same)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    scoped(probe_run_freep) struct probe_run *run = full(NULL);

    struct str json = written(arena, run);
    scoped(probe_run_freep) struct probe_run *again = document_read(json, "r", &error);
    ck_assert_msg(again != NULL, "%s", error.text);
    ck_assert_str(written(arena, again), json);

    ck_assert_str(again->nodes[0].name, S("a\"b\\c"));
    ck_assert(str_is_utf8(again->nodes[1].name));
    ck_assert_uint_eq(again->nodes[1].presence, PROBE_LOST);
    ck_assert_uint_eq(again->rail_count, 2);
    ck_assert_int_eq(again->started_ms, 1763776000123);
    ck_assert_uint_eq(again->series[1].load, PROBE_LOAD_RAILS);
    ck_assert(isnan(again->samples[0].value) && again->samples[0].noisy);
    ck_assert_str(again->texts[1], S("15 unreachable"));
    ck_assert_str(again->judged->reasons[0], S("because"));
}

START_TEST(a_report_that_is_broken_is_told_where)
{
    static const struct {
        const char *from, *to, *says;
    } rows[] = {
        {"hyperpod-probe-report/1", "hyperpod-probe-report/9", "schema should be"},
        {"\"latency_p50\"", "\"speed\"", "series[0].metric should be one of"},
        {"\"presence\":\t\"lost\"", "\"presence\":\t5", "nodes[1].presence should be one of"},
        {"\"foreign_cpu\":\t0.125", "\"foreign_cpu\":\t\"x\"",
         "nodes[1].foreign_cpu should be a number or null"},
        {"\"verdict\":\t\"FAIL\"", "\"verdict\":\t\"OK\"", "judged.verdict"},
        {"\"a\":\t0", "\"a\":\t7", "names nodes, rails or series that it does not have"},
        {"\"series\":\t1", "\"series\":\t9", "names nodes"},
        {"\"texts\"", "\"text\"", "texts should be there"},
        {"\"r-1\"", "\"r-1", "not JSON"},
    };
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    scoped(probe_run_freep) struct probe_run *run = full(NULL);
    struct str json = written(arena, run);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t at = str_find(json, str_of(rows[i].from));
        ck_assert_msg(at != SIZE_MAX, "%s", rows[i].from);
        struct str broken =
            arena_cat(arena, arena_cat(arena, str_sub(json, 0, at), str_of(rows[i].to)),
                      str_from(json, at + strlen(rows[i].from)));
        error = (struct probe_error){0};
        ck_assert_msg(document_read(broken, "r.json", &error) == NULL, "%s", rows[i].to);
        ck_assert_int_eq(error.exit_code, EXIT_BAD_DATA);
        ck_assert_msg(strstr(error.text, rows[i].says) != NULL, "%s: %s", rows[i].to, error.text);
    }
    for (size_t len = 0; len < json.len - 2; len += 61) { /* a file that was cut off */
        error = (struct probe_error){0};
        ck_assert(document_read(str_sub(json, 0, len), "r.json", &error) == NULL);
        ck_assert_int_eq(error.exit_code, EXIT_BAD_DATA);
    }
}

START_TEST(a_report_that_tells_of_a_series_twice_is_refused)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    scoped(probe_run_freep) struct probe_run *run = full(NULL);
    struct probe_series other = run->series[1];
    struct probe_summary both[2] = {{.series = 1}, {.series = 1}};

    run->series[1] = run->series[0];
    ck_assert_ptr_null(document_read(written(arena, run), "r", &error));
    ck_assert_ptr_nonnull(strstr(error.text, "r: it tells of a series twice"));
    run->series[1] = other;
    run->judged->summaries = both;
    run->judged->summary_count = 2;
    ck_assert_ptr_null(document_read(written(arena, run), "r", &error));
    ck_assert_ptr_nonnull(strstr(error.text, "r: it tells of a series twice"));
}
END_TEST

START_TEST(the_schema_in_the_docs_is_the_one_that_is_written)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct str schema = document_schema(arena);
    const char *path = HP_SOURCE_DIR "/docs/hyperpod-probe-report.schema.json";
    FILE *file;

    if (getenv("PROBE_MEND") != NULL) { /* PROBE_MEND=1 writes it */
        file = fopen(path, "w");
        fwrite(schema.ptr, 1, schema.len, file);
        fclose(file);
    }
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    char *text = arena_alloc(arena, 1 << 20);
    size_t len = fread(text, 1, 1 << 20, file);
    fclose(file);
    ck_assert_msg(str_eq(schema, (struct str){text, len}),
                  "PROBE_MEND=1 build/dev/test/probe-document_test writes it anew");
}

START_TEST(a_matrix_is_known_by_its_hash)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    char folder[] = "/tmp/probe-document-test.XXXXXX", path[64];

    ck_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/matrix.f32", folder);
    scoped(probe_run_freep) struct probe_run *run = full(path);
    probe_set(run, 1, 1, 0, 1, 97);
    ck_assert(probe_run_cells_sync(run, path, &error) && document_hash_matrix(run, path, &error));
    ck_assert_str(run->judged->matrix.file, S("matrix.f32"));
    ck_assert_uint_eq(run->judged->matrix.sha256.len, 64);

    scoped(probe_run_freep) struct probe_run *again =
        document_read(written(arena, run), "r", &error);
    ck_assert_msg(document_map_matrix(again, folder, &error), "%s", error.text);
    ck_assert(*probe_cell(again, 1, 1, 0, 1) == 97);

    scoped(probe_run_freep) struct probe_run *other =
        document_read(written(arena, run), "r", &error);
    probe_set(run, 1, 1, 0, 1, 98); /* somebody has changed it */
    ck_assert(probe_run_cells_sync(run, path, &error));
    ck_assert(!document_map_matrix(other, folder, &error));
    ck_assert(strstr(error.text, "not the matrix") != NULL);
    unlink(path);
    rmdir(folder);
}

TESTS("probe/document", a_report_is_read_back_and_written_the_same,
      a_report_that_is_broken_is_told_where, a_report_that_tells_of_a_series_twice_is_refused,
      the_schema_in_the_docs_is_the_one_that_is_written, a_matrix_is_known_by_its_hash)
