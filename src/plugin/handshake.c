#include "handshake.h"
#include <hp/base/buf.h>

/* Known to everyone: it tells a person's shell from Terraform, no more. */
static const char cookie_key[] = "TF_PLUGIN_MAGIC_COOKIE";
static const char cookie[] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

static struct str set_or_null(const struct world *world, const char *name)
{
    struct str value = world_env(world, name);
    return value.len == 0 ? (struct str){NULL, 0} : value;
}

struct handshake handshake_read(const struct world *world)
{
    return (struct handshake){
        .asked = str_is(world_env(world, cookie_key), cookie),
        .certificate = set_or_null(world, "PLUGIN_CLIENT_CERT"),
        .folder = set_or_null(world, "PLUGIN_UNIX_SOCKET_DIR"),
        .group = set_or_null(world, "PLUGIN_UNIX_SOCKET_GROUP"),
        .told_multiplex = world_env(world, "PLUGIN_MULTIPLEX_GRPC").ptr != NULL,
    };
}

/* A client that does not list 6 is answered 6 too: it then says so itself, better than we could.
 * Older clients take a seventh field for part of the certificate, so it comes only when asked. */
struct str handshake_line(struct arena *arena, const struct handshake *handshake,
                          const char *socket, struct str certificate)
{
    return arena_fmt(arena, "1|6|unix|%s|grpc|%.*s%s\n", socket, STR(certificate),
                     handshake->told_multiplex ? "|false" : "");
}

static void put_json_text(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text != 0; text++) {
        if (*text == '"' || *text == '\\')
            buf_putc(out, '\\');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

/* "Test": true, or Terraform crashes; it also means that nobody ends us but a signal. */
struct str handshake_reattach(struct arena *arena, const char *const *addresses, int process,
                              const char *socket)
{
    struct buf out = buf_in(arena, 64 * 1024);
    buf_putc(&out, '{');
    for (size_t i = 0; addresses[i] != NULL; i++) {
        if (i > 0)
            buf_putc(&out, ',');
        put_json_text(&out, addresses[i]);
        buf_printf(&out,
                   ":{\"Protocol\":\"grpc\",\"ProtocolVersion\":6,\"Pid\":%d,\"Test\":true,"
                   "\"Addr\":{\"Network\":\"unix\",\"String\":",
                   process);
        put_json_text(&out, socket);
        buf_putz(&out, "}}");
    }
    buf_putc(&out, '}');
    return buf_str(&out);
}
