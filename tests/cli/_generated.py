# SPDX-License-Identifier: MIT
"""The machines in configs/ that are too large to write by hand, line by line, from a few rules.

    _generated.py CONFIGS       writes their files there

tests/cli/configs.py checks that the files that are committed are these.  Expected addresses follow from the same rules, not from
smmu-sim.
"""

import re
import sys
from functools import partial
from pathlib import Path

K, M = 1 << 10, 1 << 20

# Scatter-gather: each layout puts the pieces of one 2 MB buffer at other places.  Piece k goes to place k * STEP mod COUNT; an odd
# STEP makes that a permutation.
BUFFER = 0x40000000
LAYOUTS = {  # master: PA of the pool, size of a piece, pieces, step
    "pages": (0x90000000, 4 * K, 512, 197),
    "groups": (0x90200000, 64 * K, 32, 11),
    "block": (0x90400000, 2 * M, 1, 1),
}

SCATTER_CONFIG = """\
# SPDX-License-Identifier: MIT
# Scatter-gather: a device sees one 2 MB buffer at 0x40000000, whatever memory the system could find for it: 512 pages of 4 KB, 32
# groups of 64 KB (Contiguous), or one block of 2 MB.  Then the block's memory by pages and groups: same memory, same addresses.
# Piece k lies at place k * 197 mod 512, or k * 11 mod 32.  Written by tests/cli/_generated.py.
# IHI 0070 3.4.1, 5.4; DDI 0487 D8.3 (descriptors), D8.7 (the Contiguous bit).
version: 1
memory:
  - {name: ram, base: 0x80000000, size: 1G}
tables:
"""

SCATTER_MASTERS = """\
masters:
  - {name: pages, stream_id: 1, table: pages, asid: 1}
  - {name: groups, stream_id: 2, table: groups, asid: 2}
  - {name: block, stream_id: 3, table: block, asid: 3}
  - {name: block-by-pages, stream_id: 4, table: block-by-pages, asid: 4}
  - {name: block-by-groups, stream_id: 5, table: block-by-groups, asid: 5}
"""

# The same buffer through a TLB of so many places, which counts.
TLB_PLACES = [32, 64, 512]

TLB_CONFIG = """\
# SPDX-License-Identifier: MIT
# Scatter-gather, and what it costs in a TLB of {places} places: the 2 MB buffer of scatter-gather.yaml, as 512 pages, 32 contiguous
# groups or one block, in one cold pass from its beginning to its end misses 512, 32 or 1 times, whatever the size of the TLB; how much
# of it a second pass still finds is a matter of size.  An invalidation with a range takes all 512 pages away in one command; without
# ranges it takes one for each.  `contiguous: false` is a TLB that does not look at the Contiguous bit: 512 for the groups, too.
# Written by tests/cli/_generated.py.
# IHI 0070 4.4.1.1 (ranges), 4.4.2.4 (CMD_TLBI_NH_VA); DDI 0487 D8.7 (the Contiguous bit).
version: 1
smmu:
  - caches: {{all: 64, tlb: {places}, contiguous: true}}
    statistics: {{streams: 16}}
memory:
  - {{name: ram, base: 0x80000000, size: 1G}}
tables:
"""

TLB_MASTERS = """\
masters:
  - {name: pages, stream_id: 1, table: pages, asid: 1}
  - {name: groups, stream_id: 2, table: groups, asid: 2}
  - {name: block, stream_id: 3, table: block, asid: 3}
"""

# A block device of a virtual machine: each request has five pages from all over memory in one window of 20 KB, whose descriptors
# the driver writes before it and clears after it.  A 1G memory gives its top page to the table of level 0, the next ones to levels 1
# to 3 (4K granule, 48 address bits), so the window's descriptors begin where the fourth page does.
WINDOW = 0x20000000
LEAVES = 0x80000000 + 1024 * M - 4 * 4 * K
REQUESTS = [[0x88004000, 0x8a7f1000, 0x90000000, 0x85555000, 0xa0123000], [0x86001000, 0x86003000, 0x9ffff000, 0x87000000, 0x86002000]]
LEAF = 0x0060000000000f43   # UXN, PXN; nG, AF, Inner Shareable, AP[2:1] = 01, AttrIndx 0, page.  D8.3.1

