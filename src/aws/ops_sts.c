#include "rows.h"

STRUCT(identity, M("UserId", aws_string), M("Account", aws_string), M("Arn", aws_string));

const struct aws_op aws_sts_GetCallerIdentity = {"GetCallerIdentity", &aws_sts, &nothing, &identity,
                                                 true};
