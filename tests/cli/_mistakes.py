# SPDX-License-Identifier: MIT
"""Mistakes of software that forgets, misplaces or narrows an invalidation, each in a trace that is right without it.

A trace is right as it stands; `LINE => OTHER` is LINE there, and OTHER where the mistake is planted; either may be missing.
`{ACCESS STEP}` is the address of a structure that ACCESS, a read, meets on its way, as explain names it: STE, CD, L1STD, S1L3,
S2L3 (the last of that name); `+8` behind it adds to it; `=1` behind it is its word 1 instead, `=1~MASK` the same less these bits.
Descriptors are pages (0b11 with UXN, PXN, AF, inner shareable, and AttrIndx as the machine has them).  What is expected is
worked out by hand from IHI 0070: 4.3 to 4.5 say what a command reaches, 3.21 and 4.7.3 what has to be when.
"""
import os

from _lib import SOURCE

# nic, gpu: stage 1.  vf: both stages, emu: stage 2 of the same VM.  disk: of the hypervisor.  other: another VM.
PLAIN = """version: 1
smmu:
  - profile: generic-3.3
    features: {btm: false, bbml: 1}
    e2h: true
    stream_table: {format: two-level, log2size: 8, split: 6}
memory:
  - {name: ram, base: 0x80000000, size: 1G}
tables:
  vm7: {stage: 2, vmid: 7, ipa_bits: 39, map: [{ipa: 0x40000000, pa: 0x90000000, size: 64K, block: 4K}]}
  vm8: {stage: 2, vmid: 8, ipa_bits: 39, map: [{ipa: 0x40000000, pa: 0xa0000000, size: 64K, block: 4K}]}
  inner: {stage: 1, va_bits: 39, at_ipa: 0x50000000, map: [{va: 0x20000000, ipa: 0x40000000, size: 64K, block: 4K}]}
masters:
  - name: nic
    stream_id: 1
    asid: 6
    map:
      - {va: 0x20000000, pa: 0x88000000, size: 64K, block: 4K}
      - {va: 0x20200000, pa: 0x8a000000, size: 2M, block: 2M}
      - {va: 0x20400000, pa: 0x8c000000, size: 4K, ng: false}
  - {name: vf, stream_id: 2, table: inner, stage2: vm7, asid: 1, cd_at_ipa: 0x50010000}
  - {name: emu, stream_id: 3, stage2: vm7}
  - {name: disk, stream_id: 4, world: el2, asid: 5, map: [{va: 0x20000000, pa: 0x8d000000, size: 4K}]}
  - name: gpu
    stream_id: 0x41
    cd_format: two-level-4K
    substreams:
      - {ssid: 1, asid: 7, map: [{va: 0x20000000, pa: 0x8e000000, size: 4K}]}
      - {ssid: 2, asid: 8, map: [{va: 0x20000000, pa: 0x8f000000, size: 4K}]}
  - {name: other, stream_id: 0x42, stage2: vm8}
"""

# SubstreamIDs from 64 to 191 have no CDs, and those from 192 one.
WIDE = PLAIN.replace("      - {ssid: 2,", "      - {ssid: 192, asid: 9, map: [{va: 0x20000000, pa: 0x8f100000, size: 4K}]}\n      - {ssid: 2,")

# The Access flag is the SMMU's to set.
UPDATED = """version: 1
smmu: [{features: {httu: 1}}]
memory:
  - {name: ram, base: 0x80000000, size: 1G}
masters:
  - {name: nic, stream_id: 1, asid: 6, cd: {HA: 1}, map: [{va: 0x20000000, pa: 0x88000000, size: 64K, block: 4K}]}
"""

SECURE = """version: 1
smmu: [{features: {secure: true}}]
memory:
  - {name: ram, base: 0x80000000, size: 256M}
  - {name: vault, base: 0x70000000, size: 256M, pas: secure}
masters:
  - {name: safe, security: secure, stream_id: 1, asid: 6, map: [{va: 0x20000000, pa: 0x70100000, size: 4K}]}
"""


