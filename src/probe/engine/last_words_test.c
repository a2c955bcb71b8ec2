#include "last_words.h"

#include "judge/judge.h"

#include <hp/base/test.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static struct probe_run *draft(void)
{
    struct probe_run *run = probe_run_new();
    char name[16];

    run->id = S("run-1");
    probe_run_nodes(run, 4);
    for (uint32_t k = 0; k < 4; k++) {
        snprintf(name, sizeof name, "n%u", k + 1);
        run->nodes[k].name = probe_run_str(run, str_of(name));
    }
    probe_run_add_finding(run, &(struct probe_finding){PROBE_WARNING, S("unfinished"), PROBE_EVERY,
                                                       PROBE_EVERY, S("ended"), S("")});
    return run;
}

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static bool reads(struct probe_run *run)
{
    char path[128];

    snprintf(path, sizeof path, "%s/report.json", folder);
    return last_words_read(run, path);
}

static void made_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/probe-last-words.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(the_engines_words_of_a_death_are_understood)
{
    static const struct {
        const char *line;
        int64_t rank;
        const char *node;
    } rows[] = {
        {"srun: error: n3: task 2: Killed", 2, "n3"},
        {"srun: error: n3: tasks 2-5: Out Of Memory", 2, "n3"},
        {"srun: error: Node failure on ip-10-1-0-7", -1, "ip-10-1-0-7"},
        {"srun: error: n[1,3]: tasks 0,2: Killed", -1, ""},
        {"slurmstepd-n3: error:  mpi/pmix_v4: _errhandler: n3 [2]: pmixp_client_v2.c:211: Error "
         "handler invoked: status = -61, source = [slurm.pmix.1.0:5]",
         5, "n3"}, /* 2 is the node's number */
        {"[2026-01-18T13:46:23] error: mpi/pmix_v4: _errhandler: n3 [2]: Error handler", -1, "n3"},
        {"mpirun noticed that process rank 2 with PID 77 on node n3 exited on signal 9 (Killed).",
         2, "n3"},
        {"prterun noticed that process rank 11 with PID 0 on node n3 exited on signal 9 (Killed).",
         11, "n3"},
    };
    int64_t rank;
    struct str node;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_msg(last_words_of_line(str_of(rows[i].line), &rank, &node), "%s", rows[i].line);
        ck_assert_int_eq(rank, rows[i].rank);
        ck_assert_str(node, str_of(rows[i].node));
    }
    ck_assert(!last_words_of_line(S("slurmstepd-n1: error: *** STEP 1.0 ON n1 CANCELLED ***"),
                                  &rank, &node));
    ck_assert(!last_words_of_line(S("srun: Force Terminated StepId=1.0"), &rank, &node));
    ck_assert(
        !last_words_of_line(S("srun: error: n1: task 1: Exited with exit code 75"), &rank, &node));
}
END_TEST

START_TEST(a_draft_names_the_node_of_which_the_engine_spoke_first)
{
    scoped(probe_run_freep) struct probe_run *run = draft();

    made_folder();
    put("engine.log", "a word of the probe\nsrun: error: n3: task 2: Killed\n"
                      "slurmstepd-n1: error: *** STEP 1.0 ON n1 CANCELLED ***\n"
                      "srun: error: n1: task 0: Killed\n");
    put("rank-0.died", "run-1 1000\n");
    ck_assert(reads(run));
    judge_run(run, NULL);
    remove_folder();

    ck_assert_uint_eq(run->judged->suspect_count, 1);
    ck_assert_int_eq(run->judged->suspects[0].a, 2);
    ck_assert(str_starts(run->judged->suspects[0].text, S("node n3: died in the phase measuring")));
    ck_assert_uint_eq(run->judged->verdict, PROBE_INCOMPLETE);
    ck_assert_int_eq(run->judged->exit_code, EXIT_INCOMPLETE);
}
END_TEST

START_TEST(a_job_that_was_over_or_cancelled_accuses_nobody)
{
    static const char *const logs[] = {
        "slurmstepd-n1: error: *** STEP 1.0 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME "
        "LIMIT ***\nsrun: error: n3: task 2: Killed\n",
        "srun: Job step aborted: Waiting up to 32 seconds for job step to finish.\n"
        "srun: error: n[1-4]: tasks 0-3: Terminated\n",
    };

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        scoped(probe_run_freep) struct probe_run *run = draft();
        made_folder();
        put("engine.log", logs[i]);
        put("rank-0.died", "run-1 1000\n");
        ck_assert(!reads(run));
        remove_folder();
    }
}
END_TEST

