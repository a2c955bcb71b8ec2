/* Whatever a client writes to the simulator's port: each connection ends, and what comes back
 * begins as HTTP does. The input is the bytes of one connection, with two empty bytes where the
 * client waits a moment. One sim serves them all; it begins anew when its state has grown. */
#include "ground/hostile.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { INPUT_MAX = 64 << 10, INPUTS_A_SIM = 2000, PATIENCE_S = 15 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    struct sim *sim;
    struct sim_server *server;
    int port, inputs;
} world;

static void begin(void)
{
    struct sim_options options = {.has_seed = true, .log_fd = -1};
    struct sim_error error;
    sim_server_free(world.server);
    sim_free(world.sim);
    signal(SIGPIPE, SIG_IGN);
    world.sim = sim_new(&still, &options, &error);
    must(world.sim != NULL, "a sim begins");
    world.server = sim_serve(world.sim, NULL, 0, &world.port);
    must(world.server != NULL, "a sim listens");
    world.inputs = 0;
}

static int connected(void)
{
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)world.port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0 && connect(fd, (struct sockaddr *)&there, sizeof there) == 0, "it takes calls");
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static void say(int fd, struct str text)
{
    static const struct str pause = S_INIT("\0\0");
    while (text.len > 0) {
        size_t end = str_find(text, pause);
        struct str piece = str_sub(text, 0, end);
        if (send(fd, piece.ptr, piece.len, MSG_NOSIGNAL) < 0)
            return; /* it hung up, as it may */
        text = end == SIZE_MAX ? S("") : str_from(text, end + pause.len);
        usleep(100);
    }
}

/* Up to the end of the connection, however it ends. */
static struct str heard(int fd, char *room, size_t size)
{
    size_t len = 0;
    ssize_t got;
    while ((got = recv(fd, room + len, size - len, 0)) > 0)
        len = len + (size_t)got < size ? len + (size_t)got : 0; /* only the end of much is kept */
    must(got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK), "a connection ends");
    return (struct str){room, len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char room[1 << 20];
    struct str input = {(const char *)data, size};
    if (size > INPUT_MAX)
        return 0;
    if (world.server == NULL || world.inputs++ == INPUTS_A_SIM)
        begin();
    int fd = connected();
    say(fd, input);
    shutdown(fd, SHUT_WR);
    struct str answer = heard(fd, room, sizeof room);
    must(answer.len == 0 || str_starts(answer, S("HTTP/1.")), "what is heard is HTTP");
    close(fd);
    return 0;
}
