#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The conformance table says what tests cite: each place of a citation, each mistake, the table, and the gate."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from conformance import document, gate, judge, main, report

GROUPS = "group,title,gate\nST,Streams,yes\nCMD,Commands,\nEVT,Events,\n"
REQUIREMENTS = """id,section,requirement,layout
ST-01,5.2,"First, of all",
ST-02,5.2,Second,
ST-03,5.2,Third,yes
ST-04,D8.3,Fourth,
ST-05,5.2,Fifth,
CMD-SYNC,4.7.3,Sync | it,
CMD-SYNC-1,4.7.3,Once,
EVT-001,7.3,Record,
EVT-01,7.3,Unsupported,
EVT-02,7.3,Bad,
"""
EXCEPTIONS = "id,kind,reason\n"
UNBUILT = '{ NOT(IDR0, HTTU, 0), "HTTU" },\n{ IS(IDR0, TTF_LPAE, 1), "LPAE" },\n{ IS(IDR0, ATSRECERR, 1), "ATSRECERR" },\n'
TREE = {
    "tests/data/conformance/groups.csv": GROUPS,
    "tests/data/conformance/requirements.csv": REQUIREMENTS,
    "tests/data/conformance/exceptions.csv": EXCEPTIONS,
    "lib/prog/unbuilt.c": UNBUILT,
    "docs/conformance.md": "",
}
WALK = "tests/walk/test_walk.c"


def test_of(name, comment="", inside=""):
    return f"{comment}\nSTART_TEST({name})\n{{\n\t{inside}\n}} END_TEST\n"


class Tree(unittest.TestCase):
    def tree(self, files=None):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        root = Path(holder.name).resolve()
        for path, text in {**TREE, **(files or {})}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    def excepting(self, *rows, **files):
        return self.tree({"tests/data/conformance/exceptions.csv": EXCEPTIONS + "\n".join(rows) + "\n", **files})

    def states(self, root):
        judged = judge(root)
        self.assertEqual(judged.errors, [])
        return {row.requirement.id: row.state for row in judged.rows}

    def with_a_test(self, root):
        return [one for one, state in self.states(root).items() if state == "tested"]

    def run_main(self, root, *options):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main([str(root), *options])
        return code, out.getvalue()


class Citations(Tree):
    def cited(self, path, text):
        """Where each ID is cited, of those that count."""
        judged = judge(self.tree({path: text}))
        self.assertEqual(judged.errors, [])
        return [(one.id, one.line, one.test) for row in judged.rows for one in row.tests + row.layouts]

    def test_a_comment_before_a_test_speaks_for_it(self):
        self.assertEqual(self.cited(WALK, test_of("walks", "/* ST-01, 5.2: it walks */")), [("ST-01", 1, "walks")])

    def test_a_comment_inside_a_test_speaks_for_it(self):
        self.assertEqual(self.cited(WALK, test_of("walks", inside="/* ST-02 */")), [("ST-02", 4, "walks")])

    def test_any_other_comment_speaks_for_the_file(self):
        text = '/* ST-01 */\n#include "x.h"\nstatic int rows[] = {\n\t1, // ST-02\n};\n'
        text += test_of("walks") + "/* ST-04 */\nint x;\n"
        self.assertEqual(self.cited(WALK, text), [("ST-01", 1, ""), ("ST-02", 4, ""), ("ST-04", 11, "")])

    def test_what_is_no_comment_cites_nothing(self):
        self.assertEqual(self.cited(WALK, 'const char *s = "/* ST-01 */", c = \'"\';\nint x = ST-02; /* D8-65, UTF-8 */\n'), [])

    def test_ids_of_every_form_are_read(self):
        self.assertEqual(self.cited(WALK, "/* CMD-SYNC, CMD-SYNC-1;\n * EVT-001.  EVT-01 */\n"),
                         [("CMD-SYNC", 1, ""), ("CMD-SYNC-1", 1, ""), ("EVT-001", 2, ""), ("EVT-01", 2, "")])

    def test_a_range_cites_all_of_it_even_over_two_lines(self):
        self.assertEqual([one for one, _, _ in self.cited(WALK, "/* ST-01 to ST-03 */\n")], ["ST-01", "ST-02", "ST-03"])
        self.assertEqual([one for one, _, _ in self.cited(WALK, "/* ST-02 to\n * ST-04 */\n")], ["ST-02", "ST-03", "ST-04"])

    def test_python_and_shell_are_read(self):
        text = ('"""ST-01"""\n\n\nclass C:\n    """ST-02"""\n'
                '    # ST-03\n    def test_a(self):\n        """ST-04"""\n        x = "ST-05"\n')
        self.assertEqual(self.cited("tests/cli/run.py", text),
                         [("ST-01", 1, ""), ("ST-02", 5, ""), ("ST-03", 6, "test_a"), ("ST-04", 8, "test_a")])
        self.assertEqual(self.cited("tests/cli/run.sh", "#!/bin/sh\ntrue  # ST-01\necho x#ST-02\n"), [("ST-01", 2, "")])

    def test_helpers_prove_nothing(self):
        for path in ["tests/support/world.h", "tests/obvious/obvious.c", "tests/cli/_lib.py", "tests/mutants/walk.list"]:
            with self.subTest(path):
                self.assertEqual(self.cited(path, '"""ST-01"""\n' if path.endswith("py") else "breaks: ST-01 /* ST-01 */\n"), [])

    def test_rows_beside_the_tests_of_a_room_count(self):
        self.assertEqual(self.cited("tests/walk/rows.h", "/* ST-01 */\n"), [("ST-01", 1, "")])
        self.assertEqual(self.cited("tests/obvious/test_random.c", "/* ST-01 */\n"), [("ST-01", 1, "")])

    def test_wrong_citations_are_found(self):
        for text, sentence in {
            "/*\n * ST-09 */": "2: ST-09 is no requirement",
            "/* SP-01 */": "1: SP-01 is no requirement",
            "/* ST-01 to EVT-02 */": "1: ST-01 to EVT-02 is no range of requirements",
            "/* ST-03 to ST-01 */": "1: ST-03 to ST-01 is no range of requirements",
            "/* ST-01..03 */": "1: a range is written with both IDs whole: ST-01 to ...",
            "/* ST-01 to 03 */": "1: a range is written with both IDs whole: ST-01 to ...",
        }.items():
            with self.subTest(text):
                self.assertEqual(judge(self.tree({WALK: text})).errors, [f"{WALK}:{sentence}"])

    def test_what_a_mutant_breaks_must_be_a_requirement(self):
        self.assertEqual(judge(self.tree({"tests/mutants/walk.list": "+ a-01\nbreaks: ST-77\n"})).errors,
                         ["tests/mutants/walk.list:2: ST-77 is no requirement"])


