# SPDX-License-Identifier: MIT
"""The check of the checks: with a fault in the library the guest must find something wrong."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from guest import PROGRAMS
from machine import MODES

COPIED = ["CMakeLists.txt", "cmake", "include", "lib"]
LIMIT = 60  # seconds: with a fault the guest may well not come to its end
KEYS = ("name", "says", "file", "-", "+")


class Unfit(Exception):
    """A fault of the list does not fit the library, or cannot be built."""


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    file: str
    old: str
    new: str


# ---- The list ----


def read_block(block):
    said = {}
    for line in block.splitlines():
        key, _, value = line.partition(" ") if line[0] in "-+" else line.partition(": ")
        if key not in KEYS:
            raise Unfit(f"{line!r} is no line of a fault")
        said[key] = value.strip()
    return Fault(*(said[key] for key in KEYS))


def read_faults(path):
    text = re.sub(r"^#.*\n", "", path.read_text(), flags=re.M)
    return [read_block(block.strip("\n")) for block in re.split(r"\n\s*\n", text) if block.strip()]


def put(fault, root):
    """The fault, into the sources there."""
    path = root / fault.file
    text = path.read_text()
    old = r"\s+".join(re.escape(word) for word in fault.old.split())
    if len(re.findall(old, text)) != 1:
        raise Unfit(f"{fault.name}: what it replaces is not once in {fault.file}")
    path.write_text(re.sub(old, lambda found: fault.new, text))


# ---- A binary with a fault ----


def copy(root, target):
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def build(fault, folder, here):
    """QEMU linked with a copy of the library that has the fault."""
    sources, binary = folder / f"{fault.name}.sources", folder / f"{fault.name}.qemu"
    copy(here.parent.parent, sources)
    put(fault, sources)
    program = PROGRAMS.start([here / "build", "--library", sources, "--output", binary], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
    said, _ = program.communicate()
    PROGRAMS.ended(program)
    if program.returncode or not binary.exists():
        raise Unfit(f"{fault.name}: it was not built\n{said[-2000:]}")
    return binary


# ---- Runs ----


def try_fault(fault, runs, here):
    """The checks that failed with the fault: none is what must not be."""
    order = runs.order(MODES["strict"], "libsmmu", build(fault, runs.folder, here), fault.name)
    found = runs.run(order, min(runs.options.limit, LIMIT))
    return [f"{name}: {why}" for name, why in found.checks.items() if why]


def run(runs, here):
    """Exit status: 0 if every fault is found."""
    unfound = 0
    for fault in read_faults(Path(here) / "broken/faults.list"):
        failed = try_fault(fault, runs, here)
        unfound += not failed
        print(f"{'found' if failed else 'NOT FOUND'}  {fault.name}: {fault.says}")
        for line in failed:
            print("    " + line.replace("\n", "\n    "))
    return 1 if unfound else 0
