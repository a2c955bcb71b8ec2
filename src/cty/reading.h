/* What both decoders share: refusing with a place, staying within bounds, building compounds. */
#ifndef CTY_READING_H
#define CTY_READING_H

#include "inside.h"

struct reading {
    struct arena *arena;
    enum cty_mode mode;
    struct cty_error *reterr;
    bool concrete; /* no dynamic inside the declared type: values have just that type */
    int depth;
};

/* Fills the error; at is copied (paths of a reading live on the stack). Returns false. */
bool reading_refuse(struct reading *reading, const struct cty_path *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Refuses when the arena can't hold so many bytes more. */
bool reading_has_room(struct reading *reading, const struct cty_path *at, size_t bytes);
/* One level down, up to CTY_MAX_DEPTH. */
bool reading_enter(struct reading *reading, const struct cty_path *at);

/* A list, set or map of the declared type from items that are the arena's own. keys: maps only.
 * NULL: refused. */
const struct cty_value *reading_collection(struct reading *reading, const struct cty_path *at,
                                           const struct cty_type *declared, struct str *keys,
                                           const struct cty_value **items, size_t count);
/* A tuple or an object. An item that is NULL was not there: it is null, or in strict msgpack left
 * out of the type. */
const struct cty_value *reading_structure(struct reading *reading, const struct cty_type *declared,
                                          const struct cty_value **items, bool leave_out);
/* Number text as given to a decoder. False: not a number. */
const struct cty_value *reading_number(struct reading *reading, struct str text);

enum { READING_VALUE = sizeof(struct cty_value) + 64 };

#endif
