/* Making the group itself, once: its name, and what becomes of an answer that was lost. */
#include "efa_security_group.h"

#include <hp/base/clock.h>

#include "efa_security_group_make.h"

enum { most_tries = 5, most_looks = 4, most_leftovers = 5 };

/* ---- The name: given, or a prefix with the time and chance behind it, as the aws provider has
 * it. ---- */

enum { suffix_length = 26, time_digits = 14 };

/* To the millisecond. */
static struct str time_suffix(struct arena *arena, int64_t unix_ms)
{
    struct str basic = time_basic(arena, unix_ms); /* 20261122T022728Z */
    struct buf out = buf_in(arena, suffix_length + 1);

    for (size_t i = 0; i < basic.len && out.len < time_digits; i++)
        if (basic.ptr[i] >= '0' && basic.ptr[i] <= '9')
            buf_putc(&out, basic.ptr[i]);
    buf_printf(&out, "%03d", (int)(unix_ms % 1000));
    return buf_str(&out);
}

static struct str unique_suffix(struct tf_call *call)
{
    struct buf out = buf_in(call->arena, suffix_length + 1);
    unsigned char chance[4];

    buf_put(&out, time_suffix(call->arena, world_now_ms(call->world)));
    call->world->random(call->world->arg, chance, sizeof chance);
    buf_printf(&out, "%d", chance[0] % 10);
    call->world->random(call->world->arg, chance, sizeof chance);
    for (size_t i = 0; i < sizeof chance; i++)
        buf_printf(&out, "%02x", chance[i]);
    return buf_str(&out);
}

bool sg_name_is_generated(struct str name, struct str prefix)
{
    if (!str_starts(name, prefix) || name.len != prefix.len + suffix_length)
        return false;
    for (size_t i = prefix.len; i < name.len; i++)
        if (strchr("0123456789abcdef", name.ptr[i]) == NULL)
            return false;
    return true;
}

struct naming {
    struct str name, vpc_id;
    bool is_generated;
    struct doc *before; /* groups of that name in that VPC before ours; NULL: none */
};

static struct naming naming_of(struct tf_call *call)
{
    struct naming naming = {.name = tf_str(call->planned, "name"),
                            .vpc_id = tf_str(call->planned, "vpc_id")};
    struct str prefix = tf_str(call->planned, "name_prefix");

    if (naming.name.len > 0)
        return naming;
    naming.is_generated = true;
    naming.name =
        arena_cat(call->arena, prefix.len > 0 ? prefix : S("terraform-"), unique_suffix(call));
    return naming;
}

/* ---- Looking for it by its name ---- */

/* In a filter of EC2 `*` and `?` stand for other characters. */
static struct str literally(struct arena *arena, struct str text)
{
    struct buf out = buf_in(arena, 2 * text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\*?", text.ptr[i]) != NULL)
            buf_putc(&out, '\\');
        buf_putc(&out, text.ptr[i]);
    }
    return buf_str(&out);
}

/* Groups of the VPC whose name is like that. */
static bool groups_with(struct tf_call *call, const struct naming *naming, struct str pattern,
                        struct doc **ret_list, struct aws_error *reterr)
{
    return hp_call_pages(
        call, &aws_ec2_DescribeSecurityGroups,
        sg_filters(call->arena, "group-name", &pattern, "vpc-id", &naming->vpc_id, NULL),
        "NextToken", "NextToken", "SecurityGroups", ret_list, reterr);
}

/* Of that name and no other, whatever the filter takes its characters for. */
static bool groups_of_name(struct tf_call *call, const struct naming *naming, struct doc **ret_list,
                           struct aws_error *reterr)
{
    struct doc *list = NULL, *named = doc_list(call->arena);

    if (!groups_with(call, naming, literally(call->arena, naming->name), &list, reterr))
        return false;
    doc_each (entry, list)
        if (str_eq(doc_get_text(entry->value, S("GroupName")), naming->name))
            doc_add(call->arena, named, entry->value);
    *ret_list = named;
    return true;
}