class States(Tree):
    def test_a_layout_is_enough_where_the_requirement_says_no_more(self):
        root = self.tree({"tests/arch/test_layouts.c": "/* ST-01, ST-03 */\n"})
        self.assertEqual(self.with_a_test(root), ["ST-03"])

    def test_an_exception_speaks_for_one_a_range_or_what_is_left_of_a_group(self):
        root = self.excepting("ST-02,other-state,x", "EVT-*,not-built,x", "EVT-01 to EVT-02,choice,x", "CMD-*,software,x",
                              **{WALK: "/* ST-01, CMD-SYNC */\n"})
        states = self.states(root)
        self.assertEqual([states[one] for one in ["ST-01", "ST-02", "ST-04", "EVT-001", "EVT-01", "EVT-02"]],
                         ["tested", "other-state", "open", "not-built", "choice", "choice"])
        self.assertEqual([states[one] for one in ["CMD-SYNC", "CMD-SYNC-1"]], ["tested", "software"])

    def test_wrong_exceptions_are_found(self):
        for row, sentence in {
            "ST-09,other-state,x": "ST-09 is no requirement",
            "SP-*,other-state,x": "SP-* is no requirement",
            "ST-01 to ST-09,other-state,x": "ST-01 to ST-09 is no requirement",
            "ST-02,later,x": "later is no kind: not-advertised, other-state, not-built, software, vacuous, choice",
            "ST-02,choice,": "gives no reason",
            "ST-02,not-advertised,HTTU": "names no field of an ID register, as IDR0.HTTU",
            "ST-02,not-advertised,IDR0.ATS": "IDR0.ATS is not in lib/prog/unbuilt.c: an SMMU may advertise it",
            "ST-*,choice,x": "each requirement of ST has a row of its own",
            "ST-01,choice,x": f"ST-01 has a test: {WALK}:1",
            "EVT-*,choice,x": "nothing is left of the group",
        }.items():
            with self.subTest(row):
                root = self.excepting(row, **{WALK: "/* ST-01, EVT-001, EVT-01, EVT-02 */\n"})
                self.assertIn(f"tests/data/conformance/exceptions.csv:2: {sentence}", judge(root).errors)

    def test_what_no_smmu_can_show_is_not_tested_by_its_rule_alone(self):
        root = self.excepting("ST-01,not-advertised,IDR0.HTTU: x", **{WALK: "/* ST-01 */\n"})
        self.assertEqual(self.states(root)["ST-01"], "not-advertised")
        self.assertIn("*not-advertised*: IDR0.HTTU: x (its rule alone: ", document(judge(root)))

    def test_fields_that_are_refused_may_be_named_in_short(self):
        self.states(self.excepting("ST-01,not-advertised,IDR0.HTTU: x", "ST-02,not-advertised,IDR0.TTF: x"))

    def test_one_is_excepted_once(self):
        self.assertEqual(judge(self.excepting("ST-01,choice,x", "ST-01,software,x")).errors,
                         ["tests/data/conformance/exceptions.csv:3: ST-01 is excepted in line 2 already"])

    def test_a_group_without_a_row_is_found(self):
        root = self.tree({"tests/data/conformance/groups.csv": "group,title,gate\nST,Streams,yes\nEVT,Events,\n"})
        self.assertEqual(judge(root).errors, ["tests/data/conformance/groups.csv:1: has no CMD"])


