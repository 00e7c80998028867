#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The parts of examples/qemu/linux that need no QEMU: the guest's file system, its console, the tables, and the faults."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "qemu"
sys.path.insert(1, str(EXAMPLE / "parts"))

import broken
import figures
import initramfs
import report
from guest import Found, check_findings, compare_disks, figures_of, read_line
from machine import MODES, Order

ONE = (0x0000003000000010, 0x0000020800000000, 0x0ABC1040, 0)
OTHER = (0x0000003000000010, 0x0000020000000000, 0x0ABC1040, 0)


class FileSystem(unittest.TestCase):
    def test_an_entry_is_a_header_a_name_and_a_content_each_padded_to_4_bytes(self):
        head = (b"070701" b"00000007" b"000081ED" b"00000000" b"00000000" b"00000001" b"00000000" b"00000005" b"00000000" b"00000000"
                b"00000000" b"00000000" b"00000005" b"00000000")
        self.assertEqual(initramfs.entry(7, "init", initramfs.FILE, b"abcde"), head + b"init\0\0" + b"abcde\0\0\0")

    def test_a_module_comes_after_those_it_depends_on_and_one_that_is_built_in_does_not_come(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "usr/lib/modules/6.0"
            (tree / "kernel").mkdir(parents=True)
            (tree / "modules.builtin").write_text("kernel/drivers/virtio/virtio_pci.ko\n")
            needs = {"nvme": "nvme-core", "nvme-core": "", "virtio_blk": "", "virtio_net": "net_failover,virtio_pci",
                     "net_failover": "", "e1000e": "", "virtio-rng": "", "pci-stub": ""}
            for name, others in needs.items():
                (tree / "kernel" / f"{name}.ko").write_bytes(b"\0license=GPL\0depends=" + others.encode() + b"\0")
            self.assertEqual(list(initramfs.modules(Path(folder))), [
                "nvme_core", "nvme", "virtio_blk", "net_failover", "virtio_net", "e1000e", "virtio_rng", "pci_stub"])

    def test_a_module_of_ours_is_there_and_not_loaded_before_it_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "lib/modules/6.0"
            (tree / "kernel").mkdir(parents=True)
            (tree / "modules.builtin").write_text("".join(f"kernel/{name}.ko\n" for name in initramfs.MODULES))
            (Path(folder) / "careless.ko").write_bytes(b"ours")
            (Path(folder) / "any").write_bytes(b"any")
            files = {name: rest for name, *rest in initramfs.files_of(
                Path(folder), Path(folder) / "any", Path(folder) / "any", [Path(folder) / "careless.ko"])}
            self.assertEqual(files["modules/careless.ko"], [initramfs.FILE, b"ours"])
            self.assertEqual(files["modules/order"], [initramfs.FILE, b""])


class Findings(unittest.TestCase):
    """Of the checker, where it was asked."""
    FINDING = ("1 stale use: access 260, StreamID 0x30, write of 0xac00040;  answered: ok, pa 0x43541040 in ns space;"
               "  needed: CMD_TLBI_NH_VA asid=7 va=0xac00000 leaf=1, then CMD_SYNC")
    FORGOTTEN = "FORGOTTEN 0xac00040 CMD_TLBI_NH_VA asid=7 va=0xac00000 leaf=1"

    def judge(self, findings, lines=(), extra=("arm-smmuv3.check=on",)):
        found = Found(findings=list(findings))
        for line in lines:
            read_line(found, line)
        check_findings(found, Order(MODES["strict"], "libsmmu", *[Path()] * 4, extra=list(extra)))
        return found.checks

    def test_a_guest_that_forgets_nothing_has_no_finding(self):
        self.assertEqual(self.judge([]), {"findings": ""})
        self.assertIn(self.FINDING, self.judge([self.FINDING])["findings"])

    def test_what_was_forgotten_is_found_once_with_its_address_and_its_command(self):
        self.assertEqual(self.judge([self.FINDING], [self.FORGOTTEN]), {"findings": ""})
        self.assertTrue(self.judge([], [self.FORGOTTEN])["findings"])
        self.assertTrue(self.judge([self.FINDING] * 2, [self.FORGOTTEN])["findings"])
        for old, new in [("asid=7", "asid=8"), ("0xac00040;", "0xac00080;"), ("leaf=1,", "leaf=1 or CMD_TLBI_NH_ALL vmid=0,"),
                         ("leaf=1,", "leaf=1,  then CMD_CFGI_STE sid=0x30 leaf=1,"), ("stale use", "torn")]:
            with self.subTest(new):
                self.assertTrue(self.judge([self.FINDING.replace(old, new)], [self.FORGOTTEN])["findings"])

    def test_nothing_is_said_of_findings_where_nothing_was_asked(self):
        self.assertEqual(self.judge([], extra=()), {})


class Console(unittest.TestCase):
    def test_what_the_guest_says_is_read(self):
        found = Found()
        for line in ["CHECK one ok", "CHECK two FAILED got 'a', not 'b'", "EVENT 0x10 0x2 0x3 0x4", "TIME 2.5", "DRIVER ias 44-bit"]:
            read_line(found, line)
        self.assertEqual(found.checks, {"one": "", "two": "got 'a', not 'b'"})
        self.assertEqual((found.events, found.times, found.driver), ([(16, 2, 3, 4)], [2.5], "ias 44-bit"))
        self.assertFalse(found.passed)

    def test_a_guest_passes_only_if_it_came_to_its_end(self):
        found = Found()
        read_line(found, "CHECK one ok")
        self.assertFalse(found.passed)
        read_line(found, "END 1 0")
        self.assertTrue(found.passed)

    def test_a_disk_that_is_not_as_the_guest_said_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "nvme.img").write_bytes(b"....abcd")
            found = Found()
            read_line(found, "WROTE nvme 4 4 e2fc714c4727ee9395f324cd2e7f331f")
            compare_disks(found, Path(folder))
            self.assertEqual(found.checks, {"nvme-on-host": ""})
            read_line(found, "WROTE nvme 0 4 e2fc714c4727ee9395f324cd2e7f331f")
            compare_disks(found, Path(folder))
            self.assertEqual(found.checks, {"nvme-on-host": "4 bytes at 0 are others"})

    def test_figures_are_read_from_what_qemu_prints_at_its_end(self):
        self.assertEqual(figures_of("warning: x\nMETER translations 5\nSTATS tlb.hits 0\n"),
                         {"METER translations": 5, "STATS tlb.hits": 0})


