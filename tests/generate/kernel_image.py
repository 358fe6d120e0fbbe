#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the image of a kernel for x86-64 for tests: its setup sectors, and no kernel.

Without a release the header says no more than that it is one. Documentation/arch/x86/boot.rst of
Linux says what stands where.
"""
import argparse
import struct

SIZE = 4096
SETUP_SECTORS = 1
AT_SETUP_SECTORS = 0x1f1
AT_BOOT_FLAG = 0x1fe
AT_HEADER = 0x202
AT_VERSION = 0x206
# The text with the release lies so many bytes behind this, minus VERSION_BASE.
AT_KERNEL_VERSION = 0x20e
VERSION_BASE = 0x200
AT_ALIGNMENT = 0x230
AT_RELOCATABLE = 0x234
AT_XLOADFLAGS = 0x236
AT_PREF_ADDRESS = 0x258
AT_INIT_SIZE = 0x260
# Behind the header
VERSION_TEXT = 0x400


def number(text):
    """A number in any notation of Python."""
    return int(text, 0)


def bzimage(options):
    """The bytes of the setup sectors."""
    image = bytearray(SIZE)
    image[AT_SETUP_SECTORS] = SETUP_SECTORS
    struct.pack_into('<H', image, AT_BOOT_FLAG, 0xaa55)
    image[AT_HEADER:AT_HEADER + 4] = b'HdrS'
    struct.pack_into('<H', image, AT_VERSION, options.protocol)
    struct.pack_into('<H', image, AT_XLOADFLAGS, 0x7f)
    if options.release:
        struct.pack_into('<I', image, AT_ALIGNMENT, options.alignment)
        image[AT_RELOCATABLE] = 1
        struct.pack_into('<Q', image, AT_PREF_ADDRESS, options.pref_address)
        struct.pack_into('<I', image, AT_INIT_SIZE, options.init_size)
        text = f'{options.release} (builder@host) #1 SMP\0'.encode()
        struct.pack_into('<H', image, AT_KERNEL_VERSION, VERSION_TEXT - VERSION_BASE)
        image[VERSION_TEXT:VERSION_TEXT + len(text)] = text
    return bytes(image)


def main():
    """Write what the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('file')
    parser.add_argument('--release', help='what uname -r of it says')
    parser.add_argument('--protocol', type=number, default=0x20f)
    parser.add_argument('--alignment', type=number, default=0x200000)
    parser.add_argument('--pref-address', type=number, default=0x1000000)
    parser.add_argument('--init-size', type=number, default=0x3f97000)
    options = parser.parse_args()
    with open(options.file, 'wb') as file:
        file.write(bzimage(options))


if __name__ == '__main__':
    main()
