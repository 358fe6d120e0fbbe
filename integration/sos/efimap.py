# SPDX-License-Identifier: GPL-2.0-or-later
"""sos plugin: collect the EFI runtime map and the other files that efimapctl needs to verify it.

The plugin works with sos 4.0 and later. A policy of sos 4.0 loads only classes that are tagged with
its distribution, so the class has all tags. The plugin has no options, because sos 4.3 changed the
declaration of options. JSON is collected without standard error, because sos would write standard
error into the JSON file.
"""
import glob
import os
import re
import stat

from sos.report.plugins import (Plugin, RedHatPlugin, DebianPlugin,
                                UbuntuPlugin, SuSEPlugin, IndependentPlugin)

SETUP_DATA = '/sys/kernel/boot_params/setup_data'
# The only type of setup_data (arch/x86/include/uapi/asm/setup_data.h) whose payload is collected.
# This payload contains the addresses of firmware tables. Other payloads may contain keys and seeds.
SETUP_EFI = 4
BOOT_PARAMS = '/sys/kernel/boot_params/data'
# Start and size of the boot_params fields that efimapctl reads (src/capture/boot_params.h). Other
# fields contain private data, such as disk signatures and the serial number of the screen (EDID).
FIELDS = ((0x070, 8), (0x13c, 4), (0x1c0, 32), (0x1e8, 1), (0x1ec, 1), (0x1fe, 2), (0x202, 6),
          (0x210, 1), (0x230, 4), (0x236, 2), (0x250, 20))

CRASH = '/var/crash'
# Snapshots that the crash kernel or efimapctl-compare wrote, in CRASH or next to a crash dump
CRASH_SNAPSHOTS = ('efimap*.json', '*/efimap*.json')


def is_protected(path):
    """Return whether a directory belongs to this user, and no other user can replace its files."""
    try:
        directory = os.lstat(path)
    except OSError:
        return False
    others_write = directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return (stat.S_ISDIR(directory.st_mode) and directory.st_uid == os.geteuid() and
            (not others_write or bool(directory.st_mode & stat.S_ISVTX)))


class EfiMap(Plugin, RedHatPlugin, DebianPlugin, UbuntuPlugin, SuSEPlugin,
             IndependentPlugin):
    """The EFI runtime map, and the data of the firmware, the kernel and kexec that verify needs."""

    short_desc = 'EFI runtime memory map'
    plugin_name = 'efimap'
    profiles = ('boot', 'hardware', 'kernel', 'system')
    packages = ('efimapctl',)
    files = ('/sys/firmware/efi',)

    def in_sysroot(self, path):
        """Return the path under which a file is available while the report is created."""
        return os.path.join(self.sysroot or '/', path.lstrip('/'))

    def setup_data(self):
        """Return the paths of the type files of all setup_data nodes, and of SETUP_EFI payloads."""
        try:
            nodes = os.listdir(self.in_sysroot(SETUP_DATA))
        except OSError:
            return []
        paths = []
        for node in sorted(name for name in nodes if re.match(r'[0-9]+$', name)):
            where = '%s/%s' % (SETUP_DATA, node)
            paths.append(where + '/type')
            try:
                with open(self.in_sysroot(where + '/type'), encoding='ascii') as file:
                    is_efi = int(file.read().strip(), 16) == SETUP_EFI
            except (OSError, ValueError):
                is_efi = False
            if is_efi:
                paths.append(where + '/data')
        return paths

    def crash_snapshots(self):
        """Return the snapshots in /var/crash, which is world-writable on some distributions.

        sos follows links. A file is therefore returned only if it is a regular file of this user
        with one link, and if no other user can replace the file or its directory."""
        crash = self.in_sysroot(CRASH)
        if not is_protected(crash):
            return []
        paths = []
        for path in (path for spec in CRASH_SNAPSHOTS
                     for path in sorted(glob.glob(os.path.join(glob.escape(crash), spec)))):
            try:
                file = os.lstat(path)
            except OSError:
                continue
            if (stat.S_ISREG(file.st_mode) and file.st_uid == os.geteuid() and
                    file.st_nlink == 1 and is_protected(os.path.dirname(path))):
                where = '/' + os.path.relpath(path, self.sysroot or '/')
                paths.append(glob.escape(where))
        return paths

    def add_boot_params(self):
        """Add a copy of boot_params. Fields that efimapctl does not read are zero in the copy."""
        try:
            with open(self.in_sysroot(BOOT_PARAMS), 'rb') as file:
                data = file.read()
        except OSError:
            return
        copy = bytearray(len(data))
        for at, size in FIELDS:
            copy[at:at + size] = data[at:at + size]
        self.archive.add_binary(bytes(copy), BOOT_PARAMS)

    def setup(self):
        self.add_copy_spec([
            '/sys/firmware/efi/runtime-map',
            '/sys/firmware/efi/config_table',
            '/sys/firmware/efi/fw_platform_size',
            '/sys/firmware/efi/fw_vendor',
            '/sys/firmware/efi/runtime',
            '/sys/firmware/efi/systab',
            '/sys/firmware/memmap',
            '/sys/kernel/boot_params/version',
            '/proc/iomem',
            '/proc/cmdline',
            '/proc/version',
            '/proc/cpuinfo',
            '/proc/sys/kernel/arch',
            '/proc/sys/kernel/random/boot_id',
            # These files show the state and the limits of kexec. Kernel images are not
            # collected, because the snapshot lists them.
            '/sys/kernel/kexec',
            '/sys/kernel/kexec_loaded',
            '/sys/kernel/kexec_crash_loaded',
            '/sys/kernel/kexec_crash_size',
            '/sys/module/kernel/parameters/crash_kexec_post_notifiers',
            '/sys/module/pstore/parameters/backend',
            '/sys/kernel/crash_elfcorehdr_size',
            '/sys/kernel/debug/kho/out/scratch_len',
            '/sys/kernel/debug/kho/out/scratch_phys',
            '/sys/kernel/security/ima/policy',
            '/sys/kernel/security/ima/runtime_measurements_count',
            '/sys/kernel/security/lockdown',
            '/proc/sys/kernel/kexec_load_disabled',
            '/proc/sys/kernel/kexec_load_limit_panic',
            '/proc/sys/kernel/kexec_load_limit_reboot',
            '/proc/meminfo',
            '/proc/zoneinfo',
            '/proc/sys/vm/overcommit_memory',
            '/sys/devices/system/cpu/online',
            '/sys/devices/system/cpu/possible',
            '/sys/devices/system/cpu/present',
            # These files contain models and versions, but no serial numbers.
            '/sys/devices/virtual/dmi/id/bios_date',
            '/sys/devices/virtual/dmi/id/bios_vendor',
            '/sys/devices/virtual/dmi/id/bios_version',
            '/sys/devices/virtual/dmi/id/board_name',
            '/sys/devices/virtual/dmi/id/board_vendor',
            '/sys/devices/virtual/dmi/id/product_name',
            '/sys/devices/virtual/dmi/id/sys_vendor',
            '/var/lib/efimapctl/*.json',
        ] + self.setup_data() + self.crash_snapshots())
        for command, name in (('dump --json', 'dump.json'),
                              ('verify --json', 'verify.json'),
                              ('snapshot', 'snapshot.json')):
            self.add_cmd_output('efimapctl ' + command, stderr=False,
                                suggest_filename='efimapctl_' + name)
        self.add_cmd_output('efimapctl verify')
        # This call is last, because it writes to the archive. The other calls only declare files
        # and commands.
        self.add_boot_params()
