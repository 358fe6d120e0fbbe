#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the CPU time and memory that each command needs for worst-case inputs of 1 MiB.

usage: worst.py [--slow] [--table | --write] TOOL FIXTURES

The inputs are the most expensive ones of their kinds that a search found. Each command reads an
input of 1 MiB and, if this takes long, an input of half this size. A command fails if it needs more
than SECONDS or MEMORY, or more than GROWTH times the time for half of the input. Every command of
the tool must be measured.

--table prints the maxima of each command. --write updates the table in docs/performance.md. --slow
is for builds with sanitizers, and checks only the exit status.
"""
import argparse
import bz2
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / 'docs' / 'performance.md'
sys.path.append(str(ROOT / 'tests' / 'e2e'))
import document as documents  # noqa: E402  pylint: disable=wrong-import-position,import-error

MIB = 1 << 20
SECONDS = 2
MEMORY = 256 * MIB
# Maximum factor by which the CPU time may grow if the size of the input doubles. Times of up to
# COMPARED seconds are too short for a comparison.
GROWTH = 3
COMPARED = 0.3
STATUSES = (0, 1, 3, 4, 5)

RUNTIME_DATA, RUNTIME = 6, 0x800000000000000f
TOP = 2**64 - 1
# Commands with operands. The placeholder {f} is the input, {c} a small capture of a first kernel,
# {s} a snapshot of the second kernel, and {k} a kernel image.
COMMANDS = (
    ('dump', '{f}'), ('dump', '--json', '{f}'), ('dump', '--output-all', '{f}'),
    ('dump', '--pairs', '{f}'), ('dump', '--format=setup-data', '{f}'),
    ('dump', '--format=efi-memmap', '{f}'), ('dump', '-o', '+PREDICTED,BOUND', '{f}'),
    ('verify', '-v', '{f}'), ('verify', '--json', '-v', '{f}'),
    ('verify', '--kernel={k}', '{f}'),
    ('compare', '-v', '{f}', '{s}'), ('compare', '-v', '{s}', '{f}'), ('compare', '{f}', '{f}'),
    ('compare', '--json', '{f}', '{f}'),
    ('received', '-v', '{f}'), ('received', '--json', '{f}'),
    ('snapshot', '{f}'), ('snapshot', '--redact', '{f}'),
    ('dump', '--address=0x1000', '{f}'),
    ('dump', '--format=page-table', '{f}'), ('dump', '--format=page-table', '--json', '{f}'),
    ('plot', '{f}'), ('plot', '--format=svg', '{f}'),
    ('report', '{f}'),
)
# Commands that compare the boots in a log
BOOTS = (('compare', '-v', '{f}'), ('compare', '--json', '{f}'))
# Commands that read the input of 1 MiB as a kernel image, an initrd or a log of kexec, not as a
# SOURCE
KERNELS = (('verify', '--kernel={f}', '{c}'),)
SEGMENTS = (('verify', '--kernel={k}', '--kexec-log={f}', '{c}'),)
INITRDS = (('verify', '--kernel={k}', '--initrd={f}', '{c}'),)
# A command that reads standard input, which is the file after "<"
TEXTS = (('explain', '-', '<{f}'),)
# Commands without an input
WITHOUT_INPUT = (('explain',), ('explain', '--json'))
# Commands with limited output. Their time may grow faster than the input until the output reaches
# its limit. A page table reaches the maximum number of entries with an input below 2 MiB.
LIMITED = ('--format=page-table',)


def entry(phys, virt, pages=1, **other):
    return {'type': hex(other.get('type', RUNTIME_DATA)),
            'attribute': hex(other.get('attribute', RUNTIME)), 'phys_addr': hex(phys),
            'virt_addr': hex(virt), 'num_pages': hex(pages)}


def area(start, end, kind):
    return {'start': hex(start), 'end': hex(end), 'type': kind}


def line(start, end, name, depth=0):
    return f'{"  " * depth}{start:08x}-{end:08x} : {name}\n'


def down(index):
    """Return the virtual address of an entry. Like Linux, assign addresses in descending order."""
    return 0xfffffffeff000000 - index * 4096


def compact(value):
    return json.dumps(value, separators=(',', ':')).encode()


def snapshot(base, size, **rows):
    """Return a snapshot in which all kinds of rows have an equal share of the bytes."""
    files = {path: file for path, file in base['files'].items()
             if not any(path.startswith(WHERE[key]) for key in rows)}
    share = (size - len(compact({**base, 'files': files}))) * 20 // 21 // len(rows)
    for key, row in rows.items():
        where, used, made = WHERE[key], 0, []
        while used < share:
            made.append(row(len(made)))
            if key == 'iomem':
                used += len(made[-1]) + 1
                continue
            number = len(made) - 1
            some = {f'{where}/{number}/{name}': f'{value}\n' for name, value in made[-1].items()}
            some[f'{where}/{number}'] = {'list': sorted(made[-1])}
            files.update(some)
            used += len(compact(some)) + len(str(number)) + 4
        files[where] = ''.join(made) if key == 'iomem' else {
            'list': [f'{number}/' for number in range(len(made))]}
    return compact({**base, 'files': files})


WHERE = {'runtime_map': 'sys/firmware/efi/runtime-map', 'memmap': 'sys/firmware/memmap',
         'setup_data': 'sys/kernel/boot_params/setup_data', 'iomem': 'proc/iomem'}
BASE = {'document': 'efimap-snapshot', 'version': 2, 'tool': 'efimapctl 1.0.0', 'source': '/',
        'recorded': {'from': 'tree'}, 'files': {}}
SNAPSHOTS = {
    'adjacent entries': {'runtime_map': lambda i: entry(2**32 + i * 4096, down(i))},
    'equal entries': {'runtime_map': lambda i: entry(0x3f4ec000, down(0))},
    'nested entries': {
        'runtime_map': lambda i: entry(2**32 + i * 4096, down(i), 40000 - 2 * i)},
    # The entries overlap, so the same page tables are written many times.
    'staggered entries': {
        'runtime_map': lambda i: entry(2**32 + i * 4096, 0xffffffef00000000 + i * 4096, 8000)},
    # Each entry requires separate page tables.
    'scattered entries': {
        'runtime_map': lambda i: entry(2**32 + (i << 30), 0xffffffef00001000 + (i << 21), 513)},
    'unexpected entries': {
        'runtime_map': lambda i: entry(0xfff + i * 77, i * 0x123456789abcdef % 2**64, i * 7 % 3,
                                       type=i * 13 % 20, attribute=i * 0x2545f4914f6cdd1d % 2**64)},
    'all of memmap in each entry': {
        'runtime_map': lambda i: entry(0, down(i), 2**40),
        'memmap': lambda i: area(i * 4096, i * 4096 + 4095, f'{i}')},
    'long labels': {
        'runtime_map': lambda i: entry(i * 4096, down(i), 2**20),
        'memmap': lambda i: area(i * 4096, i * 4096 + 4095, f'{i:060}')},
    'nested memmap': {
        'runtime_map': lambda i: entry(i * 4096, down(i)),
        'memmap': lambda i: area(i, TOP - i, 'System RAM' if i % 2 else 'Reserved')},
    'all of iomem in each entry': {
        'runtime_map': lambda i: entry(0, down(i), 2**40),
        'iomem': lambda i: line(i * 4096, i * 4096 + 4095, f'{i}')},
    'nested iomem': {
        'runtime_map': lambda i: entry(i * 4096, down(i)),
        'iomem': lambda i: line(i, TOP - i, 'System RAM', min(i, 60))},
    # The entries require more page table entries than the limit.
    'overlapping entries': {'runtime_map': lambda i: entry(i * 4096, down(i), 2**20)},
}

# Functions that return files with a text of a given size
FILES = {
    'assignments on one line': lambda size: {'etc/sysconfig/kdump': 'a=;' * (size // 3) + '\n'},
    'parameters of a crash kernel': lambda size: {
        'etc/sysconfig/kdump': f"KDUMP_IMG=vmlinuz\nKDUMP_COMMANDLINE='{'x ' * (size // 3)}'\n"},
    'removed parameters': lambda size: {
        'etc/sysconfig/kdump': f"KDUMP_IMG=vmlinuz\nKDUMP_COMMANDLINE='{'a ' * (size // 5)}'\n"
                               f"KDUMP_COMMANDLINE_REMOVE='{'b ' * (size // 5)}'\n"},
    'options of boot loader entries': lambda size: {
        f'boot/loader/entries/{i}.conf': 'linux /a\n' + 'options noefi\n' * 4600
        for i in range(size // 70000)},
    'names of modules': lambda size: {'lib/modules': {'list': [
        '6.' + '.'.join(f'a{k:x}' for k in range(i, i + 12))
        for i in range(0, size // 7, 12)]}},
}
LOADER_VARIABLE = 'sys/firmware/efi/efivars/LoaderEntry{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
# The same for the recording of a running system, with kdump and a log
RUNNING = {
    'memory of the ACPI table SRAT': lambda size: {
        'dmesg': 'efi: EFI v2\n' + 'ACPI: SRAT: Node 0\n' * (size // 19)},
    'unknown parameters': lambda size: {
        'proc/version': 'Linux version 7.3.0 (x) #1 SMP\n', 'proc/cmdline': 'kho=on\n',
        'dmesg': 'efi: EFI v2\n' + 'Unknown kernel command line parameters "' * (size // 42) +
                 '\n'},
    'lines of a crash kernel': lambda size: {
        'proc/iomem': ''.join(line(2**44 + i * 16, 2**44 + i * 16 + 15, 'Crash kernel')
                              for i in range(size // 48)) +
                      line(2**46, 2**46 + 2**29 - 1, 'Crash kernel')},
    'words of memmap=': lambda size: {
        'proc/cmdline': 'memmap=' + ','.join(['exactmap'] * 7000) + '\n',
        'proc/iomem': line(2**20, 2**31 - 1, 'System RAM') +
                      ''.join(line(2**40 + i * 8192, 2**40 + i * 8192 + 4095, 'System RAM')
                              for i in range((size - 65536) // 40)) +
                      line(2**46, 2**46 + 0x17ffffff, 'Crash kernel')},
    'parameters that limit memory': lambda size: {
        'proc/cmdline': 'a ' * (size // 66) + 'mem=1 ' * (size // 200) + '\n'},
    'pattern of boot loader entries': lambda size: {
        **{path: {'error': 'ENOENT'} for path in (
            'efi/loader/loader.conf', 'boot/efi/loader/loader.conf', 'efi/loader/entries',
            'boot/efi/loader/entries', 'efi/EFI/Linux', 'boot/efi/EFI/Linux', 'boot/EFI/Linux',
            *(LOADER_VARIABLE.format(name) for name in ('OneShot', 'Preferred', 'Default')))},
        LOADER_VARIABLE.format('Selected'): f'0{"a" * 240}.conf\n',
        'boot/loader/loader.conf': f'default *[{"b" * 60000}]z\n',
        'boot/loader/entries': {'list': [f'{i}{"a" * 240}.conf' for i in range(size // 1100)]},
        **{f'boot/loader/entries/{i}{"a" * 240}.conf': 'linux /a\n'
           for i in range(size // 1100)}},
}


def log(size, row):
    head = ('Linux version 6.1.0-56-amd64 (x) #1 SMP\nCommand line: efi=debug\n'
            'efi: EFI v2.70 by EDK II\n')
    text, count = [head], len(head)
    while count < size:
        text.append(row(len(text) - 1, count / size))
        count += len(text[-1])
    return ''.join(text).encode()[:size]


def mem(number, start, end, kind='Runtime Data|RUN|WB'):
    return (f'efi: mem{number:02}: [{kind}] range=[0x{start:016x}-0x{end:016x}] '
            f'({(end + 1 - start) >> 20}MB)\n')


def usable(start, end):
    return f'BIOS-e820: [mem 0x{start:016x}-0x{end:016x}] usable\n'


def lists(number, part):
    """Return a line of the e820 map for the first half of a log, or of the EFI memory map for the
    second half."""
    if part < 0.5:
        return usable(number * 8192, number * 8192 + 2**25 - 1)
    return mem(number, number * 4096, 2**40 - 1)


LOGS = {
    'lines of the map': lambda i, _: mem(i, i * 4096, i * 4096 + 2**25 - 1),
    'lines of both maps': lists,
    'shortest boots': lambda *_: 'Linux version 6.1.0 (x)\nefi:\n',
    'short boots': lambda i, _: 'Linux version 6.1.0 (x)\n' + mem(0, 4096, 8191) + usable(0, 4095),
    'lines of tables': lambda i, _: f'efi: ACPI=0x{i:x} SMBIOS=0x{i:x} MEMATTR=0x{i:x} \n',
    'prefixes': lambda *_: '<6>[    0.000000] kernel: ' * 20 + '\n',
    'one line': lambda *_: 'efi: mem00: [' + ' ' * 2 * MIB,
    'nothing': lambda *_: '\n' * 4096,
}

IOMEMS = {
    'flat': lambda i: f'{i * 4096:08x}-{i * 4096 + 4095:08x} : System RAM\n',
    'deep': lambda i: f'{"  " * min(i, 60)}{i:x}-{2**32 - i:x} : System RAM\n',
    'short': lambda i: '1-1 : a\n',
}


def image(size):
    done = subprocess.run([sys.executable, ROOT / 'tests' / 'tools' / 'kernel_image.py',
                           '--release=6.1.0', '/dev/stdout'], check=True, stdout=subprocess.PIPE)
    return done.stdout.ljust(size, b'\0')


def unified_image(size):
    """Return a unified kernel image with only empty sections, and without a kernel."""
    count = min(0xffff, (size - 512) // 40)
    header = b'MZ'.ljust(0x3c, b'\0') + struct.pack('<I', 0x80)
    header = header.ljust(0x80, b'\0') + struct.pack('<4sHHIIIHH', b'PE\0\0', 0x8664, count, 0, 0, 0,
                                                     240, 0x22e)
    header += struct.pack('<H', 0x20b).ljust(240, b'\0')
    return header + count * struct.pack('<8sIIII12xI', b'.initrd', 0, 0, 0, 0, 0x40000040)


def kexec_log(size):
    """Return output of kexec -d that ends with 16 segments, which is the maximum number."""
    line = 'sym: sha256_starts info: 12 other: 00 shndx: 1 value: 1160 size: 48\n'
    text = ['kernel: 0x7ff691233010 kernel_size: 0x7dd200\n', line * (size // len(line)),
            'nr_segments = 16\n']
    text += (f'segment[{i}].buf   = 0x5565c3c2d7d0\nsegment[{i}].bufsz = 0x70\n'
             f'segment[{i}].mem   = {hex(i * 8192)}\nsegment[{i}].memsz = 0x1000\n'
             for i in range(16))
    return ''.join(text).encode()


def cpio_member(name, data):
    header = f'070701{0:048x}{len(data):08x}{0:032x}{len(name) + 1:08x}{0:08x}{name}\0'.encode()
    header += bytes(-len(header) % 4)
    return header + data + bytes(-len(data) % 4)


GZIP = b'\x1f\x8b\x08'.ljust(10, b'\0')


def gzip_with_xz(size):
    """Return a gzip file with many xz headers, and the end of one xz stream with many blocks."""
    index = b'\0\x80\xfa\x01' + b'\1\1' * 32000 + b'CRC.'
    footer = b'CRC.' + struct.pack('<I', len(index) // 4 - 1) + b'\0\1YZ\0'
    start = GZIP + b'\xfd7zXZ\0' * ((size - len(index) - 32) // 6)
    return start + index + footer


def gzip_with_zstd(size):
    """Return a gzip file with many zstd frames of empty blocks."""
    frame = b'\x28\xb5\x2f\xfd\x04\x58' + bytes(3 * 170)
    return GZIP + frame * (size // len(frame)) + struct.pack('<I', 3 * size)


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)
    return path


class Measure:
    def __init__(self, args, where):
        self.args, self.where = args, where
        self.runs, self.bad = 0, 0
        self.most = {}
        self.env = dict(os.environ, LC_ALL='C')
        # pylint: disable-next=consider-using-with
        self.runner = subprocess.Popen([sys.executable, '-ISc', RUNNER], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.small = self.make_small()
        self.base = json.loads(self.output('snapshot', '-q', self.small['c']))
        self.running = json.loads(self.output('snapshot', '-q', os.path.join(
            args.fixtures, 'real', 'debian-13-kdump-first')))
        self.floor = find_floor()
        self.least = self.run(('--version',))[2]

    def make_small(self):
        """Create the small operands of commands. Return their paths by placeholder."""
        where = pathlib.Path(self.where)
        first = os.path.join(self.args.fixtures, 'real', 'ovmf-q35-6.1-kexec-')
        capture = where / 'capture'
        shutil.copytree(first + 'first', capture, symlinks=True)
        for name in ('sys_vendor', 'product_name', 'bios_version'):
            write(f'{capture}/sys/class/dmi/id/{name}', b'x\n')
        (where / 'kernel').write_bytes(image(4096))
        (where / 'snapshot').write_bytes(self.output('snapshot', '-q', first + 'second'))
        return {'c': capture, 'k': where / 'kernel', 's': where / 'snapshot'}

    def output(self, *words):
        return subprocess.run([self.args.tool, *words], check=True, capture_output=True).stdout

    def run(self, words):
        """Run a command with its child processes. Return its status, seconds of CPU time, and bytes
        of peak memory."""
        self.runner.stdin.write(json.dumps(([self.args.tool, *words], self.env)) + '\n')
        self.runner.stdin.flush()
        return json.loads(self.runner.stdout.readline())

    def find_problems(self, command, large, small, cost):
        status, seconds, memory = cost
        if status not in STATUSES:
            yield f'exit status {status}, expected one of {STATUSES}'
        if self.args.slow:
            return
        if seconds > SECONDS:
            yield f'{seconds:.1f} s of CPU time, limit {SECONDS} s'
        if memory > MEMORY:
            yield f'{memory // MIB} MiB of memory, limit {MEMORY // MIB} MiB'
        if seconds > COMPARED and not set(LIMITED) & set(command):
            half = self.run([word.replace(large, small) for word in command])[1]
            if seconds > GROWTH * half:
                yield (f'{seconds:.2f} s, and {half:.2f} s for half of the input, '
                       f'limit {GROWTH} times')

    def measure(self, name, make, options=(), commands=None):
        small, large = make(MIB // 2), make(MIB)
        for command in commands or COMMANDS:
            if options and command[0] not in ('dump', 'verify'):
                continue
            words = [word.format(f=large, **self.small) for word in command]
            words[1:1] = options
            cost = self.run(words)
            self.runs += 1
            key = ' '.join(command)
            self.most.setdefault(key, []).append((*cost[1:], name))
            for text in self.find_problems(words, large, small, cost):
                self.bad += 1
                print(f'FAILED: {key}: {name}: {text}', flush=True)

    def file(self, name, data, commands=None):
        self.measure(name, lambda size: write(
            os.path.join(self.where, f'input-{size}'), data(size)), commands=commands)

    def tree(self, name, change):
        def make(size):
            path = os.path.join(self.where, f'tree-{size}')
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(self.small['c'], path, symlinks=True)
            change(path, size)
            return path
        self.measure(name, make)

    def snapshots(self):
        first = 2**32
        gaps = {
            'runtime_map': lambda i: entry((0x1102000 if i else first) + i * 8192, down(i)),
            'memmap': lambda i: area(0x1000000, 0x3f000000, 'System RAM')}
        nodes = {'setup_data': lambda i: {'type': '0x3'}}
        for name, kinds in {**SNAPSHOTS, 'gaps for a kernel': gaps, 'nodes': nodes}.items():
            self.file('snapshot: ' + name,
                      lambda size, kinds=kinds: snapshot(self.base, size, **kinds))
        self.file('snapshot: members', lambda size: compact(
            {**self.base, 'x': {f'k{i}': 0 for i in range(size // 14)}}))
        self.file('snapshot: files', lambda size: compact({**self.base, 'files': {
            **self.base['files'], **{f'boot/{i:x}': '' for i in range(size // 20)}}}))
        self.file('snapshot: parts', lambda size: compact({**self.base, 'files': {
            **self.base['files'], 'boot/vmlinuz-6.1': {'size': 1 << 40, 'parts': [
                {'at': (size - i) * 9, 'base64': 'TVo='} for i in range(size // 40)]}}}))
        self.file('snapshot: names', lambda size: compact({**self.base, 'files': {
            **self.base['files'], 'boot': {'list': [
                f'vmlinuz-6.{i}' for i in range(size // 18)]}}}))
        for base, rows in ((self.base, FILES), (self.running, RUNNING)):
            for name, files in rows.items():
                self.file('snapshot: ' + name, lambda size, base=base, files=files: compact(
                    {**base, 'files': {**base['files'], **files(size)}}))

    def logs(self):
        for name, row in LOGS.items():
            self.file('log: ' + name, lambda size, row=row: log(size, row))
        for name in ('shortest boots', 'short boots'):
            self.file('log: ' + name, lambda size, name=name: log(size, LOGS[name]), BOOTS)

    def trees(self):
        for name, row in IOMEMS.items():
            self.tree('iomem: ' + name, lambda path, size, row=row: write(
                path + '/proc/iomem', ''.join(row(i) for i in range(
                    min(65536, size // len(row(50))))).encode()))
        self.tree('memmap', put_memmap)
        self.tree('setup_data', put_nodes)
        self.tree('kernels', put_kernels)


    def others(self):
        """Measure commands whose input of 1 MiB is not a SOURCE, and commands without an input."""
        for name, data in (('kernel', image), ('sections', unified_image)):
            self.file('image: ' + name, data, KERNELS)
        self.file('segments', kexec_log, SEGMENTS)
        for name, data in (('gzip with xz', gzip_with_xz), ('gzip with zstd', gzip_with_zstd),
                           ('cpio', lambda size: cpio_member('', b'') * (size // 112))):
            self.file('initrd: ' + name, data, INITRDS)
        for name, line in (('empty lines', b'\n'), ('lines', b'eeeeeeeeeee\n'), ('words', b'mount '),
                           ('messages', b'kexec_load failed\n'),
                           ('starts of messages in one line', b'kexec ')):
            self.file('text: ' + name, lambda size, line=line: line * (size // len(line)), TEXTS)
        self.measure('', lambda size: str(size), commands=WITHOUT_INPUT)

    def all(self):
        self.snapshots()
        self.logs()
        self.trees()
        self.others()
        self.check_commands()

    def check_commands(self):
        said = subprocess.run([self.args.tool, '--help'], check=True, capture_output=True,
                              text=True).stdout
        names = {line.split()[0] for line in said.split('Commands:\n')[1].split('\n\n')[0]
                 .splitlines()}
        for name in names - {key.split()[0] for key in self.most}:
            self.bad += 1
            print(f'FAILED: {name} was not measured', flush=True)

    def lines(self):
        floor = ('floor', self.floor, 1, 'bz2.compress() in Python', self.least, '`--version`')
        rows = [floor]
        for key, runs in self.most.items():
            seconds, memory = max(runs), max(runs, key=lambda run: run[1])
            rows.append((f'`{key}`', seconds[0], seconds[0] / self.floor, seconds[2], memory[1],
                         memory[2]))
        return {name: f'| {name} | {seconds:.2f} | {ratio:.1f} | {slow} | {memory / MIB:.0f} | '
                      f'{big} |' for name, seconds, ratio, slow, memory, big in rows}


HEAD = ('| command | CPU seconds | multiple of the floor | input that takes the most time '
        '| MiB of memory | input that needs the most memory |')


# A small process starts the commands, because the peak memory of a new process includes the memory
# of its parent.
RUNNER = '''
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for line in sys.stdin:
    words, env = json.loads(line)
    files = [(os.POSIX_SPAWN_OPEN, fd, '/dev/null', os.O_RDWR, 0) for fd in (0, 1, 2)]
    if words[-1].startswith('<'):
        files[0] = (os.POSIX_SPAWN_OPEN, 0, words.pop()[1:], os.O_RDONLY, 0)
    _, status, usage = os.wait4(os.posix_spawn(words[0], words, env, file_actions=files), 0)
    print(json.dumps((os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
                      usage.ru_maxrss * 1024)), flush=True)
'''


def find_floor():
    """Return the CPU time in seconds that this machine needs to compress a snapshot of 1 MiB."""
    data = snapshot(BASE, MIB, **SNAPSHOTS['unexpected entries'])
    times = []
    for _ in range(5):
        before = time.process_time()
        bz2.compress(data)
        times.append(time.process_time() - before)
    return min(times)


def put_memmap(path, size):
    """Write a memmap with only one range for each 128 bytes of the size, because each file needs a
    page on most file systems."""
    for i in range(size // 128):
        where = f'{path}/sys/firmware/memmap/{i}/'
        write(where + 'start', b'0x%x\n' % (i * 4096))
        write(where + 'end', b'0x%x\n' % (i * 4096 + 4095))
        write(where + 'type', b'%060d\n' % i)


def put_nodes(path, size):
    for i in range(size // 128):
        where = f'{path}/sys/kernel/boot_params/setup_data/{i}/'
        write(where + 'type', b'0x4\n')
        write(where + 'data', bytes(96))


def put_kernels(path, size):
    header = image(4096)
    for i in range(size // 4096):
        write(f'{path}/boot/vmlinuz-6.1.{i}', header)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--slow', action='store_true')
    parser.add_argument('--table', action='store_true')
    parser.add_argument('--write', action='store_true')
    for name in ('tool', 'fixtures'):
        parser.add_argument(name)
    args = parser.parse_args()
    args.tool = os.path.abspath(args.tool)
    with tempfile.TemporaryDirectory() as where:
        measure = Measure(args, where)
        measure.all()
        measure.runner.communicate()
    lines = measure.lines()
    if args.table:
        print(HEAD, '|---|--:|--:|---|--:|---|', *lines.values(), sep='\n')
    if args.write:
        documents.write_table(DOCUMENT, 'cli/worst.py', HEAD, list(lines), lines)
    print(f'{measure.runs} runs, {measure.bad} failed')
    return 1 if measure.bad else 0


if __name__ == '__main__':
    sys.exit(main())
