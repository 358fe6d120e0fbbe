# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernels of five suites of Debian that start each other, and what must come of it."""
from dataclasses import dataclass

# Where each comes from: the suite.
KERNELS = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie", "7.2": "sid",
           "7.3": "experimental"}
TOOLS = {"2.0.20": "bullseye", "2.0.25": "bookworm", "2.0.29": "trixie", "2.0.32": "sid"}
OVMF = {"2020.11": "bullseye", "2022.11": "bookworm", "2025.02": "trixie", "2026.08": "sid"}
U_BOOT = {"2025.01": "sid", "2026.10": "experimental"}


@dataclass(frozen=True)
class Row:
    """One hand-over."""
    name: str
    firmware: str               # "ovmf 2022.11", "u-boot 2025.01"
    first: str                  # kernel that the firmware boots
    # as in scenarios.py; "firmware": the first kernel is all there is; "dump": it is dumped
    loader: str
    second: str = ""
    tools: str = "2.0.32"       # kexec-tools
    memory: int = 1536
    pad: int = 0                # KiB after the first kernel's image, see kernels.py
    append: str = ""            # of the first kernel
    options: str = ""           # of kexec
    next_append: str = ""       # of the second kernel
    initrd: bool = True         # the second kernel gets one
    outcome: str = "none"       # what the second kernel does
    rule: str = ""              # a rule that must foresee it
    harsher: str = ""           # why efimapctl may foresee worse than that
    says: str = ""              # words that its console must have
    # as faults_table.py: nothing is tampered with, and no kernel lies between
    changes = ()
    hops = False

    @property
    def is_read_only(self):
        """U-Boot keeps no variable that Linux writes."""
        return self.firmware.startswith("u-boot")


CRASH = "crashkernel=384M"

OLD = "ovmf 2020.11"
STABLE = "ovmf 2022.11"
TRIXIE = "ovmf 2025.02"
NEW = "ovmf 2026.08"
# Where the INITRD table lies with these, the next kernel has code that it will still run.
DIES_6_1 = {"firmware": STABLE, "first": "6.1", "pad": 32}
DIES_7_2 = {"firmware": NEW, "first": "7.2", "pad": 1388}
DIES_7_3 = {"firmware": NEW, "first": "7.3", "pad": 1160}
U_BOOT_7_2 = {"firmware": "u-boot 2025.01", "first": "7.2", "memory": 2048}
U_BOOT_6_1 = {"firmware": "u-boot 2026.10", "first": "6.1", "memory": 2048}

UNMISSED = "the table is under the image, but its 16 bytes are some that this boot does not need"
UNTOLD = "before Linux 6.8 kexec -s does not say where it puts the next kernel"

