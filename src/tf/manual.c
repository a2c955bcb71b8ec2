/* The manual page of a resource, from its tables. */
#include "tf.h"

#include <inttypes.h>

static const char *const kind_names[] = {
    [TF_STRING] = "String", [TF_NUMBER] = "Number",   [TF_INT] = "Number",
    [TF_BOOL] = "Boolean",  [TF_DYNAMIC] = "Dynamic", [TF_LIST] = "List",
    [TF_SET] = "Set",       [TF_MAP] = "Map",         [TF_OBJECT] = "Object"};

struct page {
    const struct tf_server *server;
    struct buf *out;
    struct arena *arena;
};

enum section { REQUIRED, OPTIONAL, READ_ONLY };

static enum section section_of_attr(const struct tf_attr *attr)
{
    if ((attr->flags & TF_REQUIRED) != 0)
        return REQUIRED;
    return (attr->flags & TF_OPTIONAL) != 0 ? OPTIONAL : READ_ONLY;
}

static enum section section_of_block(const struct tf_block *block)
{
    return block->min_items > 0 ? REQUIRED : OPTIONAL;
}

static void put_traits(const struct page *page, const struct tf_attr *attr)
{
    struct buf *out = page->out;

    buf_printf(out, "(%s", kind_names[attr->kind]);
    if (attr->kind >= TF_LIST && attr->kind <= TF_MAP)
        buf_printf(out, " of %s", attr->attrs != NULL ? "Object" : kind_names[attr->of]);
    if ((attr->flags & TF_SENSITIVE) != 0)
        buf_putz(out, ", Sensitive");
    if ((attr->flags & TF_WRITE_ONLY) != 0)
        buf_putz(out, ", Write-only");
    if (attr->deprecated != NULL)
        buf_putz(out, ", Deprecated");
    buf_putz(out, ")");
}

/* " before text after", when there is a text. */
static void put_sentence(struct buf *out, const char *before, const char *text, const char *after)
{
    if (text != NULL)
        buf_printf(out, " %s%s%s", before, text, after);
}

static void put_words(struct buf *out, const struct tf_attr *attr)
{
    if (attr->oneof == NULL)
        return;
    buf_putz(out, " One of");
    for (size_t i = 0; attr->oneof[i] != NULL; i++)
        buf_printf(out, "%s `%s`", i == 0 ? "" : ",", attr->oneof[i]);
    buf_putz(out, ".");
}

/* Names that are separated by spaces. */
static void put_names(struct buf *out, const char *what, const char *names)
{
    struct str rest = str_of(names), name;

    if (names == NULL)
        return;
    buf_printf(out, " %s", what);
    for (const char *between = " "; str_next(&rest, ' ', &name); between = ", ")
        buf_printf(out, "%s`%.*s`", between, STR(name));
    buf_putc(out, '.');
}

/* The siblings of which exactly one is set. */
static void put_choice(struct buf *out, const struct tf_attr *attrs, const char *group)
{
    const char *between = " Exactly one of ";

    each_attr(attr, attrs)
    {
        if (attr->one_of_group == NULL || strcmp(attr->one_of_group, group) != 0)
            continue;
        buf_printf(out, "%s`%s`", between, attr->name);
        between = ", ";
    }
    buf_putz(out, " must be set.");
}

static void put_limits(struct buf *out, const struct tf_attr *attrs, const struct tf_attr *attr)
{
    const char *unit = attr->kind == TF_STRING ? "characters" : "elements";

    put_words(out, attr);
    if (attr->ranged)
        buf_printf(out, " From %" PRId64 " to %" PRId64 ".", attr->min, attr->max);
    if (attr->max_len != 0 && attr->max_len == attr->min_len)
        buf_printf(out, " Exactly %" PRId64 " %s.", attr->max_len, unit);
    else if (attr->max_len != 0 && attr->min_len == 0)
        buf_printf(out, " At most %" PRId64 " %s.", attr->max_len, unit);
    else if (attr->max_len != 0)
        buf_printf(out, " %" PRId64 " to %" PRId64 " %s.", attr->min_len, attr->max_len, unit);
    else if (attr->min_len != 0)
        buf_printf(out, " At least %" PRId64 " %s.", attr->min_len, unit);
    put_sentence(out, "Must be: ", attr->oneof == NULL ? attr->pattern_text : NULL, ".");
    put_sentence(out, "Default `", attr->fallback, "`.");
    put_names(out, "Not together with", attr->conflicts);
    put_names(out, "Needs", attr->requires);
    if (attr->one_of_group != NULL)
        put_choice(out, attrs, attr->one_of_group);
    if ((attr->flags & TF_REPLACE) != 0)
        buf_putz(out, " A change replaces the resource.");
    put_sentence(out, "Deprecated: ", attr->deprecated, "");
}

static struct str anchor(const struct page *page, struct str parent, const char *name)
{
    return arena_fmt(page->arena, "%.*s--%s", STR(parent), name);
}

