/* Objects of the lab out of any bytes, and what must hold of every plan of them. */
#ifndef TF_RANDOM_H
#define TF_RANDOM_H

#include "lab.h"

#include <stdio.h>
#include <stdlib.h>

struct bytes {
    const uint8_t *at;
    size_t left;
};

static inline unsigned next_byte(struct bytes *bytes)
{
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

struct choice {
    struct arena *arena;
    struct bytes *bytes;
    bool is_config; /* may hold unknowns; nothing computed */
};

static inline const struct cty_value *any_object(const struct choice *choice, struct tf_rows rows,
                                                 const struct cty_type *type);

static inline const struct cty_value *any_primitive(const struct choice *choice,
                                                    const struct cty_type *type)
{
    static const char *const words[] = {"a", "b", "A", ""};
    unsigned byte = next_byte(choice->bytes);

    if (type->kind == CTY_NUMBER)
        return cty_int(choice->arena, byte % 3);
    if (type->kind == CTY_BOOL)
        return cty_truth(choice->arena, byte % 2);
    if (type->kind == CTY_DYNAMIC && byte % 3 == 0)
        return cty_int(choice->arena, byte % 5);
    return cty_str(choice->arena, str_of(words[byte % 4]));
}

static inline const struct cty_value *any_collection(const struct choice *choice,
                                                     struct tf_rows rows,
                                                     const struct cty_type *type, bool is_block)
{
    static const struct str all_keys[] = {S_INIT("k"), S_INIT("l"), S_INIT("m")};
    const struct cty_value *items[3];
    struct str keys[3];
    size_t count = next_byte(choice->bytes) % 4;

    for (size_t i = 0; i < count; i++) {
        bool unknown = choice->is_config && !is_block && next_byte(choice->bytes) % 8 == 0;
        keys[i] = all_keys[next_byte(choice->bytes) % 3];
        if (unknown)
            items[i] = cty_unknown(choice->arena, type->element);
        else if (type->element->kind == CTY_OBJECT)
            items[i] = any_object(choice, rows, type->element);
        else
            items[i] = any_primitive(choice, type->element);
    }
    if (type->kind == CTY_LIST)
        return cty_list(choice->arena, type->element, items, count);
    if (type->kind == CTY_SET)
        return cty_set(choice->arena, type->element, items, count);
    return cty_map(choice->arena, type->element, keys, items, count);
}

static inline const struct cty_value *
any_attr(const struct choice *choice, const struct tf_attr *attr, const struct cty_type *type)
{
    unsigned byte = next_byte(choice->bytes);
    bool unwritten = (attr->flags & (TF_OPTIONAL | TF_REQUIRED)) == 0;

    if ((choice->is_config && unwritten) ||
        (!choice->is_config && (attr->flags & TF_WRITE_ONLY) != 0))
        return cty_null(choice->arena, type);
    if (byte % 4 == 0 && (attr->flags & TF_REQUIRED) == 0)
        return cty_null(choice->arena, type);
    if (choice->is_config && byte % 8 == 1)
        return cty_unknown(choice->arena, type);
    if (type->kind == CTY_OBJECT)
        return any_object(choice, rows_of_attr(attr), type);
    if (type->kind == CTY_LIST || type->kind == CTY_SET || type->kind == CTY_MAP)
        return any_collection(choice, rows_of_attr(attr), type, false);
    return any_primitive(choice, type);
}

static inline const struct cty_value *
any_block(const struct choice *choice, const struct tf_block *block, const struct cty_type *type)
{
    unsigned byte = next_byte(choice->bytes);

    if (block->nesting == TF_BLOCK_SINGLE && byte % 2 == 0)
        return cty_null(choice->arena, type);
    if (type->kind == CTY_OBJECT)
        return any_object(choice, rows_of_block(block), type);
    if (choice->is_config && byte % 8 == 1)
        return cty_unknown(choice->arena, type);
    return any_collection(choice, rows_of_block(block), type, true);
}

static inline const struct cty_value *any_object(const struct choice *choice, struct tf_rows rows,
                                                 const struct cty_type *type)
{
    const struct cty_value **items =
        arena_array(choice->arena, const struct cty_value *, type->count);

    each_attr(attr, rows.attrs)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(attr->name));
        items[at] = any_attr(choice, attr, type->attributes[at].type);
    }
    each_block(block, rows.blocks)
    {
        ptrdiff_t at = cty_attribute_index(type, str_of(block->name));
        items[at] = any_block(choice, block, type->attributes[at].type);
    }
    return tf_object(choice->arena, rows, type, items);
}

/* Every unknown gets a value, as it does when apply knows more. */
static inline const struct cty_value *resolved(const struct choice *choice,
                                               const struct cty_value *value)
{
    if (cty_is_unknown(value)) {
        if (value->type->kind == CTY_OBJECT || next_byte(choice->bytes) % 4 == 0)
            return cty_null(choice->arena, value->type);
        if (value->type->kind == CTY_LIST || value->type->kind == CTY_SET ||
            value->type->kind == CTY_MAP)
            return cty_empty(choice->arena, value->type);
        return any_primitive(choice, value->type);
    }
    if (cty_is_wholly_known(value))
        return value;
    const struct cty_value **items = tf_items(choice->arena, value);
    for (size_t i = 0; i < value->count; i++)
        items[i] = resolved(choice, items[i]);
    switch (value->type->kind) {
    case CTY_LIST:
        return cty_list(choice->arena, value->type->element, items, value->count);
    case CTY_SET:
        return cty_set(choice->arena, value->type->element, items, value->count);
    case CTY_MAP:
        return cty_map(choice->arena, value->type->element, value->keys, items, value->count);
    default:
        return cty_object(choice->arena, value->type, items);
    }
}

