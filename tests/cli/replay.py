# SPDX-License-Identifier: MIT
"""replay: a recorded session comes out as it was recorded; every way in which it could not is found, at its line."""
import gzip
import lzma
import os
import re
import shutil
import subprocess
import unittest

from _lib import SOURCE, Case, main, squeeze
from _round import with_small_queue

RUN = os.path.join(SOURCE, "tests", "data", "linux-6.12-virt-16k")
SESSION = os.path.join(SOURCE, "tests", "data", "linux-6.1-session", "session.txt.gz")

with gzip.open(SESSION, "rt", encoding="ascii") as file:
    LINES = file.read().splitlines()

COUNTS = {"W": 16657, "R": 17, "M": 78799, "D": 16632, "I": 8, "V": 16599, "T": 100230}

# A session by hand: the Command queue at 0x1000 with 8 entries, the Event queue at 0x2000 likewise, a Stream table of one
# STE at 0x3000; then TLBI_NH_VA of two pages of ASID 5; TLBI_NH_ASID, and a CMD_SYNC whose message goes to 0x4000; then an
# access of StreamID 5, beyond the table, which is C_BAD_STREAMID (2), and one of StreamID 0, which has no valid STE (4).
SMALL = """# by hand
R 1c 4 1
W 90 8 1003
W a0 8 2003
W 80 8 3000
W 88 4 0
W 2c 4 2
W 50 4 4
W 20 4 d
R 24 4 d
W 98 4 2
M 1000 5000000000012
M 1008 7000
M 1010 5000000000012
M 1018 8000
V asid=5 vmid=-1 va=7000 size=2000
W 98 4 4
M 1020 5000000000011
M 1028 0
M 1030 1234560000001046
M 1038 4000
V asid=-1 vmid=-1 va=0 size=0
D 4000 4 00563412
R 9c 4 4
D 2000 32 0200000005000000000000000000000000000000000000000000000000000000
I 0
T 5 12345678 1 = -2 0 0 0
D 2020 32 0400000000000000000000000000000000000000000000000000000000000000
I 0
T 0 12345678 2 = -4 0 0 0
R 100a8 4 2
""".splitlines()


def text(lines):
    return "".join(line + "\n" for line in lines)


class Sessions(Case):
    def replay(self, lines, *more, status=0):
        """stdout of a session."""
        return self.sim("replay", self.write("session", text(lines)), *more, status=status)[0]

    def one_difference(self, lines, number, what):
        """That is all there is: a line that begins so, and the count."""
        out = self.replay(lines, status=1)
        self.assertEqual(len(re.findall(r"^session:", out.replace(self.folder + "/", ""), re.MULTILINE)), 1, out)
        self.assertIn(f"session:{number}: {what}", out)
        self.assertIn(" 1 different\n", out)


