/* Requests, a line each, to one sim: "SageMaker.Operation {…}", a form for EC2 and STS, "GET
 * /_sim/…" or "POST /_sim/… {…}" for the control calls, "Authorization: …" for all that follow.
 * Each answer is what it says it is, and the journal gives the same state again. */
#include "ground/hostile.h"

enum { INPUT_MAX = 64 << 10, LINES_MAX = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sim_request control(struct str line)
{
    size_t space = str_find_char(line, ' ');
    struct sim_request request = {.method = str_sub(line, 0, space)};
    line = str_from(line, space + 1);
    space = str_find_char(line, ' ');
    request.uri = str_sub(line, 0, space);
    request.body = space == SIZE_MAX ? S("") : str_from(line, space + 1);
    return request;
}

static void send_line(struct sim *sim, struct str line, struct str authorization)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    size_t space = str_find_char(line, ' ');
    struct sim_header headers[] = {{S("Authorization"), authorization},
                                   {S("X-Amz-Target"), str_sub(line, 0, space)}};
    bool json = str_starts(line, S("SageMaker."));
    bool signed_one = authorization.len > 0;
    struct sim_request request = {.method = S("POST"), .uri = S("/"), .body = line};
    if (str_starts(line, S("GET /")) || str_starts(line, S("POST /")) ||
        str_starts(line, S("DELETE /")))
        request = control(line);
    request.headers = signed_one ? headers : headers + 1;
    request.header_count = (size_t)signed_one + json;
    if (json)
        request.body = space == SIZE_MAX ? S("") : str_from(line, space + 1);
    struct sim_answer answer = ask(sim, arena, &request);
    must(answer.error_type.len == 0 || answer.status >= 400 || answer.ending == SIM_RESET,
         "only errors have a type");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_error error;
    struct str rest = {(const char *)data, size}, line, authorization = S("");
    if (size > INPUT_MAX)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct journal_file file = file_with(S(""));
    struct sim *sim = sim_of(&file, &error);
    must(sim != NULL, "a sim begins");
    for (int i = 0; i < LINES_MAX && rest.len > 0 && str_next(&rest, '\n', &line); i++)
        if (str_starts(line, S("Authorization: ")))
            authorization = str_from(line, 15);
        else
            send_line(sim, line, authorization);
    must_come_back(sim, &file, arena);
    close(file.fd);
    return 0;
}
