/* Things by their names: what finds one among thousands without looking at each. */
#ifndef HP_SIM_INDEX_H
#define HP_SIM_INDEX_H

#include <hp/base/str.h>

struct index_slot {
    struct str name; /* ptr NULL: free */
    uint64_t hash;
    void *item;
};

/* Zeroed: nothing is in it. */
struct index {
    struct index_slot *slots;
    size_t count, size; /* size: 0 or a power of two */
};

/* The name is borrowed: it stays where it is until index_remove. No name twice. */
void index_add(struct index *index, struct str name, void *item);
void *index_find(const struct index *index, struct str name); /* NULL: there is none */
/* A name that is not there is none to remove. */
void index_remove(struct index *index, struct str name);
void index_done(struct index *index); /* not the items */

#endif
