/* Attributes against their neighbours: conflicts, requires, one_of_group. What is unknown may still
 * become null, so it neither breaks a rule nor keeps one. */
#include "tf.h"

static bool is_set(const struct cty_value *object, struct str name)
{
    const struct cty_value *value = cty_get(object, name);
    return value != NULL && cty_is_known(value);
}

static bool has_word(const char *list, const char *word)
{
    struct str rest = str_of(list), each;
    while (list != NULL && tf_next_word(&rest, &each))
        if (str_is(each, word))
            return true;
    return false;
}

static void check_conflicts(const struct tf_validation *run, const struct tf_attr *attrs,
                            const struct tf_attr *attr, const struct cty_value *object,
                            const struct cty_path *at)
{
    struct str rest = str_of(attr->conflicts), other;

    while (attr->conflicts != NULL && tf_next_word(&rest, &other)) {
        const struct tf_attr *row = tf_attr_find(attrs, other);
        bool told_by_other = row != NULL && row < attr && has_word(row->conflicts, attr->name);
        if (is_set(object, other) && !told_by_other)
            diag_error(run->diags, tf_validation_at(run, at, attr->name), "Conflicting attributes",
                       "%s and %.*s are both set; only one may be.", attr->name, STR(other));
    }
}

static void check_requires(const struct tf_validation *run, const struct tf_attr *attr,
                           const struct cty_value *object, const struct cty_path *at)
{
    struct str rest = str_of(attr->requires), other;

    while (attr->requires != NULL && tf_next_word(&rest, &other))
        if (tf_absent(cty_get(object, other)))
            diag_error(run->diags, tf_validation_at(run, at, attr->name), "Missing attribute",
                       "%s is set, and then %.*s must be set too.", attr->name, STR(other));
}

/* Told once, at the first attribute of the group. */
static void check_group(const struct tf_validation *run, const struct tf_attr *attrs,
                        const struct tf_attr *first, const struct cty_value *object,
                        const struct cty_path *at)
{
    struct buf names = buf_in(run->arena, 4096), set = buf_in(run->arena, 4096);
    size_t set_count = 0, unknown = 0;
    const char *last = NULL;

    each_attr(attr, attrs)
    {
        if (attr->one_of_group == NULL || !str_is(str_of(attr->one_of_group), first->one_of_group))
            continue;
        if (attr < first)
            return;
        const struct cty_value *value = tf_value(object, attr->name);
        buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ", attr->name);
        unknown += value != NULL && cty_is_unknown(value);
        if (value == NULL || !cty_is_known(value))
            continue;
        buf_printf(&set, "%s%s", set.len == 0 ? "" : " and ", attr->name);
        last = attr->name;
        set_count++;
    }
    if (set_count > 1)
        diag_error(run->diags, tf_validation_at(run, at, last), "Conflicting attributes",
                   "Exactly one of %.*s must be set, not %.*s together.", STR(buf_str(&names)),
                   STR(buf_str(&set)));
    if (set_count == 0 && unknown == 0)
        diag_error(run->diags, at, "Missing attribute", "Exactly one of %.*s must be set.",
                   STR(buf_str(&names)));
}

void tf_validate_group(const struct tf_validation *run, const struct tf_attr *attrs,
                       const struct cty_value *object, const struct cty_path *path)
{
    each_attr(attr, attrs)
    {
        if (attr->one_of_group != NULL)
            check_group(run, attrs, attr, object, path);
        if (!is_set(object, str_of(attr->name)))
            continue;
        check_conflicts(run, attrs, attr, object, path);
        check_requires(run, attr, object, path);
    }
}
