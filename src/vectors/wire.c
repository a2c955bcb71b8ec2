/* What our codecs make of an operation's parameters and answers, for who has another implementation
 * to hold against it. */
#include "file.h"
#include "vectors.h"

#include <hp/aws/ops.h>
#include <hp/aws/wire.h>

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 1 << 30, OUT_MAX = 256 << 20 };

static const char *const type_names[] = {
    [AWS_STRING] = "string", [AWS_INT] = "int",   [AWS_DOUBLE] = "double",    [AWS_BOOL] = "bool",
    [AWS_TIME] = "time",     [AWS_BLOB] = "blob", [AWS_STRUCT] = "structure", [AWS_LIST] = "list",
    [AWS_MAP] = "map",       [AWS_ANY] = "any",
};

static struct doc *shape_doc(struct arena *arena, const struct aws_shape *shape)
{
    struct doc *doc = doc_object(arena), *members = doc_object(arena);
    if (shape == NULL)
        return doc_null(arena);
    doc_put(arena, doc, S("type"), doc_string(arena, str_of(type_names[shape->type])));
    for (const struct aws_member *row = shape->members; row != NULL && row->name.len > 0; row++)
        doc_put(arena, members, row->name, shape_doc(arena, row->shape));
    if (shape->type == AWS_STRUCT)
        doc_put(arena, doc, S("members"), members);
    if (shape->element != NULL)
        doc_put(arena, doc, S("element"), shape_doc(arena, shape->element));
    return doc;
}

static int print(struct arena *arena, const struct doc *doc)
{
    struct buf out = buf_in(arena, OUT_MAX);
    bool whole = doc_to_json(doc, &out);
    buf_putc(&out, '\n');
    return whole && !out.overflow && fwrite(out.ptr, 1, out.len, stdout) == out.len ? EXIT_SUCCESS
                                                                                    : EXIT_FAILURE;
}

int vectors_shapes(const char *nothing)
{
    scoped(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
    struct doc *list = doc_list(arena);
    const struct aws_op *op;
    (void)nothing;
    for (size_t i = 0; (op = aws_op_at(i)) != NULL; i++) {
        struct doc *doc = doc_object(arena);
        doc_put(arena, doc, S("service"), doc_string(arena, str_of(op->service->id)));
        doc_put(arena, doc, S("operation"), doc_string(arena, str_of(op->name)));
        doc_put(arena, doc, S("input"), shape_doc(arena, op->input));
        doc_put(arena, doc, S("output"), shape_doc(arena, op->output));
        doc_add(arena, list, doc);
    }
    return print(arena, list);
}

static void put(struct arena *arena, struct doc *doc, const char *name, struct str text)
{
    doc_put(arena, doc, str_of(name), doc_string(arena, text));
}

static struct doc *written(struct arena *arena, const struct aws_op *op, const struct doc *params)
{
    struct doc *doc = doc_object(arena), *headers = doc_object(arena);
    struct aws_wire wire;
    struct aws_error error = {0};
    if (!aws_encode(arena, op, params, &wire, &error)) {
        put(arena, doc, "error", error.message);
        return doc;
    }
    for (size_t i = 0; i < wire.header_count; i++)
        doc_put(arena, headers, wire.headers[i].name, doc_string(arena, wire.headers[i].value));
    put(arena, doc, "method", wire.method);
    put(arena, doc, "path", wire.path);
    put(arena, doc, "query", wire.query);
    put(arena, doc, "bucket", wire.bucket);
    put(arena, doc, "content_type", wire.content_type);
    put(arena, doc, "target", wire.target);
    put(arena, doc, "body", wire.body);
    doc_put(arena, doc, S("headers"), headers);
    return doc;
}

static struct doc *read(struct arena *arena, const struct aws_op *op, struct str answer)
{
    struct doc *doc = doc_object(arena), *output = NULL;
    struct aws_error error = {0};
    if (aws_decode(arena, op, answer, &output, &error))
        doc_put(arena, doc, S("output"), output);
    else
        put(arena, doc, "error", error.message);
    return doc;
}

int vectors_wire(const char *file)
{
    scoped(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
    struct doc *rows, *list = doc_list(arena);
    static const struct doc_limits limits = {64 << 20, 64, 4000000};
    struct doc_error error;
    struct str bytes;
    if (!file_read(arena, file, &bytes) || !doc_from_json(arena, bytes, &limits, &rows, &error)) {
        fprintf(stderr, "%s: cannot be read\n", file);
        return EXIT_FAILURE;
    }
    doc_each (entry, rows) {
        const struct doc *row = entry->value, *params = doc_get(row, S("params"));
        const struct aws_op *op =
            aws_op_find(doc_get_text(row, S("service")), doc_get_text(row, S("operation")));
        if (op == NULL)
            return EXIT_FAILURE;
        doc_add(arena, list,
                params != NULL ? written(arena, op, params)
                               : read(arena, op, doc_get_text(row, S("answer"))));
    }
    return print(arena, list);
}
