/* hyperpod_efa_security_group: a security group whose members may talk EFA with each other. EFA's
 * traffic is neither IPv4 nor IPv6, so 0.0.0.0/0 does not cover it: the group always permits all
 * traffic from itself and to itself. */
#include "efa_security_group.h"

#include "efa_security_group_make.h"

/* ---- What the state remembers beside its attributes: the blocks of https_ingress_cidr_blocks as
 * they were last set ("=10.0.0.0/8,::/0"), so that one removed elsewhere comes back also where the
 * configuration is silent. ---- */

static void remember_https(struct tf_call *call)
{
    const struct cty_value *blocks = tf_value(call->state, "https_ingress_cidr_blocks");
    struct buf out = buf_in(call->arena, SG_REMEMBERED_MAX);

    if (!cty_is_known(blocks))
        return;
    for (size_t i = 0; i < blocks->count; i++)
        buf_printf(&out, "%s%.*s", i == 0 ? "=" : ",", STR(blocks->items[i]->text));
    sg_remember(call, "https", blocks->count == 0 ? S("=") : buf_str(&out));
    if (out.overflow) /* a part of it would pass for the whole */
        tf_private_set(call, "https", (struct str){0});
}

static const struct cty_value *remembered_https(const struct tf_call *call)
{
    struct str rest = tf_private_get(call, "https"), block;
    size_t count = 0;

    if (!str_starts(rest, S("=")))
        return NULL;
    rest = str_from(rest, 1);
    const struct cty_value **items = /* the shortest block is ::/0 */
        arena_array(call->arena, const struct cty_value *, rest.len / 4 + 1);
    while (rest.len > 0 && str_next(&rest, ',', &block))
        items[count++] = cty_str(call->arena, block);
    return cty_set(call->arena, &cty_string, items, count);
}

/* That its creation was cut off: what AWS gave the new group is not taken away yet, and no
 * attribute shows it. */
static bool is_unfinished(const struct tf_call *call)
{
    return tf_private_get(call, "unfinished").len > 0;
}

static void remember_unfinished(struct tf_call *call, bool is_unfinished)
{
    tf_private_set(call, "unfinished", is_unfinished ? S("yes") : (struct str){0});
}

/* ---- Validate and plan ---- */

static bool validate(struct tf_call *call)
{
    bool good = sg_check_rules(call, call->config, S(""));

    return sg_adopt_check(call) && good;
}

static bool replace_for_prefix(struct tf_plan *plan, const struct cty_path *path,
                               const struct cty_value *prior, const struct cty_value *planned)
{
    (void)path, (void)prior;
    if (cty_is_unknown(planned))
        return true;
    if (sg_is_adopted(plan->planned)) /* handed over as it is, or another one: its id decides */
        return false;
    if (cty_is_null(planned)) /* then the name, if the configuration has one, decides */
        return cty_is_null(tf_value(plan->config, "name"));
    return !sg_name_is_generated(tf_str(plan->prior, "name"), planned->text);
}

/* Must an update look at the rules: do the wanted ones change, is one gone, is one left over, or a
 * foreign one to be removed? */
static bool needs_rules(const struct tf_plan *plan, struct str group_id)
{
    struct sg_rules wanted = sg_wanted(plan->call->arena, plan->planned, group_id);
    struct sg_rules before = sg_wanted(plan->call->arena, plan->prior, group_id);
    struct sg_own own = sg_own_from(plan->call, plan->prior);
    const struct cty_value *foreign = tf_value(plan->prior, "foreign_rules");

    if (!sg_rules_equal(&wanted, &before) || own.strays.len > 0 || is_unfinished(plan->call))
        return true;
    if (tf_bool(plan->planned, "exclusive", false) && cty_is_known(foreign) && foreign->count > 0)
        return true;
    for (size_t i = 0; i < wanted.count; i++)
        if (str_empty(sg_own_id(&own, wanted.items[i].key)))
            return true;
    return false;
}

