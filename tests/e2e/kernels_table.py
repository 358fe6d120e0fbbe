# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import dataclass

import rows

# version: Debian suite
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
    outcome: str = "none"
    rule: str = ""
    harsher: str = ""
    says: str = ""
    transcript: bool = False
    advised: bool = False
    # faults_observe.py reads these fields, which the rows of faults_table.py also have.
    changes = ()
    hops = False

    @property
    def is_read_only(self):
        """Return whether the firmware is U-Boot, which does not store variables that Linux
        writes."""
        return self.firmware.startswith("u-boot")


TABLE = rows.read("kernels.rows", Row)
