#!/usr/bin/env python3
"""Holds our codecs against botocore's: random parameters of each of our operations are written by both, random answers
are read by both, and every row of our tables must be in AWS's model. Then each of the known requests is spoiled in each
of its parts, and must not pass any more.

Usage: battery.py [--rounds N] [--seed N] [SERVICE:OPERATION…]
The last line is "N passed, N failed"; the exit status is 0 only if all passed.
"""

import argparse
import base64
import collections
import copy
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

import botocore.config
import botocore.parsers
import botocore.session

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = os.path.join(os.environ.get("HP_BIN", ROOT / "build/dev/bin"), "vectors")
SIGNERS = {"accept-encoding", "content-length", "content-type", "expect", "user-agent", "x-amz-target", "content-encoding",
           "transfer-encoding", "x-amz-trailer", "x-amz-decoded-content-length", "x-amz-sdk-checksum-algorithm",
           "x-amz-checksum-mode", "x-amz-checksum-crc32", "accept"}
KINDS = {"string": {"string", "character"}, "int": {"integer", "long"}, "double": {"float", "double"}, "bool": {"boolean"},
         "time": {"timestamp"}, "blob": {"blob"}, "structure": {"structure"}, "list": {"list"}, "map": {"map"}}
TEXT = "abcXYZ 0189-_.~/+&=%?#:;,@!$'()*[]{}<>\"\\|^`äß漢🚀"
TOKEN = "abcXYZ0189-_./=:"


class Trouble(Exception):
    pass


