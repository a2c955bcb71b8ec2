/* For tests: a home folder of its own, with files and variables, and the client made from it.
 * Private to aws's tests. */
#ifndef AWS_HOME_H
#define AWS_HOME_H

#include "script.h"

#include <stdio.h>
#include <unistd.h>

/* A home of its own for each test, and what came of looking through it. */
struct home {
    struct arena *arena;
    struct script *script;
    struct aws_config config;
    const char *env[32];
    size_t env_count;
    char dir[64];
    struct aws_client *client;
    struct aws_error error;
};

__attribute__((unused)) static void set_env(struct home *home, const char *name, const char *value)
{
    ck_assert_uint_lt(home->env_count + 2, 32);
    home->env[home->env_count++] = name;
    home->env[home->env_count++] = value;
}

__attribute__((unused)) static void home_begin(struct home *home)
{
    static const struct step nothing_asked[] = {{200}};
    memset(home, 0, sizeof *home);
    home->arena = arena_new(64 << 20);
    home->script = script_of(home->arena, nothing_asked, 1);
    home->config = (struct aws_config){.max_retries = -1};
    snprintf(home->dir, sizeof home->dir, "/tmp/hp-aws-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home->dir));
    set_env(home, "HOME", home->dir);
    home->script->env = home->env;
}

__attribute__((unused)) static struct str file_of(struct home *home, const char *name)
{
    return arena_fmt(home->arena, "%s/%s", home->dir, name);
}

__attribute__((unused)) static void put_file(struct home *home, const char *name, const char *text)
{
    FILE *file = fopen(file_of(home, name).ptr, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

__attribute__((unused)) static void put_config(struct home *home, const char *text)
{
    put_file(home, "config", text);
    set_env(home, "AWS_CONFIG_FILE", file_of(home, "config").ptr);
}

__attribute__((unused)) static void put_credentials(struct home *home, const char *text)
{
    put_file(home, "credentials", text);
    set_env(home, "AWS_SHARED_CREDENTIALS_FILE", file_of(home, "credentials").ptr);
}

__attribute__((unused)) static bool look(struct home *home)
{
    struct transport transport = script_transport(home->script);
    return client_new(&home->script->world, &home->config, &transport, home->arena, &home->client,
                      &home->error);
}

__attribute__((unused)) static void home_end(struct home *home)
{
    aws_client_free(home->client);
    unlink(file_of(home, "config").ptr);
    unlink(file_of(home, "credentials").ptr);
    rmdir(home->dir);
    arena_free(home->arena);
}

#endif
