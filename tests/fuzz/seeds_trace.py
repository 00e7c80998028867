# SPDX-License-Identifier: MIT
"""Seeds of the fuzzer trace that its own machine knows: fuzz_trace.c."""

import struct

ACCESSES = """\
W acc 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:ish
R acc 0x1040 8
W nic 0x1000 8 expect=F_PERMISSION,s2:0,class:IN
R host 0x1000 64 priv expect=pa:0x80001000
X host 0x2000 4
R vf 0x1000 8
R off 0x80001000 8 probe
"""

ENDPOINTS = """\
W ep 0x1000 8 expect=pa:0x80001000,atc:asked
W ep 0x1008 8 expect=pa:0x80001008,pas:ns,attr:wb,atc:hit
AT ep 0x3000 4096 write expect=pa:0x80003000,pas:ns,grant:rw
TT ep 0x80003000 8 write
! endpoint ep waits
! atc_inv sid=12 va=0x1000 size=0
! sync expect=waiting
W ep 0x1000 8
! endpoint ep answers
! endpoint ep times-out
! atc_inv sid=12
! sync expect=CERROR_ATC_INV_SYNC
! recover
! endpoint ep off
W ep 0x1000 8
! endpoint ep on
PR ep 0x5000 read write last prgindex=3
! expect page sid=12 r=1 w=1 last=1 prgindex=3 pageaddr=0x5000
! expect interrupt priq
! pri_resp sid=12 prgindex=3 resp=success
! expect response sid=12 prgindex=3 resp=success
PR ep.1 stop prgindex=1
"""

# Its Device Permission Table has one granule of VMID 3, and one of everybody.
PERMISSIONS = """\
AT vf 0x1000 4096 write
R vf 0x10000 4
TT vf 0x80001000 8
TT vf 0x80010000 8 write
TT vf 0x90000000 8
! mmio r64 DPT_CFG_FAR
! mmio w64 DPT_CFG_FAR 0
! dpti pa pa=0x80010000 size=64K leaf
! dpti all
! sync
TT vf 0x80010000 8 expect=pa:0x80010000,pas:ns,attr:wb
"""

FIGURES = """\
! stats reset
W acc 0x1000 8
W nic 0x1000 8
W acc 0x1000 8
! expect stats transactions=3 ok=2 tlb.hits=1 tlb-misses=2 accesses.s1-ttd=1..12 faults.F_PERMISSION=1
! expect stats sid=10 transactions=2 faults=0 tlb-misses=1 config-misses=0..1
! expect stats sid=77 transactions=0
! expect stats sid=1 transactions=1 faults=1
! stats reset
! expect stats transactions=0 walks.stage1=0 dpt.fills=0
"""

MONITORS = """\
! mmio w32 0xb0400 0x1
! mmio w32 0xb0a00 0xa
! mmio w64 PMCG_CNTENSET0 0x3
! mmio w64 PMCG_INTENSET0 0x3
! mmio w64 PMCG_IRQ_CFG0 0x80001000
! mmio w32 PMCG_IRQ_CFG1 7
! mmio w32 PMCG_IRQ_CTRL 1
! mmio w32 0xc0000 0xffffffff
! mmio w32 PMCG_CR 1
W acc 0x1000 8
! expect msi 0x80001000 7
! expect interrupt pmcg
! mmio r32 0xc0000 expect=0
! mmio r64 PMCG_OVSSET0 expect=1
! mmio w32 PMCG_CAPR 1
! mmio r32 0xc0600
! mmio w64 PMCG_OVSCLR0 1
"""

REQUESTS = """\
! mmio w64 GATOS_SID 10
! mmio w64 GATOS_ADDR 0x1500
! mmio w32 GATOS_CTRL 1
! mmio r64 GATOS_PAR
! mmio w32 VATOS_SEL 0
! mmio w64 VATOS_SID 8
! mmio w64 VATOS_ADDR 0x1500
! mmio w32 VATOS_CTRL 1
! mmio r64 VATOS_PAR
"""

BROADCASTS = """\
R acc 0x1000 8
R host 0x1000 8
R vf 0x1000 8
! dvm VAE1IS asid=0 va=0x1000 vmid=0 tg=4K ttl=3
! dvm RVALE1IS asid=5 va=0x1000 tg=4K num=3 scale=0
! dvm IPAS2LE1IS ipa=0x1000
! dvm ASIDE1IS asid=5
! dvm ALLE1IS
! tlbi el2_va va=0x1000 asid=5 leaf
! tlbi el2_vaa va=0x1000 tg=4K num=2 scale=1
! tlbi el2_asid asid=5
! tlbi s12_vmall
! expect invalidation stage1 el2_e2h asid=5 addr=0x1000 bytes=0x1000 leaf
! tlbi el2_all
! cfgi cd_all sid=13
! sync irq msi=0x80001000 data=3
! expect msi 0x80001000 3
R host 0x1000 8
"""

# Its Secure partition has a tree of each IPA space, that of Non-secure IPAs in Non-secure memory.
PARTITIONS = """\
R sp 0x1000 8 expect=pa:0x70001000,pas:secure,attr:wb,sh:ish
R sp 0x2000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:ish
R sp 0x3000 8 expect=F_TRANSLATION,s2:0,class:IN
! secure: expect event F_TRANSLATION sid=12 class=IN
R spm 0x1000 8 priv
! secure: tlbi s_s2_ipa ipa=0x1000 ns vmid=1
! secure: tlbi s_s12_vmall vmid=1
! secure: tlbi s_el2_vaa va=0x1000
! secure: sync
! secure: dvm IPAS2E1IS ipa=0x1000 ns vmid=1
! secure: dvm RIPAS2LE1IS ipa=0x1000 tg=4K num=1 vmid=1
! secure: dvm RVALE3IS va=0x1000 tg=4K
! secure: dvm ALLE3IS
! secure: expect stats sid=12 transactions=3 faults=1
R sp 0x2000 8
"""

