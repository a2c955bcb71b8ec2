#include <hp/aws/sigv4.h>

#include "sigv4_keys.h"
#include <hp/base/buf.h>

#include <openssl/sha.h>
#include <stdlib.h>

enum { HASH_BYTES = SHA256_DIGEST_LENGTH, CANONICAL_MAX = 4 << 20 };

/* Changed on the way by proxies, clients and tracers. */
static const char *const never_signed[] = {
    "authorization",
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "te",
    "proxy-authorization",
    "trailer",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
};

static struct str hex_of(struct arena *arena, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return (struct str){hex, 2 * len};
}

struct str aws_sha256_hex(struct arena *arena, struct str bytes)
{
    unsigned char hash[HASH_BYTES];
    SHA256((const unsigned char *)(bytes.len == 0 ? "" : bytes.ptr), bytes.len, hash);
    return hex_of(arena, hash, sizeof hash);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

struct str aws_percent_encode(struct arena *arena, struct str s, bool keep_slash)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, 3 * s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_unreserved(c) || (keep_slash && c == '/')) {
            out[len++] = (char)c;
            continue;
        }
        out[len++] = '%';
        out[len++] = digits[c >> 4];
        out[len++] = digits[c & 15];
    }
    return (struct str){out, len};
}

/* "/a/./b//../c/" -> "/a/c/": dot segments and empty ones go, a trailing slash stays. */
static struct str path_normalised(struct arena *arena, struct str path)
{
    struct str *parts = arena_array(arena, struct str, path.len + 1);
    size_t count = 0;
    bool slash_at_end = str_ends(path, S("/")) || str_ends(path, S("/.")) ||
                        str_ends(path, S("/..")) || path.len == 0;
    struct str rest = path, part;
    while (str_next(&rest, '/', &part)) {
        if (str_eq(part, S("..")))
            count -= count > 0;
        else if (part.len > 0 && !str_eq(part, S(".")))
            parts[count++] = part;
    }
    struct buf out = buf_in(arena, path.len + 2);
    for (size_t i = 0; i < count; i++) {
        buf_putc(&out, '/');
        buf_put(&out, parts[i]);
    }
    if (slash_at_end || count == 0)
        buf_putc(&out, '/');
    return buf_str(&out);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str percent_decoded(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%' && i + 2 < s.len && hex_value(s.ptr[i + 1]) >= 0 &&
            hex_value(s.ptr[i + 2]) >= 0) {
            out[len++] = (char)(hex_value(s.ptr[i + 1]) * 16 + hex_value(s.ptr[i + 2]));
            i += 2;
        } else {
            out[len++] = s.ptr[i];
        }
    }
    return (struct str){out, len};
}

static int header_order(const void *a, const void *b)
{
    const struct aws_header *x = a, *y = b;
    int order = str_cmp(x->name, y->name);
    return order != 0 ? order : str_cmp(x->value, y->value);
}

/* Names and values encoded anew, so that what the sender left as it was is encoded here too; sorted
 * by name, then value. */
static struct str query_canonical(struct arena *arena, struct str query)
{
    struct aws_header *pairs = arena_array(arena, struct aws_header, query.len + 1);
    size_t count = 0;
    struct str rest = query, part;
    while (query.len > 0 && str_next(&rest, '&', &part)) {
        struct str value = part, name;
        if (part.len == 0)
            continue;
        str_next(&value, '=', &name);
        pairs[count].name = aws_percent_encode(arena, percent_decoded(arena, name), false);
        pairs[count++].value = aws_percent_encode(arena, percent_decoded(arena, value), false);
    }
    qsort(pairs, count, sizeof pairs[0], header_order);
    struct buf out = buf_in(arena, CANONICAL_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_putc(&out, '&');
        buf_put(&out, pairs[i].name);
        buf_putc(&out, '=');
        buf_put(&out, pairs[i].value);
    }
    return buf_str(&out);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, and each run of white space one space. */
static void put_header_value(struct buf *out, struct str value)
{
    value = str_trim(value);
    for (size_t i = 0; i < value.len; i++)
        if (!is_space(value.ptr[i]))
            buf_putc(out, value.ptr[i]);
        else if (!is_space(value.ptr[i - 1]))
            buf_putc(out, ' ');
}

static bool header_is_signed(struct str lower_name)
{
    for (size_t i = 0; i < sizeof never_signed / sizeof never_signed[0]; i++)
        if (str_is(lower_name, never_signed[i]))
            return false;
    return true;
}

/* Names in order; values of one name stay in the order they are sent. */
static size_t headers_to_sign(struct arena *arena, const struct sigv4_request *request,
                              struct aws_header *sorted)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        struct aws_header header = {arena_lower(arena, str_trim(request->headers[i].name)),
                                    request->headers[i].value};
        if (!header_is_signed(header.name))
            continue;
        size_t at = count++;
        for (; at > 0 && str_cmp(sorted[at - 1].name, header.name) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = header;
    }
    return count;
}

