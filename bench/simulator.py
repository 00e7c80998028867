# SPDX-License-Identifier: MIT
"""What one line of a trace costs smmu-sim run: a trace many times over less the trace once, processor time, the least of some runs."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CONFIG = Path(__file__).parent.parent / "configs" / "thousand-streams"
COPIES, RUNS = 100, 5


def seconds(command):
    """Processor time of a command that must succeed, and what it prints."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: exit {process.returncode}")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, out.read()


def accesses_in(text):
    return int(re.search(r"(\d+) access", text).group(1))


def per_line(sim, traces, options):
    """ns, of an access: of two traces, one with few of them and one with many."""
    best = {}
    for trace in traces * RUNS:
        took, text = seconds([sim, "run", "-q", *options, "-c", f"{CONFIG}.yaml", str(trace)])
        best[trace] = min(best.get(trace, (1e9, 0)), (took, accesses_in(text)))
    (short, few), (long, many) = (best[trace] for trace in traces)
    return (long - short) / (many - few) * 1e9


def binary_of(sim, trace):
    """The same trace in binary, or None where smmu-sim has none."""
    target = trace.with_suffix(".binary")
    done = subprocess.run([sim, "trace", "convert", str(trace), "-o", str(target)], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target if done.returncode == 0 else None


def plain_trace(folder, copies):
    """The accesses alone, so many times: an expectation is no part of a binary record."""
    text = Path(f"{CONFIG}.trace").read_text(encoding="utf-8")
    target = Path(folder) / f"{copies}.text"
    target.write_text(re.sub(r" expect=.*", "", text) * copies, encoding="utf-8")
    return target


def measure(sim):
    """Rows of text: what, and ns for each access."""
    if not sim:
        return []
    with tempfile.TemporaryDirectory() as folder:
        text = [plain_trace(folder, copies) for copies in (1, COPIES)]
        kinds = [("text", text), ("binary", [binary_of(sim, trace) for trace in text])]
        ways = [("no caches", []), ("caches of 1024 places", ["--caches", "1024"])]
        return [(f"{kind}, {says}", per_line(sim, traces, options)) for kind, traces in kinds if all(traces)
                for says, options in ways]


def text_of(rows):
    if not rows:
        return "smmu-sim was not built."
    lines = ["`smmu-sim run -q`, for each access of `configs/thousand-streams.trace` without its expectations, which is read, "
             "translated and counted:", "", "| trace | ns |", "|---|---|"]
    return "\n".join(lines + [f"| {says} | {ns:.0f} |" for says, ns in rows])
