#include "regions.h"

#include <hp/aws/client.h>
#include <hp/aws/wire.h>
#include <hp/base/test.h>

#include <stdio.h>

static struct str url_of(struct arena *arena, const char *service, struct aws_place_wish wish)
{
    struct aws_place place;
    struct aws_error error = {0};
    if (!aws_place_of(arena, service, &wish, &place, &error))
        return arena_fmt(arena, "error: %.*s", STR(error.message));
    return place.url;
}

static const struct {
    const char *service, *region;
    bool fips, dualstack;
    const char *url;
} rows[] = {
    {"sagemaker", "us-west-2", 0, 0, "https://api.sagemaker.us-west-2.amazonaws.com"},
    {"sagemaker", "us-west-2", 1, 0, "https://api-fips.sagemaker.us-west-2.amazonaws.com"},
    {"sagemaker", "cn-north-1", 1, 0, "https://api.sagemaker-fips.cn-north-1.amazonaws.com.cn"},
    {"sagemaker", "us-gov-west-1", 1, 0, "https://api-fips.sagemaker.us-gov-west-1.amazonaws.com"},
    {"sagemaker", "eu-west-1", 0, 1, "https://api.sagemaker.eu-west-1.api.aws"},
    {"sagemaker", "eusc-de-east-1", 0, 0, "https://api.sagemaker.eusc-de-east-1.amazonaws.eu"},
    {"ec2", "us-east-1", 0, 0, "https://ec2.us-east-1.amazonaws.com"},
    {"ec2", "us-gov-east-1", 1, 0, "https://ec2.us-gov-east-1.amazonaws.com"},
    {"ec2", "us-gov-east-1", 1, 1, "https://ec2-fips.us-gov-east-1.api.aws"},
    {"ec2", "us-isob-east-1", 0, 0, "https://ec2.us-isob-east-1.sc2s.sgov.gov"},
    {"signin", "eu-west-1", 0, 0, "https://eu-west-1.signin.aws.amazon.com"},
    {"signin", "eu-west-1", 1, 0, "https://signin-fips.eu-west-1.amazonaws.com"},
    {"signin", "cn-north-1", 0, 0, "https://cn-north-1.signin.amazonaws.cn"},
    {"signin", "us-gov-west-1", 1, 0, "https://signin-fips.amazonaws-us-gov.com"},
    {"signin", "eusc-de-east-1", 0, 1, "https://signin.eusc-de-east-1.api.amazonwebservices.eu"},
    {"sts", "us-east-1", 0, 0, "https://sts.us-east-1.amazonaws.com"},
    {"sts", "aws-global", 0, 0, "https://sts.amazonaws.com"},
    {"sts", "moon-1", 0, 0, "https://sts.moon-1.amazonaws.com"},
    {"sts", "", 0, 0, "error: no region is set"},
    {"tea", "us-east-1", 0, 0, "error: no endpoint of tea is known"},
};

START_TEST(services_are_found_by_partition_and_form)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct aws_place_wish wish = {str_of(rows[i].region), .fips = rows[i].fips,
                                      .dualstack = rows[i].dualstack};
        ck_assert_str(url_of(arena, rows[i].service, wish), str_of(rows[i].url));
        arena_free(arena);
    }
}
END_TEST

START_TEST(an_own_endpoint_goes_with_neither_fips_nor_dual_stack)
{
    struct arena *arena = arena_new(1 << 20);
    struct aws_place_wish wish = {S("us-east-1"), S("http://127.0.0.1:1")};

    ck_assert_str(url_of(arena, "ec2", wish), S("http://127.0.0.1:1"));
    wish.fips = true;
    ck_assert_str(url_of(arena, "ec2", wish),
                  S("error: FIPS endpoints and a custom endpoint (http://127.0.0.1:1) cannot both "
                    "be had; leave one out"));
    arena_free(arena);
}
END_TEST

