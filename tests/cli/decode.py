# SPDX-License-Identifier: MIT
"""decode: every field named, from numbers, 32-bit words and lines pasted from a kernel log."""
from _lib import Case, main, squeeze

# F_TRANSLATION of StreamID 0x10, a read of 0x40002000 at stage 1 of CLASS IN: RnW bit 99, CLASS 2 at bits 105:104.  7.3.13
EVENT = ["0x1000000010", hex(1 << 35 | 2 << 40), "0x40002000", "0x0"]

# What the arm-smmu-v3 driver of Linux prints for it: one line per word, as "\t0x%016llx".
LOG = """[   37.123456] arm-smmu-v3 9050000.smmuv3: event 0x10 received:
[   37.123457] arm-smmu-v3 9050000.smmuv3: \t0x0000001000000010
[   37.123458] arm-smmu-v3 9050000.smmuv3: \t0x0000020800000000
[   37.123459] arm-smmu-v3 9050000.smmuv3: \t0x0000000040002000
[   37.123460] arm-smmu-v3 9050000.smmuv3: \t0x0000000000000000
"""
# Later kernels add such lines: their numbers are no words.
DECODED = """[   37.123461] arm-smmu-v3 9050000.smmuv3: event: F_TRANSLATION client: 0000:00:02.0 sid: 0x10 ssid: 0x0 iova: 0x40002000 ipa: 0x0
[   37.123462] arm-smmu-v3 9050000.smmuv3: unpriv data read s1 "Input address caused fault" stag: 0x0
"""
# What else the driver says: sentences, with numbers in them.
CHATTER = """[    1.000001] arm-smmu-v3 9050000.smmuv3: ias 44-bit, oas 44-bit (features 0x00008305)
[    1.000002] arm-smmu-v3 9050000.smmuv3: allocated 65536 entries for cmdq
[    2.000003] arm-smmu-v3 9050000.smmuv3: unexpected global error reported (0x00000001), this could be serious
[    3.000004] arm-smmu-v3 9050000.smmuv3: event: F_STE_FETCH client: (unassigned sid) sid: 0x30 ssid: 0x0 fetch_addr: 0x43210000
[    3.000005] arm-smmu-v3 9050000.smmuv3: event: F_TRANSLATION client: 0000:00:03.0 sid: 0x8 ssid: 0x0 iova: 0xfffdf000 ipa: 0x43210000
"""


