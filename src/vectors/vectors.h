/* Runs files of test vectors. Each of the first prints every failure and the line `N passed, N
 * failed`, and gives the exit status: 0 only if none failed and some passed. */
#ifndef VECTORS_H
#define VECTORS_H

int vectors_cty(const char *file);
int vectors_sigv4(const char *folder);
int vectors_requests(const char *file);

/* For a battery that has another implementation at hand, on standard output, as JSON.
 * shapes: of each operation the members that have a row. wire: FILE is a list; of a row with
 * `params` the request that our codecs write, of one with `answer` the tree that they read. */
int vectors_shapes(const char *nothing);
int vectors_wire(const char *file);

#endif
