/* For tests: a small HTTP server on the loopback, whose paths misbehave. Private to aws's tests. */
#ifndef AWS_LOOPBACK_H
#define AWS_LOOPBACK_H

#include <hp/base/test.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOPBACK_THREADS = 64 };

/* An answer for requests that have this text in them. */
struct loopback_row {
    const char *match, *status, *body;
    int times; /* so often, then the next row that fits; 0: always */
    int used;
};

struct loopback {
    struct loopback_row *rows; /* ended by a row without match; NULL: none, and the paths below */
    int fd, port;
    pthread_t accepting, serving[LOOPBACK_THREADS];
    size_t thread_count;
    atomic_int connections, requests;
    pthread_mutex_t lock;
    char last_request[4096], request_before[4096]; /* under the lock while requests come in */
};

struct loopback_connection {
    struct loopback *server;
    int fd;
};

static void loopback_write(int fd, const char *text)
{
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Reads one request with a body of at most what fits; false: the client has gone. */
static bool loopback_read(int fd, char *text, size_t size)
{
    size_t len = 0;
    while (len + 1 < size) {
        ssize_t got = recv(fd, text + len, size - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        text[len] = '\0';
        const char *end = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "content-length:");
        if (end == NULL)
            continue;
        size_t body = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
        if (len >= (size_t)(end + 4 - text) + body)
            return true;
    }
    return false;
}

static void loopback_reset(int fd)
{
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void loopback_answer_row(struct loopback *server, int fd, const char *request)
{
    char text[4096];
    const char *status = "404 Not Found", *body = "";
    pthread_mutex_lock(&server->lock);
    for (struct loopback_row *row = server->rows; row->match != NULL; row++) {
        if (strstr(request, row->match) == NULL || (row->times > 0 && row->used >= row->times))
            continue;
        row->used++;
        status = row->status;
        body = row->body;
        break;
    }
    pthread_mutex_unlock(&server->lock);
    snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
             strlen(body), body);
    loopback_write(fd, text);
}

/* False: the connection ends. */
static bool loopback_answer(struct loopback *server, int fd, const char *request)
{
    char text[512];
    if (server->rows != NULL) {
        loopback_answer_row(server, fd, request);
        return true;
    }
    if (strstr(request, " /cut ") != NULL)
        return false;
    if (strstr(request, " /reset ") != NULL) {
        loopback_reset(fd);
        return false;
    }
    if (strstr(request, "/silent ") != NULL || strstr(request, "CONNECT silent.test") != NULL) {
        (void)!recv(fd, text, sizeof text, 0); /* until the client gives up */
        return false;
    }
    if (strstr(request, " /half ") != NULL) {
        loopback_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        return false;
    }
    if (strstr(request, " /chunked ") != NULL) {
        loopback_write(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        loopback_write(fd, "7\r\n, world\r\n0\r\n\r\n");
        return true;
    }
    if (strstr(request, " /folded ") != NULL) {
        loopback_write(fd, "HTTP/1.1 200 OK\r\n of: nothing\r\nContent-Length: 5\r\n\r\nhello");
        return true;
    }
    if (strstr(request, " /moved ") != NULL) {
        loopback_write(fd, "HTTP/1.1 301 Moved\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
        return true;
    }
    if (strstr(request, " /large ") != NULL) {
        loopback_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n");
        for (int i = 0; i < 64; i++)
            loopback_write(fd, "0123456789012345678901234567890123456789012345678901234567890123");
        return true;
    }
    snprintf(text, sizeof text,
             "HTTP/1.1 200 OK\r\nX-Amzn-RequestId: r-%d\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n"
             "hello",
             atomic_load(&server->requests));
    loopback_write(fd, text);
    return true;
}

static void *loopback_serve(void *arg)
{
    struct loopback_connection connection = *(struct loopback_connection *)arg;
    char request[4096] = {0};
    free(arg);
    while (loopback_read(connection.fd, request, sizeof request)) {
        pthread_mutex_lock(&connection.server->lock);
        memcpy(connection.server->request_before, connection.server->last_request, sizeof request);
        memcpy(connection.server->last_request, request, sizeof request);
        pthread_mutex_unlock(&connection.server->lock);
        atomic_fetch_add(&connection.server->requests, 1);
        if (!loopback_answer(connection.server, connection.fd, request))
            break;
    }
    close(connection.fd);
    return NULL;
}

static void *loopback_accept(void *arg)
{
    struct loopback *server = arg;
    for (int fd; (fd = accept(server->fd, NULL, NULL)) >= 0;) {
        struct loopback_connection *connection = malloc(sizeof *connection);
        *connection = (struct loopback_connection){server, fd};
        atomic_fetch_add(&server->connections, 1);
        ck_assert_uint_lt(server->thread_count, LOOPBACK_THREADS);
        pthread_create(&server->serving[server->thread_count++], NULL, loopback_serve, connection);
    }
    return NULL;
}

static void loopback_begin(struct loopback *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(server, 0, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    server->fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(server->fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(server->fd, 64), 0);
    getsockname(server->fd, (struct sockaddr *)&address, &size);
    server->port = ntohs(address.sin_port);
    pthread_create(&server->accepting, NULL, loopback_accept, server);
}

/* All clients have closed their connections before. */
static void loopback_end(struct loopback *server)
{
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->accepting, NULL);
    close(server->fd);
    for (size_t i = 0; i < server->thread_count; i++)
        pthread_join(server->serving[i], NULL);
    pthread_mutex_destroy(&server->lock);
}

#endif
