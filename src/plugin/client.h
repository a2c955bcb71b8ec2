/* A gRPC client for this room's tests, as small as can be: one connection, one call at a time. */
#ifndef HP_PLUGIN_CLIENT_H
#define HP_PLUGIN_CLIENT_H

#include "identity.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

struct client {
    struct arena *arena;
    grpc_channel *channel;
    grpc_completion_queue *queue;
};

/* A call under way; client_finish waits for it. */
struct client_call {
    grpc_call *call;
    grpc_metadata_array initial, trailing;
    grpc_byte_buffer *answer;
    grpc_status_code status;
    grpc_slice details;
    char beginning[256]; /* of a stream's newest message */
    size_t beginning_len;
};

static inline grpc_channel_credentials *client_credentials(struct arena *arena, struct str server,
                                                           const struct identity *identity)
{
    if (server.len == 0)
        return grpc_insecure_credentials_create();
    grpc_ssl_pem_key_cert_pair pair = {0};
    if (identity != NULL)
        pair = (grpc_ssl_pem_key_cert_pair){identity->key_pem, identity->certificate_pem};
    return grpc_ssl_credentials_create(arena_z(arena, server), identity == NULL ? NULL : &pair,
                                       NULL, NULL);
}

/* server is the certificate from the handshake as PEM; empty means plaintext. */
static inline struct client client_open(struct arena *arena, const char *address, struct str server,
                                        const struct identity *identity)
{
    grpc_arg args[] = {
        {.type = GRPC_ARG_STRING,
         .key = (char *)GRPC_SSL_TARGET_NAME_OVERRIDE_ARG,
         .value.string = (char *)"localhost"},
        {.type = GRPC_ARG_INTEGER,
         .key = (char *)GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
         .value.integer = 1},
        {.type = GRPC_ARG_INTEGER,
         .key = (char *)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
         .value.integer = -1},
    };
    grpc_channel_args all = {sizeof args / sizeof args[0], args};
    grpc_channel_credentials *credentials = client_credentials(arena, server, identity);
    struct client client = {arena, grpc_channel_create(address, credentials, &all),
                            grpc_completion_queue_create_for_pluck(NULL)};
    grpc_channel_credentials_release(credentials);
    return client;
}

static inline void client_close(struct client *client)
{
    grpc_channel_destroy(client->channel);
    grpc_completion_queue_shutdown(client->queue);
    grpc_completion_queue_destroy(client->queue);
}

static inline void client_start(struct client *client, struct client_call *call, const char *path,
                                struct str request)
{
    grpc_slice method = grpc_slice_from_copied_string(path);
    grpc_slice body = grpc_slice_from_copied_buffer(request.ptr, request.len);
    grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&body, 1);
    grpc_op ops[6] = {
        {.op = GRPC_OP_SEND_INITIAL_METADATA},  {.op = GRPC_OP_SEND_MESSAGE},
        {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT}, {.op = GRPC_OP_RECV_INITIAL_METADATA},
        {.op = GRPC_OP_RECV_MESSAGE},           {.op = GRPC_OP_RECV_STATUS_ON_CLIENT}};

    *call = (struct client_call){0};
    grpc_metadata_array_init(&call->initial);
    grpc_metadata_array_init(&call->trailing);
    call->call = grpc_channel_create_call(
        client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, client->queue, method, NULL,
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(20, GPR_TIMESPAN)), NULL);
    ops[1].data.send_message.send_message = message;
    ops[3].data.recv_initial_metadata.recv_initial_metadata = &call->initial;
    ops[4].data.recv_message.recv_message = &call->answer;
    ops[5].data.recv_status_on_client.trailing_metadata = &call->trailing;
    ops[5].data.recv_status_on_client.status = &call->status;
    ops[5].data.recv_status_on_client.status_details = &call->details;
    grpc_call_start_batch(call->call, ops, 6, call, NULL);
    grpc_byte_buffer_destroy(message);
    grpc_slice_unref(body);
    grpc_slice_unref(method);
}

