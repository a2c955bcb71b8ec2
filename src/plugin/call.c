#include "call.h"
#include "race.h"
#include "service.h"
#include <hp/base/log.h>

#include <stdlib.h>

/* One message of a stream: a worker waits for a poller to say what became of it. */
enum sending { SENDING_NONE, SENDING_ON_ITS_WAY, SENDING_DONE, SENDING_FAILED };

struct call {
    struct job job; /* first: a worker is given its address */
    struct server *server;
    struct tag asked, closed, read, sent, answered;
    atomic_int refs; /* the way from asked to answered, and the watch for its end */
    grpc_call *grpc;
    grpc_call_details details;
    grpc_metadata_array metadata;
    grpc_byte_buffer *request;
    int cancelled;
    bool has_headers;     /* of the answer, sent */
    enum sending sending; /* under the server's lock */
    enum service_kind kind;
    const struct wire_method *method;
    struct stop_token *stop;
    bool busy;
};

void call_await(struct server *server)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL)
        abort();
    call->server = server;
    call->asked = (struct tag){STEP_ASKED, call};
    call->closed = (struct tag){STEP_CLOSED, call};
    call->read = (struct tag){STEP_READ, call};
    call->sent = (struct tag){STEP_SENT, call};
    call->answered = (struct tag){STEP_ANSWERED, call};
    atomic_init(&call->refs, 1);
    grpc_call_details_init(&call->details);
    grpc_metadata_array_init(&call->metadata);
    race_give(&call->asked);
    if (grpc_server_request_call(server->grpc, &call->grpc, &call->details, &call->metadata,
                                 server->queue, server->queue, &call->asked) != GRPC_CALL_OK)
        abort(); /* our own mistake: the arguments are always the same */
}

