#include "scenario.h"
#include "call/call.h"
#include "ground/place.h"
#include "settings.h"
#include "world/conditions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { exit_unreadable = 65, exit_cannot_write = 73, largest = 16 * 1024 * 1024 };

static const size_t arena_limit = (size_t)1 << 30;

/* A scenario while it is applied. */
struct staging {
    struct sim *sim;
    const struct scenario *scenario;
    struct sim_error *reterr;
};

static bool wrong(const struct staging *staging, const void *at, struct str why)
{
    const struct scenario *scenario = staging->scenario;
    struct place place = place_in(scenario->text, scenario->doc, at);

    staging->reterr->exit_code = exit_unreadable;
    snprintf(staging->reterr->text, sizeof staging->reterr->text, "%.*s:%zu:%zu: %.*s",
             STR(scenario->path), place.line, place.column, STR(why));
    return false;
}

static bool cannot_write(const struct staging *staging)
{
    staging->reterr->exit_code = exit_cannot_write;
    snprintf(staging->reterr->text, sizeof staging->reterr->text,
             "%s: the state file cannot be written", staging->sim->options.state);
    return false;
}

static bool take_clock(const struct staging *staging, const struct doc *clock)
{
    struct sim *sim = staging->sim;
    struct str why;

    if (!settings_clock(sim, staging->scenario->arena, clock, true, &why))
        return wrong(staging, clock, why);
    if (sim->options.has_time_scale)
        sim_clock_scale(&sim->state.clock, world_now_ms(sim->world), sim->options.time_scale);
    return journal_clock(sim) || cannot_write(staging);
}

static bool take_conditions(const struct staging *staging, const struct doc *conditions)
{
    struct condition_error error = {.at = NULL};

    if (!sim_set_conditions(staging->sim, staging->scenario->arena, conditions, &error))
        return error.at == NULL ? cannot_write(staging) : wrong(staging, error.at, error.why);
    return true;
}

static bool take_existing(const struct staging *staging, const struct doc *existing)
{
    const void *at;
    struct str why;

    if (!existing_take(&staging->sim->state.existing, existing, &at, &why))
        return wrong(staging, at, why);
    return journal_existing(staging->sim) || cannot_write(staging);
}

static bool take_fault(const struct staging *staging, const struct doc *fault)
{
    const void *at;
    struct str why;
    return settings_fault(staging->sim, staging->scenario->arena, fault, &at, &why) ||
           wrong(staging, at, why);
}

static bool take_credential(const struct staging *staging, const struct doc *credential)
{
    struct str why;
    return settings_credential(staging->sim, credential, &why) || wrong(staging, credential, why);
}

static bool take_role(const struct staging *staging, const struct doc *role)
{
    struct str why;
    return settings_role(staging->sim, role, &why) || wrong(staging, role, why);
}

static bool take_comment(const struct staging *staging, const struct doc *comment)
{
    (void)staging;
    (void)comment;
    return true;
}

/* In the order in which they are applied, whatever order the file has. */
static const struct {
    const char *name;
    bool (*take)(const struct staging *staging, const struct doc *doc);
    bool list;  /* take is for each element */
    bool state; /* the state file keeps it: only a state that begins takes it from a scenario */
} sections[] = {
    {"comment", take_comment, false, false},  {"clock", take_clock, false, true},
    {"existing", take_existing, false, true}, {"conditions", take_conditions, false, true},
    {"faults", take_fault, true, false},      {"credentials", take_credential, true, false},
    {"roles", take_role, true, false},
};
enum { section_count = sizeof sections / sizeof sections[0] };

static bool take_section(const struct staging *staging, size_t which, const struct doc *doc)
{
    if (!sections[which].list)
        return sections[which].take(staging, doc);
    if (doc->kind != DOC_LIST)
        return wrong(staging, doc, S("this is a list"));
    doc_each (entry, doc)
        if (!sections[which].take(staging, entry->value))
            return false;
    return true;
}

static bool check_names(const struct staging *staging)
{
    const struct doc *doc = staging->scenario->doc;

    if (doc->kind != DOC_OBJECT)
        return wrong(staging, doc, S("a scenario is a JSON object"));
    doc_each (entry, doc) {
        size_t which = 0;
        while (which < section_count && !str_is(entry->name, sections[which].name))
            which++;
        if (which == section_count)
            return wrong(staging, entry,
                         arena_fmt(staging->scenario->arena,
                                   "a scenario has no %.*s; it has clock, existing, conditions, "
                                   "faults, credentials and roles, and may have a comment",
                                   STR(str_sub(entry->name, 0, 64))));
        if (doc_get(doc, entry->name) != entry->value)
            return wrong(staging, entry, S("this section stands here twice"));
    }
    return true;
}

bool scenario_apply(struct sim *sim, bool fresh, struct sim_error *reterr)
{
    struct staging staging = {sim, sim->scenario, reterr};

    if (sim->scenario == NULL)
        return true;
    if (!check_names(&staging))
        return false;
    for (size_t i = 0; i < section_count; i++) {
        struct doc *doc = doc_get(sim->scenario->doc, str_of(sections[i].name));
        bool due = doc != NULL && (fresh || !sections[i].state);
        if (due && !take_section(&staging, i, doc))
            return false;
    }
    return true;
}

struct scenario *scenario_read(struct str path, struct str text, struct sim_error *reterr)
{
    struct scenario *scenario = calloc(1, sizeof *scenario);
    struct doc_error error;

    if (scenario == NULL)
        abort();
    scenario->arena = arena_new(arena_limit);
    scenario->path = arena_str(scenario->arena, path);
    scenario->text = arena_str(scenario->arena, text);
    if (doc_from_json(scenario->arena, scenario->text, NULL, &scenario->doc, &error))
        return scenario;
    reterr->exit_code = exit_unreadable;
    snprintf(reterr->text, sizeof reterr->text, "%.*s:%zu:%zu: %.*s", STR(path),
             error.line == 0 ? 1 : error.line, error.column == 0 ? 1 : error.column,
             STR(error.message));
    scenario_free(scenario);
    return NULL;
}

struct scenario *scenario_load(const char *path, struct sim_error *reterr)
{
    struct buf text = buf_on_heap(largest);
    char piece[16 * 1024];
    size_t got;

    errno = 0;
    FILE *file = fopen(path, "re");
    while (file != NULL && (got = fread(piece, 1, sizeof piece, file)) > 0)
        buf_put(&text, (struct str){piece, got});
    bool ok = file != NULL && !ferror(file) && !text.overflow;
    struct scenario *scenario = ok ? scenario_read(str_of(path), buf_str(&text), reterr) : NULL;
    if (!ok) {
        reterr->exit_code = exit_unreadable;
        snprintf(reterr->text, sizeof reterr->text, "%s: %s", path,
                 text.overflow ? "it is larger than 16 MiB" : strerror(errno));
    }
    if (file != NULL)
        fclose(file);
    buf_done(&text);
    return scenario;
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL)
        return;
    arena_free(scenario->arena);
    free(scenario);
}
