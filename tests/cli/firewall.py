# SPDX-License-Identifier: MIT
"""The firewall of a machine at the command line: what run, --strict and explain say of it, and that no bit which chooses a PA space is without a line
that counts on it."""
import os
import re

from _lib import SOURCE, Case, main

MACHINES = ["shared-ram", "shared-ram-strict", "trustzone-masters", "security-controller", "window-firewall", "boot-secure"]
GUARDED = re.compile(r"[A-Z].*,fw:(allow|deny)")


def config(name, ending=".yaml"):
    return os.path.join(SOURCE, "configs", name + ending)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def lines_of(name):
    return text_of(config(name, ".trace")).splitlines()


# (machine, what stands there, what is put there): NS of a leaf, NSTable of the tables on the way to one, NSCFG of an STE, NSCFG0 of a CD.
# D8.3.1.2, D8.3.1.1, 5.2, 5.4
FLIPS = [
    ("shared-ram", "size: 4K, attr: nc}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K}\n  # The same",
     "size: 4K, attr: nc, ns: false}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K}\n  # The same"),
    ("shared-ram", "size: 4K, attr: nc}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K}\n  # The same",
     "size: 4K, attr: nc}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K, ns: true}\n  # The same"),
    ("shared-ram", "[{va: 0x10010000, pa: 0x70100000, size: 4K}]", "[{va: 0x10010000, pa: 0x70100000, size: 4K, ns: true}]"),
    ("shared-ram", "[{va: 0x10010000, pa: 0x70100000, size: 4K}]",
     "[{va: 0x10010000, pa: 0x70100000, size: 4K, table_bits: 0x8000000000000000}]"),
    ("shared-ram", "size: 4K, attr: nc}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K}\n  # The same",
     "size: 4K, attr: nc, table_bits: 0x8000000000000000}\n      - {va: 0x10010000, pa: 0x70100000, size: 4K}\n  # The same"),
    ("shared-ram", "table: shared, asid: 1", "table: shared, asid: 1, cd: {NSCFG0: 1}"),
    ("shared-ram", "table: open, asid: 2", "table: open, asid: 2, cd: {NSCFG0: 0}"),
    ("trustzone-masters", "pa: 0x80400000, size: 4K, perm: ro", "pa: 0x80400000, size: 4K, ns: false, perm: ro"),
    ("trustzone-masters", "pa: 0x70400000, size: 4K, perm: ro", "pa: 0x70400000, size: 4K, ns: true, perm: ro"),
    ("trustzone-masters", "pa: 0x70800000, size: 64K", "pa: 0x70800000, size: 64K, ns: true"),
    ("trustzone-masters", "pa: 0x70800000, size: 64K", "pa: 0x70800000, size: 64K, table_bits: 0x8000000000000000"),
    ("trustzone-masters", "stream_id: 16, mode: bypass", "stream_id: 16, mode: bypass, ste: {NSCFG: 2}"),
    ("trustzone-masters", "stream_id: 16, mode: bypass", "stream_id: 16, mode: bypass, ste: {NSCFG: 3}"),
    ("trustzone-masters", "ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 2}}\n  - {name: dpu-out",
     "ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 3}}\n  - {name: dpu-out"),
    ("trustzone-masters", "ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 2}}\n  - {name: dpu-out",
     "ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 0}}\n  - {name: dpu-out"),
    ("trustzone-masters", "ste: {NSCFG: 3}", "ste: {NSCFG: 2}"),
    ("trustzone-masters", "table: vpu_fw, asid: 1", "table: vpu_fw, asid: 1, cd: {NSCFG0: 1}"),
    ("trustzone-masters", "table: vpu_out, asid: 2", "table: vpu_out, asid: 2, cd: {NSCFG0: 1}"),
]

# The same where the architecture ignores them: of a Non-secure stream, and without IDR1.ATTR_PERMS_OVR.  3.10.2, 6.3.2
IGNORED = [
    ("trustzone-masters", "pa: 0x80200000, size: 4K", "pa: 0x80200000, size: 4K, ns: true"),
    ("trustzone-masters", "{name: dpu-plain, smmu: plain, security: secure, ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 2}}",
     "{name: dpu-plain, smmu: plain, security: secure, ns: true, stream_id: 4, mode: bypass, ste: {NSCFG: 3}}"),
]


