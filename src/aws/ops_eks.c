#include "rows.h"

MAP_OF(tags, aws_string);
STRUCT(vpc_config, M("subnetIds", aws_strings), M("securityGroupIds", aws_strings),
       M("clusterSecurityGroupId", aws_string), M("vpcId", aws_string),
       M("endpointPublicAccess", aws_bool), M("endpointPrivateAccess", aws_bool),
       M("publicAccessCidrs", aws_strings));
STRUCT(access_config, M("authenticationMode", aws_string));
STRUCT(cluster, M("name", aws_string), M("arn", aws_string), M("createdAt", aws_time),
       M("version", aws_string), M("endpoint", aws_string), M("roleArn", aws_string),
       M("resourcesVpcConfig", vpc_config), M("status", aws_string),
       M("platformVersion", aws_string), M("tags", tags), M("accessConfig", access_config));
STRUCT(cluster_answer, M("cluster", cluster));
STRUCT(describe_cluster, PLACED("name", aws_string, "name", AWS_IN_PATH));

const struct aws_op aws_eks_DescribeCluster = {.name = "DescribeCluster",
                                               .service = &aws_eks,
                                               .input = &describe_cluster,
                                               .output = &cluster_answer,
                                               .repeatable = true,
                                               .method = "GET",
                                               .path = "/clusters/{name}"};
