#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the widths of lines, and the commands that answers print.

usage: screens.py EFIMAPCTL FIXTURES

No line of a command is wider than $COLUMNS, except a word or a command that cannot be broken.

Each command that verify and received print for a fixture is a complete command of a shell. It runs with stubs,
which record their arguments. A narrow screen results in the same arguments as a wide one. plot
shows only errors in red.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

WIDTHS = (40, 60, 80, 120)
FIRST, SECOND = 'ovmf-q35-6.1-kexec-first', 'ovmf-q35-6.1-kexec-second'
SOURCES = ('debian-13-grub-kdump-small-first', 'ovmf-q35-7.2-file-first', 'real-005',
           'ovmf-q35-5.10-crash-first', 'ovmf-q35-6.1-noruntime-second', 'seabios-q35-6.1-first',
           '001-asustek-zenbook-ux391fa.txt', 'ovmf-q35-6.1-crash-second')
ONE = (['verify'], ['verify', '-v'], ['received', '-v'], ['dump'], ['dump', '--output-all'],
       ['report'], ['plot'])
OTHERS = (['--help'], *([name, '--help'] for name in (
    'verify', 'compare', 'received', 'dump', 'snapshot', 'report', 'plot', 'explain')),
          ['compare', FIRST, SECOND], ['compare', '-v', FIRST, SECOND],
          ['compare', FIRST, 'ovmf-q35-6.1-noruntime-second'], ['verify', *SOURCES, 'nowhere'],
          ['verify', '-v', '--for=kdump', *SOURCES], ['explain'], ['explain', '-v', 'virt-zero'],
          ['explain', 'loses EFI'], ['explain', 'kexec_load failed: Operation not permitted'])
# The programs of printed commands. "sh" runs "cd" and "[" itself.
STUBS = ('apt', 'cat', 'dmesg', 'dnf', 'dracut', 'efibootmgr', 'efimapctl', 'findmnt', 'grep',
         'grubby', 'journalctl', 'kdump-config', 'kdumpctl', 'kexec', 'ls', 'mokutil', 'mount',
         'reboot', 'scp', 'sysctl', 'systemctl', 'umount', 'update-grub', 'update-initramfs',
         'zgrep')
COMMAND = re.compile(rf' {{4,}}({"|".join(STUBS)})( |$)')
# A word that cannot be broken, also behind a label or the mark of an item
WORD = re.compile(r'( *|  [a-z]+: +|[a-z]+: +| *\d\. )\S+$')
# The labels and the texts of a form
LABEL, ITEM, TEXT = re.compile(r'  ([a-z]+): '), re.compile(r'\d\. |- '), 11
# Each stub writes its line at once, because the parts of a pipe run at the same time.
STUB = '''#!/bin/sh
line=$(printf '%s\\037' "${0##*/}" "$@")
printf '%s\\n' "$line" >>"$RECORD"
[ "${0##*/} $1" != "${FAILS-} -l" ]
'''


def run(tool, words, width, where):
    env = {'LC_ALL': 'C.UTF-8', **fixture.sanitizer_options()}
    if width:
        env['COLUMNS'] = str(width)
    return subprocess.run([tool, *words], capture_output=True, text=True, check=False, cwd=where,
                          env=env, stdin=subprocess.DEVNULL).stdout


def wide_lines(tool, where):
    """Yield the lines that are too wide."""
    for words in [[*words, source] for words in ONE for source in SOURCES] + list(OTHERS):
        for width in WIDTHS:
            for line in run(tool, words, width, where).splitlines():
                if len(line) > width and not WORD.match(line) and not COMMAND.match(line):
                    yield f'{" ".join(words)}: {len(line)} columns of {width}: {line}'


def commands(screen):
    """Return the commands of a screen, each with the lines that continue it, and the sentences that
    announce a command, but have none."""
    found, missing, label, continues, announced = [], [], None, False, None
    for line in screen.splitlines():
        start = LABEL.match(line)
        label = start[1] if start else label if line.startswith('    ') else None
        text = line[TEXT:] if not line[2:TEXT].strip() or start else ''
        if not continues and (start or ITEM.match(text)):
            mark = len((ITEM.match(text) or [''])[0])
        is_text = start or not label or line[TEXT + mark:TEXT + mark + 1].strip() and \
            not line[:TEXT].strip() and (mark == 0 or not text[:mark].strip() or ITEM.match(text))
        if label == 'do' and not is_text:
            if continues:
                found[-1] += '\n' + line
            else:
                found.append(line)
            continues, announced = line.endswith(('\\', '&&', '|')), None
            continue
        if announced and (start or not label):
            missing.append(announced)
        continues = False
        announced = line if label == 'do' and line.endswith(':') else None
    return found, missing


