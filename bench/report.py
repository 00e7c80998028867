#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures, prints which goals of goals.py hold, and writes docs/performance.md.

    report.py --bench SMMU-BENCH [--sim SMMU-SIM] [--built TEXT] [--write FILE]
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from goals import GOALS, Count
import simulator

EVENTS = ["Ir", "Dr", "Dw"]
ALONE = "^(queue|command|atos|reach)/"


class Run(NamedTuple):
    times: dict  # by group and row: ns
    counts: dict  # by row: of each of EVENTS, for one time; empty without valgrind
    facts: dict  # by name
    alone: list  # rows of text and ns
    simulated: list  # the same


# ---- Measuring


def lines_of(bench, option):
    """What the program prints, told on stderr too: it takes its time."""
    lines = []
    with subprocess.Popen([bench, option], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(f"\r{line.rstrip():<78}", end="", file=sys.stderr)
            lines.append(line.split())
    print(f"\r{'':<78}\r", end="", file=sys.stderr)
    if process.returncode:
        sys.exit(f"{bench} {option} failed")
    return lines


def measure_times(bench):
    times, facts = {}, {}
    for line in [line for option in ("--times", "--threads", "--facts") for line in lines_of(bench, option)]:
        if line[0] == "time":
            times.setdefault(line[1], {})[line[2]] = float(line[3])
        elif line[0] == "fact":
            facts[line[1]] = float(line[2])
    return times, facts


def counts_in(text):
    """What a file of callgrind says: the row, and its counts for one time."""
    name, times = re.search(r"Client Request: (\S+) (\d+)", text).groups()
    events = re.search(r"^events: (.*)$", text, re.M).group(1).split()
    totals = re.search(r"^totals: (.*)$", text, re.M).group(1).split()
    all_counts = dict(zip(events, map(int, totals)))
    return name, {event: all_counts[event] / int(times) for event in EVENTS}


def measure_counts(bench):
    if not shutil.which("valgrind"):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        print("counting instructions", file=sys.stderr)
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--cache-sim=yes",
                        f"--callgrind-out-file={folder}/out", bench, "--counts"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in Path(folder).iterdir()]
    return dict(counts_in(text) for text in texts if "Client Request: " in text)


