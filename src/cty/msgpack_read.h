/* The msgpack decoder's inner doors. */
#ifndef CTY_MSGPACK_READ_H
#define CTY_MSGPACK_READ_H

#include "pack.h"
#include "reading.h"

struct unpacking {
    struct reading reading;
    struct pack pack;
};

/* NULL: refused. */
const struct cty_value *unpack_value(struct unpacking *unpacking, const struct cty_type *type,
                                     const struct cty_path *at);
const struct cty_value *unpack_number(struct unpacking *unpacking, const struct cty_path *at);
/* An extension: unknown, perhaps refined. */
const struct cty_value *unpack_unknown(struct unpacking *unpacking, const struct cty_type *type,
                                       const struct cty_path *at);

#endif
