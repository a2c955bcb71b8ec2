/* What a configuration of hyperpod_cluster may say: the rules that a table cannot hold. Limits:
 * SageMaker API reference, CreateCluster and the data types below it. */
#include "cluster.h"

enum { most_groups = 100, longest_group_name = 63 };

bool cluster_is_mock(struct str text)
{
    return str_has(text, S("000000000000"));
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_digits(struct str s, size_t len)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len == len;
}

/* [a-zA-Z0-9](-*[a-zA-Z0-9])*, 1 to 63 characters. */
static bool is_group_name(struct str name)
{
    if (name.len == 0 || name.len > longest_group_name || !is_alnum(name.ptr[0]) ||
        !is_alnum(name.ptr[name.len - 1]))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_alnum(name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return true;
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:rest, with that service. */
static bool arn_parts(struct str arn, const char *service, struct str *ret_region,
                      struct str *ret_account, struct str *ret_rest)
{
    struct str rest = arn, part, parts[5];

    for (size_t i = 0; i < 5; i++) {
        if (!str_next(&rest, ':', &part) || rest.ptr == NULL)
            return false;
        parts[i] = part;
    }
    *ret_region = parts[3];
    *ret_account = parts[4];
    *ret_rest = rest;
    return str_is(parts[0], "arn") && str_starts(parts[1], S("aws")) && str_is(parts[2], service);
}

bool cluster_check_eks_arn(struct tf_check *check, const struct cty_value *arn)
{
    struct str region, account, rest;

    if (cluster_is_mock(arn->text) ||
        (arn_parts(arn->text, "eks", &region, &account, &rest) && region.len > 0 &&
         is_digits(account, 12) && str_starts(rest, S("cluster/")) && rest.len > 8))
        return true;
    return diag_error(check->diags, check->path, "Not the ARN of an EKS cluster",
                      "\"%.*s\" is not one. It looks like "
                      "arn:aws:eks:us-west-2:111122223333:cluster/NAME (the attribute arn of "
                      "aws_eks_cluster).",
                      STR(arn->text));
}

bool cluster_check_role(struct tf_check *check, const struct cty_value *role)
{
    struct str region, account, rest;

    if (cluster_is_mock(role->text) ||
        (arn_parts(role->text, "iam", &region, &account, &rest) && region.len == 0 &&
         is_digits(account, 12) && str_starts(rest, S("role/")) && rest.len > 5))
        return true;
    return diag_error(check->diags, check->path, "Not the ARN of a role",
                      "\"%.*s\" is not one. It looks like arn:aws:iam::111122223333:role/NAME; a "
                      "role's name alone is not enough.",
                      STR(role->text));
}

bool cluster_check_type(struct tf_check *check, const struct cty_value *type)
{
    struct str text = type->text;

    if (str_starts(text, S("ml.")) && str_find_char(str_from(text, 3), '.') != SIZE_MAX)
        return true;
    if (str_starts(text, S("ml.")))
        return diag_error(check->diags, check->path, "Not an instance type",
                          "\"%.*s\" has no size. Types look like \"ml.p5.48xlarge\".", STR(text));
    if (str_find_char(text, '.') == SIZE_MAX)
        return diag_error(check->diags, check->path, "Not an instance type",
                          "\"%.*s\" is not one. Types look like \"ml.p5.48xlarge\".", STR(text));
    return diag_error(check->diags, check->path, "Instance types of HyperPod begin with \"ml.\"",
                      "Write \"ml.%.*s\" instead of \"%.*s\".", STR(text), STR(text));
}

bool cluster_check_uri(struct tf_check *check, const struct cty_value *uri)
{
    struct str rest = str_from(uri->text, 5);

    if (str_starts(uri->text, S("s3://")) && rest.len > 0 && rest.ptr[0] != '/')
        return true;
    return diag_error(check->diags, check->path, "Not an S3 URI",
                      "\"%.*s\" should look like s3://BUCKET/PREFIX.", STR(uri->text));
}

bool cluster_check_script(struct tf_check *check, const struct cty_value *name)
{
    if (!str_starts(name->text, S("/")) && !str_has(name->text, S("://")))
        return true;
    return diag_error(check->diags, check->path, "Not a file name",
                      "\"%.*s\" should be the name of a file under source_s3_uri, as in "
                      "\"on_create.sh\".",
                      STR(name->text));
}

static bool check_ids(struct tf_check *check, const struct cty_value *ids, struct str prefix)
{
    bool good = true;

    for (size_t i = 0; i < ids->count; i++) {
        const struct cty_value *id = ids->items[i];
        if (!cty_is_known(id) || cluster_is_mock(id->text) ||
            (str_starts(id->text, prefix) && id->text.len > prefix.len && id->text.len <= 32))
            continue;
        good = diag_error(check->diags, check->path, "Not an id",
                          "\"%.*s\" should begin with \"%.*s\".", STR(id->text), STR(prefix));
    }
    return good;
}

bool cluster_check_subnets(struct tf_check *check, const struct cty_value *ids)
{
    return check_ids(check, ids, S("subnet-"));
}

bool cluster_check_security_groups(struct tf_check *check, const struct cty_value *ids)
{
    return check_ids(check, ids, S("sg-"));
}

static bool is_unknown(const struct cty_value *object, const char *name)
{
    const struct cty_value *value = tf_value(object, name);
    return value != NULL && cty_is_unknown(value);
}

bool cluster_check_ebs(struct tf_check *check, const struct cty_value *ebs)
{
    bool root = tf_bool(ebs, "root_volume", false);

    if (is_unknown(ebs, "root_volume"))
        return true;
    if (root && tf_is_set(ebs, "volume_size_in_gb"))
        return diag_error(check->diags, check->path, "A root volume has a size of its own",
                          "volume_size_in_gb cannot be set together with root_volume = true: AWS "
                          "takes only a key for the root volume.");
    if (root && !tf_is_set(ebs, "volume_kms_key_id") && !is_unknown(ebs, "volume_kms_key_id"))
        return diag_error(check->diags, check->path, "A root volume needs a key",
                          "root_volume = true only says which KMS key encrypts the root volume: "
                          "set volume_kms_key_id, or leave the element out.");
    if (!root && !tf_is_set(ebs, "volume_size_in_gb") && !is_unknown(ebs, "volume_size_in_gb"))
        return diag_error(check->diags, check->path, "A volume needs a size",
                          "Set volume_size_in_gb (1 to 16384).");
    return true;
}

bool cluster_check_storage(struct tf_check *check, const struct cty_value *configs)
{
    size_t roots = 0, extras = 0;
    bool good = true;

    for (size_t i = 0; i < configs->count; i++) {
        const struct cty_value *ebs = tf_value(configs->items[i], "ebs_volume_config");
        if (ebs == NULL || cty_is_unknown(ebs))
            continue;
        if (cty_is_null(ebs)) {
            good = diag_error(check->diags, check->path, "A storage configuration without a kind",
                              "Each element must have ebs_volume_config.");
            continue;
        }
        if (is_unknown(ebs, "root_volume"))
            continue;
        *(tf_bool(ebs, "root_volume", false) ? &roots : &extras) += 1;
    }
    /* Elements that are not wholly known may turn out to be the same one. */
    if ((roots > 1 || extras > 1) && cty_is_wholly_known(configs))
        good = diag_error(check->diags, check->path, "Too many volumes",
                          "A group takes at most one element with root_volume = true and one "
                          "without it; here are %zu and %zu.",
                          roots, extras);
    return good;
}

bool cluster_check_groups(struct tf_check *check, const struct cty_value *groups)
{
    bool good = true;

    if (groups->count == 0 || groups->count > most_groups)
        good = diag_error(check->diags, check->path, "Wrong number of instance groups",
                          "A cluster has 1 to %d instance groups, and these are %zu.", most_groups,
                          groups->count);
    for (size_t i = 0; i < groups->count; i++) {
        const struct cty_path *at = cty_path_key(check->arena, check->path, groups->keys[i]);
        const struct cty_value *type = tf_value(groups->items[i], "instance_type");

        if (!is_group_name(groups->keys[i]))
            good = diag_error(check->diags, at, "Not a name for an instance group",
                              "\"%.*s\" cannot be one: AWS takes 1 to %d letters, digits and "
                              "hyphens, with a letter or digit at both ends.",
                              STR(groups->keys[i]), longest_group_name);
        if (type != NULL && cty_is_null(type))
            good = diag_error(check->diags, cty_path_attr(check->arena, at, S("instance_type")),
                              "An instance group needs a type",
                              "Set instance_type of group \"%.*s\", as in \"ml.p5.48xlarge\".",
                              STR(groups->keys[i]));
    }
    return good;
}

bool cluster_validate(struct tf_call *call)
{
    const struct cty_value *groups = tf_value(call->config, "instance_groups");

    if (groups == NULL || !cty_is_null(groups))
        return true;
    return diag_error(call->diags, cty_path_attr(call->arena, NULL, S("instance_groups")),
                      "A cluster needs instance groups",
                      "Set instance_groups to a map with at least one group.");
}

static struct str mock_in(const struct cty_value *value)
{
    struct str found = {0};

    if (value == NULL || !cty_is_known(value))
        return found;
    if (value->type->kind == CTY_STRING)
        return cluster_is_mock(value->text) ? value->text : found;
    for (size_t i = 0; i < value->count && found.ptr == NULL; i++)
        found = mock_in(value->items[i]);
    return found;
}

struct str cluster_find_mock(const struct cty_value *cluster)
{
    static const char *const members[] = {"eks", "vpc_config", "instance_groups"};
    struct str found = {0};

    for (size_t i = 0; i < sizeof members / sizeof members[0] && found.ptr == NULL; i++)
        found = mock_in(tf_value(cluster, members[i]));
    return found;
}
