#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a built library shows and needs.

    symbols.py --library core|platform --headers DIR --shared FILE.so --static FILE.a --objects INTERNAL.a

1. It exports smmu3_* alone, from the shared and from the static library, and every function its headers declare.
2. It needs libc alone (platform: libyaml, libzstd and libsmmu too) and its SONAME carries the version.
3. The core has no writable data: no globals, no static variables.
4. The core starts no thread, prints nothing and never exits.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

LIBC = r"libc\.so\.6|ld-linux[\w.-]*"
NEEDS = {"core": LIBC, "platform": LIBC + r"|libyaml-0\.so\.\d+|libzstd\.so\.\d+|libsmmu\.so\.0"}
HEADERS = {"core": ["smmu.h", "port.h", "decode.h", "inspect.h", "tables.h", "stats.h", "adversity.h"], "platform": ["platform.h", "trace.h", "audit.h", "record.h"]}
SONAME = {"core": "libsmmu.so.0", "platform": "libsmmu_platform.so.0"}
FORBIDDEN = re.compile(r"(v?f?printf|puts|fputs|putchar|fwrite|perror|stdout|stderr|exit|_exit|quick_exit|abort|"
                       r"pthread_create|thrd_create|fork|system|signal|setlocale|getenv)(@.*)?$")
WRITABLE = re.compile(r"^(\.data(?!\.rel\.ro)|\.bss|\.tdata|\.tbss)")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def defined(lines):
    """Names from nm -P, of symbols of any kind but absolute ones, which are names of versions."""
    fields = [line.split() for line in lines.splitlines()]
    return {f[0].split("@")[0] for f in fields if len(f) >= 2 and f[1] not in "AUwv"}


def strangers(names, where):
    return [f"{where} exports {name}" for name in sorted(names) if not name.startswith("smmu3_")]


def declared(headers):
    """Functions declared SMMU3_API."""
    text = "".join(re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S) for header in headers)
    return set(re.findall(r"^SMMU3_API\b[^;{(]*?\b(smmu3_\w+)\(", text, flags=re.M))


def dynamic(shared):
    """The needed libraries and the SONAME."""
    text = output("readelf", "-dW", shared)
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text), re.findall(r"\(SONAME\).*\[(.*)\]", text)


def writable(objects):
    """Each section of an archive or object that the program could write to."""
    name = Path(objects).name
    for line in output("readelf", "-SW", objects).splitlines():
        if line.startswith("File:"):
            name = line.split("(")[-1].rstrip(")")
        section = re.match(r"\s*\[\s*\d+\]\s+(\S+)\s+\S+\s+[0-9a-f]+\s+[0-9a-f]+\s+([0-9a-f]+)", line)
        if section and WRITABLE.match(section[1]) and int(section[2], 16):
            yield f"{name} has writable data: {section[1]}, {int(section[2], 16)} bytes"


def forbidden(shared):
    for line in output("nm", "-P", "-D", "--undefined-only", shared).splitlines():
        if FORBIDDEN.match(line.split()[0]):
            yield f"{Path(shared).name} calls {line.split()[0]}"


def judge(args):
    exported = defined(output("nm", "-P", "-D", "--defined-only", args.shared))
    needed, soname = dynamic(args.shared)
    wrong = strangers(exported, Path(args.shared).name)
    wrong += strangers(defined(output("nm", "-P", "-g", "--defined-only", args.static)), Path(args.static).name)
    wrong += [f"{name} is declared and not exported"
              for name in sorted(declared(Path(args.headers) / h for h in HEADERS[args.library]) - exported)]
    wrong += [f"{Path(args.shared).name} needs {name}" for name in needed if not re.fullmatch(NEEDS[args.library], name)]
    wrong += [] if soname == [SONAME[args.library]] else [f"SONAME is {soname}"]
    if args.library == "core":
        wrong += [*writable(args.objects), *forbidden(args.shared)]
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", choices=sorted(NEEDS), required=True)
    for option in ("--headers", "--shared", "--static", "--objects"):
        parser.add_argument(option, required=True)
    wrong = judge(parser.parse_args())
    print("\n".join(wrong) if wrong else "as promised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
