/* Where services answer. Source: botocore's endpoint rule sets (1.44), as a table: {R} is the
 * region, {S} the partition's suffix, {D} its dual-stack suffix. */
#include "errors.h"
#include "regions.h"

#include <hp/aws/wire.h>
#include <hp/base/buf.h>

enum form { PLAIN, FIPS, DUALSTACK, FIPS_DUALSTACK };

struct host_row {
    const char *service;
    const char *host[4]; /* by form */
};

static const struct host_row hosts[] = {
    {"ec2", {"ec2.{R}.{S}", "ec2-fips.{R}.{S}", "ec2.{R}.{D}", "ec2-fips.{R}.{D}"}},
    {"eks", {"eks.{R}.{S}", "eks-fips.{R}.{S}", "eks.{R}.{D}", "eks-fips.{R}.{D}"}},
    {"fsx", {"fsx.{R}.{S}", "fsx-fips.{R}.{S}", "fsx.{R}.{D}", "fsx-fips.{R}.{D}"}},
    {"logs", {"logs.{R}.{S}", "logs-fips.{R}.{S}", "logs.{R}.{D}", "logs-fips.{R}.{D}"}},
    {"sagemaker",
     {"api.sagemaker.{R}.{S}", "api.sagemaker-fips.{R}.{S}", "api.sagemaker.{R}.{D}",
      "api.sagemaker-fips.{R}.{D}"}},
    {"servicequotas",
     {"servicequotas.{R}.{S}", "servicequotas-fips.{R}.{S}", "servicequotas.{R}.{D}",
      "servicequotas-fips.{R}.{D}"}},
    {"ssm", {"ssm.{R}.{S}", "ssm-fips.{R}.{S}", "ssm.{R}.{D}", "ssm-fips.{R}.{D}"}},
    {"signin",
     {"{R}.signin.aws.amazon.com", "signin-fips.{R}.{S}", "signin.{R}.{D}", "signin-fips.{R}.{D}"}},
    {"sso",
     {"portal.sso.{R}.{S}", "portal.sso-fips.{R}.{S}", "portal.sso.{R}.{D}",
      "portal.sso-fips.{R}.{D}"}},
    {"ssooidc", {"oidc.{R}.{S}", "oidc-fips.{R}.{S}", "oidc.{R}.{D}", "oidc-fips.{R}.{D}"}},
    {"sts", {"sts.{R}.{S}", "sts-fips.{R}.{S}", "sts.{R}.{D}", "sts-fips.{R}.{D}"}},
};

/* A partition's own way. */
struct exception_row {
    const char *service, *partition;
    enum form form;
    const char *host;
};

static const struct exception_row exceptions[] = {
    {"ec2", "aws-us-gov", FIPS, "ec2.{R}.{S}"},
    {"eks", "aws", FIPS, "fips.eks.{R}.{S}"},
    {"eks", "aws-us-gov", FIPS, "eks.{R}.{S}"},
    {"logs", "aws-us-gov", FIPS, "logs.{R}.{S}"},
    {"servicequotas", "aws-us-gov", FIPS, "servicequotas.{R}.{S}"},
    {"ssm", "aws-us-gov", FIPS, "ssm.{R}.{S}"},
    {"sagemaker", "aws", FIPS, "api-fips.sagemaker.{R}.{S}"},
    {"sagemaker", "aws-us-gov", FIPS, "api-fips.sagemaker.{R}.{S}"},
    {"signin", "aws-cn", PLAIN, "{R}.signin.amazonaws.cn"},
    {"signin", "aws-us-gov", PLAIN, "{R}.signin.amazonaws-us-gov.com"},
    {"signin", "aws-us-gov", FIPS, "signin-fips.amazonaws-us-gov.com"},
    {"signin", "aws-eusc", PLAIN, "{R}.signin.amazonaws-eusc.eu"},
    {"signin", "aws-iso", PLAIN, "{R}.signin.c2shome.ic.gov"},
    {"signin", "aws-iso-b", PLAIN, "{R}.signin.sc2shome.sgov.gov"},
    {"signin", "aws-iso-e", PLAIN, "{R}.signin.csphome.adc-e.uk"},
    {"signin", "aws-iso-f", PLAIN, "{R}.signin.csphome.hci.ic.gov"},
    {"sso", "aws-us-gov", FIPS, "portal.sso.{R}.{S}"},
    {"ssooidc", "aws-us-gov", FIPS, "oidc.{R}.{S}"},
    {"sts", "aws-us-gov", FIPS, "sts.{R}.{S}"},
};

/* One place for a whole partition, and the region that its signatures name. */
struct global_row {
    const char *service, *partition, *region;
    const char *host[4]; /* by form; NULL: none */
};

