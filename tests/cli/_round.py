# SPDX-License-Identifier: MIT
"""A capture with a small Command queue, so that a recorded run goes round it many times."""
import csv
import subprocess
from pathlib import Path

CMDQ_BASE, CMDQ_PROD = 0x90, 0x98
LOG2SIZE = 0x1f  # of CMDQ_BASE


def _smaller(offset, value, lg2):
    """What a driver with 2^lg2 entries would have written: an index, with the wrap bit above it."""
    if offset == CMDQ_BASE:
        return value & ~LOG2SIZE | lg2
    return value & ((2 << lg2) - 1) if offset == CMDQ_PROD else value


def _rows(path):
    text = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True, text=True).stdout
    return csv.DictReader(text.splitlines())


def with_small_queue(capture, folder, lg2):
    """Fills a folder with a capture of Linux, its Command queue of 2^lg2 entries."""
    capture, folder = Path(capture), Path(folder)
    folder.mkdir(parents=True)
    with (folder / "register-writes.csv").open("w", encoding="ascii") as file:
        print("seq,offset,width,value", file=file)
        for row in _rows(capture / "register-writes.csv.zst"):
            offset, value = int(row["offset"], 0), int(row["value"], 0)
            print(f"{row['seq']},{offset:#x},{row['width']},{_smaller(offset, value, lg2):#x}", file=file)
    for name in ("registers.csv", "commands.csv.zst", "memory.csv.zst", "dma.csv.zst"):
        (folder / name).symlink_to(capture.resolve() / name)
    return folder
