/* What the sources that fetch have in common. */
#include "clients.h"

#include "credentials.h"
#include "errors.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 10, PAUSE_MS = 200 };

const struct keys_names keys_of_metadata = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration",
                                            false};
const struct keys_names keys_of_session = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                           "Expiration", false};

bool fetch_fail(const struct fetch *fetch, struct aws_error *reterr, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *reterr = (struct aws_error){.kind = AWS_CREDENTIALS,
                                 .message = arena_vfmt(fetch->arena, format, args)};
    va_end(args);
    return false;
}

struct aws_context fetch_from_sts(const struct fetch *fetch)
{
    return (struct aws_context){
        .client = fetch->client,
        .arena = fetch->arena,
        .stop = fetch->stop,
        .deadline_tick_ms = fetch->deadline_tick_ms,
        .region = fetch->client->settings.sts_region,
    };
}

static bool no_answer(const struct fetch *fetch, const struct fetch_wish *wish, bool by_deadline,
                      const struct http_failure *failure, struct aws_error *reterr)
{
    if (failure->trouble == HTTP_STOPPED || by_deadline) {
        *reterr = (struct aws_error){.kind = AWS_STOPPED, .timed_out = by_deadline};
        reterr->message = S("it ended while credentials were fetched");
        return false;
    }
    if (failure->trouble == HTTP_TOO_LATE)
        return fetch_fail(fetch, reterr, "no answer from %.*s within %lld ms", STR(wish->url),
                          (long long)wish->each_ms);
    return fetch_fail(fetch, reterr, "no answer from %.*s: %.*s", STR(wish->url),
                      STR(failure->message));
}

static bool is_passing(const struct http_answer *answer)
{
    return answer->status >= 500 || answer->status == 429;
}

bool fetch_http(const struct fetch *fetch, const struct fetch_wish *wish,
                struct http_answer *ret_answer, struct aws_error *reterr)
{
    const struct transport *transport = &fetch->client->transport;
    const struct world *world = fetch->client->world;
    struct aws_header headers[2] = {wish->headers[0], wish->headers[1]};
    struct http_request request = {
        .method = str_of(wish->method),
        .url = wish->url,
        .headers = headers,
        .header_count = wish->header_count,
        .body = wish->body,
        .direct = wish->direct,
    };
    for (size_t i = 0; i < wish->header_count; i++)
        if (!is_one_line(wish->headers[i].value))
            return fetch_fail(
                fetch, reterr,
                "what is to be sent as %.*s has a line break or another control character in it",
                STR(wish->headers[i].name));
    for (unsigned attempt = 1;; attempt++) {
        struct http_failure failure;
        int64_t until = wish->each_ms == 0 ? 0 : world_tick_ms(world) + wish->each_ms;
        bool outer =
            fetch->deadline_tick_ms != 0 && (until == 0 || fetch->deadline_tick_ms < until);
        if (outer)
            until = fetch->deadline_tick_ms;
        if (wish->anew != NULL)
            headers[wish->header_count - 1].value = wish->anew(fetch, wish);
        bool came = transport->send(transport->arg, fetch->arena, &request, fetch->stop, until,
                                    ret_answer, &failure);
        bool ended = !came && (failure.trouble == HTTP_STOPPED ||
                               (outer && failure.trouble == HTTP_TOO_LATE));
        if (came && (!is_passing(ret_answer) || attempt >= wish->attempts))
            return true;
        if (!came && (ended || failure.trouble == HTTP_REFUSED || attempt >= wish->attempts))
            return no_answer(fetch, wish, ended && outer && failure.trouble == HTTP_TOO_LATE,
                             &failure, reterr);
        if (world_wait_ms(world, fetch->stop, (int64_t)PAUSE_MS << attempt)) {
            failure.trouble = HTTP_STOPPED;
            return no_answer(fetch, wish, false, &failure, reterr);
        }
    }
}

