/* What lifecycle scripts and the platform write to CloudWatch: group
 * /aws/sagemaker/Clusters/NAME/ID, streams LifecycleConfig/GROUP/INSTANCE and
 * DeepHealthCheckResults/INSTANCE (lifecycle-scripts section 3, semantics section 4). A group
 * outlives its cluster, as AWS's does (semantics section 14). */
#ifndef HP_SIM_CLUSTER_LOG_H
#define HP_SIM_CLUSTER_LOG_H

#include "cluster.h"

struct log_line {
    int64_t time_ms;
    struct str stream, text; /* text empty: the stream was opened */
};

struct log_group {
    struct str name;
    struct list lines; /* struct log_line, in the order of time */
};

/* The name of the cluster's group; heap. */
struct str log_group_name(const struct cluster *cluster);
/* The node's stream is there from its launch on, and may stay empty. */
void log_open(struct cluster *cluster, const struct node_group *group, const struct node *node,
              int64_t now_ms);
void log_write(struct cluster *cluster, const struct node_group *group, const struct node *node,
               int64_t now_ms, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A line about deep health checks. */
void log_check(struct cluster *cluster, const struct node *node, int64_t now_ms, const char *text);
/* [{"name", "lines": [{"stream", "time", "text"}]}] */
struct doc *logs_describe(struct arena *arena, const struct list *logs);
void logs_done(struct list *logs);

#endif