static bool was_before(const struct naming *naming, struct str id)
{
    doc_each (entry, naming->before)
        if (str_eq(doc_get_text(entry->value, S("GroupId")), id))
            return true;
    return false;
}

static bool has_exactly(const struct doc *tags, const struct doc *wanted)
{
    size_t own = 0;

    doc_each (entry, tags) {
        bool is_wanted = false;
        if (str_starts(doc_get_text(entry->value, S("Key")), S("aws:")))
            continue;
        own++;
        doc_each (other, wanted)
            is_wanted |= doc_equal(entry->value, other->value);
        if (!is_wanted)
            return false;
    }
    return own == (wanted == NULL ? 0 : wanted->count);
}

static bool name_is_taken(struct tf_call *call, const struct naming *naming,
                          const struct doc *group, const struct aws_error *error)
{
    struct str id = doc_get_text(group, S("GroupId")), region = hp_region(call);
    const struct hp_account *account = hp_account_of(call);
    struct str said = error == NULL ? S("") : aws_error_text(call->arena, error);
    bool is_home = str_eq(region, aws_client_region(account->client));

    if (id.len == 0)
        return diag_error(call->diags, cty_path_of(call->arena, "name"),
                          "The name of the security group is taken", "%.*s", STR(said));
    return diag_error(
        call->diags, cty_path_of(call->arena, "name"), "The security group exists already",
        "%.*s has a security group \"%.*s\" that this resource cannot prove to be its own: %.*s. "
        "Choose another name, or take it over by adding\n\n  import {\n    to = "
        "hyperpod_efa_security_group.NAME # this resource\n    id = \"%.*s%s%.*s\"\n  }\n\nIf this "
        "resource's state holds it already, as tainted (an apply made it and failed after that; "
        "create_before_destroy then asks for a second one of this name), keep it instead: "
        "terraform "
        "untaint ADDRESS, then apply again.%s%.*s",
        STR(naming->vpc_id), STR(naming->name), STR(id), STR(id), is_home ? "" : "@",
        STR(is_home ? S("") : region), said.len > 0 ? "\n\n" : "", STR(said));
}

/* Is it as ours would be, but for the name? */
static bool looks_like_ours(struct tf_call *call, const struct doc *group)
{
    return has_exactly(doc_get(group, S("Tags")), hp_tags_wire(call)) &&
           str_eq(doc_get_text(group, S("Description")), tf_str(call->planned, "description"));
}

/* ---- What a killed apply has left over: nobody can tell a group with a generated name from its
 * sisters, but those that nothing uses, and that were there before Terraform began, are told ----
 */

static bool is_older(struct tf_call *call, struct str suffix)
{
    struct str since = time_suffix(call->arena, hp_account_of(call)->since_ms);
    return str_cmp(str_sub(suffix, 0, since.len), since) < 0;
}

static bool is_unused(struct tf_call *call, struct str id)
{
    struct doc *list = NULL;
    struct aws_error error;

    return hp_call_pages(call, &aws_ec2_DescribeNetworkInterfaces,
                         sg_filters(call->arena, "group-id", &id, NULL), "NextToken", "NextToken",
                         "NetworkInterfaces", &list, &error) &&
           list->count == 0;
}

static void tell_leftover(struct tf_call *call, const struct naming *naming,
                          const struct doc *group)
{
    struct str id = doc_get_text(group, S("GroupId")), region = hp_region(call);
    struct str at = str_eq(region, aws_client_region(hp_account_of(call)->client))
                        ? S("")
                        : arena_cat(call->arena, S("@"), region);

    diag_warning(
        call->diags, NULL, "A security group may be left over",
        "%.*s has a security group %.*s \"%.*s\" that looks like the one that this "
        "resource makes, and that nothing uses. If no state has it, it is left over from an "
        "apply that was cut off. Then delete it:\n\n  aws ec2 delete-security-group --region %.*s "
        "--group-id %.*s\n\nor use it for another resource:\n\n  import {\n    to = "
        "hyperpod_efa_security_group.NAME\n    id = \"%.*s%.*s\"\n  }",
        STR(naming->vpc_id), STR(id), STR(doc_get_text(group, S("GroupName"))), STR(region),
        STR(id), STR(id), STR(at));
}

