/* The control calls under /_sim/, for tests. */
#include "control.h"
#include "call/describe.h"
#include "call/models.h"
#include "page.h"
#include "scenario.h"
#include "settings.h"
#include "wire.h"

static bool refuse(struct sim_answer *answer, struct arena *arena, int status, struct str why)
{
    struct buf out = buf_in(arena, 64 * 1024);
    buf_putz(&out, "{\"message\":");
    doc_json_string(&out, why);
    buf_putc(&out, '}');
    answer->status = status;
    answer->body = buf_str(&out);
    return false;
}

static void reply(struct sim_answer *answer, struct arena *arena, const struct doc *doc)
{
    struct buf out = buf_in(arena, 256 * 1024 * 1024);
    doc_to_json(doc, &out);
    answer->body = buf_str(&out);
}

static struct doc *call_doc(struct arena *arena, const struct call_record *record)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("time"), doc_string(arena, time_rfc3339(arena, record->real_ms)));
    doc_put(arena, doc, S("method"), doc_string(arena, str_of(record->method)));
    doc_put(arena, doc, S("service"), doc_string(arena, str_of(record->service)));
    doc_put(arena, doc, S("operation"), doc_string(arena, str_of(record->operation)));
    doc_put(arena, doc, S("status"), doc_int(arena, record->status));
    doc_put(arena, doc, S("code"), doc_string(arena, str_of(record->code)));
    doc_put(arena, doc, S("fault"), doc_string(arena, str_of(record->fault)));
    doc_put(arena, doc, S("request_id"), doc_string(arena, str_of(record->request_id)));
    return doc;
}

static bool get_calls(struct sim *sim, struct arena *arena, const struct doc *body,
                      struct sim_answer *answer)
{
    struct doc *list = doc_list(arena);
    (void)body;
    for (size_t i = 0; i < sim->calls.count; i++)
        doc_add(arena, list, call_doc(arena, calls_at(&sim->calls, i)));
    reply(answer, arena, list);
    return true;
}

static bool post_reset(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    (void)body;
    struct sim_error error;
    sim_begin_again(sim);
    if (!journal_begin(sim) || !scenario_apply(sim, true, &error))
        return refuse(answer, arena, 500, S("the state file cannot be written"));
    answer->body = S("{}");
    return true;
}

/* {"advance_seconds": n} or {"scale": x}; answers with where the clock stands. */
static bool post_clock(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    struct str why;
    if (!settings_clock(sim, arena, body, false, &why))
        return refuse(answer, arena, 400, why);
    if (!journal_clock(sim))
        return refuse(answer, arena, 500, S("the state file cannot be written"));
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("now"), doc_string(arena, time_rfc3339(arena, sim_now(sim))));
    doc_put(arena, doc, S("scale"),
            doc_number(arena, arena_fmt(arena, "%.15g", sim->state.clock.scale)));
    reply(answer, arena, doc);
    return true;
}

static bool post_faults(struct sim *sim, struct arena *arena, const struct doc *body,
                        struct sim_answer *answer)
{
    const void *at;
    struct str why;
    if (!settings_fault(sim, arena, body, &at, &why))
        return refuse(answer, arena, 400, why);
    answer->body = S("{}");
    return true;
}

static bool get_faults(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    (void)body;
    reply(answer, arena, faults_list(&sim->faults, arena));
    return true;
}

static bool delete_faults(struct sim *sim, struct arena *arena, const struct doc *body,
                          struct sim_answer *answer)
{
    (void)arena;
    (void)body;
    sim_clear_faults(sim);
    answer->body = S("{}");
    return true;
}

static bool post_conditions(struct sim *sim, struct arena *arena, const struct doc *body,
                            struct sim_answer *answer)
{
    const struct doc *list = doc_get(body, S("conditions"));
    struct condition_error error = {.at = NULL};

    if (!sim_set_conditions(sim, arena, list == NULL ? body : list, &error))
        return refuse(answer, arena, sim->journal.owed.len > 0 ? 500 : 400,
                      error.path.len == 0
                          ? error.why
                          : arena_fmt(arena, "%.*s: %.*s", STR(error.path), STR(error.why)));
    answer->body = S("{}");
    return true;
}

static bool get_conditions(struct sim *sim, struct arena *arena, const struct doc *body,
                           struct sim_answer *answer)
{
    (void)body;
    reply(answer, arena, conditions_list(&sim->state, arena));
    return true;
}

/* {"kind"}: those of that kind; without it all. */
static bool delete_conditions(struct sim *sim, struct arena *arena, const struct doc *body,
                              struct sim_answer *answer)
{
    struct str kind = doc_get_text(body, S("kind"));

