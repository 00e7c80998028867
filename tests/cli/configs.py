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
             "32bit-master", "32bit-master-lpae", "scatter-gather", "window", "small-tables", "lpa2", "mpam", "d128", "thousand-streams", "block-driver", "msi", "msi-wired", "user-space",
             "ats", "atos", "pcie", "boot", "passthrough", "shared-tables", "shared-tables-no-btm", "shared-dirty", "forgotten", "block-driver-stale",
             "maintenance", "dpt", "hypervisor", "shared-ram", "secure-block-driver", "trustzone-masters", "secure-tlb",
             "granule-protection", "secure-partitions", "realm", "shared-ram-strict", "security-controller", "window-firewall", "device-memory", "boot-secure",
             "missing-unmap", "missing-sync", "missing-table", "missing-stream", "missing-stage1", "missing-register",
             "adverse-memory", "adverse-driver", "adverse-queues", *(f"scatter-gather-{places}" for places in _generated.TLB_PLACES)]

# Those that are about what is kept; of them those whose figures are expected; and the lines by which software has it forgotten.
COUNTED = [f"scatter-gather-{places}" for places in _generated.TLB_PLACES]
CACHED = ["passthrough", "shared-tables", "shared-tables-no-btm", "shared-dirty", "forgotten", "block-driver-stale", "maintenance", "dpt", "hypervisor", "shared-ram",
          "secure-block-driver", "secure-tlb", "secure-partitions", "boot-secure", "granule-protection", *COUNTED]
INVALIDATES = re.compile(r"! (secure: )?(tlbi|cfgi|dpti) ")

# What the others have that changes nothing: of another VMID, ASID, address or structure.
VAIN = {"passthrough": ["! tlbi nh_all vmid=8", "! tlbi nh_asid asid=2 vmid=7"],
        "shared-tables": [], "shared-tables-no-btm": [], "shared-dirty": [],
        "forgotten": ["! tlbi nh_va asid=7 va=0x20000000 leaf", "! tlbi nh_va asid=6 va=0x20001000 leaf", "! tlbi nsnh_all",
                      "! cfgi cd sid=2",
                      "! cfgi cd sid=2 leaf                                                    # for what is not valid may be kept, too"],
        "block-driver-stale": [],
        "maintenance": ["! tlbi s12_vmall vmid=8", "! tlbi nh_all vmid=7"],
        "dpt": ["! tlbi nsnh_all", "! cfgi all", "! dpti pa pa=0x90202000 leaf", "! dpti pa pa=0x90000000 size=64K leaf"],
        "hypervisor": ["! tlbi el2_asid asid=5    # in vain", "! tlbi el2_asid asid=6    # in vain"],
        "shared-ram": ["! tlbi nh_va asid=1 va=0x10000000 leaf    # in vain"],
        "secure-partitions": ["! secure: tlbi nh_asid asid=1 vmid=1    # in vain", "! secure: tlbi nh_asid asid=1 vmid=2    # in vain"],
        "secure-tlb": ["! secure: tlbi nh_asid asid=3    # in vain", "! secure: tlbi snh_all expect=CERROR_ILL"]}

# Those whose traces expect what the SMMU does; the lines that count; and values in them.
ACTS = ["block-driver", "msi", "msi-wired", "user-space", "boot", "atos", "pcie", "secure-block-driver", "trustzone-masters",
        "secure-partitions", "realm", "security-controller", "boot-secure", "granule-protection",
        "adverse-memory", "adverse-driver", "adverse-queues"]
