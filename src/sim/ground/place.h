/* Where in a JSON text a part of its tree stands: for errors that name line and column. */
#ifndef HP_SIM_PLACE_H
#define HP_SIM_PLACE_H

#include <hp/doc/doc.h>

struct place {
    size_t line, column; /* from 1; a column is a character */
};

/* `root` is the tree of `text`; `part` is a value or an entry of it (an entry stands where its name
 * does). What is no part of it stands at the beginning. */
struct place place_in(struct str text, const struct doc *root, const void *part);

#endif