class Decode(Case):
    def fields(self, *arguments, **more):
        structures = self.json("decode", *arguments, **more)["structures"]
        self.assertEqual(len(structures), 1)
        named = {}
        for field in structures[0]["fields"]:
            named.setdefault(field["name"], field["value"])
        return structures[0]["structure"], named

    def assert_event(self, answer):
        name, fields = answer
        self.assertEqual(name, "F_TRANSLATION")
        self.assertEqual({key: fields[key] for key in ("StreamID", "SSV", "RnW", "S2", "CLASS", "InputAddr")},
                         {"StreamID": "0x10", "SSV": "0x0", "RnW": "0x1", "S2": "0x0", "CLASS": "0x2",
                          "InputAddr": "0x40002000"})

    def test_every_bit_of_every_structure_is_named(self):
        for what, words, bits in [("ste", 8, 512), ("cd", 8, 512), ("l1std", 1, 64), ("l1cd", 1, 64), ("ttd", 1, 64), ("ttd128", 2, 128),
                                  ("pri", 2, 128)]:
            fields = self.json("decode", what, *["0"] * words)["structures"][0]["fields"]
            covered = 0
            for field in fields:
                msb, _, lsb = field["bits"].strip("[]").partition(":")
                covered += int(msb) - int(lsb or msb) + 1
            self.assertEqual(covered, bits, what)

    def test_a_descriptor_of_16_bytes(self):
        # SKL 1 at bits 110:109: of level 2 a block of 1MB, of level 1 a table whose next has 2^16 entries, 1MB
        words = [hex(0xabcdef12345000 | 0x401), hex(1 << 45 | 0xb << 51)]
        name, fields = self.fields("ttd128", "--level", "2", *words)
        self.assertEqual((name, fields["PIIndex"], fields["(output)"]), ("TTD128_S1_LEAF", "0xb", "0xabcdef12300000"))
        name, fields = self.fields("ttd128", "--stage", "2", "--level", "-2", *words)
        self.assertEqual((name, fields["SKL"], fields["(next table)"]), ("TTD128_S2_TABLE", "0x1", "0xabcdef12300000"))

    def test_event_from_words(self):
        self.assert_event(self.fields("event", *EVENT))

    def test_event_from_a_kernel_log_on_stdin(self):
        self.assert_event(self.fields("event", "-", stdin=(LOG + DECODED).encode()))

    def test_event_from_a_kernel_log_as_one_argument(self):
        self.assert_event(self.fields("event", LOG))

    def test_sentences_of_a_log_have_no_words(self):
        self.assert_event(self.fields("event", "-", stdin=(CHATTER + LOG + CHATTER).encode()))
        _, err = self.sim("decode", "event", "-", stdin=CHATTER.encode(), status=3)
        self.assertIn("there are no words", err)

    def test_bytes_of_a_dump_are_no_words(self):
        _, err = self.sim("decode", "ttd", "-", stdin=b"9fff0c10  03 0c ff 9f 00 00 00 00  43 0f 00 80 00 00 00 00  |........|\n", status=3)
        self.assertIn("there are no words", err)

    def test_a_memory_dump_may_have_a_text_column(self):
        dump = ("41000000: 00000010 00000010 00000000 00000208  ..:.............\n"
                "41000010: 40002000 00000000 00000000 00000000  . .@............\n")
        self.assert_event(self.fields("event", "-", stdin=dump.encode()))

    def test_two_events_of_a_log_are_two_structures(self):
        self.assertEqual(len(self.json("decode", "event", "-", stdin=(LOG + LOG).encode())["structures"]), 2)

    def test_words_of_32_bits_are_joined_lower_first(self):
        self.assert_event(self.fields("event", "0x00000010", "0x00000010", "0x00000000", "0x00000208", "0x40002000", "0", "0", "0"))
        memory = "0x41000000: 00000010 00000010 00000000 00000208\n0x41000010: 40002000 00000000 00000000 00000000\n"
        self.assert_event(self.fields("event", "-", stdin=memory.encode()))

    def test_text_is_exact(self):
        out = squeeze(self.sim("decode", "l1std", "0x41000009")[0])
        # Span 9: 2^8 STEs; L2Ptr[55:6].  5.1
        self.assertEqual(out, "\n".join([
            "L1STD [5.1]",
            " word 0 0x0000000041000009",
            "FIELD BITS VALUE MEANING",
            "Span [4:0] 0x9 256 STEs",
            "RES0 [5] 0x0",
            "L2Ptr [55:6] 0x41000000",
            "RES0 [63:56] 0x0"]))

    def test_commands_are_named_by_their_opcode(self):
        self.assertEqual(self.fields("cmd", "0x46", "0")[0], "CMD_SYNC")
        name, fields = self.fields("cmd", "0x0000001000000003", "0x1")
        self.assertEqual((name, fields["StreamID"], fields["Leaf"]), ("CMD_CFGI_STE", "0x10", "0x1"))

    def test_descriptor_is_read_by_stage_level_and_granule(self):
        self.assertEqual(self.fields("ttd", "0x60000080005f43")[0], "TTD64_S1_LEAF")
        self.assertEqual(self.fields("ttd", "0x60000080005f43")[1]["(output)"], "0x80005000")
        self.assertEqual(self.fields("ttd", "--level", "2", "0x10004003")[0], "TTD64_S1_TABLE")
        self.assertEqual(self.fields("ttd", "--level", "2", "--stage", "2", "0x10012003")[0], "TTD64_S2_TABLE")
        # 64K granule: OA[51:48] are bits 15:12.  D8.3.1
        self.assertEqual(self.fields("ttd", "--granule", "64K", "0x80005003")[1]["(output)"], "0x5000080000000")
        # With DS bits 51:50 are bits 9:8, 49:48 in place; a block of level 0 is one of 512 GB.
        self.assertEqual(self.fields("ttd", "--ds", "0x1000080005603")[1]["(output)"], "0x9000080005000")
        self.assertEqual(self.fields("ttd", "--ds", "--level", "0", "0x108080000701")[1]["(output)"], "0xc108000000000")

    # DPT-03: level 0 by bits 1:0, level 1 unless asked for.  3.24.3.1
    def test_device_permissions_are_read_by_level(self):
        self.assertEqual(self.fields("dpt", "0x8000c00070213")[0], "DPT_L1")
        self.assertEqual(self.fields("dpt", "0x8000c00070213")[1]["VMID0"], "0x7")
        self.assertEqual(self.fields("dpt", "--level", "0", "0")[0], "DPT_L0_NO_ACCESS")
        self.assertEqual(self.fields("dpt", "--level", "0", "0x70011")[0], "DPT_L0_BLOCK")
        self.assertEqual(self.fields("dpt", "--level", "0", "0x80100003")[1]["Address"], "0x80100000")

    # GPC-03, GPC-04: level 0 by bits 3:0, level 1 unless asked for.  D9.6
    def test_granule_protection_is_read_by_level(self):
        self.assertEqual(self.fields("gpt", "--level", "0", "0x91")[0], "GPT_BLOCK")
        self.assertEqual(self.fields("gpt", "--level", "0", "0x91")[1]["GPI"], "0x9")
        self.assertEqual(self.fields("gpt", "--level", "0", "0x80020003")[0], "GPT_TABLE")
        self.assertEqual(self.fields("gpt", "--level", "0", "0x80020003")[1]["Address"], "0x80020000")
        self.assertEqual(self.fields("gpt", "0x2b1")[0], "GPT_CONTIGUOUS")
        self.assertEqual(self.fields("gpt", "0x2b1")[1]["Contig"], "0x2")
        self.assertEqual(self.fields("gpt", "0x99999999999999a8")[0], "GPT_GRANULES")
        self.assertEqual(self.fields("gpt", "0x99999999999999a8")[1]["GPI1"], "0xa")
        self.assertIn("reserved: Non-secure only", self.sim("decode", "gpt", "0xd0")[0])

    def test_register_by_name_with_and_without_prefix(self):
        for name in ("CR0", "SMMU_CR0", "cr0"):
            structure, fields = self.fields("reg", name, "0xd")
            self.assertEqual((structure, fields["SMMUEN"], fields["EVENTQEN"], fields["CMDQEN"]),
                             ("SMMU_CR0", "0x1", "0x1", "0x1"))

    def test_the_fault_bit_of_a_result_chooses_its_form(self):
        structure, fields = self.fields("reg", "GATOS_PAR", "0xff00000060000b00")
        self.assertEqual((structure, fields["ADDR"], fields["Size"]), ("SMMU_GATOS_PAR", "0x60000000", "0x1"))
        structure, fields = self.fields("reg", "VATOS_PAR", "0x101")
        self.assertEqual((structure, fields["FAULTCODE"], fields["REASON"]), ("SMMU_VATOS_PAR.FAULT", "0x10", "0x0"))
        self.assertIn("INV_STAGE", self.sim("decode", "reg", "GATOS_PAR", "0xfe1")[0])

    def test_wrong_word_count_is_a_usage_error_in_a_sentence(self):
        self.assertIn("ste has 512 bits: 8 words of 64 bits or twice as many of 32 bits, not 3",
                      self.sim("decode", "ste", "1", "2", "3", status=2)[1])
        self.assertIn("there are no words", self.sim("decode", "event", "-", stdin=b"nothing here\n", status=3)[1])
        self.assertIn("not 3", self.sim("decode", "event", "-", stdin=LOG.replace("\t0x0000000040002000", "").encode(),
                                        status=3)[1])

    def test_wrong_arguments_are_usage_errors(self):
        for arguments, words in [
                (["stee", "0"], "did you mean 'ste'?"), (["ste", "0xg"], "'0xg' is not a number"), ([], "decode what?"),
                (["ste"], "which words?"), (["reg"], "which register?"), (["reg", "CRO", "0"], "did you mean 'CR0'?"),
                (["reg", "CR0", "0x100000000"], "does not fit"), (["event", "0xff", "0", "0", "0"], "reserved"),
                (["ttd", "--level", "4", "0"], "no level"), (["ttd", "--granule", "8K", "0"], "no granule"),
                (["ttd", "--stage", "3", "0"], "no stage"), (["ste", "0x10000000000000000"], "not a number")]:
            self.assertIn(words, self.sim("decode", *arguments, status=2)[1], arguments)

    def test_endless_words_are_refused(self):
        self.assertIn("more than 8192 words",
                      self.sim("decode", "event", "-", stdin=b"0x0000000000000000\n" * 10000, status=3)[1])


if __name__ == "__main__":
    main()
