/* What the operations of SageMaker have in common. */
#ifndef HP_SIM_SAGEMAKER_H
#define HP_SIM_SAGEMAKER_H

#include "call/call.h"
#include "ground/instant.h"
#include "world/cluster.h"

/* The cluster that ClusterName names by name or ARN; false: ResourceNotFound. */
bool cluster_of_call(struct call *call, struct cluster **ret_cluster);

/* The one that ClusterArn names; false: ResourceNotFound. */
bool cluster_of_arn(struct call *call, struct cluster **ret_cluster);

/* Only continuous clusters have it (api); false: ValidationException. */
bool cluster_must_be_continuous(struct call *call, const struct cluster *cluster, const char *what);
/* At most `most` instances of each type where a quota says so, in all clusters of the region; the
 * cluster's own groups are those of `plan`. False: ResourceLimitExceeded. */
bool within_quotas(struct call *call, const struct cluster *cluster, const struct plan *plan);

/* What was answered to the same ClientToken within 8 hours, or NULL. */
struct client_token *client_token_of(struct call *call, struct cluster *cluster);
/* The same answer again. False: the token came with other parameters. */
bool client_token_answer(struct call *call, const struct client_token *known);
/* Remembers the answer of a call with a token. */
void client_token_note(struct call *call, struct cluster *cluster);

/* At most 50, and none twice. */
bool tags_are_sound(struct call *call, const struct doc *tags);
/* Those of the call's Tags. */
void tags_take(struct call *call, struct tags *tags);

/* Rows of an answer, sorted and cut into pages as SortBy, SortOrder, MaxResults and NextToken ask.
 * The name must be unique among rows. Of all that are added only those of the page are kept, so
 * that a page of many thousands costs little more than one look at each. */
struct listing_row {
    int64_t time_ms;
    struct str name;
    struct doc *doc; /* NULL: listing.show makes it, when the row is in the page */
    const void *thing, *holder, *owner; /* for listing.show */
};
struct listing {
    const char *result; /* member of the answer */
    bool newest_first;  /* where SortOrder is not sent */
    bool by_name;       /* whatever SortBy says */
    struct doc *(*show)(struct call *call, const struct listing_row *row);
    bool begun, resumes, bad_token; /* this and the rest: of the listing itself */
    struct listing_order {
        bool by_name, descending;
    } order;
    struct listing_row last;  /* of the page before */
    struct listing_row *rows; /* of the page: a heap, the one that comes last on top */
    size_t count, size, most;
    bool more; /* than fit */
};
void listing_add_row(const struct call *call, struct listing *listing, struct listing_row row);
void listing_add(const struct call *call, struct listing *listing, int64_t time_ms, struct str name,
                 struct doc *doc);
bool listing_answer(struct call *call, struct listing *listing);
/* After and before what two members of the input ask for; each may be missing. */
struct listing_span {
    int64_t after_ms, before_ms;
    bool has_after, has_before;
};
struct listing_span listing_span(const struct call *call, const char *after, const char *before);
bool listing_spans(const struct listing_span *span, int64_t time_ms);
/* Between CreationTimeAfter and CreationTimeBefore? */
bool listing_in_time(const struct call *call, int64_t time_ms);
/* The same with members of other names. */
bool listing_between(const struct call *call, int64_t time_ms, const char *after,
                     const char *before);

#endif