START_TEST(regions_belong_to_partitions)
{
    ck_assert_str(aws_partition_of(S("us-west-2")), S("aws"));
    ck_assert_str(aws_partition_of(S("us-gov-west-1")), S("aws-us-gov"));
    ck_assert_str(aws_partition_of(S("us-isof-south-1")), S("aws-iso-f"));
    ck_assert_str(aws_partition_of(S("cn-northwest-1")), S("aws-cn"));
    ck_assert_str(aws_partition_of(S("nowhere")), S("aws"));
    ck_assert(aws_region_is_known(S("us-east-77")));
    ck_assert(!aws_region_is_known(S("us-east-")));
}
END_TEST

START_TEST(a_mistyped_region_has_a_near_one)
{
    static const char *const typos[][2] = {
        {"us-wset-2", "us-west-2"},
        {"uswest-2", "us-west-2"},
        {"us-west2", "us-west-2"},
        {"eu-centrall-1", "eu-central-1"},
        {"ap-notheast-1", "ap-northeast-1"},
        {"US-EAST-1", NULL},
        {"frankfurt", NULL},
    };
    for (size_t i = 0; i < sizeof typos / sizeof typos[0]; i++) {
        ck_assert(!region_is_plausible(str_of(typos[i][0])));
        ck_assert(!aws_region_is_known(str_of(typos[i][0])));
        ck_assert_str(region_near(str_of(typos[i][0])), str_of(typos[i][1]));
    }
    ck_assert(region_is_plausible(S("us-east-3"))); /* may open tomorrow */
    ck_assert(region_is_plausible(S("sa-northwest-2")));
}
END_TEST

/* AWS's own cases, where they lie beside the project. */
static struct doc *read_json(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = arena_alloc(arena, 4 << 20);
    size_t len = fread(text, 1, 4 << 20, file);
    struct doc *doc = NULL;
    struct doc_error error;
    fclose(file);
    ck_assert(doc_from_json(arena, (struct str){text, len}, NULL, &doc, &error));
    return doc;
}

static bool flag(const struct doc *params, const char *name)
{
    bool truth = false;
    doc_to_bool(doc_get(params, str_of(name)), &truth);
    return truth;
}

static void run_case(struct arena *arena, const char *service, const struct doc *row)
{
    const struct doc *params = doc_get(row, S("params"));
    struct aws_place_wish wish = {doc_get_text(params, S("Region")),
                                  doc_get_text(params, S("Endpoint")), flag(params, "UseFIPS"),
                                  flag(params, "UseDualStack"), flag(params, "UseGlobalEndpoint")};
    struct str url = doc_text(doc_at(row, "expect.endpoint.url"));
    struct aws_place place = {0};
    struct aws_error error = {0};

    bool done = aws_place_of(arena, service, &wish, &place, &error);
    ck_assert_msg(done == (url.len > 0), "%s: %.*s", service,
                  STR(doc_get_text(row, S("documentation"))));
    if (!done)
        return;
    ck_assert_str(place.url, url);
    const struct doc *schemes = doc_at(row, "expect.endpoint.properties.authSchemes");
    if (schemes != NULL)
        ck_assert_str(place.signing_region,
                      doc_get_text(schemes->first->value, S("signingRegion")));
}

/* How many there are in the files of botocore 1.44.5: a file that is cut, or a row that is passed
 * over, shows. */
static const struct {
    const char *service, *file;
    size_t cases;
} own_cases[] = {
    {"sagemaker", "sagemaker", 47},
    {"ec2", "ec2", 54},
    {"sts", "sts", 69},
    {"iam", "iam", 26},
    {"eks", "eks", 48},
    {"fsx", "fsx", 48},
    {"ssm", "ssm", 49},
    {"logs", "logs", 49},
    {"servicequotas", "service-quotas", 44},
    {"sso", "sso", 40},
    {"ssooidc", "sso-oidc", 40},
};