BLOCK_CONFIG = """\
# SPDX-License-Identifier: MIT
# A para-virtualised block driver: memory is mapped for a request and no longer.  The driver writes five descriptors, the device
# moves 20 KB in bursts of 64 bytes; then the descriptors are cleared and invalidated, by five CMD_TLBI_NH_VA or by one with a
# range, a CMD_SYNC makes sure of it, and bursts that come too late fault.  The ring of requests stays mapped.
# IHI 0070 4.4.2.4 (CMD_TLBI_NH_VA), 4.4.1.1 (ranges), 4.7.3 (CMD_SYNC), 3.21.1 (what is written when), 7.3.13 (F_TRANSLATION).
# Written by tests/cli/_generated.py.
version: 1
memory:
  - {name: ram, base: 0x80000000, size: 1G}
masters:
  - {name: blk, stream_id: 2, asid: 6, map: [{va: 0x20010000, pa: 0x80010000, size: 4K}]}
"""

STALE_CONFIG = """\
# SPDX-License-Identifier: MIT
# The driver of block-driver.yaml, forgetting to invalidate, on an SMMU that keeps translations: each of the 320 bursts that come after the
# request still reaches its memory, and the next request's bursts do, too.  A range that is one page short leaves that page; the whole range
# ends it.  Written by tests/cli/_generated.py.
# IHI 0070 3.21.1 (what is kept, and until when), 4.4.1.1 (ranges), 4.4.2.4 (CMD_TLBI_NH_VA), 7.3.13 (F_TRANSLATION).
version: 1
smmu:
  - caches: {all: 16}
memory:
  - {name: ram, base: 0x80000000, size: 1G}
masters:
  - {name: blk, stream_id: 2, asid: 6, map: [{va: 0x20010000, pa: 0x80010000, size: 4K}]}
"""

# The same driver in the Secure world: its tables at the top of 256M of Secure memory, NS (bit 5) set in each descriptor, for the pages are
# the Normal world's.
SECURE_LEAVES = 0x70000000 + 256 * M - 4 * 4 * K
NS = 1 << 5

SECURE_CONFIG = """\
# SPDX-License-Identifier: MIT
# The block driver of block-driver.yaml as Secure software: the device's stream is Secure, its requests are memory of the Normal world, and
# descriptors say so (NS = 1).  Commands go to the Secure Command queue, faults come in the Secure Event queue; those of the Non-secure
# world hear nothing of them.  Translations are kept: then a driver that forgets to invalidate, or says so to the Non-secure queue.
# IHI 0070 3.10.2 (Secure streams), 3.21.1 (what is kept, and until when), 4.4.1.1 (ranges), 4.4.2.4 (CMD_TLBI_NH_VA), 4.7.3 (CMD_SYNC),
# 7.3.13 (F_TRANSLATION).  Written by tests/cli/_generated.py.
version: 1
smmu:
  - features: {secure: true}
    caches: {all: 16}
memory:
  - {name: ns_ram, base: 0x80000000, size: 1G}
  - {name: s_ram, base: 0x70000000, size: 256M, pas: secure}
masters:
  - {name: blk, security: secure, stream_id: 2, asid: 6, map: [{va: 0x20010000, pa: 0x80010000, size: 4K}]}
"""