/* No attribute but rule_ids shows the group's own rules: that one is gone needs words. */
static void tell_lost_rules(const struct tf_plan *plan, struct str group_id)
{
    static const char *const keys[][2] = {{"self_ingress", "from itself"},
                                          {"self_egress", "to itself"}};
    struct sg_own own = {.ids = tf_value(plan->prior, "rule_ids")};

    for (size_t i = 0; i < 2; i++)
        if (own.ids != NULL && str_empty(sg_own_id(&own, str_of(keys[i][0]))))
            diag_warning(plan->call->diags, NULL, "A rule that EFA needs is not there",
                         "The security group %.*s has no rule for all traffic %s (%s): without it "
                         "EFA does not work between its members. Applying makes it again.",
                         STR(group_id), keys[i][1], keys[i][0]);
}

static void plan_rules(struct tf_plan *plan, struct str group_id)
{
    const struct cty_value *https, *foreign = tf_value(plan->prior, "foreign_rules");
    struct arena *arena = plan->call->arena;

    if (cty_is_null(tf_value(plan->config, "https_ingress_cidr_blocks"))) {
        if ((https = remembered_https(plan->call)) != NULL)
            tf_plan_set(plan, "https_ingress_cidr_blocks", https);
        else if (!tf_is_set(plan->prior, "https_ingress_cidr_blocks")) /* import of a beginning */
            tf_plan_unknown(plan, "https_ingress_cidr_blocks");
    }
    if (!needs_rules(plan, group_id))
        return;
    if (!is_unfinished(plan->call))
        tell_lost_rules(plan, group_id);
    tf_plan_unknown(plan, "rule_ids");
    if (tf_bool(plan->planned, "exclusive", false))
        tf_plan_set(plan, "foreign_rules", cty_empty(arena, foreign->type));
    else
        tf_plan_unknown(plan, "foreign_rules");
}

static bool plan(struct tf_plan *plan)
{
    struct str id = tf_str(plan->prior, "id");

    if (!hp_plan_common(plan))
        return false;
    if (plan->destroy)
        return true;
    sg_adopt_plan(plan);
    if (plan->prior != NULL) {
        if (!sg_check_rules(plan->call, plan->config, id))
            return false;
        plan_rules(plan, id);
    }
    struct sg_count more = sg_count_others(plan);
    return sg_check_count(plan->call, plan->planned, id, &more);
}

/* ---- The VPC's blocks stand in for https_ingress_cidr_blocks ---- */

static const struct cty_value *blocks_of(struct arena *arena, const struct doc *vpc)
{
    const struct doc *list = doc_get(vpc, S("CidrBlockAssociationSet"));
    const struct cty_value **items =
        arena_array(arena, const struct cty_value *, list == NULL ? 1 : list->count + 1);
    size_t count = 0;

    doc_each (entry, list) {
        struct str state = doc_text(doc_at(entry->value, "CidrBlockState.State"));
        struct str block = doc_get_text(entry->value, S("CidrBlock"));
        if (block.len > 0 && (state.len == 0 || str_is(state, "associated")))
            items[count++] = cty_str(arena, block);
    }
    if (count == 0)
        items[count++] = cty_str(arena, doc_get_text(vpc, S("CidrBlock")));
    return cty_set(arena, &cty_string, items, count);
}

static bool fill_https(struct tf_call *call)
{
    struct str vpc_id = tf_str(call->state, "vpc_id");
    struct doc *input = doc_object(call->arena), *output = NULL;
    struct aws_error error;

    if (tf_is_set(call->state, "https_ingress_cidr_blocks"))
        return true;
    doc_put(call->arena, input, S("VpcIds"), sg_strings(call->arena, vpc_id));
    if (!hp_call(call, &aws_ec2_DescribeVpcs, input, &output, &error))
        return hp_diag(call, cty_path_of(call->arena, "vpc_id"), &error,
                       "reading the address blocks of the VPC %.*s", STR(vpc_id));
    tf_set(call, "https_ingress_cidr_blocks", blocks_of(call->arena, doc_at(output, "Vpcs.0")));
    return true;
}

/* ---- The verbs ---- */

