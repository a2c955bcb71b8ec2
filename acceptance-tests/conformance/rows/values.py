"""Values that arrive

Everything that a client may put into a request, in every form that it may have there.
"""

import json
import math
import struct

from row import by_client, cty, fine, measures, on_wire, says, slip, tf, value
from cty import UNKNOWN, Number, Raw, Unknown, dynamic

# The same line reads all values, those of functions too.
EMPTY_SLOT = slip(
    "src/wire/value.c",
    "    if (message == NULL || (message->msgpack.len == 0 && message->json.len == 0)) {",
    "    if (message == NULL) {",
)


def echoed(session, kind, given):
    result, error = session.function("echo", dynamic(kind, given))
    assert error is None, error
    assert result[0] == dynamic(kind, None)[0], result
    return result[1]


@on_wire(
    "value-zero",
    'false, 0, "" and an empty list are values: no default stands in for them',
    slip(
        "src/tf/plan_fill.c",
        "    return can_be && !tf_absent(place->config);",
        "    return can_be && !tf_absent(place->config) &&\n"
        "           !(place->config->type->kind == CTY_NUMBER && cty_is_known(place->config) &&\n"
        "             place->config->number.digits.len == 0);",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object("contrary_thing", name="a", text="", flag=False, whole=0, list=[], single={"y": 0, "x": ""})
    planned = fine(session.plan("contrary_thing", config)).state
    assert (planned["text"], planned["flag"], planned["whole"], planned["list"]) == ("", False, 0, [])
    assert (planned["single"]["y"], planned["single"]["x"]) == (0, "")


@on_wire("value-absent", "A value that is not sent, or is sent empty, is null", EMPTY_SLOT)
def _(w):
    session = w.contrary()
    config = session.object("contrary_thing", name="a")
    for absent in (None, tf.DynamicValue(), tf.DynamicValue(msgpack=b"\xc0")):
        answer = fine(
            session.call(
                "PlanResourceChange",
                type_name=b"contrary_thing",
                config=value(config),
                proposed_new_state=value(config),
                prior_state=absent,
                client_capabilities=None,
            )
        )
        assert answer.state["name"] == "a"


@on_wire(
    "value-json",
    "A value may be sent as JSON",
    slip(
        "src/wire/value.c",
        "        done = cty_from_json(rpc->arena, type, pb_str(message->json), CTY_WIRE, ret_value, &error);",
        "        done = cty_from_msgpack(rpc->arena, type, pb_str(message->json), CTY_WIRE, ret_value, &error);",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object("contrary_plain", text='a "text"')
    sent = tf.DynamicValue(json=json.dumps(config, indent=2).encode())
    assert fine(session.plan("contrary_plain", sent, proposed=sent)).state["text"] == 'a "text"'


@on_wire(
    "value-msgpack-first",
    "JSON counts only while there is no msgpack",
    slip(
        "src/wire/value.c",
        "    if (message->msgpack.len > 0)\n" "        done =",
        "    if (message->json.len == 0)\n" "        done =",
    ),
)
def _(w):
    session = w.contrary()
    sent = tf.DynamicValue(json=b'{"text":"json","id":null}', msgpack=cty.pack({"id": None, "text": "msgpack"}))
    assert fine(session.plan("contrary_plain", sent, proposed=sent)).state["text"] == "msgpack"


@on_wire(
    "value-tenth",
    "0.1 is 0.1, not the double beside it",
    slip("src/cty/number.c", "    return cty_number_cmp(&exact, number) == 0;", "    return true;"),
)
def _(w):
    session = w.contrary()
    for text in ("0.1", "-12.34", "3.3333333333333333"):
        assert echoed(session, "number", Number(text)) == text, (text, echoed(session, "number", Number(text)))
    assert echoed(session, "number", 0.5) == 0.5  # what is exact as a double may be one


@on_wire(
    "value-digits",
    "A hundred digits are a hundred digits, before and behind the point",
    slip(
        "src/cty/msgpack_write.c",
        "        return put_bytes(out, &string_forms, (struct str){text, cty_number_write(number, text)});",
        "        put_double(out, cty_number_to_double(number));",
    ),
)
def _(w):
    session = w.session()
    whole, small = "1234567890" * 10, "0." + "0" * 20 + "9876543219" * 9
    for text in (whole, "-" + whole, small):
        assert echoed(session, "number", Number(text)) == text, (text, echoed(session, "number", Number(text)))


@on_wire(
    "value-int64",
    "Whole numbers to the ends of int64, and of uint64, are what they are",
    slip(
        "src/cty/pack.c",
        "        *ret_unsigned = bits;\n" "        return PACK_UNSIGNED;",
        "        *ret_signed = (int64_t)bits;\n" "        return PACK_SIGNED;",
    ),
)
def _(w):
    session = w.session()
    for number in (2**63 - 1, -(2**63), 2**53 + 1):
        assert echoed(session, "number", number) == number
    for number in (2**63, 2**64 - 1):
        assert echoed(session, "number", number) == str(number)


@on_wire(
    "value-int-widths",
    "A whole number may be wider than it need be, and is signed where its form is",
    slip(
        "src/cty/pack.c",
        "    *ret_signed = (int64_t)(bits << (64 - 8 * size)) >> (64 - 8 * size);",
        "    *ret_signed = (int64_t)bits;",
    ),
)
def _(w):
    session = w.session()
    for number in (5, -1, -100):
        for code, form in ((0xD0, ">b"), (0xD1, ">h"), (0xD2, ">i"), (0xD3, ">q")):
            assert echoed(session, "number", Raw(bytes([code]) + struct.pack(form, number))) == number
    for code, form in ((0xCC, ">B"), (0xCD, ">H"), (0xCE, ">I"), (0xCF, ">Q")):
        assert echoed(session, "number", Raw(bytes([code]) + struct.pack(form, 200))) == 200


@on_wire(
    "value-floats",
    "A number may come as a double or as a single",
    slip("src/cty/pack.c", "        *ret_real = (double)real;", "        *ret_real = half;"),
)
def _(w):
    session = w.session()
    for number in (1.5, -0.25, 1e-7):
        assert echoed(session, "number", Raw(b"\xcb" + struct.pack(">d", number))) in (
            number,
            repr(number),
            str(number),
        ) or math.isclose(float(echoed(session, "number", number)), number)
    assert echoed(session, "number", Raw(b"\xca" + struct.pack(">f", 1.5))) == 1.5


@on_wire(
    "value-large-floats",
    "A whole number beyond int64 that comes as a double keeps its digits",
    slip("src/cty/number.c", "enum { exact_digits = 766", "enum { exact_digits = 16"),
)
def _(w):
    session = w.session()
    for number in (2**70, 10**20, -(2**80)):
        got = echoed(session, "number", Raw(b"\xcb" + struct.pack(">d", float(number))))
        assert int(got) == number, (number, got)


@on_wire(
    "value-nan",
    "What is no number is refused, and never sent: core crashes on it",
    slip(
        "src/cty/msgpack_read.c",
        "    if (shorten ? !cty_number_from_double_short(arena, real, &number)",
        "    if (isnan(real))\n"
        "        return cty_int(arena, 0);\n"
        "    if (shorten ? !cty_number_from_double_short(arena, real, &number)",
    ),
)
def _(w):
    session = w.contrary()
    for bits in (b"\x7f\xf8\0\0\0\0\0\0", b"\xff\xf0\0\0\0\0\0\1"):
        result, error = session.function("echo", dynamic("number", Raw(b"\xcb" + bits)))
        assert error is not None and error.HasField("function_argument"), result
    config = session.object("contrary_thing", name="a", number=Raw(b"\xcb\x7f\xf8\0\0\0\0\0\0"))
    says(session.plan("contrary_thing", config, proposed=config), "number")


@on_wire(
    "value-nfc",
    "Text that comes in another normal form is the same text",
    slip(
        "src/cty/text.c",
        "    if (surely_nfc(text) || stays(text))\n" "        return true;",
        "    if (surely_nfc(text) || !stays(text))\n" "        return true;",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a", text="Me\u0301lanie")
    assert kept.state["text"] == "M\u00e9lanie"
    _, plan = session.plan_change(kept, text="M\u00e9lanie")
    assert fine(plan).state == kept.state


@on_wire(
    "value-refined",
    "What is promised of an unknown is read as it is meant",
    slip(
        "src/cty/msgpack_unknown.c",
        "        return read_length(body, key == KEY_LENGTH_MIN);",
        "        return read_length(body, key == KEY_LENGTH_MAX);",
    ),
)
def _(w):
    session = w.session()
    for kind, promise in (
        ("string", Unknown(True)),
        ("string", Unknown(True, "p-")),
        ("number", Unknown(True, low=(1, True), high=(5, False))),
        (["list", "string"], Unknown(True, least=2)),
        (["map", "bool"], Unknown(least=1, most=3)),
    ):
        assert echoed(session, kind, promise) == promise, (kind, promise)


@on_wire(
    "value-refined-wrong",
    "An unknown whose promises contradict each other is taken for a plain one",
    slip(
        "src/cty/msgpack_unknown.c",
        "        return reading->mode == CTY_STRICT ? NULL : cty_unknown(reading->arena, type);",
        "        return NULL;",
    ),
)
def _(w):
    session = w.session()
    for kind, promise in (
        ("number", Unknown(low=(5, True), high=(1, True))),
        (["set", "string"], Unknown(least=3, most=1)),
    ):
        assert echoed(session, kind, promise) == UNKNOWN


@on_wire(
    "value-refined-never",
    "An unknown whose promises contradict each other is never sent: core crashes on it",
    slip(
        "src/cty/msgpack_write.c",
        "    if (value->refined != NULL && contradicts(value->refined))\n" "        return false;\n",
    ),
)
def _(w):
    session = w.contrary()
    answer = session.plan("contrary_breaker", session.object("contrary_breaker", **{"break": "plan_contradicts"}))
    says(answer, "The provider made a mistake")
    assert answer.state["size"] is None and answer.state["status"] == UNKNOWN


@on_wire(
    "value-refined-newer",
    "Promises of a kind that we do not know are passed over, and the others are kept",
    slip(
        "src/cty/msgpack_unknown.c",
        "        if (body->outer->reading.mode == CTY_WIRE)\n" "            pack_skip(&body->inner.pack);\n",
    ),
)
def _(w):
    body = cty.pack({7: [3, True], 1: False})
    assert echoed(w.session(), "string", Raw(cty.extension(12, body))) == Unknown(True)


@on_wire(
    "value-text-forms",
    "Text and lists may have longer heads than they need",
    slip(
        "src/cty/pack.c",
        "    } else if (code >= PACK_STR8 && code <= PACK_STR32) {",
        "    } else if (code >= PACK_STR8 && code < PACK_STR32) {",
    ),
)
def _(w):
    session = w.session()
    for head in (b"\xa2", b"\xd9\2", b"\xda\0\2", b"\xdb\0\0\0\2", b"\xc4\2", b"\xc5\0\2", b"\xc6\0\0\0\2"):
        assert echoed(session, "string", Raw(head + b"ab")) == "ab", head
    for head in (b"\x91", b"\xdc\0\1", b"\xdd\0\0\0\1"):
        assert echoed(session, ["list", "bool"], Raw(head + b"\xc3")) == [True], head
    for head in (b"\x81", b"\xde\0\1", b"\xdf\0\0\0\1"):
        assert echoed(session, ["map", "bool"], Raw(head + b"\xa1k\xc3")) == {"k": True}, head


@on_wire(
    "value-member-order",
    "Members of an object come in any order, and those of newer clients are passed over",
    slip(
        "src/cty/msgpack_read.c",
        "    return cty_attribute_index(type, name);\n" "}\n" "\n" "static bool read_attribute",
        "    return -1;\n" "}\n" "\n" "static bool read_attribute",
    ),
)
def _(w):
    session = w.contrary()
    config = session.object("contrary_thing", name="a", text="t", single={"x": "1"})
    shuffled = dict(reversed(config.items())) | {"newer": {"a": [1, UNKNOWN, "x"]}}
    assert (
        fine(session.plan("contrary_thing", shuffled, proposed=shuffled)).state
        == fine(session.plan("contrary_thing", config)).state
    )


@on_wire(
    "value-set-duplicates",
    "Equal elements of a set are one element",
    slip(
        "src/cty/set.c",
        "        bool again = kept > 0 && elements[i].wholly_known",
        "        bool again = kept > count && elements[i].wholly_known",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a", set=["y", "x", "y"], choices=[{"a": "1"}, {"a": "1"}])
    assert sorted(kept.state["set"]) == ["x", "y"] and len(kept.state["choices"]) == 1


@on_wire(
    "value-set-order",
    "The order of a set means nothing",
    slip(
        "src/cty/set.c",
        "    if (!is_sorted(elements, count))\n" "        qsort(elements, count, sizeof *elements, by_order);\n",
    ),
)
def _(w):
    session = w.contrary()
    kept = session.create("contrary_thing", name="a", set=["c", "a", "b"], choices=[{"a": "2"}, {"a": "1", "b": 3}])
    _, plan = session.plan_change(kept, set=["b", "c", "a"], choices=[{"a": "1", "b": 3}, {"a": "2"}])
    assert fine(plan).state == kept.state and not plan.replace


@on_wire(
    "value-depth",
    "What is nested without end is refused, and the process lives on",
    slip("src/cty/reading.c", "    if (++reading->depth <= CTY_MAX_DEPTH)", "    if (++reading->depth <= 1000000000)"),
)
def _(w):
    session = w.contrary()
    deep = b'\x92\xc4\x12["list","dynamic"]\x91' * 200_000 + b"\xc0"
    config = session.object("contrary_thing", name="a", any=Raw(deep))
    says(session.validate("contrary_thing", config), "nested too deeply")
    fine(session.validate("contrary_thing", session.object("contrary_thing", name="a")))


@on_wire(
    "value-announced",
    "A head that announces more than the message holds costs no memory",
    slip(
        "src/cty/msgpack_read.c",
        "    size_t possible = pack_left(&unpacking->pack) / bytes_each;",
        "    size_t possible = SIZE_MAX / 64 / bytes_each;",
    ),
)
def _(w):
    measures()
    session = w.contrary()
    before = session.provider.rss_kib()
    for head in (b"\xdd\x0a\0\0\0", b"\xdd\xff\xff\xff\xff"):
        config = session.object("contrary_thing", name="a", list=Raw(head + b"\xc0"))
        says(session.validate("contrary_thing", config), "announced")
    assert session.provider.rss_kib() - before < 50_000


@on_wire(
    "value-broken-text",
    "A byte that is no text does not spoil the answer",
    slip("src/wire/report.c", "    return arena_z(arena, arena_utf8(arena, s));", "    return arena_z(arena, s);"),
)
def _(w):
    session = w.contrary()
    broken = Raw(b"\xa3a\xffb")
    config = session.object("contrary_thing", name=broken)
    assert session.validate("contrary_thing", config).errors
    config = session.object("contrary_thing", name="a") | {
        "members": Raw(b"\x81" + broken + cty.pack({"mode": "nowhere"}))
    }
    answer = session.validate("contrary_thing", config)  # an answer with that byte can't be unpacked
    assert answer.errors and answer.paths[0][0] == "members"


@on_wire(
    "value-unknown-blocks",
    "Blocks may be unknown as a whole, and stay so in the plan",
    slip(
        "src/tf/plan_fill.c",
        "    if (!tf_absent(config))\n" "        return tf_map_objects(arena, rows_of_block(block)",
        "    if (!tf_absent(config) && cty_is_known(config))\n"
        "        return tf_map_objects(arena, rows_of_block(block)",
    ),
)
def _(w):
    session = w.contrary()
    blocks = {"listed": UNKNOWN, "chosen": UNKNOWN, "named": UNKNOWN, "one": UNKNOWN}
    config = session.object("contrary_thing", name="a", **blocks)
    fine(session.validate("contrary_thing", config))
    planned = fine(session.plan("contrary_thing", config)).state
    assert all(planned[name] == UNKNOWN for name in blocks), planned


@on_wire(
    "value-null-blocks",
    "Blocks that come as null are planned as none, not as null",
    slip(
        "src/tf/plan_fill.c",
        "    return cty_empty(arena, type);\n}\n\nconst struct cty_value *tf_plan_fill(",
        "    return cty_null(arena, type);\n}\n\nconst struct cty_value *tf_plan_fill(",
    ),
)
def _(w):
    session = w.contrary()
    none = {"listed": None, "chosen": None, "named": None, "one": None}
    config = session.object("contrary_thing", name="a") | none
    planned = fine(session.plan("contrary_thing", config, proposed=config)).state
    assert planned["listed"] == planned["chosen"] == [] and planned["named"] == {} and planned["one"] is None


@on_wire(
    "value-dynamic",
    "A dynamic value has its type with it, unknown and null too",
    slip(
        "src/cty/msgpack_write.c",
        "    if (type->kind == CTY_DYNAMIC && value->type->kind != CTY_DYNAMIC)",
        "    if (type->kind == CTY_DYNAMIC && value->type->kind != CTY_DYNAMIC && value->state == CTY_KNOWN)",
    ),
)
def _(w):
    session = w.contrary()
    mixed = dynamic(["object", {"a": ["tuple", ["number", "string"]], "b": "bool"}], {"a": [1, "x"], "b": None})
    kept = session.create("contrary_thing", name="a", any=mixed)
    assert kept.state["any"] == mixed and session.read(kept).state["any"] == mixed
    for other in (
        dynamic("string", "now a text"),
        None,
        UNKNOWN,
        dynamic(["list", "string"], UNKNOWN),
        dynamic("string", None),
    ):
        _, plan = session.plan_change(kept, any=other)
        assert fine(plan).state["any"] == other, (other, plan.state["any"])


@by_client(
    "value-dynamic-null",
    "A null in a dynamic attribute keeps the type that the configuration gives it",
    slip(
        "src/tf/plan_fill.c",
        "        return attr->kind == TF_DYNAMIC && place->config != NULL ? place->config",
        "        return attr->kind == TF_DYNAMIC && place->config == NULL ? place->prior",
    ),
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n  any = tostring(null)\n}\n')
    stack.apply().fine()
    assert not stack.plan().fine().actions


@on_wire(
    "value-newer-fields",
    "Fields of a newer protocol are passed over",
    slip(
        "src/wire/messages.c",
        "    return protobuf_c_message_unpack(descriptor, &allocator, bytes.len,\n"
        '                                     (const uint8_t *)(bytes.len == 0 ? "" : bytes.ptr));',
        "    ProtobufCMessage *message = protobuf_c_message_unpack(\n"
        '        descriptor, &allocator, bytes.len, (const uint8_t *)(bytes.len == 0 ? "" : bytes.ptr));\n'
        "    return message != NULL && message->n_unknown_fields > 0 ? NULL : message;",
    ),
)
def _(w):
    session = w.contrary()
    fields = session.plan_fields("contrary_plain", session.object("contrary_plain", text="t"))
    request = tf.PlanResourceChange.Request(**fields)
    newer = b"\xfa\x3f\x03new\xf8\x3f\x01"  # fields 1023, of both kinds
    method = session.channel.unary_unary(
        "/tfplugin6.Provider/PlanResourceChange", lambda b: b, tf.PlanResourceChange.Response.FromString
    )
    answer = method(request.SerializeToString() + newer, timeout=10)
    assert not answer.diagnostics and cty.unpack(answer.planned_state.msgpack)["text"] == "t"


@by_client(
    "value-digits-kept",
    "A hundred digits, 0.1 and 2^53+1 go through a whole life, and a second plan is empty",
    slip(
        "src/cty/json_read.c",
        "    const struct cty_value *value = reading_number(reading, doc->text);",
        "    char text[64];\n"
        '    snprintf(text, sizeof text, "%.17g", strtod(arena_z(reading->arena, doc->text), NULL));\n'
        "    const struct cty_value *value = reading_number(reading, arena_str(reading->arena, str_of(text)));",
    ),
)
def _(w):
    digits = "1234567890" * 10
    stack = w.stack(f"""
resource "contrary_thing" "it" {{
  name    = "a"
  number  = {digits}
  numbers = [9007199254740993, 0.1, 1e30, -0.000123]
}}""")
    stack.apply().fine()
    with open(f"{stack.folder}/terraform.tfstate", encoding="utf-8") as file:
        text = file.read()
    assert all(part in text for part in (digits, "9007199254740993", "0.1"))
    assert not stack.plan().fine().actions


@by_client(
    "value-promise",
    "The client understands what the plan promises of an unknown",
    slip(
        "src/cty/msgpack_write.c",
        "    if (refined->not_null) {\n" "        put_key(body, &entries, 1);",
        "    if (refined->not_null && refined->prefix.len == 0) {\n" "        put_key(body, &entries, 1);",
    ),
    needs="refined unknowns",
)
def _(w):
    stack = w.stack("""
resource "contrary_thing" "it" {
  name = "a"
}
resource "contrary_plain" "two" {
  count = contrary_thing.it.zone == null ? 0 : 2
}""")
    assert set(stack.plan().fine().actions) == {"contrary_thing.it", "contrary_plain.two[0]", "contrary_plain.two[1]"}
