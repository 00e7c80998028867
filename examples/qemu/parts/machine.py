# SPDX-License-Identifier: MIT
"""The modes, and the command line of QEMU for each: both models of the SMMU take the same one."""

import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

MB = 1 << 20
GIVEN, DISK = 4 * MB, 12 * MB  # what the host writes of each disk; the guest writes the rest

MODELS = {"libsmmu": "qemu-libsmmu", "own": "qemu-own"}


@dataclass(frozen=True)
class Mode:
    name: str
    says: str
    kernel: str = "linux-4k"
    machine: str = "virt"
    cpus: int = 1
    arguments: str = ""  # of the kernel
    domain: str = "DMA"  # the type of each device's domain
    faults: str = "translation,abort,streamid"
    work: str = "full"
    disks: tuple = ("nvme", "virtio")
    options: tuple = ()  # of QEMU
    iothread: bool = False

    @property
    def takes_modules(self):
        """Can careless.ko work there?  It is made for one kernel, and wants a domain that translates."""
        return self.kernel == "linux-4k" and self.domain != "identity" and self.work != "hold"


MODES = {mode.name: mode for mode in (
    Mode("strict", "every unmapping waits for its invalidation", arguments="iommu.strict=1"),
    Mode("lazy", "invalidations are put off, and then invalidate all", arguments="iommu.strict=0", domain="DMA-FQ"),
    Mode("passthrough", "STEs bypass", arguments="iommu.passthrough=1", domain="identity", faults="abort,streamid"),
    Mode("smp", "two CPUs, and a disk with a thread of its own", cpus=2, iothread=True),
    Mode("stage2", "an SMMU with stage 2 alone", machine="virt-9.1", options=("-global", "arm-smmuv3.stage=2")),
    Mode("16k", "a kernel with pages of 16 KiB", kernel="linux-16k"),
    Mode("snapshot", "saved to a file and restored in the midst of work", work="hold",
         disks=("virtio", "second")),  # for QEMU does not save an NVMe controller
)}


@dataclass
class Order:
    """One guest to run: a mode on a model, with all that differs from other runs of the mode."""
    mode: Mode
    model: str
    binary: Path
    kernel: Path  # the folder
    initramfs: Path
    folder: Path  # for the disks, the console and other files
    work: str = ""
    extra: list = field(default_factory=list)
    rounds: int = 5


# ---- Disks ----


def given(disk):
    """What the host writes at the beginning of a disk: the same in each run."""
    return random.Random(f"libsmmu {disk}").randbytes(GIVEN)


def make_disks(order):
    for disk in order.mode.disks:
        with open(order.folder / f"{disk}.img", "wb") as image:
            image.write(given(disk))
            image.truncate(DISK)


def sum_of(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


# ---- The command line ----


def kernel_line(order):
    mode = order.mode
    told = {"domain": mode.domain, "faults": mode.faults, "work": order.work or mode.work, "rounds": order.rounds,
            **{disk: sum_of(given(disk)) for disk in mode.disks}}
    words = ["console=ttyAMA0", "quiet", "panic=-1", "oops=panic", "mitigations=off", "nokaslr", "ipv6.disable=1", mode.arguments]
    return " ".join([*filter(None, words), *(f"smmu.{key}={value}" for key, value in told.items())])


# Behind the SMMU.  Rings are packed, for QEMU 10.0 writes an element of a split ring that crosses a page as if what follows in the
# device's addresses followed in memory, with either model.
VIRTIO = "iommu_platform=on,disable-legacy=on,packed=on"


DISKS = {
    "nvme": "nvme,drive=nvme,serial=nvme,addr=0x2",
    "virtio": f"virtio-blk-pci,drive=virtio,addr=0x3,{VIRTIO}",  # /dev/vda
    "second": f"virtio-blk-pci,drive=second,addr=0xa,{VIRTIO}",  # /dev/vdb
}


def disks(order):
    thread = ",iothread=thread" if order.mode.iothread else ""
    words = ["-object", "iothread,id=thread"] if thread else []
    for disk in order.mode.disks:
        words += ["-drive", f"if=none,id={disk},format=raw,file={order.folder / disk}.img",
                  "-device", DISKS[disk] + (thread if disk == "virtio" else "")]
    return words


# Without event indices: QEMU 10.0 forgets to move that of a packed ring on when a packet had to wait for its receiver, and then hears
# of no later one.
NETWORK = ["-netdev", "hubport,id=left,hubid=0", "-netdev", "hubport,id=right,hubid=0",
           "-device", f"virtio-net-pci,netdev=left,addr=0x4,romfile=,event_idx=off,{VIRTIO}",
           "-device", "e1000e,netdev=right,addr=0x5,romfile="]

# The guest takes them in this order: one for each kind of fault.
FAULTY = ["-device", "edu,addr=0x6", "-device", "edu,addr=0x7",
          "-device", "pcie-root-port,id=behind,addr=0x8,chassis=1", "-device", "edu,bus=behind"]


def image(kernel):
    return next(iter(sorted((kernel / "boot").glob("vmlinuz-*"))))


def command(order):
    mode = order.mode
    return [str(order.binary), "-M", f"{mode.machine},iommu=smmuv3,gic-version=3", "-cpu", "cortex-a76", "-smp", str(mode.cpus),
            "-m", "512", "-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio",
            "-kernel", str(image(order.kernel)), "-initrd", str(order.initramfs), "-append", kernel_line(order),
            *disks(order), *NETWORK, "-device", f"virtio-rng-pci,addr=0x9,{VIRTIO}", *FAULTY,
            *mode.options, *order.extra]
