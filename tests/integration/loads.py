#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check with a real systemd that the drop-ins of the kdump services never keep a crash kernel from
being loaded, or a dump from being saved, however efimapctl ends.

usage: loads.py EFIMAPCTL BUILD [CASE...]

tests/package/states checks each state of the packages.
"""
import os
import re
import signal
import sys

from common import HERE, Skip, expect, main, need_program, read, write
from units import UNITS, find

PREFLIGHT = ['kdump-tools.service.d', 'kdump-early.service.d', 'kdump.service.d']
DUMP = 'kdump-tools-dump.service.d'
SIGNALS = [number for number in sorted(signal.Signals) if number < signal.SIGRTMIN]
MISSING, FORBIDDEN, NO_TIMEOUT = 'missing', 'cannot be executed', 'timeout(1) is missing'
ENDS = {
    **{f'signal {number.name}': f'kill -{number.value} $$' for number in SIGNALS},
    **{f'status {status}': f'exit {status}' for status in (
        *range(6), 100, *range(124, 128), 137, 143, 200, 203, 217, 226, 254, 255)},
    'core dump': 'ulimit -c unlimited; kill -SEGV $$',
    'ignores SIGTERM': 'trap "" TERM; while :; do sleep 1; done',
    'stopped': 'kill -STOP $$',
    'its child remains': 'setsid sleep 40 & exit 1',
    'output without end': 'exec cat /dev/zero',
    'lack of memory': 'ulimit -v 1000000; exec tail /dev/zero',
    **{name: name for name in (MISSING, FORBIDDEN, NO_TIMEOUT)},
}
AT_ONCE = 16


def unit_text(case, name, number, text, files):
    """Write the program of an end, and return a drop-in that runs it, with short time limits."""
    drop_in = read(f'{case.build}/integration/systemd/{name}.conf')
    program = '/missing' if text == MISSING else f'/ends/{number}'
    write(f'{files}/ends/{number}', f'#!/bin/sh\necho {number} >>/output/ran\n{text}\n',
          0o644 if text == FORBIDDEN else 0o755)
    drop_in, count = re.subn(r'timeout -k 5 \d+ /\S+', f'timeout -k 1 1 {program}', drop_in)
    expect(count == len(re.findall('^Exec', drop_in, re.M)) > 0, f'{name}: a command has no time limit')
    return drop_in.replace('/usr/bin/timeout', '/missing') if text == NO_TIMEOUT else drop_in


def case_ends(case):
    """In each service, the command that loads the crash kernel or saves the dump runs."""
    if os.geteuid():
        raise Skip('root')
    need_program('systemctl')
    files, output = case.path('files'), case.path('output')
    os.makedirs(output)
    texts = {read(f'{case.build}/integration/systemd/{name}.conf') for name in PREFLIGHT}
    expect(len(texts) == 1, 'the drop-ins of the services that load a crash kernel differ')
    runs = [(name, end) for name in (PREFLIGHT[0], DUMP) for end in ENDS]
    units = f'{files}/etc/systemd/system'
    for number, (name, end) in enumerate(runs):
        write(f'{units}/kdump-{number}.service', '[Unit]\nDefaultDependencies=no\n[Service]\n'
              f'Type=oneshot\nExecStart=/bin/sh -c "echo {number} >>/output/loaded"\n')
        write(f'{units}/kdump-{number}.service.d/50-efimapctl.conf',
              unit_text(case, name, number, ENDS[end], files))
    names = [f'kdump-{number}.service' for number in range(len(runs))]
    write(files + '/drive', ''.join(f'systemctl start {" ".join(names[i:i + AT_ONCE])}\n'
                                    for i in range(0, len(names), AT_ONCE)))
    write(f'{units}/test.service', '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\n'
          'ExecStart=/bin/sh /drive\nExecStopPost=/bin/systemctl exit\n'
          'StandardOutput=append:/output/log\nStandardError=append:/output/log\n')
    done = case.run(['sh', os.path.join(HERE, 'boot-systemd.sh'), files, output], timeout=600)
    if not os.path.exists(output + '/mounted'):
        raise Skip(f'permission to mount in namespaces: {done.stderr.strip()[-200:]}')
    expect(os.path.exists(output + '/loaded'), f'systemd started no unit: {done}')
    loaded, ran = ([int(word) for word in read(f'{output}/{name}').split()]
                   for name in ('loaded', 'ran'))
    log = read(output + '/log') if os.path.exists(output + '/log') else ''
    wrong = [run for number, run in enumerate(runs) if number not in loaded]
    expect(not wrong, f'{wrong}: {log}')
    expect(not log, log)
    # The commands of the drop-ins ran, too.
    never = {end for number, (_, end) in enumerate(runs) if number not in ran}
    expect(never == {MISSING, FORBIDDEN, NO_TIMEOUT}, never)


def case_order(case):
    """No installed unit orders itself before a kdump service, or is required by one."""
    for name in UNITS:
        lines = re.findall(r'^(\w+)=.*kdump', read(find(case, name)), re.M)
        expect(set(lines) <= {'After', 'ConditionPathExistsGlob'}, f'{name}: {lines}')


if __name__ == '__main__':
    sys.exit(main())
