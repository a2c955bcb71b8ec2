/* How the vectors write values: {"string": "a"}, {"null": TYPE}, {"unknown": {…}, "of": TYPE}. */
#ifndef VECTORS_CTY_NOTATION_H
#define VECTORS_CTY_NOTATION_H

#include <hp/cty/codec.h>
#include <hp/doc/doc.h>

/* NULL: not a type, or not there. */
const struct cty_type *notation_type(struct arena *arena, const struct doc *doc);
/* NULL: not a value. declared (or NULL) gives empty collections their type. */
const struct cty_value *notation_value(struct arena *arena, const struct cty_type *declared,
                                       const struct doc *doc);
bool notation_bytes(struct arena *arena, struct str hex, struct str *ret_bytes);
struct str notation_hex(struct arena *arena, struct str bytes);
/* As cty_equal; but the vectors write numbers as Go prints them: rounded to 512 bits, doubles by
 * their shortest digits. */
bool notation_equal(const struct cty_value *is, const struct cty_value *should);

#endif
