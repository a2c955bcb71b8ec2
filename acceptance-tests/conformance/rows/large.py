"""Sizes and time

What is large, and what lasts: sixty megabytes in one attribute, two hundred plans with one process.
"""

import json
import os

from row import HYPERPOD, by_client, fine, measures, on_wire, slip

PLAIN = "contrary_plain"
MEGABYTES = 60
ROOM = slip(
    "include/hp/wire/wire.h",
    "#define WIRE_ARENA_BYTES ((size_t)3 << 30)",
    "#define WIRE_ARENA_BYTES ((size_t)64 << 20)",
)


def much():
    return ("0123456789abcdef" * 62500) * MEGABYTES


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@on_wire(
    "large-plan", "An attribute of 60 MB is planned, applied and read with little time and memory", ROOM, slow=True
)
def _(w):
    measures()
    session = w.contrary()
    pid = session.provider.process.pid
    before = cpu_seconds(pid)
    kept = session.create(PLAIN, text=much())
    answer = fine(session.read(kept))
    assert len(answer.state["text"]) == MEGABYTES * 1_000_000
    used = cpu_seconds(pid) - before
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    assert used < 8, f"{used:.1f} s of the processor"
    assert peak < 1_200_000, f"{peak} KiB"


@by_client(
    "large-attribute",
    "An attribute of 60 MB goes through the client's plan and apply into the state, whole",
    slip("src/wire/value.c", "enum { largest_value = 1 << 30 };", "enum { largest_value = 16 << 20 };"),
    slow=True,
)
def _(w):
    measures()
    stack = w.stack('resource "contrary_plain" "it" {\n  text = file("text")\n}\n')
    stack.write(much(), "text")
    stack.apply(timeout=400).fine()
    assert os.path.getsize(f"{stack.folder}/terraform.tfstate") > MEGABYTES * 1_000_000
    assert len(stack.instance("contrary_plain.it")["attributes"]["text"]) == MEGABYTES * 1_000_000


@by_client(
    "large-debug",
    "Two hundred plans with one process in debug mode leave it as large as it was after the tenth",
    slip(
        "src/tf/server.c",
        "    server->configured = fresh;\n" "    pthread_mutex_unlock(&server->lock);\n" "    let_go(server, old);",
        "    server->configured = fresh;\n"
        "    pthread_mutex_unlock(&server->lock);\n"
        "    if (fresh == NULL)\n"
        "        let_go(server, old);",
    ),
    ours=True,
    slow=True,
)
def _(w):
    measures()
    env = w.sim("--time-scale", "600")
    provider = w.start(HYPERPOD, greet=False, args=("--debug",), cookie=False, tls=None, env=env)
    reattach = {"TF_REATTACH_PROVIDERS": json.dumps(provider.listen())}
    stack = w.stack(
        'resource "hyperpod_efa_security_group" "nodes" {\n  name   = "efa"\n  vpc_id = "vpc-0a1b2c3d4e5f60718"\n}\n',
        provider="hyperpod",
        env=reattach,
    )
    stack.apply().fine()
    sizes = []
    for _ in range(int(os.environ.get("HP_PLANS", "200"))):
        assert not stack.plan("-lock=false").fine().actions
        sizes.append(provider.rss_kib())
    assert provider.process.poll() is None
    assert sizes[-1] <= sizes[9] * 1.05, f"{sizes[9]} KiB after the tenth, {sizes[-1]} after the last"
