/* A service model that somebody wrote, after a line with the service's name: it is refused in a
 * sentence that names the file, or whatever its operations take and answer is judged. After a line
 * of its own ("--") the input to judge may follow, as JSON or as a form. */
#include "ground/form.h"
#include "ground/hostile.h"
#include "models.h"

enum { INPUT_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct doc *value_of(struct arena *arena, enum protocol protocol, struct str text)
{
    struct doc *value = NULL;
    struct doc_error error;
    struct str why;
    bool ok = protocol == PROTOCOL_JSON ? doc_from_json(arena, text, NULL, &value, &error)
                                        : form_parse(arena, text, &value, &why);
    return ok ? value : doc_object(arena);
}

static void judge(const struct models *models, const struct service *service,
                  const struct operation *operation, const struct doc *value)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    struct call call = {
        .arena = arena, .operation = operation, .input = value, .output = (struct doc *)value};
    bool sound = models_check(models, &call, service);
    must(sound == (call.code.len == 0), "what is refused has a code");
    must(sound || call.message.len > 0, "what is refused has a reason");
    models_check_answer((struct models *)models, &call, service);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_error error = {0};
    struct str rest = {(const char *)data, size}, name;
    if (size > INPUT_MAX || size == 0)
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)1 << 30);
    if (!str_next(&rest, '\n', &name))
        return 0;
    const struct service *service = service_find(name);
    if (service == NULL)
        return 0;
    size_t cut = str_find(rest, S("\n--\n"));
    struct str input = cut == SIZE_MAX ? S("") : str_from(rest, cut + 4);
    struct models *models = models_new();
    if (!models_read(models, service, str_sub(rest, 0, cut), "file", &error)) {
        must(error.exit_code == 65, "a model that cannot be read has its exit code");
        must(strncmp(error.text, "file:", 5) == 0, "a refusal names the file");
    } else {
        const struct doc *value = value_of(arena, service->protocol, input);
        for (size_t i = 0; i < models->count; i++)
            judge(models, service, operation_find(service, models->operations[i].operation), value);
        struct buf out = buf_in(arena, 64 << 20);
        doc_to_json(models_describe(models, arena), &out);
    }
    models_free(models);
    return 0;
}
