#include "profile.h"

#include "file.h"
#include <probe_profiles.h>

#include <hp/base/buf.h>
#include <unistd.h>

enum { MAX_BYTES = 1 << 20 };

static const struct member figure_rows[] = {
    MEMBER(struct profile_figure, value, MEMBER_NUMBER, "in the unit of its name",
           .required = true),
    MEMBER(struct profile_figure, source, MEMBER_TEXT, "who says so", .required = true),
    {NULL},
};
static const struct members figure = {figure_rows, sizeof(struct profile_figure), NULL, true};

#define FIGURE(name, text) MEMBER(struct profile, name, MEMBER_OBJECT, text, .of = &figure)
static const struct member rows[] = {
    MEMBER(struct profile, schema, MEMBER_TEXT, "hyperpod-probe-profile/1", .required = true),
    MEMBER(struct profile, type, MEMBER_TEXT, "instance type without ml.", .required = true),
    {"also", MEMBER_TEXTS, offsetof(struct profile, also), offsetof(struct profile, also_count),
     .most = 16, .text = "other types that are alike"},
    MEMBER(struct profile, note, MEMBER_TEXT, "what one should know"),
    MEMBER(struct profile, rdma, MEMBER_TEXT, "none, read or read+write"),
    FIGURE(rails, "EFA devices"),
    FIGURE(rail_gbps, "line rate of one rail"),
    FIGURE(node_gbps, "line rate of the node"),
    FIGURE(latency_us_most, "median of 8 bytes, half round trip"),
    FIGURE(bandwidth_gbps_least, "one rail, one way, 1 MiB and more"),
    FIGURE(node_bandwidth_gbps_least, "all rails at once, one way"),
    {NULL},
};
static const struct members profile_members = {rows, sizeof(struct profile), NULL, true};

static bool floors_hold(const struct profile *p, const char *what, struct probe_error *reterr)
{
    const struct {
        const char *name;
        double floor, line;
    } floors[] = {
        {"bandwidth_gbps_least", p->bandwidth_gbps_least.value, p->rail_gbps.value},
        {"node_bandwidth_gbps_least", p->node_bandwidth_gbps_least.value, p->node_gbps.value},
    };

    for (size_t i = 0; i < sizeof floors / sizeof *floors; i++)
        if (floors[i].floor > 0 && !(floors[i].floor < floors[i].line))
            return probe_error(reterr, EXIT_BAD_DATA,
                               "%s: %s is %g, and must be below the line rate of %g Gb/s", what,
                               floors[i].name, floors[i].floor, floors[i].line);
    return true;
}

static bool sourced(const struct profile *p, const char *what, struct probe_error *reterr)
{
    for (const struct member *row = rows; row->name != NULL; row++) {
        if (row->of != &figure)
            continue;
        const struct profile_figure *f = (const void *)((const char *)p + row->at);
        if (!(f->value >= 0 && f->value < 1e6))
            return probe_error(reterr, EXIT_BAD_DATA, "%s: %s is no figure", what, row->name);
        if (f->value > 0 && str_empty(str_trim(f->source)))
            return probe_error(reterr, EXIT_BAD_DATA, "%s: %s has no source", what, row->name);
    }
    return true;
}

bool profile_read(struct arena *arena, struct str json, const char *what,
                  struct profile *ret_profile, struct probe_error *reterr)
{
    struct profile profile = {0};

    if (!members_read(arena, json, what, &profile_members, &profile, reterr))
        return false;
    if (!str_is(profile.schema, "hyperpod-probe-profile/1"))
        return probe_error(reterr, EXIT_BAD_DATA,
                           "%s: schema should be hyperpod-probe-profile/1, not %.*s", what,
                           STR(profile.schema));
    if (!sourced(&profile, what, reterr) || !floors_hold(&profile, what, reterr))
        return false;
    *ret_profile = profile;
    return true;
}

static bool is_of(const struct profile *profile, struct str type)
{
    if (str_eq(profile->type, type))
        return true;
    for (uint32_t i = 0; i < profile->also_count; i++)
        if (str_eq(profile->also[i], type))
            return true;
    return false;
}

bool profile_of_type(struct arena *arena, struct str type, struct profile *ret_profile)
{
    *ret_profile = (struct profile){0};
    if (str_starts(type, S("ml.")))
        type = str_from(type, 3);
    for (const struct probe_profiles *file = probe_profiles; file->name != NULL; file++) {
        struct probe_error error = {0};
        struct profile profile;
        if (profile_read(arena, (struct str){file->bytes, file->len}, file->name, &profile,
                         &error) &&
            is_of(&profile, type)) {
            *ret_profile = profile;
            return true;
        }
    }
    return false;
}

static struct str types_in_a_row(struct arena *arena)
{
    struct buf out = buf_in(arena, 1024);

    for (const struct str *type = profile_types(arena); !str_empty(*type); type++)
        buf_printf(&out, "%s%.*s", out.len > 0 ? ", " : "", STR(*type));
    return buf_str(&out);
}

bool profile_load(struct arena *arena, const char *file_or_type, struct profile *ret_profile,
                  struct probe_error *reterr)
{
    struct str json;

    if (access(file_or_type, F_OK) != 0) {
        if (profile_of_type(arena, str_of(file_or_type), ret_profile))
            return true;
        return probe_error(reterr, EXIT_BAD_DATA,
                           "--profile %s: there is neither such a file nor a profile of a type "
                           "with this name; types: %.*s",
                           file_or_type, STR(types_in_a_row(arena)));
    }
    return file_read(arena, file_or_type, MAX_BYTES, &json, reterr) &&
           profile_read(arena, json, file_or_type, ret_profile, reterr);
}

const struct str *profile_types(struct arena *arena)
{
    size_t count = 0;

    for (const struct probe_profiles *file = probe_profiles; file->name != NULL; file++)
        count++;
    struct str *types = arena_array(arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct str name = str_of(probe_profiles[i].name);
        types[i] = str_sub(name, 0, name.len - strlen(".json"));
    }
    return types;
}
