# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import dataclass

import rows

# The Debian suite of each version
KERNELS = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie", "7.2": "sid",
           "7.3": "experimental"}
TOOLS = {"2.0.20": "bullseye", "2.0.25": "bookworm", "2.0.29": "trixie", "2.0.32": "sid"}
OVMF = {"2020.11": "bullseye", "2022.11": "bookworm", "2025.02": "trixie", "2026.08": "sid"}
U_BOOT = {"2025.01": "sid", "2026.10": "experimental"}


@dataclass(frozen=True)
class Row:
    name: str = ""
    firmware: str = ""
    first: str = ""
    loader: str = ""
    second: str = ""
    tools: str = "2.0.32"
    memory: int = 1536
    devices: str = ""
    pad: int = 0
    table: str = ""
    append: str = ""
    options: str = ""
    next_append: str = ""
    initrd: bool = True
    initrd_more: int = 0
    outcome: str = "ok"
    rule: str = ""
    harsher: str = ""
    says: str = ""
    may_say: str = ""
    transcript: bool = False
    advised: bool = False
    # Fields of the rows in faults_table.py, which faults_observe.py also reads from these rows
    changes = ()
    hops = False

    @property
    def is_read_only(self):
        """Return whether the firmware cannot write variables, which is the case with U-Boot."""
        return self.firmware.startswith("u-boot")


TABLE = rows.read("kernels.rows", Row)
