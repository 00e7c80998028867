# SPDX-License-Identifier: MIT
"""Which test cites which requirement.

A test cites a requirement by its ID in a comment: STE-25, CMD-TLBI-NH-1.  Neighbours may be written as a range, with
both IDs whole: ATTR-02 to ATTR-05.  A comment inside a test, or directly before it, speaks for that test; any other,
at the head of a file or beside a row of a table, for the file.

Not cited are tables of DDI 0487, whose names look alike: D8-65.
"""

import ast
import io
import re
import tokenize
from typing import NamedTuple

UNREAD = {"house", "data"}  # not about the SMMU
HELPERS = {"support", "obvious", "mutants"}  # what tests use: read, but only what stands in a test_*.c is a test

ID = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+"
CITED = re.compile(rf"\b({ID})\b(?:\s+to\s+({ID})\b)?")
NUMBERED = re.compile(r"(.*-)(\d+)")
LOOKS_LIKE_ONE = re.compile(r"(?!D8-)[A-Z][A-Z0-9]*-\d\d.*")
SHORT_RANGE = re.compile(rf"\b({ID})\s*(?:\.\.|[–—/]|\bto\b|\bthrough\b)\s*\d")

C_TOKEN = re.compile(r"""(?P<comment> /\*.*?\*/ | //[^\n]* )
                       | \bSTART_TEST \s* \( \s* (?P<start>\w+) \s* \)
                       | (?P<end> \bEND_TEST\b )
                       | (?P<code> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | \w+ | \S )""", re.S | re.X)


class Note(NamedTuple):
    """A comment: the line it begins in, its text, and the test it speaks for, "" for the file."""
    line: int
    text: str
    test: str


class Citation(NamedTuple):
    id: str
    path: str  # from the root
    line: int
    test: str  # "": the file


def c_notes(text):
    test, waiting = "", []
    for token in C_TOKEN.finditer(text):
        if token.lastgroup == "comment":
            comment = re.sub(r"(?m)^(\s*)\*", r"\1 ", token["comment"])
            waiting.append((text.count("\n", 0, token.start()) + 1, comment))
            continue
        if token.lastgroup == "start":
            test = token["start"]
        yield from (Note(*note, test) for note in waiting)
        waiting = []
        if token.lastgroup == "end":
            test = ""
    yield from (Note(*note, "") for note in waiting)


def py_tests(tree, comments):
    """First line, with the comments before it, last line and name of each test."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            first = min(line.lineno for line in [node, *node.decorator_list])
            while first - 1 in comments:
                first -= 1
            yield first, node.end_lineno, node.name


def py_notes(text):
    tree = ast.parse(text)
    texts = {token.start[0]: token.string for token in tokenize.generate_tokens(io.StringIO(text).readline)
             if token.type == tokenize.COMMENT}
    tests = list(py_tests(tree, set(texts)))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            texts[node.body[0].lineno] = ast.get_docstring(node, clean=False)
    for line, comment in sorted(texts.items()):
        yield Note(line, comment, next((name for first, last, name in tests if first <= line <= last), ""))


def sh_notes(text):
    for line, content in enumerate(text.split("\n"), 1):
        found = re.search(r"(?:^|\s)#(.*)", content)
        if found:
            yield Note(line, found[1], "")


def list_notes(text):
    """What mutants break."""
    for line, content in enumerate(text.split("\n"), 1):
        if content.startswith("breaks:"):
            yield Note(line, content, "")


NOTES = {".c": c_notes, ".h": c_notes, ".py": py_notes, ".sh": sh_notes, ".list": list_notes}


def spread(first, last, known):
    """The IDs from first to last; None if these two are no range."""
    begin, end = NUMBERED.fullmatch(first), NUMBERED.fullmatch(last)
    if not begin or not end or begin[1] != end[1] or int(begin[2]) >= int(end[2]):
        return None
    ids = [f"{begin[1]}{number:0{len(begin[2])}}" for number in range(int(begin[2]), int(end[2]) + 1)]
    return ids if all(one in known for one in ids) else None


def read(note, known):
    """Each ID of a note with its line, or None for the ID and what is wrong."""
    def line(match):
        return note.line + note.text.count("\n", 0, match.start())

    for match in SHORT_RANGE.finditer(note.text):
        if match[1] in known:
            yield line(match), None, f"a range is written with both IDs whole: {match[1]} to ..."
    for match in CITED.finditer(note.text):
        wrong = [one for one in match.groups() if one and one not in known]
        ids = spread(match[1], match[2], known) if match[2] else [match[1]]
        for one in wrong:
            if LOOKS_LIKE_ONE.fullmatch(one):
                yield line(match), None, f"{one} is no requirement"
        if not wrong and ids is None:
            yield line(match), None, f"{match[1]} to {match[2]} is no range of requirements"
        for one in ids or match.groups():
            if one in known:
                yield line(match), one, None


def counts(path):
    """Whether what is cited in a file is thereby tested.  Helpers prove nothing, wherever they are used."""
    if path.name.startswith("test_"):
        return True
    return path.parent.name not in HELPERS and not path.name.startswith("_")


def citations(root, known):
    """All citations of root/tests that count, and all errors as file:line: sentence."""
    cited, wrong = [], []
    for path in sorted((root / "tests").rglob("*")):
        where = path.relative_to(root)
        if path.suffix not in NOTES or len(where.parts) < 3 or where.parts[1] in UNREAD:
            continue
        for note in NOTES[path.suffix](path.read_text(encoding="utf-8")):
            for line, one, why in read(note, known):
                if why:
                    wrong.append(f"{where}:{line}: {why}")
                elif counts(where):
                    cited.append(Citation(one, where.as_posix(), line, note.test))
    return cited, wrong
