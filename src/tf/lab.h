/* The tables of a resource with every kind of row that a planner meets. */
#ifndef TF_LAB_H
#define TF_LAB_H

#include "tf.h"

static bool same_but_for_case(const struct cty_value *a, const struct cty_value *b)
{
    return str_eq_nocase(a->text, b->text);
}

static bool shrinks(struct tf_plan *plan, const struct cty_path *path,
                    const struct cty_value *prior, const struct cty_value *planned)
{
    (void)plan;
    (void)path;
    return cty_is_known(prior) && cty_is_known(planned) &&
           cty_number_cmp(&planned->number, &prior->number) < 0;
}

static const struct tf_attr group_attrs[] = {
    {"count", TF_INT, .flags = TF_REQUIRED},
    {"kind", TF_STRING, .flags = TF_OC, .fallback = "plain"},
    {"arn", TF_STRING, .flags = TF_COMPUTED},
    {"image", TF_STRING, .flags = TF_OC | TF_STABLE},
    {"role", TF_STRING, .flags = TF_OPTIONAL | TF_REPLACE},
    {"policy", TF_STRING, .flags = TF_OC | TF_LOCAL, .fallback = "new"},
    {0}};
static const struct tf_attr step_attrs[] = {
    {"cmd", TF_STRING, .flags = TF_REQUIRED},
    {"out", TF_STRING, .flags = TF_COMPUTED},
    {"same", TF_STRING, .flags = TF_OPTIONAL, .same = same_but_for_case},
    {0}};
static const struct tf_attr part_attrs[] = {{"a", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE},
                                            {"b", TF_STRING, .flags = TF_OPTIONAL},
                                            {0}};
static const struct tf_attr opts_attrs[] = {{"x", TF_STRING, .flags = TF_OPTIONAL},
                                            {"y", TF_INT, .flags = TF_OC, .fallback = "1"},
                                            {"z", TF_STRING, .flags = TF_COMPUTED},
                                            {0}};
static const struct tf_attr vpc_attrs[] = {{"subnets", TF_SET, TF_STRING, .flags = TF_REQUIRED},
                                           {"vpc_id", TF_STRING, .flags = TF_COMPUTED},
                                           {0}};
static const struct tf_attr flight_attrs[] = {{"mode", TF_STRING, .flags = TF_OC, .fallback = "on"},
                                              {"skip", TF_SET, TF_STRING, .flags = TF_OPTIONAL},
                                              {0}};
static const struct tf_attr thing_attrs[] = {
    {"name", TF_STRING, .flags = TF_REQUIRED | TF_REPLACE},
    {"size", TF_INT, .flags = TF_OPTIONAL, .replace_if = shrinks},
    {"mode", TF_STRING, .flags = TF_OC, .fallback = "auto"},
    {"id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE},
    {"status", TF_STRING, .flags = TF_COMPUTED},
    {"zone", TF_STRING, .flags = TF_OC | TF_STABLE},
    {"chosen", TF_STRING, .flags = TF_OC | TF_REPLACE},
    {"note", TF_STRING, .flags = TF_OPTIONAL | TF_LOCAL},
    {"key", TF_STRING, .flags = TF_OPTIONAL | TF_WRITE_ONLY},
    {"policy", TF_STRING, .flags = TF_OPTIONAL, .same = same_but_for_case},
    {"any", TF_DYNAMIC, .flags = TF_OPTIONAL},
    {"groups", TF_MAP, .attrs = group_attrs, .flags = TF_OPTIONAL},
    {"steps", TF_LIST, .attrs = step_attrs, .flags = TF_OPTIONAL},
    {"parts", TF_SET, .attrs = part_attrs, .flags = TF_OPTIONAL},
    {"opts", TF_OBJECT, .attrs = opts_attrs, .flags = TF_OPTIONAL},
    {"vpc", TF_OBJECT, .attrs = vpc_attrs, .flags = TF_OPTIONAL | TF_REPLACE},
    {"flight", TF_OBJECT, .attrs = flight_attrs, .flags = TF_OPTIONAL | TF_LOCAL},
    {"details", TF_MAP, .attrs = opts_attrs, .flags = TF_COMPUTED},
    {0}};
static const struct tf_attr rule_attrs[] = {{"port", TF_INT, .flags = TF_REQUIRED},
                                            {"rule_id", TF_STRING, .flags = TF_COMPUTED},
                                            {"proto", TF_STRING, .flags = TF_OC, .fallback = "tcp"},
                                            {0}};
static const struct tf_block thing_blocks[] = {
    {"rule", TF_BLOCK_LIST, .attrs = rule_attrs},  {"named", TF_BLOCK_MAP, .attrs = rule_attrs},
    {"one", TF_BLOCK_SINGLE, .attrs = opts_attrs}, {"always", TF_BLOCK_GROUP, .attrs = opts_attrs},
    {"pair", TF_BLOCK_SET, .attrs = part_attrs},   {0}};

#endif
