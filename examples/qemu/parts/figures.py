# SPDX-License-Identifier: MIT
"""What a run cost the SMMU: the meter's figures of both models, libsmmu's own counts, and those of the trace of QEMU's model."""

import re
from collections import Counter

from report import names_of, table

# The events of QEMU's own model that are counted, and what each tells.
TRACED = {
    "smmu_iotlb_lookup_hit": "TLB hits",
    "smmu_iotlb_lookup_miss": "TLB misses",
    "smmuv3_config_cache_hit": "configuration hits",
    "smmuv3_config_cache_miss": "configuration misses",
    "smmu_ptw_level": "descriptors read",
    "smmuv3_cmdq_opcode": "commands",
    "smmuv3_record_event": "event records",
}

# The same of libsmmu's counts, each a sum.
COUNTED = {
    "TLB hits": ["tlb.hits"],
    "TLB misses": ["tlb-misses"],
    "configuration hits": ["ste.hits"],
    "configuration misses": ["config-misses"],
    "descriptors read": ["accesses.s1-ttd", "accesses.s2-ttd"],
    "commands": ["accesses.command"],
    "event records": ["accesses.event"],
}

OPCODE = re.compile(r"smmuv3_cmdq_opcode <--- (\S+)")


def options(model, path):
    """What QEMU is told so that it counts."""
    if model == "libsmmu":
        return ["-global", "arm-smmuv3.statistics=on"]
    return [word for event in TRACED for word in ("-trace", event)] + ["-D", str(path)]


def count_trace(path):
    """How often each event is in a trace, and each command."""
    counts = Counter()
    with open(path, encoding="utf-8", errors="replace") as trace:
        for line in trace:
            event = line.split(" ", 1)[0]
            if event in TRACED:
                counts["TRACE " + TRACED[event]] += 1
            command = OPCODE.match(line)
            if command:
                counts["TRACE " + command[1]] += 1
    return counts


# ---- Tables ----


def number(value):
    return "-" if value is None else str(value)


def meter_rows(results):
    """Each figure that is metered, and the nanoseconds that one took."""
    names = names_of(results, lambda found: found.figures)
    counted = [name[6:] for name in names if name.startswith("METER ") and not name.endswith(".ns") and
               any(found.figures.get(name) for found in results.values())]
    return [row for name in counted for row in ((name, f"{name}, ns each") if f"METER {name}.ns" in names else (name,))]


def meter_cell(found, row):
    name, _, each = row.partition(", ns")
    count = found.figures.get(f"METER {name}")
    if not each:
        return number(count)
    return f"{found.figures[f'METER {name}.ns'] / count:.0f}" if count else "-"


def meter(results):
    rows = meter_rows(results)
    return table(results, rows, meter_cell, 9) if rows else []


def shared_cell(found, row):
    """A count that both models have, from whichever this run had."""
    if f"TRACE {row}" in found.figures:
        return str(found.figures[f"TRACE {row}"])
    known = [found.figures[f"STATS {name}"] for name in COUNTED[row] if f"STATS {name}" in found.figures]
    return str(sum(known)) if known else "-"


def other_rows(results, kind, shown):
    names = [name[6:] for name in names_of(results, lambda found: found.figures) if name.startswith(kind + " ")]
    return [name for name in names if name not in shown and
            any(found.figures.get(f"{kind} {name}") for found in results.values())]


def statistics(results):
    """Empty where nothing was counted."""
    kinds = {name.split()[0] for name in names_of(results, lambda found: found.figures)}
    if not kinds & {"STATS", "TRACE"}:
        return []
    lines = table(results, list(COUNTED), shared_cell, 9, "of both models")
    for kind, title in (("STATS", "of libsmmu"), ("TRACE", "of QEMU's own")):
        rows = other_rows(results, kind, COUNTED)
        if rows:
            lines += ["", *table(results, rows, lambda found, row, kind=kind: number(found.figures.get(f"{kind} {row}")), 9, title)]
    return lines