# Many streams: 1,000 StreamIDs in ten groups of 100; stream n of group g reaches the same VA at another PA.
STREAMS, GROUP = 1000, 100
GROUP_PA = [0x90000000 + g * M for g in range(STREAMS // GROUP)]

THOUSAND_CONFIG = """\
# SPDX-License-Identifier: MIT
# A thousand StreamIDs with traffic, all valid at once, behind two SMMUs: one with a linear Stream table (2^16 entries of 64 bytes,
# 4 MB), one with a 2-level table (256 descriptors of 8 bytes, and four tables of 256 entries: 2 KB + 4 * 16 KB).  An SMMUv2 has 128
# context banks at most, in registers, and a software that juggles them; here the entries are memory, and none of them faults.
# Group g of 100 StreamIDs has a table of its own: VA 0x1000 is at 0x90000000 + g * 1 MB.  Written by tests/cli/_generated.py.
# IHI 0070 2.1 (what SMMUv3 changed), 3.3.1 (Stream tables), 5.1 (L1STD), 6.3.24 and 6.3.25 (their size), 7.3.3 and 7.3.5 (faults).
version: 1
smmu:
  - {name: linear, stream_table: {format: linear, log2size: 16}}
  - {name: two-level, stream_table: {format: two-level, log2size: 16, split: 8}}
tables:
"""

HEAD = "# smmu-trace 1\n# SPDX-License-Identifier: MIT\n"


def place(layout, offset):
    """PA of a byte of the buffer."""
    pool, piece, count, step = LAYOUTS[layout]
    return pool + offset // piece * step % count * piece + offset % piece


def scatter_table(name, layout, extra=""):
    _, piece, count, _ = LAYOUTS[layout]
    rows = [f"      - {{va: {BUFFER + k * piece:#x}, pa: {place(layout, k * piece):#x}, size: {piece // K}K{extra}}}\n"
            for k in range(count)]
    return f"  {name}:\n    stage: 1\n    va_bits: 39\n    map:\n" + "".join(rows)


def scatter_config():
    return (SCATTER_CONFIG + scatter_table("pages", "pages", ", block: 4K") + scatter_table("groups", "groups", ", contiguous: true")
            + scatter_table("block", "block") + scatter_table("block-by-pages", "block", ", block: 4K")
            + scatter_table("block-by-groups", "block", ", block: 4K, contiguous: true") + SCATTER_MASTERS)


def scatter_line(letter, master, layout, offset, size):
    return (f"{letter} {master} {BUFFER + offset:#x} {size} "
            f"expect=pa:{place(layout, offset):#x},pas:ns,attr:wb,sh:ish\n")


def scatter_outside(master):
    return "".join(f"R {master} {at:#x} 64 expect=F_TRANSLATION,s2:0,class:IN\n" for at in (BUFFER - 64, BUFFER + 2 * M))


def scatter_trace():
    lines = [HEAD, "# One pass over the whole buffer, page by page\n"]
    lines += [scatter_line("W", "pages", "pages", at, 4096) for at in range(0, 2 * M, 4 * K)]
    for layout in ("groups", "block"):
        lines.append(f"# One pass in steps of 16 KB: {layout}\n")
        lines += [scatter_line("W", layout, layout, at, 4096) for at in range(0, 2 * M, 16 * K)]
    for layout in LAYOUTS:
        lines.append(f"# In strides of 68 KB and 64 bytes, round and round: {layout}\n")
        lines += [scatter_line("R", layout, layout, n * (68 * K + 64) % (2 * M), 64) for n in range(64)]
    for master in ("block-by-pages", "block-by-groups"):
        lines.append(f"# The same strides, the block's memory again: {master}\n")
        lines += [scatter_line("R", master, "block", n * (68 * K + 64) % (2 * M), 64) for n in range(64)]
    lines.append("# Before and after the buffer\n")
    lines += [scatter_outside(layout) for layout in LAYOUTS]
    return "".join(lines)


def tlb_config(places):
    return (TLB_CONFIG.format(places=places) + scatter_table("pages", "pages", ", block: 4K")
            + scatter_table("groups", "groups", ", contiguous: true") + scatter_table("block", "block") + TLB_MASTERS)


def linear(layout, step):
    """The buffer from its beginning to its end."""
    return [scatter_line("W", layout, layout, at, 4096) for at in range(0, 2 * M, step)]


def strided(layout):
    """128 accesses in strides of 17 pages, round and round: no page twice, each group four times."""
    return [scatter_line("R", layout, layout, n * 68 * K % (2 * M), 64) for n in range(128)]


def counts(sid, transactions, misses):
    """What the SMMU counts of accesses that one stream alone makes, all of which go on."""
    return [f"! expect stats transactions={transactions} ok={transactions} tlb.lookups={transactions} tlb.misses={misses} "
            f"tlb-misses={misses}\n",
            f"! expect stats sid={sid} transactions={transactions} faults=0 tlb-misses={misses}\n"]


def tlb_passes(places, sid, layout):
    """Cold from beginning to end; warm; then cold in strides."""
    pieces = LAYOUTS[layout][2]
    step = 4 * K if layout == "pages" else 16 * K
    again = min(pieces, 128)  # translations that the second pass needs
    gone = max(0, again - places)  # of them, at least
    lines = [f"# {layout}: cold, from beginning to end\n", "! stats reset\n", *linear(layout, step),
             *counts(sid, 2 * M // step, pieces)]
    lines += [f"# In steps of 16 KB: of {again} translations at most {places} are still there\n", "! stats reset\n",
              *linear(layout, 16 * K), *counts(sid, 128, f"{gone}..{128 if pieces > 1 else 0}")]
    lines += ["# Cold, in strides of 68 KB, round and round\n", f"! tlbi nh_asid asid={sid}\n", "! sync\n",
              f"! expect invalidation stage1 asid={sid} vmid=0\n", "! expect nothing\n", "! stats reset\n",
              *strided(layout), *counts(sid, 128, {"pages": 128, "groups": "32..128", "block": 1}[layout])]
    return lines


def tlb_invalidations(places):
    """The pages in one command, then one by one: either way what comes after it is cold."""
    lines = ["# All 512 pages in one command.  4.4.1.1\n", *linear("pages", 16 * K), "! stats reset\n",
             f"! tlbi nh_va asid=1 va={BUFFER:#x} leaf tg=4K num=31 scale=4\n", "! sync\n",
             f"! expect invalidation stage1 asid=1 vmid=0 addr={BUFFER:#x} bytes=2M leaf\n", "! expect nothing\n",
             f"! expect stats accesses.command=2 tlb.stage1.removed=1..{places}\n", "! stats reset\n", *linear("pages", 16 * K)]
    lines += [*counts(1, 128, 128), "# One command for each page\n", "! stats reset\n"]
    lines += [f"! tlbi nh_va asid=1 va={BUFFER + at:#x} leaf\n" for at in range(0, 2 * M, 4 * K)]
    return [*lines, "! sync\n", "! expect anything\n", f"! expect stats accesses.command=513 tlb.stage1.removed=1..{places}\n", "! stats reset\n",
            *linear("pages", 16 * K), *counts(1, 128, 128)]


def tlb_trace(places):
    passes = [line for sid, layout in enumerate(LAYOUTS, 1) for line in tlb_passes(places, sid, layout)]
    return "".join([HEAD, *passes, *tlb_invalidations(places)])


def block_bursts(letter, pages):
    return [f"{letter} blk {WINDOW + at:#x} 64 expect=pa:{pages[at // (4 * K)] + at % (4 * K):#x},pas:ns,attr:wb,sh:ish\n"
            for at in range(0, 20 * K, 64)]


def block_config():
    return BLOCK_CONFIG


def block_late(letter, at, fields):
    """A burst that comes too late: its record, then the interrupt, as the queue was empty."""
    return [f"{letter} blk {at:#x} 64 expect=F_TRANSLATION,s2:0,class:IN\n",
            f"! expect event F_TRANSLATION sid=2 {fields}class=IN addr={at:#x}\n", "! expect prod\n",
            "! expect interrupt eventq\n", "! expect nothing\n"]


def block_trace():
    ring = "R blk 0x20010040 16 expect=pa:0x80010040,pas:ns,attr:wb,sh:ish\n"
    each = [f"asid=6 vmid=0 addr={WINDOW + n * 4 * K:#x} bytes=4K leaf" for n in range(5)]
    lines = [HEAD, "# Nothing is mapped yet but the ring\n", ring, *block_late("W", WINDOW, "")]
    lines += ["# A request: five pages.  What was invalid needs no invalidation.  3.21.1\n"]
    lines += [f"! w64 {LEAVES + 8 * n:#x} {LEAF | pa:#x}\n" for n, pa in enumerate(REQUESTS[0])]
    lines += block_bursts("W", REQUESTS[0])
    lines += ["# It is done: descriptors cleared, one TLBI each, and the SYNC\n"]
    lines += [f"! w64 {LEAVES + 8 * n:#x} 0\n" for n in range(5)]
    lines += [f"! tlbi nh_va asid=6 va={WINDOW + n * 4 * K:#x} leaf\n" for n in range(5)]
    lines += ["! sync\n", *(f"! expect invalidation stage1 {scope}\n" for scope in each), "! expect nothing\n"]
    lines += ["# Late bursts, to the first page and the last\n", *block_late("W", WINDOW, ""),
              *block_late("R", WINDOW + 20 * K - 64, "rnw=1 "), ring]
    lines += ["# The next request: the same window, other memory, read; then one TLBI for all of it.  4.4.1.1\n"]
    lines += [f"! w64 {LEAVES + 8 * n:#x} {LEAF | pa:#x}\n" for n, pa in enumerate(REQUESTS[1])]
    lines += block_bursts("R", REQUESTS[1])
    lines += [f"! w64 {LEAVES + 8 * n:#x} 0\n" for n in range(5)]
    lines += [f"! tlbi nh_va asid=6 va={WINDOW:#x} leaf tg=4K num=4\n", "! sync irq\n",
              f"! expect invalidation stage1 asid=6 vmid=0 addr={WINDOW:#x} bytes=20K leaf\n",
              "! expect interrupt cmd_sync\n", "! expect nothing\n"]
    lines += ["# Late bursts: the first, and to the last page of the range; privileged, and one of an instruction fetch\n"]
    lines += [*block_late("R", WINDOW, "rnw=1 "), *block_late("W", WINDOW + 16 * K, "")]
    lines += ["X blk 0x20002000 64 priv expect=F_TRANSLATION,s2:0,class:IN\n",
              "! expect event F_TRANSLATION sid=2 pnu=1 ind=1 rnw=1 class=IN addr=0x20002000\n", "! expect prod\n",
              "! expect interrupt eventq\n", "! expect nothing\n"]
    return "".join(lines)


def block_descriptors(pages):
    """The request's five descriptors, of pages or cleared."""
    return [f"! w64 {LEAVES + 8 * n:#x} {LEAF | pa if pa else 0:#x}\n" for n, pa in enumerate(pages)]


def block_range(pages):
    return [f"! tlbi nh_va asid=6 va={WINDOW:#x} leaf tg=4K num={pages - 1}\n", "! sync\n"]


def block_touch(pages):
    """A burst to each page."""
    return [f"W blk {WINDOW + n * 4 * K + 64 * n:#x} 64 expect=pa:{pa + 64 * n:#x},pas:ns,attr:wb,sh:ish\n" for n, pa in enumerate(pages)]


def stale_config():
    return STALE_CONFIG


def stale_trace():
    first, second = REQUESTS
    lines = [HEAD, "# A request: five pages\n", *block_descriptors(first), *block_bursts("W", first)]
    lines += ["# It is done, and its descriptors are cleared.  Not invalidated, each late burst reaches memory that is the request's no more\n"]
    lines += [*block_descriptors([0] * 5), *block_bursts("W", first)]
    lines += ["# A SYNC waits for commands, of which there were none\n", "! sync\n", *block_touch(first)]
    lines += ["# The next request has other memory, and does not get there\n", *block_descriptors(second), *block_touch(first)]
    lines += ["# A range of four pages leaves the fifth\n", *block_range(4), *block_touch([*second[:4], first[4]])]
    lines += ["# All five\n", *block_range(5), *block_touch(second)]
    lines += ["# Invalidated in time, late bursts fault, the first and one to each page\n", *block_descriptors([0] * 5), *block_range(5)]
    lines += [f"W blk {WINDOW + n * 4 * K:#x} 64 expect=F_TRANSLATION,s2:0,class:IN\n" for n in range(5)]
    return "".join(lines)


def secured(line):
    """What Secure software writes in place of a line of the Non-secure driver, and expects."""
    word = re.fullmatch(r"! w64 (\S+) (\S+)\n", line)
    if word:
        value = int(word[2], 16)
        return f"! secure: w64 {int(word[1], 16) - LEAVES + SECURE_LEAVES:#x} {value | NS if value else 0:#x}\n"
    if line == "! expect nothing\n" or not line.startswith("! "):
        return line
    return line.replace("! ", "! secure: ", 1).replace(" vmid=0", "")


def secure_config():
    return SECURE_CONFIG


def secure_trace():
    first, second = REQUESTS
    lines = [*block_trace().splitlines(keepends=True), "# Forgotten: late bursts reach memory that is the request's no more\n",
             *block_descriptors(first), *block_touch(first), *block_descriptors([0] * 5), *block_touch(first)]
    lines = [secured(line) for line in lines]
    lines += ["# Said to the Non-secure queue, which is about other streams\n", *block_range(5), *block_touch(first)]
    tail = [*block_descriptors(second), *block_range(5), *block_touch(second), *block_descriptors([0] * 5), *block_range(5)]
    late = ["! expect anything\n", *(secured(line) for line in block_late("W", WINDOW, ""))]
    return "".join([*lines, "# To the Secure one\n", *(secured(line) for line in tail), *late])


def thousand_config():
    tables = [f"  t{g}: {{stage: 1, va_bits: 39, map: [{{va: 0x1000, pa: {pa:#x}, size: 4K}}]}}\n" for g, pa in enumerate(GROUP_PA)]
    masters = [f"  - {{name: {letter}{g}, smmu: {smmu}, stream_id: {g * GROUP}, count: {GROUP}, table: t{g}, asid: {g + 1}}}\n"
               for letter, smmu in (("l", "linear"), ("t", "two-level")) for g in range(STREAMS // GROUP)]
    return THOUSAND_CONFIG + "".join(tables) + "masters:\n" + "".join(masters)


def thousand_trace():
    lines = [HEAD]
    for letter, title in (("l", "Linear"), ("t", "2-level")):
        lines.append(f"# {title}: every StreamID\n")
        lines += [f"R {letter}{n // GROUP}+{n % GROUP} {0x1000 + n % GROUP * 8:#x} 8 "
                  f"expect=pa:{GROUP_PA[n // GROUP] + n % GROUP * 8:#x},pas:ns,attr:wb\n" for n in range(STREAMS)]
    lines.append("# Beside them, on the first SMMU: in the table with V = 0, and out of range\n")
    lines += ["R 1000 0x1000 8 expect=C_BAD_STE\n", "R 0xffff 0x1000 8 expect=C_BAD_STE\n",
              "R 0x10000 0x1000 8 expect=C_BAD_STREAMID\n"]
    return "".join(lines)


FILES = {
    "block-driver.yaml": block_config,
    "block-driver.trace": block_trace,
    "block-driver-stale.yaml": stale_config,
    "block-driver-stale.trace": stale_trace,
    "secure-block-driver.yaml": secure_config,
    "secure-block-driver.trace": secure_trace,
    "scatter-gather.yaml": scatter_config,
    "scatter-gather.trace": scatter_trace,
    **{f"scatter-gather-{places}.yaml": partial(tlb_config, places) for places in TLB_PLACES},
    **{f"scatter-gather-{places}.trace": partial(tlb_trace, places) for places in TLB_PLACES},
    "thousand-streams.yaml": thousand_config,
    "thousand-streams.trace": thousand_trace,
}

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for file, text in FILES.items():
        (Path(sys.argv[1]) / file).write_text(text(), encoding="utf-8")