static void tell_leftovers(struct tf_call *call, const struct naming *naming)
{
    struct str prefix = str_sub(naming->name, 0, naming->name.len - suffix_length);
    struct str sisters = arena_cat(call->arena, literally(call->arena, prefix), S("*"));
    struct doc *list = NULL;
    struct aws_error error;
    size_t looks = 0;

    groups_with(call, naming, sisters, &list, &error);
    doc_each (entry, list) {
        struct str name = doc_get_text(entry->value, S("GroupName"));
        if (sg_name_is_generated(name, prefix) && is_older(call, str_from(name, prefix.len)) &&
            looks_like_ours(call, entry->value) && looks++ < most_leftovers &&
            is_unused(call, doc_get_text(entry->value, S("GroupId"))))
            tell_leftover(call, naming, entry->value);
    }
}

/* ---- Making it ---- */

static struct doc *request_of(struct tf_call *call, const struct naming *naming)
{
    struct arena *arena = call->arena;
    struct doc *input = doc_object(arena), *tags = hp_tags_wire(call);

    doc_put(arena, input, S("GroupName"), doc_string(arena, naming->name));
    doc_put(arena, input, S("Description"),
            doc_string(arena, tf_str(call->planned, "description")));
    doc_put(arena, input, S("VpcId"), doc_string(arena, naming->vpc_id));
    if (tags != NULL) {
        struct doc *list = doc_list(arena), *one = doc_object(arena);
        doc_put(arena, one, S("ResourceType"), doc_string(arena, S("security-group")));
        doc_put(arena, one, S("Tags"), tags);
        doc_add(arena, list, one);
        doc_put(arena, input, S("TagSpecifications"), list);
    }
    return input;
}

enum found { FOUND_OURS, FOUND_NONE, FOUND_CUT_SHORT, FOUND_FAILED };

static bool is_over(const struct tf_call *call, int64_t wait_ms)
{
    return call->deadline_tick_ms != 0 &&
           world_tick_ms(call->world) + wait_ms >= call->deadline_tick_ms;
}

static bool tell_unknown(struct tf_call *call, const struct naming *naming,
                         const struct cty_path *at, const struct aws_error *lost, struct str more)
{
    return diag_error(call->diags, at, "It is not known whether the security group was made",
                      "AWS may have made the security group \"%.*s\" in %.*s although its answer "
                      "did not arrive%.*s If so, the next apply names it.\n\n%.*s",
                      STR(naming->name), STR(naming->vpc_id), STR(more),
                      STR(hp_diag_text(call, lost)));
}

/* After a lost answer: a group of our name that was not there before and looks as we asked for is
 * ours. AWS may need a moment to show it. FOUND_FAILED: told. */
static enum found find_ours(struct tf_call *call, const struct naming *naming,
                            const struct aws_error *lost, struct str *ret_id)
{
    for (int look = 0; look < most_looks; look++) {
        int64_t wait_ms = look == 0 ? 0 : 1000 << (look - 1);
        struct doc *list = NULL;
        struct aws_error error;

        if (look > 0 && (is_over(call, wait_ms) || world_wait_ms(call->world, call->stop, wait_ms)))
            return FOUND_CUT_SHORT;
        if (!groups_of_name(call, naming, &list, &error)) {
            if (error.kind == AWS_STOPPED)
                return FOUND_CUT_SHORT;
            tell_unknown(call, naming, NULL, lost,
                         arena_cat(call->arena, S(", and looking for it failed: "),
                                   aws_error_text(call->arena, &error)));
            return FOUND_FAILED;
        }
        doc_each (entry, list) {
            struct str id = doc_get_text(entry->value, S("GroupId"));
            if (was_before(naming, id))
                continue;
            if (!looks_like_ours(call, entry->value)) {
                name_is_taken(call, naming, entry->value, lost);
                return FOUND_FAILED;
            }
            *ret_id = id;
            return FOUND_OURS;
        }
    }
    return FOUND_NONE;
}

