/* One request on its way: who asks what, which fault hits it, is the signature right, do it, say
 * it. */
#include "call/models.h"
#include "control.h"
#include "sts/sts_session.h"
#include "wire.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct visit {
    struct sim *sim;
    const struct sim_request *request;
    struct sim_answer *answer;
    const struct service *service;
    struct str operation, region;
    struct fault fault;
    int64_t began_ms; /* by the tick */
    bool reads;       /* it holds the lock for reading, and sim_pass has passed */
    struct call call;
};

/* No credential scope tells the service: the target or the version does. */
static const struct service *service_by_content(struct arena *arena,
                                                const struct sim_request *request)
{
    struct str target = request_header(request, "x-amz-target"), body = request->body;

    for (size_t i = 0; services[i] != NULL; i++) {
        struct str prefix = services[i]->target, version = services[i]->version;
        if (prefix.len > 0 && str_starts(target, prefix))
            return services[i];
        if (version.len > 0 && str_has(body, arena_fmt(arena, "Version=%.*s", STR(version))))
            return services[i];
    }
    return NULL;
}

static bool region_is_plausible(struct str region)
{
    for (size_t i = 0; i < region.len; i++) {
        char c = region.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return region.len >= 5 && region.len <= 32;
}

static void identify(struct visit *visit)
{
    struct authorization authorization;
    struct arena *arena = visit->call.arena;

    visit->service = authorization_parse(visit->request, &authorization)
                         ? service_find(authorization.service)
                         : service_by_content(arena, visit->request);
    visit->call.access_key = authorization.access_key;
    visit->call.token = request_header(visit->request, "x-amz-security-token");
    visit->region = authorization.region.len > 0 ? authorization.region : S("us-east-1");
    if (visit->service != NULL)
        visit->operation = wire_operation(arena, visit->service->protocol, visit->request);
}

static bool fail_with(struct visit *visit, int status, const char *code, struct str message)
{
    call_error(&visit->call, code, "%.*s", STR(message));
    visit->call.status = status;
    return false;
}

static bool throttled(struct visit *visit)
{
    switch (visit->service->protocol) {
    case PROTOCOL_EC2:
        return fail_with(visit, 503, "RequestLimitExceeded", S("Request limit exceeded."));
    case PROTOCOL_QUERY:
        return fail_with(visit, 400, "Throttling", S("Rate exceeded"));
    case PROTOCOL_JSON:
        break;
    }
    return fail_with(visit, 400, "ThrottlingException", S("Rate exceeded"));
}

static bool broken(struct visit *visit)
{
    bool ec2 = visit->service->protocol == PROTOCOL_EC2;
    struct str code = visit->fault.code, message = visit->fault.message;

    if (code.len == 0)
        code = ec2 ? S("InternalError") : S("InternalFailure");
    if (message.len == 0)
        message = S("An internal error has occurred");
    return fail_with(visit, visit->fault.status, arena_z(visit->call.arena, code), message);
}

/* Some operations of STS are for callers who have no keys so far. */
static bool needs_no_signature(const struct visit *visit)
{
    const struct operation *operation = operation_find(visit->service, visit->operation);
    return operation != NULL && operation->open &&
           request_header(visit->request, "authorization").ptr == NULL &&
           visit->fault.kind != FAULT_EXPIRED;
}

static bool let_in(struct visit *visit)
{
    struct sim *sim = visit->sim;
    struct str why = S("");
    int64_t now = world_now_ms(sim->world);
    enum auth_verdict verdict = AUTH_GOOD;

    if (needs_no_signature(visit))
        return true;
    if (visit->fault.kind == FAULT_EXPIRED) {
        verdict = AUTH_EXPIRED;
        why = S("The security token included in the request is expired");
    } else if (!sim->options.no_auth || visit->fault.kind == FAULT_SKEW) {
        if (visit->fault.kind == FAULT_SKEW)
            now += visit->fault.delay_ms;
        verdict = auth_judge(visit->call.arena, visit->request, &sim->credentials, now, &why);
    }
    if (verdict == AUTH_GOOD)
        return true;
    struct auth_error error = auth_error_of(verdict, visit->service->protocol);
    if (visit->service->protocol == PROTOCOL_EC2)
        why = verdict == AUTH_OUT_OF_TIME || verdict == AUTH_EXPIRED ? S("Request has expired.")
              : verdict == AUTH_MISSING
                  ? S("Request is missing Authentication Token")
                  : S("AWS was not able to validate the provided access credentials");
    return fail_with(visit, error.status, error.code, why);
}

static bool find_operation(struct visit *visit)
{
    const struct service *service = visit->service;
    bool json = service->protocol == PROTOCOL_JSON;
    struct str target = request_header(visit->request, "x-amz-target");

    if (!region_is_plausible(visit->region))
        return fail_with(visit, json ? 400 : 403,
                         json ? "InvalidSignatureException" : "SignatureDoesNotMatch",
                         S("Credential should be scoped to a valid region."));
    visit->call.operation = operation_find(service, visit->operation);
    if (json && (!str_starts(target, service->target) || visit->call.operation == NULL))
        return call_fail(&visit->call, "UnknownOperationException",
                         "The operation %.*s is not one that hyperpod-sim knows", STR(target));
    if (visit->call.operation == NULL)
        return call_fail(&visit->call, "InvalidAction",
                         "The action %.*s is not valid for this web service.",
                         STR(visit->operation));
    return true;
}

static void find_caller(struct call *call)
{
    const struct credential *caller = sim_find_credential(call->sim, call->access_key, call->token);
    static const struct credential nobody;
    if (caller == NULL)
        caller = &nobody;
    call_by(call, caller->arn, caller->user_id, caller->source_identity);
}

static bool cannot_write(struct visit *visit)
{
    return fail_with(visit, 500, "InternalFailure",
                     S("The state file of hyperpod-sim cannot be written."));
}

static bool perform(struct visit *visit)
{
    struct call *call = &visit->call;
    struct sim *sim = visit->sim;

    call->state = &sim->state;
    if (!visit->reads) {
        call->now_ms = sim_now(sim);
        call->region = state_region(&sim->state, visit->region);
    }
    find_caller(call);
    if (visit->fault.kind == FAULT_FAIL)
        call->fail = visit->fault.message.len > 0 ? visit->fault.message
                                                  : S("Failed to provision EC2 Instance");
    if (str_is(doc_get_text(call->input, S("DryRun")), "true")) {
        call_error(call, "DryRunOperation",
                   "Request would have succeeded, but DryRun flag is set.");
        call->status = 412;
        return false;
    }
    uint64_t serial = sim->state.serial;
    if (call->operation->writes && !journal_ready(&sim->journal))
        return cannot_write(visit);
    if (!call->operation->handle(call))
        return false;
    if (call->operation->writes && !journal_call(sim, call, visit->service, serial))
        return cannot_write(visit);
    return true;
}

static bool carry_out(struct visit *visit)
{
    visit->call.sim = visit->sim;
    if (!let_in(visit) || !find_operation(visit) || !session_permits(&visit->call, visit->service))
        return false;
    if (visit->fault.kind == FAULT_THROTTLE)
        return throttled(visit);
    if (visit->fault.kind == FAULT_ERROR)
        return broken(visit);
    if (!wire_decode(&visit->call, visit->service->protocol, visit->request))
        return false;
    if (!models_check(visit->sim->models, &visit->call, visit->service) || !perform(visit))
        return false;
    if (visit->sim->models != NULL)
        models_check_answer(visit->sim->models, &visit->call, visit->service);
    return true;
}

/* The fault's texts are copied: it may be cleared while a slow call waits. */
static void meet_fault(struct visit *visit)
{
    const struct fault *fault =
        faults_pick(&visit->sim->faults, visit->service->name, visit->operation,
                    request_header(visit->request, "user-agent"));
    if (fault == NULL)
        return;
    visit->fault = *fault;
    visit->fault.code = arena_str(visit->call.arena, fault->code);
    visit->fault.message = arena_str(visit->call.arena, fault->message);
}

static enum sim_ending ending_of(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_CUT:
        return SIM_CUT;
    case FAULT_LOST:
    case FAULT_HELD:
    case FAULT_MUTE:
        return SIM_LOST;
    case FAULT_RESET:
        return SIM_RESET;
    default:
        return SIM_WHOLE;
    }
}

