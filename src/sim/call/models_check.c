/* Calls and answers held against the models. */
#include "models.h"

#include <stdlib.h>

enum { most_answers = 1000 };

static void check(struct flaws *flaws, const struct shape *shape, const struct call *call)
{
    const struct doc *input = call->input;
    if (flaws->protocol != PROTOCOL_JSON)
        input = shape_of_form(flaws, shape, input);
    shape_check(flaws, shape, input);
}

/* Our own table and the model do not agree: one of them is wrong, and whoever sees it shall know.
 */
static bool differ(struct call *call, const struct flaws *own, const struct flaws *model)
{
    bool own_likes = own->unreadable.len == 0 && own->count == 0;
    bool model_likes = model->unreadable.len == 0 && model->count == 0;

    return call_fail(call, "ModelDifference",
                     "hyperpod-sim's own table of %.*s and AWS's model of it do not agree. The "
                     "table: %.*s. The model: %.*s.",
                     STR(call->operation->name),
                     STR(own_likes ? S("nothing to object") : flaws_text(own)),
                     STR(model_likes ? S("nothing to object") : flaws_text(model)));
}

bool models_check(const struct models *models, struct call *call, const struct service *service)
{
    const struct operation *operation = call->operation;
    const struct operation_model *model = models_find(models, service->name, operation->name);
    struct flaws by_table = {.arena = call->arena, .protocol = service->protocol};
    struct flaws by_model = by_table;

    if (operation->input != NULL)
        check(&by_table, operation->input, call);
    if (model == NULL)
        return flaws_refuse(&by_table, call);
    check(&by_model, model->input, call);
    if (operation->input != NULL && !flaws_equal(&by_table, &by_model))
        return differ(call, &by_table, &by_model);
    return flaws_refuse(&by_model, call);
}

/* "clusters.17.member.name" -> "clusters.member.name": all elements of a list are one place. */
static struct str place_of(struct arena *arena, struct str path)
{
    struct buf out = buf_in(arena, 64 * 1024);
    struct str part;

    while (str_next(&path, '.', &part)) {
        struct str rest = part;
        str_take_digits(&rest);
        if (rest.len == 0 && part.len > 0)
            continue;
        buf_printf(&out, "%s%.*s", out.len == 0 ? "" : ".", STR(part));
    }
    return buf_str(&out);
}

/* Where AWS answers otherwise than its model says. */
static const struct {
    const char *operation; /* NULL: any */
    const char *place;
    enum flaw_kind kind;
    const char *values; /* those that AWS has nevertheless; NULL: any */
} exceptions[] = {
    /* "return" stands in the examples of EC2's API reference, and in no model. */
    {NULL, "return", FLAW_UNKNOWN, NULL},
    /* EC2's API reference, in the examples of these operations. */
    {"CreateNetworkInterface", "networkInterface.status", FLAW_ENUM, "pending"},
    {"DescribeNetworkInterfaces", "networkInterfaces.member.status", FLAW_ENUM, "pending"},
    {"DescribeNetworkInterfaces", "networkInterfaces.member.interfaceType", FLAW_ENUM,
     "nat_gateway"},
    {"DescribeInternetGateways", "internetGateways.member.attachments.member.state", FLAW_ENUM,
     "available"},
    {"CreateVpcEndpoint", "vpcEndpoint.state", FLAW_ENUM, "pending available"},
    {"DescribeVpcEndpoints", "vpcEndpoints.member.state", FLAW_ENUM,
     "pending available deleting deleted"},
    /* A node is listed before it has an instance (API reference, ClusterNodeSummary.NodeLogicalId).
     */
    {"ListClusterNodes", "clusterNodeSummaries.member.instanceId", FLAW_MISSING, NULL},
};

static bool is_word(const char *words, struct str text)
{
    struct str word, rest = str_of(words);
    while (str_next(&rest, ' ', &word))
        if (str_eq(word, text))
            return true;
    return false;
}

static bool is_exception(const struct call *call, struct str place, const struct flaw *flaw)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (flaw->kind == exceptions[i].kind && str_is(place, exceptions[i].place) &&
            (exceptions[i].operation == NULL ||
             str_is(call->operation->name, exceptions[i].operation)) &&
            (exceptions[i].values == NULL || is_word(exceptions[i].values, flaw->shown)))
            return true;
    return false;
}

