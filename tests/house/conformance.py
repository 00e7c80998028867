#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which requirement has a test: docs/conformance.md, from tests/data/conformance and what tests cite (citations.py).

    conformance.py ROOT             prints requirements with and without a test, and writes docs/conformance.md
    conformance.py ROOT --check     exit 1 if docs/conformance.md is not what would be written
    conformance.py ROOT --gate      exit 1 if a requirement of the gate's groups is open, or too many are excepted

Errors are printed as file:line: sentence and end it with 1: a citation or an exception of what is no requirement, an
exception of what has a test.  What no SMMU can be made to show may have both: its rule may be tested as a function, but
that does not make it tested.
"""

import argparse
import csv
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from citations import citations, spread

DATA = "tests/data/conformance"
EXCEPTIONS = f"{DATA}/exceptions.csv"
TABLE = "docs/conformance.md"
KINDS = {
    "not-advertised": "an SMMU that advertises the feature is refused when it is created, by the name of this ID register field",
    "other-state": "speaks of Secure, Realm or Root state alone",
    "not-built": "speaks of queues, commands, caches or transactions that this version does not have",
    "software": "obliges software",
    "vacuous": "nothing that this version does could show it",
    "choice": "permits, and obliges to nothing; `docs/choices.md` says what libsmmu chose",
}
OUTSIDE = {"not-advertised", "other-state"}  # kinds outside Non-secure streams and advertised features
LIMIT = 5  # in 100 of what is inside: as many may be excepted
LAYOUT = "tests/arch/"  # what is cited there says where bits are, not what they do
UNBUILT = "lib/prog/unbuilt.c"  # its rows: IS or NOT (register, field, value)
ID_FIELD = re.compile(r"\b((?:\w+_)?IDR\d)\.(\w+)")
SHORT = 110  # characters of a requirement in the table


class Group(NamedTuple):
    name: str
    title: str
    gated: bool


class Requirement(NamedTuple):
    id: str
    section: str
    text: str
    layout: bool  # only says where bits are

    @property
    def group(self):
        return self.id.split("-")[0]


class Excuse(NamedTuple):
    kind: str
    reason: str
    line: int
    alone: bool  # given for this one, not for what is left of its group


class Row(NamedTuple):
    """A requirement, what speaks for it, and so its state: "tested", a kind of exception, or "open"."""
    requirement: Requirement
    tests: list
    layouts: list
    excuse: Excuse
    state: str


class Judged(NamedTuple):
    groups: list
    rows: list
    errors: list

    def of(self, group, state=None):
        return [row for row in self.rows if row.requirement.group == group and state in (None, row.state)]


class Malformed(Exception):
    """A table is not as its README says."""


def table(path, *columns):
    """Line number and cells of each row."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            for column in columns:
                if column not in (reader.fieldnames or []):
                    raise Malformed(f"{path}:1: there is no column {column}")
            for row in reader:
                if None in [row[column] for column in columns]:
                    raise Malformed(f"{path}:{reader.line_num}: the row is short")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Malformed(f"{path}:1: {error}") from None


def load_groups(root):
    return [Group(row["group"], row["title"], row["gate"] == "yes") for _, row in table(root / DATA / "groups.csv", "group", "title", "gate")]


def load_requirements(root):
    return {row["id"]: Requirement(row["id"], row["section"], row["requirement"], row["layout"] == "yes")
            for _, row in table(root / DATA / "requirements.csv", "id", "section", "requirement", "layout")}


def meant(pattern, known):
    """The IDs that the first column of an exception means, or None."""
    if pattern.endswith("-*"):
        return [one for one in known if one.split("-")[0] == pattern[:-2]] or None
    first, to, last = pattern.partition(" to ")
    return spread(first, last, known) if to else [pattern] if pattern in known else None


def refused(root):
    """The fields, as IDR0.HTTU, for which an SMMU is refused when it is created."""
    rows = re.findall(r"\b(?:IS|NOT)\((\w+), (\w+),", (root / UNBUILT).read_text(encoding="utf-8"))
    return [f"{register}.{field}" for register, field in rows]


def unnamed(reason, fields):
    """What is wrong with a reason that must name fields which are refused; IDR0.TTF may stand for IDR0.TTF_LPAE."""
    named = [".".join(found) for found in ID_FIELD.findall(reason)]
    if not named:
        yield "names no field of an ID register, as IDR0.HTTU"
    for name in named:
        if not any(f"{field}_".upper().startswith(f"{name}_".upper()) for field in fields):
            yield f"{name} is not in {UNBUILT}: an SMMU may advertise it"


