#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Send signals to the tool while it writes a file.

usage: signals.py TOOL LIBRARY FIXTURES

The library (fail.c) stops the tool before a call that writes. Then the test sends a signal whose
default action terminates the tool. For each call and each signal, the file must contain its old or
its complete new content, no other file may remain, and the signal must terminate the tool.
"""
import contextlib
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile

TOOL, LIBRARY, FIXTURES = sys.argv[1:]
CAPTURE = os.path.join(FIXTURES, 'real', 'real-003')
SECONDS = 400
# The first of the two descriptors that fail.c uses. The number exceeds those that the tool opens.
PIPES = 100
# Signals whose default action terminates a program, except signals for program errors, such as
# SIGSEGV
SIGNALS = [getattr(signal, 'SIG' + name) for name in (
    'HUP', 'INT', 'QUIT', 'PIPE', 'ALRM', 'TERM', 'USR1', 'USR2', 'XCPU', 'VTALRM', 'PROF', 'IO',
    'PWR', 'RTMIN', 'RTMAX')]
OLD = b'what stood in it before\n'


def prepare():
    """Restore the default actions of signals, some of which nohup(1) and shells ignore, and disable
    core files."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Job:
    def __init__(self, where):
        self.where = os.path.join(where, 'results')
        self.tally = os.path.join(where, 'tally')
        self.file = os.path.join(self.where, 'file')
        self.argv = [TOOL, 'dump', '--json', '-O', self.file, CAPTURE]
        os.mkdir(self.where)
        subprocess.run(self.argv, check=True)
        with open(self.file, 'rb') as file:
            self.new = file.read()

    def run(self, number, what):
        """Send a signal before the call with this number. Return the exit status, or None if there
        is no such call."""
        with open(self.file, 'wb') as file:
            file.write(OLD)
        with open(self.tally, 'wb') as file:
            file.write(bytes(8))
        ours, theirs = os.pipe(), os.pipe()
        os.dup2(ours[1], PIPES)
        os.dup2(theirs[0], PIPES + 1)
        env = dict(os.environ, LC_ALL='C', LD_PRELOAD=LIBRARY,
                   EFIMAP_FAIL=f'hold {PIPES} {number} 0 {self.tally}')
        # pylint: disable-next=subprocess-popen-preexec-fn
        with subprocess.Popen(self.argv, env=env, preexec_fn=prepare, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              pass_fds=(PIPES, PIPES + 1)) as process:
            for fd in (ours[1], theirs[0], PIPES, PIPES + 1):
                os.close(fd)
            # The pipe also becomes readable if the tool ends before the selected call.
            select.select([ours[0]], [], [], SECONDS)
            was_held = bool(os.read(ours[0], 1))
            if was_held:
                process.send_signal(what)
                # If the tool has already ended, find_problem() checks its exit status.
                with contextlib.suppress(BrokenPipeError):
                    os.write(theirs[1], b'.')
            process.communicate(timeout=SECONDS)
        for fd in (ours[0], theirs[1]):
            os.close(fd)
        return process.returncode if was_held else None

    def find_problem(self, status, what):
        left = sorted(set(os.listdir(self.where)) - {os.path.basename(self.file)})
        for name in left:
            os.unlink(os.path.join(self.where, name))
        if left:
            return f'left {left}'
        with open(self.file, 'rb') as file:
            content = file.read()
        if content not in (OLD, self.new):
            return f'the file has {len(content)} bytes, expected {len(self.new)}'
        return None if status == -what else f'status {status}'

    def steps(self):
        runs, problems, number = 0, [], 1
        while True:
            for what in SIGNALS:
                status = self.run(number, what)
                if status is None:
                    return runs, problems
                runs += 1
                problem = self.find_problem(status, what)
                if problem:
                    problems.append(f'{signal.Signals(what).name} before call '
                                    f'{number}: {problem}')
            number += 1


def main():
    with tempfile.TemporaryDirectory() as where:
        runs, problems = Job(where).steps()
    if not runs:
        sys.exit(f'{LIBRARY} is not loaded')
    print('\n'.join([*problems, f'{runs} runs, {len(problems)} failed']))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
