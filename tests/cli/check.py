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
PLACED = re.compile(r"\{(\S+) (\S+) ([A-Z0-9]+)(?:\+(\d+)|=(\d)(?:~(0x[0-9a-f]+))?)?\}")


def config(name):
    return os.path.join(CONFIGS, name + ".yaml")


class Checked(Case):
    def check(self, *arguments, status=1):
        """The answer of smmu-sim check."""
        return self.json("check", *arguments, status=status)

    def find(self, *arguments):
        """Its only finding."""
        findings = self.check(*arguments)["findings"]
        self.assertEqual(len(findings), 1, [finding["text"] for finding in findings])
        return findings[0]


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
                said = {"kind": finding["kind"], "pending": finding["kept"][0]["pending"], "breaks": finding.get("breaks")}
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

    def test_what_commands_have_cost_is_counted(self):
        machine = self.write("machine.yaml", PLAIN)
        trace = self.trace(machine, "broad.trace", ["W nic 0x20000000 64", "W nic 0x20001000 64", "! w64 {nic 0x20000000 S1L3} 0",
                                                    "! tlbi nh_all", "! sync"])
        costs = {row["command"]: row for row in self.check("-c", machine, trace, status=0)["costs"]}
        self.assertEqual(costs["CMD_TLBI_NH_ALL"]["changed"], 1)
        self.assertGreater(costs["CMD_TLBI_NH_ALL"]["removed"], 2)  # and tables


if __name__ == "__main__":
    main()