def mistakes(row, ids, gated, fields):
    """What is wrong with a row of exceptions, tests aside."""
    if ids is None:
        yield f"{row['id']} is no requirement"
        return
    if row["kind"] not in KINDS:
        yield f"{row['kind']} is no kind: {', '.join(KINDS)}"
    if row["kind"] == "not-advertised":
        yield from unnamed(row["reason"], fields)
    if not row["reason"]:
        yield "gives no reason"
    if len(ids) > 1 and ids[0].split("-")[0] in gated:
        yield f"each requirement of {ids[0].split('-')[0]} has a row of its own"


def load_excuses(root, known, gated):
    """ID to Excuse, and all errors.  A row for one or for a range goes before a row for what is left of a group."""
    excuses, errors, fields = {}, [], refused(root)
    for line, row in table(root / EXCEPTIONS, "id", "kind", "reason"):
        ids = meant(row["id"], known)
        errors += [f"{EXCEPTIONS}:{line}: {why}" for why in mistakes(row, ids, gated, fields)]
        alone = not row["id"].endswith("*")
        for one in ids or []:
            old = excuses.get(one)
            if old and old.alone and alone:
                errors.append(f"{EXCEPTIONS}:{line}: {one} is excepted in line {old.line} already")
            if not old or alone:
                excuses[one] = Excuse(row["kind"], row["reason"], line, alone)
    return excuses, errors


def judge_one(requirement, cited, excuse):
    layouts = [one for one in cited if one.path.startswith(LAYOUT)]
    tests = [one for one in cited if not one.path.startswith(LAYOUT)]
    tested = (tests or requirement.layout and layouts) and not beyond_reach(excuse)
    return Row(requirement, tests, layouts, excuse, "tested" if tested else excuse.kind if excuse else "open")


def beyond_reach(excuse):
    """Is it about what no SMMU of this version can be?"""
    return excuse and excuse.alone and excuse.kind in OUTSIDE


def needless(rows):
    """Exceptions of what has a test."""
    for row in rows:
        if row.state == "tested" and row.excuse and row.excuse.alone:
            test = (row.tests or row.layouts)[0]
            yield f"{EXCEPTIONS}:{row.excuse.line}: {row.requirement.id} has a test: {test.path}:{test.line}"
    lines = {row.excuse.line for row in rows if row.excuse and not row.excuse.alone}
    for line in sorted(lines - {row.excuse.line for row in rows if row.excuse and row.state != "tested"}):
        yield f"{EXCEPTIONS}:{line}: nothing is left of the group"


def judge(root):
    groups, known = load_groups(root), load_requirements(root)
    cited, errors = citations(root, known)
    excuses, wrong = load_excuses(root, known, {group.name for group in groups if group.gated})
    by_id = {}
    for one in cited:
        by_id.setdefault(one.id, []).append(one)
    rows = [judge_one(known[one], by_id.get(one, []), excuses.get(one)) for one in known]
    strays = sorted({row.requirement.group for row in rows} - {group.name for group in groups})
    errors += wrong + list(needless(rows)) + [f"{DATA}/groups.csv:1: has no {group}" for group in strays]
    return Judged(groups, rows, errors)


# ---- The table ----

def place(citation):
    """What ctest calls the file: config.ste_legality; a file without a name of its own by its path."""
    path = Path(citation.path).relative_to("tests")
    if path.suffix == ".h" or path.suffix == ".c" and not path.name.startswith("test_"):
        return path.as_posix()
    return f"{path.parent.as_posix().replace('/', '.')}.{path.stem.removeprefix('test_')}"


def names(cited):
    """File and test of each citation, once; the file alone only where none of its tests is named."""
    named = {citation.path for citation in cited if citation.test}
    return list(dict.fromkeys((place(citation), citation.test) for citation in cited
                              if citation.test or citation.path not in named))


def shown(cited):
    """At most three tests, by file, and how many more."""
    every = names(cited)
    files = [(file, [test for _, test in tests if test]) for file, tests in groupby(every[:3], lambda one: one[0])]
    text = "; ".join(f"{file}: {', '.join(tests)}" if tests else file for file, tests in files)
    return text + (f" +{len(every) - 3}" if len(every) > 3 else "")


def answer(row):
    if row.tests and row.state in OUTSIDE:
        return f"*{row.state}*: {plain(row.excuse.reason)} (its rule alone: {shown(row.tests)})"
    if row.tests:
        return shown(row.tests)
    layouts = f"layout: {shown(row.layouts)}" if row.layouts else ""
    if row.state == "tested":
        return layouts
    said = f"*{row.state}*: {plain(row.excuse.reason)}" if row.state != "open" else "**open**"
    return said + (f" ({layouts})" if layouts else "")


def plain(text):
    """Text that Markdown takes for nothing else."""
    return re.sub(r"([|*\\]|\](?=\())", r"\\\1", text).replace("<", "&lt;")


def short(text):
    if len(text) <= SHORT:
        return plain(text)
    return plain(text[:SHORT].rsplit(" ", 1)[0].rstrip(",;:")) + " …"