def false_alarms(tool, where, source):
    """Yield what plot shows in red, if verify has no error."""
    red = '\x1b[1;31m'
    if red in run(tool, ['plot', '--color=always', source], 0, where):
        report = json.loads(run(tool, ['verify', '--json', source], 0, where))
        if not report['counts']['error'] and all(
                answer['severity'] != 'error' for answer in report['answers']):
            yield f'{source}: plot shows red, but there is no error'


class Shell:
    """A shell with stubs, which record their names and arguments."""

    def __init__(self, where):
        self.where, self.record = where, os.path.join(where, 'record')
        self.bin = os.path.join(where, 'bin')
        os.mkdir(self.bin)
        for name in STUBS:
            with open(os.path.join(self.bin, name), 'w', encoding='utf-8') as stub:
                stub.write(STUB)
            os.chmod(stub.name, 0o755)

    def run(self, command, fails=''):
        """Return the status, what was recorded, and messages."""
        with open(self.record, 'w', encoding='utf-8'):
            pass
        done = subprocess.run(['/bin/sh', '-c', command], capture_output=True, text=True,
                              check=False, cwd=self.where, stdin=subprocess.DEVNULL,
                              env={'PATH': self.bin, 'RECORD': self.record, 'FAILS': fails})
        with open(self.record, encoding='utf-8') as file:
            seen = [line.split('\x1f')[:-1] for line in file.read().splitlines()]
        return done.returncode, seen, done.stderr

    def check(self, screens):
        """Yield the problems of the commands of a source on screens of several widths."""
        calls = []
        for screen in screens:
            found, missing = commands(screen)
            yield from (f'no command below: {text}' for text in missing)
            calls.append([])
            for command in found:
                if subprocess.run(['/bin/sh', '-nc', command], check=False,
                                  capture_output=True).returncode:
                    yield f'not a command: {command}'
                _, seen, messages = self.run(command)
                if messages or not seen:
                    yield f'{messages or "nothing is run"}: {command}'
                # The order in which the parts of a pipe run is not determined.
                calls[-1] += sorted(seen)
            if ['systemctl', 'kexec'] in self.run('\n'.join(found), 'kexec')[1]:
                yield f'runs systemctl kexec after a failure: {found}'
            yield from (f'hangs out: {command}' for command in found if command[:13].strip())
        if any(call != calls[0] for call in calls):
            yield f'the words depend on the width: {calls}'


def snapshots(tool, where):
    """Record each fixture in a file of its own, because all synthetic fixtures are unpacked into
    the same directory. Yield the names of the files."""
    env = {'LC_ALL': 'C', **fixture.sanitizer_options()}
    for name, place in fixture.sources(where):
        file = name.replace('/', '-') + '.json'
        if not subprocess.run([tool, 'snapshot', place, '-O', os.path.join(where, file)],
                              capture_output=True, check=False, env=env).returncode:
            yield file


def main(tool, fixtures):
    tool = os.path.abspath(tool)
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where, \
            tempfile.TemporaryDirectory(dir=fixture.MEMORY) as links, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        for name in os.listdir(os.path.join(fixtures, 'real')):
            os.symlink(os.path.join(os.path.abspath(fixtures), 'real', name),
                       os.path.join(links, name))
        logs = os.path.join(HERE, '..', 'fixtures', 'logs')
        for name in os.listdir(logs):
            os.symlink(os.path.join(logs, name), os.path.join(links, name))
        wrong = list(wide_lines(tool, links))
        sources = list(snapshots(tool, where))
        shell, known = Shell(where), set()
        for source, *screens in pool.map(
                lambda source: (source, *(run(tool, ['verify', source], width, where) +
                                          run(tool, ['received', source], width, where)
                                          for width in (0, 80, 40))), sources):
            wrong += [f'{source}: {text}' for text in shell.check(screens)]
            wrong += false_alarms(tool, where, source)
            known |= set(commands(screens[0])[0])
    for text in wrong:
        print(text)
    print(f'screens: {len(sources)} sources, {len(known)} commands, {len(wrong)} problems')
    return 1 if wrong or len(known) < 10 else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
