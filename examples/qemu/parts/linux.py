# SPDX-License-Identifier: MIT
"""Boots an unmodified Linux in QEMU with libsmmu as its SMMUv3, side by side with QEMU's own model, and checks what its devices do.

Exit status 0: every check passed in every mode; 1: one failed; 77: skipped, for the archive that QEMU and the kernel come from is
out of reach.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

sys.dont_write_bytecode = True  # the sources stay as they are
HERE = Path(__file__).resolve().parent.parent

import broken
import figures
import report
from guest import PROGRAMS, check_findings, run_guest
from initramfs import Missing, pack
from machine import MODELS, MODES, Order, make_disks
from snapshot import run_snapshot

SKIPPED = 77
CARELESS = "careless.ko"


def cache_folder():
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "libsmmu-qemu"
    return Path(os.environ.get("SMMU_QEMU_CACHE") or default)


def arguments():
    parser = argparse.ArgumentParser(prog="linux", description=__doc__.split("\n\n")[0], epilog="Modes: " + "; ".join(
        f"{mode.name}, {mode.says}" for mode in MODES.values()) + ".")
    parser.add_argument("--mode", nargs="+", metavar="NAME", choices=list(MODES), default=list(MODES), help="only these")
    parser.add_argument("--model", choices=list(MODELS), help="only this one; both are run if it is not given")
    parser.add_argument("--no-build", action="store_true", help="take what is in the cache folder as it is")
    parser.add_argument("--statistics", action="store_true", help="count hits, misses, walks and commands too, which takes time")
    parser.add_argument("--broken", action="store_true",
                        help="instead, put each fault of broken/ into the library and demand that mode strict fails")
    parser.add_argument("--check", action="store_true",
                        help="libsmmu's checker sees each access: nothing may be found that the guest should have invalidated")
    parser.add_argument("--forget", type=int, metavar="N",
                        help="instead, every N-th TLBI of a short run is lost, as if the guest had forgotten it: that must be found")
    parser.add_argument("--careless", action="store_true",
                        help="instead, a driver in the guest unmaps a page, and detaches its device, and does not invalidate in time: "
                             "that must be found, with the command that was missing; mode strict, or those given of " +
                             ", ".join(mode.name for mode in MODES.values() if mode.takes_modules))
    parser.add_argument("--record", metavar="FILE", help="record all that libsmmu met, in a short run of mode strict or the one given")
    parser.add_argument("--keep", metavar="DIR", help="leave consoles, disks and messages there")
    parser.add_argument("--json", metavar="FILE", help="write what was found there, too")
    parser.add_argument("--jobs", type=int, metavar="N", default=os.cpu_count(), help="guests at a time; default: %(default)s")
    parser.add_argument("--limit", type=float, metavar="SECONDS", default=180, help="for one guest; default: %(default)s")
    return parser.parse_args()


# ---- What is there ----


def build(options):
    """Exit status of the script that obtains and builds all that is missing."""
    if options.no_build:
        return 0
    return PROGRAMS.start([HERE / "build", *(["--module"] if options.careless else [])]).wait()


def kernel_there(cache, mode):
    if (cache / mode.kernel).exists():
        return True
    print(f"{mode.name}: skipped, for there is no {cache / mode.kernel}")
    return False


def missing(cache, models, careless):
    """What no run can do without."""
    needed = [*(MODELS[model] for model in models), "linux-4k", "busybox/bin/busybox", *([CARELESS] if careless else [])]
    return [name for name in needed if not (cache / name).exists()]


# ---- Runs ----


class Runs:
    """The guests of one call of this program, each in a folder of its own."""

    def __init__(self, options, cache, folder):
        self.options, self.cache, self.folder = options, cache, folder
        self.initramfs, self.modules = {}, []

    def prepare(self, mode):
        """The file system of a mode's kernel, made once."""
        if mode.kernel not in self.initramfs:
            path = self.folder / f"{mode.kernel}.cpio.gz"
            path.write_bytes(pack(self.cache / mode.kernel, self.cache / "busybox/bin/busybox", HERE / "guest/init", self.modules))
            self.initramfs[mode.kernel] = path
        return self.initramfs[mode.kernel]

    def order(self, mode, model, binary=None, name=""):
        folder = self.folder / (name or f"{mode.name}-{model}")
        folder.mkdir()
        return Order(mode, model, binary or self.cache / MODELS[model], self.cache / mode.kernel, self.prepare(mode), folder)

    def run(self, order, limit=None):
        trace = order.folder / "trace"
        if self.options.statistics:
            order.extra += figures.options(order.model, trace)
        if self.options.check and order.model == "libsmmu":
            order.extra += ["-global", "arm-smmuv3.check=on"]
        make_disks(order)
        runner = run_snapshot if order.mode.work == "hold" else run_guest
        found = runner(order, limit or self.options.limit)
        check_findings(found, order)
        if trace.exists():
            found.figures.update(figures.count_trace(trace))
            trace.unlink()
        if not self.options.keep:
            shutil.rmtree(order.folder)
        return found

    def run_all(self, orders):
        """What each run found, by mode and model, in the order of the orders; says each as it ends."""
        began, done = time.monotonic(), {}
        with ThreadPoolExecutor(max(1, self.options.jobs)) as pool:
            futures = {pool.submit(self.run, order): order for order in orders}
            try:
                for future in as_completed(futures):
                    order, found = futures[future], future.result()
                    done[order.mode.name, order.model] = found
                    passed = sum(not why for why in found.checks.values())
                    print(f"{order.mode.name}, {order.model}: {passed} of {len(found.checks)} checks passed, {found.wall:.1f} s",
                          file=sys.stderr, flush=True)
            except BaseException:
                PROGRAMS.stop()
                pool.shutdown(cancel_futures=True)
                raise
        names = [(order.mode.name, order.model) for order in orders]
        return {name: done[name] for name in names}, time.monotonic() - began


