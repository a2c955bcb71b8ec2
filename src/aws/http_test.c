#include "http.h"

#include "loopback.h"

struct line {
    struct loopback server;
    struct arena *arena;
    struct transport transport;
    struct http_answer answer;
    struct http_failure failure;
    struct stop_token *stop;
    int64_t deadline;
    bool once;
};

static void line_begin(struct line *line, const struct http_settings *settings)
{
    memset(line, 0, sizeof *line);
    loopback_begin(&line->server);
    line->arena = arena_new(64 << 20);
    line->transport = http_transport_new(world_of_process(), settings);
}

static void line_end(struct line *line)
{
    line->transport.free(line->transport.arg);
    loopback_end(&line->server);
    arena_free(line->arena);
}

static bool line_send(struct line *line, const char *path)
{
    const struct aws_header headers[] = {{S("X-Here"), S("1")}, {S("User-Agent"), S("t")}};
    struct http_request request = {
        .method = S("POST"),
        .url = arena_fmt(line->arena, "http://127.0.0.1:%d%s", line->server.port, path),
        .headers = headers,
        .header_count = 2,
        .body = S("a=b"),
        .once = line->once,
    };
    return line->transport.send(line->transport.arg, line->arena, &request, line->stop,
                                line->deadline, &line->answer, &line->failure);
}

static int64_t tick(void)
{
    return world_tick_ms(world_of_process());
}

static const struct http_settings plain = {0};

/* Far less than the silence that is cut, and enough for a machine that has much else to do. */
enum { slack_ms = 2000 };

START_TEST(an_answer_comes_with_its_headers)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(line_send(&line, "/ok"));
    ck_assert_int_eq(line.answer.status, 200);
    ck_assert_str(line.answer.body, S("hello"));
    ck_assert_str(http_header(&line.answer, "x-amzn-requestid"), S("r-1"));
    ck_assert_str(http_header(&line.answer, "x-empty"), S(""));
    ck_assert(strstr(line.server.last_request, "POST /ok HTTP/1.1\r\n") != NULL);
    ck_assert(strstr(line.server.last_request, "X-Here: 1\r\n") != NULL);
    ck_assert(strstr(line.server.last_request, "Expect") == NULL);
    ck_assert(strstr(line.server.last_request, "\r\n\r\na=b") != NULL);
    line_end(&line);
}
END_TEST

START_TEST(connections_are_used_again)
{
    struct line line;
    line_begin(&line, &plain);

    for (int i = 0; i < 10; i++)
        ck_assert(line_send(&line, "/ok"));
    ck_assert_int_eq(line.server.requests, 10);
    ck_assert_int_eq(line.server.connections, 1);
    line_end(&line);
}
END_TEST

static void *send_many(void *arg)
{
    struct line *line = arg;
    struct arena *arena = arena_new(64 << 20);
    struct http_answer answer;
    struct http_failure failure;
    for (int i = 0; i < 20; i++) {
        const struct http_request request = {
            .method = S("POST"),
            .url = arena_fmt(arena, "http://127.0.0.1:%d/ok", line->server.port)};
        ck_assert(
            line->transport.send(line->transport.arg, arena, &request, NULL, 0, &answer, &failure));
    }
    arena_free(arena);
    return NULL;
}

START_TEST(threads_do_not_share_a_connection_at_the_same_time)
{
    struct line line;
    pthread_t threads[8];
    line_begin(&line, &plain);

    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, send_many, &line);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(line.server.requests, 160);
    ck_assert_int_le(line.server.connections, 8);
    line_end(&line);
}
END_TEST

START_TEST(chunks_are_joined)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(line_send(&line, "/chunked"));
    ck_assert_str(line.answer.body, S("hello, world"));
    line_end(&line);
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_not_followed)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(line_send(&line, "/moved"));
    ck_assert_int_eq(line.answer.status, 301);
    ck_assert_int_eq(line.server.requests, 1);
    line_end(&line);
}
END_TEST

static void *stop_soon(void *arg)
{
    usleep(100 * 1000);
    stop_now(arg);
    return NULL;
}

