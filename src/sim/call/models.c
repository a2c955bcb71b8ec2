#include "models.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

enum { exit_usage = 64, exit_unreadable = 65, largest_model = 64 * 1024 * 1024, deepest = 64 };

static const size_t arena_limit = (size_t)2 << 30;

/* One model while it is read. */
struct reading {
    struct models *models;
    const struct service *service;
    const struct doc *shapes; /* by name */
    struct shape_entry *built;
    struct str why;
};

struct shape_entry {
    struct str name;
    struct shape shape;
    struct shape_entry *next;
};

static const struct {
    const char *name;
    enum shape_type type;
} types[] = {
    {"string", SHAPE_STRING},       {"character", SHAPE_STRING}, {"integer", SHAPE_INTEGER},
    {"long", SHAPE_INTEGER},        {"boolean", SHAPE_BOOLEAN},  {"timestamp", SHAPE_TIMESTAMP},
    {"structure", SHAPE_STRUCTURE}, {"list", SHAPE_LIST},        {"map", SHAPE_MAP},
    {"float", SHAPE_FLOAT},         {"double", SHAPE_FLOAT},     {"blob", SHAPE_BLOB},
};

static const struct shape *build(struct reading *reading, struct str name, int depth);

static bool fail(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool fail(struct reading *reading, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    reading->why = arena_vfmt(reading->models->arena, format, args);
    va_end(args);
    return false;
}

static struct str text_in(struct reading *reading, const struct doc *doc, struct str name)
{
    struct str text = doc_get_text(doc, name);
    return text.ptr == NULL ? S("") : arena_str(reading->models->arena, text);
}

static const struct shape *build_reference(struct reading *reading, const struct doc *reference,
                                           int depth)
{
    return build(reading, doc_get_text(reference, S("shape")), depth);
}

/* The word of a list's elements stands where the list is used, if the list is flat
 * (botocore/serialize.py, QuerySerializer). */
static struct str flat_word(const struct doc *shape)
{
    bool flat = false;
    if (doc_to_bool(doc_get(shape, S("flattened")), &flat) && flat)
        return doc_text(doc_at(shape, "member.locationName"));
    return S("");
}

static void name_member(struct reading *reading, struct member *row, const struct doc *member)
{
    struct arena *arena = reading->models->arena;
    struct str location = text_in(reading, member, S("locationName"));
    struct str query = text_in(reading, member, S("queryName"));
    struct str flat = flat_word(doc_get(reading->shapes, doc_get_text(member, S("shape"))));

    row->xml = location;
    if (reading->service->protocol == PROTOCOL_EC2 && query.len > 0) {
        row->form = query;
    } else if (reading->service->protocol == PROTOCOL_EC2 && location.len > 0) {
        char *form = arena_z(arena, location);
        if (form[0] >= 'a' && form[0] <= 'z')
            form[0] = (char)(form[0] - 'a' + 'A');
        row->form = (struct str){form, location.len};
    } else if (reading->service->protocol == PROTOCOL_QUERY) {
        row->form = flat.len > 0 ? arena_str(arena, flat) : location;
    }
}

static bool build_members(struct reading *reading, struct shape *shape, const struct doc *doc,
                          int depth)
{
    const struct doc *members = doc_get(doc, S("members"));
    size_t count = members == NULL || members->kind != DOC_OBJECT ? 0 : members->count, i = 0;
    struct member *rows = arena_array(reading->models->arena, struct member, count + 1);

    rows[count].name = S("");
    shape->members = rows;
    doc_each (entry, count == 0 ? NULL : members) {
        struct member *row = &rows[i++];
        if (entry->name.len == 0)
            return fail(reading, "a member has no name");
        row->name = arena_str(reading->models->arena, entry->name);
        name_member(reading, row, entry->value);
        row->shape = build_reference(reading, entry->value, depth);
        if (row->shape == NULL)
            return false;
    }
    doc_each (entry, doc_get(doc, S("required"))) {
        struct member *row = (struct member *)shape_member(shape, doc_text(entry->value));
        if (row == NULL)
            return fail(reading, "the required member '%.*s' is none", STR(doc_text(entry->value)));
        row->required = true;
    }
    doc_to_bool(doc_get(doc, S("union")), &shape->one_of);
    return true;
}

static bool build_elements(struct reading *reading, struct shape *shape, const struct doc *doc,
                           int depth)
{
    const struct doc *member = doc_get(doc, shape->type == SHAPE_LIST ? S("member") : S("value"));
    struct str word = text_in(reading, member, S("locationName"));

    doc_to_bool(doc_get(doc, S("flattened")), &shape->flat);
    if (reading->service->protocol == PROTOCOL_EC2)
        shape->flat = true; /* in requests; answers have items (botocore, EC2Serializer) */
    shape->item = word.len > 0 ? word.ptr : NULL;
    if (shape->type == SHAPE_MAP &&
        (shape->key = build_reference(reading, doc_get(doc, S("key")), depth)) == NULL)
        return false;
    shape->element = build_reference(reading, member, depth);
    return shape->element != NULL;
}

static void take_pattern(struct reading *reading, struct shape *shape, const struct doc *doc)
{
    struct arena *arena = reading->models->arena;
    struct str pattern = text_in(reading, doc, S("pattern")), why;

    if (pattern.len == 0)
        return;
    if (!pattern_is_sound(arena, pattern.ptr, &why)) {
        doc_add(arena, reading->models->notes,
                doc_fmt(arena,
                        "%.*s: the pattern of %.*s is not looked at, since PCRE2 does not "
                        "take it (%.*s): %.*s",
                        STR(reading->service->name), STR(shape->name), STR(why), STR(pattern)));
        return;
    }
    shape->pattern = pattern.ptr;
}

static void take_values(struct reading *reading, struct shape *shape, const struct doc *values)
{
    if (values == NULL || values->kind != DOC_LIST)
        return;
    const char **words = arena_array(reading->models->arena, const char *, values->count + 1);
    size_t i = 0;
    doc_each (entry, values)
        words[i++] = arena_z(reading->models->arena, doc_text(entry->value));
    words[i] = NULL;
    shape->values = words;
}

static bool take_limits(struct reading *reading, struct shape *shape, const struct doc *doc)
{
    bool number = shape->type == SHAPE_INTEGER || shape->type == SHAPE_FLOAT;
    const struct doc *min = doc_get(doc, S("min")), *max = doc_get(doc, S("max"));

    shape->min = number ? INT64_MIN : 0;
    if ((min != NULL && !doc_to_int64(min, &shape->min)) ||
        (max != NULL && !doc_to_int64(max, &shape->max)))
        return fail(reading, "the limits of %.*s are no whole numbers", STR(shape->name));
    return true;
}

static bool fill(struct reading *reading, struct shape *shape, const struct doc *doc, int depth)
{
    struct str type = doc_get_text(doc, S("type"));
    size_t i = 0;

    while (i < sizeof types / sizeof types[0] && !str_is(type, types[i].name))
        i++;
    if (i == sizeof types / sizeof types[0])
        return fail(reading, "the shape '%.*s' has a type that is not known: '%.*s'",
                    STR(shape->name), STR(type));
    shape->type = types[i].type;
    if (!take_limits(reading, shape, doc))
        return false;
    if (shape->type == SHAPE_STRUCTURE)
        return build_members(reading, shape, doc, depth);
    if (shape->type == SHAPE_LIST || shape->type == SHAPE_MAP)
        return build_elements(reading, shape, doc, depth);
    if (shape->type == SHAPE_STRING) {
        take_pattern(reading, shape, doc);
        take_values(reading, shape, doc_get(doc, S("enum")));
    }
    return true;
}

/* Each shape is built once; one that holds itself finds itself. */
static const struct shape *build(struct reading *reading, struct str name, int depth)
{
    const struct doc *doc = doc_get(reading->shapes, name);

    for (struct shape_entry *at = reading->built; at != NULL; at = at->next)
        if (str_eq(at->name, name))
            return &at->shape;
    if (doc == NULL || doc->kind != DOC_OBJECT) {
        fail(reading, "there is no shape '%.*s'", STR(name));
        return NULL;
    }
    if (depth == deepest) {
        fail(reading, "the shape '%.*s' lies too deep", STR(name));
        return NULL;
    }
    struct shape_entry *entry = arena_make(reading->models->arena, struct shape_entry);
    entry->name = entry->shape.name = arena_str(reading->models->arena, name);
    entry->next = reading->built;
    reading->built = entry;
    return fill(reading, &entry->shape, doc, depth + 1) ? &entry->shape : NULL;
}

static const struct member no_members[] = {{.name = S_INIT("")}};
static const struct shape nothing = {.type = SHAPE_STRUCTURE, .members = no_members};

static const struct shape *side_of(struct reading *reading, const struct doc *operation,
                                   struct str side)
{
    const struct doc *reference = doc_get(operation, side);
    const struct shape *shape =
        reference == NULL ? &nothing : build_reference(reading, reference, 0);
    if (shape != NULL && shape->type != SHAPE_STRUCTURE) {
        fail(reading, "'%.*s' is no structure", STR(shape->name));
        return NULL;
    }
    return shape;
}

static bool add_operation(struct reading *reading, const struct operation *row,
                          const struct doc *operation)
{
    struct models *models = reading->models;
    struct operation_model model = {.service = reading->service->name, .operation = row->name};
    size_t size = models->count * sizeof model;

    model.input = side_of(reading, operation, S("input"));
    model.output = model.input == NULL ? NULL : side_of(reading, operation, S("output"));
    if (model.output == NULL)
        return false;
    struct operation_model *rows =
        arena_grow(models->arena, (void *)models->operations, size, size + sizeof model);
    rows[models->count++] = model;
    models->operations = rows;
    if (row->input == NULL)
        return true;
    doc_each (entry, shape_differences(models->arena, row->input, model.input))
        doc_add(models->arena, models->differences,
                doc_fmt(models->arena, "%.*s %.*s: %.*s", STR(model.service), STR(row->name),
                        STR(entry->value->text)));
    return true;
}

static bool read_operations(struct reading *reading, const struct doc *operations)
{
    struct models *models = reading->models;
    struct buf lacking = buf_in(models->arena, 64 * 1024);
    for (size_t i = 0; reading->service->tables[i] != NULL; i++)
        for (const struct operation *row = reading->service->tables[i]; row->name.len > 0; row++) {
            const struct doc *operation = doc_get(operations, row->name);
            if (operation == NULL)
                buf_printf(&lacking, "%s%.*s", lacking.len == 0 ? "" : ", ", STR(row->name));
            else if (!add_operation(reading, row, operation))
                return false;
        }
    if (lacking.len > 0)
        doc_add(models->arena, models->notes,
                doc_fmt(models->arena, "%.*s: the model does not have %.*s",
                        STR(reading->service->name), STR(buf_str(&lacking))));
    return true;
}

static bool refuse(struct sim_error *reterr, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool refuse(struct sim_error *reterr, int exit_code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reterr->text, sizeof reterr->text, format, args);
    va_end(args);
    reterr->exit_code = exit_code;
    return false;
}

bool models_read(struct models *models, const struct service *service, struct str text,
                 const char *path, struct sim_error *reterr)
{
    scoped(arena_freep) struct arena *arena = arena_new(arena_limit);
    struct doc *doc = NULL;
    struct doc_error error;

    if (!doc_from_json(arena, text, &doc_default_limits, &doc, &error))
        return refuse(reterr, exit_unreadable, "%s:%zu:%zu: %.*s", path, error.line, error.column,
                      STR(error.message));
    struct reading reading = {
        .models = models, .service = service, .shapes = doc_get(doc, S("shapes"))};
    const struct doc *operations = doc_get(doc, S("operations"));
    if (operations == NULL || operations->kind != DOC_OBJECT || reading.shapes == NULL ||
        reading.shapes->kind != DOC_OBJECT)
        return refuse(reterr, exit_unreadable,
                      "%s: this is no service model: it has no operations and shapes", path);
    if (!read_operations(&reading, operations))
        return refuse(reterr, exit_unreadable, "%s: %.*s", path, STR(reading.why));
    doc_put(models->arena, models->files, service->name,
            doc_string(models->arena, arena_str(models->arena, str_of(path))));
    return true;
}

/* gzread reads what is not gzipped as it is. */
static bool read_file(struct arena *arena, const char *path, struct str *ret_text,
                      struct sim_error *reterr)
{
    gzFile file = gzopen(path, "rbe");
    struct buf text = buf_in(arena, largest_model);
    char piece[64 * 1024];
    int got = 0, error = Z_OK;

    if (file == NULL)
        return refuse(reterr, exit_unreadable, "%s: %s", path, strerror(errno));
    while (!text.overflow && (got = gzread(file, piece, sizeof piece)) > 0)
        buf_put(&text, (struct str){piece, (size_t)got});
    (void)gzerror(file, &error);
    int closed = gzclose_r(file);
    if (got < 0 || error != Z_OK || closed != Z_OK || text.overflow)
        return refuse(reterr, exit_unreadable, "%s: it cannot be read%s", path,
                      text.overflow ? ": it is too large" : "");
    *ret_text = buf_str(&text);
    return true;
}

static bool is_file(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

/* The folder of the newest version: their names are dates. */
static struct str newest_version(struct arena *arena, const char *folder)
{
    struct str newest = S("");
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && str_cmp(str_of(entry->d_name), newest) > 0)
            newest = arena_str(arena, str_of(entry->d_name));
    if (dir != NULL)
        closedir(dir);
    return newest;
}

static const char *file_of(struct arena *arena, const char *folder, const struct service *service)
{
    struct str home = arena_fmt(arena, "%s/%.*s", folder, STR(service->name));
    struct str version = newest_version(arena, home.ptr);
    const char *const paths[] = {
        arena_fmt(arena, "%.*s.service-2.json", STR(home)).ptr,
        arena_fmt(arena, "%.*s.service-2.json.gz", STR(home)).ptr,
        arena_fmt(arena, "%.*s/%.*s/service-2.json", STR(home), STR(version)).ptr,
        arena_fmt(arena, "%.*s/%.*s/service-2.json.gz", STR(home), STR(version)).ptr,
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (is_file(paths[i]))
            return paths[i];
    return NULL;
}

struct models *models_new(void)
{
    struct models *models = calloc(1, sizeof *models);
    if (models == NULL)
        abort();
    models->arena = arena_new(arena_limit);
    models->files = doc_object(models->arena);
    models->notes = doc_list(models->arena);
    models->differences = doc_list(models->arena);
    return models;
}

static bool load(struct models *models, const char *folder, struct sim_error *reterr)
{
    struct stat found;

    if (stat(folder, &found) != 0 || !S_ISDIR(found.st_mode))
        return refuse(reterr, exit_usage, "--models %s: %s", folder,
                      errno == 0 ? "it is no folder" : strerror(errno));
    for (size_t i = 0; services[i] != NULL; i++) {
        scoped(arena_freep) struct arena *arena = arena_new(arena_limit);
        const char *path = file_of(arena, folder, services[i]);
        struct str text;
        if (path == NULL)
            doc_add(models->arena, models->notes,
                    doc_fmt(models->arena, "%.*s: there is no model of it in %s",
                            STR(services[i]->name), folder));
        else if (!read_file(arena, path, &text, reterr) ||
                 !models_read(models, services[i], text, path, reterr))
            return false;
    }
    if (models->files->count == 0)
        return refuse(reterr, exit_usage,
                      "--models %s: it holds neither SERVICE/VERSION/service-2.json(.gz) nor "
                      "SERVICE.service-2.json of a service that hyperpod-sim has",
                      folder);
    return true;
}

struct models *models_load(const char *folder, struct sim_error *reterr)
{
    struct models *models = models_new();
    errno = 0;
    if (load(models, folder, reterr))
        return models;
    models_free(models);
    return NULL;
}

void models_free(struct models *models)
{
    if (models == NULL)
        return;
    for (size_t i = 0; i < models->answers.count; i++)
        free(models->answers.items[i]);
    list_done(&models->answers);
    arena_free(models->arena);
    free(models);
}

const struct operation_model *models_find(const struct models *models, struct str service,
                                          struct str operation)
{
    for (size_t i = 0; models != NULL && i < models->count; i++)
        if (str_eq(models->operations[i].operation, operation) &&
            str_eq(models->operations[i].service, service))
            return &models->operations[i];
    return NULL;
}
