#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/mistakes.md is judged: a complete list passes, and each way to be wrong is found."""

import tempfile
import unittest
from pathlib import Path

from mistakes import NUMBERS, violations

HEAD = "# Mistakes\n\n| Number | A model | What is right | Test |\n|---|---|---|---|\n"
ROWS = [f"| {number} | a | b | mistakes.some: is_{number.lower()} |\n" for number in NUMBERS]
TEXTS = [f"/* {number}: that is so.\n * A-1 */\nSTART_TEST(is_{number.lower()})\n{{\n}}\nEND_TEST\n" for number in NUMBERS]
TABLE, TEXT = "".join(ROWS), "".join(TEXTS)
WRONG = {
    "a number that is missing": (TABLE.replace(ROWS[4], ""), TEXT, "the numbers are"),
    "a number twice": (TABLE + ROWS[0], TEXT, "the numbers are"),
    "an empty cell": (TABLE.replace("| B3 | a |", "| B3 | |"), TEXT, "a row has the cells"),
    "a test that is not there": (TABLE.replace("is_b7", "is_not"), TEXT, "mistakes.some has no test is_not"),
    "a test of another folder": (TABLE.replace("mistakes.some: is_b7", "walk.some: is_b7"), TEXT, "walk.some is not of tests/mistakes"),
    "a test without a number": (TABLE, TEXT.replace("/* B9: ", "/* "), "the comment before is_b9 does not begin with B9:"),
    "a test of another number": (TABLE, TEXT.replace("/* B9: ", "/* B8: "), "the comment before is_b9 does not begin with B9:"),
    "a test that no row names": (TABLE, TEXT + "START_TEST(is_more)\n{\n}\nEND_TEST\n", "no mistake names mistakes.some: is_more"),
}


class Mistakes(unittest.TestCase):
    def judged(self, table, text):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for part in ["docs", "tests/mistakes", "tests/walk"]:
                (root / part).mkdir(parents=True)
            (root / "docs/mistakes.md").write_text(HEAD + table)
            for room in ("mistakes", "walk"):
                (root / f"tests/{room}/test_some.c").write_text(text)
            return violations(root)

    def test_a_complete_list_passes(self):
        self.assertEqual(self.judged(TABLE, TEXT), [])

    def test_each_way_to_be_wrong_is_found(self):
        for name, (table, text, sentence) in WRONG.items():
            with self.subTest(name):
                found = self.judged(table, text)
                self.assertTrue(any(sentence in line for line in found), found)


if __name__ == "__main__":
    unittest.main()
