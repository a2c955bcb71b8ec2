/* The client from inside, and the way for tests to give it a transport that answers by script.
 * Private to aws. */
#ifndef AWS_CLIENTS_H
#define AWS_CLIENTS_H

#include "credentials.h"
#include "retry.h"
#include "settings.h"

#include <stdatomic.h>

struct aws_client {
    const struct world *world;
    struct arena *arena; /* of the settings; not touched after aws_client_new */
    struct settings settings;
    struct transport transport;
    struct sigv4_keys *keys;
    struct vault *vault;
    struct retry_quota *quota;
    struct retry_rate *rate;
    _Atomic int64_t skew_ms; /* AWS's clock minus ours */
    atomic_bool time_known;  /* AWS has answered, and has told its time if it tells any */
    struct str user_agent;
};

/* A UUID of version 4. */
struct str client_uuid(struct arena *arena, const struct world *world);
/* AWS's clock, as far as it is known. */
int64_t client_now_ms(const struct aws_client *client);
/* False: nothing of AWS's has answered yet, and our clock may be hours off. */
bool client_knows_time(const struct aws_client *client);
/* Is it over by AWS's clock? Before that is known only what is a day past by ours is. */
bool client_is_past(const struct aws_client *client, int64_t ends_ms);
/* Takes AWS's clock from an answer of AWS when ours is off by more than that. Keys' ends and
 * signatures are reckoned in it. */
enum { CLIENT_TIME_OFF_MS = 2 * 60 * 1000 };
void client_learn_time(struct aws_client *client, const struct http_answer *answer, int64_t off_ms);

/* As aws_client_new; transport NULL: by libcurl. The client owns it, also when this fails. */
bool client_new(const struct world *world, const struct aws_config *config,
                const struct transport *transport, struct arena *arena,
                struct aws_client **ret_client, struct aws_error *reterr);

/* As aws_call, signed with these keys; NULL: of an anonymous operation. */
bool call_as(const struct aws_context *context, const struct credentials *by,
             const struct aws_op *op, const struct doc *input, struct doc **ret_output,
             struct aws_error *reterr);

#endif
