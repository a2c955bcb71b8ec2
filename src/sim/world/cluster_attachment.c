#include "cluster_attachment.h"

#include <stdio.h>
#include <stdlib.h>

struct attachment *attachment_find(const struct region *region, struct str volume_id)
{
    struct attachment *attachment;
    list_each (attachment, &region->volumes) {
        if (str_eq(attachment->volume_id, volume_id))
            return attachment;
    }
    return NULL;
}

static bool is_taken(const struct region *region, struct str instance_id, const char *device)
{
    const struct attachment *attachment;
    list_each (attachment, &region->volumes) {
        if (str_eq(attachment->instance_id, instance_id) && strcmp(attachment->device, device) == 0)
            return true;
    }
    return false;
}

/* /dev/sdf to /dev/sdp are for data (EC2 user guide, "Device names on Linux instances"). */
struct attachment *attachment_new(struct region *region, struct str volume_id,
                                  struct str instance_id, int64_t now_ms)
{
    char device[16];

    for (char letter = 'f'; letter <= 'p'; letter++) {
        snprintf(device, sizeof device, "/dev/sd%c", letter);
        if (is_taken(region, instance_id, device))
            continue;
        struct attachment *attachment = zeroed(sizeof *attachment);
        attachment->volume_id = text_of(volume_id);
        attachment->instance_id = text_of(instance_id);
        attachment->since_ms = now_ms;
        memcpy(attachment->device, device, sizeof device);
        list_add(&region->volumes, attachment);
        return attachment;
    }
    return NULL;
}

static void done(struct attachment *attachment)
{
    text_done(&attachment->volume_id);
    text_done(&attachment->instance_id);
    free(attachment);
}

void attachment_free(struct region *region, struct attachment *attachment)
{
    list_remove(&region->volumes, attachment);
    done(attachment);
}

void interface_attach(struct region *region, struct interface *interface, struct str instance_id)
{
    text_set(&interface->instance_id, instance_id);
    list_add(&region->attached, interface);
}

size_t attached_count(const struct region *region, struct str instance_id)
{
    const struct interface *interface;
    size_t count = 0;
    list_each (interface, &region->attached)
        count += str_eq(interface->instance_id, instance_id);
    return count;
}

void attachments_leave(struct region *region, struct str instance_id)
{
    for (size_t i = region->volumes.count; i-- > 0;) {
        struct attachment *attachment = region->volumes.items[i];
        if (str_eq(attachment->instance_id, instance_id))
            attachment_free(region, attachment);
    }
    for (size_t i = region->attached.count; i-- > 0;) {
        struct interface *interface = region->attached.items[i];
        if (!str_eq(interface->instance_id, instance_id))
            continue;
        list_remove(&region->attached, interface);
        text_done(&interface->instance_id);
    }
}

void attachments_done(struct region *region)
{
    struct attachment *attachment;
    list_each (attachment, &region->volumes)
        done(attachment);
    list_done(&region->volumes);
    list_done(&region->attached);
}
