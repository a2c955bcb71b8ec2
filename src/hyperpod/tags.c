/* Tags as the aws provider has them: `tags` is what the resource says, `tags_all` adds default_tags
 * (a tag of the resource wins); keys that begin with aws: are AWS's own, and ignore_tags hides
 * more. */
#include "hyperpod.h"

/* EC2 and SageMaker: 50 tags an object, keys of 128 and values of 256 characters
 * (docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html). */
enum { most_tags = 50, longest_key = 128, longest_value = 256 };

/* C0, DEL and C1: no object of AWS keeps them as they were sent. */
static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned char next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0))
            return true;
    }
    return false;
}

static bool check_control(struct tf_check *check, const struct cty_path *at, struct str key,
                          const struct cty_value *value)
{
    if (has_control(key))
        return diag_error(check->diags, at, "Invalid tag key",
                          "A tag key has no control characters (line ends and tabs are such).");
    if (cty_is_known(value) && has_control(value->text))
        return diag_error(check->diags, at, "Invalid tag value",
                          "A tag value has no control characters (line ends and tabs are such).");
    return true;
}

bool hp_check_tags(struct tf_check *check, const struct cty_value *tags)
{
    bool good = true;

    if (tags->count > most_tags)
        good = diag_error(check->diags, check->path, "Too many tags",
                          "AWS takes at most %d tags an object, and these are %zu.", most_tags,
                          tags->count);
    for (size_t i = 0; i < tags->count; i++) {
        const struct cty_path *at = cty_path_key(check->arena, check->path, tags->keys[i]);
        struct str key = tags->keys[i];

        if (key.len >= 4 && str_eq_nocase(str_sub(key, 0, 4), S("aws:")))
            good = diag_error(
                check->diags, at, "Reserved tag key",
                "Keys that begin with \"aws:\" belong to AWS; \"%.*s\" cannot be set.", STR(key));
        else if (key.len == 0 || str_characters(key) > longest_key)
            good = diag_error(check->diags, at, "Invalid tag key",
                              "A tag key has 1 to %d characters.", longest_key);
        if (cty_is_known(tags->items[i]) && str_characters(tags->items[i]->text) > longest_value)
            good = diag_error(check->diags, at, "Invalid tag value",
                              "A tag value has at most %d characters; this one has %zu.",
                              longest_value, str_characters(tags->items[i]->text));
        good = check_control(check, at, key, tags->items[i]) && good;
    }
    return good;
}

bool hp_check_region(struct tf_check *check, const struct cty_value *region)
{
    if (aws_region_is_known(region->text))
        return true;
    return diag_error(check->diags, check->path, "Unknown region",
                      "\"%.*s\" is no AWS region. Write it as in \"us-west-2\".",
                      STR(region->text));
}

static bool is_ignored(const struct hp_account *account, struct str key)
{
    if (str_starts(key, S("aws:")))
        return true;
    for (size_t i = 0; account != NULL && i < account->ignored_key_count; i++)
        if (str_eq(key, account->ignored_keys[i]))
            return true;
    for (size_t i = 0; account != NULL && i < account->ignored_prefix_count; i++)
        if (str_starts(key, account->ignored_prefixes[i]))
            return true;
    return false;
}

static bool is_default(const struct hp_account *account, struct str key)
{
    for (size_t i = 0; account != NULL && i < account->default_tag_count; i++)
        if (str_eq(key, account->default_tags[i].key))
            return true;
    return false;
}

/* default_tags and then `tags`, as a map; unknown as a whole when `tags` is. A tag whose value is
 * null is not set, and ignored keys are left alone, whoever names them: reading does not show them.
 */
static const struct cty_value *merged(struct arena *arena, const struct hp_account *account,
                                      const struct cty_value *tags)
{
    if (cty_is_unknown(tags))
        return cty_unknown(arena, tags->type);

    size_t count = 0, own = cty_is_known(tags) ? tags->count : 0;
    struct str *keys = arena_array(arena, struct str, account->default_tag_count + own);
    const struct cty_value **values =
        arena_array(arena, const struct cty_value *, account->default_tag_count + own);

    for (size_t i = 0; i < account->default_tag_count; i++) {
        if (is_ignored(account, account->default_tags[i].key))
            continue;
        keys[count] = account->default_tags[i].key;
        values[count++] = cty_str(arena, account->default_tags[i].value);
    }
    for (size_t i = 0; i < own; i++) {
        if (cty_is_null(tags->items[i]) || is_ignored(account, tags->keys[i]))
            continue;
        keys[count] = tags->keys[i];
        values[count++] = tags->items[i];
    }
    return cty_map(arena, &cty_string, keys, values, count);
}