/* tags_all is unknown at plan while a tag's value is. */
static void settle(struct tf_call *call)
{
    if (!cty_is_wholly_known(tf_value(call->state, "tags_all")))
        hp_tags_read(call, hp_tags_wire(call));
    remember_https(call);
    tf_settle(call);
}

/* Interrupted after AWS had made the group: nothing is lost, and nothing must be made anew. */
static bool leave_unfinished(struct tf_call *call, struct str id)
{
    settle(call);
    return diag_warning(call->diags, NULL, "Interrupted",
                        "The security group %.*s was %s, but its rules may not be complete. The "
                        "next apply adds what is missing.",
                        STR(id), sg_is_adopted(call->state) ? "adopted" : "made");
}

static bool begin(struct tf_call *call, struct sg_work *work)
{
    struct str name;

    if (sg_is_adopted(call->planned)) {
        if (!sg_adopt(call, &work->group_id) || !fill_https(call))
            return false;
        tf_created(call);
        return true;
    }
    if (!fill_https(call) || !sg_make(call, &work->group_id, &name))
        return false;
    work->is_new = true;
    tf_created(call);
    tf_set_str(call, "id", work->group_id);
    tf_set_str(call, "name", name);
    return true;
}

static bool create(struct tf_call *call)
{
    struct sg_work work = {.call = call};

    if (!begin(call, &work))
        return false;
    work.wanted = sg_wanted(call->arena, call->state, work.group_id);

    bool done = sg_reconcile(&work);
    remember_unfinished(call, !done && work.is_new);
    sg_adopt_remember(call, &work, done);
    if (done && work.is_new)
        done = sg_show_newborn(call, work.group_id);
    sg_show(call, &work.wanted, &work.found, false);
    sg_mark_tell_others(call, &work.found);
    if (!done && stop_requested(call->stop))
        return leave_unfinished(call, work.group_id);
    settle(call);
    return done;
}

static bool read_group(struct tf_call *call)
{
    static const char *const ours_alone[] = {"exclusive", "revoke_rules_on_delete"};
    struct str id = tf_str(call->state, "id");
    struct sg_rules found, wanted;
    struct aws_error error;
    struct doc *group;

    if (!sg_fetch(call, id, &group, &error) || !sg_look(call, id, &found, &error)) {
        if (error.kind != AWS_NOT_FOUND)
            return hp_diag(call, NULL, &error, "reading the security group %.*s", STR(id));
        tf_gone(call);
        return true;
    }
    sg_show_group(call, group);
    if (!tf_is_set(call->state, "region")) /* an old state, or an edited one */
        tf_set_str(call, "region", hp_region(call));
    sg_mark(call);
    if (!tf_is_set(call->state, "internet_egress")) { /* after an import or a move */
        sg_recognise(call, &found);
        remember_https(call);
    }
    for (size_t i = 0; i < sizeof ours_alone / sizeof ours_alone[0]; i++)
        if (!tf_is_set(call->state, ours_alone[i]))
            tf_set_bool(call, ours_alone[i], false);
    wanted = sg_wanted(call->arena, call->state, id);
    sg_show(call, &wanted, &found, true);
    return true;
}

static bool update_tags(struct tf_call *call, struct str id)
{
    struct doc *add, *remove, *input = doc_object(call->arena), *keys = doc_list(call->arena);
    struct aws_error error;

    if (sg_is_adopted(call->planned))
        return true;
    hp_tags_changes(call, &add, &remove);
    doc_put(call->arena, input, S("Resources"), sg_strings(call->arena, id));
    doc_put(call->arena, input, S("Tags"), add);
    if (add != NULL && !hp_call(call, &aws_ec2_CreateTags, input, NULL, &error))
        return hp_diag(call, cty_path_of(call->arena, "tags"), &error,
                       "tagging the security group %.*s", STR(id));
    doc_each (entry, remove) {
        struct doc *tag = doc_object(call->arena);
        doc_put(call->arena, tag, S("Key"), entry->value);
        doc_add(call->arena, keys, tag);
    }
    doc_set(call->arena, input, S("Tags"), keys);
    if (remove != NULL && !hp_call(call, &aws_ec2_DeleteTags, input, NULL, &error))
        return hp_diag(call, cty_path_of(call->arena, "tags"), &error,
                       "removing tags of the security group %.*s", STR(id));
    return true;
}