class Whole(Sessions):
    """The session that a Linux kernel made."""

    # CMD-SYNC-2, PERM-04, EVT-002, CMD-TLBI-NH-VA: messages of CMD_SYNC; pages that may only be read; what records say; and
    # every TLBI_NH_VA announced.
    def test_every_line_comes_out_as_recorded(self):
        out = squeeze(self.sim("replay", SESSION)[0])
        self.assertEqual(out, "\n".join([
            "KIND MEANING LINES EQUAL COVERED DIFFERENT",
            "W register writes 16657 0 0 0",
            "R register reads 17 17 0 0",
            "M words of memory 78799 0 0 0",
            "D memory writes of the SMMU 16632 16632 0 0",
            "I interrupts 8 8 0 0",
            "V invalidations announced 16599 0 16599 0",
            "T accesses 100230 100230 0 0",
            "116887 R, D, I and T lines equal, 16599 V lines covered, 0 different"]))

    def test_with_caches_a_driver_that_invalidates_nothing_meets_what_was_there(self):
        # Each TLBI_NH_VA becomes a CMD_PREFETCH_CONFIG, and what V lines claim is left out.
        lines = [re.sub(r"^(M \w+ \d+00000000)12$", r"\g<1>01", line) for line in LINES if not line.startswith("V")]
        self.assertNotEqual(lines, [line for line in LINES if not line.startswith("V")])
        self.replay(lines)
        answer = self.json("replay", self.write("session", text(lines)), "--caches", "4096", status=1)
        self.assertGreater(answer["summary"]["different"], 100)
        self.assertEqual({row["expected"][0] for row in answer["differences"]}, {"T"})

    def test_json_says_the_same(self):
        answer = self.json("replay", SESSION)
        self.assertEqual((answer["profile"], answer["differences"], answer["complete"]), ("linux-session", [], True))
        summary = answer["summary"]
        self.assertEqual({row["kind"]: row["lines"] for row in summary["kinds"]}, COUNTS)
        self.assertEqual((summary["lines"], summary["equal"], summary["covered"], summary["different"]),
                         (len(LINES), 116887, 16599, 0))

    def test_each_planted_change_is_one_difference_in_its_line(self):
        # Kind, which of them, a change of it, and of which lines alone.
        planted = [
            ("T", 50000, r"= 0 (\S+)", r"= 0 1\1", "= 0"),      # PA
            ("T", 80000, r"fff 3$", "1fff 3", ""),              # size
            ("T", 5000, r"1$", "3", " fff 1"),                  # permission
            ("T", 3, "= -16", "= -19", "= -"),                  # event
            ("R", 10, r"\S+$", "deadbeef", ""),
            ("D", 9000, r"0$", "1", ""),                        # last byte of a message
            ("D", 5, "10000000", "11000000", " 32 "),           # first of a record
            ("D", 700, r"D (\S+)0 ", r"D \g<1>8 ", ""),         # address
            ("I", 6, "0", "3", ""),
            ("V", 100, r"size=1000$", "size=2000", ""),
            ("V", 9, r"size=2000$", "size=3000", ""),
            ("V", 5000, r"asid=\d+", "asid=77", ""),
            ("V", 5001, r"asid=\d+", "asid=-1", ""),
        ]
        lines, numbers = list(LINES), {}
        for kind, nth, pattern, new, having in planted:
            at = [i for i, line in enumerate(LINES)
                  if line.startswith(kind) and having in line and re.search(pattern, line)][nth]
            lines[at] = re.sub(pattern, new, LINES[at], count=1)
            self.assertNotEqual(lines[at], LINES[at])
            numbers[at + 1] = ("not covered" if kind == "V" else "different") + ": expected " + lines[at]
        self.assertEqual(len(numbers), len(planted))
        answer = self.json("replay", self.write("session", text(lines)), status=1)
        self.assertEqual({row["line"]: f"{row['difference']}: expected {row['expected']}" for row in answer["differences"]},
                         numbers)
        self.assertEqual(answer["summary"]["different"], len(planted))
        for number in (min(numbers), max(numbers)):
            self.one_difference(LINES[:number - 1] + [lines[number - 1]] + LINES[number:], number, numbers[number])

    def test_what_was_not_recorded_is_additional(self):
        # The act that pulses the third interrupt is the access after it, whose line moves up by one.
        at = [i for i, line in enumerate(LINES) if line.startswith("I")][2]
        self.one_difference(LINES[:at] + LINES[at + 1:], at + 1, "additional: got I 0")
        at = max(i for i, line in enumerate(LINES[:90000]) if line.startswith("D"))
        act = max(i for i, line in enumerate(LINES[:at]) if line.startswith("W"))
        self.one_difference(LINES[:at] + LINES[at + 1:], act + 1, "additional: got " + LINES[at])

    def test_what_did_not_happen_is_missing(self):
        at = [i for i, line in enumerate(LINES) if line.startswith("D")][8000]
        for line, place in (("I 3", at), ("D 12345678 4 00000000", at + 1)):
            self.one_difference(LINES[:place] + [line] + LINES[place:], place + 1, "missing: expected " + line)

    def test_a_command_less_announces_nothing(self):
        # The first TLBI_NH_VA of the session becomes a CMD_CFGI_STE.
        at = next(i for i, line in enumerate(LINES) if re.fullmatch(r"M 7ad\w+ \d+00000000012", line))
        claim = next(i for i in range(at, len(LINES)) if LINES[i].startswith("V"))
        changed = LINES[at][:-2] + "03"
        self.one_difference(LINES[:at] + [changed] + LINES[at + 1:], claim + 1, "not covered: expected " + LINES[claim])

    def test_of_many_differences_20_are_shown_and_all_are_counted(self):
        out = self.replay([line.replace(" fff 3", " fff 1") for line in LINES], status=1)
        count = sum(line.endswith(" fff 3") for line in LINES)
        self.assertEqual(out.count("different: expected T"), 20)
        self.assertIn(f"\nand {count - 20} more\n", out)
        self.assertIn(f" {count} different\n", out)

    def test_another_profile_reads_otherwise(self):
        out = self.replay(LINES[:20], "--profile", "minimal-3.0", status=1)
        self.assertIn(":1: different: expected R 0 4 d40301a; got R 0 4 140000a\n", out)


