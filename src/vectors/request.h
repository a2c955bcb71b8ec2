/* One vector of request-vectors.json. */
#ifndef VECTORS_REQUEST_H
#define VECTORS_REQUEST_H

#include <hp/doc/doc.h>

struct vector {
    struct arena *arena;
    const struct doc *file, *doc;
    struct str name;
};

/* False: printed. */
bool vector_same(const struct vector *vector, const char *what, struct str ours, struct str theirs);
struct str vector_text(const struct vector *vector, const char *member);
struct str vector_header(const struct vector *vector, struct str name);

/* Method, address, headers and body, written from the parameters, are those that were sent. JSON
 * and XML are equal by content; a body in chunks by what is in them. */
bool vector_encodes(const struct vector *vector);

#endif
