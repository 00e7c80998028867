#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/choices.md: each choice is complete, has a name of its own, and names tests that are there.

    choices.py ROOT     prints each violation as file:line: sentence; exit 1 if there is one

1. A row has a name in small letters, digits and hyphens, which no other row has; no cell is empty.
2. Its last cell is `room.file: test, test; room.file: test`, and tests/room/test_file.c has each test.
3. Every test of a file test_choices.c is named by a row.
4. What lib/prog/choices.c lets be chosen is in a row of that name: after "Asked for:" its alternatives, in their order, and nothing
   after them; one of its sections; and a test of an adverse_* program.  Nothing else is asked for.
5. A row whose sections begin with CU, which the specification calls CONSTRAINED UNPREDICTABLE, can be asked for, or gives a reason
   after "Not asked for:"; no other row gives one, nor one that can be asked for.
"""

import re
import sys
from pathlib import Path

COLUMNS = ["Choice", "Section", "What is left open", "libsmmu", "Also allowed", "Test"]


def rows(text):
    """Line number and cells of each row of each table; headings are rows, too."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("|") and not re.fullmatch(r"[|\s-]+", line):
            yield number, [cell.strip() for cell in line.strip("|").split("|")]


def tests_of(root, program):
    """The tests of `room.file`, or None where there is no such file."""
    room, _, file = program.partition(".")
    path = root / "tests" / room / f"test_{file}.c"
    return set(re.findall(r"START_TEST\((\w+)\)", path.read_text(encoding="utf-8"))) if path.is_file() else None


def named_tests(cell):
    """(program, test) for each test that a cell names."""
    for part in cell.split(";"):
        program, _, names = part.strip().partition(": ")
        for name in names.split(","):
            yield program, name.strip()


def judge_tests(root, cell):
    for program, name in named_tests(cell):
        tests = tests_of(root, program)
        if tests is None:
            yield f"there are no tests {program}"
        elif name not in tests:
            yield f"{program} has no test {name or '(unnamed)'}"


def judge_row(root, cells, seen):
    if len(cells) != len(COLUMNS) or not all(cells):
        yield f"a row has the cells {', '.join(COLUMNS)}"
        return
    if not re.fullmatch(r"`[a-z0-9]+(-[a-z0-9]+)*`", cells[0]):
        yield f"{cells[0]} is no name of a choice"
    if cells[0] in seen:
        yield f"{cells[0]} is there twice"
    seen.add(cells[0])
    yield from judge_tests(root, cells[-1])


def judge_unnamed(root, named):
    for path in sorted(root.glob("tests/*/test_choices.c")):
        program = f"{path.parent.name}.choices"
        for name in sorted(tests_of(root, program)):
            if (program, name) not in named:
                yield f"no choice names {program}: {name}"


ROW = re.compile(r"\bROW(_WHERE|_LAST)?\((?P<arguments>[^()]*)\)", re.S)


def choosable(root):
    """Of each choice that can be made otherwise: its section, and its alternatives."""
    path = root / "lib" / "prog" / "choices.c"
    found = {}
    for row in ROW.finditer(path.read_text(encoding="utf-8")) if path.is_file() else []:
        words = re.findall(r'"([^"]*)"', row["arguments"])
        if words:
            name, section, *alternatives = words[1:] if row[1] else words
            found[name] = (section, alternatives)
    return found


def judge_asked(cells, offered):
    """offered: section and alternatives, or None."""
    what, marked, asked = cells[4].partition("Asked for: ")
    if marked and not offered:
        yield f"{cells[0]} cannot be asked for: lib/prog/choices.c has no such row"
    if not offered:
        return
    if asked != ", ".join(f"`{alternative}`" for alternative in offered[1]):
        yield f"{cells[0]} can be asked for: {', '.join(offered[1])}"
    if offered[0] not in re.findall(r"[A-Z]?[0-9][0-9.]*", cells[1]):
        yield f"{cells[0]} is of section {offered[0]} in lib/prog/choices.c"
    if not any(".adverse_" in program for program, _ in named_tests(cells[-1])):
        yield f"{cells[0]} can be asked for, but no test of an adverse_* program shows it"


def judge_marked(cells):
    """What the specification calls CONSTRAINED UNPREDICTABLE."""
    marked = cells[1].startswith("CU ")
    asked, (_, refused, reason) = "Asked for: " in cells[4], cells[4].partition("Not asked for: ")
    if marked and not asked and not reason:
        yield f"{cells[0]} is CONSTRAINED UNPREDICTABLE, and neither can be asked for nor says why not"
    if refused and (asked or not marked):
        yield f"{cells[0]} need not say why it is not asked for"


def violations(root):
    path, seen, named, found = root / "docs" / "choices.md", set(), set(), []
    offered = choosable(root)
    for line, cells in rows(path.read_text(encoding="utf-8")):
        if cells == COLUMNS:
            continue
        found += [f"docs/choices.md:{line}: {why}" for why in judge_row(root, cells, seen)]
        if len(cells) == len(COLUMNS):
            found += [f"docs/choices.md:{line}: {why}" for why in judge_asked(cells, offered.pop(cells[0].strip("`"), None))]
            found += [f"docs/choices.md:{line}: {why}" for why in judge_marked(cells)]
        named |= set(named_tests(cells[-1]))
    found += [f"docs/choices.md:1: {name} can be asked for, and is not there" for name in offered]
    return found + [f"docs/choices.md:1: {why}" for why in judge_unnamed(root, named)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = violations(Path(sys.argv[1]).resolve())
    print("\n".join(wrong) if wrong else "all choices are shown")
    sys.exit(1 if wrong else 0)
