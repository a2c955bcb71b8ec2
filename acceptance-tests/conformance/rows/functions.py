"""Provider functions

Pure, in a process that nobody has configured; errors point at the argument.
"""

from row import by_client, cty, on_wire, slip, tf, value
from cty import UNKNOWN, dynamic
from rows.values import EMPTY_SLOT

FILE = "src/tf/function.c"
UNCONFIGURED = slip(
    "src/wire/function.c",
    "    if (run.result == NULL)\n",
    "    extern void *tf_provider_of(struct tf_server *server, struct tf_rpc *rpc);\n"
    "    if (tf_provider_of(rpc->server->tf, &rpc->tf) == NULL)\n"
    '        answer->error = error_of(rpc, S("not configured"), -1);\n'
    "    else if (run.result == NULL)\n",
)


def fails(w, name, *arguments):
    """(text, argument or None)"""
    result, error = w.session().function(name, *arguments)
    assert error is not None, f"it gave {result}"
    assert error.text and result is None
    return error.text, error.function_argument if error.HasField("function_argument") else None


@on_wire(
    "function-unconfigured",
    "A function runs in a process that nobody has configured, by several threads at once",
    UNCONFIGURED,
)
def _(w):
    session = w.session()
    method = session.channel.unary_unary(
        "/tfplugin6.Provider/CallFunction",
        tf.CallFunction.Request.SerializeToString,
        tf.CallFunction.Response.FromString,
    )
    begun = [
        method.future(tf.CallFunction.Request(name=b"join", arguments=[value("-"), value("x"), value(str(i))]))
        for i in range(200)
    ]
    assert [cty.unpack(f.result().result.msgpack) for f in begun] == [f"x-{i}" for i in range(200)]


@on_wire(
    "function-null",
    "Null is refused where the parameter does not allow it, and arrives where it does",
    slip(FILE, "    if (cty_is_null(value) && !param->takes_null)", "    if (cty_is_null(value) && param->takes_null)"),
)
def _(w):
    assert fails(w, "join", "-", None)[1] == 1
    assert w.session().function("state_of", dynamic("string", None))[0] == "null"


@on_wire("function-empty-slot", "An argument without a value is null, as OpenTofu sends it", EMPTY_SLOT)
def _(w):
    session = w.session()
    assert session.function("state_of", tf.DynamicValue()) == ("null", None)
    assert fails(w, "join", tf.DynamicValue())[1] == 0


@on_wire(
    "function-unknown",
    "An unknown argument makes an unknown result, also deep inside, where unknowns are not allowed",
    slip(
        FILE,
        "!param_at(run->function, i)->takes_unknown && !cty_is_wholly_known(run->arguments[i]))",
        "!param_at(run->function, i)->takes_unknown && cty_is_unknown(run->arguments[i]))",
    ),
)
def _(w):
    session = w.session()
    assert session.function("join", "-", UNKNOWN) == (UNKNOWN, None)
    assert session.function("total", UNKNOWN) == (UNKNOWN, None)
    assert session.function("total", [1, UNKNOWN]) == (UNKNOWN, None)
    assert session.function("total", [1, 2]) == (3, None)


@on_wire(
    "function-unknown-allowed",
    "Where unknowns are allowed they arrive",
    slip(
        FILE,
        "!param_at(run->function, i)->takes_unknown && !cty_is_wholly_known(run->arguments[i]))",
        "!cty_is_wholly_known(run->arguments[i]))",
    ),
)
def _(w):
    session = w.session()
    assert session.function("state_of", dynamic("string", UNKNOWN)) == ("unknown", None)
    assert session.function("state_of", UNKNOWN) == ("unknown", None)
    assert session.function("echo", dynamic(["list", "number"], [1, UNKNOWN]))[0][1] == [1, UNKNOWN]


@on_wire(
    "function-count",
    "Too few arguments, and too many, are an error",
    slip(
        FILE,
        "    if (run->count < needed)\n" '        return tf_function_error(run, -1, "%s takes',
        "    if (run->count < needed && run->function->variadic == NULL)\n"
        '        return tf_function_error(run, -1, "%s takes',
    ),
)
def _(w):
    assert fails(w, "total")[1] is None and fails(w, "join")[1] is None
    assert fails(w, "total", [1], [2])[1] == 1
    assert w.session().function("join", "-") == ("", None)


@on_wire(
    "function-argument",
    "An error names the argument that is to blame, from 0, the variadic ones too",
    slip("src/wire/function.c", "    if (argument >= 0) {", "    if (argument > 0) {"),
)
def _(w):
    assert fails(w, "join", "-", "x", "bad", "y") == ('"bad" can\'t be joined', 2)
    assert fails(w, "join", "far too long", "x")[1] == 0


@on_wire(
    "function-no-argument",
    "An error for which no argument is to blame names none",
    slip("src/wire/function.c", "    if (argument >= 0) {", "    if (argument >= -1) {"),
)
def _(w):
    assert fails(w, "break_rule", "bytes")[1] is None


@on_wire(
    "function-rules",
    "An argument is held against the rules of its parameter",
    slip(
        FILE,
        "    tf_validate_all(",
        "    if (!cty_is_known(value))\n" "        tf_validate_all(",
    ),
)
def _(w):
    text, argument = fails(w, "join", "far too long", "x")
    assert argument == 0 and "characters" in text


@on_wire(
    "function-result",
    "A result is of the type that is declared, or the error says whose mistake it is",
    slip(
        FILE,
        "    return (run->result != NULL && cty_conforms(run->result, type)) ||",
        "    return run->result != NULL || cty_type_equal(type, &cty_string) ||",
    ),
)
def _(w):
    for what in ("wrong_type", "no_result"):
        assert "gave no value of its type" in fails(w, "break_rule", what)[0]


@on_wire(
    "function-mute",
    "A function that fails without a word is told as our mistake",
    slip(
        FILE,
        "        return run->error.ptr != NULL ||\n" "               tf_function_error(",
        "        return run->error.ptr == NULL ||\n" "               tf_function_error(",
    ),
)
def _(w):
    assert "did not say why" in fails(w, "break_rule", "mute")[0]


@on_wire(
    "function-name",
    "A function that there is not is an error, not a null result",
    slip(
        "src/wire/function.c",
        "    if (function != NULL)\n" "        answer_function(rpc, function, asked, answer);\n" "    else\n",
        "    if (function != NULL)\n"
        "        answer_function(rpc, function, asked, answer);\n"
        "    else if (asked->n_arguments > 0)\n",
    ),
)
def _(w):
    assert "nothing_like_it" in fails(w, "nothing_like_it")[0]


@by_client(
    "function-called",
    "The client calls functions, and shows the parameter to which an error points",
    slip(
        "src/wire/schema.c",
        "        message->variadic_parameter = parameter(arena, function->variadic);",
        "        message->variadic_parameter = NULL;",
    ),
    needs="functions",
)
def _(w):
    stack = w.stack("""
output "all" {
  value = [provider::contrary::join("-", "a", "b"), provider::contrary::total([1, 2]),
           provider::contrary::state_of(tostring(null)),
           provider::contrary::echo({ a = [1, "x"] })]
}""")
    stack.apply().fine()
    found = stack.state_file()["outputs"]["all"]["value"]
    assert found == ["a-b", 3, "null", {"a": [1, "x"]}], found
    stack.write('output "bad" {\n  value = provider::contrary::join("-", "a", "bad")\n}\n')
    run = stack.plan()
    assert run.code == 1 and any('"words"' in error and "can't be joined" in error for error in run.errors), run.errors
