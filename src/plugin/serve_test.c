/* This program is a provider when it is started with the word `serve`, and its client otherwise. */
#include "client.h"
#include <hp/base/test.h>
#include <hp/plugin/plugin.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The provider: configure waits for a minute, or until it is stopped. */

static bool wait_a_minute(struct tf_call *call, void **ret_provider)
{
    *ret_provider = NULL;
    if (!tf_is_set(call->config, "slow"))
        return true;
    fputs("[INFO] waiting\n", stderr);
    return !world_wait_ms(call->world, call->stop, 60000) ||
           diag_error(call->diags, NULL, "Stopped", "It was stopped.");
}

static const struct tf_attr attrs[] = {
    {"slow", TF_BOOL, .flags = TF_OPTIONAL, .doc = "Takes a minute."}, {0}};
/* Twenty thousand things, each with a name of a kilobyte; the last look is told on stderr. */
static bool keep(struct tf_call *call)
{
    (void)call;
    return true;
}
static bool fill(struct tf_call *found, void *arg, struct str *ret_name)
{
    tf_set_str(found, "id", arena_fmt(found->arena, "%1024d", *(int *)arg));
    *ret_name = S("a thing");
    return true;
}
enum { things = 20000 };
static bool list(struct tf_listing *listing)
{
    int i = 0;
    while (i < things && tf_list_found(listing, fill, &i))
        i++;
    fprintf(stderr, "[INFO] listed %s\n", i < things ? "some" : "all");
    return true;
}
static const struct tf_attr thing_attrs[] = {
    {"id", TF_STRING, .flags = TF_COMPUTED, .doc = "Its id."}, {0}};
static const struct tf_attr parts[] = {{"id", TF_STRING, .flags = TF_REQUIRED, .doc = "Its id."},
                                       {0}};
static const struct tf_identity identity = {.attrs = parts};
static const struct tf_list lists = {.list = list};
static const struct tf_resource thing = {.type = "slow_thing",
                                         .attrs = thing_attrs,
                                         .identity = &identity,
                                         .list = &lists,
                                         .create = keep,
                                         .read = keep,
                                         .update = keep,
                                         .delete_ = keep};
static const struct tf_resource *const resources[] = {&thing, NULL};
static const struct tf_provider provider = {.name = "slow",
                                            .doc = "Slow.",
                                            .attrs = attrs,
                                            .resources = resources,
                                            .configure = wait_a_minute};

static int serve(int argc, char **argv)
{
    static const char *const addresses[] = {"example.com/test/slow", NULL};
    static const struct plugin_program program = {"terraform-provider-slow", "0.0.1", addresses};
    return plugin_main(&program, &provider, world_of_process(), argc, argv);
}

/* Its client. */

#define SLOW           "\x12\x09\x0a\x07\x81\xa4slow\xc3" /* ConfigureProvider {slow = true} */
#define configure_path "/tfplugin6.Provider/ConfigureProvider"
#define schema_path    "/tfplugin6.Provider/GetProviderSchema"
#define health_path    "/grpc.health.v1.Health/Check"
#define list_path      "/tfplugin6.Provider/ListResource"
#define LIST           "\x0a\x0aslow_thing\x12\x03\x0a\x01\x80" /* {type, config {}} */
#define stop_path      "/tfplugin6.Provider/StopProvider"
#define shutdown_path  "/plugin.GRPCController/Shutdown"
#define cookie_variable                                                                            \
    "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

struct plugin {
    struct arena *arena;
    struct identity identity; /* the client's */
    pid_t pid;
    int out; /* its standard output */
    char *folder, *line, *address;
    struct str certificate; /* the server's as PEM; empty in plaintext */
};

static struct str read_line(struct arena *arena, int fd)
{
    struct buf line = buf_in(arena, 64 * 1024);
    char c;
    while (read(fd, &c, 1) == 1 && c != '\n')
        buf_putc(&line, c);
    return buf_str(&line);
}

static char **environment(struct plugin *plugin, bool tls)
{
    char **env = arena_array(plugin->arena, char *, 8);
    size_t count = 0;
    env[count++] = (char *)cookie_variable;
    env[count++] = (char *)arena_fmt(plugin->arena, "TMPDIR=%s", plugin->folder).ptr;
    for (size_t i = 0; i < 3; i++) {
        static const char *const kept[] = {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};
        if (getenv(kept[i]) != NULL)
            env[count++] = (char *)arena_fmt(plugin->arena, "%s=%s", kept[i], getenv(kept[i])).ptr;
    }
    if (tls)
        env[count++] = (char *)arena_fmt(plugin->arena, "PLUGIN_CLIENT_CERT=%s",
                                         plugin->identity.certificate_pem)
                           .ptr;
    return env;
}

