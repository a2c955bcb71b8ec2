/* The rows of an object over a configuration, and all below. Unknown is never an error. */
#include "tf.h"

#include <inttypes.h>

static void validate_objects(const struct tf_validation *run, struct tf_rows rows,
                             const struct cty_value *value, const struct cty_path *path);

/* True: there is a value to look at. */
static bool check_presence(const struct tf_validation *run, const struct tf_attr *attr,
                           const struct cty_value *value, const struct cty_path *path)
{
    if (tf_absent(value)) {
        if ((attr->flags & TF_REQUIRED) != 0)
            diag_error(run->diags, path, "Missing required attribute", "%s must be set.",
                       attr->name);
        return false;
    }
    if ((attr->flags & (TF_COMPUTED | TF_OPTIONAL)) == TF_COMPUTED) {
        diag_error(run->diags, path, "Invalid Configuration for Read-Only Attribute",
                   "%s is set by the provider; a configuration can't set it. Leave it out.",
                   attr->name);
        return false;
    }
    if ((attr->flags & TF_WRITE_ONLY) != 0 && !run->write_only_allowed) {
        diag_error(run->diags, path, "WriteOnly Attribute Not Allowed",
                   "%s is write-only: its value is used and never stored. This needs Terraform "
                   "1.11, OpenTofu 1.11 or newer.",
                   attr->name);
        return false;
    }
    if (attr->deprecated != NULL)
        diag_warning(run->diags, path, "Attribute Deprecated", "%s", attr->deprecated);
    return true;
}

static void validate_attr(const struct tf_validation *run, const struct tf_attr *attr,
                          const struct cty_value *object, const struct cty_path *at)
{
    const struct cty_value *value = tf_value(object, attr->name);
    const struct cty_path *path = tf_validation_at(run, at, attr->name);

    if (check_presence(run, attr, value, path))
        tf_validate_all(run, attr, value, object, path);
}

void tf_validate_all(const struct tf_validation *run, const struct tf_attr *attr,
                     const struct cty_value *value, const struct cty_value *parent,
                     const struct cty_path *path)
{
    if (!cty_is_known(value))
        return;
    tf_validate_value(run, attr, value, parent, path);
    if (attr->attrs != NULL)
        validate_objects(run, rows_of_attr(attr), value, path);
}

static void check_block_count(const struct tf_validation *run, const struct tf_block *block,
                              const struct cty_value *value, const struct cty_path *path)
{
    int64_t count = (int64_t)value->count;
    bool may_shrink = value->type->kind == CTY_SET && !cty_is_wholly_known(value);

    if (count < block->min_items)
        diag_error(run->diags, path, "Too few blocks",
                   "There are %" PRId64 " blocks %s; at least %" PRId64 " are needed.", count,
                   block->name, block->min_items);
    if (block->max_items > 0 && count > block->max_items && !may_shrink)
        diag_error(run->diags, path, "Too many blocks",
                   "There are %" PRId64 " blocks %s; at most %" PRId64 " are allowed.", count,
                   block->name, block->max_items);
}

static void check_block(const struct tf_validation *run, const struct tf_block *block,
                        const struct cty_value *value, const struct cty_value *parent,
                        const struct cty_path *path)
{
    struct tf_check check = {run->arena, run->diags, path, parent};
    size_t before = run->diags->errors;

    if (cty_is_known(value) && !block->check(&check, value) && run->diags->errors == before)
        diag_bug(run->diags, path, "The check of %s refused a block and did not say why.",
                 block->name);
}

/* GROUP blocks are always there; one of nulls was not written. */
static bool is_written(const struct tf_block *block, const struct cty_value *value)
{
    if (block->nesting != TF_BLOCK_GROUP)
        return block->nesting == TF_BLOCK_SINGLE || value->count > 0;
    for (size_t i = 0; i < value->count; i++)
        if (!cty_is_null(value->items[i]))
            return true;
    return false;
}

static void validate_block(const struct tf_validation *run, const struct tf_block *block,
                           const struct cty_value *object, const struct cty_path *at)
{
    const struct cty_value *value = tf_value(object, block->name);
    const struct cty_path *path = tf_validation_at(run, at, block->name);

    if (value == NULL || !cty_is_known(value))
        return;
    if (block->nesting == TF_BLOCK_LIST || block->nesting == TF_BLOCK_SET)
        check_block_count(run, block, value, path);
    if (!is_written(block, value))
        return;
    if (block->deprecated != NULL)
        diag_warning(run->diags, path, "Block Deprecated", "%s", block->deprecated);
    validate_objects(run, rows_of_block(block), value, path);
    if (block->check == NULL)
        return;
    if (value->type->kind == CTY_OBJECT) {
        check_block(run, block, value, object, path);
        return;
    }
    bool in_set = value->type->kind == CTY_SET || run->set != NULL;
    for (size_t i = 0; i < value->count; i++) {
        struct tf_place here = {.path = path};
        check_block(run, block, value->items[i], object,
                    in_set ? path : tf_place_item(run->arena, &here, value, i).path);
    }
}

static void validate_objects(const struct tf_validation *run, struct tf_rows rows,
                             const struct cty_value *value, const struct cty_path *path)
{
    struct tf_validation inside = *run;

    if (value->type->kind == CTY_OBJECT) {
        tf_validate_rows(run, rows, value, path);
        return;
    }
    if (value->type->kind == CTY_SET && run->set == NULL)
        inside.set = path;
    for (size_t i = 0; i < value->count; i++) {
        struct tf_place here = {.path = path};
        if (!cty_is_known(value->items[i]))
            continue;
        tf_validate_rows(&inside, rows, value->items[i],
                         inside.set != NULL ? inside.set
                                            : tf_place_item(run->arena, &here, value, i).path);
    }
}

void tf_validate_rows(const struct tf_validation *run, struct tf_rows rows,
                      const struct cty_value *object, const struct cty_path *path)
{
    each_attr(attr, rows.attrs)
    {
        validate_attr(run, attr, object, path);
    }
    tf_validate_group(run, rows.attrs, object, path);
    each_block(block, rows.blocks)
    {
        validate_block(run, block, object, path);
    }
}

static void run_hook(struct tf_rpc *rpc, struct tf_call *call, bool (*hook)(struct tf_call *call))
{
    size_t before = rpc->diags.errors;
    if (hook != NULL && !hook(call) && rpc->diags.errors == before)
        diag_bug(&rpc->diags, NULL, "The validation refused a configuration and did not say why.");
}

void tf_validate(struct tf_server *server, struct tf_rpc *rpc, const struct tf_offer *offer,
                 const struct cty_value *config)
{
    struct tf_validation run = {rpc->arena, &rpc->diags, rpc->write_only_allowed};
    struct tf_call call = tf_call_new(server, rpc, offer);

    if (config == NULL || !cty_is_known(config) || !tf_has_room(rpc, offer))
        return;
    tf_validate_rows(&run, rows_of_offer(offer), config, NULL);
    call.config = config;
    run_hook(rpc, &call, offer->validate);
}
