# SPDX-License-Identifier: MIT
"""A guest that is saved to a file while its devices work, and goes on in another process of QEMU."""

import json
import socket
import time

from guest import PROGRAMS, Found, Run, account, compare_disks, read_line, why_it_ended

SAVE_AFTER = "ROUND 2"  # the line of the console upon which the host saves
BANDWIDTH = 1 << 33  # of the migration, bytes a second: no limit that would be met


class Monitor:
    """QEMU's monitor, over a pair of sockets that no one else sees."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.ours.settimeout(60)
        self.lines = self.ours.makefile("r", encoding="utf-8")

    def options(self):
        return ["-chardev", f"socket,id=monitor,fd={self.theirs.fileno()}", "-mon", "chardev=monitor,mode=control"]

    def greet(self):
        self.theirs.close()
        self.lines.readline()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        """The answer, past the events that come between."""
        self.ours.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        for line in self.lines:
            said = json.loads(line)
            if "error" in said:
                raise OSError(said["error"]["desc"])
            if "return" in said:
                return said["return"]
        raise OSError("QEMU closed its monitor")

    def close(self):
        self.lines.close()
        self.ours.close()


def save(monitor, path):
    """The machine goes on while its memory is written, and stands when all is."""
    monitor.ask("migrate-set-parameters", **{"max-bandwidth": BANDWIDTH})
    monitor.ask("migrate", uri=f"file:{path}")
    while True:
        state = monitor.ask("query-migrate")
        if state["status"] == "completed":
            return state
        if state["status"] in ("failed", "cancelled"):
            raise OSError(state.get("error-desc", state["status"]))
        time.sleep(0.02)


def try_to(*steps):
    """What went wrong of the steps, or nothing."""
    try:
        for step in steps:
            step()
    except OSError as error:
        return f"the snapshot: {error}"
    return ""


def first_half(order, found, path, limit):
    """Runs until the snapshot is taken; returns what is wrong, or nothing."""
    monitor = Monitor()
    run = Run(order, "console", monitor.options(), [monitor.theirs.fileno()])
    wrong, saved = try_to(monitor.greet), False
    for line in run.lines(limit):
        read_line(found, line)
        if line.startswith(SAVE_AFTER) and not saved:
            saved = True
            wrong = try_to(lambda: save(monitor, path), lambda: monitor.ask("quit"))
            if wrong:
                PROGRAMS.kill(run.program)
    monitor.close()
    account(found, run)
    if not saved:
        return why_it_ended(run)
    return wrong or ("the guest had ended before it was saved" if found.ended else "")


def second_half(order, found, path, limit):
    run = Run(order, "restored", ["-incoming", f"file:{path}"])
    rounds = 0
    for line in run.lines(limit):
        read_line(found, line)
        rounds += line.startswith("ROUND ")
    account(found, run)
    if not found.ended:
        return why_it_ended(run)
    return "" if rounds else "no work was left for after the snapshot"


def run_snapshot(order, limit):
    found = Found()
    path = order.folder / "snapshot"
    found.checks["saved"] = first_half(order, found, path, limit)
    if not found.checks["saved"]:
        found.checks["restored"] = second_half(order, found, path, limit)
        compare_disks(found, order.folder)
    path.unlink(missing_ok=True)
    return found
