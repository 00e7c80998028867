#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The judge of the tests: lists are read as README.md says, faults are put where they belong, and what survives is noticed."""

import contextlib
import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import run
from lists import (Mutant, Wrong, check_killer, mutated, places, read_list, read_lists, recording, region_of, replayed, scenario,
                   source_of, target_of)

BLOCK = """# a comment
name: wxn-ignored
file: lib/walk/permission.c
- (config->wxn ? one : two)
+ 0
breaks: PERM-09
killed by: walk.permission a_test
"""

WRONG_LISTS = {
    "an unknown key": (BLOCK + "sed: s/1/2/\n", "is no line of a mutant"),
    "no code": (BLOCK.replace("- (config->wxn ? one : two)\n", ""), "no line '-'"),
    "no new code, not even empty": (BLOCK.replace("+ 0\n", ""), "no line '+'"),
    "no requirement": (BLOCK.replace("breaks: PERM-09\n", ""), "no line 'breaks'"),
    "an empty name": (BLOCK.replace("wxn-ignored", ""), "no line 'name'"),
    "two names": (BLOCK + "name: other\n", "two lines 'name'"),
}

PROGRAM = """/* A suite.  PERM-01 */
/* PERM-02 */
START_TEST(first)
{
} END_TEST

static const int rows[] = {
	1, /* PERM-09 */
};

/* PERM-04 to PERM-06,
 * PERM-11 */
START_TEST(second)
{
	/* PERM-12 */
} END_TEST

/* PERM-13 */
START_TEST(third)
{
}
END_TEST
"""
KNOWN = {f"PERM-{n:02}" for n in range(20)}


def mutant(**said):
    return Mutant(**{"name": "m", "file": "lib/walk/walk.c", "old": "1", "new": "2", "breaks": "PERM-09",
                     "test": "walk.walk", "function": "second", **said})


