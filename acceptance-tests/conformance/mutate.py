"""Shows that the battery sees what it says it sees: makes each row's slip of the pen in a scratch copy of the tree,
builds it, asks the rows that name it, and expects every one of them to be red.

    mutate.py [ROW or SUBJECT…]      all slips, or those of these rows

Ends with `N caught, N not caught`. A slip after which nothing works at all is reported as blunt: it would be caught by
anything, and shows little.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import time

import battery
from row import plugin

COPY = os.path.join(plugin.ROOT, "build/mutants/tree")
BUILD = os.path.join(COPY, "build/dev")


def copy_tree():
    """The files as they are now, also those that are not committed."""
    names = subprocess.run(
        ["git", "-C", plugin.ROOT, "ls-files", "-coz", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout.split("\0")[:-1]
    wanted = {name for name in names if os.path.isfile(os.path.join(plugin.ROOT, name))}
    for folder, folders, files in os.walk(COPY):
        folders[:] = [f for f in folders if os.path.join(folder, f) != os.path.join(COPY, "build")]
        for name in files:
            path = os.path.join(folder, name)
            if os.path.relpath(path, COPY) not in wanted:
                os.remove(path)
    for name in wanted:
        source, target = os.path.join(plugin.ROOT, name), os.path.join(COPY, name)
        with open(source, "rb") as file:
            data = file.read()
        if os.path.exists(target):
            with open(target, "rb") as file:
                if file.read() == data:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(data)
        shutil.copymode(source, target)


def run(*command, **kwargs):
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)


def build(*targets):
    return run("cmake", "--build", BUILD, "--target", *targets)


def configure():
    launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    done = run("cmake", "--preset", "dev", "-S", COPY, "-DHP_WERROR=OFF", *launcher, cwd=COPY)
    if done.returncode == 0:
        done = build("terraform-provider-contrary", "terraform-provider-hyperpod", "hyperpod-sim")
    if done.returncode != 0:
        sys.exit(f"the copy does not build:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def other_client():
    """An OpenTofu that was built for these tests: it asks what the first client is too old for."""
    found = sorted(glob.glob(os.path.join(plugin.ROOT, "build/clients/tofu-*")))
    return found[-1] if found else None


def ask(ids, client=None):
    environment = os.environ | {"HP_BIN": os.path.join(BUILD, "bin")} | ({"TF": client} if client else {})
    said = run(
        sys.executable, os.path.join(battery.HERE, "battery.py"), "--canary", *ids, env=environment, timeout=900
    ).stdout
    skipped = re.findall(r"^skip - .*\(([a-z0-9-]+)\) #", said, re.M)
    if skipped and not client and other_client():
        said = re.sub(r"(?m)^skip - .*\n", "", said) + ask(skipped, other_client())
    return said


def try_slip(slip, rows):
    """(rows that stayed green, is it blunt, why it could not be tried)."""
    path = os.path.join(COPY, slip.file)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(slip.old) != 1:
        return rows, False, f"the text stands {text.count(slip.old)} times in {slip.file}"
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(slip.old, slip.new))
        ours = any(row.ours for row in rows)
        done = build("terraform-provider-contrary", *(["terraform-provider-hyperpod"] if ours else []))
        if done.returncode != 0:
            found = re.findall(r"error: .*", done.stdout)
            return rows, False, f"it does not compile: {found[:2] or done.stdout[-500:]}"
        said = ask([row.id for row in rows])
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    red = set(re.findall(r"^not ok - .*\(([a-z0-9-]+)\)$", said, re.M))
    skipped = set(re.findall(r"^skip - .*\(([a-z0-9-]+)\) #", said, re.M))
    green = [row for row in rows if row.id not in red]
    if any(row.id in skipped for row in green):
        return green, False, "a row could not be asked: " + said[-300:]
    return green, "not ok - canary" in said, None


def main():
    battery.load()
    slips = {}
    for row in battery.chosen(sys.argv[1:]):
        slips.setdefault(row.slip, []).append(row)
    began = time.monotonic()
    copy_tree()
    configure()
    print(f"# {len(slips)} slips; the copy was built in {time.monotonic() - began:.0f} s", flush=True)
    caught, blunt, failed = 0, [], []
    for slip, rows in slips.items():
        green, is_blunt, why = try_slip(slip, rows)
        names = ", ".join(row.id for row in rows)
        if green:
            failed.append(names)
            print(
                f"not caught - {slip.file} by {', '.join(row.id for row in green)}{': ' + why if why else ''}",
                flush=True,
            )
            continue
        caught += 1
        blunt += [names] * is_blunt
        print(f"caught - {slip.file} by {names}{' (blunt: nothing works after it)' if is_blunt else ''}", flush=True)
    build("terraform-provider-contrary", "terraform-provider-hyperpod")
    print(f"# {time.monotonic() - began:.0f} s; {len(blunt)} blunt")
    print(f"{caught} caught, {len(failed)} not caught")
    sys.exit(len(failed) > 0)


main()
