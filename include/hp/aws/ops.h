/* The operations we call. Rows and their sources lie in src/aws/ops_*.c; names are the service models' own. */
#ifndef HP_AWS_OPS_H
#define HP_AWS_OPS_H

#include <hp/aws/shape.h>

extern const struct aws_op aws_sts_GetCallerIdentity;

extern const struct aws_op aws_ec2_CreateSecurityGroup, aws_ec2_DescribeSecurityGroups,
    aws_ec2_DeleteSecurityGroup, aws_ec2_AuthorizeSecurityGroupIngress,
    aws_ec2_AuthorizeSecurityGroupEgress, aws_ec2_RevokeSecurityGroupIngress,
    aws_ec2_RevokeSecurityGroupEgress, aws_ec2_DescribeSecurityGroupRules,
    aws_ec2_ModifySecurityGroupRules, aws_ec2_UpdateSecurityGroupRuleDescriptionsIngress,
    aws_ec2_UpdateSecurityGroupRuleDescriptionsEgress, aws_ec2_DescribeNetworkInterfaces,
    aws_ec2_DescribeVpcs, aws_ec2_DescribeSubnets, aws_ec2_DescribeAvailabilityZones,
    aws_ec2_CreateTags, aws_ec2_DeleteTags, aws_ec2_DescribeTags;

/* DescribeCluster passes members through that have no row, timestamps as they come (seconds since 1970), so that a caller
 * can notice what he does not know. */
extern const struct aws_op aws_sagemaker_CreateCluster, aws_sagemaker_DescribeCluster,
    aws_sagemaker_UpdateCluster, aws_sagemaker_DeleteCluster, aws_sagemaker_ListClusters,
    aws_sagemaker_ListClusterNodes, aws_sagemaker_DescribeClusterNode,
    aws_sagemaker_ListClusterEvents, aws_sagemaker_AddTags, aws_sagemaker_DeleteTags,
    aws_sagemaker_ListTags;

#endif
