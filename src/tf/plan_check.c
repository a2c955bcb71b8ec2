/* Terraform's rules for a planned state (objchange.AssertPlanValid), with the words that core would
 * use. */
#include "tf.h"

#include <inttypes.h>

static void check_rows(struct tf_rules *rules, struct tf_rows rows, const struct tf_place *place);

/* Equal, refinements aside. */
static bool same_value(const struct cty_value *a, const struct cty_value *b)
{
    if (!tf_absent(a) && !tf_absent(b) && cty_is_unknown(a) && cty_is_unknown(b))
        return true;
    return tf_alike(a, b);
}

static struct str shown(struct tf_rules *rules, const struct cty_value *value)
{
    return value == NULL ? S("null") : cty_show(rules->arena, value);
}

static void mismatch(struct tf_rules *rules, const struct tf_attr *attr,
                     const struct tf_place *place)
{
    bool has_prior = !tf_absent(place->prior);

    if (tf_is_secret(attr))
        tf_break(rules, place->path, "sensitive planned value does not match config value%s",
                 has_prior ? " nor prior value" : "");
    else if (has_prior)
        tf_break(rules, place->path,
                 "planned value %.*s does not match config value %.*s nor prior value %.*s",
                 STR(shown(rules, place->planned)), STR(shown(rules, place->config)),
                 STR(shown(rules, place->prior)));
    else
        tf_break(rules, place->path, "planned value %.*s does not match config value %.*s",
                 STR(shown(rules, place->planned)), STR(shown(rules, place->config)));
}

static void check_keys(struct tf_rules *rules, const char *what, const struct tf_place *place)
{
    for (size_t i = 0; i < place->planned->count; i++)
        if (tf_counterpart(place->config, place->planned, i) == NULL)
            tf_break(rules, place->path, "%s key \"%.*s\" from plan is not present in config", what,
                     STR(place->planned->keys[i]));
    for (size_t i = 0; i < place->config->count; i++)
        if (tf_counterpart(place->planned, place->config, i) == NULL)
            tf_break(rules, place->path, "%s key \"%.*s\" from config is not present in plan", what,
                     STR(place->config->keys[i]));
}

/* The objects of a list or map, or the one object; the shapes agree. */
static void check_objects(struct tf_rules *rules, struct tf_rows rows, const struct tf_place *place,
                          bool is_block)
{
    if (place->planned->type->kind == CTY_OBJECT) {
        check_rows(rules, rows, place);
        return;
    }
    for (size_t i = 0; i < place->planned->count; i++) {
        struct tf_place item = tf_place_item(rules->arena, place, place->planned, i);
        if (item.config == NULL || same_value(item.planned, item.config))
            continue;
        if (cty_is_unknown(item.planned) && is_block)
            tf_break(rules, item.path,
                     "element representing nested block must not be unknown itself; set nested "
                     "attribute values to unknown instead");
        else if (tf_absent(item.planned) != tf_absent(item.config))
            tf_break(rules, item.path, "%s",
                     tf_absent(item.planned) ? "planned for absence but config wants existence"
                                             : "planned for existence but config wants absence");
        else if (cty_is_unknown(item.planned))
            tf_break(rules, item.path, "planned unknown for configured value");
        else
            check_rows(rules, rows, &item);
    }
}

/* Config and plan both hold something, and not the same. */
static void check_nested_attr(struct tf_rules *rules, const struct tf_attr *attr,
                              const struct tf_place *place)
{
    size_t planned = place->planned->count, config = place->config->count;
    enum cty_kind kind = place->planned->type->kind;

    if (cty_is_unknown(place->planned)) {
        tf_break(rules, place->path, "planned unknown for configured value");
        return;
    }
    if (cty_is_unknown(place->config)) {
        mismatch(rules, attr, place);
        return;
    }
    bool wrong = kind == CTY_SET ? planned > config : kind == CTY_LIST && planned != config;
    if (wrong) {
        tf_break(rules, place->path, "count in plan (%zu) disagrees with count in config (%zu)",
                 planned, config);
        return;
    }
    if (kind == CTY_MAP)
        check_keys(rules, "map", place);
    if (kind != CTY_SET)
        check_objects(rules, rows_of_attr(attr), place, false);
}

