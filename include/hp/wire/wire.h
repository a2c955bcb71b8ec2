/* Terraform's provider protocol, version 6: bytes in, bytes out. It knows nothing of gRPC, so a
 * test needs no network.
 *
 * What would crash Terraform is impossible by construction: every schema carries its block, no
 * value is encoded that cty refuses, every text is UTF-8. docs/PROTOCOL.md says what each method
 * does. */
#ifndef HP_WIRE_WIRE_H
#define HP_WIRE_WIRE_H

#include <hp/tf/server.h>

struct wire_server;
struct wire_method;

/* Borrows the server; both live until wire_server_free. */
struct wire_server *wire_server_new(struct tf_server *server);
void wire_server_free(struct wire_server *wire);
/* Makes the schema ready, which every client asks for first. From any thread; not needed. */
void wire_server_warm(struct wire_server *wire);

/* "/tfplugin6.Provider/GetProviderSchema"; NULL: no such method in protocol 6. */
const struct wire_method *wire_method_find(struct str path);
/* True for StopProvider. wire answers it, but only the caller can stop what is under way. */
bool wire_method_stops(const struct wire_method *method);
/* All 36 rows, for tests and documentation: NULL after the last. */
const struct wire_method *wire_method_at(size_t index);
struct str wire_method_path(struct arena *arena, const struct wire_method *method);
bool wire_method_is_offered(const struct wire_method *method);

/* The numbers are gRPC's. */
enum wire_status {
    WIRE_OK = 0,
    WIRE_INVALID_ARGUMENT = 3,
    WIRE_RESOURCE_EXHAUSTED = 8,
    WIRE_UNIMPLEMENTED = 12,
    WIRE_INTERNAL = 13
};

/* One call. The answer is a whole message; it lives in the arena or as long as the server. When it
 * is not WIRE_OK, *ret_message says why. What a person did wrong is never a status: it is told by
 * the answer's diagnostics. Thread safe; each call has its own arena. */
enum wire_status wire_call(struct wire_server *wire, const struct wire_method *method,
                           struct str request, struct stop_token *stop, struct arena *arena,
                           struct str *ret_answer, struct str *ret_message);

/* The methods that answer with a stream. Each message lives until send returns; false: nobody
 * listens any more. */
bool wire_method_streams(const struct wire_method *method);
typedef bool wire_send_fn(void *arg, struct str message);
enum wire_status wire_stream(struct wire_server *wire, const struct wire_method *method,
                             struct str request, struct stop_token *stop, struct arena *arena,
                             wire_send_fn *send, void *arg, struct str *ret_message);

/* What an arena of one call may hold: a 60 MB attribute is carried several times. */
#define WIRE_ARENA_BYTES ((size_t)3 << 30)

#endif
