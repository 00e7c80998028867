# SPDX-License-Identifier: MIT
"""smmu-sim audit: who reaches what, and each rule with a machine that breaks it and one that does not."""
import csv
import glob
import json
import os
import re
import subprocess

from _lib import CD_1, MEMORY, PAGE_RW, S1_L1, S1_L3, SIM, SOURCE, STREAM_TABLE, Case, main, squeeze, write_machine

CONFIGS = os.path.join(SOURCE, "configs")
SHARED = os.path.join(CONFIGS, "shared-ram.yaml")
MASTERS = os.path.join(CONFIGS, "trustzone-masters.yaml")

# Memories of both PA spaces, tables out of reach of what masters map; what masters have is appended.
BASE = """version: 1
smmu: [{features: {secure: true, ats: true, stall_model: 0, stall_max: 8}%s}]
memory:
  - {name: ns_ram, base: 0x80000000, size: 256M}
  - {name: s_ram, base: 0x70000000, size: 256M, pas: secure}
"""


def machine(masters, smmu="", more=""):
    return BASE % smmu + more + "masters:\n" + "".join(f"  - {{{master}}}\n" for master in masters)


def one(name, sid, mapping, more=""):
    return f"name: {name}, stream_id: {sid}, map: [{{va: 0x10000000, {mapping}}}]{more}"


PLAIN = one("nic", 1, "pa: 0x80100000, size: 4K")
SECURE = ", security: secure"

# Rule: a machine that breaks it, the findings of that rule as (who, input, pa, space, bytes, with), and a machine that does not.
RULES = {
    "illegal": (machine([PLAIN, one("bad", 2, "pa: 0x80101000, size: 4K", ", cd: {TG0: 3}")]), [("bad", None, None, None, None, "")],
                machine([PLAIN, "name: off, stream_id: 2, mode: invalid", "name: ended, stream_id: 3, mode: abort"])),
    "boot-window": (machine([PLAIN], ", enabled: false, bypass: {abort: false}"), [("nic", 0, 0, "ns", 1 << 52, "")],
                    machine([PLAIN], ", enabled: false, bypass: {abort: true}")),
    "bypass": (machine(["name: nic, stream_id: 1, mode: bypass, bus_width: 32"]), [("nic", 0, 0, "ns", 1 << 32, "")], machine([PLAIN])),
    "secure-memory": (machine(["name: nic, stream_id: 1, mode: bypass"]), [("nic", 0x70000000, 0x70000000, "ns", 1 << 28, "")],
                      machine(["name: nic, stream_id: 1, mode: bypass" + SECURE])),
    "secure-alias": (machine([one("nic", 1, "pa: 0x80100000, size: 8K, ns: false", SECURE)]),
                     [("nic", 0x10000000, 0x80100000, "secure", 0x2000, "")],
                     machine([one("nic", 1, "pa: 0x80100000, size: 8K, ns: true", SECURE)])),
    "ns-only": (machine([one("nic", 1, "pa: 0x70100000, size: 4K", SECURE + ", ns_only: true")]),
                [("nic", 0x10000000, 0x70100000, "secure", 0x1000, "")],
                machine([one("nic", 1, "pa: 0x80100000, size: 4K", SECURE + ", ns_only: true"), one("dma", 2, "pa: 0x70100000, size: 4K", SECURE)])),
    # The tables of one master are at the top of the memory: level 3 first, level 0 last
    "structures": (machine([one("nic", 1, "pa: 0x8fffd000, size: 4K")]),
                   [("nic", 0x10000000, 0x8fffd000, "ns", 0x1000, "translation tables")],
                   machine([one("nic", 1, "pa: 0x8fffd000, size: 4K, perm: ro")])),
    "write-execute": (machine([one("nic", 1, "pa: 0x80100000, size: 4K, ux: true")]), [("nic", 0x10000000, 0x80100000, "ns", 0x1000, "")],
                      machine([one("nic", 1, "pa: 0x80100000, size: 4K, perm: ro, exec: true"),
                               one("dma", 2, "pa: 0x80101000, size: 4K, perm: rw")])),
    "outside": (machine([one("nic", 1, "ipa: 0x20000000, size: 4K")]), [("nic", 0x10000000, 0x20000000, "ns", 0x1000, "")],
                machine([PLAIN, "name: dma, stream_id: 2, mode: bypass"])),
    "type-mismatch": (machine([PLAIN, one("dma", 2, "pa: 0x80000000, size: 2M, attr: nc, sh: ish")]),
                      [("dma", 0x10100000, 0x80100000, "ns", 0x1000, "nic")],
                      machine([PLAIN, one("dma", 2, "pa: 0x80000000, size: 2M, attr: wb, sh: ish")])),
    "shareability-mismatch": (machine([PLAIN, one("dma", 2, "pa: 0x80100000, size: 2M, sh: osh")]),
                              [("dma", 0x10000000, 0x80100000, "ns", 0x1000, "nic")],
                              machine([PLAIN, one("dma", 2, "pa: 0x80101000, size: 4K, sh: osh")])),
    "space-mismatch": (machine([PLAIN, one("dma", 2, "pa: 0x80100000, size: 4K, ns: false", SECURE)]),
                       [("dma", 0x10000000, 0x80100000, "secure", 0x1000, "nic")],
                       machine([PLAIN, one("dma", 2, "pa: 0x80100000, size: 4K, ns: true", SECURE)])),
    "sharing": (machine([PLAIN + ", exclusive: true", one("dma", 2, "pa: 0x80000000, size: 2M, perm: ro")]),
                [("dma", 0x10100000, 0x80100000, "ns", 0x1000, "nic")],
                machine([PLAIN + ", exclusive: true", one("dma", 2, "pa: 0x80101000, size: 4K")])),
    "stall-pcie": (machine([PLAIN + ", can_stall: false, cd: {S: 1}"]), [("nic", None, None, None, None, "")],
                   machine([PLAIN + ", cd: {S: 1}", one("dma", 2, "pa: 0x80101000, size: 4K", ", can_stall: false")])),
    "ats-unchecked": (machine([PLAIN + ", atc: {}, ste: {EATS: 1}"]), [("nic", None, None, None, None, "")],
                      machine([PLAIN + ", ste: {EATS: 1}"])),
}