static void check_attr(struct tf_rules *rules, const struct tf_attr *attr,
                       const struct tf_place *place)
{
    bool has_config = !tf_absent(place->config);

    if ((attr->flags & TF_WRITE_ONLY) != 0) {
        if (!tf_absent(place->planned))
            tf_break(rules, place->path, "a value was planned for a write-only attribute");
        return;
    }
    if (same_value(place->planned, place->config) ||
        (has_config && !tf_absent(place->prior) && same_value(place->planned, place->prior)))
        return;
    if ((attr->flags & TF_COMPUTED) != 0 && ((attr->flags & TF_OPTIONAL) == 0 || !has_config))
        return;
    if (!has_config) {
        if (tf_is_secret(attr))
            tf_break(rules, place->path, "sensitive planned value for a non-computed attribute");
        else
            tf_break(rules, place->path, "planned value %.*s for a non-computed attribute",
                     STR(shown(rules, place->planned)));
        return;
    }
    if (attr->attrs == NULL)
        mismatch(rules, attr, place);
    else if (tf_absent(place->planned))
        tf_break(rules, place->path, "planned for absence but config wants existence");
    else
        check_nested_attr(rules, attr, place);
}

static const char *nesting_name(const struct tf_block *block)
{
    switch (block->nesting) {
    case TF_BLOCK_LIST:
        return "list";
    case TF_BLOCK_SET:
        return "set";
    case TF_BLOCK_MAP:
        return "map";
    default:
        return "group";
    }
}

/* True: both are known, and there is something inside to compare. */
static bool check_block_presence(struct tf_rules *rules, const struct tf_block *block,
                                 const struct tf_place *place)
{
    if (tf_absent(place->planned) && block->nesting != TF_BLOCK_SINGLE)
        tf_break(rules, place->path,
                 "attribute representing a %s of nested blocks must be empty to indicate no "
                 "blocks, not null",
                 nesting_name(block));
    else if (same_value(place->planned, place->config))
        return false;
    else if (!tf_absent(place->config) && cty_is_unknown(place->config))
        tf_break(rules, place->path, "planned value %.*s for unknown dynamic block",
                 STR(tf_rows_any(rows_of_block(block), TF_SENSITIVE | TF_WRITE_ONLY)
                         ? S("(sensitive)")
                         : shown(rules, place->planned)));
    else if (tf_absent(place->planned))
        tf_break(rules, place->path, "planned for absence but config wants existence");
    else if (cty_is_unknown(place->planned))
        tf_break(rules, place->path,
                 "attribute representing nested block must not be unknown itself; set nested "
                 "attribute values to unknown instead");
    else if (tf_absent(place->config) && place->planned->type->kind == CTY_OBJECT)
        tf_break(rules, place->path, "planned for existence but config wants absence");
    else
        return true;
    return false;
}

static void check_block(struct tf_rules *rules, const struct tf_block *block,
                        const struct tf_place *place)
{
    if (!check_block_presence(rules, block, place))
        return;
    size_t config = tf_absent(place->config) ? 0 : place->config->count;
    size_t planned = place->planned->count;
    bool is_set = block->nesting == TF_BLOCK_SET;
    bool counts = place->planned->type->kind != CTY_OBJECT;
    if (counts && (is_set ? planned > config : planned != config)) {
        tf_break(rules, place->path,
                 "block count in plan (%zu) disagrees with count in config (%zu)", planned, config);
        return;
    }
    if (block->nesting == TF_BLOCK_MAP && !tf_absent(place->config))
        check_keys(rules, "block", place);
    if (!is_set) {
        check_objects(rules, rows_of_block(block), place, true);
        return;
    }
    for (size_t i = 0; i < planned; i++)
        if (cty_is_unknown(place->planned->items[i]))
            tf_break(rules, place->path,
                     "element representing nested block must not be unknown itself; set nested "
                     "attribute values to unknown instead");
}

static void check_rows(struct tf_rules *rules, struct tf_rows rows, const struct tf_place *place)
{
    each_attr(attr, rows.attrs)
    {
        struct tf_place member = tf_place_member(rules->arena, place, attr->name);
        if (place->config != NULL && cty_is_unknown(place->config))
            member.config = member.planned; /* nobody knows yet what will be written */
        check_attr(rules, attr, &member);
    }
    each_block(block, rows.blocks)
    {
        struct tf_place member = tf_place_member(rules->arena, place, block->name);
        check_block(rules, block, &member);
    }
}

void tf_rules_of_plan(struct tf_rules *rules, struct tf_rows rows, const struct tf_place *place)
{
    if (tf_absent(place->planned))
        tf_break(rules, NULL, "planned for absence but config wants existence");
    else if (!cty_is_known(place->planned))
        tf_break(rules, NULL, "the whole object was planned unknown");
    else
        check_rows(rules, rows, place);
}
