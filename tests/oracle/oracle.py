# SPDX-License-Identifier: GPL-2.0-or-later
"""What the oracles share: running handover-bytes, and reading a capture's few files."""
import os
import re
import subprocess
import tempfile

DESC_SIZE = 40


class Handover:
    """What efimap_handover_make() says of a tree."""

    def __init__(self, tool, tree, loader, order='loader', memmap=0):
        with tempfile.TemporaryDirectory() as out:
            run = subprocess.run([tool, tree, loader, order, hex(memmap), out],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True, check=False)
            if run.returncode:
                raise SystemExit(f'handover-bytes {tree}: {run.returncode} {run.stderr}')
            self.node, self.memmap, self.efi_info = (
                open(os.path.join(out, name), 'rb').read()
                for name in ('node', 'memmap', 'efi_info'))
        self.entries = [int(n) for n in re.findall(r'^entry (\d+)$', run.stdout, re.M)]
        self.desc_size = int(re.search(r'^desc_size (\d+)$', run.stdout, re.M)[1])
        code, self.reason = re.search(r'^reason (\d+) (.*)$', run.stdout, re.M).groups()
        self.passes = code == '0'


def descriptors(data, size):
    """The first 40 bytes of each descriptor, padding (bytes 4 to 7) cleared."""
    assert len(data) % size == 0
    return [data[at:at + 4] + bytes(4) + data[at + 8:at + DESC_SIZE]
            for at in range(0, len(data), size)]


def read(tree, path):
    """The bytes of a file of a capture, None when it is not there."""
    try:
        with open(os.path.join(tree, path), 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return None
