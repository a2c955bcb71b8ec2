/* What a JSON operation takes: types, limits and patterns, checked with AWS's words. Facts from
 * AWS's service model (botocore data/sagemaker/2017-07-24). Patterns are anchored at both ends. */
#ifndef HP_SIM_SHAPE_H
#define HP_SIM_SHAPE_H

#include "call.h"

enum shape_type {
    SHAPE_STRING,
    SHAPE_INTEGER,
    SHAPE_BOOLEAN,
    SHAPE_TIMESTAMP,
    SHAPE_STRUCTURE,
    SHAPE_LIST,
    SHAPE_MAP
};

struct member {
    struct str name;
    const struct shape *shape;
    bool required;
};

struct shape {
    enum shape_type type;
    int64_t min, max;             /* characters, value or elements; max 0: no limit */
    const char *pattern;          /* or NULL */
    const char *const *values;    /* an enumeration, ended by NULL; or NULL */
    const struct member *members; /* ended by a row without name */
    bool one_of;                  /* a union: exactly one member */
    const struct shape *key, *element;
};

/* Checks the call's input. False: ValidationException or SerializationException; members that the
 * shape does not have are refused too, which AWS does not do: a typing error shall not pass a test.
 */
bool shape_check(struct call *call);

extern const struct shape sagemaker_create_cluster, sagemaker_update_cluster,
    sagemaker_cluster_named, sagemaker_list_clusters, sagemaker_list_cluster_nodes,
    sagemaker_describe_cluster_node, sagemaker_add_tags, sagemaker_delete_tags, sagemaker_list_tags;
extern const struct shape sagemaker_deployment_configuration, sagemaker_batch_add_cluster_nodes,
    sagemaker_batch_delete_cluster_nodes, sagemaker_batch_reboot_cluster_nodes,
    sagemaker_update_cluster_software, sagemaker_start_cluster_health_check,
    sagemaker_list_cluster_events, sagemaker_describe_cluster_event,
    sagemaker_list_cluster_operations, sagemaker_describe_cluster_operation;

#endif
