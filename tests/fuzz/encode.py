#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write captures below REAL as records of tests/fuzz/capture.h to DIR, and create STAMP.

usage: encode.py REAL DIR STAMP
"""
import os
import re
import struct
import sys

# The selected captures differ in firmware, kernel and kind of boot.
CAPTURES = ['ovmf-q35-6.1-crash-first', 'ovmf-q35-6.1-efidebug-first', 'ovmf-q35-6.1-kexec-first',
            'ovmf-q35-6.1-kexec-second', 'ovmf32-q35-6.1-mixed-first', 'real-001', 'real-003',
            'real-061']
LABELS = ['System RAM', 'Reserved', 'ACPI Tables', 'ACPI Non-volatile Storage',
          'Kernel code', 'Kernel data', 'Kernel bss', 'Crash kernel', 'PCI Bus', '',
          'Unknown', 'Unusable memory']


def record(kind, first, second=0, small=0, wide=0):
    return struct.pack('<BQQBH', kind, first, second, small, wide)


def label(text):
    return LABELS.index(text) if text in LABELS else LABELS.index('Unknown')


def numbered(path):
    """Return the numbered directories below a path, in numerical order."""
    names = os.listdir(path) if os.path.isdir(path) else []
    return [os.path.join(path, n) for n in sorted((n for n in names if n.isdigit()), key=int)]


def read(path, name):
    with open(os.path.join(path, name), encoding='ascii') as file:
        return file.read().strip()


def encode(tree):
    efi = os.path.join(tree, 'sys/firmware/efi')
    out = []
    for path in numbered(os.path.join(efi, 'runtime-map')):
        value = {n: int(read(path, n), 16) for n in os.listdir(path)}
        attribute = (value['attribute'] >> 63 << 15) | (value['attribute'] & 0x7fff)
        out.append(record(0, value['phys_addr'], value['num_pages'], value['type'] & 0xff,
                          attribute))
        out.append(record(3, value['virt_addr']))
    for path in numbered(os.path.join(tree, 'sys/firmware/memmap')):
        out.append(record(4, int(read(path, 'start'), 16), int(read(path, 'end'), 16),
                          label(read(path, 'type'))))
    with open(os.path.join(tree, 'proc/iomem'), encoding='ascii') as file:
        for line in file:
            match = re.match(r'( *)([0-9a-f]+)-([0-9a-f]+) : (.*)', line)
            out.append(record(5, int(match[2], 16), int(match[3], 16), len(match[1]) // 2,
                              label(match[4])))
    if os.path.exists(os.path.join(efi, 'fw_vendor')):
        out.append(record(6, int(read(efi, 'fw_vendor'), 16),
                          int(read(efi, 'config_table'), 16), 0x2f))
        out.append(record(7, 0, 0, 3 if read(efi, 'fw_platform_size') == '64' else 2))
    return b''.join(out)


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    _, real, place, stamp = argv
    os.makedirs(place, exist_ok=True)
    for name in CAPTURES:
        with open(os.path.join(place, name), 'wb') as file:
            file.write(encode(os.path.join(real, name)))
    with open(stamp, 'w', encoding='ascii'):
        pass


if __name__ == '__main__':
    main(sys.argv)
