/* Terraform's types (cty). A type is immutable and lives in the arena it was made in, or is static;
 * equal types need not be the same pointer. */
#ifndef HP_CTY_TYPE_H
#define HP_CTY_TYPE_H

#include <hp/base/arena.h>
#include <hp/base/buf.h>

enum cty_kind {
    CTY_STRING,
    CTY_NUMBER,
    CTY_BOOL,
    CTY_DYNAMIC, /* any type: decided by each value */
    CTY_LIST,
    CTY_SET,
    CTY_MAP,
    CTY_TUPLE,
    CTY_OBJECT
};

struct cty_attribute {
    struct str name;
    const struct cty_type *type;
    bool optional; /* only in the third element of type JSON; never in provider schemas */
};

struct cty_type {
    enum cty_kind kind;
    const struct cty_type *element; /* list, set, map */
    const struct cty_attribute
        *attributes; /* object: sorted by name, bytewise; tuple: in order, without names */
    size_t count;
};

extern const struct cty_type cty_string, cty_number, cty_bool, cty_dynamic;

const struct cty_type *cty_list_of(struct arena *arena, const struct cty_type *element);
const struct cty_type *cty_set_of(struct arena *arena, const struct cty_type *element);
const struct cty_type *cty_map_of(struct arena *arena, const struct cty_type *element);
/* Takes the attributes in any order; the array is copied, names are borrowed. */
const struct cty_type *cty_object_of(struct arena *arena, const struct cty_attribute *attributes,
                                     size_t count);
const struct cty_type *cty_tuple_of(struct arena *arena, const struct cty_type *const *types,
                                    size_t count);

bool cty_type_equal(const struct cty_type *a, const struct cty_type *b);
/* Index of the attribute in an object type, or -1. */
ptrdiff_t cty_attribute_index(const struct cty_type *object, struct str name);
bool cty_type_has_dynamic(const struct cty_type *type);

/* Type constraint JSON: "string", ["list","string"], ["object",{…},["optional"]] (docs:
 * cty/json.go). False: *ret_why says what is wrong. Depth at most CTY_MAX_DEPTH. */
bool cty_type_from_json(struct arena *arena, struct str json, const struct cty_type **ret_type,
                        struct str *ret_why);
/* Compact, attributes sorted, as go-cty writes it. */
struct str cty_type_to_json(struct arena *arena, const struct cty_type *type);
/* For people: "list of string", "object". */
struct str cty_type_name(struct arena *arena, const struct cty_type *type);

enum { CTY_MAX_DEPTH = 100 };

#endif
