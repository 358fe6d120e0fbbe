#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test kdump as users run it: a Debian that panics, saves the dump and boots again.

Each run installs efimapctl with its integrations into a copy of a root file system, boots the copy
in QEMU, crashes the kernel, and checks the results after the reboot. If this machine lacks
something that the test needs, the exit status is 77.
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
# MESSAGE_ID of the journal message about an unchanged map.
SAME = 'b79702e4c1074752b6a735c87ab787b2'
# A source tree of the real kdump-utils, which replaces the substitute.
KDUMP_UTILS = os.environ.get('EFIMAPCTL_KDUMP_UTILS')

# The stage starts after kdump.service, because this unit of kdump-utils is not ordered before any
# target. The start timeout is off, because creating the initramfs can take minutes.
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
    status: str         # the command that shows whether it was loaded
    unpack: str         # the command that extracts {image} into the working directory
    image: str          # the crash kernel's initramfs for {version}; '' if there is none
    furnish: callable   # creates both initramfs images for (root, version)
    is_next_to_dump: bool   # the second snapshot is written next to the dump


def furnish_initramfs(root, version):
    write(root / 'etc/initramfs-tools/conf.d/e2e', 'MODULES=list\n')
    with (root / 'etc/initramfs-tools/modules').open('a') as modules:
        modules.write('\n'.join(debian.MODULES) + '\n')
    debian.chroot(root, f'update-initramfs -u -k {version}')


def furnish_gate(root, version):
    """Enable the gate for "systemctl kexec", and disable the unit that loads a crash kernel."""
    furnish_initramfs(root, version)
    # Raise the gate's time limit, which verify would exceed in QEMU on a busy host.
    script = root / 'usr/libexec/efimapctl/efimapctl-gate'
    write(script, script.read_text().replace('--timeout=10 ', '--timeout=600 '), 0o755)
    (root / 'var/log/journal').mkdir(exist_ok=True)
    run(['systemctl', f'--root={root}', 'disable', 'kdump-tools.service'])
    run(['systemctl', f'--root={root}', 'enable', 'efimapctl-gate.service'])


def furnish_kdump_tools(root, version):
    furnish_initramfs(root, version)
    # Without this file, kdump-config would recreate the initramfs at the first boot, which takes
    # minutes with TCG.
    shutil.copy(root / 'etc/kdump/sysctl.conf',
                root / f'var/lib/kdump/latest_sysctls-{version}')
    # Replace ischroot: if it detects a chroot, the hook of kdump-tools 1.10 or later does nothing.
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
    packages=('initramfs-tools', 'jq', 'kdump-tools'),
    integrations='systemd,kdump-tools,initramfs-tools', unit='kdump-tools.service',
    status='kdump-config show', unpack='unmkinitramfs {image} .',
    image='/var/lib/kdump/initrd.img-{version}', furnish=furnish_kdump_tools, is_next_to_dump=False)
GATE = replace(KDUMP_TOOLS, integrations='systemd,gate', furnish=furnish_gate, image='')
# No package for kdump is preinstalled: the documented installation command must install everything.
PACKAGES = replace(KDUMP_TOOLS, packages=(), integrations='', furnish=furnish_initramfs)
# These packages include the dependencies of the real kdump-utils. The real kdump-utils does not
# recognize Debian's names of initramfs images, so it uses its own default name.
DRACUT = Kdump(
    packages=('dracut', 'binutils', 'bsdextrautils', 'cpio', 'ethtool', 'gawk', 'hostname', 'jq',
              'keyutils', 'sudo', 'zstd'),
    integrations='systemd,kdump,dracut', unit='kdump.service', status='kdumpctl status',
    unpack='lsinitrd --unpack {image}',
    image=f"/{'var/lib/kdump' if KDUMP_UTILS else 'boot'}/initramfs-{{version}}kdump.img",
    furnish=furnish_kdump_utils, is_next_to_dump=True)

