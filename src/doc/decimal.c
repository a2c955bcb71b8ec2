#include "decimal.h"

/* Exponents beyond this are all alike: no text can make up for them. */
static const int64_t far_away = 1000000000000000;

static bool take(struct str *rest, const char *any_of)
{
    if (rest->len == 0 || rest->ptr[0] == 0 || strchr(any_of, rest->ptr[0]) == NULL)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static int64_t exponent_from(struct str digits, bool negative)
{
    int64_t exponent = 0;
    for (size_t i = 0; i < digits.len && exponent < far_away; i++)
        exponent = exponent * 10 + (digits.ptr[i] - '0');
    return negative ? -exponent : exponent;
}

static char digit_at(const struct decimal *decimal, size_t at)
{
    return at < decimal->whole.len ? decimal->whole.ptr[at]
                                   : decimal->fraction.ptr[at - decimal->whole.len];
}

static void strip(struct decimal *decimal)
{
    size_t count = decimal->whole.len + decimal->fraction.len;

    decimal->end = count;
    while (decimal->end > 0 && digit_at(decimal, decimal->end - 1) == '0')
        decimal->end--;
    while (decimal->first < decimal->end && digit_at(decimal, decimal->first) == '0')
        decimal->first++;
    decimal->exponent += (int64_t)(count - decimal->end) - (int64_t)decimal->fraction.len;
    if (decimal->first == decimal->end) {
        decimal->negative = false;
        decimal->exponent = 0;
    }
}

bool decimal_from(struct str text, struct decimal *ret_decimal)
{
    struct decimal decimal = {.negative = take(&text, "-")};

    decimal.whole = str_take_digits(&text);
    if (decimal.whole.len == 0)
        return false;
    if (take(&text, ".")) {
        decimal.fraction = str_take_digits(&text);
        if (decimal.fraction.len == 0)
            return false;
    }
    if (take(&text, "eE")) {
        bool negative = text.len > 0 && text.ptr[0] == '-';
        take(&text, "+-");
        struct str digits = str_take_digits(&text);
        if (digits.len == 0)
            return false;
        decimal.exponent = exponent_from(digits, negative);
    }
    if (text.len > 0)
        return false;
    strip(&decimal);
    *ret_decimal = decimal;
    return true;
}

bool decimal_equal(const struct decimal *a, const struct decimal *b)
{
    if (a->negative != b->negative || a->exponent != b->exponent ||
        a->end - a->first != b->end - b->first)
        return false;
    for (size_t i = 0; i < a->end - a->first; i++)
        if (digit_at(a, a->first + i) != digit_at(b, b->first + i))
            return false;
    return true;
}

bool decimal_to_int64(const struct decimal *decimal, int64_t *ret_number)
{
    int64_t number = 0, digits = (int64_t)(decimal->end - decimal->first);

    if (decimal->exponent < 0 || decimal->exponent > 19 || digits > 19)
        return false;
    for (int64_t i = 0; i < digits + decimal->exponent; i++) {
        int digit = i < digits ? digit_at(decimal, decimal->first + (size_t)i) - '0' : 0;
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, decimal->negative ? -digit : digit, &number))
            return false;
    }
    *ret_number = number;
    return true;
}
