#include "no_proxy.h"

#include <arpa/inet.h>

/* An IPv4 address counts as the IPv6 address that stands for it. */
struct address {
    unsigned char bytes[16];
    unsigned before; /* bits that only IPv6 has */
};

static bool address_of(struct str text, struct address *ret)
{
    char z[64];
    if (text.len == 0 || text.len >= sizeof z)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    *ret = (struct address){.bytes = {[10] = 0xff, [11] = 0xff}, .before = 96};
    if (inet_pton(AF_INET, z, ret->bytes + 12) == 1)
        return true;
    ret->before = 0;
    return inet_pton(AF_INET6, z, ret->bytes) == 1;
}

static bool same_bits(const struct address *a, const struct address *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    return memcmp(a->bytes, b->bytes, whole) == 0 &&
           (rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0);
}

/* host:port, [host]:port; port empty when there is none. */
static void split(struct str text, struct str *ret_host, struct str *ret_port)
{
    bool bracket = str_starts(text, S("["));
    size_t end = bracket ? str_find_char(text, ']') : 0;
    struct str rest = str_from(text, end == SIZE_MAX ? text.len : end);
    size_t colon = str_find_char(rest, ':');
    bool several = colon != SIZE_MAX && !bracket &&
                   str_find_char(str_from(rest, colon + 1), ':') != SIZE_MAX; /* a bare IPv6 */
    *ret_port = colon == SIZE_MAX || several ? S("") : str_from(rest, colon + 1);
    *ret_host = bracket                        ? str_sub(text, 1, end - 1)
                : colon == SIZE_MAX || several ? text
                                               : str_sub(text, 0, colon);
}

static bool domain_covers(struct str domain, struct str host)
{
    if (str_starts(domain, S("*.")))
        domain = str_from(domain, 1);
    bool below = str_starts(domain, S("."));
    if (!below && str_eq_nocase(domain, host))
        return true;
    size_t dot = below ? 0 : 1;
    if (domain.len == 0 || host.len <= domain.len + dot)
        return false;
    struct str end = str_from(host, host.len - domain.len);
    return str_eq_nocase(end, domain) && (below || host.ptr[host.len - domain.len - 1] == '.');
}

static bool block_covers(struct str row, const struct address *host, bool *ret_is_block)
{
    size_t slash = str_find_char(row, '/');
    struct address block;
    int64_t bits;
    *ret_is_block = slash != SIZE_MAX && address_of(str_sub(row, 0, slash), &block) &&
                    str_to_int64(str_from(row, slash + 1), &bits) && bits >= 0 &&
                    bits + block.before <= 128;
    return *ret_is_block && host != NULL && same_bits(&block, host, (unsigned)bits + block.before);
}

static bool row_covers(struct str row, struct str host, struct str port)
{
    struct address address, other;
    const struct address *at = address_of(host, &address) ? &address : NULL;
    struct str name, only;
    bool is_block;
    if (str_is(row, "*") || block_covers(row, at, &is_block))
        return true;
    split(row, &name, &only);
    if (is_block || (only.len > 0 && !str_eq(only, port)))
        return false;
    if (address_of(name, &other))
        return at != NULL && same_bits(&other, at, 128);
    return domain_covers(name, host);
}

static bool is_this_machine(struct str host)
{
    struct address address, loopback;
    bool is_block;
    if (str_eq_nocase(host, S("localhost")))
        return true;
    if (!address_of(host, &address))
        return false;
    return block_covers(S("127.0.0.0/8"), &address, &is_block) ||
           (address_of(S("::1"), &loopback) && same_bits(&address, &loopback, 128));
}

bool no_proxy_covers(struct str list, struct str url)
{
    size_t scheme = str_find(url, S("://"));
    struct str rest = scheme == SIZE_MAX ? url : str_from(url, scheme + 3), authority, host, port;
    str_next(&rest, '/', &authority);
    split(authority, &host, &port);
    if (port.len == 0)
        port = str_starts(url, S("https:")) ? S("443") : S("80");
    if (is_this_machine(host))
        return true;
    for (struct str row; str_next(&list, ',', &row);)
        if (row_covers(str_trim(row), host, port))
            return true;
    return false;
}