SCENARIOS = {
    'kdump': (KDUMP_TOOLS, 'bookworm',
              'a panic: snapshots of both kernels, the dump, and the verdict after the reboot'),
    'kdump-trixie': (KDUMP_TOOLS, 'trixie', 'the same on Debian 13'),
    'kdump-sid': (KDUMP_TOOLS, 'sid', 'the same on Debian sid'),
    'kdump-packages': (PACKAGES, 'bookworm',
                       'the same with packages, installed as documented; needs --packages'),
    'kdump-packages-trixie': (PACKAGES, 'trixie', 'the same on Debian 13'),
    'kdump-packages-sid': (PACKAGES, 'sid', 'the same on Debian sid'),
    'kdump-dracut': (DRACUT, 'bookworm',
                     'the same with dracut, whose initramfs saves the dump'),
    'kdump-dracut-trixie': (DRACUT, 'trixie', 'the same on Debian 13'),
    'kdump-dracut-sid': (DRACUT, 'sid', 'the same on Debian sid'),
    'kdump-strict': (KDUMP_TOOLS, 'bookworm',
                     'the strict unit prevents loading a crash kernel while the map has an error'),
    'kdump-states': (KDUMP_TOOLS, 'trixie',
                     'the exit statuses of verify in each state of kdump, and a panic'),
    'kdump-full-store': (KDUMP_TOOLS, 'bookworm',
                         'the same with a full snapshot store: the dump is still saved'),
    'kdump-read-only-store': (KDUMP_TOOLS, 'bookworm',
                              'the same with a read-only snapshot store'),
    'kdump-gate': (GATE, 'bookworm',
                   'systemctl kexec with the gate: with an error, the firmware reboots'),
    'kdump-gate-trixie': (GATE, 'trixie', 'the same on Debian 13'),
    'kdump-gate-sid': (GATE, 'sid', 'the same on Debian sid, with options for the INITRD table'),
}

# Options of kexec. sid has Linux 6.19 or later, for which "explain initrd-table-in-ram" advises
# these options.
LOAD = {'kdump-gate-sid': '-c --mem-max=0x50000000'}

# The machines of kdump-states: kernel parameters, and the expected exit status of each command, by
# the name that the script kdump-states uses.
STATES = {
    'crashkernel=384M': {'first': 0, 'configured': 0, 'usage': 2, 'malformed': 3, 'log': 4,
                         'denied': 5, 'not-loaded': 1, 'advised': 0, 'loaded': 0,
                         'in-crash-kernel': 4},
    'no crashkernel=': {'first': 1, 'configured': 0},
    'crashkernel=64G': {'first': 1, 'configured': 1},
    'crashkernel=384M noefi': {'first': 1, 'configured': 1},
}
STATES_HEAD = '| kernel parameters, run | command | status | first line of the output |'
# In the crash kernel of kdump-tools, run the script kdump-states before the dump is saved.
BEFORE_DUMP = '[Service]\nExecStartPre=-/usr/local/sbin/e2e-stage\n'

STORES = {'kdump-full-store': 'size=4k', 'kdump-read-only-store': 'ro'}


def furnish(root, scenario):
    kdump = SCENARIOS[scenario][0]
    strict = scenario == 'kdump-strict'
    stage = ('gate' if kdump is GATE else 'strict' if strict else
             'states' if scenario == 'kdump-states' else 'stage')
    version = next((root / 'lib/modules').iterdir()).name
    write(root / 'usr/local/sbin/e2e-stage', (HERE / f'kdump-{stage}').read_text(), 0o755)
    write(root / 'etc/e2e.conf', f"unit={kdump.unit}\nstatus='{kdump.status}'\n"
                                 f"load='{LOAD.get(scenario, '')}'\n")
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
    # Installing the package efimapctl-kdump enables this unit.
    run(['systemctl', f'--root={root}', 'preset', 'efimapctl-compare.service'])
    if strict:
        run(['systemctl', f'--root={root}', 'enable', 'efimapctl-preflight.service'])
    # In Debian, a package trigger runs this command.
    run(['journalctl', f'--root={root}', '--update-catalog'])
    kdump.furnish(root, version)
    return version


def check_initramfs(root, kdump, image, wanted, wrong):
    if debian.has_tool(root, image, kdump.unpack) != wanted:
        wrong.append(f'{image}: efimapctl is ' + ('not in it' if wanted else 'in it'))


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
    """Check that the first boot loaded a crash kernel. Check that it wrote a snapshot, or, if the
    store is full or read-only ("closed"), no file."""
    if before['run/out/loaded'].strip() != '1':
        wrong.append('no crash kernel was loaded: ' + before['run/out/status'])
    if before['run/out/verify.exit'].strip() != '0':
        wrong.append('verify --for=kdump before the panic: ' + before['run/out/verify'])
    if 'Result=success' not in before['run/out/kdump']:
        wrong.append('the unit: ' + before['run/out/kdump'])
    stored = f"var/lib/efimapctl/{before['run/out/boot_id'].strip()}.json"
    if (stored in before.files) == closed:
        wrong.append(f'{stored}: there: {stored in before.files}')
    if closed and before.ending('efimapctl') + [n for n in before.files if 'efimapctl/' in n]:
        wrong.append('something was left in the store')


