#include "tf.h"

static const char *const names[] = {"create", "read", "update", "delete"};

static const char *fallback_of(const struct tf_timeouts *timeouts, enum tf_operation operation)
{
    const char *const all[] = {timeouts->create, timeouts->read, timeouts->update,
                               timeouts->delete_};
    return operation < TF_OP_OTHER ? all[operation] : NULL;
}

bool tf_has_timeouts(const struct tf_timeouts *timeouts)
{
    for (int i = 0; i < TF_OP_OTHER; i++)
        if (fallback_of(timeouts, (enum tf_operation)i) != NULL)
            return true;
    return false;
}

static bool is_duration(struct tf_check *check, const struct cty_value *value)
{
    int64_t ms;

    if (!duration_parse(value->text, &ms))
        return diag_error(check->diags, check->path, "Invalid time-out",
                          "\"%.*s\" is not a duration. Write a number with a unit, as in \"45m\", "
                          "\"90s\" or \"1h30m\".",
                          STR(value->text));
    if (ms == 0)
        return diag_error(check->diags, check->path, "Invalid time-out",
                          "A time-out is longer than nothing; leave it out for the default.");
    return true;
}

const struct tf_block *tf_timeouts_block(struct arena *arena, const struct tf_timeouts *timeouts)
{
    struct tf_attr *attrs = arena_array(arena, struct tf_attr, TF_OP_OTHER + 1);
    struct tf_block *block = arena_make(arena, struct tf_block);
    size_t count = 0;

    for (int i = 0; i < TF_OP_OTHER; i++) {
        const char *fallback = fallback_of(timeouts, (enum tf_operation)i);
        if (fallback == NULL)
            continue;
        struct str doc = arena_fmt(arena,
                                   "How long to wait at most for %s (a duration such as `30s` or "
                                   "`1h30m`). Default `%s`.",
                                   names[i], fallback);
        attrs[count++] = (struct tf_attr){.name = names[i],
                                          .kind = TF_STRING,
                                          .flags = TF_OPTIONAL | TF_LOCAL,
                                          .doc = doc.ptr,
                                          .check = is_duration};
    }
    *block = (struct tf_block){.name = "timeouts",
                               .nesting = TF_BLOCK_SINGLE,
                               .attrs = attrs,
                               .doc = "How long operations may take."};
    return block;
}

void tf_deadline(struct tf_call *call, enum tf_operation operation, const struct cty_value *object)
{
    const char *fallback = fallback_of(call->offer->timeouts, operation);
    int64_t ms = 0;

    if (operation >= TF_OP_OTHER)
        return;
    struct str wish = tf_str(tf_value(object, "timeouts"), names[operation]);
    if (fallback != NULL && (wish.ptr == NULL || !duration_parse(wish, &ms) || ms == 0))
        duration_parse(str_of(fallback), &ms);
    call->timeout_ms = ms;
    call->deadline_tick_ms = ms == 0 ? 0 : world_tick_ms(call->world) + ms;
}
