/* Calls to AWS on behalf of a verb, and the border where AWS's errors become Terraform's
 * diagnostics. */
#include "hyperpod.h"

struct str hp_region(const struct tf_call *call)
{
    const struct cty_value *const places[] = {call->state, call->planned, call->prior,
                                              call->config};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct str region = tf_str(places[i], "region");
        if (region.len > 0)
            return region;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) { /* of a state without one */
        struct str region = hp_arn_part(tf_str(places[i], "arn"), 3);
        if (aws_region_is_known(region))
            return region;
    }
    const struct hp_account *account = hp_account_of(call);
    return account == NULL || account->client == NULL ? S("") : aws_client_region(account->client);
}

struct str hp_arn(const struct tf_call *call, const char *service, struct str account,
                  struct str rest)
{
    struct str region = hp_region(call), partition = aws_partition_of(region);
    return arena_fmt(call->arena, "arn:%.*s:%s:%.*s:%.*s:%.*s", STR(partition), service,
                     STR(region), STR(account), STR(rest));
}

/* False: there is no client, because the provider's configuration is not known yet. */
static bool context_of(struct tf_call *call, struct aws_context *ret_context,
                       struct aws_error *reterr)
{
    const struct hp_account *account = hp_account_of(call);

    if (account == NULL || account->client == NULL) {
        *reterr = (struct aws_error){
            .kind = AWS_INPUT,
            .message =
                S("the provider's configuration is not known yet: one of its arguments comes "
                  "from a resource that does not exist so far. Apply that resource first "
                  "(terraform apply -target=…)")};
        return false;
    }
    *ret_context = (struct aws_context){.client = account->client,
                                        .arena = call->arena,
                                        .stop = call->stop,
                                        .deadline_tick_ms = call->deadline_tick_ms,
                                        .region = hp_region(call)};
    return true;
}

bool hp_call(struct tf_call *call, const struct aws_op *op, const struct doc *input,
             struct doc **ret_output, struct aws_error *reterr)
{
    struct aws_context context;
    return context_of(call, &context, reterr) && aws_call(&context, op, input, ret_output, reterr);
}

bool hp_call_pages(struct tf_call *call, const struct aws_op *op, const struct doc *input,
                   const char *next, const char *token, const char *items, struct doc **ret_list,
                   struct aws_error *reterr)
{
    struct aws_context context;
    return context_of(call, &context, reterr) &&
           aws_call_pages(&context, op, input, next, token, items, ret_list, reterr);
}

bool hp_account_id(struct tf_call *call, struct str *ret_account, struct aws_error *reterr)
{
    struct aws_context context;
    struct aws_identity identity;

    if (!context_of(call, &context, reterr))
        return false;
    context.region = S(""); /* sts_region, wherever the resource is */
    if (!aws_caller_identity(&context, &identity, reterr))
        return false;
    *ret_account = identity.account;
    return true;
}

/* What to do about it; `again` ends it where applying again is all that is left to do. */
static const struct remedy {
    const char *text, *again;
} remedies[] = {
    [AWS_NOT_FOUND] =
        {"It is not there (any more). If it was removed by hand, a refresh shows it; check the "
         "id, the region and the account.",
         ""},
    [AWS_IN_USE] = {"The name is taken. Choose another one, or import the object that has it.", ""},
    [AWS_CONFLICT] = {"Something else works on it or depends on it. Wait until that is done",
                      ", then apply again."},
    [AWS_THROTTLED] =
        {"AWS still throttled after all retries: lower -parallelism, or raise max_retries",
         ", or apply again later."},
    [AWS_DENIED] =
        {"The credentials in use lack this permission. Add it to their policy, or use others.", ""},
    [AWS_CREDENTIALS] =
        {"Check the access key, the secret and the session token (arguments, environment, "
         "profile), and that this machine's clock is right.",
         ""},
    [AWS_EXPIRED] = {"The session has expired. Get new temporary credentials", " and apply again."},
    [AWS_LIMIT] = {"A quota of the account is used up. Ask for a higher one in Service Quotas, or "
                   "ask for less.",
                   ""},
    [AWS_SERVER] = {"This is a failure inside AWS that lasted through all retries",
                    ". Apply again later."},
    [AWS_NETWORK] =
        {"Check the network, proxy and endpoint settings, and that the region is right.", ""},
    [AWS_ANSWER] = {"Something between here and AWS may have changed the answer (a proxy?).", ""},
    [AWS_INPUT] = {"", ""},
};

static struct remedy remedy_of(const struct aws_error *error)
{
    if (error->kind == AWS_STOPPED && error->timed_out)
        return (struct remedy){"Give it more time in the timeouts block",
                               ", or apply again to go on."};
    if ((size_t)error->kind >= sizeof remedies / sizeof remedies[0] ||
        remedies[error->kind].text == NULL)
        return (struct remedy){"", ""};
    return remedies[error->kind];
}

static struct str text_of(struct tf_call *call, const struct aws_error *error, bool again)
{
    struct str text = aws_error_text(call->arena, error);
    struct remedy remedy = remedy_of(error);

    if (remedy.text[0] == 0)
        return text;
    return arena_fmt(call->arena, "%.*s\n\n%s%s", STR(text), remedy.text,
                     again                  ? remedy.again
                     : remedy.again[0] != 0 ? "."
                                            : "");
}

struct str hp_diag_text(struct tf_call *call, const struct aws_error *error)
{
    return text_of(call, error, true);
}

struct str hp_diag_text_no_again(struct tf_call *call, const struct aws_error *error)
{
    return text_of(call, error, false);
}

static const char *ending_of(const struct aws_error *error)
{
    if (error->kind != AWS_STOPPED)
        return "failed";
    return error->timed_out ? "took too long" : "was interrupted";
}

bool hp_diag(struct tf_call *call, const struct cty_path *path, const struct aws_error *error,
             const char *doing_format, ...)
{
    va_list args;
    va_start(args, doing_format);
    struct str doing = arena_vfmt(call->arena, doing_format, args);
    va_end(args);

    char *summary =
        arena_z(call->arena, arena_fmt(call->arena, "%.*s %s", STR(doing), ending_of(error)));
    if (summary[0] >= 'a' && summary[0] <= 'z')
        summary[0] = (char)(summary[0] - 'a' + 'A');
    struct str text = hp_diag_text(call, error);
    return diag_error(call->diags, path, summary, "%.*s", STR(text));
}
