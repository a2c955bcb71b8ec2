#include "settings.h"
#include "call/call.h"
#include "sts/sts_session.h"

#include <stdlib.h>

/* Each member is one of the words ("name external_id"), and no other. */
static bool knows(const struct doc *spec, const char *words, struct str *ret_why)
{
    *ret_why = str_of(words);
    if (spec == NULL || spec->kind != DOC_OBJECT)
        return false;
    doc_each (entry, spec) {
        struct str word, rest = str_of(words);
        bool known = false;
        while (str_next(&rest, ' ', &word))
            known = known || str_eq(word, entry->name);
        if (!known)
            return false;
    }
    return true;
}

static bool is_text(const struct doc *doc)
{
    return doc_is_null(doc) || doc->kind == DOC_STRING;
}

static bool is_operation(const struct service *service, struct str name)
{
    for (size_t i = 0; services[i] != NULL; i++)
        if ((service == NULL || service == services[i]) &&
            operation_find(services[i], name) != NULL)
            return true;
    return false;
}

bool settings_fault(struct sim *sim, struct arena *arena, const struct doc *spec,
                    const void **ret_at, struct str *ret_why)
{
    const struct doc *name = doc_get(spec, S("service"));
    const struct doc *operation = doc_get(spec, S("operation"));
    const struct service *service = service_find(doc_text(name));

    *ret_at = name;
    if (doc_text(name).len > 0 && service == NULL) {
        *ret_why = arena_fmt(arena, "hyperpod-sim has no such service as %.*s",
                             STR(str_sub(doc_text(name), 0, 64)));
        return false;
    }
    *ret_at = operation;
    if (doc_text(operation).len > 0 && !is_operation(service, doc_text(operation))) {
        *ret_why = arena_fmt(arena,
                             "hyperpod-sim has no such operation as %.*s; GET "
                             "/_sim/operations lists those that there are",
                             STR(str_sub(doc_text(operation), 0, 64)));
        return false;
    }
    *ret_at = spec;
    return faults_add(&sim->faults, arena, spec, ret_why);
}

bool settings_credential(struct sim *sim, const struct doc *spec, struct str *ret_why)
{
    const struct doc *valid = doc_get(spec, S("valid_seconds"));
    struct str access_key = doc_get_text(spec, S("access_key"));
    struct str secret_key = doc_get_text(spec, S("secret_key"));
    int64_t seconds = 0;

    if (!knows(spec, "access_key secret_key session_token valid_seconds", ret_why) ||
        access_key.len == 0 || secret_key.len == 0 || !is_text(doc_get(spec, S("access_key"))) ||
        !is_text(doc_get(spec, S("secret_key"))) || !is_text(doc_get(spec, S("session_token"))) ||
        (!doc_is_null(valid) &&
         (!doc_to_int64(valid, &seconds) || seconds < -315360000 || seconds > 315360000))) {
        *ret_why = S("access_key and secret_key are needed; session_token is a text, valid_seconds "
                     "ten years at most");
        return false;
    }
    sim_add_credential(sim, access_key, secret_key, doc_get_text(spec, S("session_token")),
                       seconds == 0 ? 0 : world_now_ms(sim->world) + seconds * 1000);
    return true;
}

bool settings_role(struct sim *sim, const struct doc *spec, struct str *ret_why)
{
    struct str name = doc_get_text(spec, S("name"));
    int64_t longest_s = 12 * 3600;
    const struct doc *longest = doc_get(spec, S("max_session_seconds"));

    if (!knows(spec, "name external_id max_session_seconds", ret_why) || name.len == 0 ||
        !is_text(doc_get(spec, S("external_id"))) ||
        (!doc_is_null(longest) &&
         (!doc_to_int64(longest, &longest_s) || longest_s < 3600 || longest_s > 12 * 3600))) {
        *ret_why = S("name is needed, external_id is a text, max_session_seconds is 3600 to 43200");
        return false;
    }
    struct role *role = (struct role *)role_find(sim, name);
    if (role == NULL) {
        role = calloc(1, sizeof *role);
        if (role == NULL)
            abort();
        role->name = text_of(name);
        list_add(&sim->roles, role);
    }
    text_set(&role->external_id, doc_get_text(spec, S("external_id")));
    role->longest_s = longest_s;
    return true;
}

struct clock_orders {
    bool starts, scales;
    int64_t start_ms, advance_ms;
    double scale;
};

static bool read_clock(struct arena *arena, const struct doc *spec, bool may_start,
                       struct clock_orders *orders)
{
    doc_each (entry, spec) {
        const struct doc *value = entry->value;
        double number = value->kind == DOC_NUMBER ? strtod(arena_z(arena, value->text), NULL) : -1;
        bool sound = number >= 0 && number <= 315360000;
        if (str_is(entry->name, "start") && may_start) {
            orders->starts =
                value->kind == DOC_STRING && time_parse(value->text, &orders->start_ms);
            sound = orders->starts && orders->start_ms >= 0 && orders->start_ms <= SIM_CLOCK_END_MS;
        } else if (str_is(entry->name, "advance_seconds")) {
            orders->advance_ms = sound ? (int64_t)(number * 1000) : 0;
        } else if (str_is(entry->name, "scale")) {
            orders->scales = true;
            orders->scale = number;
        } else {
            return false;
        }
        if (!sound)
            return false;
    }
    return true;
}

bool settings_clock(struct sim *sim, struct arena *arena, const struct doc *spec, bool may_start,
                    struct str *ret_why)
{
    struct sim_clock *clock = &sim->state.clock;
    struct clock_orders orders = {0};

    if ((spec != NULL && spec->kind != DOC_OBJECT) ||
        !read_clock(arena, spec, may_start, &orders)) {
        *ret_why = may_start
                       ? S("the clock knows start (a time as 2027-01-31T12:00:00Z), scale and "
                           "advance_seconds (numbers from 0 to ten years)")
                       : S("the clock knows advance_seconds and scale, numbers from 0 to ten "
                           "years");
        return false;
    }
    if (orders.starts)
        *clock = (struct sim_clock){world_now_ms(sim->world), orders.start_ms, clock->scale};
    if (orders.scales)
        sim_clock_scale(clock, world_now_ms(sim->world), orders.scale);
    sim_clock_advance(clock, orders.advance_ms);
    return true;
}
