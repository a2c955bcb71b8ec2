/* From an answer to an error, and from AWS's code to a kind. Private to aws. */
#ifndef AWS_ERRORS_H
#define AWS_ERRORS_H

#include "transport.h"
#include <hp/aws/error.h>
#include <hp/aws/shape.h>

/* Fills code, message, request_id, status and kind from an answer that is no success, whatever form
 * its body has (JSON, any of the XML forms, neither). Strings are copied into the arena. */
void aws_error_read(struct arena *arena, const struct http_answer *answer, struct aws_error *error);
struct str aws_request_id(const struct http_answer *answer);
enum aws_error_kind aws_error_kind_of(struct str code, int status);
bool aws_code_is_throttling(struct str code);
bool aws_code_is_transient(struct str code);
/* S3: where the error says that the bucket is; empty: it does not. */
struct str aws_error_region(struct arena *arena, const struct http_answer *answer);
/* S3 begins some answers before it has done the work: a success with an error in its body. */
bool aws_s3_failed_late(const struct aws_op *op, const struct http_answer *answer);
/* The sender's clock is wrong, or the request was too long under way. */
bool aws_error_is_skew(const struct aws_error *error);

/* The text, without a secret that somebody who was sent it repeats, also where the text was cut in
 * the midst of it. A secret of less than 8 bytes is none. */
struct str hide(struct arena *arena, struct str text, struct str secret);

/* *reterr becomes this kind with our own words; false. */
bool aws_fail(struct arena *arena, struct aws_error *reterr, enum aws_error_kind kind,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