class Saved(Sessions):
    """With --save-every, the SMMU is another now and then, which has loaded the state of the one before; with --caches it keeps what
    it has read, until the driver tells it to forget it: nothing differs, with one, the other, or both."""

    def all_alike(self, recording, result):
        """What is kept, in how few places, and how often the SMMU is another, changes no line of what is printed."""
        plain = self.sim("replay", recording, "--caches", "0")
        self.assertIn(f"\n{result}, 0 different\n", plain[0])
        for places in ("0", "2", "4096"):
            for more in ([], ["--save-every", "1000"]):
                with self.subTest(places=places, more=more):
                    self.assertEqual(self.sim("replay", recording, "--caches", places, *more), plain)

    # TLB-11, CR-004, CMDQ-004, EVTQ-009: what may be kept or not; registers, and queues in the middle of their work.
    def test_caches_and_loads_change_nothing(self):
        self.all_alike(SESSION, "116887 R, D, I and T lines equal, 16599 V lines covered")

    def test_the_run_of_a_capture_too(self):
        self.all_alike(RUN, f"{150748 + 23538} R, D, I and T lines equal, 0 V lines covered")

    def test_after_each_record_of_a_session_by_hand(self):
        for every in ("1", "2", "3", "4294967295"):
            self.assertIn("11 R, D, I and T lines equal, 2 V lines covered, 0 different\n",
                          self.replay(SMALL, "--save-every", every))

    def test_wrong_numbers(self):
        for every in ("0", "-1", "1k", "", "0x10", "99999999999999999999999"):
            self.assertIn("a decimal number from 1 on", self.sim("replay", SESSION, "--save-every", every, status=2)[1])


