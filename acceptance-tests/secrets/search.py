#!/usr/bin/env python3
"""Looks for known secrets in files: as they are, percent-encoded, in base64 at each alignment, in hex; inside of zip
and gzip files too.

usage: search.py SECRETS PATH…      SECRETS has one line for each: NAME SECRET

Prints `NAME in FILE (how)` for each that is found, and ends with 1 then.
"""
import base64, gzip, os, sys, urllib.parse, zipfile


def forms(secret):
    raw = secret.encode()
    yield "as it is", raw
    quoted = urllib.parse.quote(secret, safe="").encode()
    if quoted != raw:
        yield "percent-encoded", quoted
    escaped = secret.replace("/", "\\/").encode()
    if escaped != raw:
        yield "escaped", escaped
    yield "in hex", raw.hex().encode()
    yield "in hex", raw.hex().upper().encode()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        # Only what does not depend on the neighbours.
        first, last = (8 * shift + 5) // 6, 8 * (shift + len(raw)) // 6
        yield "in base64", text[first:last]
        yield "in base64url", text[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def pieces(path):
    with open(path, "rb") as file:
        data = file.read()
    yield path, data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path}!{name}", archive.read(name)
    elif data[:2] == b"\x1f\x8b":
        yield f"{path}!", gzip.decompress(data)


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                if os.path.isfile(full) and not os.path.islink(full):
                    yield full


def main():
    with open(sys.argv[1], encoding="utf-8") as known:
        secrets = [line.split() for line in known.read().splitlines()]
    found, looked_at = 0, 0
    for path in files(sys.argv[2:]):
        for where, data in pieces(path):
            looked_at += 1
            for name, secret in secrets:
                for how, form in forms(secret):
                    if form in data:
                        print(f"{name} in {where} ({how})")
                        found += 1
                        break
    print(f"{len(secrets)} secrets, {looked_at} places, {found} found")
    return 1 if found or not secrets or not looked_at else 0


sys.exit(main())
