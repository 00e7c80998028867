#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The judge of built libraries finds each way to break a promise.  CC names the compiler."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import symbols

CC = os.environ.get("CC", "cc")
LAWFUL = """
static const char *const names[] = { "a", "b" };
const char *smmu3_name(unsigned n);
const char *smmu3_name(unsigned n) { return names[n & 1]; }
"""
HEADER = "/* SMMU3_API int smmu3_comment(void); */\nSMMU3_API const char *smmu3_name(unsigned n);\n"
BROKEN = {
    "a stranger": ("int helper(void); int helper(void) { return 1; }", "exports helper"),
    "a static variable": ("int smmu3_count(void); int smmu3_count(void) { static int n; return ++n; }", "writable data: .bss"),
    "an initialized one": ("int smmu3_count(void); int smmu3_count(void) { static int n = 4; return ++n; }",
                           "writable data: .data"),
    "one for each thread": ("int smmu3_count(void); int smmu3_count(void) { static _Thread_local int n; return ++n; }",
                            "writable data: .tbss"),
    "an exit": ("void exit(int); void smmu3_end(void); void smmu3_end(void) { exit(1); }", "calls exit"),
    "a message": ("int puts(const char *); void smmu3_say(void); void smmu3_say(void) { puts(names[0]); }", "calls puts"),
}


class Symbols(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def judge(self, source, header=HEADER, link=(), soname="libsmmu.so.0"):
        at = self.folder
        (at / "x.c").write_text(source)
        for name in symbols.HEADERS["core"]:
            (at / name).write_text("")
        (at / "smmu.h").write_text(header)
        run = lambda *command: subprocess.run(command, check=True, cwd=at)
        run(CC, "-O1", "-fPIC", "-c", "x.c", "-o", "x.o")
        run("ar", "rcs", "x.a", "x.o")
        run(CC, "-shared", f"-Wl,-soname,{soname}", "x.o", "-o", "x.so", "-Wl,--no-as-needed", *link)
        return symbols.judge(SimpleNamespace(library="core", headers=at, shared=at / "x.so", static=at / "x.a",
                                             objects=at / "x.a"))

    def test_a_lawful_library_passes(self):
        self.assertEqual(self.judge(LAWFUL), [])

    def test_each_violation_is_found(self):
        for what, (source, sentence) in BROKEN.items():
            with self.subTest(what):
                self.assertTrue(any(sentence in wrong for wrong in self.judge(LAWFUL + source)))

    def test_a_function_declared_and_missing_is_found(self):
        header = HEADER + "SMMU3_API int smmu3_late(void);\n"
        self.assertEqual(self.judge(LAWFUL, header), ["smmu3_late is declared and not exported"])

    def test_a_library_beside_libc_is_found(self):
        self.assertEqual(self.judge(LAWFUL, link=["-lm"]), ["x.so needs libm.so.6"])

    def test_another_soname_is_found(self):
        self.assertEqual(len(self.judge(LAWFUL, soname="libother.so")), 1)


if __name__ == "__main__":
    unittest.main()
