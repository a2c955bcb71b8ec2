#include "no_proxy.h"

#include <hp/base/test.h>

static const struct {
    const char *list, *url;
    bool covered;
} rows[] = {
    {"", "http://localhost:5000/x", true},
    {"", "http://127.3.2.1/", true},
    {"", "http://[::1]:80/", true},
    {"", "http://127.evil.example/", false},
    {"", "https://aws.test", false},
    {"aws.test", "https://aws.test", true},
    {"AWS.test", "https://sts.aws.TEST/x", true},
    {"aws.test", "https://jaws.test", false},
    {"aws.test", "https://aws.test.example", false},
    {".aws.test", "https://aws.test", false},
    {".aws.test", "https://sts.aws.test", true},
    {"*.aws.test", "https://sts.aws.test", true},
    {"test", "https://aws.test", true},
    {" other , aws.test", "https://aws.test", true},
    {"*", "https://aws.test", true},
    {"aws.test:443", "https://aws.test", true},
    {"aws.test:80", "https://aws.test", false},
    {"aws.test:8080", "http://aws.test:8080/x", true},
    {"10.1.2.3", "http://10.1.2.3", true},
    {"10.1.2.3:81", "http://10.1.2.3", false},
    {"10.1.2.3", "http://10.1.2.30", false},
    {"10.0.0.0/8", "http://10.255.255.1", true},
    {"10.0.0.0/9", "http://10.255.255.1", false},
    {"10.0.0.0/8", "http://11.0.0.1", false},
    {"0.0.0.0/0", "http://11.0.0.1", true},
    {"0.0.0.0/0", "http://aws.test", false},
    {"0.0.0.0/0", "http://[fd00::1]/", false},
    {"fd00:ec2::/32", "http://[fd00:ec2::254]/", true},
    {"fd00:ec2::254", "http://[fd00:ec2::254]/", true},
    {"[fd00:ec2::254]:80", "http://[fd00:ec2::254]/", true},
    {"fd00:ec2::/32", "http://[fd01:ec2::254]/", false},
    {"10.0.0.0/33,10.0.0.0/x,/8,[,:", "http://10.0.0.0", false},
    {",,", "http://aws.test", false},
};

START_TEST(hosts_are_covered_as_go_reads_the_list)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(no_proxy_covers(str_of(rows[i].list), str_of(rows[i].url)) == rows[i].covered,
                      "\"%s\", %s", rows[i].list, rows[i].url);
}
END_TEST

TESTS("aws/no_proxy", hosts_are_covered_as_go_reads_the_list)
