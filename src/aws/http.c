#include "http.h"

#include "http_pool.h"
#include "no_proxy.h"
#include "roots.h"

#include <hp/base/buf.h>

#include <stdlib.h>

enum { HEADER_TEXT_MAX = 64 << 10, BODY_MAX = 64 << 20, POLL_MS = 1000 };

struct http {
    const struct world *world;
    struct arena *arena; /* the settings' strings */
    struct http_settings settings;
    struct http_pool *pool;
};

/* What one request needs while it is under way. */
struct flight {
    struct buf body, headers;
    struct curl_slist *sent_headers;
    bool too_large;
    struct str proxy; /* as it was given; empty: none */
    char why[CURL_ERROR_SIZE];
};

enum ending { ENDED, STOPPED, TOO_LATE };

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct flight *flight = arg;
    buf_put(&flight->body, (struct str){bytes, size * count});
    flight->too_large |= flight->body.overflow;
    return flight->body.overflow ? 0 : size * count;
}

/* A new status line begins the headers of the answer that counts: 100 Continue and a proxy's
 * answer to CONNECT stand before it. */
static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct flight *flight = arg;
    struct str line = {bytes, size * count};
    if (str_starts(line, S("HTTP/")))
        buf_clear(&flight->headers);
    else
        buf_put(&flight->headers, line);
    flight->too_large |= flight->headers.overflow;
    return flight->headers.overflow ? 0 : size * count;
}

static struct curl_slist *header_list(struct arena *arena, const struct http_request *request)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct aws_header *header = &request->headers[i];
        bool empty = header->value.len == 0; /* curl's way to say "Name:" */
        struct str line = arena_fmt(arena, "%.*s%s%.*s", STR(header->name), empty ? ";" : ": ",
                                    STR(header->value));
        list = curl_slist_append(list, line.ptr);
    }
    return curl_slist_append(list, "Expect:"); /* no waiting for 100 Continue */
}

static struct str proxy_for(const struct http_settings *settings,
                            const struct http_request *request)
{
    if (request->direct || no_proxy_covers(settings->no_proxy, request->url))
        return S("");
    bool tls = str_starts(request->url, S("https:"));
    struct str proxy = tls ? settings->https_proxy : settings->http_proxy;
    return proxy.len == 0 ? S("") : proxy;
}

/* An own bundle stands instead of the system's authorities; a proxy that speaks TLS is looked at
 * with the same eyes. */
static void set_trust(const struct http_settings *settings, CURL *easy)
{
    long verify = settings->insecure ? 0 : 1;
    if (settings->ca_bundle.len > 0) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_bundle.ptr);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, settings->ca_bundle.ptr);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2 * verify);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, verify);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2 * verify);
}

static void set_connection(const struct http *http, CURL *easy)
{
    const struct http_settings *settings = &http->settings;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a stop does not wait for a name server */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)settings->silence_s);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    set_trust(settings, easy);
}

static void set_request(const struct http *http, struct arena *arena, CURL *easy,
                        const struct http_request *request, struct flight *flight)
{
    curl_easy_setopt(easy, CURLOPT_URL, arena_z(arena, request->url));
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    flight->proxy = proxy_for(&http->settings, request);
    curl_easy_setopt(easy, CURLOPT_PROXY, arena_z(arena, flight->proxy));
    curl_easy_setopt(easy, CURLOPT_NOPROXY, ""); /* nothing of the environment */
    if (request->body.len > 0 || str_is(request->method, "POST")) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.len == 0 ? "" : request->body.ptr);
    }
    if (str_is(request->method, "HEAD"))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, arena_z(arena, request->method));
    /* On a connection used before, curl repeats by itself what got no answer. */
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
    flight->sent_headers = header_list(arena, request);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, flight->sent_headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, flight);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->why);
}

static void wake_multi(void *multi)
{
    curl_multi_wakeup(multi);
}

static int poll_ms(const struct http *http, int64_t deadline)
{
    if (deadline == 0)
        return POLL_MS;
    int64_t left = deadline - world_tick_ms(http->world);
    return left < 0 ? 0 : left < POLL_MS ? (int)left : POLL_MS;
}

