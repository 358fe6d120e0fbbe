#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that everything that asks verify about a machine says the same.

usage: agree.py EFIMAPCTL BUILD [CASE...]

The Nagios plugin, the metrics and a fleet must agree with "efimapctl verify" on each machine.
EFIMAPCTL_AGREE_SHOW prints what the plugin says.
"""
import json
import os
import re
import sys
import tempfile

from common import expect, main, write
import fixture  # common adds the directory to the search path.

# The states of the plugin for each status of verify; other statuses are UNKNOWN
STATES = {0: ('OK', 'WARNING'), 1: ('CRITICAL',)}
RANGE = 'ovmf-q35-6.12-kexec-file-first'
CRASH = 'ovmf-q35-6.1-crash-first'
LOADED = {'sys/kernel/kexec_crash_loaded': '1\n'}
# Name, capture or synthetic fixture, files to write (None: remove), and the statuses of
# "verify --for=kexec" and "verify --for=kdump"
MACHINES = (
    ('all well', CRASH, LOADED, 0, 0),
    ('not loaded', CRASH, {}, 0, 1),
    ('not configured', RANGE, {}, 0, 1),
    ('refused by sysctl', CRASH, {**LOADED, 'proc/sys/kernel/kexec_load_disabled': '1\n'}, 1, 0),
    ('dead crash kernel', 'crash-memory', LOADED, 0, 1),
    ('no image', 'initrd-table-in-ram', {}, 4, 1),
    ('broken map', CRASH, {**LOADED, 'sys/firmware/efi/runtime-map/2/virt_addr': '0x0\n'}, 1, 1),
    ('map that cannot be parsed', CRASH, {'sys/firmware/efi/runtime-map/2/num_pages': 'x\n'}, 4, 1),
    ('no runtime services', CRASH, {**LOADED, 'proc/cmdline': 'crashkernel=256M efi=noruntime\n'},
     1, 1),
    ('state unknown', CRASH, {'sys/kernel/kexec_crash_loaded': 'x\n'}, 0, 4),
    ('no EFI', 'seabios-q35-6.1-first', {}, 4, 1),
    ('this is the crash kernel', 'ovmf-q35-6.1-crash-second', {}, 0, 4),
)


def make(case, base, files):
    is_real = os.path.exists(fixture.path_of('real', base))
    if is_real:
        capture = case.capture(base)
    else:
        capture = tempfile.mkdtemp(dir=case.temp) + '/made'
        fixture.unpack(fixture.path_of('made', base), capture)
    for path, text in files.items():
        write(os.path.join(capture, path), text)
    return capture


def case_agree(case):
    """The plugin, the metrics and a fleet say what verify says."""
    case.install()
    shown, seen = [], {}
    for name, base, files, *statuses in MACHINES:
        capture = make(case, base, files)

        def verify(*words, here=capture):
            return case.run([case.tool, 'verify', '--json', *words, here])
        line = [name]
        for question, status in zip(('kexec', 'kdump'), statuses):
            done = verify(f'--for={question}')
            expect(done.returncode == status,
                   f'{name}, {question}: {done.returncode}, expected {status}: {done.stdout}')
            headlines = [line for line in case.run([case.tool, 'verify', f'--for={question}', capture])
                         .stdout.splitlines() if line.startswith(question + ': ')]
            plugin = case.run([case.path('bin', 'check_efimap'), f'--for={question}', capture])
            expect(plugin.stdout in [f'EFIMAP {state} - {line}\n' for line in headlines
                                     for state in STATES.get(status, ('UNKNOWN',))],
                   f'{name}, {question}: status {status}, {headlines}, but {plugin.stdout}')
            line.append(f'{status} {plugin.stdout.strip()}')
            metrics = case.run([case.path('bin', 'efimapctl-metrics'), capture]).stdout
            word, = re.findall(rf'^efimap_answer{{question="{question}",word="([\w ,]+)",', metrics,
                               re.M)
            expect(any(line.startswith(f'{question}: {word}') for line in headlines)
                   or word == 'other', f'{name}, {question}: {word} in the metrics, {headlines}')
            written, = re.findall(rf'^efimap_status{{question="{question}"}} (\d)$', metrics, re.M)
            asked = verify(f'--for={question}', '--if-efi')
            expect(int(written) == asked.returncode,
                   f'{name}, {question}: status {written} in the metrics, {asked.returncode}')
        document = json.loads(verify().stdout)
        seen[capture] = document
        shown.append('\n    '.join(line))
    if os.environ.get('EFIMAPCTL_AGREE_SHOW'):
        print('\n'.join(shown))
    fleet = case.run([case.tool, 'verify', '--format=ndjson', *seen])
    for line in fleet.stdout.splitlines():
        report = json.loads(line)
        own = seen[report['source']]
        expect((report['verdict'], report['outcome']) == (own['verdict'], own['outcome']),
               f'{report["source"]}: {report["verdict"]}, {report["outcome"]} in the fleet, '
               f'{own["verdict"]}, {own["outcome"]} on the machine')


if __name__ == '__main__':
    sys.exit(main())
