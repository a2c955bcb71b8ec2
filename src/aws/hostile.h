/* For fuzzers: a world that stands still, secrets to look for, and what must hold of every error
 * whatever the other end said. Private to aws's fuzzers. */
#ifndef AWS_HOSTILE_H
#define AWS_HOSTILE_H

#include "clients.h"
#include "errors.h"
#include <hp/base/must.h>

#include <stdio.h>

/* Each is known to the code under test, and none may ever be told (an address shows them encoded).
 * libFuzzer sees what is compared and writes it into inputs, which then prove nothing: such inputs
 * are left out. */
#define SECRET_KEY   "planted/secret+key"
#define SECRET_TOKEN "planted/session+token"
#define SECRET_WORD  "planted/authorization"

static inline bool has_secret(struct str text)
{
    static const struct str secrets[] = {S_INIT(SECRET_KEY), S_INIT(SECRET_TOKEN),
                                         S_INIT(SECRET_WORD)};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (str_has(text, secrets[i]))
            return true;
    return false;
}

/* An error says something, in UTF-8 and within bounds, and tells no secret. */
static inline void must_be_told(struct arena *arena, const struct aws_error *error)
{
    enum { text_max = 64 << 10 };
    struct str text = aws_error_text(arena, error);
    must(error->kind != AWS_OK, "an error has a kind");
    must(text.len > 0 && text.len < text_max, "an error is told within bounds");
    must(str_is_utf8(arena_utf8(arena, text)), "an error can be made UTF-8");
    if (has_secret(text))
        fprintf(stderr, "%.*s\n", STR(text));
    must(!has_secret(text) && !has_secret(error->message), "no secret is told");
}

/* Whatever was in an answer: what goes out again has no line break, so that nobody adds headers. */
static inline void must_be_clean(const struct http_request *request)
{
    for (size_t i = 0; i < request->url.len; i++)
        must((unsigned char)request->url.ptr[i] > ' ', "an address has no spaces");
    for (size_t i = 0; i < request->header_count; i++)
        for (size_t j = 0; j < request->headers[i].value.len; j++) {
            char c = request->headers[i].value.ptr[j];
            must(c != '\r' && c != '\n' && c != '\0', "a header is one line");
        }
}

/* A world without time: the clock goes on only by waiting. */
struct still {
    int64_t now_ms;
    const char *const *env; /* name, value, …, NULL */
    struct world world;
};

static inline int64_t still_now(void *arg)
{
    return ((struct still *)arg)->now_ms;
}

static inline bool still_wait(void *arg, struct stop_token *stop, int64_t ms)
{
    ((struct still *)arg)->now_ms += ms;
    return stop_requested(stop);
}

static inline void still_random(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 0x7f, len);
}

static inline struct str still_env(void *arg, const char *name)
{
    for (const char *const *p = ((struct still *)arg)->env; p != NULL && *p != NULL; p += 2)
        if (strcmp(p[0], name) == 0)
            return str_of(p[1]);
    return (struct str){0};
}

/* 2026-08-01T12:34:56Z; `still` must not move. */
static inline void still_begin(struct still *still, const char *const *env)
{
    *still =
        (struct still){.now_ms = 1785587696000,
                       .env = env,
                       .world = {still_now, still_now, still_wait, still_random, still_env, still}};
}

#endif
