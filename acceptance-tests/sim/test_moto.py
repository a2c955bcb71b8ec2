"""The same stories against moto_server: each difference must be known, with who is right and why."""

import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
import botocore.config

import moto_differences
import networks


@contextlib.contextmanager
def _moto():
    """A moto_server of one's own; gives its address."""
    program = pathlib.Path(sys.executable).with_name("moto_server")
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", "0"], stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _address(process, log)
        finally:
            process.kill()  # it takes no heed of SIGTERM while it serves
            process.wait(timeout=20)


def _address(process, log):
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        log.seek(0)
        found = re.search(r"Running on (http://127[0-9.:]*)", log.read())
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError("moto_server did not start")


def _ec2(url):
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "secret"}
    config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60)
    return boto3.client("ec2", endpoint_url=url, region_name="us-west-2", config=config, **keys)


def _witness(url, story, skips):
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=60).read()
    witness = networks.Witness(_ec2(url), lambda seconds: None, story.__name__, skips)
    try:
        story(witness)
    except Exception as error:  # what moto answered could not be used: the story ends here
        witness.differences[f"{story.__name__}: it ends early"] = (f"{type(error).__name__}: {error}", "")
    return witness


def _differences(url):
    """What moto does otherwise: check, what was seen, what AWS does; and how many checks there were.

    What moto carries out and AWS refuses is asked for in a run of its own, since it spoils the rest of the story.
    """
    seen, checks = {}, 0
    spoilers = moto_differences.SPOILERS
    for story in networks.STORIES:
        witness = _witness(url, story, spoilers)
        seen.update(witness.differences)
        checks += witness.checks
        for name in spoilers:
            if name.startswith(f"{story.__name__}: "):
                alone = _witness(url, story, set(spoilers) - {name})
                seen.update({name: alone.differences[name]} if name in alone.differences else {})
                checks += 1
    return seen, checks


def moto_differs_only_where_it_is_listed():
    with _moto() as url:
        seen, checks = _differences(url)
    known = moto_differences.NETWORKS | moto_differences.SPOILERS
    strange = [f"{name}: {seen[name][0]!r} instead of {seen[name][1]!r}" for name in seen if name not in known]
    gone = [name for name in known if name not in seen]
    assert checks > 250, checks
    assert not strange, "not listed:\n" + "\n".join(strange)
    assert not gone, "listed, but moto does as AWS does:\n" + "\n".join(gone)


if __name__ == "__main__":
    with _moto() as url:
        found, count = _differences(url)
    for name, (seen, expected) in found.items():
        print(f"{name}\n    moto: {seen!r}\n    AWS:  {expected!r}")
    print(f"{count} checks, {len(found)} differences")
