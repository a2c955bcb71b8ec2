/* The operations that we use. Shapes: AWS's service models (botocore data, 1.44.5 of 2026-11-17);
 * members that nobody here reads have no row, and are dropped from answers.
 *
 * Two answers are passed through as they are, so that a caller notices members he does not know:
 * DescribeCluster's and DescribeClusterNode's. In them, times are what is on the wire: numbers,
 * seconds since 1970; aws_time_ms reads them as well as the text of all other answers.
 *
 * Repeatable after a lost answer are reads, deletes, and calls that leave the same state when they
 * come twice (tags, UpdateCluster, ModifySecurityGroupRules, rule descriptions). */
#ifndef HP_AWS_OPS_H
#define HP_AWS_OPS_H

#include <hp/aws/shape.h>

extern const struct aws_op aws_sts_GetCallerIdentity;
extern const struct aws_op aws_sts_AssumeRole;
extern const struct aws_op aws_sts_AssumeRoleWithWebIdentity;

extern const struct aws_op aws_iam_CreateRole;
extern const struct aws_op aws_eks_DescribeCluster;
extern const struct aws_op aws_s3_CreateBucket;
extern const struct aws_op aws_s3_PutObject;
extern const struct aws_op aws_s3_GetObject;

extern const struct aws_op aws_sagemaker_CreateCluster;
extern const struct aws_op aws_sagemaker_DescribeCluster;
extern const struct aws_op aws_sagemaker_UpdateCluster;
extern const struct aws_op aws_sagemaker_DeleteCluster;
extern const struct aws_op aws_sagemaker_ListClusters;
extern const struct aws_op aws_sagemaker_ListClusterNodes;
extern const struct aws_op aws_sagemaker_DescribeClusterNode;
extern const struct aws_op aws_sagemaker_ListClusterEvents;
extern const struct aws_op aws_sagemaker_AddTags;
extern const struct aws_op aws_sagemaker_DeleteTags;
extern const struct aws_op aws_sagemaker_ListTags;

extern const struct aws_op aws_ec2_CreateSecurityGroup;
extern const struct aws_op aws_ec2_DescribeSecurityGroups;
extern const struct aws_op aws_ec2_DeleteSecurityGroup;
extern const struct aws_op aws_ec2_AuthorizeSecurityGroupIngress;
extern const struct aws_op aws_ec2_AuthorizeSecurityGroupEgress;
extern const struct aws_op aws_ec2_RevokeSecurityGroupIngress;
extern const struct aws_op aws_ec2_RevokeSecurityGroupEgress;
extern const struct aws_op aws_ec2_DescribeSecurityGroupRules;
extern const struct aws_op aws_ec2_ModifySecurityGroupRules;
extern const struct aws_op aws_ec2_UpdateSecurityGroupRuleDescriptionsIngress;
extern const struct aws_op aws_ec2_UpdateSecurityGroupRuleDescriptionsEgress;
extern const struct aws_op aws_ec2_DescribeNetworkInterfaces;
extern const struct aws_op aws_ec2_DescribeVpcs;
extern const struct aws_op aws_ec2_DescribeSubnets;
extern const struct aws_op aws_ec2_CreateTags;
extern const struct aws_op aws_ec2_DeleteTags;
extern const struct aws_op aws_ec2_DescribeTags;
extern const struct aws_op aws_ec2_DescribeAvailabilityZones;

/* By service id and name; NULL when it is none of these. */
const struct aws_op *aws_op_find(struct str service_id, struct str name);
/* All of them, one after the other; NULL: there are no more. */
const struct aws_op *aws_op_at(size_t index);
/* A time of an answer: RFC 3339, or seconds since 1970. */
bool aws_time_ms(const struct doc *time, int64_t *ret_unix_ms);

#endif
