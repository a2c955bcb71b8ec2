#include "members.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct arena *arena;
    const char *what;
    struct probe_error *reterr;
    char path[256];
    size_t path_len;
};

static const char *const kinds[] = {
    [MEMBER_TEXT] = "a string",
    [MEMBER_BOOL] = "true or false",
    [MEMBER_WHOLE] = "a whole number",
    [MEMBER_INDEX] = "a whole number from -2",
    [MEMBER_COUNT] = "a whole number from 0",
    [MEMBER_SIZE] = "a whole number from 0",
    [MEMBER_NUMBER] = "a number or null",
    [MEMBER_CHOICE] = "one of the known words",
    [MEMBER_OBJECT] = "an object",
    [MEMBER_MAYBE] = "an object",
    [MEMBER_LIST] = "a list",
    [MEMBER_TEXTS] = "a list of strings",
    [MEMBER_NUMBERS] = "a list of numbers",
    [MEMBER_BYTES] = "a list of numbers from 0 to 255",
};

static bool wrong(struct reader *r, const char *should)
{
    return probe_error(r->reterr, EXIT_BAD_DATA, "%s: %.*s should be %s", r->what, (int)r->path_len,
                       r->path, should);
}

static size_t path_push(struct reader *r, const char *name, int index)
{
    size_t was = r->path_len;
    int more = index < 0
                   ? snprintf(r->path + was, sizeof r->path - was, "%s%s", was ? "." : "", name)
                   : snprintf(r->path + was, sizeof r->path - was, "[%d]", index);

    if (more > 0)
        r->path_len += (size_t)more;
    if (r->path_len >= sizeof r->path)
        r->path_len = sizeof r->path - 1;
    return was;
}

static bool whole(const cJSON *item, double least, double most)
{
    return cJSON_IsNumber(item) && item->valuedouble >= least && item->valuedouble <= most &&
           item->valuedouble == floor(item->valuedouble);
}

static bool read_object(struct reader *r, const cJSON *json, const struct members *members,
                        char *into);

static bool read_text(struct reader *r, const cJSON *item, struct str *ret)
{
    if (!cJSON_IsString(item))
        return false;
    *ret = arena_str(r->arena, arena_utf8(r->arena, str_of(item->valuestring)));
    return true;
}

static bool read_item(struct reader *r, const struct member *row, const cJSON *item, char *element)
{
    switch (row->kind) {
    case MEMBER_LIST:
        return read_object(r, item, row->of, element);
    case MEMBER_TEXTS:
        return read_text(r, item, (struct str *)element) || wrong(r, "a string");
    case MEMBER_NUMBERS:
        if (!cJSON_IsNumber(item) && !cJSON_IsNull(item))
            return wrong(r, "a number or null");
        *(double *)element = cJSON_IsNull(item) ? NAN : item->valuedouble;
        return true;
    default:
        if (!whole(item, 0, 255))
            return wrong(r, "a number from 0 to 255");
        *(uint8_t *)element = (uint8_t)item->valuedouble;
        return true;
    }
}

static size_t element_size(const struct member *row)
{
    return row->kind == MEMBER_LIST      ? row->of->size
           : row->kind == MEMBER_TEXTS   ? sizeof(struct str)
           : row->kind == MEMBER_NUMBERS ? sizeof(double)
                                         : sizeof(uint8_t);
}

static bool read_list(struct reader *r, const struct member *row, const cJSON *json, char *into)
{
    size_t size = element_size(row);
    int count = 0;
    const cJSON *item;
    char most[64];

    if (!cJSON_IsArray(json))
        return wrong(r, kinds[row->kind]);
    count = cJSON_GetArraySize(json);
    snprintf(most, sizeof most, "a list of at most %u", row->most);
    if ((uint32_t)count > row->most)
        return wrong(r, most);
    if (!arena_has_room(r->arena, (size_t)count * size))
        return wrong(r, "smaller: there is no room for it");
    char *elements = arena_alloc_array(r->arena, size, (size_t)count);
    count = 0;
    cJSON_ArrayForEach(item, json)
    {
        size_t was = path_push(r, "", count);
        if (!read_item(r, row, item, elements + (size_t)count * size))
            return false;
        r->path_len = was;
        count++;
    }
    *(char **)(into + row->at) = elements;
    *(uint32_t *)(into + row->count_at) = (uint32_t)count;
    return true;
}

