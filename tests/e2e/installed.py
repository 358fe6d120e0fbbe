#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Install Debian on disks, record the systems, and compare the answers of efimapctl with what
happens.

The firmware boots each system with GRUB or systemd-boot. The system records itself and panics. After
the next boot, it loads its kernel with each system call and starts it. A system fails if an answer
of efimapctl is wrong. With --keep, DIR/SYSTEM/capture contains the files of a fixture in
tests/fixtures/real. If a program or a package is missing on this machine, the exit status is 77.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import debian
import guest
import kdump
from debian import run, write
from document import save

HERE = pathlib.Path(__file__).resolve().parent
COMMON = ('systemd-sysv', 'udev', 'kmod', 'dbus', 'linux-image-amd64', 'initramfs-tools',
          'kexec-tools', 'procps', 'zstd', 'libjansson4', 'libsysfs2', 'zlib1g')
GRUB = ('shim-signed', 'grub-efi-amd64-signed', 'grub-efi-amd64-bin', 'grub2-common')
SYSTEMD_BOOT = ('systemd-boot',)
KDUMP = ('kdump-tools', 'makedumpfile', 'file')
ROOT, ESP = 'deb0feed-1234-4abc-9def-0123456789ab', 'EF10-0001'
MACHINE_ID = '0123456789abcdef0123456789abcdef'


@dataclass(frozen=True)
class System:
    suite: str
    packages: tuple
    parameters: str = ''    # kernel parameters
    crash: str = 'package'  # crashkernel= of GRUB: "package" is that of kdump-tools, '' is none
    is_secure: bool = False     # whether Secure Boot is on, with Microsoft's keys


SYSTEMS = {
    'debian-12-grub-kdump': System('bookworm', GRUB + KDUMP),
    'debian-12-grub-kdump-no-crashkernel': System('bookworm', GRUB + KDUMP, crash=''),
    'debian-12-secure-boot-kdump': System('bookworm', GRUB + KDUMP, is_secure=True),
    'debian-12-systemd-boot': System('bookworm', SYSTEMD_BOOT),
    'debian-13-grub': System('trixie', GRUB),
    'debian-13-grub-kdump': System('trixie', GRUB + KDUMP),
    'debian-13-grub-kdump-noefi': System('trixie', GRUB + KDUMP, 'noefi'),
    'debian-13-grub-kdump-small': System('trixie', GRUB + KDUMP, crash='crashkernel=100M'),
    'debian-13-secure-boot-kdump': System('trixie', GRUB + KDUMP, is_secure=True),
    'debian-13-systemd-boot-kdump': System('trixie', SYSTEMD_BOOT + KDUMP, 'crashkernel=256M'),
}
LOADERS = ('kexec-load', 'kexec-file-load')
# The observations that each word of an answer accepts. Other words accept every observation.
KEXEC = {'ok': ('EFI',), 'loses-efi': ('no EFI',), 'refused': ('refused',)}
DUMP = {'ok': ('dump',), 'warning': ('dump',), 'no-dump': ('no dump',),
        'not-set-up': ('no dump',)}
# grub-probe cannot examine a file system in a directory.
PROBE = f'''#!/bin/sh
case "$*" in
*fs_uuid*) echo {ROOT} ;;
*target=device*) echo /dev/vda2 ;;
*target=fs*) echo ext2 ;;
*partmap*) echo gpt ;;
esac
'''


def copy(file, *places):
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


def install_grub(root, system):
    """Install shim and GRUB, and let grub-mkconfig write the menu."""
    settings = (root / 'usr/share/grub/default/grub').read_text()
    settings = re.sub('GRUB_CMDLINE_LINUX=.*', 'GRUB_CMDLINE_LINUX='
                      f'"{guest.CONSOLE} {system.parameters}"', settings.replace('"quiet"', '""'))
    write(root / 'etc/default/grub', settings + 'GRUB_TERMINAL=console\n')
    crash = root / 'etc/default/grub.d/kdump-tools.cfg'
    if not system.crash:
        crash.unlink()
    elif system.crash != 'package':
        crash.write_text(re.sub(r'crashkernel=[^"\s]*', system.crash, crash.read_text()))
    write(root / 'run/probe', PROBE, 0o755)
    debian.chroot(root, 'mount --bind /run/probe /usr/sbin/grub-probe; mkdir -p /boot/grub; '
                        'grub-editenv /boot/grub/grubenv create; '
                        'grub-mkconfig -o /boot/grub/grub.cfg')
    efi = root / 'boot/efi/EFI'
    copy(root / 'usr/lib/shim/shimx64.efi.signed', efi / 'BOOT/BOOTX64.EFI',
         efi / 'debian/shimx64.efi')
    copy(root / 'usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed', efi / 'BOOT/grubx64.efi',
         efi / 'debian/grubx64.efi')
    write(efi / 'debian/grub.cfg', f"search.fs_uuid {ROOT} root\n"
                                   "set prefix=($root)'/boot/grub'\n"
                                   "configfile $prefix/grub.cfg\n")


