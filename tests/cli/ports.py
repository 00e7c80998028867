# SPDX-License-Identifier: MIT
"""--ports and --batch: machines, captures and sessions come out through ports, and in batches, as they do without."""
import glob
import gzip
import os
import re

from _lib import SOURCE, Case, main

CONFIGS = os.path.join(SOURCE, "configs")
DATA = os.path.join(SOURCE, "tests", "data")
SESSION = os.path.join(DATA, "linux-6.1-session", "session.txt.gz")
CAPTURES = ["linux-6.1-virt-strict", "linux-6.12-virt-16k"]

# Ways to ask.  Of few places each stream has several addresses for one.
WAYS = [("--caches", "16"), ("--ports", "16"), ("--ports", "4", "--batch"), ("--caches", "16", "--ports", "1024"),
        ("--caches", "16", "--ports", "16", "--batch")]

# Traces that expect accesses to end as what is kept has it, though memory has it otherwise: with other caches they end otherwise.
KEPT = {"passthrough", "shared-tables", "shared-tables-no-btm", "shared-dirty", "forgotten", "block-driver-stale", "maintenance", "dpt", "hypervisor",
        "shared-ram", "secure-block-driver", "secure-tlb", "secure-partitions", "boot-secure", "granule-protection"}

# Of them those in which a port may lose it before it must, and has the tables read again.
LOST = {"forgotten", "hypervisor", "maintenance"}


def names():
    return sorted(os.path.splitext(os.path.basename(path))[0] for path in glob.glob(os.path.join(CONFIGS, "*.trace")))


def content(name):
    with open(os.path.join(CONFIGS, name), encoding="utf-8") as file:
        return file.read()


class Machines(Case):
    def outputs(self, config, *arguments, status=0):
        """All that run says."""
        return self.sim("run", "-c", config, *arguments, "--verbose", "--json", status=status)[0]

    def test_each_access_of_each_machine_ends_through_ports_as_without(self):
        for name in names():
            trace = [os.path.join(CONFIGS, name + ".trace")]
            config = os.path.join(CONFIGS, name + ".yaml")
            text = content(name + ".yaml")
            if name in KEPT:
                continue
            if "statistics" in text:  # where something is counted ports keep nothing
                config = self.write("plain.yaml", re.sub(r"\n *statistics: .*", "", text))
                trace = [self.write("plain.trace", re.sub(r"(?m)^! expect stats.*\n", "", content(name + ".trace")))]
            expected = self.outputs(config, "--strict", "--caches", "0", *trace)
            for way in WAYS:
                with self.subTest(name, way=way):
                    self.assertEqual(self.outputs(config, "--strict", *way, *trace), expected)

    def test_what_is_kept_is_met_through_ports_as_without(self):
        for name in sorted(KEPT - LOST):
            config = os.path.join(CONFIGS, name + ".yaml")
            expected = self.outputs(config, "--strict")
            for way in (("--ports", "1024"), ("--ports", "1024", "--batch")):
                with self.subTest(name, way=way):
                    self.assertEqual(self.outputs(config, "--strict", *way), expected)

    def test_ports_change_no_count(self):
        for name in ("scatter-gather-32", "nested"):
            config = os.path.join(CONFIGS, name + ".yaml")
            expected = self.outputs(config, "--stats")
            self.assertEqual(self.outputs(config, "--stats", "--ports", "16"), expected)
            self.assertEqual(self.outputs(config, "--stats", "--ports", "16", "--batch"), expected)

    # TLB-11: they do keep something.
    def test_without_its_invalidations_a_trace_meets_what_ports_have(self):
        lines = [line for line in content("nested.trace").splitlines() if not re.match(r"! (tlbi|cfgi|expect)", line)]
        trace = self.write("less.trace", "\n".join(lines) + "\n")
        config = os.path.join(CONFIGS, "nested.yaml")
        self.sim("run", "-c", config, "--quiet", "--caches", "0", trace)
        for way in (["--ports", "1024"], ["--ports", "1024", "--batch"]):
            out, _ = self.sim("run", "-c", config, "--quiet", "--caches", "0", *way, trace, status=1)
            self.assertGreaterEqual(out.count("is OK, expected ABORT"), 2, out)

    def test_captures_agree_in_every_row(self):
        for capture in CAPTURES:
            arguments = [os.path.join(CONFIGS, capture + ".yaml"), "--expect", os.path.join(DATA, capture, "expected.csv")]
            expected = self.outputs(*arguments, "--caches", "0")
            for way in WAYS:
                with self.subTest(capture, way=way):
                    self.assertEqual(self.outputs(*arguments, *way), expected)


class Sessions(Case):
    def same(self, path, *arguments, ways=WAYS, status=0):
        """What all ways have in common."""
        expected = self.sim("replay", path, *arguments, "--caches", "0", status=status)
        for way in ways:
            with self.subTest(path, way=way):
                self.assertEqual(self.sim("replay", path, *arguments, *way, status=status), expected)
        return expected

    def test_the_recorded_session_comes_out_as_recorded(self):
        out, _ = self.same(SESSION)
        self.assertIn(" 0 different\n", out)
        self.same(SESSION, "--save-every", "1000", ways=WAYS[-1:])

    def test_runs_of_captures_come_out_as_recorded(self):
        out, _ = self.same(os.path.join(DATA, CAPTURES[1]))
        self.assertIn(" 0 different\n", out)

    def test_an_access_of_a_batch_that_ends_otherwise_is_named(self):
        with gzip.open(SESSION, "rt", encoding="ascii") as file:
            lines = file.read().splitlines()
        starts = [i for i in range(len(lines) - 2) if all(line.startswith("T") for line in lines[i:i + 3])]
        for at in (starts[0] + 1, starts[1000] + 2):
            lines[at] = re.sub(r" = \S+ \S+", " = 0 abc000", lines[at])
        out, _ = self.same(self.write("session", "\n".join(lines[:starts[1000] + 10]) + "\n"), status=1)
        self.assertIn(" 2 different\n", out)
        self.assertIn(f"session:{starts[0] + 2}: different: expected T", out)

    def test_accesses_before_a_malformed_line_are_made(self):
        out, _ = self.same(self.write("session", "R 0 4 d40301a\nT 5 1000 1 = 0 1000 ffffffffffffffff 3\n"
                                                 "T 5 2000 1 = 0 3000 ffffffffffffffff 3\nQ\n"), status=3)
        self.assertIn("session:3: different: expected T 5 2000", out)

    # TLB-11: the port does keep something.
    def test_a_driver_that_invalidates_nothing_meets_what_the_port_has(self):
        with gzip.open(SESSION, "rt", encoding="ascii") as file:
            lines = [re.sub(r"^(M \w+ \d+00000000)12$", r"\g<1>01", line) for line in file.read().splitlines() if not line.startswith("V")]
        path = self.write("session", "\n".join(lines) + "\n")
        for way in ([], ["--batch"]):
            answer = self.json("replay", path, "--ports", "1024", *way, status=1)
            self.assertGreater(answer["summary"]["different"], 100)
            self.assertEqual({row["expected"][0] for row in answer["differences"]}, {"T"})


class Wrong(Case):
    def test_wrong_use(self):
        config = os.path.join(CONFIGS, "quickstart.yaml")
        for verb in (["run", "-c", config], ["replay", SESSION]):
            for arguments in (*(["--ports", number] for number in ("", "0", "3", "-1", "16x", "2048")),
                              ["--ports", "2", "--ports", "2"], ["--batch"]):
                with self.subTest(verb=verb[0], arguments=arguments):
                    self.sim(*verb, *arguments, status=2)


if __name__ == "__main__":
    main()
