/* An embedded AWS: STS, EC2 networking and SageMaker HyperPod with their rules, life cycles, errors
 * and signatures, on simulated time. For tests and for trying the provider out; loopback only.
 *
 * It shares no code with the provider's AWS client, so that both can't be wrong together. All
 * functions are thread safe unless they say otherwise. */
#ifndef HP_SIM_SIM_H
#define HP_SIM_SIM_H

#include <hp/base/clock.h>

struct sim_options {
    bool no_auth; /* signatures are not looked at */
    double
        time_scale; /* simulated seconds a real second; 0: only the control call moves the clock */
    bool has_seed;  /* ids, request ids and chance are the same in every run */
    uint64_t seed;
    const char *state;    /* a journal that outlives the process; NULL: memory only */
    const char *scenario; /* how the world is at the start; NULL: as usual */
    const char *models;   /* a folder with AWS's service models; NULL: our own tables only */
    bool has_time_scale;  /* time_scale counts more than the scenario's */
    int log_fd;           /* a line of JSON for each call; -1: none */
};

struct sim;

/* Why sim_new refused: the exit code (64 no folder with models; 65 a journal, scenario or model
 * that is wrong; 73 a journal that cannot be written) and a sentence. */
struct sim_error {
    int exit_code;
    char text[512];
};

/* The world is borrowed for the life of the sim. NULL: *reterr says why. */
struct sim *sim_new(const struct world *world, const struct sim_options *options,
                    struct sim_error *reterr);
void sim_free(struct sim *sim); /* takes NULL too; no answer may be under way */
/* Ends the waits of calls that are slow, or held, on purpose. */
void sim_stop(struct sim *sim);

struct sim_header {
    struct str name, value;
};

/* A request as it stood on the wire; everything is borrowed. */
struct sim_request {
    struct str method, uri; /* uri: path and query, as sent */
    const struct sim_header *headers;
    size_t header_count;
    struct str body;
};

enum sim_ending {
    SIM_WHOLE,
    SIM_CUT,  /* half of the body, then the connection ends */
    SIM_LOST, /* the connection ends before the answer */
    SIM_RESET /* the connection is reset; nothing was done */
};

struct sim_answer {
    int status;
    enum sim_ending ending;
    struct str content_type, request_id, error_type; /* the last two may be empty */
    struct str date; /* of a clock that is wrong on purpose; empty: the wall clock's */
    struct str body;
};

/* Answers one request: AWS's services, /_sim/ and the page for people. The answer lives in the
 * arena. */
void sim_answer(struct sim *sim, struct arena *arena, const struct sim_request *request,
                struct sim_answer *ret_answer);

/* The same by who must not wait. False: there are faults, and the call may be slow or held on
 * purpose; nothing has been done. */
bool sim_answer_at_once(struct sim *sim, struct arena *arena, const struct sim_request *request,
                        struct sim_answer *ret_answer);

struct sim_server;

/* Listens on an address of this machine's loopback ("127.0.0.1", "::1"; NULL: the first); port 0
 * picks one. NULL: errno says why (EADDRINUSE; EINVAL: no loopback address). */
struct sim_server *sim_serve(struct sim *sim, const char *address, int port, int *ret_port);
void sim_server_free(struct sim_server *server); /* waits for the answers under way */

#endif
