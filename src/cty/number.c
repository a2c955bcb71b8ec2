#include "round.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t max_written = 2000; /* characters, before an exponent is used */

static bool take_char(struct str *rest, char a, char b)
{
    if (rest->len == 0 || (rest->ptr[0] != a && rest->ptr[0] != b))
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static bool take_exponent(struct str *rest, int64_t *ret_exponent)
{
    int64_t exponent = 0;
    bool negative = take_char(rest, '-', '-');

    if (!negative)
        take_char(rest, '+', '+');
    struct str digits = str_take_digits(rest);
    for (size_t i = 0; i < digits.len && exponent <= 100 * (int64_t)CTY_MAX_EXPONENT; i++)
        exponent = exponent * 10 + (digits.ptr[i] - '0');
    *ret_exponent = negative ? -exponent : exponent;
    return digits.len > 0;
}

static bool all_zeros(struct str digits)
{
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] != '0')
            return false;
    return true;
}

/* Drops zeros at both ends. */
static void strip(struct cty_number *number)
{
    struct str digits = number->digits;

    while (digits.len > 0 && digits.ptr[digits.len - 1] == '0') {
        digits.len--;
        number->exponent++;
    }
    while (digits.len > 0 && digits.ptr[0] == '0')
        digits = str_from(digits, 1);
    number->digits = digits;
    if (digits.len == 0)
        *number = (struct cty_number){.negative = number->negative, .digits = S("")};
}

static bool infinity_from(struct str text, bool negative, struct cty_number *ret_number)
{
    if (!str_is(text, "Inf") && !str_is(text, "inf"))
        return false;
    *ret_number = (struct cty_number){.negative = negative, .infinite = true, .digits = S("")};
    return true;
}

bool cty_number_from_text(struct arena *arena, struct str text, struct cty_number *ret_number)
{
    struct cty_number number = {.negative = take_char(&text, '-', '-')};

    if (!number.negative)
        take_char(&text, '+', '+');
    if (infinity_from(text, number.negative, ret_number))
        return true;
    struct str whole = str_take_digits(&text), fraction = S("");
    if (take_char(&text, '.', '.'))
        fraction = str_take_digits(&text);
    if (whole.len + fraction.len == 0)
        return false;
    if (take_char(&text, 'e', 'E') && !take_exponent(&text, &number.exponent))
        return false;
    if (text.len > 0 || whole.len > SIZE_MAX / 4 || fraction.len > SIZE_MAX / 4)
        return false;

    number.exponent -= (int64_t)fraction.len;
    while (fraction.len > 0 && fraction.ptr[fraction.len - 1] == '0') {
        fraction.len--;
        number.exponent++;
    }
    while (whole.len > 0 && whole.ptr[0] == '0')
        whole = str_from(whole, 1);
    if (fraction.len == 0) {
        number.digits = whole;
    } else if (whole.len == 0) {
        number.digits = fraction;
    } else {
        if (whole.len + fraction.len > CTY_MAX_DIGITS ||
            !arena_has_room(arena, whole.len + fraction.len + 64))
            return false;
        number.digits = arena_cat(arena, whole, fraction);
    }
    if (all_zeros(number.digits))
        number.digits = S("");
    strip(&number);
    if (number.digits.len > CTY_MAX_DIGITS || number.exponent > CTY_MAX_EXPONENT ||
        number.exponent < -(int64_t)CTY_MAX_EXPONENT)
        return false;
    *ret_number = number;
    return true;
}

/* Of what printf's %e writes: d.ddde±x. The digits stay in text, which is changed. */
static struct cty_number from_scientific(char *text)
{
    struct cty_number number = {.negative = text[0] == '-'};
    char *digits = text + number.negative, *e = strchr(digits, 'e');
    size_t len = (size_t)(e - digits);

    number.exponent = strtol(e + 1, NULL, 10);
    if (len > 1) { /* the point goes */
        memmove(digits + 1, digits + 2, len - 2);
        len--;
    }
    number.exponent -= (int64_t)len - 1;
    number.digits = (struct str){digits, len};
    strip(&number);
    return number;
}

static struct cty_number kept(struct arena *arena, struct cty_number number)
{
    number.digits = arena_str(arena, number.digits);
    return number;
}

enum { exact_digits = 766 /* after the first: no double has more */, double_text = 800 };

bool cty_number_from_double(struct arena *arena, double number, struct cty_number *ret_number)
{
    char text[double_text];

    if (isnan(number))
        return false;
    if (isinf(number)) {
        *ret_number =
            (struct cty_number){.negative = number < 0, .infinite = true, .digits = S("")};
        return true;
    }
    snprintf(text, sizeof text, "%.*e", exact_digits, number);
    *ret_number = kept(arena, from_scientific(text));
    return true;
}

bool cty_number_from_double_short(struct arena *arena, double number, struct cty_number *ret_number)
{
    enum { double_bits = 53 };
    char digits[CTY_MAX_DIGITS + 1];

    if (!cty_number_from_double(arena, number, ret_number))
        return false;
    if (!ret_number->infinite && ret_number->digits.len > 0)
        *ret_number = kept(arena, cty_number_shortest(ret_number, double_bits, digits));
    return true;
}