def machine_of(name):
    with open(os.path.join(SOURCE, "configs", name + ".yaml"), encoding="utf-8") as file:
        return file.read()


# A page of nic's that is unmapped as it should be: what most mistakes are planted in.
UNMAP = """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L3} 0
%s
! sync
W nic 0x20000000 64
"""
BY_VA = "! tlbi nh_va asid=6 va=0x20000000 leaf"
NEEDS_BY_VA = ["CMD_TLBI_NH_VA asid=6 va=0x20000000 leaf=1"]

V_OF_CD = "~0x80000000"  # CD.V is bit 31
CONFIG_OF_STE = "~0xe"   # STE.Config is bits 3:1


class Mistake:
    """What it is, in which machine and trace, and what is found of it: the commands, and by name what else is said."""

    def __init__(self, title, trace, commands, machine=PLAIN, **said):
        self.title, self.machine, self.trace, self.commands = title, machine, trace.strip("\n").splitlines(), commands
        self.said = {"kind": "stale", "pending": "none", "breaks": None, "freed": None, **said}

    def right(self):
        return [right for right, _ in map(parts, self.trace) if right]

    def wrong(self):
        return [wrong for _, wrong in map(parts, self.trace) if wrong]


def parts(line):
    """What a line is without the mistake, and with it."""
    right, arrow, wrong = line.partition("=>")
    return (right.strip(), wrong.strip()) if arrow else (line, line)