static bool read_choice(struct reader *r, const struct member *row, const cJSON *item,
                        uint32_t *ret)
{
    char words[200] = "one of";

    for (uint32_t i = 0; cJSON_IsString(item) && i < row->most; i++)
        if (strcmp(item->valuestring, row->names[i]) == 0) {
            *ret = i;
            return true;
        }
    for (uint32_t i = 0; i < row->most; i++)
        snprintf(words + strlen(words), sizeof words - strlen(words), " %s", row->names[i]);
    return wrong(r, words);
}

static bool read_member(struct reader *r, const struct member *row, const cJSON *item, char *into)
{
    void *at = into + row->at;

    switch (row->kind) {
    case MEMBER_TEXT:
        return read_text(r, item, at) || wrong(r, kinds[row->kind]);
    case MEMBER_BOOL:
        if (!cJSON_IsBool(item))
            return wrong(r, kinds[row->kind]);
        *(bool *)at = cJSON_IsTrue(item);
        return true;
    case MEMBER_WHOLE:
        if (!whole(item, -9007199254740992.0, 9007199254740992.0))
            return wrong(r, kinds[row->kind]);
        *(int64_t *)at = (int64_t)item->valuedouble;
        return true;
    case MEMBER_INDEX:
        if (!whole(item, -2, INT32_MAX))
            return wrong(r, kinds[row->kind]);
        *(int32_t *)at = (int32_t)item->valuedouble;
        return true;
    case MEMBER_COUNT:
        if (!whole(item, 0, UINT32_MAX))
            return wrong(r, kinds[row->kind]);
        *(uint32_t *)at = (uint32_t)item->valuedouble;
        return true;
    case MEMBER_SIZE:
        if (!whole(item, 0, 9007199254740992.0))
            return wrong(r, kinds[row->kind]);
        *(uint64_t *)at = (uint64_t)item->valuedouble;
        return true;
    case MEMBER_NUMBER:
        if (!cJSON_IsNumber(item) && !cJSON_IsNull(item))
            return wrong(r, kinds[row->kind]);
        *(double *)at = cJSON_IsNull(item) ? NAN : item->valuedouble;
        return true;
    case MEMBER_CHOICE:
        return read_choice(r, row, item, at);
    case MEMBER_OBJECT:
        return read_object(r, item, row->of, at);
    case MEMBER_MAYBE:
        if (!arena_has_room(r->arena, row->of->size))
            return wrong(r, "smaller: there is no room for it");
        *(void **)at = arena_alloc(r->arena, row->of->size);
        return read_object(r, item, row->of, *(char **)at);
    default:
        return read_list(r, row, item, into);
    }
}

static bool all_known(struct reader *r, const cJSON *json, const struct members *members)
{
    char words[256] = "one of";
    const cJSON *item;

    for (const struct member *row = members->rows; row->name != NULL; row++)
        snprintf(words + strlen(words), sizeof words - strlen(words), " %s", row->name);
    cJSON_ArrayForEach(item, json)
    {
        const struct member *row = members->rows;
        while (row->name != NULL && strcmp(row->name, item->string) != 0)
            row++;
        size_t was = path_push(r, item->string, -1);
        if (row->name == NULL)
            return wrong(r, words);
        r->path_len = was;
    }
    return true;
}

