/* load PORT CONNECTIONS SECONDS RATE FILE
 *
 * Sends the requests of FILE (each: a name, a line feed, how many bytes, a line feed, the bytes) in turn to
 * 127.0.0.1:PORT, over CONNECTIONS that stay open, for so many SECONDS. RATE 0: each connection asks anew as soon as
 * it is answered. Otherwise RATE requests a second become due, evenly, whatever the server does; a request that finds
 * no connection free waits, and its time counts from when it was due. SECONDS "once": each request once, one after
 * the other.
 *
 * Prints JSON: the calls a second, the processor time that this program itself took for a call, and for all requests
 * and those of each name the milliseconds to the last byte of the answer: median, 99 of 100, slowest. One thread, no
 * memory taken while it measures. Exit 1: an answer was not 200, or the connection broke. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_requests = 4096, most_names = 64, most_times = 4 * 1000 * 1000, most_events = 512, scratch_size = 1 << 18 };

struct request {
    char *bytes;
    size_t size;
    int name;
};

struct connection {
    int fd, name;
    int64_t began;
    size_t head_size, left; /* left: of the body */
    int in_body;
    char head[4096];
};

static struct request requests[most_requests];
static int request_count, next_request;
static char names[most_names][64];
static int name_count;
static struct {
    float ms;
    int name;
} *times;
static int time_count;
static struct connection *connections, **idle;
static int idle_count;
static char scratch[scratch_size];

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int name_of(const char *name)
{
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    if (name_count == most_names)
        fail("too many names");
    snprintf(names[name_count], sizeof names[0], "%s", name);
    return name_count++;
}

static void read_requests(const char *path)
{
    FILE *file = fopen(path, "r");
    char name[64];
    if (file == NULL)
        fail(path);
    while (request_count < most_requests && fscanf(file, "%63[^\n]\n%zu", name, &requests[request_count].size) == 2) {
        struct request *request = &requests[request_count++];
        request->name = name_of(name);
        request->bytes = malloc(request->size);
        if (request->bytes == NULL || fgetc(file) != '\n' ||
            fread(request->bytes, 1, request->size, file) != request->size)
            fail(path);
    }
    fclose(file);
}

static void ask(struct connection *connection, int64_t began)
{
    const struct request *request = &requests[next_request++ % request_count];
    connection->began = began;
    connection->name = request->name;
    connection->head_size = 0;
    connection->in_body = 0;
    if (send(connection->fd, request->bytes, request->size, MSG_NOSIGNAL) != (ssize_t)request->size)
        fail("send");
}

/* Takes what has come; 1: the answer is whole. */
static int take(struct connection *connection)
{
    ssize_t got = recv(connection->fd, scratch, sizeof scratch, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got <= 0)
        fail("recv");
    if (connection->in_body) {
        connection->left -= (size_t)got;
        return connection->left == 0;
    }
    size_t part = sizeof connection->head - 1 - connection->head_size;
    part = part < (size_t)got ? part : (size_t)got;
    memcpy(connection->head + connection->head_size, scratch, part);
    connection->head[connection->head_size + part] = 0;
    char *end = strstr(connection->head, "\r\n\r\n"), *length = strcasestr(connection->head, "Content-Length: ");
    if (end == NULL) {
        connection->head_size += part;
        return 0;
    }
    if (strncmp(connection->head, "HTTP/1.1 200", 12) != 0 || length == NULL) {
        fprintf(stderr, "load: %s: %s\n", names[connection->name], connection->head);
        exit(1);
    }
    size_t head = (size_t)(end + 4 - connection->head), body = strtoul(length + 16, NULL, 10);
    connection->in_body = 1;
    connection->left = head + body - connection->head_size - (size_t)got;
    return connection->left == 0;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static void tell(const char *name, int which)
{
    float *picked = malloc(((size_t)time_count + 1) * sizeof *picked);
    int count = 0;
    for (int i = 0; picked != NULL && i < time_count; i++)
        if (which < 0 || times[i].name == which)
            picked[count++] = times[i].ms;
    if (count > 0) {
        qsort(picked, (size_t)count, sizeof *picked, compare);
        printf("%s\"%s\":{\"count\":%d,\"median\":%.3f,\"late\":%.3f,\"slowest\":%.3f}", which < 0 ? "" : ",", name,
               count, (double)picked[count / 2], (double)picked[count * 99LL / 100], (double)picked[count - 1]);
    }
    free(picked);
}

static void connect_all(int port, int count, int poll)
{
    struct sockaddr_in there = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    connections = calloc((size_t)count, sizeof *connections);
    idle = calloc((size_t)count, sizeof *idle);
    times = calloc(most_times, sizeof *times);
    if (connections == NULL || idle == NULL || times == NULL)
        fail("memory");
    memset(times, 1, most_times * sizeof *times); /* no page is new while it measures */
    for (int i = 0; i < count; i++) {
        struct connection *connection = &connections[i];
        int yes = 1;
        connection->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&there, sizeof there) != 0)
            fail("connect");
        setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(poll, EPOLL_CTL_ADD, connection->fd, &event);
        idle[idle_count++] = connection;
    }
}

static double own_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
    static struct epoll_event events[most_events];
    if (argc != 6)
        return 64;
    int poll = epoll_create1(0), count = atoi(argv[2]);
    int once = strcmp(argv[3], "once") == 0;
    double seconds = once ? 1000 : atof(argv[3]), rate = atof(argv[4]);
    read_requests(argv[5]);
    connect_all(atoi(argv[1]), count, poll);
    double before = own_us();
    int64_t start = now_ns(), end = start + (int64_t)(seconds * 1e9), due = start, sent = 0, now = start;
    while (now < end || idle_count < count) {
        if (once && next_request == request_count)
            end = now;
        while (idle_count > 0 && now < end && (!once || next_request < request_count) && (rate == 0 || due <= now)) {
            ask(idle[--idle_count], rate == 0 ? now_ns() : due);
            due = start + (int64_t)((double)++sent * 1e9 / (rate == 0 ? 1 : rate));
        }
        struct timespec patience = {.tv_sec = 30};
        if (rate > 0 && idle_count > 0 && now < end)
            patience = (struct timespec){.tv_nsec = due > now ? due - now < 999999999 ? due - now : 999999999 : 0};
        int ready = epoll_pwait2(poll, events, most_events, &patience, NULL);
        if (ready == 0 && patience.tv_sec > 0)
            fail("no answer within 30 seconds");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!take(connection))
                continue;
            now = now_ns();
            if (time_count < most_times) {
                times[time_count].ms = (float)((double)(now - connection->began) / 1e6);
                times[time_count++].name = connection->name;
            }
            if (rate == 0 && now < end && (!once || next_request < request_count))
                ask(connection, now);
            else
                idle[idle_count++] = connection;
        }
        now = now_ns();
    }
    double own = own_us() - before;
    printf("{\"calls_a_second\":%.0f,\"own_us_a_call\":%.1f,\"names\":{", time_count / ((double)(now - start) / 1e9),
           own / (time_count + 1));
    tell("all", -1);
    for (int i = 0; i < name_count; i++)
        tell(names[i], i);
    printf("}}\n");
    return 0;
}
