# SPDX-License-Identifier: MIT
"""explain, over the machines of configs/: every fetch lies where the registers or the structure before it point."""
import csv
import os

from _lib import Case, SOURCE, main

CONFIGS = os.path.join(SOURCE, "configs")
CAPTURES = ("linux-6.1-virt-strict", "linux-6.12-virt-16k")


def value(node, name):
    """A field of a node of explain, or None."""
    return next((int(row["value"], 16) for row in node["fields"] if row["name"] == name), None)


class Explained(Case):
    """The rules of 5.1, 5.3 and D8.2: base, and index times size."""

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
        for name in ("stage1", "stage2", "nested", "substreams", "32bit-master"):
            config = os.path.join(CONFIGS, name + ".yaml")
            with open(os.path.join(CONFIGS, name + ".trace"), encoding="utf-8") as trace:
                accesses = [line.split("expect=")[0].split("#")[0].strip() for line in trace if line[0] in "RWXA"]
            for access in accesses:
                with self.subTest(config=name, access=access):
                    story = self.json("explain", "-c", config, access)["story"]
                    self.follow(story)
                    seen.update(node["structure"] for node in story if "pa" in node)
        for name in CAPTURES:
            with open(os.path.join(SOURCE, "tests", "data", name, "expected.csv"), encoding="ascii") as file:
                rows = list(csv.DictReader(file))
            for row in rows[::len(rows) // 40]:
                access = f"{row['rw']} {row['sid']} {row['addr']} 1"
                with self.subTest(config=name, access=access):
                    self.follow(self.json("explain", "-c", os.path.join(CONFIGS, name + ".yaml"), access)["story"])
        self.assertEqual(seen, {"L1STD", "STE", "L1CD", "CD", "TTD64_S1_TABLE", "TTD64_S1_LEAF", "TTD64_S2_TABLE",
                                "TTD64_S2_LEAF"})


if __name__ == "__main__":
    main()
