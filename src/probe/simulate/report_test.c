/* Reports of simulated clusters: here, since these floors lie above report's. */
#include "cluster.h"

#include "judge/judge.h"
#include "report/compare.h"
#include "report/report.h"
#include "result/document.h"

#include <hp/base/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct probe_error error;
static struct arena *arena;

static struct probe_run *judged(enum fault_kind kind, uint32_t nodes, uint32_t rails, bool two)
{
    struct cluster c = cluster_of(7, nodes, rails, kind, two);
    struct probe_run *run = cluster_run(&c, NULL, &error);

    if (arena == NULL)
        arena = arena_new((size_t)512 << 20);
    judge_run(run, NULL);
    cluster_retest(&c, run);
    judge_run(run, NULL);
    return run;
}

static uint32_t count(struct str text, char c)
{
    uint32_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == c;
    return n;
}

START_TEST(where_nobody_could_be_judged_colours_are_held_against_the_median)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 2, false);
    struct str html, text;

    for (uint32_t k = 0; k < 4; k++)
        run->nodes[k].foreign_cpu = 0.5;
    judge_run(run, NULL);
    html = report_html(arena, run, 20);
    text = report_text(arena, run, 20);

    ck_assert_uint_eq(run->judged->verdict, PROBE_INCONCLUSIVE);
    ck_assert(!str_has(html, S("&lt; 0<")) && str_has(html, S("&lt; ")));
    ck_assert(str_has(text, S(" and 3 more: others took 50 %"))); /* once, not four times */
}

START_TEST(the_terminal_has_at_most_40_lines_whatever_was_found)
{
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        scoped(probe_run_freep) struct probe_run *run = judged((enum fault_kind)kind, 24, 4, true);
        for (int i = 0; i < 100; i++) /* a hundred nodes with a memlock that is too small */
            probe_run_add_finding(
                run, &(struct probe_finding){PROBE_ERROR, S("memlock"), i % 24, PROBE_EVERY,
                                             S("\xc3\xa4\xc3\xb6\xc3\xbc a long sentence of what "
                                               "is wrong here, and then on, and on, and on, and "
                                               "further on, until it is wider than a terminal is "
                                               "and has to be cut"),
                                             S("raise it")});
        struct str text = report_text(arena, run, 100);
        ck_assert_uint_le(count(text, '\n'), 40);
        ck_assert(str_is_utf8(text));
        for (struct str rest = text, line; str_next(&rest, '\n', &line);)
            ck_assert_uint_le(str_characters(line), 100);
        ck_assert(str_has(
            text, arena_cat(arena, str_of(probe_verdicts[run->judged->verdict]), S("\n      "))));
        ck_assert(str_has(text, S("FAIL  ip-10-1-")) && str_has(text, S(" of what is wrong")));
    }
}

START_TEST(what_a_node_says_does_not_command_the_terminal)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 1, false);
    struct str text;

    probe_run_add_finding(run, &(struct probe_finding){PROBE_ERROR, S("x"), 0, PROBE_EVERY,
                                                       S("red \x1b[31m\xc2\x9b"
                                                         "31m\x7f\n\n\n"),
                                                       S("\r\xc3\xa4")});
    text = report_text(arena, run, 20);

    ck_assert(str_has(text, S("red  [31m  31m")) && str_has(text, S(" \xc3\xa4\n")));
    for (size_t i = 0; i < text.len; i++)
        ck_assert(((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7f) ||
                  (text.ptr[i] == '\n' && (i == 0 || text.ptr[i - 1] != '\n')));
    ck_assert(!str_has(text, S("\xc2\x9b")));
}
END_TEST
/* A FAIL is a line, or there is none. */
static size_t place(struct str text, const char *part)
{
    size_t at = str_find(text, str_of(part));

    ck_assert_msg(at < text.len, "%s is not in:\n%.*s", part, STR(text));
    return at;
}

