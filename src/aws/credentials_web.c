/* Web identity: a token of an identity provider (EKS, GitHub, …) is exchanged for a role's keys by
 * an unsigned call to STS. A file is read anew each time, since others renew what is in it. */
#include "clients.h"

#include "credentials.h"
#include "errors.h"

#include <hp/aws/ops.h>

static const char source[] = "web identity";

static bool exchange(const struct recipe *recipe, const struct fetch *fetch, struct str token,
                     struct credentials *ret, struct aws_error *reterr)
{
    struct doc *input = role_input(fetch, &recipe->role), *answer = NULL;
    struct aws_error why;
    struct aws_context context = fetch_from_sts(fetch);
    doc_put(fetch->arena, input, S("WebIdentityToken"), doc_string(fetch->arena, token));
    if (call_as(&context, NULL, &aws_sts_AssumeRoleWithWebIdentity, input, &answer, &why))
        return keys_from_doc(fetch, doc_get(answer, S("Credentials")), &keys_of_session,
                             "the answer of sts:AssumeRoleWithWebIdentity", ret, reterr);
    if (why.kind == AWS_STOPPED) {
        *reterr = why;
        return false;
    }
    struct str text = hide(fetch->arena, aws_error_text(fetch->arena, &why), token);
    return fetch_fail(fetch, reterr,
                      "the role %.*s cannot be assumed with a web identity token%s%.*s: %.*s",
                      STR(recipe->role.arn), recipe->file.len > 0 ? " of the file " : "",
                      STR(recipe->file), STR(text));
}

static bool fetch_web(const struct recipe *recipe, const struct fetch *fetch,
                      struct credentials *ret, struct aws_error *reterr)
{
    if (secret_is_set(&recipe->word))
        return exchange(recipe, fetch, secret_reveal(&recipe->word), ret, reterr);
    struct str token;
    if (!fetch_file(fetch, recipe->file, "web identity token", &token, reterr))
        return false;
    bool came = exchange(recipe, fetch, token, ret, reterr);
    wipe((char *)token.ptr, token.len);
    return came;
}

static enum found make(struct search *search, const struct aws_role *role, struct str file,
                       struct str word, const char *no_role, const struct recipe **ret)
{
    if (role->arn.len == 0)
        return broken(search, "a web identity token is given, and no role: %s is not set", no_role);
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_web;
    recipe->role = role_copy(search->arena, role);
    recipe->file = arena_str(search->arena, file);
    if (word.len > 0)
        recipe->word = secret_of(word);
    *ret = recipe;
    return FOUND;
}

enum found web_look_environment(struct search *search, const struct recipe **ret)
{
    const struct world *world = search->sources->world;
    struct str file = world_env(world, "AWS_WEB_IDENTITY_TOKEN_FILE");
    struct aws_role role = {
        .arn = world_env(world, "AWS_ROLE_ARN"),
        .session_name = world_env(world, "AWS_ROLE_SESSION_NAME"),
    };
    return file.len == 0 ? NOT_HERE
                         : make(search, &role, file, (struct str){0}, "AWS_ROLE_ARN", ret);
}

enum found web_look_profile(struct search *search, struct str profile, const struct recipe **ret)
{
    struct str file = profile_value(search->sources, profile, "web_identity_token_file");
    struct aws_role role = role_of_profile(search, profile);
    role.external_id = (struct str){0};
    return file.len == 0
               ? NOT_HERE
               : make(search, &role, file, (struct str){0}, "the profile's role_arn", ret);
}

/* The provider's block; what it leaves out comes from the environment. */
enum found web_look_block(struct search *search, const struct recipe **ret)
{
    const struct aws_web_identity *block = search->sources->config->web_identity;
    const struct world *world = search->sources->world;
    if (block == NULL)
        return NOT_HERE;
    struct aws_role role = block->role;
    struct str file = block->token_file;
    if (role.arn.len == 0)
        role.arn = world_env(world, "AWS_ROLE_ARN");
    if (role.session_name.len == 0)
        role.session_name = world_env(world, "AWS_ROLE_SESSION_NAME");
    if (block->token.len == 0 && file.len == 0)
        file = world_env(world, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (block->token.len == 0 && file.len == 0)
        return broken(search,
                      "assume_role_with_web_identity has neither web_identity_token nor "
                      "web_identity_token_file, and AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    return make(search, &role, file, block->token, "role_arn (or AWS_ROLE_ARN)", ret);
}
