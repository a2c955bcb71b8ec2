/* Values held against shapes, and what each protocol says when they do not fit. */
#include "ground/form.h"
#include "shape.h"
#include <hp/base/test.h>

static const struct shape count = {.type = SHAPE_INTEGER, .min = 1, .max = 5};
static const char *const colours[] = {"red", "green", NULL};
static const struct shape colour = {.type = SHAPE_STRING, .values = colours};
static const struct shape name = {
    .type = SHAPE_STRING, .min = 1, .max = 3, .pattern = "[a-z\xc3\xbc]*"};
static const struct shape names = {.type = SHAPE_LIST, .max = 2, .element = &name, .flat = true};
static const struct shape words = {.type = SHAPE_LIST, .element = &name};
static const struct shape by_name = {.type = SHAPE_MAP, .key = &name, .element = &count};
static const struct shape share = {.type = SHAPE_FLOAT, .min = 0, .max = 1};
static const struct shape blob = {.type = SHAPE_BLOB, .min = 2, .max = 3};
static const struct shape truth = {.type = SHAPE_BOOLEAN};
static const struct member either_members[] = {
    {S_INIT("Count"), &count}, {S_INIT("Colour"), &colour}, {S_INIT("")}};
static const struct shape either = {
    .type = SHAPE_STRUCTURE, .members = either_members, .one_of = true};
static const struct member everything_members[] = {
    {S_INIT("Count"), &count},
    {S_INIT("Colour"), &colour},
    {S_INIT("Name"), &name, true},
    {.name = S_INIT("Names"), &names, .form = S_INIT("N")},
    {S_INIT("Words"), &words},
    {S_INIT("ByName"), &by_name},
    {S_INIT("Share"), &share},
    {S_INIT("Blob"), &blob},
    {S_INIT("Truth"), &truth},
    {S_INIT("Either"), &either},
    {S_INIT("")}};
static const struct shape everything = {.type = SHAPE_STRUCTURE, .members = everything_members};

struct scene {
    struct arena *arena;
    struct flaws flaws;
    struct call call;
};

static void begin(struct scene *s, enum protocol protocol)
{
    *s = (struct scene){.arena = arena_new(64 << 20)};
    s->flaws = (struct flaws){.arena = s->arena, .protocol = protocol};
    s->call.arena = s->arena;
}

/* The error of a JSON body; empty: there is none. */
static struct str judge(struct scene *s, const char *json)
{
    struct doc *value = NULL;
    struct doc_error error;
    begin(s, PROTOCOL_JSON);
    ck_assert(doc_from_json(s->arena, str_of(json), NULL, &value, &error));
    shape_check(&s->flaws, &everything, value);
    return flaws_refuse(&s->flaws, &s->call) ? S("") : s->call.message;
}

static struct str judge_form(struct scene *s, enum protocol protocol, const char *form)
{
    struct doc *parameters = NULL;
    struct str why;
    begin(s, protocol);
    ck_assert(form_parse(s->arena, str_of(form), &parameters, &why));
    shape_check(&s->flaws, &everything, shape_of_form(&s->flaws, &everything, parameters));
    return flaws_refuse(&s->flaws, &s->call) ? S("") : s->call.message;
}

START_TEST(what_fits_passes)
{
    struct scene s;
    ck_assert_str(judge(&s, "{\"Name\":\"\xc3\xbc\",\"Count\":5,\"Colour\":\"red\",\"Share\":0.5,"
                            "\"Blob\":\"YWI=\",\"Truth\":true,\"Names\":[\"a\",\"b\"],"
                            "\"ByName\":{\"a\":1},\"Either\":{\"Count\":1},\"Words\":null}"),
                  S(""));
    arena_free(s.arena);
}
END_TEST

