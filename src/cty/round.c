/* Rounds numbers as go-cty does, which keeps 512 bits and writes the fewest digits that lead back
 * to them (math/big, Float.Text('f', -1)). Everything here is decimal: dividing by 2^n is
 * multiplying by 5^n and moving the point. */
#include "round.h"

#include <math.h>
#include <stdlib.h>

enum {
    short_enough = 153, /* digits that any 512 bits tell apart */
    far = 1100,         /* beyond 10^±far digits are simply cut */
    limb_count = 512,   /* of nine digits each */
    digit_count = 9 * limb_count,
};
static const uint32_t limb_base = 1000000000;

/* A natural number, least limb first. */
struct natural {
    uint32_t limbs[limb_count];
    size_t count;
};

static void multiply(struct natural *n, uint32_t by, uint32_t carry)
{
    uint64_t rest = carry;

    for (size_t i = 0; i < n->count; i++) {
        rest += (uint64_t)n->limbs[i] * by;
        n->limbs[i] = (uint32_t)(rest % limb_base);
        rest /= limb_base;
    }
    if (rest > 0 && n->count < limb_count)
        n->limbs[n->count++] = (uint32_t)rest;
}

static void multiply_power(struct natural *n, uint32_t base, uint32_t chunk, int64_t chunk_power,
                           int64_t power)
{
    for (; power >= chunk_power; power -= chunk_power)
        multiply(n, chunk, 0);
    for (; power > 0; power--)
        multiply(n, base, 0);
}

static void natural_from(struct natural *n, struct str digits)
{
    n->count = 0;
    for (size_t i = 0; i < digits.len; i++)
        multiply(n, 10, (uint32_t)(digits.ptr[i] - '0'));
}

/* Digits times 10^exponent. */
struct decimal {
    char digits[digit_count];
    size_t len;
    int64_t exponent;
};

static void decimal_from(struct decimal *d, const struct natural *n)
{
    size_t len = 0;

    for (size_t i = n->count; i-- > 0;) {
        uint32_t limb = n->limbs[i];
        for (size_t j = 9; j-- > 0; limb /= 10)
            d->digits[len + j] = (char)('0' + limb % 10);
        len += 9;
    }
    size_t zeros = 0;
    while (zeros < len && d->digits[zeros] == '0')
        zeros++;
    memmove(d->digits, d->digits + zeros, len - zeros);
    d->len = len - zeros;
}

/* digits × 10^exponent × 2^shift */
static void shifted(struct decimal *d, struct str digits, int64_t exponent, int64_t shift)
{
    struct natural n;

    natural_from(&n, digits);
    if (shift >= 0)
        multiply_power(&n, 2, 1 << 29, 29, shift);
    else
        multiply_power(&n, 5, 244140625, 12, -shift);
    decimal_from(d, &n);
    d->exponent = exponent + (shift < 0 ? shift : 0);
}

/* Adds one at the last of the digits. */
static void increment(struct decimal *d)
{
    size_t i = d->len;

    while (i > 0 && d->digits[i - 1] == '9')
        d->digits[--i] = '0';
    if (i > 0) {
        d->digits[i - 1]++;
        return;
    }
    memmove(d->digits + 1, d->digits, d->len);
    d->digits[0] = '1';
    d->len++;
}

/* Keeps `keep` digits; halves go to the even one. */
static void round_at(struct decimal *d, size_t keep)
{
    if (keep >= d->len)
        return;
    bool half = d->digits[keep] == '5' && keep + 1 == d->len;
    bool odd = keep > 0 && (d->digits[keep - 1] - '0') % 2 == 1;
    bool up = half ? odd : d->digits[keep] >= '5';
    d->exponent += (int64_t)(d->len - keep);
    d->len = keep;
    if (up)
        increment(d);
}

static void trim(struct decimal *d)
{
    while (d->len > 0 && d->digits[d->len - 1] == '0') {
        d->len--;
        d->exponent++;
    }
}

/* To a whole number, written out. */
static void round_whole(struct decimal *d)
{
    trim(d);
    if (d->exponent < 0 && -d->exponent > (int64_t)d->len)
        d->len = 0;
    else if (d->exponent < 0)
        round_at(d, d->len - (size_t)-d->exponent);
    for (; d->exponent > 0 && d->len < digit_count; d->exponent--)
        d->digits[d->len++] = '0';
    d->exponent = 0;
}

