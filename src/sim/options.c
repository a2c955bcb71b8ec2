#include "options.h"

#include <stdio.h>
#include <stdlib.h>

const char command_line_usage[] =
    "Usage: hyperpod-sim [options]\n"
    "An embedded AWS for tests: STS, EC2 networking and SageMaker HyperPod, on loopback only.\n"
    "Prints one line, ready http://127.0.0.1:PORT, when it listens; SIGTERM ends it.\n"
    "\n"
    "  --port N          port to listen on (0: any free one, the default)\n"
    "  --listen ADDRESS  loopback address to listen on (127.0.0.1, the default; ::1)\n"
    "  --state FILE      keep the state in FILE, so that it outlives the process\n"
    "  --scenario FILE   how the world is at the start: clock, conditions, faults, what exists\n"
    "  --time-scale X    simulated seconds a real second (1); 0: only POST /_sim/clock moves time\n"
    "  --models DIR      check calls and answers by AWS's service models as well: the data folder\n"
    "                    of an installed botocore, or a folder of SERVICE.service-2.json\n"
    "  --seed N          the same ids and chances in every run\n"
    "  --no-auth         do not check signatures\n"
    "  --log FILE        a line of JSON for each call (-: stderr)\n"
    "  --quiet           no warnings on stderr\n"
    "  --verbose         a line for each call on stderr, unless --log names a file\n"
    "  --help, --version\n"
    "\n"
    "Credentials: AKIASIMULATEDACCOUNT / simulated-secret, account 111122223333, any region.\n"
    "Exit: 0 after SIGTERM; 64 usage, an address that is not loopback, a folder without models;\n"
    "65 unreadable state, scenario or model (with line and column); 69 it cannot listen; 73 state\n"
    "or log cannot be written; 98 port in use.\n";

enum option {
    PORT,
    LISTEN,
    STATE,
    SCENARIO,
    TIME_SCALE,
    MODELS,
    SEED,
    NO_AUTH,
    LOG,
    QUIET,
    VERBOSE,
    HELP,
    VERSION,
    OPTIONS
};

static const struct {
    const char *name;
    bool value;
} options[OPTIONS] = {
    [PORT] = {"--port", true},
    [LISTEN] = {"--listen", true},
    [STATE] = {"--state", true},
    [SCENARIO] = {"--scenario", true},
    [TIME_SCALE] = {"--time-scale", true},
    [MODELS] = {"--models", true},
    [SEED] = {"--seed", true},
    [NO_AUTH] = {"--no-auth", false},
    [LOG] = {"--log", true},
    [QUIET] = {"--quiet", false},
    [VERBOSE] = {"--verbose", false},
    [HELP] = {"--help", false},
    [VERSION] = {"--version", false},
};

static bool refuse(char *reterr, const char *what, const char *word)
{
    snprintf(reterr, 256, "%s: %s", what, word);
    return false;
}

/* Which option, and what stands behind its = (NULL: nothing). */
static enum option option_of(const char *word, const char **ret_value)
{
    const char *equals = strchr(word, '=');
    size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
    int which = 0;

    while (which < OPTIONS &&
           !(strlen(options[which].name) == len && strncmp(options[which].name, word, len) == 0))
        which++;
    *ret_value = equals == NULL ? NULL : equals + 1;
    return (enum option)which;
}

static bool take(struct command_line *line, enum option which, const char *value, char *reterr)
{
    int64_t number = 0;
    char *end = NULL;

    switch (which) {
    case PORT:
        if (!str_to_int64(str_of(value), &number) || number < 0 || number > 65535)
            return refuse(reterr, "--port is a whole number from 0 to 65535", value);
        line->port = (int)number;
        break;
    case STATE:
        line->sim.state = value;
        break;
    case LISTEN:
        line->listen = strcmp(value, "localhost") == 0 ? "127.0.0.1" : value;
        break;
    case SCENARIO:
        line->sim.scenario = value;
        break;
    case MODELS:
        line->sim.models = value;
        break;
    case TIME_SCALE:
        line->sim.time_scale = strtod(value, &end);
        if (end == value || *end != 0 || !(line->sim.time_scale >= 0) || line->sim.time_scale > 1e6)
            return refuse(reterr, "--time-scale is a number from 0 to 1000000", value);
        line->sim.has_time_scale = true;
        break;
    case SEED:
        if (!str_to_int64(str_of(value), &number))
            return refuse(reterr, "--seed is a whole number", value);
        line->sim.seed = (uint64_t)number;
        line->sim.has_seed = true;
        break;
    case NO_AUTH:
        line->sim.no_auth = true;
        break;
    case LOG:
        line->log = value;
        break;
    case QUIET:
        line->quiet = true;
        break;
    case VERBOSE:
        line->verbose = true;
        break;
    case HELP:
        line->help = true;
        break;
    case VERSION:
        line->version = true;
        break;
    case OPTIONS:
        break;
    }
    return true;
}

bool command_line_parse(int argc, char **argv, struct command_line *ret_line, char reterr[256])
{
    struct command_line line = {.sim = {.time_scale = 1, .log_fd = -1}, .listen = "127.0.0.1"};

    for (int i = 1; i < argc; i++) {
        const char *value;
        enum option which = option_of(argv[i], &value);
        if (which == OPTIONS)
            return refuse(reterr, argv[i][0] == '-' ? "unknown option" : "this is no option",
                          argv[i]);
        if (!options[which].value && value != NULL)
            return refuse(reterr, "this option has no value", argv[i]);
        if (options[which].value && value == NULL) {
            if (i + 1 == argc)
                return refuse(reterr, "a value is missing", argv[i]);
            value = argv[++i];
        }
        if (!take(&line, which, value, reterr))
            return false;
    }
    if (line.quiet && line.verbose)
        return refuse(reterr, "one or the other", "--quiet, --verbose");
    *ret_line = line;
    return true;
}
