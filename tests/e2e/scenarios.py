# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of scenarios.rows. A row is one machine from power on to power off. The first kernel is
stage 1, and each kexec starts the next stage."""
from dataclasses import dataclass

import rows


@dataclass(frozen=True)
class Hop:
    """One kexec, and the expected results of efimapctl in the next kernel"""
    loader: str
    kernel: str                 # series of the next kernel
    options: str = ""           # additional options of kexec
    append: str = ""            # additional parameters of the next kernel
    received: str = "received"
    compare: str = "same"
    rule: str = ""              # a rule that compare must report
    cause: str = ""             # text that one of the causes in received must contain


@dataclass(frozen=True)
class Scenario:
    name: str = ""
    machine: str = "q35"
    first: str = "6.1"
    append: str = ""
    stages: tuple = ()
    short: bool = False
    verify: int = 0
    errors: str = ""            # rules that verify reports as errors in any stage
    snapshot: int = 0
    clock: bool = True

    @property
    def hops(self):
        words = (line.split() for line in self.stages)
        return [Hop(loader, kernel, **dict(word.split("=", 1) for word in more))
                for loader, kernel, *more in words]


SCENARIOS = rows.read("scenarios.rows", Scenario)