static void copy_text(char *to, size_t size, struct str text)
{
    snprintf(to, size, "%.*s", STR(text));
}

static void record(struct visit *visit)
{
    struct call_record record = {.real_ms = world_now_ms(visit->sim->world)};
    const struct sim_answer *answer = visit->answer;

    record.status = answer->ending == SIM_LOST || answer->ending == SIM_RESET ? 0 : answer->status;
    copy_text(record.method, sizeof record.method, visit->request->method);
    copy_text(record.service, sizeof record.service,
              visit->service == NULL ? S("") : visit->service->name);
    copy_text(record.operation, sizeof record.operation, visit->operation);
    copy_text(record.code, sizeof record.code, visit->call.code);
    copy_text(record.fault, sizeof record.fault, str_of(fault_name(visit->fault.kind)));
    copy_text(record.request_id, sizeof record.request_id, answer->request_id);
    pthread_mutex_lock(&visit->sim->notes);
    calls_add(&visit->sim->calls, &record);
    pthread_mutex_unlock(&visit->sim->notes);
}

static void put_member(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, "%s\"%s\":", out->len == 1 ? "" : ",", name);
    doc_json_string(out, value);
}

/* One line of JSON by one write(2). Neither headers nor bodies: they may hold secrets. */
static void log_call(const struct visit *visit)
{
    struct arena *arena = visit->call.arena;
    const struct sim *sim = visit->sim;
    struct buf out = buf_in(arena, 64 * 1024);
    int64_t now = world_now_ms(sim->world);

    if (sim->options.log_fd < 0)
        return;
    buf_putc(&out, '{');
    put_member(&out, "time", time_rfc3339(arena, now));
    put_member(&out, "simulated", time_rfc3339(arena, sim_clock_now(&sim->state.clock, now)));
    put_member(&out, "method", arena_utf8(arena, str_sub(visit->request->method, 0, 16)));
    put_member(&out, "service", visit->service == NULL ? S("") : visit->service->name);
    put_member(&out, "operation", arena_utf8(arena, str_sub(visit->operation, 0, 64)));
    put_member(&out, "region", arena_utf8(arena, str_sub(visit->region, 0, 32)));
    buf_printf(&out, ",\"status\":%d,\"ms\":%lld", visit->answer->status,
               (long long)(world_tick_ms(sim->world) - visit->began_ms));
    put_member(&out, "code", visit->call.code);
    put_member(&out, "fault", str_of(fault_name(visit->fault.kind)));
    put_member(&out, "request_id", visit->answer->request_id);
    buf_putz(&out, "}\n");
    (void)!write(sim->options.log_fd, out.ptr, out.len);
}

