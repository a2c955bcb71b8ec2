/* HTTP by libmicrohttpd: a few threads, each with its share of the connections, which it serves in
 * turn. A call that may be slow or held on purpose gets a thread of its own. */
#include <hp/sim/sim.h>

#include <hp/base/buf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    largest_request = 32 * 1024 * 1024,
    arena_limit = 1024 * 1024 * 1024,
    most_connections = 1000,
    most_headers = 100,
    stack_size = 1024 * 1024,
    backlog = 512
};

struct sim_server {
    struct sim *sim;
    struct MHD_Daemon *daemon;
    int fd;               /* it listens */
    pthread_t thread;     /* that accepts */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ended; /* one less is apart */
    size_t apart;         /* calls with a thread of their own */
    bool closing;
    _Atomic size_t connections; /* from accept on until they are closed */
    _Atomic bool closing_soon;  /* nobody waits any more until there are fewer */
};

/* A request while it comes in; made when its first line is there. */
struct exchange {
    struct arena *arena;
    struct str uri;
    struct buf body;
    struct sim_header headers[most_headers];
    struct sim_request request;
    struct sim_answer answer;
    bool begun, answered;
    struct sim_server *server; /* these two: of a call that is apart */
    struct MHD_Connection *connection;
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
    if (exchange->request.header_count == most_headers)
        return MHD_NO;
    exchange->headers[exchange->request.header_count++] =
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

/* The call waits as long as it shall; then its connection goes on. */
static void *answer_apart(void *arg)
{
    struct exchange *exchange = arg;
    struct sim_server *server = exchange->server;

    pthread_mutex_lock(&server->lock); /* until the connection is suspended */
    pthread_mutex_unlock(&server->lock);
    sim_answer(server->sim, exchange->arena, &exchange->request, &exchange->answer);
    exchange->answered = true;
    MHD_resume_connection(exchange->connection);
    OPENSSL_thread_stop(); /* by itself it would do so when the process may be ending already */
    pthread_mutex_lock(&server->lock);
    server->apart--;
    pthread_cond_signal(&server->ended);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* False: there can be no thread, or the server is about to end. */
static bool go_apart(struct sim_server *server, struct exchange *exchange,
                     struct MHD_Connection *connection)
{
    pthread_attr_t attributes;
    pthread_t thread;

    exchange->server = server;
    exchange->connection = connection;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_mutex_lock(&server->lock);
    bool goes =
        !server->closing && pthread_create(&thread, &attributes, answer_apart, exchange) == 0;
    if (goes) {
        MHD_suspend_connection(connection);
        server->apart++;
    }
    pthread_mutex_unlock(&server->lock);
    pthread_attr_destroy(&attributes);
    return goes;
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
    if (exchange->answered)
        return send_answer(connection, exchange);
    if (exchange->body.overflow)
        return too_large(connection);
    exchange->request = (struct sim_request){.method = str_of(method),
                                             .uri = exchange->uri,
                                             .headers = exchange->headers,
                                             .body = buf_str(&exchange->body)};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, exchange);
    if (!sim_answer_at_once(server->sim, exchange->arena, &exchange->request, &exchange->answer))
        return go_apart(server, exchange, connection) ? MHD_YES : MHD_NO;
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

static void server_free(struct sim_server *server)
{
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    close(server->fd);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->ended);
    free(server);
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

/* As many as there are processors, and some more for those that wait for the lock. */
static unsigned thread_count(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 2 ? 4 : processors > 14 ? 16 : (unsigned)processors + 2;
}

/* A socket that listens, and its port; -1: errno says why not. */
static int listen_at(const union address *here, int *ret_port)
{
    union address bound;
    socklen_t size = sizeof bound;
    int yes = 1, fd = socket(here->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, &here->any,
             here->any.sa_family == AF_INET6 ? sizeof here->ipv6 : sizeof here->ipv4) != 0 ||
        listen(fd, backlog) != 0 || getsockname(fd, &bound.any, &size) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    *ret_port = ntohs(bound.any.sa_family == AF_INET6 ? bound.ipv6.sin6_port : bound.ipv4.sin_port);
    return fd;
}

/* One more or less; those that begin were counted before libmicrohttpd got them. */
static void count_connection(void *arg, struct MHD_Connection *connection, void **context,
                             enum MHD_ConnectionNotificationCode what)
{
    struct sim_server *server = arg;
    (void)connection;
    (void)context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        server->connections--;
}

/* libmicrohttpd (0.9.75) stands still for ever when a thread of it gets one connection more than it
 * may have. So none has a limit that can be reached, and who comes too many waits to be accepted.
 */
static void await_room(struct sim_server *server)
{
    while (server->connections >= most_connections && !server->closing_soon)
        usleep(10 * 1000);
}

/* Deals connections out to the threads, as many to each: by chance one would get most of them, and
 * those who share it would wait longest. */
static void *accept_all(void *arg)
{
    struct sim_server *server = arg;
    union address whence;

    for (;;) {
        socklen_t size = sizeof whence;
        await_room(server);
        int fd = accept4(server->fd, &whence.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            server->connections++;
            if (MHD_add_connection(server->daemon, fd, &whence.any, size) != MHD_YES)
                server->connections--; /* it was closed */
        } else if (errno == EINVAL || errno == EBADF) {
            return NULL; /* it listens no longer */
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            usleep(10 * 1000); /* until some end */
        }
    }
}

struct sim_server *sim_serve(struct sim *sim, const char *address, int port, int *ret_port)
{
    union address here;

    if (!address_of(address == NULL ? "127.0.0.1" : address, port, &here)) {
        errno = EINVAL;
        return NULL;
    }
    int fd = listen_at(&here, ret_port);
    if (fd < 0)
        return NULL;
    struct sim_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    server->sim = sim;
    server->fd = fd;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_CONNECTION_LIMIT, most_connections * thread_count(),
        MHD_OPTION_NOTIFY_CONNECTION, count_connection, server, MHD_OPTION_THREAD_POOL_SIZE,
        thread_count(), MHD_OPTION_THREAD_STACK_SIZE, (size_t)stack_size,
        MHD_OPTION_CONNECTION_TIMEOUT, 300U, MHD_OPTION_URI_LOG_CALLBACK, exchange_new, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_free, NULL, MHD_OPTION_END);
    if (server->daemon == NULL || pthread_create(&server->thread, NULL, accept_all, server) != 0) {
        int why = errno == 0 ? EAGAIN : errno;
        server_free(server);
        errno = why;
        return NULL;
    }
    return server;
}

void sim_server_free(struct sim_server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->closing = true;
    while (server->apart > 0)
        pthread_cond_wait(&server->ended, &server->lock);
    pthread_mutex_unlock(&server->lock);
    server->closing_soon = true;
    shutdown(server->fd, SHUT_RDWR); /* wakes accept */
    pthread_join(server->thread, NULL);
    server_free(server);
}