/* After an update that failed half-way: what AWS has now. When not even that can be read, the state
 * stays as it was and the next refresh tells. */
static bool save_what_is(struct tf_call *call, struct str id)
{
    struct sg_rules found, wanted = sg_wanted(call->arena, call->state, id);
    struct tf_call look = hp_last_look(call);
    struct aws_error error;
    struct doc *group;

    if (!sg_fetch(&look, id, &group, &error) || !sg_look(&look, id, &found, &error))
        return false;
    sg_show_group(call, group);
    sg_show(call, &wanted, &found, true);
    tf_partial(call, call->state);
    return false;
}

static bool update(struct tf_call *call)
{
    struct sg_work work = {.call = call, .group_id = tf_str(call->prior, "id")};
    bool has_rules = cty_is_unknown(tf_value(call->planned, "rule_ids"));

    if (cty_is_unknown(tf_value(call->planned, "adoption_mark")))
        sg_mark(call);
    if (!fill_https(call))
        return false;
    work.wanted = sg_wanted(call->arena, call->state, work.group_id);
    work.own = sg_own_of(call);
    work.is_new = is_unfinished(call);
    bool done = (!has_rules || sg_reconcile(&work)) && update_tags(call, work.group_id);
    sg_adopt_remember(call, &work, done);
    if (!done) {
        if (stop_requested(call->stop) && call->diags->errors == 0)
            diag_error(call->diags, NULL, "Interrupted",
                       "The change of the security group %.*s was interrupted. The state is what "
                       "AWS has now; apply again to go on.",
                       STR(work.group_id));
        return save_what_is(call, work.group_id);
    }
    remember_unfinished(call, false);
    if (has_rules)
        sg_show(call, &work.wanted, &work.found, false);
    if (has_rules && sg_is_adopted(call->state))
        sg_mark_tell_others(call, &work.found);
    settle(call);
    return true;
}

static bool is_group_id(struct str text)
{
    bool good = str_starts(text, S("sg-")) && text.len > 3 && text.len < 64;

    for (size_t i = 3; i < text.len; i++)
        good = good && strchr("0123456789abcdef", text.ptr[i]) != NULL;
    return good;
}

static bool check_group_id(struct tf_call *call, struct str id)
{
    return is_group_id(id) ||
           diag_error(call->diags, NULL, "Invalid identity",
                      "The id \"%.*s\" of the identity is not a security group's, as in "
                      "\"sg-0a1b2c3d4e5f60718\".",
                      STR(id));
}

static bool import(struct tf_call *call, struct str id)
{
    if (call->identity != NULL)
        return hp_import_by_identity(call) && check_group_id(call, tf_str(call->state, "id"));
    bool is_adopted = str_starts(id, S("existing/"));
    struct str rest = is_adopted ? str_from(id, strlen("existing/")) : id, group_id, region;

    if (!str_next(&rest, '@', &group_id))
        group_id = S("");
    region = rest.ptr != NULL ? rest : hp_region(call);
    if (!is_group_id(group_id) || !aws_region_is_known(region))
        return diag_error(call->diags, NULL, "Invalid import id",
                          "\"%.*s\" is not a security group's id. Write it as in "
                          "\"sg-0a1b2c3d4e5f60718\", or \"sg-0a1b2c3d4e5f60718@us-west-2\" for "
                          "one of another region; for one that belongs to others "
                          "\"existing/sg-0a1b2c3d4e5f60718\".",
                          STR(id));
    tf_set_str(call, "id", group_id);
    tf_set_str(call, "region", region);
    if (is_adopted)
        tf_set_str(call, "existing_security_group_id", group_id);
    return true;
}

/* ---- The table ---- */

