#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the limits for compressed input with decompression bombs and with valid large files.

usage: bombs.py [--slow] TOOL IMPORTERS FIXTURES

The tool must reject each bomb with status 3 and name the limit that the bomb exceeds. For a file of
up to 1 MiB, the tool and its importer may use two seconds of CPU time; for a larger file, two
seconds per MiB. They may use 512 MiB of memory. The time limit is higher on machines that
decompress slowly. The tool must read each valid file. --slow is for builds with sanitizers, where
only the exit status and the message are checked.
"""
import argparse
import bz2
import io
import lzma
import os
import re
import resource
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib

MIB = 1 << 20
SECONDS = 2
MEMORY = 512 * MIB
END = bytes(1024)
# Patterns of error messages. Each matches only the limit, because the other words do not matter.
RATIO = '64 MiB and 500 times its size'
TEXT = RATIO.replace('500', '100')
HEADERS = r'headers of members .*8 KiB'
MEMBERS = '250000 members'
KEPT = 'capture files .*48 MiB'
DOCUMENT = '4 MiB'


def gzip(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def zstd(data):
    return subprocess.run(['zstd', '-q', '-c', '-9'], input=data, check=True,
                          capture_output=True).stdout


PACKERS = {'gzip': gzip, 'bzip2': bz2.compress, 'xz': lzma.compress}
if shutil.which('zstd'):
    PACKERS['zstd'] = zstd


def header(name, size=0, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def member(name, data, kind=tarfile.REGTYPE):
    return header(name, len(data), kind) + data + bytes(-len(data) % 512)


def record(key, value):
    """Return a record of a pax header. The length in a record includes the length field itself."""
    text = f' {key}={value}\n'.encode()
    size = len(text)
    while len(str(size)) + len(text) != size:
        size = len(str(size)) + len(text)
    return str(size).encode() + text


def pax(*records):
    return member('x', b''.join(record(*r) for r in records), tarfile.XHDTYPE)


def packed(pack, head, piece, times, tail):
    return (pack(head) if head else b'') + pack(piece) * times + (pack(tail) if tail else b'')


def fibonacci(size):
    short, long = b'a', b'ab'
    while len(long) < size:
        short, long = long, long + short
    return long[:size]


def many(unit, size=MIB):
    return unit * (size // len(unit))


# BOMBS: {name: (start, block of at most 1 MiB, number of blocks, end)}
GIB = 1024
BOMBS = {
    'passed over': (header('var/zeros', 64 * 1024 * MIB), bytes(MIB), 64 * GIB, END),
    'in the tree': (header('sys/zeros', 2 * 1024 * MIB), bytes(MIB), 2 * GIB, END),
    'kept': (header('proc/iomem', 2 * 1024 * MIB), bytes(MIB), 2 * GIB, END),
    'kept after all': (header('sys/kernel/boot_params/data', 1 << 62), bytes(MIB), GIB, b''),
    'members': (b'', many(header('a')), GIB, END),
    'members of a tree': (b'', many(header('sys/firmware/memmap/0/type')), GIB, END),
    'directories': (b'', many(header('a', kind=tarfile.DIRTYPE)), GIB, END),
    'links': (b'', many(header('proc/iomem', kind=tarfile.SYMTYPE)), GIB, END),
    'pax headers': (b'', many(pax(('path', 'b' * 50)) + header('a')), GIB, END),
    'long names': (b'', many(member('././@LongLink', b'a/' * 250, b'L') + header('a')), GIB, END),
    'log': (b'', many(b'efi: nothing of it\n'), GIB, b''),
    'one line': (b'efi: ', many(b'a'), GIB, b''),
    'snapshot': (b'{', many(b' '), GIB, b''),
    'snapshot of values': (b'{"a":[', many(b'"a",'), GIB, b''),
    'nonsense': (b'\1', bytes(MIB), GIB, b''),
    'slow': (header('var/slow', 1 << 40), fibonacci(899000), 200, END),
}
# Expected messages other than RATIO. gzip compresses headers only by a factor of 300, so archives
# of headers may reach the limit on members first.
WORDS = {'log': TEXT, 'one line': TEXT, 'snapshot': DOCUMENT, 'snapshot of values': DOCUMENT,
         'nonsense': TEXT + '|not a source', **dict.fromkeys((
             'members', 'members of a tree', 'directories', 'links', 'pax headers',
             'long names'), RATIO + '|' + MEMBERS)}
# The only program that compresses the bomb enough
ONLY = {'slow': 'bzip2'}


def acl(lines):
    return pax(('SCHILY.acl.access', ','.join(f'user:{i}:r--:{i}' for i in range(lines))))


def hole(name, size):
    content = f'1\n{size - 1}\n1\n'.encode().ljust(512, b'\0') + b'a'
    return pax(('GNU.sparse.major', 1), ('GNU.sparse.minor', 0), ('GNU.sparse.name', name),
               ('GNU.sparse.realsize', size)) + member('GNUSparseFile.0/x', content)


def sparse_map(entries):
    content = f'{entries}\n'.encode() + b''.join(b'%d\n1\n' % (2 * i) for i in range(entries))
    content += bytes(-len(content) % 512)
    return pax(('GNU.sparse.major', 1), ('GNU.sparse.minor', 0), ('GNU.sparse.name', 'a'),
               ('GNU.sparse.realsize', 1 << 40)) + member('b', content)


def xz_window(code):
    data = bytearray(lzma.compress(b'efi: nothing\n' * 1000))
    size = 4 * (data[12] + 1)
    at = data.index(b'\x21\x01', 12) + 2
    data[at] = code
    data[12 + size - 4:12 + size] = struct.pack('<I', zlib.crc32(data[12:12 + size - 4]))
    return bytes(data)


def zstd_window(code):
    """Return a zstd frame whose header requests the window size of this code."""
    text = b'efi: nothing\n'
    return (b'\x28\xb5\x2f\xfd\x00' + bytes([code << 3]) +
            (len(text) << 3 | 1).to_bytes(3, 'little') + text)


# Other inputs that are rejected, with the expected error message.
ODD = {
    'access control lists': (acl(40000) + header('a') + END, HEADERS),
    'short lists': ((acl(5000) + header('a')) * 100 + END, HEADERS),
    'lists in a row': (acl(8000) * 30 + header('a') + END, HEADERS),
    'a map of a sparse file': (sparse_map(500000) + END, HEADERS),
    'holes': (hole('proc/iomem', 64 * MIB) * 100 + END, KEPT),
    'an endless hole': (hole('proc/iomem', (1 << 63) - 1) * 9 + END, KEPT),
    'a name of 100 MB': (header('././@LongLink', 100_000_000, b'L') + bytes(10000),
                         'Special header too large|' + HEADERS),
    'a pax header of 100 MB': (header('x', 100_000_000, b'x') + bytes(10000),
                               'Special header too large|' + HEADERS + '|[Tt]runcated'),
    'gzip in gzip': (gzip(gzip(gzip(b'')) * 99), 'must be unpacked first'),
    'nothing in much': (gzip(gzip(b'') * 5_000_000), 'must be unpacked first'),
    'a window of 768 MiB': (xz_window(35), 'memory'),
    'a window of 4 GiB': (xz_window(40), 'memory'),
    'a window of 2 GiB': (zstd_window(21), 'memory'),
}


class Checker:
    def __init__(self, args, where):
        self.args, self.where = args, where
        self.runs, self.bad, self.slowest = 0, 0, 0
        self.seconds = max(SECONDS, 4 * self.pace())
        self.env = dict(os.environ, EFIMAPCTL_IMPORTERS=args.importers, LC_ALL='C')

    @staticmethod
    def pace():
        """Return the seconds in which this machine decompresses as much as a bomb may expand to."""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        for _ in range(75):
            bz2.decompress(SLOW)
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before

    def run(self, words, data):
        """Return the tool's status and messages, the CPU seconds of the tool and its importer, and
        the peak memory in bytes of the larger one."""
        errors = os.path.join(self.where, 'errors')
        with open(errors, 'wb') as said, subprocess.Popen(
                [self.args.tool, *words], env=self.env, stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=said) as tool:
            try:
                for piece in data:
                    tool.stdin.write(piece)
                tool.stdin.close()
            except BrokenPipeError:
                pass
            _, status, usage = os.wait4(tool.pid, 0)
            tool.returncode = os.waitstatus_to_exitcode(status)
        with open(errors, encoding='utf-8') as said:
            return (tool.returncode, said.read(), usage.ru_utime + usage.ru_stime,
                    usage.ru_maxrss * 1024)

    def check(self, name, statuses, pattern, words, data=()):
        status, said, seconds, memory = self.run(words, data)
        size = os.path.getsize(words[-1]) if os.path.exists(words[-1]) else 0
        self.runs += 1
        self.slowest = max(self.slowest, seconds)
        wrong = []
        if status not in statuses or not re.search(pattern, said):
            wrong.append(f'status {status}: {said.strip()}')
        if not self.args.slow and statuses == (3,) and \
                seconds > self.seconds * max(1, size / MIB):
            wrong.append(f'{seconds:.1f} s of processor time')
        if not self.args.slow and memory > MEMORY:
            wrong.append(f'{memory // MIB} MiB of memory')
        for text in wrong:
            self.bad += 1
            print(f'FAILED: {name}: {text}', flush=True)

    def file(self, data):
        path = os.path.join(self.where, 'file')
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def bombs(self):
        for name, parts in BOMBS.items():
            for packer, pack in PACKERS.items():
                if ONLY.get(name, packer) == packer:
                    self.check(f'{name}, {packer}', (3,), WORDS.get(name, RATIO),
                               ('dump', self.file(packed(pack, *parts))))
        for name, (data, pattern) in ODD.items():
            if self.args.slow and pattern == 'memory':
                continue
            self.check(name, (3,), pattern, ('dump', self.file(data)))
        # The expansion limit does not apply to uncompressed data, but the limit on members does.
        self.check('a million members, not packed', (3,), MEMBERS, ('dump', '-'),
                   [many(header('a'))] * 250)

    def valid_files(self):
        tree = io.BytesIO()
        with tarfile.open(fileobj=tree, mode='w', format=tarfile.GNU_FORMAT) as tar:
            tar.add(os.path.join(self.args.fixtures, 'real', 'real-003'), 'report')
        tree = tree.getvalue()
        tree = tree[:len(tree.rstrip(b'\0')) + 511 & ~511]
        numbers = iter(int.from_bytes(os.urandom(3), 'little') for _ in range(1 << 20))
        log = ''.join(f'[{next(numbers) / 1e3:12.6f}] AER: aer_status: 0x00000001, aer_mask: 0\n'
                      for _ in range(15000)).encode()
        # sysfs reports 4096 bytes for each file, so tar pads the few bytes of content with zeros.
        pages = b''.join(member(f'report/sys/x/{next(numbers)}', b'%d' % next(numbers) + bytes(4090))
                         for _ in range(400))
        for packer, pack in PACKERS.items():
            for name, head, piece, times in (
                    ('a long log', header('report/var/other', 80 * len(log)), log, 80),
                    ('sysfs', b'', pages, 100)):
                padding = bytes(-len(log) * times % 512) if head else b''
                data = packed(pack, tree + head, piece, times, padding + END)
                self.check(f'{name}, {packer}', (0, 1), '', ('verify', '-q', self.file(data)))


SLOW = bz2.compress(fibonacci(899000))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--slow', action='store_true')
    for name in ('tool', 'importers', 'fixtures'):
        parser.add_argument(name)
    args = parser.parse_args()
    if not os.path.exists(os.path.join(args.importers, 'import-archive')):
        print('skipped: import-archive is not built')
        return 77
    with tempfile.TemporaryDirectory() as where:
        checker = Checker(args, where)
        checker.bombs()
        checker.valid_files()
    print(f'{checker.runs} runs, {checker.bad} failed; at most {checker.slowest:.1f} s of '
          'processor time')
    return 1 if checker.bad else 0


if __name__ == '__main__':
    sys.exit(main())