START_TEST(the_verdict_is_the_last_that_stands_above_the_prompt)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_NODE, 16, 2, true);
    struct str text = report_text(arena, run, 20);
    size_t verdict = place(text, "\nFAIL\n"), suspect = place(text, "\nFAIL  node");

    ck_assert_uint_lt(place(text, "hyperpod-probe 0"), place(text, "median"));
    ck_assert_uint_lt(place(text, "median"), suspect);
    ck_assert_uint_lt(suspect, verdict);
    ck_assert_uint_eq(str_find_char(str_from(text, verdict + 6), '\n') + verdict + 7, text.len);
}

START_TEST(advice_is_read_to_its_end_and_said_once)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_DEAD_NODE, 8, 1, false);
    struct probe_suspect *more = arena_array(arena, struct probe_suspect, 60);

    for (int i = 0; i < 60; i++) {
        more[i] = run->judged->suspects[0];
        more[i].text =
            S("node ip-10-1-0-4: died in the phase bandwidth: the engine reported: srun: "
              "error: task 3 of job 4711 on node vm exited with code 137, killed by "
              "signal 9: out of memory");
    }
    run->judged->suspects = more;
    run->judged->suspect_count = 60;
    struct str text = report_text(arena, run, 60);
    ck_assert(str_has(text, S(" out of memory\n")) && !str_has(text, S("...")));
    size_t once = place(text, "      Look at its console");
    ck_assert(!str_has(str_from(text, once + 10), S("Look at its console")));
    ck_assert(str_has(text, S(" more in the report\n")));
    ck_assert_uint_le(count(text, '\n'), 40);
    ck_assert(str_has(text, S(" 1 rail, "))); /* not "1 rails" */
}

START_TEST(the_page_needs_nothing_from_outside_and_no_script)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_NODE, 16, 8, true);
    run->cluster = S("<script>alert(1)</script> & \"co\"");
    run->nodes[0].name = S("<img src=x>");
    struct str html = report_html(arena, run, 20);

    static const char *const never[] = {"<script", "http:", "https:", "<img", "@import", "url(h"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        ck_assert_msg(!str_has(html, str_of(never[i])), "%s", never[i]);
    ck_assert(str_has(html, S("&lt;script&gt;alert(1)")));
    ck_assert(str_has(html, S("</body></html>")));
    ck_assert_uint_gt(count(html, '<'), 16 * 15);
}

START_TEST(a_long_name_is_cut_at_a_character)
{
    static const char name[] = "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                               "\xc3\xa4\xc3\xa4-1";
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 1, false);

    for (size_t cut = 0; cut < 2; cut++) {
        run->nodes[1].name = str_from(str_of(name), 2 * cut);
        ck_assert(str_is_utf8(report_html(arena, run, 20)));
        run->nodes[1].name = str_sub(run->nodes[1].name, 0, run->nodes[1].name.len - 1);
        ck_assert(str_is_utf8(report_html(arena, run, 20)));
    }
}
END_TEST
START_TEST(where_nobody_was_judged_the_page_does_not_say_that_nobody_is_bad)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 2, false);

    ck_assert(str_has(report_html(arena, run, 20), S("No node, rail or link stands out.")));
    run->nodes[1].foreign_cpu = 0.5;
    judge_run(run, NULL);
    ck_assert_uint_eq(run->judged->verdict, PROBE_INCONCLUSIVE);
    struct str html = report_html(arena, run, 20);
    ck_assert(str_has(html, S("Of what could be judged, no node, rail or link stands out.")));
    ck_assert(str_has(html, S("<b>1</b><span>node too busy, not judged")));
    for (uint32_t k = 0; k < 4; k++)
        run->nodes[k].foreign_cpu = 0.5;
    judge_run(run, NULL);
    ck_assert(str_has(report_html(arena, run, 20), S("No node could be judged")));
}

static uint32_t times(struct str text, const char *part)
{
    uint32_t n = 0;

    for (size_t at; (at = str_find(text, str_of(part))) < text.len; n++)
        text = str_from(text, at + 1);
    return n;
}

