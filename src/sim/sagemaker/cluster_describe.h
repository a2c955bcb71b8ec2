/* Clusters and nodes as DescribeCluster and DescribeClusterNode show them. */
#ifndef HP_SIM_CLUSTER_DESCRIBE_H
#define HP_SIM_CLUSTER_DESCRIBE_H

#include "world/cluster.h"

/* Borrows from the cluster. */
struct doc *cluster_describe(struct arena *arena, const struct cluster *cluster);

/* How a group answers: "InService", "Creating" … */
const char *group_status(const struct cluster *cluster, const struct node_group *group);

struct doc *node_summary(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node);
struct doc *node_details(struct arena *arena, const struct cluster *cluster,
                         const struct node_group *group, const struct node *node);
/* Nodes of continuous clusters have an instance only when they run. */
bool node_has_instance(const struct cluster *cluster, const struct node *node);

#endif
