#include "options.h"

#include "facts/units.h"

#include <hp/base/clock.h>
#include <stddef.h>

static const char usage_program[] =
    "Usage: hyperpod-probe VERB [options]\n"
    "Measures a cluster's fabric and names what is bad: node, rail, direction or link.\n"
    "\n"
    "  run               measure; one process a node, by srun --mpi=pmix, mpirun or an MPIJob\n"
    "  report FILE       show a report again: text, json, junit, prom, html\n"
    "  compare A B       what changed between two reports\n"
    "  selftest          this node alone: devices, limits, library, a loopback pair\n"
    "\n"
    "hyperpod-probe VERB --help says more. All verbs: --quiet, --verbose, --help, --version.\n"
    "Exit: 0 PASS or WARN; 1 WARN with --strict; 2 FAIL; 3 INCONCLUSIVE; 4 INCOMPLETE; 64 usage;\n"
    "65 unreadable input; 69 no provider or device; 70 internal; 73 output cannot be written;\n"
    "75 timeout.\n";
static const char usage_run[] =
    "Usage: hyperpod-probe run [options], one process a node:\n"
    "  srun --mpi=pmix --ntasks-per-node=1 hyperpod-probe run, mpirun -np 2 hyperpod-probe run\n"
    "\n"
    "  --provider NAME           efa, tcp;ofi_rxm, tcp, shm, sockets (efa where there is one)\n"
    "  --rail DOMAIN             only this rail; may be repeated\n"
    "  --tests LIST              latency,bandwidth,rate,rma,rails,cross,bisection (all but rma;\n"
    "                            rails and cross with two rails, cross only over efa, bisection\n"
    "                            with four nodes; one that is named here and cannot be done: "
    "WARN)\n"
    "  --sizes LIST              of messages: 8,1k,64k,1M, to 16M; all: eight from 8 to 16M\n"
    "  --mode quick|full         some partners for each node, or all pairs (full)\n"
    "  --pairs A:B,...           only these pairs: names, ids, addresses or ranks of nodes\n"
    "  --groups NAME,...         only nodes of these groups of resource_config.json\n"
    "  --expect N                how many nodes must come\n"
    "  --profile FILE            what is expected: a profile, or the name of an instance type\n"
    "  --target latency-us=15    report whether this is met; also bandwidth-gbps=100\n"
    "  --repeat N                repetitions of each measurement, interleaved: 1 to 9 (3)\n"
    "  --box-ms MS               time of one measurement (200); latency takes a quarter of it\n"
    "  --timeout TIME            the whole run ends by then (30m)\n"
    "  --out DIR                 report.json, matrix.f32, junit.xml, probe.prom, report.html\n"
    "  --resource-config FILE    HyperPod's list of nodes (/opt/ml/config/resource_config.json)\n"
    "  --run-id ID               name of this run\n"
    "  --strict                  a warning is exit 1\n";
static const char usage_report[] =
    "Usage: hyperpod-probe report FILE [options]\n"
    "\n"
    "  --format text|json|junit|prom|html   (text)\n"
    "  --out FILE                           instead of stdout\n"
    "  --top N                              length of the worst lists (20)\n"
    "  --strict                             a warning is exit 1\n";
static const char usage_compare[] =
    "Usage: hyperpod-probe compare A B [options]\n"
    "A is the older report or the baseline. What got worse by more than the tolerance is FAIL.\n"
    "\n"
    "  --tolerance 5%        how much worse a median may be (5%)\n"
    "  --format text|json    (text)\n"
    "  --out FILE            instead of stdout\n"
    "  --top N               length of the list of changes (20)\n";
static const char usage_selftest[] =
    "Usage: hyperpod-probe selftest [options]\n"
    "No launcher, no network: devices, limits, library, arithmetic, a loopback pair.\n"
    "\n"
    "  --provider NAME   efa, tcp;ofi_rxm, tcp, shm, sockets (efa where there is one)\n"
    "  --profile FILE    what is expected of this node\n"
    "  --strict          a warning is exit 1\n";

static const struct {
    const char *name, *usage;
    uint32_t files;
} verbs[PROBE_VERBS] = {
    [VERB_NONE] = {"", usage_program, 0},
    [VERB_RUN] = {"run", usage_run, 0},
    [VERB_REPORT] = {"report", usage_report, 1},
    [VERB_COMPARE] = {"compare", usage_compare, 2},
    [VERB_SELFTEST] = {"selftest", usage_selftest, 0},
};