static const struct global_row globals[] = {
    {"iam",
     "aws",
     "us-east-1",
     {"iam.{S}", "iam-fips.{S}", "iam.global.{D}", "iam-fips.global.{D}"}},
    {"iam",
     "aws-cn",
     "cn-north-1",
     {"iam.cn-north-1.{S}", "iam-fips.{S}", "iam.global.{D}", "iam-fips.{D}"}},
    {"iam",
     "aws-us-gov",
     "us-gov-west-1",
     {"iam.us-gov.{S}", "iam.us-gov.{S}", "iam.us-gov.{D}", "iam.us-gov.{D}"}},
    {"iam", "aws-iso", "us-iso-east-1", {"iam.us-iso-east-1.{S}", "iam-fips.us-iso-east-1.{S}"}},
    {"iam",
     "aws-iso-b",
     "us-isob-east-1",
     {"iam.us-isob-east-1.{S}", "iam-fips.us-isob-east-1.{S}"}},
    {"iam", "aws-iso-e", "eu-isoe-west-1", {"iam.eu-isoe-west-1.{S}", "iam-fips.{S}"}},
    {"iam", "aws-iso-f", "us-isof-south-1", {"iam.us-isof-south-1.{S}", "iam-fips.{S}"}},
    {"iam", "aws-eusc", "eusc-de-east-1", {"iam.eusc-de-east-1.{S}", "iam-fips.{S}"}},
};

static const struct global_row *global_row(const char *service, const char *partition)
{
    for (size_t i = 0; i < sizeof globals / sizeof globals[0]; i++)
        if (strcmp(globals[i].service, service) == 0 &&
            strcmp(globals[i].partition, partition) == 0)
            return &globals[i];
    return NULL;
}

/* Answered by sts.amazonaws.com when the legacy way is wished for. */
static const char sts_legacy[] =
    "ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 aws-global ca-central-1 eu-central-1 "
    "eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2";

static const char *host_pattern(const char *service, const char *partition, enum form form)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (strcmp(exceptions[i].service, service) == 0 && exceptions[i].form == form &&
            strcmp(exceptions[i].partition, partition) == 0)
            return exceptions[i].host;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (strcmp(hosts[i].service, service) == 0)
            return hosts[i].host[form];
    return NULL;
}

static struct str url_from(struct arena *arena, const char *pattern, struct str region,
                           const struct partition *partition)
{
    struct buf out = buf_in(arena, 512);
    buf_putz(&out, "https://");
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != '{') {
            buf_putc(&out, *p);
            continue;
        }
        if (p[1] == 'R')
            buf_put(&out, region);
        else
            buf_putz(&out, p[1] == 'S' ? partition->suffix : partition->dualstack);
        p += 2;
    }
    buf_putc(&out, '\0');
    return str_sub(buf_str(&out), 0, out.len - 1);
}

static bool is_global_sts(const char *service, const struct aws_place_wish *wish)
{
    if (strcmp(service, "sts") != 0 || wish->fips || wish->dualstack)
        return false;
    if (str_is(wish->region, "aws-global"))
        return true;
    struct str rest = str_of(sts_legacy), one;
    while (wish->legacy_global && str_next(&rest, ' ', &one))
        if (str_eq(one, wish->region))
            return true;
    return false;
}

bool aws_place_of(struct arena *arena, const char *service_id, const struct aws_place_wish *wish,
                  struct aws_place *ret_place, struct aws_error *reterr)
{
    if (wish->region.len > 0 && !region_is_label(wish->region))
        return aws_fail(arena, reterr, AWS_INPUT, "\"%.*s\" cannot be a region's name",
                        STR(wish->region));
    if (wish->custom.len > 0) {
        if (wish->fips || wish->dualstack)
            return aws_fail(arena, reterr, AWS_INPUT,
                            "%s and a custom endpoint (%.*s) cannot both be had; leave one out",
                            wish->fips ? "FIPS endpoints" : "dual-stack endpoints",
                            STR(wish->custom));
        *ret_place = (struct aws_place){arena_str(arena, wish->custom), wish->region};
        return true;
    }
    if (wish->region.len == 0)
        return aws_fail(arena, reterr, AWS_INPUT, "no region is set");
    if (is_global_sts(service_id, wish)) {
        *ret_place = (struct aws_place){S("https://sts.amazonaws.com"), S("us-east-1")};
        return true;
    }
    const struct partition *partition = partition_of(wish->region);
    enum form form = (enum form)((wish->fips ? FIPS : PLAIN) + (wish->dualstack ? DUALSTACK : 0));
    const struct global_row *global = global_row(service_id, partition->id);
    const char *pattern =
        global != NULL ? global->host[form] : host_pattern(service_id, partition->id, form);
    if (pattern == NULL)
        return aws_fail(arena, reterr, AWS_INPUT, "no endpoint of %s is known", service_id);
    *ret_place = (struct aws_place){url_from(arena, pattern, wish->region, partition),
                                    global != NULL ? str_of(global->region) : wish->region};
    return true;
}
