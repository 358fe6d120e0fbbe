#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write an initrd whose pages contain the header of a Memory Attributes Table.

usage: make-initrd.py INITRD PAGES OFFSET >NEW

NEW is a cpio archive with a file of PAGES pages, followed by INITRD. At OFFSET of each page of NEW
that is inside this file are the version 1, 0xc00000 entries and the descriptor size 0x100. OFFSET is
the offset in its page of the address that `dmesg | grep -o MEMATTR=.*` prints.
"""
import struct
import sys

PAGE = 4096


def member(name, size):
    name = name.encode() + b'\0'
    fields = (1, 0o100644, 0, 0, 1, 0, size, 0, 0, 0, 0, len(name), 0)
    head = b'070701' + b''.join(b'%08x' % field for field in fields) + name
    return head + bytes(-len(head) % 4)


def main():
    initrd, pages, offset = sys.argv[1], int(sys.argv[2], 0), int(sys.argv[3], 0)
    head = member('pattern', pages * PAGE)
    data = bytearray(pages * PAGE)
    for at in range(PAGE + offset - len(head), len(data) - 16, PAGE):
        struct.pack_into('<IIII', data, at, 1, 0xc00000, 0x100, 0)
    archive = head + data + member('TRAILER!!!', 0)
    with open(initrd, 'rb') as file:
        sys.stdout.buffer.write(archive + bytes(-len(archive) % 512) + file.read())


if __name__ == '__main__':
    main()
