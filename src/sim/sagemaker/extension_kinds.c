#include "extension_kinds.h"

/* The settings and their defaults are the guide's ("Observability extension configuration"), the
 * versions after the first are ours. */
static const char *const observability_versions[] = {"1.0.0", "1.1.0", "1.2.0", NULL};
static const char observability_settings[] =
    "{\"metricsProvider\":{"
    "\"nodeMetrics\":{\"level\":\"BASIC\",\"collectionIntervalSeconds\":30},"
    "\"acceleratedComputeMetrics\":{\"level\":\"BASIC\",\"collectionIntervalSeconds\":30},"
    "\"networkMetrics\":{\"level\":\"ENABLED\",\"collectionIntervalSeconds\":30},"
    "\"jobMetrics\":{\"level\":\"ENABLED\",\"collectionIntervalSeconds\":30},"
    "\"clusterMetrics\":{\"level\":\"ENABLED\",\"collectionIntervalSeconds\":30},"
    "\"ncclMetrics\":{\"level\":\"DISABLED\",\"collectionIntervalSeconds\":30}},"
    "\"profilesProvider\":{\"hostProfiling\":{\"enabled\":false}}}";
static const char observability_optional[] = "{\"prometheus\":{\"remoteWriteUrl\":\"\"}}";

static const struct extension_kind kinds[] = {
    {"sagemaker-observability", observability_versions, observability_settings,
     observability_optional},
};

const struct extension_kind *extension_kind_find(struct str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

struct str extension_newest(const struct extension_kind *kind)
{
    size_t count = 0;
    while (kind->versions[count] != NULL)
        count++;
    return str_of(kind->versions[count - 1]);
}

int extension_version_rank(const struct extension_kind *kind, struct str version)
{
    for (int i = 0; kind->versions[i] != NULL; i++)
        if (str_is(version, kind->versions[i]))
            return i;
    return -1;
}

static struct doc *parse(struct arena *arena, const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    doc_from_json(arena, str_of(json), NULL, &doc, &error);
    return doc;
}

/* What is known of the settings of one object. */
struct known {
    const struct doc *defaults, *optional;
};

static bool refuse(struct call *call, struct str path, const char *why)
{
    return call_fail(call, "ValidationException", "ConfigurationValues: setting '%.*s' %s",
                     STR(path), why);
}

/* Unknown settings are refused at every level (guide). */
static bool put_in(struct call *call, struct doc *into, const struct doc *sent, struct known known,
                   struct str path)
{
    doc_each (entry, sent) {
        struct str here = path.len == 0
                              ? entry->name
                              : arena_fmt(call->arena, "%.*s.%.*s", STR(path), STR(entry->name));
        struct known inner = {doc_get(known.defaults, entry->name),
                              doc_get(known.optional, entry->name)};
        const struct doc *like = inner.defaults != NULL ? inner.defaults : inner.optional;
        if (like == NULL)
            return refuse(call, here, "is not known");
        if (doc_is_null(entry->value)) {
            doc_set(call->arena, into, entry->name,
                    inner.defaults == NULL ? NULL : doc_copy(call->arena, inner.defaults));
            continue;
        }
        if (entry->value->kind != like->kind)
            return refuse(call, here, "has the wrong type");
        if (like->kind != DOC_OBJECT) {
            doc_set(call->arena, into, entry->name, entry->value);
            continue;
        }
        if (doc_is_null(doc_get(into, entry->name)))
            doc_set(call->arena, into, entry->name, doc_object(call->arena));
        if (!put_in(call, doc_get(into, entry->name), entry->value, inner, here))
            return false;
    }
    return true;
}

bool extension_configure(struct call *call, const struct extension_kind *kind,
                         const struct doc *has, struct str sent, struct doc **ret_settings)
{
    struct known known = {parse(call->arena, kind->settings), parse(call->arena, kind->optional)};
    struct doc *settings = doc_copy(call->arena, has == NULL ? known.defaults : has), *doc = NULL;
    struct doc_error error;

    *ret_settings = settings;
    if (sent.len == 0)
        return true;
    if (!doc_from_json(call->arena, sent, NULL, &doc, &error) || doc->kind != DOC_OBJECT)
        return call_fail(call, "ValidationException", "ConfigurationValues is not a JSON object");
    return put_in(call, settings, doc, known, S(""));
}
