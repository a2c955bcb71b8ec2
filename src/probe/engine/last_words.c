#include "last_words.h"

#include "facts/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WORDS = 16 << 20, MOST_MARK = 256 };
static struct stage *dying; /* of the measuring process: a handler gets nothing of ours */

void last_words_prepare(struct stage *stage, const char *folder, struct str run_id)
{
    if (folder == NULL)
        return;
    snprintf(stage->last_words, sizeof stage->last_words, "%.*s", STR(run_id));
    if ((size_t)snprintf(stage->mark, sizeof stage->mark, "%s/rank-%u.died", folder, stage->rank) >=
        sizeof stage->mark)
        stage->mark[0] = '\0';
}

/* Digits of a number, without the library, which a handler must not call. */
static size_t digits(int64_t number, char into[24])
{
    char back[24];
    size_t n = 0;

    do
        back[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    for (size_t i = 0; i < n; i++)
        into[i] = back[n - 1 - i];
    return n;
}

static void on_conductors_death(int number)
{
    struct timespec now;
    char text[128];
    size_t len = strnlen(dying->last_words, sizeof dying->last_words);
    int file;

    (void)number;
    alarm(5); /* a folder that hangs keeps nobody alive */
    if (dying->mark[0] != '\0' &&
        (file = open(dying->mark, O_WRONLY | O_CREAT | O_TRUNC, 0644)) >= 0) {
        clock_gettime(CLOCK_REALTIME, &now);
        memcpy(text, dying->last_words, len);
        text[len++] = ' ';
        len += digits(now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000, text + len);
        text[len++] = '\n';
        if (write(file, text, len) < 0)
            _exit(1);
    }
    _exit(0);
}

void last_words_on_death(struct stage *stage)
{
    struct sigaction action = {.sa_handler = on_conductors_death};

    dying = stage;
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR2, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGUSR2);
}

static bool number_after(struct str line, struct str before, int64_t *ret)
{
    size_t at = str_find(line, before), end;

    if (at >= line.len)
        return false;
    at += before.len;
    for (end = at; end < line.len && line.ptr[end] >= '0' && line.ptr[end] <= '9'; end++)
        ;
    return end > at && str_to_int64(str_sub(line, at, end - at), ret);
}

static bool word_after(struct str line, struct str before, char until, struct str *ret)
{
    size_t at = str_find(line, before), end;

    if (at >= line.len)
        return false;
    at += before.len;
    for (end = at; end < line.len && line.ptr[end] != until && line.ptr[end] > ' '; end++)
        ;
    *ret = str_sub(line, at, end - at);
    return end > at;
}

/* The end of "source = [slurm.pmix.1.0:2]". */
static bool source_of(struct str line, int64_t *ret_rank)
{
    size_t at = str_find(line, S("source = ["));

    return at < line.len && number_after(str_from(line, at + 10), S(":"), ret_rank);
}

/* Of srun: "srun: error: n3: task 2: Killed", "srun: error: Node failure on n3"; of Slurm's PMIx
 * plugin: "… _errhandler: n3 [1]: … source = [slurm.pmix.1.0:2]", where 1 is the node's number; of
 * mpirun and prterun: "mpirun noticed that process rank 2 with PID 77 on node n3 exited on signal 9
 * (Killed)." "srun: error: n[3-4]: tasks 2-3: Killed" does not say who was first. */
bool last_words_of_line(struct str line, int64_t *ret_rank, struct str *ret_node)
{
    *ret_rank = -1;
    *ret_node = S("");
    if (str_has(line, S("Exited with exit code"))) /* by itself */
        return false;
    if (str_has(line, S("noticed that process rank "))) {
        word_after(line, S(" on node "), ' ', ret_node);
        return number_after(line, S("noticed that process rank "), ret_rank);
    }
    if (str_has(line, S("srun: error: Node failure on ")))
        return word_after(line, S("srun: error: Node failure on "), ' ', ret_node);
    if (str_has(line, S("_errhandler: "))) {
        source_of(line, ret_rank);
        return word_after(line, S("_errhandler: "), ' ', ret_node);
    }
    if (str_has(line, S("srun: error: ")) && str_has(line, S(": task"))) {
        bool said = word_after(line, S("srun: error: "), ':', ret_node);
        if (str_has(*ret_node, S("[")) || str_has(*ret_node, S(",")))
            *ret_node = S("");
        else if (!number_after(line, S(": task "), ret_rank))
            number_after(line, S(": tasks "), ret_rank);
        return said;
    }
    return false;
}

