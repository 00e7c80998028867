# SPDX-License-Identifier: MIT
"""run: what becomes of each access, expectations, the summary, lists of expected answers, compressed input."""
import bz2
import gzip
import lzma
import os
import shutil
import subprocess

from _lib import Case, QUICK, REGISTERS, main, squeeze, write_machine

TRACE = """# smmu-trace 1
R dma0 0x1234 4 expect=pa:0x80001234,pas:ns,attr:wb
W dma0 0x20000 8 expect=F_PERMISSION,s2:0,class:IN
R dma0 0x40000 1 expect=F_TRANSLATION,s2:0,class:IN
R raw 0x90000000 64 expect=pa:0x90000000,pas:ns,attr:wb
R off 0x1000 4 expect=abort
"""


class Run(Case):
    def setUp(self):
        super().setUp()
        self.config = self.write("quick.yaml", QUICK)
        self.trace = self.write("quick.trace", TRACE)

    def test_trace_beside_the_configuration_is_run_and_every_line_is_exact(self):
        out = squeeze(self.sim("run", "-c", "quick.yaml", "--strict")[0])
        self.assertEqual(out, "\n".join([
            " 2 R dma0 0x1234 4 -> OK 0x80001234 ns Normal-WB ish via S1",
            " 3 W dma0 0x20000 8 -> ABORT F_PERMISSION S1 level 3 class IN: the access permissions refuse it [D8.4]",
            " 4 R dma0 0x40000 1 -> ABORT F_TRANSLATION S1 level 3 class IN: the stage 1 descriptor is invalid [D8.3]",
            " 5 R raw 0x90000000 64 -> OK 0x90000000 ns Normal-WB nsh bypass by STE",
            " 6 R off 0x1000 4 -> ABORT no event: the stream is set to abort [5.2]",
            "MASTER SID ACCESSES PARTS OK BYPASS EVENTS ABORTS OTHERS",
            "dma0 0x10 3 3 1 0 2 0 0",
            "raw 0x11 1 1 1 1 0 0 0",
            "off 0x12 1 1 0 0 0 1 0",
            "OUTCOME PARTS",
            "OK translated 1",
            "OK bypass 1",
            "ABORT no event 1",
            "F_TRANSLATION 1",
            "F_PERMISSION 1",
            "5 accesses in 5 parts; 5 of them with an expectation, 0 failed"]))

    def test_json_says_the_same(self):
        answer = self.json("run", "-c", "quick.yaml")
        self.assertTrue(answer["complete"])
        self.assertEqual([access["line"] for access in answer["accesses"]], [2, 3, 4, 5, 6])
        first = answer["accesses"][0]
        self.assertEqual((first["access"]["address"], first["access"]["sid"], first["outcome"]["pa"], first["failed"]),
                         ("0x1234", "0x10", "0x80001234", False))
        self.assertEqual(answer["accesses"][1]["outcome"]["record"][0], "0x1000000013")   # 7.3.16, StreamID 0x10
        self.assertEqual(answer["summary"]["accesses"], 5)
        self.assertEqual(answer["summary"]["outcomes"][-1], {"outcome": "F_PERMISSION", "parts": 1})

    def test_same_input_gives_the_same_bytes(self):
        for more in ([], ["--json"]):
            self.assertEqual(self.sim("run", "-c", "quick.yaml", *more), self.sim("run", "-c", "quick.yaml", *more,
                                                                                   env={"COLUMNS": "40", "TERM": "xterm"}))

    def test_the_second_pass_of_the_suite_has_caches(self):
        # The leaf of 0x1000, cleared without maintenance: what was kept answers, if something is kept.
        trace = "R dma0 0x1000 4\n! w64 0xbfffc008 0\nR dma0 0x1000 4\n"
        out, _ = self.sim("run", "-c", "quick.yaml", self.write("edited.trace", trace))
        self.assertEqual(out.count("-> OK 0x80001000"), 2 if "SMMU_TEST_CACHES" in os.environ else 1)

    # TLB-11: of the two pages the TLB has one place, which a Translation Request takes; its micro-TLB still has what it had.
    def test_caches_are_those_of_micro_tlbs_too_unless_something_is_counted(self):
        self.write("ats.yaml", QUICK.replace("version: 1", "version: 1\nsmmu: [{features: {ats: true}}]")
                   .replace("stream_id: 0x10", "stream_id: 0x10\n    ste: {EATS: 1}"))
        trace = self.write("edited.trace", "R dma0 0x1000 4\nAT dma0 0x2000 4\n! w64 0xbfffc008 0\nR dma0 0x1000 4\n")
        for more, met in ((["0"], 1), (["1"], 2), (["1", "--stats"], 1)):
            out, _ = self.sim("run", "-c", "ats.yaml", trace, "--caches", *more)
            self.assertEqual(squeeze(out).count("R dma0 0x1000 4 -> OK 0x80001000"), met, out)

    def test_quiet_leaves_the_summary(self):
        self.assertTrue(self.sim("run", "-c", "quick.yaml", "-q")[0].startswith("MASTER"))

    def test_failed_expectation_is_named_and_ends_with_1(self):
        self.write("quick.trace", TRACE.replace("0x80001234", "0x80001238"))
        out, _ = self.sim("run", "-c", "quick.yaml", "-q", status=1)
        line = out.splitlines()[0]
        self.assertTrue(line.startswith("quick.trace:2: failed: R dma0 0x1234 4: "), line)
        self.assertIn("0x80001238", line)                                     # expected
        self.assertTrue(line.endswith("; got OK 0x80001234 ns Normal-WB ish via S1"), line)
        self.assertIn("1 failed", out)
        answer = self.json("run", "-c", "quick.yaml", status=1)
        self.assertEqual([access["line"] for access in answer["accesses"] if access.get("failed")], [2])

    def test_strict_fails_an_access_without_a_complete_expectation(self):
        self.write("quick.trace", "R dma0 0x1234 4\nR dma0 0x1234 4 expect=pa:0x80001234\n")
        self.sim("run", "-c", "quick.yaml")
        out, _ = self.sim("run", "-c", "quick.yaml", "-q", "--strict", status=1)
        self.assertIn("quick.trace:1: failed: R dma0 0x1234 4: no complete expectation (--strict)", out)
        self.assertIn("quick.trace:2: failed", out)

    def test_missing_default_trace_says_so(self):
        self.write("alone.yaml", QUICK)
        _, err = self.sim("run", "-c", "alone.yaml", status=2)
        self.assertIn("alone.yaml has no trace beside it (alone.trace)", err)

    def test_acts_between_accesses_take_effect(self):
        trace = "R raw 0x1000 4 expect=ok\n! mmio w32 CR0 0x0\n! mmio w32 CR0 0x1\nR raw 0x1000 4 expect=ok\n"
        out, _ = self.sim("run", "-c", "quick.yaml", self.write("acts.trace", trace))
        self.assertIn("! mmio w32 SMMU_CR0 0x0", out)

    def test_access_over_two_pages_is_answered_in_parts_and_all_of_it_is_expected(self):
        # Two pages whose PAs follow each other; then a page with nothing mapped after it.
        out, _ = self.sim("run", "-c", "quick.yaml",
                          self.write("parts.trace", "R dma0 0x1ff0 32 expect=pa:0x80001ff0,pas:ns,attr:wb\n"))
        self.assertIn("R dma0 0x1ff0 16 -> OK 0x80001ff0", out)
        self.assertIn("R dma0 0x2000 16 -> OK 0x80002000", out)
        self.assertIn("1 accesses in 2 parts", out)
        out, _ = self.sim("run", "-c", "quick.yaml", "-q", "-", status=1,
                          stdin=b"R dma0 0x20ff0 32 expect=pa:0x80020ff0,pas:ns,attr:wb\n")
        self.assertIn("-:1: failed: R dma0 0x21000", out)

    def test_trace_from_stdin(self):
        out, _ = self.sim("run", "-c", "quick.yaml", "-", stdin=TRACE.encode())
        self.assertIn("5 accesses in 5 parts", out)

    def test_configuration_from_stdin(self):
        self.sim("run", "-c", "-", "quick.trace", stdin=QUICK.encode())
        self.assertIn("read only once", self.sim("run", "-c", "-", "-", stdin=QUICK.encode(), status=3)[1])

    def test_compressed_input_is_told_by_content(self):
        forms = {"gz": gzip.compress(TRACE.encode()), "bz2": bz2.compress(TRACE.encode()), "xz": lzma.compress(TRACE.encode())}
        for tool in ("zstd", "lz4"):
            if shutil.which(tool):
                forms[tool] = subprocess.run([tool, "-c"], input=TRACE.encode(), capture_output=True, check=True).stdout
        for name, data in forms.items():
            out, _ = self.sim("run", "-c", "quick.yaml", self.write(f"packed-{name}", data))
            self.assertIn("5 accesses in 5 parts", out, name)
        packed = self.write("packed.yaml", gzip.compress(QUICK.encode()))
        self.sim("run", "-c", packed, "quick.trace")

    def test_masters_with_several_streams_and_several_smmus(self):
        config = self.write("two.yaml", """version: 1
smmu: [{name: a}, {name: b}]
masters:
  - {name: dma0, stream_id: 0x10, map: [{va: 0x1000, pa: 0x80001000, size: 4K}]}
  - {name: dma1, smmu: b, stream_id: 0x10, map: [{va: 0x1000, pa: 0x80002000, size: 4K}]}
  - {name: gpu, stream_id: 0x200, count: 8, mode: bypass}
""")
        out, _ = self.sim("run", "-c", config, "-", stdin=b"R dma0 0x1000 4\nR dma1 0x1000 4\nR gpu+3 0 4\nR 0x207 0 4\n")
        for line in ("R dma0 0x1000 4 -> OK 0x80001000", "R dma1 0x1000 4 -> OK 0x80002000", "R gpu+3 0x0 4 -> OK 0x0"):
            self.assertIn(line, out)
        self.assertIn("\ngpu 0x200..0x207 2 2 2 2 0 0 0\n", squeeze(out))
        for arguments, pa in [(["R dma1 0x1000 4"], "0x80002000"), (["R 0x10 0x1000 4"], "0x80001000"),
                              (["R 0x10 0x1000 4", "--smmu", "b"], "0x80002000")]:
            self.assertEqual(self.json("explain", "-c", config, *arguments)["outcome"]["pa"], pa)
        for arguments, pa in [(["--master", "dma1"], "0x80002000"), (["--sid", "0x10"], "0x80001000"),
                              (["--sid", "0x10", "--smmu", "b"], "0x80002000")]:
            rows = self.json("dump", "-c", config, "tables", *arguments)["rows"]
            self.assertEqual([row["output"] for row in rows], [pa])

    def test_access_that_this_version_cannot_make_ends_with_4(self):
        out, _ = self.sim("run", "-c", "quick.yaml", "-", stdin=b"R 0x10 0x1000 4 secure\nR dma0 0x1000 4\n", status=4)
        self.assertIn("R 0x10 0x1000 4 secure -> ERROR: the SMMU has no streams of this Security state [3.10.1]", out)
        self.assertIn("incomplete", out)
        self.sim("run", "-c", "quick.yaml", "-q", "-", stdin=b"R dma0 0x100000 1T\n", status=4)   # 2^28 pages

    def test_empty_trace_is_no_error(self):
        self.assertIn("0 accesses in 0 parts", self.sim("run", "-c", "quick.yaml", self.write("empty.trace", ""))[0])


