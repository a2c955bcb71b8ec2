/* A bench for tests: a resource on a server, values written as JSON ("?" is unknown, absent members
 * are null), answers shown as JSON (nulls left out, ? for unknown). */
#ifndef TF_FIXTURE_H
#define TF_FIXTURE_H

#include "tf.h"

#include <hp/base/test.h>

struct bench {
    struct arena *arena;
    struct tf_provider provider;
    const struct tf_resource *resources[2];
    struct tf_server *server;
    const struct tf_offer *offer;
    struct tf_rpc rpc;
};

static inline int64_t bench_time(void *arg)
{
    (void)arg;
    return 1000000;
}
static const struct world bench_world = {.now_ms = bench_time, .tick_ms = bench_time};

/* A provider that offers one thing of that kind, or more: the first is on the bench. */
static inline void bench_offer(struct bench *bench, const struct tf_provider *provider,
                               enum tf_offer_kind kind)
{
    bench->arena = arena_new(64 << 20);
    bench->provider = *provider;
    bench->provider.name = "lab";
    bench->provider.address = "lab/lab";
    bench->server = tf_server_new(&bench->provider, &bench_world);
    bench->offer = tf_offer_at(bench->server, kind, 0);
    bench->rpc = (struct tf_rpc){.arena = bench->arena, .diags = diags_in(bench->arena)};
    tf_configure(bench->server, &bench->rpc, NULL);
}

static inline void bench_begin(struct bench *bench, const struct tf_resource *resource)
{
    bench->resources[0] = resource;
    bench->resources[1] = NULL;
    bench_offer(bench, &(struct tf_provider){.resources = bench->resources}, TF_RESOURCE);
}

static inline void bench_end(struct bench *bench)
{
    tf_rpc_done(bench->server, &bench->rpc);
    tf_server_free(bench->server);
    arena_free(bench->arena);
}

static inline const struct cty_value *value_from(struct arena *arena, const struct cty_type *type,
                                                 const struct doc *doc)
{
    if (doc == NULL || doc->kind == DOC_NULL)
        return cty_null(arena, type);
    if (doc->kind == DOC_STRING && str_eq(doc->text, S("?")))
        return cty_unknown(arena, type);
    if (type->kind == CTY_STRING || type->kind == CTY_DYNAMIC)
        return cty_str(arena, doc_text(doc));
    if (type->kind == CTY_BOOL)
        return cty_truth(arena, doc->truth);
    if (type->kind == CTY_NUMBER) {
        struct cty_number number;
        ck_assert(cty_number_from_text(arena, doc_text(doc), &number));
        return cty_num(arena, &number);
    }
    size_t count = type->kind == CTY_OBJECT ? type->count : doc->count, i = 0;
    const struct cty_value **items = arena_array(arena, const struct cty_value *, count);
    struct str *keys = arena_array(arena, struct str, count);
    if (type->kind == CTY_OBJECT) {
        for (; i < count; i++)
            items[i] =
                value_from(arena, type->attributes[i].type, doc_get(doc, type->attributes[i].name));
        return cty_object(arena, type, items);
    }
    doc_each (entry, doc) {
        keys[i] = entry->name;
        items[i++] = value_from(arena, type->element, entry->value);
    }
    if (type->kind == CTY_MAP)
        return cty_map(arena, type->element, keys, items, count);
    return type->kind == CTY_SET ? cty_set(arena, type->element, items, count)
                                 : cty_list(arena, type->element, items, count);
}

/* An object of the resource; NULL gives NULL. Absent blocks are as Terraform sends them. */
static inline const struct cty_value *object_of(struct bench *bench, const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;
    if (json == NULL)
        return NULL;
    ck_assert_msg(doc_from_json(bench->arena, str_of(json), &doc_default_limits, &doc, &error),
                  "%s", json);
    const struct cty_type *type = bench->offer->type;
    const struct cty_value *object = tf_blank(bench->arena, rows_of_offer(bench->offer), type);
    for (size_t i = 0; i < type->count; i++) {
        const struct doc *member = doc_get(doc, type->attributes[i].name);
        if (member != NULL)
            object = cty_with(bench->arena, object, type->attributes[i].name,
                              value_from(bench->arena, type->attributes[i].type, member));
    }
    return object;
}

