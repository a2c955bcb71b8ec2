#include "request.h"

#include <hp/aws/ops.h>
#include <hp/aws/wire.h>

#include <stdio.h>
#include <stdlib.h>

bool vector_same(const struct vector *vector, const char *what, struct str ours, struct str theirs)
{
    if (str_eq(ours, theirs))
        return true;
    printf("%.*s: %s is\n%.*s\nand should be\n%.*s\n", STR(vector->name), what, STR(ours),
           STR(theirs));
    return false;
}

struct str vector_text(const struct vector *vector, const char *member)
{
    return doc_get_text(vector->doc, str_of(member));
}

struct str vector_header(const struct vector *vector, struct str name)
{
    doc_each (entry, doc_get(vector->doc, S("headers")))
        if (str_eq_nocase(entry->name, name))
            return doc_text(entry->value);
    return (struct str){0};
}

static bool equal_json(struct arena *arena, struct str ours, struct str theirs)
{
    struct doc *a, *b;
    struct doc_error error;
    return str_starts(ours, S("{")) && doc_from_json(arena, ours, NULL, &a, &error) &&
           doc_from_json(arena, theirs, NULL, &b, &error) && doc_equal(a, b);
}

static bool equal_xml(struct arena *arena, struct str ours, struct str theirs)
{
    struct doc *a, *b;
    struct doc_error error;
    struct str root_a, root_b;
    return str_starts(ours, S("<")) && doc_from_xml(arena, ours, NULL, &root_a, &a, &error) &&
           doc_from_xml(arena, theirs, NULL, &root_b, &b, &error) && str_eq(root_a, root_b) &&
           doc_equal(a, b);
}

/* "c\r\ntwelve bytes\r\n0\r\n…" -> the bytes of the first chunk, which is the only one here. */
static struct str without_chunks(const struct vector *vector, struct str body)
{
    if (!str_is(vector_header(vector, S("Content-Encoding")), "aws-chunked"))
        return body;
    size_t at = str_find(body, S("\r\n"));
    size_t size = strtoul(arena_z(vector->arena, str_sub(body, 0, at)), NULL, 16);
    return at == SIZE_MAX ? body : str_sub(body, at + 2, size);
}

static bool body_passes(const struct vector *vector, struct str ours)
{
    struct str theirs = without_chunks(vector, vector_text(vector, "body"));
    return equal_json(vector->arena, ours, theirs) || equal_xml(vector->arena, ours, theirs) ||
           vector_same(vector, "the body", ours, theirs);
}

/* Added by the signer, the transport, or for a body in chunks: not the codec's. */
static bool is_codecs(struct str name)
{
    static const char *const others[] = {"Authorization",
                                         "Content-Encoding",
                                         "Content-Length",
                                         "Content-Type",
                                         "Expect",
                                         "Transfer-Encoding",
                                         "X-Amz-Content-SHA256",
                                         "X-Amz-Date",
                                         "X-Amz-Decoded-Content-Length",
                                         "X-Amz-Security-Token",
                                         "X-Amz-Target",
                                         "X-Amz-Trailer",
                                         "x-amz-checksum-mode",
                                         "x-amz-sdk-checksum-algorithm"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (str_eq_nocase(name, str_of(others[i])))
            return false;
    return true;
}

static bool headers_pass(const struct vector *vector, const struct aws_wire *wire)
{
    size_t theirs = 0;
    for (size_t i = 0; i < wire->header_count; i++)
        if (!vector_same(vector, "a header", wire->headers[i].value,
                         vector_header(vector, wire->headers[i].name)))
            return false;
    doc_each (entry, doc_get(vector->doc, S("headers")))
        theirs += is_codecs(entry->name);
    if (theirs == wire->header_count)
        return vector_same(vector, "Content-Type", wire->content_type,
                           vector_header(vector, S("Content-Type"))) &&
               vector_same(vector, "X-Amz-Target", wire->target,
                           vector_header(vector, S("X-Amz-Target")));
    printf("%.*s: %zu headers instead of %zu\n", STR(vector->name), wire->header_count, theirs);
    return false;
}

/* Bytes stand in the file as "b'…\\n'". */
static struct doc *params_of(const struct vector *vector)
{
    struct doc *params = doc_copy(vector->arena, doc_get(vector->doc, S("params")));
    struct str text = doc_get_text(params, S("Body"));
    struct buf bytes = buf_in(vector->arena, 1 << 20);
    if (!str_starts(text, S("b'")) || !str_ends(text, S("'")))
        return params;
    text = str_sub(text, 2, text.len - 3);
    for (size_t i = 0; i < text.len; i++) {
        bool line = text.ptr[i] == '\\' && i + 1 < text.len && text.ptr[i + 1] == 'n';
        buf_putc(&bytes, line ? '\n' : text.ptr[i]);
        i += line;
    }
    doc_set(vector->arena, params, S("Body"), doc_string(vector->arena, buf_str(&bytes)));
    return params;
}

/* Requests in the clear went to an endpoint of the user's. */
static struct str custom_of(struct str url)
{
    if (!str_starts(url, S("http://")))
        return (struct str){0};
    size_t slash = str_find_char(str_from(url, 7), '/');
    return slash == SIZE_MAX ? url : str_sub(url, 0, 7 + slash);
}

bool vector_encodes(const struct vector *vector)
{
    struct arena *arena = vector->arena;
    const struct aws_op *op =
        aws_op_find(vector_text(vector, "service"), vector_text(vector, "operation"));
    struct aws_place_wish wish = {.region = vector_text(vector, "region"),
                                  .custom = custom_of(vector_text(vector, "url"))};
    struct aws_place place;
    struct aws_wire wire;
    struct aws_error error = {0};
    if (op == NULL) {
        printf("%.*s: none of our operations\n", STR(vector->name));
        return false;
    }
    if (!aws_encode(arena, op, params_of(vector), &wire, &error) ||
        !(wire.bucket.len > 0 ? aws_s3_place_of(arena, &wish, wire.bucket, false, &place, &error)
                              : aws_place_of(arena, op->service->id, &wish, &place, &error))) {
        printf("%.*s: %.*s\n", STR(vector->name), STR(error.message));
        return false;
    }
    struct str url = arena_fmt(arena, "%.*s%.*s%s%.*s", STR(place.url), STR(wire.path),
                               wire.query.len > 0 ? "?" : "", STR(wire.query));
    return vector_same(vector, "the method", wire.method, vector_text(vector, "method")) &&
           vector_same(vector, "the URL", url, vector_text(vector, "url")) &&
           headers_pass(vector, &wire) && body_passes(vector, wire.body);
}