START_TEST(the_map_of_a_healthy_cluster_does_not_look_like_trouble)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 16, 32, false);
    struct str html = report_html(arena, run, 20);
    struct str map = str_from(html, place(html, "<svg class=\"map\""));

    map = str_sub(map, 0, place(map, "</svg>"));
    ck_assert_uint_eq(times(map, "<rect class=\"q"), 16 * 15);
    ck_assert_uint_gt(times(map, "class=\"q0\"") + times(map, "class=\"q1\""), 16 * 15 * 9 / 10);
    ck_assert(str_has(html, S("Colours are held against ")));

    scoped(probe_run_freep) struct probe_run *bad = judged(FAULT_SLOW_RAIL, 16, 32, false);
    html = report_html(arena, bad, 20); /* and a rail that is slow is still seen */
    map = str_from(html, place(html, "<svg class=\"map\""));
    map = str_sub(map, 0, place(map, "</svg>"));
    ck_assert_uint_ge(times(map, "class=\"q3\"") + times(map, "class=\"q4\"") +
                          times(map, "class=\"q5\"") + times(map, "class=\"q6\"") +
                          times(map, "class=\"q7\""),
                      15);
}

START_TEST(the_worst_of_many_nodes_comes_first_and_rails_have_their_names)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_RAIL, 100, 4, false);
    struct str html = report_html(arena, run, 20), bad = run->judged->suspects[0].text;

    bad = str_sub(bad, 5, str_find(bad, S(" rail ")) - 5); /* node NAME rail … */
    struct str rails = str_from(html, place(html, "worst first.</p>"));
    struct str names = str_from(rails, place(rails, "class=\"ax e\""));
    ck_assert_msg(str_find(names, bad) < 80, "%.*s: %.*s", STR(bad), 200, names.ptr);
    ck_assert(str_has(rails,
                      arena_fmt(arena, ">0<title>%.*s</title>", STR(run->nodes[0].rails[0].name))));
}

START_TEST(the_page_of_1000_nodes_is_small)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_RAIL, 300, 4, false);
    struct str html = report_html(arena, run, 20), prom = report_prom(arena, run);

    ck_assert_uint_lt(html.len, 8 << 20);
    ck_assert(str_has(html, S("of several nodes in a cell the worst pair")));
    ck_assert_uint_lt(count(prom, '\n'), 300 * 4 * 4 + 300 + 100); /* never pairs */
}

START_TEST(junit_fails_for_the_bad_node_and_for_the_verdict)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_NODE, 8, 1, false);
    struct str xml = report_junit(arena, run);

    ck_assert(str_has(xml, S("tests=\"9\" failures=\"2\"")));
    ck_assert(str_has(xml, S("<failure message=\"FAIL\">")));
    scoped(probe_run_freep) struct probe_run *fine = judged(FAULT_NONE, 8, 1, false);
    ck_assert(str_has(report_junit(arena, fine), S("tests=\"9\" failures=\"0\"")));
}

START_TEST(junit_skips_a_node_that_was_not_judged)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NOISY_NODE, 8, 1, false);
    struct str xml = report_junit(arena, run);

    ck_assert(str_has(xml, S("tests=\"9\" failures=\"1\" errors=\"0\" skipped=\"1\"")));
    ck_assert(str_has(xml, S("<skipped message=\"others took 50 %")));
    scoped(probe_run_freep) struct probe_run *dead = judged(FAULT_DEAD_NODE, 8, 1, false);
    xml = report_junit(arena, dead);
    ck_assert(str_has(xml, S("skipped=\"0\"")) && str_has(xml, S("<failure message=\"node ip-")));
    float *cells = dead->cells;
    dead->cells = NULL; /* a draft: nobody was measured */
    judge_run(dead, NULL);
    dead->cells = cells;
    xml = report_junit(arena, dead);
    ck_assert(str_has(xml, S("failures=\"2\" errors=\"0\" skipped=\"7\"")));
    ck_assert(str_has(xml, S("<skipped message=\"nothing was measured\">")));
}

