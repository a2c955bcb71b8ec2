#include <hp/aws/sigv4.h>
#include <hp/base/test.h>

/* Keys, time and the signature: AWS's aws-sig-v4-test-suite, case get-vanilla. `vectors sigv4` runs
 * the suite as a whole. */

static struct sigv4_stages sign(struct arena *arena, struct sigv4_keys *keys,
                                const struct sigv4_request *request)
{
    struct secret secret = secret_of(S("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    struct sigv4_scope scope = {S("AKIDEXAMPLE"), &secret, S("20150830T123600Z"), S("us-east-1"),
                                S("service")};
    struct sigv4_stages stages = sigv4_sign(arena, keys, &scope, request);
    secret_done(&secret);
    return stages;
}

static const struct aws_header vanilla[] = {
    {S_INIT("Host"), S_INIT("example.amazonaws.com")},
    {S_INIT("X-Amz-Date"), S_INIT("20150830T123600Z")},
};

START_TEST(a_vanilla_request_is_signed)
{
    struct arena *arena = arena_new(1 << 20);
    struct sigv4_request request = {S("GET"), S("/"), S(""), vanilla, 2, S("")};

    struct sigv4_stages stages = sign(arena, NULL, &request);

    ck_assert_str(stages.canonical,
                  S("GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
                    "host;x-amz-date\n"
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    ck_assert_str(stages.signature,
                  S("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    arena_free(arena);
}
END_TEST

START_TEST(a_remembered_key_signs_the_same)
{
    struct arena *arena = arena_new(1 << 20);
    struct sigv4_keys *keys = sigv4_keys_new();
    struct sigv4_request request = {S("GET"), S("/"), S(""), vanilla, 2, S("")};

    struct str anew = sign(arena, NULL, &request).signature;
    ck_assert_str(sign(arena, keys, &request).signature, anew);
    ck_assert_str(sign(arena, keys, &request).signature, anew);
    sigv4_keys_free(keys);
    arena_free(arena);
}
END_TEST

START_TEST(another_secret_never_meets_a_remembered_key)
{
    struct arena *arena = arena_new(1 << 20);
    struct sigv4_keys *keys = sigv4_keys_new();
    struct sigv4_request request = {S("GET"), S("/"), S(""), vanilla, 2, S("")};
    struct secret other = secret_of(S("another"));
    struct sigv4_scope scope = {S("AKIDEXAMPLE"), &other, S("20150830T123600Z"), S("us-east-1"),
                                S("service")};

    struct str first = sign(arena, keys, &request).signature;
    ck_assert(!str_eq(sigv4_sign(arena, keys, &scope, &request).signature, first));
    secret_done(&other);
    sigv4_keys_free(keys);
    arena_free(arena);
}
END_TEST

START_TEST(headers_that_others_change_are_not_signed)
{
    struct arena *arena = arena_new(1 << 20);
    struct aws_header headers[] = {vanilla[0],
                                   {S("User-Agent"), S("x")},
                                   {S("Connection"), S("close")},
                                   {S("traceparent"), S("00-1")},
                                   vanilla[1],
                                   {S("X-B"), S("  a   b ")}};
    struct sigv4_request request = {S("GET"), S("/"), S(""), headers, 6, S("")};

    struct sigv4_stages stages = sign(arena, NULL, &request);
    ck_assert_str(stages.signed_headers, S("host;x-amz-date;x-b"));
    ck_assert(str_has(stages.canonical, S("\nx-b:a b\n")));
    arena_free(arena);
}
END_TEST

START_TEST(paths_are_normalised_and_encoded_twice_but_for_s3)
{
    static const struct {
        const char *path, *canonical;
        bool s3;
    } rows[] = {
        {"", "/", false},
        {"//", "/", false},
        {"/a/./b//../c/", "/a/c/", false},
        {"/example space/", "/example%20space/", false},
        {"/clusters/arn%3Aaws", "/clusters/arn%253Aaws", false},
        {"/a//../b%20c", "/a//../b%20c", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct sigv4_request request = {S("GET"), str_of(rows[i].path), S(""), vanilla, 2, S("")};
        request.path_as_sent = rows[i].s3;

        struct str rest = sign(arena, NULL, &request).canonical, line;
        str_next(&rest, '\n', &line);
        str_next(&rest, '\n', &line);
        ck_assert_str(line, str_of(rows[i].canonical));
        arena_free(arena);
    }
}
END_TEST

START_TEST(queries_are_sorted_by_name_and_value)
{
    static const char *const rows[][2] = {
        {"b=2&a=1", "a=1&b=2"},
        {"a=2&a=1", "a=1&a=2"},
        {"a", "a="},
        {"&&a=1&", "a=1"},
        {"k=a%20b%2f", "k=a%20b%2F"},
        {"k=100%", "k=100%25"},
        {"\xe1\x88\xb4=bar", "%E1%88%B4=bar"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct sigv4_request request = {S("GET"), S("/"), str_of(rows[i][0]), vanilla, 2, S("")};

        struct str rest = sign(arena, NULL, &request).canonical, line;
        for (int j = 0; j < 3; j++)
            str_next(&rest, '\n', &line);
        ck_assert_str(line, str_of(rows[i][1]));
        arena_free(arena);
    }
}
END_TEST

TESTS("aws/sigv4", a_vanilla_request_is_signed, a_remembered_key_signs_the_same,
      another_secret_never_meets_a_remembered_key, headers_that_others_change_are_not_signed,
      paths_are_normalised_and_encoded_twice_but_for_s3, queries_are_sorted_by_name_and_value)
