# SPDX-License-Identifier: MIT
"""Seeds of the fuzzer load: saved states, as docs/save.md has them, without what stands around their sections."""

import struct

CR0, CR2, IRQ_CTRL, GERROR, STRTAB_BASE, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS, EVENTQ_BASE = 0x20, 0x2c, 0x50, 0x60, 0x80, 0x90, 0x98, 0x9c, 0xa0
PRIQ_BASE, EVENTQ_PROD, PRIQ_PROD, MOST = 0xc0, 0x100a8, 0x100c8, (3, 2, 0, 70, 2, 3, 3, 3)
S_MOST = {8: 4, 9: 3}  # of the machines with a Secure state
GATOS_CTRL, GATOS_SID, GATOS_ADDR, GATOS_PAR, VATOS_SEL = 0x100, 0x108, 0x110, 0x118, 0x180
VATOS_CTRL, VATOS_SID, VATOS_ADDR, VATOS_PAR = 0x20a00, 0x20a08, 0x20a10, 0x20a18
DPT_BASE, DPT_BASE_CFG, DPT_CFG_FAR = 0x200, 0x208, 0x210
PMCG_CR, PMCG_IRQ_CTRL, PMCG_IRQ_CFG0, PMCG_IRQ_CFG1, PMCG_IRQ_STATUS = 0xb0e04, 0xb0e50, 0xb0e58, 0xb0e60, 0xb0e68
MONITORS = {4: (0x701f03, 4), 5: (0xd03f01, 2), 6: (0x302300, 1)}  # CFGR and how many counters, by the machine
TRANSLATION = struct.pack("<QQQQ", 1 << 32 | 0x10, 1 << 31 | 1 << 35 | 2 << 40, 0x1000, 0)
BAD_STE = struct.pack("<QQQQ", 7 << 32 | 4, 0, 0, 0)


def section(name, body, flags=0):
    return name + struct.pack("<II", flags, len(body)) + body


def registers(**more):
    values = {CR0: 0xd, CR2: 2, STRTAB_BASE: 0x80000000, CMDQ_BASE: 0x90000002, EVENTQ_BASE: 0xa0000002}
    values.update({globals()[name]: value for name, value in more.items()})
    return section(b"REGS", rows(values))


def rows(values, bank=0):
    return b"".join(struct.pack("<IIQ", bank, offset, value) for offset, value in sorted(values.items()) if value)


def work(command=(0, 0), cookie=0, what=0, pulses=0, messages=0, send=0, due=0, disabling=0, at=(0, 0), ahead=0, records=(), name=b"WORK"):
    numbers = (*command, cookie, what, pulses, messages, send, due, disabling, *at, ahead, len(records))
    return section(name, struct.pack("<QQQBBBBBBHHHH", *numbers) + b"".join(records))


def stalls(most, live=(), unrecorded=(), free=None):
    """live: STAG, state and StreamID of each."""
    free = [stag for stag in range(most) if stag not in {entry[0] for entry in live}] if free is None else free
    body = b"".join(struct.pack("<HHIQ", *entry, 0xc00c1e + entry[0]) for entry in live)
    return section(b"STAL", struct.pack("<H", len(live)) + body + struct.pack(f"<{len(unrecorded)}H", *unrecorded) +
                   struct.pack(f"<{len(free)}H", *free))


def endpoints(last=0, failed=0, tags=(), answer=b"", ahead=0, pages=(), name=b"PCIE"):
    return section(name, struct.pack("<QBB", last, failed, len(tags)) + struct.pack(f"<{len(tags)}Q", *tags) +
                   struct.pack("<B", len(answer) > 0) + answer + struct.pack("<BB", ahead, len(pages)) + b"".join(pages))


def monitors(which, value=0, evtyper=0, enabled=1, overflowed=0, smr=3, shadow=0):
    """The section of a machine that has them; of the others none."""
    if which not in MONITORS:
        return b""
    cfgr, counters = MONITORS[which]
    first = struct.pack("<QQII", value, shadow, evtyper, smr)
    other = struct.pack("<QQII", value, shadow, evtyper & 0xffff, 0)  # one filter may be for all
    return section(b"PMCG", struct.pack("<IQQQ", cfgr, enabled, enabled, overflowed) + first + other * (counters - 1))