QUEUES = """version: 1
smmu: [{features: {msi: true, stall_model: 0, stall_max: 2}}]
masters:
  - name: dma0
    stream_id: 0x10
    asid: 6
    map: [{va: 0x1000, pa: 0x80001000, size: 64K, perm: rw}]
  - {name: acc, stream_id: 0x20, cd: {S: 1}, map: [{va: 0x1000, pa: 0x80001000, size: 4K}]}
"""


class Acts(Case):
    """Commands, reads, what the SMMU does of its own accord, accesses that wait."""

    def setUp(self):
        super().setUp()
        self.write("q.yaml", QUEUES)

    def run_trace(self, text, *more, status=0):
        return squeeze(self.sim("run", "-c", "q.yaml", "-", *more, stdin=text.encode(), status=status)[0])

    def test_each_act_says_what_it_came_to(self):
        out = self.run_trace("! tlbi nh_va asid=6 va=0x1000 leaf\n! cfgi all\n! sync\n! mmio r32 CR0 expect=0xd\n"
                             "! r64 0x80000000\n! mmio w32 CR0 0xd\n! expect invalidation stage1 asid=6\n")
        self.assertEqual(out.splitlines()[:7], [
            " 1 ! tlbi nh_va asid=0x6 va=0x1000 leaf -> consumed",
            " 2 ! cfgi all -> consumed",
            " 3 ! sync -> consumed",
            " 4 ! mmio r32 SMMU_CR0 -> 0xd",
            " 5 ! r64 0x80000000 -> 0x0",
            " 6 ! mmio w32 SMMU_CR0 0xd",
            " 7 ! expect invalidation stage1 asid=0x6 -> invalidation stage1 asid=0x6 vmid=0x0 addr=0x1000 bytes=0x1000 leaf"])
        self.assertIn("\n7 acts; 2 of them with an expectation, 0 failed", out)

    def test_a_command_that_is_not_consumed_fails_unless_that_is_expected(self):
        out = self.run_trace("! sync\n! cmd 0xff 0\n! sync expect=waiting\n! recover\n! cmd 0xff 0 expect=CERROR_ILL\n",
                             "-q", status=1)
        self.assertEqual(out.splitlines()[0], "-:2: failed: ! cmd 0xff 0x0: the command is CERROR_ILL, expected consumed; got CERROR_ILL")
        self.assertEqual(out.count("failed: "), 1)
        self.assertIn("5 acts; 2 of them with an expectation, 1 failed", out)

    def test_json_has_the_acts_among_the_accesses(self):
        answer = self.json("run", "-c", "q.yaml", "-", status=1,
                           stdin=b"R dma0 0x1000 4\n! tlbi nsnh_all\n! mmio r32 CR0 expect=0\n! w64 0x80000000 1\n")
        self.assertEqual(answer["accesses"][1], {"file": "-", "line": 2, "act": "! tlbi nsnh_all", "result": "consumed",
                                                 "words": ["0x30", "0x0"]})
        self.assertEqual(answer["accesses"][2], {"file": "-", "line": 3, "act": "! mmio r32 SMMU_CR0", "result": "0xd", "failed": True,
                                                 "difference": "the value is 0xd, expected 0x0"})
        self.assertEqual(answer["accesses"][3], {"file": "-", "line": 4, "act": "! w64 0x80000000 0x1"})
        summary = answer["summary"]
        self.assertEqual((summary["acts"], summary["act_expectations"], summary["acts_failed"]), (3, 1, 1))

    def test_verbose_prints_lines_that_expect_what_the_smmu_did(self):
        trace = "W dma0 0x40000 4\n! sync irq\n"
        out = self.run_trace(trace, "-v")
        told = [line.strip() for line in out.splitlines() if line.startswith(" ! expect ")]
        self.assertEqual(told, ["! expect event F_TRANSLATION sid=0x10 class=IN addr=0x40000", "! expect prod 0x1",
                                "! expect interrupt eventq", "! expect interrupt cmd_sync"])
        again = "W dma0 0x40000 4 expect=F_TRANSLATION,s2:0,class:IN\n! sync irq\n" + "\n".join(told) + "\n! expect nothing\n"
        self.run_trace(again, "--strict")

    def test_verbose_says_where_it_no_longer_remembers_what_the_smmu_did(self):
        end = "# more than 1024 acts are not remembered: what follows is not told until ! expect lines name some"
        for more, ends in ((1023, 0), (1024, 1), (1100, 1)):
            out = self.run_trace("! sync irq\n" * more, "-v")
            self.assertEqual((out.count("! expect interrupt cmd_sync"), out.count(end)), (min(more, 1024), ends))
        out = self.run_trace("! sync irq\n" * 1100 + "! expect anything\n! sync irq\n", "-v")
        self.assertEqual(out.count("! expect interrupt cmd_sync"), 1025)

    def test_strict_accounts_for_all_that_the_smmu_did_where_a_line_expects_any_of_it(self):
        fault = "W dma0 0x40000 4 expect=F_TRANSLATION,s2:0,class:IN\n"
        event = "! expect event F_TRANSLATION sid=0x10 class=IN addr=0x40000\n"
        self.run_trace(fault, "--strict")
        self.run_trace(fault + event)
        for more in ("", "! sync\n"):
            out = self.run_trace(fault + event + more, "--strict", "-q", status=1)
            self.assertEqual(out.splitlines()[0],
                             "-:2: failed: 1 more of the SMMU's own acts after this line (--strict): interrupt eventq")
        self.run_trace(fault + event + "! expect anything\n", "--strict")
        self.write("a.trace", fault + event)
        self.write("b.trace", fault)
        out, _ = self.sim("run", "-c", "q.yaml", "-q", "--strict", "a.trace", "b.trace", status=1)
        self.assertIn("a.trace:2: failed: 1 more", out)
        answer = self.json("run", "-c", "q.yaml", "--strict", "a.trace", status=1)
        self.assertEqual(answer["accesses"][-1], {"file": "a.trace", "line": 2, "failed": True, "difference":
                                                  "1 more of the SMMU's own acts after this line (--strict): interrupt eventq"})

    def test_a_stalled_access_is_told_again_where_it_goes_on(self):
        out = self.run_trace("R acc 0x2000 8\nW acc 0x3000 8\n! resume sid=0x20 stag=1 abort expect=abort\n! stall_term sid=0x20\n")
        self.assertEqual(out.splitlines()[:6], [
            " 1 R acc 0x2000 8 -> STALLED F_TRANSLATION S1 level 3 class IN stag 0x0: the stage 1 descriptor is invalid [D8.3]",
            " 2 W acc 0x3000 8 -> STALLED F_TRANSLATION S1 level 3 class IN stag 0x1: the stage 1 descriptor is invalid [D8.3]",
            " 3 ! resume sid=0x20 stag=0x1 abort -> consumed",
            " 3 W acc 0x3000 8 of line 2, aborted -> ABORT: ended while stalled [3.12.2]",
            " 4 ! stall_term sid=0x20 -> consumed",
            " 4 R acc 0x2000 8 of line 1, aborted -> ABORT: ended while stalled [3.12.2]"])

    def test_what_a_resumed_access_comes_to_is_expected_on_the_line_that_resumes_it(self):
        stall = "R acc 0x2000 8 expect=stalled,F_TRANSLATION,s2:0,class:IN\n"
        out = self.run_trace(stall + "! resume sid=0x20 stag=0 retry expect=pa:0x80002000\n! stall_term sid=0x20\n", "-q", status=1)
        self.assertTrue(out.startswith("-:2: failed: R acc 0x2000 8 of line 1, retried: verdict is STALLED with F_TRANSLATION, "
                                       "expected OK; got STALLED F_TRANSLATION"), out)
        out = self.run_trace(stall + "! resume sid=0x20 stag=1 retry expect=abort\n! stall_term sid=0x20\n", "-q", status=1)
        self.assertEqual(out.splitlines()[0], "-:2: failed: an outcome is expected, but no stalled access went on")
        out = self.run_trace(stall + "! stall_term sid=0x20\n", "-q", "--strict", status=1)
        self.assertIn("-:2: failed: R acc 0x2000 8 of line 1, aborted: no complete expectation (--strict)", out)

    def test_accesses_that_wait_at_the_end_are_named_and_fail_where_it_is_strict(self):
        stall = "R acc 0x2000 8 expect=stalled,F_TRANSLATION,s2:0,class:IN\n" * 2 + "R acc 0x2000 8 expect=busy\n"
        out = self.run_trace(stall)
        self.assertIn("\n 1 R acc 0x2000 8: still waits\n 2 R acc 0x2000 8: still waits\n 3 R acc 0x2000 8: still waits\n", out)
        self.assertIn("3 accesses wait still", out)
        self.write("q.trace", stall)
        out, _ = self.sim("run", "-c", "q.yaml", "--strict", "-q", status=1)
        self.assertEqual(out.splitlines()[0], "q.trace:3: failed: 3 accesses still wait (--strict)")
        self.assertEqual(self.json("run", "-c", "q.yaml", "--strict", status=1)["summary"]["waiting"], 3)

    def test_an_access_that_found_no_room_for_its_record_goes_on_where_a_record_is_consumed(self):
        self.write("q.yaml", QUEUES.replace("stall_max: 2}", "stall_max: 2}, event_queue: {log2size: 0}"))
        fault = "R dma0 0x40000 4 expect=F_TRANSLATION,s2:0,class:IN\n"
        stall = "W acc 0x2000 8 expect=stalled,F_TRANSLATION,s2:0,class:IN\n"
        again = " expect=stalled,F_TRANSLATION,s2:0,class:IN\n"
        event = "! expect event F_TRANSLATION sid=0x10 rnw=1 class=IN addr=0x40000"
        rest = "! expect anything\n! stall_term sid=0x20 expect=abort\n! expect nothing\n"
        self.run_trace(fault + stall + event + again + rest, "--strict")
        self.run_trace(fault + stall + "! expect anything" + again + rest, "--strict")
        out = self.run_trace(fault + stall + event + "\n" + rest, "--strict", "-q", status=1)
        self.assertTrue(out.startswith("-:3: failed: W acc 0x2000 8 of line 2, retried: no complete expectation (--strict)"), out)
        out = self.run_trace(fault + stall + "! expect interrupt eventq\n! stall_term sid=0x20 expect=abort\n")   # at the block's end
        self.assertIn("\n 3 W acc 0x2000 8 of line 2, retried -> STALLED", out)

    def test_an_access_of_two_pages_is_stalled_in_parts(self):
        out = self.run_trace("R acc 0x2ff8 16\n! resume sid=0x20 stag=0 abort\n! resume sid=0x20 stag=1 razwi\n")
        self.assertIn(" 2 R acc 0x2ff8 8 of line 1, aborted -> ABORT", out)
        self.assertIn(" 3 R acc 0x3000 8 of line 1, ended as RAZ/WI -> RAZ_WI", out)

    def test_a_queue_that_is_nowhere_is_a_wrong_line(self):
        _, err = self.sim("run", "-c", "q.yaml", "-", status=3,
                          stdin=b"! mmio w32 CR0 5\n! mmio w64 CMDQ_BASE 0x1002\n! mmio w32 CR0 0xd\n! tlbi nh_all\n")
        self.assertRegex(err, r"(?m)^-:4:3: error: there is no memory at 0x10[0-9a-f]*, where CMDQ_BASE has the Command queue\n"
                              r"    4 \| ! tlbi nh_all\n      \|   \^~~~\n")

    def test_wrong_acts_are_placed(self):
        for line, column, words in [("! tlbi nh_va asid=6", 3, "needs va="), ("! tlbi nh_vaaa", 8, "did you mean 'nh_vaa'?"),
                                    ("! expect evnt", 10, "did you mean 'event'?"), ("! sync expect=never", 15, "is no answer"),
                                    ("! mmio r32 CRO", 12, "did you mean 'CR0'?"), ("! snyc", 3, "did you mean 'sync'?")]:
            _, err = self.sim("run", "-c", "q.yaml", "-", stdin=line.encode() + b"\n", status=3)
            self.assert_placed(err, "-", 1, column)
            self.assertIn(words, err)
        for line in ("! root: recover", "! root: dvm ALLE1IS"):
            self.sim("run", "-c", "q.yaml", "-", stdin=line.encode() + b"\n", status=4)


