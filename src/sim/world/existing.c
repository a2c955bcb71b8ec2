#include "existing.h"

enum { most = 10000 };

static const struct {
    const char *member;
    const char *usual; /* the only one, if nobody says anything; NULL: all names */
} kinds[EXISTING_KINDS] = {
    [EXISTING_EKS_CLUSTER] = {"eks_clusters", "sim"},
    [EXISTING_BUCKET] = {"buckets", NULL},
    [EXISTING_ROLE] = {"roles", NULL},
};

void existing_done(struct existing *existing)
{
    for (int kind = 0; kind < EXISTING_KINDS; kind++) {
        tags_done(&existing->names[kind]);
        existing->told[kind] = false;
    }
}

/* "s3://b/prefix" is b, "arn:…:role/path/r" is r. */
static struct str plain(enum existing_kind kind, struct str name)
{
    struct str part = name;

    if (str_starts(name, S("arn:")))
        while (str_next(&name, kind == EXISTING_BUCKET ? ':' : '/', &part))
            ;
    if (kind != EXISTING_BUCKET)
        return part;
    if (str_starts(part, S("s3://")))
        part = str_from(part, 5);
    else if (str_starts(part, S("https://")))
        part = str_from(part, 8);
    return str_sub(part, 0, str_find_char(part, '/'));
}

bool existing_has(const struct existing *existing, enum existing_kind kind, struct str name)
{
    name = plain(kind, name);
    if (existing->told[kind])
        return tags_find(&existing->names[kind], name) != NULL;
    return kinds[kind].usual == NULL || str_is(name, kinds[kind].usual);
}

static int kind_of(struct str member)
{
    int kind = 0;
    while (kind < EXISTING_KINDS && !str_is(member, kinds[kind].member))
        kind++;
    return kind;
}

/* What is kept of it must be the same when it is read again from a journal. */
static bool is_name(enum existing_kind kind, const struct doc *value)
{
    struct str name = plain(kind, value->text);
    return value->kind == DOC_STRING && name.len > 0 && str_eq(plain(kind, name), name);
}

static bool check(const struct doc_entry *member, const void **ret_at, struct str *ret_why)
{
    enum existing_kind kind = (enum existing_kind)kind_of(member->name);
    *ret_at = member;
    if (kind == EXISTING_KINDS) {
        *ret_why = S("existing things are eks_clusters, buckets and roles");
        return false;
    }
    *ret_at = member->value;
    if (member->value->kind != DOC_LIST || member->value->count > most) {
        *ret_why = S("this is a list of names, 10000 at most");
        return false;
    }
    doc_each (entry, member->value) {
        *ret_at = entry->value;
        if (!is_name(kind, entry->value)) {
            *ret_why = S("this is no name");
            return false;
        }
    }
    return true;
}

bool existing_take(struct existing *existing, const struct doc *spec, const void **ret_at,
                   struct str *ret_why)
{
    *ret_at = spec;
    if (spec == NULL || spec->kind != DOC_OBJECT) {
        *ret_why = S("existing is an object with eks_clusters, buckets and roles");
        return false;
    }
    doc_each (entry, spec)
        if (!check(entry, ret_at, ret_why))
            return false;
    doc_each (entry, spec) {
        enum existing_kind kind = (enum existing_kind)kind_of(entry->name);
        tags_done(&existing->names[kind]);
        existing->told[kind] = true;
        doc_each (name, entry->value)
            tags_set(&existing->names[kind], plain(kind, name->value->text), S(""));
    }
    return true;
}

struct doc *existing_describe(const struct existing *existing, struct arena *arena)
{
    struct doc *doc = doc_object(arena);
    for (int kind = 0; kind < EXISTING_KINDS; kind++) {
        const struct tags *names = &existing->names[kind];
        struct doc *list = doc_list(arena);
        for (size_t i = 0; i < names->count; i++)
            doc_add(arena, list, doc_string(arena, names->items[i].key));
        if (existing->told[kind])
            doc_put(arena, doc, str_of(kinds[kind].member), list);
    }
    return doc;
}
