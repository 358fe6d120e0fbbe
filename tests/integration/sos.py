#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the sos plugin with sosreport, on a capture that replaces the running system.

usage: sos.py EFIMAPCTL BUILD [CASE...]

The tests run with the installed sos, and with the source trees in EFIMAPCTL_SOS, which are
separated by colons. The plugin's declarations are also tested with a stub that has only the
functions that sos 4.0 and sos 4.12 have in common.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from common import (HERE, ROOT, RUNNING, SYSTEM_PATH, Skip, below, expect, main,
                    need_namespaces, read, write)
import fixture  # common adds the directory to the search path.
import recorded_tree

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import sources  # noqa: E402 pylint: disable=wrong-import-position

PLUGIN = os.path.join(ROOT, 'integration/sos/efimap.py')
INSIDE = os.path.join(HERE, 'sos-inside.sh')
KERNEL_IMAGE = os.path.join(ROOT, 'tests/tools/kernel_image.py')
UPSTREAM = os.path.join(ROOT, 'docs/upstream/sos')
PLUGINS = 'sos/report/plugins'
SECRET = 'a-seed-that-nobody-may-see'
BOOT_ID = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901'
# The interpreter for which Debian's Python modules are installed.
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable


def soses():
    """Return (version, directory that contains the Python package sos) for each available sos.
    Raise Skip if there is none."""
    found = []
    places = [d for d in os.environ.get('EFIMAPCTL_SOS', '').split(':') if d]
    for place in ['', *places]:
        code = 'import sos, os; print(sos.__version__, os.path.dirname(sos.__path__[0]))'
        done = subprocess.run([PYTHON, '-c', code], capture_output=True, text=True, check=False,
                              cwd=place or '/', env={'PATH': SYSTEM_PATH})
        if done.returncode == 0:
            version, where = done.stdout.split()
            found.append((version, where))
        else:
            expect(not place, f'EFIMAPCTL_SOS: no sos in {place}: {done.stderr}')
    if not found:
        raise Skip('sos (package sosreport)')
    return found


def soses_that_run():
    """Return soses(). Raise Skip if this user cannot run sosreport in a namespace."""
    if os.geteuid() != 0:
        raise Skip('root, for sosreport')
    need_namespaces()
    return soses()


class Sos:
    """A copy of one version of sos, with or without our plugin"""

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
        # "sos clean" starts processes that import this file. They must not run sos again.
        write(os.path.join(self.where, 'run.py'), 'import sys\nfrom sos import SoS\n'
              'if __name__ == "__main__":\n    SoS(sys.argv[1:]).execute()\n')

    def command(self, *words):
        return [PYTHON, os.path.join(self.where, 'run.py'), *words]

    def run(self, words, on=()):
        """Run sos. "on" is a capture that replaces the running system, a /var, and a directory of
        programs."""
        command = self.command(*words)
        if on:
            capture, *places = on
            command = [*RUNNING, capture, 'sh', '-eu', INSIDE, *places, *command]
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              cwd=self.where, stdin=subprocess.DEVNULL,
                              env={'PATH': SYSTEM_PATH, 'LC_ALL': 'C.UTF-8', 'HOME': '/root'})

    def report(self, options, *on):
        out = tempfile.mkdtemp(dir=self.temp)
        done = self.run(['report', '-o', 'efimap', '--batch', '--tmp-dir', out, *options], on)
        made = [name for name in glob.glob(out + '/sosreport-*')
                if os.path.isdir(name) or '.tar' in name and not
                name.endswith(('.md5', '.sha256'))]
        expect(done.returncode == 0 and len(made) == 1,
               f'sos report: {done.returncode}, {made}\n{done.stdout}{done.stderr}')
        return made[0]


