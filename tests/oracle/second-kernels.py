#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the output of encode_setup_data() for captures of first kernels with the data in
the captures of their second kernels: payload, size of the map and descriptors.

usage: second-kernels.py SETUP-DATA-BYTES FIXTURES
"""
import os
import struct
import sys

from oracle import SetupData, descriptors, read

EFI_INFO = slice(0x1c0, 0x1e0)
RUNTIME = 1 << 63
BOOT_SERVICES = (3, 4)

PAIRS = [
    ('ovmf-q35-6.1-kexec', 'kexec-tools'),
    ('ovmf-q35-6.1-crash', 'kexec-tools'),
    ('ovmf-q35-6.1-efidebug', 'kexec-tools'),
    ('ovmf-q35-6.12-ptdump', 'kexec-tools'),
    ('ovmf-q35-6.12-kexec-file', 'kernel'),
    ('ovmf32-q35-6.1-mixed', 'kexec-tools'),
]


def payload(tree):
    nodes = os.path.join(tree, 'sys/kernel/boot_params/setup_data')
    for node in sorted(os.listdir(nodes)):
        if read(nodes, node + '/type').strip() == b'0x4':
            return read(nodes, node + '/data')
    return None


def entry(tree, index):
    top = f'sys/firmware/efi/runtime-map/{index}/'
    values = [int(read(tree, top + name), 16) for name in
              ('type', 'phys_addr', 'virt_addr', 'num_pages', 'attribute')]
    return struct.pack('<IIQQQQ', values[0], 0, *values[1:])


def same_descriptor(handed, received):
    """Return whether two descriptors are equal. In a boot services region that was received,
    EFI_MEMORY_RUNTIME may have been added."""
    if handed == received:
        return True
    handed, received = (list(struct.unpack('<IIQQQQ', d)) for d in (handed, received))
    handed[5] |= RUNTIME
    return received[0] in BOOT_SERVICES and handed == received


def check(tool, fixtures, pair, loader):
    first, second = (os.path.join(fixtures, 'real', pair + end)
                     for end in ('-first', '-second'))
    info = read(second, 'sys/kernel/boot_params/data')[EFI_INFO]
    fields = struct.unpack('<4s7I', info)
    ours = SetupData(tool, first, loader)
    if not ours.passes:
        yield f'no setup_data predicted: {ours.reason}'
    if ours.node[16:] != payload(second):
        yield 'payload differs'
    if ours.desc_size != fields[2] or len(ours.memmap) != fields[5]:
        yield 'size of the EFI memory map differs'
    if read(second, 'sys/firmware/efi/runtime-map/0/type') is None:
        return  # In mixed mode, the second kernel drops the map.
    for at, handed in enumerate(descriptors(ours.memmap, ours.desc_size)):
        if not same_descriptor(handed, entry(second, at)):
            yield f'descriptor {at} differs'


def main():
    tool, fixtures = sys.argv[1:]
    bad = 0
    for pair, loader in PAIRS:
        problems = list(check(tool, fixtures, pair, loader))
        bad += bool(problems)
        print(pair, loader, '; '.join(problems) or 'ok')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