class Table(Tree):
    def line(self, root, one):
        return next(line for line in document(judge(root)).split("\n") if line.startswith(f"| {one} |"))

    def test_a_row_names_at_most_three_tests(self):
        root = self.tree({WALK: "/* ST-01 */\nint rows;\n" + "".join(test_of(name, "/* ST-01 */") for name in "abcd"),
                          "tests/cli/run.py": "# ST-01\n"})
        self.assertEqual(self.line(root, "ST-01"), "| ST-01 | 5.2 | First, of all | cli.run; walk.walk: a, b +2 |")

    def test_a_row_gives_the_exception_and_layout_tests(self):
        root = self.excepting("CMD-SYNC,not-built,No *queue*",
                              **{"tests/arch/test_bytes.c": test_of("t", "/* CMD-SYNC, ST-03 */")})
        self.assertEqual(self.line(root, "CMD-SYNC"),
                         r"| CMD-SYNC | 4.7.3 | Sync \| it | *not-built*: No \*queue\* (layout: arch.bytes: t) |")
        self.assertEqual(self.line(root, "ST-03"), "| ST-03 | 5.2 | Third | layout: arch.bytes: t |")
        self.assertEqual(self.line(root, "ST-02"), "| ST-02 | 5.2 | Second | **open** |")

    def test_the_summary_counts(self):
        root = self.excepting("ST-02,choice,x", "ST-04,choice,x", **{WALK: "/* ST-01 */\n"})
        self.assertIn("| [ST](#st) | Streams | 5 | 1 | 2 | 2 |\n", document(judge(root)))
        self.assertIn("| | All | 10 | 1 | 2 | 7 |\n", document(judge(root)))

    def test_it_is_written_and_then_checked(self):
        root = self.tree({WALK: "/* ST-01 */\n"})
        self.assertEqual(self.run_main(root, "--check")[0], 1)
        self.assertEqual(self.run_main(root)[0], 0)
        self.assertEqual(self.run_main(root, "--check")[0], 0)
        (root / WALK).write_text("/* ST-02 */\n")
        self.assertEqual(self.run_main(root, "--check")[0], 1)

    def test_an_error_ends_it_and_writes_nothing(self):
        root = self.tree({WALK: "/* ST-09 */\n"})
        for options in [[], ["--check"], ["--gate"]]:
            code, out = self.run_main(root, *options)
            self.assertEqual(code, 1)
            self.assertIn(f"{WALK}:1: ST-09 is no requirement", out)
        self.assertEqual((root / "docs/conformance.md").read_text(), "")

    def test_it_prints_ids_by_group_and_state(self):
        root = self.excepting("ST-03,choice,x", **{WALK: "/* ST-01 to ST-02, ST-05, EVT-001, CMD-SYNC-1 */\n"})
        lines = list(report(judge(root)))
        self.assertEqual(lines[:4], ["ST (Streams): 5", "  tested           3  ST-01 to ST-02, ST-05",
                                     "  choice           1  ST-03", "  open             1  ST-04"])
        self.assertEqual(lines[-1], "10 requirements: 5 tested, 1 excepted, 4 open")


class Gate(Tree):
    def test_it_is_closed_while_one_is_open(self):
        root = self.excepting("ST-04,other-state,x", **{WALK: "/* ST-01 to ST-03 */\n"})
        opens, lines = gate(judge(root))
        self.assertFalse(opens)
        self.assertEqual(lines[-1], "open: ST-05")
        self.assertEqual(self.run_main(root, "--gate")[0], 1)

    def test_it_opens_when_all_are_tested_or_outside(self):
        root = self.excepting("ST-04,other-state,x", "ST-05,not-advertised,IDR0.HTTU", **{WALK: "/* ST-01 to ST-03 */\n"})
        self.assertEqual(gate(judge(root))[0], True)
        self.assertEqual(self.run_main(root, "--gate")[0], 0)

    def test_more_exceptions_than_the_limit_close_it(self):
        for total, opens in [(20, True), (19, False)]:
            with self.subTest(total):
                ids = [f"ST-{number:02}" for number in range(1, total + 1)]
                rows = "".join(f"{one},5.2,x,\n" for one in ids)
                root = self.excepting("ST-01,choice,x", **{
                    "tests/data/conformance/requirements.csv": f"id,section,requirement,layout\n{rows}",
                    WALK: f"/* ST-02 to {ids[-1]} */\n"})
                self.assertEqual(gate(judge(root))[0], opens)

    def test_a_malformed_table_is_a_sentence(self):
        path = "tests/data/conformance/requirements.csv"
        for text, error in [(b"\xd2\xe5", "can't decode"), (b"", "no column id"), (b"a,b\n1,2\n", "no column id"),
                            (b"id,section,requirement,layout\nST-01\n", "2: the row is short"),
                            (b"id,section,requirement,layout\n" + b"x" * 200000, "field larger"), (None, "No such file")]:
            with self.subTest(error):
                root = self.tree()
                (root / path).unlink()
                if text is not None:
                    (root / path).write_bytes(text)
                code, output = self.run_main(root)
                self.assertEqual(code, 1)
                self.assertRegex(output, f"{path}:.*{error}")


if __name__ == "__main__":
    unittest.main()