static bool read_object(struct reader *r, const cJSON *json, const struct members *members,
                        char *into)
{
    if (!cJSON_IsObject(json))
        return wrong(r, "an object");
    if (members->strict && !all_known(r, json, members))
        return false;
    for (const struct member *row = members->rows; row->name != NULL; row++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, row->name);
        size_t was = path_push(r, row->name, -1);
        if (item == NULL && row->required)
            return wrong(r, "there");
        if (item != NULL && !read_member(r, row, item, into))
            return false;
        r->path_len = was;
    }
    return true;
}

void members_place(struct str text, const char *at, int *ret_line, int *ret_column)
{
    *ret_line = *ret_column = 1;
    for (const char *p = text.ptr; p < at && p < text.ptr + text.len; p++) {
        *ret_column = *p == '\n' ? 1 : *ret_column + 1;
        *ret_line += *p == '\n';
    }
}

bool members_read(struct arena *arena, struct str json, const char *what,
                  const struct members *members, void *into, struct probe_error *reterr)
{
    struct reader r = {.arena = arena, .what = what, .reterr = reterr};
    const char *end = json.ptr;
    cJSON *root = json.len == 0 ? NULL : cJSON_ParseWithLengthOpts(json.ptr, json.len, &end, false);
    struct str rest = root == NULL ? json : str_trim(str_from(json, (size_t)(end - json.ptr)));
    bool read = false;

    if (json.len == 0) {
        probe_error(reterr, EXIT_BAD_DATA, "%s: it is empty", what);
    } else if (root == NULL || rest.len > 0) {
        int line, column;
        members_place(json, root == NULL ? end : rest.ptr, &line, &column);
        probe_error(reterr, EXIT_BAD_DATA, "%s: line %d, column %d: this is not JSON", what, line,
                    column);
    } else if (!cJSON_IsObject(root)) {
        probe_error(reterr, EXIT_BAD_DATA, "%s: this should be an object", what);
    } else {
        read = read_object(&r, root, members, into);
    }
    cJSON_Delete(root);
    return read;
}

/* Six digits are more than any measurement here has. */
static cJSON *number(double value)
{
    char text[32];

    if (!isfinite(value))
        return cJSON_CreateNull();
    if (value == floor(value) && fabs(value) < 1e15)
        return cJSON_CreateNumber(value);
    snprintf(text, sizeof text, "%.6g", value);
    return cJSON_CreateNumber(strtod(text, NULL));
}

static cJSON *text(struct arena *scratch, struct str s)
{
    return cJSON_CreateString(arena_z(scratch, arena_utf8(scratch, s)));
}

static cJSON *write_list(struct arena *scratch, const struct member *row, const char *from)
{
    const char *elements = *(char *const *)(from + row->at);
    uint32_t count = *(const uint32_t *)(from + row->count_at);
    size_t size = element_size(row);
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < count; i++) {
        const char *element = elements + i * size;
        cJSON_AddItemToArray(
            list, row->kind == MEMBER_LIST      ? members_write(scratch, row->of, element)
                  : row->kind == MEMBER_TEXTS   ? text(scratch, *(const struct str *)element)
                  : row->kind == MEMBER_NUMBERS ? number(*(const double *)element)
                                                : cJSON_CreateNumber(*(const uint8_t *)element));
    }
    return list;
}

static cJSON *write_member(struct arena *scratch, const struct member *row, const char *from)
{
    const void *at = from + row->at;
    const void *maybe;

    switch (row->kind) {
    case MEMBER_TEXT:
        return text(scratch, *(const struct str *)at);
    case MEMBER_BOOL:
        return cJSON_CreateBool(*(const bool *)at);
    case MEMBER_WHOLE:
        return cJSON_CreateNumber((double)*(const int64_t *)at);
    case MEMBER_INDEX:
        return cJSON_CreateNumber(*(const int32_t *)at);
    case MEMBER_COUNT:
        return cJSON_CreateNumber(*(const uint32_t *)at);
    case MEMBER_SIZE:
        return cJSON_CreateNumber((double)*(const uint64_t *)at);
    case MEMBER_NUMBER:
        return number(*(const double *)at);
    case MEMBER_CHOICE:
        return cJSON_CreateString(row->names[*(const uint32_t *)at % row->most]);
    case MEMBER_OBJECT:
        return members_write(scratch, row->of, at);
    case MEMBER_MAYBE:
        maybe = *(void *const *)at;
        return maybe == NULL ? NULL : members_write(scratch, row->of, maybe);
    default:
        return write_list(scratch, row, from);
    }
}

