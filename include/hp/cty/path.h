/* A path to a place inside a value: .instance_groups["workers"].instance_count
 * A path is a chain from the leaf up; it lives in its arena and steps are shared. NULL is the root.
 */
#ifndef HP_CTY_PATH_H
#define HP_CTY_PATH_H

#include <hp/cty/value.h>

enum cty_step { CTY_STEP_ATTR, CTY_STEP_KEY, CTY_STEP_INDEX };

struct cty_path {
    const struct cty_path *parent;
    enum cty_step step;
    struct str name; /* attribute name or map key */
    int64_t index;
};

const struct cty_path *cty_path_attr(struct arena *arena, const struct cty_path *parent,
                                     struct str name);
const struct cty_path *cty_path_key(struct arena *arena, const struct cty_path *parent,
                                    struct str key);
const struct cty_path *cty_path_index(struct arena *arena, const struct cty_path *parent,
                                      int64_t index);
/* From text: "instance_groups[\"workers\"].instance_count", "rules[0].port". NULL on nonsense: our
 * own mistake. */
const struct cty_path *cty_path_of(struct arena *arena, const char *text);
struct str cty_path_text(struct arena *arena, const struct cty_path *path);
size_t cty_path_length(const struct cty_path *path);
bool cty_path_equal(const struct cty_path *a, const struct cty_path *b);
/* By length of shared prefix and then by steps; for sorting. */
int cty_path_compare(const struct cty_path *a, const struct cty_path *b);
/* The value there, or NULL: no such attribute, key or index, a null or unknown on the way, or a
 * step into a set. */
const struct cty_value *cty_at(const struct cty_value *value, const struct cty_path *path);

#endif
