# SPDX-License-Identifier: GPL-2.0-or-later
"""What the oracles share: running setup-data-bytes, and reading a capture's few files."""
import os
import subprocess

DESC_SIZE = 40
LOADERS = ('kexec-tools', 'kernel')
ORDERS = ('loader', 'index')


class SetupData:
    """What efimap_encode_setup_data() says of a tree."""

    def __init__(self, tool, tree, loader, order='loader', memmap=0):
        run = subprocess.run([tool, tree, str(LOADERS.index(loader)), str(ORDERS.index(order)),
                              hex(memmap)], capture_output=True, text=True, check=False)
        if run.returncode:
            raise SystemExit(f'setup-data-bytes {tree}: {run.returncode} {run.stderr}')
        said = dict(line.partition(' ')[::2] for line in run.stdout.splitlines())
        self.node, self.memmap, self.efi_info = (
            bytes.fromhex(said[name]) for name in ('node', 'memmap', 'efi_info'))
        self.entries = [int(number) for number in said['entries'].split()]
        self.desc_size = int(said['desc_size'])
        self.passes, self.reason = said['passes'] == '1', said['reason']


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