START_TEST(a_name_counts_more_than_the_number_of_another_jobs_rank)
{
    scoped(probe_run_freep) struct probe_run *run = draft();

    made_folder();
    put("engine.log", "srun: error: n4: task 1: Killed\n");
    ck_assert(reads(run));
    remove_folder();
    ck_assert_uint_eq(run->nodes[3].presence, PROBE_LOST);
    ck_assert_uint_eq(run->nodes[1].presence, PROBE_CAME);
}
END_TEST

START_TEST(without_the_engines_words_the_first_mark_of_this_run_counts)
{
    scoped(probe_run_freep) struct probe_run *run = draft();

    made_folder();
    put("rank-0.died", "run-1 2000\n");
    put("rank-1.died", "run-0 500\n"); /* of an earlier run */
    put("rank-3.died", "run-1 1000\n");
    ck_assert(reads(run));
    remove_folder();

    ck_assert_uint_eq(run->nodes[3].presence, PROBE_LOST);
    ck_assert_uint_eq(run->nodes[0].presence, PROBE_CAME);
    ck_assert_uint_eq(run->nodes[1].presence, PROBE_CAME);
}
END_TEST

START_TEST(where_the_engine_names_many_at_once_the_marks_decide)
{
    scoped(probe_run_freep) struct probe_run *run = draft();

    made_folder();
    put("engine.log", "srun: error: n[1-3]: tasks 0-2: Killed\nsrun: error: n4: task 3: Killed\n");
    put("rank-1.died", "run-1 1000\n");
    ck_assert(reads(run));
    remove_folder();

    ck_assert_uint_eq(run->nodes[0].presence, PROBE_CAME);
    ck_assert_uint_eq(run->nodes[1].presence, PROBE_LOST);
    ck_assert_uint_eq(run->nodes[3].presence, PROBE_CAME);
}
END_TEST

START_TEST(a_run_that_ended_by_itself_is_left_alone)
{
    scoped(probe_run_freep) struct probe_run *run = draft();

    made_folder();
    put("engine.log", "srun: error: n3: task 2: Killed\n");
    run->finding_count = 0;
    ck_assert(!reads(run));
    remove_folder();
}
END_TEST

/* The conductor is a child of the test, the measuring process its child. */
START_TEST(a_measuring_process_writes_a_mark_before_it_follows_its_conductor)
{
    struct stage *stage = stage_new();
    scoped(probe_run_freep) struct probe_run *run = draft();
    int ready[2], status;
    char byte;

    made_folder();
    stage->rank = 1;
    last_words_prepare(stage, folder, S("run-1"));
    ck_assert_int_eq(pipe(ready), 0);
    pid_t conductor = fork();
    if (conductor == 0) {
        if (fork() == 0) {
            last_words_on_death(stage);
            if (write(ready[1], "x", 1) != 1)
                _exit(1);
            close(ready[1]);
            close(ready[0]);
            for (;;)
                pause();
        }
        close(ready[1]);
        for (;;)
            pause();
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    kill(conductor, SIGKILL);
    waitpid(conductor, &status, 0);
    bool named = false;
    for (int i = 0; i < 500 && !named; i++) {
        named = reads(run);
        usleep(10000);
    }
    remove_folder();
    stage_free(stage);

    ck_assert(named);
    ck_assert_uint_eq(run->nodes[1].presence, PROBE_LOST);
}
END_TEST

TESTS("probe/last_words", the_engines_words_of_a_death_are_understood,
      a_draft_names_the_node_of_which_the_engine_spoke_first,
      a_job_that_was_over_or_cancelled_accuses_nobody,
      a_name_counts_more_than_the_number_of_another_jobs_rank,
      without_the_engines_words_the_first_mark_of_this_run_counts,
      where_the_engine_names_many_at_once_the_marks_decide,
      a_run_that_ended_by_itself_is_left_alone,
      a_measuring_process_writes_a_mark_before_it_follows_its_conductor)
