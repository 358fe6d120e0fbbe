#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Create an x86-64 kernel image for tests. The image contains only the setup sectors. It can be in
a unified kernel image.

usage: kernel_image.py FILE [--NAME[=VALUE]...]

OPTIONS lists the names. Without --release, the header has no release and no fields for placing the
kernel. Documentation/arch/x86/boot.rst of Linux and the PE specification describe the formats.
"""
import struct
import sys
import types

SIZE = 4096
SETUP_SECTORS = 1
AT_SETUP_SECTORS = 0x1f1
# Offset of the size of the protected-mode code. The size is in units of PARAGRAPH bytes.
AT_SYSSIZE = 0x1f4
PARAGRAPH = 16
AT_BOOT_FLAG = 0x1fe
AT_HEADER = 0x202
AT_VERSION = 0x206
# Offset of a pointer to the release text. The pointer is relative to VERSION_BASE.
AT_KERNEL_VERSION = 0x20e
VERSION_BASE = 0x200
AT_ALIGNMENT = 0x230
AT_RELOCATABLE = 0x234
AT_XLOADFLAGS = 0x236
AT_PREF_ADDRESS = 0x258
AT_INIT_SIZE = 0x260
VERSION_TEXT = 0x400
# Offsets in the optional header
AT_SUBSYSTEM, AT_DIRECTORIES, AT_CERTIFICATES = 68, 108, 144
EFI_APPLICATION = 10
DIRECTORIES = 16

AT_PE_OFFSET = 0x3c
PE_OFFSET = 0x80
X86_64, AARCH64 = 0x8664, 0xaa64
# ukify creates files with these values.
OPTIONAL_SIZE = 240
ALIGNMENT = 512
FIRST_SECTION = 4096
RAW_SIZE, RAW_OFFSET = 16, 20

HUGE = 0xffffffff


def bzimage(options):
    image = bytearray(SIZE)
    image[AT_SETUP_SECTORS] = SETUP_SECTORS
    struct.pack_into('<I', image, AT_SYSSIZE, options.body // PARAGRAPH)
    struct.pack_into('<H', image, AT_BOOT_FLAG, 0xaa55)
    image[AT_HEADER:AT_HEADER + 4] = b'HdrS'
    struct.pack_into('<H', image, AT_VERSION, 0x20f)
    struct.pack_into('<H', image, AT_XLOADFLAGS, options.xloadflags)
    if options.release:
        struct.pack_into('<I', image, AT_ALIGNMENT, 0x200000)
        image[AT_RELOCATABLE] = not options.fixed
        struct.pack_into('<Q', image, AT_PREF_ADDRESS, 0x1000000)
        struct.pack_into('<I', image, AT_INIT_SIZE, options.init_size)
    if options.release and not options.uname:
        text = f'{options.release} (builder@host) #1 SMP\0'.encode()
        struct.pack_into('<H', image, AT_KERNEL_VERSION, VERSION_TEXT - VERSION_BASE)
        image[VERSION_TEXT:VERSION_TEXT + len(text)] = text
    if options.signed or options.key:
        sign(image, bytes.fromhex(options.key or ''))
    return bytes(image)


def sign(image, key):
    """Append a certificate table. key: the identifier of the key of the signer's issuer, or empty."""
    content = b'\x55\x1d\x23\x04\x18\x30\x16\x80\x14' + key if key else b''
    content += bytes(-len(content) % 8 or 8)
    size = 8 + len(content)
    image[:2] = b'MZ'
    struct.pack_into('<I', image, AT_PE_OFFSET, PE_OFFSET)
    optional = PE_OFFSET + 24
    struct.pack_into('<4sHHIIIHH', image, PE_OFFSET, b'PE\0\0', X86_64, 0, 0, 0, 0,
                     OPTIONAL_SIZE, 0x22e)
    struct.pack_into('<H', image, optional, 0x20b)
    struct.pack_into('<I', image, optional + AT_DIRECTORIES, DIRECTORIES)
    struct.pack_into('<II', image, optional + AT_CERTIFICATES, len(image), size)
    image += struct.pack('<IHH', size, 0x200, 2) + content