def check_next_to_dump(after, wrong):
    """Check the files of the kdump-utils hooks: a snapshot, and a log line for each entry."""
    for name in after.ending('/efimap-second.json'):
        second = json.loads(after[name])
        log = ''.join(after[log] for log in after.ending('/kexec-dmesg.log'))
        said = re.findall(r'\]: (\d+) \d+ 0x[0-9a-f]+ 0x[0-9a-f]+ \d+ 0x[0-9a-f]+$', log, re.M)
        names = second['files']['sys/firmware/efi/runtime-map']['list']
        if [int(number) for number in said] != list(range(len(names))):
            wrong.append(f'kexec-dmesg.log has the entries {said}')
        cmdline = second['files']['proc/cmdline']
        if '/proc/vmcore' not in log and 'reset_devices' not in cmdline:
            wrong.append(f'{name} is not of a crash kernel: {cmdline}')


def check_back(after, closed, kdump, wrong):
    """Check that a dump was saved. Unless the store is full or read-only ("closed"), check that the
    verdict is next to the dump, in the metrics and in the journal."""
    if not re.search(r'dump\.| vmcore$', after['run/out/files'], re.M):
        wrong.append('no dump was saved: ' + after['run/out/files'])
    if closed:
        return
    if after['run/out/failed'].strip():
        wrong.append('failed units: ' + after['run/out/failed'])
    if after.ending('.kdump.json') or bool(after.ending('.compared.json')) == kdump.is_next_to_dump:
        wrong.append(f'the second snapshot was not moved on: {list(after.files)}')
    for name in ('efimap-first.json', 'efimap-second.json', 'efimap-compare.json'):
        if len(after.ending('/' + name)) != 1:
            wrong.append(f'{name} is not next to the dump')
    if kdump.is_next_to_dump:
        check_next_to_dump(after, wrong)
    for name in after.ending('/efimap-compare.json'):
        if json.loads(after[name])['verdict'] != 'same':
            wrong.append(f'{name}: {after[name]}')
    if 'efimap_crash_compare_status 0\n' not in \
            after['var/lib/prometheus/node-exporter/efimapctl-crash.prom']:
        wrong.append('no metric of it')
    if kdump.integrations and \
            'efimap_' not in after['var/lib/prometheus/node-exporter/efimapctl.prom']:
        wrong.append('no metrics of the map')
    told = [json.loads(line) for line in after['run/out/journal'].splitlines()]
    told = [line for line in told if line.get('MESSAGE_ID') == SAME]
    if len(told) != 1 or told[0].get('EFIMAP_VERDICT') != 'same':
        wrong.append(f'the journal has {told}')
    if 'They are the same.' not in after['run/out/explained']:
        wrong.append('the journal does not explain it: ' + after['run/out/explained'])


def check_images(again, wrong):
    """Check that efimapctl is only in the initramfs of the crash kernel. If efimapctl is removed or
    installed, this initramfs must be rebuilt, and the normal initramfs must not."""
    if not again['run/out/install'].endswith('status 0\n'):
        wrong.append('the second installation: ' + again['run/out/install'])
    previous = {}
    for name, installed in (('installed', True), ('removed', False), ('again', True)):
        images = {}
        for line in again[f'run/out/images-{name}'].splitlines():
            path, images[path], *content = line.split()
            crash = path.startswith('/var/lib/kdump/')
            wanted = ['init', 'usr/bin/efimapctl'] if installed and crash else ['init']
            if content != wanted:
                wrong.append(f'{name}: {path} contains {content}, expected {wanted}')
            rebuilt = images[path] != previous.get(path)
            if previous and rebuilt != crash:
                wrong.append(f'{name}: {path}: rebuilt: {rebuilt}')
        if len(images) != 2:
            wrong.append(f'{name}: the images are {images}')
        previous = images


def check_strict(files, wrong):
    if 'strict/files' not in files:
        wrong.append('nothing was sent')
        return
    said = Files(files['strict/files'])
    for name, wanted in (('healthy', '0 1'), ('broken', '1 0'), ('advice', '0 1')):
        if said[f'run/out/{name}'].strip() != wanted:
            wrong.append(f'{name}: {said["run/out/" + name]}, expected {wanted}: '
                         + said[f'run/out/{name}.journal'])
    if 'type-ram-runtime' not in said['run/out/broken.journal']:
        wrong.append('the journal does not say why: ' + said['run/out/broken.journal'])


def check_gate(scenario, files, console, wrong):
    """Check which boots "systemctl kexec" started without the firmware, and that the journal and
    the console contain the reason for the other one."""
    if 'gate/files' not in files:
        wrong.append('nothing was sent')
        return
    said = Files(files['gate/files'])
    for boot, wanted in ((1, False), (2, True)):
        before = f'e2e/{boot - 1}/'
        if said[before + 'loaded'].strip() != '1':
            wrong.append('no kernel was loaded: ' + said[before + 'kexec.said'])
        if ('e2e-kexec' in said[f'e2e/{boot}/cmdline']) != wanted:
            wrong.append(f'boot {boot} was started with ' + said[f'e2e/{boot}/cmdline'])
    told = {'e2e/0/journal': 'efimapctl: unloaded the next kernel, so the machine reboots '
                             'through the firmware: kexec: will boot, but EFI runtime services will fail: '}
    for name, sentence in told.items():
        for where, text in ((name, said[name]), ('the console', console)):
            if sentence not in text:
                wrong.append(f'{where} does not say "{sentence}"')


