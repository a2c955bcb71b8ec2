#!/usr/bin/env python3
"""Measures what fabtests measure with two programs by turns, and says how their figures stand to each other.

    compare.py --fabtests DIR --pair PROGRAM [--calls LIBRARY] --out DIR [--pairs 30] [--seconds 1400] [--cells REGEX]
               [--noise 0.02] [--tries 3] [--more] [--a fabtests] [--b ours] [--b "ours --credit --each"]

An arm is `fabtests` or `ours` with options of probe-pair. Server and client have a processor each. Runs go A B, B A, A B, ...,
all cells in turn, so that an arm has no time of its own; a pair is two runs side by side. They go before all other programs,
where that is allowed, and how long they had to wait for a processor all the same is in /proc/PID/schedstat. A pair where that
was more than --noise of their time is measured again, --tries times at most, and the calmest counts. What others did beside,
from /proc/stat, is kept. With --more the pairs that are in --out already count, too.

Ratio: B's median time a message through A's (above 1: B is slower). Interval: bootstrap of pairs, 95 %. Wider than 0.10 is
inconclusive; else within 0.97 to 1.03 is a pass. Writes pairs.csv, calls.csv and table.md into --out."""

import argparse, csv, json, os, random, re, signal, statistics, sys, time

WARM_PINGS, WARM_WINDOWS = 10, 2
TIMEOUT = 20
NARROW, LOW, HIGH = 0.10, 0.97, 1.03
OURS = ["--small-pages"]  # one buffer and no credit are what probe-pair does when nothing is said

# Pings or messages a run, so that it measures for about a third of a second.
ITERATIONS = {
    ("tcp;ofi_rxm", "latency"): {8: 30000, 1024: 25000, 65536: 4000, 1 << 20: 800, 16 << 20: 50},
    ("tcp;ofi_rxm", "bandwidth"): {8: 96000, 1024: 64000, 65536: 12800, 1 << 20: 1280, 16 << 20: 96},
    ("shm", "latency"): {8: 300000, 1024: 200000, 65536: 16000, 1 << 20: 2000, 16 << 20: 64},
    ("shm", "bandwidth"): {8: 384000, 1024: 256000, 65536: 38400, 1 << 20: 3840, 16 << 20: 160},
}
NAMES = {8: "8 B", 1024: "1 KiB", 65536: "64 KiB", 1 << 20: "1 MiB", 16 << 20: "16 MiB"}


class Cell:
    def __init__(self, provider, metric, size):
        self.provider, self.metric, self.size = provider, metric, size
        self.window = 16 if size >= 4 << 20 else 64
        self.iterations = ITERATIONS[provider, metric][size]
        self.pairs = []  # (usec of A, usec of B, share of time that was waited, what others took, tries, which was first)

    def __str__(self):
        return f"{self.provider} {self.metric} {NAMES[self.size]}"

    def show(self, usec):
        if self.metric == "latency":
            return f"{usec:.2f} us" if usec < 100 else f"{usec:.0f} us"
        rate = self.size / usec
        return f"{rate:.1f} MB/s" if rate < 100 else f"{rate:.0f} MB/s"


def commands(arm, cell, port, iterations, options):
    """The command lines of server and client."""
    if arm == "fabtests":
        warm = WARM_PINGS if cell.metric == "latency" else WARM_WINDOWS * cell.window
        program = "fi_rdm_tagged_pingpong" if cell.metric == "latency" else "fi_rdm_tagged_bw"
        same = [f"{options.fabtests}/{program}", "-p", cell.provider, "-m", "-S", str(cell.size), "-I", str(iterations),
                "-w", str(warm), "-s", "127.0.0.1"]
        same += ["-W", str(cell.window)] if cell.metric == "bandwidth" else []
        return same + ["-B", str(port)], same + ["-P", str(port), "127.0.0.1"]
    same = [options.pair, "--provider", cell.provider, "--metric", cell.metric, "--size", str(cell.size),
            "--window", str(cell.window), "--iterations", str(iterations), *OURS, *arm.split()[1:]]
    if "--huge-pages" in same:
        same = [word for word in same if word not in ("--huge-pages", "--small-pages")]
    same += ["--rail", "127.0.0.1"] if cell.provider != "shm" else []
    return same + ["--listen", str(port)], same + ["--connect", str(port)]


def usec_of(arm, output):
    if arm == "fabtests":
        found = re.search(r"iterations: (\d+),.* time: ([0-9.]+),.*usec/xfer: ([0-9.]+)", output)
        return float(found.group(3)) if found else None
    found = re.search(r'"usec": ([0-9.]+)', output)
    return float(found.group(1)) if found else None