def install_systemd_boot(root, system, version):
    """Install systemd-boot, and let kernel-install copy the kernel and write its boot entry."""
    esp = root / 'boot/efi'
    write(root / 'etc/kernel/cmdline',
          f'root=UUID={ROOT} ro {guest.CONSOLE} {system.parameters}\n')
    program = next((root / 'usr/lib/systemd/boot/efi').glob('systemd-bootx64.efi*'))
    copy(program, esp / 'EFI/BOOT/BOOTX64.EFI', esp / 'EFI/systemd/systemd-bootx64.efi')
    write(esp / 'loader/loader.conf', 'timeout 1\n')
    for path in (esp / 'loader/entries', esp / MACHINE_ID):
        path.mkdir()
    # /boot/efi is not a mount point here, so kernel-install would find another directory.
    write(root / 'etc/kernel/install.conf', 'layout=bls\nBOOT_ROOT=/boot/efi\n')
    debian.chroot(root, f'BOOT_MNT=/boot/efi kernel-install add {version} /boot/vmlinuz-{version} '
                        f'/boot/initrd.img-{version}; rm /etc/kernel/install.conf')


def furnish(root, system, tool):
    version = next((root / 'lib/modules').iterdir()).name
    shutil.copy(tool, root / 'usr/local/sbin/efimapctl')
    write(root / 'usr/local/sbin/e2e-stage', (HERE / 'installed-stage').read_text(), 0o755)
    write(root / 'etc/systemd/system/e2e.service', kdump.STAGE_UNIT.replace(
        'kdump.service', 'kdump-tools.service'))
    write(root / 'etc/systemd/system.conf.d/e2e.conf',
          '[Manager]\nDefaultTimeoutStartSec=1200\nDefaultDeviceTimeoutSec=1200\n')
    write(root / 'etc/fstab', f'UUID={ROOT} / ext4 errors=remount-ro 0 1\nUUID={ESP} /boot/efi '
                              'vfat umask=0077,x-systemd.device-timeout=1200 0 1\n')
    write(root / 'etc/hostname', 'debian\n')
    write(root / 'etc/machine-id', MACHINE_ID + '\n')
    (root / 'boot/efi').mkdir(exist_ok=True)
    run(['systemctl', f'--root={root}', 'enable', 'e2e.service'])
    if 'kdump-tools' in system.packages:
        kdump.furnish_kdump_tools(root, version)
    else:
        kdump.furnish_initramfs(root, version)
    if 'systemd-boot' in system.packages:
        install_systemd_boot(root, system, version)
    else:
        install_grub(root, system)


def write_disk(root, temp):
    """Write a disk with an EFI system partition at 1 MiB, and with the root file system behind it.
    Return its path."""
    esp, disk, image = temp / 'esp', temp / 'disk', temp / 'root'
    run(['truncate', '--size=256M', str(esp)])
    run(['mkfs.fat', '-F', '32', '-i', ESP.replace('-', ''), str(esp)])
    run(['mcopy', '-s', '-i', str(esp), *map(str, (root / 'boot/efi').iterdir()), '::'])
    shutil.rmtree(root / 'boot/efi')
    (root / 'boot/efi').mkdir()
    run(['mke2fs', '-q', '-t', 'ext4', '-U', ROOT, '-d', str(root), str(image), '3G'])
    run(['truncate', '--size=3400M', str(disk)])
    run(['sgdisk', '--new=1:1M:+256M', '--typecode=1:ef00', '--new=2:257M:+3G', '--typecode=2:8304',
         str(disk)])
    for part, place in ((esp, 1), (image, 257)):
        run(['dd', f'if={part}', f'of={disk}', 'bs=1M', f'seek={place}', 'conv=notrunc,sparse'])
        part.unlink()
    return disk


def wait(machine, console, timeout):
    """Wait until the machine powers off. Return the reason if it must be ended before."""
    start, size, changed = time.time(), 0, time.time()
    while machine.poll() is None:
        time.sleep(2)
        text = console.read_text(errors='replace') if console.exists() else ''
        if len(text) != size:
            size, changed = len(text), time.time()
        last = text.rpartition('e2e: panic')[2]
        if last.count('Kernel panic') > 1 and time.time() - changed > 30:
            return 'the crash kernel died'
        if time.time() - start > timeout:
            return f'the machine did not power off within {timeout} seconds'
    return None


