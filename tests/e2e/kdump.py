#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kdump as users have it: a Debian with kdump-tools that panics, dumps and comes back.

A root file system is made once, by mmdebstrap, and kept; each run installs efimapctl with its
integrations into a copy, boots it in QEMU, lets the kernel crash for real, and looks at what
the machine says when it is back. A machine that cannot run this says which part is missing
and exits with 77.
"""
import argparse
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import guest

PACKAGES = ('systemd-sysv', 'udev', 'kmod', 'linux-image-amd64', 'initramfs-tools',
            'kdump-tools', 'kexec-tools', 'makedumpfile', 'file', 'procps', 'libjansson4',
            'libmd0', 'libsmartcols1', 'libsysfs2')
SUITE = 'bookworm'
INTEGRATIONS = 'systemd,kdump-tools,initramfs-tools'
# The catalog's message for "the same map arrived".
SAME = 'b79702e4c1074752b6a735c87ab787b2'

# What the machine does once it is up: crash, or, when it has crashed, tell and switch off.
STAGE = r'''#!/bin/sh
exec >/dev/console 2>&1 </dev/null
if ls /var/crash/*/dump* >/dev/null 2>&1 || [ -e /var/e2e-crashed ]; then
	stage=after
	n=0
	while ls /var/lib/efimapctl/*.kdump.json /var/crash/*/efimap-kdump.json \
		>/dev/null 2>&1 && [ $n -lt 60 ]; do sleep 1; n=$((n + 1)); done
	sleep 3
else
	stage=before
	n=0
	while [ "$(cat /sys/kernel/kexec_crash_loaded)" != 1 ] && [ $n -lt 120 ]; do
		sleep 1
		n=$((n + 1))
	done
fi
mkdir -p /run/out /var/lib/prometheus/node-exporter
systemctl start efimapctl-metrics.service
journalctl -b -o json >/run/out/journal
journalctl -b -t efimapctl -x >/run/out/explained
systemctl list-units --failed --no-legend --plain >/run/out/failed
systemctl show -p Result,ActiveState,ExecStartPre kdump-tools.service >/run/out/kdump-tools
systemctl show -p Result,ActiveState efimapctl-compare.service efimapctl-compare.path \
	>/run/out/compare
kdump-config show >/run/out/kdump-config 2>&1
cat /sys/kernel/kexec_crash_loaded >/run/out/loaded
cat /proc/sys/kernel/random/boot_id >/run/out/boot_id
ls -lR /var/crash /var/lib/efimapctl >/run/out/files
(cd / && find run/out var/lib/efimapctl var/lib/prometheus var/crash ! -name 'dump.*' -type f |
	tar -cf - -T -) | gzip | {
	echo "==BEGIN $stage/files"
	base64
	echo "==END"
} >/dev/ttyS1
if [ $stage = before ]; then
	>/var/e2e-crashed
	sync
	echo 1 >/proc/sys/kernel/sysrq
	echo c >/proc/sysrq-trigger
else
	systemctl poweroff --force --force
fi
'''

# A boot of its own: an error is laid over the map, and taken away again.
STRICT = r'''#!/bin/sh
exec >/dev/console 2>&1 </dev/null
mkdir -p /run/out /run/map
try() {
	systemctl stop kdump-tools.service efimapctl-preflight.service
	systemctl start kdump-tools.service
	echo "$? $(cat /sys/kernel/kexec_crash_loaded)" >/run/out/$1
	journalctl -b -u efimapctl-preflight.service -o cat >/run/out/$1.journal
}
try healthy
cp -R /sys/firmware/efi/runtime-map/. /run/map
echo 0x7 >/run/map/0/type
mount --bind /run/map /sys/firmware/efi/runtime-map
try broken
umount /sys/firmware/efi/runtime-map
systemctl disable efimapctl-preflight.service
mount --bind /run/map /sys/firmware/efi/runtime-map
try advice
(cd / && tar -cf - run/out) | gzip | {
	echo "==BEGIN strict/files"
	base64
	echo "==END"
} >/dev/ttyS1
systemctl poweroff --force --force
'''

STAGE_UNIT = '''[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/e2e-stage
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
'''

SCENARIOS = {
    'kdump': 'a panic: snapshots of both kernels, the dump, and the verdict after the reboot',
    'kdump-strict': 'the strict unit keeps the crash kernel out while the map has an error',
    'kdump-full-store': 'the same with no room for snapshots: the dump is saved all the same',
}


def run(command, **options):
    """Run a program that must succeed; its output only shows when it does not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise RuntimeError(f'{command[0]}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def debian():
    """The root directory of a Debian with kdump-tools."""
    name = hashlib.sha256(' '.join((SUITE, *PACKAGES)).encode()).hexdigest()[:16]
    root = guest.CACHE / f'debian-kdump-{name}'
    if root.exists():
        return root
    guest.need('/usr/bin/mmdebstrap', 'mmdebstrap')
    if os.geteuid() != 0:
        raise guest.Missing('root, to make a root file system')
    guest.CACHE.mkdir(parents=True, exist_ok=True)
    temp = pathlib.Path(tempfile.mkdtemp(dir=guest.CACHE))
    print('making a Debian with kdump-tools; it is kept', flush=True)
    try:
        run(['mmdebstrap', '--variant=minbase', '--format=directory',
             '--include=' + ','.join(PACKAGES), SUITE, str(temp / 'root')])
        (temp / 'root').rename(root)
    finally:
        shutil.rmtree(temp)
    return root


def write(path, text, mode=0o644):
    """A file in the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def install(root, source):
    """efimapctl and its integrations, as a distribution would build them."""
    build = pathlib.Path(source) / 'build-e2e-kdump'
    options = ['--prefix=/usr', '--buildtype=release', f'-Dintegration={INTEGRATIONS}']
    if (build / 'build.ninja').exists():
        run(['meson', 'configure', str(build), *options])
    else:
        run(['meson', 'setup', str(build), str(source), *options])
    # What is built can have changed since the directory was set up.
    run(['ninja', '-C', str(build), 'build.ninja'])
    targets = json.loads(run(['meson', 'introspect', '--targets', str(build)]))
    wanted = [os.path.relpath(name, build) for target in targets if target['installed']
              for name in target['filename']]
    run(['ninja', '-C', str(build), *wanted])
    run(['meson', 'install', '-C', str(build), '--no-rebuild', '--destdir', str(root)])


def furnish(root, scenario):
    """What makes it a machine of ours: the stages, a crash kernel's initramfs, no passwords."""
    strict = scenario == 'kdump-strict'
    write(root / 'usr/local/sbin/e2e-stage', STRICT if strict else STAGE, 0o755)
    write(root / 'etc/systemd/system/e2e.service', STAGE_UNIT)
    write(root / 'etc/fstab', '/dev/vda / ext4 defaults 0 1\n')
    if scenario == 'kdump-full-store':
        with (root / 'etc/fstab').open('a') as fstab:
            fstab.write('tmpfs /var/lib/efimapctl tmpfs size=4k 0 0\n')
    (root / 'var/lib/prometheus/node-exporter').mkdir(parents=True, exist_ok=True)
    (root / 'var/lib/efimapctl').mkdir(mode=0o700, exist_ok=True)
    run(['systemctl', f'--root={root}', 'enable', 'e2e.service', 'efimapctl-compare.path'])
    if strict:
        run(['systemctl', f'--root={root}', 'enable', 'efimapctl-preflight.service'])
    # As the trigger of a package does.
    run(['journalctl', f'--root={root}', '--update-catalog'])
    # What the machine has is not what this one has: no MODULES=dep.
    write(root / 'etc/initramfs-tools/conf.d/e2e', 'MODULES=list\n')
    with (root / 'etc/initramfs-tools/modules').open('a') as modules:
        modules.write('virtio_pci\nvirtio_blk\next4\ncrc32c_generic\n')
    version = next((root / 'lib/modules').iterdir()).name
    # Else kdump-config makes the initramfs anew at the first boot: minutes under TCG.
    shutil.copy(root / 'etc/kdump/sysctl.conf',
                root / f'var/lib/kdump/latest_sysctls-{version}')
    for made in (f'update-initramfs -u -k {version}',
                 f'/etc/kernel/postinst.d/kdump-tools {version}'):
        run(['unshare', '--mount', 'sh', '-euc',
             'mount -t proc proc "$1/proc"; mount -t sysfs sysfs "$1/sys"; chroot "$1" $2',
             'sh', str(root), made], env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin'})
    listing = run(['chroot', str(root), 'lsinitramfs', f'/var/lib/kdump/initrd.img-{version}'])
    normal = run(['chroot', str(root), 'lsinitramfs', f'/boot/initrd.img-{version}'])
    return version, 'sbin/efimapctl' in listing, 'sbin/efimapctl' in normal


def boot(root, version, temp, timeout):
    """Boot it until it switches itself off; what it sent, and its console."""
    options, code, variables = guest.MACHINES['q35']
    image = temp / 'disk'
    run(['mke2fs', '-q', '-t', 'ext4', '-d', str(root), str(image), '3G'])
    shutil.copy(guest.need(guest.OVMF / variables, 'ovmf'), temp / 'vars')
    command = ['qemu-system-x86_64', *options, '-accel', 'tcg', '-cpu', 'max',
               '-m', '2048', '-display', 'none', '-net', 'none',
               '-kernel', str(root / f'boot/vmlinuz-{version}'),
               '-initrd', str(root / f'boot/initrd.img-{version}'),
               '-append', 'root=/dev/vda rw console=ttyS0 crashkernel=384M',
               '-drive', f'if=virtio,format=raw,file={image},cache=unsafe',
               '-drive', 'if=pflash,format=raw,unit=0,readonly=on,'
                         f'file={guest.need(guest.OVMF / code, "ovmf")}',
               '-drive', f'if=pflash,format=raw,unit=1,file={temp / "vars"}',
               '-serial', f'file:{temp / "console"}', '-serial', f'file:{temp / "out"}']
    wrong = []
    try:
        subprocess.run(command, timeout=timeout, stdin=subprocess.DEVNULL, check=True)
    except subprocess.TimeoutExpired:
        wrong.append(f'it did not end within {timeout} seconds')
    console = (temp / 'console').read_text(errors='replace')
    return guest.received((temp / 'out').read_text(errors='replace')), console, wrong


class Files:
    """What one stage sent."""

    def __init__(self, data):
        self.files = {}
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for member in filter(tarfile.TarInfo.isfile, tar.getmembers()):
                self.files[member.name] = tar.extractfile(member).read().decode(
                    errors='replace')

    def __getitem__(self, name):
        return self.files.get(name, '')

    def ending(self, end):
        """Names that end so."""
        return [name for name in self.files if name.endswith(end)]


def check_armed(before, full, wrong):
    """The first boot: kdump is armed, whatever became of our snapshot."""
    if before['run/out/loaded'].strip() != '1':
        wrong.append('no crash kernel was loaded: ' + before['run/out/kdump-config'])
    if 'Result=success' not in before['run/out/kdump-tools']:
        wrong.append('kdump-tools.service: ' + before['run/out/kdump-tools'])
    stored = f"var/lib/efimapctl/{before['run/out/boot_id'].strip()}.json"
    if (stored in before.files) == full:
        wrong.append(f'{stored}: there: {stored in before.files}')
    if full and before.ending('efimapctl') + [n for n in before.files if 'efimapctl/' in n]:
        wrong.append('something was left in the full store')


def check_back(after, full, wrong):
    """The boot after the crash: a dump, and, with a store, the verdict in every place."""
    if 'dump.' not in after['run/out/files']:
        wrong.append('no dump was saved: ' + after['run/out/files'])
    if full:
        return
    if after['run/out/failed'].strip():
        wrong.append('failed units: ' + after['run/out/failed'])
    if not after.ending('.compared.json') or after.ending('.kdump.json'):
        wrong.append('the second snapshot was not moved on')
    for name in ('efimap-first.json', 'efimap-second.json', 'efimap-compare.json'):
        if len(after.ending('/' + name)) != 1:
            wrong.append(f'{name} is not beside the dump')
    for name in after.ending('/efimap-compare.json'):
        if json.loads(after[name])['verdict'] != 'same':
            wrong.append(f'{name}: {after[name]}')
    if 'efimap_crash_compare_status 0\n' not in \
            after['var/lib/prometheus/node-exporter/efimapctl-crash.prom']:
        wrong.append('no metric of it')
    if 'efimap_' not in after['var/lib/prometheus/node-exporter/efimapctl.prom']:
        wrong.append('no metrics of the map')
    told = [json.loads(line) for line in after['run/out/journal'].splitlines()]
    told = [line for line in told if line.get('MESSAGE_ID') == SAME]
    if len(told) != 1 or told[0].get('EFIMAP_VERDICT') != 'same':
        wrong.append(f'the journal has {told}')
    if 'make the same promise' not in after['run/out/explained']:
        wrong.append('the journal does not explain it: ' + after['run/out/explained'])


def check_strict(files, wrong):
    """Whether starting kdump-tools worked, and whether a crash kernel is loaded then."""
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


def check(scenario, files, console, wrong):
    """Hold a run against its scenario."""
    if scenario == 'kdump-strict':
        check_strict(files, wrong)
        return
    full = scenario == 'kdump-full-store'
    for stage, look in (('before', check_armed), ('after', check_back)):
        if f'{stage}/files' not in files:
            wrong.append(f'{stage} the crash: nothing was sent')
            return
        look(Files(files[f'{stage}/files']), full, wrong)
    # The script in the crash kernel's initramfs says the map to the kernel's log.
    if 'efimap: 0 ' not in console:
        wrong.append('the initramfs of the crash kernel said nothing')


def try_scenario(scenario, source, keep):
    """One machine, from its making to what it said."""
    guest.need('/usr/bin/qemu-system-x86_64', 'qemu-system-x86')
    base = debian()
    with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
        temp = pathlib.Path(temp)
        root = temp / 'root'
        run(['cp', '-a', '--reflink=auto', str(base), str(root)])
        install(root, source)
        version, in_crash, in_normal = furnish(root, scenario)
        files, console, wrong = boot(root, version, temp, 1800)
    if not in_crash:
        wrong.append("efimapctl is not in the crash kernel's initramfs")
    if in_normal:
        wrong.append('efimapctl is in the normal initramfs too')
    check(scenario, files, console, wrong)
    if keep:
        where = pathlib.Path(keep) / scenario
        where.mkdir(parents=True, exist_ok=True)
        (where / 'console').write_text(console)
        for name, data in files.items():
            (where / (name.split('/', maxsplit=1)[0] + '.tar.gz')).write_bytes(data)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--list', action='store_true', help='name the scenarios')
    parser.add_argument('--keep', help='directory for what came out of each machine')
    parser.add_argument('names', nargs='*', choices=[[], *SCENARIOS], help='only these')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(f'long  {name}: {what}' for name, what in SCENARIOS.items()))
        return 0
    source = pathlib.Path(__file__).resolve().parents[2]
    bad = 0
    try:
        for scenario in options.names or SCENARIOS:
            began = time.monotonic()
            wrong = try_scenario(scenario, source, options.keep)
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
