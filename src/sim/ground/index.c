#include "index.h"

#include <stdlib.h>

/* FNV-1a, and its high bits folded into the low ones, which choose the slot. */
static uint64_t hash_of(struct str name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The slot of that name, or the free one where it would be. There is a free one. */
static struct index_slot *slot_of(const struct index *index, struct str name, uint64_t hash)
{
    size_t at = hash & (index->size - 1);
    while (index->slots[at].name.ptr != NULL &&
           (index->slots[at].hash != hash || !str_eq(index->slots[at].name, name)))
        at = (at + 1) & (index->size - 1);
    return &index->slots[at];
}

static void grow(struct index *index)
{
    struct index old = *index;

    index->size = old.size == 0 ? 16 : old.size * 2;
    index->slots = calloc(index->size, sizeof *index->slots);
    if (index->slots == NULL)
        abort();
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i].name.ptr != NULL)
            *slot_of(index, old.slots[i].name, old.slots[i].hash) = old.slots[i];
    free(old.slots);
}

void index_add(struct index *index, struct str name, void *item)
{
    uint64_t hash = hash_of(name);

    if (index->count >= index->size / 2)
        grow(index);
    struct index_slot *slot = slot_of(index, name, hash);
    if (slot->name.ptr == NULL)
        index->count++;
    *slot = (struct index_slot){name, hash, item};
}

void *index_find(const struct index *index, struct str name)
{
    if (index->count == 0)
        return NULL;
    struct index_slot *slot = slot_of(index, name, hash_of(name));
    return slot->name.ptr == NULL ? NULL : slot->item;
}

/* What stands behind a slot that becomes free, and was only there because that was taken, moves up.
 */
void index_remove(struct index *index, struct str name)
{
    if (index->count == 0)
        return;
    struct index_slot *hole = slot_of(index, name, hash_of(name));
    if (hole->name.ptr == NULL)
        return;
    index->count--;
    size_t mask = index->size - 1, free_at = (size_t)(hole - index->slots);
    for (size_t at = (free_at + 1) & mask; index->slots[at].name.ptr != NULL; at = (at + 1) & mask)
        if (((at - index->slots[at].hash) & mask) >= ((at - free_at) & mask)) {
            index->slots[free_at] = index->slots[at];
            free_at = at;
        }
    index->slots[free_at] = (struct index_slot){.item = NULL};
}

void index_done(struct index *index)
{
    free(index->slots);
    *index = (struct index){.slots = NULL};
}
