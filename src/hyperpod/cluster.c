/* hyperpod_cluster: a HyperPod cluster with its instance groups. */
#include "cluster.h"

const struct tf_resource hp_cluster = {
    .type = "hyperpod_cluster",
    .doc = "A SageMaker HyperPod cluster with its instance groups. It is there when every node of "
           "every group runs; a rollback by AWS is a failed apply. Roles, subnets and security "
           "groups that it uses must outlive it, which references to them ensure.",
    .attrs = cluster_rows,
    .timeouts = {.create = "5h", .read = "10m", .update = "5h", .delete_ = "90m"},
    .import_example = "ml-cluster",
    .validate = cluster_validate,
    .plan = cluster_plan,
    .create = cluster_create,
    .read = cluster_read,
    .update = cluster_update,
    .delete_ = cluster_delete,
    .import = cluster_import,
};