def machine(name, temp):
    """Create a capture that replaces the running system, and a /var with stored snapshots."""
    capture = os.path.join(temp, 'capture')
    var = os.path.join(temp, 'var')
    for path in (capture, var):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(fixture.real(name), capture)
    os.remove(os.path.join(capture, 'dmesg.txt'))
    write(capture + '/proc/sys/kernel/random/boot_id', BOOT_ID + '\n')
    write(capture + '/sys/devices/virtual/dmi/id/product_name', 'Test machine\n')
    write(capture + '/sys/devices/virtual/dmi/id/product_serial', SECRET + '\n')
    # sos does not collect kernel images, but the snapshot in the report lists them.
    os.mkdir(capture + '/boot')
    subprocess.run([sys.executable, KERNEL_IMAGE, capture + '/boot/vmlinuz-7.2',
                    '--release=7.2'], check=True)
    nodes = capture + '/sys/kernel/boot_params/setup_data'
    expect(os.path.isdir(nodes), f'{name} has no setup_data')
    write(nodes + '/7/type', '0x9\n')
    write(nodes + '/7/data', SECRET)
    # boot_params also contains private data, such as the screen's EDID and parameters of disks.
    with open(capture + '/sys/kernel/boot_params/data', 'r+b') as file:
        for at in (0x000, 0x140, 0x290, 0x2d0, 0xd00, 0xfe0):
            file.seek(at)
            file.write(SECRET.encode())
    write(var + f'/lib/efimapctl/{BOOT_ID}.json', '{}\n')
    write(var + '/crash/202611201100/efimap-kdump.json', '{}\n')
    write(var + '/crash/202611201100/vmcore', SECRET)
    return capture, var


def verdict(tool, source, has_kernels=True):
    """Return status, counts and findings, but no notes of kexec-lockdown, because the kernel log
    of the machine that runs the tests may show a lockdown. The number of answers depends on the
    list of packages, so the numbers of the answers that a finding concerns are omitted. So are
    messages about data that was not read, because they name the missing file. Without installed
    kernels, it is unknown which data matters, so notes and unknown effects are omitted."""
    done = subprocess.run([tool, 'verify', '--json', source], capture_output=True, text=True,
                          check=False)
    expect(done.returncode in (0, 1, 4), f'verify {source}: {done.returncode}: {done.stderr}')
    document = json.loads(done.stdout)
    locked = [found for found in document['findings'] if found['rule'] == 'kexec-lockdown']
    document['counts']['note'] -= len(locked)
    findings = [{key: value for key, value in finding.items() if key != 'answers' and
                 (key != 'message' or finding['certainty'] != 'unknown')}
                for finding in document['findings']
                if finding not in locked and (has_kernels or finding['certainty'] != 'unknown')]
    counts = {name: count for name, count in document['counts'].items()
              if has_kernels or name != 'note'}
    return done.returncode, counts, findings


def kernels(tool, source):
    done = subprocess.run([tool, 'dump', '-J', source], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)['facts']['kernels']


def check_tree(tool, where, capture, has_tool):
    expect(kernels(tool, capture), f'{capture}: no kernels')
    expect(kernels(tool, where) == (kernels(tool, capture) if has_tool else []),
           f'{where}: {kernels(tool, where)}')
    expect(verdict(tool, where, has_tool) == verdict(tool, capture, has_tool),
           f'{where}: another verdict than {capture}')
    for wanted in (f'var/lib/efimapctl/{BOOT_ID}.json',
                   'var/crash/202611201100/efimap-kdump.json',
                   'proc/sys/kernel/random/boot_id',
                   'sys/devices/virtual/dmi/id/product_name'):
        expect(os.path.isfile(os.path.join(where, wanted)), f'{wanted} was not collected')
    for path in below(where):
        with open(os.path.join(where, path), 'rb') as file:
            expect(SECRET.encode() not in file.read(), f'{path} contains the secret')
    nodes = 'sys/kernel/boot_params/setup_data'
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
           verdict(tool, where)[1], 'the snapshot in the report has another verdict')


def check_archive(tool, archive, capture, temp):
    with tempfile.TemporaryDirectory(dir=temp) as where:
        with tarfile.open(archive) as tar:
            tar.extractall(where)
        expect(kernels(tool, where) == kernels(tool, capture), f'{archive}: other kernels than {capture}')
        expect(verdict(tool, where) == verdict(tool, capture),
               f'{archive}: another verdict than {capture}')


def check_clean(sos, tool, archive, capture):
    out = tempfile.mkdtemp(dir=sos.temp)
    done = sos.run(['clean', '--batch', '--no-update', '--tmp-dir', out, archive])
    made = [name for name in glob.glob(out + '/*obfuscated*.tar*')
            if not name.endswith(('.md5', '.sha256'))]
    expect(done.returncode == 0 and made, f'sos clean: {done.stdout}{done.stderr}')
    check_archive(tool, made[0], capture, sos.temp)


