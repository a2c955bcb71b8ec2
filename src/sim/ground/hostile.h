/* For fuzzers: a sim that keeps its state in memory, on a clock that stands still, and what must
 * hold of every answer. Private to sim's fuzzers. */
#ifndef HP_SIM_HOSTILE_H
#define HP_SIM_HOSTILE_H

#include <hp/base/must.h>
#include <hp/doc/doc.h>
#include <hp/sim/sim.h>

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* 2026-08-01T12:34:56Z, for ever: the control call moves simulated time. */
static inline int64_t still_ms(void *arg)
{
    (void)arg;
    return 1785587696000;
}

static inline bool no_wait(void *arg, struct stop_token *stop, int64_t ms)
{
    (void)arg, (void)stop, (void)ms;
    return false;
}

static const struct world still = {.now_ms = still_ms, .tick_ms = still_ms, .wait_ms = no_wait};

/* A file without a name that holds these bytes; its path is for this process. */
struct journal_file {
    int fd;
    char path[64];
};

static inline struct journal_file file_with(struct str bytes)
{
    struct journal_file file = {.fd = memfd_create("journal", MFD_CLOEXEC)};
    must(file.fd >= 0 && write(file.fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len,
         "a file is made");
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static inline struct sim_options options_of(const struct journal_file *file)
{
    return (struct sim_options){.no_auth = true,
                                .has_seed = true,
                                .has_time_scale = true,
                                .time_scale = 0,
                                .log_fd = -1,
                                .state = file->path};
}

static inline struct sim *sim_of(const struct journal_file *file, struct sim_error *reterr)
{
    struct sim_options options = options_of(file);
    return sim_new(&still, &options, reterr);
}

static inline void check_answer(struct arena *arena, const struct sim_answer *answer)
{
    struct doc *doc = NULL;
    struct doc_error error;
    struct str name;
    bool whole = answer->ending == SIM_WHOLE || answer->ending == SIM_CUT;
    must(answer->status == 0 || (answer->status >= 200 && answer->status <= 599),
         "a status is one");
    must(answer->status != 0 || answer->ending == SIM_RESET, "only a reset has no status");
    must(str_is_utf8(answer->body), "an answer is UTF-8");
    must(str_is_utf8(answer->error_type) && str_find_char(answer->error_type, '\n') == SIZE_MAX,
         "a header is one line");
    if (!whole || answer->body.len == 0)
        return;
    if (str_has(answer->content_type, S("json")))
        must(doc_from_json(arena, answer->body, NULL, &doc, &error), "an answer is JSON");
    else if (str_has(answer->content_type, S("xml")))
        must(doc_from_xml(arena, answer->body, NULL, &name, &doc, &error), "an answer is XML");
    else
        must(str_has(answer->content_type, S("html")), "an answer says what it is");
}

static inline struct sim_answer ask(struct sim *sim, struct arena *arena,
                                    const struct sim_request *request)
{
    struct sim_answer answer;
    sim_answer(sim, arena, request, &answer);
    check_answer(arena, &answer);
    return answer;
}

/* All that there is, as the control call shows it; how fast the clock goes is no part of it. */
static inline struct doc *state_of(struct sim *sim, struct arena *arena)
{
    struct sim_request stand = {
        .method = S("POST"), .uri = S("/_sim/clock"), .body = S("{\"scale\":0}")};
    struct sim_request show = {.method = S("GET"), .uri = S("/_sim/state")};
    struct doc *state = NULL;
    struct doc_error error;
    ask(sim, arena, &stand);
    struct str text = ask(sim, arena, &show).body;
    must(doc_from_json(arena, text, NULL, &state, &error), "a state is JSON");
    return state;
}

/* A region begins when it is first looked at, and looking is not written down. */
static inline void look_at(struct sim *sim, struct arena *arena, struct str region)
{
    struct sim_header scope = {
        S("Authorization"),
        arena_fmt(arena,
                  "AWS4-HMAC-SHA256 Credential=A/20260801/%.*s/ec2/aws4_request, "
                  "SignedHeaders=host, Signature=00",
                  STR(region))};
    struct sim_request look = {.method = S("POST"),
                               .uri = S("/"),
                               .headers = &scope,
                               .header_count = 1,
                               .body = S("Action=DescribeVpcs&Version=2016-11-15")};
    ask(sim, arena, &look);
}

static inline const struct doc *region_in(const struct doc *state, struct str name)
{
    doc_each (entry, doc_get(state, S("regions")))
        if (str_eq(doc_get_text(entry->value, S("name")), name))
            return entry->value;
    return NULL;
}

/* What was written down gives the same state again. The sim is freed: it holds its file alone. */
static inline void must_come_back(struct sim *sim, const struct journal_file *file,
                                  struct arena *arena)
{
    struct sim_error error;
    struct doc *before = state_of(sim, arena);
    sim_free(sim);
    struct sim *again = sim_of(file, &error);
    must(again != NULL, "a journal that was written is read");
    struct doc *after = state_of(again, arena);
    doc_each (entry, doc_get(before, S("regions")))
        if (region_in(after, doc_get_text(entry->value, S("name"))) == NULL)
            look_at(again, arena, doc_get_text(entry->value, S("name")));
    after = state_of(again, arena);
    must(doc_equal(doc_get(before, S("now")), doc_get(after, S("now"))), "it is the same time");
    must(doc_equal(doc_get(before, S("existing")), doc_get(after, S("existing"))),
         "the same things exist");
    must(doc_get(before, S("regions"))->count == doc_get(after, S("regions"))->count,
         "there are the same regions");
    doc_each (entry, doc_get(before, S("regions")))
        must(doc_equal(entry->value, region_in(after, doc_get_text(entry->value, S("name")))),
             "a journal gives the same state again");
    sim_free(again);
}

#endif