static struct str new_request_id(struct sim *sim, struct arena *arena)
{
    uint64_t number = ++sim->requests;
    uint64_t a = state_chance(&sim->state, S("request"), number);
    uint64_t b = state_chance(&sim->state, S("request id"), number);
    return arena_fmt(arena, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
                     (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
                     (unsigned)(b >> 48 & 0x3fff) | 0x8000,
                     (unsigned long long)(b & 0xffffffffffff));
}

/* "Sun, 29 Nov 2026 21:59:58 GMT" */
static struct str http_date(struct arena *arena, int64_t unix_ms)
{
    time_t when = (time_t)(unix_ms / 1000);
    struct tm parts;
    char text[64];

    gmtime_r(&when, &parts);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return arena_str(arena, str_of(text));
}

/* Others are served meanwhile. */
static void pause_until(struct visit *visit, struct stop_source *source)
{
    struct sim *sim = visit->sim;
    struct stop_token *token = stop_token_new(source);

    pthread_rwlock_unlock(&sim->lock);
    world_wait_ms(sim->world, token, visit->fault.delay_ms);
    pthread_rwlock_wrlock(&sim->lock);
    stop_token_free(token);
}

static void answer_service(struct visit *visit)
{
    struct sim *sim = visit->sim;

    if (visit->service == NULL) {
        wire_refuse(visit->call.arena, visit->request, visit->answer);
        return;
    }
    meet_fault(visit);
    enum fault_kind kind = visit->fault.kind;
    visit->answer->ending = ending_of(kind);
    if (kind == FAULT_SLOW)
        pause_until(visit, sim->stop);
    if (kind == FAULT_RESET || kind == FAULT_HELD)
        visit->answer->status = 0;
    else
        wire_encode(&visit->call, visit->service, carry_out(visit), visit->answer);
    if (kind == FAULT_HELD || kind == FAULT_MUTE)
        pause_until(visit, sim->holds);
    if (kind == FAULT_SKEW)
        visit->answer->date =
            http_date(visit->call.arena, world_now_ms(sim->world) + visit->fault.delay_ms);
}

static bool is_control(const struct sim_request *request)
{
    return str_starts(request->uri, S("/_sim")) ||
           (str_is(request->method, "GET") && str_is(request->uri, "/") &&
            request_header(request, "authorization").ptr == NULL);
}

/* May the call go on beside others? Those of STS hand out keys, faults count calls, models note
 * answers. Under the lock held for reading. */
static bool only_reads(struct visit *visit)
{
    const struct sim *sim = visit->sim;
    const struct operation *operation =
        visit->service == NULL ? NULL : operation_find(visit->service, visit->operation);

    if (operation == NULL || operation->writes || visit->service->protocol == PROTOCOL_QUERY ||
        sim->faults.count > 0 || sim->models != NULL)
        return false;
    visit->call.region = state_known_region(&sim->state, visit->region);
    return visit->call.region != NULL && sim_pass(visit->sim, &visit->call.now_ms);
}

/* Its turn to read, or to write: the lock is held then. */
static void take_turn(struct visit *visit)
{
    pthread_rwlock_rdlock(&visit->sim->lock);
    visit->reads = only_reads(visit);
    if (visit->reads)
        return;
    pthread_rwlock_unlock(&visit->sim->lock);
    pthread_rwlock_wrlock(&visit->sim->lock);
}

static void answer_control(struct visit *visit)
{
    struct sim *sim = visit->sim;
    pthread_rwlock_wrlock(&sim->lock);
    visit->answer->request_id = new_request_id(sim, visit->call.arena);
    control_answer(sim, visit->call.arena, visit->request, visit->answer);
    pthread_rwlock_unlock(&sim->lock);
}

static bool answer(struct sim *sim, struct arena *arena, const struct sim_request *request,
                   bool may_wait, struct sim_answer *ret_answer)
{
    struct visit visit = {.sim = sim,
                          .request = request,
                          .answer = ret_answer,
                          .began_ms = world_tick_ms(sim->world)};

    *ret_answer = (struct sim_answer){.status = 200};
    visit.call.arena = arena;
    visit.call.output = doc_object(arena);
    if (is_control(request)) {
        answer_control(&visit);
        return true;
    }
    identify(&visit);
    take_turn(&visit);
    bool now = may_wait || sim->faults.count == 0;
    if (now) {
        ret_answer->request_id = new_request_id(sim, arena);
        answer_service(&visit);
        record(&visit);
        log_call(&visit);
    }
    pthread_rwlock_unlock(&sim->lock);
    return now;
}

void sim_answer(struct sim *sim, struct arena *arena, const struct sim_request *request,
                struct sim_answer *ret_answer)
{
    answer(sim, arena, request, true, ret_answer);
}

bool sim_answer_at_once(struct sim *sim, struct arena *arena, const struct sim_request *request,
                        struct sim_answer *ret_answer)
{
    return answer(sim, arena, request, false, ret_answer);
}