static inline void show_into(struct buf *out, struct arena *arena, const struct cty_value *value)
{
    bool named = value->type->kind == CTY_OBJECT || value->type->kind == CTY_MAP, any = false;

    if (cty_is_unknown(value)) {
        buf_putz(out, "?");
    } else if (cty_is_null(value)) {
        buf_putz(out, "null");
    } else if (value->type->kind == CTY_STRING) {
        doc_json_string(out, value->text);
    } else if (value->type->kind == CTY_NUMBER) {
        buf_put(out, cty_number_text(arena, &value->number));
    } else if (value->type->kind == CTY_BOOL) {
        buf_putz(out, value->truth ? "true" : "false");
    } else {
        buf_putc(out, named ? '{' : '[');
        for (size_t i = 0; i < value->count; i++) {
            if (value->type->kind == CTY_OBJECT && cty_is_null(value->items[i]))
                continue;
            if (any)
                buf_putc(out, ',');
            any = true;
            if (named)
                buf_printf(out, "%.*s:",
                           STR(value->type->kind == CTY_MAP ? value->keys[i]
                                                            : value->type->attributes[i].name));
            show_into(out, arena, value->items[i]);
        }
        buf_putc(out, named ? '}' : ']');
    }
}

static inline struct str shown_value(struct bench *bench, const struct cty_value *value)
{
    struct buf out = buf_in(bench->arena, 1 << 20);
    if (value == NULL)
        return S("nothing");
    show_into(&out, bench->arena, value);
    return buf_str(&out);
}

/* All diagnostics: "error path: summary: detail" line by line. */
static inline struct str told(struct bench *bench)
{
    struct buf out = buf_in(bench->arena, 1 << 20);
    for (struct diag *diag = bench->rpc.diags.first; diag != NULL; diag = diag->next)
        buf_printf(
            &out, "%s %.*s: %.*s: %.*s\n", diag->severity == DIAG_ERROR ? "error" : "warning",
            STR(cty_path_text(bench->arena, diag->path)), STR(diag->summary), STR(diag->detail));
    return buf_str(&out);
}

static inline void forget(struct bench *bench)
{
    bench->rpc.diags = diags_in(bench->arena);
}

#define ck_assert_told(bench, part)                                                                \
    ck_assert_msg(str_has(told(bench), str_of(part)), "\"%s\" should be in\n%.*s", (part),         \
                  STR(told(bench)))
#define ck_assert_silent(bench)                                                                    \
    ck_assert_msg((bench)->rpc.diags.first == NULL, "nothing should be said, not\n%.*s",           \
                  STR(told(bench)))

/* What core does before it asks for a plan. */
static inline struct tf_plan_answer plan_of(struct bench *bench, const char *prior_json,
                                            const char *config_json)
{
    struct tf_plan_answer answer;
    struct tf_plan_request request = {.config = object_of(bench, config_json),
                                      .prior = object_of(bench, prior_json)};
    if (request.config != NULL) {
        struct tf_place place = {.config = request.config, .prior = request.prior};
        request.proposed = tf_plan_fill(bench->arena, rows_of_offer(bench->offer), &place);
    }
    tf_plan_change(bench->server, &bench->rpc, bench->offer, &request, &answer);
    return answer;
}

static inline struct str paths_of(struct bench *bench, const struct tf_plan_answer *answer)
{
    struct buf out = buf_in(bench->arena, 1 << 16);
    for (size_t i = 0; i < answer->requires_replace_count; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "",
                   STR(cty_path_text(bench->arena, answer->requires_replace[i])));
    return buf_str(&out);
}

#endif