    if (kind.ptr == NULL)
        kind = S("");
    if (!conditions_clear(&sim->state, kind))
        return refuse(answer, arena, 400, S("there is no such kind of condition"));
    if (!journal_conditions(sim, doc_string(arena, kind), sim->state.now_ms))
        return refuse(answer, arena, 500, S("the state file cannot be written"));
    answer->body = S("{}");
    return true;
}

static bool post_credentials(struct sim *sim, struct arena *arena, const struct doc *body,
                             struct sim_answer *answer)
{
    struct str why;
    if (!settings_credential(sim, body, &why))
        return refuse(answer, arena, 400, why);
    answer->body = S("{}");
    return true;
}

static bool post_roles(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    struct str why;
    if (!settings_role(sim, body, &why))
        return refuse(answer, arena, 400, why);
    answer->body = S("{}");
    return true;
}

static bool post_existing(struct sim *sim, struct arena *arena, const struct doc *body,
                          struct sim_answer *answer)
{
    const void *at;
    struct str why;
    if (!existing_take(&sim->state.existing, body, &at, &why))
        return refuse(answer, arena, 400, why);
    if (!journal_existing(sim))
        return refuse(answer, arena, 500, S("the state file cannot be written"));
    reply(answer, arena, existing_describe(&sim->state.existing, arena));
    return true;
}

/* How our tables and answers stand to AWS's models. */
static bool get_models(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    (void)body;
    reply(answer, arena, models_describe(sim->models, arena));
    return true;
}

/* {service: {operation: [input members]}}: what the tables take. */
static bool get_operations(struct sim *sim, struct arena *arena, const struct doc *body,
                           struct sim_answer *answer)
{
    (void)sim;
    (void)body;
    reply(answer, arena, services_describe(arena));
    return true;
}

static bool get_counts(struct sim *sim, struct arena *arena, const struct doc *body,
                       struct sim_answer *answer)
{
    (void)body;
    reply(answer, arena, calls_counts(&sim->calls, arena));
    return true;
}

static bool get_state(struct sim *sim, struct arena *arena, const struct doc *body,
                      struct sim_answer *answer)
{
    (void)body;
    reply(answer, arena, state_dump(sim, arena));
    return true;
}

static bool get_page(struct sim *sim, struct arena *arena, const struct doc *body,
                     struct sim_answer *answer)
{
    (void)body;
    answer->content_type = S("text/html; charset=utf-8");
    answer->body = page_html(sim, arena);
    return true;
}

static const struct {
    const char *method, *path;
    bool (*handle)(struct sim *sim, struct arena *arena, const struct doc *body,
                   struct sim_answer *answer);
    bool kept; /* what it changes stands in the state file */
} controls[] = {
    {"GET", "/", get_page, false},
    {"GET", "/_sim/", get_page, false},
    {"GET", "/_sim/calls", get_calls, false},
    {"GET", "/_sim/calls/counts", get_counts, false},
    {"GET", "/_sim/operations", get_operations, false},
    {"GET", "/_sim/models", get_models, false},
    {"GET", "/_sim/state", get_state, false},
    {"POST", "/_sim/reset", post_reset, false},
    {"POST", "/_sim/clock", post_clock, true},
    {"GET", "/_sim/faults", get_faults, false},
    {"POST", "/_sim/faults", post_faults, false},
    {"DELETE", "/_sim/faults", delete_faults, false},
    {"POST", "/_sim/credentials", post_credentials, false},
    {"POST", "/_sim/roles", post_roles, false},
    {"POST", "/_sim/conditions", post_conditions, true},
    {"GET", "/_sim/conditions", get_conditions, false},
    {"DELETE", "/_sim/conditions", delete_conditions, true},
    {"POST", "/_sim/existing", post_existing, true},
};

void control_answer(struct sim *sim, struct arena *arena, const struct sim_request *request,
                    struct sim_answer *ret_answer)
{
    struct doc *body = NULL;
    struct doc_error error;
    struct str path = str_sub(request->uri, 0, str_find_char(request->uri, '?'));

    ret_answer->content_type = S("application/json");
    if (request->body.len > 0 &&
        (!doc_from_json(arena, request->body, &wire_limits, &body, &error) ||
         body->kind != DOC_OBJECT)) {
        refuse(ret_answer, arena, 400, S("the body is not a JSON object"));
        return;
    }
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        if (str_is(path, controls[i].path) && str_is(request->method, controls[i].method)) {
            sim_now(sim);
            if (controls[i].kept && !journal_ready(&sim->journal)) {
                refuse(ret_answer, arena, 500, S("the state file cannot be written"));
                return;
            }
            controls[i].handle(sim, arena, body, ret_answer);
            return;
        }
    refuse(ret_answer, arena, 404, S("there is no such control call"));
}