def measure_alone(bench):
    """Rows that Google Benchmark alone runs: name and ns."""
    print("timing rows by themselves", file=sys.stderr)
    out = subprocess.run([bench, f"--benchmark_filter={ALONE}", "--benchmark_min_time=0.2", "--benchmark_format=json"],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return [(row["name"], row["cpu_time"]) for row in json.loads(out)["benchmarks"]]


# ---- Where


def first_line(path):
    try:
        return Path(path).read_text(encoding="utf-8").split("\n")[0].strip()
    except OSError:
        return ""


def processor():
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    return found.group(1) if found else platform.machine()


def caches():
    """Of the first processor, as Linux tells them."""
    found = []
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = (first_line(folder / name) for name in ("level", "type", "size"))
        found.append(f"L{level} {kind.lower()} {size}")
    return ", ".join(found) or "caches unknown"


def place(built):
    return f"{processor()}, {os.cpu_count()} processors ({caches()}); {platform.system()} {platform.machine()}; {built}"


# ---- Tables


def number(figure):
    if figure is None:
        return "-"
    return f"{figure:.0f}" if abs(figure) >= 1000 or figure == int(figure) else f"{figure:.2f}"


def goal_rows(run):
    for goal in GOALS:
        figure = goal.figure.figure(run)
        verdict = goal.verdict(figure)
        if figure is None and isinstance(goal.figure, Count) and not run.counts:
            verdict = "valgrind is missing"
        yield goal, number(figure), verdict


def print_goals(run):
    for goal, figure, verdict in goal_rows(run):
        print(f"{goal.name}  {figure:>9}  {goal.bound():<10} {verdict:<14} {goal.says} ({goal.figure})")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


WORKLOADS = [
    ("a: 1 stream, 1 page", "one", "a"),
    ("b: 64 streams of 64 pages, at random", "many", "b"),
    ("b, both stages", "nested", "b_nested"),
    ("c: 8 streams, 1M pages together, at random", "misses", "c"),
    ("d: the same of both stages, 4 and 4 levels", "nested_misses", "d"),
    ("e: 8 streams, of 64 blocks of 2 MiB and 512 pages each, at random", "blocks", "e"),
]
WAYS = [("walks", "no caches"), ("shared", "smmu3_translate"), ("port", "port"), ("hit", "port, hit alone"),
        ("stream", "handle, hit alone"), ("batch", "batch of 32"), ("reference", "reference")]


def cell(times, row):
    """A time, and how many bare probes it is."""
    if row not in times:
        return "-"
    return f"{times[row]:.1f} ({times[row] / times['probe']:.1f})" if "probe" in times else f"{times[row]:.1f}"


def workload_table(run):
    return table(["workload", *(says for _, says in WAYS)],
                 ([says, *(cell(run.times.get(group, {}), f"{name}/{way}") for way, _ in WAYS)]
                  for says, group, name in WORKLOADS))


def others_table(run):
    """Rows of groups that are no workloads, each once."""
    shown, rows = {group for _, group, _ in WORKLOADS} | {"threads"}, {}
    for group, times in run.times.items():
        for row in times:
            if group not in shown and row != "probe":
                rows.setdefault(row, cell(times, row))
    return table(["row", "ns (bare probes)"], ([f"`{row}`", text] for row, text in rows.items()))


def threads_table(run):
    times = run.times.get("threads", {})
    names = [row[:-2] for row in times if row.endswith("/1")]
    return table(["row", "one thread, ns", "two, ns", "as much as one"],
                 ([f"`{name}`", f"{times[name + '/1']:.1f}", f"{times[name + '/2']:.1f}",
                   f"{2 * times[name + '/1'] / times[name + '/2']:.2f}"] for name in names))


def counts_table(run):
    if not run.counts:
        return "valgrind is missing: nothing was counted."
    return table(["row", "instructions", "loads", "stores"],
                 ([f"`{row}`", *(f"{counts[event]:.1f}" for event in EVENTS)] for row, counts in sorted(run.counts.items())))


DOCUMENT = """\
# How fast it is

`cmake --build build/release --target bench` measures, prints what follows and writes this page. It ran on

    {place}

Nanoseconds say little of another machine, or of another hour of a shared one; ratios within one run do. Rows that are compared
run in turns, in samples of 0.1 to 0.2 ms on the clock of their thread, until none has become faster for a while; the least of each counts. Every row
verifies its answers before it is timed, and each sample that is timed is compared with the sum of the addresses that it should have
come to. Times contain the loop that asks, and the call into the shared library.

- The **bare probe** is one probe of a hash table of 256 entries that stays in the first cache, behind a call into a shared library
  (`bench/probe.c`).
- The **reference** is a translation as emulators do it (`bench/iotlb.c`): a table of configurations, a mutex, a hash table of 256 entries that is
  asked level by level, a walk of the same tables where it has nothing. It checks and records nothing. It gives a scale, and is not judged.
- **No caches** is the library without any: each translation reads its STE, CD and tables.
- Caches are those of `workload_caches` in `bench/workloads.c`; with invalidations among 64K translations there are larger ones.

## Goals

{goals}

Instructions are those of a call less those of an empty one, by callgrind.

## Workloads

Nanoseconds for one translation, and in brackets how many bare probes that is. All streams use the same addresses, each with tables of its own.

{workloads}

## Other rows

{others}

`tlbi_*` are single invalidations as CPUs broadcast them, among so many translations that are kept; `b/tlbi_*` is b with one invalidation, of the page (VA)
or the stream (ASID) that comes next, for each hundred accesses, and a CMD_SYNC for each 16 of them; `streams/*` are 1024 streams of one page whose STEs
and CDs are kept, and of which almost none is; `faults` are accesses that are aborted and recorded, and the records are taken.
`tlbi_unheard` is the same call where the SMMU does not listen (CR2.PTM), `tlbi_*/port` an invalidation with the next translation of a port that knows 64
streams and hears of it, `tlbi_none` that translation alone. `linux_*` are accesses of devices of Linux guests, on the tables that its driver wrote
(tests/data).

## Two threads

One thread, and two at a time, on the clock on the wall, for one translation of each, of workload b; `port` are hits of ports of their own.

{threads}

## Instructions

Of one time, with the loop that asks: rows `nothing` are calls that do nothing.

{counts}

## By themselves

Commands, events, stalls and registers beside `queue/reference`, a lock around the copy of one command; a request of ATOS; one mapping of those that an
audit is told. Run by Google Benchmark, not in turns: these vary more.

{alone}

## smmu-sim

{simulated}
"""


def document(run, built):
    goals = table(["", "goal", "figure", "bound", "verdict"],
                  ([goal.name, goal.says, figure, goal.bound(), verdict] for goal, figure, verdict in goal_rows(run)))
    return DOCUMENT.format(place=place(built), goals=goals, workloads=workload_table(run), others=others_table(run), threads=threads_table(run),
                           counts=counts_table(run),
                           alone=table(["row", "ns"], ([f"`{name}`", f"{ns:.1f}"] for name, ns in run.alone)), simulated=simulator.text_of(run.simulated))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--sim", default="")
    parser.add_argument("--built", default="compiler and flags unknown")
    parser.add_argument("--write")
    options = parser.parse_args()
    times, facts = measure_times(options.bench)
    run = Run(times, measure_counts(options.bench), facts, measure_alone(options.bench), simulator.measure(options.sim))
    print(place(options.built))
    print_goals(run)
    if options.write:
        Path(options.write).write_text(document(run, options.built), encoding="utf-8")


if __name__ == "__main__":
    main()
