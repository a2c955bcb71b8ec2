/* What users attach to nodes: volumes of EBS (any vol-… is taken to exist) and network interfaces.
 * Both are free again when the instance has gone. */
#ifndef HP_SIM_CLUSTER_ATTACHMENT_H
#define HP_SIM_CLUSTER_ATTACHMENT_H

#include "state.h"

struct attachment {
    struct str volume_id, instance_id;
    int64_t since_ms;
    char device[16]; /* "/dev/sdf" */
};

struct attachment *attachment_find(const struct region *region, struct str volume_id);
/* NULL: the instance has no device left. */
struct attachment *attachment_new(struct region *region, struct str volume_id,
                                  struct str instance_id, int64_t now_ms);
void attachment_free(struct region *region, struct attachment *attachment);
/* The interface is the instance's until that goes. */
void interface_attach(struct region *region, struct interface *interface, struct str instance_id);
/* How many interfaces were attached to it. */
size_t attached_count(const struct region *region, struct str instance_id);
/* The instance goes. */
void attachments_leave(struct region *region, struct str instance_id);
void attachments_done(struct region *region);

#endif
