/* Short forms for tables of shapes. Private to aws. */
#ifndef AWS_ROWS_H
#define AWS_ROWS_H

#include <hp/aws/ops.h>

/* A member of a JSON or query service. */
#define M(name, shape)                                                                             \
    {                                                                                              \
        S_INIT(name), &(shape)                                                                     \
    }
/* EC2: sent in requests under `sent` ("" when it is sent under its own name). */
#define SENT(name, shape, sent)                                                                    \
    {                                                                                              \
        S_INIT(name), &(shape), S_INIT(sent)                                                       \
    }
/* EC2: read from answers under `answered`. */
#define READ(name, shape, answered)                                                                \
    {                                                                                              \
        S_INIT(name), &(shape), S_INIT(""), S_INIT(answered)                                       \
    }
/* EC2: both, under different names. */
#define BOTH(name, shape, sent, answered)                                                          \
    {                                                                                              \
        S_INIT(name), &(shape), S_INIT(sent), S_INIT(answered)                                     \
    }
/* Rest: not in the body. */
#define PLACED(name, shape, sent, where)                                                           \
    {                                                                                              \
        S_INIT(name), &(shape), S_INIT(sent), S_INIT(""), where                                    \
    }
#define STRUCT(id, ...)                                                                            \
    static const struct aws_shape id = {                                                           \
        AWS_STRUCT, .members = (const struct aws_member[]){__VA_ARGS__, {{NULL, 0}, NULL}}}
#define LIST_OF(id, of) static const struct aws_shape id = {AWS_LIST, .element = &(of)}
#define MAP_OF(id, of)  static const struct aws_shape id = {AWS_MAP, .element = &(of)}

static const struct aws_shape nothing __attribute__((unused)) = {AWS_STRUCT};

#endif
