#include "codec.h"

#include <hp/aws/ops.h>
#include <hp/base/test.h>

static const struct aws_op *op_of(const char *service, const char *name)
{
    const struct aws_op *op = aws_op_find(str_of(service), str_of(name));
    ck_assert_ptr_nonnull(op);
    return op;
}

static struct doc *json(struct arena *arena, const char *text)
{
    struct doc *doc = NULL;
    struct doc_error error;
    ck_assert(doc_from_json(arena, str_of(text), NULL, &doc, &error));
    return doc;
}

static struct str json_text(struct arena *arena, const struct doc *doc)
{
    struct buf out = buf_in(arena, 1 << 20);
    ck_assert(doc_to_json(doc, &out));
    return buf_str(&out);
}

/* Requests: what the caller says, and the body on the wire. */
static const struct {
    const char *service, *op, *input, *body;
} requests[] = {
    {"sagemaker", "ListClusters", "{\"MaxResults\":10,\"NameContains\":null}",
     "{\"MaxResults\":10}"},
    {"sagemaker", "ListClusters", "{\"CreationTimeAfter\":\"2026-08-01T12:34:56Z\"}",
     "{\"CreationTimeAfter\":1785587696}"},
    {"sagemaker", "ListClusters", "{\"CreationTimeAfter\":\"2026-08-01T14:34:56.25+02:00\"}",
     "{\"CreationTimeAfter\":1785587696.250}"},
    {"sagemaker", "CreateCluster",
     "{\"InstanceGroups\":[{\"CapacityRequirements\":{\"OnDemand\":{}},\"KubernetesConfig\":"
     "{\"Labels\":{\"a/b\":\"c\"}}}]}",
     "{\"InstanceGroups\":[{\"CapacityRequirements\":{\"OnDemand\":{}},\"KubernetesConfig\":"
     "{\"Labels\":{\"a/b\":\"c\"}}}]}"},
    {"ec2", "AuthorizeSecurityGroupIngress",
     "{\"GroupId\":\"sg-1\",\"IpPermissions\":[{\"IpProtocol\":\"-1\",\"UserIdGroupPairs\":"
     "[{\"GroupId\":\"sg-1\",\"Description\":\"a b\"}]}]}",
     "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1&"
     "IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-1&"
     "IpPermissions.1.Groups.1.Description=a+b"},
    {"ec2", "CreateTags",
     "{\"Resources\":[\"sg-1\",\"sg-2\"],\"Tags\":[{\"Key\":\"k*\",\"Value\":\"\"}]}",
     "Action=CreateTags&Version=2016-11-15&ResourceId.1=sg-1&ResourceId.2=sg-2&Tag.1.Key=k%2A&"
     "Tag.1.Value="},
    {"ec2", "DescribeVpcs", "{\"VpcIds\":[],\"DryRun\":true}",
     "Action=DescribeVpcs&Version=2016-11-15&DryRun=true"},
};

START_TEST(requests_are_written_as_the_protocol_says)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct arena *arena = arena_new(4 << 20);
        struct aws_wire wire;
        struct aws_error error = {0};

        bool done = aws_encode(arena, op_of(requests[i].service, requests[i].op),
                               json(arena, requests[i].input), &wire, &error);
        ck_assert_msg(done, "%.*s", STR(done ? S("") : error.message));
        ck_assert_str(wire.body, str_of(requests[i].body));
        arena_free(arena);
    }
}
END_TEST

/* Inputs that do not fit: what is said. */
static const struct {
    const char *service, *op, *input, *message;
} mistakes[] = {
    {"sagemaker", "CreateCluster", "{\"InstanceGroups\":[{},{\"InstanceCount\":\"many\"}]}",
     "InstanceGroups[1].InstanceCount is not a whole number"},
    {"sagemaker", "CreateCluster", "{\"Tags\":{}}", "Tags is not a list"},
    {"sagemaker", "CreateCluster", "{\"VpcConfig\":[]}", "VpcConfig is not an object"},
    {"sagemaker", "CreateCluster", "{\"ClusterName\":3}", "ClusterName is not a string"},
    {"sagemaker", "ListClusters", "{\"CreationTimeAfter\":\"soon\"}",
     "CreationTimeAfter is not a time"},
    {"ec2", "DescribeVpcs", "{\"Filters\":[{\"Nmae\":\"x\"}]}",
     "Filters[0].Nmae is no member of this operation"},
    {"ec2", "DescribeVpcs", "{\"DryRun\":\"yes\"}", "DryRun is not true or false"},
};

START_TEST(an_input_that_does_not_fit_is_named_by_its_place)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct arena *arena = arena_new(4 << 20);
        struct aws_wire wire;
        struct aws_error error = {0};

        ck_assert(!aws_encode(arena, op_of(mistakes[i].service, mistakes[i].op),
                              json(arena, mistakes[i].input), &wire, &error));
        ck_assert_int_eq(error.kind, AWS_INPUT);
        ck_assert_str(error.message, str_of(mistakes[i].message));
        arena_free(arena);
    }
}
END_TEST

