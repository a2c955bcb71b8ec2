/* HTTP by libmicrohttpd: one thread a connection, so that a slow answer holds up nobody. */
#include <hp/sim/sim.h>

#include <hp/base/buf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    largest_request = 32 * 1024 * 1024,
    arena_limit = 1024 * 1024 * 1024,
    most_connections = 1000,
    most_headers = 100
};

struct sim_server {
    struct sim *sim;
    struct MHD_Daemon *daemon;
};

/* A request while it comes in; made when its first line is there. */
struct exchange {
    struct arena *arena;
    struct str uri;
    struct buf body;
    struct sim_header headers[most_headers];
    size_t header_count;
    struct sim_answer answer;
    bool begun;
};

static void *exchange_new(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    (void)arg;
    (void)connection;
    if (exchange == NULL)
        abort();
    exchange->arena = arena_new(arena_limit);
    exchange->uri = arena_str(exchange->arena, str_of(uri));
    exchange->body = buf_on_heap(largest_request);
    return exchange;
}

static void exchange_free(void *arg, struct MHD_Connection *connection, void **state,
                          enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;
    (void)arg;
    (void)connection;
    (void)why;
    if (exchange == NULL)
        return;
    buf_done(&exchange->body);
    arena_free(exchange->arena);
    free(exchange);
    *state = NULL;
}

static enum MHD_Result take_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct exchange *exchange = arg;
    (void)kind;
    if (exchange->header_count == most_headers)
        return MHD_NO;
    exchange->headers[exchange->header_count++] =
        (struct sim_header){str_of(name), str_of(value == NULL ? "" : value)};
    return MHD_YES;
}

/* Half of the body, then the connection ends. */
static ssize_t half_of(void *arg, uint64_t at, char *out, size_t room)
{
    struct exchange *exchange = arg;
    size_t half = exchange->answer.body.len / 2;

    if (at >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t size = half - (size_t)at < room ? half - (size_t)at : room;
    memcpy(out, exchange->answer.body.ptr + at, size);
    return (ssize_t)size;
}

/* Connecting a TCP socket to nothing resets what it was connected to (Linux, connect(2)). */
static void reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr nothing = {.sa_family = AF_UNSPEC};
    if (info != NULL)
        (void)connect(info->connect_fd, &nothing, sizeof nothing);
}

static void add_header(struct MHD_Response *response, struct arena *arena, const char *name,
                       struct str value)
{
    if (value.len > 0)
        MHD_add_response_header(response, name, arena_z(arena, value));
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct exchange *exchange)
{
    struct sim_answer *answer = &exchange->answer;
    struct MHD_Response *response;

    if (answer->ending == SIM_RESET)
        reset(connection);
    if (answer->ending == SIM_RESET || answer->ending == SIM_LOST)
        return MHD_NO;
    if (answer->ending == SIM_CUT)
        response =
            MHD_create_response_from_callback(answer->body.len, 4096, half_of, exchange, NULL);
    else
        response = MHD_create_response_from_buffer(answer->body.len, (char *)answer->body.ptr,
                                                   MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    add_header(response, exchange->arena, "Content-Type", answer->content_type);
    add_header(response, exchange->arena, "x-amzn-RequestId", answer->request_id);
    add_header(response, exchange->arena, "x-amzn-ErrorType", answer->error_type);
    add_header(response, exchange->arena, "Date", answer->date);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result too_large(struct MHD_Connection *connection)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued = MHD_queue_response(connection, 413, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **state)
{
    struct sim_server *server = arg;
    struct exchange *exchange = *state;
    (void)path;
    (void)version;

    if (!exchange->begun) {
        exchange->begun = true;
        return MHD_YES;
    }
    if (*size > 0) {
        buf_put(&exchange->body, (struct str){bytes, *size});
        *size = 0;
        return MHD_YES;
    }
    if (exchange->body.overflow)
        return too_large(connection);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, exchange);
    struct sim_request request = {.method = str_of(method),
                                  .uri = exchange->uri,
                                  .headers = exchange->headers,
                                  .header_count = exchange->header_count,
                                  .body = buf_str(&exchange->body)};
    sim_answer(server->sim, exchange->arena, &request, &exchange->answer);
    return send_answer(connection, exchange);
}

static void say_nothing(void *arg, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void say_nothing(void *arg, const char *format, va_list args)
{
    (void)arg;
    (void)format;
    (void)args;
}

union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

static bool address_of(const char *text, int port, union address *ret)
{
    *ret = (union address){.ipv4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
    if (inet_pton(AF_INET, text, &ret->ipv4.sin_addr) == 1)
        return ntohl(ret->ipv4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    *ret = (union address){.ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    return inet_pton(AF_INET6, text, &ret->ipv6.sin6_addr) == 1 &&
           IN6_IS_ADDR_LOOPBACK(&ret->ipv6.sin6_addr);
}

struct sim_server *sim_serve(struct sim *sim, const char *address, int port, int *ret_port)
{
    union address here;

    if (!address_of(address == NULL ? "127.0.0.1" : address, port, &here)) {
        errno = EINVAL;
        return NULL;
    }
    unsigned family = here.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : MHD_NO_FLAG;
    struct sim_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    server->sim = sim;
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ERROR_LOG | family,
        (uint16_t)port, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_SOCK_ADDR, &here.any, MHD_OPTION_CONNECTION_LIMIT, (unsigned)most_connections,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)1024 * 1024, MHD_OPTION_LISTEN_BACKLOG_SIZE, 512U,
        MHD_OPTION_CONNECTION_TIMEOUT, 300U, MHD_OPTION_URI_LOG_CALLBACK, exchange_new, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_free, NULL, MHD_OPTION_END);
    if (server->daemon == NULL) {
        if (errno == 0)
            errno = EADDRINUSE;
        free(server);
        return NULL;
    }
    *ret_port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return server;
}

void sim_server_free(struct sim_server *server)
{
    if (server == NULL)
        return;
    MHD_stop_daemon(server->daemon);
    free(server);
}