static const struct tf_attr foreign_rows[] = {
    {"security_group_rule_id", TF_STRING, .flags = TF_COMPUTED, .doc = "Id of the rule."},
    {"is_egress", TF_BOOL, .flags = TF_COMPUTED, .doc = "Whether it is about outgoing traffic."},
    {"ip_protocol", TF_STRING, .flags = TF_COMPUTED, .doc = "Protocol; `-1` is all."},
    {"from_port", TF_INT, .flags = TF_COMPUTED, .doc = "First port, or ICMP type."},
    {"to_port", TF_INT, .flags = TF_COMPUTED, .doc = "Last port, or ICMP code."},
    {"peer", TF_STRING, .flags = TF_COMPUTED,
     .doc = "The other side: a block, a prefix list or a group."},
    {"description", TF_STRING, .flags = TF_COMPUTED, .doc = "Description of the rule."},
    {0},
};

static const struct tf_attr rows[] = {
    HP_ID_ROW,
    HP_REGION_ROW,
    HP_TAGS_ROW,
    HP_TAGS_ALL_ROW,
    {"name", TF_STRING, .flags = TF_OC | TF_REPLACE | TF_STABLE, .conflicts = "name_prefix",
     .min_len = 1, .max_len = 255, .pattern = sg_text_pattern, .pattern_text = sg_text_words,
     .check = sg_check_name,
     .doc = "Name of the group, unique in its VPC. Without it, and without `name_prefix`, a unique "
            "one is made."},
    {"name_prefix", TF_STRING, .flags = TF_OPTIONAL, .min_len = 1, .max_len = 229,
     .pattern = sg_text_pattern, .pattern_text = sg_text_words, .check = sg_check_prefix,
     .replace_if = replace_for_prefix,
     .doc = "What a unique name begins with. A change replaces the group, unless its name was made "
            "from this prefix."},
    {"description", TF_STRING, .flags = TF_OC | TF_REPLACE,
     .fallback = "EFA traffic between HyperPod nodes", .min_len = 1, .max_len = 255,
     .pattern = sg_text_pattern, .pattern_text = sg_text_words,
     .doc = "Description of the group. AWS cannot change it."},
    {"vpc_id", TF_STRING, .flags = TF_OC | TF_REPLACE | TF_STABLE, .pattern = "vpc-[0-9a-f]+",
     .pattern_text = "a VPC's id, as in \"vpc-0a1b2c3d4e5f60718\"",
     .doc = "The VPC it is in. Required, unless `existing_security_group_id` is set."},
    {"existing_security_group_id", TF_STRING, .flags = TF_OPTIONAL, .pattern = "sg-[0-9a-f]+",
     .pattern_text = "a security group's id, as in \"sg-0a1b2c3d4e5f60718\"",
     .conflicts = "name name_prefix description vpc_id exclusive", .replace_if = sg_adopt_replaces,
     .doc = "A security group that others have made, an EKS cluster's for instance, to be adopted: "
            "rules that are missing are added to it, and only those are removed in the end. The "
            "group itself is never changed, tagged or deleted; `tags` is refused. A change "
            "replaces the resource, but the id that it has already hands the group over in place. "
            "Import such a group as `existing/sg-…`: of the rules that it has then, none is ours."},
    {"internet_egress", TF_BOOL, .flags = TF_OC, .fallback = "true",
     .doc = "Whether all traffic to 0.0.0.0/0 is permitted. EFA does not need it and is not "
            "covered by it."},
    {"ipv6", TF_BOOL, .flags = TF_OC, .fallback = "false",
     .doc = "Whether all traffic to ::/0 is permitted."},
    {"https_ingress_cidr_blocks", TF_SET, TF_STRING, .flags = TF_OC | TF_STABLE,
     .check = sg_check_https,
     .doc = "Blocks, IPv4 or IPv6, from which HTTPS (TCP 443) is permitted, as interface endpoints "
            "need it. Absent: the IPv4 blocks of the VPC as they are when the group is made; `[]`: "
            "none."},
    {"fsx_lustre", TF_OBJECT, .attrs = sg_peer_rows, .flags = TF_OPTIONAL,
     .doc = "Permits what FSx for Lustre needs, in and out: TCP 988 and 1018 to 1023. `{}`: with "
            "members of this group."},
    {"fsx_openzfs", TF_OBJECT, .attrs = sg_peer_rows, .flags = TF_OPTIONAL,
     .doc = "Permits what FSx for OpenZFS needs, in and out: TCP and UDP 111, 2049 and 20001 to "
            "20003. `{}`: with members of this group."},
    {"ingress_rules", TF_MAP, .attrs = sg_rule_rows, .flags = TF_OPTIONAL,
     .doc = "More that may come in. The keys are names for plans and are never sent."},
    {"egress_rules", TF_MAP, .attrs = sg_rule_rows, .flags = TF_OPTIONAL,
     .doc = "More that may go out. The keys are names for plans and are never sent."},
    {"exclusive", TF_BOOL, .flags = TF_OC, .fallback = "false",
     .doc =
         "Whether rules that others have added to the group are removed. Otherwise they are left "
         "alone and shown in `foreign_rules`."},
    {"revoke_rules_on_delete", TF_BOOL, .flags = TF_OC | TF_LOCAL, .fallback = "false",
     .doc = "Whether all rules are revoked before the group is deleted: for groups that refer to "
            "each other. Of an adopted group only this resource's rules are ever revoked."},
    {"arn", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "ARN of the group."},
    {"owner_id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "Account that the group belongs to."},
    {"rule_ids", TF_MAP, TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "Ids of the rules that this resource asks for: `self_ingress`, `self_egress`, "
            "`internet_egress`, `internet_egress_ipv6`, `https_ingress/BLOCK`, "
            "`fsx_lustre_ingress/PROTOCOL/PORTS/PEER` (and `egress`, and `fsx_openzfs`), "
            "`ingress/NAME` and `egress/NAME`. In an adopted group they may be its owner's."},
    {"foreign_rules", TF_LIST, .attrs = foreign_rows, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "Rules that others have added to the group and that this resource does not ask for, "
            "sorted by id. They are left alone, unless `exclusive` is true."},
    {"adoption_mark", TF_STRING, .flags = TF_COMPUTED | TF_STABLE,
     .doc = "Value of the tag `hyperpod:adoption` of the rules that this resource has added to an "
            "adopted group, so that they are known also after an apply that was killed. Who may "
            "not tag them (`ec2:CreateTags`) adds them without it. Null for a group of its own."},
    {0},
};

static const struct tf_attr identity_rows[] = {
    {"id", TF_STRING, .flags = TF_REQUIRED,
     .doc = "Id of the group. A group of others is adopted "
            "by the import id `existing/sg-…`, not by its identity."},
    HP_IDENTITY_ROWS,
    {0},
};
static const struct tf_identity identity = {.attrs = identity_rows, .member = hp_identity_member};

const struct tf_resource hp_efa_security_group = {
    .type = "hyperpod_efa_security_group",
    .doc = "A security group whose members may talk EFA with each other: all traffic from the "
           "group itself and to the group itself is always permitted, as EFA needs it. Import "
           "takes over the group's rules for HTTPS and for the internet; all others appear in "
           "`foreign_rules` until the configuration names them.",
    .attrs = rows,
    .timeouts = {.create = "10m", .read = "5m", .update = "10m", .delete_ = "45m"},
    .import_example = "sg-0a1b2c3d4e5f60718",
    .import_forms =
        "A group of another region than the provider's is imported as `sg-…@REGION`, as in "
        "`sg-0a1b2c3d4e5f60718@us-west-2`. One that others have made and that is to be adopted "
        "(`existing_security_group_id`) is imported as `existing/sg-…`, in another region as "
        "`existing/sg-…@REGION`.",
    .identity = &identity,
    .moves = sg_moves,
    .list = &sg_list,
    .validate = validate,
    .plan = plan,
    .create = create,
    .read = read_group,
    .update = update,
    .delete_ = sg_delete,
    .import = import,
    .generate = sg_generate,
};
