#include "verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* A verb that this build lacks is NULL. */
static int (*const verbs[PROBE_VERBS])(const struct probe_options *, const struct world *) = {
    [VERB_RUN] = verb_run,
    [VERB_REPORT] = verb_report,
    [VERB_COMPARE] = verb_compare,
    [VERB_SELFTEST] = verb_selftest,
};

bool verb_tells(const struct world *world)
{
    struct str rank = world_env(world, "PMIX_RANK");

    return str_empty(rank) || str_is(rank, "0");
}

static int say(const char *text)
{
    if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
        return EXIT_PASS;
    fprintf(stderr, "hyperpod-probe: stdout: cannot be written: %s\n", strerror(errno));
    return EXIT_CANNOT_WRITE;
}

int main(int argc, char **argv)
{
    struct probe_options options;
    struct probe_error error = {0};

    if (!probe_options_parse(argc, argv, &options, &error)) {
        if (verb_tells(world_of_process()))
            fprintf(stderr, "hyperpod-probe: %s\nhyperpod-probe --help says what there is.\n",
                    error.text);
        return error.exit_code;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is an error like a full disk */
    if (options.help)
        return say(probe_options_usage(options.verb));
    if (options.version)
        return say("hyperpod-probe " HP_VERSION "\n");
    if (verbs[options.verb] == NULL) {
        fputs("hyperpod-probe: this build cannot do that\n", stderr);
        return EXIT_UNAVAILABLE;
    }
    return verbs[options.verb](&options, world_of_process());
}
