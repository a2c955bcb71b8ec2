#include "faults.h"

#include <stdlib.h>

enum { most_faults = 1000 };

static const char *const kind_names[] = {
    [FAULT_NONE] = "none", [FAULT_THROTTLE] = "throttle", [FAULT_ERROR] = "error",
    [FAULT_CUT] = "cut",   [FAULT_RESET] = "reset",       [FAULT_SLOW] = "slow",
    [FAULT_LOST] = "lost", [FAULT_SKEW] = "skew",         [FAULT_EXPIRED] = "expired",
    [FAULT_FAIL] = "fail", [FAULT_HELD] = "held",         [FAULT_MUTE] = "mute"};

const char *fault_name(enum fault_kind kind)
{
    return kind_names[kind];
}

static enum fault_kind kind_of(struct str name)
{
    for (int kind = FAULT_THROTTLE; kind <= FAULT_MUTE; kind++)
        if (str_is(name, kind_names[kind]))
            return (enum fault_kind)kind;
    return FAULT_NONE;
}

enum member_type { TEXT, WHOLE, SHARE };
static const struct {
    const char *name;
    enum member_type type;
} members[] = {{"kind", TEXT},    {"service", TEXT}, {"operation", TEXT}, {"share", SHARE},
               {"after", WHOLE},  {"times", WHOLE},  {"seed", WHOLE},     {"delay_ms", WHOLE},
               {"status", WHOLE}, {"code", TEXT},    {"message", TEXT},   {"user_agent", TEXT}};

static bool fits(const struct doc *value, enum member_type type)
{
    int64_t number;
    switch (type) {
    case TEXT:
        return value->kind == DOC_STRING;
    case WHOLE:
        return value->kind == DOC_NUMBER && doc_to_int64(value, &number);
    case SHARE:
        return value->kind == DOC_NUMBER;
    }
    return false;
}

static bool check_members(struct arena *arena, const struct doc *spec, struct str *ret_why)
{
    doc_each (entry, spec) {
        bool known = false;
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
            known = known ||
                    (str_is(entry->name, members[i].name) && fits(entry->value, members[i].type));
        if (!known && entry->value->kind != DOC_NULL) {
            *ret_why =
                arena_fmt(arena, "a fault has no member %.*s of this type", STR(entry->name));
            return false;
        }
    }
    return true;
}

enum { usual_status = 500 };
static int64_t usual_delay_ms(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_SKEW:
        return 20 * 60 * 1000;
    case FAULT_HELD:
    case FAULT_MUTE:
        return 60 * 60 * 1000;
    default:
        return 1000;
    }
}

static void take_number(const struct doc *spec, const char *name, int64_t *number)
{
    doc_to_int64(doc_get(spec, str_of(name)), number);
}

bool faults_add(struct list *faults, struct arena *arena, const struct doc *spec,
                struct str *ret_why)
{
    struct fault fault = {.share = 1, .times = -1};
    struct doc *share = doc_get(spec, S("share"));
    int64_t status = usual_status, seed = 0;

    if (spec == NULL || spec->kind != DOC_OBJECT || faults->count == most_faults) {
        *ret_why = faults->count == most_faults ? S("there can be 1000 faults")
                                                : S("a fault is a JSON object");
        return false;
    }
    if (!check_members(arena, spec, ret_why))
        return false;
    fault.kind = kind_of(doc_get_text(spec, S("kind")));
    if (fault.kind == FAULT_NONE) {
        *ret_why = S("kind is one of throttle, error, cut, reset, slow, lost, skew, expired, fail, "
                     "held, mute");
        return false;
    }
    if (!doc_is_null(share))
        fault.share = strtod(arena_z(arena, share->text), NULL);
    fault.delay_ms = usual_delay_ms(fault.kind);
    take_number(spec, "after", &fault.after);
    take_number(spec, "times", &fault.times);
    take_number(spec, "delay_ms", &fault.delay_ms);
    take_number(spec, "status", &status);
    take_number(spec, "seed", &seed);
    if (fault.share < 0 || fault.share > 1 || fault.after < 0 || status < 400 || status > 599 ||
        fault.delay_ms < -86400000 || fault.delay_ms > 86400000) {
        *ret_why = S("share is 0 to 1, after 0 or more, status 400 to 599, delay_ms a day at most");
        return false;
    }
    fault.status = (int)status;
    fault.seed = (uint64_t)seed;
    fault.service = text_of(doc_get_text(spec, S("service")));
    fault.operation = text_of(doc_get_text(spec, S("operation")));
    fault.user_agent = text_of(doc_get_text(spec, S("user_agent")));
    fault.code = text_of(doc_get_text(spec, S("code")));
    fault.message = text_of(doc_get_text(spec, S("message")));
    struct fault *kept = malloc(sizeof *kept);
    if (kept == NULL)
        abort();
    *kept = fault;
    list_add(faults, kept);
    return true;
}

