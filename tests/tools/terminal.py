# SPDX-License-Identifier: GPL-2.0-or-later
"""Find out whether tests can use a pseudo-terminal."""
import os


def exists():
    try:
        for end in os.openpty():
            os.close(end)
    except OSError:
        return False
    return True
