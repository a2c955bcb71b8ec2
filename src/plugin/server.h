/* The gRPC server: one completion queue, threads that only move calls along, and workers that run
 * them. */
#ifndef HP_PLUGIN_SERVER_H
#define HP_PLUGIN_SERVER_H

#include "identity.h"
#include <hp/base/stop.h>
#include <hp/wire/wire.h>

struct server;

struct server_setup {
    const char *address;             /* "unix:/…" */
    const struct identity *identity; /* NULL: plaintext */
    const char *client_certificate;  /* PEM of the one client that may connect */
    struct stop_source *stop;
    void (*shutdown)(void *arg); /* Shutdown has been answered; from a poller */
    void *arg;
};

/* Listens. Nothing is answered before server_run. NULL: *reterr says why. */
struct server *server_new(struct arena *arena, const struct server_setup *setup,
                          struct str *reterr);
void server_run(struct server *server, struct wire_server *wire);
/* From here on no call begins. Waits a little for those under way, which have been stopped: they
 * still have an answer. */
void server_settle(struct server *server);
/* Takes no more calls, waits a little for those under way, cuts them, and frees everything. One
 * that never ran, and NULL, are fine. */
void server_free(struct server *server);

#endif
