# SPDX-License-Identifier: MIT
"""Output: help, version, lost output, closed pipes, dump and profiles."""
import os
import pty
import subprocess

from _lib import Case, MEMORY, QUICK, REGISTERS, S1_L1, S1_L3, SIM, SOURCE, STE_1, STREAM_TABLE, main, squeeze, write_machine

VERBS = {"run": ["-c", "quick.yaml", "-"], "explain": ["-c", "quick.yaml", "R dma0 0x1000 4"], "decode": ["reg", "CR0", "1"],
         "dump": ["-c", "quick.yaml", "regs"], "validate": ["-c", "quick.yaml"], "profiles": [],
         "trace": ["info", "-"], "check": ["-c", "quick.yaml", "-"]}


class Output(Case):
    def setUp(self):
        super().setUp()
        self.write("quick.yaml", QUICK)

    def test_help_of_every_verb_ends_with_two_examples(self):
        for verb in VERBS:
            out, err = self.sim(verb, "--help")
            self.assertEqual(err, "")
            examples = out.rstrip().split("Examples:\n")[1].replace("\\\n", "").splitlines()  # one goes over two lines
            self.assertEqual(len(examples), 2, verb)
            self.assertTrue(all(f"smmu-sim {verb}" in line for line in examples), verb)

    def test_version(self):
        self.assertRegex(self.sim("--version")[0], r"^smmu-sim [0-9]+\.[0-9]+\.[0-9]+\n$")

    def test_help_names_every_verb(self):
        out, _ = self.sim("--help")
        for verb in VERBS:
            self.assertIn("\n  " + verb + " ", out)

    def test_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        for arguments in [[verb, *more] for verb, more in VERBS.items()] + [["--help"], ["--version"], ["run", "--help"]]:
            for json in ([], ["--json"]):
                if json and arguments[0].startswith("-"):
                    continue
                with open("/dev/full", "wb") as full:
                    done = subprocess.run([SIM, *arguments, *json], stdout=full, stderr=subprocess.PIPE, cwd=self.folder,
                                          stdin=subprocess.DEVNULL, check=False, timeout=60)
                self.assertEqual(done.returncode, 4, arguments)
                self.assertIn(b"could not be written", done.stderr)

    def test_closed_pipe_is_an_error_and_ends_a_long_run(self):
        self.write("long.trace", "R dma0 0x1000 4\n" * 200000)
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([SIM, "run", "-c", "quick.yaml", "long.trace"], stdout=writer, stderr=subprocess.PIPE,
                              cwd=self.folder, check=False, timeout=60)
        os.close(writer)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"could not be written", done.stderr)

    def test_nothing_but_complaints_goes_to_stderr(self):
        for verb, more in VERBS.items():
            self.assertEqual(self.sim(verb, *more)[1], "", verb)

    def test_terminal_control_in_input_does_not_reach_the_terminal(self):
        self.write("bad.trace", "R \033[31mred 0x1000 4\n")
        self.assertNotIn("\033", self.sim("run", "-c", "quick.yaml", "bad.trace", status=3)[1])
        self.write("bad.csv", "sid,addr,rw,outcome,pa\n0x10,\033[31m,R,OK,0\n")
        err = self.sim("run", "-c", "quick.yaml", "--expect", "bad.csv", status=3)[1]
        self.assertIn("    2 | 0x10,?[31m,R,OK,0", err)
        self.assertNotIn("\033", err)

    def complaint_on_a_terminal(self, **env):
        try:
            terminal, end = pty.openpty()
        except OSError:
            self.skipTest("no terminals here")
        subprocess.run([SIM, "validate", "-c", "nowhere.yaml"], stderr=end, stdout=subprocess.DEVNULL, cwd=self.folder,
                       env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **env}, check=False,
                       timeout=60)
        os.close(end)
        text = os.read(terminal, 4096).decode()
        os.close(terminal)
        self.assertIn("nowhere.yaml", text)
        return text

    def test_colour_is_for_terminals_and_not_with_no_color(self):
        self.assertIn("\033[", self.complaint_on_a_terminal())
        self.assertNotIn("\033", self.complaint_on_a_terminal(NO_COLOR="1"))
        self.assertNotIn("\033", self.complaint_on_a_terminal(TERM="dumb"))
        self.assertNotIn("\033", self.sim("validate", "-c", "nowhere.yaml", env={"TERM": "xterm"}, status=3)[1])

    def test_json_of_every_verb_parses(self):
        for verb, more in VERBS.items():
            self.json(verb, *more)


