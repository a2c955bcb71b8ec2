/* The cloud of the contrary provider: objects by id, as JSON text; in memory, or as files of a
 * folder so that they outlive the process (tests look at them, and change them). Thread safe. */
#ifndef CONTRARY_STORE_H
#define CONTRARY_STORE_H

#include <hp/base/arena.h>

struct store;
enum { STORE_LARGEST = 256 << 20 }; /* bytes of one object */

struct store *store_new(struct str dir); /* dir empty: in memory */
void store_free(struct store *store);

bool store_put(struct store *store, struct str id, struct str json);
/* ptr NULL: there is none. */
struct str store_get(struct store *store, struct arena *arena, struct str id);
void store_remove(struct store *store, struct str id);
/* The ids that begin so, in order; at most that many. */
size_t store_list(struct store *store, struct arena *arena, struct str prefix, struct str *ids,
                  size_t most);

#endif