/* The world's clock stands still. */
static inline int64_t still(void *arg)
{
    (void)arg;
    return 0;
}

static inline bool complete(struct tf_call *call)
{
    struct bytes none = {0};
    struct choice choice = {.arena = call->arena, .bytes = &none};
    call->state = resolved(&choice, call->state);
    return true;
}

static const struct tf_resource random_thing = {.type = "lab_thing",
                                                .attrs = thing_attrs,
                                                .blocks = thing_blocks,
                                                .timeouts = {.create = "5m"},
                                                .create = complete,
                                                .read = complete,
                                                .update = complete,
                                                .delete_ = complete};

static inline void must(bool holds, const char *what, const struct tf_rpc *rpc)
{
    if (holds)
        return;
    fprintf(stderr, "%s does not hold\n", what);
    for (const struct diag *diag = rpc->diags.first; diag != NULL; diag = diag->next)
        fprintf(stderr, "%.*s: %.*s\n", STR(diag->summary), STR(diag->detail));
    abort();
}

static inline const struct cty_value *plan_once(struct tf_server *server, struct tf_rpc *rpc,
                                                const struct cty_value *prior,
                                                const struct cty_value *config)
{
    const struct tf_offer *offer = tf_offer_at(server, TF_RESOURCE, 0);
    struct tf_rows rows = rows_of_offer(offer);
    struct tf_place place = {.config = config, .prior = prior};
    struct tf_plan_request request = {
        .config = config, .prior = prior, .proposed = tf_plan_fill(rpc->arena, rows, &place)};
    struct tf_plan_answer answer;

    tf_plan_change(server, rpc, offer, &request, &answer);
    must(rpc->diags.first == NULL && answer.planned != NULL, "a plan breaks no rule", rpc);
    return answer.planned;
}

static inline const struct cty_value *apply_once(struct tf_server *server, struct tf_rpc *rpc,
                                                 const struct cty_value *config,
                                                 const struct cty_value *prior,
                                                 const struct cty_value *planned)
{
    struct tf_apply_request request = {.config = config, .prior = prior, .planned = planned};
    struct tf_state_answer answer;

    tf_apply_change(server, rpc, tf_offer_at(server, TF_RESOURCE, 0), &request, &answer);
    must(rpc->diags.first == NULL && answer.state != NULL, "apply breaks no rule", rpc);
    must(cty_is_wholly_known(answer.state), "a state is known", rpc);
    return answer.state;
}

/* A few members of one object among those of another. */
static inline const struct cty_value *mixed(const struct choice *choice, struct tf_rows rows,
                                            const struct cty_value *most,
                                            const struct cty_value *some)
{
    const struct cty_value **items = tf_items(choice->arena, most);

    for (size_t i = 0; i < most->count; i++)
        if (next_byte(choice->bytes) % 8 == 0)
            items[i] = some->items[i];
    return tf_object(choice->arena, rows, most->type, items);
}

/* A plan keeps Terraform's rules; it is the same when it is asked again; what it knows stays so
 * when more of the configuration is known; applying it breaks no rule; and then nothing is left to
 * do. */
static inline const struct cty_value *check_plan_of(struct tf_server *server, struct tf_rpc *rpc,
                                                    const struct choice *known,
                                                    const struct cty_value *prior,
                                                    const struct cty_value *config)
{
    struct tf_rows rows = rows_of_offer(tf_offer_at(server, TF_RESOURCE, 0));
    const struct cty_value *planned = plan_once(server, rpc, prior, config);
    must(cty_equal(planned, plan_once(server, rpc, prior, config)), "a plan is the same again",
         rpc);

    const struct cty_value *final_config = resolved(known, config);
    const struct cty_value *final = plan_once(server, rpc, prior, final_config);
    struct tf_rules rules = {.arena = rpc->arena, .diags = &rpc->diags};
    tf_rules_of_apply(&rules, rows, planned, final, NULL);
    must(rules.breaks == 0, "what was known stays", rpc);

    const struct cty_value *state = apply_once(server, rpc, final_config, prior, final);
    must(cty_equal(state, plan_once(server, rpc, state, final_config)), "a second plan is empty",
         rpc);
    return state;
}

static inline void check_any_plan(struct tf_server *server, struct tf_rpc *rpc, struct bytes *bytes)
{
    const struct tf_offer *offer = tf_offer_at(server, TF_RESOURCE, 0);
    struct tf_rows rows = rows_of_offer(offer);
    struct choice known = {rpc->arena, bytes, false}, written = {rpc->arena, bytes, true};
    const struct cty_value *config = any_object(&written, rows, offer->type);
    const struct cty_value *state = NULL;

    if (next_byte(bytes) % 4 == 0)
        state = any_object(&known, rows, offer->type);
    state = check_plan_of(server, rpc, &known, state, config);
    const struct cty_value *other = any_object(&written, rows, offer->type);
    check_plan_of(server, rpc, &known, state,
                  mixed(&written, rows, resolved(&known, config), other));
}

static inline struct tf_server *random_server(const struct tf_provider *provider)
{
    static const struct world world = {.now_ms = still, .tick_ms = still};
    struct tf_server *server = tf_server_new(provider, &world);
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct tf_rpc rpc = {.arena = arena, .diags = diags_in(arena)};
    tf_configure(server, &rpc, NULL);
    return server;
}

#endif