static void parse_handshake(struct plugin *plugin)
{
    struct str rest = str_of(plugin->line), part[6] = {0};
    for (size_t i = 0; i < 6; i++)
        str_next(&rest, '|', &part[i]);
    ck_assert_str(part[0], S("1"));
    ck_assert_str(part[1], S("6"));
    ck_assert_str(part[2], S("unix"));
    ck_assert_str(part[4], S("grpc"));
    plugin->address = (char *)arena_fmt(plugin->arena, "unix:%.*s", STR(part[3])).ptr;
    if (part[5].len == 0)
        return;
    struct buf pem = buf_in(plugin->arena, 64 * 1024);
    buf_putz(&pem, "-----BEGIN CERTIFICATE-----\n");
    for (size_t at = 0; at < part[5].len; at += 64) {
        struct str row = str_sub(part[5], at, 64);
        buf_put(&pem, row);
        for (size_t pad = row.len; pad % 4 != 0; pad++)
            buf_putc(&pem, '=');
        buf_putc(&pem, '\n');
    }
    buf_putz(&pem, "-----END CERTIFICATE-----\n");
    plugin->certificate = buf_str(&pem);
}

/* Starts ourselves as a provider and reads its handshake. */
static struct plugin plugin_start(bool tls)
{
    struct plugin plugin = {.arena = arena_new(64 << 20)};
    char *const argv[] = {(char *)"serve_test", (char *)"serve", NULL};
    posix_spawn_file_actions_t actions;
    struct str why;
    int out[2];

    plugin.folder = arena_z(plugin.arena, S("/tmp/serve-test-XXXXXX"));
    ck_assert_ptr_nonnull(mkdtemp(plugin.folder));
    ck_assert(identity_make(plugin.arena, world_of_process(), &plugin.identity, &why));
    ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ck_assert_int_eq(
        posix_spawn(&plugin.pid, "/proc/self/exe", &actions, NULL, argv, environment(&plugin, tls)),
        0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    plugin.out = out[0];
    plugin.line = arena_z(plugin.arena, read_line(plugin.arena, plugin.out));
    parse_handshake(&plugin);
    return plugin;
}

/* True when it has left by itself within the time, well, and without leaving anything. */
static bool plugin_left(struct plugin *plugin, int within_ms)
{
    int status = 0;
    for (int waited = 0; waitpid(plugin->pid, &status, WNOHANG) == 0; waited += 5) {
        if (waited >= within_ms)
            return false;
        usleep(5000);
    }
    plugin->pid = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && rmdir(plugin->folder) == 0;
}

static void plugin_end(struct plugin *plugin)
{
    if (plugin->pid > 0) {
        kill(plugin->pid, SIGTERM); /* asked to, it takes its folder along */
        if (!plugin_left(plugin, 3000) && plugin->pid > 0) {
            kill(plugin->pid, SIGKILL);
            waitpid(plugin->pid, NULL, 0);
        }
    }
    close(plugin->out);
    arena_free(plugin->arena);
}

static struct client connected(struct plugin *plugin)
{
    return client_open(plugin->arena, plugin->address, plugin->certificate,
                       plugin->certificate.len == 0 ? NULL : &plugin->identity);
}

static struct client begin(struct plugin *plugin, bool tls)
{
    grpc_init();
    *plugin = plugin_start(tls);
    return connected(plugin);
}

static void end(struct plugin *plugin, struct client *client)
{
    client_close(client);
    plugin_end(plugin);
    grpc_shutdown();
}

/* The client reads and writes only while it waits for a call; afterwards the earlier ones are
 * under way. This one needs no thread of its own: all of them may be busy. */
static void let_arrive(struct client *client)
{
    struct str answer;
    ck_assert_int_eq(client_call(client, health_path, S(""), &answer), GRPC_STATUS_OK);
    usleep(100000);
}

START_TEST(the_schema_is_told_over_mutual_tls)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct str answer = {0};

    ck_assert_uint_gt(plugin.certificate.len, 50);
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    ck_assert(str_has(answer, S("slow")));
    end(&plugin, &client);
}
END_TEST

START_TEST(the_schema_is_told_in_the_clear_when_the_client_has_no_certificate)
{
    struct plugin plugin;
    struct client client = begin(&plugin, false);
    struct str answer = {0};

    ck_assert_uint_eq(plugin.certificate.len, 0);
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    end(&plugin, &client);
}
END_TEST