static void put_headers(struct arena *arena, struct buf *out, const struct aws_header *sorted,
                        size_t count, struct str *ret_signed_headers)
{
    struct buf names = buf_in(arena, CANONICAL_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && str_eq(sorted[i].name, sorted[i - 1].name)) {
            buf_putc(out, ',');
            put_header_value(out, sorted[i].value);
            continue;
        }
        if (i > 0) {
            buf_putc(out, '\n');
            buf_putc(&names, ';');
        }
        buf_put(&names, sorted[i].name);
        buf_put(out, sorted[i].name);
        buf_putc(out, ':');
        put_header_value(out, sorted[i].value);
    }
    *ret_signed_headers = arena_str(arena, buf_str(&names));
}

static struct str canonical_request(struct arena *arena, const struct sigv4_request *request,
                                    struct str *ret_signed_headers)
{
    struct aws_header *sorted = arena_array(arena, struct aws_header, request->header_count + 1);
    size_t count = headers_to_sign(arena, request, sorted);
    struct str path = request->path.len == 0 ? S("/") : request->path;
    if (!request->path_as_sent)
        path = aws_percent_encode(arena, path_normalised(arena, path), true);
    struct str query = query_canonical(arena, request->query);

    struct buf out = buf_in(arena, CANONICAL_MAX);
    buf_put(&out, request->method);
    buf_putc(&out, '\n');
    buf_put(&out, path);
    buf_putc(&out, '\n');
    buf_put(&out, query);
    buf_putc(&out, '\n');
    put_headers(arena, &out, sorted, count, ret_signed_headers);
    buf_putz(&out, "\n\n");
    buf_put(&out, *ret_signed_headers);
    buf_putc(&out, '\n');
    buf_put(&out, request->payload_hash.len > 0 ? request->payload_hash
                                                : aws_sha256_hex(arena, request->body));
    return buf_str(&out);
}

struct sigv4_stages sigv4_sign(struct arena *arena, struct sigv4_keys *keys,
                               const struct sigv4_scope *scope, const struct sigv4_request *request)
{
    struct sigv4_stages stages = {0};
    struct str date = str_sub(scope->time, 0, 8);
    struct str place = arena_fmt(arena, "%.*s/%.*s/%.*s/aws4_request", STR(date),
                                 STR(scope->region), STR(scope->service));

    stages.canonical = canonical_request(arena, request, &stages.signed_headers);
    stages.to_sign = arena_fmt(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s", STR(scope->time),
                               STR(place), STR(aws_sha256_hex(arena, stages.canonical)));

    unsigned char key[HASH_BYTES], mac[HASH_BYTES];
    sigv4_key(keys, scope, key);
    sigv4_hmac(key, sizeof key, stages.to_sign, mac);
    wipe(key, sizeof key);
    stages.signature = hex_of(arena, mac, sizeof mac);
    stages.authorization = arena_fmt(
        arena, "AWS4-HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
        STR(scope->access_key), STR(place), STR(stages.signed_headers), STR(stages.signature));
    return stages;
}