class Dump(Case):
    def setUp(self):
        super().setUp()
        self.config = write_machine(self)

    def dump(self, *arguments, status=0):
        return self.json("dump", "-c", "hand.yaml", *arguments, status=status)

    def test_stream_table(self):
        answer = self.dump("stream-table")
        self.assertEqual((answer["base"], answer["two_level"], answer["log2size"], answer["complete"]),
                         ("0x10000000", False, 6, True))
        self.assertEqual([(row["sid"], row["pa"], row["config"]) for row in answer["rows"]],
                         [("0x1", "0x10000040", "0x5"), ("0x2", "0x10000080", "0x7"), ("0x3", "0x100000c0", "0x4"),
                          ("0x4", "0x10000100", "0x0")])
        self.assertEqual(answer["rows"][0]["words"][0], hex(STE_1[0]))
        write_machine(self, memory={**MEMORY, STREAM_TABLE + 5 * 64: 1, STREAM_TABLE + 6 * 64: 1, STREAM_TABLE + 8 * 64: 1})
        self.assertEqual([(row["sid"], row["last"]) for row in self.dump("stream-table")["rows"]],
                         [("0x1", "0x1"), ("0x2", "0x2"), ("0x3", "0x3"), ("0x4", "0x6"), ("0x8", "0x8")])
        self.assertIn("Stream table at 0x10000000, linear, 2^6 StreamIDs", self.sim("dump", "-c", "hand.yaml", "stream-table")[0])

    # SW-01, SW-02: STRW is used for stage 1 alone, and is without meaning where there is no EL2.
    def test_streamworlds(self):
        machine = os.path.join(SOURCE, "configs", "hypervisor.yaml")
        with open(machine, encoding="utf-8") as file:
            text = file.read()
        self.write("plain.yaml", text.replace("e2h: true", "e2h: false").replace("upper: true", "upper: false")
                   .replace(", table_upper: kernel", "").replace("0xffffffc000000000", "0x1000000000"))
        for name, host in ((machine, "el2-e2h"), ("plain.yaml", "el2")):
            rows = self.json("dump", "-c", name, "stream-table")["rows"]
            self.assertEqual([(row["sid"], row["world"]) for row in rows],
                             [("0x1", host), ("0x2", host), ("0x9", "el1"), ("0xa", "el1")])
        self.assertEqual([row["world"] for row in self.dump("stream-table")["rows"]], ["el1", "el1", "", ""])

    def test_contexts(self):
        rows = self.dump("cd", "--sid", "2")["rows"]
        self.assertEqual([(row["ssid"], row["pa"], row["ipa"], row["asid"], row["t0sz"]) for row in rows],
                         [("0x0", "0x10005000", "0x20001000", "0x9", "0x22")])

    def test_mappings_of_both_stages(self):
        rows = self.dump("tables", "--sid", "1")["rows"]
        self.assertEqual([(row["input"], row["output"], row["bytes"], row["level"], row["unprivileged"], row["privileged"],
                           row["type"], row["shareability"], row["descriptor_pa"]) for row in rows],
                         [("0x40201000", "0x80005000", 4096, 3, "rw-", "rw-", "Normal-WB", "ish", hex(S1_L3 + 8)),
                          ("0x40202000", "0x80006000", 4096, 3, "r--", "r--", "Normal-WB", "ish", hex(S1_L3 + 16))])
        rows = self.dump("tables", "--sid", "2", "--stage", "2")["rows"]
        # A SubstreamID that has no context is not answered with stage 2.
        self.assertIn("no legal context", self.sim("dump", "-c", "hand.yaml", "tables", "--sid", "2", "--ssid", "7", status=1)[1])
        self.assertEqual([(row["input"], row["output"]) for row in rows],
                         [("0x20001000", "0x10005000"), ("0x20002000", "0x10006000"), ("0x20003000", "0x10007000")])
        text = squeeze(self.sim("dump", "-c", "hand.yaml", "tables", "--sid", "1")[0])
        self.assertIn("0x40202000 0x80006000 ns 4K 3 r-- r-- Normal-WB ish 0x60000080006fc3 0x10004010", text)

    def test_limit_is_said(self):
        self.assertFalse(self.dump("tables", "--sid", "1", "--limit", "1")["complete"])
        self.assertIn("only the first 1 rows", self.sim("dump", "-c", "hand.yaml", "tables", "--sid", "1", "--limit", "1")[1])

    def test_tables_that_refer_to_themselves_end(self):
        memory = {**MEMORY, S1_L1: S1_L1 | 3, S1_L1 + 8: S1_L1 | 3, S1_L1 + 16: S1_L1 | 3}
        write_machine(self, memory=memory)
        self.sim("dump", "-c", "hand.yaml", "tables", "--sid", "1")

    def test_nothing_to_dump_is_said(self):
        self.assertIn("nothing of the kind", self.sim("dump", "-c", "hand.yaml", "tables", "--sid", "3", status=1)[1])

    def test_registers(self):
        rows = {row["name"]: row["value"] for row in self.dump("regs")["registers"]}
        self.assertEqual(rows["SMMU_STRTAB_BASE"], "0x10000000")
        self.assertEqual(rows["SMMU_CR0"], "0x1")
        self.assertEqual(rows["SMMU_IDR0"], hex(REGISTERS[0][2]))
        self.assertIn("SMMUEN=1", self.sim("dump", "-c", "hand.yaml", "regs")[0])

    def test_registers_of_an_optional_page_are_where_it_is(self):
        self.write("vatos.yaml", "version: 1\nsmmu: [{features: {atos: true, vatos: true}, idr: {IDR2: 3}}]\nmasters: []\n")
        rows = {row["name"]: row["offset"] for row in self.json("dump", "-c", "vatos.yaml", "regs")["registers"]}
        self.assertEqual([rows["SMMU_VATOS_CTRL"], rows["SMMU_VATOS_PAR"], rows["SMMU_VATOS_SEL"]], ["0x50a00", "0x50a18", "0x180"])
        self.write("quick.yaml", QUICK)
        rows = [row["name"] for row in self.json("dump", "-c", "quick.yaml", "regs")["registers"]]
        self.assertNotIn("SMMU_VATOS_PAR", rows)
        self.assertEqual(rows.count("SMMU_GATOS_PAR"), 1)

    def test_configuration_with_its_defaults_is_a_configuration(self):
        self.write("quick.yaml", QUICK)
        text, _ = self.sim("dump", "-c", "quick.yaml", "config")
        self.write("again.yaml", text)
        self.assertIn("ok", self.sim("validate", "-c", "again.yaml")[0])
        self.assertEqual(self.json("dump", "-c", "quick.yaml", "config")["config"], text)


class Profiles(Case):
    def test_list_marks_what_is_built(self):
        rows = {row["name"]: row for row in self.json("profiles")["profiles"]}
        for name in ("generic-3.1", "minimal-3.0", "linux-session", "linux-capture", "qemu-10.2", "generic-3.3", "secure-3.3",
                     "realm-3.3", "hafnium", "rmm"):
            self.assertTrue(rows[name]["built"], name)
        for name, feature in [("max", "ECMDQ"), ("max-realm", "ECMDQ")]:
            self.assertFalse(rows[name]["built"])
            self.assertIn(feature, rows[name]["refused"])
        self.assertRegex(self.sim("profiles")[0], r"(?m)^generic-3\.1 +built ")

    def test_one_profile_is_decoded(self):
        registers = {row["name"]: row for row in self.json("profiles", "generic-3.1")["profile"]["registers"]}
        fields = {field["name"]: field["value"] for field in registers["SMMU_IDR1"]["fields"]}
        self.assertEqual((fields["SIDSIZE"], fields["SSIDSIZE"]), ("0x10", "0x14"))   # 16 and 20 bits
        self.assertEqual(registers["SMMU_IDR0"]["section"], "6.3.1")


if __name__ == "__main__":
    main()
