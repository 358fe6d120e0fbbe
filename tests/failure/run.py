#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the tool repeatedly, and make a different call fail each time.

usage: run.py [--only=COMMAND] [--kind=KIND] TOOL LIBRARY FIXTURES

The library (fail.c) makes the k-th open, read or write fail. In another run, all later calls of
this kind also fail. The test selects the first call with each call stack. The requirements for each
run of the tool are:
- No signal except SIGPIPE kills the tool, and the tool ends in time.
- If the exit status is the same as without failures, the output is also the same.
- Otherwise, the status is 3, and an error message is printed. If reading an input failed, the
  status can also be 4, because verify cannot tell the answer.
- No temporary file remains next to the file of -O.

If an input cannot be read, the tool may report a finding or record a fault instead of failing.
"""
import gzip
import itertools
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from errno import EINTR, EIO, EMFILE, ENOSPC

from options import options

# Timeout in seconds. It is long because the machine may be busy.
TIME_LIMIT = 400
STATUSES = (0, 1, 3, 4)
INPUTS = ('read', 'open')
# Commands with operands. {c} is a capture of a first kernel, {s} a capture of the second kernel,
# and {d} a directory for results.
COMMANDS = {
    'dump': ('dump', '{c}'),
    'dump-json': ('dump', '--json', '{c}'),
    'dump-log': ('dump', '--format=efi-memmap', '{d}/../log'),
    'dump-setup-data': ('dump', '--format=setup-data', '-O', '{d}/file', '{c}'),
    'dump-page-table': ('dump', '--format=page-table', '-O', '{d}/file', '{c}'),
    'verify-many': ('verify', '{c}', '{d}/../snapshot'),
    'verify-json': ('verify', '--json', '{d}/../snapshot'),
    'verify-image': ('verify', '--kernel={d}/../kernel', '--initrd={d}/../initrd', '{c}'),
    'verify-kexec': ('verify', '--json', '--kexec-log={c}/kexec.log', '{c}'),
    'compare': ('compare', '{c}', '{s}'),
    'received': ('received', '{s}'),
    'report': ('report', '{c}'),
    'snapshot': ('snapshot', '-O', '{d}/file', '{c}'),
}
# The commands whose output contains answers, but whose exit status does not depend on the answers
WITH_ANSWERS = ('report',)
# A row contains the kind of call, the kind of failure, and whether every later call also fails.
FAILURES = (
    ('read', EIO, 0), ('read', EINTR, 0), ('read', 'short', 1),
    ('open', EIO, 0), ('open', EMFILE, 1),
    ('write', ENOSPC, 0), ('write', EINTR, 0), ('write', 'short', 1), ('write', 'pipe', 0),
)
NEVER = 1 << 62
MAX_CALLS = 1 << 20
SHORTENED = ('sys/firmware/efi/runtime-map', 'sys/firmware/memmap')


class Run:
    def __init__(self, job, failure=None, at=0, sites=None):
        directory = job.directory
        env = dict(os.environ, LC_ALL='C')
        if failure:
            kind, how, onwards = failure
            with open(job.tally, 'r+b') as file:
                file.write(bytes(8))
            env['LD_PRELOAD'] = job.library
            env['EFIMAP_FAIL'] = f'{kind} {how} {at} {onwards} {job.tally}'
        if sites:
            env['EFIMAP_SITES'] = sites
        for name in os.listdir(directory):
            os.unlink(os.path.join(directory, name))
        try:
            done = subprocess.run(job.argv, env=env, capture_output=True, check=False,
                                  stdin=subprocess.DEVNULL, timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.status, self.out, self.err = 'hangs', b'', b''
        else:
            self.status, self.err = done.returncode, done.stderr
            self.out = done.stdout
        self.name, self.files = job.name, {}
        for name in os.listdir(directory):
            with open(os.path.join(directory, name), 'rb') as file:
                self.files[name] = file.read()
        self.calls = 0
        if failure:
            with open(job.tally, 'rb') as file:
                self.calls = struct.unpack('=Q', file.read(8))[0]

    def find_problem(self, right, failure):
        """Return an error, or None. "right" is a run without failures."""
        same = self.out == right.out and self.files == right.files
        whole = not self.files or self.files == right.files
        if failure[1] == 'pipe' and self.status == -signal.SIGPIPE:
            return None if whole else f'SIGPIPE, and remaining files: {sorted(self.files)}'
        if self.status not in STATUSES:
            return f'status {self.status}'
        if self.status == right.status and same:
            return None
        if set(self.files) - set(right.files):
            return f'status {self.status}, left {sorted(self.files)}'
        if failure[0] in INPUTS and self.shows_failure(right, failure[1]):
            return None
        if self.status == right.status:
            return f'status {self.status}, but the output differs'
        if not whole:
            return f'status {self.status}, but a file is incomplete'
        if self.status != 3 or not self.err.strip():
            return f'unexpected status {self.status}: "{self.err.decode().strip()}"'
        return None

    def joined_lines(self):
        """Return the results without line breaks, because report breaks lines."""
        return re.sub(r'(\\n| )+', ' ', f'{self.out}{self.files}')

    def recorded_errors(self):
        return f'{self.out}{self.files}'.count('"error": "E')

    def shows_failure(self, right, error):
        """Return whether the results show that an input was not read completely."""
        if self.name in WITH_ANSWERS and isinstance(error, int):
            reason = os.strerror(error)
            if reason in self.joined_lines() and reason not in right.joined_lines():
                return True
        if self.name == 'snapshot' and self.err.strip() and (self.files or self.out):
            return True
        # The word of a copy is "no fault found" before and after, but lacking[] names the file.
        if self.name == 'verify-kexec' and right.status == self.status:
            return self.out.count(b'"unreadable"') > right.out.count(b'"unreadable"')
        # A snapshot records the error. Facts of dump --json that were not read are missing.
        if self.name == 'snapshot' and right.status == self.status:
            return self.recorded_errors() > right.recorded_errors()
        if self.name == 'dump-json' and right.status == self.status:
            return self.out != right.out
        return self.status in (1, 3, 4) and (self.err.strip() or self.out != right.out)


class Job:
    def __init__(self, name, args, place):
        self.directory = os.path.join(place, 'results')
        self.tally = os.path.join(place, 'tally')
        self.library = args.library
        words = {'c': os.path.join(place, 'first'), 's': os.path.join(place, 'second'),
                 'd': self.directory}
        self.argv = [word.format(**words) for word in COMMANDS[name]]
        self.argv.insert(0, args.tool)
        self.name = name

    def steps(self, failure):
        runs = bad = 0
        right = Run(self)
        for runs, number in enumerate(self.places(failure), 1):
            run = Run(self, failure, number)
            problem = run.find_problem(right, failure)
            if problem:
                bad += 1
                err = run.err.decode(errors='replace').strip()
                print(f'FAILED: {self.name}: {failure[0]} {failure[1]} at {number}'
                      f'{" and on" if failure[2] else ""}: {problem}: {err[:300]}')
        return runs, bad

    def places(self, failure):
        """Return the number of the first call with each call stack, in ascending order."""
        sites = self.tally + '-sites'
        with open(sites, 'wb') as file:
            file.truncate(8 * MAX_CALLS)
        count = Run(self, failure, NEVER, sites).calls
        with open(sites, 'rb') as file:
            calls = [site for site, in struct.iter_unpack('=Q', file.read(8 * count))]
        if not calls and failure[1] == ENOSPC:
            sys.exit(f'{self.library} is not loaded')
        return sorted({site: number for number, site in
                       reversed(list(enumerate(calls, 1)))}.values())


def write_image(path):
    head = bytearray(8192)
    struct.pack_into('<H', head, 0x1fe, 0xaa55)
    struct.pack_into('<4sH', head, 0x202, b'HdrS', 0x20f)
    struct.pack_into('<H', head, 0x236, 0x1f)
    with open(path, 'wb') as file:
        file.write(head)


def prepare(args, place):
    """Prepare two small captures, and the same data in other formats."""
    for name in ('first', 'second'):
        tree = os.path.join(place, name)
        source = os.path.join(args.fixtures, 'real', 'ovmf-q35-6.1-kexec-' + name)
        shutil.copytree(source, tree)
        # Four entries are enough for all kinds of failures.
        for number, where in itertools.product(range(4, 100), SHORTENED):
            shutil.rmtree(os.path.join(tree, where, str(number)), ignore_errors=True)
    shutil.copyfile(os.path.join(args.fixtures, 'real', 'ovmf-q35-6.1-efidebug-first/dmesg.txt'),
                    os.path.join(place, 'log'))
    os.mkdir(os.path.join(place, 'results'))
    with open(os.path.join(place, 'tally'), 'wb') as file:
        file.write(bytes(8))
    first = os.path.join(place, 'first')
    write_image(os.path.join(place, 'kernel'))
    with open(os.path.join(place, 'initrd'), 'wb') as file:
        file.write(gzip.compress(b'070701'.ljust(8192), mtime=1))
    snapshot = os.path.join(place, 'snapshot')
    subprocess.run([args.tool, 'snapshot', '-O', snapshot, first], check=True)


def main():
    args = options(COMMANDS)
    runs, bad = 0, 0
    with tempfile.TemporaryDirectory() as place:
        prepare(args, place)
        for name in args.only or COMMANDS:
            job = Job(name, args, place)
            for failure in FAILURES:
                if args.kind not in (None, failure[0]):
                    continue
                more, worse = job.steps(failure)
                runs, bad = runs + more, bad + worse
    print(f'{runs} runs, {bad} failed')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
