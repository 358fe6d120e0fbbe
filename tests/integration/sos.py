#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The sos plugin in the real sosreport, on a machine that a capture stands in for.

usage: sos.py EFIMAPCTL BUILD

Each sos is tried: the installed one, and trees of its sources that EFIMAPCTL_SOS names,
separated by colons. A mount namespace puts the capture where the running system is. Without
root, or without any sos, the test is skipped (77).
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REAL = os.path.join(ROOT, 'tests/fixtures/real')
PLUGIN = os.path.join(ROOT, 'integration/sos/efimap.py')
PLUGINS = 'sos/report/plugins'
SECRET = 'a-seed-that-nobody-may-see'
BOOT_ID = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901'
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
# import-archive, where it was built.
IMPORTERS = os.path.join(os.path.abspath(sys.argv[2]), 'importers')
# The Python that Debian's modules are made for.
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable

# Where the capture is the running system, with a /var of its own but for what sos asks dpkg.
INSIDE = r'''
capture=$1 var=$2 bin=$3
shift 3
mount --bind "$bin" /usr/local/sbin
mkdir -p /run/efimap-test-var
mount -t tmpfs tmpfs /run/efimap-test-var
mkdir /run/efimap-test-var/old
mount --bind /var /run/efimap-test-var/old
mount -t tmpfs tmpfs /var
mkdir -p /var/lib/dpkg /var/tmp /var/log
[ ! -d /run/efimap-test-var/old/lib/dpkg ] ||
	mount --bind /run/efimap-test-var/old/lib/dpkg /var/lib/dpkg
cp -R "$var/." /var
for file in sys proc/iomem proc/cmdline proc/version proc/sys/kernel/random/boot_id; do
	mount --bind "$capture/$file" "/$file"
done
exec "$@"
'''


class Wrong(Exception):
    """What the test found."""


def expect(condition, text):
    if not condition:
        raise Wrong(text)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def soses():
    """(version, directory that holds the package sos) of each that is here."""
    found = []
    places = [d for d in os.environ.get('EFIMAPCTL_SOS', '').split(':') if d]
    for place in ['', *places]:
        code = 'import sos, os; print(sos.__version__, os.path.dirname(sos.__path__[0]))'
        done = subprocess.run([PYTHON, '-c', code], capture_output=True, text=True, check=False,
                              cwd=place or '/', env={'PATH': PATH})
        if done.returncode == 0:
            version, where = done.stdout.split()
            found.append((version, where))
        else:
            expect(not place, f'EFIMAPCTL_SOS: no sos in {place}: {done.stderr}')
    return found


class Sos:
    """A copy of one sos, with our plugin or without."""

    def __init__(self, where, temp, plugin):
        self.where = os.path.join(temp, 'sos-' + ('with' if plugin else 'without'))
        self.temp = temp
        shutil.copytree(os.path.join(where, 'sos'), os.path.join(self.where, 'sos'),
                        ignore=shutil.ignore_patterns('__pycache__'))
        target = os.path.join(self.where, PLUGINS, 'efimap.py')
        if os.path.exists(target):
            os.remove(target)
        if plugin:
            shutil.copy(plugin, target)
        write(os.path.join(self.where, 'run.py'), 'import sys\nfrom sos import SoS\n'
              'SoS(sys.argv[1:]).execute()\n')

    def command(self, *words):
        return [PYTHON, os.path.join(self.where, 'run.py'), *words]

    def run(self, words, on=()):
        """Run it, on a capture, a /var and a directory of programs if there are any."""
        command = self.command(*words)
        if on:
            command = ['unshare', '--mount', 'sh', '-euc', INSIDE, 'sh', *on, *command]
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              cwd=self.where, stdin=subprocess.DEVNULL,
                              env={'PATH': PATH, 'LC_ALL': 'C.UTF-8', 'HOME': '/root'})

    def report(self, options, *on):
        """Make a report; the directory or archive that it gives."""
        out = tempfile.mkdtemp(dir=self.temp)
        done = self.run(['report', '-o', 'efimap', '--batch', '--tmp-dir', out, *options], on)
        made = [name for name in glob.glob(out + '/sosreport-*')
                if os.path.isdir(name) or '.tar' in name and not
                name.endswith(('.md5', '.sha256'))]
        expect(done.returncode == 0 and len(made) == 1,
               f'sos report: {done.returncode}, {made}\n{done.stdout}{done.stderr}')
        return made[0]


def machine(name, temp):
    """A capture as a running system, and a /var with stored snapshots."""
    capture = os.path.join(temp, 'capture')
    var = os.path.join(temp, 'var')
    for path in (capture, var):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(os.path.join(REAL, name), capture)
    for file in ('ORIGIN', 'dmesg.txt'):
        os.remove(os.path.join(capture, file))
    write(capture + '/proc/sys/kernel/random/boot_id', BOOT_ID + '\n')
    write(capture + '/sys/devices/virtual/dmi/id/product_name', 'Test machine\n')
    write(capture + '/sys/devices/virtual/dmi/id/product_serial', SECRET + '\n')
    nodes = capture + '/sys/kernel/boot_params/setup_data'
    if os.path.isdir(nodes):
        write(nodes + '/7/type', '0x9\n')
        write(nodes + '/7/data', SECRET)
        write(nodes + '/8/type', 'nonsense\n')
        write(nodes + '/8/data', SECRET)
        shutil.rmtree(nodes + '/8')
    write(var + f'/lib/efimapctl/{BOOT_ID}.json', '{}\n')
    write(var + '/crash/202611201100/efimap-second.json', '{}\n')
    write(var + '/crash/202611201100/vmcore', SECRET)
    return capture, var