struct choice {
    const char *name;
    uint32_t value;
};
static const struct choice tests[] = {{"latency", TEST_LATENCY},     {"bandwidth", TEST_BANDWIDTH},
                                      {"rate", TEST_RATE},           {"rma", TEST_RMA},
                                      {"rails", TEST_RAILS},         {"cross", TEST_CROSS},
                                      {"bisection", TEST_BISECTION}, {NULL, 0}};
static const struct choice modes[] = {{"full", false}, {"quick", true}, {NULL, 0}};
static const struct choice formats[] = {{"text", FORMAT_TEXT},   {"json", FORMAT_JSON},
                                        {"junit", FORMAT_JUNIT}, {"prom", FORMAT_PROM},
                                        {"html", FORMAT_HTML},   {NULL, 0}};

enum kind {
    FLAG,
    TEXT,
    COUNT,
    TIME,
    PERCENT,
    LIST,
    REPEATED,
    SIZES,
    TESTS,
    MODE,
    FORMAT,
    TARGET,
    PAIRS
};
enum { R = 1 << VERB_RUN, P = 1 << VERB_REPORT, C = 1 << VERB_COMPARE, T = 1 << VERB_SELFTEST };

static const struct option {
    const char *name;
    enum kind kind;
    uint32_t of; /* verbs */
    size_t at;
    int64_t least, most;
} options[] = {
#define AT(member) offsetof(struct probe_options, member)
    {"--help", FLAG, ~0u, AT(help)},
    {"-h", FLAG, ~0u, AT(help)},
    {"--version", FLAG, ~0u, AT(version)},
    {"--quiet", FLAG, ~0u, AT(quiet)},
    {"--verbose", FLAG, ~0u, AT(verbose)},
    {"--provider", TEXT, R | T, AT(provider)},
    {"--rail", REPEATED, R, AT(rails)},
    {"--tests", TESTS, R, AT(tests)},
    {"--sizes", SIZES, R, AT(sizes)},
    {"--mode", MODE, R, AT(quick)},
    {"--pairs", PAIRS, R, AT(pairs)},
    {"--groups", LIST, R, AT(groups)},
    {"--expect", COUNT, R, AT(expect), 1, PROBE_MAX_NODES},
    {"--profile", TEXT, R | T, AT(profile)},
    {"--target", TARGET, R, AT(target)},
    {"--repeat", COUNT, R, AT(repeat), 1, OPTIONS_MOST_REPEAT},
    {"--box-ms", COUNT, R, AT(box_ms), 1, 600000},
    {"--timeout", TIME, R, AT(timeout_ms), 1000, INT64_C(1000) * 3600 * 24 * 7},
    {"--out", TEXT, R | P | C, AT(out)},
    {"--resource-config", TEXT, R, AT(resource_config)},
    {"--run-id", TEXT, R, AT(run_id)},
    {"--strict", FLAG, R | P | T, AT(strict)},
    {"--format", FORMAT, P | C, AT(format)},
    {"--top", COUNT, P | C, AT(top), 1, 10000},
    {"--tolerance", PERCENT, C, AT(tolerance)},
    {NULL},
};

static bool usage(struct probe_error *reterr, const char *what, struct str word)
{
    return probe_error(reterr, EXIT_BAD_USAGE, "%s: %.*s", what, STR(word));
}

static const struct choice *choice_of(const struct choice *choices, struct str word)
{
    while (choices->name != NULL && !str_is(word, choices->name))
        choices++;
    return choices->name == NULL ? NULL : choices;
}

static bool take_list(struct option_list *list, struct str value, char separator,
                      struct probe_error *reterr)
{
    struct str word, rest = value;

    while (separator != 0 ? str_next(&rest, separator, &word) : (word = rest, rest.ptr != NULL)) {
        if (word.len == 0)
            return usage(reterr, "an empty word in a list", value);
        if (list->count == OPTIONS_MAX_LIST)
            return usage(reterr, "a list of more than 64 words", value);
        list->items[list->count++] = word;
        if (separator == 0)
            break;
    }
    return true;
}

