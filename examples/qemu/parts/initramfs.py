# SPDX-License-Identifier: MIT
"""The guest's file system: a busybox, the modules of a kernel that the devices need, and guest/init, as cpio in gzip."""

import gzip
import lzma
import re
from pathlib import Path

# What the guest loads, in this order, each after what it depends on.  pci-stub takes the devices that nobody drives.
MODULES = ["virtio_pci", "nvme", "virtio_blk", "virtio_net", "e1000e", "virtio_rng", "pci_stub"]
OPTIONS = {"pci_stub": "ids=1234:11e8"}

APPLETS = """sh [ cat cmp cut dd devmem dmesg grep head insmod ip md5sum mkfifo mount nc nsenter paste ping poweroff printf
readlink rm rmmod sed seq sleep sort sync tail test timeout tr unshare wc xxd""".split()

FOLDERS = ["bin", "dev", "modules", "proc", "sys", "tmp"]
FILE, FOLDER, LINK, DEVICE = 0o100755, 0o040755, 0o120777, 0o020600


class Missing(Exception):
    """Something that the guest needs is not in the cache folder."""


# ---- Modules ----


def plain(name):
    """The name by which the kernel knows a module of that file: virtio-rng.ko.xz is virtio_rng."""
    return name.split(".ko")[0].replace("-", "_")


def content(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def depends(data):
    """What the module itself says that it needs, in its section .modinfo."""
    said = re.search(rb"\0depends=([^\0]*)\0", data)
    return [name.replace("-", "_") for name in said[1].decode().split(",") if name] if said else []


def tree_of(kernel):
    """The folder of the kernel's modules; Debian had it in lib, and has it in usr/lib."""
    for folder in ("lib", "usr/lib"):
        for found in sorted((kernel / folder / "modules").glob("*/kernel")):
            return found.parent
    raise Missing(f"no modules in {kernel}")


def modules(kernel):
    """Name and content of each module, in the order in which they are to be loaded."""
    tree = tree_of(kernel)
    files = {plain(path.name): path for path in tree.glob("kernel/**/*.ko*")}
    builtin = {plain(Path(line).name) for line in (tree / "modules.builtin").read_text().split()}
    order = {}

    def add(name):
        if name in builtin or name in order:
            return
        if name not in files:
            raise Missing(f"the kernel in {kernel} has no module {name}")
        data = content(files[name])
        for other in depends(data):
            add(other)
        order[name] = data

    for name in MODULES:
        add(name)
    return order


# ---- cpio, in its form newc ----


def entry(number, name, mode, data=b"", device=(0, 0)):
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return padded(head) + padded(data)


def padded(data):
    return data + bytes(-len(data) % 4)


def files_of(kernel, busybox, init, more=()):
    """Name, kind, content and device number of each file."""
    loaded = modules(kernel)
    order = "".join(f"{name}.ko {OPTIONS.get(name, '')}".rstrip() + "\n" for name in loaded)
    yield from ((name, FOLDER) for name in FOLDERS)
    yield "dev/console", DEVICE, b"", (5, 1)
    yield "init", FILE, init.read_bytes()
    yield "bin/busybox", FILE, busybox.read_bytes()
    yield from ((f"bin/{name}", LINK, b"busybox") for name in APPLETS)
    yield "modules/order", FILE, order.encode()
    yield from ((f"modules/{name}.ko", FILE, data) for name, data in loaded.items())
    yield from ((f"modules/{path.name}", FILE, path.read_bytes()) for path in more)  # which the guest loads when it wants them


def pack(kernel, busybox, init, more=()):
    """The bytes of the file that the boot loader gives to the kernel."""
    entries = [entry(number, *file) for number, file in enumerate(files_of(kernel, busybox, init, more), 1)]
    return gzip.compress(b"".join([*entries, entry(0, "TRAILER!!!", 0)]), compresslevel=6, mtime=0)
