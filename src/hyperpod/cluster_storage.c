#include "cluster_storage.h"

static const struct cty_type *element_type(struct arena *arena)
{
    return tf_object_type(arena, cluster_storage_rows, NULL);
}

/* As a person would write it: root_volume = false says nothing. */
static const struct cty_value *plain(struct arena *arena, const struct doc *config)
{
    const struct cty_value *element = hp_flatten(arena, cluster_storage_rows, config, NULL);
    const struct cty_value *ebs = tf_value(element, "ebs_volume_config");

    if (ebs == NULL || !cty_is_known(ebs) || tf_bool(ebs, "root_volume", false))
        return element;
    ebs = cty_with(arena, ebs, S("root_volume"), cty_null(arena, &cty_bool));
    return cty_with(arena, element, S("ebs_volume_config"), ebs);
}

/* A key may be written as an id, an alias or an ARN; AWS answers with the ARN, and with a key of
 * its own where none was asked for. */
static bool same_key(struct str asked, struct str found)
{
    if (asked.ptr == NULL || str_eq(asked, found))
        return true;
    return str_ends(found, asked) && found.len > asked.len &&
           strchr("/:", found.ptr[found.len - asked.len - 1]) != NULL;
}

static bool meets(const struct cty_value *asked, const struct cty_value *found)
{
    const struct cty_value *a = tf_value(asked, "ebs_volume_config");
    const struct cty_value *b = tf_value(found, "ebs_volume_config");

    if (a == NULL || b == NULL || !cty_is_known(a) || !cty_is_known(b))
        return false;
    return tf_bool(a, "root_volume", false) == tf_bool(b, "root_volume", false) &&
           tf_int(a, "volume_size_in_gb", 0) == tf_int(b, "volume_size_in_gb", 0) &&
           same_key(tf_str(a, "volume_kms_key_id"), tf_str(b, "volume_kms_key_id"));
}

/* Index of an element of `like` that asks for it and is not taken, or SIZE_MAX. */
static size_t asked_at(const struct cty_value *like, const bool *taken,
                       const struct cty_value *found)
{
    for (size_t i = 0; like != NULL && cty_is_known(like) && i < like->count; i++)
        if (!taken[i] && meets(like->items[i], found))
            return i;
    return SIZE_MAX;
}

static bool is_ours(const struct doc *config)
{
    return config->kind == DOC_OBJECT && !doc_is_null(doc_get(config, S("EbsVolumeConfig")));
}

static bool list_has(const struct doc *list, const struct doc *item)
{
    doc_each (entry, list)
        if (doc_equal(entry->value, item))
            return true;
    return false;
}

const struct cty_value *cluster_storage_read(struct arena *arena, const struct doc *list,
                                             const struct cty_value *like, const struct doc *filled)
{
    size_t count = 0, asked = like != NULL && cty_is_known(like) ? like->count : 0;
    bool *taken = arena_array(arena, bool, asked + 1);
    const struct cty_type *type = element_type(arena);
    const struct cty_value **items =
        arena_array(arena, const struct cty_value *, list == NULL ? 0 : list->count);

    doc_each (entry, list) {
        if (!is_ours(entry->value))
            continue;
        const struct cty_value *found = plain(arena, entry->value);
        size_t at = asked_at(like, taken, found);
        if (at < asked) {
            taken[at] = true;
            items[count++] = like->items[at];
        } else if (!list_has(filled, entry->value)) {
            items[count++] = found;
        }
    }
    bool said = like != NULL && cty_is_known(like);
    if (count == 0 && !said)
        return cty_null(arena, cty_set_of(arena, type));
    return cty_set(arena, type, items, count);
}

struct doc *cluster_storage_filled(struct arena *arena, const struct doc *list,
                                   const struct cty_value *like)
{
    size_t asked = like != NULL && cty_is_known(like) ? like->count : 0;
    bool *taken = arena_array(arena, bool, asked + 1);
    struct doc *added = doc_list(arena);

    doc_each (entry, list) {
        if (!is_ours(entry->value))
            continue;
        size_t at = asked_at(like, taken, plain(arena, entry->value));
        if (at != SIZE_MAX)
            taken[at] = true;
        else
            doc_add(arena, added, entry->value);
    }
    return added->count == 0 ? NULL : added;
}
