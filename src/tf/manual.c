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
}

void tf_manual(const struct tf_server *server, const struct tf_resource *resource, struct buf *out)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);
    struct page page = {server, out, arena};
    const struct tf_provider *provider = tf_server_provider(server);
    struct tf_rows rows = {provider->attrs, provider->blocks};
    const char *doc = resource == NULL ? provider->doc : resource->doc;

    if (resource != NULL)
        rows = tf_entry_of(server, resource)->rows;
    if (resource == NULL)
        buf_printf(out, "# %s Provider\n\n", provider->name);
    else
        buf_printf(out, "# %s (Resource)\n\n", resource->type);
    if (doc != NULL)
        buf_printf(out, "%s\n\n", doc);
    buf_putz(out, "## Schema\n\n");
    put_section(&page, rows, REQUIRED, "### Required", S(""));
    put_section(&page, rows, OPTIONAL, "### Optional", S(""));
    put_section(&page, rows, READ_ONLY, "### Read-Only", S(""));
    put_nested(&page, rows, S(""), S(""));
    if (resource != NULL)
        put_import(&page, resource);
}
