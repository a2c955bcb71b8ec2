#include "call.h"
#include "race.h"
#include <hp/base/log.h>

#include <grpc/grpc_security.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum {
    most_workers = 256,
    worker_idle_ms = 10000,
    most_streams = 1000,
    largest_request = 256 * 1024 * 1024,
    grace_ms = 200 /* for calls under way when we leave */
};

static struct tag shut = {STEP_SHUT, NULL};

static grpc_server_credentials *credentials_of(const struct server_setup *setup)
{
    if (setup->identity == NULL)
        return grpc_insecure_server_credentials_create();
    grpc_ssl_pem_key_cert_pair pair = {setup->identity->key_pem, setup->identity->certificate_pem};
    return grpc_ssl_server_credentials_create_ex(
        setup->client_certificate, &pair, 1,
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, NULL);
}

/* Each connection takes a file, also that of a guest who never says a word; and once accept has
 * found none left, gRPC does not listen any more. What we start inherits the limit, and only the
 * files 0 to 2: it has them below 1024, whatever it opens. */
static void allow_many_files(void)
{
    enum { plenty = 64 * 1024 };
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= plenty)
        return;
    files.rlim_cur = files.rlim_max < plenty ? files.rlim_max : plenty;
    setrlimit(RLIMIT_NOFILE, &files);
}

static grpc_arg number(const char *key, int value)
{
    return (grpc_arg){.type = GRPC_ARG_INTEGER, .key = (char *)key, .value.integer = value};
}

static bool listen_at(struct server *server, const struct server_setup *setup)
{
    grpc_arg args[] = {
        number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, largest_request),
        number(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams),
        number(GRPC_ARG_ENABLE_CHANNELZ, 0),
        number(GRPC_ARG_ALLOW_REUSEPORT, 0),
    };
    grpc_channel_args all = {sizeof args / sizeof args[0], args};
    grpc_server_credentials *credentials = credentials_of(setup);

    allow_many_files();
    server->grpc = grpc_server_create(&all, NULL);
    server->queue = grpc_completion_queue_create_for_next(NULL);
    grpc_server_register_completion_queue(server->grpc, server->queue, NULL);
    bool bound = credentials != NULL &&
                 grpc_server_add_http2_port(server->grpc, setup->address, credentials) != 0;
    if (credentials != NULL)
        grpc_server_credentials_release(credentials);
    if (bound)
        grpc_server_start(server->grpc);
    return bound;
}

static void let_go(struct server *server)
{
    workers_free(server->workers);
    grpc_server_destroy(server->grpc);
    grpc_completion_queue_shutdown(server->queue);
    for (size_t i = 0; i < server->poller_threads; i++)
        pthread_join(server->pollers[i], NULL);
    if (server->poller_threads == 0)
        while (grpc_completion_queue_next(server->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL)
                   .type != GRPC_QUEUE_SHUTDOWN)
            ;
    grpc_completion_queue_destroy(server->queue);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

struct server *server_new(struct arena *arena, const struct server_setup *setup, struct str *reterr)
{
    struct server *server = calloc(1, sizeof *server);
    pthread_condattr_t monotonic;

    race_begin();
    if (server == NULL)
        abort();
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    server->stop = setup->stop;
    server->shutdown = setup->shutdown;
    server->arg = setup->arg;
    if (!listen_at(server, setup)) {
        let_go(server);
        *reterr = arena_fmt(arena, "gRPC can't listen at %s; its log says why", setup->address);
        return NULL;
    }
    server->workers = workers_new(most_workers, worker_idle_ms);
    return server;
}

/* Moves calls along and never blocks: gRPC does its reading and writing in here. */
static void *poll_queue(void *arg)
{
    struct server *server = arg;
    for (;;) {
        grpc_event event =
            grpc_completion_queue_next(server->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
        if (event.type == GRPC_QUEUE_SHUTDOWN)
            return NULL;
        if (event.type != GRPC_OP_COMPLETE)
            continue;
        if (event.tag == &shut) {
            race_take(&shut);
            pthread_mutex_lock(&server->lock);
            server->closed = true;
            pthread_cond_broadcast(&server->changed);
            pthread_mutex_unlock(&server->lock);
        } else {
            call_step(event.tag, event.success != 0);
        }
    }
}

void server_run(struct server *server, struct wire_server *wire)
{
    server->wire = wire;
    for (size_t i = 0; i < poller_count; i++)
        call_await(server);
    for (size_t i = 0; i < poller_count; i++) {
        if (pthread_create(&server->pollers[i], NULL, poll_queue, server) != 0)
            break;
        server->poller_threads++;
    }
    if (server->poller_threads == 0) {
        log_line(LOG_ERROR, "plugin", "no thread can be made; the process ends here", NULL);
        abort();
    }
}

void server_settle(struct server *server)
{
    struct timespec until;

    atomic_store(&server->leaving, true);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += grace_ms * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&server->lock);
    while (server->busy > 0 && pthread_cond_timedwait(&server->changed, &server->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&server->lock);
}

/* One that never ran has no pollers: its end is awaited here. */
static void await_shut(struct server *server)
{
    if (server->poller_threads == 0) {
        while (grpc_completion_queue_next(server->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL)
                   .tag != &shut)
            ;
        race_take(&shut);
        return;
    }
    pthread_mutex_lock(&server->lock);
    while (!server->closed)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    race_give(&shut);
    grpc_server_shutdown_and_notify(server->grpc, server->queue, &shut);
    server_settle(server);
    grpc_server_cancel_all_calls(server->grpc); /* streams that are held open, at least */
    await_shut(server);
    let_go(server);
}
