#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/mistakes.md: each mistake has a test that is named after it.

    mistakes.py ROOT    prints each violation as file:line: sentence; exit 1 if there is one

1. The rows are NUMBERS, in order, and no cell is empty.
2. The last cell is `mistakes.file: test, test; mistakes.file: test`; tests/mistakes/test_file.c has each test, and the comment before it
   begins with the number.
3. Every test of tests/mistakes is in a row.
"""

import re
import sys
from pathlib import Path

from choices import judge_tests, named_tests, rows, tests_of

COLUMNS = ["Number", "A model", "What is right", "Test"]
SECURE = {28, 30}  # about the Secure state, which is not built
NUMBERS = [f"B{number}" for number in range(1, 32) if number not in SECURE]

NAMED = re.compile(r"/\* (B\d+): (?:(?!\*/).)*\*/\s*START_TEST\((\w+)\)", re.S)


def numbers_of(root, program):
    """The number that the comment before each test begins with."""
    path = root / "tests" / "mistakes" / f"test_{program.partition('.')[2]}.c"
    return {name: number for number, name in NAMED.findall(path.read_text(encoding="utf-8"))}


def judge_row(root, cells):
    if len(cells) != len(COLUMNS) or not all(cells):
        yield f"a row has the cells {', '.join(COLUMNS)}"
        return
    wrong = list(judge_tests(root, cells[-1]))
    yield from wrong
    if wrong:
        return
    for program, name in named_tests(cells[-1]):
        if not program.startswith("mistakes."):
            yield f"{program} is not of tests/mistakes"
        elif numbers_of(root, program).get(name) != cells[0]:
            yield f"the comment before {name} does not begin with {cells[0]}:"


def judge_unnamed(root, named):
    for path in sorted(root.glob("tests/mistakes/test_*.c")):
        program = f"mistakes.{path.stem.removeprefix('test_')}"
        for name in sorted(tests_of(root, program)):
            if (program, name) not in named:
                yield f"no mistake names {program}: {name}"


def violations(root):
    path, numbers, named, found = root / "docs" / "mistakes.md", [], set(), []
    for line, cells in rows(path.read_text(encoding="utf-8")):
        if cells == COLUMNS:
            continue
        numbers.append(cells[0])
        found += [f"docs/mistakes.md:{line}: {why}" for why in judge_row(root, cells)]
        named |= set(named_tests(cells[-1]))
    if numbers != NUMBERS:
        found.append(f"docs/mistakes.md:1: the numbers are {', '.join(numbers)}, not {', '.join(NUMBERS)}")
    return found + [f"docs/mistakes.md:1: {why}" for why in judge_unnamed(root, named)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = violations(Path(sys.argv[1]).resolve())
    print("\n".join(wrong) if wrong else "all mistakes have their tests")
    sys.exit(1 if wrong else 0)
