# SPDX-License-Identifier: MIT
"""Wrong input of every kind: file, line and column and a sentence, and the exit status of its class."""
import gzip
import json
import os
import resource
import shutil
import subprocess
import threading
import unittest

from _lib import Case, QUICK, SIM, main, write_machine

MASTER = "version: 1\nmasters:\n  - name: dma0\n    stream_id: 0x10\n"


class Configurations(Case):
    def complain(self, text, line, column=None, status=2, verb="validate"):
        self.write("bad.yaml", text)
        out, err = self.sim(verb, "-c", "bad.yaml", status=status)
        self.assertEqual(out, "")
        self.assert_placed(err, "bad.yaml", line, column)
        self.assertIn("^", err)
        return err

    def test_good_one_is_said_to_be(self):
        self.write("quick.yaml", QUICK)
        self.assertEqual(self.sim("validate", "-c", "quick.yaml"), ("quick.yaml: ok: 1 SMMU, 3 masters\n", ""))
        answer = self.json("validate", "-c", "quick.yaml")
        self.assertEqual((answer["ok"], answer["complaints"]), (True, []))

    def test_unknown_key(self):
        err = self.complain(QUICK.replace("stream_id: 0x10", "streamid: 0x10"), 4, 5)
        self.assertIn("streamid", err)

    def test_duplicate_key(self):
        self.complain(MASTER + "    stream_id: 0x11\n    mode: bypass\n", 5)

    def test_wrong_type(self):
        self.complain("version: 1\nmasters: 5\n", 2)

    def test_bad_number(self):
        for number in ("010", "0xg", "1_000", "-1", "0x100000000"):
            self.complain(QUICK.replace("stream_id: 0x10", f"stream_id: {number}"), 4)

    def test_overlap(self):
        self.complain(QUICK.replace("va: 0x20000,", "va: 0x10000,"), 7)

    def test_bad_yaml(self):
        self.complain("version: 1\nmasters: [\n", 3)

    def test_file_that_is_named_but_missing(self):
        self.write("bad.yaml", "version: 1\nsmmu:\n  - registers: nowhere.csv\n")
        _, err = self.sim("validate", "-c", "bad.yaml", status=3)
        self.assertIn("nowhere.csv", err)

    def test_missing_configuration(self):
        for verb in (["run"], ["validate"], ["dump", "regs"], ["explain", "R 0x1 0x1 1"]):
            _, err = self.sim(verb[0], "-c", "nowhere.yaml", *verb[1:], status=3)
            self.assertIn("nowhere.yaml", err)

    def test_unsupported_feature(self):
        self.write("bad.yaml", "version: 1\nsmmu:\n  - profile: max\nmasters:\n  - {name: a, stream_id: 1, mode: bypass}\n")
        self.sim("validate", "-c", "bad.yaml", status=4)

    def test_json_has_the_complaints(self):
        self.write("bad.yaml", QUICK.replace("stream_id: 0x10", "streamid: 0x10"))
        answer = self.json("validate", "-c", "bad.yaml", status=2)
        self.assertFalse(answer["ok"])
        self.assertEqual((answer["complaints"][0]["file"], answer["complaints"][0]["line"]), ("bad.yaml", 4))

    def test_cut_streams(self):
        for size in (60, 150):
            self.write("bad.yaml", gzip.compress(QUICK.encode())[:size])
            _, err = self.sim("validate", "-c", "bad.yaml", status=3)
            self.assertRegex(err, r"^bad.yaml:.*error: .*truncated gzip input\n")

    def test_cut_file_that_a_configuration_names(self):
        write_machine(self)
        with open(self.path("hand-pages.bin"), "rb") as file:
            self.write("hand-pages.bin", gzip.compress(file.read())[:-40])
        _, err = self.sim("validate", "-c", "hand.yaml", status=3)
        self.assert_placed(err, "hand.yaml", 5)
        self.assertIn("hand-pages.bin: truncated gzip input", err)

    def test_directory(self):
        self.sim("validate", "-c", ".", status=3)


class Numbers(Case):
    """smmu-sim.md: decimal, or 0x and hexadecimal digits, without leading zeros, which would be octal elsewhere."""

    def test_leading_zeros(self):
        self.write("quick.yaml", QUICK)
        self.write("one.trace", "R dma0 0x1000 4\n")
        for option in ("--caches", "--ports"):
            _, err = self.sim("run", "-c", "quick.yaml", option, "016", "one.trace", status=2)
            self.assertIn("not '016'", err)
            self.sim("run", "-c", "quick.yaml", option, "0x10", "one.trace")
            self.sim("run", "-c", "quick.yaml", option, "16", "one.trace")
        self.assertIn("'007'", self.sim("run", "-c", "quick.yaml", "--adversity", "007", status=2)[1])
        self.sim("trace", "gen", "--seed", "007", status=2)


