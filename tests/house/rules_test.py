#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules are enforced: a lawful tree passes, and each way to break one is found."""

import tempfile
import unittest
from pathlib import Path

from rules import violations

LICENCE = "/* SPDX-License-Identifier: MIT */\n"
LAWFUL = {
    "include/smmu/smmu.h": "#include <stdint.h>\n",
    "include/smmu/decode.h": "#include <smmu/smmu.h>\n",
    "lib/base/bits.h": "#include <stdbool.h>\n",
    "lib/arch/field.h": '#include "base/bits.h"\n',
    "lib/walk/walk.h": '#include "arch/field.h"\n#include <smmu/smmu.h>\n',
    "lib/walk/walk.c": '#include "walk/walk.h"\n#include <string.h>\n',
    "lib/xlate/gate.h": '#include "walk/walk.h"\n',
    "lib/device.h": '#include "xlate/gate.h"\n',
    "lib/smmu.c": '#include "device.h"\n#include "walk/walk.h"\n#include <pthread.h>\n',
    "lib/platform/yaml.c": '#include "base/bits.h"\n#include <yaml.h>\n#include <unistd.h>\n',
    "tools/smmu-sim/cli.h": "",
    "tools/smmu-sim/main.c": '#include "cli.h"\n#include <smmu/smmu.h>\n#include <argp.h>\n',
    "bench/cbench.h": "",
    "bench/cbench.cc": '#include "cbench.h"\n#include <benchmark/benchmark.h>\n',
    "examples/hello.c": "#include <smmu/smmu.h>\n",
    "examples/qemu/device.c": '#include "qemu/osdep.h"\n#include <smmu/smmu.h>\n',
    "examples/qemu/guest/careless.c": "#include <linux/module.h>\n",
    "tests/walk/test_walk.c": '#include "walk/walk.h"\n',
}
BROKEN = {
    "a room to the right": ("lib/walk/walk.c", '#include "xlate/gate.h"\n', "walk may not include xlate"),
    "the top of lib": ("lib/xlate/gate.h", '#include "device.h"\n', "xlate may not include the top of lib"),
    "platform from the core": ("lib/smmu.c", '#  include "platform/yaml.h"\n', "may not include platform"),
    "a file without its room": ("lib/walk/walk.c", '#include "walk.h"\n', 'not written as "room/file.h"'),
    "a path upwards": ("lib/walk/walk.c", '#include "../xlate/gate.h"\n', 'not written as "room/file.h"'),
    "a room in angle brackets": ("lib/base/bits.h", "#include <xlate/gate.h>\n", "is a header of lib/"),
    "POSIX in the core": ("lib/walk/walk.c", "#include <unistd.h>\n", "<unistd.h> is no header of standard C"),
    "a lock in a public header": ("include/smmu/smmu.h", "#include <pthread.h>\n", "no header of standard C"),
    "POSIX in a public header": ("include/smmu/smmu.h", "#include <sys/types.h>\n", "no header of standard C"),
    "a room in a public header": ("include/smmu/smmu.h", '#include "base/bits.h"\n', "public header is written"),
    "a public header that is not": ("lib/smmu.c", "#include <smmu/secret.h>\n", "is no public header"),
    "a computed include": ("lib/smmu.c", "#include HEADER\n", "must name its file"),
    "lib from the tool": ("tools/smmu-sim/main.c", '#include "base/bits.h"\n', "only public headers"),
    "lib from the tool by path": ("tools/smmu-sim/main.c", '#include "../../lib/base/bits.h"\n', "only public headers"),
    "lib from a benchmark": ("bench/cbench.cc", "#include <base/bits.h>\n", "only public headers"),
    "lib from an example": ("examples/hello.c", '#include "walk/walk.h"\n', "only public headers"),
    "lib from a part of QEMU": ("examples/qemu/device.c", '#include "walk/walk.h"\n', "only public headers"),
    "lib from a part of QEMU by path": ("examples/qemu/device.c", '#include "../../lib/base/bits.h"\n', "only public headers"),
    "a folder that is no room": ("lib/util/x.c", "", "is no room"),
}


def licence_of(path):
    if path.startswith("examples/qemu/guest/"):
        return LICENCE.replace("MIT", "MIT OR GPL-2.0-only")
    return LICENCE.replace("MIT", "GPL-2.0-or-later") if path.startswith("examples/qemu/") else LICENCE


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


class Rules(unittest.TestCase):
    def tree(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        root = Path(holder.name).resolve()
        for path, text in LAWFUL.items():
            write(root, path, licence_of(path) + text)
        write(root, "lib/platform/yaml.h", LICENCE)
        return root

    def test_a_lawful_tree_passes(self):
        self.assertEqual(violations(self.tree()), [])

    def test_an_include_in_a_comment_does_not_count(self):
        root = self.tree()
        write(root, "lib/walk/walk.c", LICENCE + '/*\n#include "xlate/gate.h"\n*/\n')
        self.assertEqual(violations(root), [])

    def test_each_violation_is_found_and_nothing_else(self):
        for what, (path, text, sentence) in BROKEN.items():
            with self.subTest(what):
                root = self.tree()
                write(root, path, licence_of(path) + text)
                found = violations(root)
                self.assertEqual(len(found), 1, found)
                self.assertIn(sentence, found[0])
                self.assertTrue(found[0].startswith(path + ":"), found[0])

    def test_the_line_is_that_of_the_include(self):
        root = self.tree()
        write(root, "lib/walk/walk.c", LICENCE + '/* two\nlines */\n#include "xlate/gate.h"\n')
        self.assertTrue(violations(root)[0].startswith("lib/walk/walk.c:4:"))

    def test_a_file_without_a_licence_is_found(self):
        root = self.tree()
        write(root, "tests/walk/test_walk.c", '#include "walk/walk.h"\n')
        self.assertEqual(len(violations(root)), 1)

    def test_a_part_of_another_program_has_its_licence(self):
        root = self.tree()
        write(root, "examples/qemu/device.c", LICENCE)
        write(root, "examples/qemu/guest/careless.c", LICENCE)
        self.assertEqual(violations(root), [
            "examples/qemu/device.c:1: does not begin with SPDX-License-Identifier: GPL-2.0-or-later",
            "examples/qemu/guest/careless.c:1: does not begin with SPDX-License-Identifier: MIT OR GPL-2.0-only"])

    def test_a_dead_link_is_found(self):
        root = self.tree()
        (root / "README.md").write_text("[alive](lib/smmu.c), [far](https://example.org), [dead](docs/no.md)\n")
        self.assertEqual(violations(root), ["README.md:1: docs/no.md is not there"])


if __name__ == "__main__":
    unittest.main()
