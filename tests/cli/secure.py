# SPDX-License-Identifier: MIT
"""The Secure state at the command line: explain, dump, run -v, and what is refused."""
import os

from _lib import SOURCE, Case, main, squeeze

SHARED = os.path.join(SOURCE, "configs", "shared-ram.yaml")
PARTITIONS = os.path.join(SOURCE, "configs", "secure-partitions.yaml")
MASTERS = os.path.join(SOURCE, "configs", "trustzone-masters.yaml")


def fields(node):
    return {row["name"]: (row["value"], row["section"]) for row in node["fields"]}


class Secure(Case):
    def explain(self, config, access):
        return self.json("explain", "-c", config, access)

    # 6.3.57, 6.3.72, 6.3.73: the registers are those of the Secure interface; what is fetched is in the Secure PA space
    def test_a_secure_access_is_explained_by_the_secure_interface(self):
        answer = self.explain(SHARED, "W sdhc 0x10000000 64")
        titles = [node["title"] for node in answer["story"]]
        self.assertEqual(titles, ["SMMU_S_CR0", "SMMU_S_STRTAB_BASE", "SMMU_S_STRTAB_BASE_CFG", "L1STD[0x0]", "STE[0x3]", "CD[0x0]",
                                  "S1 L1[0x0]", "S1 L2[0x80]", "S1 L3[0x0]", "OK", "firewall"])
        self.assertEqual(answer["access"]["sec_sid"], "secure")
        self.assertEqual(fields(answer["story"][0]), {"SIF": ("0x0", "6.3.57"), "SMMUEN": ("0x1", "6.3.57")})
        self.assertEqual({node["pas"] for node in answer["story"] if "pa" in node}, {"secure"})
        self.assertTrue(answer["story"][4]["where"].startswith("secure pa 0x7fff"))
        self.assertEqual(answer["outcome"]["pas"], "ns")

    # NSCFG0 says where the walk begins, NSTable and NS where it goes on: told where they are looked at
    def test_the_fields_that_say_which_space_are_shown_where_they_count(self):
        story = self.explain(SHARED, "W sdhc 0x10000000 64")["story"]
        self.assertEqual(fields(story[5])["NSCFG0"], ("0x0", "5.4"))
        self.assertEqual(fields(story[7])["NSTable"][0], "0x0")
        self.assertEqual(fields(story[8])["NS"][0], "0x1")
        story = self.explain(SHARED, "W sdhc-open 0x10000000 64")["story"]
        self.assertEqual(fields(story[5])["NSCFG0"][0], "0x1")
        self.assertEqual([node["pas"] for node in story if node["title"].startswith("S1")], ["ns"] * 3)
        for node in story[6:9]:
            self.assertFalse({"NS", "NSTable"} & set(fields(node)))
        story = self.explain(MASTERS, "R dpu 0x70400000 64")["story"]
        self.assertEqual(fields(story[4])["NSCFG"], ("0x2", "5.2"))
        self.assertNotIn("NSCFG0", fields(self.explain(MASTERS, "W dma330-ch1 0x40000000 64")["story"][5]))

    # 5.2, 6.3.2: without ATTR_PERMS_OVR, and ATTR_TYPES_OVR, what comes in is used: the fields say nothing
    def test_overrides_that_the_smmu_does_not_have_are_not_shown(self):
        of_perms, of_types = {"NSCFG", "PRIVCFG", "INSTCFG"}, {"MTCFG", "ALLOCCFG", "SHCFG"}
        shown = fields(self.explain(MASTERS, "R dpu 0x70400000 64")["story"][4])
        self.assertLessEqual(of_perms | of_types, set(shown))
        shown = fields(self.explain(MASTERS, "R dpu-plain 0x70400000 64")["story"][4])
        self.assertFalse(of_perms & set(shown))
        self.assertLessEqual(of_types, set(shown))
        with open(MASTERS, encoding="utf-8") as file:
            text = file.read().replace("attr_perms_ovr: false", "attr_types_ovr: false")
        shown = fields(self.explain(self.write("types.yaml", text), "R dpu-plain 0x70400000 64")["story"][4])
        self.assertFalse(of_types & set(shown))
        self.assertLessEqual(of_perms, set(shown))

    def test_an_access_is_told_with_its_ns(self):
        out, _ = self.sim("explain", "-c", MASTERS, "R dpu 0x70400000 64")
        self.assertIn("R dpu 0x70400000 64 ns=1 secure\n", out)
        self.assertIn("OK 0x70400000 secure Normal-WB nsh bypass by STE, firewall allows (vault)\n", out)
        self.assertIs(self.explain(MASTERS, "R dpu 0x70400000 64")["access"]["ns"], True)
        self.assertIs(self.explain(MASTERS, "R dpu 0x70400000 64 ns=0")["access"]["ns"], False)
        self.assertNotIn("ns", self.explain(MASTERS, "W dma330-ch1 0x40000000 64")["access"])

    # 6.3.62: S_GBPA is to the Secure interface what GBPA is to the other
    def test_a_disabled_secure_interface_is_told_by_s_gbpa(self):
        text = "version: 1\nsmmu: [{features: {secure: true}, secure: {enabled: false, bypass: {abort: true, nscfg: 2}}}]\n" \
               "memory: [{name: n, base: 2G, size: 1M}, {name: s, base: 1G, size: 1M, pas: secure}]\n"
        answer = self.explain(self.write("off.yaml", text), "R 0x1 0x1000 4 secure")
        self.assertEqual([node["title"] for node in answer["story"]], ["SMMU_S_CR0", "SMMU_S_GBPA", "ABORT"])
        self.assertEqual(fields(answer["story"][1])["NSCFG"][0], "0x2")
        self.assertEqual([(node["title"], row["name"]) for node in answer["story"] for row in node["fields"] if row.get("decided")],
                         [("SMMU_S_GBPA", "ABORT")])

    def test_streams_of_each_state_are_dumped_apart(self):
        secure = self.json("dump", "-c", SHARED, "stream-table", "--secure")
        self.assertEqual([(row["sid"], row["config"]) for row in secure["rows"]], [("0x3", "0x5"), ("0x4", "0x5"), ("0x5", "0x5")])
        self.assertEqual([(row["sid"], row["config"]) for row in self.json("dump", "-c", SHARED, "stream-table")["rows"]], [("0x3", "0x4")])
        self.assertNotEqual(secure["base"], self.json("dump", "-c", SHARED, "stream-table")["base"])
        self.assertRegex(self.sim("dump", "-c", SHARED, "stream-table", "-S")[0], r"^Secure Stream table at 0x7fff9800, 2-level, 2\^16 StreamIDs\n")

    def test_a_secure_stream_is_dumped_by_its_master_or_its_number(self):
        for who in (["--master", "sdhc"], ["--sid", "3", "--secure"]):
            rows = self.json("dump", "-c", SHARED, "tables", *who)["rows"]
            self.assertEqual([(row["input"], row["output"], row["pas"], row["descriptor"]) for row in rows],
                             [("0x10000000", "0x80100000", "ns", "0x60000080100e67"), ("0x10010000", "0x70100000", "secure", "0x60000070100f43")])
            rows = self.json("dump", "-c", SHARED, "cd", *who)["rows"]
            self.assertEqual([(row["asid"], row["ttb0"]) for row in rows], [("0x1", "0x7ffff000")])
        self.assertIn("of Secure StreamID 0x3", self.sim("dump", "-c", SHARED, "tables", "--master", "sdhc")[0])
        self.sim("dump", "-c", SHARED, "tables", "--sid", "3", status=1)   # the Non-secure stream bypasses

    # 5.2: STRW = 0b01 of a Secure stream is EL3, which has TTB0 alone
    def test_a_stream_of_the_monitor_is_told(self):
        with open(MASTERS, encoding="utf-8") as file:
            text = file.read().replace("table: vpu_out, asid: 2}", "table: vpu_out, asid: 2, ste: {STRW: 1}}").replace("size: 64K}]}", "size: 64K, user: false}]}")
        config = self.write("el3.yaml", text)
        rows = {row["sid"]: row["world"] for row in self.json("dump", "-c", config, "stream-table", "-S")["rows"]}
        self.assertEqual((rows["0x5"], rows["0x6"], rows["0x10"]), ("el1", "el3", ""))
        story = self.explain(config, "R vpu-out 0x50000000 4 priv")["story"]
        self.assertEqual(fields(story[4])["STRW"], ("0x1", "5.2"))
        self.assertEqual((story[4]["meaning"], story[5]["meaning"]), ("the stream translates by stage 1, of EL3", "EL3 has TTB0 alone"))
        self.assertFalse({"ASID", "EPD0"} & set(fields(story[5])))

    # 3.10.2.2: the table of S2SW, S2SA, S2NSW, S2NSA, by what is read on the way, and where it ends
    def test_each_row_of_secure_stage_2_walks_and_ends_where_it_says(self):
        rows = {"row1": ("secure", "secure", "secure", "secure"), "row2": ("secure", "secure", "secure", "ns"),
                "row3": ("secure", "secure", "ns", "ns"), "row3x": ("secure", "secure", "ns", "ns"),
                "row4": ("secure", "ns", "secure", "ns"), "row4x": ("secure", "ns", "ns", "ns"),
                "row5": ("ns", "ns", "secure", "ns"), "row5x": ("ns", "ns", "ns", "ns")}
        for name, spaces in rows.items():
            for ns in (0, 1):
                with self.subTest(name, ns=ns):
                    answer = self.explain(PARTITIONS, f"R {name} 0x1010 8 ns={ns}")
                    walk = [(node["pas"], node["ipa_pas"]) for node in answer["story"] if node["title"].startswith("S2")]
                    self.assertEqual(walk, [(spaces[2 * ns], "ns" if ns else "secure")] * 2)
                    self.assertEqual(answer["outcome"]["pas"], spaces[2 * ns + 1])

    # STE-40: both trees and what says where they are; whose IPA is translated
    def test_stage_2_of_a_secure_stream_is_explained_by_its_trees(self):
        story = self.explain(PARTITIONS, "R sp1 0x2000 8")["story"]
        ste = fields(story[4])
        self.assertEqual({name: ste[name][0] for name in ("S2TTB", "S2NSW", "S2NSA", "S_S2T0SZ", "S_S2TTB", "S2SW", "S2SA")},
                         {"S2TTB": "0x7fffd000", "S2NSW": "0x0", "S2NSA": "0x1", "S_S2T0SZ": "0x22", "S_S2TTB": "0x7ffff000", "S2SW": "0x0",
                          "S2SA": "0x0"})
        self.assertEqual([row["meaning"] for row in story[4]["fields"] if row["name"] in ("S2NSA", "S2SA")],
                         ["Non-secure", "Secure"])
        self.assertTrue(story[6]["meaning"].endswith(", for the CD, a Secure IPA"), story[6])
        self.assertTrue(story[-2]["meaning"].endswith(", for the address, a Non-secure IPA"), story[-2])
        cd = next(node for node in story if node["title"] == "CD[0x0]")
        self.assertEqual((cd["where"], cd["ipa_pas"]), ("secure ipa 0x108000, secure pa 0x7ffe3000", "secure"))
        guest = self.explain(PARTITIONS, "R guest 0x10000 8")["story"]
        self.assertFalse({"S_S2TTB", "S2NSW"} & set(fields(guest[4])))
        self.assertTrue(guest[-2]["meaning"].endswith(", for the address"), guest[-2])
        self.assertNotIn("ipa_pas", guest[-2])

    # A tree of Secure IPAs that is larger than that of Non-secure ones: its indices are by S_S2T0SZ
    def test_indices_of_each_tree_are_by_its_own_size(self):
        text = "version: 1\nsmmu: [{profile: secure-3.3}]\n" \
               "memory: [{name: n, base: 2G, size: 1M}, {name: s, base: 1G, size: 1M, pas: secure}]\n" \
               "tables: {a: {stage: 2, ipa_bits: 32, map: [{ipa: 3G, pa: 1G, size: 4K}]}, b: {stage: 2, ipa_bits: 30, map: []}}\n" \
               "masters: [{name: m, security: secure, stream_id: 1, stage2: a, stage2_ns: b}]\n"
        story = self.explain(self.write("sizes.yaml", text), "R m 0xc0000000 4")["story"]
        self.assertEqual([node["title"] for node in story if node["title"].startswith("S2")], ["S2 L2[0x600]", "S2 L3[0x0]"])

    def test_stage_2_of_a_secure_stream_is_dumped_by_ipa_space(self):
        rows = self.json("dump", "-c", PARTITIONS, "tables", "--master", "sp2", "--stage", "2")["rows"]
        self.assertEqual([(row["ipa_pas"], row["input"], row["output"], row["pas"]) for row in rows if row["input"] == "0x10000"],
                         [("secure", "0x10000", "0x70200000", "secure"), ("ns", "0x10000", "0x80200000", "ns")])
        text = self.sim("dump", "-c", PARTITIONS, "tables", "--master", "row2")[0]
        self.assertRegex(text, r"\nIPA +INPUT +OUTPUT .*\nsecure +0x1000 .*\nns +0x1000 ")
        text = self.sim("dump", "-c", PARTITIONS, "tables", "--master", "guest")[0]
        self.assertRegex(text, r"\n +INPUT +OUTPUT ")
        rows = {row["sid"]: (row["s_s2ttb"], row["s2ttb"]) for row in self.json("dump", "-c", PARTITIONS, "stream-table", "-S")["rows"]}
        self.assertEqual((rows["0xc"], rows["0xe"]), (("0x7ffff000", "0x7fffd000"), ("0x0", "0x0")))
        self.assertRegex(self.sim("dump", "-c", PARTITIONS, "stream-table", "-S")[0], r"MEANING +S_S2TTB\n(.*\n)*0xc .* 0x7ffff000\n")
        self.assertNotIn("S_S2TTB", self.sim("dump", "-c", PARTITIONS, "stream-table")[0])

    def test_registers_of_the_secure_interface_are_dumped(self):
        rows = {row["name"]: row["value"] for row in self.json("dump", "-c", MASTERS, "regs", "--secure")["registers"]}
        self.assertEqual((rows["SMMU_S_CR0"], rows["SMMU_S_IDR1"], rows["SMMU_S_CMDQ_PROD"]), ("0x2d", "0x80000010", "0x3"))
        self.assertTrue(all(name.startswith("SMMU_S_") for name in rows))
        plain = {row["name"] for row in self.json("dump", "-c", MASTERS, "regs")["registers"]}
        self.assertFalse(plain & set(rows))

    def test_registers_of_the_realm_interface_are_dumped(self):
        for ba_realm in (0, 2, 0x10):                         # in pages of 64KB from 0x20000
            self.write("realm.yaml", "version: 1\nsmmu: [{profile: realm-3.3, idr: {ROOT_IDR0: 0x%x}}]\n" % (15 | ba_realm << 22))
            rows = {row["name"]: row for row in self.json("dump", "-c", "realm.yaml", "regs", "--realm")["registers"]}
            self.assertEqual((rows["SMMU_R_CR0"]["value"], rows["SMMU_R_IDR0"]["value"], rows["SMMU_R_GBPA"]["value"]),
                             ("0x10", "0x1012400", "0x100000"))
            self.assertEqual(rows["SMMU_R_EVENTQ_PROD"]["offset"], "0x%x" % (0x300a8 + (ba_realm << 16)))
            self.assertTrue(all(name.startswith("SMMU_R_") for name in rows))

    def test_what_there_is_not_is_not_dumped(self):
        quick = os.path.join(SOURCE, "configs", "quickstart.yaml")
        for what in ("stream-table", "regs"):
            _, err = self.sim("dump", "-c", quick, what, "--secure", status=2)
            self.assertIn("the SMMU has no Secure state", err)
        self.assertIn("the SMMU has no Realm state", self.sim("dump", "-c", quick, "regs", "--realm", status=2)[1])
        self.assertIn("--secure or --realm, not both", self.sim("dump", "-c", quick, "regs", "-RS", status=2)[1])
        self.assertIn("--realm does not apply to config", self.sim("dump", "-c", quick, "config", "-R", status=2)[1])
        self.assertIn("--secure or --master, not both", self.sim("dump", "-c", SHARED, "cd", "--master", "sdhc", "-S", status=2)[1])
        self.assertIn("--secure does not apply to config", self.sim("dump", "-c", SHARED, "config", "-S", status=2)[1])

    # 3.10.2.2: the VMID of a stream is that of its table of Secure IPAs
    def test_a_dumped_configuration_with_two_stages_2_loads_and_dumps_the_same(self):
        text, _ = self.sim("dump", "-c", PARTITIONS, "config")
        self.write("again.yaml", text)
        self.assertEqual(self.sim("dump", "-c", "again.yaml", "config")[0], text)

    def test_what_the_secure_interface_does_is_told_as_a_trace_expects_it(self):
        trace = self.write("t.trace", "R sdhc 0x20000000 4\n! secure: tlbi nh_asid asid=1\n! secure: sync irq\n")
        out = squeeze(self.sim("run", "-v", "-c", SHARED, trace)[0])
        for line in ("! secure: expect event F_TRANSLATION sid=0x3 rnw=0x1 class=IN addr=0x20000000", "! secure: expect prod 0x1",
                     "! secure: expect interrupt eventq", "! secure: expect invalidation stage1 asid=0x1",
                     "! secure: expect interrupt cmd_sync"):
            self.assertIn(f"\n {line}\n", out)

    # stats.h: rows of each state, the Non-secure ones first
    def test_streams_of_each_state_are_counted(self):
        trace = self.write("both.trace", "R guest 0x10000 8\nR sp1 0x1000 8\nR sp1 0x1000 8\n")
        stats = self.json("run", "-c", PARTITIONS, "--stats", trace)["statistics"][0]
        self.assertEqual([(row["sec_sid"], row["sid"], row["transactions"]) for row in stats["streams"]],
                         [("ns", "0xc", 1), ("secure", "0xc", 2)])
        out = self.sim("run", "-c", PARTITIONS, "--stats", "--quiet", trace)[0]
        self.assertRegex(out, r"\n  sid 0xc: transactions=1 .*\n  sid 0xc secure: transactions=2 ")

    def test_where_there_is_no_secure_state_an_act_fails_at_its_place(self):
        for line, column in (("! secure: sync", 11), ("! secure: recover", 11), ("! secure: expect no-event", 18)):
            quick = os.path.join(SOURCE, "configs", "quickstart.yaml")
            _, err = self.sim("run", "-c", quick, "-", stdin=line.encode() + b"\n", status=3)
            self.assertIn(f":1:{column}: error: the SMMU has no Secure state\n", err)


if __name__ == "__main__":
    main()
