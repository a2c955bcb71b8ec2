/* Instance groups: a map by name here, a list in any order in AWS, with other names in answers than
 * in requests. */
#include "cluster.h"
#include "cluster_storage.h"

static const struct cty_type *group_type(struct arena *arena)
{
    return tf_object_type(arena, cluster_group_rows, NULL);
}

static bool is_map(const struct cty_value *groups)
{
    return groups != NULL && cty_is_known(groups);
}

struct doc *cluster_groups_body(struct arena *arena, const struct cty_value *groups)
{
    struct doc *list = doc_list(arena);

    for (size_t i = 0; is_map(groups) && i < groups->count; i++) {
        struct doc *group = hp_expand(arena, cluster_group_rows, groups->items[i]);
        doc_set(arena, group, S("InstanceGroupName"), doc_string(arena, groups->keys[i]));
        doc_add(arena, list, group);
    }
    return list;
}

const struct doc *cluster_group_find(const struct doc *live, struct str name)
{
    doc_each (entry, doc_get(live, S("InstanceGroups"))) {
        if (str_eq(doc_get_text(entry->value, S("InstanceGroupName")), name))
            return entry->value;
    }
    return NULL;
}

struct doc *cluster_groups_removed(struct arena *arena, const struct cty_value *prior,
                                   const struct cty_value *planned, const struct doc *live)
{
    struct doc *list = doc_list(arena);

    for (size_t i = 0; is_map(prior) && i < prior->count; i++) {
        bool stays = is_map(planned) && cty_lookup(planned, prior->keys[i]) != NULL;
        if (!stays && cluster_group_find(live, prior->keys[i]) != NULL)
            doc_add(arena, list, doc_string(arena, prior->keys[i]));
    }
    return list->count == 0 ? NULL : list;
}

static const struct cty_value *group_read(struct arena *arena, const struct doc *group,
                                          const struct cty_value *like, const struct doc *filled)
{
    const struct cty_value *value = hp_flatten(arena, cluster_group_rows, group, NULL);
    const struct cty_value *storage =
        cluster_storage_read(arena, doc_get(group, S("InstanceStorageConfigs")),
                             tf_value(like, "instance_storage_configs"), filled);

    value = cty_with(arena, value, S("instance_storage_configs"), storage);
    /* An empty structure says as much as none. */
    const struct cty_value *lifecycle = tf_value(value, "lifecycle_config");
    if (cty_is_known(lifecycle) && !tf_is_set(lifecycle, "source_s3_uri"))
        value = cty_with(arena, value, S("lifecycle_config"), cty_null(arena, lifecycle->type));
    return value;
}

const struct cty_value *cluster_groups_read(struct arena *arena, const struct doc *live,
                                            const struct cty_value *like, const struct doc *filled)
{
    const struct doc *list = doc_get(live, S("InstanceGroups"));
    const struct cty_type *type = group_type(arena);
    size_t count = 0, room = list == NULL ? 0 : list->count;
    struct str *keys = arena_array(arena, struct str, room);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, room);

    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        if (name.ptr == NULL)
            continue;
        keys[count] = name;
        items[count++] =
            group_read(arena, entry->value, is_map(like) ? cty_lookup(like, name) : NULL,
                       doc_get(filled, name));
    }
    if (count == 0 && !is_map(like))
        return cty_null(arena, cty_map_of(arena, type));
    return cty_map(arena, type, keys, items, count);
}

struct doc *cluster_groups_filled(struct arena *arena, const struct cty_value *groups,
                                  const struct doc *live)
{
    struct doc *all = doc_object(arena);

    for (size_t i = 0; is_map(groups) && i < groups->count; i++) {
        const struct doc *group = cluster_group_find(live, groups->keys[i]);
        struct doc *added =
            cluster_storage_filled(arena, doc_get(group, S("InstanceStorageConfigs")),
                                   tf_value(groups->items[i], "instance_storage_configs"));
        doc_put(arena, all, groups->keys[i], added);
    }
    return all->count == 0 ? NULL : all;
}

static const struct cty_value *group_settle(struct arena *arena, const struct cty_value *planned,
                                            const struct cty_value *found)
{
    for (size_t i = 0; i < planned->count; i++) {
        struct str name = planned->type->attributes[i].name;
        const struct cty_value *value = found == NULL ? NULL : cty_get(found, name);
        if (!cty_is_unknown(planned->items[i]))
            continue;
        if (value == NULL)
            value = cty_null(arena, planned->type->attributes[i].type);
        planned = cty_with(arena, planned, name, value);
    }
    return cty_unknown_to_null(arena, planned);
}

const struct cty_value *cluster_groups_settle(struct arena *arena, const struct cty_value *planned,
                                              const struct doc *live)
{
    if (planned == NULL || !is_map(planned))
        return planned;
    const struct cty_value *found = cluster_groups_read(arena, live, planned, NULL);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, planned->count);

    for (size_t i = 0; i < planned->count; i++) {
        const struct cty_value *group = is_map(found) ? cty_lookup(found, planned->keys[i]) : NULL;
        items[i] = group_settle(arena, planned->items[i], group);
    }
    return cty_map(arena, planned->type->element, planned->keys, items, planned->count);
}

