/* A process of the user's prints keys as JSON. It gets no input of ours, and what it prints goes
 * nowhere but here: the provider's own stdout speaks another language. */
#include "clients.h"

#include "credentials.h"
#include "process.h"

static const char source[] = "a process";

static bool version_is_one(const struct fetch *fetch, struct str text)
{
    struct doc *doc = NULL;
    struct doc_error why;
    int64_t version;
    return doc_from_json(fetch->arena, text, NULL, &doc, &why) &&
           doc_to_int64(doc_get(doc, S("Version")), &version) && version == 1;
}

static bool fetch_process(const struct recipe *recipe, const struct fetch *fetch,
                          struct credentials *ret, struct aws_error *reterr)
{
    struct process_end end;
    process_run(fetch->client->world, fetch->arena, recipe->command, fetch->stop, &end);
    struct str said = str_sub(str_trim(end.complaint), 0, 300);
    bool good = false;
    if (end.why == PROCESS_STOPPED) {
        *reterr = (struct aws_error){.kind = AWS_STOPPED,
                                     .message = S("it was stopped while credential_process ran")};
    } else if (end.why != PROCESS_ENDED || end.status != 0) {
        fetch_fail(fetch, reterr, "the credential_process of the profile \"%.*s\" %.*s%s%.*s",
                   STR(recipe->profile), STR(process_end_text(fetch->arena, &end)),
                   said.len > 0 ? "; it says: " : "", STR(said));
    } else if (!version_is_one(fetch, end.output)) {
        fetch_fail(fetch, reterr,
                   "the credential_process of the profile \"%.*s\" did not print a JSON object "
                   "with \"Version\": 1",
                   STR(recipe->profile));
    } else {
        good = keys_from_json(fetch, end.output, &keys_of_session,
                              "what the credential_process printed", ret, reterr);
    }
    wipe((char *)end.output.ptr, end.output.len);
    return good;
}

enum found process_look(struct search *search, struct str profile, const struct recipe **ret)
{
    struct str command = profile_value(search->sources, profile, "credential_process");
    if (command.len == 0)
        return NOT_HERE;
    struct recipe *recipe = recipe_new(search, source);
    recipe->fetch = fetch_process;
    recipe->command = arena_str(search->arena, command);
    recipe->profile = arena_str(search->arena, profile);
    *ret = recipe;
    return FOUND;
}
