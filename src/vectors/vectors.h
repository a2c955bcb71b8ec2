/* Runs files of test vectors. Each prints every failure and the line `N passed, N failed`, and
 * gives the exit status: 0 only if none failed and some passed. */
#ifndef VECTORS_H
#define VECTORS_H

int vectors_cty(const char *file);
int vectors_sigv4(const char *folder);
int vectors_requests(const char *file);

#endif
