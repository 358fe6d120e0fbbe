# SPDX-License-Identifier: GPL-2.0-or-later
"""The fault matrix, one row per experiment: faults.rows says what each field means."""
import dataclasses

import rows


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str = ""
    title: str = ""
    changes: tuple = ()
    rule: str = ""
    harsher: str = ""
    elsewhere: str = ""
    by: str = "verify"
    next: str = "6.12"
    loader: str = "kexec-load"
    machine: str = "q35"
    append: str = ""
    short: bool = False
    is_read_only = False        # can the firmware not write variables?

    @property
    def hops(self):
        """Does a kernel between pass the fault on?"""
        return self.loader == "kexec-file-load"


TABLE = rows.read("faults.rows", Fault)
