#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Load kernels on Debian machines that enforce signatures, and compare the answers of efimapctl
with the results of kexec.

On each machine, kexec loads five kernel images with both system calls: the running kernel, a copy
of it, a copy without a signature, a copy that is signed with an unknown key, and a unified kernel
image (UKI) that is signed with the key of the machine "own-key", which this machine boots from.
A machine fails if efimapctl predicts that a load works and kexec refuses it, or if efimapctl
predicts a refusal and kexec loads the kernel. If a program or a package is missing on this machine,
the exit status is 77.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import debian
import guest
from debian import run, write
from document import save

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ('initramfs-tools', 'openssl', 'sbsigntool', 'systemd-boot-efi', 'systemd-ukify')
# Packages with shim, whose signature the firmware accepts, with GRUB, whose signature shim accepts,
# and with programs that write the boot disk
BOOT_PACKAGES = ('shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed', 'mtools',
                 'dosfstools')
# The key of the machine "own-key", from the package ovmf, and the password of the key
KEY = pathlib.Path('/usr/share/ovmf/PkKek-1-snakeoil.key')
PASSWORD = 'snakeoil'
# For each machine, the kernel parameters and, for Secure Boot, the firmware variables with
# Microsoft's keys or with KEY
MACHINES = {
    'secure-boot': ('', 'OVMF_VARS_4M.ms.fd'),
    'own-key': ('e2e.own-key', 'OVMF_VARS_4M.snakeoil.fd'),
    'lockdown': ('lockdown=integrity', None),
    'ima': ('e2e.ima', None),
    'none': ('', None),
}
LOADS = [f'{image}-{loader}' for image in ('own', 'copy', 'unsigned', 'other-key', 'uki')
         for loader in ('kexec-load', 'kexec-file-load')]


def furnish(root, tool):
    """Install efimapctl and policy-stage, create the initramfs, and write the other kernel images
    to /boot/e2e."""
    version = next((root / 'lib/modules').iterdir()).name
    shutil.copy(tool, root / 'usr/bin/efimapctl')
    write(root / 'e2e-init', (HERE / 'policy-stage').read_text(), 0o755)
    write(root / 'etc/initramfs-tools/conf.d/e2e', 'MODULES=list\n')
    with (root / 'etc/initramfs-tools/modules').open('a') as modules:
        modules.write('\n'.join(debian.MODULES) + '\n')
    (root / 'boot/e2e').mkdir()
    shutil.copy(guest.need(KEY, 'ovmf'), root / 'boot/e2e/password-key')
    shutil.copy(KEY.with_suffix('.pem'), root / 'boot/e2e/own-cert')
    debian.chroot(root, f'''
        update-initramfs -u -k {version}
        cd /boot/e2e
        cp /boot/vmlinuz-{version} unsigned
        sbattach --remove unsigned
        openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=e2e 2>/dev/null
        sbsign --key key --cert cert --output other-key unsigned
        openssl rsa -in password-key -passin pass:{PASSWORD} -out key
        sbsign --key key --cert own-cert --output own-key unsigned
        ukify build --linux=own-key --initrd=/boot/initrd.img-{version} --uname={version} \
            --output=unsigned-uki
        sbsign --key key --cert own-cert --output uki unsigned-uki''')
    return version


def boot_disk(root, version, parameters, temp):
    """Write a disk with shim, GRUB, the kernel and its initramfs. Return its path."""
    packages = guest.CACHE / 'secure-boot'
    if not packages.exists():
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as new:
            guest.fetch.unpack(BOOT_PACKAGES, pathlib.Path(new) / 'root')
            (pathlib.Path(new) / 'root').rename(packages)
    files = temp / 'files'
    (files / 'EFI/BOOT').mkdir(parents=True)
    shutil.copy(packages / 'usr/lib/shim/shimx64.efi.signed', files / 'EFI/BOOT/BOOTX64.EFI')
    shutil.copy(packages / 'usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed',
                files / 'EFI/BOOT/grubx64.efi')
    # GRUB names this file in BOOT_IMAGE=, which shows that the firmware accepted the installed image.
    shutil.copy(root / f'boot/vmlinuz-{version}', files / f'vmlinuz-{version}')
    shutil.copy(root / f'boot/initrd.img-{version}', files / 'initrd')
    write(files / 'EFI/debian/grub.cfg',
          f'search --file --set=root /vmlinuz-{version}\n'
          f'linux /vmlinuz-{version} {parameters}\ninitrd /initrd\nboot\n')
    disk = temp / 'boot'
    run(['truncate', '--size=200M', str(disk)])
    run([str(packages / 'sbin/mkfs.fat'), '-F', '32', str(disk)])
    run([str(packages / 'usr/bin/mtools'), '-c', 'mcopy', '-s', '-i', str(disk),
         *(str(path) for path in files.iterdir()), '::'])
    return disk


