/* What the operations of EC2 have in common: parameters, tags, filters, pages. */
#ifndef HP_SIM_EC2_H
#define HP_SIM_EC2_H

#include "call/call.h"

/* A parameter's text, or an empty one. */
struct str ec2_text(const struct call *call, const char *name);
/* False: MissingParameter. */
bool ec2_need(struct call *call, const char *name, struct str *ret_text);
/* Numbers; a parameter that is not there leaves *ret_number as it was. */
bool ec2_number(struct call *call, const struct doc *parent, const char *name, int64_t *ret_number);

/* The thing of that id; false: the kind's error for an absent or malformed id. */
bool ec2_find(struct call *call, enum thing_kind kind, struct str id, struct thing **ret_thing);
/* The thing that a parameter names, which must be there. */
bool ec2_need_thing(struct call *call, const char *name, enum thing_kind kind,
                    struct thing **ret_thing);
/* true or false; a parameter that is not there leaves *ret_truth as it was. */
bool ec2_flag(struct call *call, const struct doc *parent, const char *name, bool *ret_truth);
/* A yes or no of a thing, which Modify…Attribute names as {"Value": …}. */
struct ec2_attribute {
    const char *parameter, *name; /* name: as Describe…Attribute calls it; NULL: it does not */
    size_t offset;                /* of the bool in the thing */
};
/* Those that the call names: how many, the last of them and its value. False: a value is none. */
bool ec2_attributes(struct call *call, const struct ec2_attribute *attributes, size_t count,
                    size_t *ret_named, const struct ec2_attribute **ret_last, bool *ret_value);
static inline bool *ec2_attribute_of(struct thing *thing, const struct ec2_attribute *attribute)
{
    return (bool *)((char *)thing + attribute->offset);
}
/* One of the choices (ended by NULL); absent: *ret_text stays. */
bool ec2_choice(struct call *call, const char *name, const char *const *choices,
                struct str *ret_text);
/* The answer of an operation that tells nothing but that it is done. True. */
bool ec2_done(struct call *call);

/* Answers. A set is an object whose members are all called item. */
void ec2_put(struct call *call, struct doc *doc, const char *name, struct str text);
void ec2_put_bool(struct call *call, struct doc *doc, const char *name, bool truth);
void ec2_put_int(struct call *call, struct doc *doc, const char *name, int64_t number);
void ec2_put_time(struct call *call, struct doc *doc, const char *name, int64_t unix_ms);
struct doc *ec2_set(struct call *call, struct doc *doc, const char *name);
void ec2_add(struct call *call, struct doc *set, struct doc *item);
void ec2_put_tags(struct call *call, struct doc *doc, const struct tags *tags);
struct str ec2_arn(const struct call *call, const struct thing *thing);

/* TagSpecification.N of one resource type; checked, in the arena. */
struct tag_list {
    const struct tag *items;
    size_t count;
};
bool ec2_tag_specification(struct call *call, enum thing_kind kind, struct tag_list *ret_tags);
/* Tag.N; the value may be missing when a tag is taken away (ptr NULL then). */
bool ec2_tag_list(struct call *call, const struct doc *parent, bool removing,
                  struct tag_list *ret_tags);
void ec2_tag(struct thing *thing, struct tag_list tags);

/* A filter looks at the described item: a path of member names. */
struct ec2_filter {
    const char *name, *path;
};

/* A filter that spares the description of what does not fit: the thing's n-th value, from 0; ptr
 * NULL: it has no more. */
struct ec2_quick {
    const char *name;
    struct str (*value)(const struct thing *thing, size_t n);
};

/* How a kind of thing is described. The set may be asked for by ids, by names, by filters and in
 * pages. */
struct ec2_description {
    enum thing_kind kind;
    const char *ids, *names, *name_path; /* parameters without .N, or NULL */
    const char *set;
    struct doc *(*describe)(struct call *call, const struct thing *thing);
    const struct ec2_filter *filters; /* ended by a row without name */
    int64_t least, most;              /* of MaxResults; 0: 5 and 1000 */
    const struct ec2_quick *quick;    /* ended by a row without name, or NULL */
};
bool ec2_describe(struct call *call, const struct ec2_description *description);

/* The same for what is no thing: counted from 0. describe gives NULL for what is not asked for. */
struct ec2_listing {
    const char *set;
    size_t count;
    struct doc *(*describe)(struct call *call, size_t at);
    const struct ec2_filter *filters;
    int64_t least, most; /* of MaxResults; most 0: there are no pages */
};
bool ec2_list(struct call *call, const struct ec2_listing *listing);
/* Is the text one of NAME.N, or are there none? */
bool ec2_named(struct call *call, const char *name, struct str text);
/* Filter.N without pages, for what is no thing. *ret_matches is left alone on false. */
bool ec2_matches(struct call *call, const struct ec2_filter *filters, const struct doc *item,
                 bool *ret_matches);

#define EC2_FILTERS      EC2_FILTERS_ONLY "MaxResults NextToken"
#define EC2_FILTERS_ONLY "Filter.N.Name Filter.N.Value.N DryRun "
#define EC2_TAGS                                                                                   \
    "TagSpecification.N.ResourceType TagSpecification.N.Tag.N.Key TagSpecification.N.Tag.N.Value " \
    "DryRun"

#endif
