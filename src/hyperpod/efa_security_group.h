/* The parts of hyperpod_efa_security_group: its rules as a model (rules), which of them are ours
 * (own, mark), what a configuration may say (checks), the group (group, make), one that others have
 * made (adopt), making AWS's rules what is wanted (reconcile), showing them (show), and the end
 * (delete).
 */
#ifndef HP_HYPERPOD_EFA_SECURITY_GROUP_H
#define HP_HYPERPOD_EFA_SECURITY_GROUP_H

#include "hyperpod.h"

/* ---- Rules: a rule is what it permits. AWS keeps no two of equal permission in a group. ---- */

enum sg_peer { SG_CIDR_IPV4, SG_CIDR_IPV6, SG_PREFIX_LIST, SG_GROUP };

struct sg_permission {
    bool is_egress;
    struct str protocol;        /* as AWS writes it: "-1", "tcp", "udp", "icmp", "icmpv6", "47" */
    int64_t from_port, to_port; /* -1: all */
    enum sg_peer kind;
    struct str peer; /* canonical block, pl-… or sg-…; the group itself by its id ("self" while it
                        has none) */
};

struct sg_rule {
    struct sg_permission permission;
    struct str description;      /* ptr NULL: none */
    struct str key;              /* wanted: "ingress/metrics"; found: empty */
    struct str id;               /* found: sgr-…; wanted: of the rule found for it, else empty */
    const struct cty_path *path; /* wanted: where the configuration says it; NULL: nowhere */
    const struct cty_value *object; /* wanted by a name: its object */
    struct str said;                /* wanted: its block as it was written; empty: it has none */
    bool says_description;          /* wanted: the description is the user's */
    bool is_wanted;                 /* found: a wanted rule has taken it */
    bool was_asked;                 /* wanted: AWS was asked to add it and may have done so */
    struct str mark;                /* found: of the adoption that added it; empty: none */
};

struct sg_rules {
    struct sg_rule *items;
    size_t count;
    bool incomplete; /* wanted: something is still unknown, its rules are left out */
};

/* "TCP" and "6" are "tcp", "all" is "-1". False: no protocol. */
bool sg_protocol(struct arena *arena, struct str text, struct str *ret_protocol);
/* Do ports (or ICMP's types and codes) mean anything with it? */
bool sg_has_ports(struct str protocol);
bool sg_permission_equal(const struct sg_permission *a, const struct sg_permission *b);
/* "tcp 443 from 10.0.0.0/8", "all traffic to sg-1". */
struct str sg_permission_text(struct arena *arena, const struct sg_permission *permission);

/* The rules that an object of the resource asks for, in a fixed order: the two of the group itself
 * first, always. Attributes that are null ask for their defaults. */
struct sg_rules sg_wanted(struct arena *arena, const struct cty_value *object, struct str group_id);
/* One of AWS's answers (SecurityGroupRule). */
struct sg_rule sg_found(struct arena *arena, const struct doc *rule);
/* Gives each wanted rule the id of the found one that permits the same. */
void sg_match(struct sg_rules *wanted, struct sg_rules *found);
/* The same keys, permissions and descriptions. */
bool sg_rules_equal(const struct sg_rules *a, const struct sg_rules *b);

/* What an element of foreign_rules permits. */
struct sg_permission sg_foreign(const struct cty_value *object);

/* ---- Which rules are ours: rule_ids of an object, and the private list of those that no key shows
 * (edited by someone else, or left over by an update that failed). Of an adopted group only those
 * in the private list of what was added. Lists are ids separated by commas. ---- */

struct sg_own {
    const struct cty_value *ids; /* rule_ids, or NULL */
    struct str strays;
    bool is_adopted;
    struct str added;
    struct str mark; /* of the adoption; empty: none */
};

/* Does the object have an existing_security_group_id, be it unknown? */
bool sg_is_adopted(const struct cty_value *object);
struct sg_own sg_own_of(const struct tf_call *call); /* of the prior object, else of the state */
/* Private data; what is longer than the maximum is not remembered at all (some 700 rules). */
enum { SG_REMEMBERED_MAX = 16 * 1024 };
void sg_remember(struct tf_call *call, const char *key, struct str value);
struct sg_own sg_own_from(const struct tf_call *call, const struct cty_value *object);
bool sg_own_has(const struct sg_own *own, struct str id);
/* What rule_ids shows for the key, ours or not; empty: nothing. */
struct str sg_own_id(const struct sg_own *own, struct str key);
struct str sg_own_list(struct arena *arena, const struct sg_own *own);
bool sg_ids_have(struct str ids, struct str id);
struct str sg_ids_with(struct arena *arena, struct str ids, struct str id);

