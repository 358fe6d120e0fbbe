#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that everything that asks verify about a machine says the same.

usage: agree.py EFIMAPCTL BUILD [CASE...]

The JSON document, the exit status, the Nagios plugin, the metrics and a fleet must agree with the
words of "efimapctl verify" on each machine. The machines have all words.
EFIMAPCTL_AGREE_SHOW prints a table of what each of them says.
"""
import json
import os
import re
import sys

from common import expect, main, write
import fixture  # common adds the directory to the search path.

# The words of each severity, its exit status, and the state of the plugin
SEVERITIES = {
    'ok': (('ok', 'ok, if', 'no fault found'), 0, 'OK'),
    'warning': (('warning',), 0, 'WARNING'),
    'error': (('refused', 'do not use', 'loses EFI', 'no dump', 'not set up'), 1, 'CRITICAL'),
    'unknown': (('unknown', 'do not use it yet', 'not checked', 'in the crash kernel'), 4, 'UNKNOWN'),
}
WORDS = {word: (severity, status, state) for severity, (words, status, state) in SEVERITIES.items()
         for word in words}
RANGE = 'ovmf-q35-6.12-kexec-file-first'
CRASH = 'ovmf-q35-6.1-crash-first'
DEBIAN = 'debian-13-grub-kdump'
LOADED = {'sys/kernel/kexec_crash_loaded': '1\n'}
NOTIFIERS = {'sys/module/kernel/parameters/crash_kexec_post_notifiers': 'Y\n',
             'sys/module/pstore/parameters/backend': 'efi_pstore\n'}
# Name; a capture, a synthetic fixture or the recording of an installed system; files to write; and
# the words for kexec and for kdump
MACHINES = (
    ('recorded on the machine', DEBIAN, {}, 'ok', 'ok'),
    ('calls the firmware in a panic', DEBIAN, NOTIFIERS, 'ok', 'ok, if'),
    ('refused by sysctl', DEBIAN, {'proc/sys/kernel/kexec_load_disabled': '1\n'}, 'refused', 'ok'),
    ('started with noefi', DEBIAN + '-noefi', {}, 'loses EFI', 'warning'),
    ('small reservation', DEBIAN + '-small', {}, 'ok', 'unknown'),
    ('a copy', CRASH, LOADED, 'no fault found', 'no fault found'),
    ('not loaded', CRASH, {}, 'no fault found', 'no dump'),
    ('no crashkernel=', RANGE, {}, 'no fault found', 'not set up'),
    ('dead crash kernel', 'crash-memory', LOADED, 'no fault found', 'no dump'),
    ('INITRD table in RAM', 'initrd-table-in-ram-installed', {}, 'do not use', 'not set up'),
    ('no image', 'ovmf-q35-7.2-file-first', {}, 'do not use it yet', 'not set up'),
    ('broken map', CRASH, {**LOADED, 'sys/firmware/efi/runtime-map/2/virt_addr': '0x0\n'},
     'loses EFI', 'warning'),
    ('map that cannot be parsed', CRASH, {'sys/firmware/efi/runtime-map/2/num_pages': 'x\n'},
     'unknown', 'no dump'),
    ('state unknown', CRASH, {'sys/kernel/kexec_crash_loaded': 'x\n'}, 'no fault found', 'unknown'),
    ('no EFI', 'seabios-q35-6.1-first', {}, 'not checked', 'not set up'),
    ('the crash kernel', 'ovmf-q35-6.1-crash-second', {}, 'in the crash kernel',
     'in the crash kernel'),
)


def make(case, name, base, files):
    where = case.path('machines', name)
    recording = base + '-first'
    if os.path.exists(fixture.path_of('real', recording)):
        with open(os.path.join(fixture.real(recording), 'sos_commands/efimap/efimapctl_snapshot.json'),
                  encoding='utf-8') as file:
            document = json.load(file)
        document['files'].update(files)
        write(where + '.json', json.dumps(document))
        return where + '.json'
    kind = 'real' if os.path.exists(fixture.path_of('real', base)) else 'made'
    fixture.unpack(fixture.path_of(kind, base), where)
    for path, text in files.items():
        write(os.path.join(where, path), text)
    return where


def check_question(case, source, question, word):
    """Check an answer. Return what each program says."""
    severity, status, state = WORDS[word]
    done = case.run([case.tool, 'verify', f'--for={question}', source])
    line = next((line for line in done.stdout.splitlines() if line.startswith(question)), '')
    expect(done.returncode == status and re.match(rf'{question}(?: to [^:]*)?: {word}(:| in |$)', line),
           f'{question}: status {done.returncode}, {line}, expected {status}, {word}')
    document = json.loads(case.run([case.tool, 'verify', '-J', f'--for={question}', source]).stdout)
    name = word.lower().replace(',', '').replace(' ', '-')
    expect(document['words'] == {question: name}, document['words'])
    expect({answer['severity'] for answer in document['answers'] if answer['word'] == name} ==
           {severity}, document['answers'])
    plugin = case.run([case.path('bin', 'check_efimap'), f'--for={question}', source])
    expect(plugin.stdout == f'EFIMAP {state} - {line}\n'.replace('|', '/'), plugin)
    metrics = case.run([case.path('bin', 'efimapctl-metrics'), source]).stdout
    sample = f'efimap_answer{{question="{question}",word="{word}",severity="{severity}"}} 1'
    excused = 0 if word == 'not checked' else status
    expect(f'{sample}\n' in metrics and
           f'efimap_status{{question="{question}"}} {excused}\n' in metrics, metrics)
    for listed, wanted in ((name, 1), ('ok' if name != 'ok' else 'refused', 0)):
        done = case.run([case.tool, 'verify', '-q', f'--for={question}', f'--fail-on={listed}', source])
        expect(done.returncode == wanted, f'--fail-on={listed}: {done.returncode}')
    return f'| {word} | {line} | {severity} | {status} | {state} | `{sample}` |'


def case_agree(case):
    """All say the same, and each word has a machine."""
    case.install()
    shown, seen = {}, {}
    for name, base, files, *words in MACHINES:
        source = make(case, name, base, files)
        for question, word in zip(('kexec', 'kdump'), words):
            shown.setdefault(word, check_question(case, source, question, word))
        seen[source] = json.loads(case.run([case.tool, 'verify', '-J', source]).stdout)
    expect(shown.keys() == WORDS.keys(), shown.keys() ^ WORDS.keys())
    fleet = case.run([case.tool, 'verify', '--format=ndjson', *seen])
    for line in fleet.stdout.splitlines():
        report = json.loads(line)
        own = seen[report['source']]
        expect((report['verdict'], report['words']) == (own['verdict'], own['words']),
               f'{report["source"]}: {report["verdict"]}, {report["words"]} in the fleet, '
               f'{own["verdict"]}, {own["words"]} on the machine')
    if os.environ.get('EFIMAPCTL_AGREE_SHOW'):
        print('| word | screen | severity | status with --for | Nagios | metric |\n'
              '|---|---|---|--:|---|---|')
        print('\n'.join(shown[word] for word in WORDS))


if __name__ == '__main__':
    sys.exit(main())
