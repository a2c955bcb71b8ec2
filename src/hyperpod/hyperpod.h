/* What the resources share: the configured account, calls and their diagnostics, waits, tags,
 * common rows. */
#ifndef HP_HYPERPOD_HYPERPOD_H
#define HP_HYPERPOD_HYPERPOD_H

#include <hp/aws/client.h>
#include <hp/aws/ops.h>
#include <hp/hyperpod/provider.h>
#include <hp/tf/resource.h>

/* ---- The account: made once by ConfigureProvider, const from then on. call->provider points at
 * it. ---- */

struct hp_tag {
    struct str key, value;
};

struct hp_account {
    struct arena *arena; /* everything here lives in it */
    struct aws_client
        *client; /* NULL: the configuration is still unknown (plan of a whole stack at once) */
    const struct hp_tag *default_tags;
    size_t default_tag_count;
    int64_t since_ms;  /* when it was configured, by the wall clock */
    bool tags_unknown; /* default_tags or ignore_tags is not wholly known yet */
    const struct str *ignored_keys, *ignored_prefixes;
    size_t ignored_key_count, ignored_prefix_count;
};

/* NULL before Configure, and while the configuration is unknown. */
static inline const struct hp_account *hp_account_of(const struct tf_call *call)
{
    return call->provider;
}

/* ---- Calls ---- */

/* One call to AWS on behalf of a verb: in the call's arena, stopped by its token, ended by its
 * time-out. The region is the resource's own (state, plan) or the provider's. */
bool hp_call(struct tf_call *call, const struct aws_op *op, const struct doc *input,
             struct doc **ret_output, struct aws_error *reterr);
/* All pages (aws_call_pages) in the same circumstances. */
bool hp_call_pages(struct tf_call *call, const struct aws_op *op, const struct doc *input,
                   const char *next, const char *token, const char *items, struct doc **ret_list,
                   struct aws_error *reterr);
/* pages.c: page by page, by NextToken, until there are no more or on_page returns false. A page
 * lives in an arena of its own, as long as on_page looks at it. `doing`: as for hp_diag.
 * False: told. */
bool hp_each_page(struct tf_call *call, const struct aws_op *op, const struct doc *input,
                  bool (*on_page)(void *arg, const struct doc *page), void *arg, struct str doing);
/* The account whose credentials are in use; asks STS, where the provider's sts_region says. */
bool hp_account_id(struct tf_call *call, struct str *ret_account, struct aws_error *reterr);
/* The region this call works in. */
struct str hp_region(const struct tf_call *call);
/* "arn:aws:ec2:us-west-2:111122223333:security-group/sg-1": partition and region are the call's. */
struct str hp_arn(const struct tf_call *call, const char *service, struct str account,
                  struct str rest);

/* The border between AWS's errors and Terraform's diagnostics. `doing` is what we were doing, with
 * its object: "creating the security group \"nodes\"". Says what AWS answered, with code and
 * request id, and what to do about it. Always false. */
bool hp_diag(struct tf_call *call, const struct cty_path *path, const struct aws_error *error,
             const char *doing_format, ...) __attribute__((format(printf, 4, 5)));
/* The same sentences as text, for a longer detail. */
struct str hp_diag_text(struct tf_call *call, const struct aws_error *error);
/* The same where applying again is not what comes next: it is not advised. */
struct str hp_diag_text_no_again(struct tf_call *call, const struct aws_error *error);

/* ---- Waits ---- */

enum hp_wait_state { HP_WAIT_GO_ON, HP_WAIT_DONE, HP_WAIT_FAILED };
enum hp_wait_end { HP_ENDED_DONE, HP_ENDED_FAILED, HP_ENDED_STOPPED, HP_ENDED_TIMEOUT };

/* Asks again and again: after 1 s, then after waits that grow by half to 30 s, each with jitter of
 * a quarter, until look says done or failed (it has told why in diags), the call is stopped, or its
 * time is over. */
enum hp_wait_end hp_wait(struct tf_call *call,
                         enum hp_wait_state (*look)(struct tf_call *call, void *arg), void *arg);

/* The call without its stop and with some seconds left: for the last look after an interrupt. Once
 * the parent is gone it stays stopped. */
struct tf_call hp_last_look(const struct tf_call *call);

/* ---- Tags (design: as the aws provider has them) ---- */

/* Rows for attrs tables, and what they check by. */
bool hp_check_tags(struct tf_check *check, const struct cty_value *tags);
bool hp_check_region(struct tf_check *check, const struct cty_value *region);
/* Where an old state has no region, the object's ARN says whether the planned one is another. */
bool hp_region_replaces(struct tf_plan *plan, const struct cty_path *path,
                        const struct cty_value *prior, const struct cty_value *planned);
#define HP_TAGS_ROW                                                                                \
    {                                                                                              \
        "tags", TF_MAP, TF_STRING, .flags = TF_OPTIONAL, .check = hp_check_tags,                   \
                                   .doc = "Tags of this resource. With the provider's "            \
                                          "`default_tags`, a tag of the same key "                 \
                                          "here wins."                                             \
    }
