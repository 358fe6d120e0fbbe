# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of the fault matrix. faults.rows describes the fields."""
import dataclasses

import rows


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str = ""
    title: str = ""
    changes: tuple = ()
    rule: str = ""
    harsher: str = ""
    by: str = "verify"
    next: str = "6.12"
    loader: str = "kexec-load"
    machine: str = "q35"
    append: str = ""
    short: bool = False
    is_read_only = False        # whether the firmware cannot write variables

    @property
    def hops(self):
        """Return whether an intermediate kernel passes the changed map to the last kernel."""
        return self.loader == "kexec-file-load"

    @property
    def question(self):
        return "kdump" if self.loader.startswith("crash") else "kexec"

    @property
    def first_loader(self):
        """Return the system call with which the first kernel loads the next one."""
        return "kexec-file-load" if "-file-" in self.loader and not self.hops else "kexec-load"


TABLE = rows.read("faults.rows", Fault)