static bool take_sizes(struct probe_options *line, struct str value, struct probe_error *reterr)
{
    struct option_list list = {0};

    line->size_count = 0;
    if (str_is(value, "all")) { /* eight, each eight times the last */
        for (uint64_t size = 8; size <= OPTIONS_MOST_SIZE; size *= 8)
            line->sizes[line->size_count++] = size;
        return true;
    }
    if (!take_list(&list, value, ',', reterr))
        return false;
    for (uint32_t i = 0; i < list.count; i++) {
        uint64_t *size = &line->sizes[line->size_count++];
        if (!size_parse(list.items[i], size) || *size == 0 || *size > OPTIONS_MOST_SIZE)
            return usage(reterr, "a size is from 1 to 16M, like 8, 64k, 1M", list.items[i]);
    }
    return true;
}

static bool take_tests(struct probe_options *line, struct str value, struct probe_error *reterr)
{
    struct option_list list = {0};

    if (!take_list(&list, value, ',', reterr))
        return false;
    line->tests = 0;
    line->tests_named = true;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct choice *test = choice_of(tests, list.items[i]);
        if (test == NULL)
            return usage(reterr, "tests are latency, bandwidth, rate, rma, rails, cross, bisection",
                         list.items[i]);
        line->tests |= test->value;
    }
    return true;
}

/* Which nodes these are is known when they have come. */
static bool check_pairs(struct str value, struct probe_error *reterr)
{
    struct str word, rest = value;
    uint32_t count = 0;

    if (value.len == 0)
        return usage(reterr, "an empty value", S("--pairs"));
    while (str_next(&rest, ',', &word)) {
        const char *colon = word.len == 0 ? NULL : memchr(word.ptr, ':', word.len);
        if (colon == NULL || colon == word.ptr || word.ptr[word.len - 1] == ':')
            return usage(reterr, "a pair is A:B, two nodes", word);
        if (++count > OPTIONS_MAX_PAIRS)
            return usage(reterr, "more than 1024 pairs; the first that is too many", word);
    }
    return true;
}

static bool take_target(struct probe_target *target, struct str value, struct probe_error *reterr)
{
    struct str number = value, name;
    double *which;

    str_next(&number, '=', &name);
    which = str_is(name, "latency-us")       ? &target->latency_us
            : str_is(name, "bandwidth-gbps") ? &target->bandwidth_gbps
                                             : NULL;
    if (which == NULL || !number_parse(number, which) || *which <= 0)
        return usage(reterr, "a target is latency-us=N or bandwidth-gbps=N", value);
    return true;
}

static bool take_number(const struct option *option, struct str value, int64_t *ret,
                        struct probe_error *reterr)
{
    int64_t number = 0;
    bool read =
        option->kind == TIME ? duration_parse(value, &number) : str_to_int64(value, &number);

    if (!read || number < option->least || number > option->most) {
        if (option->kind == TIME)
            return usage(reterr, "a time is from 1s to 168h, like 30m", value);
        return probe_error(reterr, EXIT_BAD_USAGE, "%s is a whole number from %lld to %lld: %.*s",
                           option->name, (long long)option->least, (long long)option->most,
                           STR(value));
    }
    *ret = number;
    return true;
}

static bool take(struct probe_options *line, const struct option *option, const char *z,
                 struct probe_error *reterr)
{
    void *at = (char *)line + option->at;
    struct str value = str_of(z);
    const struct choice *choice;

    switch (option->kind) {
    case FLAG:
        *(bool *)at = true;
        return true;
    case TEXT:
        *(const char **)at = z;
        return value.len > 0 || usage(reterr, "an empty value", str_of(option->name));
    case COUNT:
    case TIME:
        return take_number(option, value, at, reterr);
    case PERCENT:
        return (percent_parse(value, at) && *(double *)at <= 1) ||
               usage(reterr, "a share is from 0% to 100%", value);
    case PAIRS:
        *(const char **)at = z;
        return check_pairs(value, reterr);
    case LIST:
        return take_list(at, value, ',', reterr);
    case REPEATED:
        return take_list(at, value, 0, reterr);
    case SIZES:
        return take_sizes(line, value, reterr);
    case TESTS:
        return take_tests(line, value, reterr);
    case MODE:
        if ((choice = choice_of(modes, value)) == NULL)
            return usage(reterr, "--mode is quick or full", value);
        line->quick = choice->value != 0;
        return true;
    case FORMAT:
        if ((choice = choice_of(formats, value)) == NULL)
            return usage(reterr, "--format is text, json, junit, prom or html", value);
        line->format = (enum probe_format)choice->value;
        return true;
    case TARGET:
        return take_target(at, value, reterr);
    }
    return false;
}

