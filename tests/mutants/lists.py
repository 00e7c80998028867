# SPDX-License-Identifier: MIT
"""Lists of mutants: how they are read, where each applies, and what the test that kills it cites.  README.md has the form."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "house"))
from citations import c_notes, py_notes, read

KEYS = {"name", "file", "breaks", "killed by"}


class Wrong(Exception):
    """A list, or a mutant in it, is not as README.md says."""


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str  # from the root of the repository
    old: str
    new: str
    breaks: str  # a requirement
    test: str = ""  # as CTest names it, or "replay DATA[:LG2][@PLACES]", or "run CONFIG"; empty: not known yet
    function: str = ""  # of a replay: the kind of line that differs; of a run: the master whose access ends otherwise
    where: str = ""

    @property
    def room(self):
        """lib/walk/walk.c is of room walk; lib/smmu.c, beside the rooms, of core."""
        parts = Path(self.file).parts
        return parts[1] if len(parts) > 2 else "core"

    @property
    def target(self):
        return target_of(self.test)


# ---- Reading ----


def blocks(text):
    """Number of the first line, and the lines, of each block; blank lines part them, comments do not count."""
    block, start = [], 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            start = start or number
            block.append(line.rstrip())
        elif block:
            yield start, block
            block, start = [], 0


def read_line(line, where):
    """The key of a line and what it says; of code, the sign."""
    if line[0] in "-+":
        return line[0], line[1:].strip()
    key, colon, value = line.partition(":")
    if not colon or key not in KEYS:
        raise Wrong(f"{where}: {line!r} is no line of a mutant")
    return key, value.strip()


def read_block(lines, where):
    said = {}
    for line in lines:
        key, value = read_line(line, where)
        if key in KEYS and key in said:
            raise Wrong(f"{where}: two lines {key!r}")
        said[key] = f"{said[key]} {value}" if key in said else value
    for key in ("name", "file", "-", "+", "breaks"):
        if key not in said or (key != "+" and not said[key]):
            raise Wrong(f"{where}: no line {key!r}")
    test, _, function = said.get("killed by", "").rpartition(" ")
    return Mutant(said["name"], said["file"], said["-"], said["+"], said["breaks"], test.strip(), function, where)


def read_list(text, name):
    return [read_block(lines, f"{name}:{start}") for start, lines in blocks(text)]


def read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Wrong(f"{path.name}:1: {error}") from None


def read_lists(folder):
    """Every mutant of every list of a folder; a name belongs to one."""
    mutants, names = [], {}
    for path in sorted(folder.glob("*.list")):
        for mutant in read_list(read_text(path), path.name):
            if mutant.name in names:
                raise Wrong(f"{mutant.where}: {mutant.name} is also in {names[mutant.name]}")
            names[mutant.name] = mutant.where
            mutants.append(mutant)
    return mutants


# ---- Where a mutant applies ----


def mutated(text, mutant):
    """text with the fault in it.  The old text stands there exactly once; runs of white space are all alike."""
    pattern = r"\s+".join(re.escape(word) for word in mutant.old.split())
    found = list(re.finditer(pattern, text))
    if len(found) != 1:
        raise Wrong(f"{mutant.file} has {mutant.old!r} {len(found)} times, not once")
    changed = text[:found[0].start()] + mutant.new + text[found[0].end():]
    if changed == text:
        raise Wrong(f"{mutant.name} changes nothing")
    return changed


# ---- Which test kills it ----


REPLAY = "replay "
REPLAYED = "RDIVT"  # kinds of lines that may differ
RUN = "run "


def replayed(test):
    """What smmu-sim replays to kill a mutant, its folder, and log2 of the entries of a smaller Command queue or ""; None: it
    is not replayed."""
    name, _, lg2 = test.removeprefix(REPLAY).partition("@")[0].partition(":")
    return (name, lg2) if test.startswith(REPLAY) else None


def places(test):
    """How many places each cache has in a replay, as written; "": there are none."""
    return test.partition("@")[2]


def scenario(test):
    """The machine of configs/ that smmu-sim runs to kill a mutant; None: it runs none."""
    return test.removeprefix(RUN) if test.startswith(RUN) else None


def by_tool(test):
    """Whether smmu-sim is what finds the fault, not a Check program."""
    return bool(replayed(test) or scenario(test))


def recording(root, test):
    """The session or the capture that is replayed."""
    folder = root / "tests/data" / replayed(test)[0]
    session = folder / "session.txt.gz"
    return session if session.exists() else folder


def target_of(test):
    """The target that builds a test of CTest: room.name is test-room-name."""
    return "smmu-sim" if by_tool(test) else "test-" + test.replace(".", "-", 1)


def source_of(test):
    if by_tool(test):
        return "tests/cli/replay.py" if replayed(test) else "tests/cli/configs.py"
    room, _, name = test.partition(".")
    return f"tests/{room}/test_{name}.c"


def region_of(text, function):
    """A test with what stands before it since the test before: its comment, its rows; or None."""
    start = re.search(rf"START_TEST\({re.escape(function)}\)", text)
    if not start:
        return None
    before = text.rfind("END_TEST", 0, start.start())
    end = text.find("END_TEST", start.end())
    return text[max(before, 0):end]


# What has no requirement is said where it stands: a section, or a public header.
SECTION = re.compile(r"D?\d+(\.\d+)+|[a-z]+\.h")


def sections(text):
    """The sections and headers that the comments of a piece of a test program name."""
    return {section for note in c_notes(text) for section in re.findall(r"\b" + SECTION.pattern.replace("(", "(?:") + r"\b", str(note))}


def cited(text, known):
    """The requirements that the comments of a piece of a test program cite."""
    return {one for note in c_notes(text) for _, one, _ in read(note, known) if one}


def check_cited(root, mutant, known):
    """The script that does with smmu-sim what kills the mutant cites what it breaks."""
    notes = py_notes((root / source_of(mutant.test)).read_text(encoding="utf-8"))
    if mutant.breaks not in {one for note in notes for _, one, _ in read(note, known)}:
        raise Wrong(f"{source_of(mutant.test)} does not cite {mutant.breaks}")


def check_replay(root, mutant, known):
    """There is something to replay, and a kind of line."""
    if not recording(root, mutant.test).exists():
        raise Wrong(f"there is no tests/data/{replayed(mutant.test)[0]}")
    if mutant.function not in set(REPLAYED):
        raise Wrong(f"{mutant.function} is no kind of line that differs: {', '.join(REPLAYED)}")
    check_cited(root, mutant, known)


def check_scenario(root, mutant, known):
    """There is a machine with a trace, and a master in it."""
    config = root / "configs" / f"{scenario(mutant.test)}.yaml"
    if not config.is_file() or not config.with_suffix(".trace").is_file():
        raise Wrong(f"there is no configs/{config.name} with a trace")
    if not re.search(rf"\bname: {re.escape(mutant.function)}\b", config.read_text(encoding="utf-8")):
        raise Wrong(f"configs/{config.name} has no master {mutant.function}")
    check_cited(root, mutant, known)


def check_test(root, mutant, known):
    """The test is there, and cites what the mutant breaks."""
    source = root / source_of(mutant.test)
    region = region_of(source.read_text(encoding="utf-8"), mutant.function) if source.is_file() else None
    if region is None:
        raise Wrong(f"there is no {mutant.function} in {source_of(mutant.test)}")
    if mutant.breaks not in (sections(region) if SECTION.fullmatch(mutant.breaks) else cited(region, known)):
        raise Wrong(f"{mutant.function} of {mutant.test} does not cite {mutant.breaks}")


def check_killer(root, mutant, known):
    """What the list says to kill the mutant can do so, and says that it is about this, one of the known requirements."""
    if mutant.breaks not in known and not SECTION.fullmatch(mutant.breaks):
        raise Wrong(f"{mutant.breaks} is no requirement")
    if not mutant.test or not mutant.function:
        raise Wrong("no test is said to kill it")
    check = check_replay if replayed(mutant.test) else check_scenario if scenario(mutant.test) else check_test
    check(root, mutant, known)