TABLE = (
    # The two that die of the INITRD table, and what is advised against it.
    Row("initrd-load", loader="kexec-load", second="7.2", outcome="does-not-boot",
        rule="initrd-in-ram", **DIES_6_1),
    Row("initrd-file", loader="kexec-file-load", second="7.2", outcome="does-not-boot",
        rule="initrd-in-ram", **DIES_7_2),
    Row("initrd-load-7.3", loader="kexec-load", second="7.3", outcome="does-not-boot",
        rule="initrd-in-ram", **DIES_7_3),
    Row("initrd-mem-max", loader="kexec-load", second="7.2", options="--mem-max=0x50000000",
        **DIES_6_1),
    Row("initrd-mem-max-7.2", loader="kexec-load", second="7.2",
        options="--mem-max=0x50000000", **DIES_7_2),
    Row("initrd-crash", STABLE, "6.1", "crash-load", "7.2", append=CRASH),
    Row("initrd-crash-file", NEW, "7.2", "crash-file-load", "7.2", append=CRASH),
    Row("initrd-firmware", loader="firmware", **DIES_7_2),
    # A next kernel without an initramfs takes the table for its own.
    Row("no-initrd", loader="kexec-load", second="6.1", initrd=False,
        options="--mem-max=0x50000000", outcome="does-not-boot", rule="initrd-in-ram",
        says="Cannot find place for new RAMDISK", **DIES_6_1),
    Row("no-initrd-6.12", loader="kexec-load", second="6.12", initrd=False,
        options="--mem-max=0x50000000", outcome="does-not-boot", rule="initrd-in-ram",
        says="Cannot find place for new RAMDISK", **DIES_6_1),
    # The Memory Attributes Table, which is not kept, and which 7.x skips.
    Row("memattr-load-6.1", loader="kexec-load", second="6.1", tools="2.0.25",
        outcome="memory-at-risk", rule="segment-collision",
        says="Unexpected EFI Memory Attributes table version", **DIES_6_1),
    Row("memattr-file-7.2-6.1", loader="kexec-file-load", second="6.1",
        outcome="memory-at-risk", rule="segment-collision",
        says="Unexpected EFI Memory Attributes table version", **DIES_7_2),
    # Each kernel into itself, another, and back.
    Row("same-5.10", OLD, "5.10", "kexec-load", "5.10", "2.0.20", append=CRASH),
    Row("crash-5.10", OLD, "5.10", "crash-load", "5.10", "2.0.20", append=CRASH),
    Row("up-5.10-7.2", OLD, "5.10", "kexec-load", "7.2", "2.0.20", append=CRASH),
    Row("file-5.10-6.12", OLD, "5.10", "kexec-file-load", "6.12", append=CRASH, harsher=UNTOLD),
    Row("file-6.1-6.12", loader="kexec-file-load", second="6.12", harsher=UNTOLD, **DIES_6_1),
    Row("up-6.1-7.3", loader="kexec-load", second="7.3", options="--mem-max=0x50000000",
        **DIES_6_1),
    Row("same-6.12", TRIXIE, "6.12", "kexec-load", "6.12", "2.0.29", outcome="memory-at-risk",
        rule="segment-collision"),
    Row("file-6.12", TRIXIE, "6.12", "kexec-file-load", "6.12", "2.0.29"),
    Row("crash-6.12", TRIXIE, "6.12", "crash-load", "6.12", "2.0.29", append=CRASH),
    # Debian's 5.10 has no page tables of five levels: it leaves those that it is started on, and
    # does not know a bit that 6.12 sets in them, and 6.1 does not.
    Row("down-5-level", TRIXIE, "6.12", "kexec-load", "5.10", outcome="does-not-boot",
        rule="five-level-paging"),
    Row("down-5-level-file", TRIXIE, "6.12", "kexec-file-load", "5.10", outcome="does-not-boot",
        rule="five-level-paging"),
    Row("down-5-level-6.1", STABLE, "6.1", "kexec-load", "5.10", options="--mem-max=0x50000000"),
    Row("down-6.12-5.10", TRIXIE, "6.12", "kexec-load", "5.10", append="no5lvl",
        outcome="memory-at-risk", rule="segment-collision"),
    Row("file-6.12-7.3", TRIXIE, "6.12", "kexec-file-load", "7.3"),
    Row("down-7.2-6.1", loader="kexec-load", second="6.1", outcome="memory-at-risk",
        rule="segment-collision", **DIES_7_2),
    Row("old-tools-7.2", loader="kexec-load", second="7.2", tools="2.0.20",
        options="--mem-max=0x50000000", **DIES_7_2),
    Row("crash-7.2", NEW, "7.2", "crash-load", "7.2", append=CRASH),
    Row("same-7.3", NEW, "7.3", "kexec-load", "7.3", rule="initrd-in-ram", harsher=UNMISSED),
    Row("file-7.3-7.2", NEW, "7.3", "kexec-file-load", "7.2", rule="initrd-in-ram",
        harsher=UNMISSED),
    Row("crash-file-7.3", NEW, "7.3", "crash-file-load", "7.3", append=CRASH),
    Row("u-boot-7.2", loader="kexec-load", second="7.2", **U_BOOT_7_2),
    Row("u-boot-file-7.2", loader="kexec-file-load", second="7.2", **U_BOOT_7_2),
    Row("u-boot-crash-7.2", loader="crash-load", second="7.2", append=CRASH, **U_BOOT_7_2),
    Row("u-boot-6.1", loader="kexec-load", second="6.1", tools="2.0.20", **U_BOOT_6_1),
    Row("u-boot-file-6.1-7.2", loader="kexec-file-load", second="7.2", harsher=UNTOLD,
        **U_BOOT_6_1),
    # A dump of the first kernel's memory holds what its files show.
    Row("dump-6.1", loader="dump", **DIES_6_1),
    Row("dump-6.12", TRIXIE, "6.12", "dump"),
    Row("dump-7.2", loader="dump", **DIES_7_2),
    Row("dump-7.3", NEW, "7.3", "dump"),
)
