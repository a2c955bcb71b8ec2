/* The order of a set's elements is part of its bytes. Strings, numbers and bools have a natural
 * one; everything else go-cty sorts by the text it hashes, which is made here again. */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>

enum { hash_digits = 10, most_hashed = 256 * 1024 * 1024 };

/* Ten digits in the manner of %g: halves are rounded to even. */
static size_t round_to_hash(struct str digits, char *out, int64_t *top)
{
    size_t len = digits.len < hash_digits ? digits.len : hash_digits;
    memcpy(out, digits.ptr, len);
    if (digits.len <= hash_digits)
        return len;

    char next = digits.ptr[hash_digits];
    bool half = next == '5' && digits.len == hash_digits + 1;
    bool up = half ? (out[len - 1] - '0') % 2 == 1 : next >= '5';
    while (up && len > 0 && out[len - 1] == '9')
        len--;
    if (up && len > 0) {
        out[len - 1]++;
    } else if (up) {
        out[len++] = '1';
        (*top)++;
    }
    while (len > 1 && out[len - 1] == '0')
        len--;
    return len;
}

static void hash_number(const struct cty_number *number, struct buf *out)
{
    char digits[hash_digits + 1];
    int64_t top = (int64_t)number->digits.len + number->exponent;

    if (number->negative)
        buf_putc(out, '-');
    if (number->infinite || number->digits.len == 0) {
        buf_putz(out, number->infinite ? "Inf" : "0");
        return;
    }
    size_t len = round_to_hash(number->digits, digits, &top);
    int64_t limit = hash_digits > len && (int64_t)len >= top ? (int64_t)len : hash_digits;
    if (number->infinite == false && (top - 1 < -4 || top - 1 >= limit)) {
        int64_t exponent = top - 1;
        buf_printf(out, "%c%s%.*s", digits[0], len > 1 ? "." : "", (int)len - 1, digits + 1);
        buf_printf(out, "e%c%02lld", exponent < 0 ? '-' : '+',
                   (long long)(exponent < 0 ? -exponent : exponent));
        return;
    }
    struct cty_number rounded = {.digits = {digits, len}, .exponent = top - (int64_t)len};
    char text[CTY_NUMBER_TEXT];
    buf_put(out, (struct str){text, cty_number_write(&rounded, text)});
}

static void hash_value(const struct cty_value *value, struct buf *out)
{
    static const char brackets[][3] = {[CTY_LIST] = "[]",
                                       [CTY_SET] = "[]",
                                       [CTY_MAP] = "{}",
                                       [CTY_TUPLE] = "<>",
                                       [CTY_OBJECT] = "<>"};
    enum cty_kind kind = value->type->kind;

    if (value->state != CTY_KNOWN) {
        buf_putc(out, value->state == CTY_UNKNOWN ? '?' : '~');
    } else if (kind == CTY_STRING) {
        cty_quote(out, value->text);
    } else if (kind == CTY_NUMBER) {
        hash_number(&value->number, out);
    } else if (kind == CTY_BOOL) {
        buf_putc(out, value->truth ? 'T' : 'F');
    } else if (kind != CTY_DYNAMIC) {
        buf_putc(out, brackets[kind][0]);
        for (size_t i = 0; i < value->count; i++) {
            if (kind == CTY_MAP) {
                cty_quote(out, value->keys[i]);
                buf_putc(out, ':');
            }
            hash_value(value->items[i], out);
            buf_putc(out, ';');
        }
        buf_putc(out, brackets[kind][1]);
    }
}

struct element {
    const struct cty_value *value;
    struct str hash; /* of known ones that have no natural order; lies in a buffer that may move, so
                        ptr is filled when it is complete */
    size_t hash_at, place;
    bool wholly_known;
};

static bool is_primitive(const struct cty_value *value)
{
    return value->type->kind <= CTY_BOOL;
}

static int by_order(const void *a, const void *b)
{
    const struct element *left = a, *right = b;
    bool hashed = left->hash.ptr != NULL && right->hash.ptr != NULL;
    int order = hashed ? str_cmp(left->hash, right->hash) : 0;

    if (order == 0 && (!hashed || (left->wholly_known && right->wholly_known)) &&
        !(cty_is_unknown(left->value) && cty_is_unknown(right->value)))
        order = cty_compare(left->value, right->value);
    if (order == 0)
        order = left->place < right->place ? -1 : 1;
    return order;
}

static void hash_elements(struct element *elements, size_t count, struct buf *hashes)
{
    for (size_t i = 0; i < count; i++) {
        const struct cty_value *value = elements[i].value;
        elements[i].hash_at = hashes->len;
        if (value->state == CTY_KNOWN && !is_primitive(value))
            hash_value(value, hashes);
        elements[i].hash.len = hashes->len - elements[i].hash_at;
    }
    for (size_t i = 0; i < count; i++)
        if (elements[i].hash.len > 0 && !hashes->overflow)
            elements[i].hash.ptr = hashes->ptr + elements[i].hash_at;
}

static bool is_sorted(const struct element *elements, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (by_order(&elements[i - 1], &elements[i]) > 0)
            return false;
    return true;
}

size_t cty_set_arrange(const struct cty_value **items, size_t count)
{
    struct element *elements = calloc(count + 1, sizeof *elements);
    struct buf hashes = buf_on_heap(most_hashed);
    size_t kept = 0;

    if (elements == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    for (size_t i = 0; i < count; i++)
        elements[i] = (struct element){
            .value = items[i], .place = i, .wholly_known = cty_is_wholly_known(items[i])};
    hash_elements(elements, count, &hashes);
    if (!is_sorted(elements, count))
        qsort(elements, count, sizeof *elements, by_order);
    for (size_t i = 0; i < count; i++) {
        bool again = kept > 0 && elements[i].wholly_known && elements[i - 1].wholly_known &&
                     cty_equal(items[kept - 1], elements[i].value);
        if (!again)
            items[kept++] = elements[i].value;
    }
    buf_done(&hashes);
    free(elements);
    return kept;
}

struct pair {
    struct str key;
    const struct cty_value *item;
    size_t place;
};

static int by_key(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    int order = str_cmp(left->key, right->key);

    return order != 0 ? order : left->place < right->place ? -1 : 1;
}

size_t cty_map_arrange(struct str *keys, const struct cty_value **items, size_t count)
{
    size_t kept = 1;

    while (kept < count && str_cmp(keys[kept - 1], keys[kept]) < 0)
        kept++;
    if (kept >= count) /* sorted already, as Terraform sends them */
        return count;
    struct pair *pairs = calloc(count, sizeof *pairs);
    if (pairs == NULL) {
        fputs("[ERROR] out of memory; the process ends here.\n", stderr);
        abort();
    }
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct pair){keys[i], items[i], i};
    qsort(pairs, count, sizeof *pairs, by_key);
    kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && str_eq(keys[kept - 1], pairs[i].key))
            kept--;
        keys[kept] = pairs[i].key;
        items[kept++] = pairs[i].item;
    }
    free(pairs);
    return kept;
}
