#include <hp/aws/ops.h>

#include "codec.h"

#include <hp/base/clock.h>

static const struct aws_op *const all[] = {
    &aws_sts_GetCallerIdentity,
    &aws_sts_AssumeRole,
    &aws_sts_AssumeRoleWithWebIdentity,
    &aws_iam_CreateRole,
    &aws_eks_DescribeCluster,
    &aws_s3_CreateBucket,
    &aws_s3_PutObject,
    &aws_s3_GetObject,
    &aws_sagemaker_CreateCluster,
    &aws_sagemaker_DescribeCluster,
    &aws_sagemaker_UpdateCluster,
    &aws_sagemaker_DeleteCluster,
    &aws_sagemaker_ListClusters,
    &aws_sagemaker_ListClusterNodes,
    &aws_sagemaker_DescribeClusterNode,
    &aws_sagemaker_ListClusterEvents,
    &aws_sagemaker_AddTags,
    &aws_sagemaker_DeleteTags,
    &aws_sagemaker_ListTags,
    &aws_ec2_CreateSecurityGroup,
    &aws_ec2_DescribeSecurityGroups,
    &aws_ec2_DeleteSecurityGroup,
    &aws_ec2_AuthorizeSecurityGroupIngress,
    &aws_ec2_AuthorizeSecurityGroupEgress,
    &aws_ec2_RevokeSecurityGroupIngress,
    &aws_ec2_RevokeSecurityGroupEgress,
    &aws_ec2_DescribeSecurityGroupRules,
    &aws_ec2_ModifySecurityGroupRules,
    &aws_ec2_UpdateSecurityGroupRuleDescriptionsIngress,
    &aws_ec2_UpdateSecurityGroupRuleDescriptionsEgress,
    &aws_ec2_DescribeNetworkInterfaces,
    &aws_ec2_DescribeVpcs,
    &aws_ec2_DescribeSubnets,
    &aws_ec2_CreateTags,
    &aws_ec2_DeleteTags,
    &aws_ec2_DescribeTags,
    &aws_ec2_DescribeAvailabilityZones,
};

const struct aws_op *aws_op_find(struct str service_id, struct str name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_is(service_id, all[i]->service->id) && str_is(name, all[i]->name))
            return all[i];
    return NULL;
}

const struct aws_op *aws_op_at(size_t index)
{
    return index < sizeof all / sizeof all[0] ? all[index] : NULL;
}

bool aws_time_ms(const struct doc *time, int64_t *ret_unix_ms)
{
    struct str text = doc_text(time);
    return text.len > 0 && (time->kind == DOC_NUMBER ? seconds_parse(text, ret_unix_ms)
                                                     : time_parse(text, ret_unix_ms));
}
