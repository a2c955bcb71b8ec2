"""The conformance battery: asks the rows of the folder rows/, several at once.

battery.py [ROW or SUBJECT…]     asks them, ends with `N passed, N failed, N skipped`
battery.py --list                the rows as Markdown, by subject
battery.py --canary ROW…         says first whether anything works at all
"""

import concurrent.futures
import importlib
import os
import sys
import traceback

import row as rows_of_battery
from row import ROWS, Skip, World, client, plugin, why_not_asked

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS = int(os.environ.get("HP_JOBS", "4"))


# As a configuration meets them: from the schema to a process that leaves.
ORDER = """schemas values validation configuration plans plan_rules nested applies applied reads upgrades imports moves
generated identities lists data_sources functions ephemeral write_only secrets timeouts private stops not_offered commands
process guests large""".split()


def load():
    there = {name[:-3] for name in os.listdir(os.path.join(HERE, "rows")) if name.endswith(".py")}
    for name in [name for name in ORDER if name in there] + sorted(there - set(ORDER)):
        importlib.import_module(f"rows.{name}")
    for row in sorted(ROWS.values(), key=place_of):
        ROWS[row.id] = ROWS.pop(row.id)
    return ROWS


def place_of(row):
    name = row.function.__module__.split(".")[-1]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def chosen(words):
    if not words:
        return list(ROWS.values())
    found = [row for row in ROWS.values() if row.id in words or row.subject in words]
    missing = [word for word in words if not any(word in (row.id, row.subject) for row in found)]
    if missing:
        sys.exit(f"no such row or subject: {', '.join(missing)}")
    return found


def sanitizer_reports(folder):
    return [os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("sanitizer.")]


def ask(row):
    """(what became of it, why)."""
    reason = why_not_asked(row)
    if reason:
        return "skip", reason
    world = World(row)
    try:
        row.function(world)
    except Skip as skip:
        return "skip", str(skip)
    except Exception as error:  # noqa: BLE001 - a row may fail in any way
        where = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(where) if "/rows/" in f.filename), where[-1])
        why = f"{os.path.basename(place.filename)}:{place.lineno}: {type(error).__name__}: {error}"
        return "not ok", f"{why[:3000]}\n{world.notes()}".rstrip()
    finally:
        world.end()
    return "ok", ""


def say(row, verdict, why):
    if verdict == "skip":
        print(f"skip - {row.rule} ({row.id}) # {why}", flush=True)
        return
    print(f"{verdict} - {row.rule} ({row.id})", flush=True)
    if why:
        print("\n".join(f"    # {line}" for line in why.splitlines()[:40]), flush=True)


def check_slips():
    """Each slip still stands where it is said to stand, once."""
    wrong = []
    for row in ROWS.values():
        with open(os.path.join(plugin.ROOT, row.slip.file), encoding="utf-8") as file:
            count = file.read().count(row.slip.old)
        if count != 1 or row.slip.old == row.slip.new:
            wrong.append(f"{row.id}: its text stands {count} times in {row.slip.file}")
    return wrong


def check_page():
    """docs/CONFORMANCE.md lists the rows there are."""
    with open(os.path.join(plugin.ROOT, "docs/CONFORMANCE.md"), encoding="utf-8") as file:
        return [] if listing() in file.read() else ["docs/CONFORMANCE.md: paste what `battery.py --list` prints"]


def listing():
    subjects = {}
    for row in ROWS.values():
        subjects.setdefault(row.subject, []).append(row)
    wire = sum(row.by == "wire" for row in ROWS.values())
    text = f"{len(ROWS)} rows: {wire} on the wire, {len(ROWS) - wire} by the client.\n"
    for subject, rows in subjects.items():
        text += f"\n### {subject} ({len(rows)})\n\n"
        for row in rows:
            text += f"- `{row.id}` {row.rule}{'' if row.by == 'wire' else ' (client)'}\n"
    return text


def canary():
    """Does anything work at all?"""
    world = World(next(iter(ROWS.values())))
    try:
        session = world.contrary()
        kept = session.create("contrary_plain", text="tweet")
        return session.read(kept).state == kept.state
    except Exception:  # noqa: BLE001 - whatever it was, it did not work
        return False
    finally:
        world.end()


def main():
    load()
    words = sys.argv[1:]
    if words[:1] == ["--canary"]:
        words = words[1:]
        print("ok - canary" if canary() else "not ok - canary")
    if words == ["--list"]:
        print(listing(), end="")
        return
    asked = sorted(chosen(words), key=lambda row: (not row.slow, row.by == "wire"))
    tofu, version = client()
    print(
        f"# conformance: {len(asked)} rows, with {'OpenTofu' if tofu else 'Terraform'} {version or 'missing'}",
        flush=True,
    )
    counts = {"ok": 0, "not ok": 0, "skip": 0}
    if not words:
        for sentence, wrong in (
            ("each slip stands in the code once", check_slips()),
            ("docs/CONFORMANCE.md lists the rows there are", check_page()),
        ):
            verdict = "not ok" if wrong else "ok"
            counts[verdict] += 1
            print(f"{verdict} - {sentence}" + "".join(f"\n    # {line}" for line in wrong))
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        futures = {pool.submit(ask, row): row for row in asked}
        for future in concurrent.futures.as_completed(futures):
            verdict, why = future.result()
            counts[verdict] += 1
            say(futures[future], verdict, why)
    for report in sanitizer_reports(plugin.WORK):
        counts["not ok"] += 1
        with open(report, encoding="utf-8", errors="replace") as file:
            print("not ok - no sanitizer has anything to report\n    # " + file.read()[:3000].replace("\n", "\n    # "))
    print(f"{counts['ok']} passed, {counts['not ok']} failed, {counts['skip']} skipped")
    sys.stdout.flush()
    sys.exit(counts["not ok"] > 0)


def quiet():
    """What gRPC writes to standard error by itself goes nowhere; what Python writes is kept."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(kept, "w")


if __name__ == "__main__":
    quiet()
    for kind in ("ASAN", "UBSAN", "TSAN"):
        given = os.environ.get(f"{kind}_OPTIONS", "")
        if given or "asan" in plugin.BIN or "tsan" in plugin.BIN:
            os.environ[f"{kind}_OPTIONS"] = f"log_path={plugin.WORK}/sanitizer:{given}"
            plugin.SANITIZED = True
    assert rows_of_battery.ROWS is ROWS
    main()