START_TEST(aws_own_cases_hold)
{
    size_t ran = 0;
    for (size_t i = 0; i < sizeof own_cases / sizeof own_cases[0]; i++) {
        struct arena *arena = arena_new(64 << 20);
        struct doc *file = read_json(
            arena,
            arena_fmt(arena,
                      HP_SOURCE_DIR "/../shared/data/endpoint-rules-tests/%s.endpoint-tests-1.json",
                      own_cases[i].file)
                .ptr);
        size_t before = ran;
        doc_each (entry, doc_get(file, S("testCases"))) {
            run_case(arena, own_cases[i].service, entry->value);
            ran++;
        }
        if (file != NULL)
            ck_assert_uint_eq(ran - before, own_cases[i].cases);
        arena_free(arena);
    }
    printf("%zu of AWS's endpoint cases ran\n", ran); /* 0 where they are not there */
}
END_TEST

static bool says(const struct doc *row, const char *word)
{
    return str_has(doc_get_text(row, S("documentation")), str_of(word));
}

/* What S3's rules here leave out, by name, and how many cases are of it. */
enum left_out { ACCELERATE, EXPRESS, OUTPOSTS, OBJECT_LAMBDA, ACCESS_POINTS, RUNS, LEFT_OUT };

static const struct {
    const char *name;
    size_t cases;
} left_outs[LEFT_OUT] = {
    [ACCELERATE] = {"Accelerate", 30},       [EXPRESS] = {"Express", 115},
    [OUTPOSTS] = {"Outposts", 34},           [OBJECT_LAMBDA] = {"Object Lambda", 33},
    [ACCESS_POINTS] = {"access points", 40}, [RUNS] = {"none of these", 141},
};

static enum left_out left_out_of(const struct doc *row)
{
    const struct doc *params = doc_get(row, S("params"));
    struct str bucket = doc_get_text(params, S("Bucket"));
    if (flag(params, "Accelerate"))
        return ACCELERATE;
    if (str_ends(bucket, S("--x-s3")) || str_ends(bucket, S("--xa-s3")) ||
        flag(params, "UseS3ExpressControlEndpoint"))
        return EXPRESS;
    if (str_ends(bucket, S("--op-s3")) || str_has(bucket, S(":s3-outposts:")))
        return OUTPOSTS;
    if (flag(params, "UseObjectLambdaEndpoint") || str_has(bucket, S(":s3-object-lambda:")))
        return OBJECT_LAMBDA;
    return str_starts(bucket, S("arn:")) || says(row, "bucket ARN") ? ACCESS_POINTS : RUNS;
}

static void run_s3_case(struct arena *arena, const struct doc *row)
{
    const struct doc *params = doc_get(row, S("params"));
    struct aws_place_wish wish = {doc_get_text(params, S("Region")),
                                  doc_get_text(params, S("Endpoint")), flag(params, "UseFIPS"),
                                  flag(params, "UseDualStack"), flag(params, "UseGlobalEndpoint")};
    struct str url = doc_text(doc_at(row, "expect.endpoint.url"));
    struct aws_place place = {0};
    struct aws_error error = {0};
    bool done = aws_s3_place_of(arena, &wish, doc_get_text(params, S("Bucket")),
                                flag(params, "ForcePathStyle"), &place, &error);
    ck_assert_msg(done == (url.len > 0), "%.*s", STR(doc_get_text(row, S("documentation"))));
    if (!done)
        return;
    ck_assert_str(place.url, url);
    const struct doc *schemes = doc_at(row, "expect.endpoint.properties.authSchemes");
    ck_assert_str(place.signing_region, doc_get_text(schemes->first->value, S("signingRegion")));
}

START_TEST(aws_own_cases_of_s3_hold)
{
    struct arena *arena = arena_new(64 << 20);
    struct doc *file = read_json(arena, HP_SOURCE_DIR
                                 "/../shared/data/endpoint-rules-tests/s3.endpoint-tests-1.json");
    size_t seen[LEFT_OUT] = {0};
    doc_each (entry, doc_get(file, S("testCases"))) {
        enum left_out of = left_out_of(entry->value);
        seen[of]++;
        if (of == RUNS)
            run_s3_case(arena, entry->value);
    }
    for (int i = 0; file != NULL && i < LEFT_OUT; i++) {
        printf("S3: %zu cases of %s\n", seen[i], left_outs[i].name);
        ck_assert_uint_eq(seen[i], left_outs[i].cases);
    }
    arena_free(arena);
}
END_TEST

