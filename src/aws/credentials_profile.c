/* A profile of the shared files: what it says decides which source it is. A role is assumed with
 * the keys of its source_profile, which may be a role again, or with what else the profile has. */
#include "credentials.h"

#include <hp/base/buf.h>

enum { DEPTH_MAX = 8 };

/* The profiles that one walk went through. */
struct walk {
    struct search *search;
    struct str names[DEPTH_MAX];
    size_t depth;
};

struct str profile_value(const struct sources *sources, struct str profile, const char *key)
{
    struct str value =
        profile_get(&sources->profiles, PROFILE_CREDENTIALS, PROFILE_PROFILE, profile, key);
    if (value.len > 0)
        return value;
    return profile_get(&sources->profiles, PROFILE_CONFIG, PROFILE_PROFILE, profile, key);
}

static enum found look_file(struct search *search, struct str profile, enum profile_file file,
                            const char *source, const struct recipe **ret)
{
    static const char *const names[2] = {"aws_access_key_id of the profile",
                                         "aws_secret_access_key of the profile"};
    const struct profiles *p = &search->sources->profiles;
    return keys_take(
        search, source, profile_get(p, file, PROFILE_PROFILE, profile, "aws_access_key_id"),
        profile_get(p, file, PROFILE_PROFILE, profile, "aws_secret_access_key"),
        profile_get(p, file, PROFILE_PROFILE, profile, "aws_session_token"), names, ret);
}

static enum found look_keys(struct search *search, struct str profile, const struct recipe **ret)
{
    enum found found =
        look_file(search, profile, PROFILE_CREDENTIALS, "the shared credentials file", ret);
    return found != NOT_HERE
               ? found
               : look_file(search, profile, PROFILE_CONFIG, "the shared config file", ret);
}

/* Web identity takes the role for itself, unless the profile has keys too. */
static bool is_by_web(const struct search *search, struct str profile)
{
    return profile_value(search->sources, profile, "web_identity_token_file").len > 0 &&
           profile_value(search->sources, profile, "aws_access_key_id").len == 0;
}

static enum found look_without_role(struct search *search, struct str profile,
                                    const struct recipe **ret)
{
    enum found found = look_keys(search, profile, ret);
    if (found == NOT_HERE)
        found = web_look_profile(search, profile, ret);
    if (found == NOT_HERE)
        found = sso_look(search, profile, ret);
    if (found == NOT_HERE)
        found = login_look(search, profile, ret);
    if (found == NOT_HERE)
        found = process_look(search, profile, ret);
    return found;
}

static enum found walk_on(struct walk *walk, struct str profile, const struct recipe **ret);

static enum found from_named_source(struct search *search, struct str profile, struct str source,
                                    const struct recipe **ret)
{
    static const struct {
        const char *name;
        enum found (*look)(struct search *search, const struct recipe **ret);
    } rows[] = {{"Environment", keys_look_environment},
                {"EcsContainer", container_look},
                {"Ec2InstanceMetadata", imds_look}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!str_is(source, rows[i].name))
            continue;
        enum found found = rows[i].look(search, ret);
        return found != NOT_HERE ? found
                                 : broken(search,
                                          "the profile \"%.*s\" takes its keys from "
                                          "credential_source = %s, and none are there",
                                          STR(profile), rows[i].name);
    }
    return broken(search,
                  "the profile \"%.*s\" has credential_source = %.*s; it can be Environment, "
                  "EcsContainer or Ec2InstanceMetadata",
                  STR(profile), STR(source));
}

static enum found base_of(struct walk *walk, struct str profile, const struct recipe **ret)
{
    struct search *search = walk->search;
    struct str from = profile_value(search->sources, profile, "source_profile");
    struct str source = profile_value(search->sources, profile, "credential_source");
    if (from.len > 0 && source.len > 0)
        return broken(search,
                      "the profile \"%.*s\" has both source_profile and credential_source; leave "
                      "one out",
                      STR(profile));
    if (source.len > 0)
        return from_named_source(search, profile, source, ret);
    if (from.len > 0 && !str_eq(from, profile))
        return walk_on(walk, from, ret);
    enum found found = look_without_role(search, profile, ret);
    if (found != NOT_HERE)
        return found;
    return from.len > 0
               ? broken(search, "the profile \"%.*s\" is its own source_profile and has no keys",
                        STR(profile))
               : broken(search,
                        "the profile \"%.*s\" has a role_arn, and neither keys of its own nor "
                        "source_profile or credential_source say whose keys assume it",
                        STR(profile));
}

static struct str walk_text(const struct walk *walk, struct str last)
{
    struct buf out = buf_in(walk->search->arena, 4096);
    for (size_t i = 0; i < walk->depth; i++)
        buf_printf(&out, "\"%.*s\" -> ", STR(walk->names[i]));
    buf_printf(&out, "\"%.*s\"", STR(last));
    return buf_str(&out);
}

/* NOT_HERE only for the first profile; a source_profile must have something. */
static enum found walk_on(struct walk *walk, struct str profile, const struct recipe **ret)
{
    struct search *search = walk->search;
    for (size_t i = 0; i < walk->depth; i++)
        if (str_eq(walk->names[i], profile))
            return broken(search, "the source_profile of profiles goes round in a circle: %.*s",
                          STR(walk_text(walk, profile)));
    if (walk->depth == DEPTH_MAX)
        return broken(search, "more than %d profiles follow each other by source_profile: %.*s",
                      (int)DEPTH_MAX, STR(walk_text(walk, profile)));
    if (walk->depth > 0 && !profile_exists(&search->sources->profiles, profile))
        return broken(search, "the source_profile \"%.*s\" is in none of the files: %.*s",
                      STR(profile), STR(search->sources->tried_files));
    walk->names[walk->depth++] = profile;

    bool role = profile_value(search->sources, profile, "role_arn").len > 0;
    if (role && profile_value(search->sources, profile, "mfa_serial").len > 0)
        return broken(search,
                      "the profile \"%.*s\" asks for an MFA code (mfa_serial), which a provider "
                      "cannot ask for. `aws configure export-credentials --profile %.*s --format "
                      "env` asks, and prints keys to set in the environment",
                      STR(profile), STR(profile));
    if (role && !is_by_web(search, profile)) {
        const struct recipe *base = NULL;
        enum found found = base_of(walk, profile, &base);
        if (found != FOUND)
            return found;
        struct aws_role as = role_of_profile(search, profile);
        *ret = role_recipe(search, &as, base);
        return FOUND;
    }
    enum found found = look_without_role(search, profile, ret);
    if (found == NOT_HERE && walk->depth > 1)
        return broken(search, "the source_profile \"%.*s\" has no credentials", STR(profile));
    return found;
}

enum found profile_look(struct search *search, struct str profile, const struct recipe **ret)
{
    struct walk walk = {.search = search};
    return walk_on(&walk, profile, ret);
}
