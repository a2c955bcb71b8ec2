#include "serve.h"
#include "folder.h"
#include "server.h"
#include "watch.h"
#include <hp/base/log.h>

#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    deadline_ms = 1800, /* Terraform kills us after 2000 */
    orphan_deadline_ms = 900
};

struct service {
    struct arena *arena;
    struct watch watch;
    struct folder folder;
    struct identity identity;
    struct stop_source *stop;
    struct server *server;
    struct tf_server *tf;
    struct wire_server *wire;
};

/* A refused connection is not our fault: what C-core calls an error is a warning here. */
static void log_from_grpc(gpr_log_func_args *args)
{
    enum log_level level = args->severity == GPR_LOG_SEVERITY_ERROR  ? LOG_WARN
                           : args->severity == GPR_LOG_SEVERITY_INFO ? LOG_DEBUG
                                                                     : LOG_TRACE;
    log_line(level, "grpc", args->message, NULL);
}

static void asked_to_leave(void *watch)
{
    watch_leave(watch);
}

/* For the one who asks where the time of a start goes: acceptance-tests/benchmark/run. */
static void stage(const char *name)
{
    log_line(LOG_TRACE, "plugin", "start", "stage", name, NULL);
}

static bool make_folder(struct service *service, const struct world *world,
                        const struct handshake *handshake, struct str *reterr)
{
    const struct str bases[] = {handshake->folder, world_env(world, "TMPDIR"), S("/tmp"),
                                S("/var/tmp"), S("/dev/shm")};
    return folder_make(service->arena, bases, sizeof bases / sizeof bases[0], handshake->group,
                       &service->folder, reterr);
}

/* Up to the socket: after it a client may connect, and waits until service_run. */
static bool service_listen(struct service *service, const struct world *world,
                           const struct handshake *handshake, struct str *reterr)
{
    bool tls = handshake->certificate.ptr != NULL;

    stage("the program runs");
    if (!make_folder(service, world, handshake, reterr) ||
        (tls && !identity_make(service->arena, world, &service->identity, reterr)))
        return false;
    stage("it has a certificate");
    gpr_set_log_function(log_from_grpc);
    grpc_init();
    grpc_tracer_set_enabled("all", 0); /* GRPC_TRACE would log the messages with their secrets */
    stage("gRPC is up");
    service->stop = stop_source_new();
    service->server = server_new(
        service->arena,
        &(struct server_setup){.address = folder_address(service->arena, &service->folder),
                               .identity = tls ? &service->identity : NULL,
                               .client_certificate =
                                   tls ? arena_z(service->arena, handshake->certificate) : NULL,
                               .stop = service->stop,
                               .shutdown = asked_to_leave,
                               .arg = &service->watch},
        reterr);
    stage("it listens");
    return service->server != NULL && folder_share(service->arena, &service->folder, reterr);
}

static void service_run(struct service *service, const struct tf_provider *provider,
                        const struct world *world)
{
    service->tf = tf_server_new(provider, world);
    service->wire = wire_server_new(service->tf);
    server_run(service->server, service->wire);
    wire_server_warm(service->wire); /* while the client reads the handshake and makes its keys */
}

/* Memory goes back to the system faster than piece by piece, and Terraform waits for our end three
 * times in a plan. Builds that look for leaks free everything. */
static void leave_fast(struct service *service)
{
#ifdef NDEBUG
    server_settle(service->server);
    _exit(EXIT_SUCCESS);
#else
    (void)service;
#endif
}

/* Nothing begins any more, nobody can connect, and what runs is cut. */
static void service_leave(struct service *service, enum leave_reason reason)
{
    static const char *const why[] = {"Shutdown was asked for", "a signal", "the parent is gone"};

    watch_deadline(reason == LEAVE_ORPHAN ? orphan_deadline_ms : deadline_ms);
    stop_for_good(service->stop);
    folder_remove(&service->folder);
    log_line(LOG_DEBUG, "plugin", "leaving", "reason", why[reason], NULL);
    leave_fast(service);
    server_free(service->server);
    wire_server_free(service->wire);
    tf_server_free(service->tf);
    stop_source_free(service->stop);
    grpc_shutdown();
    watch_end(&service->watch);
    arena_free(service->arena);
}

/* Before anyone could connect. Terraform shows a line on standard output that is no handshake. */
static int fail(struct service *service, struct str why, bool told)
{
    folder_remove(&service->folder);
    fprintf(stderr, "[ERROR] %.*s\n", STR(why));
    if (told && write(STDOUT_FILENO, why.ptr, why.len) < 0)
        log_line(LOG_DEBUG, "plugin", "nobody reads why it did not start", NULL);
    if (service->stop != NULL) { /* gRPC was up */
        server_free(service->server);
        stop_source_free(service->stop);
        grpc_shutdown();
    }
    arena_free(service->arena); /* in it lies why */
    return EXIT_FAILURE;
}

int serve_terraform(const struct tf_provider *provider, const struct world *world,
                    const struct handshake *handshake)
{
    struct service service = {.arena = arena_new(64 * 1024 * 1024)};
    struct str why = S("the process can't watch its signals");

    if (!watch_begin(&service.watch, false) || !service_listen(&service, world, handshake, &why))
        return fail(&service, why, true);
    struct str line =
        handshake_line(service.arena, handshake, service.folder.socket, service.identity.handshake);
    watch_parent(&service.watch);
    if (write(STDOUT_FILENO, line.ptr, line.len) != (ssize_t)line.len)
        return fail(&service, S("nobody reads the handshake"), false);
    dup2(STDERR_FILENO, STDOUT_FILENO); /* a stray print must not reach the client's reader */
    service_run(&service, provider, world);
    service_leave(&service, watch_wait(&service.watch));
    return EXIT_SUCCESS;
}

int serve_debug(const struct plugin_program *program, const struct tf_provider *provider,
                const struct world *world)
{
    struct service service = {.arena = arena_new(64 * 1024 * 1024)};
    struct handshake nobody = {0};
    struct str why = S("the process can't watch its signals");

    if (!watch_begin(&service.watch, true) || !service_listen(&service, world, &nobody, &why))
        return fail(&service, why, false);
    struct str value =
        handshake_reattach(service.arena, program->addresses, (int)getpid(), service.folder.socket);
    printf("%s is ready. Terraform uses it where this is set:\n\n"
           "\tTF_REATTACH_PROVIDERS='%.*s'\n\n",
           program->name, STR(value));
    fflush(stdout);
    service_run(&service, provider, world);
    service_leave(&service, watch_wait(&service.watch));
    return EXIT_SUCCESS;
}