class Small(Sessions):
    """A session by hand, and what each of its lines is for."""

    def test_it_comes_out(self):
        self.assertIn("11 R, D, I and T lines equal, 2 V lines covered, 0 different\n", self.replay(SMALL))

    def test_blank_lines_comments_and_ends_of_lines_do_not_count(self):
        lines = ["", "  # more", *SMALL[:12], "\t", *SMALL[12:]]
        self.assertIn(" 0 different\n", self.sim("replay", self.write("session", "\r\n".join(lines) + "\r\n"))[0])

    def test_each_output_is_compared(self):
        for number, line in enumerate(SMALL, 1):
            if line[0] in "RDIV":
                changed = {"R": line[:-1] + "7", "D": line[:-1] + "7", "I": "I 2",
                           "V": line.replace("asid=5", "asid=6").replace("asid=-1", "asid=7")}[line[0]]
                kind = {"V": "not covered"}.get(line[0], "different")
                self.one_difference(SMALL[:number - 1] + [changed] + SMALL[number:], number, f"{kind}: expected {changed}")

    def test_announcements_cover_in_any_granularity(self):
        at = SMALL.index("V asid=5 vmid=-1 va=7000 size=2000")

        def claim(*lines, status=0):
            return self.replay(SMALL[:at] + list(lines) + SMALL[at + 1:], status=status)

        claim()                                                    # what no V line asks for is no difference
        claim("V asid=5 vmid=-1 va=7000 size=1", "V asid=5 vmid=-1 va=8fff size=1", "V asid=5 vmid=1 va=7800 size=1000")
        for line in ("V asid=6 vmid=-1 va=7000 size=1", "V asid=-1 vmid=-1 va=7000 size=1", "V asid=5 vmid=-1 va=6fff size=2",
                     "V asid=5 vmid=-1 va=8fff size=2", "V asid=5 vmid=-1 va=0 size=0", "V asid=-1 vmid=-1 va=0 size=0"):
            self.assertIn(f":{at + 1}: not covered: expected {line}\n", claim(line, status=1))
        # The pages in the other order, and with a third between them that the claim does not need.
        for first, second in (("8000", "7000"), ("7000", "9000")):
            lines = [{"M 1008 7000": "M 1008 " + first, "M 1018 8000": "M 1018 " + second}.get(line, line) for line in SMALL]
            self.assertEqual(" 0 different" in self.replay(lines, status=first == "7000"), first == "8000")

    def test_an_announcement_comes_before_what_follows_it(self):
        # Both in one W: two pages and the CMD_SYNC, in this order and the other.
        head, sync = SMALL[:SMALL.index("W 98 4 2")], ["1234560000001046", "4000"]
        pages, claim = ["5000000000012", "7000", "5000000000012", "8000"], "V asid=5 vmid=-1 va=7000 size=2000"

        def session(words, *more):
            return head + ["W 98 4 3"] + [f"M {0x1000 + 8 * i:x} {word}" for i, word in enumerate(words)] + list(more)

        message = "D 4000 4 00563412"
        self.replay(session(pages + sync, claim, message))
        self.replay(session(pages + sync, message, claim))         # sooner than it must
        self.replay(session(sync + pages, message, claim))
        self.one_difference(session(sync + pages, claim, message), len(head) + 8, "not covered: expected " + claim)

    def test_everything_is_announced_for_one_asid_or_for_all(self):
        at = SMALL.index("V asid=-1 vmid=-1 va=0 size=0")
        for line in ("V asid=5 vmid=-1 va=0 size=0", "V asid=5 vmid=3 va=123000 size=123"):
            self.replay(SMALL[:at] + [line] + SMALL[at + 1:])
        for line in ("V asid=-1 vmid=-1 va=0 size=1000", "V asid=-1 vmid=0 va=0 size=0", "V asid=4 vmid=-1 va=0 size=0"):
            self.one_difference(SMALL[:at] + [line] + SMALL[at + 1:], at + 1, "not covered: expected " + line)
        self.replay(text(SMALL).replace("M 1020 5000000000011", "M 1020 30").splitlines())

    def test_what_the_smmu_wrote_it_finds_again(self):
        # The first message is TLBI_NSNH_ALL (0x30), and goes where the second command is read.
        lines = SMALL[:SMALL.index("W 98 4 2")] + ["W 98 4 2", "M 1000 3000001046", "M 1008 1010", "D 1010 4 30000000"]
        self.replay(lines + ["V asid=-1 vmid=-1 va=0 size=0", "R 9c 4 2", "R 60 4 0"])

    def test_an_atomic_reads_and_writes(self):
        lines = ["R 0 4 d40301a", "T 5 1000 3 = 0 1000 ffffffffffffffff 3", "T 5 1000 2 = 0 1000 ffffffffffffffff 3"]
        self.assertIn("3 R, D, I and T lines equal", self.replay(lines))   # in reset everything passes, untranslated

    def test_an_abort_without_an_event_is_neither_success_nor_event(self):
        lines = ["W 44 4 80100000", "T 5 1000 1 = 0 1000 fff 3", "T 5 1000 1 = -2 0 0 0"]   # GBPA: Update, ABORT
        out = self.replay(lines, status=1)
        self.assertEqual(out.count("; got T 5 1000 1 = no-event 0 0 0\n"), 2)

    def test_last_write_is_carried_out(self):
        self.one_difference(SMALL[:SMALL.index("V asid=-1 vmid=-1 va=0 size=0")], SMALL.index("W 98 4 4") + 1,
                            "additional: got D 4000 4 00563412")

    def test_json_has_the_differences(self):
        path = self.write("session", text(SMALL).replace("T 5 12345678 1 = -2", "T 5 12345678 1 = -3"))
        answer = self.json("replay", path, status=1)
        self.assertEqual(answer["differences"], [{
            "file": path, "line": SMALL.index("T 5 12345678 1 = -2 0 0 0") + 1, "difference": "different",
            "expected": "T 5 12345678 1 = -3 0 0 0", "got": "T 5 12345678 1 = -2 0 0 0"}])
        self.assertEqual((answer["complete"], answer["summary"]["equal"], answer["summary"]["different"]), (True, 10, 1))

    def test_compressed_and_from_stdin(self):
        data = text(SMALL).encode()
        forms = [data, gzip.compress(data), lzma.compress(data)]
        if shutil.which("zstd"):
            forms.append(subprocess.run(["zstd", "-c"], input=data, capture_output=True, check=True).stdout)
        for form in forms:
            self.assertIn(" 0 different\n", self.sim("replay", "-", stdin=form)[0])

    def test_nothing_to_replay_is_no_difference(self):
        self.assertIn("0 R, D, I and T lines equal", self.replay([]))


