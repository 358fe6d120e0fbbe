#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make each allocation of a command fail.

usage: memory.py TOOL LIBRARY FIXTURES

The library (fail.c) forks at each allocation, which fails in the child. The child must print
"efimapctl: out of memory", end with status 3, and leave no file. The parent must write the same
output as without the library.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile

TOOL, LIBRARY, FIXTURES = sys.argv[1:]
CAPTURE = os.path.join(FIXTURES, 'real', 'ovmf-q35-6.1-kexec-first')
LOG = os.path.join(FIXTURES, 'real', 'ovmf-q35-6.1-efidebug-first', 'dmesg.txt')
COMMANDS = (
    ('verify', '--json', CAPTURE),
    ('report', LOG),
    ('snapshot', CAPTURE),
    ('dump', '--json', '{snapshot}'),
    ('compare', CAPTURE, '{snapshot}'),
)
OLD = b'what stood in it before\n'


class Job:
    def __init__(self, command, where):
        self.file = os.path.join(where, 'results', 'file')
        self.tally = os.path.join(where, 'tally')
        snapshot = os.path.join(where, 'snapshot')
        self.argv = [TOOL, *(word.format(snapshot=snapshot) for word in command), '-O', self.file]
        os.mkdir(os.path.dirname(self.file))

    def run(self, env=None, pass_fds=()):
        """Return the exit status, the messages, and the names and content of all results."""
        with open(self.file, 'wb') as file:
            file.write(OLD)
        done = subprocess.run(self.argv, env=dict(os.environ, LC_ALL='C', **(env or {})),
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=400, pass_fds=pass_fds)
        with open(self.file, 'rb') as file:
            content = file.read()
        return done.returncode, done.stderr, os.listdir(os.path.dirname(self.file)), content

    def steps(self):
        """Return the number of allocations, and the number of children that did not end well."""
        expected = self.run()
        with open(self.tally, 'wb') as file:
            file.write(bytes(16))
        results = os.open(os.path.dirname(self.file), os.O_RDONLY | os.O_DIRECTORY)
        # In a coverage build, each child would write the counters of all files.
        env = {'LD_PRELOAD': LIBRARY, 'GCOV_PREFIX': '/dev/null',
               'EFIMAP_FAIL': f'alloc {results} 0 0 {self.tally}'}
        found = self.run(env, (results,))
        os.close(results)
        with open(self.tally, 'rb') as file:
            calls, ended = struct.unpack('=QQ', file.read(16))
        if not calls:
            sys.exit(f'{LIBRARY} is not loaded')
        if found != expected:
            print(f'{" ".join(self.argv)}: status {found[0]}, expected {expected[0]}\n'
                  f'{found[1].decode(errors="replace")[:2000]}')
        shutil.rmtree(os.path.dirname(self.file))
        return calls, calls - ended + (found != expected)


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as where:
        subprocess.run([TOOL, 'snapshot', '-O', os.path.join(where, 'snapshot'), CAPTURE],
                       check=True)
        for command in COMMANDS:
            calls, failed = Job(command, where).steps()
            print(f'{command[0]}: {calls} allocations, {failed} failed')
            bad += failed
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
