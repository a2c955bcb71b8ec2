#include "errors.h"

#include <hp/base/buf.h>

bool aws_error_is(const struct aws_error *error, const char *code)
{
    return str_is(error->code, code);
}

enum { LEAST_SECRET = 8 };

/* How much of the secret's beginning ends the text, which was cut there. */
static size_t cut_off(struct str text, struct str secret)
{
    for (size_t len = secret.len - 1; len >= LEAST_SECRET; len--)
        if (str_ends(text, str_sub(secret, 0, len)))
            return len;
    return 0;
}

struct str hide(struct arena *arena, struct str text, struct str secret)
{
    if (secret.len < LEAST_SECRET)
        return text;
    size_t at = str_find(text, secret), cut = cut_off(text, secret);
    if (at == SIZE_MAX && cut == 0)
        return text;
    struct buf out = buf_in(arena, text.len + 64);
    for (; at != SIZE_MAX; at = str_find(text, secret)) {
        buf_put(&out, str_sub(text, 0, at));
        buf_putz(&out, "…");
        text = str_from(text, at + secret.len);
    }
    cut = cut_off(text, secret); /* a secret may end as it begins */
    buf_put(&out, str_sub(text, 0, text.len - cut));
    buf_putz(&out, cut > 0 ? "…" : "");
    return buf_str(&out);
}

static const char *by_kind(enum aws_error_kind kind)
{
    switch (kind) {
    case AWS_NETWORK:
        return "No answer from AWS";
    case AWS_STOPPED:
        return "Stopped";
    case AWS_ANSWER:
        return "An answer that cannot be read";
    case AWS_INPUT:
        return "Not sent";
    case AWS_CREDENTIALS:
        return "No credentials";
    default:
        return "AWS refused";
    }
}

static void put_circumstances(struct buf *out, const struct aws_error *error)
{
    const char *glue = " (";
    if (error->status != 0) {
        buf_printf(out, "%sHTTP %d", glue, error->status);
        glue = ", ";
    }
    if (error->request_id.len > 0) {
        buf_printf(out, "%srequest id %.*s", glue, STR(error->request_id));
        glue = ", ";
    }
    if (error->attempts > 1) {
        buf_printf(out, "%safter %u attempts", glue, error->attempts);
        glue = ", ";
    }
    if (error->status == 0 && error->endpoint.len > 0) {
        buf_printf(out, "%sendpoint %.*s", glue, STR(error->endpoint));
        glue = ", ";
    }
    if (glue[0] == ',')
        buf_putc(out, ')');
}

/* The first paragraph: after a signature that does not match AWS prints pages of what it has
 * signed. */
static struct str first_paragraph(struct str text)
{
    return str_trim(str_sub(text, 0, str_find(text, S("\n\n"))));
}

/* "ec2:DescribeVpcs" */
static bool only_reads(struct str operation)
{
    struct str service, name = operation;
    str_next(&name, ':', &service);
    return str_starts(name, S("Describe")) || str_starts(name, S("List")) ||
           str_starts(name, S("Get"));
}

struct str aws_error_text(struct arena *arena, const struct aws_error *error)
{
    struct buf out = buf_in(arena, 64 << 10);
    if (error->operation.len > 0)
        buf_printf(&out, "%.*s: ", STR(error->operation));
    if (error->code.len > 0)
        buf_printf(&out, "AWS answered %.*s", STR(error->code));
    else
        buf_putz(&out, by_kind(error->kind));
    if (error->message.len > 0) {
        struct str message = first_paragraph(error->message);
        buf_printf(&out, ": %.*s", STR(message));
    }
    put_circumstances(&out, error);
    if (error->maybe_done && error->kind != AWS_OK && !only_reads(error->operation))
        buf_putz(&out, ". AWS may have carried it out all the same");
    buf_putc(&out, '.');
    return buf_str(&out);
}
