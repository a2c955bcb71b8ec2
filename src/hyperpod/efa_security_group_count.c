/* How many rules AWS takes, told at plan. */
#include "efa_security_group.h"

/* The default quota; it can be raised up to where a network interface has 1000. */
enum { most_rules = 60 };

/* A rule with a block counts for its family, any other for both. */
static void count_one(const struct sg_permission *permission, struct sg_count *count)
{
    size_t *of = count->of[permission->is_egress];

    of[0] += permission->kind != SG_CIDR_IPV6;
    of[1] += permission->kind != SG_CIDR_IPV4;
}

static bool is_among(const struct sg_rules *rules, size_t first,
                     const struct sg_permission *permission)
{
    for (size_t i = 0; i < first; i++)
        if (sg_permission_equal(&rules->items[i].permission, permission))
            return true;
    return false;
}

static void count_all(const struct sg_rules *rules, struct sg_count *count)
{
    for (size_t i = 0; i < rules->count; i++)
        if (!is_among(rules, i, &rules->items[i].permission))
            count_one(&rules->items[i].permission, count);
}

/* Where the reader finds most of them, if the configuration says any. */
static const struct cty_path *fullest(struct tf_call *call, const struct cty_value *object,
                                      size_t direction)
{
    static const char *const names[2][4] = {
        {"ingress_rules", "https_ingress_cidr_blocks", "fsx_lustre", "fsx_openzfs"},
        {"egress_rules", "fsx_lustre", "fsx_openzfs", NULL}};

    for (size_t i = 0; i < 4 && names[direction][i] != NULL; i++)
        if (tf_is_set(object, names[direction][i]))
            return cty_path_of(call->arena, names[direction][i]);
    return NULL;
}

bool sg_check_count(struct tf_call *call, const struct cty_value *object, struct str group_id,
                    const struct sg_count *more)
{
    struct sg_rules rules = sg_wanted(call->arena, object, group_id);
    struct sg_count count = {0};
    bool good = true;

    count_all(&rules, &count);
    for (size_t i = 0; i < 2; i++) {
        size_t v4 = count.of[i][0] + more->of[i][0], v6 = count.of[i][1] + more->of[i][1];
        size_t most = v4 > v6 ? v4 : v6, others = more->of[i][v4 > v6 ? 0 : 1];
        struct str beside =
            others == 0
                ? S("")
                : arena_fmt(call->arena, " and %zu that the configuration does not name", others);
        if (most <= most_rules)
            continue;
        good = diag_error(call->diags, fullest(call, object, i), "Too many rules",
                          "A security group holds at most %d rules in a direction; with those "
                          "for the group itself%.*s these are %zu. AWS counts a prefix list as "
                          "many rules as it may have entries. Join blocks, or use a prefix list.",
                          most_rules, STR(beside), most);
    }
    return good;
}

static void count_foreign(const struct cty_value *foreign, const struct sg_rules *rules,
                          struct sg_count *count)
{
    for (size_t i = 0; foreign != NULL && cty_is_known(foreign) && i < foreign->count; i++) {
        struct sg_permission permission = sg_foreign(foreign->items[i]);
        if (!is_among(rules, rules->count, &permission))
            count_one(&permission, count);
    }
}

/* A VPC has at least one block. Rules of others count where they stay, but not in a group that
 * holds more than the default already: its quota is a higher one. */
struct sg_count sg_count_others(const struct tf_plan *plan)
{
    struct arena *arena = plan->call->arena;
    struct str id = tf_str(plan->prior, "id");
    const struct cty_value *foreign = tf_value(plan->prior, "foreign_rules");
    struct sg_count others = {0}, before = {0};

    if (plan->prior == NULL) {
        others.of[0][0] = cty_is_null(tf_value(plan->config, "https_ingress_cidr_blocks"));
        return others;
    }
    if (tf_bool(plan->planned, "exclusive", false))
        return others;
    struct sg_rules was = sg_wanted(arena, plan->prior, id);
    struct sg_rules wanted = sg_wanted(arena, plan->planned, id);
    count_all(&was, &before);
    count_foreign(foreign, &was, &before);
    count_foreign(foreign, &wanted, &others);
    for (size_t i = 0; i < 4; i++)
        if (before.of[i / 2][i % 2] > most_rules)
            others.of[i / 2][i % 2] = 0;
    return others;
}
