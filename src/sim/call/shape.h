/* What an operation takes: types, limits and patterns, checked with AWS's words. Tables of our own
 * state it for JSON operations (facts from AWS's service model, botocore
 * data/sagemaker/2017-07-24); models.c reads the same tables from AWS's models, for every protocol.
 * Patterns are anchored at both ends. */
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
    SHAPE_MAP,
    SHAPE_FLOAT,
    SHAPE_BLOB /* base64 */
};

struct member {
    struct str name;
    const struct shape *shape;
    bool required;
    struct str form; /* EC2, query: what it is called in a request; empty: as it is named */
    struct str xml;  /* and in an answer */
};

struct shape {
    enum shape_type type;
    int64_t min, max;             /* characters, value or elements; max 0: no limit */
    const char *pattern;          /* or NULL */
    const char *const *values;    /* an enumeration, ended by NULL; or NULL */
    const struct member *members; /* ended by a row without name */
    bool one_of;                  /* a union: exactly one member */
    const struct shape *key, *element;
    bool flat;        /* a list or map in a form: its elements have no word of their own */
    const char *item; /* that word ("member"; NULL), which an answer's elements have too */
    struct str name;  /* of the model; empty: a table of our own */
};

/* One thing that is wrong with a value. */
enum flaw_kind { FLAW_MISSING, FLAW_UNKNOWN, FLAW_VALUE, FLAW_ENUM };
struct flaw {
    enum flaw_kind kind;
    struct str path;       /* "instanceGroups.1.member.instanceCount"; EC2: "Filter.1.Name" */
    struct str shown;      /* the value as AWS shows it */
    struct str shape;      /* the model's name of it; empty: none */
    struct str constraint; /* "Member must …" */
    struct flaw *next;
};

/* All that is wrong, in the order in which it was found. */
struct flaws {
    struct arena *arena;
    enum protocol protocol; /* how paths are written */
    struct flaw *first, *last;
    int count;
    struct str
        unreadable; /* a type does not fit (AWS looks no further): AWS's sentence; or empty */
};

/* Checks a value; a NULL value is missing as a whole and has no flaws. */
void shape_check(struct flaws *flaws, const struct shape *shape, const struct doc *value);
/* The tree of a form's parameters as a value of the shape: names as the model has them, lists,
 * numbers. What does not fit becomes a flaw. */
struct doc *shape_of_form(struct flaws *flaws, const struct shape *shape, const struct doc *form);
/* Makes the error that AWS's protocol has for them. False: there are flaws. */
bool flaws_refuse(const struct flaws *flaws, struct call *call);
/* Both have the same flaws, in whatever order. */
bool flaws_equal(const struct flaws *a, const struct flaws *b);
/* For people: "A; B". */
struct str flaws_text(const struct flaws *flaws);
void flaws_add(struct flaws *flaws, enum flaw_kind kind, const struct doc *value, struct str path,
               const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The path of a member: clusterName of ClusterName; EC2 as the form calls it. */
struct str flaws_step(const struct flaws *flaws, struct str path, const struct member *member);

const struct member *shape_member(const struct shape *shape, struct str name);

/* Says how our table differs from the model: a sentence for each, as a list of strings. */
struct doc *shape_differences(struct arena *arena, const struct shape *own,
                              const struct shape *model);
/* Adds each member of an input as a path: "InstanceGroups[].InstanceCount". */
void shape_paths(struct arena *arena, const struct shape *shape, struct doc *list);

/* Does the text match, from its start to its end? Each pattern is compiled once in the life of the
 * process. A pattern that PCRE2 does not take matches everything. Thread safe. */
bool pattern_matches(const char *pattern, struct str text);
/* Does PCRE2 take it? False: *ret_why. */
bool pattern_is_sound(struct arena *arena, const char *pattern, struct str *ret_why);

extern const struct shape sagemaker_create_cluster, sagemaker_update_cluster,
    sagemaker_cluster_named, sagemaker_list_clusters, sagemaker_list_cluster_nodes,
    sagemaker_describe_cluster_node, sagemaker_add_tags, sagemaker_delete_tags, sagemaker_list_tags;
extern const struct shape sagemaker_deployment_configuration, sagemaker_batch_add_cluster_nodes,
    sagemaker_batch_delete_cluster_nodes, sagemaker_batch_reboot_cluster_nodes,
    sagemaker_update_cluster_software, sagemaker_start_cluster_health_check,
    sagemaker_list_cluster_events, sagemaker_describe_cluster_event,
    sagemaker_list_cluster_operations, sagemaker_describe_cluster_operation;
extern const struct shape sagemaker_create_cluster_extension, sagemaker_describe_cluster_extension,
    sagemaker_update_cluster_extension, sagemaker_delete_cluster_extension,
    sagemaker_list_cluster_extensions, sagemaker_list_cluster_extension_versions,
    sagemaker_attach_cluster_node_volume, sagemaker_detach_cluster_node_volume,
    sagemaker_attach_cluster_node_network_interface, sagemaker_create_cluster_scheduler_config,
    sagemaker_describe_cluster_scheduler_config, sagemaker_update_cluster_scheduler_config,
    sagemaker_delete_cluster_scheduler_config, sagemaker_list_cluster_scheduler_configs,
    sagemaker_create_compute_quota, sagemaker_describe_compute_quota,
    sagemaker_update_compute_quota, sagemaker_delete_compute_quota, sagemaker_list_compute_quotas,
    sagemaker_search_training_plan_offerings, sagemaker_create_training_plan,
    sagemaker_describe_training_plan, sagemaker_list_training_plans, sagemaker_extend_training_plan,
    sagemaker_describe_training_plan_extension_history, sagemaker_describe_reserved_capacity,
    sagemaker_list_ultra_servers_by_reserved_capacity;

#endif
