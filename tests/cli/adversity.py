# SPDX-License-Identifier: MIT
"""run --adversity: seeds that can be repeated, choices by name, and what is no word."""
import glob
import os
import re

from _lib import SOURCE, Case, QUICK, main

CONFIGS = os.path.join(SOURCE, "configs")

# Traces that say what registers read, what is kept, or what is counted, all of which choices change: they are carried out to their ends.
SEEDS = ["1", "2", "3"]

# What changes neither where accesses go nor what is recorded of them, by docs/choices.md.
HARMLESS = ["cr0-update=late", "gbpa-update=late", "irq-ctrl-update=late", "reset-values=unknown", "register-reserved-bits=stored"]
PLAIN = ["quickstart", "stage1", "stage2", "nested", "substreams", "modes", "window", "block-driver", "realm", "secure-partitions"]


def names():
    return sorted(os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.trace")))


class Adversity(Case):
    def setUp(self):
        super().setUp()
        self.write("quick.yaml", QUICK)
        self.write("quick.trace", "R dma0 0x1234 4 expect=pa:0x80001234,pas:ns,attr:wb\nR dma0 0x1234 4\n")

    def test_a_driver_that_waits_gets_on_whatever_is_chosen(self):
        for name in names():
            for seed in SEEDS:
                with self.subTest(name, seed=seed):
                    path = os.path.join(CONFIGS, name + ".yaml")
                    out = self.run_any("run", "-c", path, "--quiet", "--adversity", seed)
                    self.assertRegex(out, r"accesses in|acts;")

    def run_any(self, *arguments):
        """Status 0 or 1: what is expected may be otherwise, but all of it is carried out."""
        try:
            return self.sim(*arguments)[0]
        except AssertionError:
            return self.sim(*arguments, status=1)[0]

    def test_what_software_should_not_rely_on_changes_nothing_for_a_device(self):
        for name in PLAIN:
            with self.subTest(name):
                words = [argument for word in HARMLESS for argument in ("--adversity", word)]
                self.sim("run", "-c", os.path.join(CONFIGS, name + ".yaml"), "--strict", "--quiet", *words)

    def test_a_number_makes_the_same_choices_and_tells_them_as_words(self):
        arguments = ("run", "-c", "quick.yaml", "--adversity")
        out, told = self.sim(*arguments, "7")
        self.assertEqual(self.sim(*arguments, "7"), (out, told))
        self.assertNotEqual(self.sim(*arguments, "8")[1], told)
        words = re.fullmatch(r"smmu0?: adversity: (.*)\n", told)[1].split()
        again = [argument for word in words for argument in ("--adversity", word)]
        self.assertEqual(self.sim("run", "-c", "quick.yaml", *again)[1], told)

    def test_rules_count_from_the_first_access(self):
        out, _ = self.sim("run", "-c", "quick.yaml", "--adversity", "abort=ste", status=1)
        self.assertIn("F_STE_FETCH", out)
        out, _ = self.sim("run", "-c", "quick.yaml", "--adversity", "abort=ste:2")
        self.assertIn("ABORT F_STE_FETCH", out)

    def test_what_is_no_word_is_a_mistake_of_the_caller(self):
        for word, said in [("cr0-update=soon", "the choice has no alternative 'soon'"), ("abort", "'abort' is no adversity"),
                           ("nothing=late", "there is no choice 'nothing'")]:
            _, err = self.sim("run", "-c", "quick.yaml", "--adversity", word, status=2)
            self.assertIn(said, err)
            self.assertIn(f"adversity '{word}' that is asked for besides the file: ", err)

    def test_of_several_words_of_a_line_the_wrong_one_is_named(self):
        self.write("quick.trace", "! adversity sync=1 lose=any@0xffffffffffffffff+2 update=2\n")
        _, err = self.sim("run", "-c", "quick.yaml", status=3)
        self.assertIn("adversity 'lose=any@0xffffffffffffffff+2': a member of the rule is out of its domain", err)


main()