def unified(options):
    """Return a unified kernel image with its sections in the order of ukify."""
    sections = [(b'.text', b'\xcc' * ALIGNMENT), (b'.osrel', b'ID=test\n')]
    if options.uname:
        sections.append((b'.uname', options.uname.encode('latin-1')))
    if options.initrd_size is not None:
        sections.append((b'.initrd', bytes(options.initrd_size)))
    sections.append((b'.linux', bzimage(options)))
    if options.first_profile:
        sections.insert(1, (b'.profile', b'ID=main\n'))
    if options.lanzaboote:
        sections[-1:] = [(b'.linux', b'\\EFI\\nixos\\kernel.efi'), (b'.linuxh', bytes(32))]
    if options.profile:
        other = types.SimpleNamespace(**{**vars(options), 'release': '9.9.9', 'uname': None})
        sections += [(b'.profile', b'ID=other\n'), (b'.linux', bzimage(other))]
    header = bytearray(b'MZ'.ljust(PE_OFFSET, b'\0'))
    struct.pack_into('<I', header, AT_PE_OFFSET, PE_OFFSET)
    header += struct.pack('<4sHHIIIHH', b'PE\0\0', X86_64, len(sections), 0, 0, 0,
                          OPTIONAL_SIZE, 0x22e)
    optional = bytearray(OPTIONAL_SIZE)
    struct.pack_into('<H', optional, 0, 0x20b)
    struct.pack_into('<H', optional, AT_SUBSYSTEM, EFI_APPLICATION)
    struct.pack_into('<I', optional, AT_DIRECTORIES, DIRECTORIES)
    header += optional
    body = bytearray()
    for name, data in sections:
        padded = data.ljust(-(-len(data) // ALIGNMENT) * ALIGNMENT, b'\0')
        at = FIRST_SECTION + len(body)
        header += struct.pack('<8sIIII12xI', name, len(data), at, len(padded), at, 0x40000040)
        body += padded
    return bytes(header.ljust(FIRST_SECTION, b'\0') + body)


def header_of(image, name):
    return image.index(name.ljust(8, b'\0'))


def put(image, at, form, value):
    struct.pack_into(form, image, at, value)


# Each function changes the image in place, or returns a part of it.
BROKEN = {
    'pe-offset': lambda image: put(image, AT_PE_OFFSET, '<I', HUGE),
    'pe-offset-end': lambda image: put(image, AT_PE_OFFSET, '<I', len(image) - 2),
    'pe-signature': lambda image: put(image, PE_OFFSET, '<I', 0),
    'other-machine': lambda image: put(image, PE_OFFSET + 4, '<H', AARCH64),
    'many-sections': lambda image: put(image, PE_OFFSET + 6, '<H', 0xffff),
    'no-sections': lambda image: put(image, PE_OFFSET + 6, '<H', 0),
    'optional-size': lambda image: put(image, PE_OFFSET + 20, '<H', 0xffff),
    'linux-offset': lambda image: put(image, header_of(image, b'.linux') + RAW_OFFSET, '<I', HUGE),
    'linux-size': lambda image: put(image, header_of(image, b'.linux') + RAW_SIZE, '<I', HUGE),
    'linux-tiny': lambda image: put(image, header_of(image, b'.linux') + RAW_SIZE, '<I', 16),
    'linux-empty': lambda image: put(image, header_of(image, b'.linux') + RAW_SIZE, '<I', 0),
    'linux-elsewhere': lambda image: put(image, header_of(image, b'.linux') + RAW_OFFSET, '<I', 0),
    'initrd-size': lambda image: put(image, header_of(image, b'.initrd') + RAW_SIZE, '<I', HUGE),
    'uname-offset': lambda image: put(image, header_of(image, b'.uname') + RAW_OFFSET, '<I', HUGE),
    'cut': lambda image: image[:-ALIGNMENT],
    'cut-in-headers': lambda image: image[:header_of(image, b'.linux') + 8],
}


# Options with their defaults. argparse would double the run time of this program.
OPTIONS = {
    'release': None,            # kernel release, as uname -r prints it
    'init_size': 0x3f97000,
    'xloadflags': 0x7f,
    'fixed': False,             # the kernel is not relocatable
    'body': 0,                  # size of the part after the setup sectors, in the header only
    'unified': False,           # create a unified kernel image
    'initrd_size': None,        # size in bytes of the initrd in the unified image
    'uname': None,              # text of the section .uname, instead of the release in the header
    'profile': False,           # add a second profile with another kernel
    'first_profile': False,     # begin the sections of the first profile with .profile
    'lanzaboote': False,        # create the boot loader of Lanzaboote, which names a kernel
    'signed': False,            # append a certificate table
    'key': None,                # append one that names this key, in hexadecimal
    'broken': None,             # a key of BROKEN
}
TEXTS = ('release', 'uname', 'broken', 'key')


def read_options(words):
    options = dict(OPTIONS)
    for word in words:
        name, has_value, value = word.removeprefix('--').partition('=')
        name = name.replace('-', '_')
        if name not in OPTIONS or bool(has_value) == (OPTIONS[name] is False):
            sys.exit(f'kernel_image.py: {word}: unknown option\n{__doc__}')
        options[name] = value if name in TEXTS else int(value, 0) if has_value else True
    return types.SimpleNamespace(**options)


def main():
    path, = [word for word in sys.argv[1:] if not word.startswith('--')]
    options = read_options([word for word in sys.argv[1:] if word.startswith('--')])
    image = bytearray(unified(options) if options.unified else bzimage(options))
    if options.broken:
        image = BROKEN[options.broken](image) or image
    with open(path, 'wb') as file:
        file.write(image)


if __name__ == '__main__':
    main()