def vectors(*arguments):
    run = subprocess.run([VECTORS, *arguments], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def wire(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(rows, file)
        file.flush()
        status, out = vectors("wire", file.name)
    if status != 0:
        raise Trouble(f"vectors wire ended with {status}")
    return json.loads(out)


# --- Our tables against the model ---


def compare_rows(ours, theirs, at):
    """Every member that has a row is in the model, and is of that type."""
    if ours is None or ours["type"] == "any":
        return
    if theirs is None:
        if ours.get("members"):
            raise Trouble(f"{at}: the model has nothing there")
        return
    if theirs.type_name not in KINDS[ours["type"]]:
        raise Trouble(f"{at} is {ours['type']}, and {theirs.type_name} in the model")
    for name, row in ours.get("members", {}).items():
        if name not in theirs.members:
            raise Trouble(f"{at}.{name} is not in the model")
        compare_rows(row, theirs.members[name], f"{at}.{name}")
    if "element" in ours:
        compare_rows(ours["element"], theirs.member if ours["type"] == "list" else theirs.value, at + "[]")


# --- Random values: one for botocore, one for us ---


class Chance:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, alphabet=TEXT):
        return "".join(self.random.choice(alphabet) for _ in range(self.random.choice((1, 1, 3, 8, 30))))

    def value(self, ours, theirs, place="body", share=0.6, depth=0):
        """(botocore's form, ours)"""
        kind = theirs.type_name
        if kind in KINDS["structure"]:
            names = list(theirs.members) if ours is None or ours["type"] == "any" else list(ours["members"])
            both = {}
            for name in names:
                if name not in theirs.required_members and (depth > 6 or self.random.random() > share):
                    continue
                row = None if ours is None or ours["type"] == "any" else ours["members"][name]
                member = theirs.members[name]
                where = member.serialization.get("location", "body") if depth == 0 else place
                both[name] = self.value(row, member, where, share, depth + 1)
            return {n: v[0] for n, v in both.items()}, {n: v[1] for n, v in both.items()}
        element = None if ours is None else ours.get("element")
        if kind == "list":
            most = 0 if depth > 6 else 3
            pairs = [self.value(element, theirs.member, place, share, depth + 1) for _ in range(self.random.randint(min(1, most), most))]
            return [p[0] for p in pairs], [p[1] for p in pairs]
        if kind == "map":
            pairs = {self.text(TOKEN if place in ("header", "headers") else TEXT): self.value(element, theirs.value, place, share, depth + 1)
                     for _ in range(self.random.randint(1, 2))}
            if place == "headers":
                pairs = {re.sub("[^a-z0-9-]", "x", key.lower()): pair for key, pair in pairs.items()}
            return {n: v[0] for n, v in pairs.items()}, {n: v[1] for n, v in pairs.items()}
        return self.scalar(theirs, place)

    def scalar(self, shape, place):
        kind, r = shape.type_name, self.random
        if kind in KINDS["int"]:
            number = r.choice((0, 1, r.randint(1, 10**6), -r.randint(1, 1000)))
            return number, number
        if kind in KINDS["double"]:
            number = r.choice((0.5, 100.0, round(r.uniform(-1000, 1000), 3)))
            return number, number
        if kind == "boolean":
            truth = r.random() < 0.5
            return truth, truth
        if kind == "timestamp":
            when = datetime.datetime.fromtimestamp(r.randint(10**9, 2 * 10**9), datetime.timezone.utc)
            return when, when.strftime("%Y-%m-%dT%H:%M:%SZ")
        if kind == "blob":
            text = self.text()
            return text.encode(), text
        text = self.text(TOKEN if place in ("header", "headers", "statusCode") else TEXT)
        return text, text


# --- What botocore sends ---


class Peer:
    def __init__(self):
        self.session = botocore.session.Session()
        self.clients = {}

    def client(self, service):
        if service not in self.clients:
            config = botocore.config.Config(parameter_validation=False, request_checksum_calculation="when_required",
                                            s3={"us_east_1_regional_endpoint": "regional"})
            client = self.session.create_client(service, region_name="us-west-2", aws_access_key_id="A", aws_secret_access_key="s",
                                                config=config)
            client.meta.events.register("before-call", self.keep)
            self.clients[service] = client
        return self.clients[service]

    def keep(self, params, **_):
        self.request = copy.deepcopy(params)
        answer = collections.namedtuple("Answer", "status_code")(200)
        return answer, {"ResponseMetadata": {}}

    def model(self, service, operation):
        return self.client(service).meta.service_model.operation_model(operation)

    def send(self, service, operation, params):
        self.client(service)._make_api_call(operation, params)
        return self.request


def plain(element):
    """A comparable form of XML, without namespaces."""
    tag = element.tag.rpartition("}")[2]
    children = [plain(child) for child in element]
    return (tag, children if children else element.text or "")


def is_bytes(shape):
    """Is the body one member's bytes?"""
    payload = shape.serialization.get("payload") if shape is not None else None
    return bool(payload) and shape.members[payload].type_name == "blob"


def same_request(ours, theirs, model):
    protocol = model.service_model.protocol
    url = urllib.parse.urlsplit(theirs["url"])
    body = theirs["body"]
    if "error" in ours:
        raise Trouble(f"we write nothing: {ours['error']}")
    expect("the method", ours["method"], theirs["method"])
    expect("the path", ours["path"], url.path)
    expect("the query", sorted(urllib.parse.parse_qsl(ours["query"], True)), sorted(urllib.parse.parse_qsl(url.query, True)))
    headers = {n.lower(): v if isinstance(v, str) else v.decode() for n, v in theirs["headers"].items()}
    expect("the headers", {n.lower(): v for n, v in ours["headers"].items() if n.lower() != "content-type"},
           {n: v for n, v in headers.items() if n not in SIGNERS})
    expect("X-Amz-Target", ours["target"], headers.get("x-amz-target", ""))
    if "content-type" in headers:
        said = ours["content_type"] or {n.lower(): v for n, v in ours["headers"].items()}.get("content-type")
        expect("Content-Type", said, headers["content-type"])
    if protocol in ("query", "ec2"):
        expect("the form", urllib.parse.parse_qsl(ours["body"], True), [(n, str(v)) for n, v in body.items()])
        return
    body = body.decode() if isinstance(body, bytes) else body.read().decode() if hasattr(body, "read") else body or ""
    if is_bytes(model.input_shape):
        expect("the bytes", ours["body"], body)
    elif body.startswith("{"):
        expect("the JSON", json.loads(ours["body"]), json.loads(body))
    elif body.startswith("<"):
        expect("the XML", plain(ET.fromstring(ours["body"])), plain(ET.fromstring(body)))
    else:
        expect("the body", ours["body"], body)


def expect(what, ours, theirs):
    if ours != theirs:
        raise Trouble(f"{what} is\n    {ours!r}\n  and should be\n    {theirs!r}")


# --- Answers, written here by the model ---


def json_answer(value, shape):
    kind = shape.type_name
    if kind == "structure":
        return {shape.members[n].serialization.get("name", n): json_answer(v, shape.members[n]) for n, v in value.items()}
    if kind == "list":
        return [json_answer(v, shape.member) for v in value]
    if kind == "map":
        return {n: json_answer(v, shape.value) for n, v in value.items()}
    if kind == "timestamp":
        return int(value.timestamp())
    return base64.b64encode(value).decode() if kind == "blob" else value


def xml_answer(name, value, shape, protocol):
    kind = shape.type_name
    if kind == "structure":
        inner = "".join(xml_answer(shape.members[n].serialization.get("name", n), v, shape.members[n], protocol)
                        for n, v in value.items())
        return f"<{name}>{inner}<somethingNew><a>1</a></somethingNew></{name}>"
    if kind == "list":
        flat = shape.serialization.get("flattened")
        item = name if flat else shape.member.serialization.get("name", "member")
        inner = "".join(xml_answer(item, v, shape.member, protocol) for v in value)
        return inner if flat else f"<{name}>{inner}</{name}>"
    if kind == "map":
        inner = "".join(f"<entry><key>{escape(n)}</key>{xml_answer('value', v, shape.value, protocol)}</entry>" for n, v in value.items())
        return f"<{name}>{inner}</{name}>"
    if kind == "timestamp":
        text = value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    elif kind == "boolean":
        text = "true" if value else "false"
    else:
        text = base64.b64encode(value).decode() if kind == "blob" else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def answer_of(model, value, protocol):
    shape, name = model.output_shape, model.name
    if is_bytes(shape):
        return value.get(shape.serialization["payload"], b"").decode()
    if protocol in ("json", "rest-json"):
        return json.dumps({**json_answer(value, shape), "SomethingNew": {"a": [1]}} if shape is not None else {})
    if protocol == "ec2":
        body = xml_answer(f"{name}Response", value, shape, protocol) if shape is not None else f"<{name}Response></{name}Response>"
        return body.replace(f"<{name}Response>", f"<{name}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>", 1)
    if protocol == "query":
        wrapper = shape.serialization.get("resultWrapper", f"{name}Result") if shape is not None else f"{name}Result"
        inner = xml_answer(wrapper, value, shape, protocol) if shape is not None else ""
        return f"<{name}Response xmlns=\"https://x/\">{inner}<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
    return xml_answer(name, value, shape, protocol) if value else ""


def as_ours(value, shape, row):
    """What botocore read, in the form of our trees, without members that have no row."""
    if row is None or row["type"] == "any":
        return value
    kind = shape.type_name
    if kind == "structure":
        return {n: as_ours(v, shape.members[n], row["members"][n]) for n, v in value.items() if n in row["members"]}
    if kind == "list":
        return [as_ours(v, shape.member, row["element"]) for v in value]
    if kind == "map":
        return {n: as_ours(v, shape.value, row["element"]) for n, v in value.items()}
    if kind == "timestamp":
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind == "blob":
        return (value if isinstance(value, bytes) else value.encode()).decode()
    return value


def peers_reading(model, protocol, answer, row):
    shape = model.output_shape
    if row is None or row["type"] == "any":
        return json.loads(answer)
    if is_bytes(shape):
        return {shape.serialization["payload"]: answer}
    if shape is None or not row["members"]:
        return {}
    parsed = botocore.parsers.create_parser(protocol).parse(
        {"body": answer.encode(), "headers": {}, "status_code": 200}, shape)
    parsed.pop("ResponseMetadata", None)
    return as_ours(parsed, shape, row)


# --- The tests ---


def written_alike(peer, rows, rounds, seed):
    jobs = []
    for row in rows:
        model = peer.model(row["their_service"], row["operation"])
        chance = Chance(f"{seed} {row['operation']}")
        for turn in range(rounds):
            share = (0.0, 1.0, 0.6)[min(turn, 2)]
            theirs, ours = chance.value(row["input"], model.input_shape, share=share) if model.input_shape else ({}, {})
            if row["service"] == "s3":
                theirs["Bucket"] = ours["Bucket"] = f"bkt-{turn}"
            jobs.append((row, model, theirs, ours))
    answers = wire([{"service": row["service"], "operation": row["operation"], "params": ours} for row, _, _, ours in jobs])
    for (row, model, theirs, ours), answer in zip(jobs, answers):
        yield (f"{row['service']}:{row['operation']} is written alike", ours,
               lambda a=answer, t=theirs, r=row, m=model: same_request(a, peer.send(r["their_service"], r["operation"], t), m))


def read_alike(peer, rows, rounds, seed):
    jobs = []
    for row in rows:
        model = peer.model(row["their_service"], row["operation"])
        chance = Chance(f"{seed} answer {row['operation']}")
        for turn in range(rounds):
            share = (0.0, 1.0, 0.6)[min(turn, 2)]
            value = chance.value(row["output"], model.output_shape, share=share)[0] if model.output_shape else {}
            jobs.append((row, model, answer_of(model, value, model.service_model.protocol)))
    answers = wire([{"service": row["service"], "operation": row["operation"], "answer": text} for row, _, text in jobs])
    for (row, model, text), ours in zip(jobs, answers):
        def same(o=ours, m=model, t=text, r=row):
            if "error" in o:
                raise Trouble(f"we do not read it: {o['error']}")
            expect("what is read", o["output"], peers_reading(m, m.service_model.protocol, t, r["output"]))
        yield f"{row['service']}:{row['operation']} is read alike", text, same


def in_the_model(peer, rows):
    for row in rows:
        def check(r=row):
            model = peer.model(r["their_service"], r["operation"])
            compare_rows(r["input"], model.input_shape, "input")
            compare_rows(r["output"], model.output_shape, "output")
        yield f"{row['service']}:{row['operation']} is in the model", "", check


def spoiled(vector):
    """The vector with one part changed at a time."""
    def twist(text):
        return text[:-1] + ("x" if text[-1:] != "x" else "y") if text else "x"

    for part in ("method", "url", "body", "CanonicalRequest", "StringToSign", "Signature"):
        other = copy.deepcopy(vector)
        chunked = part == "body" and vector["headers"].get("Content-Encoding") == "aws-chunked"
        other[part] = other[part].replace("#!", "#?") if chunked else twist(other[part])
        yield part, other
    for name in vector["headers"]:
        # Not of a request's content, or bound to a body in chunks, which is only signed.
        if name in ("Content-Length", "Expect", "Transfer-Encoding", "x-amz-checksum-mode"):
            continue
        other = copy.deepcopy(vector)
        other["headers"][name] = twist(other["headers"][name])
        yield name, other

    def leaves(value, path=()):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(inner, path + (key,))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from leaves(inner, path + (index,))
        else:
            yield path

    for path in leaves(vector["params"]):
        other = copy.deepcopy(vector)
        at = other["params"]
        for key in path[:-1]:
            at = at[key]
        leaf = at[path[-1]]
        if isinstance(leaf, str) and leaf.startswith("b'"):
            at[path[-1]] = leaf[:-1] + "x'"
        else:
            at[path[-1]] = twist(leaf) if isinstance(leaf, str) else leaf + 1 if isinstance(leaf, int) else not leaf
        yield "params." + ".".join(map(str, path)), other


def known_requests():
    file = ROOT.parent / "shared/data/request-vectors.json"
    if not file.exists():
        print("# there are no known requests beside the repository")
        return
    known = json.loads(file.read_text(encoding="utf-8"))

    def run(rows):
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as out:
            json.dump({**known, "vectors": rows}, out)
            out.flush()
            return vectors("requests", out.name)

    def all_pass():
        status, out = run(known["vectors"])
        expect("the closing line", (status, out.splitlines()[-1]), (0, f"{len(known['vectors'])} passed, 0 failed"))

    def nothing_passes_as_nothing():
        expect("the exit status without a vector", run([])[0], 1)

    yield "all known requests pass", "", all_pass
    yield "no request is no success", "", nothing_passes_as_nothing
    for vector in known["vectors"]:
        for part, other in spoiled(vector):
            def fails(o=other, p=part):
                status, out = run([o])
                if status == 0 or not out.splitlines()[-1] == "0 passed, 1 failed":
                    raise Trouble(f"it passes with another {p}")
            yield f"{vector['service']}:{vector['operation']} does not pass with another {part}", "", fails


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", default="7")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    rows = json.loads(vectors("shapes")[1])
    theirs = {"ssooidc": "sso-oidc"}
    for row in rows:
        row["their_service"] = theirs.get(row["service"], row["service"])
    if arguments.names:
        rows = [row for row in rows if f"{row['service']}:{row['operation']}" in arguments.names]
    peer = Peer()
    passed = failed = 0
    told = collections.Counter()
    batteries = [in_the_model(peer, rows), written_alike(peer, rows, arguments.rounds, arguments.seed),
                 read_alike(peer, rows, arguments.rounds, arguments.seed)]
    if not arguments.names:
        batteries.append(known_requests())
    for battery in batteries:
        for name, about, test in battery:
            try:
                test()
                passed += 1
            except Exception as trouble:  # pylint: disable=broad-except
                failed += 1
                told[name] += 1
                if told[name] <= 2:
                    print(f"FAILED {name}\n  {type(trouble).__name__}: {trouble}\n  of {json.dumps(about)[:1500]}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