START_TEST(prometheus_has_verdict_nodes_and_rails)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_DEAD_NODE, 4, 2, false);
    struct str prom = report_prom(arena, run);

    ck_assert(str_has(prom, S("hyperpod_probe_verdict{verdict=\"INCOMPLETE\"} 1\n")));
    ck_assert(str_has(prom, S("presence=\"lost\"} 1\n")));
    ck_assert(str_has(prom, S("hyperpod_probe_rail_median{metric=\"bandwidth\",unit=\"Gb/s\","
                              "size=\"1048576\",load=\"rail\",node=\"ip-10-1-0-")));
}

START_TEST(a_metrics_file_for_thousands_of_nodes_leaves_rails_out_and_says_so)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 2, false);
    struct str prom;

    run->judged->summaries[0].rail_count = 0;
    ck_assert(str_has(report_prom(arena, run), S("hyperpod_probe_rail_median{")));
    run->judged->summaries[0].rail_count = 4096 * 64;
    prom = report_prom(arena, run);
    ck_assert(!str_has(prom, S("hyperpod_probe_rail_median{")));
    ck_assert(str_has(prom, S("rails are left out: report.json has them.\n")));
    ck_assert(str_has(prom, S("hyperpod_probe_node_suspects{")));
    run->judged->summaries[0].rail_count = 0;
}

START_TEST(a_folder_gets_all_files_and_a_full_one_no_half_file)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 2, false);
    char folder[] = "/tmp/probe-report-test.XXXXXX", path[128], fresh[128];
    static const char *const names[] = {"report.json", "junit.xml", "probe.prom", "report.html"};
    struct stat status;

    ck_assert(mkdtemp(folder) != NULL);
    snprintf(fresh, sizeof fresh, "%s/probe.prom.%d.new", folder, getpid());
    ck_assert_int_eq(symlink("/dev/full", fresh), 0); /* the disk is full at the third file */
    error = (struct probe_error){0};
    ck_assert(!report_write(run, folder, 20, &error));
    ck_assert_int_eq(error.exit_code, EXIT_CANNOT_WRITE);
    snprintf(path, sizeof path, "%s/report.json", folder);
    ck_assert(access(path, F_OK) != 0); /* the last one: where it is, all are */
    ck_assert(access(fresh, F_OK) != 0);

    error = (struct probe_error){0};
    ck_assert(report_write(run, folder, 20, &error));
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        ck_assert(stat(path, &status) == 0 && status.st_size > 100);
        unlink(path);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(a_run_equals_itself)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_SLOW_NODE, 8, 2, false);
    struct comparison same = compare_runs(arena, run, run, 0.05);

    ck_assert_uint_eq(same.count, 0);
    ck_assert_int_eq(compare_exit(&same), EXIT_PASS);
}

START_TEST(two_healthy_runs_of_other_noise_are_no_news)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct cluster a = cluster_of(seed, 8, 4, FAULT_NONE, false), b = a;
        a.layers = b.layers = false; /* they would lie otherwise for another seed */
        b.seed = seed + 1000;
        scoped(probe_run_freep) struct probe_run *x = cluster_run(&a, NULL, &error);
        scoped(probe_run_freep) struct probe_run *y = cluster_run(&b, NULL, &error);
        judge_run(x, NULL);
        judge_run(y, NULL);
        if (arena == NULL)
            arena = arena_new((size_t)512 << 20);
        struct comparison c = compare_runs(arena, x, y, 0.05);
        ck_assert_msg(c.worse == 0, "%.*s", STR(compare_text(arena, &c, 5)));
    }
}

START_TEST(what_got_worse_is_named_with_its_figures)
{
    scoped(probe_run_freep) struct probe_run *before = judged(FAULT_NONE, 8, 2, false);
    scoped(probe_run_freep) struct probe_run *after = judged(FAULT_SLOW_RAIL, 8, 2, false);
    struct comparison c = compare_runs(arena, before, after, 0.05);
    struct str text = compare_text(arena, &c, 20), json = compare_json(arena, &c);

    ck_assert_int_eq(compare_exit(&c), EXIT_FAIL);
    ck_assert_msg(str_has(text, S("bandwidth 1M: ")) && str_has(text, S("new: node ip-")), "%.*s",
                  STR(text));
    ck_assert(str_has(json, S("\"kind\":\t\"rail\"")));
    struct comparison back = compare_runs(arena, after, before, 0.05);
    ck_assert_int_eq(compare_exit(&back), EXIT_PASS);
    ck_assert(str_has(compare_text(arena, &back, 20), S("no longer: node ip-")));
}