def states_of_monitors(which, most):
    """About to overflow, overflowed, filtered."""
    bits = 1 << 36 if which == 6 else 1 << 32 if which == 4 else 1 << 64
    on = {"PMCG_CR": 1, "PMCG_IRQ_CTRL": 1}
    rest = stalls(most) + endpoints()
    yield monitors(which, bits - 1) + registers(**on) + work() + rest
    yield monitors(which, bits - 2, 1 << 29 | 1, overflowed=1, smr=0xffffffff) + registers(**on) + work(pulses=16) + rest
    yield monitors(which, bits - 1, 5, shadow=0 if which == 6 else 5) + registers(PMCG_CR=1) + work(due=1) + rest
    yield monitors(which, smr=1 << 31) + registers() + work() + rest  # more than machine 5 has
    if which == 5:
        return
    message = {"PMCG_IRQ_CFG0": 0xa0001000, "PMCG_IRQ_CFG1": 9}
    yield monitors(which, bits - 1, 4) + registers(**on, **message) + work(messages=16) + rest
    yield monitors(which, bits - 1) + registers(**on, PMCG_IRQ_CFG0=0xa0001100, PMCG_IRQ_STATUS=1) + work(messages=16) + rest


def states_of_requests(which, most):
    """Of ATOS, where they wait, run and have ended; and a DPT that is walked, also after a fault."""
    asked = {"GATOS_SID": 3, "GATOS_ADDR": 0x1d00}
    rest = work() + stalls(most) + endpoints()
    yield monitors(which) + registers(**asked) + rest
    yield monitors(which) + registers(GATOS_CTRL=1, **asked) + work(due=1) + stalls(most) + endpoints()
    yield monitors(which) + registers(CR0=0xc, GATOS_PAR=0xfe1) + rest
    if which != 4:
        return
    yield monitors(which) + registers(VATOS_SEL=7, VATOS_CTRL=1, VATOS_SID=3, VATOS_ADDR=0x1500, VATOS_PAR=0x101, **asked) + rest
    for far in (0, 0x80000031, 0x80000013):
        yield monitors(which) + registers(CR0=0x41d, DPT_BASE=0x80000000, DPT_BASE_CFG=1, DPT_CFG_FAR=far) + rest


def states_of_endpoints(most):
    sync, atc = (0x46 | 1 << 12, 0x1000), (0x40 | 1 << 32, 0x1000)
    pages = [struct.pack("<QQ", word, 0x1001) for word in (0x5000000000000001, 0xdc00000100000002, 0xc000000100000003)]
    waiting = {"last": 9, "tags": (2, 9)}
    yield registers(CMDQ_PROD=2) + work(sync, what=4) + stalls(most) + endpoints(**waiting)
    yield registers(CR0=5, CMDQ_PROD=2) + work(sync, what=4) + stalls(most) + endpoints(**waiting)
    yield registers(CMDQ_PROD=1) + work(atc, what=1, due=1) + stalls(most) + endpoints(last=3, failed=1)
    yield registers(CMDQ_PROD=1) + work(atc, what=1) + stalls(most) + endpoints(last=40, tags=range(9, 41))
    yield registers(GERROR=1, CMDQ_CONS=3 << 24) + work() + stalls(most) + endpoints(last=3)
    yield registers(CR0=0xf, PRIQ_BASE=0xb0000002) + work(due=1) + stalls(most) + endpoints(ahead=1, pages=pages)
    yield registers(CR0=0xf, PRIQ_BASE=0xb0000002, PRIQ_PROD=4, IRQ_CTRL=2) + work(pulses=2, messages=2) + stalls(most) + endpoints(pages=pages)
    yield registers(GERROR=8) + work() + stalls(most) + endpoints(answer=struct.pack("<BBHII", 1, 15, 1, 2, 3), pages=pages)


