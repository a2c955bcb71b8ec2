/* Blocks of addresses as AWS takes them: "10.0.0.0/8", "2001:db8::/32", without bits past the
 * prefix. */
#ifndef HP_HYPERPOD_CIDR_H
#define HP_HYPERPOD_CIDR_H

#include <hp/base/arena.h>

enum cidr_family { CIDR_IPV4 = 4, CIDR_IPV6 = 6 };

struct cidr {
    enum cidr_family family;
    unsigned char address[16]; /* network order; IPv4 has 4 bytes */
    int prefix;
};

/* False: *ret_why says what is wrong, in the arena; for bits past the prefix also what was meant.
 */
bool cidr_from(struct arena *arena, struct str text, struct cidr *ret_cidr, struct str *ret_why);
/* As AWS writes it: IPv6 compressed and in lower case. */
struct str cidr_text(struct arena *arena, const struct cidr *cidr);
/* cidr_text of what text means; text itself when it is no block. */
struct str cidr_canonical(struct arena *arena, struct str text);

#endif
