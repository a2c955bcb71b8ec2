/* A number's text taken apart, without allocating: what JSON's numbers are worth. */
#ifndef DOC_DECIMAL_H
#define DOC_DECIMAL_H

#include <hp/base/str.h>

/* The digits from `first` up to `end` of whole and fraction, written one after the other, times
 * 10^exponent; no zero at either end, and none at all for zero. */
struct decimal {
    bool negative;
    struct str whole, fraction;
    size_t first, end;
    int64_t exponent;
};

bool decimal_from(struct str text, struct decimal *ret_decimal); /* false: not a number */
bool decimal_equal(const struct decimal *a, const struct decimal *b);
bool decimal_to_int64(const struct decimal *decimal, int64_t *ret_number); /* whole and fitting */

#endif