COUNTS = re.compile(r"! (?:(?:secure|realm|root): )?expect (event|msi|interrupt|gerror|invalidation|atc_inv|page|response) ")
EXPECTED_VALUE = re.compile(r"^(! (?:(?:secure|realm|root): )?(?:(?:mmio )?r[36][24] .*expect=|expect event .* addr=|expect msi |expect prod (?=[0-9])|"
                            r"expect invalidation .* addr=|expect (?:event|page|atc_inv) .*addr=))[0-9a-fx]+(?![/0-9a-fx])")


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
    def test_what_is_dumped_of_a_machine_is_that_machine(self):
        for name in ("32bit-master-lpae", "lpa2", "d128", "shared-dirty", "nested"):
            with self.subTest(name):
                text, _ = self.sim("dump", "-c", config(name), "config")
                self.write("again.yaml", text)
                self.assertEqual(self.sim("dump", "-c", "again.yaml", "config")[0], text)

    def test_every_machine_has_a_trace_and_a_line_in_the_index(self):
        found = {os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.yaml"))}
        self.assertEqual(found, {*SCENARIOS, *CAPTURES})
        with open(os.path.join(SOURCE, "docs", "configs.md"), encoding="utf-8") as file:
            index = file.read()
        for name in found:
            self.assertIn(f"../configs/{name}.yaml", index)
            self.assertEqual(os.path.exists(os.path.join(CONFIGS, name + ".trace")), name not in CAPTURES)

    # 3.21.1, TLB-35: with an invalidation that is missing, or not complete, missing-unmap and missing-sync meet what was kept.
    # TLB-01, TLB-16 to TLB-18, TLB-23, TLB-25 to TLB-29, PERM-01, CFG-03, CFG-05, CMD-CFGI-STE, CMD-CFGI-CD, L1STD-07: with what the
    # machines of CACHED keep, a command removes what it names.
    # WALK-21, WALK4K-01, WALK16K-01, WALK64K-01, S2-01, S2-02, S2-04, S2-05, CD-37, STE-66, STE-69: small-tables has windows of each
    # granule and stage that only IDR3.STT allows, and shows where they end.
    # D128-01 to D128-06, STE-34, STE-67, STE-70, CD-38, CD-42: d128 has VMSAv9-128 at either stage, at both and beside VMSAv8-64, and
    # shows where it ends.
    # WALK-10, WALK-13, WALK-28, WALK4K-07, WALK16K-03, CD-21, STE-35: lpa2 has what IDR5.DS adds, and shows that nothing else has it.
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

    # Each of these commands is needed where it stands; those of VAIN are of others, and COUNTED has tests of its own.
    def test_without_any_one_of_its_commands_a_trace_meets_what_was_kept(self):
        for name in VAIN:
            lines = content(os.path.join(CONFIGS, name + ".trace"))
            for at in [i for i, line in enumerate(lines) if INVALIDATES.match(line) and line not in VAIN[name]]:
                with self.subTest(name, line=at + 1):
                    trace = self.write("less.trace", "\n".join([*lines[:at], "", *lines[at + 1:]]) + "\n")
                    out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)
                    self.assertIn("failed:", out)

    def test_without_caches_nothing_is_met_that_was_kept(self):
        for name in CACHED:
            out, _ = self.sim("run", "-c", config(name), "--quiet", "--caches", "0", status=1)
            self.assertIn("failed:", out)

    # TLB-36, CR-030: each of the machines that hear CPUs needs what they say, and the other does not.
    def test_without_what_cpus_broadcast_a_trace_meets_what_was_kept(self):
        for name, status in (("shared-tables", 1), ("shared-tables-no-btm", 0)):
            trace = self.write("less.trace", "".join(line + "\n" for line in content(os.path.join(CONFIGS, name + ".trace"))
                                                     if not line.startswith("! dvm ")))
            self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=status)

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
                changed = EXPECTED_VALUE.sub(lambda found: found.group(1) + "0x7ff000", line)
                if changed == line:
                    continue
                with self.subTest(name, line=at + 1):
                    trace = self.write("wrong.trace", "\n".join([*lines[:at], changed, *lines[at + 1:]]) + "\n")
                    out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)
                    self.assertIn(f"{trace}:{at + 1}: failed:", out)

    def fails(self, name, at, line, fails_at=None):
        """With another line in its place the trace fails: there, or anywhere."""
        lines = content(os.path.join(CONFIGS, name + ".trace"))
        trace = self.write("changed.trace", "\n".join([*lines[:at], line, *lines[at + 1:]]) + "\n")
        out, _ = self.sim("run", "-c", config(name), "--strict", "--quiet", trace, status=1)
        self.assertIn(f"{trace}:{at + 1}: failed:" if fails_at is None else "failed:", out)

    def test_every_access_of_endpoints_and_how_it_came_by_its_translation_is_judged(self):
        other = {"hit": "asked", "asked": "hit"}
        for at, line in enumerate(content(os.path.join(CONFIGS, "pcie.trace"))):
            if not re.match("[A-Z]", line) or line.startswith("PR"):
                continue
            with self.subTest(line=at + 1):
                self.fails("pcie", at, line.split("expect=")[0])
                self.fails("pcie", at, line.split("expect=")[0] + "expect=busy")
            if "atc:" in line:
                with self.subTest("atc", line=at + 1):
                    self.fails("pcie", at, re.sub("atc:([a-z]+)", lambda way: "atc:" + other[way.group(1)], line))
                    self.fails("pcie", at, re.sub(",atc:[a-z]+", "", line))

    def test_every_act_of_software_and_of_endpoints_counts(self):
        for at, line in enumerate(content(os.path.join(CONFIGS, "pcie.trace"))):
            if re.match(r"PR |! (w64|atc_inv|pri_resp|endpoint|mmio w32|recover)", line) and "# dropped" not in line:
                with self.subTest(line=at + 1):
                    self.fails("pcie", at, "", "anywhere")
    def test_every_figure_that_is_expected_counts(self):
        """DDI 0487 D8.7: one number off in a line of figures, and that line fails, and no other."""
        lines = content(os.path.join(CONFIGS, COUNTED[0] + ".trace"))
        rows = [at for at, line in enumerate(lines) if line.startswith("! expect stats")]
        self.assertEqual(len(rows), 24)
        wrong = [re.sub(r"=(\d+)(?=$| )", lambda found: f"={int(found.group(1)) + 1}", re.sub(r"=\d+\.\.\d+", "=999..1000", line))
                 if at in rows else line for at, line in enumerate(lines)]
        trace = self.write("wrong.trace", "\n".join(wrong) + "\n")
        out, _ = self.sim("run", "-c", config(COUNTED[0]), "--strict", "--quiet", trace, status=1)
        self.assertEqual([int(at) for at in re.findall(r"wrong\.trace:(\d+): failed:", out)], [at + 1 for at in rows])

    def test_a_tlb_that_does_not_look_at_the_contiguous_bit_misses_each_page(self):
        for places in _generated.TLB_PLACES:
            name = f"scatter-gather-{places}"
            text = "\n".join(content(config(name))).replace("contiguous: true}\n    stat", "contiguous: false}\n    stat")
            trace = os.path.join(CONFIGS, name + ".trace")
            out, _ = self.sim("run", "-c", self.write("plain.yaml", text + "\n"), "--strict", "--quiet", trace, status=1)
            self.assertIn("tlb.misses is 128, expected 32;", out)
            self.assertNotIn("expected 0x", out)

    def test_without_its_invalidations_what_is_cold_is_not(self):
        name = COUNTED[-1]
        lines = content(os.path.join(CONFIGS, name + ".trace"))
        less = [line for line in lines if not line.startswith(("! tlbi", "! sync", "! expect invalidation"))]
        out, _ = self.sim("run", "-c", config(name), "--quiet", self.write("less.trace", "\n".join(less) + "\n"), status=1)
        self.assertEqual(len(re.findall(r"expect stats transactions=128 .* tlb.misses is", out)), 5)

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
                for places in ("0", "2", "4096"):
                    summary = self.json("run", "-c", config(capture), "--expect", expected, "--caches", places)["summary"]
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