ENDPOINTS = """version: 1
smmu: [{features: {ats: true, pri: true, priqs: 4}}]
masters:
  - {name: ep, stream_id: 0x100, atc: {entries: 4}, ste: {EATS: 1}, map: [{va: 0x1000, pa: 0x80001000, size: 4K, perm: ro}, {va: 0x2000, pa: 0x80008000, size: 8K}]}
"""


class Endpoints(Case):
    def setUp(self):
        super().setUp()
        self.config = self.write("ep.yaml", ENDPOINTS)

    def test_an_access_says_how_it_came_by_its_translation(self):
        trace = self.write("ep.trace", "R ep 0x1010 4\nR ep 0x1010 4\nW ep 0x1010 4\n! endpoint ep times-out\nPR ep 0x1000 write last\n")
        out = squeeze(self.sim("run", "-c", "ep.yaml", trace)[0])
        self.assertEqual(out.splitlines()[:5], [
            " 1 R ep 0x1010 4 -> OK 0x80001010 ns Normal-WB nsh bypass by STE, ATC asked",
            " 2 R ep 0x1010 4 -> OK 0x80001010 ns Normal-WB nsh bypass by STE, ATC hit",
            " 3 W ep 0x1010 4 -> NO_ACCESS no event: the translation does not grant what is asked [13.7.1], ATC asked and was granted r",
            " 4 ! endpoint ep times-out", " 5 PR ep 0x1000 write last prgindex=0"])
        rows = self.json("run", "-c", "ep.yaml", trace)["accesses"]
        self.assertEqual([row.get("atc") for row in rows], ["asked", "hit", "asked", None, None])
        self.assertEqual([row.get("act") for row in rows[3:]], ["! endpoint ep times-out", "PR ep 0x1000 write last prgindex=0"])

    def test_each_part_asks_for_itself(self):
        out = squeeze(self.sim("run", "-c", "ep.yaml", "--strict", "-", stdin=b"W ep 0x2ff8 16 expect=pa:0x80008ff8,pas:ns,attr:wb,atc:asked\n")[0])
        self.assertEqual(len([line for line in out.splitlines() if line.endswith("ATC asked")]), 2)

    def test_strict_asks_whether_it_was_the_atc_that_spoke(self):
        for line, said in (("R ep 0x1010 4 expect=pa:0x80001010,pas:ns,attr:wb", "no complete expectation (--strict)"),
                           ("R ep 0x1010 4 expect=pa:0x80001010,pas:ns,attr:wb,atc:hit", "the master sends a Translation Request, expected that it hits its ATC")):
            trace = self.write("wrong.trace", line + "\n")
            self.assertIn(said, self.sim("run", "-c", "ep.yaml", "--strict", trace, status=1)[0])

    def test_what_an_endpoint_cannot_do_is_placed(self):
        for line, column, status in (("PR ep 0x1000 exec", 14, 3), ("PR pe 0x1000", 4, 3), ("! endpoint pe off", 12, 3), ("! endpoint ep of", 15, 3),
                                     ("PR ep+1 0x1000 read", 4, 3)):
            trace = self.write("wrong.trace", "# one\n" + line + "\n")
            self.assert_placed(self.sim("run", "-c", "ep.yaml", trace, status=status)[1], trace, 2, column)
        plain = self.write("plain.yaml", QUICK)
        trace = self.write("wrong.trace", "PR dma0 0x1000 read\n")
        self.assert_placed(self.sim("run", "-c", plain, trace, status=4)[1], trace, 1, 9)

    def test_explain_tells_the_request_that_an_access_makes(self):
        for access in ("W ep 0x2010 4", "AO ep 0x2010 4"):
            out = squeeze(self.sim("explain", "-c", "ep.yaml", access)[0])
            self.assertTrue(out.startswith("AT ep 0x2010 4 write"), out)
            self.assertTrue(out.rstrip().endswith("OK 0x80008010 ns Normal-WB ish via S1 grants rw"), out)


