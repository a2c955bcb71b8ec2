#include "roots.h"

#include <unistd.h>

static const char *const places[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Arch, Gentoo, NixOS */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL, Amazon Linux */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL without the older names */
    "/etc/ssl/cert.pem",                                 /* Alpine */
};

struct str roots_find(const struct world *world)
{
    struct str named = world_env(world, "SSL_CERT_FILE");
    if (named.len > 0)
        return named;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (access(places[i], R_OK) == 0)
            return str_of(places[i]);
    return str_of(places[0]);
}
