/* A group of aws_security_group becomes one of ours. Its inline rules are not taken over: after the
 * move the rules are read from AWS, as after an import. Names as in aws provider 6. */
#include "efa_security_group.h"

static bool move_aws(struct tf_call *call, int64_t version, const struct doc *theirs)
{
    static const char *const same[] = {"id",     "arn",         "owner_id",   "name",
                                       "vpc_id", "name_prefix", "description"};
    struct arena *arena = call->arena;
    struct doc *ours = doc_object(arena);
    struct str region = doc_get_text(theirs, S("region"));
    (void)version; /* both of its versions have these names */

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct str value = doc_get_text(theirs, str_of(same[i]));
        if (value.len > 0)
            doc_put(arena, ours, str_of(same[i]), doc_string(arena, value));
    }
    if (doc_get(ours, S("id")) == NULL)
        return diag_error(call->diags, NULL, "Unreadable state",
                          "The stored aws_security_group has no id. Bring the group in with an "
                          "`import` block instead.");
    if (region.len == 0) /* before aws provider 6 */
        region = hp_arn_part(doc_get_text(theirs, S("arn")), 3);
    if (region.len > 0)
        doc_put(arena, ours, S("region"), doc_string(arena, region));
    doc_put(arena, ours, S("tags"), hp_move_tags(arena, doc_get(theirs, S("tags"))));
    doc_put(arena, ours, S("tags_all"), hp_move_tags(arena, doc_get(theirs, S("tags_all"))));
    if (!doc_is_null(doc_get(theirs, S("revoke_rules_on_delete"))))
        doc_put(arena, ours, S("revoke_rules_on_delete"),
                doc_copy(arena, doc_get(theirs, S("revoke_rules_on_delete"))));
    return hp_move_to(call, ours);
}

const struct tf_move sg_moves[] = {
    {"aws_security_group", "hashicorp/aws",
     "Its rules are read from AWS, as after an import: `ingress` and `egress` are written as "
     "`ingress_rules` and `egress_rules`, and what the configuration does not name is in "
     "`foreign_rules`. AWS cannot change a description: write the one that the group has "
     "(`Managed by Terraform`, unless it was set), or the group is replaced. Rules that the old "
     "configuration manages as resources of their own must be forgotten there.",
     move_aws},
    {0}};