class Expected(Case):
    """--expect: rows of sid, ssid, addr, rw, outcome, pa, on the machine of _lib.MEMORY."""

    ROWS = ["sid,ssid,addr,rw,outcome,pa,source",
            "0x1,,0x40201234,R,OK,0x80005234,derived",
            "1,,1075847184,W,F_PERMISSION,,x",           # 0x40202010
            "0x2,,0x203abc,R,F_TRANSLATION,,",
            "0x3,,0x12345678,W,BYPASS,0x12345678,",
            "0x4,,0x0,X,ABORT,,",
            "0x40,,0x0,R,C_BAD_STREAMID,,"]

    def setUp(self):
        super().setUp()
        self.config = write_machine(self)

    def expect(self, rows, *more, status=0):
        self.write("expected.csv", "\n".join(rows) + "\n")
        return self.sim("run", "-c", "hand.yaml", "--expect", "expected.csv", *more, status=status)

    def test_rows_that_agree_are_not_printed(self):
        out, _ = self.expect(self.ROWS)
        self.assertTrue(out.startswith("MASTER"))
        self.assertIn("6 accesses in 6 parts; 6 of them with an expectation, 0 failed", out)

    def test_verbose_prints_them(self):
        self.assertIn("R 0x1 0x40201234 1 -> OK 0x80005234", self.expect(self.ROWS, "-v")[0])

    def test_each_row_that_disagrees_is_named(self):
        for row, (old, new) in {1: ("0x80005234", "0x80005235"), 2: ("F_PERMISSION", "F_ACCESS"), 3: ("F_TRANSLATION", "ABORT"),
                                4: ("BYPASS,0x12345678", "F_TRANSLATION,"), 5: ("ABORT,", "OK,0x0"),
                                6: ("C_BAD_STREAMID", "ABORT")}.items():
            rows = list(self.ROWS)
            rows[row] = rows[row].replace(old, new)
            out, _ = self.expect(rows, status=1)
            self.assertEqual([line.split(": ")[0] for line in out.splitlines() if ": failed: " in line],
                             [f"expected.csv:{row + 1}"])

    def test_columns_are_found_by_name(self):
        self.expect(["pa,note,outcome,rw,addr,sid", "0x80005234,,OK,R,0x40201234,1"])

    def test_changed_line_ends_and_compression_do_not_matter(self):
        self.write("expected.csv", gzip.compress(("\r\n".join(self.ROWS)).encode()))
        self.assertIn("6 accesses", self.sim("run", "-c", "hand.yaml", "--expect", "expected.csv")[0])

    def test_event_that_is_not_recorded_is_an_abort_without_event(self):
        write_machine(self, registers=[row for row in REGISTERS if row[0] != 0x2c])   # CR2.RECINVSID = 0.  7.3.3
        out, _ = self.expect([self.ROWS[0], "0x40,,0x0,R,ABORT,,"])
        self.assertIn("\n 0x40 1 1 0 0 0 1 0\n", squeeze(out))
        self.assertIn("\nC_BAD_STREAMID not recorded 1\n", squeeze(out))
        self.expect([self.ROWS[0], "0x40,,0x0,R,C_BAD_STREAMID,,"], status=1)

    def test_substreams_are_asked_for(self):
        # A stream without substreams refuses a SubstreamID.  7.3.9
        self.expect([self.ROWS[0], "0x1,5,0x40201234,R,C_BAD_SUBSTREAMID,,"])

    def test_malformed_rows_are_placed(self):
        head = self.ROWS[0]
        for rows, line, column, words in [
                (["a,b"], 1, 4, "no column 'sid'"), ([head, "0x1,,zero,R,OK,0x1"], 2, 6, "addr is not a number"),
                ([head, "0x1,,0x0,Q,OK,0x1"], 2, 10, "not R, W or X"), ([head, "0x1,,0x0,R,FINE,"], 2, 12, "name of an event"),
                ([head, "0x1,,0x0,R,OK,"], 2, 15, "pa is not a number"), ([head, "0x1,,0x0"], 2, 9, "the line ends"),
                ([head, "0x100000000,,0x0,R,OK,0x0"], 2, 1, "sid is not"), ([head, "1,0x100000,0,R,OK,0x0"], 2, 3, "ssid is not")]:
            _, err = self.expect(rows, status=3)
            self.assertIn(words, err)
            self.assertIn(f"expected.csv:{line}:{column}: error: ", err)

    def test_a_trace_comes_before_the_rows(self):
        self.write("expected.csv", "\n".join(self.ROWS) + "\n")
        out, _ = self.sim("run", "-c", "hand.yaml", self.write("a.trace", "R 0x3 0x1 1\n"), "--expect", "expected.csv")
        self.assertIn("7 accesses", out)


