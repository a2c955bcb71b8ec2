/* Bodies of answers: the first byte chooses the operation, or reads it as an error. What is kept of
 * an answer has the shape that the tables say, in UTF-8; what is not read says where and why. */
#include "codec.h"
#include "hostile.h"

#include <hp/aws/ops.h>

static const struct aws_op *const ops[] = {
    &aws_ec2_DescribeSecurityGroups,
    &aws_ec2_DescribeVpcs,
    &aws_ec2_DescribeNetworkInterfaces,
    &aws_sagemaker_ListClusters,
    &aws_sagemaker_DescribeCluster,
    &aws_sts_GetCallerIdentity,
    &aws_ec2_DescribeSecurityGroupRules,
    &aws_sagemaker_ListTags,
    &aws_sagemaker_ListClusterNodes,
    &aws_sts_AssumeRole,
    &aws_iam_CreateRole,
    &aws_eks_DescribeCluster,
    &aws_s3_CreateBucket,
};
enum { OPS = sizeof ops / sizeof ops[0], ERROR_ROWS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must_have_shape(const struct aws_shape *shape, const struct doc *value)
{
    static const enum doc_kind kinds[] = {
        [AWS_STRING] = DOC_STRING, [AWS_INT] = DOC_NUMBER,  [AWS_DOUBLE] = DOC_NUMBER,
        [AWS_BOOL] = DOC_BOOL,     [AWS_TIME] = DOC_STRING, [AWS_BLOB] = DOC_STRING,
        [AWS_STRUCT] = DOC_OBJECT, [AWS_LIST] = DOC_LIST,   [AWS_MAP] = DOC_OBJECT,
    };
    int64_t time;
    if (doc_is_null(value) || shape->type == AWS_ANY)
        return;
    must(value->kind == kinds[shape->type], "a member is what its row says");
    must(shape->type == AWS_BLOB || str_is_utf8(value->text), "a text is UTF-8");
    must(shape->type != AWS_TIME || time_parse(value->text, &time), "a time is one");
    doc_each (entry, value) {
        const struct aws_member *member =
            shape->type == AWS_STRUCT ? member_find(shape, entry->name) : NULL;
        must(shape->type != AWS_STRUCT || member != NULL, "a member has a row");
        must(str_is_utf8(entry->name), "a name is UTF-8");
        must_have_shape(member != NULL ? member->shape : shape->element, entry->value);
    }
}

static void read_error(struct arena *arena, struct str body, int status)
{
    struct http_answer answer = {.status = status, .body = body};
    struct aws_error error = {0};
    aws_error_read(arena, &answer, &error);
    must(str_is_utf8(error.code) && str_is_utf8(error.message) && str_is_utf8(error.request_id),
         "an error is UTF-8");
    must(error.code.len + error.message.len > 0, "an error has a code or words");
    must_be_told(arena, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int statuses[ERROR_ROWS] = {400, 403, 503};
    struct str body = {(const char *)bytes + 1, size - 1};
    if (size == 0 || has_secret(body))
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct aws_error error = {0};
    struct doc *output = NULL;
    size_t choice = bytes[0] % (OPS + ERROR_ROWS);
    if (choice >= OPS) {
        read_error(arena, body, statuses[choice - OPS]);
    } else if (aws_decode(arena, ops[choice], body, &output, &error)) {
        must(output != NULL, "an answer that was read is there");
        must_have_shape(ops[choice]->output, output);
    } else {
        must(output == NULL && error.kind == AWS_ANSWER && error.message.len > 0,
             "an answer that was not read says why");
        must_be_told(arena, &error);
    }
    return 0;
}