static void note(struct models *models, const struct call *call, const struct flaw *flaw)
{
    struct str place = place_of(call->arena, flaw->path);
    if (is_exception(call, place, flaw))
        return;
    struct str shown = str_sub(flaw->shown, 0, 100);
    struct str text =
        arena_fmt(call->arena, "%.*s: %.*s: '%.*s': %.*s", STR(call->operation->name), STR(place),
                  STR(arena_utf8(call->arena, shown)), STR(flaw->constraint));
    for (size_t i = 0; i < models->answers.count; i++)
        if (str_is(text, models->answers.items[i]))
            return;
    if (models->answers.count < most_answers)
        list_add(&models->answers, (void *)text_of(text).ptr);
}

/* An answer of EC2 or of the query protocol as a value of the shape: elements are named as XML
 * names them, and all scalars are text. */
static struct doc *of_xml(struct flaws *flaws, const struct shape *shape, const struct doc *xml);

static struct doc *structure_of_xml(struct flaws *flaws, const struct shape *shape,
                                    const struct doc *xml)
{
    struct doc *value = doc_object(flaws->arena);
    doc_each (entry, xml) {
        const struct member *row = shape->members;
        while (row->name.len > 0 && !str_eq(row->xml.len > 0 ? row->xml : row->name, entry->name))
            row++;
        if (row->name.len == 0)
            doc_put(flaws->arena, value, entry->name, entry->value);
        else
            doc_put(flaws->arena, value, row->name, of_xml(flaws, row->shape, entry->value));
    }
    return value;
}

static struct doc *of_xml(struct flaws *flaws, const struct shape *shape, const struct doc *xml)
{
    int64_t number;
    bool truth;

    if (shape->type == SHAPE_STRUCTURE && xml->kind == DOC_OBJECT)
        return structure_of_xml(flaws, shape, xml);
    if (shape->type == SHAPE_LIST) {
        struct doc *value = doc_list(flaws->arena);
        doc_each (entry, xml)
            doc_add(flaws->arena, value, of_xml(flaws, shape->element, entry->value));
        return value;
    }
    if (shape->type == SHAPE_INTEGER && doc_to_int64(xml, &number))
        return doc_int(flaws->arena, number);
    if (shape->type == SHAPE_FLOAT && xml->kind == DOC_STRING)
        return doc_number(flaws->arena, xml->text);
    if (shape->type == SHAPE_BOOLEAN && doc_to_bool(xml, &truth))
        return doc_bool(flaws->arena, truth);
    return (struct doc *)xml;
}

void models_check_answer(struct models *models, const struct call *call,
                         const struct service *service)
{
    const struct operation_model *model = models_find(models, service->name, call->operation->name);
    struct flaws flaws = {.arena = call->arena, .protocol = PROTOCOL_JSON};
    struct flaw unreadable = {.path = S("(whole)")};
    const struct doc *answer = call->output;

    if (model == NULL)
        return;
    if (service->protocol != PROTOCOL_JSON)
        answer = of_xml(&flaws, model->output, answer);
    shape_check(&flaws, model->output, answer);
    for (const struct flaw *flaw = flaws.first; flaw != NULL; flaw = flaw->next)
        note(models, call, flaw);
    unreadable.constraint = flaws.unreadable;
    if (flaws.unreadable.len > 0)
        note(models, call, &unreadable);
}

struct doc *models_describe(const struct models *models, struct arena *arena)
{
    struct doc *doc = doc_object(arena), *answers = doc_list(arena);

    if (models == NULL)
        return doc;
    for (size_t i = 0; i < models->answers.count; i++)
        doc_add(arena, answers, doc_string(arena, str_of(models->answers.items[i])));
    doc_put(arena, doc, S("files"), models->files);
    doc_put(arena, doc, S("notes"), models->notes);
    doc_put(arena, doc, S("differences"), models->differences);
    doc_put(arena, doc, S("answers"), answers);
    return doc;
}