#define HP_TAGS_ALL_ROW                                                                            \
    {                                                                                              \
        "tags_all", TF_MAP, TF_STRING,                                                             \
            .flags = TF_COMPUTED | TF_STABLE,                                                      \
            .doc = "All tags of the object: `tags` and the provider's `default_tags` together."    \
    }
#define HP_REGION_ROW                                                                              \
    {                                                                                              \
        "region", TF_STRING, .flags = TF_OC | TF_REPLACE | TF_STABLE, .check = hp_check_region,    \
                             .replace_if = hp_region_replaces,                                     \
                             .doc = "Region of this resource. Defaults to the provider's region."  \
    }
#define HP_LIST_REGION_ROW                                                                         \
    {                                                                                              \
        "region", TF_STRING, .flags = TF_OPTIONAL, .check = hp_check_region,                       \
                             .doc = "Region that is searched. Defaults to the provider's region."  \
    }
#define HP_ID_ROW                                                                                  \
    {                                                                                              \
        "id", TF_STRING, .flags = TF_COMPUTED | TF_STABLE, .doc = "Identifier of the object."      \
    }

/* In plan hooks: tags_all = default_tags and tags together; region = the provider's where the
 * configuration is silent; a change of region replaces (its row says so). Call it first. False:
 * told. */
bool hp_plan_common(struct tf_plan *plan);
/* For services that take less in a tag than others do: keys and values of the planned tags, those
 * of default_tags among them, match. `words`: what the pattern allows. False: told. */
bool hp_plan_tags_match(struct tf_plan *plan, const char *pattern, const char *words);
/* tags_all of the plan, as model tags: a list of {Key, Value}. NULL when there are none. */
struct doc *hp_tags_wire(struct tf_call *call);
/* Sets tags and tags_all of the state from AWS's list of {Key, Value}. aws: and ignored keys are
 * never shown; keys that came from default_tags stay out of `tags`. */
void hp_tags_read(struct tf_call *call, const struct doc *tags);
/* What an update has to do: tags to write (list of {Key, Value}) and keys to remove (list of
 * strings); both may be NULL. */
void hp_tags_changes(struct tf_call *call, struct doc **ret_add, struct doc **ret_remove);

/* ---- Mapping between rows and the neutral tree (rows with `write`; `read` when AWS answers under
 * another name) ---- */

/* The object's members that have a `write` name and are known and not null, as AWS's members.
 * Nested objects and lists of them follow their rows; maps of primitives become objects. A row with
 * `map` is left to the resource. */
struct doc *hp_expand(struct arena *arena, const struct tf_attr *attrs,
                      const struct cty_value *object);
/* The other way: an object of the rows' type. What AWS left out is null; rows without a wire name
 * and those with `map` keep their value of `prior` (which may be NULL: then null). */
const struct cty_value *hp_flatten(struct arena *arena, const struct tf_attr *attrs,
                                   const struct doc *doc, const struct cty_value *prior);

/* The planned value with every unknown inside replaced by what stands in its place in `found` (of
 * the same type; NULL: nothing was found), else by null. What the plan knew stays as it was. */
const struct cty_value *hp_fill(struct arena *arena, const struct cty_value *planned,
                                const struct cty_value *found);

/* ---- Identity, import, generated configurations (identity.c) ---- */

/* Beside what names the object: where it is. account_id is taken from the object's `arn`. */
#define HP_IDENTITY_ROWS                                                                           \
    {"region", TF_STRING, .flags = TF_OPTIONAL,                                                    \
     .doc = "Region the object is in. Defaults to the provider's region."},                        \
    {                                                                                              \
        "account_id", TF_STRING, .flags = TF_OPTIONAL,                                             \
                                 .doc = "Account the object belongs to. An import checks that it " \
                                        "is the account of the credentials in use."                \
    }
const struct cty_value *hp_identity_member(struct arena *arena, const struct cty_value *object,
                                           struct str name);
/* A part of arn:PARTITION:SERVICE:REGION:ACCOUNT:…, counted from 0; empty: it has none. */
struct str hp_arn_part(struct str arn, size_t index);
/* The import verb where call->identity is what is imported by. False: told. */
bool hp_import_by_identity(struct tf_call *call);
/* The region of a state that came from elsewhere, and is a region. False: told. */
bool hp_import_region(struct tf_call *call, struct str region, struct str where);
/* What no configuration need say: the provider's own region, tags that are none. */
bool hp_generate(struct tf_call *call);
/* An object of the resource out of JSON of our own making, in which all that is missing is null;
 * it becomes call->state. False: told. */
bool hp_move_to(struct tf_call *call, const struct doc *object);
/* The state of another provider's object: {Key, Value} lists and maps alike become a map. */
struct doc *hp_move_tags(struct arena *arena, const struct doc *tags);

/* ---- Resources: one file and one line in registry.def each ---- */

#define HP_RESOURCE(name) extern const struct tf_resource hp_##name;
#include "registry.def"
#undef HP_RESOURCE

#endif
