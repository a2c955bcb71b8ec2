/* How the answers about clusters and nodes are put together. */
#ifndef HP_SIM_DESCRIBE_PARTS_H
#define HP_SIM_DESCRIBE_PARTS_H

#include "cluster_describe.h"
#include "sagemaker.h"

static inline void put(struct arena *arena, struct doc *doc, const char *name, struct doc *value)
{
    doc_put(arena, doc, str_of(name), value);
}

/* Nothing when the text is empty. */
static inline void put_text(struct arena *arena, struct doc *doc, const char *name, struct str text)
{
    if (text.len > 0)
        put(arena, doc, name, doc_string(arena, text));
}

/* Members that are answered as they were sent. */
static inline void echo(struct arena *arena, struct doc *doc, const struct doc *from,
                        const char *const *names)
{
    for (; *names != NULL; names++) {
        struct doc *value = doc_get(from, str_of(*names));
        if (!doc_is_null(value))
            put(arena, doc, *names, value);
    }
}

static inline struct doc *or_else(struct doc *value, struct doc *fallback)
{
    return doc_is_null(value) ? fallback : value;
}

/* KubernetesConfig of a group and of its nodes. */
void put_kubernetes(struct arena *arena, struct doc *doc, const struct cluster *cluster,
                    const struct node_group *group);
/* Image, release and their status; on_desired: what is there is the desired one. */
void put_image(struct arena *arena, struct doc *doc, const struct cluster *cluster,
               const struct node_group *group, bool on_desired);
/* "UpToDate", "UpdateAvailable" … */
const char *image_status(const struct cluster *cluster, struct str release);

#endif