/* ---- The mark of an adoption: a tag on the rules that it adds ---- */

/* An adopted group's state gets one, if it has none. */
void sg_mark(struct tf_call *call);
struct str sg_mark_read(const struct doc *rule);
/* TagSpecifications. */
struct doc *sg_mark_tags(struct arena *arena, struct str mark);
/* What bears our mark is ours. */
void sg_mark_claim(struct arena *arena, struct sg_own *own, const struct sg_rules *found);
/* Warns of wanted rules that bear another one. */
void sg_mark_tell_others(struct tf_call *call, const struct sg_rules *found);

/* ---- Checks ---- */

extern const struct tf_attr sg_rule_rows[], sg_peer_rows[];
bool sg_check_https(struct tf_check *check, const struct cty_value *blocks);
bool sg_check_name(struct tf_check *check, const struct cty_value *name);
bool sg_check_prefix(struct tf_check *check, const struct cty_value *prefix);
/* Rules that come twice, and more than AWS takes. */
bool sg_check_rules(struct tf_call *call, const struct cty_value *object, struct str group_id);
/* AWS counts each direction and each family of addresses for itself. */
struct sg_count {
    size_t of[2][2]; /* ingress, egress; IPv4, IPv6 */
};

/* More than AWS takes, together with `more`. */
bool sg_check_count(struct tf_call *call, const struct cty_value *object, struct str group_id,
                    const struct sg_count *more);
/* At plan: the rules there will be that the configuration does not name. */
struct sg_count sg_count_others(const struct tf_plan *plan);
extern const char sg_text_pattern[], sg_text_words[];

/* ---- Calls ---- */

/* All rules of the group. */
bool sg_look(struct tf_call *call, struct str group_id, struct sg_rules *ret_found,
             struct aws_error *reterr);
/* {Filters: […]} for Describe calls: pairs of name and value, ended by NULL. */
struct doc *sg_filters(struct arena *arena, ...) __attribute__((sentinel));
struct doc *sg_strings(struct arena *arena, struct str one);

/* The group as AWS describes it. False: *reterr. */
bool sg_fetch(struct tf_call *call, struct str id, struct doc **ret_group,
              struct aws_error *reterr);
/* What the state says of the group itself. */
void sg_show_group(struct tf_call *call, const struct doc *group);
/* Waits until AWS shows everywhere the group that it has just made. False: told, or stopped. */
bool sg_show_newborn(struct tf_call *call, struct str id);

struct sg_work {
    struct tf_call *call;
    struct str group_id;
    bool is_new; /* just made, or cut off then: AWS may not know it everywhere, and gave it a rule
                    of its own */
    struct sg_rules wanted, found; /* afterwards: what is there */
    struct str made;               /* afterwards: ids of the rules that were added */
    /* Its own. */
    struct sg_own own;
    bool is_exclusive;
    struct str seen; /* ids of what was there at first */
    unsigned passes, losses;
    bool may_not_tag; /* the caller has no permission to */
    struct aws_error error;
};

/* Makes AWS's rules what work->wanted says: first permits what is missing, then takes away what was
 * ours and is no longer wanted. Rules of others stay, unless the group is exclusive. False: told,
 * or the call is stopped. */
bool sg_reconcile(struct sg_work *work);

/* Sets rule_ids and foreign_rules of the state; with `attributes` also what the rules say of
 * internet_egress, ipv6, https_ingress_cidr_blocks, ingress_rules and egress_rules. */
void sg_show(struct tf_call *call, struct sg_rules *wanted, struct sg_rules *found,
             bool attributes);
/* A state that says nothing of its rules yet (import): all that looks like ours is. */
void sg_recognise(struct tf_call *call, const struct sg_rules *found);

bool sg_delete(struct tf_call *call);

/* efa_security_group_move.c, efa_security_group_list.c */
extern const struct tf_move sg_moves[];
extern const struct tf_list sg_list;

/* ---- Adopting ---- */

/* What is its owner's no configuration says. */
bool sg_generate(struct tf_call *call);

bool sg_adopt_check(struct tf_call *call);
bool sg_adopt_replaces(struct tf_plan *plan, const struct cty_path *path,
                       const struct cty_value *prior, const struct cty_value *planned);
/* What belongs to the group's owner is planned as it is. */
void sg_adopt_plan(struct tf_plan *plan);
/* Finds the group and sets what the state says of it. False: told. */
bool sg_adopt(struct tf_call *call, struct str *ret_id);
/* Remembers which rules are ours from now on. done: the work was. */
void sg_adopt_remember(struct tf_call *call, const struct sg_work *work, bool done);
/* Takes away the rules that are ours; the group stays. */
bool sg_adopt_release(struct tf_call *call);

#endif
