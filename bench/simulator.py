# SPDX-License-Identifier: MIT
"""What one line of a trace costs smmu-sim run: many copies of one trace less one copy, processor time, the least of some runs."""

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


def per_line(sim, trace, options):
    """ns, of an access."""
    best = {}
    for copies in [1, COPIES] * RUNS:
        took, text = seconds([sim, "run", "-q", *options, "-c", f"{CONFIG}.yaml", *[str(trace)] * copies])
        best[copies] = min(best.get(copies, (1e9, 0)), (took, accesses_in(text)))
    (one, few), (all_of_them, many) = best[1], best[COPIES]
    return (all_of_them - one) / (many - few) * 1e9


def binary_of(sim, trace, folder):
    """The same trace in binary, or None where smmu-sim has none."""
    target = Path(folder) / "binary"
    done = subprocess.run([sim, "trace", "convert", str(trace), "-o", str(target)], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target if done.returncode == 0 else None


def plain_trace(folder):
    """The accesses alone: an expectation is no part of a binary record."""
    text = Path(f"{CONFIG}.trace").read_text(encoding="utf-8")
    target = Path(folder) / "text"
    target.write_text(re.sub(r" expect=.*", "", text), encoding="utf-8")
    return target


def measure(sim):
    """Rows of text: what, and ns for each access."""
    if not sim:
        return []
    with tempfile.TemporaryDirectory() as folder:
        trace = plain_trace(folder)
        kinds = [("text", trace), ("binary", binary_of(sim, trace, folder))]
        ways = [("no caches", []), ("caches of 1024 places", ["--caches", "1024"])]
        return [(f"{kind}, {says}", per_line(sim, path, options)) for kind, path in kinds if path for says, options in ways]


def text_of(rows):
    if not rows:
        return "smmu-sim was not built."
    lines = ["`smmu-sim run -q`, for each access of `configs/thousand-streams.trace` without its expectations, which is read, "
             "translated and counted:", "", "| trace | ns |", "|---|---|"]
    return "\n".join(lines + [f"| {says} | {ns:.0f} |" for says, ns in rows])