def verdict(tool, source):
    """Status, findings and their evidence; where they were read from does not matter."""
    done = subprocess.run([tool, 'verify', '--json', source], capture_output=True, text=True,
                          check=False, env={**os.environ, 'EFIMAPCTL_IMPORTERS': IMPORTERS})
    expect(done.returncode in (0, 1), f'verify {source}: {done.returncode}: {done.stderr}')
    document = json.loads(done.stdout)
    return done.returncode, document['counts'], document['findings']


def files_below(where):
    for path, _, names in os.walk(where):
        for name in names:
            yield os.path.join(path, name)


def check_tree(tool, where, capture, has_tool):
    """A report's directory."""
    expect(verdict(tool, where) == verdict(tool, capture),
           f'{where}: another verdict than {capture}')
    for wanted in (f'var/lib/efimapctl/{BOOT_ID}.json',
                   'var/crash/202611201100/efimap-second.json',
                   'proc/sys/kernel/random/boot_id',
                   'sys/devices/virtual/dmi/id/product_name'):
        expect(os.path.isfile(os.path.join(where, wanted)), f'{wanted} was not taken')
    for path in files_below(where):
        with open(path, 'rb') as file:
            expect(SECRET.encode() not in file.read(), f'{path} holds a secret')
    nodes = 'sys/kernel/boot_params/setup_data'
    if os.path.isdir(os.path.join(capture, nodes)):
        for wanted in ('0/type', '0/data', '7/type'):
            expect(os.path.isfile(os.path.join(where, nodes, wanted)), f'no {nodes}/{wanted}')
    commands = os.path.join(where, 'sos_commands/efimap')
    expect(os.path.isdir(commands) == has_tool, f'{commands}: tool there: {has_tool}')
    if not has_tool:
        return
    expect(sorted(os.listdir(commands)) ==
           ['efimapctl_dump.json', 'efimapctl_snapshot.json', 'efimapctl_verify',
            'efimapctl_verify.json'], f'{commands}: {os.listdir(commands)}')
    for name in ('dump', 'verify', 'snapshot'):
        with open(f'{commands}/efimapctl_{name}.json', encoding='utf-8') as file:
            expect(json.load(file)['source'] == '/', f'{name}: not of the running system')
    expect(verdict(tool, commands + '/efimapctl_snapshot.json')[1] ==
           verdict(tool, where)[1], 'the snapshot in it has another verdict')


def check_archive(tool, archive, capture, temp):
    """An archive: unpacked, and as it is, its verdict is the capture's."""
    if os.path.exists(os.path.join(IMPORTERS, 'import-archive')):
        expect(verdict(tool, archive) == verdict(tool, capture),
               f'{archive}: another verdict than {capture}')
    with tempfile.TemporaryDirectory(dir=temp) as where:
        with tarfile.open(archive) as tar:
            tar.extractall(where)
        expect(verdict(tool, where) == verdict(tool, capture),
               f'{archive}: another verdict than {capture}')


def check_clean(sos, tool, archive, capture):
    """What sos clean makes of an archive has the same verdict; False: it has no clean."""
    if sos.run(['clean', '--help']).returncode:
        return False
    out = tempfile.mkdtemp(dir=sos.temp)
    done = sos.run(['clean', '--batch', '--no-update', '--tmp-dir', out, archive])
    made = [name for name in glob.glob(out + '/*obfuscated*.tar*')
            if not name.endswith(('.md5', '.sha256'))]
    expect(done.returncode == 0 and made, f'sos clean: {done.stdout}{done.stderr}')
    check_archive(tool, made[0], capture, sos.temp)
    return True


def check_sos(version, where, tool, temp):
    """All of it, with one sos."""
    with_tool, without = os.path.join(temp, 'bin'), os.path.join(temp, 'nothing')
    os.makedirs(with_tool)
    os.makedirs(without)
    shutil.copy(tool, with_tool)
    sos = Sos(where, temp, PLUGIN)
    expect('efimap' in sos.run(['report', '-l', '--batch']).stdout,
           'sos report -l does not list it')
    bare = Sos(where, temp, None)
    expect('efimap' not in bare.run(['report', '-l', '--batch']).stdout,
           'sos report -l lists it where it is not')
    for name in ('ovmf-q35-6.1-kexec-second', 'ovmf-q35-6.1-crash-second'):
        capture, var = machine(name, temp)
        check_tree(tool, sos.report(['--build'], capture, var, with_tool), capture, True)
    # An error, which has to survive: runtime memory of a type that the kernel never keeps.
    write(capture + '/sys/firmware/efi/runtime-map/0/type', '0x7\n')
    expect(verdict(tool, capture)[0] == 1, 'the fault is none')
    check_tree(tool, sos.report(['--build'], capture, var, without), capture, False)
    archive = sos.report([], capture, var, with_tool)
    check_archive(tool, archive, capture, temp)
    cleaned = check_clean(sos, tool, archive, capture)
    print(f'sos {version}: report, archive{", clean" if cleaned else " (it has no clean)"}: ok')


def main():
    tool = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], check=False,
                                           capture_output=True).returncode:
        print('skipped: sosreport and mount namespaces need root')
        return 77
    found = soses()
    if not found:
        print('skipped: no sos here (package sosreport)')
        return 77
    for version, where in found:
        with tempfile.TemporaryDirectory(prefix='efimap-sos-') as temp:
            try:
                check_sos(version, where, tool, temp)
            except Wrong as wrong:
                print(f'sos {version}: {wrong}')
                return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