static enum ending cut(const struct http *http, struct stop_token *stop, int64_t deadline)
{
    if (stop_requested(stop))
        return STOPPED;
    return deadline != 0 && world_tick_ms(http->world) >= deadline ? TOO_LATE : ENDED;
}

/* Runs until the transfer has ended, or a stop or the deadline ends the waiting. An answer that is
 * there already counts, stop or not. */
static enum ending fly(const struct http *http, struct http_slot *slot, struct stop_token *stop,
                       int64_t deadline, CURLcode *ret_result)
{
    struct stop_watch watch = {.wake = wake_multi, .arg = slot->multi};
    enum ending ending = cut(http, stop, deadline);
    int running, left;

    stop_watch(stop, &watch);
    while (ending == ENDED) {
        curl_multi_perform(slot->multi, &running);
        if (running == 0)
            break;
        ending = cut(http, stop, deadline);
        if (ending == ENDED)
            curl_multi_poll(slot->multi, NULL, 0, poll_ms(http, deadline), NULL);
    }
    stop_unwatch(stop, &watch);

    *ret_result = CURLE_RECV_ERROR;
    for (CURLMsg *message; (message = curl_multi_info_read(slot->multi, &left)) != NULL;)
        if (message->msg == CURLMSG_DONE)
            *ret_result = message->data.result;
    return ending;
}

/* A new way to an https address, on which TLS has not been spoken to its end. */
static bool has_no_tunnel(CURL *easy)
{
    const char *scheme = NULL;
    long made = 0;
    curl_off_t tls_us = 0;
    curl_easy_getinfo(easy, CURLINFO_SCHEME, &scheme);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &made);
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls_us);
    return scheme != NULL && str_eq_nocase(str_of(scheme), S("https")) && made > 0 && tls_us == 0;
}

/* Nothing that AWS could act on has left this machine. */
static bool nothing_sent(CURL *easy, CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_PROXY:
        return true;
    default:
        break;
    }
    long bytes = 0, proxy_said = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_said);
    return bytes == 0 || (proxy_said != 0 && proxy_said != 200) || has_no_tunnel(easy);
}

/* Repeating changes nothing. */
static bool is_hopeless(CURL *easy, CURLcode result)
{
    long proxy_said = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_said);
    if (proxy_said == 407) /* it wants a name and a password, or others */
        return true;
    switch (result) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return true;
    default:
        return false;
    }
}

/* Some of curl's words repeat the proxy as it was given. */
static bool tells_password(const char *why, struct str proxy)
{
    size_t scheme = str_find(proxy, S("://"));
    struct str rest = scheme == SIZE_MAX ? proxy : str_from(proxy, scheme + 3);
    size_t at = str_find_char(rest, '@');
    struct str user = str_sub(rest, 0, at == SIZE_MAX ? 0 : at);
    size_t colon = str_find_char(user, ':');
    struct str password = colon == SIZE_MAX ? S("") : str_from(user, colon + 1);
    return password.len > 0 && str_has(str_of(why), password);
}

/* The proxy without the name and the password. */
static struct str by_proxy(struct arena *arena, struct str proxy)
{
    size_t scheme = str_find(proxy, S("://"));
    size_t host = scheme == SIZE_MAX ? 0 : scheme + 3;
    for (size_t i = host; i < proxy.len; i++)
        if (proxy.ptr[i] == '@')
            host = i + 1;
    struct str shown = str_from(proxy, host);
    struct str kind = scheme == SIZE_MAX ? S("") : str_sub(proxy, 0, scheme + 3);
    return arena_fmt(arena, " (by the proxy %.*s%.*s)", STR(kind), STR(shown));
}

/* Somebody took the request, and in all the time given not even a status line came. */
static bool is_silence(CURL *easy, CURLcode result)
{
    long status = 0, bytes = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    return result == CURLE_OPERATION_TIMEDOUT && status == 0 && bytes > 0;
}

