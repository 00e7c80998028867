# SPDX-License-Identifier: MIT
"""Seeds of the fuzzer mmio: what software and devices do, in the steps of software.h."""

import re
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENUM = re.search(r"enum what \{(.*?)\};", (HERE / "software.h").read_text(encoding="utf-8"), re.S)[1]
STEPS = re.findall(r"^\t([A-Z_]+)\b", ENUM, re.M)
RAM, REGISTERS = 0x80000000, 0x80020000
STALLS, FORCED, MSI, SEV, VMW, SMALL = 0x10, 0x20, 0x80, 0x100, 0x200, 0x400  # bits of the two bytes that say what SMMU it is
READS, WRITES, PAGES, DPT = 4, 7, 9, 10  # callbacks: S1 descriptors, records, page requests, the DPT,
PULSE, SEND, INVALIDATES, ENDS, DROPS, RESPONDS = 12, 13, 14, 15, 16, 17  # and the others
CR0, IRQ_CTRL, CMDQ_BASE, CMDQ_PROD, EVENTQ_BASE, STALLING = 0, 4, 11, 12, 14, 7  # registers by their place, a stream


def number(value):
    """As take_number reads it."""
    for base, tag in ((RAM, 5), (REGISTERS, 6)):
        if 0 <= value - base < 0x10000:
            return struct.pack("<BH", tag, value - base)
    for tag, form, limit in ((1, "B", 8), (2, "H", 16), (3, "I", 32)):
        if value < 1 << limit:
            return bytes([value << 3]) if value < 32 else struct.pack("<B" + form, tag, value)
    return struct.pack("<BQ", 4, value)


def step(what, small=(), *numbers):
    return bytes([STEPS.index(what), *small, *[0] * (3 - len(small))]) + b"".join(map(number, numbers))


def access(sid, address, flags=0, ssid=0):
    return step("TRANSLATE", (sid, flags), address, 3, ssid)


def sync(address, data=1, more=0):
    return step("COMMAND", (0, more), 1 | data << 20, address)


def armed(place, inside, times=1):
    return step("ARM", (place, times - 1)) + inside


def steps_of_a_driver():
    faults = b"".join(access(sid, 0x3000 if sid % 2 else 0x900000, flags) for sid in range(11) for flags in (0, 2, 13))
    tidy = step("ACKNOWLEDGE")
    yield b"".join(step("COMMAND", (i,), 1, 0x1000) for i in range(22)) + tidy
    yield faults + tidy + faults
    yield b"".join(access(sid, page << 12, flags, ssid) for sid in (2, 4, 5, 6) for page in (0, 5, 0x205) for flags in (0, 3) for ssid in (0, 3))
    yield step("WRITE_KNOWN", (CR0,), 0x8d) + b"".join(step("COMMAND", (i,), 7 << 20, 0x1000) for i in range(5, 18))
    yield sync(RAM + 0x9000) + sync(0) + step("COMMAND", (0,), 2, 0) + step("COMMAND", (17, 38), 0, 0)
    yield step("COMMAND", (0, 0, 0xff), 0, 0) + sync(RAM) + tidy + step("WRITE_KNOWN", (CMDQ_PROD,), 0) + tidy
    for place in range(18):
        yield step("TROUBLE", (place, 1)) + faults[:300] + sync(RAM + 0x9000) + tidy + step("COMMAND", (0,), 1, 0)


