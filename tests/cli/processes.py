#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that the memory use of verify does not grow with the number of sources.

usage: processes.py EFIMAPCTL FIXTURES
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

EFIMAPCTL, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2])
GOOD = [str(FIXTURES / 'real' / name) for name in ('real-003', 'real-001', 'real-061')]
# Number of sources, and maximum growth of the peak memory, which is 0.4 KiB for each source
MANY, MAX_GROWTH_KIB = 2000, 820
ENVIRONMENT = {'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'}


def high_water(pid):
    try:
        text = pathlib.Path(f'/proc/{pid}/status').read_text('ascii')
    except (OSError, UnicodeDecodeError):
        return 0
    found = re.search(r'^VmHWM:\s*(\d+)', text, re.M)
    return int(found[1]) if found else 0


class Memory(unittest.TestCase):
    def peak(self, names):
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen([EFIMAPCTL, 'verify', '--json', *names], env=ENVIRONMENT,
                                       stdin=subprocess.DEVNULL, stdout=out)
            most = 0
            # Poll the process, because the value of wait4() would include the memory that this
            # program used before exec.
            while process.poll() is None:
                most = max(most, high_water(process.pid))
                time.sleep(0.02)
            self.assertEqual(process.returncode, 0)
            out.seek(0)
            self.assertEqual(sum(1 for _ in out), len(names))
        return most

    def test_memory_does_not_grow(self):
        with tempfile.TemporaryDirectory() as where:
            snapshots = []
            for name in GOOD:
                snapshots.append(f'{where}/{os.path.basename(name)}.json')
                subprocess.run([EFIMAPCTL, 'snapshot', '-O', snapshots[-1], name],
                               env=ENVIRONMENT, check=True)
            mixed = [*GOOD, *snapshots[:2]]
            few = self.peak(mixed * 20)
            self.assertGreater(few, 500)
            self.assertLess(self.peak(mixed * (MANY // len(mixed))) - few, MAX_GROWTH_KIB)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
