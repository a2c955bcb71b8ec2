/* The command line of hyperpod-sim. */
#ifndef HP_SIM_OPTIONS_H
#define HP_SIM_OPTIONS_H

#include <hp/sim/sim.h>

struct command_line {
    struct sim_options sim;
    int port;
    const char *listen; /* an address; sim_serve knows whether it is loopback */
    const char *log;
    bool quiet, verbose, help, version;
};

/* False: *reterr is a sentence. Options take their value after = or as the next word. */
bool command_line_parse(int argc, char **argv, struct command_line *ret_line, char reterr[256]);
extern const char command_line_usage[];

#endif
