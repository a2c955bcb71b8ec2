#include "rows.h"

STRUCT(tag, M("Key", aws_string), M("Value", aws_string));
static const struct aws_shape tags = {AWS_LIST, .element = &tag, .element_name = S_INIT("Tag")};
STRUCT(location, M("LocationConstraint", aws_string), M("Tags", tags));
MAP_OF(texts, aws_string);

STRUCT(create_bucket, PLACED("Bucket", aws_string, "Bucket", AWS_IN_HOST),
       PLACED("CreateBucketConfiguration", location, "CreateBucketConfiguration", AWS_IN_WHOLE),
       PLACED("ObjectOwnership", aws_string, "x-amz-object-ownership", AWS_IN_HEADER));

const struct aws_op aws_s3_CreateBucket = {.name = "CreateBucket",
                                           .service = &aws_s3,
                                           .input = &create_bucket,
                                           .output = &nothing,
                                           .method = "PUT",
                                           .path = "/"};

STRUCT(put_object, PLACED("Bucket", aws_string, "Bucket", AWS_IN_HOST),
       PLACED("Key", aws_string, "Key", AWS_IN_PATH), PLACED("Body", aws_blob, "", AWS_IN_WHOLE),
       PLACED("ContentType", aws_string, "Content-Type", AWS_IN_HEADER),
       PLACED("Metadata", texts, "x-amz-meta-", AWS_IN_HEADERS),
       PLACED("Tagging", aws_string, "x-amz-tagging", AWS_IN_HEADER),
       PLACED("ServerSideEncryption", aws_string, "x-amz-server-side-encryption", AWS_IN_HEADER),
       PLACED("SSEKMSKeyId", aws_string, "x-amz-server-side-encryption-aws-kms-key-id",
              AWS_IN_HEADER),
       PLACED("IfNoneMatch", aws_string, "If-None-Match", AWS_IN_HEADER),
       PLACED("ExpectedBucketOwner", aws_string, "x-amz-expected-bucket-owner", AWS_IN_HEADER));

const struct aws_op aws_s3_PutObject = {.name = "PutObject",
                                        .service = &aws_s3,
                                        .input = &put_object,
                                        .output = &nothing,
                                        .repeatable = true,
                                        .method = "PUT",
                                        .path = "/{Key+}",
                                        .checksum = true};

STRUCT(get_object, PLACED("Bucket", aws_string, "Bucket", AWS_IN_HOST),
       PLACED("Key", aws_string, "Key", AWS_IN_PATH),
       PLACED("VersionId", aws_string, "versionId", AWS_IN_QUERY),
       PLACED("Range", aws_string, "Range", AWS_IN_HEADER),
       PLACED("ExpectedBucketOwner", aws_string, "x-amz-expected-bucket-owner", AWS_IN_HEADER));
STRUCT(object, PLACED("Body", aws_blob, "", AWS_IN_WHOLE));

const struct aws_op aws_s3_GetObject = {.name = "GetObject",
                                        .service = &aws_s3,
                                        .input = &get_object,
                                        .output = &object,
                                        .repeatable = true,
                                        .method = "GET",
                                        .path = "/{Key+}"};
