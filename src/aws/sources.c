#include "errors.h"
#include "settings.h"

#include <stdio.h>

enum { FILE_MAX = 1 << 20, FILES_MAX = sizeof(((struct sources *)0)->texts) / sizeof(struct str) };

static void close_file(FILE **file)
{
    if (*file != NULL)
        fclose(*file);
}

struct str sources_path(const struct sources *sources, struct str path)
{
    struct str home = world_env(sources->world, "HOME");
    if (!str_starts(path, S("~/")) || home.len == 0)
        return path;
    return arena_fmt(sources->arena, "%.*s%.*s", STR(home), STR(str_from(path, 1)));
}

static bool read_text(struct sources *sources, FILE *file, struct str *ret_text)
{
    char *text = arena_alloc(sources->arena, FILE_MAX + 1);
    *ret_text = (struct str){text, fread(text, 1, FILE_MAX + 1, file)};
    sources->texts[sources->text_count++] = *ret_text;
    return ret_text->len <= FILE_MAX && !ferror(file);
}

static bool open_one(struct sources *sources, struct str said, enum profile_file kind,
                     bool must_exist, struct aws_error *reterr)
{
    struct str path = sources_path(sources, said), text;
    sources->tried_files = arena_fmt(sources->arena, "%.*s%s%.*s", STR(sources->tried_files),
                                     sources->tried_files.len > 0 ? ", " : "", STR(path));
    scoped(close_file) FILE *file = fopen(arena_z(sources->arena, path), "rb");
    if (file == NULL)
        return !must_exist || aws_fail(sources->arena, reterr, AWS_INPUT,
                                       "the file %.*s cannot be opened", STR(path));
    if (sources->text_count == FILES_MAX)
        return aws_fail(sources->arena, reterr, AWS_INPUT, "more than %d files", (int)FILES_MAX);
    if (!read_text(sources, file, &text))
        return aws_fail(sources->arena, reterr, AWS_INPUT,
                        "the file %.*s cannot be read, or is larger than %d bytes", STR(path),
                        FILE_MAX);

    size_t line;
    const char *why;
    if (!profiles_parse(sources->arena, text, kind, &sources->profiles, &line, &why))
        return aws_fail(sources->arena, reterr, AWS_INPUT, "%.*s line %zu: %s", STR(path), line,
                        why);
    return true;
}

/* Those that the configuration names, else the one of the variable, else the usual place. */
static bool open_all(struct sources *sources, const struct str *said, size_t count,
                     const char *setting, const char *variable, const char *usual,
                     enum profile_file kind, struct aws_error *reterr)
{
    for (size_t i = 0; i < count; i++)
        if (!open_one(sources, said[i], kind, true, reterr))
            return blame(reterr, said[i], setting);
    if (count > 0)
        return true;
    struct str named = world_env(sources->world, variable);
    if (named.len > 0)
        return open_one(sources, named, kind, false, reterr);
    return open_one(sources, str_of(usual), kind, false, reterr);
}

bool blame(struct aws_error *reterr, struct str said, const char *setting)
{
    if (said.len > 0)
        reterr->setting = str_of(setting);
    return false;
}

static bool profile_checked(struct sources *sources, bool named, struct aws_error *reterr)
{
    if (!named || profile_exists(&sources->profiles, sources->profile))
        return true;
    aws_fail(sources->arena, reterr, AWS_CREDENTIALS,
             "the profile \"%.*s\" is in none of the files looked at: %.*s", STR(sources->profile),
             STR(sources->tried_files));
    return blame(reterr, sources->config->profile, "profile");
}

bool sources_open(struct sources *sources, struct aws_error *reterr)
{
    const struct aws_config *config = sources->config;
    struct str by_env = world_env(sources->world, "AWS_PROFILE");
    if (by_env.len == 0)
        by_env = world_env(sources->world, "AWS_DEFAULT_PROFILE");
    sources->profile_explicit = config->profile.len > 0;
    sources->profile = config->profile.len > 0 ? config->profile
                       : by_env.len > 0        ? by_env
                                               : S("default");

    return open_all(sources, config->shared_config_files, config->shared_config_file_count,
                    "shared_config_files", "AWS_CONFIG_FILE", "~/.aws/config", PROFILE_CONFIG,
                    reterr) &&
           open_all(sources, config->shared_credentials_files,
                    config->shared_credentials_file_count, "shared_credentials_files",
                    "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", PROFILE_CREDENTIALS,
                    reterr) &&
           profile_checked(sources, config->profile.len > 0 || by_env.len > 0, reterr);
}

void sources_close(struct sources *sources)
{
    for (size_t i = 0; i < sources->text_count; i++)
        wipe((char *)sources->texts[i].ptr, sources->texts[i].len);
    sources->text_count = 0;
}

struct str sources_get(const struct sources *sources, const char *key)
{
    struct str value = profile_get(&sources->profiles, PROFILE_CREDENTIALS, PROFILE_PROFILE,
                                   sources->profile, key);
    if (value.len > 0)
        return value;
    return profile_get(&sources->profiles, PROFILE_CONFIG, PROFILE_PROFILE, sources->profile, key);
}

struct str sources_pick(const struct sources *sources, struct str said, const char *variable,
                        const char *key)
{
    if (said.len > 0)
        return said;
    struct str value = world_env(sources->world, variable);
    return value.len > 0 || key == NULL ? value : sources_get(sources, key);
}
