#include "manual.h"
#include "serve.h"
#include <hp/base/crash.h>
#include <hp/base/log.h>

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

static void print_help(FILE *file, const struct plugin_program *program)
{
    fprintf(
        file,
        "%s %s is a plugin: Terraform and OpenTofu start it themselves.\n"
        "Name it in a configuration (required_providers) and run `terraform init`.\n"
        "\n"
        "  --debug         serve until a signal comes; prints the TF_REATTACH_PROVIDERS to set\n"
        "  --manual DIR    write the manual's pages (Markdown) into DIR\n"
        "  --version       print the version\n"
        "  --help          print this\n",
        program->name, program->version);
}

/* Terraform filters once more; a line that it would drop is not worth writing. */
static void begin_log(const struct world *world, enum log_form form)
{
    static const char *const variables[] = {"TF_LOG_PROVIDER", "TF_LOG"};
    enum log_level level = LOG_WARN;

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        struct str value = world_env(world, variables[i]);
        if (value.len == 0)
            continue;
        if (!log_level_from(value, &level))
            level = LOG_TRACE; /* as Terraform takes it: JSON, or anything else */
        break;
    }
    log_begin(form, level, 2);
}

/* Many threads, few of them busy: two heaps are plenty, and large pieces go back to the system. */
static void tame_malloc(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 512 * 1024);
}

/* Threads of gRPC's may still be ending while the process exits: what they free, OpenSSL must not
 * free as well. And no openssl.cnf: what stands in it, and modules that it names, belong to this
 * machine's OpenSSL, which need not be the one inside us (docs/RELEASE.md). */
static void keep_openssl(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

static int start(const struct plugin_program *program, const struct tf_provider *provider,
                 const struct world *world)
{
    struct handshake handshake = handshake_read(world);
    if (!handshake.asked) {
        print_help(stderr, program);
        return EXIT_FAILURE;
    }
    begin_log(world, LOG_HCLOG);
    return serve_terraform(provider, world, &handshake);
}

int plugin_main(const struct plugin_program *program, const struct tf_provider *provider,
                const struct world *world, int argc, char **argv)
{
    struct str option = str_of(argc > 1 ? argv[1] : NULL);
    bool debug = str_is(option, "--debug") || str_is(option, "-debug");

    crash_begin(program->name, debug);
    tame_malloc();
    keep_openssl();
    if (argc <= 1)
        return start(program, provider, world);
    if (argc == 2 && debug) {
        begin_log(world, LOG_HUMAN);
        return serve_debug(program, provider, world);
    }
    if (argc == 3 && str_is(option, "--manual"))
        return manual_write(provider, world, argv[2]);
    if (argc == 2 && str_is(option, "--version")) {
        printf("%s %s\n", program->name, program->version);
        return EXIT_SUCCESS;
    }
    bool help = argc == 2 && str_is(option, "--help");
    print_help(help ? stdout : stderr, program);
    return help ? EXIT_SUCCESS : EXIT_FAILURE;
}
