# SPDX-License-Identifier: MIT
"""What speed is to be reached, as ratios within one run and as counts of instructions: rows, judged in report.py."""

from typing import NamedTuple


class Ratio(NamedTuple):
    """Time of a row by that of another of its group."""

    group: str
    row: str
    by: str

    def figure(self, run):
        times = run.times.get(self.group, {})
        if self.row in times and self.by in times:
            return times[self.row] / times[self.by]
        return None

    def __str__(self):
        return f"{self.row} / {self.by}"


class Difference(NamedTuple):
    """Time of a row less that of another, by that of a third."""

    group: str
    row: str
    less: str
    by: str

    def figure(self, run):
        times = run.times.get(self.group, {})
        if all(row in times for row in (self.row, self.less, self.by)):
            return (times[self.row] - times[self.less]) / times[self.by]
        return None

    def __str__(self):
        return f"({self.row} - {self.less}) / {self.by}"


class Count(NamedTuple):
    """Instructions of a row, net of a call that does nothing; or its stores."""

    row: str
    nothing: str
    what: str = "Ir"

    def figure(self, run):
        if self.row in run.counts and self.nothing in run.counts:
            return run.counts[self.row][self.what] - run.counts[self.nothing][self.what]
        return None

    def __str__(self):
        return f"{'instructions' if self.what == 'Ir' else 'stores'} of {self.row}"


class Fact(NamedTuple):
    """What the program says of itself."""

    name: str

    def figure(self, run):
        return run.facts.get(self.name)

    def __str__(self):
        return self.name.replace("_", " ")


class Goal(NamedTuple):
    name: str
    says: str
    figure: object
    most: float = None  # one of both
    least: float = None
    slack: float = 0  # so much less is still near

    def bound(self):
        if self.most is None and self.least is None:
            return ""
        return f"<= {self.most}" if self.most is not None else f">= {self.least}"

    def verdict(self, figure):
        if figure is None:
            return "not measured"
        if not self.bound():
            return ""
        if self.most is not None:
            good, near = figure <= self.most, figure <= self.most * (1 + self.slack)
        else:
            good, near = figure >= self.least, figure >= self.least * (1 - self.slack)
        return "holds" if good else f"within {self.slack:.0%}" if near else "does not hold"


def by_size(kind):
    """An invalidation among 64K translations by one among 1K."""
    return Ratio(f"tlbi_{kind}", f"tlbi_{kind}/64K", f"tlbi_{kind}/1K")


SCOPES = [("asid", "by ASID"), ("va", "by VA")]

GOALS = [
    Goal("P1", "a hit through a port, the stream found by its IDs, is at most 1.8 bare probes", Ratio("one", "a/hit", "probe"), 1.8),
    Goal("", "the same where the access was described long before: not judged", Ratio("one", "a/hit_described", "probe")),
    Goal("P1", "in at most 40 instructions", Count("a/hit", "nothing/hit"), 40),
    Goal("P1", "a hit by a stream's handle is at most 1.5 bare probes", Ratio("one", "a/stream", "probe"), 1.5),
    Goal("P1", "in at most 30 instructions", Count("a/stream", "nothing/stream"), 30),
    Goal("P2", "64 streams of 64 pages cost at most 1.4 times one page", Ratio("many", "b/hit", "a/hit"), 1.4),
    Goal("P2", "a hit of both stages costs at most 1.3 times one of stage 1", Ratio("nested", "b_nested/hit", "b/hit"), 1.3),
    Goal("P3", "a hit without a port is at most 8 bare probes", Ratio("one", "a/shared", "probe"), 8),
    Goal("P4", "a miss that knows the last table, with what it fills, stage 1: at most 380 instructions",
         Count("c/port", "nothing/translate"), 380),
    Goal("P4", "the same of both stages: at most 480", Count("d/port", "nothing/translate"), 480),
    Goal("P4", "one such miss after the other, stage 1, is no dearer than the walk without caches",
         Ratio("misses", "c/port", "c/walks"), 1.0),
    Goal("P5", "of a batch of 32 misses a time is at least 3.5 misses' one after the other, stage 1",
         Ratio("misses", "c/port", "c/batch"), least=3.5, slack=0.3),
    Goal("P5", "the same of both stages", Ratio("nested_misses", "d/port", "d/batch"), least=3.5, slack=0.3),
    *(Goal("P6", f"invalidating {scope} costs at most 1.6 times as much among 64K translations as among 1K",
           by_size(kind), 1.6) for kind, scope in (("asid", "by ASID"), ("vmid", "by VMID"), ("all", "all"))),
    Goal("P6", "invalidating by ASID is at most 8 bare probes", Ratio("tlbi_asid", "tlbi_asid/64K", "probe"), 8),
    Goal("P6", "invalidating by VA is at most 60", Ratio("tlbi_va", "tlbi_va/64K", "probe"), 60),
    *(Goal("", f"the same {scope}, less a broadcast that the SMMU does not listen to: not judged",
           Difference(f"tlbi_{kind}", f"tlbi_{kind}/64K", "tlbi_unheard", "probe")) for kind, scope in SCOPES),
    *(Goal("", f"what a port of 64 streams makes of it, {scope}, with its next translation: not judged",
           Difference(f"tlbi_{kind}", f"tlbi_{kind}/64K/port", f"tlbi_{kind}/64K", "probe")) for kind, scope in SCOPES),
    Goal("P7", "64 streams of 64 pages with 1% invalidations by VA cost at most 1.6 times as much as without",
         Ratio("disturbed", "b/tlbi_va/port", "b/port"), 1.6),
    Goal("P7", "the same of hits alone", Ratio("disturbed", "b/tlbi_va/hit", "b/hit"), 1.6),
    Goal("P8", "two threads on two ports translate at least 1.9 times as much as one", Fact("threads_port"),
         least=1.9, slack=0.3),
    Goal("", "the same of bare probes, which is what the machine has to give: not judged", Fact("threads_probe")),
    Goal("P8", "a hit stores nothing", Count("b/hit", "nothing/hit", "Dw"), 0),
    Goal("P9", "nothing is allocated once ports are open", Fact("allocations"), 0),
    Goal("P9", "what is hot of 64 streams is below 2 MiB", Fact("hot_bytes"), (2 << 20) - 1),
]
