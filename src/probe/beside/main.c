/* Two of these measure one cell as fabtests' client and server do, with the meeting that `run` has
 * between two ranks (fabric/pair.h). Only the way to each other's address is another: a connection
 * on loopback.
 *
 *     probe-pair --listen PORT [OPTION…]      answers
 *     probe-pair --connect PORT [OPTION…]     pings or sends, and prints what it saw as one line
 *
 *     --metric latency|bandwidth   --provider P   --rail NAME   --size BYTES   --iterations N
 *     --window N         messages of a stream before one comes back
 *     --box-ms MS        as long as this, where there is no --iterations: what `run` does
 *     --each             each message of a window has bytes of its own, as in `run`
 *     --credit           the receiver is ready before the next window is sent, as in `run`
 *     --small-pages      no huge pages, as in fabtests
 *
 * Warm-up, clocks, injection and what is waited for are pair.h's. Ends with 0, 64 for options, 69
 * when the rail cannot be had, and 2 when the two did not end as they should. */
#include "fabric/pair.h"
#include "fabric/ticks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_MS = 60000, PIECES = 2, LEAST_AREA = 2 << 20 };

struct wish {
    const char *provider, *rail, *metric;
    uint16_t port;
    bool connects, each, credit, small_pages;
    uint64_t size, iterations, window, box_ms;
};

static int say(int status, const char *what, const char *why)
{
    fprintf(stderr, "probe-pair: %s%s%s\n", what, *why == '\0' ? "" : ": ", why);
    return status;
}

static bool number(const char *text, uint64_t most, uint64_t *ret)
{
    char *end;

    errno = 0;
    *ret = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *text != '-' && *ret <= most;
}

static bool wish_read(int argc, char **argv, struct wish *wish)
{
    static const struct option options[] = {{"listen", 1, NULL, 'l'},
                                            {"connect", 1, NULL, 'c'},
                                            {"metric", 1, NULL, 'm'},
                                            {"provider", 1, NULL, 'p'},
                                            {"rail", 1, NULL, 'r'},
                                            {"size", 1, NULL, 's'},
                                            {"iterations", 1, NULL, 'i'},
                                            {"window", 1, NULL, 'w'},
                                            {"box-ms", 1, NULL, 'b'},
                                            {"each", 0, NULL, 'e'},
                                            {"credit", 0, NULL, 'C'},
                                            {"small-pages", 0, NULL, 'S'},
                                            {NULL, 0, NULL, 0}};
    uint64_t port = 0;
    bool well = true;

    *wish = (struct wish){.provider = "tcp;ofi_rxm", .metric = "latency", .size = 8, .window = 64};
    for (int which; well && (which = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (which) {
        case 'l':
        case 'c':
            wish->connects = which == 'c';
            well = number(optarg, 65535, &port);
            break;
        case 'm':
            wish->metric = optarg;
            well = strcmp(optarg, "latency") == 0 || strcmp(optarg, "bandwidth") == 0;
            break;
        case 'p':
            wish->provider = optarg;
            break;
        case 'r':
            wish->rail = optarg;
            break;
        case 's':
            well = number(optarg, (uint64_t)1 << 30, &wish->size) && wish->size > 0;
            break;
        case 'i':
            well = number(optarg, 100000000, &wish->iterations);
            break;
        case 'w':
            well = number(optarg, 1024, &wish->window) && wish->window > 0;
            break;
        case 'b':
            well = number(optarg, 10000, &wish->box_ms);
            break;
        case 'e':
            wish->each = true;
            break;
        case 'C':
            wish->credit = true;
            break;
        case 'S':
            wish->small_pages = true;
            break;
        default:
            well = false;
        }
    wish->port = (uint16_t)port;
    return well && port != 0 && optind == argc && (wish->iterations > 0) != (wish->box_ms > 0);
}

/* The other process, or -1. Who connects tries until the other one listens. */
static int other(const struct wish *wish)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(wish->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {TIMEOUT_MS / 1000, 0};
    struct timespec pause = {0, 5 * TICKS_MS};
    int64_t until = ticks_ns() + TIMEOUT_MS * TICKS_MS;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, met = -1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (wish->connects) {
        while ((met = connect(fd, (struct sockaddr *)&at, sizeof at)) != 0 && ticks_ns() < until)
            nanosleep(&pause, NULL);
        return met == 0 ? fd : -1;
    }
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 1) == 0)
        met = accept(fd, NULL, NULL);
    close(fd);
    return met;
}

struct card {
    uint64_t len;
    char address[RAIL_ADDRESS];
};