/* Waits for the end; *ret_answer lives in the client's arena. */
static inline grpc_status_code client_finish(struct client *client, struct client_call *call,
                                             struct str *ret_answer)
{
    grpc_completion_queue_pluck(client->queue, call, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    if (call->answer != NULL) {
        grpc_byte_buffer_reader reader;
        grpc_byte_buffer_reader_init(&reader, call->answer);
        grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
        *ret_answer =
            arena_str(client->arena, (struct str){(const char *)GRPC_SLICE_START_PTR(bytes),
                                                  GRPC_SLICE_LENGTH(bytes)});
        grpc_slice_unref(bytes);
        grpc_byte_buffer_reader_destroy(&reader);
        grpc_byte_buffer_destroy(call->answer);
    }
    grpc_slice_unref(call->details);
    grpc_metadata_array_destroy(&call->initial);
    grpc_metadata_array_destroy(&call->trailing);
    grpc_call_unref(call->call);
    return call->status;
}

static inline grpc_status_code client_call(struct client *client, const char *path,
                                           struct str request, struct str *ret_answer)
{
    struct client_call call;
    client_start(client, &call, path, request);
    return client_finish(client, &call, ret_answer);
}

/* ---- A stream of answers ---- */

static inline void client_open_stream(struct client *client, struct client_call *call,
                                      const char *path, struct str request)
{
    grpc_slice method = grpc_slice_from_copied_string(path);
    grpc_slice body = grpc_slice_from_copied_buffer(request.ptr, request.len);
    grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&body, 1);
    grpc_op ops[3] = {{.op = GRPC_OP_SEND_INITIAL_METADATA},
                      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = message},
                      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT}};

    *call = (struct client_call){0};
    grpc_metadata_array_init(&call->initial);
    grpc_metadata_array_init(&call->trailing);
    call->call = grpc_channel_create_call(
        client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, client->queue, method, NULL,
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(20, GPR_TIMESPAN)), NULL);
    grpc_call_start_batch(call->call, ops, 3, call, NULL);
    grpc_completion_queue_pluck(client->queue, call, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    grpc_op headers = {.op = GRPC_OP_RECV_INITIAL_METADATA,
                       .data.recv_initial_metadata.recv_initial_metadata = &call->initial};
    grpc_call_start_batch(call->call, &headers, 1, call, NULL);
    grpc_completion_queue_pluck(client->queue, call, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    grpc_byte_buffer_destroy(message);
    grpc_slice_unref(body);
    grpc_slice_unref(method);
}

/* The length of the next message; -1: there is none any more. */
static inline ptrdiff_t client_next(struct client *client, struct client_call *call)
{
    grpc_op next = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &call->answer};
    grpc_call_start_batch(call->call, &next, 1, call, NULL);
    grpc_completion_queue_pluck(client->queue, call, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    if (call->answer == NULL)
        return -1;
    ptrdiff_t len = (ptrdiff_t)grpc_byte_buffer_length(call->answer);
    grpc_byte_buffer_reader reader;
    grpc_byte_buffer_reader_init(&reader, call->answer);
    grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
    call->beginning_len =
        (size_t)len < sizeof call->beginning ? (size_t)len : sizeof call->beginning;
    memcpy(call->beginning, GRPC_SLICE_START_PTR(bytes), call->beginning_len);
    grpc_slice_unref(bytes);
    grpc_byte_buffer_reader_destroy(&reader);
    grpc_byte_buffer_destroy(call->answer);
    call->answer = NULL;
    return len;
}

/* Cancels what has not ended by itself. */
static inline grpc_status_code client_end_stream(struct client *client, struct client_call *call,
                                                 bool cancel)
{
    grpc_op status = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
                      .data.recv_status_on_client = {.trailing_metadata = &call->trailing,
                                                     .status = &call->status,
                                                     .status_details = &call->details}};
    if (cancel)
        grpc_call_cancel(call->call, NULL);
    grpc_call_start_batch(call->call, &status, 1, call, NULL);
    grpc_completion_queue_pluck(client->queue, call, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    grpc_slice_unref(call->details);
    grpc_metadata_array_destroy(&call->initial);
    grpc_metadata_array_destroy(&call->trailing);
    grpc_call_unref(call->call);
    return call->status;
}

#endif