# A capture by hand: a linear Stream table of 4 STEs at 0x3000, the Command queue at 0x1000 with 2 entries. StreamID 0 has
# bypass (Config 4), 1 has abort (Config 0), 2 has no valid STE, 4 is beyond the table.
CAPTURE = {
    "registers.csv": ["offset,width,value", "0x0,32,0x0d44101b", "0x4,32,0x02730010", "0xc,32,0x1414", "0x14,32,0x74",
                      "0x1c,32,1", "0x20,32,0x9"],
    "register-writes.csv": ["seq,time_ns,offset,width,value", "1,0,0x80,64,0x3000", "2,0,0x88,32,2", "3,0,0x90,64,0x1001",
                            "4,0,0x2c,32,2", "5,0,0x20,32,0x9", "6,0,0x98,32,2", "20,0,0x98,32,3"],
    "commands.csv": ["seq,time_ns,dw0,dw1", "7,0,0x4,0x1f", "8,0,0x46,0x0", "21,0,0x30,0x0"],
    "memory.csv": ["seq,pa,value,kind", "9,0x3000,0x9,ste", "10,0x3008,0x100000000000,ste", "12,0x3040,0x1,ste"],
    "dma.csv": ["seq,time_ns,sid,ssid,addr,rw,len,outcome,pa,page_bits",
                "0,0,0x0,,0x7000,R,1,BYPASS,0x7000,", "11,0,0x0,,0x5008,R,8,BYPASS,0x5008,", "13,0,0x1,,0x5008,W,8,ABORT,,",
                "14,0,0x2,,0x5008,W,8,C_BAD_STE,,", "22,0,0x4,,0x5008,W,8,C_BAD_STREAMID,,"],
}