/* Each of the two maps has been looked at by itself. */
static bool check_count(struct tf_plan *plan, const struct hp_account *account,
                        const struct cty_value *all)
{
    if (!cty_is_known(all) || all->count <= most_tags)
        return true;
    return diag_error(plan->call->diags, cty_path_of(plan->call->arena, "tags"), "Too many tags",
                      "AWS takes at most %d tags an object. With %zu of the provider's "
                      "default_tags these are %zu.",
                      most_tags, account->default_tag_count, all->count);
}

/* What is refused of a tag, or NULL. */
static const char *refused_part(const char *pattern, struct str key, const struct cty_value *value)
{
    if (!tf_pattern_matches(pattern, key))
        return "key";
    return cty_is_known(value) && !tf_pattern_matches(pattern, value->text) ? "value" : NULL;
}

bool hp_plan_tags_match(struct tf_plan *plan, const char *pattern, const char *words)
{
    const struct cty_value *tags = tf_value(plan->planned, "tags");
    const struct hp_account *account = hp_account_of(plan->call);
    const struct cty_path *path = cty_path_of(plan->call->arena, "tags");
    size_t own = tags != NULL && cty_is_known(tags) ? tags->count : 0;
    struct arena *arena = plan->call->arena;
    bool good = true;

    for (size_t i = 0; i < own; i++) {
        const char *part = is_ignored(account, tags->keys[i])
                               ? NULL
                               : refused_part(pattern, tags->keys[i], tags->items[i]);
        if (part != NULL)
            good = diag_error(plan->call->diags, cty_path_key(arena, path, tags->keys[i]),
                              "Invalid tag", "The %s of the tag \"%.*s\" may have %s only.", part,
                              STR(tags->keys[i]), words);
    }
    for (size_t i = 0; account != NULL && i < account->default_tag_count; i++) {
        const struct hp_tag *tag = &account->default_tags[i];
        const char *part = refused_part(pattern, tag->key, cty_str(arena, tag->value));
        if (part == NULL || is_ignored(account, tag->key) ||
            (own > 0 && cty_lookup(tags, tag->key) != NULL &&
             !cty_is_null(cty_lookup(tags, tag->key))))
            continue;
        good = diag_error(plan->call->diags, path, "Invalid tag",
                          "The tag \"%.*s\" of the provider's default_tags goes to this object, "
                          "too, and its %s may have %s only. Change it there, or give the tag "
                          "another value here.",
                          STR(tag->key), part, words);
    }
    return good;
}

/* A tag that is said here and never sent would look as if it were there. */
static void warn_of_ignored(struct tf_plan *plan, const struct hp_account *account,
                            const struct cty_value *tags)
{
    const struct cty_path *path = cty_path_of(plan->call->arena, "tags");

    for (size_t i = 0; cty_is_known(tags) && i < tags->count; i++)
        if (!cty_is_null(tags->items[i]) && is_ignored(account, tags->keys[i]))
            diag_warning(plan->call->diags, cty_path_key(plan->call->arena, path, tags->keys[i]),
                         "A tag is not set",
                         "The provider's ignore_tags has the key \"%.*s\", so this tag is neither "
                         "written nor read. Take it out of tags, or out of ignore_tags.",
                         STR(tags->keys[i]));
}

static bool plan_tags(struct tf_plan *plan, const struct hp_account *account)
{
    const struct cty_value *tags = tf_value(plan->planned, "tags");

    if (tags == NULL)
        return true;
    if (account == NULL) {
        if (plan->prior == NULL || !cty_equal(tags, tf_value(plan->prior, "tags")))
            tf_plan_unknown(plan, "tags_all");
        return true;
    }
    if (account->tags_unknown) { /* apply plans again, and must not find another map */
        tf_plan_unknown(plan, "tags_all");
        return true;
    }
    const struct cty_value *all = merged(plan->call->arena, account, tags);
    tf_plan_set(plan, "tags_all", all);
    warn_of_ignored(plan, account, tags);
    return check_count(plan, account, all);
}

/* The region of the object that is there: a state from elsewhere, or edited, may lack it. */
static struct str region_before(const struct cty_value *prior)
{
    struct str region = tf_str(prior, "region");
    return region.len > 0 ? region : hp_arn_part(tf_str(prior, "arn"), 3);
}

bool hp_region_replaces(struct tf_plan *plan, const struct cty_path *path,
                        const struct cty_value *prior, const struct cty_value *planned)
{
    struct str before = region_before(plan->prior);
    (void)path, (void)prior;
    return before.len > 0 && (!cty_is_known(planned) || !str_eq(before, planned->text));
}

static void plan_region(struct tf_plan *plan, const struct hp_account *account)
{
    const struct cty_value *said = tf_value(plan->config, "region");
    struct str before = region_before(plan->prior);

    if (said == NULL || !cty_is_null(said) || account == NULL || account->client == NULL)
        return;
    struct str region = aws_client_region(account->client);
    tf_plan_set(plan, "region", cty_str(plan->call->arena, region));
    if (plan->prior != NULL && before.len > 0 && !str_eq(before, region))
        tf_plan_replace(plan, cty_path_attr(plan->call->arena, NULL, S("region")));
}