/* Which option, and what stands behind its = (NULL: nothing). */
static const struct option *option_of(const char *word, const char **ret_value)
{
    const char *equals = strchr(word, '=');
    struct str name = {word, equals == NULL ? strlen(word) : (size_t)(equals - word)};
    const struct option *option = options;

    *ret_value = equals == NULL ? NULL : equals + 1;
    while (option->name != NULL && !str_is(name, option->name))
        option++;
    return option->name == NULL ? NULL : option;
}

static bool take_word(struct probe_options *line, const char *word, struct probe_error *reterr)
{
    if (line->verb == VERB_NONE) {
        for (uint32_t v = 1; v < PROBE_VERBS; v++)
            if (strcmp(word, verbs[v].name) == 0)
                line->verb = (enum probe_verb)v;
        return line->verb != VERB_NONE || usage(reterr, "no such verb", str_of(word));
    }
    if (line->file_count == verbs[line->verb].files)
        return usage(reterr, "one word too many", str_of(word));
    line->files[line->file_count++] = word;
    return true;
}

static bool whole(const struct probe_options *line, struct probe_error *reterr)
{
    if (line->help || line->version)
        return true;
    if (line->verb == VERB_NONE)
        return probe_error(reterr, EXIT_BAD_USAGE, "which verb: run, report, compare or selftest?");
    if (line->file_count < verbs[line->verb].files)
        return probe_error(reterr, EXIT_BAD_USAGE, "%s needs %u file%s", verbs[line->verb].name,
                           verbs[line->verb].files, verbs[line->verb].files == 1 ? "" : "s");
    if (line->pairs != NULL && line->quick)
        return probe_error(reterr, EXIT_BAD_USAGE, "--pairs or --mode quick, not both");
    if (line->pairs != NULL && line->tests_named && (line->tests & TEST_BISECTION) != 0)
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "--tests bisection measures pairs that --pairs does not name");
    if (line->target.latency_us > 0 && (line->tests & TEST_LATENCY) == 0)
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "--target latency-us is of latency, which --tests leaves out");
    if (line->target.bandwidth_gbps > 0 && (line->tests & TEST_BANDWIDTH) == 0)
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "--target bandwidth-gbps is of bandwidth, which --tests leaves out");
    if (line->quiet && line->verbose)
        return probe_error(reterr, EXIT_BAD_USAGE, "--quiet or --verbose, not both");
    if (line->verb == VERB_COMPARE && line->format != FORMAT_TEXT && line->format != FORMAT_JSON)
        return probe_error(reterr, EXIT_BAD_USAGE, "compare knows the formats text and json");
    return true;
}

bool probe_options_parse(int argc, char **argv, struct probe_options *ret_options,
                         struct probe_error *reterr)
{
    struct probe_options line = {.tests = TEST_LATENCY | TEST_BANDWIDTH | TEST_RATE | TEST_RAILS |
                                          TEST_CROSS | TEST_BISECTION,
                                 .repeat = 3,
                                 .box_ms = 200,
                                 .timeout_ms = INT64_C(30) * 60 * 1000,
                                 .top = 20,
                                 .tolerance = 0.05};

    for (int i = 1; i < argc; i++) {
        const char *value;
        if (argv[i][0] != '-' || argv[i][1] == 0) {
            if (!take_word(&line, argv[i], reterr))
                return false;
            continue;
        }
        const struct option *option = option_of(argv[i], &value);
        if (option == NULL)
            return usage(reterr, "unknown option", str_of(argv[i]));
        if (option->of != ~0u && line.verb == VERB_NONE)
            return usage(reterr, "the verb comes first", str_of(argv[i]));
        if ((option->of & 1u << line.verb) == 0)
            return usage(reterr, "not an option of this verb", str_of(argv[i]));
        if (option->kind == FLAG && value != NULL)
            return usage(reterr, "this option has no value", str_of(argv[i]));
        if (option->kind != FLAG && value == NULL) {
            if (i + 1 == argc)
                return usage(reterr, "a value is missing", str_of(argv[i]));
            value = argv[++i];
        }
        if (!take(&line, option, value, reterr))
            return false;
    }
    if (!whole(&line, reterr))
        return false;
    *ret_options = line;
    return true;
}

const char *probe_options_usage(enum probe_verb verb)
{
    return verbs[verb].usage;
}
