/* Any request: one byte chooses the operation's service, the rest is the target or the body. */
#include <hp/sim/sim.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_options options = {
        .no_auth = true, .has_seed = true, .time_scale = 1e6, .log_fd = -1};
    struct sim_error error;
    struct str rest = {(const char *)data, size}, line;

    if (size > 64 * 1024)
        return 0;
    struct sim *sim = sim_new(world_of_process(), &options, &error);
    while (rest.len > 0 && str_next(&rest, '\n', &line)) {
        size_t space = str_find_char(line, ' ');
        struct sim_header headers[] = {{S("X-Amz-Target"), str_sub(line, 0, space)},
                                       {S("Authorization"), str_sub(line, 0, space)}};
        bool json = str_starts(line, S("SageMaker."));
        struct sim_request request = {.method = S("POST"),
                                      .uri = S("/"),
                                      .headers = json ? headers : headers + 1,
                                      .header_count = 1,
                                      .body = json && space != SIZE_MAX ? str_from(line, space + 1)
                                                                        : line};
        struct arena *arena = arena_new((size_t)1 << 30);
        struct sim_answer answer;
        sim_answer(sim, arena, &request, &answer);
        arena_free(arena);
    }
    sim_free(sim);
    return 0;
}
