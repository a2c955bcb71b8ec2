/* Bodies of answers: the first byte chooses the operation, or reads it as an error. */
#include "errors.h"

#include <hp/aws/ops.h>
#include <hp/aws/wire.h>

static const struct aws_op *const ops[] = {
    &aws_ec2_DescribeSecurityGroups,    &aws_ec2_DescribeVpcs,
    &aws_ec2_DescribeNetworkInterfaces, &aws_sagemaker_ListClusters,
    &aws_sagemaker_DescribeCluster,     &aws_sts_GetCallerIdentity,
};
enum { OPS = sizeof ops / sizeof ops[0] };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_new(8 << 20);
    struct str body = {(const char *)bytes + 1, size - 1};
    struct aws_error error = {0};
    struct doc *output;
    size_t choice = bytes[0] % (OPS + 1);
    if (choice == OPS) {
        struct http_answer answer = {.status = 400, .body = body};
        aws_error_read(arena, &answer, &error);
        aws_error_text(arena, &error);
    } else if (aws_decode(arena, ops[choice], body, &output, &error) && output == NULL) {
        __builtin_trap();
    }
    arena_free(arena);
    return 0;
}
