#include "efa.h"

static bool has_self_rule(const struct security_group *group, bool egress)
{
    const struct rule *rule;
    list_each (rule, &group->rules) {
        if (rule->egress == egress && str_is(rule->protocol, "-1") &&
            rule->peer_kind == PEER_GROUP && str_eq(rule->peer, group->thing.id))
            return true;
    }
    return false;
}

bool efa_is_open(const struct region *region, const struct doc *network)
{
    doc_each (entry, doc_get(network, S("SecurityGroupIds"))) {
        struct thing *found = thing_find(region, THING_SECURITY_GROUP, doc_text(entry->value));
        const struct security_group *group = (const struct security_group *)found;
        if (group != NULL && (!has_self_rule(group, false) || !has_self_rule(group, true)))
            return false;
    }
    return true;
}
