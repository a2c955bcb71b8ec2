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
/* An IPv6 block in its canonical form. */
bool cidr6_canonical(struct arena *arena, struct str text, struct str *ret_text);

#endif
