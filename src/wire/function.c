/* Provider functions. */
#include "rpc.h"

static Tfplugin6__FunctionError *error_of(struct wire_rpc *rpc, struct str text, int64_t argument)
{
    Tfplugin6__FunctionError *error = pb_new(rpc->arena, &tfplugin6__function_error__descriptor);
    error->text = arena_z(rpc->arena, arena_utf8(rpc->arena, text));
    if (argument >= 0) {
        error->_function_argument_case =
            TFPLUGIN6__FUNCTION_ERROR___FUNCTION_ARGUMENT_FUNCTION_ARGUMENT;
        error->function_argument = argument;
    }
    return error;
}

/* Functions have no diagnostics: the first that was told is the error. */
static Tfplugin6__FunctionError *error_of_diags(struct wire_rpc *rpc, int64_t argument)
{
    for (const struct diag *diag = rpc->tf.diags.first; diag != NULL; diag = diag->next)
        if (diag->severity == DIAG_ERROR)
            return error_of(rpc, diag->detail, argument);
    return NULL;
}

/* The arguments; a missing one is null. False: *ret_error is set. */
static bool read_arguments(struct wire_rpc *rpc, const struct tf_function *function,
                           const Tfplugin6__CallFunction__Request *asked,
                           const struct cty_value **arguments, Tfplugin6__FunctionError **ret_error)
{
    for (size_t i = 0; i < asked->n_arguments; i++) {
        const struct cty_type *type = tf_param_type(rpc->arena, function, i);
        if (type == NULL) {
            *ret_error = error_of(rpc, S("too many arguments"), (int64_t)i);
            return false;
        }
        if (!wire_value(rpc, asked->arguments[i], type, "an argument", &arguments[i])) {
            *ret_error = error_of_diags(rpc, (int64_t)i);
            return false;
        }
    }
    return true;
}

static void answer_function(struct wire_rpc *rpc, const struct tf_function *function,
                            const Tfplugin6__CallFunction__Request *asked,
                            Tfplugin6__CallFunction__Response *answer)
{
    const struct cty_value **arguments =
        arena_array(rpc->arena, const struct cty_value *, asked->n_arguments);
    struct tf_function_answer run;

    if (!read_arguments(rpc, function, asked, arguments, &answer->error))
        return;
    tf_run_function(&rpc->tf, function, arguments, asked->n_arguments, &run);
    if (run.result == NULL)
        answer->error = error_of(rpc, run.error, run.argument);
    else
        answer->result = wire_dynamic(rpc, tf_attr_type(rpc->arena, &function->result), run.result);
    if (answer->error == NULL)
        answer->error = error_of_diags(rpc, -1);
}

void *wire_call_function(struct wire_rpc *rpc, const void *request)
{
    const Tfplugin6__CallFunction__Request *asked = request;
    Tfplugin6__CallFunction__Response *answer =
        pb_new(rpc->arena, &tfplugin6__call_function__response__descriptor);
    const struct tf_function *function = tf_function_find(rpc->server->tf, pb_str(asked->name));

    if (function != NULL)
        answer_function(rpc, function, asked, answer);
    else
        answer->error = error_of(rpc,
                                 arena_fmt(rpc->arena, "This provider has no function \"%.*s\".",
                                           STR(pb_str(asked->name))),
                                 -1);
    return answer;
}
