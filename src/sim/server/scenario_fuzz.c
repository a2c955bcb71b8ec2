/* A scenario that somebody wrote: it is refused with its place in a sentence, or it gives a state
 * that can be told, and the journal gives the same state again without it. */
#include "ground/hostile.h"

enum { INPUT_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "path:12:3: why" */
static bool names_its_place(const char *text, const char *path)
{
    size_t len = strlen(path);
    struct str rest = str_of(text + len), line, column;
    if (strncmp(text, path, len) != 0 || text[len] != ':')
        return false;
    rest = str_from(rest, 1);
    line = str_take_digits(&rest);
    rest = str_from(rest, 1);
    column = str_take_digits(&rest);
    return line.len > 0 && line.ptr[0] != '0' && column.len > 0 && column.ptr[0] != '0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_error error = {0};
    if (size > INPUT_MAX)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct journal_file file = file_with(S(""));
    struct journal_file scenario = file_with((struct str){(const char *)data, size});
    struct sim_options options = options_of(&file);
    options.scenario = scenario.path;
    struct sim *sim = sim_new(&still, &options, &error);
    if (sim == NULL) {
        must(error.exit_code == 65, "a scenario that is wrong has its exit code");
        must(names_its_place(error.text, scenario.path), "a refusal names line and column");
    } else {
        struct sim_request page = {.method = S("GET"), .uri = S("/")};
        ask(sim, arena, &page);
        must_come_back(sim, &file, arena);
    }
    close(file.fd);
    close(scenario.fd);
    return 0;
}