START_TEST(all_that_is_wrong_is_told_at_once)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"{}", "1 validation error detected: Value null at 'name' failed to satisfy constraint: "
               "Member must not be null"},
        {"{\"Name\":\"\"}", "'name' failed to satisfy constraint: Member must have length greater "
                            "than or equal to 1"},
        {"{\"Name\":\"abcd\"}", "length less than or equal to 3"},
        {"{\"Name\":\"A\"}", "regular expression pattern"},
        {"{\"Name\":\"a\",\"Count\":6,\"Colour\":\"blue\"}", "2 validation errors detected: Value "
                                                             "'6' at 'count'"},
        {"{\"Name\":\"a\",\"Colour\":\"blue\"}", "enum value set: [red, green]"},
        {"{\"Name\":\"a\",\"Other\":1}",
         "Value '1' at 'other' failed to satisfy constraint: Member "
         "must be one that the model knows"},
        {"{\"Name\":\"a\",\"Names\":[\"a\",\"b\",\"c\"]}", "Value '[a, b, c]' at 'names'"},
        {"{\"Name\":\"a\",\"Words\":[\"a\",\"A\"]}", "at 'words.2.member'"},
        {"{\"Name\":\"a\",\"ByName\":{\"a\":9}}", "at 'byName.a.member'"},
        {"{\"Name\":\"a\",\"ByName\":{\"A\":1}}", "Value 'A' at 'byName'"},
        {"{\"Name\":\"a\",\"Share\":1.5}", "value less than or equal to 1"},
        {"{\"Name\":\"a\",\"Blob\":\"YQ==\"}", "length greater than or equal to 2"},
        {"{\"Name\":\"a\",\"Blob\":\"YWJjZA==\"}", "length less than or equal to 3"},
        {"{\"Name\":\"a\",\"Either\":{}}", "exactly one member"},
        {"{\"Name\":\"a\",\"Either\":{\"Count\":1,\"Colour\":\"red\"}}", "exactly one member"},
        {"{\"Name\":5}", "NUMBER_VALUE can not be converted to a String: name"},
        {"{\"Name\":\"a\",\"Count\":1.5}", "NUMBER_VALUE can not be converted to an Integer"},
        {"{\"Name\":\"a\",\"Blob\":\"%\"}", "STRING_VALUE can not be converted to a Blob"},
        {"{\"Name\":\"a\",\"Truth\":\"true\"}", "STRING_VALUE can not be converted to a Boolean"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene s;
        struct str message = judge(&s, rows[i].json);
        ck_assert_msg(str_has(message, str_of(rows[i].says)), "%s gives %.*s", rows[i].json,
                      STR(message));
        arena_free(s.arena);
    }
}
END_TEST

START_TEST(a_form_is_read_by_the_shape)
{
    struct scene s;

    ck_assert_str(judge_form(&s, PROTOCOL_EC2,
                             "Name=a&Count=3&Truth=true&Share=0.5&N.1=x&N.2=y&Either.Colour=red"),
                  S(""));
    arena_free(s.arena);
    ck_assert_str(judge_form(&s, PROTOCOL_QUERY,
                             "Name=a&Words.member.1=x&Words.member.2=y&N.1=z&"
                             "ByName.entry.1.key=k&ByName.entry.1.value=2"),
                  S(""));
    arena_free(s.arena);
    ck_assert_str(judge_form(&s, PROTOCOL_QUERY, "Name=a&Words="), S(""));
    arena_free(s.arena);
}
END_TEST

