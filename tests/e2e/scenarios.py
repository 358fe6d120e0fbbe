# SPDX-License-Identifier: GPL-2.0-or-later
"""What is booted, how each kernel starts the next, and what efimapctl must say of it.

One row is one machine from power on to power off. The first kernel is stage 1; each hop
starts the next stage.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Hop:
    """One kernel starting another."""
    loader: str                 # kexec-load, kexec-file-load, crash-load, crash-file-load
    kernel: str                 # series of the next kernel
    options: str = ""           # further options of kexec
    append: str = ""            # further words on the next kernel's command line
    # what efimapctl says in the next kernel
    handover: str = "received"
    compare: str = "same"
    rules: tuple = ()           # findings that compare must have
    cause: str = ""             # a word that one of handover's causes must hold


@dataclass(frozen=True)
class Scenario:
    """One machine."""
    name: str
    machine: str = "q35"
    first: str = "6.1"
    append: str = ""
    hops: tuple = ()
    memory: int = 1024
    short: bool = False         # belongs to the short set
    verify: int = 0             # exit status of verify in the first kernel
    snapshot: int = 0           # exit status of snapshot in the first kernel
    clock: bool = True          # or it says 1970, as without a battery
    # the second kernel dumps the first: sources that every dump must hold as they were;
    # /proc/vmcore, from which nothing is left out, must hold all
    dumped: tuple = ()


SCENARIOS = (
    # The longest of the short set: beside it the others run.
    Scenario("vmcore-6.1", append="crashkernel=384M", hops=(Hop("crash-load", "6.1"),),
             dumped=("runtime_map", "memmap", "iomem"), short=True),
    Scenario("kexec-6.1", hops=(Hop("kexec-load", "6.1"),), short=True),
    Scenario("kexec-file-6.12", first="6.12", hops=(Hop("kexec-file-load", "6.12"),),
             short=True),
    Scenario("crash-6.1", append="crashkernel=256M", hops=(Hop("crash-load", "6.1"),),
             short=True),
    # makedumpfile 1.7.2 takes slab pages of 6.12 for others: iomem may be left out.
    Scenario("vmcore-6.12", first="6.12", append="crashkernel=384M",
             hops=(Hop("crash-load", "6.12"),), dumped=("runtime_map", "memmap")),
    Scenario("kexec-6.12", first="6.12", hops=(Hop("kexec-load", "6.12"),)),
    Scenario("kexec-file-6.1", hops=(Hop("kexec-file-load", "6.1"),)),
    Scenario("crash-192m-6.1", append="crashkernel=192M", hops=(Hop("crash-load", "6.1"),)),
    Scenario("crash-192m-6.12", first="6.12", append="crashkernel=192M",
             hops=(Hop("crash-load", "6.12"),)),
    Scenario("crash-1970", append="crashkernel=192M", hops=(Hop("crash-load", "6.1"),),
             clock=False),
    Scenario("crash-file-6.12", first="6.12", append="crashkernel=192M",
             hops=(Hop("crash-file-load", "6.12"),)),
    Scenario("upgrade-6.1-6.12", hops=(Hop("kexec-load", "6.12"),)),
    Scenario("downgrade-6.12-6.1", first="6.12", hops=(Hop("kexec-file-load", "6.1"),)),
    Scenario("chain", hops=(Hop("kexec-load", "6.12"), Hop("kexec-file-load", "6.1"))),
    Scenario("chain-file-first", first="6.12",
             hops=(Hop("kexec-file-load", "6.1"), Hop("kexec-load", "6.12"))),
    Scenario("pc", machine="pc", hops=(Hop("kexec-load", "6.1"),)),
    Scenario("smm", machine="smm", hops=(Hop("kexec-load", "6.1"),)),
    Scenario("mixed-mode", machine="ovmf32",
             hops=(Hop("kexec-load", "6.1", cause="mixed-mode"),)),
    Scenario("efi-debug", append="efi=debug", hops=(Hop("kexec-load", "6.1"),)),
    Scenario("efi-debug-file", first="6.12", append="efi=debug",
             hops=(Hop("kexec-file-load", "6.12"),)),
    Scenario("noruntime-first", append="efi=noruntime",
             hops=(Hop("kexec-load", "6.1", handover="not-received",
                       cause="noruntime-before"),)),
    Scenario("noruntime-second",
             hops=(Hop("kexec-load", "6.1", append="efi=noruntime", cause="noruntime"),)),
    Scenario("noefi", hops=(Hop("kexec-load", "6.1", options="--noefi",
                                handover="not-received", compare="drift",
                                rules=("drift-no-map",), cause="noefi"),)),
    Scenario("seabios", machine="seabios", verify=4, snapshot=4,
             hops=(Hop("kexec-load", "6.1", handover="not-received", compare="",
                       cause="firmware-without-efi"),)),
)