def check_sos(where, plugin, tool, temp):
    with_tool, without = os.path.join(temp, 'bin'), os.path.join(temp, 'nothing')
    os.makedirs(with_tool)
    os.makedirs(without)
    shutil.copy(tool, with_tool)
    sos = Sos(where, temp, plugin)
    expect('efimap' in sos.run(['report', '-l', '--batch']).stdout,
           'sos report -l does not list the plugin')
    bare = Sos(where, temp, None)
    expect('efimap' not in bare.run(['report', '-l', '--batch']).stdout,
           'sos report -l lists the plugin although it is not installed')
    for name in ('ovmf-q35-6.1-kexec-second', 'ovmf-q35-6.1-crash-second'):
        capture, var = machine(name, temp)
        check_tree(tool, sos.report(['--build'], capture, var, with_tool), capture, True)
    # verify reports an error for a runtime region without a virtual address. The sos report must
    # preserve this error.
    write(capture + '/sys/firmware/efi/runtime-map/2/virt_addr', '0x0\n')
    expect(verdict(tool, capture)[0] == 1, 'verify reports no error')
    check_tree(tool, sos.report(['--build'], capture, var, without), capture, False)
    archive = sos.report([], capture, var, with_tool)
    check_archive(tool, archive, capture, temp)
    check_clean(sos, tool, archive, capture)


def case_report(case):
    """Reports, archives and cleaned archives of each sos have the capture's verdict."""
    found = soses_that_run()
    for version, where in found:
        with tempfile.TemporaryDirectory(prefix='efimap-sos-') as temp:
            check_sos(where, PLUGIN, case.tool, temp)
        print(f'sos {version}: report, archive, clean')


def boot_without_efi(capture):
    """Let a BIOS have started the kernel, without the crashkernel= that GRUB's settings contain."""
    write(capture + '/sys/kernel/kexec_crash_loaded', '0\n')
    os.remove(capture + '/var/crash/kexec_cmd')
    shutil.rmtree(capture + '/sys/firmware/efi')
    with open(capture + '/sys/kernel/boot_params/data', 'r+b') as file:
        file.seek(0x1c0)
        file.write(bytes(32))
    for path, word in (('kmsg', 'efi:'), ('proc/iomem', 'Crash kernel')):
        write(f'{capture}/{path}', ''.join(
            line for line in read(f'{capture}/{path}').splitlines(keepends=True)
            if word not in line))
    write(capture + '/proc/cmdline', 'root=/dev/vda2 ro\n')
    write(capture + '/sys/kernel/kexec_crash_size', '0\n')


# Machines: the recording of an installed system, a change, and words of the answer
MACHINES = {
    'healthy': ('debian-13-systemd-boot-kdump', None, 'kexec: ok: .*\nkdump: ok: '),
    'no EFI': ('debian-13-grub-kdump', boot_without_efi,
               'the firmware booted this machine without it.*crashkernel= is in /etc/default/grub.d, but not in the '
               'parameters.*update-grub'),
    'Secure Boot': ('debian-13-secure-boot-kdump', None, 'Secure Boot on, lockdown integrity'),
}
# Each command of efimapctl reads the kernel log from its beginning.
WITH_LOG = f'''#!{sys.executable} -SE
import os, sys
sys.path.insert(0, {os.path.join(ROOT, 'tests/tools')!r})
import kernel_log
with open('/usr/local/sbin/messages', encoding='utf-8') as file:
    log = kernel_log.fill('/dev/kmsg', file.read().splitlines())
os.execv('/usr/local/sbin/real', ['efimapctl', *sys.argv[1:]])
'''


def words_of(text):
    """Return the lines about kexec, kdump and the map, without the names of files in commands,
    which a report does not contain."""
    lines = re.sub(r'--initrd=\S+ --reuse-cmdline \S+', '--initrd=INITRD --reuse-cmdline KERNEL',
                   text).splitlines()
    return [line for line in lines if not line.startswith('machine:')]


def check_machine(case, where, name):
    """The report of a machine has the words of efimapctl on this machine."""
    recording, change, wanted = MACHINES[name]
    with tempfile.TemporaryDirectory(prefix='efimap-sos-') as temp:
        capture, var, programs = (os.path.join(temp, part) for part in ('capture', 'var', 'bin'))
        write(capture + '/kmsg', '\n'.join(recorded_tree.write_tree(
            os.path.join(fixture.real(recording + '-first'),
                         'sos_commands/efimap/efimapctl_snapshot.json'), capture)) + '\n')
        if change:
            change(capture)
        shutil.copytree(capture + '/var', var)
        os.mkdir(programs)
        shutil.copy(case.tool, programs + '/real')
        shutil.copy(capture + '/kmsg', programs + '/messages')
        write(programs + '/efimapctl', WITH_LOG, 0o755)
        sos = Sos(where, temp, PLUGIN)
        on_machine = subprocess.run([*RUNNING, capture, 'sh', '-eu', INSIDE, var, programs,
                                     'efimapctl', 'verify'], capture_output=True, text=True,
                                    check=False, env={'PATH': SYSTEM_PATH}).stdout
        report = sos.report(['--build'], capture, var, programs)
        copied = subprocess.run([case.tool, 'verify', report], capture_output=True, text=True,
                                check=False).stdout
        expect(re.search(wanted, on_machine, re.S), f'{name}: {on_machine}')
        expect(words_of(on_machine) == words_of(copied),
               f'{name}: {on_machine}\nThe report: {copied}')


