"""Terraform's values as they travel: msgpack with unknowns. Written for these tests alone, after the published format.

In Python: None is null; UNKNOWN and Unknown(…) are unknowns; a dict is a map or an object, a list is a list, set or
tuple. Numbers are int and float, or Number("0.1") where they travel as text; Raw(b"…") is bytes as they are.
"""

import dataclasses
import json
import struct


@dataclasses.dataclass(frozen=True)
class Unknown:
    """An unknown value, with what is promised of it. Bounds are (number, inclusive)."""

    not_null: bool = False
    prefix: str | None = None
    low: tuple | None = None
    high: tuple | None = None
    least: int | None = None
    most: int | None = None

    def body(self):
        entries = [
            (1, False if self.not_null else None),
            (2, self.prefix),
            (3, self.low and list(self.low)),
            (4, self.high and list(self.high)),
            (5, self.least),
            (6, self.most),
        ]
        return {key: value for key, value in entries if value is not None}


UNKNOWN = Unknown()


class Raw(bytes):
    """Bytes of msgpack."""


class Number(str):
    """A number that travels as text."""


def dynamic(kind, value):
    """A value where the schema says `dynamic`: kind is its type as JSON has it."""
    return [json.dumps(kind, separators=(",", ":")).encode(), value]


def _head(length, fixed, most_fixed, *codes):
    if fixed is not None and length <= most_fixed:
        return bytes([fixed | length])
    for code, size in zip(codes, (1, 2, 4)):
        if code and length < 1 << 8 * size:
            return bytes([code]) + length.to_bytes(size, "big")
    raise ValueError("too long")


def _whole(number):
    if -32 <= number <= 127:
        return struct.pack("b", number)
    for code, form in (
        (0xCC, ">B"),
        (0xCD, ">H"),
        (0xCE, ">I"),
        (0xCF, ">Q"),
        (0xD0, ">b"),
        (0xD1, ">h"),
        (0xD2, ">i"),
        (0xD3, ">q"),
    ):
        try:
            return bytes([code]) + struct.pack(form, number)
        except struct.error:
            continue
    raise ValueError("a whole number that large travels as Number")


def extension(kind, body):
    if len(body) in (1, 2, 4, 8, 16):
        return bytes([0xD4 + (1, 2, 4, 8, 16).index(len(body)), kind]) + body
    return _head(len(body), None, 0, 0xC7, 0xC8, 0xC9) + bytes([kind]) + body


def pack(value):
    if isinstance(value, Raw):
        return bytes(value)
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode("utf-8", "surrogatepass")
        return _head(len(text), 0xA0, 31, 0xD9, 0xDA, 0xDB) + text
    if isinstance(value, bytes):
        return _head(len(value), None, 0, 0xC4, 0xC5, 0xC6) + value
    if isinstance(value, Unknown):
        body = value.body()
        return extension(12, pack(body)) if body else b"\xd4\0\0"
    if isinstance(value, (list, tuple)):
        return _head(len(value), 0x90, 15, None, 0xDC, 0xDD) + b"".join(map(pack, value))
    if isinstance(value, dict):
        return _head(len(value), 0x80, 15, None, 0xDE, 0xDF) + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(value)


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        piece = self.data[self.at : self.at + count]
        assert len(piece) == count, "msgpack is cut off"
        self.at += count
        return piece

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def many(self, count):
        return [self.value() for _ in range(count)]

    def pairs(self, count):
        flat = self.many(2 * count)
        result = dict(zip(flat[::2], flat[1::2]))
        assert len(result) == count, "a key stands twice"
        return result

    def unknown(self, length):
        kind, body = self.take(1)[0], self.take(length)
        if kind != 12:
            return UNKNOWN
        inner = _Reader(body).value()
        assert set(inner) <= {1, 2, 3, 4, 5, 6}, inner
        return Unknown(
            inner.get(1) is False,
            inner.get(2),
            *(tuple(inner[k]) if k in inner else None for k in (3, 4)),
            inner.get(5),
            inner.get(6),
        )

    def value(self):
        code = self.take(1)[0]
        if code < 0x80 or code >= 0xE0:
            return struct.unpack("b", bytes([code]))[0]
        if code < 0x90:
            return self.pairs(code & 15)
        if code < 0xA0:
            return self.many(code & 15)
        if code < 0xC0:
            return self.take(code & 31).decode()
        simple = {0xC0: None, 0xC2: False, 0xC3: True}
        if code in simple:
            return simple[code]
        forms = {
            0xCA: ">f",
            0xCB: ">d",
            0xCC: ">B",
            0xCD: ">H",
            0xCE: ">I",
            0xCF: ">Q",
            0xD0: ">b",
            0xD1: ">h",
            0xD2: ">i",
            0xD3: ">q",
        }
        if code in forms:
            return self.number(forms[code])
        if 0xD4 <= code <= 0xD8:
            return self.unknown(1 << code - 0xD4)
        lengths = {
            0xC4: ">B",
            0xC5: ">H",
            0xC6: ">I",
            0xC7: ">B",
            0xC8: ">H",
            0xC9: ">I",
            0xD9: ">B",
            0xDA: ">H",
            0xDB: ">I",
            0xDC: ">H",
            0xDD: ">I",
            0xDE: ">H",
            0xDF: ">I",
        }
        length = self.number(lengths[code])
        if code <= 0xC6:
            return bytes(self.take(length))
        if code <= 0xC9:
            return self.unknown(length)
        if code <= 0xDB:
            return self.take(length).decode()
        return self.many(length) if code <= 0xDD else self.pairs(length)


