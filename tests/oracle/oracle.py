# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers for tests of setup_data: run setup-data-bytes, and read files of a capture."""
import os
import subprocess

DESC_SIZE = 40
LOADERS = ('kexec-tools', 'kernel')


class SetupData:
    """The output of encode_setup_data() for a tree."""

    def __init__(self, tool, tree, loader):
        run = subprocess.run([tool, tree, str(LOADERS.index(loader))], capture_output=True,
                             text=True, check=False)
        if run.returncode:
            raise SystemExit(f'setup-data-bytes {tree}: {run.returncode} {run.stderr}')
        said = dict(line.partition(' ')[::2] for line in run.stdout.splitlines())
        self.node, self.memmap = (bytes.fromhex(said[name]) for name in ('node', 'memmap'))
        self.desc_size = int(said['desc_size'])
        self.passes, self.reason = said['passes'] == '1', said['reason']


def descriptors(data, size):
    """Return the first 40 bytes of each descriptor. The padding (bytes 4 to 7) is set to zeros."""
    assert len(data) % size == 0
    return [data[at:at + 4] + bytes(4) + data[at + 8:at + DESC_SIZE]
            for at in range(0, len(data), size)]


def read(tree, path):
    try:
        with open(os.path.join(tree, path), 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return None