START_TEST(a_form_s_flaws_are_told_in_its_protocol_s_words)
{
    static const struct {
        enum protocol protocol;
        const char *form, *code, *says;
    } rows[] = {
        {PROTOCOL_EC2, "Count=1", "MissingParameter", "must contain the parameter Name"},
        {PROTOCOL_EC2, "Name=a&Count=x", "InvalidParameterValue", "Value (x) for parameter Count"},
        {PROTOCOL_EC2, "Name=a&N.1=a&N.2=b&N.3=c", "InvalidParameterValue", "for parameter N is"},
        {PROTOCOL_EC2, "Name=a&N.2=A", "InvalidParameterValue", "for parameter N.1 is"},
        {PROTOCOL_EC2, "Name=a&Names.1=a", "UnknownParameter", "Names.1"},
        {PROTOCOL_EC2, "Name=a&Either.Size.1=a", "UnknownParameter", "Either.Size.1"},
        {PROTOCOL_EC2, "Name=a&Either=a", "InvalidParameterValue", "must be a structure"},
        {PROTOCOL_EC2, "Name=a&N.x=a", "UnknownParameter", "N.x"},
        {PROTOCOL_EC2, "Name.1=a", "UnknownParameter", "Name.1"},
        {PROTOCOL_QUERY, "Name=a&Words.1=x", "ValidationError", "words.1"},
        {PROTOCOL_QUERY, "Name=a&Words=x", "ValidationError", "must be a list"},
        {PROTOCOL_QUERY, "Name=A&Words.member.1=A", "ValidationError", "2 validation errors"},
        {PROTOCOL_QUERY, "Name=a&Truth=perhaps", "ValidationError", "true or false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene s;
        struct str message = judge_form(&s, rows[i].protocol, rows[i].form);
        ck_assert_msg(str_is(s.call.code, rows[i].code) && str_has(message, str_of(rows[i].says)),
                      "%s gives %.*s: %.*s", rows[i].form, STR(s.call.code), STR(message));
        arena_free(s.arena);
    }
}
END_TEST

START_TEST(two_judgements_are_equal_without_regard_to_order)
{
    struct scene s, t, u;
    judge(&s, "{\"Count\":9,\"Colour\":\"blue\"}");
    judge(&t, "{\"Colour\":\"blue\",\"Count\":9}");
    judge(&u, "{\"Colour\":\"blue\",\"Count\":8}");

    ck_assert(flaws_equal(&s.flaws, &t.flaws));
    ck_assert(!flaws_equal(&s.flaws, &u.flaws));
    arena_free(s.arena);
    arena_free(t.arena);
    arena_free(u.arena);
}
END_TEST

START_TEST(differences_between_two_shapes_are_named)
{
    static const char *const more[] = {"red", "blue", NULL};
    static const struct shape other_colour = {.type = SHAPE_STRING, .values = more};
    static const struct shape other_count = {.type = SHAPE_INTEGER, .min = INT64_MIN, .max = 6};
    static const struct shape other_name = {.type = SHAPE_STRING, .min = 1, .max = 3};
    static const struct shape other_names = {.type = SHAPE_LIST, .max = 2, .element = &other_name};
    static const struct member members[] = {{S_INIT("Count"), &other_count},
                                            {S_INIT("Colour"), &other_colour},
                                            {S_INIT("Name"), &name},
                                            {S_INIT("Names"), &other_names},
                                            {S_INIT("Words"), &by_name},
                                            {S_INIT("New"), &name},
                                            {S_INIT("")}};
    static const struct shape other = {.type = SHAPE_STRUCTURE, .members = members, .one_of = true};
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct buf out = buf_in(arena, 1 << 20);

    doc_to_json(shape_differences(arena, &everything, &other), &out);
    static const char *const wanted[] = {"Count: at least 1 in our table, 0 in the model",
                                         "Count: at most 5 in our table, 6 in the model",
                                         "Colour: the model does not have the value green",
                                         "Colour: our table does not have the value blue",
                                         "Name: required in our table only",
                                         "Names[]: the pattern",
                                         "Words: another type",
                                         "ByName: the model does not have this member",
                                         "(input): our table does not have the member New",
                                         "(input): a union in the model only"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        ck_assert_msg(str_has(buf_str(&out), str_of(wanted[i])), "%s is not in %.*s", wanted[i],
                      STR(buf_str(&out)));
    ck_assert_uint_eq(shape_differences(arena, &everything, &everything)->count, 0);
}
END_TEST

TESTS("sim/shape", what_fits_passes, all_that_is_wrong_is_told_at_once, a_form_is_read_by_the_shape,
      a_form_s_flaws_are_told_in_its_protocol_s_words,
      two_judgements_are_equal_without_regard_to_order, differences_between_two_shapes_are_named)