def busy():
    """Seconds that all processors were at work."""
    fields = open("/proc/stat").readline().split()[1:]
    user, nice, system, _, _, irq, soft, steal = (int(field) for field in fields[:8])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def start(command, processor, output, environment):
    pid = os.fork()
    if pid == 0:
        try:
            os.sched_setaffinity(0, {processor})
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.execvpe(command[0], command, environment)
        finally:
            os._exit(127)
    return pid


def go_first():
    """Before all others, as far as one may: nice by itself counts only within a session where the kernel groups by session. No
    fixed priority: with one fabtests hung over tcp, presumably as ksoftirqd got no processor."""
    try:
        os.setsid()
    except OSError:
        pass  # leads a group already
    for act in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -20), lambda: open("/proc/self/autogroup", "w").write("-20")):
        try:
            act()
        except OSError:
            pass  # then what others do is seen in what was waited


class Late(Exception):
    pass


def late(*_):
    raise Late


port = 20000 + os.getpid() % 20000


def one_run(arm, cell, options, iterations=None, calls=None):
    """Microseconds a message or None, the share of time that was waited, and how many processors others took."""
    global port
    port += 1
    environment = dict(os.environ)
    if calls:
        environment.update(LD_PRELOAD=options.calls, HP_CALLS=calls)
    server, client = commands(arm, cell, port, iterations or cell.iterations, options)
    with open(f"{options.out}/last.{os.getpid()}", "w+") as output:
        before, began, used, waited, well = busy(), time.monotonic(), time.process_time(), 0.0, True
        pids = [start(server, 0, output.fileno(), environment)]
        time.sleep(0.1)
        pids.append(start(client, 1, output.fileno(), environment))
        signal.alarm(TIMEOUT)
        try:
            for pid in reversed(pids):
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
                ran, delayed = (int(field) for field in open(f"/proc/{pid}/schedstat").read().split()[:2])
                waited = max(waited, delayed / (ran + delayed))
        except Late:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        signal.alarm(0)
        for pid in pids:
            _, status, usage = os.wait4(pid, 0)
            used -= usage.ru_utime + usage.ru_stime
            well = well and status == 0
        took, others = time.monotonic() - began, busy() - before - (time.process_time() - used)
        output.seek(0)
        text = output.read()
    if not well:
        print(f"# {cell}, {arm}: the run did not end well: {text[-300:]!r}", file=sys.stderr)
    return usec_of(arm, text) if well else None, waited, max(0.0, others / took)


def one_pair(cell, options, turned):
    best = None
    for attempt in range(1, options.tries + 1):
        arms = [(options.b, "b"), (options.a, "a")] if turned else [(options.a, "a"), (options.b, "b")]
        usec, waited, others = {}, 0.0, 0.0
        for arm, key in arms:
            usec[key], *noise = one_run(arm, cell, options)
            waited, others = max(waited, noise[0]), max(others, noise[1])
        if usec["a"] is None or usec["b"] is None:
            continue
        if best is None or waited < best[2]:
            best = (usec["a"], usec["b"], waited, others, attempt, "b" if turned else "a")
        if waited <= options.noise:
            break
    if best:
        cell.pairs.append(best)


def ratio(pairs, rounds=10000):
    """B's median through A's, with the bounds of 95 % of what comes out when the same number of pairs is drawn anew."""
    chance = random.Random(1)
    middle = lambda some: statistics.median(p[1] for p in some) / statistics.median(p[0] for p in some)
    drawn = sorted(middle(chance.choices(pairs, k=len(pairs))) for _ in range(rounds))
    return middle(pairs), drawn[int(rounds * 0.025)], drawn[int(rounds * 0.975)]


def verdict(middle, low, high):
    if high - low > NARROW:
        return "inconclusive"
    return "pass" if LOW <= middle <= HIGH else "worse" if middle > HIGH else "better"


