/* The mark of an adoption: rules that are added to an adopted group bear a tag with it, so that
 * they are known as ours also when the apply that added them was killed before it could be
 * remembered.
 *
 * The mark is chance, and stands in the state. A rule with another mark was added by another
 * resource, or by an apply whose state was never saved: nobody can tell, so it is left alone. */
#include "efa_security_group.h"

static const char tag_key[] = "hyperpod:adoption";

void sg_mark(struct tf_call *call)
{
    unsigned char chance[8];
    struct buf out = buf_in(call->arena, 2 * sizeof chance + 1);

    if (!sg_is_adopted(call->state) || tf_is_set(call->state, "adoption_mark"))
        return;
    call->world->random(call->world->arg, chance, sizeof chance);
    for (size_t i = 0; i < sizeof chance; i++)
        buf_printf(&out, "%02x", chance[i]);
    tf_set_str(call, "adoption_mark", buf_str(&out));
}

struct str sg_mark_read(const struct doc *rule)
{
    doc_each (entry, doc_get(rule, S("Tags")))
        if (str_is(doc_get_text(entry->value, S("Key")), tag_key))
            return doc_get_text(entry->value, S("Value"));
    return (struct str){0};
}

struct doc *sg_mark_tags(struct arena *arena, struct str mark)
{
    struct doc *list = doc_list(arena), *one = doc_object(arena);
    struct doc *tags = doc_list(arena), *tag = doc_object(arena);

    doc_put(arena, tag, S("Key"), doc_string(arena, str_of(tag_key)));
    doc_put(arena, tag, S("Value"), doc_string(arena, mark));
    doc_add(arena, tags, tag);
    doc_put(arena, one, S("ResourceType"), doc_string(arena, S("security-group-rule")));
    doc_put(arena, one, S("Tags"), tags);
    doc_add(arena, list, one);
    return list;
}

void sg_mark_claim(struct arena *arena, struct sg_own *own, const struct sg_rules *found)
{
    for (size_t i = 0; i < found->count && own->mark.len > 0; i++)
        if (str_eq(found->items[i].mark, own->mark))
            own->added = sg_ids_with(arena, own->added, found->items[i].id);
}

static struct str spaced(struct arena *arena, struct str ids)
{
    struct buf out = buf_in(arena, 64 * 1024);
    struct str id;

    while (ids.len > 0 && str_next(&ids, ',', &id))
        buf_printf(&out, " %.*s", STR(id));
    return buf_str(&out);
}

void sg_mark_tell_others(struct tf_call *call, const struct sg_rules *found)
{
    struct str ids[2] = {{0}, {0}}, group_id = tf_str(call->state, "id");
    struct str mark = tf_str(call->state, "adoption_mark");
    struct buf how = buf_in(call->arena, 128 * 1024);

    for (size_t i = 0; i < found->count; i++) {
        const struct sg_rule *rule = &found->items[i];
        struct str *list = &ids[rule->permission.is_egress];
        if (rule->is_wanted && rule->mark.len > 0 && !str_eq(rule->mark, mark))
            *list = sg_ids_with(call->arena, *list, rule->id);
    }
    for (int egress = 0; egress < 2; egress++)
        if (ids[egress].len > 0)
            buf_printf(&how,
                       "\n  aws ec2 revoke-security-group-%s --group-id %.*s "
                       "--security-group-rule-ids%.*s",
                       egress ? "egress" : "ingress", STR(group_id),
                       STR(spaced(call->arena, ids[egress])));
    if (how.len > 0)
        diag_warning(call->diags, NULL, "Rules of another adoption",
                     "The security group %.*s has rules already that this provider added for "
                     "another resource, or in an apply that was cut off. They serve this resource "
                     "too, but are not its own: destroying it leaves them. If nothing else adopts "
                     "the group, remove them and apply again:\n%.*s",
                     STR(group_id), STR(buf_str(&how)));
}