def case_machines(case):
    """A report with the plugin and efimapctl has the words of efimapctl on the machine."""
    found = soses_that_run()
    for name in MACHINES:
        check_machine(case, found[0][1], name)


# Plugin classes that the policies of distributions load. In sos 4.0, a plugin needs the class
# of the distribution. Later versions load IndependentPlugin on all distributions.
TAGS = ('DebianPlugin', 'UbuntuPlugin', 'RedHatPlugin', 'SuSEPlugin', 'IndependentPlugin')
# A stub of sos. The parameters of its methods exist in 4.0 and 4.12. The order of the parameters
# differs, so they are passed by name.
STAND_IN = '''
import inspect
import os


class Plugin:
    def add_copy_spec(self, copyspecs, *, sizelimit=None, maxage=None, tailit=True, pred=None,
                      tags=()):
        pass

    def add_cmd_output(self, cmds, *, suggest_filename=None, root_symlink=None, timeout=None,
                       stderr=True, chroot=True, runat=None, env=None, binary=False,
                       sizelimit=None, pred=None, subdir=None, changes=False,
                       foreground=False, tags=()):
        pass


def import_plugin(name, superclasses):
    module = __import__('sos.report.plugins.' + name, fromlist=[name])
    return [c for _, c in inspect.getmembers(module, inspect.isclass)
            if c.__module__ == module.__name__ and issubclass(c, superclasses)]
'''
# A script that records which plugin classes each policy loads, and the methods that the plugin
# calls, with their arguments by name
ASK = r'''
import inspect, json, sys
import sos.report.plugins as sos

def record(name):
    takes = inspect.signature(getattr(sos.Plugin, name))
    def call(*words, **named):
        taken = takes.bind(plugin, *words, **named).arguments
        calls.append([name, {k: v for k, v in taken.items() if k != 'self'}])
    return call

calls = []
found = {tag: sos.import_plugin('efimap', (getattr(sos, tag),)) for tag in sys.argv[2:]}
kind, = sos.import_plugin('efimap', (sos.Plugin,))
plugin = kind.__new__(kind)
plugin.sysroot = sys.argv[1]
for name in ('add_copy_spec', 'add_cmd_output'):
    setattr(plugin, name, record(name))
plugin.setup()
about = ('plugin_name', 'short_desc', 'profiles', 'packages', 'files')
print(json.dumps({'loads': {tag: [c.__name__ for c in classes] for tag, classes in found.items()},
                  'about': {name: getattr(kind, name) for name in about},
                  'tuples': [isinstance(getattr(kind, name), tuple) for name in about],
                  'calls': calls}))
'''
ADDITIONAL = {'/sys/kernel/boot_params/version', '/sys/devices/virtual/dmi/id/bios_date',
              '/sys/devices/virtual/dmi/id/bios_vendor', '/sys/devices/virtual/dmi/id/board_name',
              '/sys/devices/virtual/dmi/id/board_vendor', '/var/lib/efimapctl/*.json',
              '/var/crash/efimap.json', '/var/crash/mine/efimap-[[]x].json',
              '/etc/default/grub',
              '/etc/default/grub.d', '/etc/kernel/cmdline', '/etc/kernel/cmdline.d',
              '/usr/lib/kernel/cmdline', '/boot/loader/entries', '/efi/loader/entries',
              '/boot/efi/loader/entries'}