static void set_busy(struct call *call, bool busy)
{
    struct server *server = call->server;
    if (call->busy == busy)
        return;
    call->busy = busy;
    pthread_mutex_lock(&server->lock);
    if (busy)
        server->busy++;
    else
        server->busy--;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

static void unref(struct call *call)
{
    if (atomic_fetch_sub(&call->refs, 1) != 1)
        return;
    set_busy(call, false);
    stop_token_free(call->stop);
    grpc_byte_buffer_destroy(call->request);
    grpc_call_details_destroy(&call->details);
    grpc_metadata_array_destroy(&call->metadata);
    if (call->grpc != NULL)
        grpc_call_unref(call->grpc);
    free(call);
}

/* gRPC refuses a batch only when we ask for what makes no sense; a broken connection is told by the
 * completion. */
static void start(struct call *call, const grpc_op *ops, size_t count, struct tag *tag)
{
    race_give(tag);
    if (grpc_call_start_batch(call->grpc, ops, count, tag, NULL) != GRPC_CALL_OK)
        abort();
}

/* The end of the way. body NULL: only the status. */
static void answer(struct call *call, grpc_status_code status, const char *message,
                   grpc_slice *body)
{
    grpc_slice details = grpc_slice_from_copied_string(message == NULL ? "" : message);
    grpc_byte_buffer *buffer = body == NULL ? NULL : grpc_raw_byte_buffer_create(body, 1);
    grpc_op ops[3];
    size_t count = 0;

    memset(ops, 0, sizeof ops);
    if (!call->has_headers)
        ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    if (buffer != NULL) {
        ops[count].op = GRPC_OP_SEND_MESSAGE;
        ops[count++].data.send_message.send_message = buffer;
    }
    ops[count].op = GRPC_OP_SEND_STATUS_FROM_SERVER;
    ops[count].data.send_status_from_server.status = status;
    ops[count++].data.send_status_from_server.status_details = &details;
    start(call, ops, count, &call->answered);
    grpc_slice_unref(details);
    if (buffer != NULL)
        grpc_byte_buffer_destroy(buffer);
    if (body != NULL)
        grpc_slice_unref(*body);
}

static void answer_bytes(struct call *call, struct str bytes)
{
    grpc_slice body = grpc_slice_from_copied_buffer(bytes.ptr, bytes.len);
    answer(call, GRPC_STATUS_OK, NULL, &body);
}

static grpc_slice request_bytes(struct call *call)
{
    grpc_byte_buffer_reader reader;
    if (call->request == NULL || !grpc_byte_buffer_reader_init(&reader, call->request))
        return grpc_empty_slice();
    grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
    grpc_byte_buffer_reader_destroy(&reader);
    grpc_byte_buffer_destroy(call->request);
    call->request = NULL;
    return bytes;
}

static struct str slice_str(const grpc_slice *slice)
{
    return (struct str){(const char *)GRPC_SLICE_START_PTR(*slice), GRPC_SLICE_LENGTH(*slice)};
}

static void free_arena(void *arena)
{
    race_take(arena);
    arena_free(arena);
}

/* ---- Streams ---- */

static void on_sent(struct call *call, bool ok)
{
    struct server *server = call->server;

    pthread_mutex_lock(&server->lock);
    call->sending = ok ? SENDING_DONE : SENDING_FAILED;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

/* On a worker: one message, and the wait until it is on its way. False: the client has gone. */
static bool send_message(void *arg, struct str bytes)
{
    struct call *call = arg;
    struct server *server = call->server;
    grpc_slice body = grpc_slice_from_copied_buffer(bytes.ptr, bytes.len);
    grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&body, 1);
    grpc_op ops[2];
    size_t count = 0;

    memset(ops, 0, sizeof ops);
    if (!call->has_headers)
        ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    ops[count].op = GRPC_OP_SEND_MESSAGE;
    ops[count++].data.send_message.send_message = buffer;
    call->has_headers = true;
    call->sending = SENDING_ON_ITS_WAY;
    start(call, ops, count, &call->sent);
    grpc_slice_unref(body);
    grpc_byte_buffer_destroy(buffer);

    pthread_mutex_lock(&server->lock);
    while (call->sending == SENDING_ON_ITS_WAY)
        pthread_cond_wait(&server->changed, &server->lock);
    bool done = call->sending == SENDING_DONE;
    pthread_mutex_unlock(&server->lock);
    return done;
}

static void run_stream(struct job *job)
{
    struct call *call = (struct call *)job;
    struct arena *arena = arena_new(WIRE_ARENA_BYTES);
    grpc_slice request = request_bytes(call);
    struct str message = {NULL, 0};

    enum wire_status status = wire_stream(call->server->wire, call->method, slice_str(&request),
                                          call->stop, arena, send_message, call, &message);
    grpc_slice_unref(request);
    answer(call, (grpc_status_code)status,
           status == WIRE_OK ? NULL : arena_z(arena, arena_utf8(arena, message)), NULL);
    arena_free(arena);
}

/* On a worker. The answer's bytes lie in the arena, so gRPC frees it when they are sent. */
static void run(struct job *job)
{
    struct call *call = (struct call *)job;
    struct arena *arena = arena_new(WIRE_ARENA_BYTES);
    struct str bytes = {NULL, 0}, message = {NULL, 0};
    grpc_slice request = request_bytes(call);

    enum wire_status status = wire_call(call->server->wire, call->method, slice_str(&request),
                                        call->stop, arena, &bytes, &message);
    grpc_slice_unref(request);
    if (status != WIRE_OK) {
        answer(call, (grpc_status_code)status, arena_z(arena, arena_utf8(arena, message)), NULL);
        arena_free(arena);
        return;
    }
    race_give(arena);
    grpc_slice body =
        grpc_slice_new_with_user_data((void *)bytes.ptr, bytes.len, free_arena, arena);
    answer(call, GRPC_STATUS_OK, NULL, &body);
}

static void check_health(struct call *call)
{
    grpc_slice request = request_bytes(call);
    struct str bytes;
    if (service_is_healthy(slice_str(&request), &bytes))
        answer_bytes(call, bytes);
    else
        answer(call, GRPC_STATUS_NOT_FOUND, "no such service", NULL);
    grpc_slice_unref(request);
}

static void on_read(struct call *call, bool ok)
{
    if (!ok || call->request == NULL) {
        answer(call, GRPC_STATUS_INVALID_ARGUMENT, "a request message is needed", NULL);
        return;
    }
    switch (call->kind) {
    case SERVICE_WIRE:
        call->job.run = wire_method_streams(call->method) ? run_stream : run;
        if (!workers_run(call->server->workers, &call->job))
            answer(call, GRPC_STATUS_RESOURCE_EXHAUSTED, "no thread can be made", NULL);
        break;
    case SERVICE_STOP:
        log_line(LOG_INFO, "plugin", "Terraform asks to stop", NULL);
        stop_now(call->server->stop);
        answer_bytes(call, S(""));
        break;
    case SERVICE_HEALTH:
        check_health(call);
        break;
    default:
        answer_bytes(call, S(""));
    }
}

/* The first answer of a stream that stays open: its headers. The way ends when the client goes. */
static void hold(struct call *call)
{
    grpc_op headers = {.op = GRPC_OP_SEND_INITIAL_METADATA};
    call->answered.step = STEP_READ; /* not its end */
    start(call, &headers, 1, &call->answered);
}

static void on_asked(struct call *call, bool ok)
{
    struct server *server = call->server;
    grpc_op closed = {.op = GRPC_OP_RECV_CLOSE_ON_SERVER};
    grpc_op message = {.op = GRPC_OP_RECV_MESSAGE};

    if (!ok) { /* the server is shutting down: there will be no call */
        unref(call);
        return;
    }
    call_await(server);
    call->kind = service_find(slice_str(&call->details.method), &call->method);
    call->stop = stop_token_new(server->stop);
    closed.data.recv_close_on_server.cancelled = &call->cancelled;
    message.data.recv_message.recv_message = &call->request;
    if (call->kind != SERVICE_HOLD)
        set_busy(call, true);
    atomic_fetch_add(&call->refs, 1);
    start(call, &closed, 1, &call->closed);
    if (call->kind == SERVICE_UNKNOWN)
        answer(call, GRPC_STATUS_UNIMPLEMENTED, "unknown method", NULL);
    else if (call->kind == SERVICE_WIRE && !wire_method_is_offered(call->method))
        answer(call, GRPC_STATUS_UNIMPLEMENTED, "not implemented by this provider", NULL);
    else if (call->kind == SERVICE_WIRE && atomic_load(&server->leaving))
        answer(call, GRPC_STATUS_UNAVAILABLE, "the provider is leaving", NULL);
    else if (call->kind == SERVICE_HOLD)
        hold(call);
    else
        start(call, &message, 1, &call->read);
}

void call_step(struct tag *tag, bool ok)
{
    race_take(tag);
    struct call *call = tag->call;
    switch (tag->step) {
    case STEP_ASKED:
        on_asked(call, ok);
        break;
    case STEP_CLOSED:
        if (call->cancelled != 0)
            stop_token_cancel(call->stop);
        unref(call);
        break;
    case STEP_READ:
        if (call->kind == SERVICE_HOLD)
            unref(call);
        else
            on_read(call, ok);
        break;
    case STEP_SENT:
        on_sent(call, ok);
        break;
    case STEP_ANSWERED:
        if (call->kind == SERVICE_SHUTDOWN)
            call->server->shutdown(call->server->arg);
        unref(call);
        break;
    case STEP_SHUT:
        break;
    }
}
