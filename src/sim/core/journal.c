#include "journal.h"
#include "core.h"
#include "life/lifecycle.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    exit_unreadable = 65,
    exit_cannot_write = 73,
    largest_line = 40 * 1024 * 1024,
    line_arena = 1024 * 1024 * 1024
};

/* Writes as much as goes, and what is left of the text. */
static bool write_all(int fd, struct str *text)
{
    while (text->len > 0) {
        ssize_t written = write(fd, text->ptr, text->len);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            *text = str_from(*text, (size_t)written);
    }
    return true;
}

bool journal_ready(struct journal *journal)
{
    struct str owed = journal->owed;

    if (owed.len == 0)
        return true;
    bool ok = write_all(journal->fd, &owed);
    text_set(&journal->owed, owed);
    return ok;
}

static bool write_line(struct journal *journal, struct arena *arena, const struct doc *line)
{
    struct buf out = buf_in(arena, largest_line);
    if (journal->fd < 0)
        return true;
    if (!journal_ready(journal) || !doc_to_json(line, &out))
        return false;
    buf_putc(&out, '\n');
    struct str text = buf_str(&out);
    if (out.overflow)
        return false;
    if (write_all(journal->fd, &text))
        return true;
    journal->owed = text_of(text);
    return false;
}

static struct doc *number(struct arena *arena, uint64_t n)
{
    return doc_number(arena, arena_fmt(arena, "%llu", (unsigned long long)n));
}

/* Who called, where something keeps that. */
static void put_caller(struct arena *arena, struct doc *line, const struct caller *caller)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("arn"), doc_string(arena, caller->arn));
    doc_put(arena, doc, S("id"), doc_string(arena, caller->id));
    doc_put(arena, doc, S("source_identity"), doc_string(arena, caller->source_identity));
    doc_put(arena, line, S("caller"), doc);
}

static void put_clock(struct arena *arena, struct doc *line, const struct sim_clock *clock)
{
    doc_put(arena, line, S("real"), doc_int(arena, clock->real_ms));
    doc_put(arena, line, S("simulated"), doc_int(arena, clock->simulated_ms));
    doc_put(arena, line, S("scale"), doc_number(arena, arena_fmt(arena, "%.17g", clock->scale)));
}

bool journal_begin(struct sim *sim)
{
    scoped(arena_freep) struct arena *arena = arena_new(line_arena);
    struct doc *line = doc_object(arena);

    if (sim->journal.fd < 0)
        return true;
    text_done(&sim->journal.owed);
    if (ftruncate(sim->journal.fd, 0) != 0 || lseek(sim->journal.fd, 0, SEEK_SET) != 0)
        return false;
    doc_put(arena, line, S("hyperpod-sim"), doc_int(arena, 1));
    doc_put(arena, line, S("seed"), number(arena, sim->state.seed));
    put_clock(arena, line, &sim->state.clock);
    return write_line(&sim->journal, arena, line);
}

bool journal_clock(struct sim *sim)
{
    scoped(arena_freep) struct arena *arena = arena_new(line_arena);
    struct doc *line = doc_object(arena);
    put_clock(arena, line, &sim->state.clock);
    return write_line(&sim->journal, arena, line);
}

bool journal_conditions(struct sim *sim, const struct doc *specs, int64_t now_ms)
{
    scoped(arena_freep) struct arena *arena = arena_new(line_arena);
    struct doc *line = doc_object(arena);
    doc_put(arena, line, S("at"), doc_int(arena, now_ms));
    doc_put(arena, line, S("conditions"), (struct doc *)specs);
    return write_line(&sim->journal, arena, line);
}

bool journal_existing(struct sim *sim)
{
    scoped(arena_freep) struct arena *arena = arena_new(line_arena);
    struct doc *line = doc_object(arena);
    doc_put(arena, line, S("existing"), existing_describe(&sim->state.existing, arena));
    return write_line(&sim->journal, arena, line);
}