bool hp_plan_common(struct tf_plan *plan)
{
    const struct hp_account *account = hp_account_of(plan->call);

    if (plan->destroy)
        return true;
    plan_region(plan, account);
    return plan_tags(plan, account);
}

static struct doc *tag_of(struct arena *arena, struct str key, struct str value)
{
    struct doc *tag = doc_object(arena);
    doc_put(arena, tag, S("Key"), doc_string(arena, key));
    doc_put(arena, tag, S("Value"), doc_string(arena, value));
    return tag;
}

/* tags_all of the plan; where it was unknown then, it is made now. */
static const struct cty_value *tags_all_of(struct tf_call *call)
{
    const struct cty_value *all = tf_value(call->planned, "tags_all");
    const struct cty_value *tags = tf_value(call->planned, "tags");
    const struct hp_account *account = hp_account_of(call);

    if (all != NULL && cty_is_wholly_known(all) && !cty_is_null(all))
        return all;
    if (tags == NULL || account == NULL)
        return cty_empty(call->arena, cty_map_of(call->arena, &cty_string));
    return merged(call->arena, account, tags);
}

struct doc *hp_tags_wire(struct tf_call *call)
{
    const struct cty_value *all = tags_all_of(call);
    struct doc *list = doc_list(call->arena);

    for (size_t i = 0; i < all->count; i++)
        doc_add(call->arena, list, tag_of(call->arena, all->keys[i], all->items[i]->text));
    return list->count == 0 ? NULL : list;
}

static const struct cty_value *map_of_tags(struct arena *arena, const struct hp_tag *tags,
                                           size_t count)
{
    struct str *keys = arena_array(arena, struct str, count);
    const struct cty_value **values = arena_array(arena, const struct cty_value *, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = tags[i].key;
        values[i] = cty_str(arena, tags[i].value);
    }
    return cty_map(arena, &cty_string, keys, values, count);
}

void hp_tags_read(struct tf_call *call, const struct doc *tags)
{
    const struct hp_account *account = hp_account_of(call);
    const struct cty_value *before = tf_value(call->state, "tags");
    bool was_null = before == NULL || !cty_is_known(before);
    size_t count = tags == NULL ? 0 : tags->count, all_count = 0, own_count = 0;
    struct hp_tag *all = arena_array(call->arena, struct hp_tag, count);
    struct hp_tag *own =
        arena_array(call->arena, struct hp_tag, count + (was_null ? 0 : before->count));

    doc_each (entry, tags) {
        struct hp_tag tag = {doc_get_text(entry->value, S("Key")),
                             doc_get_text(entry->value, S("Value"))};
        if (tag.key.ptr == NULL || is_ignored(account, tag.key))
            continue;
        if (tag.value.ptr == NULL)
            tag.value = S("");
        all[all_count++] = tag;
        bool said = before != NULL && cty_lookup(before, tag.key) != NULL;
        if (said || !is_default(account, tag.key))
            own[own_count++] = tag;
    }
    /* What the resource says of ignored keys stands as it was: nobody looks at them. */
    for (size_t i = 0; !was_null && i < before->count; i++)
        if (is_ignored(account, before->keys[i]) && cty_is_known(before->items[i]))
            own[own_count++] = (struct hp_tag){before->keys[i], before->items[i]->text};
    tf_set(call, "tags_all", map_of_tags(call->arena, all, all_count));
    if (own_count == 0 && was_null)
        tf_set_null(call, "tags");
    else
        tf_set(call, "tags", map_of_tags(call->arena, own, own_count));
}

void hp_tags_changes(struct tf_call *call, struct doc **ret_add, struct doc **ret_remove)
{
    const struct cty_value *before = tf_value(call->prior, "tags_all");
    const struct cty_value *after = tags_all_of(call);
    struct doc *add = doc_list(call->arena), *gone = doc_list(call->arena);

    for (size_t i = 0; i < after->count; i++) {
        const struct cty_value *old = before == NULL ? NULL : cty_lookup(before, after->keys[i]);
        if (old == NULL || !cty_equal(old, after->items[i]))
            doc_add(call->arena, add, tag_of(call->arena, after->keys[i], after->items[i]->text));
    }
    for (size_t i = 0; before != NULL && cty_is_known(before) && i < before->count; i++)
        if (cty_lookup(after, before->keys[i]) == NULL &&
            !is_ignored(hp_account_of(call), before->keys[i]))
            doc_add(call->arena, gone, doc_string(call->arena, before->keys[i]));
    *ret_add = add->count == 0 ? NULL : add;
    *ret_remove = gone->count == 0 ? NULL : gone;
}