static bool is_named(const struct probe_node *node, struct str name)
{
    char after = node->name.len > name.len ? node->name.ptr[name.len] : '\0';

    return str_starts(node->name, name) && (after == '\0' || after == '/' || after == '.');
}

/* A rank is the number of its node; a name may be that of several ranks, then it needs the rank.
 * Where they do not fit, the name counts, unless the report calls its nodes something else. */
static int32_t node_of(const struct probe_run *run, int64_t rank, struct str name)
{
    bool is_there = rank >= 0 && rank < (int64_t)run->node_count;

    if (is_there && is_named(&run->nodes[rank], name))
        return (int32_t)rank;
    for (uint32_t k = 0; k < run->node_count && !str_empty(name); k++)
        if (is_named(&run->nodes[k], name))
            return (int32_t)k;
    return is_there ? (int32_t)rank : -1;
}

static bool mark_lost(struct probe_run *run, int32_t node, struct str why)
{
    if (node < 0)
        return false;
    run->nodes[node].presence = PROBE_LOST;
    run->nodes[node].phase = S("measuring");
    run->nodes[node].why = why;
    return true;
}

/* The scheduler, or somebody, ended the whole job: who went first is chance. */
static bool is_end_of_job(struct str line)
{
    return str_has(line, S("DUE TO TIME LIMIT")) || str_has(line, S("DUE TO PREEMPTION")) ||
           (str_has(line, S("srun: error: ")) && str_has(line, S(": Terminated")));
}

enum said { SAID_NOTHING, SAID_WHO, SAID_NOBODY };

static enum said engine_says(struct probe_run *run, struct arena *arena, const char *folder)
{
    struct str words, line, name;
    char path[4096];
    int64_t rank;

    snprintf(path, sizeof path, "%s/engine.log", folder);
    if (!file_read_words(arena, path, MOST_WORDS, &words))
        return SAID_NOTHING;
    while (str_next(&words, '\n', &line)) {
        line = str_trim(str_sub(line, 0, line.len < 1000 ? line.len : 1000));
        if (is_end_of_job(line))
            return SAID_NOBODY;
        if (last_words_of_line(line, &rank, &name))
            return mark_lost(
                       run, node_of(run, rank, name),
                       arena_utf8(run->arena,
                                  arena_fmt(run->arena, "the engine said first: %.*s", STR(line))))
                       ? SAID_WHO
                       : SAID_NOTHING;
    }
    return SAID_NOTHING;
}

/* "RUN-ID MILLISECONDS" in rank-N.died; of an earlier run: nothing. */
static bool read_mark(const struct probe_run *run, struct arena *arena, const char *path,
                      int64_t *ret_when)
{
    struct str rest, id;

    if (!file_read_words(arena, path, MOST_MARK, &rest))
        return false;
    rest = str_trim(rest);
    return str_next(&rest, ' ', &id) && str_eq(id, run->id) && str_to_int64(rest, ret_when);
}

static bool marks_say(struct probe_run *run, struct arena *arena, const char *folder)
{
    char path[4096];
    int64_t first = INT64_MAX, when;
    int32_t who = -1;

    for (uint32_t k = 0; k < run->node_count; k++) {
        snprintf(path, sizeof path, "%s/rank-%u.died", folder, k);
        if (read_mark(run, arena, path, &when) && when < first) {
            first = when;
            who = (int32_t)k;
        }
    }
    return mark_lost(run, who,
                     S("the process that speaks with the engine was ended; its measuring "
                       "process wrote this before it followed"));
}

bool last_words_read(struct probe_run *run, const char *report_path)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)MOST_WORDS + (2 << 20));
    const char *slash = strrchr(report_path, '/');
    enum said said;
    char folder[2048];
    bool draft = false;

    for (uint32_t i = 0; i < run->finding_count; i++)
        draft |= str_is(run->findings[i].code, "unfinished");
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - report_path),
             slash == NULL ? "." : report_path);
    if (!draft)
        return false;
    said = engine_says(run, arena, folder);
    return said == SAID_WHO || (said == SAID_NOTHING && marks_say(run, arena, folder));
}