static int compare_size(const struct cty_number *a, const struct cty_number *b)
{
    if (a->infinite || b->infinite)
        return (int)a->infinite - (int)b->infinite;
    if (a->digits.len == 0 || b->digits.len == 0)
        return (a->digits.len > 0) - (b->digits.len > 0);
    int64_t top_a = (int64_t)a->digits.len + a->exponent,
            top_b = (int64_t)b->digits.len + b->exponent;
    if (top_a != top_b)
        return top_a < top_b ? -1 : 1;
    return str_cmp(a->digits, b->digits);
}

int cty_number_cmp(const struct cty_number *a, const struct cty_number *b)
{
    bool zero_a = !a->infinite && a->digits.len == 0, zero_b = !b->infinite && b->digits.len == 0;

    if (zero_a && zero_b)
        return 0; /* the sign of zero is for writing only */
    if (a->negative != b->negative && !zero_a && !zero_b)
        return a->negative ? -1 : 1;
    if (zero_a)
        return b->negative ? 1 : -1;
    if (zero_b)
        return a->negative ? -1 : 1;
    int order = compare_size(a, b);
    order = (order > 0) - (order < 0);
    return a->negative ? -order : order;
}

/* How many characters the digits take without an exponent. */
static int64_t plain_length(const struct cty_number *number)
{
    int64_t digits = (int64_t)number->digits.len, top = digits + number->exponent;

    if (number->exponent >= 0)
        return top;
    return top > 0 ? digits + 1 : digits + 2 - top;
}

static size_t put_zeros(char *out, int64_t count)
{
    memset(out, '0', count > 0 ? (size_t)count : 0);
    return count > 0 ? (size_t)count : 0;
}

static size_t write_plain(const struct cty_number *number, char *out)
{
    struct str digits = number->digits;
    int64_t top = (int64_t)digits.len + number->exponent;
    size_t len = 0, whole = top <= 0 ? 0 : (size_t)top < digits.len ? (size_t)top : digits.len;

    memcpy(out, digits.ptr, whole);
    len = whole;
    len += put_zeros(out + len, number->exponent);
    if (number->exponent >= 0)
        return len;
    if (whole == 0)
        out[len++] = '0';
    out[len++] = '.';
    len += put_zeros(out + len, -top);
    memcpy(out + len, digits.ptr + whole, digits.len - whole);
    return len + digits.len - whole;
}

size_t cty_number_write(const struct cty_number *number, char *out)
{
    char digits[CTY_MAX_DIGITS + 1];
    struct cty_number rounded = cty_number_round(number, digits);
    size_t len = 0;

    if (rounded.negative)
        out[len++] = '-';
    if (rounded.infinite)
        return len + (size_t)snprintf(out + len, 8, "Inf");
    if (rounded.digits.len == 0)
        return len + (size_t)snprintf(out + len, 8, "0");
    if (plain_length(&rounded) <= max_written)
        return len + write_plain(&rounded, out + len);
    memcpy(out + len, rounded.digits.ptr, rounded.digits.len);
    len += rounded.digits.len;
    return len + (size_t)snprintf(out + len, 32, "e%lld", (long long)rounded.exponent);
}

struct str cty_number_text(struct arena *arena, const struct cty_number *number)
{
    char text[CTY_NUMBER_TEXT];

    if (!number->infinite && number->digits.len == 0)
        return S("0");
    return arena_str(arena, (struct str){text, cty_number_write(number, text)});
}

bool cty_number_to_int64(const struct cty_number *number, int64_t *ret)
{
    int64_t whole = 0, digits = (int64_t)number->digits.len;

    if (number->infinite || number->exponent < 0 || digits + number->exponent > 19)
        return false;
    for (int64_t i = 0; i < digits + number->exponent; i++) {
        int digit = i < digits ? number->digits.ptr[i] - '0' : 0;
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, number->negative ? -digit : digit, &whole))
            return false;
    }
    *ret = whole;
    return true;
}

double cty_number_to_double(const struct cty_number *number)
{
    char text[CTY_MAX_DIGITS + 40];

    if (number->infinite)
        return number->negative ? -INFINITY : INFINITY;
    if (number->digits.len == 0)
        return 0;
    snprintf(text, sizeof text, "%s%.*se%lld", number->negative ? "-" : "", STR(number->digits),
             (long long)number->exponent);
    return strtod(text, NULL);
}

bool cty_number_is_double(const struct cty_number *number, double *ret_double)
{
    int64_t top = (int64_t)number->digits.len + number->exponent;

    if (number->infinite || top > 310 || top < -330)
        return false;
    double nearest = cty_number_to_double(number);
    if (isinf(nearest))
        return false;
    char text[double_text];
    snprintf(text, sizeof text, "%.*e", exact_digits, nearest);
    struct cty_number exact = from_scientific(text);
    *ret_double = nearest;
    return cty_number_cmp(&exact, number) == 0;
}
