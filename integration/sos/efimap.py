# SPDX-License-Identifier: GPL-2.0-or-later
"""sos plugin: collect the EFI runtime map and the other files that efimapctl needs to verify it.

The plugin works with sos 4.0 and later. A policy of sos 4.0 loads only classes that are tagged with
its distribution, so the class has all tags. JSON is collected without standard error, because sos
would write standard error into the JSON file. boot_params is not collected, because it contains
disk signatures and the serial number of the screen; the snapshot has the fields that verify needs.
"""
import glob
import os
import stat

from sos.report.plugins import (Plugin, RedHatPlugin, DebianPlugin,
                                UbuntuPlugin, SuSEPlugin, IndependentPlugin)

# These files show the state and the limits of kexec, among others.
# Kernel images are not collected, because the snapshot lists them.
COPIED = [
    '/sys/firmware/efi/fw_vendor',
    '/sys/firmware/efi/runtime',
    '/sys/firmware/efi/config_table',
    '/sys/firmware/efi/systab',
    '/sys/firmware/efi/fw_platform_size',
    '/sys/firmware/efi/runtime-map',
    '/sys/firmware/memmap',
    '/proc/iomem',
    '/proc/cmdline',
    '/proc/version',
    '/proc/sys/kernel/arch',
    '/proc/sys/kernel/random/boot_id',
    '/proc/cpuinfo',
    '/sys/devices/virtual/dmi/id/sys_vendor',
    '/sys/devices/virtual/dmi/id/product_name',
    '/sys/devices/virtual/dmi/id/bios_version',
    '/boot/loader/entries',
    '/efi/loader/entries',
    '/boot/efi/loader/entries',
    '/etc/kernel/cmdline',
    '/etc/kernel/cmdline.d',
    '/usr/lib/kernel/cmdline',
    '/etc/default/grub',
    '/etc/default/grub.d',
    '/sys/kernel/kexec',
    '/sys/kernel/kexec_loaded',
    '/sys/kernel/kexec_crash_loaded',
    '/sys/kernel/kexec_crash_size',
    '/sys/kernel/crash_elfcorehdr_size',
    '/proc/sys/kernel/kexec_load_disabled',
    '/proc/sys/kernel/kexec_load_limit_reboot',
    '/proc/sys/kernel/kexec_load_limit_panic',
    '/sys/kernel/security/lockdown',
    '/sys/kernel/security/ima/policy',
    '/sys/kernel/security/ima/runtime_measurements_count',
    '/sys/module/kernel/parameters/crash_kexec_post_notifiers',
    '/proc/sys/kernel/panic',
    '/sys/module/pstore/parameters/backend',
    '/proc/meminfo',
    '/sys/devices/system/cpu/possible',
    '/sys/kernel/debug/kho/out/scratch_phys',
    '/sys/kernel/debug/kho/out/scratch_len',
]
# The files of DMI contain models and versions, but no serial numbers.
MORE = [
    '/sys/kernel/boot_params/version',
    '/sys/devices/virtual/dmi/id/bios_date',
    '/sys/devices/virtual/dmi/id/bios_vendor',
    '/sys/devices/virtual/dmi/id/board_name',
    '/sys/devices/virtual/dmi/id/board_vendor',
    '/var/lib/efimapctl/*.json',
]
# The only type of setup_data (arch/x86/include/uapi/asm/setup_data.h) whose payload is collected.
# Other payloads may contain keys and seeds.
SETUP_EFI = 4


def is_protected(path):
    """Return whether a file or directory belongs to this user, and no other user can replace it or
    the files in it. sos follows links, so a link is not protected."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    if status.st_uid != os.geteuid():
        return False
    if stat.S_ISREG(status.st_mode):
        return status.st_nlink == 1 and is_protected(os.path.dirname(path))
    others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(status.st_mode) and bool(not others_write or status.st_mode & stat.S_ISVTX)


class EfiMap(Plugin, RedHatPlugin, DebianPlugin, UbuntuPlugin, SuSEPlugin,
             IndependentPlugin):
    """The EFI runtime map, and the data of the firmware, the kernel and kexec that verify needs."""

    short_desc = 'EFI runtime memory map'
    plugin_name = 'efimap'
    profiles = ('boot', 'hardware', 'kernel', 'system')
    packages = ('efimapctl',)
    files = ('/sys/firmware/efi',)

    def find(self, spec):
        """Return (path in the report, path now) for each file that matches."""
        top = self.sysroot or '/'
        return [('/' + os.path.relpath(path, top), path)
                for path in sorted(glob.glob(os.path.join(glob.escape(top), spec)))]

    def setup_data(self):
        """Return the type files of all setup_data nodes, and the payloads of SETUP_EFI."""
        paths = []
        for path, now in self.find('sys/kernel/boot_params/setup_data/[0-9]*/type'):
            paths.append(path)
            try:
                with open(now, encoding='ascii') as file:
                    kind = int(file.read(), 16)
            except (OSError, ValueError):
                continue
            if kind == SETUP_EFI:
                paths.append(os.path.dirname(path) + '/data')
        return paths

    def crash_snapshots(self):
        """Return the snapshots in /var/crash, in which other users may create files."""
        found = self.find('var/crash/efimap*.json') + self.find('var/crash/*/efimap*.json')
        crash = os.path.join(self.sysroot or '/', 'var/crash')
        return [glob.escape(path) for path, now in found
                if is_protected(crash) and is_protected(now)]

    def setup(self):
        self.add_copy_spec(COPIED + MORE + self.setup_data() + self.crash_snapshots())
        commands = [('verify --json', 'verify.json')]
        # Without EFI, there is no map, and this command prints nothing.
        if self.find('sys/firmware/efi'):
            commands.append(('dump --json', 'dump.json'))
        commands.append(('snapshot', 'snapshot.json'))
        for command, name in commands:
            self.add_cmd_output('efimapctl ' + command, stderr=False,
                                suggest_filename='efimapctl_' + name)
        self.add_cmd_output('efimapctl verify')
