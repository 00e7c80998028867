# SPDX-License-Identifier: MIT
"""random-accesses: a difference is found, made small, and written as a configuration that smmu-sim runs."""
import os
import re
import subprocess

from _lib import Case, main

RANDOM = os.environ["RANDOM_ACCESSES"]

# Ways to falsify the library's answers, the member that then differs, and the words of memory that are enough for it.
LIES = {
    "shareability": ("attr.sh", 60),
    "level": ("fault_level", 40),
    "record": (r"record\.word\[i\]", 20),
    "fetches": ("fetches", 40),
    "grant": ("ats", 60),
    "label": (r"mpam\.pmg", 60),
}


class Random(Case):
    def random(self, *arguments, status):
        done = subprocess.run([RANDOM, *arguments], capture_output=True, timeout=600, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, status, done.stdout.decode()[-4000:] + done.stderr.decode())
        return done.stdout.decode()

    def case(self, way):
        """A difference that a configuration can show: it has no streams of other states, and memory that aborts by whole pages."""
        for seed in range(1, 30):
            out = self.random("--distort", way, "--seed", str(seed), "--out", way, status=1)
            shown = os.path.exists(os.path.join(self.folder, way, "case.yaml"))
            if shown and not re.search("FETCH|EABT", self.trace(way)):
                return out
        return self.fail("no seed shows it")

    def trace(self, folder):
        with open(os.path.join(self.folder, folder, "case.trace"), encoding="ascii") as file:
            return file.read()

    def test_a_difference_is_found_and_made_small(self):
        for way, (member, words) in LIES.items():
            with self.subTest(way):
                out = self.random("--distort", way, "--out", way, status=1)
                self.assertRegex(out, rf"seed 1, machine \d+: they differ in {member}\n")
                self.assertLessEqual(len(re.findall(r"^  \[0x", out, re.MULTILINE)), words)

    def test_its_configuration_and_trace_run(self):
        for way in LIES:
            with self.subTest(way):
                self.case(way)
                self.sim("run", "-c", way + "/case.yaml", "--strict")

    def test_stalls_are_written_as_such(self):
        out = self.case("stall")
        self.assertIn(r"they differ in record.word[i]", out)
        trace = self.trace("stall")
        self.assertRegex(trace, r"\A(# .*\n)*[RWA].* expect=stalled,F_[A-Z_]+,s2:[01],class:(CD|TT|IN)\n\Z")

    def test_a_stall_without_room_comes_after_those_that_have_it(self):
        out = self.case("room")
        self.assertIn("they differ in verdict", out)
        before = int(re.search(r"^  (\d+) times, to stall, and then:$", out, re.MULTILINE).group(1))
        lines = [line for line in self.trace("room").splitlines() if not line.startswith("#")]
        self.assertEqual(len(lines), before + 1)
        self.assertTrue(all(line.endswith(" expect=stalled") for line in lines[:-1]))
        self.assertTrue(lines[-1].endswith(" # no room for another stall"))

    # TLB-11, CFG-02: with caches software that invalidates too little is found, at the access that met what was kept.
    def test_what_software_forgets_to_invalidate_is_found(self):
        for way in ("tlbi", "ipa", "cd", "ste", "leaf", "asid", "range", "eats", "space"):
            with self.subTest(way):
                out = self.random("--caches", "16", "--accesses", "100000", "--err", way, status=1)
                self.assertRegex(out, r"\naccess \d+: \w+")

    # ATS-10, ATS-27: what a Translation Request is granted is compared; who changes EATS and says nothing is met by ATS alone.
    def test_translation_requests_and_translated_accesses_are_compared(self):
        self.case("grant")
        self.assertRegex(self.trace("grant"), r"\AT [^\n]* expect=pa:0x?[0-9a-f]+,pas:ns,attr:[0-9a-fx]+,sh:[a-z]+,grant:(r|rx)\n\Z|\A(# [^\n]*\n)*AT ")
        out = self.random("--caches", "16", "--accesses", "100000", "--err", "eats", status=1)
        self.assertRegex(out, r"\n  (AT|TT) 0")

    # CD-26, VMS-03, VMS-06: labels are compared, and those that the STE, the CD and the VMS said before are found where nobody has said otherwise.
    def test_labels_are_compared(self):
        self.case("label")
        self.assertRegex(self.trace("label"), r",partid:0x[0-9a-f]+,pmg:(0|0x[0-9a-f]+)")
        out = self.random("--caches", "16", "--accesses", "100000", "--err", "labels", status=1)
        self.assertRegex(out, r"\naccess \d+: mpam\.(partid|pmg|space)\n")

    def test_the_machine_that_is_named_shows_it_again(self):
        out = self.random("--distort", "level", status=1)
        machine = re.search(r"machine (\d+):", out).group(1)
        self.assertIn(f"machine {machine}:", self.random("--distort", "level", "--machine", machine, status=1))
        self.random("--machine", machine, status=0)

    def test_the_same_seed_gives_the_same_answer(self):
        arguments = ("--accesses", "20000", "--least", "0", "--matrix", "--seed", "7")
        self.assertEqual(self.random(*arguments, status=0), self.random(*arguments, status=0))

    def test_a_cell_that_was_not_reached_often_enough_is_named(self):
        out = self.random("--accesses", "6400", "--least", "1000", status=1)
        self.assertRegex(out, r"reached \d+ times, not 1000: 64K 4T over 16K 32M\n")

    def test_words_that_mean_nothing_are_usage(self):
        for arguments in (["--accesses", "many"], ["--seed", "-1"], ["--distort", "nothing"], ["--err", "nothing"], ["--caches", "many"], ["more"], ["--what"]):
            self.random(*arguments, status=2)


if __name__ == "__main__":
    main()
