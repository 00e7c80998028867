# SPDX-License-Identifier: MIT
"""Runs a guest to its end, and reads from its console what it found."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

from machine import command, sum_of

LAST_LINES = 12
QEMU_LINE = re.compile(r"^(METER|STATS) (\S+) (\d+)$", re.M)
FINDING = re.compile(r"^FINDING (.*)$", re.M)  # of the checker
STALE = re.compile(r"stale use: .*? of (0x[0-9a-f]+);.* needed: ([^;]*), then CMD_SYNC")


class Programs:
    """All programs that we started; each ends with us."""

    def __init__(self):
        self.running, self.lock, self.stopped = set(), threading.Lock(), False

    def start(self, arguments, **options):
        with self.lock:
            if self.stopped:
                raise KeyboardInterrupt
            program = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True, **options)
            self.running.add(program)
            return program

    def ended(self, program):
        with self.lock:
            self.running.discard(program)

    def stop(self):
        with self.lock:
            self.stopped = True
            running = list(self.running)
        for program in running:
            self.kill(program)

    @staticmethod
    def kill(program):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)


PROGRAMS = Programs()


@dataclass
class Found:
    """What one guest told, and what it cost."""
    checks: dict = field(default_factory=dict)  # name: "" where it passed, or what is wrong
    events: list = field(default_factory=list)  # four words each
    figures: dict = field(default_factory=dict)  # that QEMU printed at its end
    wrote: list = field(default_factory=list)  # disk, offset, length, MD5
    findings: list = field(default_factory=list)  # of the checker: the number of a cause, and what it is
    forgotten: list = field(default_factory=list)  # accesses of which the guest knows: address, and the command that was missing
    driver: str = ""
    times: list = field(default_factory=list)  # of the guest's clock: user space began, and ended
    ended: bool = False
    wall: float = 0.0
    cpu: float = 0.0  # seconds that QEMU's threads ran

    @property
    def passed(self):
        return self.ended and bool(self.checks) and not any(self.checks.values())


# ---- The console ----


def read_check(found, rest):
    name, result, *what = rest.split(" ", 2)
    found.checks[name] = "" if result == "ok" else " ".join(what) or "failed"


def read_event(found, rest):
    found.events.append(tuple(int(word, 0) for word in rest.split()))


def read_wrote(found, rest):
    disk, offset, length, md5 = rest.split()
    found.wrote.append((disk, int(offset), int(length), md5))


READERS = {
    "CHECK": read_check,
    "EVENT": read_event,
    "WROTE": read_wrote,
    "FORGOTTEN": lambda found, rest: found.forgotten.append(tuple(rest.split(" ", 1))),
    "DRIVER": lambda found, rest: setattr(found, "driver", rest),
    "TIME": lambda found, rest: found.times.append(float(rest)),
    "END": lambda found, rest: setattr(found, "ended", True),
}


def read_line(found, line):
    word, _, rest = line.partition(" ")
    if word in READERS:
        try:
            READERS[word](found, rest)
        except ValueError:
            found.checks["console"] = f"cannot be read: {line}"


# ---- A run of QEMU ----


class Run:
    """One process of QEMU.  Its console goes to a file, and line by line to whoever asks for lines()."""

    def __init__(self, order, name="console", options=(), handles=()):
        self.console = order.folder / f"{name}.log"
        self.errors = order.folder / f"{name}.err"
        self.began = time.monotonic()
        with open(self.errors, "wb") as errors:
            self.program = PROGRAMS.start([*command(order), *options], stdout=subprocess.PIPE, stderr=errors,
                                          pass_fds=handles)
        self.late = False
        self.status, self.cpu = None, 0.0

    def lines(self, limit):
        """The lines of the console until it is closed; QEMU is killed when it runs for longer than that."""
        timer = threading.Timer(limit, self.too_late)
        timer.start()
        try:
            with open(self.console, "wb") as log:
                for line in self.program.stdout:
                    log.write(line)
                    yield line.decode(errors="replace").rstrip()
        finally:
            timer.cancel()
            self.finish()

    def too_late(self):
        self.late = True
        PROGRAMS.kill(self.program)

    def finish(self):
        """Waits for the process and takes what it used."""
        if self.status is None:
            _, self.status, used = os.wait4(self.program.pid, 0)
            self.program.returncode = os.waitstatus_to_exitcode(self.status)
            self.cpu = used.ru_utime + used.ru_stime
            self.program.stdout.close()
            PROGRAMS.ended(self.program)

    def said(self):
        return self.errors.read_text(errors="replace")


def figures_of(text):
    return {f"{kind} {name}": int(value) for kind, name, value in QEMU_LINE.findall(text)}


def why_it_ended(run):
    console = run.console.read_text(errors="replace").splitlines()[-LAST_LINES:] if run.console.exists() else []
    errors = [line for line in run.said().splitlines() if not QEMU_LINE.match(line)][-3:]
    why = "took too long" if run.late else f"ended with status {run.program.returncode}"
    return "\n      ".join([f"the guest did not come to its end: QEMU {why}", *console, *errors])


def account(found, run):
    found.cpu += run.cpu
    found.wall += time.monotonic() - run.began
    for name, value in figures_of(run.said()).items():
        found.figures[name] = found.figures.get(name, 0) + value
    found.findings += FINDING.findall(run.said())


def compare_disks(found, folder):
    """What the guest said that it wrote last at a place is what the host finds there."""
    for disk, offset, length, md5 in found.wrote:
        with open(folder / f"{disk}.img", "rb") as image:
            image.seek(offset)
            same = sum_of(image.read(length)) == md5
        name = f"{disk}-on-host"
        found.checks[name] = found.checks.get(name, "") or ("" if same else f"{length} bytes at {offset} are others")


def check_findings(found, order):
    """Where the checker was asked it found what the guest says it has forgotten, each once, and nothing else."""
    if "arm-smmuv3.check=on" in order.extra:
        stale = [STALE.search(finding) for finding in found.findings]
        right = [match and match.groups() for match in stale] == found.forgotten
        found.checks["findings"] = "" if right else "\n      ".join(
            [f"{len(found.findings)} findings, and {len(found.forgotten)} were to be", *found.findings])


def run_guest(order, limit):
    """Boots the guest, and returns what it found when it has ended, one way or the other."""
    found = Found()
    run = Run(order)
    for line in run.lines(limit):
        read_line(found, line)
    account(found, run)
    if not found.ended:
        found.checks["end"] = why_it_ended(run)
    compare_disks(found, order.folder)
    return found
