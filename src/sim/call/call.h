/* One call of an operation, from the decoded request to the tree of its answer. */
#ifndef HP_SIM_CALL_H
#define HP_SIM_CALL_H

#include "world/state.h"
#include <hp/doc/doc.h>
#include <hp/sim/sim.h>

struct sim;

struct call {
    struct state *state;
    struct region *region;
    struct arena *arena;
    const struct operation *operation;
    const struct doc *input; /* JSON: as sent; EC2 and query: names with points become objects */
    struct doc *output;      /* an object; a handler puts its answer's members into it */
    int64_t now_ms;          /* simulated */
    struct sim *sim;         /* sts: keys are handed out */
    struct str access_key;   /* of who signed; empty: nobody did */
    struct str token;        /* beside it; empty: none */
    struct caller caller;    /* whose key that is */
    struct str
        fail;   /* the fault `fail`: what is made now shall fail with this message; empty: none */
    int status; /* of the error */
    struct str code, message;
};

/* Sets the caller; `arn` empty: it is the account's user. Wants call's region. */
void call_by(struct call *call, struct str arn, struct str id, struct str source_identity);

/* Makes the error; status 400. */
void call_error(struct call *call, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same as an expression that is false: return call_fail(…). */
#define call_fail(call, ...) (call_error((call), __VA_ARGS__), false)

struct shape;

/* An operation is one row: its name, what carries it out, and what it takes. */
struct operation {
    struct str name;
    bool (*handle)(struct call *call); /* false: call's error is made and nothing has changed */
    bool writes;
    const char
        *takes; /* EC2, query: parameters, "Filter.N.Value.N"; the common ones are not named */
    const struct shape *input; /* JSON */
    bool open;                 /* needs no signature */
    bool signs;                /* what it makes or changes keeps who the caller is */
};

enum protocol { PROTOCOL_JSON, PROTOCOL_QUERY, PROTOCOL_EC2 };

struct service {
    struct str name; /* in the credential scope */
    enum protocol protocol;
    struct str target; /* JSON: before the point of X-Amz-Target */
    struct str version, xmlns;
    const struct operation *const *tables; /* each ended by a row without name; NULL ends them */
};

extern const struct service *const services[]; /* ended by NULL */

const struct service *service_find(struct str name);
const struct operation *operation_find(const struct service *service, struct str name);
/* {service: {operation: {"writes", "open", "takes": [paths of input members]}}} */
struct doc *services_describe(struct arena *arena);

extern const struct operation sts_operations[], ec2_vpc_operations[],
    ec2_security_group_operations[], ec2_rule_operations[], ec2_interface_operations[],
    ec2_tag_operations[], sagemaker_cluster_operations[], sagemaker_node_operations[],
    sagemaker_tag_operations[], sagemaker_batch_operations[], sagemaker_event_operations[],
    sagemaker_software_operations[], sagemaker_extension_operations[],
    sagemaker_attachment_operations[], sagemaker_quota_operations[], sagemaker_plan_operations[],
    sagemaker_plan_offer_operations[];
extern const struct operation ec2_block_operations[], ec2_subnet_operations[],
    ec2_zone_operations[], ec2_gateway_operations[], ec2_address_operations[],
    ec2_nat_gateway_operations[], ec2_route_table_operations[], ec2_route_operations[],
    ec2_endpoint_operations[], ec2_endpoint_change_operations[], ec2_service_operations[],
    ec2_network_acl_operations[], ec2_interface_change_operations[], ec2_instance_type_operations[];

#endif