START_TEST(someone_with_another_key_is_refused)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct identity other;
    struct str answer, why;
    ck_assert(identity_make(plugin.arena, world_of_process(), &other, &why));
    struct client impostors[] = {
        client_open(plugin.arena, plugin.address, plugin.certificate, &other),
        client_open(plugin.arena, plugin.address, plugin.certificate, NULL),
        client_open(plugin.arena, plugin.address, S(""), NULL),
    };

    for (size_t i = 0; i < sizeof impostors / sizeof impostors[0]; i++) {
        ck_assert_int_eq(client_call(&impostors[i], schema_path, S(""), &answer),
                         GRPC_STATUS_UNAVAILABLE);
        client_close(&impostors[i]);
    }
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    end(&plugin, &client);
}
END_TEST

START_TEST(a_method_that_nobody_has_is_unimplemented)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct str answer;

    ck_assert_int_eq(client_call(&client, "/tfplugin6.Provider/None", S(""), &answer),
                     GRPC_STATUS_UNIMPLEMENTED);
    ck_assert_int_eq(client_call(&client, "/tfplugin6.Provider/PlanAction", S(""), &answer),
                     GRPC_STATUS_UNIMPLEMENTED);
    end(&plugin, &client);
}
END_TEST

START_TEST(a_stream_is_longer_than_what_fits_on_the_way)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call stream;
    struct str answer;
    size_t count = 0;

    client_call(&client, configure_path, S(""), &answer);
    client_open_stream(&client, &stream, list_path, S(LIST));
    for (ptrdiff_t len; (len = client_next(&client, &stream)) >= 0; count++)
        ck_assert_int_gt(len, 1024);
    ck_assert_int_eq(client_end_stream(&client, &stream, false), GRPC_STATUS_OK);
    ck_assert_uint_eq(count, things);
    end(&plugin, &client);
}
END_TEST

START_TEST(a_stream_that_nobody_reads_any_more_ends)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call stream;
    struct str answer;

    client_call(&client, configure_path, S(""), &answer);
    for (int i = 0; i < 260; i++) { /* one worker lost each time, and none is left */
        client_open_stream(&client, &stream, list_path, S(LIST));
        for (int j = 0; j < 3; j++)
            ck_assert_int_gt(client_next(&client, &stream), 1024);
        ck_assert_int_eq(client_end_stream(&client, &stream, true), GRPC_STATUS_CANCELLED);
    }
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    end(&plugin, &client);
}
END_TEST

START_TEST(a_stream_is_held_up_by_its_reader_and_stopped_all_the_same)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call stream;
    struct str answer;
    size_t count = 0;

    client_call(&client, configure_path, S(""), &answer);
    client_open_stream(&client, &stream, list_path, S(LIST));
    ck_assert_int_gt(client_next(&client, &stream), 1024);
    ck_assert_int_eq(client_call(&client, stop_path, S(""), &answer), GRPC_STATUS_OK);
    while (client_next(&client, &stream) >= 0)
        count++;
    ck_assert_int_eq(client_end_stream(&client, &stream, false), GRPC_STATUS_OK);
    ck_assert_uint_lt(count, things / 2); /* no more than fitted on the way */
    ck_assert(str_has((struct str){stream.beginning, stream.beginning_len}, S("was interrupted")));
    end(&plugin, &client);
}
END_TEST

START_TEST(stop_gets_through_when_every_thread_is_busy_and_later_calls_work)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call slow[300];
    struct str answer = {0};

    for (size_t i = 0; i < 300; i++)
        client_start(&client, &slow[i], configure_path, S(SLOW));
    let_arrive(&client);
    ck_assert_int_eq(client_call(&client, stop_path, S(""), &answer), GRPC_STATUS_OK);
    usleep(300000); /* on a busy machine some of them were still on their way */
    ck_assert_int_eq(client_call(&client, stop_path, S(""), &answer), GRPC_STATUS_OK);
    for (size_t i = 0; i < 300; i++) {
        ck_assert_int_eq(client_finish(&client, &slow[i], &answer), GRPC_STATUS_OK);
        ck_assert(str_has(answer, S("It was stopped.")));
    }
    ck_assert_int_eq(client_call(&client, configure_path, S(""), &answer), GRPC_STATUS_OK);
    ck_assert(!str_has(answer, S("stopped")));
    end(&plugin, &client);
}
END_TEST

