#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests the tests: puts each listed fault into a copy of the library, and expects the test that is said to kill it to fail.

    run.py [--room ROOM] [--name NAME] [--by TEST] [--sample N [--seed SEED]] [--jobs N]
    run.py --list       prints the mutants
    run.py --check      builds nothing: does each still fit the code and its test?
    run.py --find       for authors: which tests kill them

One line a mutant; exit 1 if one survives or is not as its list says.  Nothing is written where the sources are.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import json
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True  # the sources stay as they are

from lists import (Wrong, by_tool, check_killer, cited, mutated, places, read_lists, recording, region_of, replayed, scenario,
                   source_of, target_of)

sys.path[1:1] = [str(Path(__file__).resolve().parent.parent / folder) for folder in ("house", "cli")]
from _round import with_small_queue
from conformance import Malformed, load_requirements

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COPIED = ["CMakeLists.txt", "cmake", "include", "lib", "tests"]
TOOLS = "tools"  # copied and built where smmu-sim finds the fault
MACHINES = "configs"  # what it runs
CONFIGURATION = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS_DEBUG=-O0", "-DSMMU_BUILD_BENCH=OFF", "-DSMMU_BUILD_TESTS=ON",
                 "-Wno-dev", "-DCMAKE_CXX_COMPILER=NOTFOUND"]  # nobody looks for one
TEST_SECONDS = 60  # and ten times what the test takes without a fault
BUILD_SECONDS = 300
FAILURE = re.compile(r"^[^\n]*?:\d+:([FE]):[^:\n]*:(\w+):-?\d+: (.*)$", re.M)  # as Check prints it


class TookTooLong(Wrong):
    """A program was killed before it ended."""


# ---- Programs, all of which end with us ----


