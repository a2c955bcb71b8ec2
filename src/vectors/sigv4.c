/* A folder like AWS's aws-sig-v4-test-suite: each case is a folder with NAME.req, and the stages
 * NAME.creq, NAME.sts, NAME.authz. */
#include "file.h"
#include "vectors.h"

#include <hp/aws/sigv4.h>

#include <ftw.h>
#include <stdio.h>

enum { HEADERS_MAX = 32 };

static const char access_key[] = "AKIDEXAMPLE";
static const char secret_key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

static struct tally tally; /* nftw has no argument for it */

static bool stage_equal(const char *name, const char *stage, struct str ours, struct str theirs)
{
    if (str_eq(ours, theirs))
        return true;
    printf("%s: %s is\n%.*s\nand should be\n%.*s\n", name, stage, STR(ours), STR(theirs));
    return false;
}

/* A line that begins with a space goes on with the value before. */
static size_t headers_read(struct arena *arena, struct str *rest, struct aws_header *headers)
{
    size_t count = 0;
    struct str line;
    while (str_next(rest, '\n', &line) && line.len > 0 && count < HEADERS_MAX - 1) {
        if (line.ptr[0] == ' ' && count > 0) {
            struct str *value = &headers[count - 1].value;
            *value = arena_fmt(arena, "%.*s %.*s", STR(*value), STR(str_trim(line)));
            continue;
        }
        headers[count].value = line;
        str_next(&headers[count].value, ':', &headers[count].name);
        count++;
    }
    return count;
}

static struct str header_get(const struct aws_header *headers, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(headers[i].name, name))
            return headers[i].value;
    return (struct str){0};
}

/* What the sender adds by itself: a token that only the canonical request shows. */
static size_t token_added(struct str canonical, struct aws_header *headers, size_t count)
{
    static const struct str name = S_INIT("x-amz-security-token");
    size_t at = str_find(canonical, S("x-amz-security-token:"));
    if (at == SIZE_MAX || header_get(headers, count, name).ptr != NULL)
        return count;
    struct str rest = str_from(canonical, at + name.len + 1);
    headers[count].name = name;
    str_next(&rest, '\n', &headers[count].value);
    return count + 1;
}

static void request_read(struct arena *arena, struct str text, struct str canonical,
                         struct sigv4_request *ret_request)
{
    struct aws_header *headers = arena_array(arena, struct aws_header, HEADERS_MAX);
    struct str rest = text, line;
    str_next(&rest, '\n', &line);
    line = str_sub(line, 0, line.len - strlen(" HTTP/1.1"));
    str_next(&line, ' ', &ret_request->method);
    ret_request->query = line;
    str_next(&ret_request->query, '?', &ret_request->path);
    ret_request->header_count = headers_read(arena, &rest, headers);
    ret_request->header_count = token_added(canonical, headers, ret_request->header_count);
    ret_request->headers = headers;
    ret_request->body = rest;
}

static bool case_passes(const char *name, struct str req, struct str creq, struct str sts,
                        struct str authz)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct sigv4_request request = {0};
    request_read(arena, req, creq, &request);

    struct secret secret = secret_of(str_of(secret_key));
    struct sigv4_scope scope = {
        .access_key = str_of(access_key),
        .secret_key = &secret,
        .time = header_get(request.headers, request.header_count, S("x-amz-date")),
        .region = S("us-east-1"),
        .service = S("service"),
    };
    if (scope.time.len != strlen("20150830T123600Z")) {
        printf("%s: no X-Amz-Date\n", name);
        secret_done(&secret);
        return false;
    }
    struct sigv4_stages stages = sigv4_sign(arena, NULL, &scope, &request);
    secret_done(&secret);
    return stage_equal(name, "the canonical request", stages.canonical, creq) &&
           stage_equal(name, "the string to sign", stages.to_sign, sts) &&
           stage_equal(name, "the authorization", stages.authorization, authz);
}

static int on_file(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info, (void)at;
    struct str name = str_of(path);
    if (type != FTW_F || !str_ends(name, S(".req")))
        return 0;

    static const char *const stages[] = {"req", "creq", "sts", "authz"};
    scoped(arena_freep) struct arena *arena = arena_new(512 << 20);
    struct str texts[4];
    struct str stem = str_sub(name, 0, name.len - strlen("req"));
    for (size_t i = 0; i < 4; i++) {
        struct str file = arena_fmt(arena, "%.*s%s", STR(stem), stages[i]);
        if (!file_read(arena, file.ptr, &texts[i])) {
            printf("%s: cannot be read\n", file.ptr);
            tally.failed++;
            return 0;
        }
    }
    if (case_passes(path, texts[0], texts[1], texts[2], texts[3]))
        tally.passed++;
    else
        tally.failed++;
    return 0;
}

int vectors_sigv4(const char *folder)
{
    tally = (struct tally){0};
    if (nftw(folder, on_file, 16, FTW_PHYS) != 0)
        printf("%s: cannot be read\n", folder);
    return tally_end(&tally);
}
