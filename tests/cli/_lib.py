# SPDX-License-Identifier: MIT
"""What the tests of smmu-sim share: running it, a directory to work in, and a machine written word by word."""
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

SIM = os.environ["SMMU_SIM"]
SOURCE = os.environ["SMMU_SOURCE_DIR"]
CACHES = os.environ.get("SMMU_TEST_CACHES")  # in the suite's second pass: what SMMUs keep, in places of each kind

# A machine of ten lines: one page table of 16 pages at VA 0x1000, read and write, no execution.
QUICK = """version: 1
masters:
  - name: dma0
    stream_id: 0x10
    map:
      - {va: 0x1000, pa: 0x80001000, size: 64K, perm: rw}
      - {va: 0x20000, pa: 0x80020000, size: 4K, perm: ro}
  - {name: raw, stream_id: 0x11, mode: bypass}
  - {name: off, stream_id: 0x12, mode: abort}
"""


def of_pass(arguments):
    """The arguments of smmu-sim, with the caches of the second pass where the verb takes some and none are given."""
    if CACHES and arguments and arguments[0] in ("run", "replay") and "--caches" not in arguments:
        return [*arguments, "--caches", CACHES]
    return list(arguments)


def squeeze(text):
    """The text with runs of blanks made one and blanks at line ends gone: columns may move, words may not."""
    return "\n".join(re.sub(r"[ \t]+", " ", line).rstrip() for line in text.splitlines())


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smmu-sim-")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return self.path(name)

    def sim(self, *arguments, stdin=b"", env=None, status=0):
        """Runs smmu-sim, asks for an exit status, returns stdout and stderr."""
        done = subprocess.run([SIM, *of_pass(arguments)], input=stdin, capture_output=True, timeout=300,
                              env={**os.environ, "LC_ALL": "C", **(env or {})}, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, status, done.stdout.decode()[-2000:] + done.stderr.decode()[-4000:])
        return done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments, status=0, **more):
        answer = json.loads(self.sim(*arguments, "--json", status=status, **more)[0])
        self.assertEqual(answer["schema"], "smmu-sim/1")
        self.assertEqual(answer["verb"], arguments[0])
        return answer

    def assert_placed(self, text, name, line, column=None):
        """A complaint names file, line and column, and says something."""
        at = rf"^{re.escape(name)}:{line}:{column if column else '[0-9]+'}: error: \S.*\S"
        self.assertRegex(text, re.compile(at, re.MULTILINE))


# ---- A machine written word by word: every expected value of test_explain is worked out from these lines. ----

STREAM_TABLE, CD_1, S1_L1, S1_L2, S1_L3 = 0x10000000, 0x10001000, 0x10002000, 0x10003000, 0x10004000
CD_2, G_L2, G_L3 = 0x10005000, 0x10006000, 0x10007000
S2_L1, S2_L2, S2_L3 = 0x10010000, 0x10011000, 0x10012000

IDR0 = 1 << 0 | 1 << 1 | 2 << 2 | 1 << 4 | 1 << 12 | 1 << 18 | 1 << 19 | 2 << 21 | 1 << 24 | 1 << 27
#      S2P      S1P      AA64     COHACC   ASID16    VMID16    CD2L      little    terminate  2-level
IDR1 = 16 << 0 | 20 << 6 | 19 << 16 | 19 << 21 | 1 << 26 | 1 << 27
#      SIDSIZE   SSIDSIZE  EVENTQS    CMDQS      ATTR_PERMS_OVR, ATTR_TYPES_OVR
IDR3 = 1 << 2 | 1 << 4   # HAD, XNX
IDR5 = 1 << 4 | 1 << 5 | 1 << 6 | 4 << 0
#      4K       16K      64K      OAS 44 bits

REGISTERS = [
    (0x00, 32, IDR0), (0x04, 32, IDR1), (0x08, 32, 0), (0x0c, 32, IDR3), (0x10, 32, 0), (0x14, 32, IDR5),
    (0x18, 32, 0), (0x1c, 32, 1),                    # IIDR; AIDR: SMMUv3.1
    (0x80, 64, STREAM_TABLE), (0x88, 32, 6),         # STRTAB_BASE; STRTAB_BASE_CFG: linear, 64 STEs
    (0x2c, 32, 2), (0x20, 32, 1),                    # CR2.RECINVSID; CR0.SMMUEN
]