static void put_attr(const struct page *page, const struct tf_attr *attrs,
                     const struct tf_attr *attr, struct str at)
{
    buf_printf(page->out, "- `%s` ", attr->name);
    put_traits(page, attr);
    if (attr->doc != NULL)
        buf_printf(page->out, " %s", attr->doc);
    put_limits(page->out, attrs, attr);
    if (attr->attrs != NULL && attr->attrs->name != NULL)
        buf_printf(page->out, " (see [below for nested schema](#nestedatt%.*s))",
                   STR(anchor(page, at, attr->name)));
    buf_putc(page->out, '\n');
}

static void put_block(const struct page *page, const struct tf_block *block, struct str at)
{
    static const char *const names[] = {[TF_BLOCK_SINGLE] = "Block",
                                        [TF_BLOCK_GROUP] = "Block",
                                        [TF_BLOCK_LIST] = "Block List",
                                        [TF_BLOCK_SET] = "Block Set",
                                        [TF_BLOCK_MAP] = "Block Map"};

    buf_printf(page->out, "- `%s` (%s", block->name, names[block->nesting]);
    if (block->min_items > 0)
        buf_printf(page->out, ", Min: %" PRId64, block->min_items);
    if (block->max_items > 0)
        buf_printf(page->out, ", Max: %" PRId64, block->max_items);
    buf_putz(page->out, ")");
    if (block->doc != NULL)
        buf_printf(page->out, " %s", block->doc);
    put_sentence(page->out, "Deprecated: ", block->deprecated, "");
    buf_printf(page->out, " (see [below for nested schema](#nestedblock%.*s))\n",
               STR(anchor(page, at, block->name)));
}

static void put_section(const struct page *page, struct tf_rows rows, enum section section,
                        const char *title, struct str at)
{
    bool any = false;

    each_attr(attr, rows.attrs)
    {
        if (section_of_attr(attr) != section)
            continue;
        if (!any)
            buf_printf(page->out, "%s\n\n", title);
        any = true;
        put_attr(page, rows.attrs, attr, at);
    }
    each_block(block, rows.blocks)
    {
        if (section_of_block(block) != section)
            continue;
        if (!any)
            buf_printf(page->out, "%s\n\n", title);
        any = true;
        put_block(page, block, at);
    }
    if (any)
        buf_putc(page->out, '\n');
}

static void put_nested(const struct page *page, struct tf_rows rows, struct str at,
                       struct str name);

static void put_child(const struct page *page, struct tf_rows rows, const char *what, struct str at,
                      struct str name, const char *child)
{
    struct str below = anchor(page, at, child);
    struct str full =
        name.len == 0 ? str_of(child) : arena_fmt(page->arena, "%.*s.%s", STR(name), child);

    buf_printf(page->out, "<a id=\"nested%s%.*s\"></a>\n### Nested Schema for `%.*s`\n\n", what,
               STR(below), STR(full));
    put_section(page, rows, REQUIRED, "Required:", below);
    put_section(page, rows, OPTIONAL, "Optional:", below);
    put_section(page, rows, READ_ONLY, "Read-Only:", below);
    put_nested(page, rows, below, full);
}

static void put_nested(const struct page *page, struct tf_rows rows, struct str at, struct str name)
{
    each_attr(attr, rows.attrs)
    {
        if (attr->attrs != NULL && attr->attrs->name != NULL)
            put_child(page, rows_of_attr(attr), "att", at, name, attr->name);
    }
    each_block(block, rows.blocks)
    {
        put_child(page, rows_of_block(block), "block", at, name, block->name);
    }
}

static void put_sections(const struct page *page, struct tf_rows rows)
{
    put_section(page, rows, REQUIRED, "### Required", S(""));
    put_section(page, rows, OPTIONAL, "### Optional", S(""));
    put_section(page, rows, READ_ONLY, "### Read-Only", S(""));
    put_nested(page, rows, S(""), S(""));
}

/* ---- Import, identity, moves ---- */

static void put_identity(const struct page *page, const struct tf_resource *resource)
{
    struct tf_rows rows = {resource->identity->attrs, NULL};
    struct buf *out = page->out;

    buf_printf(out,
               "From Terraform 1.12 and OpenTofu 1.12 on, also by its identity:\n\n"
               "```terraform\nimport {\n  to = %s.example\n  identity = {\n",
               resource->type);
    each_attr(attr, resource->identity->attrs)
    {
        if ((attr->flags & TF_REQUIRED) != 0)
            buf_printf(out, "    %s = \"%s\"\n", attr->name, resource->import_example);
    }
    buf_putz(out, "  }\n}\n```\n\n### Identity Schema\n\n");
    put_section(page, rows, REQUIRED, "Required:", S("-identity"));
    put_section(page, rows, OPTIONAL, "Optional:", S("-identity"));
}

