/* A file like request-vectors.json: real requests with their signing stages. Each is signed anew
 * from what was sent; those of operations that we have are also encoded from their parameters. */
#include "file.h"
#include "vectors.h"

#include <hp/aws/ops.h>
#include <hp/aws/sigv4.h>
#include <hp/aws/wire.h>

#include <stdio.h>
#include <stdlib.h>

enum { HEADERS_MAX = 32, ARENA_MAX = 512 << 20 };

struct vector {
    struct arena *arena;
    const struct doc *file, *doc;
    struct str name;
};

static bool same(const struct vector *vector, const char *what, struct str ours, struct str theirs)
{
    if (str_eq(ours, theirs))
        return true;
    printf("%.*s: %s is\n%.*s\nand should be\n%.*s\n", STR(vector->name), what, STR(ours),
           STR(theirs));
    return false;
}

static struct str text(const struct vector *vector, const char *member)
{
    return doc_get_text(vector->doc, str_of(member));
}

static struct str sent_header(const struct vector *vector, struct str name)
{
    doc_each (entry, doc_get(vector->doc, S("headers")))
        if (str_eq_nocase(entry->name, name))
            return doc_text(entry->value);
    return (struct str){0};
}

/* scheme://host/path?query */
static void url_split(struct str url, struct str *ret_host, struct str *ret_path,
                      struct str *ret_query)
{
    size_t scheme = str_find(url, S("://"));
    struct str rest = str_from(url, scheme == SIZE_MAX ? 0 : scheme + 3);
    size_t slash = str_find_char(rest, '/');
    *ret_host = str_sub(rest, 0, slash);
    *ret_query = slash == SIZE_MAX ? S("/") : str_from(rest, slash);
    str_next(ret_query, '?', ret_path);
}

/* "…, SignedHeaders=a;b, …" -> "a;b" */
static struct str signed_names(struct str authorization)
{
    size_t at = str_find(authorization, S("SignedHeaders="));
    if (at == SIZE_MAX)
        return (struct str){0};
    struct str rest = str_from(authorization, at + strlen("SignedHeaders=")), names;
    str_next(&rest, ',', &names);
    return names;
}

static struct sigv4_request request_of(const struct vector *vector)
{
    struct aws_header *headers = arena_array(vector->arena, struct aws_header, HEADERS_MAX);
    struct sigv4_request request = {
        .method = text(vector, "method"),
        .headers = headers,
        .body = text(vector, "body"),
        .payload_hash = sent_header(vector, S("X-Amz-Content-SHA256")),
        .path_as_sent = str_is(text(vector, "service"), "s3"),
    };
    struct str host, rest = signed_names(sent_header(vector, S("Authorization"))), name;
    url_split(text(vector, "url"), &host, &request.path, &request.query);
    while (str_next(&rest, ';', &name) && request.header_count < HEADERS_MAX) {
        struct str value = str_is(name, "host") ? host : sent_header(vector, name);
        headers[request.header_count++] = (struct aws_header){name, value};
    }
    return request;
}

static bool signature_passes(const struct vector *vector)
{
    struct str authorization = sent_header(vector, S("Authorization"));
    struct str scope_text =
        str_from(text(vector, "StringToSign"), strlen("AWS4-HMAC-SHA256\n20260801T123456Z\n"));
    struct str date, region, service;
    str_next(&scope_text, '/', &date);
    str_next(&scope_text, '/', &region);
    str_next(&scope_text, '/', &service);
    struct str time = doc_get_text(vector->file, S("amz_date"));
    if (time.len != strlen("20260801T123456Z") || service.ptr == NULL) {
        printf("%.*s: no date, or no scope\n", STR(vector->name));
        return false;
    }

    struct secret secret = secret_of(doc_get_text(vector->file, S("secret_key")));
    struct sigv4_scope scope = {.access_key = doc_get_text(vector->file, S("access_key")),
                                .secret_key = &secret,
                                .time = time,
                                .region = region,
                                .service = service};
    struct sigv4_request request = request_of(vector);
    struct sigv4_stages stages = sigv4_sign(vector->arena, NULL, &scope, &request);
    secret_done(&secret);
    return same(vector, "the canonical request", stages.canonical,
                text(vector, "CanonicalRequest")) &&
           same(vector, "the string to sign", stages.to_sign, text(vector, "StringToSign")) &&
           same(vector, "the signature", stages.signature, text(vector, "Signature")) &&
           same(vector, "the authorization", stages.authorization, authorization);
}

/* JSON bodies may differ in blanks and escapes. */
static bool body_passes(const struct vector *vector, struct str ours)
{
    struct str theirs = text(vector, "body");
    struct doc *a, *b;
    struct doc_error error;
    if (str_starts(ours, S("{")) && doc_from_json(vector->arena, ours, NULL, &a, &error) &&
        doc_from_json(vector->arena, theirs, NULL, &b, &error) && doc_equal(a, b))
        return true;
    return same(vector, "the body", ours, theirs);
}

/* True also when the operation is none of ours. */
static bool encoding_passes(const struct vector *vector)
{
    const struct aws_op *op = aws_op_find(text(vector, "service"), text(vector, "operation"));
    struct aws_place_wish wish = {.region = text(vector, "region")};
    struct aws_place place;
    struct aws_wire wire;
    struct aws_error error = {0};
    if (op == NULL)
        return true;
    if (!aws_encode(vector->arena, op, doc_get(vector->doc, S("params")), &wire, &error) ||
        !aws_place_of(vector->arena, op->service->id, &wish, &place, &error)) {
        printf("%.*s: %.*s\n", STR(vector->name), STR(error.message));
        return false;
    }
    return same(vector, "the method", wire.method, text(vector, "method")) &&
           same(vector, "the URL", arena_cat(vector->arena, place.url, wire.path),
                text(vector, "url")) &&
           same(vector, "Content-Type", wire.content_type,
                sent_header(vector, S("Content-Type"))) &&
           same(vector, "X-Amz-Target", wire.target, sent_header(vector, S("X-Amz-Target"))) &&
           body_passes(vector, wire.body);
}

int vectors_requests(const char *file)
{
    scoped(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
    struct tally tally = {0};
    struct str bytes;
    struct doc *doc;
    struct doc_error error;
    if (!file_read(arena, file, &bytes) || !doc_from_json(arena, bytes, NULL, &doc, &error)) {
        printf("%s: cannot be read\n", file);
        return EXIT_FAILURE;
    }
    doc_each (entry, doc_get(doc, S("vectors"))) {
        struct vector vector = {arena, doc, entry->value};
        vector.name = arena_fmt(arena, "%.*s:%.*s %.*s", STR(text(&vector, "service")),
                                STR(text(&vector, "operation")), STR(text(&vector, "label")));
        if (encoding_passes(&vector) && signature_passes(&vector))
            tally.passed++;
        else
            tally.failed++;
    }
    return tally_end(&tally);
}