def number(text):
    return int(text, 16) if text is not None else None


class Audit(Case):
    def audit(self, config, *more, status):
        return self.json("audit", "-c", config, *more, status=status)

    def text(self, config, *more, status):
        return squeeze(self.sim("audit", "-c", config, *more, status=status)[0])

    def found(self, answer, rule):
        return [(row["who"], number(row.get("input")), number(row.get("pa")), row.get("pas"), row.get("bytes"), row["with"])
                for row in answer["findings"] if row["rule"] == rule]

    def ranges(self, answer, who):
        return [(number(row["input"]), number(row["pa"]), row["bytes"], row["pas"], row["unprivileged"] + row["privileged"], row["type"],
                 row["shareability"], row["via"]) for subject in answer["subjects"] if subject["who"] == who for row in subject["ranges"]]

    def test_each_rule_finds_what_breaks_it_and_nothing_else(self):
        for rule, (bad, findings, good) in RULES.items():
            with self.subTest(rule):
                answer = self.audit(self.write("bad.yaml", bad), status=1)
                self.assertEqual(self.found(answer, rule), findings)
                done = self.sim("audit", "-c", self.write("good.yaml", good), "--json", status="mode: bypass" in good)
                self.assertNotIn(f'"rule": "{rule}"', done[0])

    # 5.4, 13.4.2: NS of a leaf, NSTable above it, STE.NSCFG: each, flipped, makes Non-secure memory's Secure alias
    def test_a_flipped_ns_is_named_with_stream_and_address(self):
        leaf = "{va: 0x10000000, pa: 0x80100000, size: 4K, attr: nc}"
        gate = "{va: 0x10010000, pa: 0x80200000, size: 4K, ns: false, table_bits: 0x8000000000000000}"
        for config, prepare, flip, leak in (
                (SHARED, ("", ""), (leaf, leaf.replace("attr", "ns: false, attr")), ("sdhc", 0x10000000, 0x80100000, "secure", 0x1000, "")),
                (SHARED, ("[{va: 0x10010000, pa: 0x70100000, size: 4K}]", f"[{gate}]"), (", table_bits: 0x8000000000000000", ""),
                 ("sdhc-gate", 0x10010000, 0x80200000, "secure", 0x1000, "")),
                (MASTERS, ("", ""), ("NSCFG: 3", "NSCFG: 2"), ("dpu-out", 0x80000000, 0x80000000, "secure", 1 << 28, ""))):
            with self.subTest(flip), open(config, encoding="utf-8") as file:
                text = file.read().replace(*prepare)
                self.assertIn(flip[0], text)
                before = self.found(self.audit(self.write("before.yaml", text), status=1), "secure-alias")
                after = self.found(self.audit(self.write("after.yaml", text.replace(*flip, 1)), status=1), "secure-alias")
                self.assertEqual([row for row in after if row not in before], [leak])

    # 13.1: what the driver's CPUs have Non-cacheable, and so Outer Shareable, is Device, Write-Back and Write-Through by other pages
    def test_a_page_that_cpus_map_otherwise_is_named_by_each_mapping(self):
        answer = self.audit(os.path.join(SOURCE, "configs", "device-memory.yaml"), "--limit", "1000", status=1)
        for rule, inputs in ("type-mismatch", [0x1000, 0x3000, 0x4000, 0x5000]), ("shareability-mismatch", [0x3000, 0x5000]):
            rows = [row for row in self.found(answer, rule) if row[0] == "dma"]
            self.assertEqual(rows, [("dma", va, 0x80100000, "ns", 0x1000, "driver") for va in inputs])

    # E1's policy: Secure memory that a guest's address has led to
    def test_a_policy_says_whose_memory_is_non_secure(self):
        leak = [("sdhc", 0x10010000, 0x70100000, "secure", 0x1000, "")]
        self.assertEqual(self.found(self.audit(SHARED, "--policy", "ns-only-for=sdhc", status=1), "ns-only"), leak)
        self.assertEqual(self.found(self.audit(SHARED, status=1), "ns-only"), [])
        _, err = self.sim("audit", "-c", SHARED, "--policy", "ns-only-for=sdhcc", status=2)
        self.assertIn("no master 'sdhcc' in the configuration; did you mean 'sdhc'?", err)
        self.assertIn("--policy takes ns-only-for=MASTER, not 'x'", self.sim("audit", "-c", SHARED, "--policy", "x", status=2)[1])

    # Bypass counts beside CPUs, which say what memory is; among masters it is not compared
    def test_what_cpus_map_is_compared_with_all_that_is_reached(self):
        cpus = "cpu_mappings:\n  - {name: kernel, pa: 0x80000000, size: 1M%s}\n"
        raw = "name: raw, stream_id: 2, mode: bypass, bus_width: 32"
        for more, rule, findings in (
                (", attr: nc, sh: ish", "type-mismatch", [("raw", 0x80000000, 0x80000000, "ns", 1 << 20, "kernel")]),
                (", sh: nsh", "shareability-mismatch", []),
                ("", "shareability-mismatch", [("raw", 0x80000000, 0x80000000, "ns", 1 << 20, "kernel")]),
                (", pas: secure", "space-mismatch", [("raw", 0x80000000, 0x80000000, "ns", 1 << 20, "kernel")])):
            with self.subTest(more + rule):
                text = machine([PLAIN, raw]) + cpus % more
                self.assertEqual(self.found(self.audit(self.write("cpu.yaml", text), status=1), rule), findings)
        _, err = self.sim("validate", "-c", self.write("bad.yaml", machine([PLAIN]) + cpus % "" + cpus.split("\n")[1] % ""), status=2)
        self.assertIn("the CPU mapping overlaps that of line 9", err)
        _, err = self.sim("validate", "-c", self.write("bad.yaml", machine([PLAIN]) + "cpu_mappings: [{pa: 1, size: 5}]\n"), status=2)
        self.assert_placed(err, self.path("bad.yaml"), 8, 21)
        self.assert_placed(err, self.path("bad.yaml"), 8, 30)

    def test_what_is_accepted_is_no_finding(self):
        config = self.write("bypass.yaml", machine([PLAIN, "name: raw, stream_id: 2, mode: bypass, bus_width: 31"]))
        bare = self.audit(config, status=1)
        self.assertEqual([row["rule"] for row in bare["findings"]], ["bypass", "secure-memory"])
        allow = self.write("allow", "# known\nbypass raw # all of it\n\nsecure-memory * 0x70000000-0x7fffffff\n")
        answer = self.audit(config, "--allow", allow, status=0)
        self.assertEqual((answer["found"], answer["accepted"], answer["unused"]), (2, 2, []))
        # An entry accepts what lies within it, and one that has nothing to accept is named
        allow = self.write("allow", "bypass raw\nsecure-memory raw 0x70000000-0x7ffffffe\n* nic\n")
        answer = self.audit(config, "--allow", allow, status=1)
        self.assertEqual([row["accepted"] for row in answer["findings"]], [True, False])
        self.assertEqual([(row["line"], row["entry"]) for row in answer["unused"]],
                         [(2, "secure-memory raw 0x70000000-0x7ffffffe"), (3, "* nic")])
        out, err = self.sim("audit", "-c", config, "--allow", allow, status=1)
        self.assertIn(f"{allow}:3: accepts nothing that was found: * nic", err)
        self.assertRegex(squeeze(out), "(?m)^bypass raw .* accepted nothing translates 5.2$")

    def test_a_list_of_what_is_accepted_is_judged(self):
        for line, column, message in (
                ("bypas nic", 1, "no rule 'bypas'; did you mean 'bypass'?"), ("bypass", 7, "whose?"),
                ("bypass 0x", 8, "neither a master's name nor StreamIDs"), ("bypass nic 5-4", 12, "addresses are FIRST-LAST"),
                ("bypass nic 4-5 6", 16, "more than RULE MASTER FIRST-LAST"), ("bypass secure:nic", 8, "'secure:' stands before StreamIDs")):
            with self.subTest(line):
                _, err = self.sim("audit", "-c", SHARED, "--allow", self.write("allow", "# 1\n" + line + "\n"), status=2)
                self.assert_placed(err, self.path("allow"), 2, column)
                self.assertIn(message, err)
        self.sim("audit", "-c", SHARED, "--allow", self.path("none"), status=3)

    # Streams that no master has, as captures have them; a stream of them is accepted by its StreamID
    def test_every_stream_of_the_tables_is_looked_at(self):
        config = write_machine(self)
        answer = self.audit(config, status=1)
        self.assertEqual([row["who"] for row in answer["subjects"]], ["0x1", "0x2", "0x3", "0x4"])
        self.assertEqual(self.ranges(answer, "0x1"),
                         [(0x40201000, 0x80005000, 0x1000, "ns", "rw-rw-", "Normal-WB", "ish", "S1"),
                          (0x40202000, 0x80006000, 0x1000, "ns", "r--r--", "Normal-WB", "ish", "S1")])
        self.assertEqual(self.ranges(answer, "0x3"), [(0, 0, 1 << 44, "ns", "rwxrwx", "Normal-WB", "nsh", "bypass")])
        self.assertEqual(self.ranges(answer, "0x4"), [])
        self.assertEqual(answer["subjects"][3]["ends"], "aborts: the stream is set to abort [5.2]")
        # All that stream 3 can write are the structures of the others
        self.assertEqual(self.found(answer, "bypass"), [("0x3", 0, 0, "ns", 1 << 44, "")])
        written = {(row[2], row[4], row[5]) for row in self.found(answer, "structures")}
        self.assertIn((STREAM_TABLE, 64 * 64, "Stream table"), written)
        self.assertIn((CD_1, 64, "Context descriptors"), written)
        self.assertTrue(any(row[0] <= S1_L1 and row[0] + row[1] >= S1_L3 + 0x1000 for row in written))
        allow = self.write("allow", "* 0x3-0x5\n")
        self.assertEqual(self.audit(config, "--allow", allow, status=0)["unused"], [])
        self.audit(config, "--allow", self.write("allow", "* secure:0x3\n"), status=1)

    def test_substreams_are_subjects(self):
        text = machine(["name: gpu, stream_id: 1, s1dss: terminate, substreams: [{ssid: 1, map: [{va: 0x1000, pa: 0x80100000, size: 4K}]}, "
                        "{ssid: 3, map: [{va: 0x1000, pa: 0x80200000, size: 8K, perm: ro}]}]"])
        answer = self.audit(self.write("gpu.yaml", text), status=0)
        self.assertEqual([(row["who"], row.get("ssid"), [(r["pa"], r["bytes"]) for r in row["ranges"]]) for row in answer["subjects"]],
                         [("gpu", None, []), ("gpu", "0x1", [("0x80100000", 4096)]), ("gpu", "0x3", [("0x80200000", 8192)])])
        self.assertIn("F_STREAM_DISABLED", answer["subjects"][0]["ends"])

    def test_streams_that_fare_alike_are_one_subject(self):
        text = machine(["name: many, stream_id: 0x100, count: 4096, mode: bypass, bus_width: 30"])
        answer = self.audit(self.write("many.yaml", text), status=1)
        self.assertEqual([(row["who"], row["sid"], row["last"]) for row in answer["subjects"]], [("many", "0x100", "0x10ff")])

    # All 512 descriptors of one page lead to it, as table and as page: 2^27 leaves
    def test_tables_without_end_are_left_and_that_is_said(self):
        loop = {**MEMORY, **{S1_L1 + 8 * i: S1_L1 | PAGE_RW for i in range(512)}}
        answer = self.audit(write_machine(self, "loop", loop), status=4)
        self.assertFalse(answer["complete"])
        self.assertEqual([row["complete"] for row in answer["subjects"]][0], False)
        self.assertLessEqual(len(answer["subjects"][0]["ranges"]), 10000)
        _, err = self.sim("audit", "-c", self.path("loop.yaml"), "--limit", "5", status=4)
        self.assertIn("only the first 5 ranges and findings; --limit N shows more", err)
        self.assertIn("not all was found", err)

    def test_linux_reaches_what_its_tables_map(self):
        names = {"0": "Normal-NC", "1": "Normal-WB", "2": "Device-nGnRE"}   # MAIR of arm-smmu-v3: 0x44, 0xff, 0x04
        for capture in ("linux-6.1-virt-strict", "linux-6.12-virt-16k"):
            with self.subTest(capture), open(os.path.join(SOURCE, "tests/data", capture, "mappings.csv"), encoding="utf-8") as file:
                expected = set()
                for row in csv.DictReader(file):
                    at = dict(pair.split("=") for pair in row["attributes"].split())
                    writes, reads = at["ap"] == "1", at["ap"] in "13"
                    perm = "".join(("-r"[reads], "-w"[writes], "-x"[at["xn"] == "0"],
                                    "r", "-w"[at["ap"] in "01"], "-x"[at["pxn"] == "0" and not writes]))
                    sh = "osh" if at["attridx"] == "2" else {"2": "osh", "3": "ish"}[at["sh"]]
                    for offset in range(0, int(row["size"], 0), 4096):
                        expected.add((row["sid"], int(row["iova"], 0) + offset, int(row["pa"], 0) + offset, perm, names[at["attridx"]], sh))
                answer = self.audit(os.path.join(CONFIGS, capture + ".yaml"), status=1)
                found = {(row["who"], number(r["input"]) + offset, number(r["pa"]) + offset, r["unprivileged"] + r["privileged"], r["type"],
                          r["shareability"])
                         for row in answer["subjects"] for r in row["ranges"] for offset in range(0, r["bytes"], 4096)}
                self.assertEqual(found, expected)
                self.assertTrue(answer["complete"])

    # What is said of a range is what becomes of accesses to it: its first word and its last
    def test_every_machine_is_audited_as_it_translates(self):
        for config in sorted(glob.glob(os.path.join(CONFIGS, "*.yaml"))):
            with self.subTest(os.path.basename(config)):
                out, err = self.sim("audit", "-c", config, "--json", status=self.audited(config))
                self.assertEqual(err, "")
                self.assert_translated(config, json.loads(out))

    def audited(self, config):
        return int("no findings" not in self.sim_any("audit", "-c", config))

    def sim_any(self, *arguments):
        done = subprocess.run([SIM, *arguments], capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stdout

    def assert_translated(self, config, answer):
        lines = []
        for subject in answer["subjects"]:
            if not subject["master"]:
                continue
            # A master with more StreamIDs is asked by the first of the group
            who = subject["master"] + "".join(re.findall(r"^\+\d+", subject["who"][len(subject["master"]):]))
            who += "." + str(int(subject["ssid"], 16)) if "ssid" in subject else ""
            for row in subject["ranges"][:50]:
                kind = next((k for k in "RW" if k.lower() in row["unprivileged"]), None)
                for at in (0, row["bytes"] - 8) if kind else ():
                    lines.append(f"{kind} {who} {number(row['input']) + at:#x} 8 user expect=pa:{number(row['pa']) + at:#x},pas:{row['pas']}")
        if lines:
            self.sim("run", "-c", config, self.write("t.trace", "\n".join(lines) + "\n"))

    # 3.25.4: what the table of granule-protection.yaml gives to other PA spaces is a hole in what is reached
    def test_granule_protection_is_no_reach(self):
        answer = self.audit(os.path.join(CONFIGS, "granule-protection.yaml"), status=1)
        holes = [(0x70000000, 16 << 20), (0x7f000000, 64 << 10), (0x7ffff000, 4 << 10), (0x100000000, 1 << 30)]
        edges = [0, *(edge for at, size in holes for edge in (at, at + size)), 1 << 52]
        self.assertEqual([row[:3] for row in self.ranges(answer, "raw")],
                         [(first, first, last - first) for first, last in zip(edges[::2], edges[1::2]) if first != last])
        # 2M at firmware's memory; of two pages the first is the Realm world's
        self.assertEqual([row[:3] for row in self.ranges(answer, "nic")],
                         [(0x10000000, 0x80100000, 0x10000), (0x30001000, 0x7f010000, 0x1000), (0x40000000, 0x7e000000, 0x2000)])
        self.assertEqual(self.found(answer, "illegal"), [("cam", None, None, None, None, "")])

    # What docs/smmu-sim.md shows is what is printed
    def test_the_example_of_the_documentation_is_real(self):
        with open(os.path.join(SOURCE, "docs", "smmu-sim.md"), encoding="utf-8") as file:
            section = file.read().split("\n## audit\n")[1].split("\n`UNPRIV`")[0]
        shown = section[section.index("    WHO"):]
        self.assertEqual("\n".join(line.strip() for line in squeeze(shown).strip().splitlines()), self.text(SHARED, status=1).strip())

    def test_wrong_use_is_told(self):
        for arguments, said in (([], "Give -c CONFIG"), (["-c", SHARED, "--limit", "0"], "is not a number from 1 to 1000000"),
                                (["-c", SHARED, "--allow", "a", "--allow", "b"], "one --allow only"), (["-c", SHARED, "x"], "")):
            self.assertIn(said, self.sim("audit", *arguments, status=2)[1])
        self.sim("audit", "-c", self.path("none.yaml"), status=3)
        self.sim("audit", "-c", self.write("bad.yaml", "version: 2\n"), status=2)
        self.assertEqual(self.text(self.write("good.yaml", machine([PLAIN])), status=0).splitlines()[-1], "no findings")


if __name__ == "__main__":
    main()
