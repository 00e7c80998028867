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


def value(node, name):
    """A field of a node of explain, or None."""
    return next((int(row["value"], 16) for row in node["fields"] if row["name"] == name), None)


class Explained(Case):
    """Every fetch lies where the registers or the structure before it point, at its index: 5.1, 5.3, D8.2."""

    SIZE = {"L1STD": 8, "STE": 64, "L1CD": 8, "CD": 64}

    def follow(self, story):
        """Asserts it; the addresses that a stage uses next are kept in `base`."""
        registers = {node["title"]: int(node["value"], 16) for node in story if node["title"].startswith("SMMU_")}
        base = {"ST": registers.get("SMMU_STRTAB_BASE", 0) & ((1 << 56) - (1 << 6))}
        for node in (node for node in story if "pa" in node):
            structure, index = node["structure"], int(node["index"], 16)
            at = int(node.get("ipa", node["pa"]), 16)
            if "stage" in node:
                stage = node["stage"]
                self.assertEqual(at, base[stage] + 8 * index, node["title"])
                base[stage] = value(node, "NLTA") if structure.endswith("TABLE") else base.get(("root", stage))
            else:
                kind = "ST" if structure in ("L1STD", "STE") else "CD"
                self.assertEqual(at, base[kind] + self.SIZE[structure] * index, node["title"])
                base[kind] = value(node, "L2Ptr")
            if structure == "STE":
                base["CD"] = value(node, "S1ContextPtr")
                base[2] = base["root", 2] = value(node, "S2TTB")
            if structure == "CD":
                base[1] = value(node, "TTB0") if value(node, "TTB1") is None else value(node, "TTB1")

    def test_fetches_follow_each_other(self):
        seen = set()
        for name in ("stage1", "stage2", "nested", "substreams", "e8-32bit-master"):
            config = os.path.join(CONFIGS, name + ".yaml")
            with open(os.path.join(CONFIGS, name + ".trace"), encoding="utf-8") as trace:
                accesses = [line.split("expect=")[0].split("#")[0].strip() for line in trace if line[0] in "RWXA"]
            for access in accesses:
                with self.subTest(config=name, access=access):
                    story = self.json("explain", "-c", config, access)["story"]
                    self.follow(story)
                    seen.update(node["structure"] for node in story if "pa" in node)
        self.assertEqual(seen, {"L1STD", "STE", "L1CD", "CD", "TTD64_S1_TABLE", "TTD64_S1_LEAF", "TTD64_S2_TABLE",
                                "TTD64_S2_LEAF"})


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
