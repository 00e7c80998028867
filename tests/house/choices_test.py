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
    "one that is marked, and nothing said": (ROW.replace("6.2", "CU 6.2"), "`a-1` is CONSTRAINED UNPREDICTABLE"),
    "one that is marked, and no reason": (ROW.replace("6.2", "CU 6.2").replace("| c |", "| c. Not asked for: |"), "`a-1` is CONSTRAINED UNPREDICTABLE"),
    "a reason without a mark": (ROW.replace("| c |", "| c. Not asked for: no |"), "`a-1` need not say"),
    "a test that no row names": (ROW.replace("one, ", ""), "no choice names walk.choices: one"),
}

# One that can be made otherwise, and another where an SMMU has it.
CODE = """#define ROW(name, section, ...) \\
	{ { name } }
	[A] = ROW("a-1", "6.2", "late",
		  "never"),
	[B] = ROW_WHERE(has_b, "there is none", "b-2", "6.3", "gone"),
"""
ASKED = ("| `a-1` | 5, 6.2 | a | b | c. Asked for: `late`, `never` | walk.choices: one, two; prog.adverse_a: three |\n"
         "| `b-2` | 6.3; X-1 | a | b | c. Asked for: `gone` | prog.adverse_a: three |\n")
MISMATCHES = {
    "one that is not marked": (ASKED.replace(". Asked for: `gone`", ""), "`b-2` can be asked for: gone"),
    "one that cannot be asked for": (ASKED + ROW.replace("a-1", "c-3").replace("| c |", "| c. Asked for: `no` |"), "`c-3` cannot be asked for"),
    "one that is asked for and not": (ASKED.replace("5, 6.2", "CU 5, 6.2").replace("b | c.", "b | c. Not asked for: no.", 1), "`a-1` need not say"),
    "an alternative that is missing": (ASKED.replace(", `never`", ""), "`a-1` can be asked for: late, never"),
    "another order": (ASKED.replace("`late`, `never`", "`never`, `late`"), "`a-1` can be asked for: late, never"),
    "another section": (ASKED.replace("6.2", "6.22"), "`a-1` is of section 6.2 in"),
    "a row that is missing": (ASKED.split("\n")[0] + "\n", "b-2 can be asked for, and is not there"),
    "no test that shows it": (ASKED.replace("`gone` | prog.adverse_a: three", "`gone` | walk.more: three"), "`b-2` can be asked for, but no test"),
}


class Choices(unittest.TestCase):
    def judged(self, table, code=None):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for part in ["docs", "tests/walk", "tests/prog", "lib/prog"]:
                (root / part).mkdir(parents=True)
            if code:
                (root / "lib/prog/choices.c").write_text(code)
                (root / "tests/prog/test_adverse_a.c").write_text("START_TEST(three)\n")
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

    def test_what_can_be_asked_for_is_what_is_marked(self):
        self.assertEqual(self.judged(ASKED, CODE), [])
        for name, (table, sentence) in MISMATCHES.items():
            with self.subTest(name):
                found = self.judged(table, CODE)
                self.assertTrue(any(sentence in line for line in found), found)


if __name__ == "__main__":
    unittest.main()