# ---- What is said of it ----


def tell(results, seconds):
    sections = [report.checks(results), report.failures(results), report.events(results), report.times(results),
                figures.meter(results), figures.statistics(results)]
    for lines in filter(None, sections):
        print("\n".join(lines), end="\n\n")
    failed = len(report.failures(results))
    count = sum(len(found.checks) for found in results.values())
    print(f"{count - failed} of {count} checks passed in {len(results)} runs, {seconds:.0f} s")


def write_json(path, results):
    rows = [{"mode": mode, "model": model, "passed": found.passed, "checks": found.checks, "driver": found.driver,
             "events": [[f"{word:#018x}" for word in record] for record in found.events], "figures": found.figures,
             "wall": round(found.wall, 3), "cpu": round(found.cpu, 3), "guest": found.times}
            for (mode, model), found in results.items()]
    Path(path).write_text(json.dumps(rows, indent=1) + "\n")


def usual(options, runs):
    models = [options.model] if options.model else list(MODELS)
    modes = [MODES[name] for name in dict.fromkeys(options.mode) if kernel_there(runs.cache, MODES[name])]
    results, seconds = runs.run_all([runs.order(mode, model) for mode in modes for model in models])
    tell(results, seconds)
    if options.json:
        write_json(options.json, results)
    return 0 if results and all(found.passed for found in results.values()) else 1


def record(options, runs):
    """A short run of one mode, of which libsmmu writes down all that it meets."""
    mode = MODES[options.mode[0] if len(options.mode) == 1 else "strict"]
    order = runs.order(mode, "libsmmu")
    order.work = "short"
    order.extra += ["-global", f"arm-smmuv3.record={Path(options.record).resolve()}"]
    results, seconds = runs.run_all([order])
    tell(results, seconds)
    return 0 if all(found.passed for found in results.values()) else 1


def forget(options, runs):
    """A short run of one mode in which TLBIs are lost: the checker must say so, and which."""
    order = runs.order(MODES[options.mode[0] if len(options.mode) == 1 else "strict"], "libsmmu")
    order.work = "short"
    order.extra += ["-global", "arm-smmuv3.check=on", "-global", f"arm-smmuv3.forget={options.forget}"]
    found = runs.run(order)
    named = [finding for finding in found.findings if "CMD_TLBI_" in finding.rpartition("needed:")[2]]
    print("\n".join(named[:1]).replace(";", "\n"))
    causes = len({finding.split(" ")[0] for finding in named})
    print(f"{len(named)} of {len(found.findings)} findings name a TLBI, of {causes} causes; every {options.forget}th was lost")
    return 0 if named else 1


def careless(options, runs):
    """A run whose guest forgets an invalidation: the checker must find that, and nothing else."""
    modes = [MODES[name] for name in (["strict"] if options.mode == list(MODES) else options.mode)]
    for mode in modes:
        if not mode.takes_modules:
            sys.exit(f"linux: --careless cannot be had in mode {mode.name}")
    runs.modules.append(runs.cache / CARELESS)
    orders = [runs.order(mode, "libsmmu") for mode in modes]
    for order in orders:
        order.work = "careless"
        order.extra += ["-global", "arm-smmuv3.check=on"]
    results, seconds = runs.run_all(orders)
    for found in results.values():
        print("\n".join(found.findings).replace(";", "\n"), end="\n\n")
    tell(results, seconds)
    return 0 if all(found.passed for found in results.values()) else 1


def work(options, runs):
    if options.careless:
        return careless(options, runs)
    if options.forget:
        return forget(options, runs)
    if options.broken:
        return broken.run(runs, HERE)
    return record(options, runs) if options.record else usual(options, runs)


def stop(number, frame):
    raise KeyboardInterrupt


def main():
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    status = build(options)
    if status:
        print("skipped: what QEMU and the guest need can neither be found nor obtained" if status == SKIPPED else
              f"{HERE / 'build'} ended with status {status}")
        return SKIPPED if status == SKIPPED else 1
    cache = cache_folder()
    absent = missing(cache, [options.model] if options.model else list(MODELS), options.careless)
    if absent:
        print(f"skipped: {', '.join(absent)} not found in {cache}; {HERE / 'build'} makes them")
        return SKIPPED
    folder = Path(options.keep or tempfile.mkdtemp(prefix="libsmmu-qemu-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return work(options, Runs(options, cache, folder))
    finally:
        PROGRAMS.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Missing, broken.Unfit, FileExistsError, subprocess.SubprocessError) as error:
        sys.exit(f"linux: {error}")
    except KeyboardInterrupt:
        sys.exit("linux: interrupted; everything it started has ended")
