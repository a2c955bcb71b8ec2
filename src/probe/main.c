#include "verbs.h"

#include <signal.h>
#include <stdio.h>

/* A verb that this build lacks is NULL. */
static int (*const verbs[PROBE_VERBS])(const struct probe_options *, const struct world *) = {
    [VERB_RUN] = verb_run,
    [VERB_REPORT] = verb_report,
    [VERB_COMPARE] = verb_compare,
    [VERB_SELFTEST] = verb_selftest,
};

int main(int argc, char **argv)
{
    struct probe_options options;
    struct probe_error error = {0};

    if (!probe_options_parse(argc, argv, &options, &error)) {
        fprintf(stderr, "hyperpod-probe: %s\nhyperpod-probe --help says what there is.\n",
                error.text);
        return error.exit_code;
    }
    if (options.help || options.version) {
        fputs(options.help ? probe_options_usage(options.verb) : "hyperpod-probe " HP_VERSION "\n",
              stdout);
        return 0;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is an error like a full disk */
    if (verbs[options.verb] == NULL) {
        fputs("hyperpod-probe: this build cannot do that\n", stderr);
        return EXIT_UNAVAILABLE;
    }
    return verbs[options.verb](&options, world_of_process());
}
