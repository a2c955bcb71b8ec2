/* What the files of this room share and nobody outside needs. */
#ifndef CTY_INSIDE_H
#define CTY_INSIDE_H

#include <hp/cty/codec.h>

enum { CTY_NUMBER_TEXT = 2200 /* bytes that hold any number's text */ };

/* Brings text to NFC; borrows when it is there already. Bytes that are not UTF-8 stay as they are.
 * False: the arena has no room. */
bool cty_nfc(struct arena *arena, struct str text, struct str *ret_text);

/* True for characters that may compose with the one before them. */
bool cty_joins_before(int32_t code);
enum { CTY_FIRST_SECOND = 0x8000 /* utf8proc's tables: from here on, the second of a pair */ };

/* A number's text, as go-cty writes it: rounded to 512 bits, shortest digits. Returns its length;
 * out has CTY_NUMBER_TEXT bytes. */
size_t cty_number_write(const struct cty_number *number, char *out);
/* Shortens digits to what 512 bits of mantissa hold. `digits` has room for number->digits; returns
 * the rounded number, whose digits lie there (or the number itself when it is short). */
struct cty_number cty_number_round(const struct cty_number *number, char *digits);
/* True when a double holds the number exactly. */
bool cty_number_is_double(const struct cty_number *number, double *ret_double);
/* The digits that Go prints for a double, a different number when it has more than 17. */
bool cty_number_from_double_short(struct arena *arena, double number,
                                  struct cty_number *ret_number);

/* Text as Go's %q and as Go's encoding/json write it. */
void cty_quote(struct buf *out, struct str s);
void cty_json_string(struct buf *out, struct str s);
/* The first value of the text, without the space before it: go-cty does not look at what comes
 * behind it. */
struct str cty_json_first(struct str json);
void cty_type_write(const struct cty_type *type, struct buf *out);
struct doc;
bool cty_type_from_doc(struct arena *arena, const struct doc *doc, size_t depth,
                       const struct cty_type **ret_type, struct str *ret_why);

/* A value of that type and state, to be filled. */
struct cty_value *cty_make(struct arena *arena, const struct cty_type *type, enum cty_state state);
/* Sorts items into go-cty's order and drops what comes twice; returns how many are left. */
size_t cty_set_arrange(const struct cty_value **items, size_t count);
/* Sorts keys and items with them; of equal keys the last stays. Returns how many are left. */
size_t cty_map_arrange(struct str *keys, const struct cty_value **items, size_t count);
/* The one type all items have; those of dynamic type (nulls, unknowns) take it on. False: they have
 * none in common. */
bool cty_unify(struct arena *arena, const struct cty_type *declared, const struct cty_value **items,
               size_t count, const struct cty_type **ret_type);
/* The prefix of an unknown string, shortened to what may be sent. */
struct str cty_prefix_to_send(struct str prefix);
int cty_compare_refinements(const struct cty_refinement *a, const struct cty_refinement *b);
bool cty_type_conforms(const struct cty_type *type, const struct cty_type *declared);

static inline bool cty_is_collection(const struct cty_type *type)
{
    return type->kind == CTY_LIST || type->kind == CTY_SET || type->kind == CTY_MAP;
}

#endif