class Captures(Case):
    """The whole run of a capture."""

    def capture(self, name=None, at=None, row=None):
        """CAPTURE with a row of a file changed."""
        os.makedirs(self.path("capture"), exist_ok=True)
        for file, lines in CAPTURE.items():
            lines = lines[:at] + [row] + lines[at + 1:] if file == name else lines
            self.write(os.path.join("capture", file), text(lines))
        return "capture"

    def test_every_access_of_a_linux_run_has_its_outcome(self):
        answer = self.json("replay", RUN)
        summary = answer["summary"]
        self.assertEqual({row["kind"]: row["lines"] for row in summary["kinds"] if row["lines"]},
                         {"W": 23596, "R": 23538, "M": 2 * 47070 + 21339, "T": 150748})   # a command is two words
        self.assertEqual((answer["profile"], answer["complete"], summary["equal"], summary["different"]),
                         ("registers.csv", True, 150748 + 23538, 0))

    # with 128 entries instead of 2^18 the driver's index goes round hundreds of times, and the SMMU's with it.
    @unittest.skipUnless(shutil.which("zstd"), "no zstd here")
    def test_a_linux_run_goes_round_a_small_queue(self):
        summary = self.json("replay", str(with_small_queue(RUN, self.path("small"), 7)))["summary"]
        self.assertEqual((summary["equal"], summary["different"]), (150748 + 23538, 0))

    def test_one_by_hand(self):
        self.assertIn("7 R, D, I and T lines equal, 0 V lines covered, 0 different\n", self.sim("replay", self.capture())[0])

    # CMDQ-005: a command of no known opcode (0xff) stops the SMMU, CMDQ_CONS.ERR is 1; what follows it stays unread.
    def test_commands_that_are_not_consumed_are_named(self):
        out, _ = self.sim("replay", self.capture("commands.csv", 1, "7,0,0xff,0x0"), status=1)
        self.assertIn("capture/register-writes.csv:7: different: expected R 9c 4 2; got R 9c 4 1000000\n", out)
        self.assertIn("capture/register-writes.csv:8: different: expected R 9c 4 3; got R 9c 4 1000000\n", out)
        self.assertIn(" 2 different\n", out)

    # the driver's index begins at 0 again, and its queue is elsewhere; a size of 2^31 is that of IDR1.CMDQS.
    def test_a_driver_may_start_its_command_queue_again(self):
        for base in ("0x11001", "0x400001f"):
            files = {name: list(lines) for name, lines in CAPTURE.items()}
            again = [("0x20", "0x1"), ("0x90", base), ("0x98", "0"), ("0x9c", "0"), ("0x20", "0x9"), ("0x98", "1")]
            files["register-writes.csv"] += [f"{30 + i},0,{offset},{64 if offset == '0x90' else 32},{value}"
                                             for i, (offset, value) in enumerate(again)]
            files["commands.csv"] += ["40,0,0x46,0x0"]
            os.makedirs(self.path("again"), exist_ok=True)
            for file, lines in files.items():
                self.write(os.path.join("again", file), text(lines))
            self.assertIn("8 R, D, I and T lines equal, 0 V lines covered, 0 different\n", self.sim("replay", "again")[0])

    def test_an_access_that_ends_otherwise_is_named(self):
        for at, row, got in [
                (1, "0,0,0x0,,0x7000,R,1,BYPASS,0x7008,", "T 0 7000 1 = 0 7000 ffffffffffffffff -1"),
                (1, "0,0,0x0,,0x7000,R,1,OK,0x7000,12", "T 0 7000 1 = 0 7000 ffffffffffffffff -1"),
                (3, "13,0,0x1,,0x5008,W,8,F_TRANSLATION,,", "T 1 5008 2 = no-event 0 0 0"),
                (4, "14,0,0x2,,0x5008,W,8,ABORT,,", "T 2 5008 2 = -4 0 0 0"),
                (5, "22,0,0x4,,0x5008,W,8,C_BAD_STE,,", "T 4 5008 2 = -2 0 0 0")]:
            out, _ = self.sim("replay", self.capture("dma.csv", at, row), status=1)
            self.assertRegex(out, rf"(?m)^capture/dma.csv:{at + 1}: different: expected .*; got {re.escape(got)}$")
            self.assertIn(" 1 different\n", out)

    def test_rows_take_effect_in_the_order_of_seq(self):
        self.sim("replay", self.capture("dma.csv", 1, "0,0,0x2,,0x7000,R,1,BYPASS,0x7000,"))      # before SMMUEN
        self.sim("replay", self.capture("dma.csv", 2, "11,0,0x2,,0x5008,R,8,C_BAD_STE,,"))
        self.sim("replay", self.capture("memory.csv", 3, "15,0x3040,0x1,ste"), status=1)          # the access came before it

    def test_malformed_rows(self):
        for name, at, row, column in [
                ("register-writes.csv", 0, "seq,offset,value", 17), ("register-writes.csv", 2, "2,0,0x88,16,2", 5),
                ("register-writes.csv", 2, "2,0,0x8a,32,2", 5), ("register-writes.csv", 2, "1,0,0x88,32,2", 1),
                ("register-writes.csv", 2, "2,0,0x88,32", 12), ("commands.csv", 1, "7,0,four,0x1f", 5),
                ("memory.csv", 1, "9,0x3004,0x9,ste", 3), ("memory.csv", 1, ",0x3000,0x9,ste", 1),
                ("dma.csv", 2, "11,0,0x0,,0x5008,R,8,OKAY,0x5008,", 22), ("dma.csv", 2, "11,0,0x0,,0x5008,X,8,BYPASS,0x5008,", 18),
                ("dma.csv", 2, "11,0,0x0,5,0x5008,R,8,BYPASS,0x5008,", 10), ("dma.csv", 2, "11,0,0x0,,0x5008,R,8,OK,0x5008,", 32),
                ("dma.csv", 2, "11,0,0x0,,0x5008,R,8,OK,0x5008,64", 32), ("registers.csv", 1, "0x0,32,0x100000000", 8),
                ("registers.csv", 1, "0x1,32,0", 1)]:
            with self.subTest(row):
                _, err = self.sim("replay", self.capture(name, at, row), status=3)
                self.assert_placed(err, "capture/" + name, at + 1, column)

    def test_missing_files_and_other_profiles(self):
        for name in CAPTURE:
            self.capture()
            os.remove(self.path(os.path.join("capture", name)))
            self.assertIn(f"capture/{name}: error: ", self.sim("replay", "capture", status=3)[1])
        self.sim("replay", "capture", "--profile", "linux-capture", status=3)   # dma.csv is missing still
        self.sim("replay", self.capture("registers.csv", 1, "0x0,32,0x0d44101a"))
        self.sim("replay", self.capture("registers.csv", 1, "0x0,32,0"), status=2)