def unpack(data):
    reader = _Reader(bytes(data))
    value = reader.value()
    assert reader.at == len(reader.data), "something follows the value"
    return value


def unknowns(value):
    """How many unknowns there are in it."""
    if isinstance(value, Unknown):
        return 1
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(unknowns, value)) if isinstance(value, list) else 0


# --- objects by their schema ---

SINGLE, LIST, SET, MAP, GROUP = 1, 2, 3, 4, 5


def _nested(nesting, rows, value):
    if value is None or isinstance(value, (Unknown, Raw)):
        return value
    if nesting in (SINGLE, GROUP):
        return rows(value)
    if nesting == MAP:
        return {key: _nested(SINGLE, rows, item) for key, item in value.items()}
    return [_nested(SINGLE, rows, item) for item in value]


def _attributes(attributes, given):
    result = {}
    for attribute in attributes:
        value = given.pop(attribute.name, None)
        if attribute.HasField("nested_type"):
            inner = attribute.nested_type
            value = _nested(
                inner.nesting, lambda v, a=inner.attributes: _finish(_attributes(a, v := dict(v)), v), value
            )
        result[attribute.name] = value
    return result


def _finish(result, rest):
    assert not rest, f"no such members: {sorted(rest)}"
    return dict(sorted(result.items()))


def full(block, given):
    """The object of a block with what is given, and with all else absent, as core would make it of a configuration."""
    given = dict(given)
    result = _attributes(block.attributes, given)
    for nested in block.block_types:
        absent = {SINGLE: None, GROUP: {}, MAP: {}}.get(nested.nesting, [])
        value = given.pop(nested.type_name, absent)
        result[nested.type_name] = _nested(nested.nesting, lambda v, b=nested.block: full(b, v), value)
    return _finish(result, given)


def _is_known(*values):
    return all(value is not None and not isinstance(value, Unknown) for value in values)


def _merge(nesting, merge, prior, config):
    if not _is_known(config):
        return config
    if nesting in (SINGLE, GROUP):
        return merge(prior if _is_known(prior) else None, config)
    if nesting == MAP:
        return {k: merge((prior or {}).get(k), v) for k, v in config.items()}
    if nesting == SET:
        return [merge(None, item) for item in config]
    before = prior if _is_known(prior) else []
    return [merge(before[i] if i < len(before) else None, item) for i, item in enumerate(config)]


def _propose(attributes, blocks, prior, config):
    result = {}
    for attribute in attributes:
        name, before = attribute.name, (prior or {}).get(attribute.name)
        value = config[name]
        if value is None and attribute.computed:
            value = before
        elif attribute.HasField("nested_type"):
            inner = attribute.nested_type
            value = _merge(
                inner.nesting,
                lambda p, c, a=inner.attributes: _propose(a, (), p, c) if _is_known(c) else c,
                before,
                value,
            )
        result[name] = value
    for nested in blocks:
        name = nested.type_name
        result[name] = _merge(
            nested.nesting,
            lambda p, c, b=nested.block: _propose(b.attributes, b.block_types, p, c) if _is_known(c) else c,
            (prior or {}).get(name),
            config[name],
        )
    return dict(sorted(result.items()))


def propose(block, prior, config):
    """What core proposes as the new state."""
    return _propose(block.attributes, block.block_types, prior, config)
