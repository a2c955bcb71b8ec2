/* hyperpod_cluster: a HyperPod cluster with its instance groups. */
#include "cluster.h"

static const struct tf_attr identity_rows[] = {
    {"cluster_name", TF_STRING, .flags = TF_REQUIRED, .doc = "Name of the cluster."},
    HP_IDENTITY_ROWS,
    {0},
};
static const struct tf_identity identity = {.attrs = identity_rows, .member = hp_identity_member};

const struct tf_resource hp_cluster = {
    .type = "hyperpod_cluster",
    .doc = "A SageMaker HyperPod cluster with its instance groups. It is there when every node of "
           "every group runs; a rollback by AWS is a failed apply. Roles, subnets and security "
           "groups that it uses must outlive it, which references to them ensure.",
    .attrs = cluster_rows,
    .timeouts = {.create = "5h", .read = "10m", .update = "5h", .delete_ = "90m"},
    .import_example = "ml-cluster",
    .import_forms = "The id is the cluster's name or its ARN. One of another region than the "
                    "provider's is imported as `NAME@REGION`, as in `ml-cluster@us-west-2`, or by "
                    "its ARN, which names the region.",
    .identity = &identity,
    .moves = cluster_moves,
    .list = &cluster_list,
    .validate = cluster_validate,
    .plan = cluster_plan,
    .create = cluster_create,
    .read = cluster_read,
    .update = cluster_update,
    .delete_ = cluster_delete,
    .import = cluster_import,
    .generate = hp_generate,
};
