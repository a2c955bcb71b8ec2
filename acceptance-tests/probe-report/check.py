"""Holds reports against the JSON schema, and their other forms against what these are."""
import copy
import json
import re
import sys
import xml.etree.ElementTree as tree

import jsonschema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="([^"\\\n]|\\.)*"(,[a-z]+="([^"\\\n]|\\.)*")*\})? (-?[0-9.e+-]+|NaN)$')

for run in sys.argv[2:]:
    report = json.load(open(f"{run}/report.json"))
    validator.validate(report)
    spoiled = copy.deepcopy(report)
    spoiled["judged"]["verdict"] = "FINE"
    assert not validator.is_valid(spoiled), "the schema refuses what is wrong"
    del spoiled["judged"]["verdict"]
    assert not validator.is_valid(spoiled), "and what is missing"

    suite = tree.parse(f"{run}/shown.junit").getroot()
    cases = suite.findall("testsuite/testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    skipped = {case.get("name") for case in cases if case.find("skipped") is not None}
    assert len(skipped) == int(suite.get("skipped")), run
    aside = {report["nodes"][found["node"]]["name"] for found in report["findings"] if found["code"] == "noise"}
    assert skipped == aside - {case.get("name") for case in failed}, run
    assert len(cases) == int(suite.get("tests")) and len(failed) == int(suite.get("failures")), run
    assert len(cases) >= len(report["nodes"]) + 1, run
    assert bool(failed) == (report["judged"]["verdict"] not in ("PASS", "WARN")), run

    lines = open(f"{run}/shown.prom").read().splitlines()
    for line in lines:
        assert line.startswith(("# HELP ", "# TYPE ")) or SAMPLE.match(line), line
    assert len(set(lines)) == len(lines), "no sample twice"
print("all hold")
