/* S3 through a whole call: where it goes, what is signed, and a bucket that is elsewhere. */
#include "script.h"

#include "crc32.h"

#include <hp/aws/ops.h>

struct scene {
    struct arena *arena;
    struct script *script;
    struct aws_client *client;
    struct aws_context context;
    struct aws_error error;
};

static void scene_begin(struct scene *s, const struct step *steps, size_t count, bool path_style)
{
    struct aws_config config = script_config;
    config.s3_use_path_style = path_style;
    memset(s, 0, sizeof *s);
    s->arena = arena_new(64 << 20);
    s->script = script_of(s->arena, steps, count);
    s->client = script_client(s->script, &config);
    s->context = (struct aws_context){.client = s->client, .arena = s->arena};
}

static void scene_end(struct scene *s)
{
    aws_client_free(s->client);
    arena_free(s->arena);
}

static struct doc *object(struct scene *s, const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(s->arena, str_of(json), NULL, &doc, &error));
    return doc;
}

#define PUT "{\"Bucket\":\"bkt\",\"Key\":\"a b/c\",\"Body\":\"#!/bin/bash\\n\"}"
#define GET "{\"Bucket\":\"bkt\",\"Key\":\"k\"}"

START_TEST(a_checksum_is_as_s3_expects_it)
{
    struct arena *arena = arena_new(1 << 20);
    ck_assert_str(crc32_base64(arena, S("#!/bin/bash\n")), S("BlI/Nw=="));
    ck_assert_str(crc32_base64(arena, S("")), S("AAAAAA=="));
    arena_free(arena);
}
END_TEST

START_TEST(an_object_goes_to_its_buckets_host_with_its_checksums)
{
    static const struct step fine[] = {{200}};
    struct scene s;
    scene_begin(&s, fine, 1, false);

    ck_assert(aws_call(&s.context, &aws_s3_PutObject, object(&s, PUT), NULL, &s.error));
    ck_assert_str(s.script->sent_urls[0], S("https://bkt.s3.us-west-2.amazonaws.com/a%20b/c"));
    ck_assert_str(script_header(s.script, 0, "Host"), S("bkt.s3.us-west-2.amazonaws.com"));
    ck_assert_str(script_header(s.script, 0, "x-amz-checksum-crc32"), S("BlI/Nw=="));
    ck_assert_uint_eq(script_header(s.script, 0, "X-Amz-Content-SHA256").len, 64);
    ck_assert(
        str_has(script_header(s.script, 0, "Authorization"),
                S("SignedHeaders=host;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date")));
    scene_end(&s);
}
END_TEST

START_TEST(a_bucket_may_stand_in_the_path)
{
    static const struct step fine[] = {{200, "bytes"}};
    struct scene s;
    struct doc *output = NULL;
    scene_begin(&s, fine, 1, true);

    ck_assert(aws_call(&s.context, &aws_s3_GetObject, object(&s, GET), &output, &s.error));
    ck_assert_str(s.script->sent_urls[0], S("https://s3.us-west-2.amazonaws.com/bkt/k"));
    ck_assert_str(doc_get_text(output, S("Body")), S("bytes"));
    scene_end(&s);
}
END_TEST

static const char moved[] = "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message>"
                            "</Error>";
#define MALFORMED                                                                                  \
    "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-west-2' is wrong; "   \
    "expecting 'eu-west-1'</Message><Region>eu-west-1</Region></Error>"
#define ILLEGAL                                                                                    \
    "<Error><Code>IllegalLocationConstraintException</Code><Message>m</Message>"                   \
    "<Region>eu-west-1</Region></Error>"

/* How S3 says that a bucket is in eu-west-1. */
static const struct step elsewhere[] = {
    {301, moved, "x-amz-bucket-region: eu-west-1\n"},
    {307, "<Error><Code>TemporaryRedirect</Code></Error>", "x-amz-bucket-region: eu-west-1\n"},
    {400, MALFORMED},
    {400, ILLEGAL},
    {301, "", "x-amz-bucket-region: eu-west-1\n"},
};

START_TEST(a_bucket_of_another_region_is_asked_there_once)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        const struct step steps[] = {elsewhere[i], {200, "bytes"}};
        struct scene s;
        struct doc *output = NULL;
        scene_begin(&s, steps, 2, false);

        ck_assert(aws_call(&s.context, &aws_s3_GetObject, object(&s, GET), &output, &s.error));
        ck_assert_uint_eq(s.script->at, 2);
        ck_assert_str(s.script->sent_urls[1], S("https://bkt.s3.eu-west-1.amazonaws.com/k"));
        ck_assert(str_has(script_header(s.script, 1, "Authorization"), S("/eu-west-1/s3/")));
        ck_assert_int_eq(s.script->waited_ms, 0);
        scene_end(&s);
    }
}
END_TEST