class Traces(Case):
    def setUp(self):
        super().setUp()
        self.write("quick.yaml", QUICK)

    def complain(self, content, line, status=3, column=None):
        self.write("bad.trace", content)
        _, err = self.sim("run", "-c", "quick.yaml", "bad.trace", status=status)
        self.assert_placed(err, "bad.trace", line, column)
        return err

    def test_malformed_lines(self):
        for text in ("Q dma0 0x1000 4", "R dma0 0x1000", "R dma0 zero 4", "R dma0 0x1000 4 wings", "R dma0 0x1000 4 expect=F_NOTHING",
                     "R dma0 0x1000 0", "! w64 0x80000000"):
            err = self.complain("# first\n" + text + "\n", 2)
            self.assertIn("    2 | " + text, err)
            self.assertIn("^", err)

    def test_unknown_master(self):
        self.write("bad.trace", "R dma0 0x1000 4\nR dma9 0x1000 4\n")
        _, err = self.sim("run", "-c", "quick.yaml", "bad.trace", status=3)
        self.assertRegex(err, r"(?m)^bad.trace:2:3: error: .*dma9.*\n    2 \| R dma9 0x1000 4\n      \|   \^~~~\n")

    def test_write_to_where_nothing_is(self):
        self.write("bad.trace", "! w64 0x0 0x0\n")
        _, err = self.sim("run", "-c", "quick.yaml", "bad.trace", status=3)
        self.assertRegex(err, r"(?m)^bad.trace:1:7: error: .*\n    1 \| ! w64 0x0 0x0\n      \|       \^~~\n")

    def test_what_is_not_built_is_4(self):
        self.write("bad.trace", "! root: recover\n")
        self.sim("run", "-c", "quick.yaml", "bad.trace", status=4)

    def test_names_of_files_have_no_control_characters(self):
        err = self.sim("run", "-c", "quick.yaml", "no\033[31m\n\xa0\x9bfile.trace", status=3)[1]
        self.assertIn("no?[31m?\xa0?file.trace: error: cannot be read: No such file or directory\n", err)
        for arguments in (["validate", "-c", "no\033[2J.yaml"], ["run", "-c", "\033[2J.yaml"]):
            self.assertNotIn("\033", self.sim(*arguments, status=3)[1])
        self.write("q\033.yaml", QUICK)
        for text in self.sim("validate", "-c", "q\033.yaml") + self.sim("run", "-c", "q\033.yaml", status=2):
            self.assertNotIn("\033", text)

    def test_json_cuts_no_text(self):
        name = "./" * 400 + "long.trace"
        self.write("long.trace", "R dma0 0x1000 4\n")
        self.assertEqual(self.json("run", "-c", "quick.yaml", name)["accesses"][0]["file"], name)

    def test_missing_trace(self):
        _, err = self.sim("run", "-c", "quick.yaml", "nowhere.trace", status=3)
        self.assertIn("nowhere.trace: error: cannot be read: No such file or directory", err)

    def test_binary(self):
        self.complain(b"R dma0 0x1000 4\n\x7fELF\0\0\n", 2)

    def test_long_line(self):
        self.complain(b"R dma0 0x1000 4\n" + b"x" * 5000, 2)

    def test_cut_streams(self):
        text = b"".join(b"R dma0 0x%x 4\n" % (0x1000 + i % 0x8000) for i in range(40000))
        for tool in ("zstd", "gzip", "xz", "bzip2", "lz4"):
            if not shutil.which(tool):
                continue
            whole = subprocess.run([tool, "-c"], input=text, capture_output=True, check=True).stdout
            self.write("bad.trace", whole[:len(whole) * 2 // 3])
            out, err = self.sim("run", "-c", "quick.yaml", "-q", "bad.trace", status=3)
            self.assertRegex(err, r"(?m)^bad.trace:[0-9]+:.*error: \S", tool)
        self.write("bad.csv", whole[:len(whole) * 2 // 3])
        self.sim("run", "-c", "quick.yaml", "--expect", "bad.csv", status=3)

    def test_gzip_that_is_damaged_cut_or_followed_by_something(self):
        text = b"R dma0 0x1000 4\n" * 3
        whole = gzip.compress(text, mtime=0)
        self.write("good.trace", whole + whole)
        self.assertEqual(self.json("run", "-c", "quick.yaml", "good.trace", "-q")["summary"]["accesses"], 6)
        stored = gzip.compress(text, 0, mtime=0)   # not deflated: a flipped byte of the payload is a valid stream still
        for flip in range(20, len(stored)):
            bad = bytearray(stored)
            bad[flip] ^= 1
            self.assertIn("damaged gzip input: incorrect", self.complain(bytes(bad), 1))
        for cut in range(10, len(whole)):
            self.assertIn("truncated gzip input", self.complain(whole[:cut], 1))
            self.assertIn("truncated gzip input", self.complain(whole + whole[:cut], "[14]"))
        for tail in (b"R dma0 0x1000 4\n", b"\0" * 512, b"\x1f\x8c\x08"):
            self.assertIn("bytes follow the compressed data", self.complain(whole + tail, "[14]"))

    def test_other_compressions_that_are_damaged_cut_or_followed_by_something(self):
        text = b"".join(b"R dma0 0x%x 4\n" % (0x1000 + i * 16) for i in range(64))
        for tool in ("zstd", "xz", "bzip2", "lz4"):
            if not shutil.which(tool):
                continue
            whole = subprocess.run([tool, "-c"], input=text, capture_output=True, check=True).stdout
            self.write("good.trace", whole + whole)
            self.assertEqual(self.json("run", "-c", "quick.yaml", "good.trace", "-q")["summary"]["accesses"], 128)
            for tail in (b"R dma0 0x1000 4\n", b"\0" * 511, b"?", whole[:3], whole[:len(whole) // 2], whole[:-1]):
                self.write("bad.trace", whole + tail)
                self.sim("run", "-c", "quick.yaml", "bad.trace", "-q", status=3)
            for cut in range(16, len(whole)):
                self.write("bad.trace", whole[:cut])
                self.sim("run", "-c", "quick.yaml", "bad.trace", "-q", status=3)
            self.write("bad.trace", whole)
            good = self.sim("run", "-c", "quick.yaml", "bad.trace")[0]
            for flip in range(16, len(whole)):   # padding, and copies of the same bytes from elsewhere, change nothing
                bad = bytearray(whole)
                bad[flip] ^= 1
                self.write("bad.trace", bytes(bad))
                done = subprocess.run([SIM, "run", "-c", "quick.yaml", "bad.trace"], capture_output=True, cwd=self.folder,
                                      check=False, timeout=60)
                self.assertTrue(done.returncode == 3 or (done.returncode, done.stdout.decode()) == (0, good), (tool, flip))

    def test_json_of_a_run_that_broke_off_is_whole_and_says_so(self):
        self.write("bad.trace", "R dma0 0x1000 4\nQ\n")
        answer = self.json("run", "-c", "quick.yaml", "bad.trace", status=3)
        self.assertFalse(answer["complete"])
        self.assertEqual(len(answer["accesses"]), 1)


@unittest.skipIf("SMMU_COVERAGE" in os.environ, "counting lines takes memory at the end, too, and cannot do without")
class Memory(Case):
    """Address space that ends anywhere: the answer is whole, or it is "out of memory" with its status."""

    MACHINE = "version: 1\nmemory:\n  - {name: ram, base: 0x80000000, size: 32M}\nmasters:\n"

    def under(self, limit, *arguments):
        return subprocess.run([SIM, *arguments], capture_output=True, cwd=self.folder, check=False, timeout=60,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

    def test_memory_that_ends_is_said(self):
        if self.under(1 << 30, "--version").returncode:
            self.skipTest("built with a sanitizer: it needs more address space than there is")
        self.write("wide.yaml", self.MACHINE + "  - name: a\n    stream_id: 0\n    count: 2000\n    map:\n" +
                   "".join(f"      - {{va: {i << 13:#x}, pa: {0x80000000 + (i << 13):#x}, size: 4K, perm: rw}}\n"
                           for i in range(1, 2000)))
        self.write("wide.trace", "".join(f"R a+{i} {(i << 13) + 0x2000:#x} 4\n" for i in range(1900)))
        base = next(mb for mb in range(4, 64) if not self.under(mb << 20, "--version").returncode)
        for arguments in (["run", "wide.trace"], ["run", "wide.trace", "--json"], ["dump", "stream-table"],
                          ["dump", "stream-table", "--json"], ["dump", "tables", "--sid", "7"], ["dump", "regs"],
                          ["dump", "config", "--json"], ["explain", "R a 0x2000 4"]):
            whole = self.sim(arguments[0], "-c", "wide.yaml", *arguments[1:])[0]
            ended = 0
            for limit in range((base + 32) << 20, (base + 41) << 20, 300 << 10):
                done = self.under(limit, arguments[0], "-c", "wide.yaml", *arguments[1:])
                if done.returncode:
                    self.assertEqual(done.returncode, 4, (arguments, limit, done.stderr[-300:]))
                    self.assertIn(b"out of memory", done.stderr)
                    ended += 1
                else:
                    self.assertEqual(done.stdout.decode(), whole, (arguments, limit))
            self.assertGreater(ended, 2, arguments)
            self.assertEqual(done.returncode, 0, arguments)

    def test_a_dump_of_all_streams_fits_into_little_memory(self):
        self.write("wide.yaml", self.MACHINE + "  - {name: a, stream_id: 0, count: 65536, "
                   "map: [{va: 0x1000, pa: 0x80001000, size: 4K, perm: rw}]}\n")
        if self.under(1 << 30, "--version").returncode:
            self.skipTest("built with a sanitizer: it needs more address space than there is")
        done = self.under(150 << 20, "dump", "-c", "wide.yaml", "stream-table", "--limit", "65536")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (0, 65538), done.stderr)
        rows = 3000   # 30 MB as text, 400 MB as objects
        done = self.under(100 << 20, "dump", "-c", "wide.yaml", "stream-table", "--limit", str(rows), "--json")
        answer = json.loads(done.stdout)
        self.assertEqual((done.returncode, len(answer["rows"]), answer["complete"]), (0, rows, False))
        self.assertEqual([row["sid"] for row in answer["rows"]], [hex(i) for i in range(rows)])


class Garbage(Case):
    """64 MB that never make sense, through a pipe: refused at once, with a place, in little memory."""

    def feed(self, *arguments, block):
        process = subprocess.Popen([SIM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.folder)

        def pump():
            try:
                for _ in range(64 * 1024 * 1024 // len(block)):
                    process.stdin.write(block)
                process.stdin.close()
            except BrokenPipeError:
                pass

        pumping = threading.Thread(target=pump)
        pumping.start()
        out, err = process.stdout.read(), process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        status = process.wait(timeout=300)
        pumping.join()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        return status, out.decode(), err.decode()

    def test_as_configuration_as_trace_and_as_expected_answers(self):
        self.write("quick.yaml", QUICK)
        noise = bytes((i * 2654435761 >> 7) & 0xff for i in range(65536))
        letters = bytes(33 + b % 90 for b in noise)
        lines = letters.replace(b"!", b"\n")
        for block in (noise, letters, lines, b"\0" * 65536, b"- " * 32768, b"[" * 65536, b"a: " * 16384):
            for arguments in (["validate", "-c", "-"], ["run", "-c", "quick.yaml", "-"],
                              ["run", "-c", "quick.yaml", "--expect", "-"]):
                status, _, err = self.feed(*arguments, block=block)
                self.assertIn(status, (2, 3), (block[:20], arguments, err[-500:]))
                self.assertRegex(err, r"(?m)^-:[0-9]+:.*error: \S", (block[:20], arguments))


class Usage(Case):
    def test_wrong_use_ends_with_2(self):
        self.write("quick.yaml", QUICK)
        for arguments, words in [
                ([], "which verb?"), (["rum"], "did you mean 'run'?"), (["frobnicate"], "no verb"), (["run"], "-c CONFIG"),
                (["run", "-c", "quick.yaml", "--wings"], "wings"), (["explain", "-c", "quick.yaml"], "which ACCESS?"),
                (["dump", "-c", "quick.yaml"], "dump what?"), (["dump", "-c", "quick.yaml", "table"], "did you mean 'tables'?"),
                (["dump", "-c", "quick.yaml", "cd"], "--sid N or --master NAME"),
                (["dump", "-c", "quick.yaml", "cd", "--master", "dma9"], "did you mean 'dma0'?"),
                (["dump", "-c", "quick.yaml", "regs", "--smmu", "smmu9"], "did you mean 'smmu0'?"),
                (["dump", "-c", "quick.yaml", "tables", "--sid", "zero"], "'zero' is not a number"),
                (["dump", "-c", "quick.yaml", "stream-table", "--sid", "1"], "--sid does not apply to stream-table"),
                (["dump", "-c", "quick.yaml", "cd", "--sid", "1", "--ssid", "1"], "--ssid does not apply to cd"),
                (["dump", "-c", "quick.yaml", "--stage", "1", "cd", "--sid", "1"], "--stage does not apply to cd"),
                (["dump", "-c", "quick.yaml", "regs", "--limit", "1"], "--limit does not apply to regs"),
                (["dump", "-c", "quick.yaml", "regs", "--master", "dma0"], "--master does not apply to regs"),
                (["dump", "-c", "quick.yaml", "config", "--smmu", "smmu0"], "--smmu does not apply to config"),
                (["decode", "reg", "CR0", "1", "2"], "CR0 is one number"),
                (["decode", "reg", "STRTAB_BASE", "0x1000000000", "2"], "STRTAB_BASE is one number"),
                (["validate"], "-c CONFIG"), (["profiles", "generic"], "no profile"),
                (["profiles", "generic-3.2"], "did you mean 'generic-3.1'?"), (["validate", "-c", "a", "-c", "b"], "one CONFIG")]:
            out, err = self.sim(*arguments, status=2)
            self.assertEqual(out, "", arguments)
            self.assertIn(words, err, arguments)


if __name__ == "__main__":
    main()
