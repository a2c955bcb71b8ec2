/* A provider as the process that Terraform starts: the handshake, mutual TLS on a unix socket,
 * gRPC, and leaving in time. What is said over it is wire's business. */
#ifndef HP_PLUGIN_PLUGIN_H
#define HP_PLUGIN_PLUGIN_H

#include <hp/base/clock.h>
#include <hp/tf/provider.h>

struct plugin_program {
    const char *name;    /* "terraform-provider-hyperpod" */
    const char *version; /* "0.1.0" */
    /* Source addresses that --debug answers to, ended by NULL. */
    const char *const *addresses;
};

/* The whole program: reads its arguments and gives the exit status.
 *
 *   (none), with the magic cookie   serve the Terraform that started us, until it says Shutdown,
 *                                   dies, or SIGTERM comes; leaves within 2 seconds
 *   --debug                         serve whoever is told TF_REATTACH_PROVIDERS, until a signal
 *   --manual DIR                    write the manual's pages
 *   --version, --help
 *
 * INT, TERM, HUP and PIPE are blocked or ignored in every thread from here on: who starts a child
 * process resets both the mask and the actions for it, and gives it other files than our 1 and 2,
 * since Terraform waits until those are closed. */
int plugin_main(const struct plugin_program *program, const struct tf_provider *provider,
                const struct world *world, int argc, char **argv);

#endif