static const struct {
    const char *service, *op, *body, *output;
} answers[] = {
    {"sagemaker", "DeleteTags", "", "{}"},
    {"sagemaker", "ListClusters",
     "{\"ClusterSummaries\":[{\"ClusterName\":\"a\",\"New\":1,\"CreationTime\":1.785587696E9}],"
     "\"NextToken\":null}",
     "{\"ClusterSummaries\":[{\"ClusterName\":\"a\",\"CreationTime\":\"2026-08-01T12:34:56Z\"}]}"},
    {"sagemaker", "DescribeCluster",
     "{\"InstanceGroups\":[{\"Unknown\":[1,{\"x\":null}]}],\"CreationTime\":1785587696.123}",
     "{\"InstanceGroups\":[{\"Unknown\":[1,{\"x\":null}]}],\"CreationTime\":1785587696.123}"},
    {"ec2", "DescribeVpcs",
     "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r"
     "</requestId><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault>"
     "<cidrBlockAssociationSet><item><cidrBlock>10.0.0.0/16</cidrBlock></item></"
     "cidrBlockAssociationSet><tagSet/></item></vpcSet></DescribeVpcsResponse>",
     "{\"Vpcs\":[{\"VpcId\":\"vpc-1\",\"IsDefault\":true,\"CidrBlockAssociationSet\":"
     "[{\"CidrBlock\":\"10.0.0.0/16\"}],\"Tags\":[]}]}"},
    {"ec2", "DescribeVpcs", "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>",
     "{\"Vpcs\":[]}"},
    {"ec2", "DescribeSecurityGroups",
     "<R><securityGroupInfo><item><groupDescription></groupDescription><ipPermissions><item>"
     "<fromPort>-1</fromPort><groups><item><groupId>sg-1</groupId></item></groups></item>"
     "</ipPermissions></item></securityGroupInfo></R>",
     "{\"SecurityGroups\":[{\"Description\":\"\",\"IpPermissions\":[{\"FromPort\":-1,"
     "\"UserIdGroupPairs\":[{\"GroupId\":\"sg-1\"}]}]}]}"},
    {"sts", "GetCallerIdentity",
     "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
     "</GetCallerIdentityResult></GetCallerIdentityResponse>",
     "{\"Account\":\"1\"}"},
};

START_TEST(answers_are_read_by_the_shape)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct arena *arena = arena_new(4 << 20);
        struct doc *output;
        struct aws_error error = {0};

        bool done = aws_decode(arena, op_of(answers[i].service, answers[i].op),
                               str_of(answers[i].body), &output, &error);
        ck_assert_msg(done, "%.*s", STR(done ? S("") : error.message));
        ck_assert_str(json_text(arena, output), str_of(answers[i].output));
        arena_free(arena);
    }
}
END_TEST

static const struct {
    const char *service, *op, *body, *message;
} broken[] = {
    {"sagemaker", "ListClusters", "{\"ClusterSummaries\":{}}", "ClusterSummaries is not a list"},
    {"sagemaker", "ListClusters", "{\"ClusterSummaries\":[{\"CreationTime\":\"x\"}]}",
     "ClusterSummaries[0].CreationTime is not a time"},
    {"sagemaker", "ListClusters", "[]", "the whole is not an object"},
    {"ec2", "DescribeVpcs", "<R><vpcSet><item><isDefault>si</isDefault></item></vpcSet></R>",
     "vpcSet[0].isDefault is not true or false"},
    {"ec2", "DescribeVpcs", "<R><vpcSet>text</vpcSet></R>", "vpcSet is not a list"},
};

START_TEST(an_answer_that_does_not_fit_is_named_by_its_place)
{
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct arena *arena = arena_new(4 << 20);
        struct doc *output = NULL;
        struct aws_error error = {0};

        ck_assert(!aws_decode(arena, op_of(broken[i].service, broken[i].op), str_of(broken[i].body),
                              &output, &error));
        ck_assert_int_eq(error.kind, AWS_ANSWER);
        ck_assert_str(error.message, str_of(broken[i].message));
        ck_assert_ptr_null(output);
        arena_free(arena);
    }
}
END_TEST

START_TEST(an_answer_larger_than_the_callers_memory_is_an_error_and_no_end)
{
    struct arena *large = arena_new(8 << 20), *small = arena_new(64 << 10);
    struct buf body = buf_in(large, 4 << 20);
    struct doc *output;
    struct aws_error error = {0};
    buf_putz(&body, "{\"ClusterSummaries\":[");
    for (int i = 0; i < 5000; i++)
        buf_printf(&body, "%s{\"ClusterName\":\"cluster-%d\"}", i == 0 ? "" : ",", i);
    buf_putz(&body, "]}");

    ck_assert(!aws_decode(small, &aws_sagemaker_ListClusters, buf_str(&body), &output, &error));
    ck_assert_int_eq(error.kind, AWS_ANSWER);
    ck_assert_str(error.message, S("the answer is larger than the memory for it"));
    arena_free(small);
    arena_free(large);
}
END_TEST

START_TEST(times_are_read_in_both_forms)
{
    struct arena *arena = arena_new(1 << 20);
    int64_t ms = 0;

    ck_assert(aws_time_ms(doc_number(arena, S("1785587696.5")), &ms));
    ck_assert_int_eq(ms, 1785587696500);
    ck_assert(aws_time_ms(doc_string(arena, S("2026-08-01T12:34:56Z")), &ms));
    ck_assert_int_eq(ms, 1785587696000);
    ck_assert(!aws_time_ms(doc_number(arena, S("1e400")), &ms));
    ck_assert(!aws_time_ms(NULL, &ms));
    arena_free(arena);
}
END_TEST

TESTS("aws/codec", requests_are_written_as_the_protocol_says,
      an_input_that_does_not_fit_is_named_by_its_place, answers_are_read_by_the_shape,
      an_answer_that_does_not_fit_is_named_by_its_place,
      an_answer_larger_than_the_callers_memory_is_an_error_and_no_end, times_are_read_in_both_forms)
