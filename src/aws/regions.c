/* Source: botocore data/partitions.json (1.44). */
#include "regions.h"

#include <hp/aws/client.h>

static const struct partition partitions[] = {
    {"aws-cn", "cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "aws-cn-global"},
    {"aws-eusc", "eusc-de", "amazonaws.eu", "api.amazonwebservices.eu", "aws-eusc-global"},
    {"aws-iso", "us-iso", "c2s.ic.gov", "api.aws.ic.gov", "aws-iso-global"},
    {"aws-iso-b", "us-isob", "sc2s.sgov.gov", "api.aws.scloud", "aws-iso-b-global"},
    {"aws-iso-e", "eu-isoe", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "aws-iso-e-global"},
    {"aws-iso-f", "us-isof", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "aws-iso-f-global"},
    {"aws-us-gov", "us-gov", "amazonaws.com", "api.aws", "aws-us-gov-global"},
    {"aws", "us eu ap sa ca me af il mx", "amazonaws.com", "api.aws", "aws-global"},
};
enum { PARTITIONS = sizeof partitions / sizeof partitions[0] };

static const char compass[] =
    "north south east west central northeast northwest southeast southwest";

/* For the nearest name only; a region that is not here is as good. */
static const char *const known[] = {
    "af-south-1",      "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3",  "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3",  "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
    "ca-central-1",    "ca-west-1",      "eu-central-1",   "eu-central-2",   "eu-north-1",
    "eu-south-1",      "eu-south-2",     "eu-west-1",      "eu-west-2",      "eu-west-3",
    "il-central-1",    "me-central-1",   "me-south-1",     "me-west-1",      "mx-central-1",
    "sa-east-1",       "sa-west-1",      "us-east-1",      "us-east-2",      "us-west-1",
    "us-west-2",       "cn-north-1",     "cn-northwest-1", "eusc-de-east-1", "us-iso-east-1",
    "us-iso-west-1",   "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1",
    "us-isof-south-1", "us-gov-east-1",  "us-gov-west-1",
};

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_'))
            return false;
    }
    return s.len > 0;
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

static bool in_words(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    while (str_next(&rest, ' ', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

/* PREFIX-word-number: gives the word. */
static bool fits(const struct partition *partition, struct str region, struct str *ret_word)
{
    struct str rest = str_of(partition->prefixes), prefix;
    while (str_next(&rest, ' ', &prefix)) {
        if (!str_starts(region, prefix) || region.len <= prefix.len ||
            region.ptr[prefix.len] != '-')
            continue;
        struct str number = str_from(region, prefix.len + 1), word;
        str_next(&number, '-', &word);
        if (is_word(word) && is_number(number)) {
            *ret_word = word;
            return true;
        }
    }
    return false;
}

static const struct partition *partition_find(struct str region, struct str *ret_word)
{
    for (size_t i = 0; i < PARTITIONS; i++)
        if (fits(&partitions[i], region, ret_word) || str_is(region, partitions[i].global))
            return &partitions[i];
    return NULL;
}

const struct partition *partition_of(struct str region)
{
    struct str word;
    const struct partition *found = partition_find(region, &word);
    return found != NULL ? found : &partitions[PARTITIONS - 1];
}

struct str aws_partition_of(struct str region)
{
    return str_of(partition_of(region)->id);
}

bool region_is_plausible(struct str region)
{
    struct str word = S("east"); /* the name of a whole partition has none */
    return partition_find(region, &word) != NULL && in_words(compass, word);
}

bool region_is_label(struct str region)
{
    for (size_t i = 0; i < region.len; i++) {
        char c = region.ptr[i];
        bool inner = i > 0 && i + 1 < region.len;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && inner))
            return false;
    }
    return region.len > 0 && region.len <= 63;
}

bool aws_region_is_known(struct str region)
{
    return region_is_plausible(region);
}

enum { NAME_MAX_LEN = 24, NEAR = 3 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Letters added, left out, changed; two neighbours exchanged count once. */
static size_t distance(struct str a, struct str b)
{
    size_t d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
    for (size_t i = 0; i <= a.len; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= b.len; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = a.ptr[i - 1] != b.ptr[j - 1];
            d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
                d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    }
    return d[a.len][b.len];
}

struct str region_near(struct str typed)
{
    struct str best = {0};
    size_t best_distance = NEAR + 1;
    if (typed.len > NAME_MAX_LEN)
        return best;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t d = distance(typed, str_of(known[i]));
        if (d < best_distance) {
            best = str_of(known[i]);
            best_distance = d;
        }
    }
    return best;
}
