/* Where a bucket answers: by a name of its own below S3's host where its name can be one, else by
 * the first part of the path. Source: botocore's endpoint rule set of S3 (1.44), without access
 * points, Express, Accelerate, Outposts and Object Lambda. */
#include "errors.h"
#include "regions.h"

#include <hp/aws/wire.h>

static bool is_label(struct str s, bool dots)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool inner = i > 0 && i + 1 < s.len;
        bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool dot = dots && inner && c == '.' && s.ptr[i - 1] != '.';
        if (!alnum && !dot && !(c == '-' && inner))
            return false;
    }
    return s.len > 0;
}

static bool region_checked(struct arena *arena, struct str region, struct aws_error *reterr)
{
    if (region.len == 0)
        return aws_fail(arena, reterr, AWS_INPUT, "no region is set");
    return region_is_label(region) ||
           aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" cannot be a region's name", STR(region));
}

/* scheme://authority/path */
struct base {
    struct str scheme, host, path;
};

static bool base_split(struct str url, struct base *ret)
{
    size_t at = str_find(url, S("://"));
    if (at == SIZE_MAX)
        return false;
    ret->scheme = str_sub(url, 0, at);
    struct str rest = str_from(url, at + 3);
    size_t slash = str_find_char(rest, '/');
    ret->host = str_sub(rest, 0, slash);
    ret->path = slash == SIZE_MAX ? S("") : str_from(rest, slash);
    while (str_ends(ret->path, S("/")))
        ret->path.len--;
    return (str_is(ret->scheme, "http") || str_is(ret->scheme, "https")) && ret->host.len > 0 &&
           str_find_char(url, '#') == SIZE_MAX && str_find_char(url, '?') == SIZE_MAX;
}

/* 10.0.1.12:433, [::1] */
static bool is_address(struct str host)
{
    if (str_starts(host, S("[")))
        return true;
    host = str_sub(host, 0, str_find_char(host, ':'));
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] != '.' && (host.ptr[i] < '0' || host.ptr[i] > '9'))
            return false;
    return true;
}

static bool amazons_own(struct arena *arena, const struct aws_place_wish *wish, struct base *ret,
                        struct str *ret_region, struct aws_error *reterr)
{
    const struct partition *partition = partition_of(wish->region);
    bool plain = !wish->fips && !wish->dualstack;
    bool global = str_is(wish->region, "aws-global");
    struct str region = global ? S("us-east-1") : wish->region;
    if (wish->fips && strcmp(partition->id, "aws-cn") == 0)
        return aws_fail(arena, reterr, AWS_INPUT, "S3 has no FIPS endpoints in %s", partition->id);
    *ret_region = region;
    *ret = (struct base){.scheme = S("https"), .path = S("")};
    if (plain && (global || (wish->legacy_global && str_is(region, "us-east-1"))))
        ret->host = arena_fmt(arena, "s3.%s", partition->suffix);
    else
        ret->host = arena_fmt(arena, "s3%s%s.%.*s.%s", wish->fips ? "-fips" : "",
                              wish->dualstack ? ".dualstack" : "", STR(region), partition->suffix);
    return true;
}

static bool find_base(struct arena *arena, const struct aws_place_wish *wish, struct base *ret,
                      struct str *ret_region, struct aws_error *reterr)
{
    if (wish->custom.len == 0)
        return amazons_own(arena, wish, ret, ret_region, reterr);
    if (wish->fips || wish->dualstack)
        return aws_fail(arena, reterr, AWS_INPUT,
                        "%s and a custom endpoint (%.*s) cannot both be had; leave one out",
                        wish->fips ? "FIPS endpoints" : "dual-stack endpoints", STR(wish->custom));
    *ret_region = str_is(wish->region, "aws-global") ? S("us-east-1") : wish->region;
    return base_split(wish->custom, ret) ||
           aws_fail(arena, reterr, AWS_INPUT,
                    "the endpoint \"%.*s\" is no address such as https://host:port",
                    STR(wish->custom));
}

static bool gives_bytes(const struct aws_op *op)
{
    const struct aws_member *row = op->output == NULL ? NULL : op->output->members;
    for (; row != NULL && row->name.len > 0; row++)
        if (row->where == AWS_IN_WHOLE && row->shape->type == AWS_BLOB)
            return true;
    return false;
}

bool aws_s3_failed_late(const struct aws_op *op, const struct http_answer *answer)
{
    struct str body = str_trim(answer->body);
    if (gives_bytes(op)) /* they are the user's, whatever they look like */
        return false;
    if (str_starts(body, S("<?xml"))) {
        size_t end = str_find(body, S("?>"));
        body = str_trim(str_from(body, end == SIZE_MAX ? body.len : end + 2));
    }
    return str_starts(body, S("<Error>")) || str_starts(body, S("<Error "));
}

struct str aws_error_region(struct arena *arena, const struct http_answer *answer)
{
    static const struct doc_limits limits = {64 << 10, 8, 200};
    struct str root;
    struct doc *doc = NULL;
    struct doc_error error;
    if (!doc_from_xml(arena, answer->body, &limits, &root, &doc, &error) || !str_is(root, "Error"))
        return (struct str){0};
    return doc_get_text(doc, S("Region"));
}

/* What goes by other rules than a bucket. */
static bool is_bucket(struct arena *arena, struct str bucket, struct aws_error *reterr)
{
    static const struct {
        const char *begins, *ends, *what;
    } others[] = {
        {"", "--x-s3", "a directory bucket (S3 Express)"},
        {"", "--xa-s3", "an access point of S3 Express"},
        {"", "--op-s3", "a bucket of S3 on Outposts"},
        {"arn:", "", "the ARN of an access point"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (bucket.len > 0 && str_starts(bucket, str_of(others[i].begins)) &&
            str_ends(bucket, str_of(others[i].ends)))
            return aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" is %s, which is not supported",
                            STR(bucket), others[i].what);
    return true;
}

bool aws_s3_place_of(struct arena *arena, const struct aws_place_wish *wish, struct str bucket,
                     bool path_style, struct aws_place *ret_place, struct aws_error *reterr)
{
    struct base base;
    struct str region;
    if (!is_bucket(arena, bucket, reterr) || !region_checked(arena, wish->region, reterr) ||
        !find_base(arena, wish, &base, &region, reterr))
        return false;
    /* no certificate of S3 has a star for a name with points */
    bool dots = str_is(base.scheme, "http");
    bool below = !path_style && bucket.len >= 3 && bucket.len <= 63 && is_label(bucket, dots) &&
                 !is_address(base.host);
    struct str first = aws_percent_encode(arena, bucket, false);
    ret_place->signing_region = region;
    ret_place->url =
        below ? arena_fmt(arena, "%.*s://%.*s.%.*s%.*s", STR(base.scheme), STR(bucket),
                          STR(base.host), STR(base.path))
              : arena_fmt(arena, "%.*s://%.*s%.*s%s%.*s", STR(base.scheme), STR(base.host),
                          STR(base.path), bucket.len > 0 ? "/" : "", STR(first));
    return true;
}
