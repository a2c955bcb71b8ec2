/* The whole state as a tree, for tests that look inside. */
#include "call/describe.h"
#include "control.h"
#include "sagemaker/cluster_describe.h"
#include "world/cluster_log.h"
#include "world/conditions.h"
#include "world/record.h"

/* EC2's XML repeats <item> in a set; in JSON a set is a list. What is empty is an empty set. */
static bool is_set(const struct doc *doc)
{
    if (doc->kind != DOC_OBJECT)
        return false;
    doc_each (entry, doc)
        if (!str_is(entry->name, "item"))
            return false;
    return true;
}

static struct doc *with_lists(struct arena *arena, struct doc *doc)
{
    bool set = is_set(doc);
    if (doc->kind != DOC_OBJECT)
        return doc;
    struct doc *copy = set ? doc_list(arena) : doc_object(arena);
    doc_each (entry, doc) {
        struct doc *value = with_lists(arena, entry->value);
        if (set)
            doc_add(arena, copy, value);
        else
            doc_put(arena, copy, entry->name, value);
    }
    return copy;
}

static struct doc *describe_region(struct sim *sim, struct arena *arena, struct region *region)
{
    struct call call = {.state = &sim->state, .region = region, .arena = arena};
    struct doc *doc = doc_object(arena);

    doc_put(arena, doc, S("name"), doc_string(arena, region->name));
    for (int kind = 0; kind < THING_KINDS; kind++) {
        struct doc *list = doc_list(arena);
        struct thing *thing;
        list_each (thing, &region->things[kind])
            doc_add(arena, list, with_lists(arena, describe_thing(&call, thing)));
        doc_put(arena, doc, str_of(thing_type((enum thing_kind)kind)), list);
    }
    struct doc *clusters = doc_list(arena);
    struct cluster *cluster;
    list_each (cluster, &region->clusters)
        doc_add(arena, clusters, cluster_describe(arena, cluster));
    doc_put(arena, doc, S("cluster"), clusters);
    doc_put(arena, doc, S("records"), records_describe(arena, region, sim->state.now_ms));
    doc_put(arena, doc, S("logs"), logs_describe(arena, &region->logs));
    return doc;
}

/* Without their keys. */
static struct doc *describe_session(struct arena *arena, const struct credential *credential)
{
    struct doc *doc = doc_object(arena), *tags = doc_object(arena), *keys = doc_list(arena);
    for (size_t i = 0; i < credential->tags.count; i++)
        doc_put(arena, tags, credential->tags.items[i].key,
                doc_string(arena, credential->tags.items[i].value));
    for (size_t i = 0; i < credential->transitive.count; i++)
        doc_add(arena, keys, doc_string(arena, credential->transitive.items[i].key));
    doc_put(arena, doc, S("arn"), doc_string(arena, credential->arn));
    doc_put(arena, doc, S("tags"), tags);
    doc_put(arena, doc, S("transitive_tag_keys"), keys);
    doc_put(arena, doc, S("source_identity"), doc_string(arena, credential->source_identity));
    doc_put(arena, doc, S("policy"), doc_string(arena, credential->policy));
    return doc;
}

struct doc *state_dump(struct sim *sim, struct arena *arena)
{
    struct doc *doc = doc_object(arena), *regions = doc_list(arena), *sessions = doc_list(arena);
    const struct credential *credential;
    struct region *region;

    doc_put(arena, doc, S("now"), doc_string(arena, time_rfc3339(arena, sim_now(sim))));
    doc_put(arena, doc, S("scale"),
            doc_number(arena, arena_fmt(arena, "%.15g", sim->state.clock.scale)));
    doc_put(arena, doc, S("existing"), existing_describe(&sim->state.existing, arena));
    list_each (region, &sim->state.regions)
        doc_add(arena, regions, describe_region(sim, arena, region));
    doc_put(arena, doc, S("regions"), regions);
    doc_put(arena, doc, S("conditions"), conditions_list(&sim->state, arena));
    list_each (credential, &sim->credentials)
        if (credential->arn.len > 0)
            doc_add(arena, sessions, describe_session(arena, credential));
    doc_put(arena, doc, S("sessions"), sessions);
    return doc;
}
