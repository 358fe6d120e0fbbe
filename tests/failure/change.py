#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Change the tool's input while the tool runs, at each possible time.

usage: change.py [--only=COMMAND] TOOL LIBRARY FIXTURES

The library (fail.c) stops the tool before the k-th call that accesses an input, for some k.
Then the input is changed, and the tool continues. The tool's result must match the old input or the
new input, or the tool must fail with status 3 and an error message. An output file must be complete
or absent. The tool must print no data of a file outside of a tree.
"""
import gzip
import itertools
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile

from options import options

# Timeout in seconds. It is long because the machine may be busy.
TIME_LIMIT = 400
UNREADABLE = 3
# Approximate number of tested calls per command
SUBSET = 6
# The first of the two descriptors that fail.c uses. The number exceeds those that the tool opens.
PIPES = 100
MAP = 'sys/firmware/efi/runtime-map'

# Commands with operands. {x} is the input that is changed. {s} is a tree and {k} a kernel image
# that are not changed. {d} is a directory for results.
COMMANDS = {
    'snapshot-tree': ('tree', ('snapshot', '{x}')),
    'snapshot': ('snapshot', ('snapshot', '-O', '{d}/file', '{x}')),
    'kernel': ('kernel', ('verify', '--json', '--kernel={x}', '{s}')),
    'initrd': ('initrd', ('verify', '--json', '--kernel={k}', '--initrd={x}', '{s}')),
    'log': ('log', ('dump', '--json', '{x}')),
}


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, data):
    with open(path, 'r+b') as file:
        file.write(data)
        file.truncate()


def files(tree):
    for where, _, names in os.walk(tree):
        for name in names:
            yield os.path.join(where, name)


def other(path):
    """Return the path of an input of the same kind with different content."""
    return path + '.other'


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def cut(path):
    write(path, read(path)[:os.path.getsize(path) // 2])


def grow(path):
    write(path, read(path) * 2)


def replace_by(make):
    def change(path):
        remove(path)
        make(path)
    return change


def link(path):
    os.symlink(other(path), path)


def in_file(name, change):
    return lambda path: change(os.path.join(path, name))


def rename_over(path):
    shutil.copyfile(other(path), path + '.new')
    os.replace(path + '.new', path)


def link_outside(path):
    """Replace the path by a symbolic link to a file of the same name outside of all inputs."""
    place, name = path.rsplit('/x/', 1)
    os.symlink(os.path.join(place, 'outside', name), path)


def swap(path):
    os.rename(path, path + '.old')
    shutil.copytree(other(path), path)


def append(path):
    write(path, read(path) + b'[    9.000000] Run /init\n')


IOMEM = 'proc/iomem'
LOG = 'dmesg.txt'
IMAGE = 'boot/vmlinuz-6.1.0-56-amd64'
INITRD = 'boot/initrd.img-6.1.0-56-amd64'
# The content of a file outside of the tree, which the tool must not print
SECRET = b'5ec3e7'
CHANGES = {
    'tree': {
        'cut': in_file(IOMEM, cut),
        'fifo': in_file(IOMEM, replace_by(os.mkfifo)),
        'link': in_file(IOMEM, replace_by(link_outside)),
        'link-above': in_file('proc', replace_by(link_outside)),
        'directory': in_file(IOMEM, replace_by(os.mkdir)),
        'written-over': in_file(IOMEM, lambda path: write(path, read(path).swapcase())),
        'image-replaced': in_file(IMAGE, rename_over),
        'initrd-cut': in_file(INITRD, cut),
        'log-append': in_file(LOG, append),
        'log-cut': in_file(LOG, cut),
        'firmware-gone': in_file('sys/firmware', remove),
        'gone': remove,
        'swapped': swap,
    },
    'file': {
        'cut': cut,
        'emptied': lambda path: write(path, b''),
        'grow': grow,
        'written-over': lambda path: write(path, read(other(path))),
        'renamed-over': rename_over,
        'gone': remove,
        'fifo': replace_by(os.mkfifo),
        'link': replace_by(link),
        'directory': replace_by(os.mkdir),
    },
    # A log may grow while it is read.
    'log': {'append': append},
}


class Place:
    """The original inputs, and a copy of one of them, which the test changes"""

    def __init__(self, args, path):
        self.args, self.path = args, path
        self.tally = os.path.join(path, 'tally')
        self.results = os.path.join(path, 'results')
        self.spoilt = True
        os.mkdir(self.results)
        real = os.path.join(args.fixtures, 'real')
        for source, name in (('first', 'tree'), ('second', 'second')):
            self.copy(os.path.join(real, 'ovmf-q35-6.1-kexec-' + source), name)
            self.make_small(self.at(name))
        os.makedirs(self.at('outside/proc'))
        for name in ('iomem', 'cmdline'):
            self.make('outside/proc/' + name, SECRET)
        self.copy(self.at('tree'), 'tree.other')
        self.shift(self.at('tree.other'))
        self.add_kernel(self.at('tree'))
        for end in ('', '.other'):
            tree = self.at('tree' + end)
            self.tool('snapshot', '-O', self.at('snapshot' + end), tree)
            self.make('kernel' + end, self.kernel(bool(end)))
        self.make('initrd', gzip.compress(self.kernel(False), mtime=1))
        self.make('initrd.other', gzip.compress(self.kernel(True) * 2, mtime=1))
        self.put('log', read(os.path.join(self.at('tree'), 'dmesg.txt')) * 8)

    def make_small(self, tree):
        """Remove most entries, because the tree is copied for each run."""
        for number in range(4, 100):
            for where in (MAP, 'sys/firmware/memmap'):
                shutil.rmtree(os.path.join(tree, where, str(number)), ignore_errors=True)
        shutil.rmtree(os.path.join(tree, 'sys/devices'), ignore_errors=True)

    def put(self, name, data):
        """Write a file, and another file of the same length that differs in the second half."""
        self.make(name, data)
        half = len(data) // 2
        self.make(name + '.other', data[:half] + data[half:].swapcase())

    def kernel(self, with_efi):
        head = bytearray(8192)
        struct.pack_into('<H', head, 0x1fe, 0xaa55)
        struct.pack_into('<4sH', head, 0x202, b'HdrS', 0x20f)
        struct.pack_into('<H', head, 0x236, 0x1f if with_efi else 0x0f)
        return bytes(head)

    def add_kernel(self, tree):
        """Add a kernel image with an initrd, and a second kernel image."""
        os.mkdir(os.path.join(tree, 'boot'))
        for end in ('', '.other'):
            self.make(os.path.join(tree, IMAGE + end), self.kernel(bool(end)))
        self.make(os.path.join(tree, INITRD), b'070701'.ljust(8192))

    def at(self, name):
        return os.path.join(self.path, name)

    def copy(self, source, name):
        """Copy a tree with its old time stamps, so that any later change has a newer time stamp."""
        shutil.copytree(source, self.at(name))

    def make(self, name, data):
        with open(self.at(name), 'wb') as file:
            file.write(data)
        os.utime(self.at(name), (1, 1))

    def shift(self, tree):
        """Turn the tree into one of a different machine: move all entries, and change the kernel
        release."""
        for path in files(tree):
            if path.endswith('/phys_addr'):
                write(path, b'0x%x\n' % (int(read(path), 16) + 0x1000000))
        version = os.path.join(tree, 'proc/version')
        write(version, read(version).replace(b'Linux version 6', b'Linux version 7'))

    def tool(self, *words):
        done = subprocess.run([self.args.tool, *words], check=False, capture_output=True)
        if done.returncode not in (0, 1):
            sys.exit(f'{words}: {done.stderr.decode()}')

    def fresh(self, kind):
        """Restore x, the input that is changed, and x.other, an input with different content.
        Return the path of x."""
        if self.spoilt:
            for name in os.listdir(self.path):
                if name.startswith('x'):
                    remove(self.at(name))
            os.symlink(kind + '.other', self.at('x.other'))
            if os.path.isdir(self.at(kind)):
                shutil.copytree(self.at(kind), self.at('x'))
            else:
                shutil.copy2(self.at(kind), self.at('x'))
        self.spoilt = False
        return self.at('x')


class Job:
    def __init__(self, name, place):
        self.kind, operands = COMMANDS[name]
        self.name, self.place = name, place
        words = {'x': place.at('x'), 's': place.at('second'), 'd': place.results,
                 'k': place.at('kernel')}
        operands = [word.format(**words) for word in operands]
        self.argv = [place.args.tool, *operands]

    def changes(self):
        return CHANGES.get(self.kind, CHANGES['file'])

    def start(self, env, pipes):
        env = dict(os.environ, LC_ALL='C', **env)
        for name in os.listdir(self.place.results):
            os.unlink(os.path.join(self.place.results, name))
        # pylint: disable-next=consider-using-with
        return subprocess.Popen(self.argv, env=env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=pipes)

    def end(self, process):
        try:
            out, err = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return 'hangs', b'', b'', {}
        results = {name: read(os.path.join(self.place.results, name))
                   for name in os.listdir(self.place.results)}
        return process.returncode, out, err, results

    def run(self):
        return self.end(self.start({}, ()))

    def run_changed(self, change, number):
        ours, theirs = os.pipe(), os.pipe()
        os.dup2(ours[1], PIPES)
        os.dup2(theirs[0], PIPES + 1)
        write(self.place.tally, bytes(8))
        process = self.start({
            'LD_PRELOAD': self.place.args.library,
            'EFIMAP_FAIL': f'change {PIPES} {number} 0 {self.place.tally}'}, (PIPES, PIPES + 1))
        for fd in (ours[1], theirs[0], PIPES, PIPES + 1):
            os.close(fd)
        # The pipe also becomes readable if the tool ends before the selected call.
        select.select([ours[0]], [], [], TIME_LIMIT)
        if os.read(ours[0], 1):
            self.place.spoilt = True
            change(self.place.at('x'))
            os.write(theirs[1], b'.')
        result = self.end(process)
        for fd in (ours[0], theirs[1]):
            os.close(fd)
        return result

    def calls(self):
        self.place.fresh(self.kind)
        self.run_changed(None, 1 << 62)
        return struct.unpack('=Q', read(self.place.tally))[0]

    def numbers(self):
        count = self.calls()
        if count == 0:
            sys.exit(f'{self.name}: {self.place.args.library} is not loaded')
        step = max(1, count // SUBSET)
        return sorted({*range(1, count, step), *range(1, min(count, 7)), max(1, count - 1), count})

    def steps(self):
        runs, bad = 0, 0
        numbers = self.numbers()
        self.place.fresh(self.kind)
        before = self.run()
        for name, change in self.changes().items():
            change(self.place.fresh(self.kind))
            self.place.spoilt = True
            after = self.run()
            for runs, number in zip(itertools.count(runs + 1), numbers):
                self.place.fresh(self.kind)
                result = self.run_changed(change, number)
                problem = find_problem(result, before, after)
                if problem:
                    bad += 1
                    print(f'FAILED: {self.name}: {name} before call {number}: {problem}', flush=True)
        return runs, bad


def find_problem(result, before, after):
    status, out, err, results = result
    if SECRET in out + err:
        return 'the output contains data of a file outside of the tree'
    if any((status, out, results) == (right[0], right[1], right[3]) for right in (before, after)):
        return None
    if status != UNREADABLE:
        return f'status {status}, {len(out)} bytes of output: {err.decode()[:300]}'
    if not err.strip():
        return 'no reason'
    return f'left {sorted(results)}' if results else None


def main():
    args = options(COMMANDS)
    runs, bad = 0, 0
    with tempfile.TemporaryDirectory() as path:
        place = Place(args, path)
        with open(place.tally, 'wb') as file:
            file.write(bytes(8))
        for name in args.only or COMMANDS:
            job = Job(name, place)
            place.spoilt = True
            more, worse = job.steps()
            runs, bad = runs + more, bad + worse
    print(f'{runs} runs, {bad} failed')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
