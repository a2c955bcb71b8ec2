/* The command line of hyperpod-probe. */
#ifndef HP_PROBE_OPTIONS_H
#define HP_PROBE_OPTIONS_H

#include "result/run.h"

enum probe_verb {
    VERB_NONE,
    VERB_RUN,
    VERB_REPORT,
    VERB_COMPARE,
    VERB_SELFTEST,
    PROBE_VERBS,
};
enum probe_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT, FORMAT_PROM, FORMAT_HTML };
enum {
    TEST_LATENCY = 1,
    TEST_BANDWIDTH = 2,
    TEST_RATE = 4,
    TEST_RMA = 8,
    TEST_RAILS = 16,
    TEST_CROSS = 32,
    TEST_BISECTION = 64
};
enum { OPTIONS_MAX_PAIRS = 1024, OPTIONS_MOST_SIZE = 16 << 20, OPTIONS_MOST_REPEAT = 9 };
enum { OPTIONS_MAX_LIST = 64 };

/* A list of words as they were given; they borrow from argv. */
struct option_list {
    uint32_t count;
    struct str items[OPTIONS_MAX_LIST];
};

struct probe_options {
    enum probe_verb verb;
    bool help, version, quiet, verbose;

    const char *provider;     /* NULL: efa where there is one, tcp otherwise */
    struct option_list rails; /* libfabric's domains; none: all of the provider */
    uint32_t tests;           /* TEST_… */
    bool tests_named;         /* by --tests */
    uint32_t size_count;      /* 0: what each test uses by itself */
    uint64_t sizes[OPTIONS_MAX_LIST];
    bool quick;
    const char *pairs;         /* A:B,…, as it was given; NULL: all, or quick's */
    struct option_list groups; /* of resource_config.json that measure; none: all */
    int64_t expect;            /* nodes; 0: as many as the environment names */
    const char *profile;       /* a file, or an instance type; NULL: the nodes' own type */
    struct probe_target target;
    int64_t repeat, box_ms, timeout_ms;
    const char *out; /* run: a folder; report: a file; NULL: none, or stdout */
    const char *resource_config;
    const char *run_id; /* NULL: made by chance */
    bool strict;

    enum probe_format format;
    int64_t top;
    double tolerance; /* share: 0.05 */
    uint32_t file_count;
    const char *files[2];
};

/* False: *reterr has a sentence and EXIT_BAD_USAGE. */
bool probe_options_parse(int argc, char **argv, struct probe_options *ret_options,
                         struct probe_error *reterr);
/* What --help says; VERB_NONE: of the program. */
const char *probe_options_usage(enum probe_verb verb);

#endif