class Wrong(Sessions):
    """Input that is no session."""

    def refused(self, line, column, status=3):
        _, err = self.sim("replay", self.write("session", f"R 0 4 d40301a\n{line}\nR 0 4 0\n"), status=status)
        self.assert_placed(err.replace(self.folder + "/", ""), "session", 2, column)
        self.assertEqual(err.count("error:"), 1)
        return err

    def test_malformed_lines(self):
        for line, column in [
                ("Q 0 4 0", 1), ("WW 20 4 0", 1), ("w 20 4 0", 1), ("\x01", 1), ("W", 2), ("W 20", 5), ("W 20 4", 7),
                ("W 20 4 d d", 10), ("W 0x20 4 d", 3), ("W zz 4 d", 3), ("W -20 4 d", 3), ("W 20 4 -1", 8), ("W 20 1 d", 1),
                ("W 20 2 d", 1), ("W 20 9 d", 6), ("W 20 3 d", 1), ("W 20 0 d", 1), ("W 20 18446744073709551616 d", 6),
                ("W 22 4 d", 1), ("W 24 8 d", 1), ("W 20 4 100000000", 1), ("R 20 4 100000000", 1),
                ("W 10000000000000000 4 0", 3), ("W 20 8 10000000000000000", 8), ("M 4 0", 1), ("M 0 10000000000000000", 5),
                ("M 0", 4), ("D 0 4 000000", 7), ("D 0 4 0000000000", 7), ("D 0 4 0000000g", 13), ("D 0 0 0", 7), ("D 0 65 00", 5),
                ("D 0 4", 6), ("I 4", 3), ("I", 2), ("I x", 3), ("V asid=1 vmid=1 va=0", 21), ("V vmid=1 asid=1 va=0 size=0", 3),
                ("V asid=-2 vmid=1 va=0 size=0", 8), ("V asid=65536 vmid=1 va=0 size=0", 8), ("V asid= vmid=1 va=0 size=0", 8),
                ("V asid=1 vmid=1 va=1000 size=0", 1), ("V asid=1 vmid=1 va=fffffffffffff000 size=1001", 1),
                ("T 5 1000 0 = 0 0 fff 3", 1), ("T 5 1000 4 = 0 0 fff 3", 10), ("T 5 1000 1 0 0 fff 3", 12),
                ("T 5 1000 1 = 2 0 0 0", 14), ("T 5 1000 1 = -0 0 0 0", 14), ("T 5 1000 1 = -256 0 0 0", 15),
                ("T 5 1000 1 = - 0 0 0", 15), ("T 100000000 1000 1 = 0 0 0 0", 3), ("T 5 1000 1 = 0 0 ffe 3", 1),
                ("T 5 1000 1 = 0 0 fff 4", 22), ("T 5 1000 1 = 0 0 fff", 21)]:
            with self.subTest(line):
                self.refused(line, column)

    def test_what_came_before_is_told_and_called_incomplete(self):
        path = self.write("session", "R 0 4 d40301a\nR 4 4 0\nQ\n")
        out, _ = self.sim("replay", path, status=3)
        self.assertIn(f"{path}:2: different: expected R 4 4 0; got R 4 4 2730010\n", out)
        self.assertIn("incomplete", out)
        answer = self.json("replay", path, status=3)
        self.assertEqual((answer["complete"], answer["summary"]["different"]), (False, 1))

    def test_long_lines_and_binaries(self):
        self.refused("M 0 " + "0" * 5000, 1)
        self.refused("D 0 64 " + "00" * 2000, 8)
        self.refused("R 0 4 \0", 7)
        self.sim("replay", self.write("noise", bytes(range(256)) * 64), status=3)

    def test_cut_files(self):
        for cut in (text(SMALL)[:-1], text(SMALL)[:-3], text(SMALL)[:40]):
            _, err = self.sim("replay", self.write("session", cut), status=3)
            self.assert_placed(err.replace(self.folder + "/", ""), "session", cut.count("\n") + 1)
        with open(SESSION, "rb") as file_:
            data = file_.read()
        _, err = self.sim("replay", self.write("session", data[:300000]), status=3)
        self.assertRegex(err, r"session:\d+:1: error: truncated gzip input\n")
        self.sim("replay", self.write("session", data + b"x"), status=3)

    def test_more_between_two_acts_than_anyone_has(self):
        claims = "V asid=1 vmid=1 va=0 size=0\n" * 65537
        _, err = self.sim("replay", self.write("session", "R 0 4 d40301a\n" + claims), status=4)
        self.assert_placed(err.replace(self.folder + "/", ""), "session", 65538)

    def test_wrong_use(self):
        for arguments in (["replay"], ["replay", "a", "b"], ["replay", "a", "-p", "x", "-p", "y"],
                          *(["replay", "a", "--caches", number] for number in ("", "3", "-1", "16x", "2097152")),
                          ["replay", "a", "--caches", "2", "--caches", "2"]):
            self.sim(*arguments, status=2)
        path = self.write("session", text(SMALL))
        self.assertIn("did you mean 'linux-session'?", self.sim("replay", path, "-p", "linux-sesion", status=2)[1])
        self.assertIn("not built", self.sim("replay", path, "-p", "max", status=4)[1])
        self.sim("replay", "nowhere", status=3)


main()
