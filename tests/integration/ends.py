#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test what the integrations do when efimapctl ends in any way: with each status and each signal,
without an answer, with garbage, or not at all.

usage: ends.py EFIMAPCTL BUILD [CASE...]

A shell script replaces efimapctl. The cases "signals" and "statuses" run the unit files in a real
systemd. The case "table" compares what an operator reads with docs/ends.md, and updates this file
if EFIMAPCTL_REGEN is set.
"""
import concurrent.futures
import json
import os
import re
import shutil
import signal
import sys

from common import Case, HERE, INTEGRATION, ROOT, Skip, expect, main, need_program, read, write
import prometheus

CRASH = 'ovmf-q35-6.1-crash-first'
STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
SIGNALS = {number.name: number.value for number in sorted(signal.Signals)
           if number < signal.SIGRTMIN}
assert len(SIGNALS) == 31
# How many units start at the same time. More of them would reach their time limits.
AT_ONCE = 8
# efimapctl, which prints the document of a machine with "answer MACHINE"
FAKE = '''#!/bin/sh
answer()
{
	case " $words " in
	' verify '*' --for=kdump '*) cat "$ends/$1.kdump" ;;
	' verify '*' --for=kexec '*) cat "$ends/$1.kexec" ;;
	*) cat "$ends/$1.${words%% *}" ;;
	esac
}
ends=@ends@ words=$*
. @end@
'''
GARBAGE = r"printf '\033[2J\0{\n\xff\n  \"verdict\": \"fail\",\n'"
LIBRARY = ('error while loading shared libraries: libjansson.so.4: cannot open shared object file: '
           'No such file or directory')
MISSING, FORBIDDEN = 'missing', 'forbidden'
# The rows of the table: how efimapctl ends, and the shell commands that do so
ENDS = {
    'status 0, an answer without a fault': 'answer good; exit 0',
    'status 1, an answer with a fault': 'answer bad; exit 1',
    'status 4, "cannot tell"': 'answer unknown; exit 4',
    'status 3, a document: the map cannot be read': 'answer unreadable; exit 3',
    'status 5, a document: permission denied': 'answer denied; exit 5',
    'status 1, an answer without a fault': 'answer good; exit 1',
    'status 0, an answer with a fault': 'answer bad; exit 0',
    'status 0, nothing printed': 'exit 0',
    'status 1, nothing printed': 'exit 1',
    'status 0, half of an answer': 'answer good | head -n 12; exit 0',
    'status 1, half of an answer with a fault': 'answer bad | head -n 12; exit 1',
    'status 2, usage error': 'echo "efimapctl verify: --fail-on=x: expected error" >&2; exit 2',
    'status 3, only a message': 'echo "efimapctl: vmlinuz: not a bzImage" >&2; exit 3',
    'status 0, garbage': f'{GARBAGE}; exit 0',
    'status 1, garbage': f'{GARBAGE}; exit 1',
    'output without end': 'exec cat /dev/zero',
    'the program is missing': MISSING,
    'a library is missing': f'echo "efimapctl: {LIBRARY}" >&2; exit 127',
    'the program cannot be executed': FORBIDDEN,
    'SIGSEGV': 'kill -SEGV $$',
    'SIGSEGV after an answer with a fault': 'answer bad; kill -SEGV $$',
    'SIGABRT with a message': 'echo "malloc(): corrupted top size" >&2; kill -ABRT $$',
    'SIGKILL, as sent for lack of memory': 'kill -KILL $$',
    'SIGTERM': 'kill -TERM $$',
    'status 124, but not after the time limit': 'exit 124',
    'status 255': 'exit 255',
    'does not end': 'sleep 1000',
    'does not end, ignores SIGTERM': 'trap "" TERM; while :; do sleep 1; done',
    'is stopped': 'kill -STOP $$',
    'ends, but its child keeps the pipe open': 'setsid sleep 40 & exit 1',
}


def documents(case, where):
    """Write the documents of machines: one without a fault, one with a fault, and so on."""
    good, bad, denied = (case.capture(CRASH) for _ in range(3))
    for capture in (good, bad):
        write(capture + '/sys/kernel/kexec_crash_loaded', '1\n')
    write(bad + '/sys/firmware/efi/runtime-map/2/virt_addr', '0x0\n')
    write(denied + '/proc/iomem', re.sub(r'[0-9a-f]+-[0-9a-f]+', '00000000-00000000',
                                         read(denied + '/proc/iomem')))
    machines = {'good': (good, 0), 'bad': (bad, 1), 'unknown': (case.capture(CRASH), 4),
                'unreadable': ('/missing', 3), 'denied': (denied, 5)}
    first, second = (case.capture(f'ovmf-q35-6.1-crash-{which}') for which in ('first', 'second'))
    drifted = case.capture('ovmf-q35-6.1-crash-second')
    write(drifted + '/sys/firmware/efi/runtime-map/6/virt_addr', '0xfffffffe80000000\n')
    second = {'bad': drifted, 'good': second, 'unknown': case.capture('real-003')}
    for name, (source, status) in machines.items():
        words = ['--configured'] if name == 'unknown' else []
        commands = {'verify': ['verify', *words], 'kdump': ['verify', '--for=kdump', *words],
                    'kexec': ['verify', '--for=kexec', *words], 'dump': ['dump'],
                    'compare': ['compare', first]}
        for kind, command in commands.items():
            done = case.run([case.tool, *command, '--json',
                             second.get(name, source) if kind == 'compare' else source])
            expect(kind in ('dump', 'kexec') or done.returncode == status,
                   f'{name}, {kind}: {done.returncode}')
            write(f'{where}/{name}.{kind}', done.stdout)


def fake(path, text, ends):
    """Replace efimapctl with a script that ends in this way."""
    if os.path.exists(path):
        os.remove(path)
    if text != MISSING:
        write(path + '-end', text + '\n')
        write(path, FAKE.replace('@ends@', ends).replace('@end@', path + '-end'),
              0o644 if text == FORBIDDEN else 0o755)


def run_compare(case):
    """Compare two snapshots. Return the verdict and the message."""
    shutil.rmtree(case.path('crash'), ignore_errors=True)
    for name in ('efimap-first.json', 'efimap-kdump.json'):
        write(case.path('crash/dump', name), '{}\n')
    os.makedirs(case.path('store'), exist_ok=True)
    done = case.run([case.path('bin/efimapctl-compare'), case.path('store'), case.path('crash')],
                    {'EFIMAPCTL_METRICS': case.path('crash.prom')})
    expect(done.returncode == 0, done.stderr)
    verdict = re.search(r'^EFIMAP_VERDICT=(.*)$', read(case.path('journal')), re.M)[1]
    message = re.search(r'^MESSAGE=(.*)$', read(case.path('journal')), re.M)[1]
    return verdict, message.replace(case.temp, '')


def alerts(case, texts):
    """Return the names of the alerts that fire for the metrics of each machine."""
    names = re.findall(r'^ +- alert: (\w+)', read(f'{prometheus.FILES}/{prometheus.RULES}'), re.M)
    shutil.copy(f'{prometheus.FILES}/{prometheus.RULES}', case.temp)
    series = []
    for number, text in enumerate(texts):
        for line in text.splitlines():
            match = re.fullmatch(r'(efimap_\w+)(?:\{(.*)\})? (\S+)', line)
            if match and 'timestamp' not in match[1]:
                labels = ','.join(filter(None, [match[2], f'job="node",instance="{number}"']))
                series.append({'series': f'{match[1]}{{{labels}}}', 'values': f'{match[3]}x200'})
    tests = {'rule_files': [prometheus.RULES], 'evaluation_interval': '5m', 'tests': [
        {'interval': '1m', 'input_series': series, 'alert_rule_test': [
            {'alertname': name, 'eval_time': '3h', 'exp_alerts': []} for name in names]}]}
    write(case.path('tests.yml'), json.dumps(tests))
    _, said = prometheus.promtool(case, 'test', 'rules', 'tests.yml')
    found = [[] for _ in texts]
    for name, number in re.findall(r'Labels:\{alertname="(\w+)"[^}]*instance="(\d+)"', said):
        found[int(number)].append(name)
    return [sorted(set(names)) for names in found]


class Manager:
    """A systemd in new namespaces. Each end has a copy of efimapctl-preflight.service, and a
    service that loads a crash kernel and requires this copy."""

    def __init__(self, case):
        if os.geteuid():
            raise Skip('root')
        need_program('systemctl')
        self.case, self.ends, self.loaded = case, [], set()
        self.files, self.output = case.path('root'), case.path('output')
        self.unit = read(f'{case.build}/integration/systemd/efimapctl-preflight.service')
        self.gate = read(f'{case.build}/integration/gate/efimapctl-gate')
        scripts, programs = re.search(r'^PATH=(.*?):(.*?):', self.gate, re.M).groups()
        self.places = {'efimapctl': f'{programs}/efimapctl', 'gate': f'{scripts}/efimapctl-gate',
                       'ask': f'{scripts}/efimapctl-ask', 'timeout': '/usr/bin/timeout'}
        os.makedirs(self.output)
        documents(case, self.files + '/ends')
        for name, text in (('efimapctl', FAKE.replace('@ends@', '/ends').replace('@end@', '"/ends/$END"')), ('gate', self.gate),
                           ('ask', read(f'{INTEGRATION}/efimapctl-ask'))):
            write(self.files + self.places[name], text, 0o755)
            write(f'{self.files}/ends/{name}', text, 0o755)
        self.write('efimapctl-.service.d/50-sandbox.conf',
                   read(f'{INTEGRATION}/systemd/sandbox.conf'))

    def write(self, name, text):
        write(f'{self.files}/etc/systemd/system/{name}', text)

    def add(self, name, text, refuses=False, program='efimapctl', slow=False, settings='',
            drop_in=False):
        """Add an end of efimapctl or, with "program", of another program."""
        number = len(self.ends)
        self.ends.append((name, refuses, slow))
        write(f'{self.files}/ends/{number}', f'#!/bin/sh\n{text}\n',
              0o644 if text == FORBIDDEN else 0o755)
        if text == MISSING:
            # Other programs in the same directory remain.
            where = os.path.dirname(self.places[program])
            settings += f'TemporaryFileSystem={where}\n' + ''.join(
                f'BindReadOnlyPaths=/ends/{name}:{path}\n' for name, path in self.places.items()
                if name != program and os.path.dirname(path) == where)
        elif text == FORBIDDEN or program != 'efimapctl':
            settings += f'BindReadOnlyPaths=/ends/{number}:{self.places[program]}\n'
        self.write(f'efimapctl-{number}.service', self.unit)
        self.write(f'efimapctl-{number}.service.d/end.conf',
                   f'[Service]\nEnvironment=END={number}\nStandardError=append:/output/{number}\n'
                   + settings)
        self.write(f'kdump-{number}.service', '[Unit]\nDefaultDependencies=no\n'
                   f'Requires=efimapctl-{number}.service\nAfter=efimapctl-{number}.service\n'
                   f'[Service]\nType=oneshot\nEnvironment=END={number}\nRemainAfterExit=yes\n'
                   f'ExecStart=/bin/sh -c "echo {number} >>/output/loaded"\n')
        if drop_in:
            self.write(f'kdump-{number}.service.d/50-efimapctl.conf', read(
                f'{self.case.build}/integration/systemd/kdump-tools.service.d.conf'))

    def run(self):
        """Start all units. Check which crash kernels are loaded."""
        def units(numbers):
            return ' '.join(f'kdump-{number}.service' for number in numbers)
        slow = [number for number, end in enumerate(self.ends) if end[2]]
        quick = [number for number, end in enumerate(self.ends) if not end[2]]
        lines = [f'systemctl start --no-block {units(slow)}'] if slow else []
        lines += [f'systemctl start {units(quick[i:i + AT_ONCE])}'
                  for i in range(0, len(quick), AT_ONCE)]
        lines += [f'systemctl start {units(slow)}'] if slow else []
        lines.append("systemctl show -p Id -p Result -p ExecMainCode -p ExecMainStatus "
                     "'efimapctl-*.service' 'kdump-*.service' >/output/results")
        write(self.files + '/drive', '\n'.join(lines) + '\n')
        self.write('test.service', '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\n'
                   'ExecStart=/bin/sh /drive\nExecStopPost=/bin/systemctl exit\n'
                   'StandardOutput=append:/output/log\nStandardError=append:/output/log\n')
        done = self.case.run(['sh', os.path.join(HERE, 'boot-systemd.sh'), self.files,
                              self.output], timeout=600)
        if not os.path.exists(self.output + '/mounted'):
            raise Skip(f'permission to mount in namespaces: {done.stderr.strip()[-200:]}')
        expect(os.path.exists(self.output + '/results'), f'systemd started no unit: {done}')
        self.loaded = set(map(int, read(self.output + '/loaded').split()))
        results = {}
        for block in read(self.output + '/results').split('\n\n'):
            values = dict(line.split('=', 1) for line in block.split('\n') if '=' in line)
            results[values['Id']] = values
        wrong = []
        for number, (name, refuses, _) in enumerate(self.ends):
            values = results[f'efimapctl-{number}.service']
            told = read(f'{self.output}/{number}') if os.path.exists(f'{self.output}/{number}') else ''
            if os.environ.get('EFIMAPCTL_ENDS_SHOW'):
                print(f'{name}: {values["Result"]} {values["ExecMainCode"]} '
                      f'{values["ExecMainStatus"]}, loaded {int(number in self.loaded)}: {told.strip()}')
            if (number in self.loaded) == refuses:
                wrong.append(f'{name}: {values}, {results[f"kdump-{number}.service"]}: {told}')
        expect(not wrong, f'{len(wrong)} of {len(self.ends)}: ' + '\n'.join(wrong)
               + read(self.output + '/log'))


UNCHECKED = 'efimapctl: the kernel was not checked: '
UNCOMPARED = ('The EFI runtime maps of the crashed kernel and the crash kernel cannot be compared: {}. '
              'Run: efimapctl compare /crash/dump/efimap-first.json /crash/dump/efimap-second.json')


def without_limits(text):
    return re.sub(r'within \d+ s\b', 'within N s', text)


def run_scripts(case, capture):
    """Run the scripts. Return the cells of a row, and the metrics. Check that each script that has
    no answer says how efimapctl ended."""
    gate = case.running(capture, [case.path('bin/efimapctl-gate'), 'kdump'],
                        ': >"$temp/kmsg"\nmount --bind "$temp/kmsg" /dev/kmsg\n')
    expect(not gate.stdout and gate.returncode in (0, 1), gate)
    first = gate.stderr.partition('\n')[0]
    told = first == 'efimapctl: ' + read(case.path('kmsg')).strip().partition(': ')[2]
    expect(told or ': unknown: ' in first or not first, f'the kernel log: {read(case.path("kmsg"))}')
    plugin = case.run([case.path('bin/check_efimap'), '-t', '1', '--for=kdump'])
    expect(not plugin.stderr, plugin)
    state = STATES[plugin.returncode]
    expect(plugin.stdout.startswith(f'EFIMAP {state} - '), plugin)
    verdict, message = run_compare(case)
    metrics = case.run([case.path('bin/efimapctl-metrics'), case.temp])
    expect(metrics.returncode == 0 and not metrics.stderr, metrics)
    said = 'the answer'
    if first.startswith(UNCHECKED):
        said = without_limits(first.removeprefix(UNCHECKED))
        # The reason in a document is a text of verify.
        said = said if said.startswith('efimapctl ') else 'the reason in the answer'
    how = re.search(r'^efimap_no_answer\{end="(.*)"\} 1$', metrics.stdout, re.M)
    if how:
        # The operator reads the same sentence everywhere.
        expect(without_limits(plugin.stdout) == f'EFIMAP UNKNOWN - {said}\n', f'{said}: {plugin}')
        expect(without_limits(message) == UNCOMPARED.format(said), f'{said}: {message}')
        expect(said.startswith('efimapctl ' + without_limits(how[1])), f'{said}: {how[1]}')
    return ([said, 'refuses' if gate.returncode else 'loads', verdict, state],
            metrics.stdout + read(case.path('crash.prom')))


def run_hooks(case):
    """Check that the hooks in a crash kernel end, and that the scripts that run them continue."""
    for path in ('kdump/pre.d', 'kdump/post.d', 'initramfs-tools/script'):
        text = read(f'{INTEGRATION}/{path}').replace('timeout -k 5 20', 'timeout -k 1 1')
        write(case.path('hook'), text, 0o755)
        write(case.path('vmcore'), '')
        write(case.path('snapshot'), '')
        os.makedirs(case.path('sysroot/var/crash'), exist_ok=True)
        done = case.running(case.capture(CRASH), [case.path('hook')], 'mount -t tmpfs tmpfs /run\n',
                            env={'EFIMAPCTL_VMCORE': case.path('vmcore'),
                                 'EFIMAPCTL_SNAPSHOT': case.path('snapshot'),
                                 'EFIMAPCTL_KMSG': case.path('kmsg'),
                                 'NEWROOT': case.path('sysroot')}, timeout=60)
        expect(done.returncode == 0, f'{path}: {done}')


def case_hooks(case):
    """Whichever way efimapctl ends, the hooks of a crash kernel succeed."""
    for name in ('status 1, nothing printed', 'status 0, garbage', 'the program is missing',
                 'the program cannot be executed', 'SIGSEGV', 'SIGKILL, as sent for lack of memory',
                 'status 255', 'does not end, ignores SIGTERM'):
        fake(case.tool, ENDS[name], case.temp)
        run_hooks(case)


def case_table(case):
    """docs/ends.md says what an operator reads for each end."""
    manager = Manager(case)
    for name, text in ENDS.items():
        manager.add(name, text, text == ENDS['status 1, an answer with a fault'],
                    slow=name.startswith(('does not end', 'is stopped')), drop_in=True)
    manager.run()
    ends, capture = case.path('ends'), case.capture(CRASH)
    documents(case, ends)

    def make_row(number, name):
        own = Case(case.tool, case.build, case.path(str(number)))
        own.install()
        own.hurry(2)
        own.program('logger', f'cat >"{own.path("journal")}"\n')
        fake(own.tool, ENDS[name], ends)
        cells, written = run_scripts(own, capture)
        cells.insert(1, 'loads' if number in manager.loaded else 'refuses')
        expect(cells[1] == cells[2], f'{name}: {cells}')
        return [name, *cells], written

    # Most of the time, rows wait for a time limit.
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        rows, metrics = zip(*pool.map(make_row, range(len(ENDS)), ENDS))
    for cells, names in zip(rows, alerts(case, metrics)):
        cells.append(', '.join(names) or 'none')
    table = ''.join(f'| {" | ".join(cells)} |\n' for cells in rows)
    page = os.path.join(ROOT, 'docs/ends.md')
    head, line, _ = read(page).partition('|---|---|---|---|---|---|---|\n')
    expect(line, f'{page} has no table')
    if os.environ.get('EFIMAPCTL_REGEN'):
        write(page, head + line + table)
    expect(read(page) == head + line + table, f'{page} differs from\n{table}')


def case_signals(case):
    """Whichever program of the preflight unit a signal ends, the crash kernel is loaded. Only an
    answer with a fault and status 1 prevents this."""
    manager = Manager(case)
    for name, number in SIGNALS.items():
        stops = name in ('SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU')
        for program in ('efimapctl', 'gate', 'timeout'):
            # Nothing limits the time of timeout(1) itself.
            if program != 'timeout' or not stops:
                manager.add(f'{program}: {name}', f'kill -{number} $$', program=program,
                            slow=stops, settings='IgnoreSIGPIPE=no\n' * (name == 'SIGPIPE'),
                            drop_in=program == 'efimapctl')
    for program in ('gate', 'ask', 'timeout'):
        if program != 'timeout':
            manager.add(f'{program} is missing', MISSING, program=program)
        manager.add(f'{program} cannot be executed', FORBIDDEN, program=program)
    # With cgroup v2, systemd would also notice that the kernel killed a process. Without the memory
    # controller, the limit of the shell applies.
    manager.add('efimapctl: killed for lack of memory', 'ulimit -v 1000000; exec tail /dev/zero',
                settings='MemoryMax=64M\nMemorySwapMax=0\n')
    # A process that dumps core is not one that a signal of SuccessExitStatus= ends.
    manager.add('timeout: core dump', 'ulimit -c unlimited; kill -SEGV $$', program='timeout',
                settings='WorkingDirectory=/dev/shm\n')
    manager.run()


def case_statuses(case):
    """With every status of efimapctl, the crash kernel is loaded unless there is an answer with a
    fault. With every status of timeout(1) or the gate but 1, it is loaded."""
    manager = Manager(case)
    for status in range(256):
        manager.add(f'efimapctl: status {status}', f'exit {status}')
        manager.add(f'efimapctl: answer with a fault, status {status}',
                    f'answer bad; exit {status}', status == 1)
        manager.add(f'timeout: status {status}', f'exit {status}', status == 1, 'timeout')
    manager.run()


if __name__ == '__main__':
    sys.exit(main())
