#include "conditions.h"

#include <stdlib.h>

#define FAR_MS INT64_MAX
enum { longest_text = 2048, longest_number = 20, most_members = 32 };

/* Members that say what a condition is about, and those that say how it is. */
enum member_type { TEXT, NUMBER };
static const struct {
    const char *name;
    enum member_type type;
    bool about; /* compared with the circumstance's text at `offset` */
    size_t offset;
    const char *one_of; /* the texts that it may be; NULL: any */
} members[] = {
    {"zone", TEXT, true, offsetof(struct circumstance, zone)},
    {"instance_type", TEXT, true, offsetof(struct circumstance, instance_type)},
    {"capacity", TEXT, true, offsetof(struct circumstance, capacity), "Spot OnDemand"},
    {"subnet", TEXT, true, offsetof(struct circumstance, subnet)},
    {"cluster", TEXT, true, offsetof(struct circumstance, cluster)},
    {"group", TEXT, true, offsetof(struct circumstance, group)},
    {"role", TEXT, true, offsetof(struct circumstance, role)},
    {"action", TEXT, true, offsetof(struct circumstance, action),
     "s3:GetObject s3:ListBucket kms:Decrypt ec2:CreateNetworkInterface "
     "ec2:CreateNetworkInterfacePermission ec2:DescribeSubnets ec2:DescribeSecurityGroups "
     "ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission iam:PassRole "
     "iam:CreateServiceLinkedRole sagemaker:BatchAddClusterNodes"},
    {"bucket", TEXT, true, offsetof(struct circumstance, bucket)},
    {"script", TEXT, true, offsetof(struct circumstance, script)},
    {"alarm", TEXT, true, offsetof(struct circumstance, alarm)},
    {"training_plan_arn", TEXT, true, offsetof(struct circumstance, training_plan)},
    {"region", TEXT},
    {"node", NUMBER},
    {"limit", NUMBER},
    {"nodes", NUMBER},
    {"seconds", NUMBER},
    {"after_seconds", NUMBER},
    {"for_seconds", NUMBER},
    {"times", NUMBER},
    {"exit_code", NUMBER},
    {"rollback_too", NUMBER},
    {"message", TEXT},
    {"mode", TEXT, .one_of = "continuous classic"},
    {"release", TEXT},
    {"image_id", TEXT},
    {"status", TEXT, .one_of = "UpdateAvailable SecurityUpdateRequired EndOfLife"},
};
enum { member_count = sizeof members / sizeof members[0] };

#define NODE_MEMBERS "cluster group node times"

static const struct {
    const char *name, *takes, *needs;
} kinds[] = {
    [CONDITION_NO_CAPACITY] = {"no_capacity", "zone instance_type capacity cluster group nodes",
                               ""},
    [CONDITION_QUOTA] = {"quota", "instance_type limit", "limit"},
    [CONDITION_SCRIPT_FAILS] = {"script_fails", NODE_MEMBERS " exit_code", ""},
    [CONDITION_SCRIPT_HANGS] = {"script_hangs", NODE_MEMBERS, ""},
    [CONDITION_MISSING_SCRIPT] = {"missing_script", "cluster group bucket script", ""},
    [CONDITION_MISSING_BUCKET] = {"missing_bucket", "bucket", "bucket"},
    [CONDITION_MISSING_PERMISSION] = {"missing_permission", "role action cluster group", "action"},
    [CONDITION_NO_S3_ROUTE] = {"no_s3_route", "subnet zone cluster group", ""},
    [CONDITION_MISSING_ROLE] = {"missing_role", "role", "role"},
    [CONDITION_ROLE_PROPAGATION] = {"role_propagation", "role seconds", "seconds"},
    [CONDITION_NODE_DIES] = {"node_dies", NODE_MEMBERS " after_seconds message capacity", ""},
    [CONDITION_DEEP_CHECK_FAILS] = {"deep_check_fails", NODE_MEMBERS, ""},
    [CONDITION_SOFTWARE_FAILS] = {"software_fails", NODE_MEMBERS " rollback_too", ""},
    [CONDITION_ALARM] = {"alarm", "alarm after_seconds", "alarm"},
    [CONDITION_NEW_RELEASE] = {"new_release", "release image_id status", "release"},
    [CONDITION_UNSET_MODE] = {"unset_mode", "mode", "mode"},
    [CONDITION_SLURM_DRIFT] = {"slurm_drift", "cluster", ""},
    [CONDITION_DATABASE_UNREACHABLE] = {"database_unreachable", "cluster", ""},
    [CONDITION_TRAINING_PLAN] = {"training_plan", "training_plan_arn zone nodes seconds",
                                 "training_plan_arn"},
};
enum { kind_count = sizeof kinds / sizeof kinds[0] };

