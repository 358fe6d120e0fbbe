#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the CPU time and memory that each command needs for worst-case inputs of 1 MiB.

usage: worst.py [--slow] TOOL FIXTURES

For each kind of input, the functions below build the most expensive inputs that a search found.
Each command reads an input of 1 MiB and one of half that size. A command fails if it needs more
than SECONDS or MEMORY, or if its time grows faster than the input. --table prints the maximum of
each command. --slow is for builds with sanitizers, where only the exit status is checked. bombs.py
covers archives.
"""
import argparse
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile

MIB = 1 << 20
SECONDS = 2
MEMORY = 256 * MIB
# Maximum growth of the time if the size of the input doubles. Times below COMPARED are not
# compared.
GROWTH = 3
COMPARED = 0.3
STATUSES = (0, 1, 3, 4, 5)

RUNTIME_DATA, RUNTIME = 6, 0x800000000000000f
TOP = 2**64 - 1
# Commands with operands. {f} is the input, and {s} is a small snapshot.
COMMANDS = (
    ('dump', '{f}'), ('dump', '--json', '{f}'), ('dump', '--output-all', '{f}'),
    ('dump', '--sort=MEMMAP', '{f}'), ('dump', '--filter=MEMMAP=x', '{f}'),
    ('dump', '--format=setup-data', '{f}'), ('dump', '-o', '+PREDICTED,BOUND', '{f}'),
    ('verify', '-v', '{f}'), ('verify', '--json', '-v', '{f}'),
    ('compare', '-v', '{f}', '{s}'), ('compare', '-v', '{s}', '{f}'), ('compare', '{f}', '{f}'),
    ('received', '-v', '{f}'), ('snapshot', '{f}'), ('snapshot', '--redact', '{f}'),
    ('translate', '--source={f}', '0x1000', '0xfffffffeff000000'),
    ('pagetable', '{f}'), ('pagetable', '--json', '{f}'),
    ('plot', '{f}'), ('plot', '--format=svg', '{f}'), ('plot', '--format=html', '{f}'),
    ('plot', '--format=html', '--second={s}', '{f}'), ('report', '{f}'), ('metrics', '{f}'),
)


def entry(index, phys, virt, pages=1, **other):
    return {'index': index, 'type': hex(other.get('type', RUNTIME_DATA)),
            'attribute': hex(other.get('attribute', RUNTIME)), 'phys_addr': hex(phys),
            'virt_addr': hex(virt), 'num_pages': hex(pages)}


def area(index, start, end, kind):
    return {'index': index, 'start': hex(start), 'end': hex(end), 'type': kind}


def line(start, end, name, depth=0):
    return {'depth': depth, 'start': hex(start), 'end': hex(end), 'name': name}


def down(index):
    """Return the virtual address of an entry. Addresses descend, as Linux assigns them."""
    return 0xfffffffeff000000 - index * 4096


def compact(value):
    return json.dumps(value, separators=(',', ':')).encode()


def snapshot(base, size, **rows):
    """Return a snapshot in which all kinds of rows have an equal share of the bytes."""
    document = {**base, **{key: [] for key in rows}, 'names': []}
    share = (size - len(compact(document))) * 20 // 21 // len(rows)
    for key, row in rows.items():
        used = 0
        while used < share:
            document[key].append(row(len(document[key])))
            used += len(compact(document[key][-1])) + 1
    document['names'] = [number['index'] for number in document['runtime_map']]
    return compact(document)


SNAPSHOTS = {
    'adjacent entries': {'runtime_map': lambda i: entry(i, 2**32 + i * 4096, down(i))},
    'equal entries': {'runtime_map': lambda i: entry(i, 0x3f4ec000, down(0))},
    'nested entries': {
        'runtime_map': lambda i: entry(i, 2**32 + i * 4096, down(i), 40000 - 2 * i)},
    # Entries that overlap, so that the same page table is written many times.
    'staggered entries': {
        'runtime_map': lambda i: entry(i, 2**32 + i * 4096, 0xffffffef00000000 + i * 4096, 8000)},
    # Entries each of which needs its own page tables.
    'scattered entries': {
        'runtime_map': lambda i: entry(i, 2**32 + (i << 30), 0xffffffef00001000 + (i << 21), 513)},
    'odd entries': {
        'runtime_map': lambda i: entry(i, 0xfff + i * 77, i * 0x123456789abcdef % 2**64, i * 7 % 3,
                                       type=i * 13 % 20, attribute=i * 0x2545f4914f6cdd1d % 2**64)},
    'all of memmap in each entry': {
        'runtime_map': lambda i: entry(i, 0, down(i), 2**40),
        'memmap': lambda i: area(i, i * 4096, i * 4096 + 4095, f'{i}')},
    'long labels': {
        'runtime_map': lambda i: entry(i, i * 4096, down(i), 2**20),
        'memmap': lambda i: area(i, i * 4096, i * 4096 + 4095, f'{i:060}')},
    'nested memmap': {
        'runtime_map': lambda i: entry(i, i * 4096, down(i)),
        'memmap': lambda i: area(i, i, TOP - i, 'System RAM' if i % 2 else 'Reserved')},
    'all of iomem in each entry': {
        'runtime_map': lambda i: entry(i, 0, down(i), 2**40),
        'iomem': lambda i: line(i * 4096, i * 4096 + 4095, f'{i}')},
    'nested iomem': {
        'runtime_map': lambda i: entry(i, i * 4096, down(i)),
        'iomem': lambda i: line(i, TOP - i, 'System RAM', min(i, 60))},
    'a map of the firmware': {
        'runtime_map': lambda i: entry(i, i * 4096, down(i), 2**20),
        'firmware_map': lambda i: entry(i, i * 4096, 0, 2**20, type=7)},
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
    """Return an E820 line in the first half of the log, and a line of the firmware's map in the
    second half."""
    if part < 0.5:
        return usable(number * 8192, number * 8192 + 2**25 - 1)
    return mem(number, number * 4096, 2**40 - 1)


LOGS = {
    'lines of the map': lambda i, _: mem(i, i * 4096, i * 4096 + 2**25 - 1),
    'lines of both maps': lists,
    'short boots': lambda i, _: 'Linux version 6.1.0 (x)\n' + mem(0, 4096, 8191) + usable(0, 4095),
    'lines of tables': lambda i, _: f'efi: ACPI=0x{i:x} SMBIOS=0x{i:x} MEMATTR=0x{i:x} \n',
    'prefixes': lambda *_: '<6>[    0.000000] kernel: ' * 20 + '\n',
    'one line': lambda *_: 'efi: mem00: [' + ' ' * 2 * MIB,
    'nothing': lambda *_: '\n' * 4096,
    'a journal': lambda i, _: json.dumps({
        '_TRANSPORT': 'kernel', '_BOOT_ID': '0' * 32,
        'MESSAGE': mem(i, i * 4096, i * 4096 + 4095)[:-1]}) + '\n',
}

# Lines of /proc/iomem.
IOMEMS = {
    'flat': lambda i: f'{i * 4096:08x}-{i * 4096 + 4095:08x} : System RAM\n',
    'deep': lambda i: f'{"  " * min(i, 60)}{i:x}-{2**32 - i:x} : System RAM\n',
    'short': lambda i: '1-1 : a\n',
}


def descriptor(phys, virt, pages, kind=RUNTIME_DATA, attribute=RUNTIME):
    return struct.pack('<IIQQQQ', kind, 0, phys, virt, pages, attribute)


BINARIES = {
    'staggered descriptors': ('efi-memmap', lambda i: descriptor(i * 4096, down(i), 9000)),
    'descriptors of ones': ('efi-memmap', lambda _: b'\xff' * 40),
    'empty nodes': ('setup-data', lambda i: struct.pack('<QII', 4096 + 16 * (i + 1), 3, 0)),
    'nodes of EFI': ('setup-data',
                     lambda i: struct.pack('<QII', 4096 + 112 * (i + 1), 4, 96) + bytes(96)),
}


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)
    return path


class Measure:
    """Run commands. Record their cost, and the runs that exceed a limit."""

    def __init__(self, args, where):
        self.args, self.where = args, where
        self.runs, self.bad = 0, 0
        self.most = {}
        first = os.path.join(args.fixtures, 'real', 'ovmf-q35-6.1-kexec-')
        self.capture = first + 'first'
        self.base = json.loads(self.output('snapshot', '-q', self.capture))
        self.second = write(os.path.join(where, 'second'),
                            self.output('snapshot', '-q', first + 'second'))

    def output(self, *words):
        return subprocess.run([self.args.tool, *words], check=True, capture_output=True).stdout

    def run(self, words):
        """Run a command. Return its status, seconds of CPU time, and bytes of memory."""
        with subprocess.Popen([self.args.tool, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              preexec_fn=limit) as tool:
            _, status, usage = os.wait4(tool.pid, 0)
            tool.returncode = os.waitstatus_to_exitcode(status)
        return (tool.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)

    def measure(self, name, make, options=()):
        """Run all commands on inputs that make(size) returns."""
        small, large = make(MIB // 2), make(MIB)
        for command in COMMANDS:
            words = [word.format(f=large, s=self.second) for word in command]
            words[1:1] = options if command[0] in ('dump', 'verify') else ()
            if options and len(words) == len(command):
                continue
            status, seconds, memory = self.run(words)
            self.runs += 1
            wrong = []
            if status not in STATUSES:
                wrong.append(f'status {status}')
            if seconds > SECONDS:
                wrong.append(f'{seconds:.1f} s of processor time')
            if memory > MEMORY:
                wrong.append(f'{memory // MIB} MiB of memory')
            if seconds > COMPARED:
                half = self.run([word.replace(large, small) for word in words])[1]
                if seconds > GROWTH * half:
                    wrong.append(f'{seconds:.2f} s, and {half:.2f} s for half of it')
            key = ' '.join(command)
            self.most.setdefault(key, []).append((seconds, memory, name))
            for text in () if self.args.slow and status in STATUSES else wrong:
                self.bad += 1
                print(f'FAILED: {key}: {name}: {text}', flush=True)

    def file(self, name, data):
        return self.measure(name, lambda size: write(
            os.path.join(self.where, f'input-{size}'), data(size)))

    def tree(self, name, change):
        """Measure commands on captures whose files change(path, size) enlarges."""
        def make(size):
            path = os.path.join(self.where, f'tree-{size}')
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(self.capture, path, symlinks=True)
            change(path, size)
            return path
        self.measure(name, make)

    def all(self):
        for name, rows in SNAPSHOTS.items():
            self.file('snapshot: ' + name, lambda size, rows=rows: snapshot(self.base, size, **rows))
        self.file('snapshot: members', lambda size: compact(
            {**self.base, 'x': {f'k{i}': 0 for i in range(size // 14)}}))
        self.file('snapshot: nodes', lambda size: compact({**self.base, 'boot_params': {
            **self.base['boot_params'], 'setup_data': [
                {'index': i, 'type': '0x3', 'length': '0x10'} for i in range(min(16384, size // 47))]}}))
        for name, row in LOGS.items():
            self.file('log: ' + name, lambda size, row=row: log(size, row))
        for name, row in IOMEMS.items():
            self.tree('iomem: ' + name, lambda path, size, row=row: write(
                path + '/proc/iomem', ''.join(row(i) for i in range(
                    min(65536, size // len(row(50))))).encode()))
        self.tree('memmap', put_memmap)
        self.tree('setup_data', put_nodes)
        for name, (kind, piece) in BINARIES.items():
            self.measure('binary: ' + name, lambda size, piece=piece: write(
                os.path.join(self.where, f'input-{size}'),
                b''.join(piece(i) for i in range(size // len(piece(0))))), ('--as=' + kind,))

    def table(self):
        print('| command | seconds | on | MiB | on |\n|---|--:|---|--:|---|')
        for key, rows in self.most.items():
            seconds = max(rows)
            memory = max(rows, key=lambda row: row[1])
            print(f'| `{key}` | {seconds[0]:.2f} | {seconds[2]} | {memory[1] / MIB:.0f} | {memory[2]} |')


def put_memmap(path, size):
    """Write ranges up to a size. There are fewer ranges than bytes would allow, because each file
    takes a page on most file systems."""
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


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--slow', action='store_true')
    parser.add_argument('--table', action='store_true')
    for name in ('tool', 'fixtures'):
        parser.add_argument(name)
    args = parser.parse_args()
    args.tool = os.path.abspath(args.tool)
    with tempfile.TemporaryDirectory() as where:
        measure = Measure(args, where)
        measure.all()
    if args.table:
        measure.table()
    print(f'{measure.runs} runs, {measure.bad} failed')
    return 1 if measure.bad else 0


if __name__ == '__main__':
    sys.exit(main())