def counts_of(judged, groups):
    """Rows, tested, excepted and open of groups."""
    states = [row.state for group in groups for row in judged.of(group.name)]
    tested, left = states.count("tested"), states.count("open")
    return len(states), tested, len(states) - tested - left, left


def head(judged):
    yield from [
        "# Conformance",
        "",
        "What libsmmu demands of itself, requirement by requirement, and the test that shows each or the reason why none does.",
        "Written by `cmake --build DIR --target conformance` from [the requirements](../tests/data/conformance/README.md), the",
        "exceptions beside them, and what tests cite: do not edit. A requirement that speaks of more than this version offers",
        "counts as tested when what it offers is.",
        "",
        "| In the last column | means |",
        "|---|---|",
        "| room.file: test | a test that cites the requirement; `ctest -R room.file` runs it |",
        "| its rule alone: | a test of the function that knows the rule; no SMMU of this version can be made to meet it |",
        "| layout: | a test of bit positions alone; enough where the requirement says no more |",
        *(f"| *{kind}* | {meaning} |" for kind, meaning in KINDS.items()),
        "| **open** | nothing shows it yet |",
        "",
    ]


def summary(judged):
    yield from ["| Group | | Requirements | Tested | Excepted | Open |", "|---|---|--:|--:|--:|--:|"]
    for group in judged.groups:
        numbers = " | ".join(map(str, counts_of(judged, [group])))
        yield f"| [{group.name}](#{group.name.lower()}) | {group.title} | {numbers} |"
    yield f"| | All | {' | '.join(map(str, counts_of(judged, judged.groups)))} |"


def section(judged, group):
    yield from ["", f"## {group.name}", "", f"{group.title}.", ""]
    yield from ["| ID | Section | Requirement | Shown by |", "|---|---|---|---|"]
    for row in judged.of(group.name):
        one = row.requirement
        yield f"| {one.id} | {plain(one.section)} | {short(one.text)} | {answer(row)} |"


def document(judged):
    lines = [*head(judged), *summary(judged)]
    for group in judged.groups:
        lines += section(judged, group)
    return "\n".join(lines) + "\n"


# ---- What is printed ----

def runs(rows):
    """IDs, neighbours in the order of the table as ranges."""
    text = []
    numbered = ((row.requirement.id, row.requirement.id.rsplit("-", 1)) for row in rows)
    for one, (prefix, number) in numbered:
        last = text[-1][1].rsplit("-", 1) if text else ["", ""]
        if number.isdigit() and last[0] == prefix and last[1].isdigit() and int(last[1]) + 1 == int(number):
            text[-1][1] = one
        else:
            text.append([one, one])
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in text)


def report(judged):
    for group in judged.groups:
        rows = judged.of(group.name)
        states = ["tested", *KINDS, "open"]
        found = [(state, judged.of(group.name, state)) for state in states]
        yield f"{group.name} ({group.title}): {len(rows)}"
        yield from (f"  {state:14} {len(of):3}  {runs(of)}" for state, of in found if of)
    rows, tested, excepted, left = counts_of(judged, judged.groups)
    yield f"{rows} requirements: {tested} tested, {excepted} excepted, {left} open"


def gate(judged):
    """Whether the gate opens, and the figures."""
    rows = [row for group in judged.groups if group.gated for row in judged.of(group.name)]
    inside = [row for row in rows if row.state not in OUTSIDE]
    left = [row for row in inside if row.state == "open"]
    excepted = [row for row in inside if row.state not in ("tested", "open")]
    lines = [f"gate: {len(rows)} requirements, {len(rows) - len(inside)} of other states or features not advertised; of the "
             f"other {len(inside)}, {len(inside) - len(left) - len(excepted)} are tested, {len(left)} are open, and "
             f"{len(excepted)} are excepted: {100 * len(excepted) / max(len(inside), 1):.1f} in 100, at most {LIMIT}"]
    lines += [f"open: {runs(left)}"] if left else []
    return not left and 100 * len(excepted) <= LIMIT * len(inside), lines


def checked(root, judged):
    path = root / TABLE
    if path.is_file() and path.read_text(encoding="utf-8") == document(judged):
        return True
    print(f"{TABLE}:1: is not what tests cite now: build the target conformance")
    return False


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--gate", action="store_true")
    options = parser.parse_args(arguments)
    try:
        judged = judge(options.root)
    except Malformed as error:
        print(error)
        return 1
    opens, figures = gate(judged)
    print("\n".join(judged.errors or figures if options.check or options.gate else [*report(judged), *judged.errors, *figures]))
    if judged.errors:
        return 1
    if not options.check and not options.gate:
        (options.root / TABLE).write_text(document(judged), encoding="utf-8")
    return 0 if (not options.check or checked(options.root, judged)) and (not options.gate or opens) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