/* Is the word one of those that stand in the text? */
static bool has_word(const char *text, struct str word)
{
    struct str rest = str_of(text), part;
    while (str_next(&rest, ' ', &part))
        if (part.len > 0 && str_eq(part, word))
            return true;
    return false;
}

static int kind_of(struct str name)
{
    for (int i = 0; i < kind_count; i++)
        if (str_is(name, kinds[i].name))
            return i;
    return -1;
}

static int member_of(struct str name)
{
    for (int i = 0; i < member_count; i++)
        if (str_is(name, members[i].name))
            return i;
    return -1;
}

struct check {
    struct arena *arena;
    struct str place; /* of the condition: "" or "0." */
    const struct doc *at;
    struct condition_error *reterr;
};

static bool wrong(const struct check *check, struct str member, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool wrong(const struct check *check, struct str member, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    check->reterr->why = arena_vfmt(check->arena, format, args);
    va_end(args);
    check->reterr->at = check->at;
    check->reterr->path = arena_fmt(check->arena, "%.*s%.*s", STR(check->place), STR(member));
    if (member.len == 0 && check->reterr->path.len > 0)
        check->reterr->path.len--; /* the point */
    return false;
}

static bool member_is_sound(struct check *check, int kind, const struct doc_entry *entry)
{
    struct str name = entry->name;
    int member = member_of(name);
    int64_t number;

    check->at = entry->value;
    if (str_is(name, "kind"))
        return true;
    bool fits = member >= 0 && (has_word(kinds[kind].takes, name) || str_is(name, "region") ||
                                str_is(name, "for_seconds"));
    if (!fits)
        return wrong(check, name,
                     "a condition of kind %s takes no %.*s; it takes %s, region and for_seconds",
                     kinds[kind].name, STR(name), kinds[kind].takes);
    if (members[member].type == NUMBER)
        return (entry->value->kind == DOC_NUMBER && entry->value->text.len < longest_number &&
                doc_to_int64(entry->value, &number) && number >= -1 && number <= INT32_MAX) ||
               wrong(check, name, "%.*s is a whole number from -1 on", STR(name));
    if (entry->value->kind != DOC_STRING || entry->value->text.len == 0 ||
        entry->value->text.len > longest_text)
        return wrong(check, name, "%.*s is a text of 1 to %d bytes", STR(name), longest_text);
    if (members[member].one_of != NULL && !has_word(members[member].one_of, entry->value->text))
        return wrong(check, name, "%.*s is one of %s", STR(name), members[member].one_of);
    return true;
}

static bool is_sound(struct check *check, const struct doc *spec, int *ret_kind)
{
    struct str name = doc_get_text(spec, S("kind")), need;
    int kind = kind_of(name);

    check->at = spec;
    if (spec == NULL || spec->kind != DOC_OBJECT || spec->count > most_members)
        return wrong(check, S(""), "a condition is an object with a kind");
    if (kind < 0) {
        struct buf known = buf_in(check->arena, 4096);
        for (int i = 0; i < kind_count; i++)
            buf_printf(&known, "%s%s", i == 0 ? "" : ", ", kinds[i].name);
        return wrong(check, S("kind"), "kind is one of %.*s", STR(buf_str(&known)));
    }
    doc_each (entry, spec) {
        if (!member_is_sound(check, kind, entry))
            return false;
    }
    struct str rest = str_of(kinds[kind].needs);
    check->at = spec;
    while (str_next(&rest, ' ', &need))
        if (need.len > 0 && doc_is_null(doc_get(spec, need)))
            return wrong(check, S(""), "a condition of kind %s needs %.*s", kinds[kind].name,
                         STR(need));
    *ret_kind = kind;
    return true;
}

static void condition_free(struct condition *condition)
{
    arena_free(condition->arena);
    free(condition);
}

static void drop_same(struct list *conditions, const struct doc *spec)
{
    struct condition *condition;
    list_each (condition, conditions) {
        if (doc_equal(condition->spec, spec)) {
            list_remove(conditions, condition);
            condition_free(condition);
            return;
        }
    }
}

static void add(struct state *state, enum condition_kind kind, const struct doc *spec,
                int64_t now_ms)
{
    enum { largest = 1024 * 1024 };
    struct condition *condition = calloc(1, sizeof *condition);
    if (condition == NULL)
        abort();
    drop_same(&state->conditions, spec);
    condition->arena = arena_new(largest);
    condition->spec = doc_copy(condition->arena, spec);
    condition->kind = kind;
    condition->since_ms = now_ms;
    int64_t seconds = condition_number(condition, "for_seconds", -1);
    condition->until_ms = seconds < 0 ? FAR_MS : now_ms + seconds * 1000;
    list_add(&state->conditions, condition);
}

bool conditions_apply(struct state *state, struct arena *arena, const struct doc *specs,
                      int64_t now_ms, struct condition_error *reterr)
{
    struct check check = {.arena = arena, .place = S(""), .at = specs, .reterr = reterr};
    enum { most = 1000 };
    int kind = 0, at = 0;

    size_t more = specs == NULL || specs->kind != DOC_LIST ? 1 : specs->count;
    if (more + state->conditions.count > most)
        return wrong(&check, S(""), "there can be %d conditions", most);
    if (specs == NULL || specs->kind != DOC_LIST) {
        if (!is_sound(&check, specs, &kind))
            return false;
        add(state, (enum condition_kind)kind, specs, now_ms);
        return true;
    }
    doc_each (entry, specs) {
        check.place = arena_fmt(arena, "%d.", at++);
        if (!is_sound(&check, entry->value, &kind))
            return false;
    }
    doc_each (entry, specs) {
        add(state, (enum condition_kind)kind_of(doc_get_text(entry->value, S("kind"))),
            entry->value, now_ms);
    }
    return true;
}

bool conditions_clear(struct state *state, struct str kind)
{
    struct list *conditions = &state->conditions;

    if (kind.len > 0 && kind_of(kind) < 0)
        return false;
    for (size_t i = conditions->count; i-- > 0;) {
        struct condition *condition = conditions->items[i];
        if (kind.len > 0 && !str_is(kind, kinds[condition->kind].name))
            continue;
        list_remove(conditions, condition);
        condition_free(condition);
    }
    return true;
}

void conditions_done(struct list *conditions)
{
    struct condition *condition;
    list_each (condition, conditions)
        condition_free(condition);
    list_done(conditions);
}

struct doc *conditions_list(const struct state *state, struct arena *arena)
{
    struct doc *list = doc_list(arena);
    const struct condition *condition;

    list_each (condition, &state->conditions) {
        struct doc *doc = doc_copy(arena, condition->spec);
        doc_put(arena, doc, S("hits"), doc_int(arena, condition->hits));
        doc_add(arena, list, doc);
    }
    return list;
}

int64_t condition_number(const struct condition *condition, const char *name, int64_t otherwise)
{
    doc_to_int64(doc_get(condition->spec, str_of(name)), &otherwise);
    return otherwise;
}

struct str condition_text(const struct condition *condition, const char *name)
{
    return doc_get_text(condition->spec, str_of(name));
}

/* A role may be told by its name or its ARN, a zone by its name or its id. */
static bool is_same(const char *member, struct str told, struct str is,
                    const struct circumstance *about)
{
    if (str_eq(told, is))
        return true;
    if (strcmp(member, "zone") == 0)
        return str_eq(told, about->zone_id);
    return strcmp(member, "role") == 0 && is.len > told.len && str_ends(is, told) &&
           is.ptr[is.len - told.len - 1] == '/';
}

static bool fits(const struct condition *condition, const struct circumstance *about)
{
    struct str region = condition_text(condition, "region");
    int64_t node = condition_number(condition, "node", 0);

    if (region.len > 0 && about->region != NULL && !str_eq(region, about->region->name))
        return false;
    if (node > 0 && about->node > 0 && node != about->node)
        return false;
    for (int i = 0; i < member_count; i++) {
        struct str told =
            members[i].about ? condition_text(condition, members[i].name) : (struct str){NULL, 0};
        struct str is = {NULL, 0};
        if (told.len == 0)
            continue;
        memcpy(&is, (const char *)about + members[i].offset, sizeof is);
        if (is.len > 0 && !is_same(members[i].name, told, is, about))
            return false;
    }
    return true;
}

struct condition *condition_find(const struct state *state, enum condition_kind kind,
                                 const struct circumstance *about, int64_t now_ms)
{
    struct condition *condition;

    list_each (condition, &state->conditions) {
        if (condition->kind == kind && now_ms < condition->until_ms && fits(condition, about))
            return condition;
    }
    return NULL;
}

struct condition *condition_strike(struct state *state, enum condition_kind kind,
                                   const struct circumstance *about, int64_t now_ms)
{
    struct condition *condition;

    list_each (condition, &state->conditions) {
        int64_t times = condition->kind == kind ? condition_number(condition, "times", -1) : 0;
        if (condition->kind == kind && now_ms < condition->until_ms && fits(condition, about) &&
            (times < 0 || condition->hits < times)) {
            condition->hits++;
            return condition;
        }
    }
    return NULL;
}