bool fetch_file(const struct fetch *fetch, struct str path, const char *what, struct str *ret_text,
                struct aws_error *reterr)
{
    FILE *file = fopen(arena_z(fetch->arena, path), "rb");
    if (file == NULL)
        return fetch_fail(fetch, reterr, "%s: the file %.*s cannot be opened", what, STR(path));
    char *text = arena_alloc(fetch->arena, FILE_MAX + 1);
    size_t len = fread(text, 1, FILE_MAX + 1, file);
    bool bad = ferror(file) != 0;
    fclose(file);
    if (bad || len > FILE_MAX) {
        wipe(text, len);
        return fetch_fail(fetch, reterr,
                          "%s: the file %.*s cannot be read, or is larger than %d bytes", what,
                          STR(path), FILE_MAX);
    }
    *ret_text = str_trim((struct str){text, len});
    if (ret_text->len == 0)
        return fetch_fail(fetch, reterr, "%s: the file %.*s is empty", what, STR(path));
    return true;
}

void fetch_keep(const struct fetch *fetch, struct str path, const struct doc *login)
{
    struct buf out = buf_in(fetch->arena, FILE_MAX);
    struct str beside = arena_fmt(fetch->arena, "%.*s.%.*s", STR(path),
                                  STR(client_uuid(fetch->arena, fetch->client->world)));
    int fd = open(beside.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool written = doc_to_json(login, &out) && write(fd, out.ptr, out.len) == (ssize_t)out.len;
    written &= close(fd) == 0;
    if (!written || rename(beside.ptr, arena_z(fetch->arena, path)) != 0)
        unlink(beside.ptr);
    wipe(out.ptr, out.len);
}

static void wipe_text(const struct doc *doc)
{
    if (doc != NULL && doc->text.len > 0)
        wipe((char *)doc->text.ptr, doc->text.len);
}

static bool expiration_of(const struct doc *doc, const struct keys_names *names, int64_t *ret_ms)
{
    const struct doc *member = doc_get(doc, str_of(names->expiration));
    *ret_ms = 0;
    if (doc_is_null(member))
        return true;
    return names->expiration_is_ms ? doc_to_int64(member, ret_ms)
                                   : time_parse(doc_text(member), ret_ms);
}

bool keys_from_doc(const struct fetch *fetch, const struct doc *doc, const struct keys_names *names,
                   const char *whose, struct credentials *ret, struct aws_error *reterr)
{
    const struct doc *access_key = doc_get(doc, str_of(names->access_key));
    const struct doc *secret_key = doc_get(doc, str_of(names->secret_key));
    const struct doc *token = doc_get(doc, str_of(names->token));
    int64_t expires_ms;
    bool whole = doc_text(access_key).len > 0 && doc_text(secret_key).len > 0;
    bool dated = expiration_of(doc, names, &expires_ms);
    bool clean = is_one_line(doc_text(access_key)) && is_one_line(doc_text(secret_key)) &&
                 is_one_line(doc_text(token));

    if (whole && dated && clean) {
        *ret = (struct credentials){secret_of(doc_text(access_key)),
                                    secret_of(doc_text(secret_key)), .expires_ms = expires_ms};
        if (doc_text(token).len > 0)
            ret->token = secret_of(doc_text(token));
    }
    wipe_text(secret_key);
    wipe_text(token);
    if (!whole)
        return fetch_fail(fetch, reterr, "%s has no %s or no %s", whose, names->access_key,
                          names->secret_key);
    if (!clean)
        return fetch_fail(fetch, reterr,
                          "%s has keys with a line break or another control character in them",
                          whose);
    return dated ||
           fetch_fail(fetch, reterr, "%s has an %s that is no time", whose, names->expiration);
}

bool keys_from_json(const struct fetch *fetch, struct str text, const struct keys_names *names,
                    const char *whose, struct credentials *ret, struct aws_error *reterr)
{
    static const struct doc_limits limits = {256 << 10, 16, 4000};
    struct doc *doc = NULL;
    struct doc_error why;
    if (!doc_from_json(fetch->arena, text, &limits, &doc, &why) || doc->kind != DOC_OBJECT)
        return fetch_fail(fetch, reterr, "%s is no JSON object", whose);
    return keys_from_doc(fetch, doc, names, whose, ret, reterr);
}
