#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a healthy capture with N runtime-map entries. usage: make-tree.py N DEST

The other files are those of a real capture, with memmap and iomem telling of the entries.
"""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

STEP = 0x200000
FIRST = 0x40000000
PAGES = 4


def put(path, text):
    """Write one file, making its directory."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def layout(virt, phys, size):
    """One step of the kernel's efi_map_region(), as src/emulate/layout.c has it."""
    virt -= size
    offset = phys % STEP
    block = virt - virt % STEP
    if offset == 0:
        return block
    if block + offset <= virt:
        return block + offset
    return block + offset - STEP


def make(count, dest):
    """The whole tree."""
    real = fixture.real('ovmf-q35-6.1-kexec-first')
    for path in ('proc', 'sys/kernel/boot_params'):
        shutil.copytree(os.path.join(real, path), os.path.join(dest, path))
    efi = os.path.join(dest, 'sys/firmware/efi')
    for name in ('fw_vendor', 'runtime', 'config_table', 'systab', 'fw_platform_size'):
        os.makedirs(efi, exist_ok=True)
        shutil.copyfile(os.path.join(real, 'sys/firmware/efi', name),
                        os.path.join(efi, name))
    virt = 0xffffffff00000000
    for i in range(count):
        phys, size = FIRST + i * PAGES * 0x1000, PAGES * 0x1000
        virt = layout(virt, phys, size)
        entry = os.path.join(efi, 'runtime-map', str(i))
        put(entry + '/type', '0x5\n' if i % 8 == 0 else '0x6\n')
        put(entry + '/attribute', '0x800000000000000f\n')
        put(entry + '/phys_addr', f'{phys:#x}\n')
        put(entry + '/virt_addr', f'{virt:#x}\n')
        put(entry + '/num_pages', f'{PAGES:#x}\n')
    end = FIRST + count * PAGES * 0x1000
    ranges = [(0, 0x9ffff, 'System RAM'), (0x100000, FIRST - 1, 'System RAM'),
              (FIRST, end - 1, 'Reserved'), (end, 0x7fffffff, 'System RAM')]
    for i, (first, last, label) in enumerate(ranges):
        place = os.path.join(dest, 'sys/firmware/memmap', str(i))
        put(place + '/start', f'{first:#x}\n')
        put(place + '/end', f'{last:#x}\n')
        put(place + '/type', label + '\n')
    put(os.path.join(dest, 'proc/iomem'),
        ''.join(f'{first:08x}-{last:08x} : {label}\n' for first, last, label in ranges))


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(int(sys.argv[1]), sys.argv[2])
