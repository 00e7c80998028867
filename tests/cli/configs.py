# SPDX-License-Identifier: MIT
"""configs/: each machine answers its trace as the trace says, and Linux's tables as their captures say."""
import csv
import glob
import os
import re

import _generated
from _lib import SOURCE, Case, main

CONFIGS = os.path.join(SOURCE, "configs")
CAPTURES = ["linux-6.1-virt-strict", "linux-6.12-virt-16k"]

# What a machine may not lose, by the names of docs/configs.md.
SCENARIOS = ["quickstart", "stage1", "stage2", "nested", "substreams", "modes", "disabled", "disabled-abort",
             "32bit-master", "scatter-gather", "window", "thousand-streams", "block-driver", "msi", "msi-wired", "user-space",
             "ats", "passthrough", "forgotten", "hypervisor"]

# Those that are about what is kept; and the lines by which software has it forgotten.
CACHED = ["passthrough", "forgotten", "hypervisor"]
INVALIDATES = re.compile(r"! (tlbi|cfgi) ")

# Those whose traces expect what the SMMU does; the lines that count; and values in them.
ACTS = ["block-driver", "msi", "msi-wired", "user-space"]
COUNTS = re.compile(r"! expect (event|msi|interrupt|gerror|invalidation) ")
EXPECTED_VALUE = re.compile(r"^(! (?:mmio )?r[36][24] .*expect=|! expect event .* addr=|! expect msi |! expect prod (?=[0-9])|"
                            r"! expect invalidation .* addr=)[0-9a-fx]+(?![/0-9a-fx])")


def config(name):
    return os.path.join(CONFIGS, name + ".yaml")