static bool fail(const struct http_settings *settings, struct arena *arena, CURL *easy,
                 const struct flight *flight, enum ending ending, CURLcode result,
                 struct http_failure *reterr)
{
    bool shown = flight->why[0] != '\0' && !tells_password(flight->why, settings->http_proxy) &&
                 !tells_password(flight->why, settings->https_proxy);
    const char *why = shown ? flight->why : curl_easy_strerror(result);
    reterr->sent = !nothing_sent(easy, ending == ENDED ? result : CURLE_OK);
    reterr->silent = ending == ENDED && is_silence(easy, result);
    struct str by = flight->proxy.len == 0 ? S("") : by_proxy(arena, flight->proxy);
    reterr->message = arena_fmt(arena, "%s%.*s", why, STR(by));
    if (ending != ENDED) {
        reterr->trouble = ending == STOPPED ? HTTP_STOPPED : HTTP_TOO_LATE;
        reterr->message = ending == STOPPED ? S("it was stopped") : S("the time given has passed");
    } else if (flight->too_large) {
        reterr->trouble = HTTP_REFUSED;
        reterr->message = arena_fmt(arena, "the answer is larger than %zu bytes", flight->body.max);
    } else if (is_hopeless(easy, result)) {
        reterr->trouble = HTTP_REFUSED;
    } else {
        reterr->trouble = reterr->sent ? HTTP_LOST : HTTP_UNREACHABLE;
    }
    return false;
}

static bool land(struct arena *arena, CURL *easy, const struct flight *flight,
                 struct http_answer *ret_answer, struct http_failure *reterr)
{
    if (!arena_has_room(arena, flight->body.len + (256 << 10))) {
        *reterr = (struct http_failure){HTTP_REFUSED, true,
                                        S("the answer is larger than the memory for it"), false};
        return false;
    }
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    ret_answer->status = (int)status;
    ret_answer->body = arena_str(arena, buf_str(&flight->body));
    ret_answer->header_count =
        http_headers_read(arena, buf_str(&flight->headers), &ret_answer->headers);
    return true;
}

static bool http_send(void *arg, struct arena *arena, const struct http_request *request,
                      struct stop_token *stop, int64_t deadline, struct http_answer *ret_answer,
                      struct http_failure *reterr)
{
    struct http *http = arg;
    struct http_slot *slot = http_pool_take(http->pool);
    struct flight flight = {.body = buf_on_heap(http->settings.body_max),
                            .headers = buf_on_heap(HEADER_TEXT_MAX)};
    CURLcode result;

    set_connection(http, slot->easy);
    set_request(http, arena, slot->easy, request, &flight);
    curl_multi_add_handle(slot->multi, slot->easy);
    enum ending ending = fly(http, slot, stop, deadline, &result);
    bool came = ending == ENDED && result == CURLE_OK
                    ? land(arena, slot->easy, &flight, ret_answer, reterr)
                    : fail(&http->settings, arena, slot->easy, &flight, ending, result, reterr);

    curl_multi_remove_handle(slot->multi, slot->easy); /* cuts what is still under way */
    http_pool_give(http->pool, slot);
    curl_slist_free_all(flight.sent_headers);
    buf_done(&flight.body);
    buf_done(&flight.headers);
    return came;
}

static void http_free(void *arg)
{
    struct http *http = arg;
    http_pool_free(http->pool);
    arena_free(http->arena);
    free(http);
}

struct transport http_transport_new(const struct world *world, const struct http_settings *settings)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL)
        abort();
    http->world = world;
    http->arena = arena_new(1 << 20);
    http->pool = http_pool_new();
    http->settings = *settings;

    struct http_settings *own = &http->settings;
    own->ca_bundle = arena_str(http->arena, settings->ca_bundle.len > 0 ? settings->ca_bundle
                                                                        : roots_find(world));
    own->http_proxy = arena_str(http->arena, settings->http_proxy);
    own->https_proxy = arena_str(http->arena, settings->https_proxy);
    own->no_proxy = arena_str(http->arena, settings->no_proxy);
    own->connect_ms = settings->connect_ms == 0 ? 10000 : settings->connect_ms;
    own->silence_s = settings->silence_s == 0 ? 60 : settings->silence_s;
    own->body_max = settings->body_max == 0 ? BODY_MAX : settings->body_max;
    return (struct transport){http_send, http_free, http};
}