def states(most):
    yield registers() + work() + stalls(most)
    yield registers(CMDQ_PROD=3, EVENTQ_PROD=1, IRQ_CTRL=5) + work(pulses=9, messages=9, send=1, due=1) + stalls(most)
    yield registers(GERROR=5, CMDQ_CONS=1 << 24) + work() + stalls(most)
    yield registers(CMDQ_PROD=1) + work((0x30, 0), what=1) + stalls(most)
    yield registers() + work((0x46 | 1 << 12, 0x1000), pulses=4, messages=4, due=1, records=(BAD_STE,)) + stalls(most)
    yield registers() + work(due=1, ahead=1, records=(BAD_STE, bytes(32), BAD_STE)) + stalls(most)
    yield registers() + section(b"NEWS", b"abc", 1) + work() + stalls(most)
    if not most:
        return
    recorded, waiting, none = (0, 3, 1), (0, 1, 1), (0, 2, 2)
    yield registers() + work() + stalls(most, (recorded,))
    yield registers() + work(records=(TRANSLATION,)) + stalls(most, (waiting,))
    yield registers(EVENTQ_PROD=4) + work() + stalls(most, (none, (1, 2, 2)), (1, 0))
    yield registers(CR0=0xc) + work(disabling=1, at=(0, 1)) + stalls(most, ((1, 3, 1),))
    yield registers() + work((0x45 | 1 << 32, 0), what=2, at=(1, 0), due=1) + stalls(most, ((1, 3, 1),))
    yield registers() + work((0x44 | 1 << 32, most - 1), cookie=1, what=3) + stalls(most)
    yield registers() + work((0x45 | 1 << 32, 0), what=2, at=(most, 0)) + stalls(most, ((most - 1, 3, 1),))
    yield registers() + work((0x44 | 1 << 32 | 1 << 12, 0), cookie=0xbeef, what=3) + stalls(most, free=range(most - 1, -1, -1))


def root(cr0=1, base=0, cfg=0, gpf_far=0, gpt_cfg_far=0, tlbi=0, tlbi_ctrl=0, base2=0, pulses=0):
    return section(b"ROOT", struct.pack("<IQQQQQIQB", cr0, base, cfg, gpf_far, gpt_cfg_far, tlbi, tlbi_ctrl, base2, pulses))


def states_of_every_state(most):
    """A Secure and a Realm interface beside the Non-secure one: idle, in error, with all that may be due; Root registers that let
    nothing, everything and what a table allows reach memory."""
    page = struct.pack("<QQ", 0x5000000000000001, 0x1001)
    own = {CR0: 0xd, CR2: 2, STRTAB_BASE: 0x80000000, CMDQ_BASE: 0x90000002}
    realm = {**own, EVENTQ_BASE: 0xa0000002, PRIQ_BASE: 0xb0000002, 0x228: 0x1234, 0x68: 1 << 63 | 0xa0001000}
    banks = section(b"REGS", rows(own) + rows(own, 1) + rows({**realm, CR0: 0x1f, IRQ_CTRL: 7}, 2))
    errors = section(b"REGS", rows(own) + rows({**own, GERROR: 5, CMDQ_CONS: 1 << 24}, 1) + rows({**realm, CR0: 0x1d, GERROR: 5, CMDQ_CONS: 3 << 24}, 2))
    idle = work() + stalls(most) + endpoints() + work(name=b"SWRK") + endpoints(name=b"SPCI")
    r_idle = work(name=b"RWRK") + endpoints(name=b"RPCI")
    for turn in range(3):
        yield banks + idle + r_idle + section(b"TURN", bytes([turn])) + root()
    turn = section(b"TURN", b"\2")
    table = {"base": 0x80000000, "cfg": 0x3505}  # 48 bits, 4KB, 1GB; Write-Back, Inner Shareable
    for more in (root(0), root(3, **table), root(3, **table, pulses=1), root(2, **table)):
        yield banks + idle + r_idle + turn + more
    rest = turn + root()
    yield errors + idle + work(name=b"RWRK") + endpoints(last=3, name=b"RPCI") + rest
    yield banks + idle + work(pulses=11, messages=11, send=1, due=1, records=(BAD_STE,), name=b"RWRK") + endpoints(pages=[page], name=b"RPCI") + rest
    yield banks + idle + work((0x30, 0), what=1, name=b"RWRK") + endpoints(answer=struct.pack("<BBHII", 1, 15, 1, 2, 3), name=b"RPCI") + rest
    yield banks + idle + work((0x46 | 1 << 12, 0x1000), what=4, name=b"RWRK") + endpoints(last=9, tags=(2, 9), name=b"RPCI") + rest