/* lost: an earlier try's answer that never came, or this one's; AWS_OK: none. */
static bool tell_failure(struct tf_call *call, const struct naming *naming,
                         const struct aws_error *error, const struct aws_error *lost)
{
    struct doc *list = naming->before;
    struct aws_error unseen;

    if (error->kind == AWS_IN_USE) {
        if (list == NULL || list->count == 0)
            groups_of_name(call, naming, &list, &unseen);
        return name_is_taken(
            call, naming, list == NULL || list->first == NULL ? NULL : list->first->value, error);
    }
    const struct cty_path *at = aws_error_is(error, "InvalidVpcID.NotFound") ||
                                        aws_error_is(error, "InvalidVpcID.Malformed")
                                    ? cty_path_of(call->arena, "vpc_id")
                                    : NULL;
    if (lost->kind == AWS_OK)
        return hp_diag(call, at, error, "creating the security group \"%.*s\"", STR(naming->name));
    return tell_unknown(call, naming, at, error->kind == AWS_STOPPED ? lost : error,
                        stop_requested(call->stop) ? S(", and looking for it was interrupted.")
                                                   : S("."));
}

/* The answer was lost and there is no time to ask again: one last look, so that a group with a
 * generated name is not left behind nameless. */
static bool is_there_all_the_same(struct tf_call *call, const struct naming *naming,
                                  struct str *ret_id)
{
    struct tf_call look = hp_last_look(call);
    struct diags quiet = diags_in(call->arena);
    struct aws_error error = {0};

    look.diags = &quiet;
    return find_ours(&look, naming, &error, ret_id) == FOUND_OURS;
}

static enum found look_for_lost(struct tf_call *call, const struct naming *naming,
                                const struct aws_error *error, struct str *ret_id)
{
    enum found found = stop_requested(call->stop) || error->kind == AWS_STOPPED
                           ? FOUND_CUT_SHORT
                           : find_ours(call, naming, error, ret_id);

    if (found == FOUND_CUT_SHORT && is_there_all_the_same(call, naming, ret_id))
        return FOUND_OURS;
    return found;
}

bool sg_make(struct tf_call *call, struct str *ret_id, struct str *ret_name)
{
    struct naming naming = naming_of(call);
    struct aws_error error = {0}, lost = {0};
    enum found found;

    if (naming.is_generated)
        tell_leftovers(call, &naming);
    else if (!groups_of_name(call, &naming, &naming.before, &error))
        return hp_diag(call, NULL, &error, "looking for a security group \"%.*s\" in %.*s",
                       STR(naming.name), STR(naming.vpc_id));
    *ret_name = naming.name;
    for (int tries = 0; tries < most_tries; tries++) {
        struct doc *output = NULL;

        if (hp_call(call, &aws_ec2_CreateSecurityGroup, request_of(call, &naming), &output,
                    &error)) {
            *ret_id = doc_get_text(output, S("GroupId"));
            return true;
        }
        if (error.maybe_done)
            lost = error;
        if (lost.kind == AWS_OK || !(error.maybe_done || error.kind == AWS_STOPPED ||
                                     error.kind == AWS_IN_USE || stop_requested(call->stop)))
            break;
        found = look_for_lost(call, &naming, &error, ret_id);
        if (found == FOUND_OURS || found == FOUND_FAILED)
            return found == FOUND_OURS;
        if (found == FOUND_CUT_SHORT)
            break;
    }
    return tell_failure(call, &naming, &error, &lost);
}
