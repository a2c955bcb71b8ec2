#include "policy.h"

#include "text.h"

/* '*' for anything, '?' for one character; no case. */
static bool fits(struct str pattern, struct str text)
{
    return text_like(text, pattern, TEXT_NO_CASE);
}

/* One text, or a list of them. */
static bool any_fits(const struct doc *patterns, struct str action)
{
    if (patterns == NULL || patterns->kind == DOC_STRING)
        return fits(doc_text(patterns), action);
    doc_each (entry, patterns)
        if (fits(doc_text(entry->value), action))
            return true;
    return false;
}

static bool is_texts(const struct doc *doc)
{
    if (doc == NULL || doc->kind == DOC_STRING)
        return doc_text(doc).len > 0;
    doc_each (entry, doc)
        if (doc_text(entry->value).len == 0)
            return false;
    return doc->kind == DOC_LIST && doc->count > 0;
}

static bool is_statement(const struct doc *statement)
{
    struct str effect = doc_get_text(statement, S("Effect"));
    const struct doc *action = doc_get(statement, S("Action"));
    const struct doc *resource = doc_get(statement, S("Resource"));
    if (action == NULL)
        action = doc_get(statement, S("NotAction"));
    if (resource == NULL)
        resource = doc_get(statement, S("NotResource"));
    return (str_is(effect, "Allow") || str_is(effect, "Deny")) && is_texts(action) &&
           is_texts(resource) && doc_get(statement, S("Principal")) == NULL;
}

bool policy_read(struct arena *arena, struct str text, struct doc **ret)
{
    static const struct doc_limits limits = {64 << 10, 16, 4000};
    struct doc_error error;
    struct doc *policy = NULL;
    if (!doc_from_json(arena, text, &limits, &policy, &error) || policy->kind != DOC_OBJECT)
        return false;
    const struct doc *statements = doc_get(policy, S("Statement"));
    *ret = policy;
    if (statements == NULL || statements->kind != DOC_LIST)
        return is_statement(statements);
    doc_each (entry, statements)
        if (!is_statement(entry->value))
            return false;
    return statements->count > 0;
}

static bool concerns(const struct doc *statement, struct str action)
{
    const struct doc *others = doc_get(statement, S("NotAction"));
    return others != NULL ? !any_fits(others, action)
                          : any_fits(doc_get(statement, S("Action")), action);
}

bool policy_allows(const struct doc *policy, struct str action)
{
    const struct doc *statements = doc_get(policy, S("Statement"));
    bool allowed = false;
    if (statements->kind != DOC_LIST)
        return concerns(statements, action) &&
               str_is(doc_get_text(statements, S("Effect")), "Allow");
    doc_each (entry, statements) {
        if (!concerns(entry->value, action))
            continue;
        if (str_is(doc_get_text(entry->value, S("Effect")), "Deny"))
            return false;
        allowed = true;
    }
    return allowed;
}
