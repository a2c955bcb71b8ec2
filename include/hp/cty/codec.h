/* Values to and from bytes. The type is never on the wire; both sides know it (docs: terraform
 * docs/plugin-protocol/object-wire-format.md; go-cty cty/msgpack, cty/json).
 *
 * Wire mode reads as Terraform itself does: any msgpack extension is an unknown, attributes that an
 * old state has more are dropped, missing ones are null. Strict mode gives go-cty's verdicts. Both
 * bound depth, digits and the arena. */
#ifndef HP_CTY_CODEC_H
#define HP_CTY_CODEC_H

#include <hp/cty/path.h>

enum cty_mode { CTY_WIRE, CTY_STRICT };

/* Why bytes were refused, and where inside the value. */
struct cty_error {
    const struct cty_path *path;
    struct str message; /* go-cty's words where it has some: "number is required" */
};

/* The value lives in the arena and borrows from bytes. On false *ret_value is as it was. Bytes
 * after the root value are ignored, as go-cty does. */
bool cty_from_msgpack(struct arena *arena, const struct cty_type *type, struct str bytes,
                      enum cty_mode mode, const struct cty_value **ret_value,
                      struct cty_error *reterr);
/* Canonical bytes, equal to go-cty's. False: more than the buffer may hold, or the value does not
 * conform to the type (our own mistake; nothing is written that could crash Terraform: no NaN, no
 * contradicting refinement). */
bool cty_to_msgpack(const struct cty_type *type, const struct cty_value *value, struct buf *out);

/* State JSON (text of a state file; any layout). Lenient as cty/json: "5" for a number, 5 for a
 * string, "true"/"1" for a bool. */
bool cty_from_json(struct arena *arena, const struct cty_type *type, struct str json,
                   enum cty_mode mode, const struct cty_value **ret_value,
                   struct cty_error *reterr);
bool cty_to_json(const struct cty_type *type, const struct cty_value *value, struct buf *out);

#endif
