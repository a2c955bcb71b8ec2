/* Any bytes to any method that is offered. A line with the method's name stands before the message;
 * where it is none of ours, its first byte chooses. The answer is a whole message whose texts are
 * UTF-8, as Go wants them, whose diagnostics say something, and which is the same when it is asked
 * for again; or there is a status, and a sentence with it. */
#include "tiny.h"
#include <hp/base/must.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- answers --- */

/* What was met in an answer. */
struct tally {
    int errors, values_without_bytes;
};

static void look_at(const ProtobufCMessage *message, struct tally *tally)
{
    const Tfplugin6__Diagnostic *diagnostic = (const Tfplugin6__Diagnostic *)message;
    const Tfplugin6__DynamicValue *value = (const Tfplugin6__DynamicValue *)message;
    if (message->descriptor == &tfplugin6__dynamic_value__descriptor)
        tally->values_without_bytes += value->msgpack.len == 0;
    if (message->descriptor != &tfplugin6__diagnostic__descriptor)
        return;
    must(diagnostic->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR ||
             diagnostic->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING,
         "a diagnostic is an error or a warning");
    must(diagnostic->summary[0] != '\0', "a diagnostic says something");
    tally->errors += diagnostic->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
}

static void must_be_good(const ProtobufCMessage *message, struct tally *tally);

static void member_must_be_good(const ProtobufCFieldDescriptor *field, const void *member,
                                struct tally *tally)
{
    const char *text = *(const char *const *)member;
    const ProtobufCMessage *below = *(const ProtobufCMessage *const *)member;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        must(text == NULL || str_is_utf8(str_of(text)), "a text is UTF-8");
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE && below != NULL)
        must_be_good(below, tally);
}

static void must_be_good(const ProtobufCMessage *message, struct tally *tally)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    look_at(message, tally);
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const char *at = (const char *)message + field->offset;
        const char *quantifier = (const char *)message + field->quantifier_offset;
        bool one_of = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            for (size_t j = 0; j < *(const size_t *)quantifier; j++)
                member_must_be_good(field, *(const char *const *)at + j * sizeof(void *), tally);
        else if (!one_of || *(const uint32_t *)quantifier == field->id)
            member_must_be_good(field, at, tally);
    }
}

/* The .proto knows what a method answers. */
static const ProtobufCMessageDescriptor *answer_of(struct str name)
{
    const ProtobufCServiceDescriptor *service = &tfplugin6__provider__descriptor;
    for (unsigned i = 0; i < service->n_methods; i++)
        if (str_is(name, service->methods[i].name))
            return service->methods[i].output;
    must(false, "a method stands in the .proto");
    return NULL;
}

static void bytes_must_be_good(struct arena *arena, struct str name, struct str bytes)
{
    const ProtobufCMessage *message = pb_unpack(arena, answer_of(name), bytes);
    struct tally tally = {0};
    must(message != NULL, "an answer is a message");
    must_be_good(message, &tally);
    /* what cannot be read goes back as it came, with an error; else Terraform panics */
    must(tally.errors > 0 || tally.values_without_bytes == 0, "a value is msgpack");
}

/* --- calls --- */

struct asked {
    struct wire_server *wire;
    const struct wire_method *method;
    struct str name, request;
};

/* What came of it; a stream's messages follow each other. */
struct heard {
    struct arena *arena;
    const struct asked *asked;
    enum wire_status status;
    struct buf answer;
    int left; /* so many messages are listened to */
};

static bool listen(void *arg, struct str message)
{
    struct heard *heard = arg;
    must(heard->left > 0, "nothing is sent to who does not listen");
    bytes_must_be_good(heard->arena, heard->asked->name, message);
    buf_put(&heard->answer, message);
    return --heard->left > 0;
}

static struct heard ask(struct arena *arena, const struct asked *asked)
{
    struct heard heard = {
        .arena = arena, .asked = asked, .answer = buf_in(arena, 64 << 20), .left = 20};
    struct str answer = S(""), message = S("");
    if (wire_method_streams(asked->method)) {
        heard.status = wire_stream(asked->wire, asked->method, asked->request, NULL, arena, listen,
                                   &heard, &message);
    } else {
        heard.status =
            wire_call(asked->wire, asked->method, asked->request, NULL, arena, &answer, &message);
        if (heard.status == WIRE_OK)
            bytes_must_be_good(arena, asked->name, answer);
        buf_put(&heard.answer, answer);
    }
    must(heard.status == WIRE_OK || heard.status == WIRE_INVALID_ARGUMENT ||
             heard.status == WIRE_RESOURCE_EXHAUSTED,
         "a status is one of those that are documented");
    must(heard.status == WIRE_OK || (message.len > 0 && str_is_utf8(message)),
         "a status comes with a sentence");
    return heard;
}

/* The names of what is offered, in the table's order. */
static bool choose(struct arena *arena, struct str line, struct asked *ret)
{
    enum { path_head = sizeof "/tfplugin6.Provider/" - 1 };
    const struct wire_method *offered[64];
    size_t count = 0;
    for (size_t i = 0; wire_method_at(i) != NULL; i++)
        if (wire_method_is_offered(wire_method_at(i)) && count < 64)
            offered[count++] = wire_method_at(i);
    ret->method = wire_method_find(arena_cat(arena, S("/tfplugin6.Provider/"), line));
    if (ret->method == NULL || !wire_method_is_offered(ret->method))
        ret->method = line.len == 0 ? NULL : offered[(unsigned char)line.ptr[0] % count];
    if (ret->method != NULL)
        ret->name = str_from(wire_method_path(arena, ret->method), path_head);
    return ret->method != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tiny_world world;
    struct str rest = {(const char *)data, size}, line, answer;

    if (world.wire == NULL) {
        world = tiny_begin();
        tiny_send(&world, "ConfigureProvider", S(""), &answer);
    }
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct asked asked = {.wire = world.wire};
    if (!str_next(&rest, '\n', &line) || !choose(arena, line, &asked))
        return 0;
    asked.request = rest.ptr == NULL ? S("") : rest;
    struct heard first = ask(arena, &asked), second = ask(arena, &asked);
    must(first.status == second.status && str_eq(buf_str(&first.answer), buf_str(&second.answer)),
         "the same question has the same answer");
    return 0;
}
