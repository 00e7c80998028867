# SPDX-License-Identifier: MIT
"""check: what is right has no finding; of each mistake that is planted there is one, with the commands that were missing."""
import glob
import gzip
import json
import os
import re
import shutil
import subprocess
import unittest

from _lib import QUICK, SOURCE, Case, main
from _mistakes import MISTAKES, PLAIN

CONFIGS = os.path.join(SOURCE, "configs")
DATA = os.path.join(SOURCE, "tests", "data")
SESSION = os.path.join(DATA, "linux-6.1-session", "session.txt.gz")
CAPTURE = os.path.join(DATA, "linux-6.12-virt-16k")

# Machines that show what comes of a mistake, or of what is only kept: what is found there is meant.
STALE = {"block-driver-stale", "boot-secure", "dpt", "forgotten", "granule-protection", "hypervisor", "maintenance", "passthrough",
         "pcie", "secure-block-driver", "secure-partitions", "secure-tlb", "shared-dirty", "shared-ram", "shared-tables",
         "shared-tables-no-btm", "missing-unmap", "missing-sync", "missing-table", "missing-stream", "missing-stage1", "missing-register"}

# Of some of them, and of each of their findings: its line, how often it was met, the line that changed memory, the commands; and the
# commands that a later access wants beside them, with its line.
BURSTS = 64  # of a page
REPORTS = {
    # A page that is shared between the worlds becomes Secure, IHI 0070 5.4, and goes by the Secure queue, 4.4.2.4; another moves
    "shared-ram": [(10, 3, 9, ["secure: CMD_TLBI_NH_VA asid=1 va=0x10000000 leaf=1"], None),
                   (50, 4, 49, ["secure: CMD_TLBI_NH_VA asid=2 va=0x10010000 leaf=1"], None)],
    # Late bursts to five pages of a request that is over: each of them; then they are mapped anew, 663 to 667
    "block-driver-stale": [(335 + BURSTS * page, None, 330 + page, [f"CMD_TLBI_NH_VA asid=6 va={0x20000000 + 0x1000 * page:#x} leaf=1"],
                            None) for page in range(5)],
    # The guest's block, of which 512 pieces are kept; the hypervisor's page by IPA, 4.4.3.1, and what both stages made of it
    "passthrough": [(16, 512, 15, ["CMD_TLBI_NH_VA vmid=7 asid=1 va=0x0 leaf=1"], None),
                    (42, 2, 41, ["CMD_TLBI_S2_IPA vmid=7 ipa=0x40205000 leaf=1"],
                     (47, ["CMD_TLBI_NH_ALL vmid=7", "CMD_TLBI_NH_VAA vmid=7 va=0x5000 leaf=1"]))],
    # Pages that the endpoint was given, 4K and 2M: 2^(9 + 12).  4.5.1
    "pcie": [(22, 1, 18, ["CMD_ATC_INV sid=0x100 va=0x1000"], None),
             (42, 1, 36, ["CMD_ATC_INV sid=0x100 va=0x200000 size=9"], None)],
    # IDR0.BTM = 0: what CPUs broadcast is not heard, and each ASID wants a command
    "shared-tables-no-btm": [(12, 1, 6, ["CMD_TLBI_NH_VA asid=3 va=0x10000000 leaf=1"], None),
                             (13, 2, 7, ["CMD_TLBI_NH_VA asid=4 va=0x10000000 leaf=1"], None)],
    # IDR0.BTM = 1: a page, 9; Leaf where a table was taken away, 47; CR2.PTM = 1, 62; stage 2, 81, and with VMW, 88
    "shared-tables": [(9, 4, 8, ["CMD_TLBI_NH_VA asid=3 va=0x10000000 leaf=1"], None),
                      (47, 2, 45, ["CMD_TLBI_NH_VA asid=3 va=0x10000000"], None),
                      (62, 3, 59, ["CMD_TLBI_NH_VA asid=3 va=0x10000000 leaf=1"], None),
                      (81, 1, 78, ["CMD_TLBI_S2_IPA vmid=6 ipa=0x40000000 leaf=1"], None),
                      (88, 2, 86, ["CMD_TLBI_S2_IPA vmid=6 ipa=0x40001000 leaf=1"], None)],
}

FREED = {("shared-tables", 47)}  # of these, those that use a table that was taken away; the others are stale uses

PLACED = re.compile(r"\{(\S+) (\S+) ([A-Z0-9]+)(?:\+(\d+)|=(\d)(?:~(0x[0-9a-f]+))?)?\}")