class Flips(Case):
    def run_changed(self, name, before, after, status):
        text = text_of(config(name))
        self.assertEqual(text.count(before), 1, before)
        changed = self.write("changed.yaml", text.replace(before, after))
        return self.sim("run", "-c", changed, "--strict", "--quiet", config(name, ".trace"), status=status)[0]

    def test_a_flip_of_a_bit_that_chooses_the_pa_space_is_found(self):
        for name, before, after in FLIPS:
            with self.subTest(name, after=after):
                out = self.run_changed(name, before, after, 1)
                self.assertRegex(out, r"failed: [RWX] \S+ 0x")

    def test_a_flip_that_the_architecture_ignores_changes_nothing(self):
        for name, before, after in IGNORED:
            with self.subTest(name, after=after):
                self.run_changed(name, before, after, 0)

    def test_each_region_counts(self):
        for name in ("shared-ram", "trustzone-masters", "security-controller", "window-firewall", "boot-secure"):
            text = text_of(config(name))
            regions = re.findall(r"    - \{name: .*\n", text[text.index("  regions:"):])
            self.assertGreaterEqual(len(regions), 2)
            for region in regions:
                with self.subTest(name, region=region):
                    changed = self.write("less.yaml", text.replace(region, ""))
                    # Where the SMMU's own structures are its driver gets no further.
                    status = 2 if re.search("name: (own|tables|normal|vault),", region) else 1
                    self.sim("run", "-c", changed, "--strict", "--quiet", config(name, ".trace"), status=status)


class Expectations(Case):
    def fails(self, name, at, line, *strict):
        lines = lines_of(name)
        trace = self.write("changed.trace", "\n".join([*lines[:at], line, *lines[at + 1:]]) + "\n")
        out, _ = self.sim("run", "-c", config(name), *(strict or ("--strict",)), "--quiet", trace, status=1)
        self.assertIn(f"{trace}:{at + 1}: failed:", out)
        return out

    def test_what_the_firewall_says_of_each_access_is_judged(self):
        for name in MACHINES:
            for at, line in enumerate(lines_of(name)):
                if GUARDED.match(line):
                    with self.subTest(name, line=at + 1):
                        turned = re.sub("fw:(allow|deny)", lambda way: {"allow": "fw:deny", "deny": "fw:allow"}[way.group(1)], line)
                        self.fails(name, at, re.sub(r",by:[\w-]+", "", turned))
                        if ",by:" in line and ",by:none" not in line:
                            self.assertIn("expected elsewhere", self.fails(name, at, re.sub(r",by:[\w-]+", ",by:elsewhere", line)))

    def test_strict_asks_for_it_where_there_is_a_firewall(self):
        lines = lines_of("shared-ram")
        allowed = next(at for at, line in enumerate(lines) if ",fw:allow" in line)
        denied = next(at for at, line in enumerate(lines) if ",fw:deny" in line)
        for at, cut in ((allowed, ",fw:allow"), (denied, ",by:vault")):
            self.assertIn("no complete expectation (--strict)", self.fails("shared-ram", at, lines[at].replace(cut, "")))
        self.assertIn("the firewall denies it by region vault, expected that it lets it pass",
                      self.fails("shared-ram", denied, lines[denied].replace(",fw:deny,by:vault", ""), "--quiet"))
        text = text_of(config("shared-ram"))
        open_machine = self.write("open.yaml", text[:text.index("# What stands in front")])
        trace = self.write("open.trace", re.sub(r",fw:\w+|,by:\w+", "", "\n".join(lines)) + "\n")
        self.sim("run", "-c", open_machine, "--strict", "--quiet", trace)


