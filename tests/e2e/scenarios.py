# SPDX-License-Identifier: GPL-2.0-or-later
"""The end-to-end scenarios. A row of scenarios.rows is one machine from power on to power off. The
first kernel is stage 1, and each kexec starts the next stage."""
from dataclasses import dataclass

import rows


@dataclass(frozen=True)
class Hop:
    """One kexec, and efimapctl's expected results in the next kernel."""
    loader: str
    kernel: str                 # series of the next kernel
    options: str = ""           # further options of kexec
    append: str = ""            # further parameters of the next kernel
    received: str = "received"
    compare: str = "same"
    rule: str = ""              # a finding that compare must have
    cause: str = ""             # text that one of received's causes must have


@dataclass(frozen=True)
class Scenario:
    name: str = ""
    machine: str = "q35"
    first: str = "6.1"
    append: str = ""
    stages: tuple = ()
    short: bool = False
    verify: int = 0
    snapshot: int = 0
    clock: bool = True

    @property
    def hops(self):
        words = (line.split() for line in self.stages)
        return [Hop(loader, kernel, **dict(word.split("=", 1) for word in more))
                for loader, kernel, *more in words]


SCENARIOS = rows.read("scenarios.rows", Scenario)
