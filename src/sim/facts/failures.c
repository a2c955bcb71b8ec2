#include "failures.h"

/* Sources: hyperpod-semantics section 5 (texts seen on live clusters and in AWS's skills); where
 * only a part of a text is known, the rest is ours, and so are the lines marked with *. */
static const struct {
    const char *before, *after; /* the subject stands between them; after NULL: there is none */
} texts[] = {
    [FAILURE_EFA] = {"EFA health checks did not run successfully. Ensure that your VPC and "
                     "security groups are properly configured before attempting to create a new "
                     "cluster.",
                     NULL},
    [FAILURE_CAPACITY] = {"We currently do not have sufficient capacity to launch new ",
                          " instances. Please try again."},
    [FAILURE_CAPACITY_ZONE] = {"We currently do not have sufficient capacity to launch new ",
                               " instances in the Availability Zone you requested. Please try "
                               "again."},
    [FAILURE_NO_SUBNET] = {"No subnets in the capacity AZ ", "."},
    [FAILURE_ADDRESSES] = {"Failed to provision EC2 Instance. The specified subnet does not have "
                           "enough free addresses to satisfy the request.", /* * */
                           NULL},
    [FAILURE_SCRIPT] = {"Lifecycle scripts did not run successfully. To view lifecycle script "
                        "logs, visit log group '",
                        "' in CloudWatch."},
    [FAILURE_SCRIPT_TIMEOUT] = {"Lifecycle scripts execution timed out. To view lifecycle script "
                                "logs, visit log group '",
                                "' in CloudWatch."},
    [FAILURE_BOOTSTRAP] = {"Instance bootstrap failed due to a network misconfiguration. Check the "
                           "routes and endpoints of subnet '",
                           "'."},
    [FAILURE_HARDWARE] = {"Instance likely experienced a hardware failure.", NULL},
    [FAILURE_SPOT] = {"The Spot instance was interrupted: EC2 took its capacity back.",
                      NULL},                                     /* * */
    [FAILURE_DEEP_CHECK] = {"Deep health checks failed: ", "."}, /* * */
    [FAILURE_PERMISSION] = {"The execution role does not have permission to perform ", "."},
    [FAILURE_SERVICE_ROLE] = {"Service role AWSServiceRoleForSageMakerHyperPod could not be "
                              "created: not authorized to perform: ",
                              "."},
    [FAILURE_SOFTWARE] = {"The software update of instance group '", "' failed."}, /* * */
    [FAILURE_SOFTWARE_ROLLBACK] = {"ClusterMaintenanceRollbackFailed: the software update of "
                                   "instance group '",
                                   "' and its rollback failed. Contact AWS Support."},
    [FAILURE_MINIMUM] = {"MinInstanceCount of instance group '",
                         "' was not reached within 3 hours. The group was rolled back."},    /* * */
    [FAILURE_DATABASE] = {"The accounting database ", " cannot be reached from the nodes."}, /* * */
};

struct str failure_text(enum failure failure, struct str subject)
{
    if (texts[failure].after == NULL)
        return text_of(str_of(texts[failure].before));
    return text_fmt("%s%.*s%s", texts[failure].before, STR(subject), texts[failure].after);
}

bool failure_is_capacity(enum failure failure)
{
    return failure == FAILURE_CAPACITY || failure == FAILURE_CAPACITY_ZONE ||
           failure == FAILURE_NO_SUBNET;
}
