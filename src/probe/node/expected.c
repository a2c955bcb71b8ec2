#include "expected.h"

#include "facts/file.h"
#include "facts/members.h"
#include "hostlist.h"

#include <cJSON.h>
#include <hp/base/buf.h>
#include <unistd.h>

enum { FILE_MOST = 16 << 20 };

static const char *const usual_path = "/opt/ml/config/resource_config.json";

static struct str text_of(struct arena *arena, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? arena_utf8(arena, arena_str(arena, str_of(item->valuestring)))
                                : S("");
}

/* Layers of the network, coarse to fine: those that are known. */
static struct str place_of(struct arena *arena, const cJSON *instance)
{
    const cJSON *label = cJSON_GetObjectItemCaseSensitive(instance, "InstanceLabel");
    struct str place = S("");

    for (int layer = 1; layer <= 3; layer++) {
        char name[] = "network-node-layer-0";
        name[sizeof name - 2] = (char)('0' + layer);
        struct str text = text_of(arena, label, name);
        if (str_empty(text))
            break;
        place = str_empty(place) ? text : arena_fmt(arena, "%.*s/%.*s", STR(place), STR(text));
    }
    return place;
}

static bool in_groups(struct str group, const struct str *groups, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(group, groups[i]))
            return true;
    return count == 0;
}

static bool wrong(const struct expected *expected, struct probe_error *reterr, const char *what)
{
    return probe_error(reterr, EXIT_BAD_DATA, "%s: %s", expected->file, what);
}

static bool add_instance(struct arena *arena, const cJSON *instance, struct str group,
                         struct str type, struct expected *expected, struct probe_error *reterr)
{
    struct expected_node *node = &expected->nodes[expected->count];

    if (!cJSON_IsObject(instance))
        return wrong(expected, reterr, "an entry of Instances is no object");
    if (expected->count == EXPECTED_MOST)
        return wrong(expected, reterr, "it has more than 4096 instances");
    if (!arena_has_room(arena, 64 << 10))
        return wrong(expected, reterr, "its texts are too long");
    node->name = text_of(arena, instance, "InstanceName");
    node->id = text_of(arena, instance, "InstanceId");
    node->address = text_of(arena, instance, "CustomerIpAddress");
    node->place = place_of(arena, instance);
    node->group = group;
    node->type = type;
    if (str_empty(node->name))
        node->name = str_empty(node->id) ? node->address : node->id;
    if (str_empty(node->name))
        return wrong(expected, reterr,
                     "an instance has neither InstanceName, InstanceId nor "
                     "CustomerIpAddress");
    expected->count++;
    return true;
}

static bool add_group(struct arena *arena, const cJSON *group, const struct str *groups,
                      uint32_t group_count, struct expected *expected, struct probe_error *reterr)
{
    const cJSON *instances, *instance;
    struct str name, type;

    if (!cJSON_IsObject(group))
        return wrong(expected, reterr, "an entry of InstanceGroups is no object");
    name = text_of(arena, group, "Name");
    type = text_of(arena, group, "InstanceType");
    instances = cJSON_GetObjectItemCaseSensitive(group, "Instances");
    if (!in_groups(name, groups, group_count) || instances == NULL || cJSON_IsNull(instances))
        return true; /* a group of which nothing has come up yet has null */
    if (!cJSON_IsArray(instances))
        return wrong(expected, reterr, "Instances of a group is no list");
    cJSON_ArrayForEach(instance, instances) if (!add_instance(arena, instance, name, type, expected,
                                                              reterr)) return false;
    return true;
}

static bool has_group(struct arena *arena, const cJSON *list, struct str name)
{
    const cJSON *group;

    cJSON_ArrayForEach(group, list) if (str_eq(text_of(arena, group, "Name"), name)) return true;
    return false;
}

static struct str group_names(struct arena *arena, const cJSON *list)
{
    struct buf out = buf_in(arena, 1024);
    const cJSON *group;

    cJSON_ArrayForEach(group, list)
        buf_printf(&out, "%s%.*s", out.len > 0 ? ", " : "", STR(text_of(arena, group, "Name")));
    return out.len > 0 ? buf_str(&out) : S("none");
}