# Files that the tool reads, but that other plugins collect, that have a different path in a report, or
# that only the snapshot in the report contains
ELSEWHERE = ('dmesg.txt', 'var/log/dmesg', 'sos_commands/', 'sys/class/dmi/', 'proc/config.gz')
DMI = 'sys/devices/virtual/dmi/id'
NODES = '/sys/kernel/boot_params/setup_data'
BOOT_PARAMS = '/sys/kernel/boot_params/data'
COMMANDS = [
    {'cmds': 'efimapctl verify --json', 'stderr': False,
     'suggest_filename': 'efimapctl_verify.json'},
    {'cmds': 'efimapctl dump --json', 'stderr': False, 'suggest_filename': 'efimapctl_dump.json'},
    {'cmds': 'efimapctl snapshot', 'stderr': False,
     'suggest_filename': 'efimapctl_snapshot.json'},
    {'cmds': 'efimapctl verify'},
]
# The commands on a machine that was booted without EFI, which has no map to show
COMMANDS_WITHOUT_EFI = [COMMANDS[0], *COMMANDS[2:]]


def make_crash(root):
    """Create /var/crash with two snapshots and with links to a file that only root can read. Other
    users can create such links if the directory is world-writable."""
    crash, secret = f'{root}/var/crash', f'{root}/secret'
    shutil.rmtree(crash, ignore_errors=True)
    write(secret, SECRET)
    for name in ('efimap.json', 'mine/efimap-[x].json', 'mine/vmcore', 'open/efimap-kdump.json'):
        write(f'{crash}/{name}', '{}\n')
    os.symlink(secret, f'{crash}/efimap-link.json')
    os.symlink(secret, f'{crash}/mine/efimap-link.json')
    os.link(secret, f'{crash}/efimap-hard.json')
    os.mkfifo(f'{crash}/efimap-pipe.json')
    os.mkdir(f'{root}/private')
    write(f'{root}/private/efimap-other.json', SECRET)
    os.symlink(f'{root}/private', f'{crash}/directory')
    os.chmod(f'{crash}/open', 0o777)
    os.chmod(crash, 0o1777)


