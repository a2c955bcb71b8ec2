/* Fragments of SageMaker's model that operations of several kinds have: names, ARNs, pages, tags.
 */
#ifndef HP_SIM_COMMON_SHAPES_H
#define HP_SIM_COMMON_SHAPES_H

#include "call/shape.h"

extern const struct shape shape_cluster_arn, shape_cluster_name_or_arn, shape_group_name,
    shape_instance_type, shape_node_id, shape_node_logical_id, shape_image_id, shape_image_release,
    shape_client_token, shape_max_results, shape_next_token, shape_sort_order, shape_timestamp,
    shape_tag_key, shape_tag_list, shape_training_plan_arn;

#endif
