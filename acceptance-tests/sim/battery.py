#!/usr/bin/env python3
"""Drives hyperpod-sim with boto3, an AWS client that nobody here wrote, and asserts what AWS would do.

Usage: battery.py [--sim BINARY] [NAME…]   (NAME: only tests whose name holds it)
The last line is "N passed, N failed"; the exit status is 0 only if all passed.
"""

import argparse
import concurrent.futures
import io
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import test_cli  # noqa: E402
import test_clusters  # noqa: E402
import test_conditions  # noqa: E402
import test_crowd  # noqa: E402
import test_ec2  # noqa: E402
import test_events  # noqa: E402
import test_faults  # noqa: E402
import test_life  # noqa: E402
import test_nodes  # noqa: E402
import test_records  # noqa: E402
import test_models  # noqa: E402
import test_moto  # noqa: E402
import test_networks  # noqa: E402
import test_options  # noqa: E402
import test_scenario  # noqa: E402
import test_sessions  # noqa: E402
import test_server  # noqa: E402
import test_state  # noqa: E402
import world  # noqa: E402


def tests():
    clusters = (test_clusters, test_nodes, test_life, test_events, test_conditions, test_records)
    frame = (test_cli, test_server, test_state, test_crowd, test_options, test_scenario, test_models)
    for module in (*frame, test_sessions, test_ec2, test_networks, test_moto, *clusters, test_faults):
        for name, function in vars(module).items():
            if callable(function) and getattr(function, "__module__", "") == module.__name__ and name[0] != "_":
                yield name, function


def run(name):
    """In a process of its own: boto3's sessions are not made for threads. Returns "" or what went wrong."""
    began = time.monotonic()
    try:
        dict(tests())[name]()
        return ""
    except Exception:
        out = io.StringIO()
        traceback.print_exc(file=out)
        return f"FAILED {name} ({time.monotonic() - began:.1f} s)\n{out.getvalue()}"


def choose_binary(path):
    world.binary = path


def main():
    parser = argparse.ArgumentParser()
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--sim", default=os.path.join(os.environ.get("HP_BIN", root / "build/dev/bin"), "hyperpod-sim"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    names = [name for name, _ in tests() if not arguments.names or any(part in name for part in arguments.names)]
    passed = failed = 0
    with concurrent.futures.ProcessPoolExecutor(
        (os.cpu_count() or 1) + 1, initializer=choose_binary, initargs=(arguments.sim,)
    ) as pool:
        for trouble in pool.map(run, names):
            passed, failed = (passed, failed + 1) if trouble else (passed + 1, failed)
            print(trouble, end="", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