def ask(sysroot, where, tags=TAGS):
    """Return the requests of the plugin to the sos in the directory "where"."""
    done = subprocess.run([PYTHON, '-c', ASK, sysroot, *tags], capture_output=True, text=True,
                          check=False, cwd=where, env={'PATH': SYSTEM_PATH})
    expect(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def crash_specs(said):
    return {spec for name, kind in said['calls'] if name == 'add_copy_spec'
            for spec in kind['copyspecs'] if spec.startswith('/var/crash')}


def check_unprotected_crash(sysroot, where):
    """If another user can replace files in /var/crash, no file in this directory is requested."""
    crash = f'{sysroot}/var/crash'
    for mode in (0o777, 0o770):
        os.chmod(crash, mode)
        expect(crash_specs(ask(sysroot, where)) == set(), f'/var/crash with mode {mode:o}')
    os.chmod(crash, 0o1777)
    if os.geteuid() == 0:
        os.chown(crash, 65534, 65534)
        expect(crash_specs(ask(sysroot, where)) == set(), '/var/crash of another user')
        os.chown(crash, 0, 0)
    os.rename(crash, crash + '.real')
    os.symlink('crash.real', crash)
    expect(crash_specs(ask(sysroot, where)) == set(), '/var/crash is a link')
    os.unlink(crash)
    os.rename(crash + '.real', crash)


def check_declared(case, where, tags=TAGS):
    """Check the requests of the plugin to the sos in the directory "where"."""
    sysroot = case.path('sysroot')
    for node, text in (('0', '0x4\n'), ('1', '0x9\n'), ('2', 'nonsense\n'), ('x', '0x4\n')):
        write(f'{sysroot}{NODES}/{node}/type', text)
    with open(sysroot + BOOT_PARAMS, 'wb') as file:
        file.write(b'\xff' * 4096)
    shutil.rmtree(sysroot + '/private', ignore_errors=True)
    make_crash(sysroot)
    os.makedirs(f'{sysroot}/sys/firmware/efi', exist_ok=True)
    said = ask(sysroot, where, tags)
    for tag, classes in said['loads'].items():
        expect(classes == ['EfiMap'], f'a policy that takes {tag} loads {classes}')
    expect(said['about'] == {
        'plugin_name': 'efimap', 'short_desc': 'EFI runtime memory map',
        'profiles': ['boot', 'hardware', 'kernel', 'system'], 'packages': ['efimapctl'],
        'files': ['/sys/firmware/efi']}, said['about'])
    expect(said['tuples'] == [False, False, True, True, True], 'sos 4.0 requires tuples')
    taken = [kind for name, kind in said['calls'] if name == 'add_copy_spec']
    expect(all(kind.keys() == {'copyspecs'} for kind in taken), taken)
    specs = {spec for kind in taken for spec in kind['copyspecs']}
    nodes = {spec for spec in specs if spec.startswith(NODES)}
    expect(nodes == {f'{NODES}/0/type', f'{NODES}/0/data', f'{NODES}/1/type',
                     f'{NODES}/2/type'}, nodes)
    crash = crash_specs(said)
    expect(crash == {spec for spec in ADDITIONAL if spec.startswith('/var/crash')}, crash)
    needed = set()
    wanted = [path for path in
              re.findall(r'^\t\[EFIMAP_SRC_\w+\] = \{ "\w+", "((?:sys|proc)/[^"]*)"',
                         read(f'{ROOT}/src/capture/capture.c'), re.M)]
    wanted += [path for file in sources.read_table(f'{ROOT}/src/capture/sources.table')[0]
               for path in file.paths if path.startswith(('sys/', 'proc/'))]
    # Of these directories, the tool reads only some files, which the table contains.
    wanted = [path for path in wanted if path not in ('sys/firmware/efi', DMI)]
    expect(len(wanted) > 30, 'too few files that the tool reads were found')
    for path in wanted:
        if path.startswith(ELSEWHERE) or f'/{path}'.startswith((NODES, BOOT_PARAMS)):
            continue
        covers = {spec for spec in specs if f'/{path}/'.startswith(spec + '/')}
        expect(covers, f'the plugin does not collect {path}')
        needed |= covers
    additional = specs - nodes - needed
    expect(additional == ADDITIONAL, f'additional: {additional ^ ADDITIONAL}')
    expect(not any(BOOT_PARAMS.startswith(spec) for spec in specs), 'collects boot_params')
    commands = [kind for name, kind in said['calls'] if name == 'add_cmd_output']
    expect(commands == COMMANDS, commands)
    os.rename(f'{sysroot}/sys/firmware', f'{sysroot}/sys/none')
    commands = [kind for name, kind in ask(sysroot, where, tags)['calls']
                if name == 'add_cmd_output']
    expect(commands == COMMANDS_WITHOUT_EFI, f'without EFI: {commands}')
    os.rename(f'{sysroot}/sys/none', f'{sysroot}/sys/firmware')


def stand_in(case, plugin, methods=''):
    """Create a stub of sos with a plugin. methods: Python code to add to those of sos 4.0."""
    for package in ('sos', 'sos/report'):
        write(case.path(package, '__init__.py'), '')
    write(case.path(PLUGINS, '__init__.py'),
          STAND_IN.replace('class Plugin:\n', 'class Plugin:\n' + methods) +
          ''.join(f'\n\nclass {tag}:\n    pass\n' for tag in TAGS))
    write(case.path(PLUGINS, 'efimap.py'), plugin)


def case_declared(case):
    """Each distribution loads the plugin, and the plugin requests exactly what the tool reads."""
    stand_in(case, read(PLUGIN))
    check_declared(case, case.temp)
    check_unprotected_crash(case.path('sysroot'), case.temp)


# Methods of the main branch of sos, which plugins in that branch should use.
METHODS = '''
    def path_join(self, path):
        return self.sysroot + path

    def path_exists(self, path):
        return os.path.exists(self.path_join(path))

    def listdir(self, path):
        return os.listdir(self.path_join(path))

    def _log_debug(self, text):
        pass

'''


def upstream():
    made = {}
    for patch in sorted(glob.glob(UPSTREAM + '/*.patch')):
        for name, body in re.findall(r'^\+\+\+ b/(.*)\n@@ .*\n((?:\+.*\n)*)', read(patch), re.M):
            made[name] = re.sub(r'^\+', '', body, flags=re.M)
    return made


def case_upstream(case):
    """The plugin in the patches for sos requests the same data as ours, in the style of sos."""
    made = upstream()
    expect(made.keys() == {PLUGINS + '/efimap.py',
                           'tests/report_tests/plugin_tests/efimap.py'}, made.keys())
    stand_in(case, made[PLUGINS + '/efimap.py'], METHODS)
    check_declared(case, case.temp, ('IndependentPlugin',))
    for name, text in made.items():
        compile(text, name, 'exec')
        expect(text.startswith('# This file is part of the sos project') and
               max(len(line) for line in text.split('\n')) < 80, f'{name}: not the style of sos')


def case_loaded(case):
    for version, where in soses():
        sos = Sos(where, case.path(version), PLUGIN)
        check_declared(case, sos.where)


if __name__ == '__main__':
    sys.exit(main())
