/* Every row of our tables against AWS's service models, where they lie beside the project. */
#include <hp/aws/ops.h>
#include <hp/base/test.h>

#include <stdio.h>

struct model {
    struct arena *arena;
    const struct doc *doc, *shapes;
    bool ec2;
    size_t rows;
};

static bool model_read(struct model *model, const char *service)
{
    char path[512];
    snprintf(path, sizeof path, HP_SOURCE_DIR "/../shared/data/aws-models/%s.service-2.json",
             service);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    *model = (struct model){.arena = arena_new(256 << 20), .ec2 = strcmp(service, "ec2") == 0};
    char *text = arena_alloc(model->arena, 4 << 20);
    size_t len = fread(text, 1, 4 << 20, file);
    struct doc *doc;
    struct doc_error error;
    fclose(file);
    ck_assert(doc_from_json(model->arena, (struct str){text, len}, NULL, &doc, &error));
    model->doc = doc;
    model->shapes = doc_get(doc, S("shapes"));
    return true;
}

static const struct doc *shape_of(const struct model *model, const struct doc *reference)
{
    return doc_get(model->shapes, doc_get_text(reference, S("shape")));
}

static const char *type_name(enum aws_type type)
{
    static const char *const names[] = {"string", "integer",   "double", "boolean", "timestamp",
                                        "blob",   "structure", "list",   "map",     "any"};
    return names[type];
}

static struct str wire_name(const struct model *model, struct str name, const struct doc *member,
                            bool sent)
{
    struct str location = doc_get_text(member, S("locationName"));
    struct str query = doc_get_text(member, S("queryName"));
    if (!model->ec2 || (location.len == 0 && query.len == 0))
        return name;
    if (!sent)
        return location;
    if (query.len > 0)
        return query;
    char *upper = arena_z(model->arena, location);
    if (upper[0] >= 'a' && upper[0] <= 'z')
        upper[0] = (char)(upper[0] - 'a' + 'A');
    return str_of(upper);
}

static void check_shape(struct model *model, const struct aws_shape *ours, const struct doc *theirs,
                        bool sent);

/* Down through lists and maps to what they hold. */
static void check_inner(struct model *model, const struct aws_shape *ours, const struct doc *theirs,
                        bool sent)
{
    ck_assert_str(str_of(type_name(ours->type)), doc_get_text(theirs, S("type")));
    if (ours->type == AWS_LIST)
        check_inner(model, ours->element, shape_of(model, doc_get(theirs, S("member"))), sent);
    else if (ours->type == AWS_MAP)
        check_inner(model, ours->element, shape_of(model, doc_get(theirs, S("value"))), sent);
    else if (ours->type == AWS_STRUCT)
        check_shape(model, ours, theirs, sent);
}

static void check_where(const struct aws_member *row, const struct doc *member)
{
    static const char *const names[] = {"", "uri", "querystring", "header"};
    struct str place = doc_get_text(member, S("location"));
    ck_assert_str(str_of(names[row->where]), place.len > 0 ? place : S(""));
}

static void check_shape(struct model *model, const struct aws_shape *ours, const struct doc *theirs,
                        bool sent)
{
    for (const struct aws_member *row = ours->members; row != NULL && row->name.len > 0; row++) {
        const struct doc *member = doc_get(doc_get(theirs, S("members")), row->name);
        struct str name = sent ? row->sent : row->answered;
        if (member == NULL) /* a shape shared by several operations may know more */
            continue;
        check_where(row, member);
        ck_assert_str(name.len > 0 ? name : row->name, wire_name(model, row->name, member, sent));
        check_inner(model, row->shape, shape_of(model, member), sent);
        model->rows++;
    }
}

/* All of a request's members have a row. */
static void check_complete(const struct aws_op *op, const struct doc *theirs)
{
    doc_each (entry, doc_get(theirs, S("members"))) {
        bool found = false;
        for (const struct aws_member *row = op->input->members; row != NULL && row->name.len > 0;
             row++)
            found |= str_eq(row->name, entry->name);
        ck_assert_msg(found, "%s has no row for %.*s", op->name, STR(entry->name));
    }
}

static void check_service(const char *service)
{
    struct model model;
    size_t ops = 0;
    if (!model_read(&model, service)) {
        printf("the model of %s is not here: not compared\n", service);
        return;
    }
    doc_each (entry, doc_get(model.doc, S("operations"))) {
        const struct aws_op *op = aws_op_find(str_of(service), entry->name);
        if (op == NULL)
            continue;
        const struct doc *input = shape_of(&model, doc_get(entry->value, S("input")));
        const struct doc *output = shape_of(&model, doc_get(entry->value, S("output")));
        check_shape(&model, op->input, input, true);
        check_complete(op, input);
        if (op->output->type == AWS_STRUCT)
            check_shape(&model, op->output, output, false);
        ops++;
    }
    printf("%s: %zu operations, %zu rows compared\n", service, ops, model.rows);
    ck_assert_uint_gt(ops, 0);
    arena_free(model.arena);
}

START_TEST(rows_of_sagemaker_are_as_in_its_model)
{
    check_service("sagemaker");
}
END_TEST

START_TEST(rows_of_ec2_are_as_in_its_model)
{
    check_service("ec2");
}
END_TEST

START_TEST(rows_of_sts_are_as_in_its_model)
{
    check_service("sts");
}
END_TEST

START_TEST(rows_of_iam_are_as_in_its_model)
{
    check_service("iam");
}
END_TEST

START_TEST(rows_of_eks_are_as_in_its_model)
{
    check_service("eks");
}
END_TEST

START_TEST(an_operation_is_found_by_its_name)
{
    ck_assert_ptr_eq(aws_op_find(S("ec2"), S("DeleteTags")), &aws_ec2_DeleteTags);
    ck_assert_ptr_eq(aws_op_find(S("sagemaker"), S("DeleteTags")), &aws_sagemaker_DeleteTags);
    ck_assert_ptr_null(aws_op_find(S("ec2"), S("CreateCluster")));
}
END_TEST

START_TEST(what_makes_a_second_thing_is_not_repeatable)
{
    ck_assert(!aws_sagemaker_CreateCluster.repeatable);
    ck_assert(!aws_ec2_CreateSecurityGroup.repeatable);
    ck_assert(!aws_ec2_AuthorizeSecurityGroupIngress.repeatable);
    ck_assert(!aws_ec2_AuthorizeSecurityGroupEgress.repeatable);
}
END_TEST

TESTS("aws/ops", rows_of_sagemaker_are_as_in_its_model, rows_of_ec2_are_as_in_its_model,
      rows_of_sts_are_as_in_its_model, rows_of_iam_are_as_in_its_model,
      rows_of_eks_are_as_in_its_model, an_operation_is_found_by_its_name,
      what_makes_a_second_thing_is_not_repeatable)
