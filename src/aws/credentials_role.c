/* Assuming a role: the keys of one source ask STS for those of a role. */
#include "clients.h"

#include "credentials.h"
#include "errors.h"

#include <hp/aws/ops.h>

static const char source[] = "assuming a role";

static const struct str *strs_copy(struct arena *arena, const struct str *from, size_t count)
{
    struct str *copy = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_str(arena, from[i]);
    return copy;
}

struct aws_role role_copy(struct arena *arena, const struct aws_role *role)
{
    struct aws_role copy = *role;
    struct aws_role_tag *tags = arena_array(arena, struct aws_role_tag, role->tag_count);
    copy.arn = arena_str(arena, role->arn);
    copy.session_name = arena_str(arena, role->session_name);
    copy.external_id = arena_str(arena, role->external_id);
    copy.policy = arena_str(arena, role->policy);
    copy.source_identity = arena_str(arena, role->source_identity);
    copy.policy_arns = strs_copy(arena, role->policy_arns, role->policy_arn_count);
    copy.transitive_tag_keys =
        strs_copy(arena, role->transitive_tag_keys, role->transitive_tag_key_count);
    for (size_t i = 0; i < role->tag_count; i++)
        tags[i] = (struct aws_role_tag){arena_str(arena, role->tags[i].key),
                                        arena_str(arena, role->tags[i].value)};
    copy.tags = tags;
    return copy;
}

struct aws_role role_of_profile(struct search *search, struct str profile)
{
    const struct sources *sources = search->sources;
    struct aws_role role = {
        .arn = profile_value(sources, profile, "role_arn"),
        .session_name = profile_value(sources, profile, "role_session_name"),
        .external_id = profile_value(sources, profile, "external_id"),
    };
    int64_t seconds;
    if (str_to_int64(profile_value(sources, profile, "duration_seconds"), &seconds) && seconds > 0)
        role.duration_s = seconds;
    return role;
}

static void put_text(struct arena *arena, struct doc *input, struct str name, struct str text)
{
    if (text.len > 0)
        doc_put(arena, input, name, doc_string(arena, text));
}

static void put_tags(struct arena *arena, struct doc *input, const struct aws_role *role)
{
    struct doc *tags = doc_list(arena), *keys = doc_list(arena);
    for (size_t i = 0; i < role->tag_count; i++) {
        struct doc *tag = doc_object(arena);
        doc_put(arena, tag, S("Key"), doc_string(arena, role->tags[i].key));
        doc_put(arena, tag, S("Value"), doc_string(arena, role->tags[i].value));
        doc_add(arena, tags, tag);
    }
    for (size_t i = 0; i < role->transitive_tag_key_count; i++)
        doc_add(arena, keys, doc_string(arena, role->transitive_tag_keys[i]));
    doc_put(arena, input, S("Tags"), tags->count > 0 ? tags : NULL);
    doc_put(arena, input, S("TransitiveTagKeys"), keys->count > 0 ? keys : NULL);
}

struct doc *role_input(const struct fetch *fetch, const struct aws_role *role)
{
    struct arena *arena = fetch->arena;
    struct doc *input = doc_object(arena), *arns = doc_list(arena);
    struct str name = role->session_name;
    if (name.len == 0)
        name = arena_fmt(arena, "hyperpod-%lld", (long long)world_now_ms(fetch->client->world));
    put_text(arena, input, S("RoleArn"), role->arn);
    put_text(arena, input, S("RoleSessionName"), name);
    for (size_t i = 0; i < role->policy_arn_count; i++) {
        struct doc *arn = doc_object(arena);
        doc_put(arena, arn, S("arn"), doc_string(arena, role->policy_arns[i]));
        doc_add(arena, arns, arn);
    }
    doc_put(arena, input, S("PolicyArns"), arns->count > 0 ? arns : NULL);
    put_text(arena, input, S("Policy"), role->policy);
    if (role->duration_s > 0)
        doc_put(arena, input, S("DurationSeconds"), doc_int(arena, role->duration_s));
    put_tags(arena, input, role);
    put_text(arena, input, S("ExternalId"), role->external_id);
    put_text(arena, input, S("SourceIdentity"), role->source_identity);
    return input;
}

static bool refused(const struct recipe *recipe, const struct fetch *fetch,
                    const struct aws_error *why, struct aws_error *reterr)
{
    if (why->kind == AWS_STOPPED) {
        *reterr = *why;
        return false;
    }
    struct str text = aws_error_text(fetch->arena, why);
    return fetch_fail(fetch, reterr, "the role %.*s cannot be assumed with the keys of %s: %.*s%s",
                      STR(recipe->role.arn), recipe->base->source, STR(text),
                      why->kind == AWS_DENIED ? " The role's trust policy must allow the caller, "
                                                "and the caller's policy sts:AssumeRole"
                                              : "");
}

static bool fetch_role(const struct recipe *recipe, const struct fetch *fetch,
                       struct credentials *ret, struct aws_error *reterr)
{
    struct credentials by = {0};
    struct doc *answer = NULL;
    struct aws_error why;
    struct aws_context context = fetch_from_sts(fetch);
    if (!recipe_fetch(recipe->base, fetch, &by, reterr))
        return false;
    bool came = call_as(&context, &by, &aws_sts_AssumeRole, role_input(fetch, &recipe->role),
                        &answer, &why);
    credentials_done(&by);
    return came ? keys_from_doc(fetch, doc_get(answer, S("Credentials")), &keys_of_session,
                                "the answer of sts:AssumeRole", ret, reterr)
                : refused(recipe, fetch, &why, reterr);
}

struct recipe *role_recipe(struct search *search, const struct aws_role *role,
                           const struct recipe *base)
{
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_role;
    recipe->base = base;
    recipe->role = role_copy(search->arena, role);
    return recipe;
}
