#include "rows.h"

STRUCT(tag, M("Key", aws_string), M("Value", aws_string));
LIST_OF(tags, tag);
STRUCT(create_role, M("Path", aws_string), M("RoleName", aws_string),
       M("AssumeRolePolicyDocument", aws_string), M("Description", aws_string),
       M("MaxSessionDuration", aws_int), M("PermissionsBoundary", aws_string), M("Tags", tags));
STRUCT(role, M("Path", aws_string), M("RoleName", aws_string), M("RoleId", aws_string),
       M("Arn", aws_string), M("CreateDate", aws_time), M("AssumeRolePolicyDocument", aws_string),
       M("Description", aws_string), M("MaxSessionDuration", aws_int), M("Tags", tags));
STRUCT(role_answer, M("Role", role));

const struct aws_op aws_iam_CreateRole = {"CreateRole", &aws_iam, &create_role, &role_answer,
                                          false};
