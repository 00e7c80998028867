# SPDX-License-Identifier: MIT
"""explain: every fetch with its address, value, the fields that decided and their sections.

The machine is _lib.MEMORY; what is expected here is worked out from it by hand, with the section that says so.
"""
import os

from _lib import (CD_1, CD_2, Case, G_L2, G_L3, MEMORY, PAGE_RO, PAGE_RW, REGISTERS, S1_L1, S1_L2, S1_L3, S2_L1, S2_L2, S2_L3,
                  S2_PAGE, SOURCE, STREAM_TABLE, main, squeeze, write_machine)


def fetch(node):
    return node["title"], node.get("ipa"), node["pa"], node["value"]


class Explain(Case):
    def explain(self, access, **more):
        return self.json("explain", "-c", write_machine(self, **more), access)

    def fetches(self, answer):
        return [node for node in answer["story"] if "pa" in node]

    def assert_field(self, node, name, value, section, meaning=None):
        rows = [row for row in node["fields"] if row["name"] == name]
        self.assertEqual(len(rows), 1, (name, node))
        self.assertEqual(rows[0]["value"], value, name)
        self.assertEqual(rows[0]["section"], section, name)
        if meaning:
            self.assertIn(meaning, rows[0]["meaning"])

    def decided(self, answer):
        return [(node["title"], row["name"]) for node in answer["story"] for row in node.get("fields", [])
                if row.get("decided")]

    def test_registers_come_first(self):
        story = self.explain("R 0x1 0x40201234 4")["story"]
        self.assertEqual([node["title"] for node in story[:3]], ["SMMU_CR0", "SMMU_STRTAB_BASE", "SMMU_STRTAB_BASE_CFG"])
        self.assert_field(story[0], "SMMUEN", "0x1", "6.3.9")
        self.assertEqual(story[1]["value"], hex(STREAM_TABLE))
        self.assertEqual(story[1]["section"], "6.3.24")
        self.assert_field(story[2], "LOG2SIZE", "0x6", "6.3.25")
        self.assert_field(story[2], "FMT", "0x0", "6.3.25")

    def test_translated_access_shows_every_fetch(self):
        answer = self.explain("R 0x1 0x40201234 4")
        steps = self.fetches(answer)
        # 39 bits of VA: level 1 is IA[38:30] = 1, level 2 IA[29:21] = 1, level 3 IA[20:12] = 1.  D8.2.8
        self.assertEqual([fetch(step) for step in steps], [
            ("STE[0x1]", None, hex(STREAM_TABLE + 0x40), hex(1 | 5 << 1 | CD_1)),
            ("CD[0x0]", None, hex(CD_1), hex(MEMORY[CD_1])),
            ("S1 L1[0x1]", None, hex(S1_L1 + 8), hex(S1_L2 | 3)),
            ("S1 L2[0x1]", None, hex(S1_L2 + 8), hex(S1_L3 | 3)),
            ("S1 L3[0x1]", None, hex(S1_L3 + 8), hex(0x80005000 | PAGE_RW)),
        ])

    def test_fields_that_decided_are_named_with_their_sections(self):
        steps = self.fetches(self.explain("R 0x1 0x40201234 4"))
        for name, value in [("V", "0x1"), ("Config", "0x5"), ("S1ContextPtr", hex(CD_1)), ("S1CDMax", "0x0")]:
            self.assert_field(steps[0], name, value, "5.2")
        for name, value in [("V", "0x1"), ("AA64", "0x1"), ("T0SZ", "0x19"), ("TG0", "0x0"), ("EPD0", "0x0"), ("TBI0", "0x0"),
                            ("TTB0", hex(S1_L1)), ("IPS", "0x2"), ("AFFD", "0x0"), ("WXN", "0x0"), ("PAN", "0x0"),
                            ("ASID", "0x7")]:
            self.assert_field(steps[1], name, value, "5.4")
        for name, value in [("A", "0x1"), ("R", "0x1"), ("S", "0x0")]:
            self.assert_field(steps[1], name, value, "5.5")
        for step, table in [(steps[2], S1_L2), (steps[3], S1_L3)]:
            self.assert_field(step, "Valid", "0x1", "D8.3", "valid")
            self.assert_field(step, "Type", "0x1", "D8.3", "table")
            self.assert_field(step, "NLTA", hex(table), "D8.3.1.1")
            self.assert_field(step, "APTable", "0x0", "D8.4.1.2", "no limit")
        leaf = steps[4]
        self.assert_field(leaf, "OA", "0x80005000", "D8.3.1.2")
        self.assert_field(leaf, "AttrIndx", "0x0", "D8.6.1", "Normal-WB")
        self.assert_field(leaf, "AP", "0x1", "D8.4.1.2", "read and write")
        self.assert_field(leaf, "SH", "0x3", "D8.6.2", "Inner Shareable")
        self.assert_field(leaf, "AF", "0x1", "D8.5.1", "accessed")
        self.assert_field(leaf, "UXN", "0x1", "D8.4.1.2")
        self.assert_field(leaf, "PXN", "0x1", "D8.4.1.2")
        self.assertFalse([row for row in steps[1]["fields"] if row["name"] in ("T1SZ", "TTB1")])  # bit 55 is 0: TTB0

    def test_translated_access_ends_with_its_outcome(self):
        answer = self.explain("R 0x1 0x40201234 4")
        outcome = answer["outcome"]
        self.assertEqual({key: outcome[key] for key in ("verdict", "pa", "pas", "type", "shareability", "bytes", "span")},
                         {"verdict": "OK", "pa": "0x80005234", "pas": "ns", "type": "Normal-WB", "shareability": "ish",
                          "bytes": 4, "span": 4096})
        self.assertEqual((outcome["unprivileged"], outcome["privileged"]), ("rw-", "rw-"))
        self.assertEqual(answer["story"][-1]["title"], "OK")
        self.assertEqual(self.decided(answer), [])

    def test_text_says_the_same(self):
        text = squeeze(self.sim("explain", "-c", write_machine(self), "R", "0x1", "0x40201234", "4")[0])
        at = 0
        for line in [
            "R 0x1 0x40201234 4",
            "STEP WHERE VALUE MEANING SECTION",
            "STE[0x1] pa 0x10000040 0x1000100b the stream translates by stage 1 5.2",
            "|-V [0] 0x1 valid 5.2",
            "CD[0x0] pa 0x10001000 0x7e202c0003519 bit 55 of the address is 0: TTB0 5.4",
            "|-word 1 [127:64] 0x10002000",
            "S1 L1[0x1] pa 0x10002008 0x10003003 table at 0x10003000",
            "S1 L2[0x1] pa 0x10003008 0x10004003 table at 0x10004000",
            "S1 L3[0x1] pa 0x10004008 0x60000080005f43 page of 4K at 0x80005000",
            "|-OA [47:12] 0x80005000 output address D8.3.1.2",
            "`-UXN [54] 0x1 no unprivileged execution D8.4.1.2",
            "OK via S1",
            "|-PA 0x80005234",
            "\nOK 0x80005234 ns Normal-WB ish via S1",
        ]:
            self.assertIn(line, text[at:])
            at = text.index(line, at)

    def test_permission_fault_names_the_field_and_the_record(self):
        answer = self.explain("W 0x1 0x40202010 4")
        steps = self.fetches(answer)
        self.assertEqual(fetch(steps[-1]), ("S1 L3[0x2]", None, hex(S1_L3 + 16), hex(0x80006000 | PAGE_RO)))
        self.assertEqual(self.decided(answer), [("S1 L3[0x2]", "AP")])
        self.assert_field(steps[-1], "AP", "0x3", "D8.4.1.2", "<== decided")
        outcome = answer["outcome"]
        self.assertEqual((outcome["verdict"], outcome["event"], outcome["stage"], outcome["level"], outcome["class"]),
                         ("ABORT", "F_PERMISSION", 1, 3, "IN"))
        self.assertEqual((outcome["rule"], outcome["recorded"]), ("s1-ap", True))   # CD.R = 1.  5.5
        # 7.3.16: number 0x13, StreamID 1; RnW 0, CLASS 2 at bits 105:104; InputAddr
        self.assertEqual(outcome["record"], ["0x100000013", "0x20000000000", "0x40202010", "0x0"])
        end = answer["story"][-1]
        self.assert_field(end, "CLASS", "0x2", "7.3.16", "IN")
        self.assert_field(end, "RnW", "0x0", "7.3.16", "write")
        self.assert_field(end, "InputAddr", "0x40202010", "7.3.16")

    def test_nested_stage_2_fault_shows_every_fetch_of_both_stages(self):
        answer = self.explain("R 0x2 0x203abc 8")
        # 30 bits of VA: stage 1 starts at level 2, IA[29:21] = 1, then IA[20:12] = 3.  Stage 2: 39 bits of IPA, level 1.
        # IPA 0x20001000 is 0, 0x100, 1; the page's IPA 0x30000000 is 0, 0x180 and there the descriptor is 0.
        s2 = [("S2 L1[0x0]", None, hex(S2_L1), hex(S2_L2 | 3)), ("S2 L2[0x100]", None, hex(S2_L2 + 0x800), hex(S2_L3 | 3))]
        self.assertEqual([fetch(step) for step in self.fetches(answer)], [
            ("STE[0x2]", None, hex(STREAM_TABLE + 0x80), hex(1 | 7 << 1 | 0x20001000)),
            *s2, ("S2 L3[0x1]", None, hex(S2_L3 + 8), hex(CD_2 | S2_PAGE)),
            ("CD[0x0]", "0x20001000", hex(CD_2), hex(MEMORY[CD_2])),
            *s2, ("S2 L3[0x2]", None, hex(S2_L3 + 16), hex(G_L2 | S2_PAGE)),
            ("S1 L2[0x1]", "0x20002008", hex(G_L2 + 8), hex(0x20003000 | 3)),
            *s2, ("S2 L3[0x3]", None, hex(S2_L3 + 24), hex(G_L3 | S2_PAGE)),
            ("S1 L3[0x3]", "0x20003018", hex(G_L3 + 24), hex(0x30000000 | PAGE_RW)),
            ("S2 L1[0x0]", None, hex(S2_L1), hex(S2_L2 | 3)),
            ("S2 L2[0x180]", None, hex(S2_L2 + 0xc00), "0x0"),
        ])
        self.assertEqual([step["meaning"].split(", for ")[1] for step in self.fetches(answer) if step.get("stage") == 2],
                         ["the CD"] * 3 + ["a stage 1 descriptor"] * 6 + ["the address"] * 2)

    def test_nested_stage_2_fault_names_fields_ipa_and_record(self):
        answer = self.explain("R 0x2 0x203abc 8")
        steps = self.fetches(answer)
        for name, value in [("S2VMID", "0x5"), ("S2T0SZ", "0x19"), ("S2SL0", "0x1"), ("S2TG", "0x0"), ("S2PS", "0x2"),
                            ("S2AA64", "0x1"), ("S2TTB", hex(S2_L1)), ("S2PTW", "0x0"), ("S2R", "0x1")]:
            self.assert_field(steps[0], name, value, "5.2")
        leaf = steps[3]
        self.assert_field(leaf, "MemAttr", "0xf", "D8.6.3", "inner WB outer WB")
        self.assert_field(leaf, "S2AP", "0x3", "D8.4.2", "read and write")
        self.assert_field(leaf, "SH", "0x3", "D8.6.7")
        self.assertEqual(self.decided(answer), [("S2 L2[0x180]", "Valid")])
        outcome = answer["outcome"]
        self.assertEqual((outcome["event"], outcome["stage"], outcome["level"], outcome["class"], outcome["ipa"]),
                         ("F_TRANSLATION", 2, 2, "IN", "0x30000abc"))
        self.assertEqual((outcome["rule"], outcome["section"]), ("s2-invalid", "D8.3"))
        # 7.3.13: number 0x10, StreamID 2; RnW bit 99, S2 bit 103, CLASS 2 at bits 105:104; InputAddr; IPA[55:12]
        self.assertEqual(outcome["record"], ["0x200000010", hex(1 << 35 | 1 << 39 | 2 << 40), "0x203abc", "0x30000000"])
        end = answer["story"][-1]
        self.assert_field(end, "S2", "0x1", "7.3.13")
        self.assert_field(end, "IPA", "0x30000000", "7.3.13")

    def test_abort_and_bad_streams_name_the_field(self):
        for sid, title, field, event in [(4, "STE[0x4]", "Config", None), (0, "STE[0x0]", "V", "C_BAD_STE"),
                                         (0x40, "SMMU_STRTAB_BASE_CFG", "LOG2SIZE", "C_BAD_STREAMID")]:
            answer = self.explain(f"R {sid} 0x1000 4")
            self.assertEqual(self.decided(answer), [(title, field)])
            self.assertEqual(answer["outcome"].get("event"), event)

    def test_disabled_smmu_is_told_by_gbpa(self):
        answer = self.explain("R 0x1 0x1000 4", registers=[*REGISTERS[:-1], (0x20, 32, 0)])
        self.assertEqual([node["title"] for node in answer["story"]][:2], ["SMMU_CR0", "SMMU_GBPA"])
        self.assertEqual(self.fetches(answer), [])

    def test_upper_addresses_show_the_fields_of_ttb1(self):
        answer = self.explain("R 0x1 0xffffffff80000000 4")
        context = self.fetches(answer)[1]
        self.assert_field(context, "EPD1", "0x1", "5.4", "<== decided")
        self.assertFalse([row for row in context["fields"] if row["name"] in ("T0SZ", "TTB0")])
        self.assertEqual((answer["outcome"]["event"], answer["outcome"]["class"]), ("F_TRANSLATION", "IN"))

    def test_only_bit_55_chooses_the_table(self):
        answer = self.explain("R 0x1 0x40000040201234 4")
        context = self.fetches(answer)[1]
        self.assert_field(context, "T0SZ", "0x19", "5.4", "<== decided")   # bit 54 is out of range.  3.4.1
        self.assertFalse([row for row in context["fields"] if row["name"] == "T1SZ"])

    # SW-05, PERM-03: without E2H a hypervisor's stream has TTB0 and one privilege, so less decides
    def test_a_hypervisors_stream_shows_what_counts_in_its_streamworld(self):
        with open(os.path.join(SOURCE, "configs", "hypervisor.yaml"), encoding="utf-8") as file:
            text = file.read()
        for e2h, of, absent in ((True, "EL2-E2H", set()), (False, "EL2", {"EPD0", "E0PD0", "PAN", "ASID", "nG", "PXN", "PXNTable"})):
            config = self.write("machine.yaml", text.replace("e2h: true", f"e2h: {str(e2h).lower()}"))
            steps = self.fetches(self.json("explain", "-c", config, "R disk 0x20000000 64"))
            stream = next(step for step in steps if step["title"].startswith("STE"))
            self.assertTrue(stream["meaning"].endswith(f", of {of}"), stream["meaning"])
            self.assert_field(stream, "STRW", "0x2", "5.2", "EL2")
            shown = {row["name"] for step in steps for row in step["fields"]}
            self.assertEqual({"EPD0", "E0PD0", "PAN", "ASID", "nG", "PXN", "PXNTable"} - shown, absent)
        answer = self.json("explain", "-c", config, "R disk 0xffffffc000000040 64 priv")
        self.assertEqual(self.decided(answer), [("STE[0x1]", "STRW")])
        self.assertEqual(answer["outcome"]["rule"], "s1-one-range")
        answer = self.json("explain", "-c", config, "X disk 0x20000000 64 priv")
        self.assertEqual(self.decided(answer), [("S1 L3[0x0]", "UXN")])

    def test_limit_of_a_table_descriptor_is_what_decided(self):
        memory = {**MEMORY, S1_L1 + 8: S1_L2 | 3 | 2 << 61}   # APTable 2: read-only below; that of level 2 says nothing
        answer = self.explain("W 0x1 0x40201000 4", memory=memory)
        self.assertEqual(self.decided(answer), [("S1 L1[0x1]", "APTable")])
        self.assertEqual(answer["outcome"]["event"], "F_PERMISSION")

    def test_fetch_that_memory_refuses_is_shown_without_a_value(self):
        memory = {at: word for at, word in MEMORY.items() if at & ~0xfff != S1_L3}   # the page is nowhere
        answer = self.explain("R 0x1 0x40201234 4", memory=memory)
        last = self.fetches(answer)[-1]
        self.assertEqual((last["title"], last["pa"], last["aborted"], last.get("value")),
                         ("S1 L3[0x1]", hex(S1_L3 + 8), True, None))
        self.assertEqual(answer["outcome"]["event"], "F_WALK_EABT")
        # 7.3.12: FetchAddr is the descriptor's PA
        self.assert_field(answer["story"][-1], "FetchAddr", hex(S1_L3 + 8), "7.3.12")

    # DPT-02, DPT-03, DPT-05, DPT-06: registers, descriptors with the fields that count, and which of them decided.  3.24
    def test_a_translated_access_shows_the_device_permission_table(self):
        config = os.path.join(SOURCE, "configs", "dpt.yaml")
        answer = self.json("explain", "-c", config, "TT nic 0x90201010 8 write")
        self.assertEqual([node["title"] for node in answer["story"]][3:5], ["SMMU_DPT_BASE", "SMMU_DPT_BASE_CFG"])
        # 1GB: level 0 is PA[39:30] = 2; two pages: level 1 is PA[29:13] = 0x8100, and bit 12 chooses the upper
        self.assertEqual([fetch(step) for step in self.fetches(answer)[-2:]], [
            ("DPT L0[0x2]", None, "0xbffee010", "0xbfe00003"),
            ("DPT L1[0x8100]", None, "0xbfe40800", hex(0x80013 | 0x80010 << 32)),
        ])
        self.assert_field(self.fetches(answer)[-1], "VMID1", "0x8", "3.24.3.1.4")
        self.assertFalse([row for row in self.fetches(answer)[-1]["fields"] if row["name"] == "VMID0"])
        self.assertEqual(answer["outcome"]["via"], "granted by DPT")
        answer = self.json("explain", "-c", config, "TT gpu 0x90201010 8")
        self.assertIn(("DPT L1[0x8100]", "VMID1"), self.decided(answer))
        self.assertIn(("STE[0x1]", "DPT_VMATCH"), self.decided(answer))
        self.assertEqual((answer["outcome"]["event"], answer["outcome"]["rule"]), ("F_TRANSL_FORBIDDEN", "dpt-vmid"))
        answer = self.json("explain", "-c", config, "TT nic 0x90202010 8 write")
        self.assertEqual(self.decided(answer), [("DPT L1[0x8101]", "W0")])

    # GPC-02, GPC-03, RME-014: Root registers, entries with the field that counts, and which of them decided.  3.25, D9.6, D9.7
    def test_granule_protection_is_shown_for_each_address(self):
        config = os.path.join(SOURCE, "configs", "granule-protection.yaml")
        answer = self.json("explain", "-c", config, "R nic 0x30000000 8")
        self.assertEqual([node["title"] for node in answer["story"]][:3],
                         ["SMMU_ROOT_CR0", "SMMU_ROOT_GPT_BASE", "SMMU_ROOT_GPT_BASE_CFG"])
        # 1GB: level 0 is PA[39:30] = 1; 64KB: level 1 is PA[29:16] = 0x3f00, and PA[15:12] = 15 chooses the granule
        self.assertEqual([fetch(step) for step in self.fetches(answer)[-2:]], [
            ("GPT L0[0x1]", None, "0x70ffe008", "0x70fc0003"),
            ("GPT L1[0x3f00]", None, "0x70fdf800", "0xbbbbbbbbbbbbbbbb"),
        ])
        self.assert_field(self.fetches(answer)[-1], "GPI15", "0xb", "D9.6.3")
        self.assertEqual(self.fetches(answer)[-1]["meaning"], "pa 0x7f00f000: a granule of Realm")
        self.assertEqual(self.decided(answer), [("GPT L1[0x3f00]", "GPI15")])
        answer = self.json("explain", "-c", config, "W raw 0x70000000 8")
        self.assertEqual(self.fetches(answer)[-1]["meaning"], "pa 0x70000000: 2MB of Root")
        self.assertEqual(self.decided(answer), [("GPT L1[0x3000]", "GPI")])
        # What the SMMU reads itself: the CD is not read
        answer = self.json("explain", "-c", config, "R cam 0x10000000 8")
        self.assertEqual([step["title"] for step in self.fetches(answer)[-2:]], ["GPT L1[0x3f00]", "CD[0x0]"])
        self.assertEqual(self.fetches(answer)[-1]["meaning"], "granule protection does not let it through")
        self.assertEqual(self.decided(answer), [("GPT L1[0x3f00]", "GPI0")])
        self.assertEqual((answer["outcome"]["event"], answer["outcome"]["rule"]), ("F_CD_FETCH", "gpc-denied"))

    # ATS-23, ATS-25: the CD of a PASID is read, and chooses no table: the address is not one of stage 1.  3.9.1.3
    def test_a_translated_access_shows_the_context_descriptor_of_its_pasid(self):
        config = self.write("machine.yaml", """version: 1
memory: [{name: ram, base: 0x80000000, size: 1G}]
smmu: [{profile: generic-3.3, dpt: {bits: 40, map: [{pa: 0x90001000, size: 4K}]}}]
tables: {process: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0x90001000, size: 4K}]}}
masters: [{name: ep, stream_id: 1, can_stall: false, ste: {EATS: 1}, substreams: [{ssid: 1, table: process, asid: 2}]}]
""")
        answer = self.json("explain", "-c", config, "TT ep.1 0x90001010 8")
        last = self.fetches(answer)[-1]
        self.assertEqual((last["title"], last["meaning"]), ("CD[0x1]", "of the PASID; translates nothing here"))
        self.assertEqual(answer["outcome"]["pa"], "0x90001010")
        answer = self.json("explain", "-c", config, "AT ep.1 0x1010 8")
        steps = {step["title"]: step["meaning"] for step in self.fetches(answer)}
        self.assertEqual(steps["CD[0x1]"], "bit 55 of the address is 0: TTB0")

    # HTTU-01, HTTU-05: the flags that would be set, and the word that it would be: AF is bit 10, AP[2] bit 7.  3.13
    def test_what_hardware_would_update_is_a_step(self):
        config = os.path.join(SOURCE, "configs", "shared-dirty.yaml")
        for access, word, meaning in (("R device 0x10000040 64", "0x68000088000fc3", "hardware sets AF"),
                                      ("W device 0x10000040 64", "0x68000088000f43", "hardware sets AF, and AP[2] to 0: written to")):
            last = self.fetches(self.json("explain", "-c", config, access))[-1]
            self.assertEqual((last["title"], last["pa"], last["value"], last["meaning"], last["section"]),
                             ("S1 L3 update", "0xbfff9000", word, meaning, "3.13"))
        self.assertNotIn(" update", self.sim("explain", "-c", config, "R plain 0x10000040 64")[0])

    # PERM-27, PERM-31, HTTU-11: PIIndex 13 is bits 54 and 53 of 11, 51 of 0, 6 of 1; POIndex 62:59.  3.26.2, 7.3.16
    def test_indices_of_stage_2_are_named_and_what_refuses(self):
        config = self.write("machine.yaml", """version: 1
memory: [{name: ram, base: 0x80000000, size: 1G}]
smmu: [{features: {minor: 3, hyp: true, e0pd: true, ptwnnc: true, httu: 2, s2pi: true, s2po: true}, s2pii: 0x00c0000000000800}]
tables: {vm: {stage: 2, ipa_bits: 39, map: [{ipa: 0x1000, pa: 0x90001000, size: 4K, pi: 13, po: 2},
                                            {ipa: 0x2000, pa: 0x90002000, size: 4K, pi: 2, po: 1},
                                            {ipa: 0x3000, pa: 0x90003000, size: 4K, pi: 13, po: 1, dirty: false}]}}
masters:
  - {name: vm, stream_id: 1, stage2: vm, ste: {S2PIE: 1, S2POE: 1, S2POI1: 15, S2POI2: 8}}
  - {name: marks, stream_id: 2, stage2: vm, ste: {S2PIE: 1, S2POE: 1, S2POI1: 15, S2HA: 1, S2HD: 1}}
""")
        answer = self.json("explain", "-c", config, "W vm 0x1010 4")
        ste, leaf = self.fetches(answer)[1], self.fetches(answer)[-1]
        self.assert_field(ste, "S2PIE", "0x1", "5.2")
        self.assert_field(ste, "S2POE", "0x1", "5.2")
        for name, value in (("PIIndex[3:2]", "0x3"), ("PIIndex[1]", "0x0"), ("PIIndex[0]", "0x1"), ("POIndex", "0x2")):
            self.assert_field(leaf, name, value, "3.26.2")
        self.assert_field(leaf, "Dirty", "0x1", "D8.5.2", "dirty")
        self.assertFalse([row for row in leaf["fields"] if row["name"] in ("S2AP", "XN", "DBM")])
        self.assertEqual((answer["outcome"]["event"], answer["outcome"]["rule"]), ("F_PERMISSION", "s2-overlay"))
        # RnW 0, S2 at bit 103, CLASS 2 at 105:104, Overlay at 109
        self.assertEqual(answer["outcome"]["record"][1], hex(1 << 39 | 2 << 40 | 1 << 45))
        for access, rule in (("W vm 0x2010 4", "s2-base"), ("W vm 0x3010 4", "s2-dirty")):
            self.assertEqual(self.json("explain", "-c", config, access)["outcome"]["rule"], rule)
        last = self.fetches(self.json("explain", "-c", config, "W marks 0x3010 4"))[-1]
        self.assertIn("hardware sets Dirty to 1: written to", last["meaning"])

    # NEST-18, PERM-31, STE-07, CD-03: bit 52 is Protected, bit 58 AssuredOnly; MRO-TL0 is 6, MRO 2, RO 8, RW 12.  3.27
    def test_what_makes_a_translation_assured_is_named_and_what_refuses(self):
        config = self.write("machine.yaml", """version: 1
memory: [{name: ram, base: 0x80000000, size: 1G}]
smmu: [{features: {minor: 3, hyp: true, e0pd: true, ptwnnc: true, s2pi: true, the: true}, s2pii: 0xc826}]
tables:
  vm: {stage: 2, ipa_bits: 39, map: [{ipa: 0x10000, pa: 0x90010000, size: 4K, pi: 0}, {ipa: 0x11000, pa: 0x90011000, size: 8K, pi: 1},
                                     {ipa: 0x20000, pa: 0x90020000, size: 4K, pi: 2, assured_only: true},
                                     {ipa: 0x30000, pa: 0x90030000, size: 16K, pi: 3, assured_only: true}]}
  as: {stage: 1, va_bits: 39, at_ipa: 0x10000, map: [{va: 0x1000, ipa: 0x30000, size: 4K, protected: true}, {va: 0x2000, ipa: 0x31000, size: 4K}]}
masters:
  - {name: m, stream_id: 1, table: as, stage2: vm, cd_at_ipa: 0x20000, cd: {PnCH: 1}, ste: {S2PIE: 1, AssuredOnly: 1, TL0: 1}}
""")
        answer = self.json("explain", "-c", config, "W m 0x1010 4")
        self.assertEqual((answer["outcome"]["verdict"], answer["outcome"]["pa"]), ("OK", "0x90030010"))
        rows = self.fetches(answer)
        ste, cd, leaf = rows[1], next(row for row in rows if row["title"].startswith("CD")), rows[-1]
        for name, value in (("AssuredOnly", "0x1"), ("TL0", "0x1"), ("TL1", "0x0")):
            self.assert_field(ste, name, value, "3.27" if name[0] == "T" else "3.27.2")
        self.assert_field(cd, "PnCH", "0x1", "3.27.1")
        self.assert_field(leaf, "AssuredOnly", "0x1", "3.27.2", "for Assured translations")
        page = [row for row in rows if row["title"].startswith("S1 L3")][-1]
        self.assert_field(page, "Protected", "0x1", "3.27.1", "yes")
        self.assertFalse([row for row in page["fields"] if row["name"] == "Contiguous"])
        outcome = self.json("explain", "-c", config, "W m 0x2010 4")["outcome"]
        self.assertEqual((outcome["event"], outcome["rule"]), ("F_PERMISSION", "s2-assured-only"))
        self.assertEqual(outcome["record"][1], hex(1 << 39 | 2 << 40 | 1 << 43))  # S2, CLASS IN, AssuredOnly

    # PERM-25, FLT-14, CD-24: PIIndex 6 is bits 54 and 53 of 01, 51 of 1, 6 of 0; nDirty is bit 7.  3.26.1, 7.3.16
    def test_indices_of_stage_1_are_named_and_what_refuses(self):
        config = self.write("machine.yaml", """version: 1
memory: [{name: ram, base: 0x80000000, size: 1G}]
smmu: [{features: {minor: 3, hyp: true, e0pd: true, ptwnnc: true, httu: 2, s1pi: true, epan: true, aie: true}}]
tables: {t: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0x90001000, size: 4K, pi: 6}, {va: 0x2000, pa: 0x90002000, size: 4K, pi: 6, dirty: false},
                                {va: 0x3000, pa: 0x90003000, size: 4K, pi: 1}]}}
masters:
  - {name: m, stream_id: 1, table: t, ste: {S1PIE: 1}, cd: {PIE: 1, PIIU6: 5, PIIP6: 5, AIE: 1}}
  - {name: marks, stream_id: 2, table: t, ste: {S1PIE: 1}, cd: {PIE: 1, PIIU6: 5, PIIP6: 5, HA: 1, HD: 1}}
""")
        answer = self.json("explain", "-c", config, "W m 0x1010 4")
        self.assertEqual(answer["outcome"]["verdict"], "OK")
        ste, cd, leaf = (self.fetches(answer)[i] for i in (1, 2, -1))
        self.assert_field(ste, "S1PIE", "0x1", "5.2")
        self.assert_field(cd, "PIE", "0x1", "5.4")
        for name, value in (("PIIndex[3:2]", "0x1"), ("PIIndex[1]", "0x1"), ("PIIndex[0]", "0x0")):
            self.assert_field(leaf, name, value, "3.26.1")
        self.assert_field(leaf, "nDirty", "0x0", "D8.5.2", "dirty")
        self.assert_field(leaf, "AttrIndx[3]", "0x0", "5.4", "as AttrIndx")
        self.assertFalse([row for row in leaf["fields"] if row["name"] in ("AP", "UXN", "PXN", "DBM")])
        for access, rule in (("W m 0x2010 4", "s1-dirty"), ("W m 0x3010 4", "s1-base")):
            self.assertEqual(self.json("explain", "-c", config, access)["outcome"]["rule"], rule)
        last = self.fetches(self.json("explain", "-c", config, "W marks 0x2010 4"))[-1]
        self.assertIn("hardware sets nDirty to 0: written to", last["meaning"])

    # HTTU-12, HTTU-13: with HAFT of each table, before the descriptor below it is read.  3.13.6
    def test_a_table_that_hardware_would_mark_is_a_step(self):
        text = """version: 1
memory: [{name: ram, base: 0x80000000, size: 1G}]
smmu: [{profile: generic-3.3, features: {httu: HTTU}}]
tables: {process: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0x90001000, size: 4K, af: false}]}}
masters: [{name: device, stream_id: 1, table: process, asid: 2, cd: {HA: 1, HAFT: 1}}]
"""
        answer = self.json("explain", "-c", self.write("machine.yaml", text.replace("HTTU", "3")), "R device 0x1040 8")
        steps = self.fetches(answer)[-6:]
        self.assertEqual([step["title"].split("[")[0] for step in steps],
                         ["S1 L1", "S1 L1 update", "S1 L2", "S1 L2 update", "S1 L3", "S1 L3 update"])
        for read, update in zip(steps[::2], steps[1::2]):
            self.assertEqual(int(update["value"], 0), int(read["value"], 0) | 1 << 10)
            self.assertEqual(update["meaning"], "hardware sets AF")
            self.assertIn("AF", [field["name"] for field in read["fields"]])
        answer = self.json("explain", "-c", self.write("machine.yaml", text.replace("HTTU", "2")), "R device 0x1040 8")
        self.assertEqual([step["title"] for step in self.fetches(answer) if " update" in step["title"]], ["S1 L3 update"])

    def test_access_may_be_one_argument_or_several(self):
        config = write_machine(self)
        one = self.sim("explain", "-c", config, "R 0x1 0x40201234 4")
        self.assertEqual(one, self.sim("explain", "-c", config, "R", "0x1", "0x40201234", "4"))

    def test_wrong_access_is_a_usage_error(self):
        config = write_machine(self)
        for access in ("Q 0x1 0x1000 4", "R 0x1 0x1000", "R 0x1 zero 4", "R nobody 0x1000 4", "! w64 0x1000 0", "# no"):
            self.assertTrue(self.sim("explain", "-c", config, access, status=2)[1])


if __name__ == "__main__":
    main()