static void put_import(const struct page *page, const struct tf_resource *resource)
{
    if (resource->import_example == NULL) {
        buf_printf(page->out, "## Import\n\n`%s` can't be imported.\n", resource->type);
        return;
    }
    buf_printf(page->out,
               "## Import\n\n```terraform\nimport {\n  to = %s.example\n  id = \"%s\"\n}\n```\n\n"
               "```shell\nterraform import %s.example '%s'\n```\n",
               resource->type, resource->import_example, resource->type, resource->import_example);
    if (resource->import_forms != NULL)
        buf_printf(page->out, "\n%s\n", resource->import_forms);
    if (resource->identity != NULL) {
        buf_putc(page->out, '\n');
        put_identity(page, resource);
    }
}

static void put_moves(const struct page *page, const struct tf_resource *resource)
{
    struct buf *out = page->out;

    if (resource->moves == NULL)
        return;
    buf_printf(out,
               "## Moved from other types\n\nA `moved` block (Terraform 1.8, OpenTofu 1.10) takes "
               "the object over as it is:\n\n```terraform\nmoved {\n  from = %s.example\n"
               "  to   = %s.example\n}\n```\n\n",
               resource->moves->from, resource->type);
    for (const struct tf_move *move = resource->moves; move->from != NULL; move++)
        buf_printf(out, "- `%s` (%s) %s\n", move->from, move->provider, move->doc);
}

/* ---- Pages ---- */

static const char *const titles[] = {[TF_PROVIDER] = "Provider",
                                     [TF_META] = "Module Metadata",
                                     [TF_RESOURCE] = "Resource",
                                     [TF_DATA_SOURCE] = "Data Source",
                                     [TF_EPHEMERAL] = "Ephemeral Resource",
                                     [TF_LIST_RESOURCE] = "List Resource"};

static void put_title(const struct page *page, const char *name, bool in_brackets,
                      const char *title, const char *doc)
{
    buf_printf(page->out, in_brackets ? "# %s (%s)\n\n" : "# %s %s\n\n", name, title);
    if (doc != NULL)
        buf_printf(page->out, "%s\n\n", doc);
}

static void put_query(const struct page *page, const struct tf_offer *offer)
{
    buf_printf(page->out,
               "Needs Terraform 1.14 or newer, in a file `*.tfquery.hcl`:\n\n```terraform\n"
               "list \"%s\" \"all\" {\n  provider = %s\n}\n```\n\n`terraform query` lists what it "
               "finds; with `-generate-config-out=FILE` it writes import blocks and resources. The "
               "arguments stand in a block `config`.\n\n",
               offer->name, tf_server_provider(page->server)->name);
}

void tf_manual(const struct tf_server *server, const struct tf_offer *offer, struct buf *out)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct page page = {server, out, arena};

    put_title(&page, offer->name, offer->kind != TF_PROVIDER, titles[offer->kind], offer->doc);
    if (offer->kind == TF_LIST_RESOURCE)
        put_query(&page, offer);
    buf_putz(out, "## Schema\n\n");
    put_sections(&page, rows_of_offer(offer));
    if (offer->kind != TF_RESOURCE)
        return;
    put_import(&page, offer->resource);
    put_moves(&page, offer->resource);
}

static void put_signature(const struct page *page, const struct tf_function *function)
{
    const char *between = "";

    buf_printf(page->out, "## Signature\n\n```text\n%s(", function->name);
    for (const struct tf_param *p = function->params; p != NULL && p->attr.name != NULL; p++) {
        struct str type = cty_type_name(page->arena, tf_attr_type(page->arena, &p->attr));
        buf_printf(page->out, "%s%s %.*s", between, p->attr.name, STR(type));
        between = ", ";
    }
    if (function->variadic != NULL) {
        const struct tf_attr *attr = &function->variadic->attr;
        struct str type = cty_type_name(page->arena, tf_attr_type(page->arena, attr));
        buf_printf(page->out, "%s%s %.*s...", between, attr->name, STR(type));
    }
    struct str type = cty_type_name(page->arena, tf_attr_type(page->arena, &function->result));
    buf_printf(page->out, ") %.*s\n```\n\n## Arguments\n\n", STR(type));
}

static void put_param(const struct page *page, const struct tf_param *param, bool variadic)
{
    buf_printf(page->out, "- `%s` ", param->attr.name);
    put_traits(page, &param->attr);
    if (param->attr.doc != NULL)
        buf_printf(page->out, " %s", param->attr.doc);
    put_limits(page->out, &param->attr, &param->attr);
    if (variadic)
        buf_putz(page->out, " Any number of them.");
    if (param->takes_null)
        buf_putz(page->out, " May be null.");
    buf_putc(page->out, '\n');
}

void tf_manual_function(const struct tf_server *server, const struct tf_function *function,
                        struct buf *out)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct page page = {server, out, arena};

    put_title(&page, function->name, true, "Function", function->doc);
    put_sentence(out, "Deprecated: ", function->deprecated, "\n\n");
    put_signature(&page, function);
    for (const struct tf_param *p = function->params; p != NULL && p->attr.name != NULL; p++)
        put_param(&page, p, false);
    if (function->variadic != NULL)
        put_param(&page, function->variadic, true);
}