MISTAKES = [
    Mistake("no TLBI at unmap", UNMAP % (BY_VA + " =>"), NEEDS_BY_VA),
    Mistake("TLBI of another ASID", UNMAP % (BY_VA + " => ! tlbi nh_va asid=7 va=0x20000000 leaf"), NEEDS_BY_VA),
    Mistake("TLBI of another address", UNMAP % (BY_VA + " => ! tlbi nh_va asid=6 va=0x20001000 leaf"), NEEDS_BY_VA),
    Mistake("TLBI of another VMID", """
W vf 0x20000000 64
! w64 {vf 0x20000000 S1L3} 0
! tlbi nh_va vmid=7 asid=1 va=0x20000000 leaf => ! tlbi nh_va vmid=8 asid=1 va=0x20000000 leaf
! sync
W vf 0x20000000 64
""", ["CMD_TLBI_NH_VA vmid=7 asid=1 va=0x20000000 leaf=1"]),
    # NUM = 15 is 16 pages.  4.4.1.1
    Mistake("a range that is one page short", "W nic 0x20000000 64K\n" +
            "".join(f"! w64 {{nic 0x20000000 S1L3+{8 * page}}} 0\n" for page in range(16)) + """
! tlbi nh_va asid=6 va=0x20000000 leaf tg=4K num=15 => ! tlbi nh_va asid=6 va=0x20000000 leaf tg=4K num=14
! sync
W nic 0x20000000 64
W nic 0x2000e000 64
W nic 0x2000f000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x2000f000 leaf=1"]),
    # A block of 2MB is of level 2; it and nic's pages are of 4KB granules.  4.4.1.1
    Mistake("TTL of a page for a block", """
W nic 0x20200000 64
! w64 {nic 0x20200000 S1L2} 0
! tlbi nh_va asid=6 va=0x20200000 leaf tg=4K ttl=2 => ! tlbi nh_va asid=6 va=0x20200000 leaf tg=4K ttl=3
! sync
W nic 0x20200000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20200000 leaf=1"], pending="hint"),
    Mistake("TG of another granule", UNMAP % (BY_VA + " tg=4K ttl=3 => " + BY_VA + " tg=64K ttl=3"), NEEDS_BY_VA, pending="hint"),
    # Level 2 led to the table: with a TTL of 2 those of levels 0 and 1 go
    Mistake("TTL of a block where a table has changed", """
W nic 0x20000000 64
! w64 0x9e000008 0x60000088101f43
! w64 {nic 0x20000000 S1L2} 0
! tlbi nh_va asid=6 va=0x20000000 tg=4K ttl=3 => ! tlbi nh_va asid=6 va=0x20000000 tg=4K ttl=2
! sync
! w64 {nic 0x20000000 S1L2} 0x9e000003
W nic 0x20001000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20001000"], kind="freed", freed="read"),
    # Of stage 2 by IPA, after what both stages made by stage 1
    Mistake("TTL of a block for a page of stage 2", """
W emu 0x40000000 64
! w64 {emu 0x40000000 S2L3} 0
! tlbi s2_ipa vmid=7 ipa=0x40000000 leaf tg=4K ttl=3 => ! tlbi s2_ipa vmid=7 ipa=0x40000000 leaf tg=4K ttl=2
! tlbi nh_all vmid=7
! sync
W emu 0x40000000 64
""", ["CMD_TLBI_S2_IPA vmid=7 ipa=0x40000000 leaf=1"], pending="hint"),
    # A table of 64 CDs whose L1CD was invalid comes into being.  4.3.3, 5.3.1
    Mistake("CFGI_CD with Leaf = 1 where an L1CD has become valid", """
W gpu.65 0x20000000 64
! w64 {gpu.1 0x20000000 L1CD+8} {gpu.1 0x20000000 L1CD=0}
! cfgi cd sid=0x41 ssid=64 => ! cfgi cd sid=0x41 ssid=64 leaf
! sync
W gpu.65 0x20000000 64
""", ["CMD_CFGI_CD sid=0x41 ssid=0x40"], WIDE),
    # StreamIDs from 0x80 get the STEs of those from 0x40: 0x82 is as 0x42.  4.3.1, 5.1.1
    Mistake("no CFGI_STE where an L1STD has become valid", """
W 0x82 0x40000000 64
! w64 {other 0x40000000 L1STD+8} {other 0x40000000 L1STD=0}
! cfgi ste sid=0x82 =>
! sync
W 0x82 0x40000000 64
""", ["CMD_CFGI_STE sid=0x80"]),
    # The table of level 3 is another: what is kept of its descriptor at level 2 is no leaf.  4.4.2.4
    Mistake("Leaf = 1 where a table has changed", """
W nic 0x20000000 64
! w64 0x9e000008 0x60000088101f43
! w64 {nic 0x20000000 S1L2} 0
! tlbi nh_va asid=6 va=0x20000000 => ! tlbi nh_va asid=6 va=0x20000000 leaf
! sync
! w64 {nic 0x20000000 S1L2} 0x9e000003
W nic 0x20001000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20001000"], kind="freed", freed="read"),
    Mistake("no CFGI_STE", f"""
W nic 0x20000000 64
! w64 {{nic 0x20000000 STE}} {{nic 0x20000000 STE=0{CONFIG_OF_STE}}}
! cfgi ste sid=1 leaf =>
! sync
W nic 0x20000000 64
""", ["CMD_CFGI_STE sid=0x1 leaf=1"]),
    Mistake("no CFGI_CD", f"""
W nic 0x20000000 64
! w64 {{nic 0x20000000 CD}} {{nic 0x20000000 CD=0{V_OF_CD}}}
! cfgi cd sid=1 leaf =>
! sync
W nic 0x20000000 64
""", ["CMD_CFGI_CD sid=0x1 leaf=1"]),
    # The CD moves: what says so is the STE.  The one that is there is not valid
    Mistake("CFGI_CD where the STE has changed", """
W nic 0x20000000 64
! w64 {nic 0x20000000 STE} 0x9e00000b
! cfgi ste sid=1 leaf => ! cfgi cd sid=1 leaf
! sync
W nic 0x20000000 64
""", ["CMD_CFGI_STE sid=0x1 leaf=1"]),
    # StreamIDs from 0x40 have another level 2 table, in which 0x42 aborts.  4.3.1
    Mistake("CFGI_STE with Leaf = 1 where an L1STD has changed", """
W other 0x40000000 64
! w64 0x9e000080 0x1
! w64 {other 0x40000000 L1STD} 0x9e000007
! cfgi ste sid=0x42 => ! cfgi ste sid=0x42 leaf
! sync
W other 0x40000000 64
""", ["CMD_CFGI_STE sid=0x42"], kind="freed", freed="read"),
    Mistake("CFGI_CD of another SubstreamID", f"""
W gpu.1 0x20000000 64
! w64 {{gpu.1 0x20000000 CD}} {{gpu.1 0x20000000 CD=0{V_OF_CD}}}
! cfgi cd sid=0x41 ssid=1 leaf => ! cfgi cd sid=0x41 ssid=2 leaf
! sync
W gpu.1 0x20000000 64
""", ["CMD_CFGI_CD sid=0x41 ssid=0x1 leaf=1"]),
    # A command is complete when a CMD_SYNC behind it is.  4.7.3
    Mistake("no CMD_SYNC", (UNMAP % BY_VA).replace("! sync", "! sync =>"), [], pending="sync"),
    Mistake("CMD_SYNC before the TLBI", (UNMAP % ("=> ! sync\n" + BY_VA)).replace("\n! sync", "\n! sync =>"), [], pending="sync"),
    # The table of level 3 is freed, and what is in it is its next owner's, while the SMMU may still walk through it
    Mistake("a table that is freed and used again before CMD_SYNC", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L2} 0
! tlbi nh_va asid=6 va=0x20000000
! sync =>
! w64 {nic 0x20000000 S1L3+8} 0x60000099999f43
W nic 0x20001000 64
=> ! sync
""", [], pending="sync", kind="freed", freed="read"),
    # The same, where the walk does not come to it: what was read of it is another now, 0b00 at the end.  Leaf = 0, 4.4.2.4
    Mistake("a table that is freed and used again without TLBI", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L2} 0
! tlbi nh_va asid=6 va=0x20000000 =>
! sync
! w64 {nic 0x20000000 S1L3} 0x1234567812345678
W nic 0x20000000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20000000"], kind="freed", freed="changed"),
    # A table of 64 CDs at 0x9e000000 takes its place, of which 1 is not valid.  Leaf = 0, 4.3.3
    Mistake("a table of CDs that is freed and used again without CFGI_CD", """
W gpu.1 0x20000000 64
! w64 {gpu.1 0x20000000 L1CD} 0x9e000001
! cfgi cd sid=0x41 ssid=1 =>
! sync
! w64 {gpu.1 0x20000000 CD+8} 0x1234567812345678
W gpu.1 0x20000000 64
""", ["CMD_CFGI_CD sid=0x41 ssid=0x1"], kind="freed", freed="changed"),
    # A table of STEs at 0x9e000000, of which 0x42 aborts.  Leaf = 0, 4.3.1
    Mistake("a table of STEs that is freed and used again without CFGI_STE", """
W other 0x40000000 64
! w64 0x9e000080 0x1
! w64 {other 0x40000000 L1STD} 0x9e000007
! cfgi ste sid=0x42 =>
! sync
! w64 {other 0x40000000 STE+8} 0x1234567812345678
W other 0x40000000 64
""", ["CMD_CFGI_STE sid=0x42"], kind="freed", freed="changed"),
    # The page of the table that is walked still has AF, bit 10, clear: it becomes 0x...f43 in whosever memory it is by now.  3.13
    Mistake("a table that is freed and has its Access flag set", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L3+8} 0x60000088001b43
! w64 {nic 0x20000000 S1L2} 0
! tlbi nh_va asid=6 va=0x20000000 => ! tlbi nh_va asid=6 va=0x20000000 leaf
! sync
W nic 0x20001000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20000000"], UPDATED, kind="freed", freed="written"),
    Mistake("a command that stands in a queue that is disabled", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L3} 0
=> ! mmio w32 CR0 0x7
! tlbi nh_va asid=6 va=0x20000000 leaf
! sync
W nic 0x20000000 64
=> ! mmio w32 CR0 0xf
""", [], pending="queued"),
    # The device is at work in between
    Mistake("TLBI before the write", """
W nic 0x20000000 64
=> ! tlbi nh_va asid=6 va=0x20000000 leaf
=> ! sync
W nic 0x20000040 64
! w64 {nic 0x20000000 S1L3} 0
! tlbi nh_va asid=6 va=0x20000000 leaf =>
! sync =>
W nic 0x20000000 64
""", NEEDS_BY_VA),
    # What both stages made goes by stage 1.  4.4.3.1
    Mistake("S2_IPA without NH_ALL", """
W vf 0x20000000 64
! w64 {vf 0x20000000 S2L3} 0
! tlbi s2_ipa vmid=7 ipa=0x40000000 leaf
! tlbi nh_all vmid=7 =>
! sync
W vf 0x20000000 64
""", ["CMD_TLBI_NH_ALL vmid=7", "CMD_TLBI_NH_VAA vmid=7 va=0x20000000 leaf=1"]),
    Mistake("NH_ALL without S2_IPA", """
W emu 0x40000000 64
! w64 {emu 0x40000000 S2L3} 0
! tlbi s2_ipa vmid=7 ipa=0x40000000 leaf =>
! tlbi nh_all vmid=7
! sync
W emu 0x40000000 64
""", ["CMD_TLBI_S2_IPA vmid=7 ipa=0x40000000 leaf=1"]),
    Mistake("S12_VMALL of another VMID", """
W emu 0x40000000 64
! w64 {emu 0x40000000 S2L3} 0
! tlbi s12_vmall vmid=7 => ! tlbi s12_vmall vmid=8
! sync
W emu 0x40000000 64
""", ["CMD_TLBI_S2_IPA vmid=7 ipa=0x40000000 leaf=1"]),
    # In the Non-secure queue it is about Non-secure translations.  4.4
    Mistake("TLBI in another Security state's queue", """
W safe 0x20000000 64
! secure: w64 {safe 0x20000000 S1L3} 0
! secure: tlbi nh_va asid=6 va=0x20000000 leaf => ! tlbi nh_va asid=6 va=0x20000000 leaf
! secure: sync => ! sync
W safe 0x20000000 64
""", ["secure: CMD_TLBI_NH_VA asid=6 va=0x20000000 leaf=1"], SECURE),
    Mistake("TLBI of EL2 for EL1", UNMAP % (BY_VA + " => ! tlbi el2_va asid=6 va=0x20000000 leaf"), NEEDS_BY_VA),
    Mistake("TLBI of EL1 for EL2", """
W disk 0x20000000 64
! w64 {disk 0x20000000 S1L3} 0
! tlbi el2_va asid=5 va=0x20000000 leaf => ! tlbi nh_va asid=5 va=0x20000000 leaf
! sync
W disk 0x20000000 64
""", ["CMD_TLBI_EL2_VA asid=5 va=0x20000000 leaf=1"]),
    # What is of every ASID is of none that NH_ASID names.  4.4.2.2
    Mistake("NH_ASID for a global page", """
W nic 0x20400000 64
! w64 {nic 0x20400000 S1L3} 0
! tlbi nh_va asid=6 va=0x20400000 leaf => ! tlbi nh_asid asid=6
! sync
W nic 0x20400000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20400000 leaf=1"]),
    # IDR0.BTM = 0.  3.17
    Mistake("CPUs broadcast, and the SMMU does not hear them", UNMAP % (BY_VA + " => ! dvm VALE1IS asid=6 va=0x20000000"), NEEDS_BY_VA),
    # Of the block's pages the second is not to be reached any more.  3.21.1
    Mistake("a block that becomes a table without TLBI", """
W nic 0x20200000 64
! w64 0x9e000000 0x6000008a000f43
! w64 {nic 0x20200000 S1L2} 0 =>
! tlbi nh_va asid=6 va=0x20200000 leaf =>
! sync =>
! w64 {nic 0x20200000 S1L2} 0x9e000003
W nic 0x20201000 64
""", ["CMD_TLBI_NH_VA asid=6 va=0x20200000 leaf=1"], breaks="size"),
    # AP[2], bit 7
    Mistake("a permission that is taken away without TLBI", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L3} 0x60000088000fc3
! tlbi nh_va asid=6 va=0x20000000 leaf =>
! sync
W nic 0x20000000 64
""", NEEDS_BY_VA),
    # One process ends, and the next has its ASID and other tables: of the CD all is right
    Mistake("an ASID that is used again without TLBI", f"""
W gpu.1 0x20000000 64
! w64 {{gpu.1 0x20000000 CD}} {{gpu.1 0x20000000 CD=0{V_OF_CD}}}
! cfgi cd sid=0x41 ssid=1 leaf
! tlbi nh_asid asid=7 =>
! sync
! w64 {{gpu.1 0x20000000 CD+8}} {{gpu.2 0x20000000 CD=1}}
! w64 {{gpu.1 0x20000000 CD}} {{gpu.1 0x20000000 CD=0}}
! cfgi cd sid=0x41 ssid=1 leaf
! sync
W gpu.1 0x20000000 64
""", ["CMD_TLBI_NH_ASID asid=7"]),
    Mistake("another stage 2 table of a VMID without TLBI", """
W emu 0x40000000 64
! w64 {emu 0x40000000 STE} 0
! cfgi ste sid=3 leaf
! tlbi s12_vmall vmid=7 =>
! sync
! w64 {emu 0x40000000 STE+24} {other 0x40000000 STE=3}
! w64 {emu 0x40000000 STE} {emu 0x40000000 STE=0}
! cfgi ste sid=3 leaf
! sync
W emu 0x40000000 64
""", ["CMD_TLBI_S12_VMALL vmid=7"]),
    # The endpoint has what a completion gave it.  3.9.1, 4.5.1
    Mistake("no ATC_INV", """
W nic 0x1000 64
! w64 0xbfffd008 0
! tlbi nh_va asid=1 va=0x1000 leaf
! sync
! atc_inv sid=0x100 va=0x1000 =>
! sync
W nic 0x1000 64
""", ["CMD_ATC_INV sid=0x100 va=0x1000"], machine_of("pcie")),
    Mistake("ATC_INV of another PASID", """
W nic 0x1000 64
! w64 0xbfffd008 0
! tlbi nh_va asid=1 va=0x1000 leaf
! sync
! atc_inv sid=0x100 va=0x1000 => ! atc_inv sid=0x100 ssid=1 va=0x1000
! sync
W nic 0x1000 64
""", ["CMD_ATC_INV sid=0x100 va=0x1000"], machine_of("pcie")),
    # What an endpoint is asked to drop it has dropped when CMD_SYNC is over.  4.5.1, 4.7.3
    Mistake("a translated access between ATC_INV and CMD_SYNC", """
W nic 0x1000 64
! w64 0xbfffd008 0
! tlbi nh_va asid=1 va=0x1000 leaf
! sync
! atc_inv sid=0x100 va=0x1000
! sync =>
TT nic 0x90001010 8
=> ! sync
""", [], machine_of("pcie"), pending="sync"),
    # The Device Permission Table.  3.24, 4.6
    Mistake("no DPTI", """
TT nic 0x90201010 8
! w64 0xbfe40800 0
! dpti pa pa=0x90201000 leaf =>
! sync
TT nic 0x90201010 8
""", ["CMD_DPTI_PA pa=0x90201000 leaf=1"], machine_of("dpt")),
    # One descriptor of 2M, SIZE 3
    Mistake("a DPTI that is too small", """
TT gpu 0x90000010 8
! w64 0xbfe40000 0
! dpti pa pa=0x90000000 size=2M leaf => ! dpti pa pa=0x90000000 size=64K leaf
! sync
TT gpu 0x90000010 8
""", ["CMD_DPTI_PA pa=0x90000000 leaf=1 size=3"], machine_of("dpt")),
    # Everything is invalidated, but nothing was invalid in between.  3.21.1
    Mistake("a change without break-before-make", """
W nic 0x20000000 64
! w64 {nic 0x20000000 S1L3} 0 => ! w64 {nic 0x20000000 S1L3} 0x60000089000f43
! tlbi nh_va asid=6 va=0x20000000 leaf
! sync
! w64 {nic 0x20000000 S1L3} 0x60000089000f43 =>
W nic 0x20000000 64
""", [], kind="no-break", breaks="output"),
    # VMSAv9-128: OA<55:12> in place, PIIndex in bits 118:115; what an index is for says PIIP and PIIU, or S2PII.  D8.3.2.2
    Mistake("a page of 16 bytes moves without break-before-make", """
W far 0x5000 8
! w64 {far 0x5000 S1L3} 0 => ! w64 {far 0x5000 S1L3} 0x80032f01
! tlbi nh_va asid=2 va=0x5000 leaf
! sync
! w64 {far 0x5000 S1L3} 0x80032f01 =>
W far 0x5000 8
""", [], machine_of("d128"), kind="no-break", breaks="output"),
    Mistake("a page of stage 2 of 16 bytes moves without break-before-make", """
W vf 0x80000000001000 8
! w64 {vf 0x80000000001000 S2L3} 0 => ! w64 {vf 0x80000000001000 S2L3} 0x800527bd
! tlbi s2_ipa vmid=1 ipa=0x80000000001000 leaf
! sync
! w64 {vf 0x80000000001000 S2L3} 0x800527bd =>
W vf 0x80000000001000 8
""", [], machine_of("d128"), kind="no-break", breaks="output"),
    # PIIndex 0 is read-only: what is moved so has the same in it, as far as anybody can tell.  Then it is writable
    Mistake("a page of 16 bytes moves as it becomes writable", """
R vf 0xff000010000000 8
! w64 {vf 0xff000010000000 S2L1} 0x800000200007bd
! tlbi s2_ipa vmid=1 ipa=0xff000010000000 leaf
! sync
R vf 0xff000010000000 8
! w64 {vf 0xff000010000000 S2L1} 0 =>
! tlbi s2_ipa vmid=1 ipa=0xff000010000000 leaf =>
! sync =>
! w64 {vf 0xff000010000000 S2L1+8} 0x8400000000000
! w64 {vf 0xff000010000000 S2L1} 0x800000300007bd
! tlbi s2_ipa vmid=1 ipa=0xff000010000000 leaf
! sync
W vf 0xff000010000000 8
""", [], machine_of("d128"), kind="no-break", breaks="output"),
    # IDR3.BBML = 1, and no nT, bit 6.  The block has SKL = 1, bits 110:109, the table of 4KB 0
    Mistake("a block of 16 bytes becomes a table", """
W wide 0x30000000100000 8
! w64 0x9e000000 0x50000000100f01
! w64 0x9e000008 0x8000000000000
! w64 {wide 0x30000000100000 S1L2} 0 => ! w64 {wide 0x30000000100000 S1L2+8} 0
=> ! w64 {wide 0x30000000100000 S1L2} 0x9e000001
! tlbi nh_va asid=1 va=0x30000000100000
! sync
! w64 {wide 0x30000000100000 S1L2+8} 0 =>
! w64 {wide 0x30000000100000 S1L2} 0x9e000001 =>
W wide 0x30000000100000 8
""", [], machine_of("d128").replace("minor: 4,", "minor: 4, bbml: 1,"), kind="no-break", breaks="size"),
    # S2VMID, bits 143:128, and S2TTB, bits 247:196, of an STE that is valid.  3.21.3
    Mistake("an STE that changes in two words while it is valid", """
W emu 0x40000000 64
! w64 {emu 0x40000000 STE} 0 =>
! cfgi ste sid=3 leaf =>
! sync =>
! w64 {emu 0x40000000 STE+16} {other 0x40000000 STE=2}
! w64 {emu 0x40000000 STE+24} {other 0x40000000 STE=3}
! w64 {emu 0x40000000 STE} {emu 0x40000000 STE=0} =>
! cfgi ste sid=3 leaf
! tlbi s12_vmall vmid=7
! sync
W emu 0x40000000 64
""", [], kind="torn"),
]
