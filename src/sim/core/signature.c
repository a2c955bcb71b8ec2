#include "signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

enum { digest_size = 32 };

static struct str hex_of(struct arena *arena, const unsigned char *bytes)
{
    char *text = arena_alloc(arena, 2 * digest_size + 1);
    for (size_t i = 0; i < digest_size; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return (struct str){text, 2 * digest_size};
}

struct str sha256_hex(struct arena *arena, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes.len == 0 ? "" : bytes.ptr, bytes.len, digest, NULL, EVP_sha256(), NULL) !=
        1)
        abort();
    return hex_of(arena, digest);
}

static void hmac(const void *key, size_t key_len, struct str text, unsigned char *ret_digest)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text.ptr, text.len, digest,
             NULL) == NULL)
        abort();
    memcpy(ret_digest, digest, digest_size);
    OPENSSL_cleanse(digest, sizeof digest);
}

/* RFC 3986: all but unreserved characters, and the slash where it may stand. */
static void put_escaped(struct buf *out, struct str text, bool slash_stays)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_' || c == '~' || (c == '/' && slash_stays))
            buf_putc(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

/* The path without "." and "..", and without double slashes; then escaped once more. */
static void put_path(struct arena *arena, struct buf *out, struct str path)
{
    struct str part, rest = path;
    struct str *parts = arena_array(arena, struct str, path.len + 2);
    size_t count = 0;
    bool folder = true;

    while (str_next(&rest, '/', &part)) {
        folder = part.len == 0 || str_is(part, ".") || str_is(part, "..");
        if (str_is(part, "..") && count > 0)
            count--;
        else if (!folder)
            parts[count++] = part;
    }
    for (size_t i = 0; i < count; i++) {
        buf_putc(out, '/');
        put_escaped(out, parts[i], false);
    }
    if (folder || count == 0)
        buf_putc(out, '/');
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at;
    at = c == 0 ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return at == NULL ? -1 : (int)(at - digits);
}

static struct str unescaped(struct arena *arena, struct str text)
{
    char *plain = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_digit(text.ptr[i + 2]);
        plain[len++] = low < 0 ? text.ptr[i] : (char)(high * 16 + low);
        i += low < 0 ? 0 : 2;
    }
    return (struct str){plain, len};
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Each pair as name, NUL, value: so that names sort before values. */
static void put_query(struct arena *arena, struct buf *out, struct str query)
{
    struct str pair, rest = query;
    struct str *pairs = arena_array(arena, struct str, query.len / 2 + 2);
    size_t count = 0;

    while (query.len > 0 && str_next(&rest, '&', &pair)) {
        struct buf text = buf_in(arena, 4 * query.len + 16);
        size_t equals = str_find_char(pair, '=');
        if (pair.len == 0)
            continue;
        put_escaped(&text, unescaped(arena, str_sub(pair, 0, equals)), false);
        buf_putc(&text, 0);
        if (equals != SIZE_MAX)
            put_escaped(&text, unescaped(arena, str_from(pair, equals + 1)), false);
        pairs[count++] = buf_str(&text);
    }
    qsort(pairs, count, sizeof *pairs, by_bytes);
    for (size_t i = 0; i < count; i++) {
        size_t nul = str_find_char(pairs[i], 0);
        if (i > 0)
            buf_putc(out, '&');
        buf_put(out, str_sub(pairs[i], 0, nul));
        buf_putc(out, '=');
        buf_put(out, str_from(pairs[i], nul + 1));
    }
}

bool signature_covers(struct str signed_headers, struct str name)
{
    struct str part;
    while (str_next(&signed_headers, ';', &part))
        if (str_eq_nocase(part, name))
            return true;
    return false;
}

/* Trimmed, and each run of white space one space. */
static void put_value(struct buf *out, struct str value)
{
    bool space = false;
    value = str_trim(value);
    for (size_t i = 0; i < value.len; i++) {
        bool white = value.ptr[i] == ' ' || value.ptr[i] == '\t' || value.ptr[i] == '\n' ||
                     value.ptr[i] == '\r';
        if (!white || !space)
            buf_putc(out, white ? ' ' : value.ptr[i]);
        space = white;
    }
}

static void put_headers(struct buf *out, const struct sim_request *request,
                        struct str signed_headers)
{
    struct str name;
    while (str_next(&signed_headers, ';', &name)) {
        bool first = true;
        buf_put(out, name);
        buf_putc(out, ':');
        for (size_t i = 0; i < request->header_count; i++) {
            if (!str_eq_nocase(request->headers[i].name, name))
                continue;
            if (!first)
                buf_putc(out, ',');
            put_value(out, request->headers[i].value);
            first = false;
        }
        buf_putc(out, '\n');
    }
}

struct str canonical_request(struct arena *arena, const struct sim_request *request,
                             const struct authorization *authorization)
{
    struct buf out = buf_in(arena, 16 * 1024 * 1024);
    size_t question = str_find_char(request->uri, '?');

    buf_put(&out, request->method);
    buf_putc(&out, '\n');
    put_path(arena, &out, str_sub(request->uri, 0, question));
    buf_putc(&out, '\n');
    if (question != SIZE_MAX)
        put_query(arena, &out, str_from(request->uri, question + 1));
    buf_putc(&out, '\n');
    put_headers(&out, request, authorization->signed_headers);
    buf_putc(&out, '\n');
    buf_put(&out, authorization->signed_headers);
    buf_putc(&out, '\n');
    buf_put(&out, sha256_hex(arena, request->body));
    return buf_str(&out);
}

struct str string_to_sign(struct arena *arena, const struct authorization *authorization,
                          struct str date, struct str canonical)
{
    return arena_fmt(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s/%.*s/%.*s/aws4_request\n%.*s", STR(date),
                     STR(authorization->date), STR(authorization->region),
                     STR(authorization->service), STR(sha256_hex(arena, canonical)));
}

struct str signature_of(struct arena *arena, const struct authorization *authorization,
                        const struct secret *key, struct str text)
{
    unsigned char digest[digest_size];
    struct buf seed = buf_on_heap(1024 * 1024);

    buf_putz(&seed, "AWS4");
    buf_put(&seed, secret_reveal(key));
    hmac(seed.ptr, seed.len, authorization->date, digest);
    wipe(seed.ptr, seed.len);
    buf_done(&seed);
    hmac(digest, sizeof digest, authorization->region, digest);
    hmac(digest, sizeof digest, authorization->service, digest);
    hmac(digest, sizeof digest, S("aws4_request"), digest);
    hmac(digest, sizeof digest, text, digest);
    struct str signature = hex_of(arena, digest);
    OPENSSL_cleanse(digest, sizeof digest);
    return signature;
}

bool signature_matches(struct arena *arena, const struct sim_request *request,
                       const struct authorization *authorization, struct str date,
                       const struct secret *key, struct str *ret_why)
{
    struct str canonical = canonical_request(arena, request, authorization);
    struct str text = string_to_sign(arena, authorization, date, canonical);
    struct str right = signature_of(arena, authorization, key, text);

    if (right.len == authorization->signature.len &&
        CRYPTO_memcmp(right.ptr, authorization->signature.ptr, right.len) == 0)
        return true;
    *ret_why = arena_fmt(arena,
                         "The request signature we calculated does not match the signature you "
                         "provided. Check your AWS Secret Access Key and signing method. Consult "
                         "the service documentation for details.\n\nThe Canonical String for this "
                         "request should have been\n'%.*s'\n\nThe String-to-Sign should have "
                         "been\n'%.*s'\n",
                         STR(canonical), STR(text));
    return false;
}
