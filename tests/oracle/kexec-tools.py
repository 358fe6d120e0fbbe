#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the data that the real kexec-tools would load for captures with the output of
encode_setup_data().

usage: kexec-tools.py SPY SETUP-DATA-BYTES FIXTURES

In a mount namespace, a capture replaces the running system's files. A preloaded library records the
segments that kexec passes to kexec_load, and does not call kexec_load. As an additional safeguard,
kexec runs without CAP_SYS_BOOT. The kernel image is a bzImage header without a kernel. With
EFIMAP_BZIMAGE=FILE in the environment, one more case uses the kernel image FILE.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile

import fetch
from machine import Place, drop_boot, enter_namespace, make_image, skip, unmount, write
from oracle import DESC_SIZE, SetupData, descriptors, read

EFI_INFO, SETUP_DATA, XLF_EFI_KEXEC = 0x1c0, 0x250, 0x10
SETUP_EFI = 4
RUNTIME_MAP = 'sys/firmware/efi/runtime-map'
PARAMS = 'sys/kernel/boot_params/data'
SYSTAB = 'sys/firmware/efi/systab'
PLAIN = 'ovmf-q35-6.1-kexec-first'

def set_params(offset, value):
    def change(tree):
        data = bytearray(read(tree, PARAMS))
        struct.pack_into('<I', data, offset, value)
        write(tree, PARAMS, data)
    return change


def set_file(path, data):
    """Return a function that replaces a file, or removes it if data is None."""
    def change(tree):
        if data is None:
            os.remove(os.path.join(tree, path))
        else:
            write(tree, path, data)
    return change


def remove_map(tree):
    shutil.rmtree(os.path.join(tree, RUNTIME_MAP))


def empty_map(tree):
    remove_map(tree)
    os.mkdir(os.path.join(tree, RUNTIME_MAP))


def grow_map(tree):
    """Extend the runtime map to 300 entries. The fields of the new entries have high bits set."""
    for index in range(8, 300):
        entry = os.path.join(tree, RUNTIME_MAP, str(index))
        os.mkdir(entry)
        write(entry, 'type', b'0x%x\n' % (0xffffffff - index))
        for name, value in (('phys_addr', 0xfedcba9876543000), ('num_pages', 1 << 63),
                            ('virt_addr', 0xffffffffffff0000), ('attribute', (1 << 64) - 2)):
            write(entry, name, b'0x%x\n' % (value - index))


def shrink_map(tree):
    shutil.rmtree(os.path.join(tree, RUNTIME_MAP, '3'))


# Names of captures, and changes to the capture PLAIN. In each case, encode_setup_data() must
# return the data that kexec-tools loads.
CASES = [(name, None) for name in (
    PLAIN, 'ovmf-q35-6.1-kexec-second', 'ovmf-q35-6.1-crash-first',
    'ovmf-q35-6.1-crash-second', 'ovmf-q35-6.1-efidebug-first',
    'ovmf-q35-6.1-efidebug-second', 'ovmf-q35-6.12-kexec-file-first',
    'ovmf-q35-6.12-kexec-file-second', 'ovmf-q35-6.12-ptdump-first',
    'ovmf-q35-6.12-ptdump-second', 'ovmf32-q35-6.1-mixed-first',
    'ovmf-q35-6.1-noruntime-first', 'seabios-q35-6.1-first')]
CASES += [
    ('SMBIOS missing', set_file(SYSTAB, b'ACPI20=0x3f77d014\nACPI=0x3f77d000\n')),
    ('only SMBIOS3', set_file(SYSTAB, b'ACPI20=0x3f77d014\nSMBIOS3=0x3f520000\n')),
    ('SMBIOS3 before SMBIOS', set_file(SYSTAB, b'SMBIOS3=0x1000\nSMBIOS=0x2000\n')),
    ('a name that ends in SMBIOS', set_file(SYSTAB, b'OLDSMBIOS=0x1000\nSMBIOS=0x2000\n')),
    ('SMBIOS with all bits set', set_file(SYSTAB, b'SMBIOS=0xffffffffffffffff\n')),
    ('systab empty', set_file(SYSTAB, b'')),
    ('systab missing', set_file(SYSTAB, None)),
    ('fw_vendor missing', set_file('sys/firmware/efi/fw_vendor', None)),
    ('runtime missing', set_file('sys/firmware/efi/runtime', None)),
    ('config_table missing', set_file('sys/firmware/efi/config_table', None)),
    ('config_table 0', set_file('sys/firmware/efi/config_table', b'0x0\n')),
    ('config_table malformed', set_file('sys/firmware/efi/config_table', b'none\n')),
    ('config_table with all bits set',
     set_file('sys/firmware/efi/config_table', b'0xffffffffffffffff\n')),
    ('no runtime map', remove_map),
    ('empty runtime map', empty_map),
    ('300 entries', grow_map),
    ('a gap in the entry numbers', shrink_map),
    ('descriptor version 2', set_params(EFI_INFO + 12, 2)),
    ('no firmware map', set_params(EFI_INFO + 20, 0)),
    ('system table above 4 GiB', set_params(EFI_INFO + 24, 0x12)),
]