cJSON *members_write(struct arena *scratch, const struct members *members, const void *from)
{
    cJSON *object = cJSON_CreateObject();

    for (const struct member *row = members->rows; row->name != NULL; row++) {
        cJSON *member = write_member(scratch, row, from);
        if (member != NULL)
            cJSON_AddItemToObjectCS(object, row->name, member);
    }
    return object;
}

static cJSON *typed(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddStringToObject(schema, "type", type);
    return schema;
}

static cJSON *ranged(const char *type, double least, double most)
{
    cJSON *schema = typed(type);

    cJSON_AddNumberToObject(schema, "minimum", least);
    if (most > 0)
        cJSON_AddNumberToObject(schema, "maximum", most);
    return schema;
}

static cJSON *nullable(void)
{
    const char *const types[] = {"number", "null"};
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddItemToObject(schema, "type", cJSON_CreateStringArray(types, 2));
    return schema;
}

static cJSON *object_schema(const struct members *members);

static cJSON *list_of(const struct member *row, cJSON *items)
{
    cJSON *schema = typed("array");

    cJSON_AddNumberToObject(schema, "maxItems", row->most);
    cJSON_AddItemToObject(schema, "items", items);
    return schema;
}

static cJSON *member_schema(const struct member *row)
{
    cJSON *schema;

    switch (row->kind) {
    case MEMBER_TEXT:
        return typed("string");
    case MEMBER_BOOL:
        return typed("boolean");
    case MEMBER_WHOLE:
        return typed("integer");
    case MEMBER_INDEX:
        return ranged("integer", -2, 0);
    case MEMBER_COUNT:
        return ranged("integer", 0, UINT32_MAX);
    case MEMBER_SIZE:
        return ranged("integer", 0, 0);
    case MEMBER_NUMBER:
        return nullable();
    case MEMBER_CHOICE:
        schema = cJSON_CreateObject();
        cJSON_AddItemToObject(schema, "enum", cJSON_CreateStringArray(row->names, (int)row->most));
        return schema;
    case MEMBER_OBJECT:
    case MEMBER_MAYBE:
        return object_schema(row->of);
    case MEMBER_LIST:
        return list_of(row, object_schema(row->of));
    case MEMBER_TEXTS:
        return list_of(row, typed("string"));
    case MEMBER_NUMBERS:
        return list_of(row, nullable());
    case MEMBER_BYTES:
        return list_of(row, ranged("integer", 0, 255));
    }
    return NULL;
}

static cJSON *object_schema(const struct members *members)
{
    cJSON *schema = typed("object"), *required = cJSON_CreateArray(),
          *properties = cJSON_CreateObject();

    if (members->text != NULL)
        cJSON_AddStringToObject(schema, "description", members->text);
    for (const struct member *row = members->rows; row->name != NULL; row++) {
        cJSON *property = member_schema(row);
        if (row->text != NULL) {
            cJSON_DeleteItemFromObject(property, "description");
            cJSON_AddStringToObject(property, "description", row->text);
        }
        cJSON_AddItemToObjectCS(properties, row->name, property);
        if (row->required)
            cJSON_AddItemToArray(required, cJSON_CreateString(row->name));
    }
    cJSON_AddItemToObject(schema, "properties", properties);
    cJSON_AddItemToObject(schema, "required", required);
    cJSON_AddBoolToObject(schema, "additionalProperties", false);
    return schema;
}

cJSON *members_schema(const struct members *members, const char *id, const char *title)
{
    cJSON *schema = object_schema(members);

    cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(schema, "$id", id);
    cJSON_AddStringToObject(schema, "title", title);
    return schema;
}
