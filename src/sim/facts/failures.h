/* What goes wrong with nodes, in AWS's words. */
#ifndef HP_SIM_FAILURES_H
#define HP_SIM_FAILURES_H

#include "ground/text.h"

enum failure {
    FAILURE_NONE,
    FAILURE_EFA,
    FAILURE_CAPACITY,
    FAILURE_CAPACITY_ZONE,
    FAILURE_NO_SUBNET,
    FAILURE_ADDRESSES,
    FAILURE_SCRIPT,
    FAILURE_SCRIPT_TIMEOUT,
    FAILURE_BOOTSTRAP,
    FAILURE_HARDWARE,
    FAILURE_SPOT,
    FAILURE_DEEP_CHECK,
    FAILURE_PERMISSION,
    FAILURE_SERVICE_ROLE,
    FAILURE_SOFTWARE,
    FAILURE_SOFTWARE_ROLLBACK,
    FAILURE_MINIMUM,
    FAILURE_DATABASE
};

/* The sentence, about its subject where it has one (a type, an action). Heap. */
struct str failure_text(enum failure failure, struct str subject);
/* Was it a shortage of instances? */
bool failure_is_capacity(enum failure failure);

#endif
