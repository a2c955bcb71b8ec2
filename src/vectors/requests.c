/* A file like request-vectors.json: real requests with their signing stages. Each is written from
 * its parameters by our codecs, and signed anew from what was sent. */
#include "file.h"
#include "request.h"
#include "vectors.h"

#include <hp/aws/sigv4.h>

#include <stdio.h>
#include <stdlib.h>

enum { HEADERS_MAX = 32, ARENA_MAX = 512 << 20 };

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
        .method = vector_text(vector, "method"),
        .headers = headers,
        .body = vector_text(vector, "body"),
        .payload_hash = vector_header(vector, S("X-Amz-Content-SHA256")),
        .path_as_sent = str_is(vector_text(vector, "service"), "s3"),
    };
    struct str host, rest = signed_names(vector_header(vector, S("Authorization"))), name;
    url_split(vector_text(vector, "url"), &host, &request.path, &request.query);
    while (str_next(&rest, ';', &name) && request.header_count < HEADERS_MAX) {
        struct str value = str_is(name, "host") ? host : vector_header(vector, name);
        headers[request.header_count++] = (struct aws_header){name, value};
    }
    return request;
}

static bool signature_passes(const struct vector *vector)
{
    struct str authorization = vector_header(vector, S("Authorization"));
    struct str scope_text = str_from(vector_text(vector, "StringToSign"),
                                     strlen("AWS4-HMAC-SHA256\n20260801T123456Z\n"));
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
    return vector_same(vector, "the canonical request", stages.canonical,
                       vector_text(vector, "CanonicalRequest")) &&
           vector_same(vector, "the string to sign", stages.to_sign,
                       vector_text(vector, "StringToSign")) &&
           vector_same(vector, "the signature", stages.signature,
                       vector_text(vector, "Signature")) &&
           vector_same(vector, "the authorization", stages.authorization, authorization);
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
        vector.name =
            arena_fmt(arena, "%.*s:%.*s %.*s", STR(vector_text(&vector, "service")),
                      STR(vector_text(&vector, "operation")), STR(vector_text(&vector, "label")));
        if (vector_encodes(&vector) && signature_passes(&vector))
            tally.passed++;
        else
            tally.failed++;
    }
    return tally_end(&tally);
}
