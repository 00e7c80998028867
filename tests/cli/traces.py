# SPDX-License-Identifier: MIT
"""smmu-sim trace: what is in traces, text to binary and back, traces made by rule; and that a run of either is the same."""
import glob
import gzip
import os
import re
import struct
import subprocess
import time

from _lib import Case, QUICK, SIM, SOURCE, main

# Two masters, a StreamID, an act, a page request, comments, an empty line, and what a record cannot say.
MIXED = b"""# smmu-trace 1
R dma0 0x1000 64

W 0x11 0x2000 4K priv   # 4K
X dma0.3 0x3000 4
! sync
PR dma0 0x5000 read last
R raw 0x10000 256 expect=pa:0x10000
AO raw 0xfff0 8
R raw 0 8G
"""


def records(data):
    """The records of a binary trace that is not compressed."""
    return [data[at:at + 32] for at in range(64, len(data), 32)]


class Traces(Case):
    def setUp(self):
        super().setUp()
        self.write("quick.yaml", QUICK)
        self.write("mixed.trace", MIXED)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def same_accesses(self, one, other):
        """Lines are the same but for how accesses are spelled: written as text anew they are equal."""
        for name, out in ((one, "one.txt"), (other, "other.txt")):
            self.sim("trace", "convert", "--binary", name, "-o", "between.smb")
            self.sim("trace", "convert", "between.smb", "-o", out)
        self.assertEqual(self.read("one.txt"), self.read("other.txt"))

    # ---- There and back ----

    def test_text_becomes_binary_and_text_again(self):
        self.sim("trace", "convert", "mixed.trace", "-o", "mixed.smb")
        out, _ = self.sim("trace", "convert", "mixed.smb")
        self.assertEqual(out.splitlines(), [
            "# smmu-trace 1", "R dma0 0x1000 64", "", "W 0x11 0x2000 4K priv   # 4K", "X dma0.3 0x3000 4", "! sync",
            "PR dma0 0x5000 read last", "R raw 0x10000 256 expect=pa:0x10000", "AO raw 0xfff0 8", "R raw 0 8G"])

    def test_every_trace_of_configs_comes_back_with_every_line(self):
        for path in glob.glob(os.path.join(SOURCE, "configs", "*.trace")):
            self.sim("trace", "convert", path, "-o", "there.smb")
            self.sim("trace", "convert", "there.smb", "-o", "back.trace")
            with open(path, "rb") as file:
                lines = file.read().splitlines()
            back = self.read("back.trace").splitlines()
            self.assertEqual(len(back), len(lines), path)
            for line, again in zip(lines, back):
                if line.strip().startswith((b"#", b"!", b"PR")) or b"expect" in line or b"#" in line:
                    self.assertEqual(again, line, path)
            self.same_accesses(path, "back.trace")

    def test_a_run_of_either_prints_the_same(self):
        for name in ("quickstart", "pcie", "user-space", "nested", "realm"):
            config, path = (os.path.join(SOURCE, "configs", f"{name}.{end}") for end in ("yaml", "trace"))
            self.sim("trace", "convert", path, "-o", "t.smb")
            for options in ([], ["-v"], ["-q", "--stats"], ["--json"]):
                text, _ = self.sim("run", "-c", config, *options, path)
                binary, _ = self.sim("run", "-c", config, *options, "t.smb")
                self.assertEqual(binary.replace("t.smb", path), text)

    def test_what_the_machine_refuses_is_told_as_of_the_text(self):
        for line, wrong in (("R nobody 0x1000 4", ":2:3: error: there is no master 'nobody'"),
                            ("R dma0+7 0x1000 4", ":2:3: error: master 'dma0' has 1 StreamIDs")):
            self.write("bad.trace", f"R dma0 0x1000 4\n{line}\n")
            self.sim("trace", "convert", "bad.trace", "-o", "bad.smb")
            said = [self.sim("run", "-c", "quick.yaml", name, status=3)[1].replace(name, "")
                    for name in ("bad.trace", "bad.smb")]
            self.assertIn(wrong, said[0])
            self.assertEqual(said[0], said[1])

    def test_a_failure_has_the_line_of_the_text(self):
        self.write("wrong.trace", "# a\n\n\nR raw 0x1000 4 expect=pa:0x2000\n")
        self.sim("trace", "convert", "wrong.trace", "-o", "wrong.smb")
        out, _ = self.sim("run", "-c", "quick.yaml", "-q", "wrong.smb", status=1)
        self.assertIn("wrong.smb:4: failed: R raw 0x1000 4: PA is 0x1000, expected 0x2000", out)

    # ---- What it is ----

    def test_frames_are_those_of_zstd_and_what_is_in_them_is_the_plain_form(self):
        self.sim("trace", "gen", "stream", "R 1 0 64", "-n", "70000", "--binary", "-o", "two.smb")
        self.sim("trace", "gen", "stream", "R 1 0 64", "-n", "70000", "--plain", "-o", "plain.smb")
        unpacked = subprocess.run(["zstd", "-dc", self.path("two.smb")], capture_output=True, check=True).stdout
        self.assertEqual(unpacked, self.read("plain.smb"))
        self.assertEqual(unpacked[:8], b"SMMUTRC\0")
        self.assertEqual(struct.unpack_from("<Q", unpacked, 32)[0], 70000)
        self.assertEqual([n for n, r in enumerate(records(unpacked), 1) if r[22] >= 0xfe], [65536, 70002])
        # The header, 65536 records, the rest: each frame has its size and a checksum.
        sizes = subprocess.run(["zstd", "-lv", self.path("two.smb")], capture_output=True, check=True).stdout
        self.assertRegex(sizes, rb"(?i)frames: 3\b")
        self.assertIn(b"XXH64", sizes)

    def test_a_trace_is_told_by_its_content_in_any_wrapping(self):
        self.sim("trace", "convert", "--plain", "mixed.trace", "-o", "text.trace")
        plain = self.read("text.trace")
        self.write("packed.txt", gzip.compress(plain))
        expected = self.sim("trace", "convert", "text.trace")[0]
        self.assertEqual(self.sim("trace", "convert", "packed.txt")[0], expected)
        self.assertEqual(self.sim("trace", "convert", "-", stdin=plain)[0], expected)

    def test_what_is_converted_without_a_word_is_the_other_form(self):
        self.sim("trace", "convert", "mixed.trace", "-o", "a.smb")
        self.sim("trace", "convert", "a.smb", "-o", "b.trace")
        self.sim("trace", "convert", "--plain", "a.smb", "-o", "c.smb")
        self.assertEqual(self.read("a.smb")[:4], b"\x28\xb5\x2f\xfd")
        self.assertEqual(self.read("b.trace")[:14], b"# smmu-trace 1")
        self.assertEqual(self.read("c.smb")[:8], b"SMMUTRC\0")

    # ---- Info ----

    def test_info_counts_operations_streams_and_addresses(self):
        for name in ("mixed.trace", "mixed.smb"):
            if name.endswith("smb"):
                self.sim("trace", "convert", "mixed.trace", "-o", name)
            answer = self.json("trace", "info", name)
            self.assertEqual({row["op"]: (row["count"], row["bytes"]) for row in answer["operations"]},
                             {"R": (3, 64 + 256 + (8 << 30)), "W": (1, 4096), "X": (1, 4), "AO": (1, 8), "PR": (1, 0), "!": (1, 0)})
            self.assertEqual({row["who"]: (row["accesses"], row["first"], row["last"]) for row in answer["streams"]},
                             {"0x11": (1, "0x2000", "0x2fff"), "dma0": (2, "0x1000", "0x3003"),
                              "raw": (3, "0x0", "0x1ffffffff")})
            self.assertEqual(answer["total"], {"accesses": 6, "bytes": 64 + 4096 + 4 + 256 + 8 + (8 << 30), "first": "0x0",
                                               "last": "0x1ffffffff"})
            self.assertEqual((answer["lines"], answer["complete"]), (10, True))
            self.assertEqual(answer["form"], "text" if name.endswith("trace") else "binary")
        self.assertEqual(answer["version"], 1)
        out, _ = self.sim("trace", "info", "mixed.smb")
        self.assertRegex(out.splitlines()[0], r"^mixed\.smb: binary, version 1, [0-9]+ records of 32 bytes for 10 lines$")
        self.assertRegex(out, r"(?m)^dma0 +2 +68 +0x1000 +0x3003$")
        self.assertIn("6 accesses of 8589939", out)

    # ---- Damage ----

    def complain(self, data, sentence, status=3):
        self.write("bad.smb", data)
        for verb in (["run", "-c", "quick.yaml"], ["trace", "info"], ["trace", "convert"]):
            _, err = self.sim(*verb, "bad.smb", status=status)
            self.assertIn("bad.smb: error: " + sentence, err)
            self.assertEqual(len(err.splitlines()), 1)

    def test_what_is_cut_damaged_or_of_another_version_is_refused_by_record(self):
        self.write("few.trace", "R raw 0x1000 4\nW raw 0x2000 4\n")
        self.sim("trace", "convert", "--plain", "few.trace", "-o", "few.smb")
        data = self.read("few.smb")
        self.assertEqual(len(data), 64 + 5 * 32)  # raw's name takes two
        self.complain(data[:40], "the header: the trace is cut")
        self.complain(data[:64], "record 1: the trace is cut")
        self.complain(data[:-32], "record 5: the trace is cut")
        self.complain(data[:-1], "record 5: the trace is cut")
        self.complain(data + b"\n", "record 5: something follows the end")
        self.complain(data[:8] + b"\x02" + data[9:], "the header: this version reads binary traces of version 1 alone")
        self.complain(data[:32] + b"\x02" + data[33:], "the header: it is damaged: its checksum is another")
        self.complain(data[:64 + 3 * 32 + 3] + b"\x01" + data[64 + 3 * 32 + 4:],
                      "record 5: damaged: the checksum of what stands before is another")
        self.complain(data[:64 + 2 * 32 + 22] + b"\x19" + data[64 + 2 * 32 + 23:],
                      "record 3: this version knows no such record")

    def test_frames_that_are_cut_or_damaged_are_refused(self):
        """The last of two, of 65536 and of 4466 records."""
        self.sim("trace", "gen", "random", "R 0x11 0 4", "-n", "70000", "--binary", "-o", "good.smb")
        data = self.read("good.smb")
        for bad, sentence in ((data[:-2], "Truncated zstd input"), (data[:-60] + bytes([data[-60] ^ 1]) + data[-59:], "")):
            self.write("bad.smb", bad)
            _, err = self.sim("run", "-q", "-c", "quick.yaml", "bad.smb", status=3)
            found = re.fullmatch(r"bad\.smb: error: record ([0-9]+): (\S.*)\n", err)
            self.assertTrue(found, err)
            self.assertGreater(int(found[1]), 60000)
            self.assertIn(sentence, found[2])
        self.write("bad.smb", data[:50])  # of nothing that can be unpacked nobody knows what it was
        self.assert_placed(self.sim("trace", "info", "bad.smb", status=3)[1], "bad.smb", 1)

    def test_an_incomplete_run_and_info_say_so(self):
        self.sim("trace", "convert", "--plain", "mixed.trace", "-o", "mixed.smb")
        self.write("cut.smb", self.read("mixed.smb")[:-32])
        self.assertFalse(self.json("trace", "info", "cut.smb", status=3)["complete"])
        self.assertIn("; incomplete: ", self.sim("trace", "info", "cut.smb", status=3)[0])

    # ---- Where it goes ----

    def test_nothing_is_left_of_a_file_that_is_not_whole(self):
        self.write("bad.trace", "R raw 0x1000 4\nR raw\n")
        self.write("old.smb", "as it was")
        _, err = self.sim("trace", "convert", "bad.trace", "-o", "old.smb", status=3)
        self.assert_placed(err, "bad.trace", 2)
        self.assertEqual(self.read("old.smb"), b"as it was")
        self.assertEqual(glob.glob(self.path("*.tmp")), [])

    def test_a_trace_may_be_written_over_itself(self):
        self.sim("trace", "convert", "mixed.trace", "-o", "mixed.trace")
        self.assertEqual(self.json("trace", "info", "mixed.trace")["form"], "binary")

    def test_a_device_is_written_to_in_place(self):
        self.sim("trace", "convert", "mixed.trace", "-o", "/dev/null")
        self.assertFalse(os.path.isfile("/dev/null"))

    def test_what_cannot_be_written_is_an_error(self):
        _, err = self.sim("trace", "convert", "mixed.trace", "-o", "no/such/folder", status=4)
        self.assertIn("no/such/folder.tmp: error: cannot be written", err)
        if os.path.exists("/dev/full"):
            self.sim("trace", "convert", "mixed.trace", "-o", "/dev/full", status=4)

    # ---- Wrong use ----

    def test_wrong_use(self):
        for arguments, wrong in (
                ([], "which act"), (["look"], "no act 'look'"), (["info"], "which TRACE"), (["info", "a", "b"], "one TRACE only"),
                (["convert", "--text", "--plain", "a"], "one of --text, --binary and --plain only"),
                (["gen"], "which KIND"), (["gen", "randon"], "did you mean 'random'"), (["gen", "random"], "which ACCESS"),
                (["gen", "random", "! sync"], "without an expectation"), (["gen", "random", "R"], "is no ACCESS"),
                (["gen", "random", "R 0 0 1", "--span", "x"], "is no size"), (["gen", "random", "R 0 0 1", "--streams", "0"], "--streams is"),
                (["gen", "random", "R 0 0 2M"], "more bytes than --span"), (["gen", "ring", "X 0 0 1"], "is R or W"),
                (["gen", "random", "R 0 0xffffffffffffffff 1"], "pass 2^64"),
                (["gen", "random", "R 0xffffffff 0 1", "--streams", "2"], "pass 2^32"),
                (["gen", "random", "R 0 0 1", "--streams", "3", "--apart", "0x8000000000000000"], "pass 2^64"),
                (["gen", "zipf", "R 0 0 1", "--page", "2M"], "times --page"), (["gen", "zipf", "R 0 0 1", "--writes", "101"], "--writes is")):
            self.assertIn(wrong, self.sim("trace", *arguments, status=2)[1], arguments)

    def test_help_of_every_act_ends_with_two_examples(self):
        for act in ("info", "convert", "gen"):
            out, err = self.sim("trace", act, "--help")
            self.assertEqual(err, "")
            examples = out.rstrip().split("Examples:\n")[1].splitlines()
            self.assertEqual(len(examples), 2, act)
            self.assertTrue(all(f"smmu-sim trace {act}" in line for line in examples), act)

    # ---- Traces made by rule ----

    def made(self, *arguments):
        return self.sim("trace", "gen", *arguments)[0].splitlines()

    def test_stream_and_stride_go_on_and_begin_anew(self):
        self.assertEqual(self.made("stream", "R 1 0x1000 64", "--span", "128", "-n", "3"),
                         ["R 0x1 0x1000 64", "R 0x1 0x1040 64", "R 0x1 0x1000 64"])
        self.assertEqual(self.made("stride", "W nic 0 8", "--span", "20", "--stride", "10", "-n", "3"),
                         ["W nic 0x0 8", "W nic 0xa 8", "W nic 0x0 8"])

    def test_streams_take_turns_each_in_its_place(self):
        self.assertEqual(self.made("stream", "R nic.5 0x1000 64", "X 7 0 4 priv", "--streams", "2", "--apart", "4K", "-n", "5"),
                         ["R nic.5 0x1000 64", "X 0x7 0x0 4 priv", "R nic+1.5 0x2000 64", "X 0x8 0x1000 4 priv", "R nic.5 0x1040 64"])

    def test_a_ring_reads_a_descriptor_uses_its_buffer_and_writes_it_back(self):
        self.assertEqual(self.made("ring", "W nic 0x10000 64", "--slots", "2", "--page", "2K", "-n", "9"),
                         ["R nic 0x10000 16", "W nic 0x11000 64", "W nic 0x10000 16",
                          "R nic 0x10010 16", "W nic 0x11800 64", "W nic 0x10010 16",
                          "R nic 0x10000 16", "W nic 0x11000 64", "W nic 0x10000 16"])

    def test_chance_is_the_same_for_the_same_seed(self):
        for kind in ("random", "zipf", "interleaved"):
            arguments = [kind, "R 1 0x1000 64", "R 9 0 8", "--streams", "4", "--writes", "30"]
            once = self.made(*arguments, "--seed", "7")
            self.assertEqual(once, self.made(*arguments, "--seed", "7"))
            self.assertNotEqual(once, self.made(*arguments, "--seed", "8"))
            self.assertEqual(len(once), 1000)
        # splitmix64 of seed 1 begins 0x910a2dec89025cc1 0xbeeb8da1658eec67: the stream (of 1), then the place (of 16384)
        self.assertEqual(self.made("random", "R 1 0 64", "-n", "1"), [f"R 0x1 {0xbeeb8da1658eec67 % 16384 * 64:#x} 64"])

    def test_chance_stays_in_its_bounds_and_meets_all_of_them(self):
        lines = [line.split() for line in
                 self.made("random", "R 4 0x8000 256", "--span", "1K", "--streams", "2", "--writes", "50", "-n", "400")]
        self.assertEqual({int(at, 16) for _, _, at, _ in lines}, {0x8000, 0x8100, 0x8200, 0x8300})
        self.assertEqual({(op, who) for op, who, _, _ in lines}, {(op, who) for op in "RW" for who in ("0x4", "0x5")})

    def test_zipf_has_the_nth_page_as_often_as_1_over_n(self):
        pages = [0] * 4
        for line in self.made("zipf", "R 1 0 64", "--span", "16K", "-n", "25000"):
            pages[int(line.split()[2], 16) >> 12] += 1
        for n, count in enumerate(pages, 1):  # of 12 + 6 + 4 + 3 = 25 parts
            self.assertAlmostEqual(count, 12000 / n, delta=500)

    # ---- Memory ----

    def test_memory_does_not_grow_with_the_trace(self):
        peaks = []
        for count in ("100000", "1500000"):
            self.sim("trace", "gen", "random", "R 0x11 0 4", "-n", count, "--binary", "-o", "long.smb")
            with subprocess.Popen([SIM, "run", "-q", "-c", "quick.yaml", "long.smb"], cwd=self.folder,
                                  stdout=subprocess.DEVNULL) as process:
                peak = 0
                while process.poll() is None:
                    try:
                        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                            peak = max([peak] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
                    except OSError:
                        self.skipTest("no /proc here")
                    time.sleep(0.01)
                self.assertEqual(process.returncode, 0)
            peaks.append(peak)
        self.assertLess(peaks[1], peaks[0] + 4096)


if __name__ == "__main__":
    main()