START_TEST(a_stop_cuts_at_once)
{
    struct line line;
    pthread_t thread;
    struct stop_source *source = stop_source_new();
    line_begin(&line, &plain);
    line.stop = stop_token_new(source);

    int64_t began = tick();
    pthread_create(&thread, NULL, stop_soon, source);
    ck_assert(!line_send(&line, "/silent"));
    int64_t took = tick() - began;
    ck_assert_int_eq(line.failure.trouble, HTTP_STOPPED);
    ck_assert(line.failure.sent);
    ck_assert_int_ge(took, 90);
    ck_assert_int_lt(took, 100 + slack_ms);

    pthread_join(thread, NULL);
    stop_token_free(line.stop);
    stop_source_free(source);
    line_end(&line);
}
END_TEST

START_TEST(a_deadline_cuts)
{
    struct line line;
    line_begin(&line, &plain);
    line.deadline = tick() + 100;

    ck_assert(!line_send(&line, "/silent"));
    ck_assert_int_eq(line.failure.trouble, HTTP_TOO_LATE);
    ck_assert_int_lt(tick(), line.deadline + slack_ms);
    line_end(&line);
}
END_TEST

START_TEST(an_answer_that_is_too_large_is_refused)
{
    struct line line;
    struct http_settings small = {.body_max = 1000};
    line_begin(&line, &small);

    ck_assert(!line_send(&line, "/large"));
    ck_assert_int_eq(line.failure.trouble, HTTP_REFUSED);
    ck_assert_str(line.failure.message, S("the answer is larger than 1000 bytes"));
    line_end(&line);
}
END_TEST

START_TEST(an_answer_that_breaks_off_is_lost)
{
    static const char *const paths[] = {"/reset", "/cut", "/half"};
    for (size_t i = 0; i < 3; i++) {
        struct line line;
        line_begin(&line, &plain);

        ck_assert(!line_send(&line, paths[i]));
        ck_assert_int_eq(line.failure.trouble, HTTP_LOST);
        ck_assert(line.failure.sent);
        line_end(&line);
    }
}
END_TEST

START_TEST(a_server_that_says_nothing_is_given_up)
{
    struct line line;
    struct http_settings hasty = {.silence_s = 1};
    line_begin(&line, &hasty);

    ck_assert(!line_send(&line, "/silent"));
    ck_assert_int_eq(line.failure.trouble, HTTP_LOST);
    ck_assert(line.failure.silent);
    line_end(&line);
}
END_TEST

START_TEST(where_nobody_listens_nothing_was_sent)
{
    struct line line;
    line_begin(&line, &plain);
    const struct http_request request = {.method = S("POST"), .url = S("http://127.0.0.1:1/")};

    ck_assert(!line.transport.send(line.transport.arg, line.arena, &request, NULL, 0, &line.answer,
                                   &line.failure));
    ck_assert_int_eq(line.failure.trouble, HTTP_UNREACHABLE);
    ck_assert(!line.failure.sent);
    line_end(&line);
}
END_TEST

START_TEST(what_must_go_once_goes_once_though_the_connection_was_old)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(line_send(&line, "/ok"));
    line.once = true;
    ck_assert(!line_send(&line, "/cut"));
    ck_assert_int_eq(line.failure.trouble, HTTP_LOST);
    ck_assert_int_eq(line.server.requests, 2);
    line_end(&line);
}
END_TEST

START_TEST(only_http_is_spoken)
{
    struct line line;
    line_begin(&line, &plain);
    const struct http_request request = {.method = S("GET"), .url = S("file:///etc/passwd")};

    ck_assert(!line.transport.send(line.transport.arg, line.arena, &request, NULL, 0, &line.answer,
                                   &line.failure));
    ck_assert_int_eq(line.failure.trouble, HTTP_REFUSED);
    line_end(&line);
}
END_TEST

START_TEST(a_proxy_is_never_asked_for_this_machine)
{
    struct line line;
    struct http_settings by_proxy = {.http_proxy = S("http://127.0.0.1:1")};
    line_begin(&line, &by_proxy);

    ck_assert(line_send(&line, "/ok"));
    line_end(&line);
}
END_TEST