def data(capture, file):
    return os.path.join(SOURCE, "tests", "data", capture, file)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def content(path):
    """The lines of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


class Traces(Case):
    def test_every_machine_has_a_trace_and_a_line_in_the_index(self):
        found = {os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.yaml"))}
        self.assertEqual(found, {*SCENARIOS, *CAPTURES})
        with open(os.path.join(SOURCE, "docs", "configs.md"), encoding="utf-8") as file:
            index = file.read()
        for name in found:
            self.assertIn(f"../configs/{name}.yaml", index)
            self.assertEqual(os.path.exists(os.path.join(CONFIGS, name + ".trace")), name not in CAPTURES)

    def test_every_access_ends_as_its_complete_expectation_says(self):
        for name in SCENARIOS:
            with self.subTest(name):
                out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet")
                self.assertNotIn("failed:", out)

    # TLB-11: an SMMU may keep what it has read or not, where software invalidates what it must.
    def test_caches_change_nothing_where_software_invalidates_what_it_must(self):
        for name in SCENARIOS:
            for places in ("2", "4096"):
                if name not in CACHED:
                    with self.subTest(name, places=places):
                        self.sim("run", "-c", config(name), "--strict", "--quiet", "--caches", places)

    def test_without_its_invalidations_a_trace_meets_what_was_kept(self):
        for name, count in (("nested", 3), ("block-driver", 2)):
            trace = self.write("less.trace", "".join(line + "\n" for line in content(os.path.join(CONFIGS, name + ".trace"))
                                                     if not INVALIDATES.match(line) and not line.startswith("! expect")))
            self.sim("run", "-c", config(name), "--quiet", trace)
            out, _ = self.sim("run", "-c", config(name), "--quiet", "--caches", "4096", trace, status=1)
            self.assertGreaterEqual(out.count("is OK, expected ABORT"), count, out)

    def test_without_caches_nothing_is_met_that_was_kept(self):
        for name in CACHED:
            out, _ = self.sim("run", "-c", config(name), "--quiet", "--caches", "0", status=1)
            self.assertIn("failed:", out)

    def test_a_wrong_expectation_is_found_and_named(self):
        for name in SCENARIOS:
            with self.subTest(name):
                lines = content(os.path.join(CONFIGS, name + ".trace"))
                at = next(i for i, line in enumerate(lines) if "expect=pa:0x" in line)
                lines[at] = lines[at].replace("expect=pa:0x", "expect=pa:0x1")
                trace = self.write("wrong.trace", "\n".join(lines) + "\n")
                out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)
                self.assertEqual(out.count("failed:"), 1)
                self.assertIn(f"{trace}:{at + 1}: failed:", out)

    def test_every_line_that_expects_an_act_counts(self):
        """Without any one of them, where the block allows for nothing beside, the rest does not account for what the SMMU did."""
        for name in ACTS:
            lines = content(os.path.join(CONFIGS, name + ".trace"))
            for at in [i for i, line in enumerate(lines) if COUNTS.match(line) and lines[i + 1] != "! expect anything"]:
                with self.subTest(name, line=at + 1):
                    trace = self.write("less.trace", "\n".join([*lines[:at], "", *lines[at + 1:]]) + "\n")
                    self.assertIn("failed:", self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)[0])

    def test_what_an_act_comes_to_is_judged(self):
        for name in ACTS:
            lines = content(os.path.join(CONFIGS, name + ".trace"))
            for at, line in enumerate(lines):
                changed = EXPECTED_VALUE.sub(lambda found: found.group(1) + "0x7ffff8", line)
                if changed == line:
                    continue
                with self.subTest(name, line=at + 1):
                    trace = self.write("wrong.trace", "\n".join([*lines[:at], changed, *lines[at + 1:]]) + "\n")
                    out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)
                    self.assertIn(f"{trace}:{at + 1}: failed:", out)

    def test_generated_machines_are_what_their_rules_give(self):
        for name, text in _generated.FILES.items():
            with open(os.path.join(CONFIGS, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), text(), name)

    def test_a_thousand_streams_meet_no_configuration_fault(self):
        lines = content(os.path.join(CONFIGS, "thousand-streams.trace"))
        trace = self.write("streams.trace", "\n".join(line for line in lines if "+" in line) + "\n")
        summary = self.json("run", "-c", config("thousand-streams"), trace)["summary"]
        self.assertEqual(summary["accesses"], 2000)
        self.assertEqual({row["outcome"]: row["parts"] for row in summary["outcomes"]}, {"OK translated": 2000})
        for smmu, two_level in (("linear", False), ("two-level", True)):
            table = self.json("dump", "-c", config("thousand-streams"), "stream-table", "--smmu", smmu)
            self.assertEqual((table["two_level"], table["log2size"]), (two_level, 16))
            legal = [sid for row in table["rows"] if not row["illegal"]
                     for sid in range(int(row["sid"], 16), int(row["last"], 16) + 1)]
            self.assertEqual(legal, list(range(1000)))


class Captures(Case):
    def test_linux_captures_agree_in_every_row(self):
        for capture in CAPTURES:
            with self.subTest(capture):
                expected = data(capture, "expected.csv")
                summary = self.json("run", "-c", config(capture), "--expect", expected)["summary"]
                self.assertEqual(summary["accesses"], len(rows(expected)))

    def assert_only_failure(self, capture, line, row):
        """With one line replaced by row, that row fails and no other."""
        lines = content(data(capture, "expected.csv"))
        lines[line - 1] = row
        changed = self.write("changed.csv", "\n".join(lines) + "\n")
        out, _ = self.sim("run", "-c", config(capture), "--expect", changed, status=1)
        self.assertEqual(out.count("failed:"), 1)
        self.assertIn(f"{changed}:{line}: failed:", out)

    def test_one_changed_row_fails_and_is_named(self):
        other = {"OK": "F_TRANSLATION", "F_TRANSLATION": "F_PERMISSION", "F_PERMISSION": "ABORT",
                 "C_BAD_STREAMID": "ABORT", "ABORT": "C_BAD_STREAMID"}
        for capture in CAPTURES:
            seen = set()
            for line, row in enumerate(content(data(capture, "expected.csv"))[1:], 2):
                cells = row.split(",")
                if cells[4] in seen:
                    continue
                seen.add(cells[4])
                with self.subTest(capture, outcome=cells[4]):
                    self.assert_only_failure(capture, line, ",".join([*cells[:4], other[cells[4]], cells[5]]))
                if cells[4] == "OK":
                    moved = f"{int(cells[5], 16) ^ 0x1000:#x}"
                    self.assert_only_failure(capture, line, ",".join([*cells[:5], moved]))
            self.assertIn("OK", seen)

    def test_dumped_mappings_are_those_of_the_capture_row_by_row(self):
        for capture in CAPTURES:
            expected = rows(data(capture, "mappings.csv"))
            for stream in rows(data(capture, "streams.csv")):
                with self.subTest(capture, sid=stream["sid"]):
                    answer = self.json("dump", "-c", config(capture), "tables", "--sid", stream["sid"])
                    self.assertTrue(answer["complete"])
                    self.assertEqual([dumped(row, answer["stage"]) for row in answer["rows"]],
                                     [captured(row) for row in expected if row["sid"] == stream["sid"]])

    def test_dumped_streams_are_those_of_the_capture(self):
        for capture in CAPTURES:
            with self.subTest(capture):
                table = self.json("dump", "-c", config(capture), "stream-table")
                legal = [(row["sid"], row["pa"], row["cd"]) for row in table["rows"] if not row["illegal"]
                         and int(row["config"], 16) == 5]
                self.assertEqual(legal, [(row["sid"], row["ste_pa"], row["cd_pa"])
                                         for row in rows(data(capture, "streams.csv"))])


def captured(row):
    return (int(row["iova"], 16), int(row["pa"], 16), int(row["size"], 16), int(row["stage"]), int(row["level"]),
            int(row["descriptor"], 16), row["perm"].replace("-", ""))


def dumped(row, stage):
    perm = "".join(letter for letter in row["unprivileged"].upper() if letter in "RW")
    return (int(row["input"], 16), int(row["output"], 16), row["bytes"], stage, row["level"], int(row["descriptor"], 16), perm)


if __name__ == "__main__":
    main()
