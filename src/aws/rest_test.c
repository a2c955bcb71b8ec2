#include "codec.h"
#include "rows.h"

#include <hp/base/test.h>

STRUCT(tagged, PLACED("Name", aws_string, "name", AWS_IN_PATH),
       PLACED("Key", aws_string, "key", AWS_IN_PATH),
       PLACED("Keys", aws_strings, "tagKeys", AWS_IN_QUERY),
       PLACED("Max", aws_int, "max", AWS_IN_QUERY),
       PLACED("Token", aws_string, "x-amz-token", AWS_IN_HEADER), M("Body", aws_string),
       M("Count", aws_int));
STRUCT(answer, M("Count", aws_int));

static const struct aws_op op = {.name = "Tag",
                                 .service = &aws_eks,
                                 .input = &tagged,
                                 .output = &answer,
                                 .method = "PUT",
                                 .path = "/tags/{name}/keys/{key+}"};

static struct doc *json(struct arena *arena, const char *text)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(arena, str_of(text), NULL, &doc, &error));
    return doc;
}

START_TEST(each_member_stands_where_it_belongs)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct aws_wire wire;
    struct aws_error error = {0};

    ck_assert(aws_encode(arena, &op,
                         json(arena, "{\"Name\":\"arn:a/b c\",\"Key\":\"x/y \\u00fc\",\"Keys\":"
                                     "[\"a&b\",\"c\"],\"Max\":5,\"Token\":\"t-1\",\"Count\":2}"),
                         &wire, &error));
    ck_assert_str(wire.method, S("PUT"));
    ck_assert_str(wire.path, S("/tags/arn%3Aa%2Fb%20c/keys/x/y%20%C3%BC"));
    ck_assert_str(wire.query, S("tagKeys=a%26b&tagKeys=c&max=5"));
    ck_assert_uint_eq(wire.header_count, 1);
    ck_assert_str(wire.headers[0].name, S("x-amz-token"));
    ck_assert_str(wire.headers[0].value, S("t-1"));
    ck_assert_str(wire.content_type, S("application/json"));
    ck_assert_str(wire.body, S("{\"Count\":2}"));
}
END_TEST

START_TEST(an_operation_without_a_body_sends_none)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct aws_wire wire;
    struct aws_error error = {0};

    ck_assert(aws_encode(arena, &aws_eks_DescribeCluster, json(arena, "{\"name\":\"e\"}"), &wire,
                         &error));
    ck_assert_str(wire.method, S("GET"));
    ck_assert_str(wire.path, S("/clusters/e"));
    ck_assert_uint_eq(wire.body.len, 0);
    ck_assert_uint_eq(wire.content_type.len, 0);
}
END_TEST

START_TEST(what_does_not_fit_is_told)
{
    static const char *const rows[][2] = {
        {"{\"Key\":\"k\"}", "Name is not said; it stands in the request's path"},
        {"{\"Name\":\"\",\"Key\":\"k\"}", "Name is not said"},
        {"{\"Name\":{},\"Key\":\"k\"}", "Name"},
        {"{\"Name\":\"n\",\"Key\":\"k\",\"Token\":\"a\\r\\nb: c\"}", "Token has a line break"},
        {"{\"Name\":\"n\",\"Key\":\"k\",\"Token\":\"a\\tb\"}",
         "or another control character in it"},
        {"{\"Name\":\"n\",\"Key\":\"k\",\"Stranger\":1}", "Stranger is no member"},
        {"{\"Name\":\"n\",\"Key\":\"k\",\"Count\":\"two\"}", "Count"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
        struct aws_wire wire;
        struct aws_error error = {0};
        ck_assert(!aws_encode(arena, &op, json(arena, rows[i][0]), &wire, &error));
        ck_assert_int_eq(error.kind, AWS_INPUT);
        ck_assert_msg(str_has(error.message, str_of(rows[i][1])), "%.*s", STR(error.message));
    }
}
END_TEST

START_TEST(an_answer_is_read_by_its_shape)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct doc *output = NULL;
    struct aws_error error = {0};
    int64_t created;

    ck_assert(aws_decode(arena, &aws_eks_DescribeCluster,
                         S("{\"cluster\":{\"name\":\"e\",\"createdAt\":1785587696,\"tags\":{\"a\":"
                           "\"b\"},\"resourcesVpcConfig\":{\"subnetIds\":[\"subnet-1\"],"
                           "\"endpointPublicAccess\":true},\"unheardOf\":[1]}}"),
                         &output, &error));
    ck_assert_str(doc_text(doc_at(output, "cluster.tags.a")), S("b"));
    ck_assert_str(doc_text(doc_at(output, "cluster.resourcesVpcConfig.subnetIds.0")),
                  S("subnet-1"));
    ck_assert(aws_time_ms(doc_at(output, "cluster.createdAt"), &created));
    ck_assert_int_eq(created, 1785587696000);
    ck_assert_ptr_null(doc_at(output, "cluster.unheardOf"));
}
END_TEST

START_TEST(a_bucket_is_made_with_xml)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct aws_wire wire;
    struct aws_error error = {0};

    ck_assert(aws_encode(arena, &aws_s3_CreateBucket,
                         json(arena, "{\"Bucket\":\"b-1\",\"CreateBucketConfiguration\":{"
                                     "\"LocationConstraint\":\"a<b\",\"Tags\":[{\"Key\":\"k\","
                                     "\"Value\":\"v\"}]}}"),
                         &wire, &error));
    ck_assert_str(wire.method, S("PUT"));
    ck_assert_str(wire.bucket, S("b-1"));
    ck_assert_str(wire.path, S("/"));
    ck_assert_str(wire.body,
                  S("<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    "<LocationConstraint>a&lt;b</LocationConstraint><Tags><Tag><Key>k</Key>"
                    "<Value>v</Value></Tag></Tags></CreateBucketConfiguration>"));
}
END_TEST

START_TEST(an_object_goes_as_it_is_with_its_headers)
{
    scoped(arena_freep) struct arena *arena = arena_new(4 << 20);
    struct aws_wire wire;
    struct aws_error error = {0};
    struct doc *output = NULL;

    ck_assert(aws_encode(arena, &aws_s3_PutObject,
                         json(arena, "{\"Bucket\":\"b-1\",\"Key\":\"a/b +\",\"Body\":\"<x>\","
                                     "\"ContentType\":\"text/x\",\"Metadata\":{\"a\":\"b\"}}"),
                         &wire, &error));
    ck_assert_str(wire.path, S("/a/b%20%2B"));
    ck_assert_str(wire.body, S("<x>"));
    ck_assert_str(wire.content_type, S("text/x"));
    ck_assert_uint_eq(wire.header_count, 1);
    ck_assert_str(wire.headers[0].name, S("x-amz-meta-a"));
    ck_assert(!aws_encode(arena, &aws_s3_PutObject,
                          json(arena, "{\"Key\":\"k\",\"Metadata\":{\"a:\":\"b\"}}"), &wire,
                          &error));
    ck_assert(str_has(error.message, S("a: cannot be a part of a header's name")));

    ck_assert(aws_decode(arena, &aws_s3_GetObject, S("<not> xml"), &output, &error));
    ck_assert_str(doc_get_text(output, S("Body")), S("<not> xml"));
}
END_TEST

TESTS("aws/rest", a_bucket_is_made_with_xml, an_object_goes_as_it_is_with_its_headers,
      each_member_stands_where_it_belongs, an_operation_without_a_body_sends_none,
      what_does_not_fit_is_told, an_answer_is_read_by_its_shape)