class Programs:
    """Runs programs, each in a session of its own so that it can be killed with all its children."""

    def __init__(self):
        self.running, self.lock, self.stopped = set(), threading.Lock(), False

    def run(self, command, seconds, **options):
        """Exit status and output, standard error with it."""
        with self.lock:
            self.go_on()
            program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                       errors="replace", stdin=subprocess.DEVNULL, start_new_session=True, **options)
            self.running.add(program)
        try:
            output, _ = program.communicate(timeout=seconds)
            self.go_on()
            return program.returncode, output
        except subprocess.TimeoutExpired:
            raise TookTooLong(f"{command[0]} takes more than {seconds:.0f} seconds") from None
        finally:
            self.end(program)

    def go_on(self):
        if self.stopped:
            raise KeyboardInterrupt

    @staticmethod
    def kill(program):
        """Check puts each test into a process group of its own, and ends it when asked to end, not when killed."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(timeout=5)

    def end(self, program):
        if program.poll() is None:
            self.kill(program)
        program.stdout.close()
        self.running.discard(program)

    def stop(self):
        with self.lock:
            self.stopped = True
        for program in list(self.running):
            self.kill(program)


# ---- A copy of the library to spoil ----


def test_environment(root, build):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CK_")}
    return {**plain, "SMMU_SOURCE_DIR": str(root), "SMMU_BUILD_DIR": str(build)}


def differing(output):
    """The kinds of lines that differ, from the object that smmu-sim prints."""
    kinds = json.loads(output)["summary"]["kinds"]
    return {kind["kind"]: ("F", f"{kind['different']} lines") for kind in kinds if kind["different"]}


def ending_otherwise(output):
    """The masters whose accesses end otherwise than the trace says, likewise."""
    lines = [line for line in json.loads(output)["accesses"] if line.get("failed") and "master" in line.get("access", {})]
    return {line["access"]["master"]: ("F", line["difference"]) for line in lines}


class Copy:
    """A copy of the sources and its build, in a temporary folder."""

    def __init__(self, folder, programs, tools=False, platform=False):
        self.platform = tools or platform
        self.root, self.build, self.programs, self.tools = Path(folder) / "source", Path(folder) / "build", programs, tools
        self.seconds = {}  # that each test takes
        self.cmake = os.environ.get("CMAKE", "cmake")
        self.root.mkdir()
        for name in [*COPIED, TOOLS, MACHINES] if tools else COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, self.root / name)

    def configure(self):
        compiler, tools = os.environ.get("CC"), "ON" if self.tools else "OFF"
        platform = "ON" if self.platform else "OFF"
        self.must([self.cmake, "-S", self.root, "-B", self.build, "-G", "Ninja", *CONFIGURATION,
                   f"-DSMMU_BUILD_PLATFORM={platform}", f"-DSMMU_BUILD_TOOLS={tools}",
                   *([f"-DCMAKE_C_COMPILER={compiler}"] if compiler else [])])

    def must(self, command):
        status, output = self.programs.run(command, BUILD_SECONDS)
        if status:
            raise Wrong(output[-4000:])

    def make(self, tests, jobs=1):
        self.must([self.cmake, "--build", self.build, "-j", str(jobs), "--target", *map(target_of, tests)])

    def run(self, test, command):
        return self.programs.run(command, TEST_SECONDS + 10 * self.seconds.get(test, 0), cwd=self.build,
                                 env=test_environment(self.root, self.build))

    def recording(self, test):
        """What is replayed; a capture with a smaller Command queue is made of the other."""
        path, (name, lg2) = recording(self.root, test), replayed(test)
        if not lg2:
            return path
        smaller = self.build / f"{name}-{lg2}"
        return smaller if smaller.exists() else with_small_queue(path, smaller, int(lg2))

    def replay(self, test):
        """What differs in a replay, as {kind of line: ("F", how many)}; None if nothing does."""
        caches = ["--caches", places(test)] if places(test) else []
        return self.ask(test, differing, "replay", self.recording(test), *caches)

    def run_scenario(self, test):
        """Whose accesses end otherwise than a trace says, likewise."""
        return self.ask(test, ending_otherwise, "run", "-c", self.root / MACHINES / f"{scenario(test)}.yaml", "--strict")

    def ask(self, test, read, *arguments):
        """Runs smmu-sim, and what its answer says where it finds a fault; None if it does not."""
        status, output = self.run(test, [self.build / TOOLS / "smmu-sim" / "smmu-sim", *arguments, "--json"])
        return read(output) if status == 1 else {} if status else None

    def run_test(self, test):
        """What fails in a test program, as {function: (kind, message)}; None if it succeeds."""
        if by_tool(test):
            return self.replay(test) if replayed(test) else self.run_scenario(test)
        status, output = self.run(test, [self.build / "tests" / target_of(test)])
        return {function: (kind, text) for kind, function, text in FAILURE.findall(output)} if status else None

    def prepare(self, tests, jobs):
        """Builds the library without a fault; its tests succeed, or their failures would prove nothing."""
        self.configure()
        self.make(tests, jobs)
        for test in tests:
            start = time.monotonic()
            if self.run_test(test) is not None:
                raise Wrong(f"{test} fails without any mutant")
            self.seconds[test] = time.monotonic() - start

    @contextlib.contextmanager
    def spoilt(self, mutant):
        path = self.root / mutant.file
        text = path.read_text(encoding="utf-8")
        path.write_text(mutated(text, mutant), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")


# ---- One mutant ----


def manner(kind, message):
    """How a test ended a mutant: by a check, or because the mutant crashed or hung, which is worth a word."""
    if kind == "F":
        return ""
    return " (timeout)" if "timeout" in message.lower() else " (crash)"


def verdict_of(mutant, failed):
    """Word and sentence about what the killing test did with a mutant."""
    if failed is None:
        return "survived", f"{mutant.name}: {mutant.test} {mutant.function} does not see it ({mutant.breaks})"
    if failed and mutant.function not in failed:
        return "invalid", f"{mutant.name}: in {mutant.test} not {mutant.function} but {', '.join(failed)} fails"
    how = manner(*failed[mutant.function]) if failed else " (crash)"
    return "killed", f"{mutant.name} by {mutant.test}: {mutant.function}{how} ({mutant.breaks})"


def judge(copy, mutant):
    with copy.spoilt(mutant):
        try:
            copy.make([mutant.test])
        except Wrong as error:
            return "invalid", f"{mutant.name} does not compile:\n{error}"
        try:
            return verdict_of(mutant, copy.run_test(mutant.test))
        except TookTooLong:
            return "killed", f"{mutant.name} by {mutant.test}: {mutant.function} (timeout) ({mutant.breaks})"


# ---- For authors ----


def all_tests(root, pattern=""):
    """Every Check program of the core that pattern finds."""
    sources = sorted((root / "tests").glob("*/test_*.c"))
    tests = [f"{s.parent.name}.{s.stem[len('test_'):]}" for s in sources if s.parent.name != "platform"]
    return [test for test in tests if re.search(pattern, test)]


def killers(copy, mutant, tests):
    """Lines for the list: every test that kills a mutant, those first that cite what it breaks."""
    lines, known = [], load_requirements(copy.root)
    for test in tests:
        text = (copy.root / source_of(test)).read_text(encoding="utf-8")
        try:
            failed = copy.run_test(test)
        except TookTooLong:
            failed = {"(timeout)": None}
        for function in failed or {}:
            cites = mutant.breaks in cited(region_of(text, function) or "", known)
            lines.append((not cites, f"killed by: {test} {function}", "" if cites else "   # does not cite it"))
    return [line + remark for _, line, remark in sorted(lines)]


def find(tests, copy, mutant):
    with copy.spoilt(mutant):
        try:
            copy.make(tests)
        except Wrong as error:
            return "invalid", f"{mutant.name} does not compile:\n{error}"
        found = killers(copy, mutant, tests)
    word = "killed" if found else "survived"
    return word, "\n    ".join([f"{mutant.name} ({mutant.breaks})", *found])


# ---- All of them ----


def guarded(judged, copy, mutant):
    try:
        return judged(copy, mutant)
    except Wrong as error:
        return "invalid", f"{mutant.name}: {error}"


def by_file(mutants):
    """Mutants of one file together: putting one right and the next wrong is one compilation."""
    groups = {}
    for mutant in mutants:
        groups.setdefault(mutant.file, []).append(mutant)
    return list(groups.values())


def shares(groups, jobs):
    """Groups that workers can share: none much larger than what each gets."""
    share = max(1, sum(map(len, groups)) // (4 * jobs))
    return [group[i:i + share] for group in groups for i in range(0, len(group), share)]


def run_all(mutants, judged, tests, jobs, report):
    """Judges mutants with so many workers, each with a copy of its own.  Whatever happens, nothing is left behind."""
    left, programs = queue.SimpleQueue(), Programs()
    for group in shares(by_file(mutants), jobs):
        left.put(group)

    def work():
        with tempfile.TemporaryDirectory(prefix="smmu-mutants-", ignore_cleanup_errors=True) as folder:
            copy = Copy(folder, programs, any(map(by_tool, tests)), any(test.startswith("platform.") for test in tests))
            copy.prepare(tests, max(1, (os.cpu_count() or 1) // jobs))
            with contextlib.suppress(queue.Empty):
                while True:
                    for mutant in left.get_nowait():
                        report(*guarded(judged, copy, mutant))

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        workers = [pool.submit(work) for _ in range(jobs)]
        try:
            for worker in concurrent.futures.as_completed(workers):
                worker.result()
        except BaseException:
            programs.stop()
            raise


class Report:
    """A line for each mutant as it is judged, and the count."""

    def __init__(self):
        self.count, self.lock = {"killed": 0, "survived": 0, "invalid": 0}, threading.Lock()

    def __call__(self, word, sentence):
        with self.lock:
            self.count[word] += 1
            print(f"{word:<8}  {sentence}", flush=True)

    def sum(self):
        invalid = f", {self.count['invalid']} invalid" if self.count["invalid"] else ""
        print(f"{self.count['killed']} killed, {self.count['survived']} survived{invalid}")
        return 0 if self.count["killed"] and not self.count["survived"] and not self.count["invalid"] else 1


# ---- Which of them ----


def commit():
    """The commit that is tested, so that each has another sample; without git, nothing rotates."""
    git = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return git.stdout.strip() if git.returncode == 0 else "0"


def sample(mutants, number, seed):
    if number is None or number >= len(mutants):
        return mutants
    print(f"a sample of {number} of {len(mutants)}; again with --seed {seed}")
    chosen = set(random.Random(seed).sample(sorted(m.name for m in mutants), number))
    return [m for m in mutants if m.name in chosen]


def select(mutants, options):
    chosen = [m for m in mutants if options.room in (None, m.room) and options.name in (None, m.name) and re.search(options.by, m.test)]
    if not chosen:
        raise Wrong("no such mutant")
    return sample(chosen, options.sample, options.seed or commit())


def print_list(mutants):
    for m in mutants:
        print(f"{m.room:<7} {m.name}  {m.breaks}  {m.test} {m.function}")
    print(f"{len(mutants)} mutants")
    return 0


def statically_right(mutants, report):
    """Those whose list is right as far as reading tells; the others are reported."""
    right, known = [], load_requirements(ROOT)
    for mutant in mutants:
        try:
            mutated((ROOT / mutant.file).read_text(encoding="utf-8"), mutant)
            check_killer(ROOT, mutant, known)
            right.append(mutant)
        except (Wrong, OSError) as error:
            report("invalid", f"{mutant.where}: {mutant.name}: {error}")
    return right


def check(mutants, report):
    right = statically_right(mutants, report)
    print(f"{len(right)} of {len(mutants)} mutants fit the code and the tests")
    return int(len(right) != len(mutants))


def parse_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", help="only mutants of lib/ROOM; core: those beside the rooms")
    parser.add_argument("--name", help="only this mutant")
    parser.add_argument("--by", default="", metavar="PATTERN", help="only those that tests like this kill: '^replay ', 'prog.eventq'")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, by chance")
    parser.add_argument("--seed", help="of that chance; else the commit")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="copies of the library at a time")
    parser.add_argument("--list", action="store_true", help="print them")
    parser.add_argument("--check", action="store_true", help="only look whether they fit the code and the tests")
    parser.add_argument("--find", action="store_true", help="print which tests kill them")
    parser.add_argument("--tests", default="", metavar="PATTERN", help="with --find, only tests like config or xlate.nested")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample takes a number from 1")
    return options


def main(arguments):
    options = parse_options(arguments)
    chosen = select(read_lists(HERE), options)
    if options.list:
        return print_list(chosen)
    report = Report()
    if options.check:
        return check(chosen, report)
    jobs = max(1, min(options.jobs, len(chosen)))
    if options.find:
        tests = all_tests(ROOT, options.tests)
        run_all(chosen, functools.partial(find, tests), tests, jobs, report)
    else:
        chosen = statically_right(chosen, report)
        run_all(chosen, judge, sorted({m.test for m in chosen}), jobs, report)
    return report.sum()


def interrupted(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    try:
        sys.exit(main(sys.argv[1:]))
    except (Wrong, Malformed) as error:
        sys.exit(f"run.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