def boot_with(parameters, root, version, temp, options):
    """Boot a machine of STATES. Return its answers or None, and a list of errors."""
    append = '' if parameters.startswith('no ') else parameters
    with tempfile.TemporaryDirectory(dir=temp) as own:
        files, console, wrong = debian.boot(root, version, pathlib.Path(own), options.timeout, append)
    sent = files.get('states/files')
    if options.keep:
        save(pathlib.Path(options.keep) / f'kdump-states {parameters}', {
            'console': console.encode(), **({'states.tar.gz': sent} if sent else {})})
    return sent and Files(sent), wrong


def try_states(root, version, temp, options):
    """Boot the machines of STATES. Return the errors. With --table, write the answers."""
    wrong, lines = [], {}
    boots = guest.at_once(lambda append: boot_with(append, root, version, temp, options), STATES)
    for (parameters, wanted), (said, errors) in zip(STATES.items(), boots):
        wrong += [f'{parameters}: {error}' for error in errors + ['nothing was sent'] * (not said)]
        for name, status in wanted.items() if said else ():
            command, got, line = (said[name].replace('|', '\\|').splitlines() + 3 * [''])[:3]
            run_name = f'{parameters}, {name}'
            lines[run_name] = f'| {run_name} | `{command}` | {got} | {line} |'
            if got != str(status):
                wrong.append(f'{run_name}: expected status {status}: {said[name]}')
        if said and 'loaded' in wanted and not re.search(r'dump\.', said['dump']):
            wrong.append('status 0 was not followed by a dump: ' + said['dump'])
    if options.table:
        write_table(pathlib.Path(options.table), 'e2e/kdump.py', STATES_HEAD, list(lines), lines)
    return wrong


def check(scenario, files, console, wrong):
    if scenario == 'kdump-strict':
        check_strict(files, wrong)
        return
    if SCENARIOS[scenario][0] is GATE:
        check_gate(scenario, files, console, wrong)
        return
    kdump, closed = SCENARIOS[scenario][0], scenario in STORES
    for stage, look in (('before', check_armed), ('after', check_back)):
        if f'{stage}/files' not in files:
            wrong.append(f'{stage} the crash: nothing was sent')
            return
        look(Files(files[f'{stage}/files']), closed, kdump, wrong)
    if kdump is PACKAGES:
        if 'again/files' not in files:
            wrong.append('after the second installation: nothing was sent')
            return
        check_images(Files(files['again/files']), wrong)
    # The script in the crash kernel's initramfs prints the map to the kernel log.
    if not kdump.is_next_to_dump and kdump is not PACKAGES and 'efimap: 0 ' not in console:
        wrong.append('the initramfs of the crash kernel said nothing')


def try_scenario(scenario, source, options):
    guest.need('/usr/bin/qemu-system-x86_64', 'qemu-system-x86')
    kdump, suite, _ = SCENARIOS[scenario]
    if kdump is PACKAGES:
        if not options.packages:
            print(f'left out: {scenario}, without --packages')
            return []
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
            check_initramfs(root, kdump, image, True, wrong)
        if options.no_boot or wrong:
            return wrong
        if scenario == 'kdump-states':
            return try_states(root, version, temp, options)
        files, console, wrong = debian.boot(root, version, temp, options.timeout)
        if options.keep:
            save(pathlib.Path(options.keep) / scenario, {
                'console': console.encode(), **{f'{name.split("/")[0]}.tar.gz': data
                                                for name, data in files.items()}})
    check(scenario, files, console, wrong)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--list', action='store_true', help='list the scenarios')
    parser.add_argument('--keep', help='directory for the results of each machine')
    parser.add_argument('--packages', metavar='DIR',
                        help='packages from scripts/package --keep=DIR, for kdump-packages')
    parser.add_argument('--no-boot', action='store_true',
                        help='only create the machine, and check its initramfs')
    parser.add_argument('--without', action='append', default=[], metavar='FILE',
                        help='remove an installed file: the test must fail')
    parser.add_argument('--table', metavar='FILE',
                        help='write the answers of kdump-states into the table of FILE')
    parser.add_argument('--timeout', type=int, default=1800, help='seconds for a machine')
    parser.add_argument('names', nargs='*', choices=[[], *SCENARIOS], help='only these')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(f'long  {name}: {what}' for name, (_, _, what) in SCENARIOS.items()))
        return 0
    source = HERE.parents[1]
    bad = 0
    try:
        for scenario in options.names or SCENARIOS:
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