/* By a proxy that stands where the server is: it sees the whole address. */
static bool send_by_proxy(struct line *line, const char *proxy, const char *no_proxy,
                          const char *url, bool direct)
{
    struct http_request request = {.method = S("GET"), .url = str_of(url), .direct = direct};
    struct http_settings settings = {.no_proxy = str_of(no_proxy), .silence_s = 5};
    settings.http_proxy = settings.https_proxy =
        arena_fmt(line->arena, "http://%s127.0.0.1:%d", proxy, line->server.port);
    line->transport.free(line->transport.arg);
    line->transport = http_transport_new(world_of_process(), &settings);
    return line->transport.send(line->transport.arg, line->arena, &request, NULL, line->deadline,
                                &line->answer, &line->failure);
}

START_TEST(a_proxy_gets_the_whole_address_and_its_password)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(send_by_proxy(&line, "ada:secret@", "", "http://aws.test/path", false));
    ck_assert(strstr(line.server.last_request, "GET http://aws.test/path HTTP/1.1\r\n") != NULL);
    ck_assert(strstr(line.server.last_request, "Host: aws.test\r\n") != NULL);
    ck_assert(strstr(line.server.last_request, "Proxy-Authorization: Basic YWRhOnNlY3JldA==\r\n") !=
              NULL);
    line_end(&line);
}
END_TEST

START_TEST(hosts_that_need_no_proxy_are_not_asked_by_one)
{
    static const struct {
        const char *no_proxy, *url;
        bool by_proxy;
    } rows[] = {
        {"aws.test", "http://aws.test/ok", false},
        {"aws.test.example", "http://aws.test/ok", true},
        {"", "http://aws.test/ok", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line line;
        line_begin(&line, &plain);

        line.deadline = tick() + 300;
        bool came = send_by_proxy(&line, "", rows[i].no_proxy, rows[i].url, false);
        ck_assert_msg(came == rows[i].by_proxy, "%s, %s", rows[i].no_proxy, rows[i].url);
        line_end(&line);
    }
}
END_TEST

START_TEST(a_service_of_this_machine_is_asked_without_a_proxy)
{
    struct line line;
    line_begin(&line, &plain);

    ck_assert(!send_by_proxy(&line, "", "", "http://metadata.test/ok", true));
    ck_assert_int_eq(line.server.requests, 0);
    line_end(&line);
}
END_TEST

START_TEST(a_proxy_that_makes_no_tunnel_is_told_without_its_password)
{
    struct loopback_row rows[] = {{"CONNECT aws.test:443 ", "407 Who", ""}, {NULL}};
    struct line line;
    line_begin(&line, &plain);
    line.server.rows = rows;

    ck_assert(!send_by_proxy(&line, "ada:secret@", "", "https://aws.test/", false));
    ck_assert_int_eq(line.failure.trouble, HTTP_REFUSED);
    ck_assert(!line.failure.sent);
    ck_assert_msg(str_has(line.failure.message, S("407")), "%.*s", STR(line.failure.message));
    ck_assert(!str_has(line.failure.message, S("secret")));
    line_end(&line);
}
END_TEST

START_TEST(a_proxy_that_takes_all_and_never_answers_is_named_without_its_password)
{
    static const struct {
        const char *url;
        bool sent; /* to AWS, as far as one can know */
    } rows[] = {{"http://aws.test/silent", true}, {"https://silent.test/", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line line;
        struct http_settings hasty = {.silence_s = 1, .connect_ms = 1500};
        line_begin(&line, &hasty);
        struct http_request request = {.method = S("GET"), .url = str_of(rows[i].url)};
        hasty.http_proxy = hasty.https_proxy =
            arena_fmt(line.arena, "http://ada:s3cret@127.0.0.1:%d/", line.server.port);
        line.transport.free(line.transport.arg);
        line.transport = http_transport_new(world_of_process(), &hasty);
        struct str named =
            arena_fmt(line.arena, "(by the proxy http://127.0.0.1:%d/)", line.server.port);

        ck_assert(!line.transport.send(line.transport.arg, line.arena, &request, NULL, 0,
                                       &line.answer, &line.failure));
        ck_assert_msg(str_ends(line.failure.message, named), "%.*s", STR(line.failure.message));
        ck_assert(!str_has(line.failure.message, S("s3cret")));
        ck_assert_int_eq(line.failure.sent, rows[i].sent);
        ck_assert_int_eq(line.server.requests, 1);
        line_end(&line);
    }
}
END_TEST

START_TEST(a_proxys_password_is_in_no_error)
{
    static const char *const proxies[] = {
        "http://ada:secret@127.0.0.1:1",   "http://ada:secret@127.0.0.1:99999",
        "socks5://ada:secret@127.0.0.1:1", "gopher://ada:secret@127.0.0.1:1",
        "http://ada:secret@proxy .test:1", "https://ada:secret@127.0.0.1:1",
        "http://ada:secret@[::1",
    };
    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++) {
        struct http_settings settings = {.http_proxy = str_of(proxies[i]),
                                         .https_proxy = str_of(proxies[i])};
        struct line line;
        line_begin(&line, &settings);
        struct http_request request = {.method = S("GET"), .url = S("https://aws.test/")};

        ck_assert(!line.transport.send(line.transport.arg, line.arena, &request, NULL, 0,
                                       &line.answer, &line.failure));
        ck_assert_msg(!str_has(line.failure.message, S("secret")), "%.*s",
                      STR(line.failure.message));
        line_end(&line);
    }
}
END_TEST

/* libcurl 7.88 took that line for more of a header of the answer before, which was freed. */
START_TEST(headers_that_go_on_from_nothing_crash_nothing)
{
    struct line line;
    line_begin(&line, &plain);

    for (int i = 0; i < 20; i++) {
        ck_assert(line_send(&line, "/ok"));
        if (line_send(&line, "/folded"))
            ck_assert_str(line.answer.body, S("hello"));
    }
    ck_assert_int_gt(line.server.requests, 20);
    line_end(&line);
}
END_TEST

START_TEST(lines_that_are_no_header_are_left_out)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    const struct aws_header *headers = NULL;
    struct str text = S("a: 1\r\nno colon\r\n folded: x\r\n: no name\r\n\r: none here\r\nb:\r\n");

    size_t count = http_headers_read(arena, text, &headers);

    ck_assert_uint_eq(count, 2);
    ck_assert_str(headers[0].name, S("a"));
    ck_assert_str(headers[0].value, S("1"));
    ck_assert_str(headers[1].name, S("b"));
    ck_assert_str(headers[1].value, S(""));
}
END_TEST