static bool read_tree(struct arena *arena, const cJSON *root, const struct str *groups,
                      uint32_t group_count, struct expected *ret, struct probe_error *reterr)
{
    const cJSON *list, *group;

    if (!cJSON_IsObject(root))
        return wrong(ret, reterr, "it is no JSON object");
    list = cJSON_GetObjectItemCaseSensitive(root, "InstanceGroups");
    if (!cJSON_IsArray(list))
        return wrong(ret, reterr, "it has no list InstanceGroups");
    ret->cluster =
        text_of(arena, cJSON_GetObjectItemCaseSensitive(root, "ClusterConfig"), "ClusterName");
    for (uint32_t i = 0; i < group_count; i++)
        if (!has_group(arena, list, groups[i]))
            return probe_error(reterr, EXIT_BAD_USAGE,
                               "--groups: %s has no group %.*s; it has %.*s", ret->file,
                               STR(groups[i]), STR(group_names(arena, list)));
    cJSON_ArrayForEach(
        group, list) if (!add_group(arena, group, groups, group_count, ret, reterr)) return false;
    return true;
}

bool expected_read(struct arena *arena, struct str json, const char *what, const struct str *groups,
                   uint32_t group_count, struct expected *ret, struct probe_error *reterr)
{
    const char *end = json.ptr;
    cJSON *root = json.len == 0 ? NULL : cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, false);
    int line, column;
    bool well;

    *ret = (struct expected){.source = S("resource_config.json"), .file = what};
    if (root == NULL) {
        members_place(json, end, &line, &column);
        return probe_error(reterr, EXIT_BAD_DATA, "%s: line %d, column %d: %s", what, line, column,
                           json.len == 0 ? "it is empty" : "this is not JSON");
    }
    ret->nodes = arena_array(arena, struct expected_node, EXPECTED_MOST);
    well = read_tree(arena, root, groups, group_count, ret, reterr);
    cJSON_Delete(root);
    return well;
}

const struct expected_node *expected_of(const struct expected *expected, struct str address,
                                        struct str name)
{
    for (uint32_t i = 0; i < expected->count; i++) {
        const struct expected_node *node = &expected->nodes[i];
        if ((!str_empty(address) && str_eq(node->address, address)) ||
            (!str_empty(name) && (str_eq(node->name, name) || str_eq(node->id, name))))
            return node;
    }
    return NULL;
}

/* Slurm's names are the job's nodes; what the file says of them is kept. */
static bool from_slurm(struct arena *arena, struct str list, bool some_groups, struct expected *ret,
                       struct probe_error *reterr)
{
    struct expected file = *ret;
    uint32_t kept = 0;
    struct str *names;
    uint32_t count;

    if (!hostlist_expand(arena, list, EXPECTED_MOST, &names, &count))
        return probe_error(reterr, EXIT_BAD_DATA,
                           "the nodes of this job cannot be read from SLURM_STEP_NODELIST");
    *ret = (struct expected){.cluster = file.cluster, .source = S("Slurm")};
    ret->nodes = arena_array(arena, struct expected_node, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct expected_node *known = expected_of(&file, S(""), names[i]);
        if (known == NULL && some_groups)
            continue; /* of another group */
        if (known != NULL)
            ret->nodes[kept] = *known;
        ret->nodes[kept++].name = names[i];
    }
    ret->count = kept;
    return true;
}

bool expected_find(struct arena *arena, const struct world *world, const char *path,
                   const struct str *groups, uint32_t group_count, struct expected *ret,
                   struct probe_error *reterr)
{
    struct str text, list = world_env(world, "SLURM_STEP_NODELIST");
    struct str moved = world_env(world, "SAGEMAKER_RESOURCE_CONFIG_PATH");
    bool asked = path != NULL;

    *ret = (struct expected){0};
    if (str_empty(list))
        list = world_env(world, "SLURM_JOB_NODELIST");
    if (!asked)
        path = str_empty(moved) ? usual_path : arena_z(arena, moved);
    if (asked || access(path, R_OK) == 0) {
        if (!file_read(arena, path, FILE_MOST, &text, reterr) ||
            !expected_read(arena, text, path, groups, group_count, ret, reterr))
            return false;
    } else if (group_count > 0) {
        return probe_error(reterr, EXIT_BAD_USAGE,
                           "--groups %.*s: there is no resource_config.json that says who is in "
                           "it (%s; --resource-config names another)",
                           STR(groups[0]), path);
    }
    return str_empty(list) || from_slurm(arena, list, group_count > 0, ret, reterr);
}
