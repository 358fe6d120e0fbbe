#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that systemd accepts the units and drop-ins, and that efimapctl accepts their command
lines.

usage: units.py EFIMAPCTL BUILD [CASE...]
"""
import glob
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import sys

from common import INTEGRATION, Skip, expect, main, need_program, read, sections, write

UNITS = ['efimapctl-compare.service', 'efimapctl-metrics.service', 'efimapctl-metrics.timer']
DROP_INS = ['kdump-early.service.d', 'kdump-tools.service.d', 'kdump-tools-dump.service.d',
            'kdump.service.d']
SANDBOX = f'{INTEGRATION}/systemd/sandbox.conf'
PRESET = f'{INTEGRATION}/systemd/90-efimapctl.preset'
# The relevant parts of other packages' units to which our units refer.
OTHERS = {
    'kdump-tools.service': 'DefaultDependencies=no\nAfter=local-fs.target\nBefore=basic.target\n',
    'kdump-tools-dump.service': '',
    'kdump-early.service': '',
    'kdump.service': '',
}


def find(case, name):
    for path in (f'{case.build}/integration/systemd/{name}', f'{INTEGRATION}/systemd/{name}'):
        if os.path.exists(path):
            return path
    return expect(False, f'{name} does not exist')


def drop_in(case, name):
    return find(case, name + '.conf')


def limit_of(words):
    """Return the number of words that limit the time of a command."""
    return 4 if words[:3] == ['/usr/bin/timeout', '-k', '5'] and words[3].isdigit() else 0


def commands(path, limited=True):
    """Return (key, prefix characters, words) of each Exec…= line. Each use of the tool must have a
    time limit. The words contain this limit only if "limited" is false."""
    found = []
    for key, line in re.findall(r'^(Exec\w+)=(.+)$', read(path), re.M):
        prefix = re.match(r'[-@+!:]*', line)[0]
        words = shlex.split(line[len(prefix):])
        limit = limit_of(words)
        expect(limit or not words[0].endswith('/efimapctl'), f'{words} can hang')
        found.append((key, prefix, words[limit:] if limited else words))
    return found


def system_root(case):
    """Create a root directory with systemd's own units, those of other packages, and ours. Return
    its path and the directory of the units."""
    need_program('systemd-analyze')
    # If systemd is not running, systemd-analyze creates /run/systemd, which requires root.
    if os.geteuid() and not os.path.isdir('/run/systemd'):
        raise Skip('/run/systemd, or root to make it')
    system = next((d for d in ('/lib/systemd/system', '/usr/lib/systemd/system')
                   if os.path.isdir(d)), None)
    if not system:
        raise Skip('the units of systemd')
    root = case.path('root')
    units = root + '/usr/lib/systemd/system'
    shutil.copytree(system, units, symlinks=True)
    # dracut's units are links to files that are not copied.
    for path in map(pathlib.Path, glob.glob(f'{units}/*')):
        if path.is_symlink() and not path.exists():
            path.unlink()
    for name, text in OTHERS.items():
        write(f'{units}/{name}', f'[Unit]\n{text}[Service]\nType=oneshot\nExecStart=/bin/true\n')
    for name in UNITS:
        shutil.copy(find(case, name), units)
    os.makedirs(f'{units}/efimapctl-.service.d')
    shutil.copy(SANDBOX, f'{units}/efimapctl-.service.d/50-sandbox.conf')
    for name in DROP_INS:
        os.makedirs(f'{units}/{name}')
        shutil.copy(drop_in(case, name), f'{units}/{name}/50-efimapctl.conf')
    programs = {words[0] for path in glob.glob(f'{units}/efimapctl-[!.]*')
                + glob.glob(f'{units}/*.d/50-efimapctl.conf')
                for _, _, words in commands(path)} | {'/usr/bin/timeout'}
    for program in programs | {'/bin/true'}:
        write(root + program, '#!/bin/sh\n', 0o755)
    return root, units


def verify(case, root, names):
    done = case.run(['systemd-analyze', 'verify', f'--root={root}', '--man=no', *names])
    return f'{done.stdout}{done.stderr}' + (f'status {done.returncode}' if done.returncode else '')


def case_verify(case):
    root, units = system_root(case)
    said = verify(case, root, UNITS + list(OTHERS))
    expect(not said, said)
    for name in UNITS + [d + '/50-efimapctl.conf' for d in DROP_INS]:
        text = read(f'{units}/{name}')
        section = {'.path': 'Path', '.timer': 'Timer'}.get(os.path.splitext(name)[1], 'Service')
        write(f'{units}/{name}', f'{text}\n[{section}]\nOnTruee=yes\n')
        expect('OnTruee' in verify(case, root, [name.split('.d/')[0]]),
               f'systemd-analyze does not check {name}')
        write(f'{units}/{name}', text)


# Restrictions, by their names in systemd-analyze security, that would prevent a service from
# reading /proc/iomem, the kernel log, and the kernels in /usr/lib/modules.
RUNNING_SYSTEM = {'CapabilityBoundingSet=~CAP_SYS_ADMIN', 'CapabilityBoundingSet=~CAP_SYSLOG',
                  'ProtectKernelLogs=', 'ProtectKernelModules='}
MAY = {'efimapctl-compare.service': {'CapabilityBoundingSet=~CAP_(DAC_*|FOWNER|IPC_OWNER)',
                                     'RestrictAddressFamilies=~AF_UNIX'},
       'efimapctl-metrics.service': RUNNING_SYSTEM}
# Settings that are not checked, because the services run as root and read /proc and /sys.
OPEN = {'RootDirectory', 'SupplementaryGroups', 'RemoveIPC', 'User', 'ProcSubset', 'PrivateUsers',
        'DeviceAllow', 'UMask'}
# Maximum exposure level of systemd-analyze security, times ten
EXPOSURE = 21


def case_confined(case):
    """Services have few rights."""
    root, units = system_root(case)
    expect({name for name in UNITS if name.endswith('.service')} == MAY.keys(),
           'MAY must list every service')
    for name, may in MAY.items():
        command = ['systemd-analyze', 'security', '--no-pager', '--offline=yes',
                   f'--threshold={EXPOSURE}', f'--root={root}', name]
        done = case.run(command)
        expect(done.returncode == 0, done.stdout[-200:] + done.stderr)
        settings = json.loads(case.run([*command, '--json=short']).stdout)
        expect(len(settings) > 70, f'{len(settings)} settings')
        free = {a['name'] for a in settings
                if a['set'] is False and a['name'].split('=')[0] not in OPEN}
        expect(free == may, f'{name}: {free ^ may}')
    sandbox = read(f'{units}/efimapctl-.service.d/50-sandbox.conf')
    expect('\nSystemCallErrorNumber=EPERM\n' in sandbox,
           'a forbidden system call would kill a service silently')


def case_kernel_log(case):
    """A service that has the capability for the kernel log may also call syslog(2)."""
    for name, may in MAY.items():
        text = read(find(case, name))
        expect('ProtectKernelLogs=' not in may or
               re.search(r'^CapabilityBoundingSet=.*\bCAP_SYSLOG\b', text, re.M) and
               re.search(r'^SystemCallFilter=.*\bsyslog\b', text, re.M), f'{name}: no syslog(2)')


def case_advice(case):
    """A drop-in never stops kdump, because its commands may fail and have a time limit."""
    for name in DROP_INS:
        lines = commands(drop_in(case, name))
        ran = [os.path.basename(words[0]) for _, _, words in lines]
        expect(ran == (['efimapctl-store'] if name == 'kdump-tools-dump.service.d' else
                       ['efimapctl', 'efimapctl-store']), f'{name} runs {ran}')
        for key, prefix, words in lines:
            expect(key == 'ExecStartPre' and prefix == '-', f'{name}: {words} can block')
        text = read(drop_in(case, name))
        expect('\nOOMPolicy=continue\n' in text, f'{name}: an efimapctl that is killed stops kdump')
        expect(not re.search(r'^(Requires|StateDirectory|ConditionP|Assert)', text, re.M),
               f'{name} can fail the unit')


def case_hang(case):
    """If a read never returns, a drop-in does not delay kdump."""
    capture = case.capture('ovmf-q35-6.1-crash-first')
    case.install()
    case.hang()
    for path in [drop_in(case, d) for d in DROP_INS]:
        for _, prefix, words in commands(path, limited=False):
            program = case.path('bin', os.path.basename(words[4]))
            done = case.running(capture, [words[0], '-k', '1', '1', program, *words[5:]],
                                'mount -t tmpfs tmpfs /var/lib')
            expect(done.returncode in (-signal.SIGKILL, 124, 137), f'{words}: {done}')
            expect(prefix == '-', f'{words} can block')


def case_commands(case):
    capture = case.capture('ovmf-q35-6.1-crash-first', '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901')
    known = case.run([case.tool, '--help']).stdout
    for path in [find(case, unit) for unit in UNITS] + [drop_in(case, d) for d in DROP_INS]:
        for _, _, words in commands(path):
            if words[0].endswith(('/efimapctl-compare', '/efimapctl-metrics', '/efimapctl-store')):
                continue
            expect(words[0].endswith('/efimapctl'), f'{path} runs {words[0]}')
            expect(f'\n  {words[1]} ' in known, f'{path}: efimapctl has no command {words[1]}')
            done = case.run([case.tool, *words[1:], capture])
            expect(done.returncode in (0, 4), f'{words}: {done.returncode}: {done.stderr}')


def case_paths(case):
    stores = {words[1] for name in DROP_INS for _, _, words in commands(drop_in(case, name))
              if words[0].endswith('/efimapctl-store')}
    expect(len(stores) == 1, f'the kernels write to {stores}')
    globs = re.findall(r'^ConditionPathExistsGlob=\|(.*)$',
                       read(find(case, 'efimapctl-compare.service')), re.M)
    store = stores.pop()
    expect(globs == [f'{store}/*.kdump.json', '/var/crash/*/efimap-kdump.json'], globs)
    service = commands(find(case, 'efimapctl-compare.service'))
    expect(service[0][2][1:] == [store, '/var/crash'], service)


def case_no_restart(case):
    """No file that another user can create starts a unit more than once in a boot, because systemd
    would soon refuse to start this unit for any file."""
    for name in UNITS:
        expect(not name.endswith('.path'), f'{name}: a remaining file starts the unit again')
        expect('\nRestart=' not in read(find(case, name)), f'{name} restarts')
    expect(not [name for name in os.listdir(case.build + '/integration/systemd')
                if name.endswith('.path')], 'the build contains a path unit')


SURROUNDINGS = {
    'no fault': '',
    'full store': 'mount -t tmpfs -o size=4k tmpfs "$temp/store"\n',
    'no inodes': 'mount -t tmpfs -o nr_inodes=1 tmpfs "$temp/store"\n',
    'read-only': 'mount --bind "$temp/store" "$temp/store"\n'
                 'mount -o remount,ro,bind "$temp/store"\n',
    'no /proc': 'mount -t tmpfs tmpfs /proc\n',
    'no /sys': 'mount -t tmpfs tmpfs /sys\n',
    'full output device': 'exec >/dev/full 2>&1\n',
    'no open descriptor': 'exec <&- >&- 2>&-\n',
    'little memory': 'ulimit -v 65536\n',
}
# Run a command, copy the files that it writes, and return its status.
KEEP = 'status=0; "$@" || status=$?; cp -R "$0/store/." "$0/left"; exit $status'


def case_surroundings(case):
    """In each of SURROUNDINGS, the commands of a drop-in leave a complete file or no file."""
    boot_id = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901'
    capture = case.capture('ovmf-q35-6.1-crash-first', boot_id)
    case.install()
    lines = {' '.join([os.path.basename(words[0]), *words[1:]]) for name in DROP_INS
             for _, _, words in commands(drop_in(case, name))}
    expect(len(lines) >= 3, lines)
    for line in lines:
        program, *words = [case.path('store') if word.startswith('/var/lib/') else word
                           for word in line.split()]
        for name, setup in SURROUNDINGS.items():
            for directory in ('store', 'left'):
                shutil.rmtree(case.path(directory), ignore_errors=True)
                os.makedirs(case.path(directory))
            done = case.running(capture, ['sh', '-c', KEEP, case.temp,
                                          case.path('bin', program), *words], setup)
            if name == 'little memory' and 'Sanitizer' in done.stderr:
                continue
            left = os.listdir(case.path('left'))
            told = f'{name}: {line}: {done.returncode}, {left}: {done.stderr}'
            expect(0 <= done.returncode <= 5, told)
            expect(all(re.fullmatch(boot_id + r'(\.kdump)?\.json', file) for file in left), told)
            for file in left:
                json.loads(read(case.path('left', file)))
            if name == 'no fault':
                expect(done.returncode == 0 and bool(left) == ('-store' in line), told)


def case_says(case):
    says = sections('units.says')
    expect(says.keys() == set(UNITS), says.keys())
    for name, lines in says.items():
        said = read(find(case, name)).splitlines()
        for wanted, why in (line.split('  # ') for line in lines):
            expect(wanted in said, f'{name} lacks {wanted}: {why}')


def case_enabled(case):
    need_program('systemctl')
    root, units = system_root(case)
    names = ['efimapctl-compare.service', 'efimapctl-metrics.timer']
    done = case.run(['systemctl', f'--root={root}', 'enable', *names])
    expect(done.returncode == 0, done.stderr)
    made = {os.path.relpath(path, root) for path in
            glob.glob(f'{root}/etc/systemd/system/*/efimapctl-*')}
    expect(made == {'etc/systemd/system/' + link for link in (
        'multi-user.target.wants/efimapctl-compare.service',
        'timers.target.wants/efimapctl-metrics.timer')}, made)
    for name in set(UNITS) - set(names):
        expect('[Install]' not in read(f'{units}/{name}'),
               f'{name} must not have [Install], because another unit starts it')


def case_preset(case):
    """By default, systemd enables the units."""
    need_program('systemctl')
    for other in ('', 'disable *\n'):
        root = case.path(f'root-{len(other)}')
        for name, source in [('system-preset/90-efimapctl.preset', PRESET)] + \
                [(f'system/{name}', find(case, name)) for name in UNITS]:
            write(f'{root}/usr/lib/systemd/{name}', read(source))
        write(f'{root}/usr/lib/systemd/system-preset/99-others.preset', other)
        done = case.run(['systemctl', f'--root={root}', 'preset-all'])
        expect(done.returncode == 0, done.stderr)
        made = {os.path.basename(path) for path in
                glob.glob(f'{root}/etc/systemd/system/*/efimapctl-*')}
        expect(made == {'efimapctl-compare.service', 'efimapctl-metrics.timer'}, f'enabled units: {made}')


def case_may_write(case):
    """A confined service can write to its output directory, and does not fail if this directory is
    missing."""
    for name in ('efimapctl-compare.service', 'efimapctl-metrics.service'):
        text = read(find(case, name))
        allowed = re.search(r'^ReadWritePaths=(.*)$', text, re.M)
        allowed = allowed[1].split() if allowed else []
        if name == 'efimapctl-metrics.service':
            written = re.findall(r'--output-file=(/\S*)/', text)
            expect(len(written) == 1, f'{name} writes no metrics')
            expect(f'ConditionPathIsDirectory={written[0]}\n' in text,
                   'the unit fails without this directory')
        else:
            (_, _, words), = commands(find(case, name))
            written = ['-' + words[1]]
        expect(sorted(allowed) == sorted(written), f'{name} may write {allowed}, has {written}')


def case_catalog(case):
    need_program('journalctl')
    catalog = f'{INTEGRATION}/systemd/efimapctl.catalog'
    os.makedirs(case.path('root/usr/lib/systemd/catalog'))
    os.makedirs(case.path('root/var/lib/systemd/catalog'))
    shutil.copy(catalog, case.path('root/usr/lib/systemd/catalog'))
    done = case.run(['journalctl', f'--root={case.path("root")}', '--update-catalog'])
    expect(done.returncode == 0 and not done.stderr, done.stderr)
    done = case.run(['journalctl', f'--root={case.path("root")}', '--dump-catalog'])
    ids = set(re.findall(r'^-- ([0-9a-f]{32})$', done.stdout, re.M))
    used = set(re.findall(r'\b[0-9a-f]{32}\b', read(f'{INTEGRATION}/systemd/efimapctl-compare')))
    expect(ids == used and len(ids) == 3, f'{ids} in the catalog, {used} used')
    script = read(f'{INTEGRATION}/systemd/efimapctl-compare')
    for entry in re.split(r'^-- [0-9a-f]{32}$', done.stdout, flags=re.M)[1:]:
        head, _, body = entry.strip().partition('\n\n')
        keys = [line.split(':')[0] for line in head.splitlines()]
        expect(keys == ['Subject', 'Defined-By', 'Documentation'], head)
        expect(body.count('.') > 1, f'no explanation: {entry}')
        # A placeholder whose field is missing from the message would remain in the explanation.
        fields = set(re.findall(r'@(\w+)@', body))
        expect(all(f'"{name}=' in script for name in fields), fields)
    drift = done.stdout.partition('-- 3402c483f7964e2f9f2bcb663a161442')[2].partition('\n-- ')[0]
    expect('efimapctl compare @EFIMAP_FIRST@ @EFIMAP_SECOND@' in drift, drift)


if __name__ == '__main__':
    sys.exit(main())
