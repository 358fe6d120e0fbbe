#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Feed names and texts that are made to harm a terminal through every command.

usage: hostile.py [--importers=DIR] TOOL FIXTURES

ESC and CSI, BEL, newlines, DEL, characters that turn text around, and bytes that are no
UTF-8 stand wherever an input or a name can hold text. None may come out, in no format, on
neither stream: what is written must be UTF-8, with no control character but the
newlines of the tool itself.
"""
import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

# A line that begins with this word was not begun by the tool.
WORD = b'INJECTED'
EVIL = [
    b'\x1b[2J\x1b]0;x\x07', b'\x9b31m', b'\xc2\x9b31m', b'\n' + WORD, b'\r' + WORD, b'\x7f\x08\x0b\x0c',
    b'\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f', b'\xe2\x80\xa8' + WORD, b'\xff\xfe\xc0\xaf\xed\xa0\x80',
    b'\xf3\xa0\x81\x81',
]
ALL = b'a' + b''.join(EVIL) + b'z'
# For a file that ends a text with its line.
ONE_LINE = ALL.replace(b'\n', b'\x1b')
# For a name in a directory.
NAME = ALL.replace(b'/', b'')
TURNING = {0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a), *range(0xe0000, 0xe0080)}
MAP = 'sys/firmware/efi/runtime-map'
DUMPS = ('table', 'json', 'ndjson', 'csv', 'pairs', 'raw')


def complaint(data):
    """What a terminal should not see in it."""
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError as error:
        return f'no UTF-8: {data[error.start - 40:error.start + 10]}'
    for at, char in enumerate(text):
        code = ord(char)
        if (code < 0x20 and char != '\n') or 0x7f <= code < 0xa0 or code in TURNING:
            return f'U+{code:04X} after {text[max(0, at - 40):at]!a}'
    if any(line.startswith(WORD.decode()) for line in text.splitlines()):
        return 'a line that the tool did not begin'
    return None


class Hostile:
    """A place full of inputs, and the runs over them."""

    def __init__(self, args, path):
        self.args, self.path = args, os.fsencode(path)
        self.runs, self.bad = 0, 0
        self.tree = self.capture(b'tree', deep=True)
        # Many a reader gives up at the first thing that is odd: each alone, too.
        self.trees = [self.tree] + [self.capture(b'tree-%d' % i, only=i)
                                    for i in range(len(self.places()))]

    def at(self, name):
        return os.path.join(self.path, name)

    def put(self, name, data):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), 'wb') as file:
            file.write(data)
        return self.at(name)

    def places(self):
        """File of a capture, and what stands in it."""
        return (
            ('proc/iomem', b'00000000-00000fff : ' + ONE_LINE + b'\n'),
            ('proc/cmdline', b'quiet ' + ONE_LINE + b' efi=' + ONE_LINE + b'\n'),
            ('proc/cmdline', b'quiet\n' + ALL),
            ('proc/version', b'Linux version ' + ONE_LINE + b'\n'),
            ('proc/version', b'Linux version 6.1' + ONE_LINE + b' (x)\n'),
            ('proc/sys/kernel/random/boot_id', ONE_LINE + b'\n'),
            ('proc/cpuinfo', b'vendor_id\t: ' + ONE_LINE + b'\nflags\t\t: ' + ONE_LINE + b'\n'),
            (MAP + '/0/type', ALL), (MAP + '/1/attribute', b'0x1' + ONE_LINE + b'\n'),
            ('sys/firmware/efi/systab', b'ACPI20=' + ALL), ('sys/firmware/efi/fw_vendor', ALL),
            ('sys/firmware/efi/fw_platform_size', ALL),
            ('sys/firmware/memmap/0/type', ONE_LINE + b'\n'),
            ('sys/firmware/memmap/0/start', ALL),
            ('sys/kernel/boot_params/data', ALL * 40),
            ('sys/kernel/boot_params/setup_data/0/type', ALL),
            ('sys/devices/virtual/dmi/id/sys_vendor', ONE_LINE + b'\n'),
            ('sys/devices/virtual/dmi/id/bios_version', ONE_LINE + b'\n'),
            ('dmesg.txt', self.log()),
        )

    def log(self):
        lines = (b'[    0.000000] Linux version 6.1' + ONE_LINE + b' (x) #1',
                 b'[    0.000000] Command line: quiet ' + ONE_LINE,
                 b'[    0.000000] efi: EFI v2.70 by ' + ONE_LINE,
                 b'[    0.000000] efi: ' + ONE_LINE + b'=0x1000 SMBIOS' + ONE_LINE + b'=0x2000 ACPI=0x1000 ',
                 b'[    0.000000] efi: mem00: [Runtime Data|RUN|  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] '
                 b'range=[0x0000000000001000-0x0000000000001fff] (0MB)' + ONE_LINE,
                 b'[    0.000000] efi: mem01: [' + ONE_LINE + b'|RUN|  ] range=[0x3000-0x3fff] (0MB)',
                 b'[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] ' + ONE_LINE,
                 ONE_LINE)
        return b'\n'.join(lines) + b'\n'

    def capture(self, name, only=None, deep=False):
        """A real one, with all of those places, or with one."""
        tree = self.at(name)
        if deep:
            tree = os.path.join(tree, NAME)
        source = os.path.join(self.args.fixtures, 'real', 'ovmf-q35-6.1-kexec-first')
        shutil.copytree(os.fsencode(source), tree)
        for i, (place, data) in enumerate(self.places()):
            if only in (None, i):
                self.put(os.path.join(tree, place.encode()), data)
        if only is None:
            os.mkdir(os.path.join(tree, MAP.encode(), NAME))
            self.put(os.path.join(tree, MAP.encode(), b'0', NAME), b'x')
            self.put(os.path.join(tree, b'sos_commands/kernel/dmesg' + NAME), self.log())
        return tree

    def run(self, *words, stdin=b'', binary=False):
        for locale in ('C', 'C.UTF-8'):
            env = dict(os.environ, EFIMAPCTL_IMPORTERS=self.args.importers, LC_ALL=locale,
                       TERM='xterm', NO_COLOR='1')
            done = subprocess.run([self.args.tool, *words], env=env, input=stdin, timeout=60,
                                  capture_output=True, check=False, cwd=self.path)
            self.runs += 1
            problem = complaint(done.stderr)
            where = 'standard error'
            if not problem and not binary:
                problem, where = complaint(done.stdout), 'standard output'
            if done.returncode < 0:
                problem = f'signal {-done.returncode}'
            if problem:
                self.bad += 1
                print(f'FAILED: {ascii(words)[:200]} in {locale}: {where}: {problem}', flush=True)

    def sources(self, source):
        """Every command that takes a SOURCE."""
        for form in DUMPS:
            self.run('dump', '--output-all', '--format=' + form, source)
        self.run('dump', '--format=efi-memmap', source, binary=True)
        for words in (['verify', '-v'], ['verify', '--json'], ['verify', '--nagios', '-v'],
                      ['verify', '-v', '-j2', self.at(b'none')], ['verify', '--json', self.at(b'none')],
                      ['snapshot'], ['handover', '-v'], ['handover', '--json'], ['predict', '-v'],
                      ['predict', '--json'], ['pagetable'], ['plot'], ['plot', '--format=svg'],
                      ['plot', '--format=html'], ['metrics'], ['translate', '0x1000', '--source'],
                      ['compare', '-v', self.tree], ['compare', '--json', self.tree],
                      ['compare', '-v', self.tree, source], ['metrics', '--compare', self.tree],
                      ['plot', '--format=html', '--compare', self.tree]):
            self.run(*words, source)

    def snapshots(self):
        """A document whose every text is made to harm."""
        done = subprocess.run([self.args.tool, 'snapshot', self.trees[1]], check=False,
                              capture_output=True)
        text = ALL.decode('utf-8', errors='ignore')
        paths = []

        def walk(value, path):
            if isinstance(value, dict):
                for key in value:
                    walk(value[key], path + [key])
            elif isinstance(value, list):
                for i, element in enumerate(value[:1]):
                    walk(element, path + [i])
            elif isinstance(value, str):
                paths.append(path)

        document = json.loads(done.stdout)
        walk(document, [])
        for i, path in enumerate(paths):
            changed = json.loads(done.stdout)
            place = changed
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = text
            self.run('verify', self.put(b'snapshot-%d' % i, json.dumps(changed).encode()))
            changed[text] = text
            self.run('dump', self.put(b'snapshot-%d' % i, json.dumps(changed, ensure_ascii=False)
                                      .encode('utf-8', errors='replace')))

    def archives(self):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode='w', encoding='utf-8', errors='surrogateescape') as tar:
            tar.add(os.fsdecode(self.tree), 'x' + os.fsdecode(NAME), recursive=True)
        self.sources(self.put(b'archive', data.getvalue()))
        self.run('verify', '-v', self.put(b'cut' + NAME, data.getvalue()[:5000]))
        self.run('verify', '-v', self.put(b'core' + NAME, b'KDUMP   ' + ALL * 1000))
        self.run('verify', '-v', self.put(b'elf' + NAME, b'\x7fELF\2\1\1' + bytes(9) + b'\4\0' + ALL * 99))

    def files(self):
        """Other inputs than captures, and other words than operands."""
        good = self.trees[1]
        odd = self.put(b'odd' + NAME, ALL * 9)
        for words in (['decode'], ['decode', '--json'], ['decode', '--as=setup-data'],
                      ['decode', '--as=efi-payload'], ['decode', '--as=efi-memmap'],
                      ['decode', '--as=boot-params'], ['dump'], ['verify', '--files-from'],
                      ['pagetable', good, '--check'], ['verify', good, '--kexec-log'],
                      ['verify', good, '--kernel'], ['verify', good, '--baseline']):
            self.run(*words, odd)
        self.run('decode', '--as=boot-params', self.put(b'boot' + NAME, (ALL * 99)[:4096]))
        self.run('decode', '--as=boot-params', self.put(
            b'boot', bytes(0x1c0) + b'\x1b[2J' + bytes(4096 - 0x1c4)))
        self.run('verify', '--files-from', self.put(b'list', ONE_LINE + b'\n' + self.tree + b'\n'))
        self.run('verify', '-0', '--files-from', self.put(b'list', ALL + b'\0' + self.tree + b'\0'))
        self.run('verify', '--write-baseline', self.at(NAME + b'/none'), self.tree)
        for words in (['explain'], ['dump', '-o'], ['verify', '--only'], ['verify', '--fail-on'],
                      ['dump', '--format'], ['translate'], ['decode', '--as'], [], ['dump'],
                      ['verify', '--timeout'], ['snapshot', '--tag'], ['snapshot', good, '-O'],
                      ['snapshot', good, '--store'], ['snapshot', good, '--beside-vmcore'],
                      ['pagetable', good, '--base'], ['plot', good, '-O'], ['metrics', good, '-O']):
            self.run(*words, NAME + b'/' + NAME)
            self.run(*words, b'--' + NAME)
        self.run('dump', '-', stdin=self.log())
        self.run('dump', '-', stdin=ALL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--importers', default='')
    parser.add_argument('tool')
    parser.add_argument('fixtures')
    args = parser.parse_args()
    args.tool, args.fixtures = os.path.abspath(args.tool), os.path.abspath(args.fixtures)
    with tempfile.TemporaryDirectory() as path:
        hostile = Hostile(args, path)
        hostile.sources(hostile.tree)
        hostile.sources(hostile.put(b'log' + NAME, hostile.log()))
        for tree in hostile.trees[1:]:
            for words in (['dump'], ['dump', '--format=raw'], ['verify', '-v'], ['plot', '--format=svg'],
                          ['metrics'], ['handover'], ['snapshot']):
                hostile.run(*words, tree)
        hostile.snapshots()
        hostile.archives()
        hostile.files()
    print(f'{hostile.runs} runs, {hostile.bad} failed')
    return 1 if hostile.bad else 0


if __name__ == '__main__':
    sys.exit(main())
