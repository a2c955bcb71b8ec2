#include "cidr.h"

#include <arpa/inet.h>

/* Splits ADDRESS/BITS. */
static bool split(struct str text, int most, struct str *ret_address, int *ret_bits)
{
    size_t slash = str_find_char(text, '/');
    int64_t bits;

    if (slash == SIZE_MAX)
        return false;
    struct str digits = str_from(text, slash + 1);
    if (digits.len == 0 || digits.len > 3 || digits.ptr[0] == '-' || digits.ptr[0] == '+' ||
        !str_to_int64(digits, &bits) || bits > most)
        return false;
    *ret_address = str_sub(text, 0, slash);
    *ret_bits = (int)bits;
    return true;
}

/* inet_pton wants a NUL behind it. */
static bool parse(int family, struct str text, void *ret_address)
{
    char z[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof z)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = 0;
    return strlen(z) == text.len && inet_pton(family, z, ret_address) == 1;
}

bool address_parse(struct str text, uint32_t *ret_address)
{
    struct in_addr address;
    if (!parse(AF_INET, text, &address))
        return false;
    *ret_address = ntohl(address.s_addr);
    return true;
}

static uint32_t mask(unsigned bits)
{
    return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

bool cidr_parse(struct str text, struct cidr *ret_cidr)
{
    struct str address;
    uint32_t first;
    int bits;

    if (!split(text, 32, &address, &bits) || !address_parse(address, &first))
        return false;
    *ret_cidr = (struct cidr){first & mask((unsigned)bits), (unsigned)bits};
    return true;
}

uint64_t cidr_size(struct cidr cidr)
{
    return UINT64_C(1) << (32 - cidr.bits);
}

bool cidr_inside(struct cidr inner, struct cidr outer)
{
    return inner.bits >= outer.bits && (inner.first & mask(outer.bits)) == outer.first;
}

bool cidr_overlap(struct cidr a, struct cidr b)
{
    return cidr_inside(a, b) || cidr_inside(b, a);
}

struct str address_text(struct arena *arena, uint32_t address)
{
    return arena_fmt(arena, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                     address & 255);
}

struct str cidr_text(struct arena *arena, struct cidr cidr)
{
    struct str address = address_text(arena, cidr.first);
    return arena_fmt(arena, "%.*s/%u", STR(address), cidr.bits);
}

static void clear_host(struct cidr6 *cidr)
{
    for (int i = 0; i < 16; i++) {
        int keep = (int)cidr->bits - 8 * i;
        if (keep < 8)
            cidr->first[i] &= keep <= 0 ? 0 : (uint8_t)(0xff << (8 - keep));
    }
}

bool cidr6_parse(struct str text, struct cidr6 *ret_cidr)
{
    struct cidr6 cidr;
    struct str front;
    int bits;

    if (!split(text, 128, &front, &bits) || !parse(AF_INET6, front, cidr.first))
        return false;
    cidr.bits = (unsigned)bits;
    clear_host(&cidr);
    *ret_cidr = cidr;
    return true;
}

bool address6_parse(struct str text, struct cidr6 *ret_address)
{
    struct cidr6 address = {.bits = 128};
    if (!parse(AF_INET6, text, address.first))
        return false;
    *ret_address = address;
    return true;
}

bool cidr6_equal(const struct cidr6 *a, const struct cidr6 *b)
{
    return a->bits == b->bits && memcmp(a->first, b->first, sizeof a->first) == 0;
}

bool cidr6_inside(const struct cidr6 *inner, const struct cidr6 *outer)
{
    struct cidr6 wide = *inner;
    if (inner->bits < outer->bits)
        return false;
    wide.bits = outer->bits;
    clear_host(&wide);
    return cidr6_equal(&wide, outer);
}

bool cidr6_overlap(const struct cidr6 *a, const struct cidr6 *b)
{
    return cidr6_inside(a, b) || cidr6_inside(b, a);
}

struct str address6_text(struct arena *arena, const struct cidr6 *address)
{
    char z[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, address->first, z, sizeof z);
    return arena_str(arena, str_of(z));
}

struct str cidr6_text(struct arena *arena, const struct cidr6 *cidr)
{
    return arena_fmt(arena, "%.*s/%u", STR(address6_text(arena, cidr)), cidr->bits);
}

bool cidr6_canonical(struct arena *arena, struct str text, struct str *ret_text)
{
    struct cidr6 cidr;
    if (!cidr6_parse(text, &cidr))
        return false;
    *ret_text = cidr6_text(arena, &cidr);
    return true;
}
