/* The client: signs, sends, retries and decodes calls to AWS. Made once when the provider is
 * configured, const and shared by all threads from then on (inside, connections are pooled and
 * credentials cached, each behind its own lock).
 *
 * aws has never heard of Terraform. Time, chance and environment come in with `world`. */
#ifndef HP_AWS_CLIENT_H
#define HP_AWS_CLIENT_H

#include <hp/aws/error.h>
#include <hp/aws/shape.h>
#include <hp/base/clock.h>
#include <hp/base/secret.h>
#include <hp/base/stop.h>

/* What a user may say about the client. ptr NULL, NULL and 0 mean "not said": the environment, the
 * files or a default decide (order: this, environment, profile, default; sources: hashicorp/aws
 * provider documentation, AWS SDKs and Tools Reference Guide). All strings are copied by
 * aws_client_new. */
struct aws_endpoint {
    struct str service; /* id, "sagemaker" */
    struct str url;
};
/* A role to assume. */
struct aws_role_tag {
    struct str key, value;
};
struct aws_role {
    struct str arn;
    struct str session_name; /* empty: made up */
    struct str external_id, policy, source_identity;
    int64_t duration_s; /* 0: AWS's default, an hour */
    const struct str *policy_arns, *transitive_tag_keys;
    size_t policy_arn_count, transitive_tag_key_count;
    const struct aws_role_tag *tags;
    size_t tag_count;
};
/* By a token of an identity provider; empty members come from AWS_ROLE_ARN,
 * AWS_ROLE_SESSION_NAME and AWS_WEB_IDENTITY_TOKEN_FILE. */
struct aws_web_identity {
    struct aws_role role;
    struct str token, token_file; /* one of them; the file is read anew at each refresh */
};

enum aws_choice { AWS_NOT_SAID, AWS_YES, AWS_NO };

struct aws_config {
    struct str access_key, secret_key, token;
    struct str profile, region;
    const struct aws_role *roles; /* assumed one after the other, with what the chain found */
    size_t role_count;
    const struct aws_web_identity *web_identity; /* NULL: none; else it stands before the chain */
    struct str sts_region;                       /* of all calls to STS; empty: region */
    struct str metadata_endpoint, metadata_endpoint_mode; /* IMDS: a URL; IPv4, IPv6 */
    enum aws_choice skip_metadata_api_check; /* AWS_YES: the instance's role is not asked for */
    const struct str *shared_config_files, *shared_credentials_files;
    size_t shared_config_file_count, shared_credentials_file_count;
    const struct aws_endpoint *endpoints;
    size_t endpoint_count;
    struct str custom_ca_bundle;
    bool insecure;
    struct str http_proxy, https_proxy, no_proxy; /* len 0 with ptr set: no proxy */
    int max_retries;       /* retries after the first attempt; -1: not said (25) */
    struct str retry_mode; /* standard, adaptive */
    int64_t token_bucket_rate_limiter_capacity; /* 0: no quota */
    bool use_fips_endpoint, use_dualstack_endpoint;
    bool skip_region_validation;
    struct str
        s3_us_east_1_regional_endpoint; /* legacy: s3.amazonaws.com for us-east-1; regional */
    bool s3_use_path_style; /* a bucket stands in the path, also where its name could be a host's */
    struct str user_agent;  /* appended to ours */
    struct stop_token *stop; /* ends the question below; NULL: cannot be stopped */
};

struct aws_client;

/* Reads environment and files, finds region and endpoints, checks what can be checked without a
 * call. False: *reterr is AWS_INPUT or AWS_CREDENTIALS with a message that says what was tried, in
 * order, and names the setting that is to be mended. Where credentials come from is decided here
 * too; those that need a call or a process are fetched at first use, kept, and fetched anew before
 * they expire. One question may be asked here: where the instance's role gives the credentials and
 * nobody says the region, the instance's metadata service is asked for it (AWS_STOPPED). */
bool aws_client_new(const struct world *world, const struct aws_config *config, struct arena *arena,
                    struct aws_client **ret_client, struct aws_error *reterr);
void aws_client_free(struct aws_client *client);

/* AWS's clock, so far as its answers have told it; else this machine's. */
int64_t aws_client_now_ms(const struct aws_client *client);
/* Borrowed for the client's life. */
struct str aws_client_region(const struct aws_client *client);
/* "aws", "aws-cn", … of a region (partitions: aws-endpoints). */
struct str aws_partition_of(struct str region);
/* True when some partition's rule knows a region of this form. */
bool aws_region_is_known(struct str region);

/* The circumstances of a call. Answers live in the arena. */
struct aws_context {
    struct aws_client *client;
    struct arena *arena;
    struct stop_token *stop;  /* NULL: cannot be stopped */
    int64_t deadline_tick_ms; /* world's tick; 0: none. No new attempt begins after it, one under
                                 way is cut */
    struct str region;        /* empty: the client's */
};

/* One call with its retries: AWS's standard mode (full jitter, at most 20 s between attempts), but
 * 26 attempts unless the user says otherwise. Three things end sooner: an endpoint where nothing
 * can be sent (name, connection) is tried 9 times and not after 15 s; an operation that is not
 * repeatable is not sent again once its answer was lost; a wrong clock is corrected, by the Date of
 * AWS's answer, once, and once more when that was another wrong clock. Keys that AWS takes for
 * expired are fetched anew once, where they come from a source that can give others. maybe_done is
 * also set after an HTTP 500, 502 or 504. *ret_output follows op->output (NULL is allowed: not
 * wanted). False: *reterr says why and *ret_output is as it was. Each attempt is signed anew: a
 * signature ages. */
bool aws_call(const struct aws_context *context, const struct aws_op *op, const struct doc *input,
              struct doc **ret_output, struct aws_error *reterr);

/* Fetches the credentials now, if they need fetching. False: AWS_CREDENTIALS (the message says what
 * was tried, why it did not serve and what to do) or AWS_STOPPED. context's region is not used. */
bool aws_credentials_ready(const struct aws_context *context, struct aws_error *reterr);

/* All pages of a list operation, joined: repeats while the answer's `next` member is there, sends
 * it as `token`, and collects the elements of `items` into one list. */
bool aws_call_pages(const struct aws_context *context, const struct aws_op *op,
                    const struct doc *input, const char *next, const char *token, const char *items,
                    struct doc **ret_list, struct aws_error *reterr);

/* sts:GetCallerIdentity. */
struct aws_identity {
    struct str account, arn, user_id;
};
bool aws_caller_identity(const struct aws_context *context, struct aws_identity *ret_identity,
                         struct aws_error *reterr);

#endif
