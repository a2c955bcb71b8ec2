/* The server's own key and certificate, made anew for each process. */
#ifndef HP_PLUGIN_IDENTITY_H
#define HP_PLUGIN_IDENTITY_H

#include <hp/base/clock.h>

struct identity {
    const char *key_pem, *certificate_pem;
    struct str handshake; /* the certificate's DER in base64, without padding */
};

/* A P-256 key and a certificate for localhost, signed by itself. False: OpenSSL could not; *reterr
 * says why. Everything lives in the arena. */
bool identity_make(struct arena *arena, const struct world *world, struct identity *ret_identity,
                   struct str *reterr);

#endif
