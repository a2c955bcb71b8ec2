#include "tf.h"

struct str tf_break_place(struct arena *arena, const struct cty_path *path)
{
    if (path == NULL)
        return S("The object: ");
    return path->parent != NULL ? S("") : arena_fmt(arena, "%.*s: ", STR(path->name));
}

void tf_break(struct tf_rules *rules, const struct cty_path *path, const char *format, ...)
{
    va_list args;

    rules->breaks++;
    if (rules->diags == NULL)
        return;
    va_start(args, format);
    struct str what = arena_vfmt(rules->arena, format, args);
    va_end(args);
    struct str where = tf_break_place(rules->arena, path);
    diag_bug(rules->diags, path, "%.*s%.*s.", STR(where), STR(what));
}

bool tf_rules_of_state(struct tf_rules *rules, const struct tf_offer *offer,
                       const struct cty_value *state)
{
    const struct cty_path *path = NULL;
    size_t before = rules->breaks;

    if (state == NULL || cty_is_null(state)) {
        tf_break(rules, NULL, "Root object was present, but now absent");
        return false;
    }
    if (!cty_conforms(state, offer->type) || !cty_is_known(state)) {
        tf_break(rules, NULL, "the new state is not of the type of %s", offer->name);
        return false;
    }
    if (tf_find_unknown(rules->arena, state, NULL, &path))
        tf_break(rules, path, "the value is still unknown, and all values must be known now");
    if (tf_find_write_only(rules->arena, rows_of_offer(offer), state, NULL, &path))
        tf_break(rules, path, "a value was returned for a write-only attribute");
    return rules->breaks == before;
}
