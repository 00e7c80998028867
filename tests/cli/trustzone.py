# SPDX-License-Identifier: MIT
"""What docs/trustzone.md shows is what is printed: each command is run in a shell, one after the other in one directory."""
import os
import re
import subprocess
import tempfile
import unittest

from _lib import SIM, SOURCE, main

DOCUMENT = os.path.join(SOURCE, "docs", "trustzone.md")


def shown(text):
    """The commands of the console blocks with the lines that each is to print."""
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            else:
                commands[-1][1].append(line)
    return commands


def pattern_of(lines):
    """A line of three dots stands for any lines."""
    return re.compile("".join(r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"[ \t]*\n" for line in lines))


class Trustzone(unittest.TestCase):
    def run_in(self, folder, command):
        path = os.path.dirname(SIM) + os.pathsep + os.environ["PATH"]
        return subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, cwd=folder,
                              env={**os.environ, "LC_ALL": "C", "PATH": path}, check=False)

    def test_every_command_prints_what_is_shown(self):
        with open(DOCUMENT, encoding="utf-8") as file:
            commands = shown(file.read())
        self.assertGreater(len(commands), 20)
        status = 0
        with tempfile.TemporaryDirectory(prefix="smmu-sim-") as folder:
            os.symlink(os.path.join(SOURCE, "configs"), os.path.join(folder, "configs"))
            for command, lines in commands:
                if command == "echo $?":
                    self.assertEqual([str(status)], lines)
                    continue
                done = self.run_in(folder, command)
                status = done.returncode
                self.assertRegex(done.stdout.decode(), re.compile(r"\A" + pattern_of(lines).pattern + r"\Z"), command)
                if status:   # said where it is shown, never silent
                    self.assertIn((command, lines), commands[:-1])
                    self.assertEqual(commands[commands.index((command, lines)) + 1][0], "echo $?", command)

    def test_a_line_of_three_dots_stands_for_any_lines(self):
        commands = shown("```console\n$ a b\none\n...\nfour  \n$ c\n```\n")
        self.assertEqual(commands, [("a b", ["one", "...", "four  "]), ("c", [])])
        self.assertTrue(pattern_of(commands[0][1]).fullmatch("one\ntwo\nthree\nfour\n"))
        self.assertTrue(pattern_of(commands[0][1]).fullmatch("one\nfour \n"))
        self.assertFalse(pattern_of(commands[0][1]).fullmatch("one\ntwo\nfive\n"))


main()
