/* What an operation looks like on the wire, for callers that do not send it: test vectors, and
 * tools that print a request. */
#ifndef HP_AWS_WIRE_H
#define HP_AWS_WIRE_H

#include <hp/aws/error.h>
#include <hp/aws/shape.h>
#include <hp/aws/sigv4.h>

enum { AWS_WIRE_HEADERS = 16 };

struct aws_wire {
    struct str method, path, query; /* query without '?' */
    struct str content_type;
    struct str target; /* X-Amz-Target; empty: none */
    struct str bucket; /* S3: for aws_s3_place_of; the path is without it */
    struct aws_header headers[AWS_WIRE_HEADERS]; /* rest: of members; all are signed */
    size_t header_count;
    struct str body;
};

/* By the protocol of the operation's service. False: the input does not fit its shape (AWS_INPUT,
 * with the member's place in the message). */
bool aws_encode(struct arena *arena, const struct aws_op *op, const struct doc *input,
                struct aws_wire *ret_wire, struct aws_error *reterr);
/* A body of success, by op->output. What is kept lives in the arena and borrows nothing. */
bool aws_decode(struct arena *arena, const struct aws_op *op, struct str body,
                struct doc **ret_output, struct aws_error *reterr);

/* Where a service answers. */
struct aws_place {
    struct str url;            /* "https://ec2.us-west-2.amazonaws.com" */
    struct str signing_region; /* mostly the region */
};
struct aws_place_wish {
    struct str region;
    struct str custom; /* an endpoint given by the user; empty: none */
    bool fips, dualstack;
    bool legacy_global; /* sts: the older regions answer at the global endpoint */
};
/* False: the wishes contradict each other, or the service is not in the table (AWS_INPUT). */
bool aws_place_of(struct arena *arena, const char *service_id, const struct aws_place_wish *wish,
                  struct aws_place *ret_place, struct aws_error *reterr);
/* The same for S3: with the bucket (empty: none) in the host where its name allows it, else, and
 * with path_style, as the first part of the path. legacy_global: us-east-1 at s3.amazonaws.com. No
 * access points, Express, Accelerate, Outposts or Object Lambda. */
bool aws_s3_place_of(struct arena *arena, const struct aws_place_wish *wish, struct str bucket,
                     bool path_style, struct aws_place *ret_place, struct aws_error *reterr);

#endif