class Lists(unittest.TestCase):
    def test_a_block_says_what_it_says(self):
        one = read_list(BLOCK, "walk.list")[0]
        self.assertEqual(one, Mutant("wxn-ignored", "lib/walk/permission.c", "(config->wxn ? one : two)", "0", "PERM-09",
                                     "walk.permission", "a_test", "walk.list:2"))

    def test_blocks_are_parted_by_blank_lines(self):
        two = read_list(BLOCK + "\n\n" + BLOCK.replace("wxn", "pan"), "walk.list")
        self.assertEqual([one.name for one in two], ["wxn-ignored", "pan-ignored"])
        self.assertEqual(two[1].where, "walk.list:11")

    def test_lines_of_code_are_joined_and_the_new_code_may_be_empty(self):
        one = read_list(BLOCK.replace("+ 0", "+").replace("- (", "- if (x)\n- ("), "walk.list")[0]
        self.assertEqual((one.old, one.new), ("if (x) (config->wxn ? one : two)", ""))

    def test_each_mistake_is_found_with_its_place(self):
        for what, (text, sentence) in WRONG_LISTS.items():
            with self.subTest(what), self.assertRaises(Wrong) as error:
                read_list(text, "walk.list")
            self.assertIn(sentence, str(error.exception))
            self.assertTrue(str(error.exception).startswith("walk.list:2"))

    def test_a_name_belongs_to_one_mutant_of_all_lists(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("walk.list", "config.list"):
                (Path(folder) / name).write_text(BLOCK)
            with self.assertRaisesRegex(Wrong, "walk.list:2: wxn-ignored is also in config.list:2"):
                read_lists(Path(folder))

    def test_a_list_that_is_no_text_is_said_to_be_none(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "walk.list").write_bytes(b"\xd2\xe5")
            with self.assertRaisesRegex(Wrong, "walk.list:1: .*can't decode"):
                read_lists(Path(folder))

    def test_the_room_is_that_of_the_file(self):
        self.assertEqual(mutant(file="lib/xlate/gate.c").room, "xlate")
        self.assertEqual(mutant(file="lib/smmu.c").room, "core")


class Places(unittest.TestCase):
    def test_the_old_text_becomes_the_new_one(self):
        self.assertEqual(mutated("a = 1;\n", mutant()), "a = 2;\n")
        self.assertEqual(mutated("a = 1;\n", mutant(old="= 1", new="")), "a ;\n")

    def test_white_space_is_all_alike(self):
        self.assertEqual(mutated("if (a)\n\t\treturn  b;\n", mutant(old="if (a) return b;", new="")), "\n")

    def test_characters_mean_themselves(self):
        self.assertEqual(mutated(r"a*(b)[c] \n", mutant(old="*(b)[c] \\n", new=r"\1")), r"a\1")

    def test_text_that_is_not_there_or_twice_is_refused(self):
        for text, times in (("a = 3;", "0 times"), ("a = 1; b = 1;", "2 times")):
            with self.assertRaisesRegex(Wrong, times):
                mutated(text, mutant())

    def test_a_fault_that_changes_nothing_is_refused(self):
        with self.assertRaisesRegex(Wrong, "changes nothing"):
            mutated("a = 1;", mutant(new="1"))


class Citations(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        (self.root / "tests/walk").mkdir(parents=True)
        (self.root / "tests/walk/test_walk.c").write_text(PROGRAM)

    def test_ctest_names_lead_to_targets_and_sources(self):
        self.assertEqual(target_of("walk.walk_bits"), "test-walk-walk_bits")
        self.assertEqual(source_of("walk.walk_bits"), "tests/walk/test_walk_bits.c")

    def test_comments_and_rows_before_a_test_count_and_those_of_other_tests_do_not(self):
        for number in (4, 5, 6, 9, 11, 12):
            check_killer(self.root, mutant(breaks=f"PERM-{number:02}"), KNOWN)
        for number in (1, 2, 13, 7):
            with self.subTest(number), self.assertRaisesRegex(Wrong, "does not cite"):
                check_killer(self.root, mutant(breaks=f"PERM-{number:02}"), KNOWN)

    def test_a_test_that_is_not_there_is_found(self):
        self.assertIsNone(region_of(PROGRAM, "fourth"))
        for said in ({"function": "fourth"}, {"test": "walk.other"}):
            with self.assertRaisesRegex(Wrong, "there is no"):
                check_killer(self.root, mutant(**said), KNOWN)

    def test_what_has_no_requirement_is_said_by_its_section_or_header(self):
        (self.root / "tests/walk/test_walk.c").write_text("/* 10.4, stats.h: so it is */\nSTART_TEST(second)\n{\n}\nEND_TEST\n")
        for place in ("10.4", "stats.h"):
            check_killer(self.root, mutant(breaks=place), KNOWN)
        for place in ("10.3", "D8.7.1", "smmu.h", "10"):
            with self.subTest(place), self.assertRaises(Wrong):
                check_killer(self.root, mutant(breaks=place), KNOWN)

    def test_a_killer_and_a_requirement_must_be_named(self):
        with self.assertRaisesRegex(Wrong, "no test is said to kill it"):
            check_killer(self.root, mutant(test="", function=""), KNOWN)
        with self.assertRaisesRegex(Wrong, "PERM-77 is no requirement"):
            check_killer(self.root, mutant(breaks="PERM-77"), KNOWN)


REPLAYS = """# PERM-04: pages that may only be read
def test_it_comes_out():
    pass  # PERM-99
"""


class Replays(unittest.TestCase):
    """Mutants that smmu-sim kills."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        (self.root / "tests/cli").mkdir(parents=True)
        (self.root / "tests/cli/replay.py").write_text(REPLAYS)
        for name in ("session", "capture"):
            (self.root / "tests/data" / name).mkdir(parents=True)
        (self.root / "tests/data/session/session.txt.gz").write_text("")

    def read(self, killer):
        return read_list(BLOCK.replace("PERM-09", "PERM-04").replace("walk.permission a_test", killer), "replay.list")[0]

    def test_a_session_or_a_capture_is_replayed_perhaps_with_a_smaller_queue(self):
        for killer, replays, path in (("replay session D", ("session", ""), "session/session.txt.gz"),
                                      ("replay capture T", ("capture", ""), "capture"),
                                      ("replay capture:7 R", ("capture", "7"), "capture"),
                                      ("replay capture@16 T", ("capture", ""), "capture"),
                                      ("replay capture:7@16 T", ("capture", "7"), "capture")):
            mutant = self.read(killer)
            self.assertEqual(replayed(mutant.test), replays)
            self.assertEqual(places(mutant.test), "16" if "@" in killer else "")
            self.assertEqual(recording(self.root, mutant.test), self.root / "tests/data" / path)
            self.assertEqual((target_of(mutant.test), mutant.function), ("smmu-sim", killer[-1]))
            check_killer(self.root, mutant, KNOWN)
        self.assertIsNone(replayed("walk.permission"))

    def scenario(self, config="masters:\n  - {name: blk, stream_id: 2}\n"):
        (self.root / "configs").mkdir(exist_ok=True)
        (self.root / "configs/some.yaml").write_text(config)
        (self.root / "configs/some.trace").write_text("")
        (self.root / "tests/cli/configs.py").write_text(REPLAYS)

    def test_a_machine_with_a_trace_is_run(self):
        self.scenario()
        mutant = self.read("run some blk")
        self.assertEqual((scenario(mutant.test), target_of(mutant.test), mutant.function), ("some", "smmu-sim", "blk"))
        check_killer(self.root, mutant, KNOWN)
        self.assertIsNone(scenario("replay session"))
        self.assertIsNone(replayed(mutant.test))

    def test_a_machine_that_cannot_kill_is_found(self):
        self.scenario()
        for killer, why in (("run none blk", "there is no configs/none.yaml"), ("run some bl", "has no master bl")):
            with self.assertRaisesRegex(Wrong, why):
                check_killer(self.root, self.read(killer), KNOWN)
        (self.root / "tests/cli/configs.py").write_text("# PERM-09\n")
        with self.assertRaisesRegex(Wrong, "configs.py does not cite PERM-04"):
            check_killer(self.root, self.read("run some blk"), KNOWN)
        (self.root / "configs/some.trace").unlink()
        with self.assertRaisesRegex(Wrong, "there is no configs/some.yaml with a trace"):
            check_killer(self.root, self.read("run some blk"), KNOWN)

    def test_masters_whose_accesses_end_otherwise_are_what_fails(self):
        lines = [{"access": {"master": "a"}, "failed": True, "difference": "PA is 0"}, {"access": {"master": "b"}, "failed": False},
                 {"act": "! sync", "failed": True}, {"access": {}, "failed": True, "difference": "PA is 1"}]
        self.assertEqual(run.ending_otherwise(json.dumps({"accesses": lines})), {"a": ("F", "PA is 0")})

    def test_what_cannot_kill_is_found(self):
        for killer, why in (("replay none D", "there is no tests/data/none"), ("replay session W", "W is no kind of line"),
                            ("replay session", "there is no")):
            with self.assertRaisesRegex(Wrong, why):
                check_killer(self.root, self.read(killer), KNOWN)
        (self.root / "tests/cli/replay.py").write_text("# PERM-09\n")
        with self.assertRaisesRegex(Wrong, "replay.py does not cite PERM-04"):
            check_killer(self.root, self.read("replay session D"), KNOWN)

    def test_kinds_of_lines_that_differ_are_what_fails(self):
        kinds = [{"kind": "D", "different": 3}, {"kind": "T", "different": 0}]
        failed = run.differing(json.dumps({"summary": {"kinds": kinds}}))
        self.assertEqual(failed, {"D": ("F", "3 lines")})
        for kind, word in (("D", "killed"), ("T", "invalid")):
            self.assertEqual(run.verdict_of(self.read(f"replay session {kind}"), failed)[0], word)

    def test_a_test_may_choose(self):
        mutants = [self.read("replay session D"), mutant(name="other")]
        for pattern, names in (("^replay ", ["wxn-ignored"]), ("^(?!replay )", ["other"]), ("", ["wxn-ignored", "other"])):
            options = run.parse_options(["--by", pattern])
            self.assertEqual([m.name for m in run.select(mutants, options)], names)


class Verdicts(unittest.TestCase):
    def words(self, failed):
        return run.verdict_of(mutant(), failed)

    def test_check_output_is_read(self):
        output = ("33%: Checks: 3, Failures: 1, Errors: 1\n"
                  "/x/test_walk.c:12:F:walk:second:4: Assertion 'a:b' failed\n"
                  "/x/test_walk.c:30:E:walk:third:0: (after this point) Received signal 11 (Segmentation fault)\n")
        self.assertEqual(run.FAILURE.findall(output)[0], ("F", "second", "Assertion 'a:b' failed"))
        self.assertEqual(run.FAILURE.findall(output)[1][:2], ("E", "third"))

    def test_only_the_test_that_is_named_kills(self):
        self.assertEqual(self.words({"second": ("F", "")})[0], "killed")
        self.assertEqual(self.words(None)[0], "survived")
        self.assertEqual(self.words({"first": ("F", "")})[0], "invalid")

    def test_crash_and_timeout_are_told(self):
        self.assertIn("(crash)", self.words({"second": ("E", "Received signal 11")})[1])
        self.assertIn("(timeout)", self.words({"second": ("E", "Test timeout expired")})[1])
        self.assertIn("(crash)", self.words({})[1])

    def test_exit_status_1_if_one_survives_or_is_invalid_or_there_is_none(self):
        for words, status in ((["killed"], 0), (["killed", "survived"], 1), (["killed", "invalid"], 1), ([], 1)):
            report = run.Report()
            with contextlib.redirect_stdout(io.StringIO()):
                for word in words:
                    report(word, "")
                self.assertEqual(report.sum(), status)


class Choice(unittest.TestCase):
    MUTANTS = [mutant(name=f"m{n}", file=f"lib/walk/{n % 3}.c") for n in range(30)]

    def chosen(self, seed):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            names = [m.name for m in run.sample(self.MUTANTS, 10, seed)]
        self.assertIn(f"--seed {seed}", out.getvalue())
        return names

    def test_a_seed_always_gives_the_same_sample_and_another_one_another(self):
        self.assertEqual(self.chosen("abc"), self.chosen("abc"))
        self.assertNotEqual(self.chosen("abc"), self.chosen("abd"))
        self.assertEqual(len(set(self.chosen("abc"))), 10)

    def test_work_is_shared_by_file_and_nothing_is_lost(self):
        groups = run.shares(run.by_file(self.MUTANTS), 2)
        self.assertEqual(sorted(m.name for group in groups for m in group), sorted(m.name for m in self.MUTANTS))
        for group in groups:
            self.assertEqual(len({m.file for m in group}), 1)


LIBRARY = "int twice(int n)\n{\n\treturn 2 * n;\n}\n"
BUILD = """cmake_minimum_required(VERSION 3.22)
project(small LANGUAGES C)
add_library(smmu_internal STATIC lib/walk/twice.c)
add_subdirectory(tests)
"""
TESTS = """find_package(PkgConfig REQUIRED)
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
add_executable(test-walk-twice walk/test_twice.c)
target_link_libraries(test-walk-twice PRIVATE smmu_internal PkgConfig::CHECK)
"""
SUITE = """#include <check.h>
int twice(int n);

/* PERM-01 */
START_TEST(it_is_doubled)
{
	ck_assert_int_eq(twice(3), 6);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("twice");
	TCase *tests = tcase_create("twice");
	SRunner *runner = srunner_create(suite);

	tcase_add_test(tests, it_is_doubled);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	return srunner_ntests_failed(runner) != 0;
}
"""
LIST = """name: {name}
file: lib/walk/twice.c
- return 2 * n;
+ {new}
breaks: PERM-01
killed by: walk.twice it_is_doubled
"""
REQUIREMENTS = "id,section,requirement,layout\nPERM-01,1,it is doubled,no\n"


class Whole(unittest.TestCase):
    """A small library with one test, through the whole of it."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name) / "tree"
        for path, text in {"CMakeLists.txt": BUILD, "lib/walk/twice.c": LIBRARY, "tests/CMakeLists.txt": TESTS,
                           "tests/walk/test_twice.c": SUITE, "tests/mutants/walk.list": "", "cmake/x": "", "include/x": "",
                           "tests/data/conformance/requirements.csv": REQUIREMENTS}.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        self.list = self.root / "tests/mutants/walk.list"

    def tree(self):
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def judge(self, *options):
        """Exit status and what is printed; the sources stay as they are, and nothing is left behind."""
        before = self.tree()
        with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()) as out, \
                mock.patch.multiple(run, ROOT=self.root, HERE=self.list.parent), mock.patch("tempfile.tempdir", scratch):
            status = run.main(options)
            self.assertEqual(list(Path(scratch).iterdir()), [])
        self.assertEqual(self.tree(), before)
        return status, out.getvalue()

    def put(self, *mutants):
        self.list.write_text("\n".join(LIST.format(name=name, new=new) for name, new in mutants))

    def test_what_is_killed_is_success(self):
        self.put(("thrice", "return 3 * n;"), ("none", "return 0;"))
        status, out = self.judge()
        self.assertEqual(status, 0, out)
        self.assertIn("killed    thrice by walk.twice: it_is_doubled (PERM-01)", out)
        self.assertTrue(out.endswith("2 killed, 0 survived\n"), out)

    def test_what_survives_is_exit_status_1(self):
        self.put(("thrice", "return 3 * n;"), ("same", "return n + n;"))
        status, out = self.judge("--jobs", "2")
        self.assertEqual(status, 1)
        self.assertIn("survived  same: walk.twice it_is_doubled does not see it (PERM-01)", out)
        self.assertTrue(out.endswith("1 killed, 1 survived\n"), out)

    def test_what_does_not_compile_is_no_mutant(self):
        self.put(("broken", "return;;}"))
        status, out = self.judge()
        self.assertEqual(status, 1)
        self.assertIn("invalid   broken does not compile", out)

    def test_a_crash_kills_and_is_told(self):
        self.put(("crash", "__builtin_trap(); return n;"))
        status, out = self.judge()
        self.assertEqual(status, 0)
        self.assertIn("it_is_doubled (crash) (PERM-01)", out)

    def test_a_test_that_fails_without_a_mutant_proves_nothing(self):
        (self.root / "tests/walk/test_twice.c").write_text(SUITE.replace("6", "7"))
        self.put(("thrice", "return 3 * n;"))
        with self.assertRaisesRegex(Wrong, "walk.twice fails without any mutant"):
            self.judge()

    def test_authors_are_told_the_killers(self):
        self.list.write_text(LIST.format(name="none", new="return 0;").replace("killed by: walk.twice it_is_doubled\n", ""))
        status, out = self.judge("--find")
        self.assertEqual((status, out), (0, "killed    none (PERM-01)\n    killed by: walk.twice it_is_doubled\n"
                                            "1 killed, 0 survived\n"))

    def test_an_interrupt_leaves_nothing_behind(self):
        here, tests = Path(run.__file__).parent, self.root / "tests"
        (tests / "walk/test_twice.c").write_text(SUITE.replace("ck_assert", "for (;;)\n\t\tck_assert"))
        self.put(("thrice", "return 3 * n;"))
        for name in ("run.py", "lists.py"):
            shutil.copy(here / name, tests / "mutants")
        for folder in ("house", "cli"):
            shutil.copytree(here.parent / folder, tests / folder)
        with tempfile.TemporaryDirectory() as scratch:
            running = subprocess.Popen([sys.executable, tests / "mutants/run.py"], env={**run.os.environ, "TMPDIR": scratch},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 60
            while not list(Path(scratch).glob("*/build/tests/test-walk-twice")) and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.5)
            running.send_signal(signal.SIGTERM)
            self.assertEqual(running.wait(timeout=20), 130)
            self.assertEqual(list(Path(scratch).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
