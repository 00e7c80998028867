#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of the house that can be read from its files: above all who may include whom.

    rules.py ROOT       prints each violation as file:line: sentence; exit 1 if there is one

1. A file in lib/ includes only rooms at or left of its own, as "room/file.h", and public headers as <smmu/file.h>.
2. lib/ less platform/, and include/, include no system header but those of standard C; lib/ also <pthread.h>, for its locks.
3. tools/, bench/ and examples/ include no header of lib/.
4. Every source file begins with its licence: MIT, and what becomes part of another program (HOSTED) that program's.
5. README.md and docs/ link to files that are there.
"""

import re
import sys
from pathlib import Path

ROOMS = ["base", "arch", "mem", "tlb", "walk", "config", "xlate", "check", "prog", "", "platform"]  # "": lib/*.c, lib/*.h
OUTSIDE = ["tools", "bench", "examples"]
HOSTED = {  # C there includes headers of the program that it is for
    "examples/qemu": "GPL-2.0-or-later",
    "examples/qemu/guest": "MIT OR GPL-2.0-only",
}
SOURCES = {".c", ".h", ".cc", ".cpp", ".py", ".sh", ".cmake", ".map"}

STANDARD_C = {
    "assert.h", "complex.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h", "iso646.h", "limits.h", "locale.h",
    "math.h", "setjmp.h", "signal.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h",
    "stdio.h", "stdlib.h", "stdnoreturn.h", "string.h", "tgmath.h", "threads.h", "time.h", "uchar.h", "wchar.h", "wctype.h",
}

INCLUDE = re.compile(r'^\s*#\s*include\b\s*(?:(?P<open>[<"])(?P<name>[^>"]*)[>"])?')


def includes(path):
    """Line number, '<' or '"', and name of each include; a computed one has neither."""
    text = re.sub(r"/\*.*?\*/", lambda c: "\n" * c.group().count("\n"), path.read_text(encoding="utf-8"), flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found["open"], found["name"]


def files(folder, suffixes):
    return sorted(p for p in folder.rglob("*") if p.suffix in suffixes and p.is_file()) if folder.is_dir() else []


def room_of(lib, path):
    """The room of a file below lib/, or None where there is no such room."""
    parts = path.relative_to(lib).parts
    room = "" if len(parts) == 1 else parts[0]
    return room if room in ROOMS and len(parts) <= 2 else None


def system_header(root, room, name):
    """What is wrong with <name> in lib/room/ or, room None, in include/."""
    if name.startswith("smmu/"):
        return None if (root / "include" / name).is_file() else f"<{name}> is no public header"
    if (root / "lib" / name).is_file():
        return f'<{name}> is a header of lib/: write "{name}"'
    lock = name == "pthread.h" and room is not None  # what C11 calls mutexes ThreadSanitizer does not see
    if name not in STANDARD_C and not lock and room != "platform":
        return f"<{name}> is no header of standard C"
    return None


def room_header(root, room, name):
    """What is wrong with "name" in lib/room/."""
    target = root / "lib" / name
    if ".." in Path(name).parts or not target.is_file():
        return f'"{name}" is not written as "room/file.h"'
    other = room_of(root / "lib", target)
    if other is None:
        return f'"{name}" is in no room'
    if ROOMS.index(other) > ROOMS.index(room):
        return f'{room or "the top of lib"} may not include {other or "the top of lib"}: "{name}"'
    return None


def judge_lib(root, path):
    room = room_of(root / "lib", path)
    if room is None:
        yield 1, "this folder is no room"
        return
    for line, kind, name in includes(path):
        if kind is None:
            yield line, "an include must name its file"
        else:
            yield line, system_header(root, room, name) if kind == "<" else room_header(root, room, name)


def judge_public(root, path):
    for line, kind, name in includes(path):
        yield line, system_header(root, None, name) if kind == "<" else f'"{name}": a public header is written <smmu/...>'


def host_of(root, path):
    """The licence of the program that a C file becomes part of, or None."""
    return HOSTED.get(str(path.parent.relative_to(root))) if path.suffix in {".c", ".h"} else None


def is_of_lib(root, path, name):
    return any((base / name).resolve().is_relative_to(root / "lib") and (base / name).is_file() for base in (path.parent, root / "lib"))


def judge_outside(root, path):
    folder = root / path.relative_to(root).parts[0]
    for line, kind, name in includes(path):
        if name is None:
            yield line, "an include must name its file"
        elif kind == "<" and not name.startswith("smmu/") and (root / "lib" / name).is_file():
            yield line, f"<{name}> is a header of lib/: only public headers here"
        elif kind == '"' and host_of(root, path):
            if is_of_lib(root, path, name):
                yield line, f'"{name}" is a header of lib/: only public headers here'
        elif kind == '"' and not any((base / name).resolve().is_relative_to(folder.resolve()) and (base / name).is_file()
                                     for base in (path.parent, folder)):
            yield line, f'"{name}" is not in {folder.name}/: only public headers here'


def judge_licence(root, path):
    head = path.read_text(encoding="utf-8").split("\n")[:2]
    licence = f"SPDX-License-Identifier: {host_of(root, path) or 'MIT'}"
    if not any(licence in line for line in head):
        yield 1, f"does not begin with {licence}"


def judge_links(path):
    for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        for link in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in link and not (path.parent / link).exists():
                yield line, f"{link} is not there"


def violations(root):
    """file:line: sentence, for each violation below root."""
    found = []

    def add(path, judged):
        found.extend(f"{path.relative_to(root)}:{line}: {why}" for line, why in judged if why)

    for path in files(root / "lib", {".c", ".h"}):
        add(path, judge_lib(root, path))
    for path in files(root / "include", {".h"}):
        add(path, judge_public(root, path))
    for outside in OUTSIDE:
        for path in files(root / outside, {".c", ".h", ".cc"}):
            add(path, judge_outside(root, path))
    for folder in ["lib", "include", "tests", "cmake", "scripts", *OUTSIDE]:
        for path in files(root / folder, SOURCES):
            add(path, judge_licence(root, path))
    for path in [*root.glob("README.md"), *files(root / "docs", {".md"})]:
        add(path, judge_links(path))
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = violations(Path(sys.argv[1]).resolve())
    print("\n".join(wrong) if wrong else "all rules hold")
    sys.exit(1 if wrong else 0)