START_TEST(a_node_that_is_not_there_any_more_is_worse)
{
    scoped(probe_run_freep) struct probe_run *before = judged(FAULT_NONE, 8, 1, false);
    scoped(probe_run_freep) struct probe_run *after = judged(FAULT_DEAD_NODE, 8, 1, false);
    struct comparison c = compare_runs(arena, before, after, 0.05);

    ck_assert(str_has(compare_text(arena, &c, 20), S("is not there any more")));
    ck_assert_int_eq(compare_exit(&c), EXIT_FAIL);
}

START_TEST(a_comparison_says_of_what_it_is)
{
    scoped(probe_run_freep) struct probe_run *a = judged(FAULT_NONE, 8, 1, false);
    scoped(probe_run_freep) struct probe_run *b = judged(FAULT_SLOW_NODE, 8, 1, false);
    struct comparison c = compare_runs(arena, a, b, 0.05);

    c.files[0] = "last/report.json";
    c.files[1] = "now/report.json";
    struct str text = compare_text(arena, &c, 20);
    ck_assert_msg(str_starts(text, S("A  last/report.json  run simulated-7  2")) &&
                      str_has(text, S("Z  PASS\nB  now/report.json  run ")) &&
                      str_has(text, S("Z  FAIL\n")),
                  "%.*s", STR(text));
}

START_TEST(no_difference_is_no_pass_where_a_run_was_not_conclusive)
{
    scoped(probe_run_freep) struct probe_run *a = judged(FAULT_NONE, 8, 2, false);
    scoped(probe_run_freep) struct probe_run *b = judged(FAULT_NOISY_NODE, 8, 2, false);
    struct comparison c = compare_runs(arena, a, b, 0.05);
    struct str text = compare_text(arena, &c, 20);

    ck_assert_msg(c.worse == 0, "%.*s", STR(text)); /* the busy node is not accused */
    ck_assert_int_eq(compare_exit(&c), EXIT_INCONCLUSIVE);
    ck_assert_msg(str_has(text, S("INCONCLUSIVE: 0 worse, ")) &&
                      str_has(text, S("; B is INCONCLUSIVE: 1 node was too busy")),
                  "%.*s", STR(text));
    ck_assert_int_eq((c = compare_runs(arena, b, a, 0.05), compare_exit(&c)), EXIT_INCONCLUSIVE);
    ck_assert(str_has(compare_json(arena, &c), S("\"verdict\":\t\"INCONCLUSIVE\"")));

    scoped(probe_run_freep) struct probe_run *dead = judged(FAULT_DEAD_NODE, 8, 2, false);
    c = compare_runs(arena, dead, dead, 0.05);
    ck_assert_int_eq(compare_exit(&c), EXIT_INCONCLUSIVE);

    scoped(probe_run_freep) struct probe_run *bad = judged(FAULT_SLOW_NODE, 8, 2, false);
    for (uint32_t k = 0; k < 8; k++) { /* a fault and a busy node: what was found stays found */
        bool accused = (int32_t)k == bad->judged->suspects[0].a;
        bad->nodes[k].foreign_cpu = !accused && k < 2 ? 0.5 : 0;
    }
    judge_run(bad, NULL);
    ck_assert_uint_eq(bad->judged->verdict, PROBE_FAIL);
    c = compare_runs(arena, a, bad, 0.05);
    ck_assert_int_eq(compare_exit(&c), EXIT_FAIL);
}

