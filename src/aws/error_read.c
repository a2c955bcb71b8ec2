#include "errors.h"

#include <hp/doc/doc.h>

#include <stdarg.h>

enum { SCRATCH_MAX = 16 << 20, SHOWN_MAX = 300, TEXT_MAX = 16 << 10, DEPTH_MAX = 6 };

static const struct doc_limits error_limits = {1 << 20, 32, 20000};

bool aws_fail(struct arena *arena, struct aws_error *reterr, enum aws_error_kind kind,
              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    reterr->kind = kind;
    reterr->message = arena_vfmt(arena, format, args);
    va_end(args);
    return false;
}

struct str aws_request_id(const struct http_answer *answer)
{
    static const char *const names[] = {"x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id",
                                        "x-amz-id-2"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str id = http_header(answer, names[i]);
        if (id.len > 0)
            return id;
    }
    return (struct str){0};
}

static struct str first_text(const struct doc *doc, const char *const *names)
{
    for (; *names != NULL; names++) {
        struct str text = doc_get_text(doc, str_of(*names));
        if (text.len > 0)
            return text;
    }
    return (struct str){0};
}

/* "com.amazon.coral#ValidationException:http://…" -> "ValidationException". */
static struct str code_bare(struct str code)
{
    size_t hash = str_find_char(code, '#');
    if (hash != SIZE_MAX)
        code = str_from(code, hash + 1);
    size_t colon = str_find_char(code, ':');
    return str_trim(colon == SIZE_MAX ? code : str_sub(code, 0, colon));
}

static void read_json(const struct doc *doc, struct aws_error *error)
{
    static const char *const codes[] = {"__type", "code", "Code", NULL};
    static const char *const messages[] = {"message", "Message", "errorMessage", NULL};
    if (error->code.len == 0)
        error->code = code_bare(first_text(doc, codes));
    error->message = first_text(doc, messages);
}

/* <Error> with a <Code>, wherever a service puts it. */
static const struct doc *xml_error(const struct doc *doc, int depth)
{
    if (doc == NULL || doc->kind != DOC_OBJECT || depth > DEPTH_MAX)
        return NULL;
    if (doc_get_text(doc, S("Code")).len > 0)
        return doc;
    doc_each (entry, doc) {
        const struct doc *found = xml_error(entry->value, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static void read_xml(const struct doc *doc, struct aws_error *error)
{
    static const char *const ids[] = {"RequestId", "RequestID", "requestId", NULL};
    static const char *const messages[] = {"Message", "message", NULL};
    const struct doc *found = xml_error(doc, 0);
    if (error->code.len == 0)
        error->code = str_trim(doc_get_text(found, S("Code")));
    error->message = first_text(found, messages);
    if (error->request_id.len == 0)
        error->request_id = first_text(doc, ids);
}

static void read_body(struct arena *scratch, struct str body, struct aws_error *error)
{
    struct str text = str_trim(body), root;
    struct doc_error ignored;
    struct doc *doc = NULL;
    if (str_starts(text, S("{"))) {
        if (doc_from_json(scratch, text, &error_limits, &doc, &ignored))
            read_json(doc, error);
    } else if (str_starts(text, S("<"))) {
        if (doc_from_xml(scratch, text, &error_limits, &root, &doc, &ignored))
            read_xml(doc, error);
    }
}

/* Text from outside: UTF-8, one story, not endless. */
static struct str kept(struct arena *arena, struct str text)
{
    struct str clean = arena_utf8(arena, arena_str(arena, str_sub(text, 0, TEXT_MAX)));
    return clean;
}

void aws_error_read(struct arena *arena, const struct http_answer *answer, struct aws_error *error)
{
    scoped(arena_freep) struct arena *scratch = arena_new(SCRATCH_MAX);
    error->status = answer->status;
    error->code = code_bare(http_header(answer, "x-amzn-errortype"));
    error->request_id = aws_request_id(answer);
    error->message = (struct str){0};
    if (answer->body.len <= error_limits.bytes)
        read_body(scratch, answer->body, error);

    error->code = kept(arena, error->code);
    error->request_id = kept(arena, error->request_id);
    if (error->message.len > 0)
        error->message = kept(arena, error->message);
    else if (error->code.len == 0 && answer->body.len > 0)
        error->message = arena_fmt(arena, "an answer that is not in AWS's form: %.*s",
                                   STR(kept(arena, str_sub(answer->body, 0, SHOWN_MAX))));
    else if (error->code.len == 0)
        error->message = S("an empty answer");
    error->kind = aws_error_kind_of(error->code, answer->status);
}
