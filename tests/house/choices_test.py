#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/choices.md is judged: a complete list passes, and each way to be wrong is found."""

import tempfile
import unittest
from pathlib import Path

from choices import violations

HEAD = "# Choices\n\n| Choice | Section | What is left open | libsmmu | Also allowed | Test |\n|---|---|---|---|---|---|\n"
ROW = "| `a-1` | 6.2 | a | b | c | walk.choices: one, two; walk.more: three |\n"
TESTS = {"choices": ["one", "two"], "more": ["three", "four"]}
WRONG = {
    "a name that is none": (ROW.replace("`a-1`", "`A 1`"), "`A 1` is no name of a choice"),
    "a name twice": (ROW + ROW, "`a-1` is there twice"),
    "an empty cell": (ROW.replace("| c |", "| |"), "a row has the cells"),
    "a cell too few": (ROW.replace("| c ", ""), "a row has the cells"),
    "a test that is not there": (ROW.replace("three", "five"), "walk.more has no test five"),
    "a file that is not there": (ROW.replace("walk.more", "tlb.more"), "there are no tests tlb.more"),
    "no test": (ROW.replace(": three", ""), "walk.more has no test (unnamed)"),
    "a test that no row names": (ROW.replace("one, ", ""), "no choice names walk.choices: one"),
}


class Choices(unittest.TestCase):
    def judged(self, table):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for part in ["docs", "tests/walk"]:
                (root / part).mkdir(parents=True)
            (root / "docs/choices.md").write_text(HEAD + table)
            for name, tests in TESTS.items():
                text = "".join(f"START_TEST({test})\n{{\n}}\nEND_TEST\n" for test in tests)
                (root / f"tests/walk/test_{name}.c").write_text(text)
            return violations(root)

    def test_a_complete_list_passes(self):
        self.assertEqual(self.judged(ROW), [])

    def test_each_way_to_be_wrong_is_found(self):
        for name, (table, sentence) in WRONG.items():
            with self.subTest(name):
                found = self.judged(table)
                self.assertTrue(any(sentence in line for line in found), found)
                self.assertTrue(all(line.startswith("docs/choices.md:") for line in found), found)


if __name__ == "__main__":
    unittest.main()
