/* For tests: a world whose clock stands still but for waits, and an AWS that answers by script.
 * Private to aws's tests. */
#ifndef AWS_SCRIPT_H
#define AWS_SCRIPT_H

#include "clients.h"

#include <hp/base/test.h>

struct step {
    int status; /* 0: no answer, for the reason below */
    const char *body;
    const char *headers; /* "name: value\n…" */
    enum http_trouble trouble;
    bool sent;
    int64_t silent_ms; /* for so long nothing came */
};

enum { SENT_MAX = 64 };

struct script {
    const struct step *steps;
    size_t count, at; /* the last step is repeated */
    int64_t now_ms, tick_ms, waited_ms;
    int64_t longest_wait_ms;
    bool stop_at_wait;
    struct stop_source *source;
    const char *const *env; /* name, value, …, NULL */
    struct arena *arena;
    struct str sent_bodies[SENT_MAX], sent_headers[SENT_MAX], sent_urls[SENT_MAX];
    struct world world;
};

static int64_t script_now(void *arg)
{
    return ((struct script *)arg)->now_ms;
}

static int64_t script_tick(void *arg)
{
    return ((struct script *)arg)->tick_ms;
}

static bool script_wait(void *arg, struct stop_token *stop, int64_t ms)
{
    struct script *script = arg;
    if (script->stop_at_wait)
        stop_now(script->source);
    if (stop_requested(stop))
        return true;
    script->now_ms += ms;
    script->tick_ms += ms;
    script->waited_ms += ms;
    if (ms > script->longest_wait_ms)
        script->longest_wait_ms = ms;
    return false;
}

static void script_random(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 0x7f, len);
}

static struct str script_env(void *arg, const char *name)
{
    for (const char *const *p = ((struct script *)arg)->env; p != NULL && *p != NULL; p += 2)
        if (strcmp(p[0], name) == 0)
            return str_of(p[1]);
    return (struct str){0};
}

static bool script_send(void *arg, struct arena *arena, const struct http_request *request,
                        struct stop_token *stop, int64_t deadline, struct http_answer *ret_answer,
                        struct http_failure *reterr)
{
    (void)stop, (void)deadline;
    struct script *script = arg;
    const struct step *step =
        &script->steps[script->at < script->count ? script->at : script->count - 1];
    ck_assert_uint_lt(script->at, SENT_MAX);
    struct buf headers = buf_in(script->arena, 1 << 20);
    for (size_t i = 0; i < request->header_count; i++)
        buf_printf(&headers, "%.*s: %.*s\n", STR(request->headers[i].name),
                   STR(request->headers[i].value));
    script->sent_headers[script->at] = buf_str(&headers);
    script->sent_bodies[script->at] = arena_str(script->arena, request->body);
    script->sent_urls[script->at] = arena_str(script->arena, request->url);
    script->at++;
    if (step->status == 0) {
        script->now_ms += step->silent_ms;
        script->tick_ms += step->silent_ms;
        *reterr = (struct http_failure){step->trouble, step->sent, S("the wire was cut"),
                                        step->silent_ms > 0};
        return false;
    }
    ret_answer->status = step->status;
    ret_answer->body = arena_str(arena, str_of(step->body == NULL ? "" : step->body));
    ret_answer->header_count = http_headers_read(
        arena, str_of(step->headers == NULL ? "" : step->headers), &ret_answer->headers);
    return true;
}

/* 2026-08-01T12:34:56Z */
static struct script *script_of(struct arena *arena, const struct step *steps, size_t count)
{
    struct script *script = arena_make(arena, struct script);
    *script = (struct script){
        .steps = steps,
        .count = count,
        .now_ms = 1785587696000,
        .tick_ms = 1000,
        .arena = arena,
        .world = {script_now, script_tick, script_wait, script_random, script_env, script}};
    return script;
}

static struct transport script_transport(struct script *script)
{
    return (struct transport){script_send, NULL, script};
}

/* A header's value in what was sent as number `at`. */
__attribute__((unused)) static struct str script_header(const struct script *script, size_t at,
                                                        const char *name)
{
    struct str rest = script->sent_headers[at], line;
    while (str_next(&rest, '\n', &line)) {
        struct str value = line, key;
        str_next(&value, ':', &key);
        if (str_eq_nocase(key, str_of(name)))
            return str_trim(value);
    }
    return (struct str){0};
}

static const struct aws_config script_config = {
    .region = S_INIT("us-west-2"),
    .access_key = S_INIT("AKIDEXAMPLE"),
    .secret_key = S_INIT("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    .max_retries = -1,
};

__attribute__((unused)) static struct aws_client *script_client(struct script *script,
                                                                const struct aws_config *config)
{
    struct transport transport = script_transport(script);
    struct aws_client *client = NULL;
    struct aws_error error;
    bool made = client_new(&script->world, config == NULL ? &script_config : config, &transport,
                           script->arena, &client, &error);
    ck_assert_msg(made, "%.*s", STR(made ? S("") : error.message));
    return client;
}

#endif
