/* Blocks of addresses: reading, writing, and saying what is wrong with one. */
#include "cidr.h"

#include <arpa/inet.h>
#include <sys/socket.h>

static size_t bytes_of(const struct cidr *cidr)
{
    return cidr->family == CIDR_IPV4 ? 4 : 16;
}

static bool address_from(struct str text, struct cidr *cidr)
{
    char z[64];

    if (text.len >= sizeof z || memchr(text.ptr, 0, text.len) != NULL)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = 0;
    cidr->family = strchr(z, ':') == NULL ? CIDR_IPV4 : CIDR_IPV6;
    return inet_pton(cidr->family == CIDR_IPV4 ? AF_INET : AF_INET6, z, cidr->address) == 1;
}

static bool prefix_from(struct str text, struct cidr *cidr)
{
    int64_t prefix;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    if ((text.len > 1 && text.ptr[0] == '0') || !str_to_int64(text, &prefix))
        return false;
    cidr->prefix = (int)prefix;
    return prefix <= (int64_t)bytes_of(cidr) * 8;
}

/* Clears what stands past the prefix; true when something did. */
static bool clear_host_bits(struct cidr *cidr)
{
    bool had = false;

    for (size_t i = 0; i < bytes_of(cidr); i++) {
        int kept = cidr->prefix - (int)i * 8;
        unsigned mask = kept >= 8 ? 0xff : kept <= 0 ? 0 : 0xffu << (8 - kept) & 0xffu;
        had |= (cidr->address[i] & ~mask & 0xffu) != 0;
        cidr->address[i] &= (unsigned char)mask;
    }
    return had;
}

bool cidr_from(struct arena *arena, struct str text, struct cidr *ret_cidr, struct str *ret_why)
{
    struct cidr cidr = {0};
    size_t slash = str_find_char(text, '/');

    if (slash == SIZE_MAX && text.len > 0 && address_from(text, &cidr)) {
        *ret_why = arena_fmt(arena,
                             "\"%.*s\" is an address without a prefix length; one address is "
                             "written \"%.*s/%zu\".",
                             STR(text), STR(text), bytes_of(&cidr) * 8);
        return false;
    }
    if (slash == SIZE_MAX || !address_from(str_sub(text, 0, slash), &cidr)) {
        *ret_why = arena_fmt(arena,
                             "\"%.*s\" is not a CIDR block. Write it as in \"10.0.0.0/8\" or "
                             "\"2001:db8::/32\".",
                             STR(text));
        return false;
    }
    if (!prefix_from(str_from(text, slash + 1), &cidr)) {
        *ret_why =
            arena_fmt(arena, "\"%.*s\" has no valid prefix length: %s has 0 to %zu.", STR(text),
                      cidr.family == CIDR_IPV4 ? "IPv4" : "IPv6", bytes_of(&cidr) * 8);
        return false;
    }
    if (clear_host_bits(&cidr)) {
        struct str meant = cidr_text(arena, &cidr);
        *ret_why = arena_fmt(arena, "\"%.*s\" has bits past its prefix; did you mean \"%.*s\"?",
                             STR(text), STR(meant));
        return false;
    }
    *ret_cidr = cidr;
    return true;
}

struct str cidr_text(struct arena *arena, const struct cidr *cidr)
{
    char z[INET6_ADDRSTRLEN] = "";

    inet_ntop(cidr->family == CIDR_IPV4 ? AF_INET : AF_INET6, cidr->address, z, sizeof z);
    return arena_fmt(arena, "%s/%d", z, cidr->prefix);
}

struct str cidr_canonical(struct arena *arena, struct str text)
{
    struct cidr cidr;
    struct str why;
    return cidr_from(arena, text, &cidr, &why) ? cidr_text(arena, &cidr) : text;
}