START_TEST(shutdown_is_answered_and_leaves_in_time_whatever_is_under_way)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call slow, stdio;
    struct str answer;

    client_start(&client, &stdio, "/plugin.GRPCStdio/StreamStdio", S(""));
    client_start(&client, &slow, configure_path, S(SLOW));
    let_arrive(&client);
    ck_assert_int_eq(client_call(&client, shutdown_path, S(""), &answer), GRPC_STATUS_OK);
    ck_assert(plugin_left(&plugin, 1500));
    client_finish(&client, &slow, &answer);
    client_finish(&client, &stdio, &answer);
    end(&plugin, &client);
}
END_TEST

START_TEST(a_call_that_the_client_gives_up_is_stopped)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call slow;
    struct str answer;

    client_start(&client, &slow, configure_path, S(SLOW));
    let_arrive(&client);
    grpc_call_cancel(slow.call, NULL);
    ck_assert_int_eq(client_finish(&client, &slow, &answer), GRPC_STATUS_CANCELLED);
    /* Were it still waiting, leaving would take until the deadline of 1.8 seconds. */
    ck_assert_int_eq(client_call(&client, shutdown_path, S(""), &answer), GRPC_STATUS_OK);
    ck_assert(plugin_left(&plugin, 1000));
    end(&plugin, &client);
}
END_TEST

START_TEST(when_nobody_reads_its_output_any_more_it_leaves)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct client_call slow;
    struct str answer;

    client_start(&client, &slow, configure_path, S(SLOW));
    let_arrive(&client);
    close(plugin.out);
    plugin.out = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert(plugin_left(&plugin, 1000));
    client_finish(&client, &slow, &answer);
    end(&plugin, &client);
}
END_TEST

START_TEST(sigterm_ends_it_and_sigint_does_not)
{
    struct plugin plugin;
    struct client client = begin(&plugin, true);
    struct str answer;

    kill(plugin.pid, SIGINT);
    kill(plugin.pid, SIGHUP);
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    kill(plugin.pid, SIGTERM);
    ck_assert(plugin_left(&plugin, 1000));
    end(&plugin, &client);
}
END_TEST

START_TEST(a_request_past_the_limit_is_refused_and_others_go_on)
{
    struct plugin plugin;
    struct client client = begin(&plugin, false);
    size_t len = 257u << 20;
    char *much = calloc(1, len);
    struct str answer;
    ck_assert_ptr_nonnull(much);

    ck_assert_int_eq(client_call(&client, schema_path, (struct str){much, len}, &answer),
                     GRPC_STATUS_RESOURCE_EXHAUSTED);
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);
    free(much);
    end(&plugin, &client);
}
END_TEST

/* A connection that says nothing. */
static int silent_guest(const char *address)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", address + strlen("unix:"));
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

START_TEST(a_client_is_served_beside_more_silent_guests_than_there_were_files)
{
    enum { few = 64, crowd = 150 };
    struct rlimit usual, scarce;
    struct plugin plugin;
    struct str answer;
    int guests[crowd];

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &usual), 0);
    scarce = (struct rlimit){few, usual.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &scarce), 0);
    grpc_init();
    plugin = plugin_start(true);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &usual), 0);
    for (int i = 0; i < crowd; i++)
        guests[i] = silent_guest(plugin.address);

    struct client client = connected(&plugin);
    ck_assert_int_eq(client_call(&client, schema_path, S(""), &answer), GRPC_STATUS_OK);

    for (int i = 0; i < crowd; i++)
        close(guests[i]);
    end(&plugin, &client);
}
END_TEST

static TESTS_IN(int run_tests(void), "plugin/serve", the_schema_is_told_over_mutual_tls,
                the_schema_is_told_in_the_clear_when_the_client_has_no_certificate,
                someone_with_another_key_is_refused, a_method_that_nobody_has_is_unimplemented,
                a_stream_is_longer_than_what_fits_on_the_way,
                a_stream_that_nobody_reads_any_more_ends,
                a_stream_is_held_up_by_its_reader_and_stopped_all_the_same,
                stop_gets_through_when_every_thread_is_busy_and_later_calls_work,
                shutdown_is_answered_and_leaves_in_time_whatever_is_under_way,
                a_call_that_the_client_gives_up_is_stopped,
                when_nobody_reads_its_output_any_more_it_leaves,
                sigterm_ends_it_and_sigint_does_not,
                a_request_past_the_limit_is_refused_and_others_go_on,
                a_client_is_served_beside_more_silent_guests_than_there_were_files)

    int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "serve") == 0)
        return serve(argc - 1, argv + 1);
    return run_tests();
}
