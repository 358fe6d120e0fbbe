#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare "dump --format=page-table" with the page table that a kernel printed.

usage: page_table.py EFIMAPCTL CAPTURE...

Each CAPTURE contains sys/kernel/debug/page_tables/efi, written by note_page() of
arch/x86/mm/dump_pagetables.c. The lower half of the address space and the EFI virtual address range
are compared. If the firmware booted the kernel, only the kernel maps its copy of the EFI memory
map, and it sets NX as the Memory Attributes Table demands, so NX is not compared.
"""
import json
import os
import re
import subprocess
import sys

LEAVES = {'pte': 1 << 12, 'pmd': 1 << 21, 'pud': 1 << 30}
RANGES = ((0, 1 << 47), (0xffffffef00000000, 0xffffffff00000000))


def leaves_of(text, flags):
    """Return the level and the flags of each mapped leaf by virtual address."""
    leaves = {}
    for line in text.splitlines():
        found = re.match(r'0x(\w{16})-0x(\w{16}) .* (RW|ro)\b(.*) (pte|pmd|pud)\b', line)
        if not found:
            continue
        first, end = int(found[1], 16), int(found[2], 16)
        if any(start <= first and end <= last for start, last in RANGES):
            what = (found[5], *(flag in found[4].split() for flag in flags))
            leaves |= dict.fromkeys(range(first, end, LEAVES[found[5]]), what)
    return leaves


def compare(efimapctl, capture):
    with open(os.path.join(capture, 'sys/kernel/debug/page_tables/efi'), encoding='ascii') as file:
        dumped = file.read()
    command = [efimapctl, 'dump', '--format=page-table', capture]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    document = json.loads(subprocess.run([*command, '-J'], check=True, capture_output=True).stdout)
    is_second = document['kernel']['booted_by'] == 'kexec'
    flags = ('PCD', 'NX') if is_second else ('PCD',)
    kernel, own = leaves_of(dumped, flags), leaves_of(printed, flags)
    only_kernel = [va for va in kernel if va not in own]
    wrong = [va for va in own if own[va] != kernel.get(va)]
    print(f'{capture}: {len(own)} pages, {len(wrong)} wrong, {len(only_kernel)} only in the kernel')
    return own and not wrong and sum(document['page_table']['leaves'].values()) == len(own) and \
        len(only_kernel) == (0 if is_second else 4)


if __name__ == '__main__':
    sys.exit(not all([compare(sys.argv[1], capture) for capture in sys.argv[2:]]))