def boot(disk, system, temp, timeout):
    """Boot the disk until the machine powers off. After the crash kernel has died, the machine is
    reset. Return the files that the machine sent, and a list of errors."""
    options, code, variables = guest.MACHINES['smm' if system.is_secure else 'q35']
    if system.is_secure:
        variables = 'OVMF_VARS_4M.ms.fd'
    shutil.copy(guest.need(guest.OVMF / variables, 'ovmf'), temp / 'vars')
    command = ['qemu-system-x86_64', *options, '-accel', 'tcg', '-cpu', guest.CPU, '-m', '2048',
               '-display', 'none', '-net', 'none',
               '-drive', f'if=virtio,format=raw,file={disk},cache=unsafe',
               '-drive', 'if=pflash,format=raw,unit=0,readonly=on,'
                         f'file={guest.need(guest.OVMF / code, "ovmf")}',
               '-drive', f'if=pflash,format=raw,unit=1,file={temp / "vars"}']
    consoles, texts, end = '', '', 'start'
    while end in ('start', 'the crash kernel died'):
        serial = [argument for name in ('console', 'out')
                  for argument in ('-serial', f'file:{temp / name}')]
        with subprocess.Popen([*command, *serial], stdin=subprocess.DEVNULL) as machine:
            end = wait(machine, temp / 'console', timeout)
            machine.kill()
        consoles += (temp / 'console').read_text(errors='replace')
        texts += (temp / 'out').read_text(errors='replace')
        if end:
            consoles += f'\ne2e: {end}\n'
    files = guest.received(texts)
    files['console'] = consoles.encode()
    return files, [end] if end else []


def observe(files):
    """Return what happened after the panic, and what happened with each loader."""
    seen = {'kdump': 'dump' if files['dumps'] else 'no dump'}
    for loader in LOADERS:
        if files[f'{loader}.exit'].strip() != b'0':
            seen[loader] = 'refused'
        else:
            seen[loader] = 'EFI' if int(files[f'{loader}.efivars']) else 'no EFI'
    return seen


def check(files, wrong):
    """Compare each answer with the observation. Print both, and add contradictions to the list
    "wrong"."""
    missing = {'snapshot.json', 'verify.json', 'dumps', 'kexec-load.exit',
               'kexec-file-load.exit'} - files.keys()
    if missing:
        wrong.append(f'the machine did not send {", ".join(sorted(missing))}')
        return
    seen = observe(files)
    for answer in json.loads(files['verify.json'])['answers']:
        is_kdump = answer['question'] == 'kdump'
        accepted = (DUMP if is_kdump else KEXEC).get(answer['word'])
        for asked in ('kdump',) if is_kdump else LOADERS:
            if not is_kdump and answer['loader'] not in (asked, 'any'):
                continue
            text = f'{asked}: expected: {answer["word"]}; observed: {seen[asked]}'
            print(f'     {text}', flush=True)
            if accepted and seen[asked] not in accepted:
                wrong.append(text)
    if 'systemctl.efivars' in files:
        result = 'EFI' if int(files['systemctl.efivars']) else 'no EFI'
    else:
        result = files.get('systemctl.load', b'no result').decode().strip()
    print(f'     systemctl kexec without a loaded kernel: {result}', flush=True)


def keep(place, files):
    save(place, files)
    snapshot = files.get('snapshot.json', b'{}').decode()
    cmdline = json.loads(snapshot).get('files', {}).get('proc/cmdline', '')
    write(place / 'capture/proc/cmdline', cmdline)
    write(place / 'capture/sos_commands/efimap/efimapctl_snapshot.json', snapshot)


def try_system(name, options):
    system = SYSTEMS[name]
    guest.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
        temp = pathlib.Path(temp)
        root = temp / 'files'
        run(['cp', '-a', str(debian.made(system.suite, system.packages, COMMON)), str(root)])
        furnish(root, system, options.tool.resolve())
        disk = write_disk(root, temp)
        files, wrong = boot(disk, system, temp, options.timeout)
    check(files, wrong)
    print(f'{"FAIL" if wrong else "ok":4} {name}', flush=True)
    for line in wrong:
        print(f'     {line}', flush=True)
    if options.keep:
        keep(options.keep / name, files)
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--tool', default='build/src/cli/efimapctl', type=pathlib.Path)
    parser.add_argument('--keep', metavar='DIR', type=pathlib.Path,
                        help='directory for the results of each system')
    parser.add_argument('--timeout', default=3600, type=int,
                        help='time limit for each system in seconds')
    parser.add_argument('--list', action='store_true', help='print the names of the systems')
    parser.add_argument('names', nargs='*', metavar='SYSTEM', help='only these systems')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(f'long  {name}' for name in SYSTEMS))
        return 0
    if unknown := set(options.names) - set(SYSTEMS):
        parser.error(f'no such system: {", ".join(sorted(unknown))}')
    try:
        for program, package in (('bin/qemu-system-x86_64', 'qemu-system-x86'),
                                 ('sbin/sgdisk', 'gdisk'), ('sbin/mkfs.fat', 'dosfstools'),
                                 ('bin/mcopy', 'mtools')):
            guest.need(f'/usr/{program}', package)
        results = [try_system(name, options) for name in options.names or SYSTEMS]
    except guest.Missing as missing:
        print(f'skipped: this machine lacks {missing}')
        return 77
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
