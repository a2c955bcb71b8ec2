/* Operations and shapes: small tables over the neutral tree, walked by the codecs.
 *
 * A caller speaks in the service model's own member names ("GroupName", "IpPermissions"), whatever
 * the protocol writes on the wire: EC2 sends queryName and answers locationName, and both stand in
 * the row. Only members that we use need rows: an answer's members without a row are dropped, an
 * input's member without a row is AWS_INPUT. Source of every row: AWS's service models (botocore
 * data/SERVICE/VERSION/service-2.json). */
#ifndef HP_AWS_SHAPE_H
#define HP_AWS_SHAPE_H

#include <hp/doc/doc.h>

enum aws_type {
    AWS_STRING,
    AWS_INT,
    AWS_DOUBLE,
    AWS_BOOL,
    AWS_TIME,   /* in trees: DOC_STRING, RFC 3339, whatever the wire has (json: seconds since 1970,
                   ec2: ISO 8601) */
    AWS_BLOB,   /* in trees: DOC_STRING of the bytes */
    AWS_STRUCT, /* .members */
    AWS_LIST,   /* .element */
    AWS_MAP,    /* .element; keys are strings */
    AWS_ANY     /* json only: passed through as it is */
};

struct aws_shape;

/* Where a rest protocol sends a member; the others know only the body. */
enum aws_where {
    AWS_IN_BODY,
    AWS_IN_PATH,    /* at {name} of the operation's path, or {name+}, which keeps '/' */
    AWS_IN_QUERY,   /* under `sent`; a list's elements one by one */
    AWS_IN_HEADER,  /* under `sent` */
    AWS_IN_HOST,    /* S3's bucket: aws_wire.bucket */
    AWS_IN_HEADERS, /* a map; `sent` and a key make the header's name */
    AWS_IN_WHOLE    /* is the body: bytes, or XML's root `sent` */
};

struct aws_member {
    struct str name; /* in our trees and on JSON's wire */
    const struct aws_shape *shape;
    struct str sent;     /* query, ec2: name in requests; empty: the protocol's rule from `name` */
    struct str answered; /* query, ec2, xml: name in answers; empty: as `name` */
    enum aws_where where;
};

struct aws_shape {
    enum aws_type type;
    const struct aws_member *members; /* ended by a row without name */
    const struct aws_shape *element;
    bool flat;               /* query, xml: list without a wrapper */
    struct str element_name; /* xml: "item" (ec2), "member" (query) when empty */
};

extern const struct aws_shape aws_string, aws_int, aws_double, aws_bool, aws_time, aws_blob,
    aws_any;
extern const struct aws_shape aws_strings; /* list of string */

enum aws_protocol { AWS_JSON_1_1, AWS_EC2, AWS_QUERY, AWS_REST_JSON, AWS_REST_XML };

struct aws_service {
    const char *id;           /* "sagemaker": in the provider's endpoints block */
    const char *signing_name; /* "sagemaker" */
    const char *endpoint_env; /* "SAGEMAKER": AWS_ENDPOINT_URL_SAGEMAKER */
    const char *config_key;   /* "sagemaker": services section of the config file */
    enum aws_protocol protocol;
    const char *version; /* "2016-11-15" */
    const char *target;  /* json: "SageMaker" in X-Amz-Target */
    const char *xmlns;   /* rest with XML: of a request's root */
};

extern const struct aws_service aws_sagemaker, aws_ec2, aws_sts, aws_sso, aws_ssooidc, aws_iam,
    aws_eks, aws_s3, aws_signin;

struct aws_op {
    const char *name; /* "CreateCluster" */
    const struct aws_service *service;
    const struct aws_shape *input, *output; /* AWS_STRUCT */
    /* May it be repeated after an answer was lost? Reads, deletes and calls with a client token:
     * yes. A create that is not: the loss is reported at once, with maybe_done, and the caller
     * looks. */
    bool repeatable;
    bool anonymous;            /* sent without a signature */
    const char *method, *path; /* rest: "GET", "/clusters/{name}" */
    bool checksum;             /* S3: the body goes with one */
};

#endif
