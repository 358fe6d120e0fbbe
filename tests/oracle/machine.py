# SPDX-License-Identifier: GPL-2.0-or-later
"""Replace the running system's files with the files of a capture in a mount namespace, so that
kexec-tools reads the capture."""
import os
import shutil
import struct
import sys
import tempfile

from oracle import read

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                'tools'))
import namespace  # noqa: E402 pylint: disable=wrong-import-position

SKIP = 77


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIP)


def unmount(*paths):
    for path in paths:
        namespace.libc.umount2(path.encode(), namespace.MNT_DETACH)


def write(tree, path, data):
    with open(os.path.join(tree, path), 'wb') as file:
        file.write(data)


def enter_namespace():
    if os.geteuid() != 0:
        skip('needs root')
    for path in ('/sys/firmware', '/sys/kernel/boot_params', '/proc/iomem'):
        if not os.path.exists(path):
            skip(f'{path} does not exist on this machine')
    try:
        namespace.enter()
    except OSError as error:
        skip(f'cannot create a mount namespace: {error}')


def drop_boot():
    namespace.drop('CAP_SYS_BOOT')


def make_image(path, xloadflags, init_size=0x100000, sectors=1, alignment=0x200000,
               pref_address=0x1000000):
    """Write the header of a 64-bit bzImage, followed by a zeroed page instead of a kernel."""
    image = bytearray((sectors + 1) * 512 + 4096)
    # If the file began with zeros, kexec-tools would treat it as an empty LZMA file.
    image[0:2] = b'MZ'
    struct.pack_into('<BHI', image, 0x1f1, sectors, 0, 0x100)
    struct.pack_into('<H', image, 0x1fe, 0xaa55)
    struct.pack_into('<BB4sH', image, 0x200, 0xeb, 0x6a, b'HdrS', 0x20f)
    struct.pack_into('<B', image, 0x211, 1)
    struct.pack_into('<IBBHI', image, 0x230, alignment, 1, 21, xloadflags, 2047)
    struct.pack_into('<QI', image, 0x258, pref_address, init_size)
    write('/', path, image)


class Place:
    """The directories from which kexec reads data about the machine. They are mounted once, and
    filled for each case."""

    DIRECTORIES = ('/sys/firmware', '/sys/kernel/boot_params')

    def __init__(self, top):
        # A tmpfs is fast for thousands of small files, and vanishes with the mount namespace.
        namespace.mount('tmpfs', top, 'tmpfs')
        tempfile.tempdir = top
        self.iomem = os.path.join(top, 'iomem')
        write('/', self.iomem, b'')
        for path in self.DIRECTORIES:
            namespace.mount('tmpfs', path, 'tmpfs')
        self.mount_proc()

    def mount_proc(self):
        namespace.bind(self.iomem, '/proc/iomem')

    def fill(self, tree):
        for path in self.DIRECTORIES:
            for name in os.listdir(path):
                entry = os.path.join(path, name)
                (shutil.rmtree if os.path.isdir(entry) else os.remove)(entry)
            if os.path.isdir(tree + path):
                shutil.copytree(tree + path, path, dirs_exist_ok=True)
        write('/', self.iomem, read(tree, 'proc/iomem'))


KERNEL_MAP = 0xffffffff81000000


def kcore():
    """Return a /proc/kcore with only the ELF headers, from which kexec -p reads the kernel's
    addresses."""
    header = struct.pack('<4sBBB9xHHIQQQIHHHHHH', b'\x7fELF', 2, 1, 1, 4, 62, 1, 0, 64, 0, 0, 64,
                         56, 1, 0, 0, 0)
    return header + struct.pack('<IIQQQQQQ', 1, 7, 0x1000, KERNEL_MAP, 0x1000000, 0x1000000,
                                0x1000000, 0x1000)


class CrashPlace(Place):
    """The mounted directories, with all files of /proc that kexec -p reads."""

    def mount_proc(self):
        namespace.mount('tmpfs', '/proc', 'tmpfs')
        self.iomem = '/proc/iomem'
        write('/', '/proc/mounts', b'sysfs /sys sysfs rw 0 0\n')
        write('/', '/proc/kallsyms', b'%x T _stext\n' % KERNEL_MAP)
        write('/', '/proc/kcore', kcore())

    def fill(self, tree):
        super().fill(tree)
        write('/', '/proc/cmdline', read(tree, 'proc/cmdline') or b'\n')