/* The same with nothing to learn from it. */
static const struct step nowhere[] = {
    {301, moved},
    {301, moved, "x-amz-bucket-region: us-west-2\n"},
    {301, moved, "x-amz-bucket-region: evil.example\n"},
    {400, "<Error><Code>InvalidRequest</Code></Error>", "x-amz-bucket-region: eu-west-1\n"},
    {403, "<Error><Code>AccessDenied</Code></Error>", "x-amz-bucket-region: eu-west-1\n"},
};

START_TEST(an_answer_that_names_no_other_region_is_an_error)
{
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        struct scene s;
        scene_begin(&s, &nowhere[i], 1, false);

        ck_assert(!aws_call(&s.context, &aws_s3_GetObject, object(&s, GET), NULL, &s.error));
        ck_assert_uint_eq(s.script->at, 1);
        scene_end(&s);
    }
}
END_TEST

START_TEST(a_bucket_that_is_to_be_made_is_made_nowhere_else)
{
    static const struct step steps[] = {{400, ILLEGAL}};
    struct scene s;
    scene_begin(&s, steps, 1, false);

    ck_assert(!aws_call(&s.context, &aws_s3_CreateBucket, object(&s, "{\"Bucket\":\"bkt\"}"), NULL,
                        &s.error));
    ck_assert_uint_eq(s.script->at, 1);
    scene_end(&s);
}
END_TEST

START_TEST(a_success_with_an_error_in_it_is_a_failure_that_is_tried_again)
{
    static const char *const bodies[] = {
        "<Error><Code>InternalError</Code><Message>m</Message></Error>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<Error><Code>SlowDown</Code></Error>",
    };
    for (size_t i = 0; i < 2; i++) {
        const struct step steps[] = {{200, bodies[i]}, {200, ""}};
        struct scene s;
        scene_begin(&s, steps, 2, false);

        ck_assert(aws_call(&s.context, &aws_s3_PutObject, object(&s, PUT), NULL, &s.error));
        ck_assert_uint_eq(s.script->at, 2);
        scene_end(&s);
    }
}
END_TEST

START_TEST(an_object_that_looks_like_an_error_is_an_object)
{
    static const struct step steps[] = {{200, "<Error><Code>InternalError</Code></Error>"}};
    struct scene s;
    struct doc *output = NULL;
    scene_begin(&s, steps, 1, false);

    ck_assert(aws_call(&s.context, &aws_s3_GetObject, object(&s, GET), &output, &s.error));
    ck_assert_str(doc_get_text(output, S("Body")), str_of(steps[0].body));
    scene_end(&s);
}
END_TEST

START_TEST(us_east_1_answers_at_its_own_host_unless_the_old_one_is_wished_for)
{
    static const struct {
        const char *which, *url;
    } rows[] = {
        {"", "https://bkt.s3.us-east-1.amazonaws.com/k"},
        {"regional", "https://bkt.s3.us-east-1.amazonaws.com/k"},
        {"legacy", "https://bkt.s3.amazonaws.com/k"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const struct step fine[] = {{200, "bytes"}};
        struct aws_config config = script_config;
        struct arena *arena = arena_new(64 << 20);
        struct script *script = script_of(arena, fine, 1);
        struct doc *input = NULL;
        struct doc_error why;
        struct aws_error error;
        config.region = S("us-east-1");
        config.s3_us_east_1_regional_endpoint = str_of(rows[i].which);
        struct aws_context context = {.client = script_client(script, &config), .arena = arena};

        ck_assert(doc_from_json(arena, str_of(GET), NULL, &input, &why));
        ck_assert(aws_call(&context, &aws_s3_GetObject, input, NULL, &error));
        ck_assert_str(script->sent_urls[0], str_of(rows[i].url));
        aws_client_free(context.client);
        arena_free(arena);
    }
}
END_TEST

START_TEST(a_bucket_that_sends_us_round_is_an_error)
{
    static const struct step steps[] = {
        {301, moved, "x-amz-bucket-region: eu-west-1\n"},
        {301, moved, "x-amz-bucket-region: us-west-2\n"},
    };
    struct scene s;
    scene_begin(&s, steps, 2, false);

    ck_assert(!aws_call(&s.context, &aws_s3_GetObject, object(&s, GET), NULL, &s.error));
    ck_assert_uint_eq(s.script->at, 2);
    ck_assert(aws_error_is(&s.error, "PermanentRedirect"));
    ck_assert_str(s.error.endpoint, S("https://bkt.s3.eu-west-1.amazonaws.com"));
    scene_end(&s);
}
END_TEST

TESTS("aws/s3", a_checksum_is_as_s3_expects_it,
      an_object_goes_to_its_buckets_host_with_its_checksums, a_bucket_may_stand_in_the_path,
      a_bucket_of_another_region_is_asked_there_once,
      an_answer_that_names_no_other_region_is_an_error,
      a_bucket_that_is_to_be_made_is_made_nowhere_else, a_bucket_that_sends_us_round_is_an_error,
      a_success_with_an_error_in_it_is_a_failure_that_is_tried_again,
      an_object_that_looks_like_an_error_is_an_object,
      us_east_1_answers_at_its_own_host_unless_the_old_one_is_wished_for)