class Words(Case):
    def rows(self, *lines, name="security-controller"):
        trace = self.write("words.trace", "".join(line + "\n" for line in lines))
        out, _ = self.sim("run", "-c", config(name), trace)
        return [row.split("->")[1].strip() for row in out.splitlines() if "->" in row], \
            [row["outcome"] for row in self.json("run", "-c", config(name), trace)["accesses"]]

    def test_run_says_what_the_firewall_says_and_who_blocked(self):
        text, json = self.rows("W gpu 0x88000000 64", "R gpu 0x88000000 64", "W dpu 0x30000000 64", "W guest 0x50000000 64",
                               "R lost 0x10000000 64", "R off 0 64", "R camera 0x40000000 4")
        self.assertEqual(text[0], "OK 0x88000000 ns Normal-WB nsh bypass by STE, firewall allows (fb)")
        self.assertEqual(text[1], "OK 0x88000000 ns Normal-WB nsh bypass by STE, firewall denies (fb)")
        self.assertNotIn("firewall", text[2] + text[3] + text[5])
        self.assertTrue(text[4].endswith("[7.3.12], firewall denied the fetch (fb)"))
        self.assertEqual(text[6], "OK 0x40000000 ns Normal-WB nsh past every SMMU, firewall denies (ip)")
        self.assertEqual([(row["blocked_by"], row.get("firewall"), row.get("region")) for row in json],
                         [("none", "allow", "fb"), ("firewall", "deny", "fb"), ("s1", None, None), ("s2", None, None),
                          ("firewall", None, "fb"), ("smmu", None, None), ("firewall", "deny", "ip")])
        self.assertEqual(json[1]["verdict"], "OK")

    def test_without_a_firewall_the_blocker_is_said_to_programs_alone(self):
        text, json = self.rows("W nic 0x20000040 4", "R nic 0x20000040 4", name="quickstart")
        self.assertNotIn("firewall", text[0] + text[1])
        self.assertEqual([(row["blocked_by"], "firewall" in row) for row in json], [("s1", False), ("none", False)])

    def test_explain_ends_with_the_firewall(self):
        story = self.json("explain", "-c", config("security-controller"), "R gpu 0x88000000 64")
        self.assertEqual([node["title"] for node in story["story"]][-2:], ["OK", "firewall"])
        last = story["story"][-1]
        self.assertEqual((last["where"], last["meaning"], last["blocked_by"], last["firewall"], last["region"]),
                         ("0x88000000", "denies, no event", "firewall", "deny", "fb"))
        self.assertEqual((story["outcome"]["blocked_by"], story["outcome"]["region"]), ("firewall", "fb"))
        out, _ = self.sim("explain", "-c", config("security-controller"), "R lost 0x10000000 64")
        self.assertRegex(out, r"firewall +0x88fff000 +denied this fetch, no event of its own\n`-region +fb +<== blocked\n")
        out, _ = self.sim("explain", "-c", config("security-controller"), "W dpu 0x30000000 64")
        self.assertNotIn("firewall", out)

    def test_a_master_behind_no_smmu_is_explained_by_the_firewall_alone(self):
        story = self.json("explain", "-c", config("window-firewall"), "W crypto 0x70000000 8 ns=1")
        self.assertEqual([node["title"] for node in story["story"]], ["OK", "firewall"])
        self.assertEqual((story["outcome"]["via"], story["outcome"]["pas"], story["outcome"]["region"]), ("past every SMMU", "ns", "keys"))
        trace = self.write("one.trace", "W crypto 0x70000000 8\n")
        masters = self.json("run", "-c", config("window-firewall"), trace)["summary"]["masters"]
        self.assertEqual([(row["master"], row["sid"]) for row in masters], [("crypto", "")])
        _, err = self.sim("explain", "-c", config("window-firewall"), "W crypto.1 0x70000000 8", status=2)
        self.assertIn("master 'crypto' is behind no SMMU: it has no SubstreamIDs", err)

    def test_an_access_of_an_atc_is_judged_and_its_request_is_not(self):
        machine = self.write("atc.yaml", "version: 1\nsmmu: [{features: {ats: true}}]\n"
                             "masters: [{name: ep, stream_id: 1, atc: {}, ste: {EATS: 1}, map: [{va: 0, pa: 0x80001000, size: 4K}]}]\n"
                             "firewall: {mode: tzasc, regions: [{name: dram, memory: ram, ns: rw}, {name: hole, base: 0x80001000, size: 4K}]}\n")
        trace = self.write("atc.trace", "R ep 0 8\nAT ep 0 8\n")
        outcomes = [row["outcome"] for row in self.json("run", "-c", machine, trace)["accesses"]]
        self.assertEqual([(row["blocked_by"], row.get("region")) for row in outcomes], [("firewall", "hole"), ("none", None)])
        story = self.json("explain", "-c", machine, "R ep 0 8")["story"]
        self.assertNotIn("firewall", [node["title"] for node in story])


if __name__ == "__main__":
    main()