START_TEST(what_is_left_out_of_s3_is_refused_by_name)
{
    static const char *const buckets[][2] = {
        {"lcs--usw2-az1--x-s3",
         "error: \"lcs--usw2-az1--x-s3\" is a directory bucket (S3 Express), "
         "which is not supported"},
        {"ap--usw2-az1--xa-s3", "error: \"ap--usw2-az1--xa-s3\" is an access point of S3 Express, "
                                "which is not supported"},
        {"ap-o0b1d07--op-s3",
         "error: \"ap-o0b1d07--op-s3\" is a bucket of S3 on Outposts, which is "
         "not supported"},
        {"arn:aws:s3:us-west-2:123456789012:accesspoint:x",
         "error: \"arn:aws:s3:us-west-2:123456789012:accesspoint:x\" is the ARN of an access "
         "point, "
         "which is not supported"},
    };
    for (size_t i = 0; i < sizeof buckets / sizeof buckets[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct aws_place_wish wish = {S("us-west-2")};
        struct aws_place place = {0};
        struct aws_error error = {0};
        ck_assert(!aws_s3_place_of(arena, &wish, str_of(buckets[i][0]), false, &place, &error));
        ck_assert_str(arena_fmt(arena, "error: %.*s", STR(error.message)), str_of(buckets[i][1]));
        arena_free(arena);
    }
}
END_TEST

START_TEST(a_bucket_stands_in_the_host_where_its_name_can)
{
    static const struct {
        const char *bucket, *custom, *url;
        bool path_style;
    } buckets[] = {
        {"lc", "", "https://s3.us-west-2.amazonaws.com/lc", 0},
        {"lcs", "", "https://lcs.s3.us-west-2.amazonaws.com", 0},
        {"lcs", "", "https://s3.us-west-2.amazonaws.com/lcs", 1},
        {"l.cs", "", "https://s3.us-west-2.amazonaws.com/l.cs", 0},
        {"l.cs", "http://h:1/p", "http://l.cs.h:1/p", 0},
        {"LCS", "", "https://s3.us-west-2.amazonaws.com/LCS", 0},
        {"lcs", "http://127.0.0.1:5000", "http://127.0.0.1:5000/lcs", 0},
        {"", "", "https://s3.us-west-2.amazonaws.com", 0},
    };
    for (size_t i = 0; i < sizeof buckets / sizeof buckets[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct aws_place_wish wish = {S("us-west-2"), str_of(buckets[i].custom)};
        struct aws_place place = {0};
        struct aws_error error = {0};
        ck_assert(aws_s3_place_of(arena, &wish, str_of(buckets[i].bucket), buckets[i].path_style,
                                  &place, &error));
        ck_assert_str(place.url, str_of(buckets[i].url));
        arena_free(arena);
    }
}
END_TEST

START_TEST(a_region_that_cannot_stand_in_a_hosts_name_is_refused)
{
    static const char *const regions[] = {"evil.example/x", "us-east-1\n", "a@b", "-a",
                                          "US-EAST-1"};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        struct aws_place_wish wish = {.region = str_of(regions[i])};
        struct aws_place place;
        struct aws_error error;
        ck_assert_msg(!aws_place_of(arena, "sso", &wish, &place, &error), "%s", regions[i]);
        ck_assert(str_has(error.message, S("cannot be a region's name")));
    }
}
END_TEST

TESTS("aws/endpoints", aws_own_cases_of_s3_hold, what_is_left_out_of_s3_is_refused_by_name,
      a_bucket_stands_in_the_host_where_its_name_can, services_are_found_by_partition_and_form,
      an_own_endpoint_goes_with_neither_fips_nor_dual_stack, regions_belong_to_partitions,
      a_mistyped_region_has_a_near_one, aws_own_cases_hold,
      a_region_that_cannot_stand_in_a_hosts_name_is_refused)
