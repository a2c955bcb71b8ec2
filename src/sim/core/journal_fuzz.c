/* A state file that somebody wrote: it is refused with its place in a sentence, or it gives a state
 * that can be told, and the file as it is then gives the same state again. */
#include "ground/hostile.h"

enum { INPUT_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_error error = {0};
    if (size > INPUT_MAX)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct journal_file file = file_with((struct str){(const char *)data, size});
    struct sim *sim = sim_of(&file, &error);
    if (sim == NULL) {
        size_t path = strlen(file.path);
        must(error.exit_code == 65, "a file that cannot be read has its exit code");
        must(strncmp(error.text, file.path, path) == 0 && error.text[path] == ':' &&
                 error.text[path + 1] >= '1' && error.text[path + 1] <= '9',
             "a refusal names the line");
    } else {
        must_come_back(sim, &file, arena);
    }
    close(file.fd);
    return 0;
}