static bool exchange(int fd, const struct card *mine, struct card *theirs)
{
    return send(fd, mine, sizeof *mine, MSG_NOSIGNAL) == sizeof *mine &&
           recv(fd, theirs, sizeof *theirs, MSG_WAITALL) == sizeof *theirs &&
           theirs->len <= sizeof theirs->address;
}

static bool introduce(const struct wish *wish, struct rail *rail, uint64_t *ret_peer, int *ret_fd)
{
    struct card mine = {0}, theirs;
    struct probe_error error = {0};
    size_t len;
    const void *address = rail_address(rail, &len);

    mine.len = len;
    memcpy(mine.address, address, len);
    *ret_fd = other(wish);
    if (*ret_fd < 0 || !exchange(*ret_fd, &mine, &theirs))
        return say(false, "the other process does not come", strerror(errno));
    if (!rail_insert(rail, theirs.address, theirs.len, ret_peer, &error))
        return say(false, error.text, "");
    return true;
}

/* The same figures as fabtests', from the time that all of it took: a ping's sample begins where
 * the one before it ended, a window's too. */
static void tell(const struct wish *wish, const struct pair_got *got, const int64_t *samples)
{
    bool latency = strcmp(wish->metric, "latency") == 0;
    uint64_t windows = latency ? got->count : got->count / wish->window;
    struct rusage usage;
    double sum = 0;

    for (uint64_t i = 0; i < windows; i++)
        sum += (double)samples[i];
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"count\": %" PRIu64 ", \"usec\": %.5f, \"mb_s\": %.4f, \"p50_ns\": %" PRId64
           ", \"min_ns\": %" PRId64 ", \"p99_ns\": %" PRId64 ", \"user_ms\": %ld, "
           "\"system_ms\": %ld}\n",
           got->count, sum / (double)got->count / 1000,
           (double)got->count * (double)wish->size * 1000 / sum, got->p50, got->min, got->p99,
           usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000,
           usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000);
}

static int measure(const struct wish *wish, struct rail *rail, uint64_t peer, int64_t *samples)
{
    bool latency = strcmp(wish->metric, "latency") == 0;
    int64_t box_ns = (int64_t)wish->box_ms * TICKS_MS;
    struct pair_piece pieces[PIECES] = {
        {.test = PAIR_CONNECT, .size = 8, .window = 1, .slack_ns = TIMEOUT_MS * TICKS_MS},
        {.test = latency ? PAIR_LATENCY : PAIR_FORTH,
         .size = wish->size,
         .window = (uint32_t)wish->window,
         .iterations = (uint32_t)wish->iterations,
         .box_ns = box_ns,
         .slack_ns = TIMEOUT_MS * TICKS_MS,
         .one_buffer = !wish->each,
         .no_credit = !wish->credit},
    };
    struct pair_job job = {.peer = peer,
                           .self = !wish->connects,
                           .other = wish->connects,
                           .salt = 1,
                           .sequence = 1,
                           .first = wish->connects,
                           .pieces = pieces,
                           .piece_count = PIECES,
                           .deadline = ticks_ns() + 2 * TIMEOUT_MS * TICKS_MS};
    struct pair_seen seen;

    pair_meet(rail, &job, samples, &seen);
    if (seen.end != RAIL_OK)
        return say(EXIT_FAIL, "the meeting did not end as it should",
                   seen.end == RAIL_SILENT ? "nothing came any more" : seen.error);
    if (wish->connects)
        tell(wish, &seen.pieces[PIECES - 1], samples);
    return EXIT_PASS;
}

int main(int argc, char **argv)
{
    struct wish wish;
    struct rail_place place;
    struct probe_error error = {0};
    struct str name;
    uint64_t peer, most;
    struct rail *rail;
    int64_t *samples;
    int fd = -1, status = EXIT_UNAVAILABLE;
    size_t area;

    if (!wish_read(argc, argv, &wish))
        return say(EXIT_BAD_USAGE, "options: see the head of src/probe/beside/main.c", "");
    if (wish.small_pages)
        prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    name = str_of(wish.rail);
    if (rail_find(wish.provider, &name, wish.rail != NULL, &place, 1, &error) != 1)
        return say(error.exit_code, error.text, "");
    area = (size_t)wish.size * (wish.each ? wish.window : 1);
    rail = rail_open(&place, area < LEAST_AREA ? LEAST_AREA : area, &error);
    if (rail == NULL)
        return say(error.exit_code, error.text, "");
    most = wish.iterations < PAIR_MOST_SAMPLES ? PAIR_MOST_SAMPLES : wish.iterations;
    samples = calloc(most, sizeof *samples);
    if (samples != NULL && introduce(&wish, rail, &peer, &fd))
        status = measure(&wish, rail, peer, samples);
    free(samples);
    rail_close(rail);
    close(fd);
    return status;
}
