#include "rows.h"

STRUCT(identity, M("UserId", aws_string), M("Account", aws_string), M("Arn", aws_string));

const struct aws_op aws_sts_GetCallerIdentity = {"GetCallerIdentity", &aws_sts, &nothing, &identity,
                                                 true};

STRUCT(tag, M("Key", aws_string), M("Value", aws_string));
LIST_OF(tags, tag);
STRUCT(policy_arn, M("arn", aws_string));
LIST_OF(policy_arns, policy_arn);
STRUCT(credentials, M("AccessKeyId", aws_string), M("SecretAccessKey", aws_string),
       M("SessionToken", aws_string), M("Expiration", aws_time));
STRUCT(assumed, M("Arn", aws_string), M("AssumedRoleId", aws_string));
STRUCT(role_answer, M("Credentials", credentials), M("AssumedRoleUser", assumed));

STRUCT(context, M("ProviderArn", aws_string), M("ContextAssertion", aws_string));
LIST_OF(contexts, context);
STRUCT(assume_role, M("RoleArn", aws_string), M("RoleSessionName", aws_string),
       M("PolicyArns", policy_arns), M("Policy", aws_string), M("DurationSeconds", aws_int),
       M("Tags", tags), M("TransitiveTagKeys", aws_strings), M("ExternalId", aws_string),
       M("SerialNumber", aws_string), M("TokenCode", aws_string), M("SourceIdentity", aws_string),
       M("ProvidedContexts", contexts), M("MinimumSessionTokenSize", aws_int));

const struct aws_op aws_sts_AssumeRole = {"AssumeRole", &aws_sts, &assume_role, &role_answer, true};

STRUCT(with_web_identity, M("RoleArn", aws_string), M("RoleSessionName", aws_string),
       M("WebIdentityToken", aws_string), M("ProviderId", aws_string), M("PolicyArns", policy_arns),
       M("Policy", aws_string), M("DurationSeconds", aws_int),
       M("MinimumSessionTokenSize", aws_int));

const struct aws_op aws_sts_AssumeRoleWithWebIdentity = {
    "AssumeRoleWithWebIdentity", &aws_sts, &with_web_identity, &role_answer, true, true};