bool journal_call(struct sim *sim, const struct call *call, const struct service *service,
                  uint64_t serial)
{
    struct arena *arena = call->arena;
    struct doc *line = doc_object(arena);

    if (sim->journal.fd < 0)
        return true;
    doc_put(arena, line, S("at"), doc_int(arena, call->now_ms));
    doc_put(arena, line, S("serial"), number(arena, serial));
    doc_put(arena, line, S("service"), doc_string(arena, service->name));
    doc_put(arena, line, S("operation"), doc_string(arena, call->operation->name));
    doc_put(arena, line, S("region"), doc_string(arena, call->region->name));
    if (call->fail.len > 0)
        doc_put(arena, line, S("fail"), doc_string(arena, call->fail));
    if (call->operation->signs)
        put_caller(arena, line, &call->caller);
    doc_put(arena, line, S("input"), (struct doc *)call->input);
    return write_line(&sim->journal, arena, line);
}

void journal_close(struct journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = -1;
    text_done(&journal->owed);
}

/* Where a line could not be read or carried out. */
struct place {
    const char *path;
    size_t line;
    struct sim_error *reterr;
};

static bool unreadable(const struct place *place, size_t column, struct str why)
{
    place->reterr->exit_code = exit_unreadable;
    snprintf(place->reterr->text, sizeof place->reterr->text, "%s:%zu:%zu: %.*s", place->path,
             place->line, column, STR(why));
    return false;
}

static bool take_time(const struct doc *line, const char *name, int64_t *ret_ms)
{
    return doc_to_int64(doc_get(line, str_of(name)), ret_ms) && *ret_ms >= 0 &&
           *ret_ms <= SIM_CLOCK_END_MS;
}

static bool replay_clock(struct sim *sim, struct arena *arena, const struct doc *line)
{
    struct sim_clock *clock = &sim->state.clock;
    struct doc *scale = doc_get(line, S("scale"));

    if (scale == NULL || scale->kind != DOC_NUMBER || !take_time(line, "real", &clock->real_ms) ||
        !take_time(line, "simulated", &clock->simulated_ms))
        return false;
    clock->scale = strtod(arena_z(arena, scale->text), NULL);
    return clock->scale >= 0 && isfinite(clock->scale);
}

static bool replay_begin(struct sim *sim, struct arena *arena, const struct doc *line)
{
    struct doc *seed = doc_get(line, S("seed"));
    int64_t version;

    if (seed == NULL || seed->kind != DOC_NUMBER ||
        !doc_to_int64(doc_get(line, S("hyperpod-sim")), &version) || version != 1)
        return false;
    state_done(&sim->state);
    state_init(&sim->state, strtoull(arena_z(arena, seed->text), NULL, 10));
    return replay_clock(sim, arena, line);
}

static bool replay_call(struct sim *sim, struct arena *arena, const struct doc *line,
                        const struct place *place)
{
    const struct service *service = service_find(doc_get_text(line, S("service")));
    struct call call = {.state = &sim->state, .arena = arena, .output = doc_object(arena)};
    int64_t serial;

    if (service != NULL)
        call.operation = operation_find(service, doc_get_text(line, S("operation")));
    call.input = doc_get(line, S("input"));
    if (call.operation == NULL || doc_is_null(call.input) || !take_time(line, "at", &call.now_ms) ||
        !doc_to_int64(doc_get(line, S("serial")), &serial))
        return unreadable(place, 1, S("this is no change that this version knows"));
    call.fail = doc_get_text(line, S("fail"));
    lifecycle_advance(&sim->state, call.now_ms);
    sim->state.serial = (uint64_t)serial;
    call.region = state_region(&sim->state, doc_get_text(line, S("region")));
    const struct doc *caller = doc_get(line, S("caller"));
    call_by(&call, doc_get_text(caller, S("arn")), doc_get_text(caller, S("id")),
            doc_get_text(caller, S("source_identity")));
    if (!call.operation->handle(&call))
        return unreadable(place, 1,
                          arena_fmt(arena, "%.*s cannot be carried out again: %.*s",
                                    STR(call.operation->name), STR(call.message)));
    return true;
}

