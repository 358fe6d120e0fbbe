#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command on a machine that has everything that efimapctl reads, in a mount namespace.

usage: equipped_host.py COMMAND [ARGUMENT...]

The machine has an EFI runtime map, installed kernels, kdump-tools and kdump-utils that are
configured, a recorded load, a restriction of kexec, little memory, a kernel log, units, and
programs of kexec-tools and systemd. The tests must have the same results on this machine as on any
other one. scripts/deep runs complete tests on it.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

# A word that occurs only in the files of this machine
MARK = 'equipped-host'
RELEASE = f'9.9.9-{MARK}'
CAPTURE = 'ovmf-q35-6.12-kexec-file-first'
# Directories to which files are added
WRITABLE = ('etc', 'etc/default', 'var', 'var/lib', 'usr/lib', 'usr/lib/systemd', 'usr/sbin')
COMMAND = f'/sbin/kexec -p --initrd=/boot/initrd.img-{RELEASE} /boot/vmlinuz-{RELEASE}\n'
FILES = {
    'boot/config-' + RELEASE: 'CONFIG_KEXEC_SIG_FORCE=y\n',
    'boot/initrd.img-' + RELEASE: 'initrd',
    f'boot/loader/entries/{MARK}.conf': f'title {MARK}\nlinux /vmlinuz-{RELEASE}\n',
    'etc/default/kdump-tools': f'USE_KDUMP=1\nKDUMP_KERNEL=/boot/vmlinuz-{RELEASE}\n'
                               f'KDUMP_INITRD=/boot/initrd.img-{RELEASE}\n',
    'etc/default/kexec': f'LOAD_KEXEC=true\nKERNEL_IMAGE=/boot/vmlinuz-{RELEASE}\n',
    'etc/ima/ima-policy': 'appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n',
    'etc/kdump.conf': f'path /{MARK}\n',
    'etc/sysconfig/kdump': f'KDUMP_KERNELVER="{RELEASE}"\n',
    'etc/sysconfig/ima-policy': 'appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n',
    'etc/systemd/system/kdump-tools.service.d/50-host.conf': '[Unit]\n',
    f'usr/lib/modules/{RELEASE}/config': 'CONFIG_KEXEC_SIG_FORCE=y\n',
    f'usr/lib/modules/{RELEASE}/vmlinuz': 'kernel',
    'usr/lib/systemd/libsystemd-shared-999.so': 'kexec_file_load\n',
    'usr/sbin/kexec': 'kexec-tools 9.9.9\n',
    'var/crash/kexec_cmd': COMMAND,
    'var/lib/efimapctl/0.json': '{}\n',
    f'var/lib/kdump/initrd.img-{RELEASE}': 'initrd',
}
PROC = {
    'cpuinfo': 'vendor_id\t: AuthenticAMD\nflags\t\t: fpu nx pse pae lm sme sev\n'
               'address sizes\t: 40 bits physical, 48 bits virtual\n',
    'meminfo': 'MemTotal: 90000 kB\nMemAvailable: 10000 kB\n',
    'cmdline': f'BOOT_IMAGE=/vmlinuz-{RELEASE} crashkernel=256M efi=noruntime\n',
    'sys/kernel/kexec_load_disabled': '1\n',
    'sys/kernel/kexec_load_limit_panic': '0\n',
    'sys/kernel/kexec_load_limit_reboot': '0\n',
}
MESSAGES = (f'Linux version {RELEASE} (a@b)', f'Command line: efi=noruntime {MARK}',
            'efi: EFI v2.7 by ' + MARK, 'Kernel is locked down from EFI Secure Boot mode')


def write(path, text):
    target = os.path.realpath('/' + path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.exists(target):
        namespace.unmount(target)
        os.remove(target)
    with open(target, 'w', encoding='ascii') as file:
        file.write(text)
    os.chmod(target, 0o755)


def equip():
    for path in WRITABLE:
        namespace.open_up('/' + path)
    for path in ('boot', 'etc/ima', 'etc/sysconfig', 'etc/systemd', 'usr/lib/modules', 'var/crash',
                 'var/lib/efimapctl', 'var/lib/kdump'):
        os.makedirs('/' + path, exist_ok=True)
        namespace.mount('tmpfs', os.path.realpath('/' + path), 'tmpfs')
    for path, text in FILES.items():
        write(path, text)
    image = os.path.join(HERE, 'kernel_image.py')
    subprocess.run([sys.executable, '-SE', image, '/boot/vmlinuz-' + RELEASE,
                    '--release=' + RELEASE], check=True)
    os.mkdir('/var/crash/files')
    for path, text in PROC.items():
        source = '/var/crash/files/' + path.replace('/', '-')
        with open(source, 'w', encoding='ascii') as file:
            file.write(text)
        if os.path.exists('/proc/' + path):
            namespace.bind(source, '/proc/' + path)
    capture = os.path.join('/var/crash/files', CAPTURE)
    fixture.unpack(fixture.path_of('real', CAPTURE), capture)
    namespace.bind(capture + '/sys/firmware', '/sys/firmware')
    kernel_log.replace(MESSAGES)


def main():
    words = sys.argv[1:]
    if not words:
        sys.exit(__doc__)
    try:
        if os.geteuid() != 0:
            words = ['unshare', '--map-root-user', '--mount', sys.executable, *sys.argv]
        else:
            namespace.enter()
            equip()
            namespace.drop_capabilities()
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'equipped_host: {error}')


if __name__ == '__main__':
    main()
