# SPDX-License-Identifier: MIT
"""The machines of configs/: their traces meet every expectation, and the captures of Linux give every recorded answer."""
import csv
import glob
import os

from _lib import Case, SOURCE, main

CONFIGS = os.path.join(SOURCE, "configs")
CAPTURES = ("linux-6.1-virt-strict", "linux-6.12-virt-16k")


class Machines(Case):
    def test_every_configuration_with_a_trace_meets_it_strictly(self):
        traces = glob.glob(os.path.join(CONFIGS, "*.trace"))
        self.assertTrue(traces)
        for trace in sorted(traces):
            config = trace[:-len(".trace")] + ".yaml"
            with self.subTest(config=config):
                summary = self.json("run", "-c", config, "--strict", "-q")["summary"]
                self.assertEqual(summary["expectations"], summary["accesses"])
                self.assertEqual(summary["failed"], 0)

    def test_every_configuration_is_valid(self):
        for config in sorted(glob.glob(os.path.join(CONFIGS, "*.yaml"))):
            with self.subTest(config=config):
                self.sim("validate", "-c", config)


class Captures(Case):
    def rows(self, name):
        with open(os.path.join(SOURCE, "tests", "data", name, "expected.csv"), newline="", encoding="ascii") as file:
            return list(csv.reader(file))

    def ask(self, name, rows, status=0):
        path = self.write("expected.csv", "".join(",".join(row) + "\n" for row in rows))
        return self.sim("run", "-c", os.path.join(CONFIGS, name + ".yaml"), "--expect", path, status=status)[0]

    def test_every_row_agrees(self):
        for name in CAPTURES:
            rows = self.rows(name)
            out = self.ask(name, rows)
            self.assertIn(f"{len(rows) - 1} accesses in {len(rows) - 1} parts; {len(rows) - 1} of them with an expectation, "
                          "0 failed", out)

    def test_one_changed_row_is_named(self):
        for name in CAPTURES:
            rows = self.rows(name)
            outcome, pa = rows[0].index("outcome"), rows[0].index("pa")
            changes = {}
            for number, row in enumerate(rows[1:], 1):     # the last row of each outcome
                changes[row[outcome]] = number
            for kind, number in changes.items():
                changed = [list(row) for row in rows]
                if kind == "OK":
                    changed[number][pa] = hex(int(changed[number][pa], 16) ^ 0x1000)
                else:
                    changed[number][outcome] = "F_ACCESS"
                out = self.ask(name, changed, status=1)
                failed = [line for line in out.splitlines() if ": failed: " in line]
                self.assertEqual(len(failed), 1, kind)
                self.assertIn(f"expected.csv:{number + 1}: failed: ", failed[0])


if __name__ == "__main__":
    main()