class Tables(unittest.TestCase):
    def test_records_are_compared_word_by_word(self):
        self.assertEqual(report.compare_records([ONE], [ONE]), [])
        self.assertEqual(report.compare_records([ONE, ONE], [ONE, OTHER]), [(2, ONE, OTHER)])
        self.assertEqual(report.compare_records([ONE], []), [(1, ONE, ())])
        self.assertEqual(report.difference(ONE, OTHER), "word 1 in bits 0x800000000")

    def test_a_table_has_a_column_for_each_run_and_says_what_failed(self):
        ours, theirs = Found(checks={"a": ""}), Found(checks={"a": "wrong", "b": ""})
        results = {("strict", "libsmmu"): ours, ("strict", "own"): theirs}
        self.assertEqual([line.split() for line in report.checks(results)],
                         [["strict"], ["lib", "own"], ["a", "ok", "FAILED"], ["b", "-", "ok"]])
        self.assertEqual(report.failures(results), ["strict, own: a: wrong"])

    def test_a_meter_tells_how_many_and_how_long_one_took(self):
        found = Found(figures={"METER reads": 4, "METER reads.ns": 1000, "METER probes": 0, "METER probes.ns": 0})
        self.assertEqual([line.split() for line in figures.meter({("strict", "own"): found})],
                         [["strict"], ["own"], ["reads", "4"], ["reads,", "ns", "each", "250"]])


class Faults(unittest.TestCase):
    def test_each_fault_fits_the_library(self):
        faults = broken.read_faults(EXAMPLE / "broken/faults.list")
        self.assertEqual(len(faults), 3)
        for fault in faults:
            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder) / fault.file
                target.parent.mkdir(parents=True)
                target.write_text((ROOT / fault.file).read_text())
                broken.put(fault, Path(folder))
                self.assertNotEqual(target.read_text(), (ROOT / fault.file).read_text())

    def test_a_fault_that_does_not_fit_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.c").write_text("x();\nx();\n")
            with self.assertRaises(broken.Unfit):
                broken.put(broken.Fault("name", "", "a.c", "x();", ""), Path(folder))


if __name__ == "__main__":
    unittest.main()