static struct str digits_of(const struct decimal *d)
{
    return (struct str){d->digits, d->len};
}

static int compare_whole(struct str a, struct str b)
{
    return a.len != b.len ? (a.len < b.len ? -1 : 1) : str_cmp(a, b);
}

/* The mantissa of `bits` bits, and the shift that number × 2^shift needs to come to it. */
static int64_t mantissa_of(const struct cty_number *number, int bits, struct decimal *mantissa)
{
    struct decimal least, most;
    char head[20] = "0.";
    size_t len = number->digits.len < 15 ? number->digits.len : 15;
    int64_t top = (int64_t)number->digits.len + number->exponent;

    memcpy(head + 2, number->digits.ptr, len);
    double log = log2(strtod(head, NULL)) + (double)top * 3.32192809488736234787;
    shifted(&least, S("1"), 0, bits - 1);
    shifted(&most, S("1"), 0, bits);
    int64_t shift = bits - (int64_t)floor(log) - 1;
    for (;; shift--) { /* the logarithm may have been a little too small */
        shifted(mantissa, number->digits, number->exponent, shift);
        round_whole(mantissa);
        if (compare_whole(digits_of(mantissa), digits_of(&most)) < 0)
            break;
    }
    while (compare_whole(digits_of(mantissa), digits_of(&least)) < 0) {
        shift++;
        shifted(mantissa, number->digits, number->exponent, shift);
        round_whole(mantissa);
    }
    return shift;
}

/* 2m ± 1, half a unit of the last place away. */
static void neighbour(struct decimal *d, const struct decimal *mantissa, int64_t shift, bool above)
{
    struct decimal twice;
    struct natural n;

    natural_from(&n, digits_of(mantissa));
    multiply(&n, 2, above);
    if (!above) { /* 2m - 1: m is never 0 */
        size_t i = 0;
        while (n.limbs[i] == 0)
            n.limbs[i++] = limb_base - 1;
        n.limbs[i]--;
    }
    decimal_from(&twice, &n);
    shifted(d, digits_of(&twice), 0, -shift - 1);
    trim(d);
}

static char digit_at(const struct decimal *d, size_t i)
{
    return i < d->len ? d->digits[i] : '0';
}

static void shorten(struct decimal *exact, const struct decimal *lower, const struct decimal *upper,
                    bool inclusive)
{
    for (size_t i = 0; i < exact->len; i++) {
        char m = exact->digits[i], l = digit_at(lower, i), u = digit_at(upper, i);
        bool down = l != m || (inclusive && i + 1 == lower->len);
        bool up = m != u && (inclusive || m + 1 < u || i + 1 < upper->len);
        if (!down && !up)
            continue;
        if (down && up) {
            round_at(exact, i + 1);
        } else {
            exact->exponent += (int64_t)(exact->len - i) - 1;
            exact->len = i + 1;
            if (up)
                increment(exact);
        }
        return;
    }
}

struct cty_number cty_number_shortest(const struct cty_number *number, int bits, char *digits)
{
    struct decimal mantissa, exact, lower, upper;
    struct cty_number rounded = *number;
    int64_t top = (int64_t)number->digits.len + number->exponent;

    if (top > far || top < -far) {
        exact.len = number->digits.len;
        exact.exponent = number->exponent;
        memcpy(exact.digits, number->digits.ptr, exact.len);
        round_at(&exact, short_enough + 1);
    } else {
        int64_t shift = mantissa_of(number, bits, &mantissa);
        shifted(&exact, digits_of(&mantissa), 0, -shift);
        trim(&exact);
        neighbour(&lower, &mantissa, shift, false);
        neighbour(&upper, &mantissa, shift, true);
        shorten(&exact, &lower, &upper, (mantissa.digits[mantissa.len - 1] - '0') % 2 == 0);
    }
    trim(&exact);
    memcpy(digits, exact.digits, exact.len);
    rounded.digits = (struct str){digits, exact.len};
    rounded.exponent = exact.exponent;
    return rounded;
}

struct cty_number cty_number_round(const struct cty_number *number, char *digits)
{
    enum { kept_bits = 512 };

    if (number->infinite || number->digits.len <= short_enough)
        return *number;
    return cty_number_shortest(number, kept_bits, digits);
}
