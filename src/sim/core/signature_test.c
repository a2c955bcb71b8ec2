#include "signature.h"
#include <hp/base/test.h>

/* The example of AWS's documentation: IAM ListUsers of 2015-08-30, whose stages are printed there.
 */
static const struct sim_header headers[] = {
    {S_INIT("Host"), S_INIT("iam.amazonaws.com")},
    {S_INIT("Content-Type"), S_INIT("application/x-www-form-urlencoded; charset=utf-8")},
    {S_INIT("X-Amz-Date"), S_INIT("20150830T123600Z")},
    {S_INIT("Authorization"),
     S_INIT("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")},
};
static const struct sim_request request = {.method = S_INIT("GET"),
                                           .uri = S_INIT("/?Action=ListUsers&Version=2010-05-08"),
                                           .headers = headers,
                                           .header_count = 4};

START_TEST(aws_s_own_example_is_signed_as_printed)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct authorization authorization;
    struct secret key = secret_of(S("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    struct str why;

    ck_assert(authorization_parse(&request, &authorization));
    struct str canonical = canonical_request(arena, &request, &authorization);
    ck_assert_str(sha256_hex(arena, canonical),
                  S("f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"));
    ck_assert(
        signature_matches(arena, &request, &authorization, S("20150830T123600Z"), &key, &why));
    secret_done(&key);
}
END_TEST

START_TEST(another_key_does_not_match_and_the_answer_says_what_was_expected)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct authorization authorization;
    struct secret key = secret_of(S("another"));
    struct str why = S("");

    ck_assert(authorization_parse(&request, &authorization));
    ck_assert(
        !signature_matches(arena, &request, &authorization, S("20150830T123600Z"), &key, &why));
    ck_assert(str_has(why, S("Action=ListUsers&Version=2010-05-08")));
    ck_assert(str_has(why, S("AWS4-HMAC-SHA256\n20150830T123600Z")));
    ck_assert(!str_has(why, S("another")));
    secret_done(&key);
}
END_TEST

static struct str canonical_of(struct arena *arena, struct str uri)
{
    struct sim_request plain = {.method = S("GET"), .uri = uri};
    struct authorization authorization = {.signed_headers = S("host")};
    struct str text = canonical_request(arena, &plain, &authorization), line, query;

    str_next(&text, '\n', &line);
    str_next(&text, '\n', &line);
    str_next(&text, '\n', &query);
    return arena_fmt(arena, "%.*s?%.*s", STR(line), STR(query));
}

START_TEST(paths_and_queries_are_brought_to_one_form)
{
    static const struct {
        const char *uri, *canonical;
    } rows[] = {{"/", "/?"},
                {"/a/./b/../c", "/a/c?"},
                {"//a//b/", "/a/b/?"},
                {"/..", "/?"},
                {"/a%20b", "/a%2520b?"},
                {"/?b=2&a=1", "/?a=1&b=2"},
                {"/?a=b&a=B&aa=", "/?a=B&a=b&aa="},
                {"/?x", "/?x="},
                {"/?k=%c3%bc+", "/?k=%C3%BC%2B"}};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str(canonical_of(arena, str_of(rows[i].uri)), str_of(rows[i].canonical));
}
END_TEST

START_TEST(an_authorization_that_lacks_a_part_is_not_read)
{
    static const char *const bad[] = {
        "",
        "Basic x",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=A/1/r/s/aws4_request, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=A/1/r/s/other, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=A/1/r/s, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=A/1/r/s/aws4_request/x, SignedHeaders=host, Signature=x"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct sim_header header = {S("authorization"), str_of(bad[i])};
        struct sim_request bare = {.headers = &header, .header_count = 1};
        struct authorization authorization;
        ck_assert_msg(!authorization_parse(&bare, &authorization), "%s was read", bad[i]);
    }
}
END_TEST

TESTS("sim/signature", aws_s_own_example_is_signed_as_printed,
      another_key_does_not_match_and_the_answer_says_what_was_expected,
      paths_and_queries_are_brought_to_one_form, an_authorization_that_lacks_a_part_is_not_read)