MONITORED = """version: 1
smmu:
  - pmcg: {counters: 4, counter_bits: 32}
masters:
  - {name: dev, stream_id: 1, map: [{va: 0x1000, pa: 0x80001000, size: 4K}]}
"""

# EVTYPER1: event 1, FILTER_SID_SPAN; SMR1: all StreamIDs; counter 1, 4 bytes after the first, at its last value.
OVERFLOWS = """! mmio w32 0xb0404 0x20000001
! mmio w32 0xb0a04 0xffffffff
! mmio w32 0xc0004 0xffffffff
! mmio w64 PMCG_INTENSET0 2
! mmio w32 PMCG_IRQ_CTRL 1
! mmio w64 PMCG_CNTENSET0 2
! mmio w32 PMCG_CR 1
R dev 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb
! expect interrupt pmcg
! expect nothing
! mmio r32 0xc0004 expect=0
! mmio r64 PMCG_OVSSET0 expect=2
"""


class Counted(Case):
    # 10.2.1, 10.3
    def test_a_counter_that_overflows_interrupts(self):
        machine = self.write("monitored.yaml", MONITORED)
        out, _ = self.sim("run", "-c", machine, "--strict", self.write("overflows.trace", OVERFLOWS))
        self.assertIn("! mmio w32 0xb0404 0x20000001", out)
        again, _ = self.sim("dump", "-c", machine, "config")
        self.assertIn("counter_bits: 32", again)
        self.sim("run", "-c", self.write("again.yaml", again), "--strict", self.write("overflows.trace", OVERFLOWS))

    def test_stats_say_what_was_counted(self):
        machine = self.write("monitored.yaml", MONITORED)
        trace = self.write("one.trace", "R dev 0x1000 8\nR dev 0x5000 8\n! expect stats transactions=2 faults.F_TRANSLATION=1\n")
        stats = self.json("run", "-c", machine, "--stats", trace)["statistics"][0]
        self.assertEqual(stats["smmu"], "smmu0")
        self.assertEqual((stats["figures"]["transactions"], stats["figures"]["ok"], stats["figures"]["abort"]), (2, 1, 1))
        self.assertNotIn("busy", stats["figures"])
        self.assertEqual([(row["sid"], row["transactions"], row["faults"]) for row in stats["streams"]], [("0x1", 2, 1)])
        out, _ = self.sim("run", "-c", machine, "--stats", "--quiet", trace)
        self.assertIn("faults.F_TRANSLATION     1", out)
        out, _ = self.sim("run", "-c", machine, "--quiet", trace, status=1)
        self.assertIn("this SMMU counts nothing", out)


if __name__ == "__main__":
    main()