def secure_registers(more=(), bank=1):
    values = {CR0: 0xd, CR2: 2, STRTAB_BASE: 0x80000000, CMDQ_BASE: 0x90000002, 0xa0: 0xa0000002, **dict(more)}
    return rows(values, bank)


def of_both(non_secure=(), secure=()):
    """Registers of both interfaces; those of the Secure Event queue stand in Page 1 of its bank."""
    return section(b"REGS", secure_registers(non_secure, 0) + secure_registers(secure))


def named(name, body):
    return name + body[4:]


def states_of_secure(most):
    """A command of either queue, stalls of both states, a record, an interrupt and a tag of the Secure interface."""
    idle, end = work() + stalls(most) + endpoints(), section(b"TURN", b"\1")
    s_idle, s_end = named(b"SWRK", work()), named(b"SPCI", endpoints()) + end
    yield of_both() + idle + s_idle + s_end
    yield of_both(secure={CMDQ_PROD: 3, EVENTQ_PROD: 1, IRQ_CTRL: 5}) + idle + named(b"SWRK", work(pulses=9, messages=9, due=1)) + s_end
    yield of_both(secure={CMDQ_PROD: 1}) + idle + named(b"SWRK", work((0x5a | 7 << 32, 0x1002), what=1)) + s_end
    yield of_both(secure={CMDQ_PROD: 1}) + idle + named(b"SWRK", work((0x30, 0), what=1)) + s_end
    yield of_both() + idle + named(b"SWRK", work(due=1, records=(BAD_STE,))) + s_end
    both = ((0, 3, 1), (1, 3 | 1 << 8, 1))
    yield of_both() + work() + stalls(most, both) + endpoints() + s_idle + s_end
    yield of_both(secure={CR0: 0xc}) + work() + stalls(most, both) + endpoints() + named(b"SWRK", work(disabling=1, at=(0, 1))) + s_end
    yield of_both(secure={CMDQ_PROD: 1}) + work() + stalls(most, both) + endpoints() + \
        named(b"SWRK", work((0x45 | 1 << 32, 0), what=2)) + s_end
    yield of_both(secure={CMDQ_PROD: 2}) + idle + named(b"SWRK", work((0x46 | 1 << 12, 0x1000), what=4)) + \
        named(b"SPCI", endpoints(last=9, tags=(2, 9))) + end


def load_seeds():
    for seed in seeds_without_ports():
        yield seed
    for seed in seeds_without_ports():
        if seed[0] in (3, 6, 8, 9, 10):  # through a port, one by one or at once; with sections
            yield from (bytes([seed[0] + 11 * ways]) + seed[1:] for ways in (1, 2, 7))


def seeds_without_ports():
    for which, most in enumerate(MOST):
        for state in states(most):
            yield bytes([which]) + monitors(which) + state + endpoints()
    for which in (3, 4, 6):
        for state in states_of_endpoints(MOST[which]):
            yield bytes([which]) + monitors(which) + state
    for which in MONITORS:
        for state in states_of_monitors(which, MOST[which]):
            yield bytes([which]) + state
    for which in (4, 7):
        for state in states_of_requests(which, MOST[which]):
            yield bytes([which]) + state
    for which, most in S_MOST.items():
        for state in states_of_secure(most):
            yield bytes([which]) + state
    for state in states_of_every_state(3):
        yield b"\x0a" + state
    yield b"\x80SMMU3SAV\1\0\0\0\x1c\1\0\0CONF"