# Its realm shares a page, and has an endpoint.
REALMS = """\
R rlm 0x1000 8 expect=pa:0x60001000,pas:realm,attr:wb,sh:ish,mecid:3
R rlm 0x2000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:ish,mecid:0
X rlm 0x2000 4
R rlm 0x3000 8 xt ns=1 expect=F_TRANSLATION,s2:0,class:IN
! realm: expect event F_PERMISSION sid=14 ind=1 class=IN
! realm: expect event F_TRANSLATION sid=14 class=IN
! realm: tlbi s2_ipa ipa=0x20000 vmid=1
! realm: cfgi cd sid=14
! realm: sync irq
! realm: expect invalidation stage2 vmid=1 addr=0x20000 bytes=0x1000
! realm: expect interrupt cmd_sync
! realm: dvm IPAS2E1IS ipa=0x20000 vmid=1
! realm: mmio r32 R_GMECID expect=1
W rep 0x1000 8 expect=pa:0x60001000,atc:asked
PR rep 0x5000 read last prgindex=3
! realm: expect page sid=15 r=1 last=1 prgindex=3 pageaddr=0x5000
! realm: pri_resp sid=15 prgindex=3 resp=success
! realm: atc_inv sid=15 va=0x1000
! realm: sync
! realm: expect atc_inv sid=15
! realm: cmd 0xff 0 expect=CERROR_ILL
! realm: recover
! realm: expect stats sid=14 transactions=4
"""

STALLS = """\
W acc 0x100000 8 expect=stalled,F_TRANSLATION,s2:0,class:IN
W acc 0x101000 8
W acc 0x102000 8 expect=busy
! expect event F_TRANSLATION sid=10 stall=1 addr=0x100000
! resume sid=10 stag=0 retry
! resume sid=10 stag=1 abort
! stall_term sid=10
! expect event F_TRANSLATION sid=10 stall=1 addr=0x102000
! expect anything
"""

# Its firewall has a page that is not everybody's, where an Event queue and a Command queue may be told to go.
GUARDED = """\
R acc 0x8000 8 expect=pa:0x80008000,pas:ns,attr:wb,fw:allow,by:none
W acc 0x8000 8 expect=pa:0x80008000,pas:ns,attr:wb,fw:deny,by:few
AO acc 0x8000 8 expect=fw:deny,by:few
W off 0x70000000 8 expect=fw:deny,by:vault
W out 0x70000000 8 secure ns=0 expect=pas:secure,fw:allow
W bare 0x70000000 8 expect=pas:secure,fw:allow
W bare 0x80008000 8 ns=1 expect=pas:ns,fw:allow
R bare 0 8 expect=by:default
W vf 0x20000 8 expect=noaccess,by:s2
! mmio w32 CR0 0x9
! mmio w64 EVENTQ_BASE 0x80008002
! mmio w32 CR0 0xd
W acc 0x300000 8 nostall expect=F_TRANSLATION,by:s1
! expect gerror EVENTQ_ABT_ERR
"""

TRACES = (ACCESSES, ENDPOINTS, PERMISSIONS, FIGURES, MONITORS, REQUESTS, BROADCASTS, PARTITIONS, REALMS, STALLS, GUARDED)


def machine_traces():
    """Each by itself, and two in one, whose machine is the same."""
    for number, trace in enumerate(TRACES):
        yield b"\x04" + trace.encode()
        yield b"\x09" + (trace + TRACES[number - 3]).encode()


def record(op, address=0, stream=0, ssid=0, size=0, flags=0, given=0, master=0, skip=0, mair=0, sh=0, sec=0):
    return struct.pack("<QIIIHBBHHBBBx", address, stream, ssid, size, flags, op, given, master, skip, mair, sh, sec)


def text(op, line, **more):
    padded = line.encode() + bytes(-len(line) % 32)
    return record(op, stream=len(line), **more) + padded


def record_traces():
    """Records of every kind: fuzz_trace.c has the header and the end."""
    names = text(0x81, "acc", master=1) + text(0x81, "rlm", master=2) + text(0x81, "a-master-with-a-name-of-40-letters-in-it", master=3)
    accesses = [
        record(1, 0x1000, 10, size=8), record(1, 0x1000, size=8, master=1), record(2, 0x1040, size=64, flags=2, master=1, skip=3),
        record(3, 0x1000, size=4, flags=4, master=2), record(3, 0x1000, size=4, master=2), record(4, 0x1000, 12, size=8),
        record(5, 0x3000, 12, size=4096, flags=0x202), record(6, 0x80003000, 12, size=8, flags=2),
        record(1, 0x1000, 1, 5, 8, 1), record(1, 0x1000, size=8, flags=0x418, given=7, master=2, sec=2),
        record(1, 0x1000, 10, size=8, flags=0x160, given=0x18, mair=0xf7, sh=3), record(1, 2 ** 64 - 1, 10, size=1)]
    lines = text(0x80, "# a comment") + text(0x80, "", skip=0xffff) + text(0x80, "! tlbi nsnh_all", skip=1) + \
        text(0x80, "W acc 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:ish")
    yield b"\x80" + names + b"".join(accesses) + lines
    yield b"\x87" + accesses[0] + bytes(32) + lines + names + accesses[2]
    for one in accesses[:1] + accesses[4:]:
        yield b"\xa0" + names + one
