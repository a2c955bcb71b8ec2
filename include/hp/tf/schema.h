/* Attributes and blocks as static tables. A row is the schema, the validation, the default, the
 * behaviour in a plan and the documentation of one attribute; `static const`, fields by name, ended
 * by a row without a name.
 *
 * tf has never heard of AWS: `write`, `read` and `map` are carried for the resource and never
 * looked at. */
#ifndef HP_TF_SCHEMA_H
#define HP_TF_SCHEMA_H

#include <hp/cty/path.h>

struct tf_attr;
struct tf_call;
struct tf_check;
struct tf_plan;

enum tf_kind {
    TF_STRING = 1,
    TF_NUMBER,
    TF_INT, /* a number that must be whole */
    TF_BOOL,
    TF_DYNAMIC,
    TF_LIST,  /* of `of`, or of objects when `attrs` is set */
    TF_SET,   /* the same; nothing computed inside */
    TF_MAP,   /* the same */
    TF_OBJECT /* one nested object: `attrs` */
};

enum tf_flags {
    TF_REQUIRED = 1 << 0,
    TF_OPTIONAL = 1 << 1,
    TF_COMPUTED = 1 << 2,
    TF_SENSITIVE = 1 << 3,
    TF_WRITE_ONLY = 1 << 4,
    /* A change replaces the resource. */
    TF_REPLACE = 1 << 5,
    /* A computed value outlives updates: planned as it is in the state, instead of unknown. Without
     * it any update makes the value unknown. */
    TF_STABLE = 1 << 6,
    /* Never sent anywhere: when nothing but local attributes (and time-outs) changes, the plan
     * keeps all computed values and apply calls no verb. */
    TF_LOCAL = 1 << 7,
    /* Several. */
    TF_OC = TF_OPTIONAL | TF_COMPUTED
};

struct tf_attr {
    const char *name;
    enum tf_kind kind;
    enum tf_kind of;
    const struct tf_attr *attrs;
    unsigned flags;
    const char *doc; /* Markdown sentences for the schema and the manual */
    const char *deprecated;

    /* Default, as text of the kind ("Automatic", "443", "true"; "[]", "{}" for empty collections).
     * The attribute must be optional and computed. */
    const char *fallback;

    /* Validation of a known value; unknown and null pass. */
    const char *const *oneof; /* ended by NULL */
    const char *pattern;      /* PCRE2, anchored by us */
    const char *pattern_text; /* what the pattern means: "letters, digits and hyphens" */
    bool ranged;              /* min and max hold */
    int64_t min, max;         /* of the number */
    int64_t min_len, max_len; /* characters or elements; max_len 0: no bound */
    /* More than a table can say. Collections of primitives come as a whole and wholly known; nested
     * objects may hold unknowns. */
    bool (*check)(struct tf_check *check, const struct cty_value *value);
    const char *conflicts;    /* names at the same level, separated by spaces: not together */
    const char *one_of_group; /* at the same level, exactly one attribute of those that carry this
                                 word is set */
    const char *requires;     /* names at the same level that must be set when this one is */

    /* Plan. */
    bool (*same)(const struct cty_value *a,
                 const struct cty_value *b); /* written differently, means the same */
    bool (*replace_if)(struct tf_plan *plan, const struct cty_path *path,
                       const struct cty_value *prior,
                       const struct cty_value *planned); /* a conditional TF_REPLACE; both are known
                                                            or planned unknown */

    /* The resource's own. */
    const char *write, *read;
    const void *map;
};

enum tf_nesting { TF_BLOCK_SINGLE = 1, TF_BLOCK_GROUP, TF_BLOCK_LIST, TF_BLOCK_SET, TF_BLOCK_MAP };

struct tf_block {
    const char *name;
    enum tf_nesting nesting;
    const struct tf_attr *attrs;   /* may be NULL */
    const struct tf_block *blocks; /* may be NULL */
    int64_t min_items, max_items;  /* LIST and SET; 0: no bound */
    const char *doc;
    const char *deprecated;
    bool (*check)(struct tf_check *check,
                  const struct cty_value *value); /* of each block, known as a whole */
};

/* Handed to `check`: where the value stands, and where complaints go. */
struct tf_check {
    struct arena *arena;
    struct diags *diags;
    const struct cty_path *path;
    const struct cty_value
        *parent; /* the object that holds the attribute; its members may be unknown */
};

/* The row of that name, or NULL. */
const struct tf_attr *tf_attr_find(const struct tf_attr *attrs, struct str name);
/* The cty type of an object of these attributes and blocks (either may be NULL). */
const struct cty_type *tf_object_type(struct arena *arena, const struct tf_attr *attrs,
                                      const struct tf_block *blocks);
const struct cty_type *tf_attr_type(struct arena *arena, const struct tf_attr *attr);
/* The word of the list (ended by NULL) that was probably meant, or NULL: none is near. */
const char *tf_nearest(struct str word, const char *const *words);
/* Does the whole text match? For checks that a row's `pattern` cannot make. The pattern is compiled
 * once for the process: it must be static text. */
bool tf_pattern_matches(const char *pattern, struct str text);
/* Looks at a table as core looks at a schema, and stricter (terraform configschema
 * InternalValidate): names, modes, defaults only on optional+computed, nothing computed, write-only
 * or dynamic in sets, reserved names. False: a bug. */
bool tf_schema_check(struct arena *arena, const struct tf_attr *attrs,
                     const struct tf_block *blocks, bool is_provider, struct diags *diags);

#endif