def steps_inside():
    doorbell = step("COMMAND", (17, 2), 0, 0) + step("RING")
    for inside in (step("COMMAND", (17,), 0, 0), access(3, 0x900000), step("WRITE_KNOWN", (CR0,), 0), step("WRITE_KNOWN", (CR0,), 0xd),
                   step("ACKNOWLEDGE"), sync(REGISTERS + 0x98, 9)):
        arms = b"".join(armed(place, inside, 3) for place in (READS, 6, WRITES, 8, PULSE, SEND, INVALIDATES, ENDS))
        yield arms + access(2, 0) + access(3, 0x900000) + doorbell + sync(RAM + 0x9000) + access(STALLING, 0x900000)
    yield armed(8, step("WRITE_KNOWN", (IRQ_CTRL,), 0)) + access(3, 0x900000) + step("BRING_UP") + access(3, 0x900000)
    flood = step("FLOOD", (0xf0,), 0, 0, 100 << 32) + step("FLOOD", (STALLING,), 0x900000, 0, 0)
    yield armed(WRITES, flood) + access(3, 0x900000) + flood + armed(INVALIDATES, flood[len(flood) // 2:]) + doorbell
    for register, value in ((CMDQ_BASE, REGISTERS | 3), (EVENTQ_BASE, REGISTERS + 0x80), (EVENTQ_BASE, REGISTERS + 0xa0), (EVENTQ_BASE, RAM + 0x8004)):
        base = step("WRITE_KNOWN", (CR0,), 1) + step("WRITE_KNOWN", (register,), value)
        yield base + step("WRITE_KNOWN", (CR0,), 0xd) + access(3, 0x900000) * 3 + sync(REGISTERS + 0x98, 5) + doorbell
    yield sync(REGISTERS + 0x98, 5) + sync(REGISTERS + 0x20, 0) + sync(REGISTERS + 0x64, 1)


def steps_of_stalls():
    stall, again = access(STALLING, 0x900000), step("RETRY", (3,))
    for how in range(6):
        yield stall * 2 + access(9, 0x5000, 2) + step("RESUME", (0, how)) + stall + again + step("RESUME", (1, how, 1)) * 2 + step("ACKNOWLEDGE")
    mend = step("FLIP_STRUCTURE", (2, 0), 1)
    yield mend + access(STALLING, 0) + mend + step("RESUME", (0, 1)) + again + step("WRITE_KNOWN", (CR0,), 0xc) + stall
    yield step("WRITE_KNOWN", (CR0,), 9) + stall * 2 + step("WRITE_KNOWN", (CR0,), 0xd) + again * 3 + step("RESET") + step("BRING_UP") + stall
    yield stall * 40 + step("ACKNOWLEDGE") + again * 2
    yield step("TROUBLE", (7, 1)) + stall * 2 + step("ACKNOWLEDGE") + again
    yield armed(ENDS, stall, 4) + stall * 3 + step("RESUME", (0, 4)) + armed(WRITES, step("RESUME", (0, 1)), 3) + stall


def asked(group, sid, kind, address, ssid=0):
    """kind: ATOS_ADDR from bit 6 up."""
    return step("ASK", (group | 0xc, sid, kind), address, (1 << 52 | ssid << 32) if ssid else 0)


def steps_of_requests():
    both, stage1, stage2, read = 0x30, 0x10, 0x20, 4
    every = b"".join(asked(0, sid, kind | read, page << 12) for sid in range(11) for kind in (stage1, stage2, both) for page in (0, 0x205, 0x80000))
    yield every[:480]
    yield b"".join(asked(group, sid, kind, 0x3000, sid % 3) for group in (0, 1) for sid in range(8) for kind in (stage1 | read, both))
    inside = asked(1, 2, stage1 | read, 0) + step("ACKNOWLEDGE")
    for place in (1, 3, READS, 6, WRITES, INVALIDATES):
        yield armed(place, inside[:len(asked(1, 2, stage1 | read, 0))], 3) + asked(0, 4, both | read, 0) + access(3, 0x900000) + sync(RAM + 0x9000)
        yield armed(place, step("WRITE_KNOWN", (CR0,), 0xc)) + asked(0, 4, both | read, 0) + step("WRITE_KNOWN", (CR0,), 0xd) + asked(0, 4, both | read, 0)
        yield step("TROUBLE", (place, 1)) + asked(0, 4, both | read, 0) + asked(0, 2, stage1 | read, 0)


def steps_of_a_dpt():
    """Translated transactions of the streams that are checked, commands and registers of the table, also while it is read."""
    def translated(sid, address, flags=0):
        return step("TRANSLATE", (sid, flags, 5 << 5), address, 3, 0)
    granted = b"".join(translated(sid, address, flags) for sid in (2, 3) for address in (0, 0x40000000, RAM + 0x7000, RAM, 3 << 30, 1 << 36)
                       for flags in (0, 2))
    commands = step("COMMAND", (0, 0, 0x70), 0, 0) + step("COMMAND", (0, 0, 0x73), 0, RAM | 3 << 8 | 1) + step("COMMAND", (0, 0, 0x73), 0, 0x4000)
    off, on = (step("WRITE_ANY", (0,), 0x20, value) for value in (0x1d, 0x41d))
    clear = step("WRITE_ANY", (2,), 0x210, 0) + step("ACKNOWLEDGE")
    yield granted + commands + granted + clear + granted
    yield granted + off + granted + clear + step("WRITE_ANY", (0,), 0x208, 0x404005) + on + granted
    for inside in (off, on, commands, translated(3, 1 << 32), step("ACKNOWLEDGE")):
        yield armed(DPT, inside[:len(inside)], 3) + armed(WRITES, clear, 2) + granted
    yield step("TROUBLE", (DPT, 1)) + granted + clear + step("TROUBLE", (DPT, 0x12, 1)) + granted
    yield step("FLIP_WORD", (), RAM + 0x7010, 0xf00) + granted + clear + step("PUT_WORD", (), RAM, 0xffff00130000021b) + granted


def steps_of_endpoints():
    drop, wait, respond = step("COMMAND", (21,), 3 << 20, 0x1000), sync(0), step("COMMAND", (0, 0, 0x41), 3 << 20, 0x2001)
    page, group, stop = step("PAGE", (3, 2), 0x1000, 1), step("PAGE", (3, 0x23), 0x5000, 1, 2), step("PAGE", (3, 0x21), 0, 0, 2)
    at_once, late, timed_out, tidy = step("MANNER", (1,)), step("MANNER"), step("ANSWER", (0, 1)), step("ACKNOWLEDGE")
    twice = step("ANSWER", (0, 0, 1)) + step("ANSWER", (31,), 1)
    yield at_once + (drop + wait) * 3 + late + drop * 3 + wait + twice * 3 + tidy
    yield drop * 3 + wait + step("ANSWER", (0, 1, 1)) + timed_out * 2 + tidy + step("ACKNOWLEDGE", (1,)) + wait
    yield step("COMMAND", (21, 30), 3 << 20, 0x1000) * 3 + twice * 40 + wait
    yield page + group + stop + respond + tidy + (page + group + stop) * 3 + tidy + group + step("PAGE", (3, 0x22, 1), 0x7000, 3) + respond
    yield step("WRITE_KNOWN", (CR0,), 0xd) + group + stop + step("WRITE_KNOWN", (CR0,), 0) + group + drop + step("RESET") + twice + group
    yield step("PAGE", (0xf3, 0xff, 0xf1), 1, 0xffff, 0x1fffff) + step("PAGE", (3, 0x23, 0xf0), 0x5000, 512, 1) + step("TROUBLE", (PAGES, 1)) + group * 2
    for inside in (page, group, twice, drop + b"", step("PAGE", (3, 0x22, 1), 0x7000, 3), step("WRITE_KNOWN", (CR0,), 0), tidy):
        arms = b"".join(armed(place, inside, 3) for place in (READS, 6, WRITES, PAGES, PULSE, INVALIDATES, DROPS, RESPONDS))
        yield arms + group + drop + wait + step("COMMAND", (17, 2), 0, 0) + respond + access(3, 0x900000) + twice + group * 3
    yield b"".join(step("TRANSLATE", (sid, 2, ats << 5), 0x1000, 3, 0) for sid in range(8) for ats in (4, 5)) + step("WRITE_KNOWN", (CR0,), 0x1f)


def steps_of_monitors():
    """Counters that overflow, by wire and message, also one that is a register; filters; statistics; CPUs that invalidate."""
    def monitor(which, value):
        return step("MONITOR", (which,), value)
    type0, match0, enable, disable, control, interrupt, config, count, wide = 0, 3, 6, 7, 10, 11, 12, 15, 18
    some = b"".join(access(sid, page << 12, flags) for sid in (2, 3, 4, 10) for page in (0, 5) for flags in (0, 2))
    figures = step("STATISTICS", (0, 2)) + step("STATISTICS", (1, 3))
    every = b"".join(step("BROADCAST", (kind, limits, worlds), 0x1000, size, 9) for kind in (0, 1, 2) for limits in (0, 1, 3, 4)
                     for worlds, size in ((1, 0x1000), (4, 0), (2, 0)))
    yield some + figures + some + figures
    yield b"".join(monitor(type0, event) + monitor(match0, 2) + monitor(wide, (1 << 64) - 2) + some[:100] for event in (1, 2, 5, 1 << 29 | 4))
    yield monitor(count, 0xffffffff) + monitor(enable, 1) + some + monitor(19, 7) + monitor(21, 1) + monitor(disable, 7) + some
    yield some + every + some + every[:300] + figures
    asked_too = asked(0, 4, 0x30 | 4, 0) + step("TRANSLATE", (3, 0, 4 << 5), 0x1000, 3, 0) + step("TRANSLATE", (3, 0, 5 << 5), RAM, 3, 0)
    yield asked_too + monitor(control, 0) + asked_too + monitor(interrupt, 0) + monitor(control, 1) + asked_too
    for address in (REGISTERS + 0xc0000, REGISTERS + 0xb0e04, REGISTERS + 0x98, 0x1000):
        yield monitor(interrupt, 0) + monitor(config, address) + monitor(13, 0) + monitor(interrupt, 1) + monitor(wide, (1 << 64) - 2) + some
    yield step("WRITE_KNOWN", (CR0,), 1) + step("WRITE_KNOWN", (CMDQ_BASE,), (REGISTERS + 0xc0000) | 3) + step("WRITE_KNOWN", (CR0,), 0xd) + some
    for inside in (monitor(control, 0), monitor(wide, (1 << 64) - 1), access(2, 0), step("STATISTICS", (1, 2)), every[:14]):
        yield armed(PULSE, inside, 3) + armed(8, inside, 3) + armed(READS, inside, 3) + some + monitor(wide, (1 << 64) - 1) + some
    yield b"".join(step("READ_ANY", (0,), 0xb0000 + at)
                   for at in (0x404, 0xe00, 0xe08, 0xe20, 0xe28, 0xe70, 0xfbc, 0xfcc, *range(0xfd0, 0x1000, 4), 0x10600, 0x10c80))
    yield step("TROUBLE", (8, 1)) + some + step("RESET") + figures + step("BRING_UP") + some


def steps_of_a_hypervisor():
    """Its own streams, 10 and 11, as EL2-E2H, and without: all that is kept of them goes by its own commands."""
    own = b"".join(access(sid, page << 12, flags, ssid) for sid in (10, 11) for page in (0, 5, 0x205) for flags, ssid in ((0, 0), (8, 0), (1, 1), (3, 2)))
    tlbi = b"".join(step("COMMAND", (0, 0, opcode), 9 << 36, 0x1000 | leaf) for opcode in (0x20, 0x21, 0x22, 0x23) for leaf in (0, 1))
    off = step("WRITE_KNOWN", (CR0,), 0) + step("WRITE_KNOWN", (2,), 2) + step("WRITE_KNOWN", (CR0,), 0xf)
    yield own + tlbi + own
    yield off + own + tlbi + own
    yield own[:200] + step("FLIP_STRUCTURE", (2, 0), 1 << 7) + own[:200] + tlbi + own[:200]
    yield b"".join(asked(0, sid, kind, 0x3000) for sid in (10, 11) for kind in (0x10, 0x14, 0x20, 0x30)) + own[:300]


def steps_of_secure_software():
    """Accesses of both states, commands of the Secure queue for both, stalls that they end, S_INIT."""
    some = b"".join(access(sid, page << 12, flags) for sid in (2, 3, 4, 6, 7) for page in (0, 5) for flags in (0, 2))
    other = b"".join(step("TRANSLATE", (sid, 0, 3 << 6), 0x1000, 3, 0) for sid in (1, 2))
    commands = b"".join(step("COMMAND", (0x80 | which, 0), 7 << 20 | 9 << 36, 0x1000 | low) for which in range(11) for low in (0, 2))
    resume = b"".join(step("RESUME", (0, action, wrong), 0) for action in (1, 2, 4) for wrong in (2, 0))
    yield some + commands + some + other
    yield some + step("FLIP_STRUCTURE", (4, 6), 3) + commands + some + step("FLIP_STRUCTURE", (4, 3), 3) + commands + some
    yield access(7, 0x900000) + resume + access(8, 0x900000) + resume + some + step("WRITE_KNOWN", (CR0,), 0)
    yield some + step("WRITE_ANY", (0, 1), 0x803c, 1) + some + step("WRITE_ANY", (0, 1), 0x8020, 0x22d) + some
    for inside in (commands[:40], access(4, 0x5000), step("WRITE_KNOWN", (CR0,), 0)):
        yield armed(READS, inside, 3) + armed(INVALIDATES, inside, 3) + armed(PULSE, inside, 3) + some + commands + resume


def steps_through_ports():
    """Each way, again and again with maintenance and without, sections that commands wait for, and other ports meanwhile."""
    begin, end, another = 1, 2, 3
    some = b"".join(access(sid, page << 12, flags) for sid in (2, 3, 4, 6) for page in (0, 5, 0x205) for flags in (0, 2))
    all_gone = step("COMMAND", (0, 0, 0x30), 0, 0) + step("COMMAND", (0, 0, 4), 0, 31) + sync(RAM + 0x9000)
    handle = step("HANDLE", (4, 0), 0, 0)
    for way in range(4):
        def through(what=0, size=0):
            return step("PORT", (what | way << 2, size))
        yield through() + handle + some + some + all_gone + some
        yield through(begin) + handle + some[:200] + all_gone + some[:200] + through(end) + some[:200]
        yield through() + some[:150] + step("FLIP_STRUCTURE", (4, 3), 3) + some[:150] + all_gone + some[:150] + through(another, 3) + some[:150]
        yield through(begin) + sync(0) + step("RESET") + step("BRING_UP") + some[:100] + sync(0) + through(begin) + sync(0) + through(end)
        yield through() + step("WINDOW", (0, 1)) + some[:150] + step("WINDOW", (0, 0)) + some[:150] + step("WRITE_KNOWN", (CR0,), 0) + some[:100]
        for inside in (through(end), through(begin), access(4, 0x5000), all_gone[:16]):
            arms = b"".join(armed(place, inside, 3) for place in (READS, WRITES, PULSE, INVALIDATES))
            yield through(begin) + arms + some[:150] + all_gone + access(STALLING, 0x900000) + through(end) + some[:150]


def mmio_seeds():
    """Steps, behind the two bytes of the SMMU and one of the board."""
    for steps in (*steps_of_a_driver(), *steps_inside(), *steps_of_stalls(), *steps_of_requests(), *steps_of_endpoints()):
        for machine, more in ((MSI | SEV | VMW, 0), (STALLS | MSI | SEV, 8), (FORCED | SMALL | MSI, 0), (2, 3)):
            yield struct.pack("<HB", machine, more) + steps
    for steps in steps_of_a_dpt():
        for machine in (0, SEV, 0x1000):  # of stage 2; of stage 1
            yield struct.pack("<HB", machine, 0xe0) + steps
    for steps in steps_of_monitors():
        for machine, more in ((MSI | STALLS | VMW, 0xd0), (MSI | SEV | 4, 0xd0), (1 | MSI | 8, 0xd8), (4 | SMALL, 0xc0), (SMALL, 0xc0)):
            yield struct.pack("<HB", machine, more) + steps
    for steps in (*steps_of_a_hypervisor(), *steps_of_a_dpt(), *steps_of_requests()):
        for machine in (4, SMALL):
            yield struct.pack("<HB", machine, 0xc0) + steps
    for steps in steps_through_ports():
        for machine, more in ((0, 0x90), (1 | STALLS | MSI, 0x98), (5 | SMALL, 0x93), (3 | STALLS | VMW, 0xa8), (2, 0), (MSI | 1, 0xd0)):
            yield struct.pack("<HB", machine, more) + steps
    for steps in (*steps_of_secure_software(), *steps_of_stalls()):
        for machine, more in ((1 | STALLS | MSI, 0xa0), (3 | STALLS | VMW, 0xa8), (FORCED | MSI | SMALL, 0xb0), (STALLS, 0xa3)):
            yield struct.pack("<HB", machine, more) + steps