def calls_of(arm, cell, options):
    """Calls a message of both processes: what N more messages cost, so that the beginning and the end fall out."""
    path, totals = f"{options.out}/calls.{os.getpid()}", []
    count = max(cell.window * 4, cell.iterations // 8 // cell.window * cell.window)
    for iterations in (count, 3 * count):
        for _ in range(options.tries):
            if os.path.exists(path):
                os.unlink(path)
            if one_run(arm, cell, options, iterations, path)[0] is not None:
                break
        total = {}
        for line in open(path):
            for name, value in json.loads(line).items():
                total[name] = total.get(name, 0) + value
        totals.append(total)
    os.unlink(path)
    messages = 2 * count * (2 if cell.metric == "latency" else 1)
    return {name: (totals[1][name] - totals[0][name]) / messages for name in totals[1]}


SENDS, RECEIVES = ("send", "inject", "tsend", "tinject"), ("receive", "treceive")


def short(calls):
    sends, receives = (sum(calls[name] for name in names) for names in (SENDS, RECEIVES))
    return f"{sends:.2f} {receives:.2f} {calls['read']:.2f}"


def same_calls(a, b):
    """Ours makes no more calls that do something: not a twentieth of one a message."""
    return all(sum(b[n] for n in names) <= sum(a[n] for n in names) + 0.05 for names in (SENDS, RECEIVES, ("read",)))


def read(cells, path):
    by_name = {(cell.provider, cell.metric, cell.size): cell for cell in cells}
    for row in csv.DictReader(open(path)):
        cell = by_name.get((row["provider"], row["metric"], int(row["size"])))
        if cell:
            cell.pairs.append((float(row["a_usec"]), float(row["b_usec"]), float(row["waited"]), float(row["others"]),
                               int(row["tries"]), row["first"]))


def write(cells, calls, options):
    counts = {"ok": 0, "not ok": 0, "skip": 0}

    def say(kind, sentence, why=""):
        counts[kind] += 1
        print(f"{kind} - {sentence}{' # ' + why if why else ''}", flush=True)

    with open(f"{options.out}/pairs.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["provider", "metric", "size", "pair", "first", "a_usec", "b_usec", "waited", "others", "tries"])
        for cell in cells:
            for i, (a, b, waited, others, tries, first) in enumerate(cell.pairs):
                out.writerow([cell.provider, cell.metric, cell.size, i, first, f"{a:.5f}", f"{b:.5f}", f"{waited:.4f}",
                              f"{others:.2f}", tries])
    rows = [f"A: {options.a}; B: {options.b}. Ratio of median times a message, B to A: above 1, B is slower.", "",
            "| provider | metric | size | A | B | ratio [95 %] | pairs (noisy) | verdict | calls A | calls B | in vain A, B |",
            "|---|---|---|---|---|---|---|---|---|---|---|"]
    for cell in cells:
        if len(cell.pairs) < 3:
            say("skip", f"{cell}", f"only {len(cell.pairs)} pairs were measured")
            continue
        middle, low, high = ratio(cell.pairs)
        word = verdict(middle, low, high)
        noisy = sum(1 for pair in cell.pairs if pair[2] > options.noise)
        a, b = (statistics.median(pair[i] for pair in cell.pairs) for i in (0, 1))
        figures = f"{middle:.3f} [{low:.3f} to {high:.3f}]"
        row = [cell.provider, cell.metric, NAMES[cell.size], cell.show(a), cell.show(b), figures,
               f"{len(cell.pairs)} ({noisy})", word]
        counted = calls.get(str(cell))
        if counted:
            row += [short(counted[0]), short(counted[1]),
                    f"{counted[0]['read_in_vain']:.1f}, {counted[1]['read_in_vain']:.1f}"]
        else:
            row += ["", "", ""]
        rows.append("| " + " | ".join(row) + " |")
        if word == "inconclusive":
            say("skip", f"{cell}: as long as in A", f"inconclusive: {figures}")
            if counted:
                say("ok" if same_calls(*counted) else "not ok", f"{cell}: no more calls a message than in A "
                    f"({short(counted[0])} and {short(counted[1])}: sends, receives, completions)")
        else:
            say("not ok" if word == "worse" else "ok", f"{cell}: {word}, {figures}")
    with open(f"{options.out}/table.md", "w") as file:
        file.write("\n".join(rows) + "\n")
    if calls:
        with open(f"{options.out}/calls.csv", "w", newline="") as file:
            out = csv.writer(file)
            names = list(next(iter(calls.values()))[0])
            out.writerow(["cell", "arm", *names])
            for cell, arms in calls.items():
                for key, counted in zip("ab", arms):
                    out.writerow([cell, key, *(f"{counted[name]:.4f}" for name in names)])
    print(f"{counts['ok']} passed, {counts['not ok']} failed, {counts['skip']} skipped")
    return counts["not ok"] > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("fabtests", "pair", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--calls")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=1400)
    parser.add_argument("--more", action="store_true")
    parser.add_argument("--noise", type=float, default=0.02)
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--cells", default=".")
    parser.add_argument("--a", default="fabtests")
    parser.add_argument("--b", default="ours")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    signal.signal(signal.SIGALRM, late)
    go_first()
    cells = [Cell(*key, size) for key, sizes in ITERATIONS.items() for size in sizes]
    cells = [cell for cell in cells if re.search(options.cells, str(cell))]
    if options.more:
        read(cells, f"{options.out}/pairs.csv")
    until = time.monotonic() + options.seconds
    for i in range(min(len(cell.pairs) for cell in cells), options.pairs):
        for cell in cells:
            if len(cell.pairs) <= i and time.monotonic() < until:
                one_pair(cell, options, i % 2 == 1)
    calls = {}
    if options.calls:
        for cell in cells:
            calls[str(cell)] = [calls_of(arm, cell, options) for arm in (options.a, options.b)]
    try:
        os.unlink(f"{options.out}/last.{os.getpid()}")
    except OSError:
        pass
    return write(cells, calls, options)


if __name__ == "__main__":
    sys.exit(main())
