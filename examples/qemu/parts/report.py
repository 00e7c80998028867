# SPDX-License-Identifier: MIT
"""What was found, as tables: one column for each run, the two models of a mode side by side."""

SHORT = {"libsmmu": "lib", "own": "own"}
CELL = 7


def columns(results):
    """The modes in their order, and the models of each."""
    modes = {}
    for mode, model in results:
        modes.setdefault(mode, []).append(model)
    return modes


def names_of(results, what):
    """All names of a kind, in the order in which they first came."""
    return list(dict.fromkeys(name for found in results.values() for name in what(found)))


def width_of(mode, models, cell):
    return max(cell * len(models), len(mode) + 1)


def table(results, rows, cell_of, cell=CELL, title=""):
    """Lines of a table: the value of each row for each run, right under the mode and the model."""
    modes = columns(results)
    left = max([len(title), *(len(row) for row in rows)]) + 2
    head = "".join(f" {mode:>{width_of(mode, models, cell)}}" for mode, models in modes.items())
    lines = [f"{title:{left}}{head}"]

    def line(row, value):
        cells = []
        for mode, models in modes.items():
            text = "".join(f"{value(mode, model):>{cell}}" for model in models)
            cells.append(f" {text:>{width_of(mode, models, cell)}}")
        return f"{row:{left}}{''.join(cells)}".rstrip()

    lines.append(line("", lambda mode, model: SHORT[model]))
    lines += [line(row, lambda mode, model, row=row: cell_of(results[mode, model], row)) for row in rows]
    return lines


# ---- Checks ----


def check_cell(found, name):
    if name not in found.checks:
        return "-"
    return "FAILED" if found.checks[name] else "ok"


def checks(results):
    return table(results, names_of(results, lambda found: found.checks), check_cell)


def failures(results):
    return [f"{mode}, {model}: {name}: {why}"
            for (mode, model), found in results.items() for name, why in found.checks.items() if why]


# ---- Event records ----


def words(record):
    return " ".join(f"{word:016x}" for word in record) if record else "no record"


def difference(one, other):
    """The words that differ, and in which bits."""
    if not one or not other:
        return "one has no record"
    return ", ".join(f"word {number} in bits {a ^ b:#x}" for number, (a, b) in enumerate(zip(one, other)) if a != b)


def compare_records(ours, theirs):
    length = max(len(ours), len(theirs))
    pairs = zip(ours + [()] * (length - len(ours)), theirs + [()] * (length - len(theirs)))
    return [(number, one, other) for number, (one, other) in enumerate(pairs, 1) if one != other]


def events_of_mode(mode, ours, theirs):
    different = compare_records(ours, theirs)
    if not different:
        return [f"  {mode}: {len(ours)} records, the same words of both models"]
    lines = [f"  {mode}: {len(ours)} records of libsmmu, {len(theirs)} of QEMU's own; {len(different)} differ"]
    for number, one, other in different:
        lines += [f"    {number}  lib {words(one)}", f"       own {words(other)}", f"       {difference(one, other)}"]
    return lines


def events(results):
    lines = []
    for mode, models in columns(results).items():
        if len(models) == 2:
            lines += events_of_mode(mode, *(results[mode, model].events for model in ("libsmmu", "own")))
        else:
            records = results[mode, models[0]].events
            lines += [f"  {mode}: {len(records)} records", *(f"    {words(record)}" for record in records)]
    return ["event records, word by word", *lines]


# ---- Times ----

TIMES = {
    "user space begins, s": lambda found: found.times[0] if found.times else None,
    "user space runs, s": lambda found: found.times[-1] - found.times[0] if len(found.times) > 1 else None,
    "in all, s": lambda found: found.wall,
    "processor time, s": lambda found: found.cpu,
}


def time_cell(found, row):
    value = TIMES[row](found)
    return "-" if value is None else f"{value:.1f}"


def times(results):
    return table(results, list(TIMES), time_cell)
