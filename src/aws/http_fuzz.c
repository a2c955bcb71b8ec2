/* libcurl and our transport against a server that says anything. No network: what curl connects to
 * is one end of a socket pair, and the other end answers each request by the next part of the
 * input. So the status line, headers, chunks, lengths, compression and connections that stay open
 * are read by the real code. */
#include "hostile.h"
#include "http.h"

#include <hp/aws/ops.h>
#include <hp/aws/wire.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { PAIRS = 64, BODY_MAX = 256 << 10, INPUT_MAX = 32 << 10, PATIENCE = 500 };

static struct {
    int near[PAIRS], far[PAIRS];
    size_t count;
    struct str answers; /* what is not said yet */
    bool hangs;         /* the last answer does not end */
    struct str said;    /* to the request under way */
    size_t requests;
} server;

static size_t pair_of(int fd)
{
    size_t at = server.count;
    while (at > 0 && server.near[at - 1] != fd)
        at--;
    must(at > 0, "a socket is one of ours");
    return at - 1;
}

/* These four stand in for the C library's, for libcurl too: this program has no other sockets. */
#pragma GCC visibility push(default)
int socket(int domain, int type, int protocol)
{
    int ends[2];
    (void)protocol;
    if (domain != AF_INET || server.count == PAIRS ||
        socketpair(AF_UNIX, SOCK_STREAM | (type & (SOCK_NONBLOCK | SOCK_CLOEXEC)), 0, ends) != 0) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    server.near[server.count] = ends[0];
    server.far[server.count++] = ends[1];
    return ends[0];
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)fd, (void)address, (void)size;
    return 0;
}

/* Nobody waits: what the server has to say is there already, and time passes by looking. */
int poll(struct pollfd *fds, nfds_t count, int wait_ms)
{
    (void)wait_ms;
    return (int)syscall(SYS_poll, fds, count, 0);
}

/* Answers are separated by four empty bytes; after the last one the server hangs up, or hangs. */
ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    static const struct str gap = S_INIT("\0\0\0\0");
    int far = server.far[pair_of(fd)];
    struct str text = {bytes, size};
    (void)flags;
    if (str_has(text, S("\r\n\r\n")) && far >= 0) {
        size_t end = str_find(server.answers, gap);
        server.requests++;
        server.said = str_sub(server.answers, 0, end);
        server.answers = end == SIZE_MAX ? S("") : str_from(server.answers, end + gap.len);
        must(write(far, server.said.ptr, server.said.len) == (ssize_t)server.said.len,
             "the pair has room for an answer");
        if (end == SIZE_MAX && !server.hangs)
            shutdown(far, SHUT_WR);
    }
    return (ssize_t)size;
}
#pragma GCC visibility pop

static void close_pairs(void)
{
    for (size_t i = 0; i < server.count; i++)
        close(server.far[i]);
    server.count = 0;
}

/* An answer that is plain to see: one Content-Length, nothing else that decides. */
static bool is_plain(struct str said, int64_t *ret_promised, struct str *ret_body)
{
    size_t end = str_find(said, S("\r\n\r\n"));
    if (!str_starts(said, S("HTTP/1.1 200 OK\r\n")) || end == SIZE_MAX)
        return false;
    struct str head = str_sub(said, 17, end + 2 - 17), line, name;
    int lengths = 0;
    while (head.len > 0 && str_next(&head, '\n', &line)) {
        struct str value = line;
        if (line.len == 0 || line.ptr[line.len - 1] != '\r' || !str_next(&value, ':', &name))
            return false;
        if (str_is(name, "Content-Length") && str_to_int64(str_trim(value), ret_promised))
            lengths++;
        else if (!str_is(name, "X-Amzn-RequestId"))
            return false;
    }
    *ret_body = str_from(said, end + 4);
    return lengths == 1 && *ret_promised >= 0;
}

static void check_answer(const struct http_answer *answer)
{
    int64_t promised;
    struct str body;
    must(answer->body.len <= BODY_MAX, "a body is bounded");
    must(answer->header_count <= 200, "headers are bounded");
    for (size_t i = 0; i < answer->header_count; i++) {
        const struct aws_header *header = &answer->headers[i];
        must(header->name.len > 0 && str_find_char(header->name, ':') == SIZE_MAX &&
                 str_find_char(header->name, '\n') == SIZE_MAX,
             "a header has a name");
        must(str_find_char(header->value, '\n') == SIZE_MAX &&
                 str_eq(header->value, str_trim(header->value)),
             "a header's value is one line");
    }
    if (is_plain(server.said, &promised, &body))
        must((int64_t)body.len >= promised &&
                 str_eq(answer->body, str_sub(body, 0, (size_t)promised)),
             "a body is the one of this answer, and as long as was promised");
}

static void check_failure(const struct http_failure *failure)
{
    must(failure->message.len > 0 && failure->message.len < 1024, "a failure has a sentence");
    must(failure->sent, "a request that was sent counts as sent");
    must(failure->trouble != HTTP_UNREACHABLE && failure->trouble != HTTP_STOPPED,
         "a server that answered was reached");
}

/* What a call makes of it. */
static void read_answer(struct arena *arena, const struct http_answer *answer)
{
    struct aws_error error = {0};
    struct doc *output = NULL;
    if (answer->status >= 200 && answer->status < 300) {
        must(aws_decode(arena, &aws_sts_GetCallerIdentity, answer->body, &output, &error) ==
                 (output != NULL),
             "an answer is read, or is not");
        if (output != NULL)
            return;
    } else {
        aws_error_read(arena, answer, &error);
    }
    must_be_told(arena, &error);
}

static void ask(struct transport *transport, const struct still *still, unsigned flags)
{
    static const char *const methods[] = {"POST", "GET", "HEAD", "PUT"};
    scoped(arena_freep) struct arena *arena = arena_new(16 << 20);
    struct aws_header headers[] = {{S("Host"), S("127.0.0.1")},
                                   {S("X-Amz-Security-Token"), S(SECRET_TOKEN)}};
    const char *method = methods[(flags >> 2) % 4];
    struct http_request request = {
        .method = str_of(method),
        .url = S("http://127.0.0.1/x"),
        .headers = headers,
        .header_count = 2,
        .body = method[0] == 'P' ? S("{}") : S(""),
        .once = (flags & 16) != 0,
    };
    struct http_answer answer = {0};
    struct http_failure failure = {0};
    if (transport->send(transport->arg, arena, &request, NULL, still->now_ms + PATIENCE, &answer,
                        &failure)) {
        must(server.requests > 0, "nobody answers what was not asked");
        if (!str_is(request.method, "HEAD"))
            check_answer(&answer);
        read_answer(arena, &answer);
    } else {
        check_failure(&failure);
    }
}

/* A clock that goes on when it is looked at. */
static int64_t restless(void *arg)
{
    return ((struct still *)arg)->now_ms++;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct still still;
    if (size < 2 || size > INPUT_MAX || has_secret((struct str){(const char *)bytes, size}))
        return 0;
    still_begin(&still, NULL);
    still.world.tick_ms = restless;
    struct http_settings settings = {.body_max = BODY_MAX};
    struct transport transport = http_transport_new(&still.world, &settings);
    unsigned flags = bytes[0];

    server.answers = (struct str){(const char *)bytes + 1, size - 1};
    server.hangs = (flags & 1) != 0;
    server.requests = 0;
    ask(&transport, &still, flags);
    if ((flags & 2) != 0)
        ask(&transport, &still, flags);
    transport.free(transport.arg);
    close_pairs();
    return 0;
}