void faults_clear(struct list *faults)
{
    struct fault *fault;
    list_each (fault, faults) {
        text_done(&fault->service);
        text_done(&fault->operation);
        text_done(&fault->user_agent);
        text_done(&fault->code);
        text_done(&fault->message);
        free(fault);
    }
    list_done(faults);
}

/* The n-th call's place in [0, 1): by the seed alone. */
static double draw(const struct fault *fault)
{
    struct state dice = {.seed = fault->seed};
    return (double)(state_chance(&dice, S("fault"), (uint64_t)fault->seen) >> 11) * 0x1p-53;
}

static bool hits(struct fault *fault, struct str service, struct str operation,
                 struct str user_agent)
{
    if ((fault->service.len > 0 && !str_eq(fault->service, service)) ||
        (fault->operation.len > 0 && !str_eq(fault->operation, operation)) ||
        (fault->user_agent.len > 0 && !str_has(user_agent, fault->user_agent)))
        return false;
    if (++fault->seen <= fault->after || (fault->times >= 0 && fault->hits >= fault->times) ||
        draw(fault) >= fault->share)
        return false;
    fault->hits++;
    return true;
}

const struct fault *faults_pick(struct list *faults, struct str service, struct str operation,
                                struct str user_agent)
{
    struct fault *fault;
    list_each (fault, faults) {
        if (hits(fault, service, operation, user_agent))
            return fault;
    }
    return NULL;
}

/* What is not as usual. */
static void describe_rest(struct arena *arena, struct doc *doc, const struct fault *fault)
{
    if (fault->share < 1)
        doc_put(arena, doc, S("share"), doc_number(arena, arena_fmt(arena, "%g", fault->share)));
    if (fault->after > 0)
        doc_put(arena, doc, S("after"), doc_int(arena, fault->after));
    if (fault->times >= 0)
        doc_put(arena, doc, S("times"), doc_int(arena, fault->times));
    if (fault->delay_ms != usual_delay_ms(fault->kind))
        doc_put(arena, doc, S("delay_ms"), doc_int(arena, fault->delay_ms));
    if (fault->status != usual_status)
        doc_put(arena, doc, S("status"), doc_int(arena, fault->status));
    if (fault->seed != 0)
        doc_put(arena, doc, S("seed"), doc_int(arena, (int64_t)fault->seed));
    if (fault->code.len > 0)
        doc_put(arena, doc, S("code"), doc_string(arena, fault->code));
    if (fault->message.len > 0)
        doc_put(arena, doc, S("message"), doc_string(arena, fault->message));
    if (fault->user_agent.len > 0)
        doc_put(arena, doc, S("user_agent"), doc_string(arena, fault->user_agent));
}

struct doc *faults_list(const struct list *faults, struct arena *arena)
{
    struct doc *list = doc_list(arena);
    const struct fault *fault;
    list_each (fault, faults) {
        struct doc *doc = doc_object(arena);
        doc_put(arena, doc, S("kind"), doc_string(arena, str_of(fault_name(fault->kind))));
        doc_put(arena, doc, S("service"), doc_string(arena, fault->service));
        doc_put(arena, doc, S("operation"), doc_string(arena, fault->operation));
        describe_rest(arena, doc, fault);
        doc_put(arena, doc, S("seen"), doc_int(arena, fault->seen));
        doc_put(arena, doc, S("hits"), doc_int(arena, fault->hits));
        doc_add(arena, list, doc);
    }
    return list;
}
