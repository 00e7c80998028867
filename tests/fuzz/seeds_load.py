# SPDX-License-Identifier: MIT
"""Seeds of the fuzzer load: saved states, as docs/save.md has them, without what stands around their sections."""

import struct

CR0, CR2, IRQ_CTRL, GERROR, STRTAB_BASE, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS, EVENTQ_BASE = 0x20, 0x2c, 0x50, 0x60, 0x80, 0x90, 0x98, 0x9c, 0xa0
EVENTQ_PROD, MOST = 0x100a8, (3, 2, 0, 70)
TRANSLATION = struct.pack("<QQQQ", 1 << 32 | 0x10, 1 << 31 | 1 << 35 | 2 << 40, 0x1000, 0)
BAD_STE = struct.pack("<QQQQ", 7 << 32 | 4, 0, 0, 0)


def section(name, body, flags=0):
    return name + struct.pack("<II", flags, len(body)) + body


def registers(**more):
    values = {CR0: 0xd, CR2: 2, STRTAB_BASE: 0x80000000, CMDQ_BASE: 0x90000002, EVENTQ_BASE: 0xa0000002}
    values.update({globals()[name]: value for name, value in more.items()})
    return section(b"REGS", b"".join(struct.pack("<IIQ", 0, offset, value) for offset, value in sorted(values.items()) if value))


def work(command=(0, 0), cookie=0, what=0, pulses=0, messages=0, send=0, due=0, disabling=0, at=(0, 0), ahead=0, records=()):
    numbers = (*command, cookie, what, pulses, messages, send, due, disabling, *at, ahead, len(records))
    return section(b"WORK", struct.pack("<QQQBBBBBBHHHH", *numbers) + b"".join(records))


def stalls(most, live=(), unrecorded=(), free=None):
    """live: STAG, state and StreamID of each."""
    free = [stag for stag in range(most) if stag not in {entry[0] for entry in live}] if free is None else free
    body = b"".join(struct.pack("<HHIQ", *entry, 0xc00c1e + entry[0]) for entry in live)
    return section(b"STAL", struct.pack("<H", len(live)) + body + struct.pack(f"<{len(unrecorded)}H", *unrecorded) +
                   struct.pack(f"<{len(free)}H", *free))


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
    yield registers(CR0=0xc) + work(disabling=1, at=(0, 1)) + stalls(most, (recorded, (1, 3, 1)))
    yield registers() + work((0x45 | 1 << 32, 0), what=2, at=(1, 0), due=1) + stalls(most, ((1, 3, 1),))
    yield registers() + work((0x44 | 1 << 32, most - 1), cookie=1, what=3) + stalls(most)
    yield registers() + work((0x45 | 1 << 32, 0), what=2, at=(most, 0)) + stalls(most, ((most - 1, 3, 1),))
    yield registers() + work((0x44 | 1 << 32 | 1 << 12, 0), cookie=0xbeef, what=3) + stalls(most, free=range(most - 1, -1, -1))


def load_seeds():
    for which, most in enumerate(MOST):
        for state in states(most):
            yield bytes([which]) + state
    yield b"\x80SMMU3SAV\1\0\0\0\x1c\1\0\0CONF"
