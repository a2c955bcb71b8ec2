#include "wire.h"
#include "core/auth.h"
#include "ground/form.h"

enum { largest_answer = 64 * 1024 * 1024 };

const struct doc_limits wire_limits = {
    .bytes = 32 * 1024 * 1024, .depth = 100, .nodes = 500 * 1000};

struct str wire_operation(struct arena *arena, enum protocol protocol,
                          const struct sim_request *request)
{
    struct str pair, action, rest = request->body;

    if (protocol == PROTOCOL_JSON) {
        struct str target = request_header(request, "x-amz-target");
        size_t point = str_find_char(target, '.');
        return point == SIZE_MAX ? (struct str){NULL, 0} : str_from(target, point + 1);
    }
    while (str_next(&rest, '&', &pair))
        if (str_starts(pair, S("Action=")) && form_unescape(arena, str_from(pair, 7), &action))
            return action;
    return (struct str){NULL, 0};
}

static bool decode_json(struct call *call, struct str body)
{
    struct doc *input = NULL;
    struct doc_error error;

    if (body.len == 0)
        body = S("{}");
    if (!doc_from_json(call->arena, body, &wire_limits, &input, &error) ||
        input->kind != DOC_OBJECT)
        return call_fail(call, "SerializationException", "The request body is not a JSON object");
    call->input = input;
    return true;
}

static bool decode_form(struct call *call, struct str body)
{
    struct doc *input = NULL;
    struct str why;

    if (!form_parse(call->arena, body, &input, &why))
        return call_fail(call, "MalformedQueryString", "The request cannot be read: %.*s",
                         STR(why));
    doc_set(call->arena, input, S("Action"), NULL);
    doc_set(call->arena, input, S("Version"), NULL);
    struct str stranger = form_stranger(call->arena, input, call->operation->takes);
    if (stranger.ptr != NULL)
        return call_fail(call, "UnknownParameter", "The parameter %.*s is not recognized",
                         STR(stranger));
    call->input = input;
    return true;
}

bool wire_decode(struct call *call, enum protocol protocol, const struct sim_request *request)
{
    return protocol == PROTOCOL_JSON ? decode_json(call, request->body)
                                     : decode_form(call, request->body);
}

/* The errors that are shapes of the model have a member Message. */
static bool is_modelled(struct str code)
{
    return str_is(code, "ResourceInUse") || str_is(code, "ResourceNotFound") ||
           str_is(code, "ResourceLimitExceeded") || str_is(code, "ConflictException");
}

static void put_json_error(struct buf *out, const struct call *call)
{
    buf_putz(out, "{\"__type\":");
    doc_json_string(out, call->code);
    buf_putz(out, is_modelled(call->code) ? ",\"Message\":" : ",\"message\":");
    doc_json_string(out, call->message);
    buf_putc(out, '}');
}

static void put_element(struct buf *out, const char *name, struct str text)
{
    buf_printf(out, "<%s>", name);
    doc_xml_text(out, text);
    buf_printf(out, "</%s>", name);
}

static void put_xml_error(struct buf *out, const struct call *call, const struct service *service,
                          struct str request_id)
{
    bool ec2 = service->protocol == PROTOCOL_EC2;

    if (ec2)
        buf_putz(out, "<Response><Errors><Error>");
    else
        buf_printf(out, "<ErrorResponse xmlns=\"%.*s\"><Error><Type>%s</Type>", STR(service->xmlns),
                   call->status >= 500 ? "Receiver" : "Sender");
    put_element(out, "Code", call->code);
    put_element(out, "Message", call->message);
    buf_putz(out, ec2 ? "</Error></Errors>" : "</Error>");
    put_element(out, ec2 ? "RequestID" : "RequestId", request_id);
    buf_putz(out, ec2 ? "</Response>" : "</ErrorResponse>");
}

static void put_xml_answer(struct buf *out, const struct call *call, const struct service *service,
                           struct str request_id)
{
    struct str name = call->operation->name;
    bool ec2 = service->protocol == PROTOCOL_EC2;

    buf_printf(out, "<%.*sResponse xmlns=\"%.*s\">", STR(name), STR(service->xmlns));
    if (ec2)
        put_element(out, "requestId", request_id);
    else
        buf_printf(out, "<%.*sResult>", STR(name));
    doc_each (entry, call->output) {
        doc_to_xml(entry->name, entry->value, out);
    }
    if (!ec2) {
        buf_printf(out, "</%.*sResult><ResponseMetadata>", STR(name));
        put_element(out, "RequestId", request_id);
        buf_putz(out, "</ResponseMetadata>");
    }
    buf_printf(out, "</%.*sResponse>", STR(name));
}

/* S3's error has no envelope. */
static void encode_s3_error(const struct call *call, struct sim_answer *answer)
{
    struct buf out = buf_in(call->arena, largest_answer);

    answer->status = call->status;
    answer->content_type = S("application/xml");
    buf_putz(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    put_element(&out, "Code", call->code);
    put_element(&out, "Message", call->message);
    put_element(&out, "RequestId", answer->request_id);
    buf_putz(&out, "</Error>");
    answer->body = buf_str(&out);
}

void wire_encode(const struct call *call, const struct service *service, bool ok,
                 struct sim_answer *answer)
{
    struct buf out = buf_in(call->arena, largest_answer);

    answer->status = ok ? 200 : call->status;
    if (service->protocol == PROTOCOL_JSON) {
        answer->content_type = S("application/x-amz-json-1.1");
        answer->error_type = ok ? S("") : call->code;
        if (ok)
            doc_to_json(call->output, &out);
        else
            put_json_error(&out, call);
    } else {
        answer->content_type = S("text/xml;charset=UTF-8");
        buf_putz(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        if (ok)
            put_xml_answer(&out, call, service, answer->request_id);
        else
            put_xml_error(&out, call, service, answer->request_id);
    }
    answer->body = buf_str(&out);
}

void wire_refuse(struct arena *arena, const struct sim_request *request, struct sim_answer *answer)
{
    static const struct service json = {.protocol = PROTOCOL_JSON};
    static const struct service query = {.protocol = PROTOCOL_QUERY, .xmlns = S_INIT("")};
    struct call call = {.arena = arena};
    struct authorization scope;
    bool scoped = authorization_parse(request, &scope);
    bool form =
        str_starts(request_header(request, "content-type"), S("application/x-www-form-urlencoded"));

    call_error(&call, "UnknownServiceException",
               "hyperpod-sim has sts, ec2 and sagemaker; the credential scope of the request "
               "names %.*s",
               STR(scoped ? arena_utf8(arena, str_sub(scope.service, 0, 32)) : S("none of them")));
    call.status = 404;
    if (scoped && str_is(scope.service, "s3"))
        encode_s3_error(&call, answer);
    else
        wire_encode(&call, form ? &query : &json, false, answer);
}