START_TEST(dates_of_http_are_read)
{
    int64_t ms = 0;
    ck_assert(http_date_parse(S("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
    ck_assert_int_eq(ms, 784111777000);
    ck_assert(!http_date_parse(S("Sun, 06 Nov 1994 08:49:37 CET"), &ms));
    ck_assert(!http_date_parse(S("Sun, 06 Nov 1994 08:49:xx GMT"), &ms));
    ck_assert(!http_date_parse(S(""), &ms));
}
END_TEST

TESTS("aws/http", an_answer_comes_with_its_headers, connections_are_used_again,
      threads_do_not_share_a_connection_at_the_same_time, chunks_are_joined,
      a_redirect_is_an_answer_and_not_followed, a_stop_cuts_at_once, a_deadline_cuts,
      an_answer_that_is_too_large_is_refused, an_answer_that_breaks_off_is_lost,
      a_server_that_says_nothing_is_given_up, where_nobody_listens_nothing_was_sent,
      what_must_go_once_goes_once_though_the_connection_was_old, only_http_is_spoken,
      a_proxy_is_never_asked_for_this_machine, a_proxy_gets_the_whole_address_and_its_password,
      hosts_that_need_no_proxy_are_not_asked_by_one,
      a_service_of_this_machine_is_asked_without_a_proxy,
      a_proxy_that_makes_no_tunnel_is_told_without_its_password,
      a_proxy_that_takes_all_and_never_answers_is_named_without_its_password,
      a_proxys_password_is_in_no_error, headers_that_go_on_from_nothing_crash_nothing,
      lines_that_are_no_header_are_left_out, dates_of_http_are_read)
