#include <hp/aws/shape.h>

const struct aws_shape aws_string = {AWS_STRING};
const struct aws_shape aws_int = {AWS_INT};
const struct aws_shape aws_double = {AWS_DOUBLE};
const struct aws_shape aws_bool = {AWS_BOOL};
const struct aws_shape aws_time = {AWS_TIME};
const struct aws_shape aws_blob = {AWS_BLOB};
const struct aws_shape aws_any = {AWS_ANY};
const struct aws_shape aws_strings = {AWS_LIST, .element = &aws_string};

const struct aws_service aws_sagemaker = {
    "sagemaker", "sagemaker", "SAGEMAKER", "sagemaker", AWS_JSON_1_1, "2017-07-24", "SageMaker",
};
const struct aws_service aws_ec2 = {
    "ec2", "ec2", "EC2", "ec2", AWS_EC2, "2016-11-15", NULL,
};
const struct aws_service aws_iam = {
    "iam", "iam", "IAM", "iam", AWS_QUERY, "2010-05-08", NULL,
};
const struct aws_service aws_eks = {
    "eks", "eks", "EKS", "eks", AWS_REST_JSON, "2017-11-01", NULL,
};
const struct aws_service aws_s3 = {
    .id = "s3",
    .signing_name = "s3",
    .endpoint_env = "S3",
    .config_key = "s3",
    .protocol = AWS_REST_XML,
    .version = "2006-03-01",
    .xmlns = "http://s3.amazonaws.com/doc/2006-03-01/",
};
const struct aws_service aws_sso = {
    "sso", "awsssoportal", "SSO", "sso", AWS_REST_JSON, "2019-06-10", NULL,
};
const struct aws_service aws_ssooidc = {
    "ssooidc", "sso-oauth", "SSO_OIDC", "sso_oidc", AWS_REST_JSON, "2019-06-10", NULL,
};
const struct aws_service aws_signin = {
    "signin", "signin", "SIGNIN", "signin", AWS_REST_JSON, "2023-01-01", NULL,
};
const struct aws_service aws_sts = {
    "sts", "sts", "STS", "sts", AWS_QUERY, "2011-06-15", NULL,
};