def _words(*pairs):
    """{address: word} of 64-bit words that follow each other, for each (address, words)."""
    return {at + 8 * i: word for at, words in pairs for i, word in enumerate(words)}


# V, Config = 5 (stage 1), S1ContextPtr
STE_1 = [1 | 5 << 1 | CD_1]
# V, Config = 7 (both), S1ContextPtr is an IPA; S2VMID 5, S2T0SZ 25 (39 bits), S2SL0 1 (level 1), S2IR0, S2OR0 Write-Back,
# S2SH0 inner, S2TG 4K, S2PS 2 (40 bits), S2AA64, S2R; S2TTB
STE_2 = [1 | 7 << 1 | 0x20001000, 0,
         5 | 25 << 32 | 1 << 38 | 1 << 40 | 1 << 42 | 3 << 44 | 2 << 48 | 1 << 51 | 1 << 58, S2_L1]


def _cd(t0sz, asid, ttb0):
    """T0SZ, TG0 4K, IR0, OR0 Write-Back, SH0 inner, EPD1, V, IPS 2 (40 bits), AA64, R, A, ASET, ASID; TTB0; MAIR."""
    return [t0sz | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 30 | 1 << 31 | 2 << 32 | 1 << 41 | 1 << 45 | 1 << 46 | 1 << 47 |
            asid << 48, ttb0, 0, 0x0444ff]   # Attr0 Write-Back, Attr1 Non-cacheable, Attr2 Device-nGnRE


XN = 1 << 54 | 1 << 53
PAGE_RW = 0xf43 | XN   # nG, AF, inner Shareable, AP 1 (read and write), AttrIndx 0, page
PAGE_RO = 0xfc3 | XN   # the same with AP 3 (read)
S2_PAGE = 0x7ff        # AF, inner Shareable, S2AP 3, MemAttr 0xf, page

MEMORY = _words(
    (STREAM_TABLE + 1 * 64, STE_1), (STREAM_TABLE + 2 * 64, STE_2),
    (STREAM_TABLE + 3 * 64, [1 | 4 << 1, 1 << 44]),   # bypass, SHCFG 1: as it comes
    (STREAM_TABLE + 4 * 64, [1]),                     # abort
    (CD_1, _cd(25, 7, S1_L1)), (CD_2, _cd(34, 9, 0x20002000)),
    (S1_L1 + 1 * 8, [S1_L2 | 3]), (S1_L2 + 1 * 8, [S1_L3 | 3]),
    (S1_L3 + 1 * 8, [0x80005000 | PAGE_RW, 0x80006000 | PAGE_RO]),
    (S2_L1, [S2_L2 | 3]), (S2_L2 + 0x100 * 8, [S2_L3 | 3]),
    (S2_L3 + 1 * 8, [CD_2 | S2_PAGE, G_L2 | S2_PAGE, G_L3 | S2_PAGE]),
    (G_L2 + 1 * 8, [0x20003000 | 3]), (G_L3 + 3 * 8, [0x30000000 | PAGE_RW]),
)


def write_machine(case, name="hand", memory=None, registers=None):
    """Writes the machine as a capture; returns the configuration's path."""
    memory = MEMORY if memory is None else memory
    pages = {}
    for address, word in memory.items():
        page = pages.setdefault(address & ~0xfff, bytearray(4096))
        struct.pack_into("<Q", page, address & 0xfff, word)
    order = sorted(pages)
    case.write(name + "-pages.bin", b"".join(bytes(pages[at]) for at in order))
    case.write(name + "-pages.csv", "pa,offset,kind\n" + "".join(f"{at:#x},{i * 4096},t\n" for i, at in enumerate(order)))
    case.write(name + "-registers.csv", "offset,width,value\n" +
               "".join(f"{at:#x},{width},{value:#x}\n" for at, width, value in registers or REGISTERS))
    return case.write(name + ".yaml", f"""version: 1
smmu:
  - name: smmu0
    registers: {name}-registers.csv
    image: {{index: {name}-pages.csv, data: {name}-pages.bin}}
""")


def main():
    unittest.main(verbosity=1)