static bool replay_conditions(struct sim *sim, struct arena *arena, const struct doc *line,
                              const struct place *place)
{
    const struct doc *specs = doc_get(line, S("conditions"));
    struct condition_error error = {.at = NULL};
    int64_t now;

    if (!take_time(line, "at", &now))
        return unreadable(place, 1, S("this is no change that this version knows"));
    lifecycle_advance(&sim->state, now);
    if (specs->kind == DOC_STRING)
        return conditions_clear(&sim->state, specs->text) ||
               unreadable(place, 1, S("this is no kind of condition"));
    if (!conditions_apply(&sim->state, arena, specs, now, &error))
        return unreadable(place, 1, error.why);
    lifecycle_heed(&sim->state, now);
    return true;
}

static bool replay_existing(struct sim *sim, const struct doc *line, const struct place *place)
{
    const void *at;
    struct str why;
    return existing_take(&sim->state.existing, doc_get(line, S("existing")), &at, &why) ||
           unreadable(place, 1, why);
}

static bool replay(struct sim *sim, struct str text, const struct place *place)
{
    scoped(arena_freep) struct arena *arena = arena_new(line_arena);
    struct doc *line = NULL;
    struct doc_error error;

    if (!doc_from_json(arena, text, &doc_default_limits, &line, &error))
        return unreadable(place, error.column, error.message);
    if (place->line == 1)
        return replay_begin(sim, arena, line) ||
               unreadable(place, 1, S("this is no state file of hyperpod-sim"));
    if (doc_get(line, S("operation")) != NULL)
        return replay_call(sim, arena, line, place);
    if (doc_get(line, S("conditions")) != NULL)
        return replay_conditions(sim, arena, line, place);
    if (doc_get(line, S("existing")) != NULL)
        return replay_existing(sim, line, place);
    return replay_clock(sim, arena, line) ||
           unreadable(place, 1, S("this is no change that this version knows"));
}

/* A last line without its end was never acknowledged: it is cut off. */
static bool read_all(struct sim *sim, FILE *file, struct place *place)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    off_t good = 0;
    bool ok = true;

    while (ok && (len = getline(&line, &size, file)) > 0 && line[len - 1] == '\n') {
        place->line++;
        ok = replay(sim, (struct str){line, (size_t)len - 1}, place);
        good += len;
    }
    free(line);
    if (!ok)
        return false;
    sim->journal.fresh = place->line == 0;
    if (sim->journal.fresh)
        return journal_begin(sim);
    return ftruncate(sim->journal.fd, good) == 0 && lseek(sim->journal.fd, good, SEEK_SET) == good;
}

/* Two that write to one file would spoil it for both. */
static bool take_file(int fd, const char *path, struct sim_error *reterr)
{
    struct stat about;
    const char *why = NULL;

    if (fd < 0 || fstat(fd, &about) != 0)
        return false;
    if (!S_ISREG(about.st_mode))
        why = "it is not a regular file";
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        why = "another hyperpod-sim keeps its state there";
    if (why == NULL)
        return true;
    reterr->exit_code = exit_cannot_write;
    snprintf(reterr->text, sizeof reterr->text, "%s: %s", path, why);
    return false;
}

bool journal_open(struct sim *sim, const char *path, struct sim_error *reterr)
{
    struct place place = {.path = path, .reterr = reterr};

    *reterr = (struct sim_error){.exit_code = 0};
    sim->journal.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    FILE *file = take_file(sim->journal.fd, path, reterr) ? fopen(path, "re") : NULL;
    bool ok = file != NULL && read_all(sim, file, &place);
    if (file != NULL)
        fclose(file);
    if (ok) {
        sim_clock_scale(&sim->state.clock, world_now_ms(sim->world), sim->options.time_scale);
        ok = journal_clock(sim);
    }
    if (!ok && reterr->exit_code == 0) {
        reterr->exit_code = exit_cannot_write;
        snprintf(reterr->text, sizeof reterr->text, "%s: %s", path, strerror(errno));
    }
    return ok;
}