def run_kexec(spy, kexec, image):
    """Return the segments by address, and the output of kexec. The segments are None if the library
    was not loaded."""
    with tempfile.TemporaryDirectory() as out:
        env = {'PATH': os.environ.get('PATH', ''), 'LD_PRELOAD': spy, 'SPY_DIR': out,
               'LD_LIBRARY_PATH': fetch.library_path('kexec-tools')}
        tried = subprocess.run([kexec, '--version'], env=env, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, preexec_fn=drop_boot, check=False)
        if not os.path.exists(os.path.join(out, 'loaded')):
            return None, tried.stdout.strip()
        run = subprocess.run([kexec, '-c', '-l', image, '--append=x'], env=env, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1200,
                             preexec_fn=drop_boot, check=False)
        segments = {int(name, 16): read(out, name) for name in os.listdir(out)
                    if name.startswith('0x')}
    return segments, run.stdout


def received(segments):
    """Return efi_info, the SETUP_EFI nodes, and the address of the EFI memory map."""
    params = [data for data in segments.values() if data[0x202:0x206] == b'HdrS']
    if len(params) != 1:
        raise SystemExit(f'{len(params)} segments contain boot_params instead of 1')
    info = params[0][EFI_INFO:EFI_INFO + 32]
    nodes, at = [], struct.unpack_from('<Q', params[0], SETUP_DATA)[0]
    while at:
        following, kind = struct.unpack_from('<QI', segments[at])
        if kind == SETUP_EFI:
            nodes.append(segments[at])
        at = following
    low, high = struct.unpack_from('<I8xI', info, 16)
    return info, nodes, low | high << 32


def compare(segments, tool, tree):
    info, nodes, memmap = received(segments)
    ours = SetupData(tool, tree, 'kexec-tools')
    if ours.passes != bool(nodes):
        yield f'kexec passes EFI: {bool(nodes)}, efimapctl: {ours.passes} {ours.reason}'
        return
    if not nodes:
        return
    if struct.unpack_from('<8xI8xI', info) != (ours.desc_size, len(ours.memmap)):
        yield f'efi_info of kexec: {info.hex()}, descriptors: {ours.memmap.hex()}'
    if nodes != [ours.node]:
        yield f'node of kexec: {nodes[0].hex()}, of efimapctl: {ours.node.hex()}'
    # A tmpfs lists directories in a different order than sysfs.
    wanted = descriptors(ours.memmap, ours.desc_size)
    if sorted(descriptors(segments[memmap], DESC_SIZE)) != sorted(wanted):
        yield 'the memory map of kexec differs from the map of efimapctl'


def find_kexec():
    try:
        return fetch.find('kexec-tools', '/sbin/kexec')
    except fetch.Missing as why:
        skip(f'kexec-tools is not installed, and cannot be fetched: {why}')


class Oracle:
    def __init__(self, spy, tool, fixtures, kexec, top):
        self.spy, self.tool, self.fixtures, self.kexec = spy, tool, fixtures, kexec
        try:
            self.place = Place(top)
        except OSError as error:
            skip(f'cannot mount: {error}')

    def run(self, tree, image):
        """Return the segments that kexec loads for a tree."""
        self.place.fill(tree)
        segments, output = run_kexec(self.spy, self.kexec, image)
        if segments is None:
            skip(f'the library cannot be preloaded into kexec: {output}')
        if not segments:
            raise SystemExit(f'kexec passed no segments to kexec_load: {output}')
        return segments

    def try_case(self, name, change, image):
        with tempfile.TemporaryDirectory() as top:
            tree = os.path.join(top, 'tree')
            capture = PLAIN if change else name
            shutil.copytree(os.path.join(self.fixtures, 'real', capture), tree)
            if change:
                change(tree)
            return list(compare(self.run(tree, image), self.tool, tree))

    def try_deaf_image(self, image):
        segments = self.run(os.path.join(self.fixtures, 'real', PLAIN), image)
        info, nodes, _ = received(segments)
        return ['EFI is passed'] if nodes or info != bytes(32) else []


def main():
    spy, tool, fixtures = sys.argv[1:]
    kexec = find_kexec()
    enter_namespace()
    bad = 0

    def report(name, problems):
        nonlocal bad
        bad += bool(problems)
        print(f'{name}:', '; '.join(problems) or 'ok')

    with tempfile.TemporaryDirectory() as top:
        try:
            oracle = Oracle(spy, tool, fixtures, kexec, top)
            image, deaf = os.path.join(top, 'image'), os.path.join(top, 'deaf')
            make_image(image, 0x7f)
            make_image(deaf, 0x7f & ~XLF_EFI_KEXEC)
            for name, change in CASES:
                report(name, oracle.try_case(name, change, image))
            report('a kernel image without XLF_EFI_KEXEC', oracle.try_deaf_image(deaf))
            if 'EFIMAP_BZIMAGE' in os.environ:
                real = os.environ['EFIMAP_BZIMAGE']
                report(f'{PLAIN} and {real}', oracle.try_case(PLAIN, None, real))
        finally:
            unmount('/proc/iomem', top)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