/* Of a set each asked element must be there; AWS may have added others. */
static bool is_met(const struct cty_value *asked, const struct cty_value *found)
{
    if (asked->type->kind != CTY_SET || !cty_is_known(asked))
        return cty_equal(asked, found);
    for (size_t i = 0; i < asked->count; i++)
        if (!cty_is_known(found) || !cty_set_has(found, asked->items[i]))
            return false;
    return true;
}

struct str cluster_groups_unmet(struct arena *arena, const struct cty_value *asked,
                                const struct doc *live)
{
    const struct cty_value *found = cluster_groups_read(arena, live, asked, NULL);
    struct buf out = buf_in(arena, 16 * 1024);

    for (size_t i = 0; is_map(asked) && i < asked->count; i++) {
        const struct cty_value *want = asked->items[i];
        const struct cty_value *have = is_map(found) ? cty_lookup(found, asked->keys[i]) : NULL;
        for (size_t j = 0; have != NULL && j < want->count; j++) {
            struct str name = want->type->attributes[j].name;
            bool open =
                cty_is_unknown(want->items[j]) ||
                (cty_is_null(want->items[j]) && want->type->attributes[j].type->kind != CTY_OBJECT);
            if (!open && !is_met(want->items[j], cty_get(have, name)))
                buf_printf(&out, "%s%.*s.%.*s", out.len > 0 ? ", " : "", STR(asked->keys[i]),
                           STR(name));
        }
    }
    return buf_str(&out);
}

/* Are the groups equal but for the count? */
static bool only_scaled(struct arena *arena, const struct cty_value *before,
                        const struct cty_value *after)
{
    const struct cty_value *count = tf_value(before, "instance_count");
    return cty_equal(before, cty_with(arena, after, S("instance_count"), count));
}

const struct cty_value *cluster_groups_actions(struct arena *arena, const struct cty_value *prior,
                                               const struct cty_value *planned)
{
    const struct cty_type *type = cty_map_of(arena, &cty_string);

    if (planned != NULL && cty_is_unknown(planned))
        return cty_unknown(arena, type);
    size_t before = is_map(prior) ? prior->count : 0, after = is_map(planned) ? planned->count : 0;
    size_t count = 0;
    struct str *keys = arena_array(arena, struct str, before + after);
    const struct cty_value **words = arena_array(arena, const struct cty_value *, before + after);

    for (size_t i = 0; i < after; i++) {
        const struct cty_value *old = before > 0 ? cty_lookup(prior, planned->keys[i]) : NULL;
        const struct cty_value *new = planned->items[i];
        if (old != NULL && cty_equal(old, new))
            continue;
        if (old != NULL && !cty_is_wholly_known(new))
            return cty_unknown(arena, type);
        struct str word = old == NULL                    ? S("create")
                          : only_scaled(arena, old, new) ? S("scale")
                                                         : S("update");
        keys[count] = planned->keys[i];
        words[count++] = cty_str(arena, word);
    }
    for (size_t i = 0; i < before; i++) {
        if (after > 0 && cty_lookup(planned, prior->keys[i]) != NULL)
            continue;
        keys[count] = prior->keys[i];
        words[count++] = cty_str(arena, S("delete"));
    }
    return cty_map(arena, &cty_string, keys, words, count);
}

/* AutoPatchConfig's dates are timestamps: as text, for the rows. */
static void date_as_text(struct arena *arena, struct doc *group, const char *path)
{
    struct doc *schedule = doc_at(group, path);
    struct str time = cluster_time(arena, doc_get(schedule, S("NextPatchDate")));

    if (schedule != NULL && schedule->kind == DOC_OBJECT)
        doc_set(arena, schedule, S("NextPatchDate"),
                time.ptr == NULL ? NULL : doc_string(arena, time));
}

static size_t add_details(struct arena *arena, const struct doc *list, bool restricted,
                          struct str *keys, const struct cty_value **items)
{
    size_t count = 0;

    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("InstanceGroupName"));
        if (name.ptr == NULL)
            continue;
        struct doc *group = doc_copy(arena, entry->value);
        date_as_text(arena, group, "AutoPatchConfig.CurrentPatchSchedule");
        date_as_text(arena, group, "AutoPatchConfig.DesiredPatchSchedule");
        doc_set(arena, group, S("Restricted"), doc_bool(arena, restricted));
        keys[count] = name;
        items[count++] = hp_flatten(arena, cluster_detail_rows, group, NULL);
    }
    return count;
}

const struct cty_value *cluster_details_read(struct arena *arena, const struct doc *live)
{
    const struct doc *groups = doc_get(live, S("InstanceGroups"));
    const struct doc *restricted = doc_get(live, S("RestrictedInstanceGroups"));
    size_t room =
        (groups == NULL ? 0 : groups->count) + (restricted == NULL ? 0 : restricted->count);
    struct str *keys = arena_array(arena, struct str, room);
    const struct cty_value **items = arena_array(arena, const struct cty_value *, room);
    size_t count = add_details(arena, groups, false, keys, items);

    count += add_details(arena, restricted, true, keys + count, items + count);
    return cty_map(arena, tf_object_type(arena, cluster_detail_rows, NULL), keys, items, count);
}
