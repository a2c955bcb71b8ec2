/* What a client puts into our environment, up to the line that answers it. The input is variables,
 * "NAME=value" and an empty byte each. Whatever stands there: the line is one line of six or seven
 * fields, the socket's path fits into a socket's address and is what gRPC is told to listen at, the
 * reattach text is JSON, and a certificate that is none opens no door without TLS. */
#include "folder.h"
#include "handshake.h"
#include "server.h"
#include <hp/base/must.h>

#include <grpc/grpc.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { INPUT_MAX = 16 << 10, VARIABLES_MAX = 32, PATH_MAX_BYTES = 107 };

/* In place of the C library's: any folder can be made, and none is. */
char *mkdtemp(char *name)
{
    size_t len = strlen(name);
    must(len >= 6 && strcmp(name + len - 6, "XXXXXX") == 0, "a name ends in six letters");
    memcpy(name + len - 6, "abcdef", 6);
    return name;
}

/* --- the environment --- */

static struct {
    char text[INPUT_MAX + 1];
    const char *variables[VARIABLES_MAX];
    size_t count;
} environment;

static struct str env_of(void *arg, const char *name)
{
    size_t len = strlen(name);
    (void)arg;
    for (size_t i = 0; i < environment.count; i++)
        if (strncmp(environment.variables[i], name, len) == 0 &&
            environment.variables[i][len] == '=')
            return str_of(environment.variables[i] + len + 1);
    return (struct str){0};
}

static void set_environment(const uint8_t *bytes, size_t size)
{
    struct str rest = {environment.text, size}, variable;
    memcpy(environment.text, bytes, size);
    environment.text[size] = '\0';
    environment.count = 0;
    while (environment.count < VARIABLES_MAX && str_next(&rest, '\0', &variable))
        environment.variables[environment.count++] = variable.ptr;
}

/* --- what we say --- */

static void check_line(struct str line, struct str socket, bool multiplex)
{
    struct str rest = line, fields[8];
    size_t count = 0;
    must(str_ends(line, S("\n")) && str_find_char(line, '\n') == line.len - 1, "it is one line");
    must(str_is_utf8(line), "the line is UTF-8");
    rest.len--;
    while (count < 8 && str_next(&rest, '|', &fields[count]))
        count++;
    must(count == (multiplex ? 7u : 6u), "the line has its fields");
    must(str_is(fields[0], "1") && str_is(fields[1], "6") && str_is(fields[2], "unix") &&
             str_is(fields[4], "grpc"),
         "the line says what we speak");
    must(str_eq(fields[3], socket), "the line names the socket");
}

static unsigned hex(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* gRPC decodes the address: it must come out as the path. */
static void check_address(const char *address, const char *path)
{
    must(strncmp(address, "unix:", 5) == 0, "the address is a socket's");
    for (address += 5; *address != '\0'; address++, path++) {
        char c = *address;
        if (c == '%') {
            must(address[1] != '\0' && address[2] != '\0', "what is encoded is whole");
            c = (char)(hex(address[1]) << 4 | hex(address[2]));
            address += 2;
        }
        must(c == *path, "the address is the path");
    }
    must(*path == '\0', "the address is the whole path");
}

/* Strings are closed, and outside of them there is only what we write there. */
static void check_json(struct str json)
{
    bool inside = false;
    int depth = 0;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (inside && c == '\\')
            i++;
        else if (c == '"')
            inside = !inside;
        else if (inside)
            must((unsigned char)c >= ' ', "a string of JSON has no bare control characters");
        else
            depth += (c == '{') - (c == '}');
        must(depth > 0 || i + 1 == json.len, "the JSON is one object");
    }
    must(!inside && depth == 0, "the JSON is closed");
}

static void check_words(struct arena *arena, const struct world *world,
                        const struct handshake *handshake)
{
    static const char *const addresses[] = {"registry.terraform.io/hyperpod/hyperpod", NULL};
    const struct str bases[] = {handshake->folder, world_env(world, "TMPDIR"), S("/tmp")};
    struct folder folder;
    struct str why = S("");
    must(folder_make(arena, bases, 3, handshake->group, &folder, &why), "/tmp is there at least");
    struct str socket = str_of(folder.socket);
    must(socket.len <= PATH_MAX_BYTES, "the path fits into a socket's address");
    must(socket.ptr[0] == '/', "the path is absolute");
    check_line(handshake_line(arena, handshake, folder.socket, S("MIIB")), socket,
               handshake->told_multiplex);
    check_address(folder_address(arena, &folder), folder.socket);
    check_json(handshake_reattach(arena, addresses, 7, folder.socket));
}

/* --- the door --- */

static bool is_certificate(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    bool is = certificate != NULL;
    X509_free(certificate);
    BIO_free(bio);
    return is;
}

static void leave(void *arg)
{
    (void)arg;
}

static void check_door(struct arena *arena, const struct world *world,
                       const struct handshake *handshake)
{
    static const struct tf_provider provider = {.name = "none", .doc = "None."};
    static struct identity identity;
    static struct arena *kept;
    static char address[64];
    struct str why = S("");
    if (kept == NULL) {
        kept = arena_new(1 << 20);
        must(identity_make(kept, world, &identity, &why), "we have a certificate");
        snprintf(address, sizeof address, "unix-abstract:hp-fuzz-%d", (int)getpid());
        grpc_init();
    }
    struct stop_source *stop = stop_source_new();
    struct server *server = server_new(
        arena,
        &(struct server_setup){.address = address,
                               .identity = &identity,
                               .client_certificate = arena_z(arena, handshake->certificate),
                               .stop = stop,
                               .shutdown = leave},
        &why);
    if (server == NULL) {
        must(why.len > 0, "a door that stays shut says why");
    } else {
        must(is_certificate(handshake->certificate), "a door opens only for a certificate");
        struct tf_server *tf = tf_server_new(&provider, world);
        struct wire_server *wire = wire_server_new(tf);
        server_run(server, wire);
        server_free(server);
        wire_server_free(wire);
        tf_server_free(tf);
    }
    stop_source_free(stop);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct world world = *world_of_process();
    if (size > INPUT_MAX)
        return 0;
    world.env = env_of;
    set_environment(bytes, size);
    scoped(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct handshake handshake = handshake_read(&world);
    check_words(arena, &world, &handshake);
    if (handshake.certificate.ptr != NULL)
        check_door(arena, &world, &handshake);
    return 0;
}
