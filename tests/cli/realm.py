# SPDX-License-Identifier: MIT
"""The Realm state at the command line: explain, dump, run -v."""
import os

from _lib import SOURCE, Case, main, squeeze

REALM = os.path.join(SOURCE, "configs", "realm.yaml")


def fields(node):
    return {row["name"]: (row["value"], row["meaning"]) for row in node["fields"]}


class Realm(Case):
    def explain(self, access):
        return self.json("explain", "-c", REALM, access)

    # 6.3.128, 6.3.142, 6.3.143: the registers are those of the Realm interface; what is fetched is in the Realm PA space
    def test_a_realm_access_is_explained_by_the_realm_interface(self):
        answer = self.explain("R dma 0x2000 8")
        self.assertEqual([node["title"] for node in answer["story"][:6]],
                         ["SMMU_ROOT_CR0", "SMMU_R_CR0", "SMMU_R_STRTAB_BASE", "SMMU_R_STRTAB_BASE_CFG", "L1STD[0x0]", "STE[0xc]"])
        self.assertEqual(answer["access"]["sec_sid"], "realm")
        self.assertEqual({node["pas"] for node in answer["story"] if "pa" in node}, {"realm"})
        self.assertEqual(fields(answer["story"][5])["MECID"][0], "0x3")
        self.assertEqual((answer["outcome"]["pas"], answer["outcome"].get("mecid")), ("ns", None))
        self.assertEqual(self.explain("R dma 0x1000 8")["outcome"]["mecid"], "0x3")

    # NS-16 to NS-18: NS is shown where it counts
    def test_leaves_that_share_are_shown(self):
        story = self.explain("R dma 0x2000 8")["story"]
        self.assertEqual(fields(story[-2])["NS"], ("0x1", "Non-secure"))
        self.assertNotIn("NS", fields(next(node for node in story if node["title"].startswith("S1 L3"))))
        self.assertEqual(fields(self.explain("R rmm 0x1000 8")["story"][-2])["NS"], ("0x0", "Realm"))
        self.assertNotIn("NS", fields(self.explain("R el1 0x1000 8")["story"][-2]))
        self.assertEqual(fields(self.explain("R by-ns 0x80000000 8")["story"][5])["NSCFG"][0], "0x3")

    # R_GBPA.ABORT is 1: what a Realm stream sends before its interface is enabled is aborted
    def test_what_decided_is_marked_in_the_realm_register(self):
        with open(REALM, encoding="utf-8") as file:
            config = self.write("off.yaml", file.read().replace("realm: {mecid: 1}", "realm: {enabled: false}"))
        answer = self.json("explain", "-c", config, "R dma 0x1000 8")
        self.assertEqual([(node["title"], row["name"]) for node in answer["story"] for row in node["fields"] if row.get("decided")],
                         [("SMMU_R_GBPA", "ABORT")])

    def test_realm_streams_are_dumped(self):
        rows = {row["sid"]: (row["config"], row["world"]) for row in self.json("dump", "-c", REALM, "stream-table", "--realm")["rows"]}
        self.assertEqual((rows["0xc"], rows["0xe"], rows["0x12"]), (("0x7", "el1"), ("0x5", "el2"), ("0x4", "")))
        self.assertTrue(self.sim("dump", "-c", REALM, "stream-table", "-R")[0].startswith("Realm Stream table at "))
        for who in (["--master", "dma"], ["--sid", "12", "--realm"]):
            rows = self.json("dump", "-c", REALM, "tables", "--stage", "2", *who)["rows"]
            self.assertEqual([(row["input"], row["output"], row["pas"]) for row in rows[:2]],
                             [("0x10000", "0x60100000", "realm"), ("0x20000", "0x80100000", "ns")])
            self.assertEqual([row["ipa"] for row in self.json("dump", "-c", REALM, "cd", *who)["rows"]], ["0x108000"])
        self.assertIn("of Realm StreamID 0xc", self.sim("dump", "-c", REALM, "tables", "--master", "dma")[0])
        self.assertIn("--realm or --master, not both", self.sim("dump", "-c", REALM, "cd", "--master", "dma", "-R", status=2)[1])

    def test_a_realm_access_is_told_with_its_mecid_and_xt(self):
        trace = self.write("t.trace", "R dma 0x1000 8\nTT ep-xt 0x60400000 8 xt\nR dma 0x9000 4\n")
        out = squeeze(self.sim("run", "-v", "-c", REALM, trace)[0])
        self.assertIn("R dma 0x1000 8 realm -> OK 0x60100000 realm Normal-WB ish via S1 and S2 MECID 0x3\n", out)
        self.assertIn("TT ep-xt 0x60400000 8 xt realm -> OK 0x60400000 realm Normal-WB nsh bypass by STE MECID 0x7\n", out)
        self.assertIn("\n ! realm: expect event F_TRANSLATION sid=0xc rnw=0x1 class=IN addr=0x9000\n", out)


if __name__ == "__main__":
    main()