START_TEST(a_fault_that_nobody_could_see_is_not_healed)
{
    scoped(probe_run_freep) struct probe_run *bad = judged(FAULT_SLOW_NODE, 16, 2, false);
    scoped(probe_run_freep) struct probe_run *fine = judged(FAULT_NONE, 16, 2, false);
    struct comparison c = compare_runs(arena, bad, fine, 0.05);

    ck_assert(str_has(compare_text(arena, &c, 20), S("no longer: node ")));
    fine->nodes[bad->judged->suspects[0].a].foreign_cpu = 0.5;
    judge_run(fine, NULL);
    c = compare_runs(arena, bad, fine, 0.05);
    ck_assert(!str_has(compare_text(arena, &c, 20), S("no longer: node ")));
    ck_assert_int_eq(compare_exit(&c), EXIT_INCONCLUSIVE);
}

START_TEST(two_clusters_without_a_common_node_are_not_compared)
{
    scoped(probe_run_freep) struct probe_run *a = judged(FAULT_NONE, 4, 1, false);
    scoped(probe_run_freep) struct probe_run *b = judged(FAULT_SLOW_NODE, 4, 1, false);

    for (uint32_t k = 0; k < 4; k++) {
        b->nodes[k].name = arena_fmt(arena, "other-%u", k);
        b->nodes[k].id = S("");
    }
    struct comparison c = compare_runs(arena, a, b, 0.05);
    struct str text = compare_text(arena, &c, 20);
    ck_assert_int_eq(compare_exit(&c), EXIT_INCOMPLETE);
    ck_assert(str_has(text, S("INCOMPLETE: no node is in both runs\n")));
    ck_assert(!str_has(text, S("not there any more")) && !str_has(text, S("is new")));
}

START_TEST(figures_grow_and_shrink_as_a_person_reads_them)
{
    scoped(probe_run_freep) struct probe_run *run = judged(FAULT_NONE, 4, 1, false);
    struct comparison c = compare_runs(arena, run, run, 0.05);
    static const struct {
        double before, after;
        const char *unit, *says;
    } cases[] = {{26.32, 2340, "us", ": 26.32 -> 2340 us, 89 times"},
                 {20, 28, "us", ": 20 -> 28 us, +40.0 %"},
                 {100, 60, "Gb/s", ": 100 -> 60 Gb/s, -40.0 %"},
                 {98, 39, "Gb/s", ": 98 -> 39 Gb/s, 1/2.5 of it"},
                 {1000000, 20000, "msg/s", ": 1000000 -> 20000 msg/s, 1/50 of it"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct change change = {.kind = CHANGE_NODE,
                                .unit = str_of(cases[i].unit),
                                .before = cases[i].before,
                                .after = cases[i].after};
        c.changes = &change;
        c.count = 1;
        struct str text = compare_text(arena, &c, 20);
        ck_assert_msg(str_has(text, str_of(cases[i].says)), "%.*s", STR(text));
    }
}

TESTS("probe/report", where_nobody_could_be_judged_colours_are_held_against_the_median,
      the_terminal_has_at_most_40_lines_whatever_was_found,
      what_a_node_says_does_not_command_the_terminal, a_long_name_is_cut_at_a_character,
      the_verdict_is_the_last_that_stands_above_the_prompt, advice_is_read_to_its_end_and_said_once,
      where_nobody_was_judged_the_page_does_not_say_that_nobody_is_bad,
      the_map_of_a_healthy_cluster_does_not_look_like_trouble,
      the_worst_of_many_nodes_comes_first_and_rails_have_their_names,
      the_page_needs_nothing_from_outside_and_no_script, the_page_of_1000_nodes_is_small,
      junit_fails_for_the_bad_node_and_for_the_verdict, junit_skips_a_node_that_was_not_judged,
      prometheus_has_verdict_nodes_and_rails,
      a_metrics_file_for_thousands_of_nodes_leaves_rails_out_and_says_so,
      a_folder_gets_all_files_and_a_full_one_no_half_file, a_run_equals_itself,
      two_healthy_runs_of_other_noise_are_no_news, what_got_worse_is_named_with_its_figures,
      a_node_that_is_not_there_any_more_is_worse, a_comparison_says_of_what_it_is,
      no_difference_is_no_pass_where_a_run_was_not_conclusive,
      a_fault_that_nobody_could_see_is_not_healed,
      two_clusters_without_a_common_node_are_not_compared,
      figures_grow_and_shrink_as_a_person_reads_them)
