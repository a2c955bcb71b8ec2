/* Terraform's values: known, null, or unknown (perhaps refined). Immutable once made; they live in
 * an arena and may borrow from the bytes they were decoded from. Strings are NFC (Unicode normal
 * form C), numbers exact decimals.
 *
 * A NULL pointer is no value at all and never means null. */
#ifndef HP_CTY_VALUE_H
#define HP_CTY_VALUE_H

#include <hp/cty/type.h>

/* Stated limits: a decoder refuses more. 1e999999999 costs nothing: the exponent is kept, never
 * written out. */
enum { CTY_MAX_DIGITS = 1000, CTY_MAX_EXPONENT = 1000000000 };

/* ± 0.d1d2d3… would be one way; ours is ± d1d2d3… × 10^exponent, without zeros at either end; zero
 * has no digits (and a sign only for writing: go-cty's JSON says -0). */
struct cty_number {
    bool negative, infinite;
    struct str digits;
    int64_t exponent;
};

enum cty_state { CTY_KNOWN, CTY_NULL, CTY_UNKNOWN };

/* What is promised of an unknown value; zeroed: nothing. */
struct cty_refinement {
    bool not_null;
    struct str prefix;                      /* strings; ptr NULL: none */
    const struct cty_number *lower, *upper; /* numbers; NULL: none */
    bool lower_inclusive, upper_inclusive;
    bool has_min_length, has_max_length; /* list, set, map */
    int64_t min_length, max_length;
};

struct cty_value {
    /* The type of this value. Of a null or unknown of unknown type: cty_dynamic. A value inside a
     * declared dynamic has its own concrete type here; codecs are given the declared one. */
    const struct cty_type *type;
    enum cty_state state;
    bool truth;               /* known bool */
    struct str text;          /* known string */
    struct cty_number number; /* known number */
    const struct cty_value *const
        *items; /* known list, set (canonical order, no duplicates), tuple, object (in the
                   type's attribute order), map (sorted by key) */
    const struct str *keys; /* known map */
    size_t count;
    const struct cty_refinement *refined; /* unknown; NULL: nothing is promised */
};

const struct cty_value *cty_null(struct arena *arena, const struct cty_type *type);
const struct cty_value *cty_unknown(struct arena *arena, const struct cty_type *type);
/* An unknown with promises. Those that leave only one value give that value, as in go-cty: a number
 * between 3 and 3, a list of 2 elements (both unknown), a set or map of none. NULL: they contradict
 * each other. */
const struct cty_value *cty_refine(struct arena *arena, const struct cty_type *type,
                                   const struct cty_refinement *refined);
/* Invalid UTF-8 is replaced, text is brought to NFC. */
const struct cty_value *cty_str(struct arena *arena, struct str text);
const struct cty_value *cty_int(struct arena *arena, int64_t number);
const struct cty_value *cty_truth(struct arena *arena, bool truth);
/* Decimal text ("-12.50", "1e10"). False: not a number, or past the limits. */
bool cty_number_from_text(struct arena *arena, struct str text, struct cty_number *ret_number);
/* The exact decimal value of a double. False: NaN. */
bool cty_number_from_double(struct arena *arena, double number, struct cty_number *ret_number);
int cty_number_cmp(const struct cty_number *a, const struct cty_number *b);
/* Decimal digits without an exponent, as state JSON has it; past 2000 characters with one. */
struct str cty_number_text(struct arena *arena, const struct cty_number *number);
bool cty_number_to_int64(const struct cty_number *number, int64_t *ret); /* whole and fitting */
double cty_number_to_double(const struct cty_number *number);
const struct cty_value *cty_num(struct arena *arena, const struct cty_number *number);

/* Collections and structures take their items in any order a set or map may have; the arrays are
 * copied. For objects `items` are in the type's attribute order. Equal elements of a set collapse
 * (unknowns do not). For maps the last of equal keys wins. */
const struct cty_value *cty_list(struct arena *arena, const struct cty_type *element,
                                 const struct cty_value *const *items, size_t count);
const struct cty_value *cty_set(struct arena *arena, const struct cty_type *element,
                                const struct cty_value *const *items, size_t count);
const struct cty_value *cty_map(struct arena *arena, const struct cty_type *element,
                                const struct str *keys, const struct cty_value *const *items,
                                size_t count);
const struct cty_value *cty_tuple(struct arena *arena, const struct cty_type *type,
                                  const struct cty_value *const *items);
const struct cty_value *cty_object(struct arena *arena, const struct cty_type *type,
                                   const struct cty_value *const *items);
/* An empty list, set or map of that (collection) type. */
const struct cty_value *cty_empty(struct arena *arena, const struct cty_type *type);

static inline bool cty_is_null(const struct cty_value *value)
{
    return value->state == CTY_NULL;
}
static inline bool cty_is_unknown(const struct cty_value *value)
{
    return value->state == CTY_UNKNOWN;
}
static inline bool
cty_is_known(const struct cty_value *value) /* itself, perhaps with unknowns inside; not null */
{
    return value->state == CTY_KNOWN;
}
/* No unknown anywhere inside. */
bool cty_is_wholly_known(const struct cty_value *value);

/* Member of a known object (NULL when the type has none of that name, or the object is null or
 * unknown). */
const struct cty_value *cty_get(const struct cty_value *object, struct str name);
/* Element of a known map, or NULL. */
const struct cty_value *cty_lookup(const struct cty_value *map, struct str key);
/* A copy with one attribute of a known object changed. The attribute must exist. */
const struct cty_value *cty_with(struct arena *arena, const struct cty_value *object,
                                 struct str name, const struct cty_value *value);
bool cty_set_has(const struct cty_value *set, const struct cty_value *item);

/* Same type, state and content; unknowns are equal when their refinements are; numbers by value;
 * sets without order. */
bool cty_equal(const struct cty_value *a, const struct cty_value *b);
/* A total order: known before unknown before null, strings by bytes, numbers ascending, false
 * first, compounds element by element. (A set of compounds keeps go-cty's order of its own.) */
int cty_compare(const struct cty_value *a, const struct cty_value *b);
/* True when the value may stand where the declared type is asked for (dynamic takes all). */
bool cty_conforms(const struct cty_value *value, const struct cty_type *declared);
/* Every unknown inside becomes null. */
const struct cty_value *cty_unknown_to_null(struct arena *arena, const struct cty_value *value);
/* As Go's %#v would show it, short, for messages about our own mistakes: cty.StringVal("x").
 * Sensitive values are not given to it. */
struct str cty_show(struct arena *arena, const struct cty_value *value);

#endif