def boot(root, version, machine, timeout):
    append, secure_variables = MACHINES[machine]
    is_own = machine == 'own-key'
    has_disk = secure_variables and not is_own
    with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
        temp = pathlib.Path(temp)
        run(['mke2fs', '-q', '-t', 'ext4', '-d', str(root), str(temp / 'disk'), '4G'])
        parameters = (f'root=/dev/{"vdb" if has_disk else "vda"} rw init=/e2e-init '
                      f'{guest.CONSOLE} {append}')
        options, code, variables = guest.MACHINES['smm' if secure_variables else 'q35']
        if has_disk:
            disk = boot_disk(root, version, parameters, temp)
            source = ['-drive', f'if=none,id=boot,format=raw,file={disk}',
                      '-device', 'virtio-blk-pci,drive=boot,bootindex=0']
        elif is_own:
            source = ['-kernel', str(root / 'boot/e2e/uki'), '-append', parameters]
        else:
            source = ['-kernel', str(root / f'boot/vmlinuz-{version}'),
                      '-initrd', str(root / f'boot/initrd.img-{version}'), '-append', parameters]
        shutil.copy(guest.need(guest.OVMF / (secure_variables or variables), 'ovmf'), temp / 'vars')
        wrong = []
        try:
            subprocess.run(['qemu-system-x86_64', *options, '-accel', 'tcg', '-cpu', guest.CPU,
                            '-m', '2048', '-display', 'none', '-net', 'none', '-no-reboot', *source,
                            '-drive', f'if=virtio,format=raw,file={temp / "disk"},cache=unsafe',
                            '-drive', 'if=pflash,format=raw,unit=0,readonly=on,'
                                      f'file={guest.need(guest.OVMF / code, "ovmf")}',
                            '-drive', f'if=pflash,format=raw,unit=1,file={temp / "vars"}',
                            '-serial', f'file:{temp / "console"}',
                            '-serial', f'file:{temp / "out"}'],
                           timeout=timeout, stdin=subprocess.DEVNULL, check=True)
        except subprocess.TimeoutExpired:
            wrong.append(f'the machine did not power off within {timeout} seconds')
        files = guest.received((temp / 'out').read_text(errors='replace'))
        files['console'] = (temp / 'console').read_bytes()
        return files, wrong


def check(files, wrong):
    """Compare each answer with the exit status of kexec. Print both, and add contradictions to the
    list "wrong"."""
    for name in LOADS:
        if f'{name}.exit' not in files:
            wrong.append(f'{name}: the machine sent no exit status of kexec')
            continue
        answer = json.loads(files[f'{name}.json'])['answers'][0]
        is_loaded = int(files[f'{name}.exit']) == 0
        error = files[f'{name}.error'].decode(errors='replace').partition('\n')[0]
        print(f'     {name}: {answer["word"]}, {answer["outcome"]}; '
              f'{"loaded" if is_loaded else error}', flush=True)
        predicted = answer['outcome'] != 'cannot-load'
        is_sure = answer['certainty'] not in ('condition', 'unknown')
        if predicted != is_loaded and is_sure:
            result = 'loaded the kernel' if is_loaded else f'failed: {error}'
            wrong.append(f'{name}: kexec {result}, but the answer is: {answer["sentence"]}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--tool', default='build/src/cli/efimapctl', type=pathlib.Path)
    parser.add_argument('--suite', default='trixie')
    parser.add_argument('--keep', help='directory for the results of each machine')
    parser.add_argument('--timeout', default=1800, type=int,
                        help='time limit for each machine in seconds')
    parser.add_argument('names', nargs='*', help=f'only these machines: {", ".join(MACHINES)}')
    options = parser.parse_args()
    if unknown := set(options.names) - set(MACHINES):
        parser.error(f'no such machine: {", ".join(sorted(unknown))}')
    bad = 0
    try:
        guest.need('/usr/bin/qemu-system-x86_64', 'qemu-system-x86')
        guest.CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
            root = pathlib.Path(temp) / 'root'
            run(['cp', '-a', str(debian.made(options.suite, PACKAGES)), str(root)])
            version = furnish(root, options.tool.resolve())
            for machine in options.names or MACHINES:
                files, wrong = boot(root, version, machine, options.timeout)
                check(files, wrong)
                print(f'{"FAIL" if wrong else "ok":4} {machine}', flush=True)
                for line in wrong:
                    print(f'     {line}', flush=True)
                if options.keep:
                    save(pathlib.Path(options.keep) / machine, files)
                bad += bool(wrong)
    except guest.Missing as missing:
        print(f'skipped: this machine lacks {missing}')
        return 77
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