def config(name):
    return os.path.join(CONFIGS, name + ".yaml")


class Checked(Case):
    def check(self, *arguments, status=1):
        """The answer of smmu-sim check."""
        return self.json("check", *arguments, status=status)

    def planted(self, lines):
        """The beginning of SESSION, with another page in its 296th line: the address of a CMD_TLBI_NH_VA."""
        self.assertEqual(lines[295], "M 7ad00308 ffffc701")
        return self.write("session", "\n".join([*lines[:295], "M 7ad00308 ffffb701", *lines[296:400]]) + "\n")

    def find(self, *arguments):
        """Its only finding."""
        findings = self.check(*arguments)["findings"]
        self.assertEqual(len(findings), 1, [finding["text"] for finding in findings])
        return findings[0]


def texts(commands):
    return [command["text"] for command in commands]


class Right(Checked):
    """What software does right, and Linux does, has no finding."""

    def test_a_machine_that_means_nothing_to_be_stale_has_no_finding_and_the_others_have(self):
        found = {os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.trace"))}
        self.assertLessEqual(STALE, found)
        for name in sorted(found):
            with self.subTest(name):
                answer = self.check("-c", config(name), status=int(name in STALE))
                self.assertEqual(bool(answer["findings"]), name in STALE)

    def test_a_linux_kernel_has_invalidated_what_it_must(self):
        for recorded in (SESSION, CAPTURE):
            with self.subTest(recorded):
                answer = self.check(recorded, status=0)
                self.assertEqual((answer["findings"], answer["found"], answer["complete"]), ([], {}, True))
                self.assertGreater({row["command"]: row["removed"] for row in answer["costs"]}["CMD_TLBI_NH_VA"], 20000)

    def test_what_is_recorded_comes_again_as_it_was(self):
        for recorded in (SESSION, CAPTURE):
            self.assertIn(" 0 different\n", self.sim("replay", "--check", recorded)[0])


class Reports(Checked):
    # TLB-01, TLB-16, TLB-36, CMD-TLBI-S2-IPA: what stays, and what would have removed it.
    def test_what_is_found_is_told_with_its_lines_and_commands(self):
        for name, rows in REPORTS.items():
            with self.subTest(name):
                findings = self.check("-c", config(name))["findings"]
                self.assertEqual(len(findings), len(rows))
                for finding, (line, count, changed, commands, also) in zip(findings, rows):
                    self.assertEqual((finding["kind"], finding["line"], texts(finding["commands"])),
                                     ("freed" if (name, line) in FREED else "stale", line, commands))
                    self.assertEqual(finding["changed_at"], {"file": config(name)[:-4] + "trace", "line": changed})
                    self.assertEqual([(more["line"], texts(more["commands"])) for more in finding.get("also", [])], [also] if also else [])
                    if count:
                        self.assertEqual(finding["count"], count)

    def test_each_late_burst_is_a_stale_use(self):
        with open(os.path.join(CONFIGS, "block-driver-stale.trace"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        trace = self.write("late.trace", "\n".join(lines[:334 + 5 * BURSTS]) + "\n")
        self.assertEqual([finding["count"] for finding in self.check("-c", config("block-driver-stale"), trace)["findings"]], [BURSTS] * 5)

    def test_the_page_about_missing_invalidations_shows_what_is_printed(self):
        with open(os.path.join(SOURCE, "docs", "missing-invalidation.md"), encoding="utf-8") as file:
            page = file.read()
        shown = re.findall(r"^    \$ smmu-sim check -c configs/(\S+)\.yaml\n((?:(?:    .*)?\n)+)", page, re.MULTILINE)
        self.assertEqual({name for name, _ in shown}, {name for name in STALE if name.startswith("missing-")})
        for name, text in shown:
            with self.subTest(name):
                report, _ = self.sim("check", "-c", config(name), status=1)
                plain = "\n".join(line[4:] for line in text.rstrip().splitlines())
                self.assertEqual(report.replace(CONFIGS, "configs").split("\n\nCOMMAND")[0], plain)


class Mistakes(Checked):
    def setUp(self):
        super().setUp()
        self.steps = {}

    def step(self, machine, access, addr, name):
        """What explain has of the last structure of that name."""
        key = (machine, access, addr)
        if key not in self.steps:
            text, _ = self.sim("explain", "-c", machine, f"R {access} {addr} 4", "--json")
            self.steps[key] = json.loads(text)["story"]
        return [step for step in self.steps[key] if step.get("title", "").split("[")[0].replace(" ", "") == name][-1]

    def place(self, machine, found):
        access, addr, name, plus, word, less = found.groups()
        step = self.step(machine, access, addr, name)
        value = int(step["words"][int(word)], 16) if word else int(step["pa"], 16) + int(plus or 0)
        return f"{value & ~int(less or '0', 16):#x}"

    def trace(self, machine, name, lines):
        return self.write(name, "".join(PLACED.sub(lambda found: self.place(machine, found), line) + "\n" for line in lines))

    # IHI 0070 3.21.1, 3.21.3, 4.3.1 to 4.3.4, 4.4.1 to 4.4.4, 4.5.1, 4.6, 4.7.3: as _mistakes.py says.
    def test_of_each_mistake_there_is_one_finding_with_the_commands_that_were_missing(self):
        for mistake in MISTAKES:
            with self.subTest(mistake.title):
                machine = self.write("machine.yaml", mistake.machine)
                self.steps = {}
                right = self.trace(machine, "right.trace", mistake.right())
                self.assertEqual(self.check("-c", machine, right, status=0)["findings"], [])
                finding = self.find("-c", machine, self.trace(machine, "wrong.trace", mistake.wrong()))
                self.assertEqual([command["text"] for command in finding["commands"]], mistake.commands, finding["text"])
                said = {"kind": finding["kind"], "pending": finding["kept"][0]["pending"], "breaks": finding.get("breaks"),
                        "freed": finding.get("freed", {}).get("is")}
                self.assertEqual(said, mistake.said)

    def test_the_line_that_changed_memory_and_the_access_that_it_was_kept_for_are_named(self):
        machine = self.write("machine.yaml", PLAIN)
        trace = self.trace(machine, "wrong.trace", ["R nic 0x20001000 64", "W nic 0x20000000 64", "! w64 {nic 0x20000000 S1L3+8} 0x60000088001f43",
                                                    "! w64 {nic 0x20000000 S1L3} 0", "W nic 0x20000000 64", "W nic 0x20001000 64",
                                                    "R nic 0x20000000 64"])
        finding = self.find("-c", machine, trace)
        self.assertEqual((finding["file"], finding["line"]), (trace, 5))
        self.assertEqual(finding["kept"][0]["at"], {"file": trace, "line": 2})
        self.assertEqual(finding["changed_at"], {"file": trace, "line": 4})
        self.assertEqual((finding["count"], finding["last"]), (2, {"file": trace, "line": 7}))
        self.assertEqual((finding["write"], finding["addr"], finding["sid"]), (True, "0x20000000", "0x1"))
        self.assertEqual((finding["outcome"]["pa"], finding["fresh"]["event"]), ("0x88000000", "F_TRANSLATION"))
        text, _ = self.sim("check", "-c", machine, trace, status=1)
        self.assertTrue(text.startswith(f"{trace}:5: stale use: access 3, StreamID 0x1, write of 0x20000000\n"), text)
        for line in (f"  kept at {trace}:2\n", f"  changed at {trace}:4\n", f"  2 times, the last at {trace}:7\n",
                     "  needed: CMD_TLBI_NH_VA asid=6 va=0x20000000 leaf=1, then CMD_SYNC\n"):
            self.assertIn(line, text)
        self.assertTrue(text.endswith("\n1 finding: 1 stale use\n"), text)

    # IHI 0070 6.3.24, 4.3.6: the Stream table is another, for all that was read of the one before
    def test_the_register_by_which_something_is_out_of_date_is_named(self):
        finding = self.find("-c", config("missing-register"))
        before = int(finding["register"].pop("was"), 16)
        self.assertEqual(finding["register"], {"name": "SMMU_STRTAB_BASE", "security": "ns", "now": "0x9e000000", "fields": ["ADDR"],
                                               "access": 1})
        self.assertEqual(before & ~(1 << 62), int(self.step(config("missing-register"), "nic", "0x20000000", "L1STD")["pa"], 16))
        self.assertEqual(finding["changed_after"], {"file": config("missing-register")[:-4] + "trace", "line": 3})
        self.assertNotIn("changed", finding)
        self.assertEqual(texts(finding["commands"]), ["CMD_CFGI_ALL"])

    # IHI 0070 3.21.1: a walk that an invalidation affects is over when that is complete, and leaves nothing.
    def test_what_is_found_by_way_of_something_removed_is_gone_with_it(self):
        machine = self.write("machine.yaml", PLAIN)
        trace = self.trace(machine, "late.trace", ["W nic 0x20000000 64", "! w64 {nic 0x20000000 S1L2} 0", "! tlbi nh_asid asid=6",
                                                   "W nic 0x20001000 64", "! sync", "W nic 0x20001000 64", "W nic 0x20000000 64"])
        finding = self.find("-c", machine, trace)
        self.assertEqual((finding["line"], finding["count"], finding["commands"]), (4, 1, []))
        self.assertEqual([kept["kind"] for kept in finding["kept"]], ["table"])

    # The page is used again in the 303rd line.
    def test_one_command_of_a_session_that_names_another_page_is_found(self):
        with gzip.open(SESSION, "rt", encoding="ascii") as file:
            lines = file.read().splitlines()
        path = self.planted(lines)
        finding = self.find(path)
        self.assertEqual(texts(finding["commands"]), ["CMD_TLBI_NH_VA asid=4 va=0xffffc000 leaf=1"])
        self.assertEqual((finding["line"], finding["changed_at"]["line"], finding["kept"][0]["at"]["line"]), (303, 302, 289))
        self.assertIn("lines came otherwise than recorded", self.sim("check", path, status=1)[1])

    @unittest.skipUnless(shutil.which("zstd"), "no zstd here")
    def test_one_command_of_a_capture_that_is_lost_is_found(self):
        """A CMD_TLBI_NH_VA, of a page that is used again, becomes CMD_PREFETCH_CONFIG, which removes nothing."""
        copy = self.path("capture")
        shutil.copytree(CAPTURE, copy)
        packed = os.path.join(copy, "commands.csv.zst")
        rows = subprocess.run(["zstd", "-dc", packed], capture_output=True, check=True, text=True).stdout.splitlines()
        os.remove(packed)
        self.assertEqual(rows[87], "324,2516981680,0x6000000000012,0xffff0b01")
        rows[87] = "324,2516981680,0x1,0x0"
        self.write("capture/commands.csv", "\n".join(rows) + "\n")
        finding = self.find(copy)
        self.assertEqual(texts(finding["commands"]), ["CMD_TLBI_NH_VA asid=6 va=0xffff0000 leaf=1"])
        self.assertEqual([os.path.basename(place["file"]).split(".")[0] for place in (finding, finding["changed_at"])], ["dma", "memory"])

    def test_what_commands_have_cost_is_counted(self):
        machine = self.write("machine.yaml", PLAIN)
        trace = self.trace(machine, "broad.trace", ["W nic 0x20000000 64", "W nic 0x20001000 64", "! w64 {nic 0x20000000 S1L3} 0",
                                                    "! tlbi nh_all", "! sync"])
        costs = {row["command"]: row for row in self.check("-c", machine, trace, status=0)["costs"]}
        self.assertEqual(costs["CMD_TLBI_NH_ALL"]["changed"], 1)
        self.assertGreater(costs["CMD_TLBI_NH_ALL"]["removed"], 2)  # and tables


class Use(Checked):
    """The verb, its options, and those of run, replay and configurations."""

    STALE = ["W dma0 0x1000 4", "! w64 {dma0 0x1000 S1L3} 0", "W dma0 0x1000 4 expect=F_TRANSLATION,s2:0,class:IN"]

    def setUp(self):
        super().setUp()
        self.machine = self.write("quick.yaml", QUICK)
        step = json.loads(self.sim("explain", "-c", self.machine, "R dma0 0x1000 4", "--json")[0])["story"][-2]
        self.leaf = int(step["pa"], 16)
        self.lines = "\n".join(self.STALE).replace("{dma0 0x1000 S1L3}", f"{self.leaf:#x}") + "\n"
        self.trace = self.write("stale.trace", self.lines)

    def test_without_a_trace_that_of_the_configuration_is_checked(self):
        shutil.copy(self.trace, self.path("quick.trace"))
        self.assertEqual(self.find("-c", self.machine)["file"], self.path("quick.trace"))

    def test_run_checks_too_and_judges_expectations(self):
        answer = self.json("run", "--check", "-c", self.machine, self.trace, status=1)
        self.assertEqual(len(answer["findings"]), 1)
        self.assertEqual((answer["found"], answer["summary"]["failed"]), ({"stale": 1}, 1))
        text, _ = self.sim("run", "--check", "-q", "-c", self.machine, self.trace, status=1)
        self.assertIn(f"{self.trace}:3: failed: ", text)
        self.assertIn(f"\n{self.trace}:3: stale use: access 2, ", text)

    def test_what_meets_expectations_and_is_stale_is_no_success(self):
        trace = self.write("met.trace", self.lines.replace("F_TRANSLATION,s2:0,class:IN", "pa:0x80001000"))
        self.assertEqual(self.json("run", "--check", "-c", self.machine, trace, status=1)["summary"]["failed"], 0)
        self.sim("run", "-c", self.machine, trace, status=1)  # nothing is kept

    def test_a_configuration_says_that_it_is_checked_or_keeps(self):
        said = QUICK.replace("masters:", "smmu: [{check: %s}]\nmasters:")
        for word, findings in (("off", None), ("keeps", None), ("on", 1)):
            with self.subTest(word):
                machine = self.write("said.yaml", said % word)
                answer = self.json("run", "-c", machine, self.trace, status=int(word != "off"))
                self.assertEqual(len(answer["findings"]) if "findings" in answer else None, findings)
                self.assertEqual(answer["summary"]["failed"], int(word != "off"))
                self.assertIn(f"check: {word}", self.sim("dump", "-c", machine, "config")[0])
        self.assertIn("'true' is not one of off, keeps, on", self.sim("validate", "-c", self.write("said.yaml", said % "true"), status=2)[1])

    def test_what_is_counted_is_what_an_smmu_that_keeps_everything_counts(self):
        said = QUICK.replace("masters:", "smmu: [{statistics: {streams: 16}, check: %s}]\nmasters:")
        counted = []
        for word in ("keeps", "on"):
            machine = self.write("said.yaml", said % word)
            counted.append(self.json("run", "--stats", "-c", machine, self.trace, status=1)["statistics"])
        self.assertEqual(*counted)

    def test_of_several_smmus_each_is_checked_and_named(self):
        machine = self.write("two.yaml", QUICK.replace("masters:", "smmu: [{name: one}, {name: two}]\nmasters:")
                             .replace("name: dma0", "name: dma0\n    smmu: two"))
        step = json.loads(self.sim("explain", "-c", machine, "R dma0 0x1000 4", "--json")[0])["story"][-2]
        trace = self.write("two.trace", f"W dma0 0x1000 4\n! w64 {step['pa']} 0\nW dma0 0x1000 4\n")
        self.assertEqual(self.find("-c", machine, trace)["smmu"], "two")
        self.assertIn(f"{trace}:3: two: stale use: ", self.sim("check", "-c", machine, trace, status=1)[0])

    def test_ports_and_caches_change_nothing_of_it(self):
        findings = self.find("-c", self.machine, self.trace)
        for more in (["--caches", "0"], ["--ports", "16"], ["--ports", "16", "--batch"]):
            answer = self.json("run", "--check", "-c", self.machine, self.trace, *more, status=1)
            self.assertEqual(answer["findings"], [findings])
        with gzip.open(SESSION, "rt", encoding="ascii") as file:
            lines = file.read().splitlines()[:400]
        path = self.planted(lines)
        alike = [self.json("replay", "--check", path, *more, status=1)["findings"] for more in ([], ["--ports", "16", "--batch"])]
        self.assertEqual(len(alike[0]), 1)
        self.assertEqual(*alike)

    def test_wrong_use_is_said(self):
        for arguments, words in ((["check"], "give -c CONFIG, or one SESSION or DIRECTORY"), (["check", "a", "b"], "one SESSION"),
                                 (["check", "-c", self.machine, "--profile", "generic-3.1"], "--profile is of sessions"),
                                 (["check", SESSION, "--profile", "nobody"], "nobody"),
                                 (["replay", "--check", "--record", "r", SESSION], "--check goes with neither"),
                                 (["replay", "--check", "--save-every", "9", SESSION], "--check goes with neither")):
            with self.subTest(arguments):
                self.assertIn(words, self.sim(*arguments, status=2)[1])

    def test_what_breaks_off_is_said_with_what_was_found_before(self):
        broken = self.write("broken.trace", self.lines + "nonsense\n")
        out, err = self.sim("check", "-c", self.machine, broken, status=3)
        self.assert_placed(err, broken, 4)
        self.assertIn("1 finding: 1 stale use\nincomplete: ", out)
        answer = self.check("-c", self.machine, broken, status=3)
        self.assertEqual((answer["complete"], len(answer["findings"])), (False, 1))
        self.sim("check", self.path("nothing"), status=3)


if __name__ == "__main__":
    main()
