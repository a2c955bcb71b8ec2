/* Provider functions: arguments in, one value or one error out. */
#include "tf.h"

enum { longest_error = 8 * 1024 };

bool tf_function_error(struct tf_function_run *run, int64_t argument, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    run->error = arena_utf8(run->arena, arena_vfmt(run->arena, format, args));
    va_end(args);
    run->error = str_sub(run->error, 0, longest_error);
    run->error_argument = argument;
    return false;
}

size_t tf_param_count(const struct tf_function *function)
{
    size_t count = 0;
    while (function->params != NULL && function->params[count].attr.name != NULL)
        count++;
    return count;
}

static const struct tf_param *param_at(const struct tf_function *function, size_t index)
{
    size_t count = tf_param_count(function);
    return index < count ? &function->params[index] : function->variadic;
}

const struct cty_type *tf_param_type(struct arena *arena, const struct tf_function *function,
                                     size_t index)
{
    const struct tf_param *param = param_at(function, index);
    return param == NULL ? NULL : tf_attr_type(arena, &param->attr);
}

static bool check_count(struct tf_function_run *run)
{
    size_t needed = tf_param_count(run->function);

    if (run->count < needed)
        return tf_function_error(run, -1, "%s takes %zu arguments, not %zu", run->function->name,
                                 needed, run->count);
    if (run->count > needed && run->function->variadic == NULL)
        return tf_function_error(run, (int64_t)needed, "%s takes no more than %zu arguments",
                                 run->function->name, needed);
    return true;
}

/* The rules of the parameter's row; the first complaint is the error. */
static bool check_rules(struct tf_function_run *run, size_t index, const struct tf_param *param)
{
    struct diags diags = diags_in(run->arena);
    struct tf_validation validation = {run->arena, &diags, true};
    const struct cty_value *value = run->arguments[index];

    tf_validate_all(&validation, &param->attr, value, NULL, NULL);
    for (const struct diag *diag = diags.first; diag != NULL; diag = diag->next)
        if (diag->severity == DIAG_ERROR)
            return tf_function_error(run, (int64_t)index, "%.*s", STR(diag->detail));
    return true;
}

static bool check_argument(struct tf_function_run *run, size_t index)
{
    const struct tf_param *param = param_at(run->function, index);
    const struct cty_value *value = run->arguments[index];

    if (!cty_conforms(value, tf_attr_type(run->arena, &param->attr)))
        return tf_function_error(run, (int64_t)index, "a value of another type is needed");
    if (cty_is_null(value) && !param->takes_null)
        return tf_function_error(run, (int64_t)index, "must not be null");
    return check_rules(run, index, param);
}

/* Unknown stays unknown: OpenTofu 1.7 sends unknowns inside although we forbid them. */
static bool is_open(const struct tf_function_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (!param_at(run->function, i)->takes_unknown && !cty_is_wholly_known(run->arguments[i]))
            return true;
    return false;
}

static bool carry_out(struct tf_function_run *run)
{
    const struct cty_type *type = tf_attr_type(run->arena, &run->function->result);

    if (!check_count(run))
        return false;
    for (size_t i = 0; i < run->count; i++)
        if (!check_argument(run, i))
            return false;
    if (is_open(run)) {
        run->result = cty_unknown(run->arena, type);
        return true;
    }
    if (!run->function->run(run))
        return run->error.ptr != NULL ||
               tf_function_error(run, -1,
                                 "%s failed and did not say why; this is a mistake in the "
                                 "provider",
                                 run->function->name);
    return (run->result != NULL && cty_conforms(run->result, type)) ||
           tf_function_error(run, -1,
                             "%s gave no value of its type; this is a mistake in the "
                             "provider",
                             run->function->name);
}

void tf_run_function(struct tf_rpc *rpc, const struct tf_function *function,
                     const struct cty_value *const *arguments, size_t count,
                     struct tf_function_answer *ret_answer)
{
    struct tf_function_run run = {.arena = rpc->arena,
                                  .function = function,
                                  .arguments = arguments,
                                  .count = count,
                                  .error_argument = -1};

    if (carry_out(&run) && run.error.ptr == NULL)
        *ret_answer = (struct tf_function_answer){.result = run.result, .argument = -1};
    else
        *ret_answer = (struct tf_function_answer){NULL, run.error, run.error_argument};
}
