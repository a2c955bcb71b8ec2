/* What the protocols look like: requests to trees, trees to answers. */
#ifndef HP_SIM_WIRE_H
#define HP_SIM_WIRE_H

#include "call/call.h"

/* What a body may hold: far more than any call needs, and less than a call's memory has room for.
 */
extern const struct doc_limits wire_limits; /* 32 MiB, depth 100, 500 000 nodes */

/* The operation that a request names, or ptr NULL. */
struct str wire_operation(struct arena *arena, enum protocol protocol,
                          const struct sim_request *request);
/* Fills call->input; false: call's error. */
bool wire_decode(struct call *call, enum protocol protocol, const struct sim_request *request);
/* Writes the answer, or the error when !ok. answer->request_id is there already. */
void wire_encode(const struct call *call, const struct service *service, bool ok,
                 struct sim_answer *answer);
/* Writes the error of a request to no service that there is, as its client can read it. */
void wire_refuse(struct arena *arena, const struct sim_request *request, struct sim_answer *answer);

#endif
