# SPDX-License-Identifier: MIT
"""Recordings: what a program records of its own SMMU is a session; sessions that say what their SMMU was; replay --record."""
import glob
import gzip
import os
import re
import subprocess

from _lib import SOURCE, Case, main

SESSION = os.path.join(SOURCE, "tests", "data", "linux-6.1-session", "session.txt.gz")
RUN = os.path.join(SOURCE, "tests", "data", "linux-6.12-virt-16k")

with gzip.open(SESSION, "rt", encoding="ascii") as file:
    LINES = file.read().splitlines()


def unpacked(path):
    """The lines of a recording, which is whole."""
    done = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True)
    return done.stdout.decode("ascii").splitlines()


def less(lines, letters):
    return [line for line in lines if line[0] not in letters]


class Recording(Case):
    def record(self, session, name, *more):
        """Replays it without a difference, recording it; the recording."""
        out, _ = self.sim("replay", session, "--record", self.path(name), *more)
        self.assertIn(" 0 different\n", out)
        return self.path(name)

    def read(self, path):
        with open(path, "rb") as file_:
            return file_.read()


class Example(Recording):
    """examples/record.c: tables, commands, messages, invalidations, events and reads of a driver and a device."""

    def setUp(self):
        super().setUp()
        self.recording = self.path("example.zst")
        subprocess.run([os.environ["RECORD_EXAMPLE"], self.recording], check=True, timeout=60)

    # record.h
    def test_it_comes_again(self):
        for more in ([], ["--caches", "16"], ["--save-every", "1"], ["--ports", "8", "--batch"]):
            with self.subTest(more):
                out = self.sim("replay", self.recording, *more)[0]
                self.assertIn("\n30 R, D, I and T lines equal, 3 V lines covered, 0 different\n", out)

    def test_recorded_anew_it_is_the_same(self):
        self.assertEqual(self.read(self.record(self.recording, "again.zst")), self.read(self.recording))

    def test_it_has_what_a_driver_meets(self):
        lines = unpacked(self.recording)
        self.assertEqual(lines[:6], ["C idr0 d40301a", "C idr1 2730010", "C idr3 404", "C idr5 74", "C aidr 1", "C gbpa_reset 1000"])
        # Three messages, three records; an event interrupt where the queue was empty, and one for each CMD_SYNC.
        self.assertEqual([line.split()[:3:2] for line in lines if line[0] == "D"],
                         [["D", "4"], ["D", "32"], ["D", "32"], ["D", "4"], ["D", "32"], ["D", "4"]])
        self.assertEqual([line for line in lines if line[0] == "I"], ["I 2", "I 0", "I 2", "I 0", "I 2"])
        self.assertIn("T 3 20000 1 = -16 0 0 0", lines)       # F_TRANSLATION
        self.assertIn("T 67 10000 1 = -2 0 0 0", lines)       # C_BAD_STREAMID
        self.assertIn("T 3 11345 1 = 0 90001345 fff 3", lines)
        self.assertIn("V asid=1 vmid=-1 va=12000 size=1000", lines)

    def test_a_change_is_found(self):
        lines = unpacked(self.recording)
        at = lines.index("T 3 11345 1 = 0 90001345 fff 3")
        lines[at] = "T 3 11345 1 = 0 90002345 fff 3"
        path = self.write("changed", "".join(line + "\n" for line in lines))
        self.assertIn(f"{path}:{at + 1}: different: ", self.sim("replay", path, status=1)[0])

    def test_cut_anywhere_it_is_an_error(self):
        data = self.read(self.recording)
        for size in (len(data) - 1, len(data) - 5, len(data) // 2, 20):
            self.assertIn("Truncated", self.sim("replay", self.write("cut.zst", data[:size]), status=3)[1])

    def test_it_takes_no_profile(self):
        _, err = self.sim("replay", self.recording, "--profile", "linux-session", status=2)
        self.assert_placed(err, self.recording, 1, 1)
        self.assertIn("it takes no --profile", err)

    def test_json_says_where_the_smmu_is_from(self):
        answer = self.json("replay", self.recording)
        self.assertEqual((answer["profile"], answer["complete"]), ("session", True))
        kinds = {row["kind"]: row["lines"] for row in answer["summary"]["kinds"]}
        self.assertEqual((kinds["C"], "E" in kinds), (6, False))


class Anew(Recording):
    """What is replayed can be recorded: the recorder against recordings that others made."""

    # record.h, EVT-002, CMD-SYNC-2: all but the granularity of announcements, which the recorded SMMU had otherwise.
    def test_a_session_of_linux_is_recorded_line_by_line(self):
        first = self.record(SESSION, "first.zst")
        lines = unpacked(first)
        self.assertEqual(less(lines, "CV"), less(LINES, "V"))
        self.assertEqual([line for line in lines if line[0] == "C"],
                         ["C idr0 d40301a", "C idr1 2730010", "C idr3 404", "C idr5 74", "C aidr 1", "C gbpa_reset 1000",
                          "C interrupt_choices 3"])
        self.assertEqual(self.read(self.record(first, "second.zst")), self.read(first))
        self.assertEqual(self.read(self.record(first, "third.zst", "--save-every", "1000")), self.read(first))

    # What caches have kept is not read again, and the recording says what they were: it comes again with them and without.
    def test_so_it_is_with_caches(self):
        first = self.record(SESSION, "first.zst", "--caches", "64")
        lines = unpacked(first)
        self.assertIn("C caches.tlb 40", lines)
        self.assertEqual(less(lines, "CVM"), less(LINES, "VM"))
        self.assertEqual(self.read(self.record(first, "second.zst")), self.read(first))
        self.assertEqual([line for line in unpacked(self.record(first, "third.zst", "--caches", "0")) if "caches" in line], [])

    def test_a_capture_becomes_a_session(self):
        first = self.record(RUN, "first.zst")
        accesses = [line for line in unpacked(first) if line[0] == "T"]
        self.assertEqual(len(accesses), 150748)
        self.assertEqual(self.read(self.record(first, "second.zst")), self.read(first))

    def test_files_are_there_when_they_are_whole(self):
        broken = self.write("broken", "R 0 4 d40301a\nQ\n")
        self.sim("replay", broken, "--record", self.path("out.zst"), status=3)
        self.assertEqual(sorted(os.listdir(self.folder)), ["broken"])
        differs = self.write("differs", "R 0 4 1\n")
        self.sim("replay", differs, "--record", self.path("out.zst"), status=1)
        self.assertEqual(unpacked(self.path("out.zst"))[-1], "R 0 4 d40301a")   # what came, not what was said

    def test_what_cannot_be_written_is_told(self):
        self.assertIn("/dev/full: error: cannot be written", self.sim("replay", SESSION, "--record", "/dev/full", status=4)[1])
        self.assertIn("nowhere/out", self.sim("replay", SESSION, "--record", "nowhere/out", status=4)[1])

    def test_wrong_use(self):
        for more in (["--record", "b"], ["--ports", "8"]):
            self.sim("replay", SESSION, "--record", self.path("a"), *more, status=2)
        self.assertEqual(os.listdir(self.folder), [])


class Data(Case):
    """The sessions of tests/data: whoever adds one has it replayed here."""

    def test_every_session_comes_again(self):
        sessions = glob.glob(os.path.join(SOURCE, "tests", "data", "*-session", "session.txt.*"))
        self.assertIn(SESSION, sessions)
        for session in sessions:
            for more in ([], ["--caches", "64"]):
                with self.subTest(session=session, more=more):
                    self.assertIn(" 0 different\n", self.sim("replay", session, *more)[0])


# An SMMU with IDR0.SEV: a CMD_SYNC with CS = SIG_SEV sends an event; GBPA.ABORT ends an access without one.
SEV = """C idr0 d40701a
C idr1 2730010
C idr3 404
C idr5 74
C aidr 1
W 90 8 1003
W 20 4 8
W 98 4 1
M 1000 2046
M 1008 0
E
R 9c 4 1
W 44 4 80100000
T 5 1000 1 = no-event 0 0 0
""".splitlines()


# generic-3.3 with IDR0.HTTU = 3, a stream of stage 1 with HD, HA and HAFT: the table is marked, the block accessed, then written.
UPDATES = """C idr0 8dff6fb
C idr1 e739d20
C idr3 1f73c
C idr5 1000476
C aidr 3
C gbpa_reset 1000
W 80 8 3000
W 88 4 1
W 20 4 1
M 3000 310b
M 3008 100000000000
M 3100 6e00c0000019
M 3108 4008
M 4000 5003
D 4000 8 0354000000000000
M 5000 80000400003c1
D 5000 8 c107004000000800
T 0 1000 1 = 0 40001000 1fffff 1
D 5000 8 4107004000000800
T 0 1000 2 = 0 40001000 1fffff 3
T 0 1000 1 = 0 40001000 1fffff 3
""".splitlines()


class Said(Recording):
    """C lines, and what else a recording has that sessions of old have not."""

    def session(self, lines):
        return self.write("session", "".join(line + "\n" for line in lines))

    def refused(self, lines, number, column, what, status=3):
        _, err = self.sim("replay", self.session(lines), status=status)
        self.assert_placed(err.replace(self.folder + "/", ""), "session", number, column)
        self.assertIn(what, err)

    # CMD-SYNC-2
    def test_events_and_aborts_come_again(self):
        out, _ = self.sim("replay", self.session(SEV))
        self.assertRegex(out, r"\nE +events sent +1 +1 +0 +0\n")
        self.assertIn("\n3 R, D, I, E and T lines equal, 0 V lines covered, 0 different\n", out)

    def test_each_of_them_is_compared(self):
        for line, other, what in [("E", None, ":8: additional: got E"), ("E", "E\nE", ":12: missing: expected E"),
                                  (SEV[-1], "T 5 1000 1 = -2 0 0 0", ":14: different: expected T 5 1000 1 = -2 0 0 0; "
                                   "got T 5 1000 1 = no-event 0 0 0"),
                                  (SEV[-1], "T 5 1000 1 = 0 1000 ffffffffffffffff 3", ":14: different: ")]:
            with self.subTest(other):
                lines = [other if old == line else old for old in SEV if old != line or other]
                self.assertIn(what, self.sim("replay", self.session(lines), status=1)[0])

    # HTTU-01, HTTU-05, HTTU-12
    def test_hardware_updates_come_again_and_are_compared(self):
        for more in ([], ["--caches", "16"], ["--save-every", "1"]):
            with self.subTest(more):
                self.assertIn(" 0 different\n", self.sim("replay", self.session(UPDATES), *more)[0])
        again = unpacked(self.record(self.session(UPDATES), "again.zst"))
        self.assertEqual([line for line in again if line[0] != "M"], [line for line in UPDATES if line[0] != "M"])
        for line, other, what in [(UPDATES[14], None, ":17: additional: got " + UPDATES[14]),
                                  (UPDATES[-3], UPDATES[-5], ":19: different: ")]:
            with self.subTest(line):
                lines = [other if old == line else old for old in UPDATES if old != line or other]
                self.assertIn(what, self.sim("replay", self.session(lines), status=1)[0])

    def test_sessions_that_do_not_say_have_no_events(self):
        lines = [line for line in SEV if line[0] not in "CE"]
        out, _ = self.sim("replay", self.session(lines), "--profile", "generic-3.1")
        self.assertIn(" 0 different\n", out)
        self.assertIsNone(re.search("^[CE] ", out, re.MULTILINE))

    def test_interrupts_are_as_the_session_says(self):
        # Of C_BAD_STREAMID twice: with interrupt_choices 2 each record pulses, with 0 the first alone.
        head = ["C idr0 d40301a", "C idr1 2730010", "C idr3 404", "C idr5 74", "C aidr 1"]
        body = ["W a0 8 2003", "W 80 8 3000", "W 88 4 0", "W 2c 4 2", "W 50 4 4", "W 20 4 5",
                "D 2000 32 0200000005" + 54 * "0", "I 0", "T 5 1000 1 = -2 0 0 0", "D 2020 32 0200000005" + 54 * "0", "I 0",
                "T 5 1000 1 = -2 0 0 0"]
        self.sim("replay", self.session(head + ["C interrupt_choices 2"] + body))
        out, _ = self.sim("replay", self.session(head + body), status=1)
        self.assertIn(":16: missing: expected I 0\n", out)
        self.assertIn(" 1 different\n", out)

    def test_what_is_malformed_or_late_is_refused_at_its_place(self):
        for line, column, what in [("C", 2, "ends before its member"), ("C idr7 0", 3, "'idr7' is no member"), ("C idr0", 7, "value"),
                                   ("C IDR0 0", 3, "no member"), ("C caches 0", 3, "no member"), ("C idr0 100000000", 8, "more than"),
                                   ("C idr0 x", 8, "no hexadecimal"), ("C idr0 0 0", 10, "too much"), ("C size 8", 3, "no member"),
                                   ("C aidr 1", 1, "has been said"), ("E 0", 3, "too much")]:
            with self.subTest(line):
                self.refused(["# a remark", "C aidr 1", "", line], 4, column, what)
        self.refused(["R 1c 4 1", "C aidr 1"], 2, 1, "before all others")
        self.refused([*SEV, "C iidr 1"], len(SEV) + 1, 1, "before all others")
        for end in ("no-events", "no-even", "no"):
            self.refused(["T 5 1000 1 = " + end + " 0 0 0"], 1, 14, "")

    def test_an_smmu_that_cannot_be_is_refused(self):
        path = self.session(["C idr0 0", "R 0 4 0"])
        self.assertIn(f"error: {path}: C lines: ", self.sim("replay", path, status=3)[1])
        self.assertIn("not built", self.sim("replay", self.session([SEV[0], "C idr1 42730010", *SEV[2:]]), status=4)[1])

    def test_a_session_of_c_lines_alone_is_one(self):
        self.assertIn(" 0 different\n", self.sim("replay", self.session(SEV[:5]))[0])


class Ended(Recording):
    """What a recorder leaves that has met what it had no words for: all before it, and a line that says so."""

    # record.h
    def test_it_is_replayed_as_far_as_it_goes_and_called_incomplete(self):
        for end, said in (("! the recording ends with an access of ATS", "the recording ends with an access of ATS"),
                          ("!", "the recording ends here"), ("!x y", "y")):
            path = self.write("ended", "".join(line + "\n" for line in [*SEV, end]))
            out, err = self.sim("replay", path, status=3)
            self.assertTrue(err.startswith(f"{path}:15:1: error: {said}\n"), err)
            self.assertIn("\n3 R, D, I, E and T lines equal, 0 V lines covered, 0 different\nincomplete", out)


main()
