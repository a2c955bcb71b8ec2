/* Blocks of addresses. */
#ifndef HP_SIM_CIDR_H
#define HP_SIM_CIDR_H

#include <hp/base/arena.h>

struct cidr { /* IPv4 */
    uint32_t first;
    unsigned bits;
};

/* "10.0.0.0/8"; bits of the host are cleared, as EC2 does. False: not one. */
bool cidr_parse(struct str text, struct cidr *ret_cidr);
uint64_t cidr_size(struct cidr cidr);
bool cidr_inside(struct cidr inner, struct cidr outer);
bool cidr_overlap(struct cidr a, struct cidr b);
struct str cidr_text(struct arena *arena, struct cidr cidr);
struct str address_text(struct arena *arena, uint32_t address);
bool address_parse(struct str text, uint32_t *ret_address);

struct cidr6 { /* IPv6; an address is a block of 128 bits */
    uint8_t first[16];
    unsigned bits;
};

bool cidr6_parse(struct str text, struct cidr6 *ret_cidr);
bool address6_parse(struct str text, struct cidr6 *ret_address);
bool cidr6_inside(const struct cidr6 *inner, const struct cidr6 *outer);
bool cidr6_overlap(const struct cidr6 *a, const struct cidr6 *b);
bool cidr6_equal(const struct cidr6 *a, const struct cidr6 *b);
struct str cidr6_text(struct arena *arena, const struct cidr6 *cidr);
struct str address6_text(struct arena *arena, const struct cidr6 *address);
/* An IPv6 block in its canonical form. */
bool cidr6_canonical(struct arena *arena, struct str text, struct str *ret_text);

#endif
