/* One gRPC call on its way: asked for, read, run, answered. */
#ifndef HP_PLUGIN_CALL_H
#define HP_PLUGIN_CALL_H

#include "server.h"
#include "workers.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <pthread.h>
#include <stdatomic.h>

enum { poller_count = 2 };

struct server {
    grpc_server *grpc;
    grpc_completion_queue *queue;
    struct wire_server *wire;
    struct workers *workers;
    struct stop_source *stop;
    void (*shutdown)(void *arg);
    void *arg;
    pthread_t pollers[poller_count];
    size_t poller_threads;

    atomic_bool leaving; /* no call begins any more */

    pthread_mutex_t lock;
    pthread_cond_t changed; /* on CLOCK_MONOTONIC */
    size_t busy;            /* calls that are read, run or being answered */
    bool closed;            /* gRPC says that no call is left */
};

struct call;

/* What a completion means. */
enum step { STEP_ASKED, STEP_CLOSED, STEP_READ, STEP_SENT, STEP_ANSWERED, STEP_SHUT };
struct tag {
    enum step step;
    struct call *call;
};

/* Asks gRPC for the next call, whatever its method. */
void call_await(struct server *server);
/* A completion of one of its tags; ok as gRPC says. */
void call_step(struct tag *tag, bool ok);

#endif
