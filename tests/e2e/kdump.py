#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test kdump on Debian systems that panic, save the dump and boot again.

Each run installs efimapctl with its integrations into a copy of a root file system, boots the copy
in QEMU, crashes the kernel, and checks the results after the reboot. If a program or a package is
missing on this machine, the exit status is 77.
"""
import argparse
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, replace

import debian
import guest
from debian import run, write
from document import save, write_table

HERE = pathlib.Path(__file__).resolve().parent
# MESSAGE_ID of the journal message about an unchanged map
SAME = 'b79702e4c1074752b6a735c87ab787b2'
# A source tree of kdump-utils. If it is not given, the substitute in kdump-utils/ is used.
KDUMP_UTILS = os.environ.get('EFIMAPCTL_KDUMP_UTILS')

# The stage is ordered after kdump.service, because kdump-utils does not order kdump.service before
# a target. The start timeout is disabled, because creating the initramfs can take minutes.
STAGE_UNIT = '''[Unit]
After=multi-user.target kdump.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/e2e-stage
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
'''


@dataclass(frozen=True)
class Kdump:
    packages: tuple
    integrations: str
    unit: str           # the unit that loads the crash kernel
    status: str         # the command that prints whether a crash kernel is loaded
    unpack: str         # the command that extracts {image} into the working directory
    image: str          # the crash kernel's initramfs for {version}; '' if there is none
    furnish: callable   # function of (root, version) that creates both initramfs images
    is_next_to_dump: bool   # whether the second snapshot is written next to the dump


def furnish_initramfs(root, version):
    write(root / 'etc/initramfs-tools/conf.d/e2e', 'MODULES=list\n')
    with (root / 'etc/initramfs-tools/modules').open('a') as modules:
        modules.write('\n'.join(debian.MODULES) + '\n')
    debian.chroot(root, f'update-initramfs -u -k {version}')


def furnish_kdump_tools(root, version):
    furnish_initramfs(root, version)
    # If this file were missing, kdump-config would recreate the initramfs at the first boot, which
    # takes minutes with TCG.
    shutil.copy(root / 'etc/kdump/sysctl.conf',
                root / f'var/lib/kdump/latest_sysctls-{version}')
    # Replace ischroot, because the hook of kdump-tools 1.10 or later does nothing in a chroot.
    write(root / 'run/e2e/ischroot', '#!/bin/sh\nexit 1\n', 0o755)
    debian.chroot(root, f'PATH=/run/e2e:$PATH; /etc/kernel/postinst.d/kdump-tools {version}; '
                        'rm -r /run/e2e')


def furnish_kdump_utils(root, version):
    """Set up dracut, and kdump-utils or its substitute. The unit of the real kdump-utils creates
    the initramfs."""
    modules = ' '.join(debian.MODULES)
    # dracut's default compression would take minutes.
    debian.chroot(root, "dracut --force --quiet --no-hostonly --compress 'zstd -q' "
                        f"--drivers '{modules}' "
                        f'/boot/initrd.img-{version} {version}')
    if KDUMP_UTILS:
        run(['make', '-C', KDUMP_UTILS, 'install', f'DESTDIR={root}', 'ARCH=x86_64'])
        (root / 'usr/sbin/makedumpfile').symlink_to('/usr/bin/makedumpfile')
        run(['systemctl', f'--root={root}', 'enable', 'kdump.service'])
        return
    write(root / 'etc/e2e-drivers', modules)
    write(root / 'etc/kdump.conf', 'path /var/crash\n')
    (root / 'var/crash').mkdir(exist_ok=True)
    base = root / 'usr/lib/dracut/modules.d/99kdumpbase'
    base.mkdir()
    for name, where in (('kdumpctl', root / 'usr/bin'), ('module-setup.sh', base),
                        ('kdump.sh', base), ('kdump-capture.service', base),
                        ('kdump.service', root / 'lib/systemd/system')):
        shutil.copy(HERE / 'kdump-utils' / name, where)
    run(['systemctl', f'--root={root}', 'enable', 'kdump.service'])
    debian.chroot(root, f'kdumpctl rebuild {version}')


def documented():
    text = (HERE.parents[1] / 'integration/README.md').read_text()
    return re.search(r'^    (apt install .*)$', text, re.M)[1]


KDUMP_TOOLS = Kdump(
    packages=('initramfs-tools', 'kdump-tools'),
    integrations='systemd,kdump-tools', unit='kdump-tools.service',
    status='kdump-config show', unpack='unmkinitramfs {image} .',
    image='/var/lib/kdump/initrd.img-{version}', furnish=furnish_kdump_tools, is_next_to_dump=False)
# No package for kdump is preinstalled, because the documented installation command must install all
# packages.
PACKAGES = replace(KDUMP_TOOLS, packages=(), integrations='', furnish=furnish_initramfs)
# The packages include the dependencies of the real kdump-utils. It does not recognize the names of
# initramfs images in Debian, so it gives the image of the crash kernel its default name.
DRACUT = Kdump(
    packages=('dracut', 'binutils', 'bsdextrautils', 'cpio', 'ethtool', 'gawk', 'hostname',
              'keyutils', 'sudo', 'zstd'),
    integrations='systemd,kdump,dracut', unit='kdump.service', status='kdumpctl status',
    unpack='lsinitrd --unpack {image}',
    image=f"/{'var/lib/kdump' if KDUMP_UTILS else 'boot'}/initramfs-{{version}}kdump.img",
    furnish=furnish_kdump_utils, is_next_to_dump=True)

SCENARIOS = {
    'kdump': (KDUMP_TOOLS, 'bookworm',
              'after a panic: snapshots of both kernels, the dump, and the verdict'),
    'kdump-trixie': (KDUMP_TOOLS, 'trixie', 'kdump on Debian 13'),
    'kdump-sid': (KDUMP_TOOLS, 'sid', 'kdump on Debian sid'),
    'kdump-packages': (PACKAGES, 'bookworm',
                       'kdump with packages, installed as documented; needs --packages'),
    'kdump-packages-trixie': (PACKAGES, 'trixie', 'kdump-packages on Debian 13'),
    'kdump-packages-sid': (PACKAGES, 'sid', 'kdump-packages on Debian sid'),
    'kdump-dracut': (DRACUT, 'bookworm',
                     'kdump with an initramfs of dracut that saves the dump'),
    'kdump-dracut-trixie': (DRACUT, 'trixie', 'kdump-dracut on Debian 13'),
    'kdump-dracut-sid': (DRACUT, 'sid', 'kdump-dracut on Debian sid'),
    'kdump-states': (KDUMP_TOOLS, 'trixie',
                     'the exit statuses of verify in each state of kdump, and a panic'),
    'kdump-full-store': (KDUMP_TOOLS, 'bookworm',
                         'kdump with a full snapshot store: the dump is still saved'),
    'kdump-read-only-store': (KDUMP_TOOLS, 'bookworm',
                              'kdump with a read-only snapshot store'),
}

# The machines of kdump-states. A key contains the kernel parameters, and a value the expected exit
# status of each command. The script kdump-states defines the command of each name.
STATES = {
    'crashkernel=384M': {'first': 0, 'configured': 0, 'usage': 2, 'malformed': 3, 'log': 4,
                         'denied': 5, 'not-loaded': 1, 'advised': 0, 'loaded': 0,
                         'in-crash-kernel': 4},
    'no crashkernel=': {'first': 1, 'configured': 1},
    'crashkernel=64G': {'first': 1, 'configured': 1},
    'crashkernel=384M noefi': {'first': 0, 'configured': 0},
}
STATES_HEAD = '| kernel parameters, name of the run | command | status |'
# A drop-in that runs the script kdump-states in the crash kernel before kdump-tools saves the dump
BEFORE_DUMP = '[Service]\nExecStartPre=-/usr/local/sbin/e2e-stage\n'

STORES = {'kdump-full-store': 'size=4k', 'kdump-read-only-store': 'ro'}


def furnish(root, scenario):
    kdump = SCENARIOS[scenario][0]
    stage = 'states' if scenario == 'kdump-states' else 'stage'
    version = next((root / 'lib/modules').iterdir()).name
    write(root / 'usr/local/sbin/e2e-stage', (HERE / f'kdump-{stage}').read_text(), 0o755)
    write(root / 'etc/e2e.conf', f"unit={kdump.unit}\nstatus='{kdump.status}'\n")
    write(root / 'etc/systemd/system/e2e.service', STAGE_UNIT)
    if stage == 'states':
        write(root / 'etc/systemd/system/kdump-tools-dump.service.d/e2e.conf', BEFORE_DUMP)
    write(root / 'etc/fstab', '/dev/vda / ext4 defaults 0 1\n')
    if scenario in STORES:
        with (root / 'etc/fstab').open('a') as fstab:
            fstab.write(f'tmpfs /var/lib/efimapctl tmpfs {STORES[scenario]} 0 0\n')
    run(['systemctl', f'--root={root}', 'enable', 'e2e.service'])
    if kdump is PACKAGES:
        write(root / 'etc/e2e-install', documented() + '\n')
        kdump.furnish(root, version)
        return version
    (root / 'var/lib/prometheus/node-exporter').mkdir(parents=True, exist_ok=True)
    (root / 'var/lib/efimapctl').mkdir(mode=0o700, exist_ok=True)
    # Enable the unit, as the installation of the package efimapctl-kdump does.
    run(['systemctl', f'--root={root}', 'preset', 'efimapctl-compare.service'])
    # Run the command that a trigger of the package systemd runs when a package is installed.
    run(['journalctl', f'--root={root}', '--update-catalog'])
    kdump.furnish(root, version)
    return version


def check_initramfs(root, kdump, image, wanted, wrong):
    if debian.has_tool(root, image, kdump.unpack) != wanted:
        wrong.append(f'{image} ' + ('does not contain' if wanted else 'contains') + ' efimapctl')


class Files:
    def __init__(self, data):
        self.files = {}
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for member in filter(tarfile.TarInfo.isfile, tar.getmembers()):
                self.files[member.name] = tar.extractfile(member).read().decode(
                    errors='replace')

    def __getitem__(self, name):
        return self.files.get(name, '')

    def ending(self, end):
        return [name for name in self.files if name.endswith(end)]


def check_armed(before, closed, _, wrong):
    """Check that the first boot loaded a crash kernel and wrote a snapshot. If the store is full or
    read-only ("closed"), it must contain no file."""
    if before['run/out/loaded'].strip() != '1':
        wrong.append('no crash kernel was loaded: ' + before['run/out/status'])
    if before['run/out/verify.exit'].strip() != '0':
        wrong.append(f"verify --for=kdump before the panic: exit {before['run/out/verify.exit']}, "
                     f"expected 0: {before['run/out/verify']}")
    if 'Result=success' not in before['run/out/kdump']:
        wrong.append('the kdump unit failed: ' + before['run/out/kdump'])
    stored = f"var/lib/efimapctl/{before['run/out/boot_id'].strip()}.json"
    if (stored in before.files) == closed:
        wrong.append(f'{stored} ' + ('exists' if closed else 'does not exist'))
    if closed and before.ending('efimapctl') + [n for n in before.files if 'efimapctl/' in n]:
        wrong.append('files remain in a full or read-only store')


def check_next_to_dump(after, wrong):
    """Check the output of the kdump-utils hooks: a snapshot of the crash kernel, and a log line for
    each of its entries."""
    for name in after.ending('/efimap-kdump.json'):
        second = json.loads(after[name])
        log = ''.join(after[log] for log in after.ending('/kexec-dmesg.log'))
        said = re.findall(r'\]: (\d+) \d+ 0x[0-9a-f]+ 0x([0-9a-f]+) \d+ 0x[0-9a-f]+$', log, re.M)
        entries = second['files']['sys/firmware/efi/runtime-map']['list']
        addresses = [int(address, 16) for _, address in said]
        if (sorted(f'{index}/' for index, _ in said) != sorted(entries)
                or addresses != sorted(addresses)):
            wrong.append(f'kexec-dmesg.log lists {said}, expected {len(entries)} entries in the '
                         'order of their addresses')
        cmdline = second['files']['proc/cmdline']
        if '/proc/vmcore' not in log and 'reset_devices' not in cmdline:
            wrong.append(f'{name} is not of a crash kernel: {cmdline}')


def check_back(after, closed, kdump, wrong):
    """Check that a dump was saved. Unless the store is full or read-only ("closed"), also check
    that the verdict of compare is in the store, in the metrics and in the journal."""
    if not re.search(r'dump\.| vmcore$', after['run/out/files'], re.M):
        wrong.append('no dump was saved: ' + after['run/out/files'])
    if closed:
        return
    if after['run/out/failed'].strip():
        wrong.append('failed units: ' + after['run/out/failed'])
    if len(after.ending('/efimap-kdump.json' if kdump.is_next_to_dump else '.kdump.json')) != 1:
        wrong.append(f'expected one snapshot of the crash kernel: {list(after.files)}')
    if kdump.is_next_to_dump:
        check_next_to_dump(after, wrong)
    results = [name for name in after.files if name.startswith('var/lib/efimapctl/compare-')]
    if [json.loads(after[name])['verdict'] for name in results] != ['same']:
        wrong.append(f'expected one result with the verdict "same": {results}')
    if kdump.integrations and \
            'efimap_' not in after['var/lib/prometheus/node-exporter/efimapctl.prom']:
        wrong.append('efimapctl.prom lacks metrics')
    told = [json.loads(line) for line in after['run/out/journal'].splitlines()]
    told = [line for line in told if line.get('MESSAGE_ID') == SAME]
    if len(told) != 1 or told[0].get('EFIMAP_VERDICT') != 'same':
        wrong.append(f'the journal must contain one message with the verdict "same": {told}')
    if 'Defined-By: efimapctl' not in after['run/out/explained']:
        wrong.append('the journal does not explain the message: ' + after['run/out/explained'])


def check_images(again, wrong):
    """Check that no initramfs contains efimapctl, and that removing and installing efimapctl rebuild
    none."""
    if not again['run/out/install'].endswith('status 0\n'):
        wrong.append('the second installation failed: ' + again['run/out/install'])
    previous = {}
    for name in 'installed', 'removed', 'again':
        images = {}
        for line in again[f'run/out/images-{name}'].splitlines():
            path, images[path], *content = line.split()
            if content != ['init']:
                wrong.append(f'{name}: {path} contains {content}, expected init')
            if images[path] != previous.get(path, images[path]):
                wrong.append(f'{name}: {path} was rebuilt')
        if len(images) != 2:
            wrong.append(f'{name}: expected 2 images: {images}')
        previous = images


def boot_with(parameters, root, version, temp, options):
    """Boot a machine of STATES. Return the files that it sent, or None, and a list of errors."""
    append = '' if parameters.startswith('no ') else parameters
    with tempfile.TemporaryDirectory(dir=temp) as own:
        files, console, wrong = debian.boot(root, version, pathlib.Path(own), options.timeout, append)
    sent = files.get('states/files')
    if options.keep:
        save(pathlib.Path(options.keep) / f'kdump-states {parameters}', {
            'console': console.encode(), **({'states.tar.gz': sent} if sent else {})})
    return sent and Files(sent), wrong


def try_states(root, version, temp, options):
    """Boot the machines of STATES, and return the errors. With --table, write the exit statuses
    of the commands into a document."""
    wrong, lines = [], {}
    boots = guest.at_once(lambda append: boot_with(append, root, version, temp, options), STATES)
    for (parameters, wanted), (said, errors) in zip(STATES.items(), boots):
        wrong += [f'{parameters}: {error}' for error in errors + ['no results'] * (not said)]
        for name, status in wanted.items() if said else ():
            command, got = (said[name].replace('|', '\\|').splitlines() + 2 * [''])[:2]
            run_name = f'{parameters}, {name}'
            lines[run_name] = f'| {run_name} | `{command}` | {got} |'
            if got != str(status):
                wrong.append(f'{run_name}: expected status {status}: {said[name]}')
        if said and 'loaded' in wanted and not re.search(r'dump\.', said['dump']):
            wrong.append('exit status 0, but no dump was saved: ' + said['dump'])
    if options.table:
        write_table(pathlib.Path(options.table), 'e2e/kdump.py', STATES_HEAD, list(lines), lines)
    return wrong


def check(scenario, files, wrong):
    kdump, closed = SCENARIOS[scenario][0], scenario in STORES
    for stage, look in (('before', check_armed), ('after', check_back)):
        if f'{stage}/files' not in files:
            wrong.append(f'{stage} the crash: the machine sent no results')
            return
        look(Files(files[f'{stage}/files']), closed, kdump, wrong)
    if kdump is PACKAGES:
        if 'again/files' not in files:
            wrong.append('after the second installation: the machine sent no results')
            return
        check_images(Files(files['again/files']), wrong)


def try_scenario(scenario, source, options):
    guest.need('/usr/bin/qemu-system-x86_64', 'qemu-system-x86')
    kdump, suite, _ = SCENARIOS[scenario]
    if kdump is PACKAGES:
        base = debian.made(suite, kdump.packages, debian.NEW)
    else:
        base = debian.made(suite, kdump.packages)
    wrong = []
    with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
        temp = pathlib.Path(temp)
        root = temp / 'root'
        run(['cp', '-a', '--reflink=auto', str(base), str(root)])
        if kdump is PACKAGES:
            debian.provide(root, pathlib.Path(options.packages) / suite, documented())
        else:
            debian.install(root, source, kdump.integrations)
        for path in options.without:
            (root / path.lstrip('/')).unlink()
        version = furnish(root, scenario)
        image = kdump.image.format(version=version)
        check_initramfs(root, kdump, f'/boot/initrd.img-{version}', False, wrong)
        if image and (root / image[1:]).exists():
            check_initramfs(root, kdump, image, kdump.is_next_to_dump, wrong)
        if options.no_boot or wrong:
            return wrong
        if scenario == 'kdump-states':
            return try_states(root, version, temp, options)
        files, console, wrong = debian.boot(root, version, temp, options.timeout)
        if options.keep:
            save(pathlib.Path(options.keep) / scenario, {
                'console': console.encode(), **{f'{name.split("/")[0]}.tar.gz': data
                                                for name, data in files.items()}})
    check(scenario, files, wrong)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--list', action='store_true', help='list the scenarios')
    parser.add_argument('--keep', help='directory for the results of each machine')
    parser.add_argument('--packages', metavar='DIR',
                        help='packages that scripts/package --keep=DIR wrote, for kdump-packages')
    parser.add_argument('--no-boot', action='store_true',
                        help='create the root file system and check its initramfs, without booting')
    parser.add_argument('--without', action='append', default=[], metavar='FILE',
                        help='remove an installed file; the test must then fail')
    parser.add_argument('--table', metavar='FILE',
                        help='write the results of kdump-states into the table of FILE')
    parser.add_argument('--timeout', type=int, default=1800,
                        help='time limit for a machine in seconds')
    parser.add_argument('names', nargs='*', choices=[[], *SCENARIOS],
                        help='run only these scenarios')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(f'long  {name}: {what}' for name, (_, _, what) in SCENARIOS.items()))
        return 0
    source = HERE.parents[1]
    bad = 0
    # scripts/package runs the scenarios with packages.
    needing = [name for name, (kdump, _, _) in SCENARIOS.items() if kdump is PACKAGES]
    if not options.packages and set(options.names) & set(needing):
        parser.error('kdump-packages needs --packages')
    names = options.names or [name for name in SCENARIOS
                              if options.packages or name not in needing]
    try:
        for scenario in names:
            began = time.monotonic()
            wrong = try_scenario(scenario, source, options)
            print(f"{'FAIL' if wrong else 'ok':4} {scenario} "
                  f'({time.monotonic() - began:.0f} s)', flush=True)
            for line in wrong:
                print(f'     {line}', flush=True)
            bad += bool(wrong)
    except guest.Missing as missing:
        print(f'skipped: this machine lacks {missing}')
        return 77
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
