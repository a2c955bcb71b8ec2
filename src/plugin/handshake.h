/* What the client that started us tells by its environment, and the one line that answers it. */
#ifndef HP_PLUGIN_HANDSHAKE_H
#define HP_PLUGIN_HANDSHAKE_H

#include <hp/base/clock.h>

struct handshake {
    bool asked;             /* the magic cookie is right: a client of Terraform's kind */
    struct str certificate; /* PEM of the client; ptr NULL: it wants no TLS */
    struct str folder;      /* where it wants the socket; ptr NULL: anywhere */
    struct str group;       /* who else may connect; ptr NULL: nobody */
    bool told_multiplex;    /* it speaks of multiplexing: the line needs its seventh field */
};

struct handshake handshake_read(const struct world *world);
/* "1|6|unix|/tmp/plugin-x/s|grpc|MIIB…\n". certificate is empty without TLS. */
struct str handshake_line(struct arena *arena, const struct handshake *handshake,
                          const char *socket, struct str certificate);
/* The value of TF_REATTACH_PROVIDERS: one entry for each address. */
struct str handshake_reattach(struct arena *arena, const char *const *addresses, int process,
                              const char *socket);

#endif
