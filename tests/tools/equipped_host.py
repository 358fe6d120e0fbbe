#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command on a machine that has everything that efimapctl reads, in a mount namespace.

usage: equipped_host.py COMMAND [ARGUMENT...]

The machine has an EFI runtime map, installed kernels, kdump-tools and kdump-utils that are
configured, a recorded load, restrictions of kexec, a kernel log, units, programs of kexec-tools and
systemd, and each file of src/capture/sources.table. The tests must have the same results on this
machine as on any other one. scripts/deep runs all cases of the command line on it.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import host_files  # noqa: E402 pylint: disable=wrong-import-position
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

# A word that occurs only in the files of this machine
MARK = 'equipped-host'
RELEASE = f'9.9.9-{MARK}'
CAPTURE = 'ovmf-q35-6.12-kexec-file-first'
COMMAND = f'/sbin/kexec -p --initrd=/boot/initrd.img-{RELEASE} /boot/vmlinuz-{RELEASE}\n'
# Files that the table of files does not describe, or whose content matters
FILES = {
    'boot/config-' + RELEASE: 'CONFIG_KEXEC_SIG_FORCE=y\n',
    'boot/initrd.img-' + RELEASE: 'initrd',
    'boot/efi/loader/entries/x.conf': f'linux /vmlinuz-{RELEASE}\n',
    f'boot/loader/entries/{MARK}.conf': f'title {MARK}\nlinux /vmlinuz-{RELEASE}\n',
    'etc/default/grub.d/x.cfg': 'GRUB_CMDLINE_LINUX="crashkernel=1M"\n',
    'etc/default/kdump-tools': f'USE_KDUMP=1\nKDUMP_KERNEL=/boot/vmlinuz-{RELEASE}\n'
                               f'KDUMP_INITRD=/boot/initrd.img-{RELEASE}\n',
    'etc/default/kexec': f'LOAD_KEXEC=true\nKERNEL_IMAGE=/boot/vmlinuz-{RELEASE}\n',
    'etc/default/kexec.d/x': 'APPEND="efi=noruntime"\n',
    'etc/ima/ima-policy': 'appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n',
    'etc/kdump.conf': f'path /{MARK}\n',
    'etc/kernel/cmdline.d/x.conf': 'crashkernel=1M\n',
    'etc/sysconfig/kdump': f'KDUMP_KERNELVER="{RELEASE}"\n',
    'etc/sysconfig/ima-policy': 'appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n',
    'etc/systemd/system/kdump-tools.service.d/50-host.conf': '[Unit]\n',
    f'lib/modules/{RELEASE}/config': 'CONFIG_KEXEC_SIG_FORCE=y\n',
    f'lib/modules/{RELEASE}/vmlinuz': 'kernel',
    'proc/cpuinfo': 'vendor_id\t: AuthenticAMD\nflags\t\t: fpu nx pse pae lm sme sev\n'
                    'address sizes\t: 40 bits physical, 48 bits virtual\n',
    'proc/cmdline': f'BOOT_IMAGE=/vmlinuz-{RELEASE} crashkernel=256M efi=noruntime\n',
    'proc/meminfo': 'MemTotal: 90000000 kB\nMemAvailable: 60000000 kB\n',
    'proc/version': f'Linux version {RELEASE} (a@b)\n',
    'sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
    'usr/lib/systemd/libsystemd-shared-999.so': 'kexec_file_load\n',
    'usr/sbin/kexec': 'kexec-tools 9.9.9\n',
    'var/crash/kexec_cmd': COMMAND,
    'var/lib/efimapctl/0.json': '{}\n',
    f'var/lib/kdump/initrd.img-{RELEASE}': 'initrd',
}
# For each format of a single value, a value that differs from that of most machines
VALUES = {'flag': '1', 'switch': 'Y', 'limit': '0', 'number': '2', 'size': '4096', 'cpus': '0-2'}
MESSAGES = (f'Linux version {RELEASE} (a@b)', f'Command line: efi=noruntime {MARK}',
            'efi: EFI v2.7 by ' + MARK, 'Kernel is locked down from EFI Secure Boot mode')


def example_of(file):
    """Return the content of a file of the table."""
    return VALUES[file.format()] + '\n' if file.format() else MARK + '\n'


def paths_of(file):
    """Return the paths of a block that a machine can have, without patterns and paths of a sos
    report."""
    return [path for path in file.paths
            if '/' in path and not re.search('[*%]|^sos_commands/', path)]


def write(tree, path, text):
    target = os.path.join(tree, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, 'w', encoding='ascii') as file:
        file.write(text)
    os.chmod(target, 0o755)


def make_machine(tree):
    """Write the files of the machine to a directory."""
    fixture.unpack(fixture.path_of('real', CAPTURE), tree)
    for path, text in FILES.items():
        write(tree, path, text)
    for file in host_files.table():
        for path in paths_of(file):
            if not os.path.exists(os.path.join(tree, path)):
                write(tree, path, example_of(file))
    image = os.path.join(HERE, 'kernel_image.py')
    subprocess.run([sys.executable, '-SE', image, f'{tree}/boot/vmlinuz-{RELEASE}',
                    '--release=' + RELEASE], check=True)


def equip():
    place = tempfile.mkdtemp()
    namespace.mount('tmpfs', place, 'tmpfs')
    make_machine(os.path.join(place, 'machine'))
    host_files.replace(os.path.join(place, 'machine'))
    namespace.unmount(place)
    os.rmdir(place)
    kernel_log.replace(MESSAGES)


def main():
    words = sys.argv[1:]
    if not words:
        sys.exit(__doc__)
    try:
        if os.geteuid() != 0:
            # The command runs as the same user, in a second user namespace.
            words = ['unshare', '--map-root-user', '--mount', '--uts',
                     sys.executable, sys.argv[0],
                     'unshare', '--user', f'--map-user={os.getuid()}',
                     f'--map-group={os.getgid()}', *words]
        else:
            namespace.enter()
            equip()
            namespace.drop_capabilities()
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'equipped_host: {error}')


if __name__ == '__main__':
    main()
