#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that no input without an end delays a command.

usage: endless.py [--table] EFIMAPCTL

The inputs are sparse files of 8 TiB, which need few bytes in an archive, and endless pipes. A file
replaces each file of a complete capture and each path in src/capture/sources.table, one at a time.
It is also passed as SOURCE and to each option that names a file. A command must end within a second
of CPU time, and name a log that is too long. --table prints the times.
"""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import complete_machine as machine  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position

SIZE = 8 << 40
# Maximum CPU time of a command in seconds, and the time after which a command is stopped. Lines of
# EFI take more time than zeros.
SECONDS, SECONDS_OF_LINES, STOPPED = 1, 10, 30
COMMANDS = (('verify',), ('snapshot', '--redact'), ('report',))
LINE = b'[    0.000000] efi: EFI v2.70 by EDK II\n'
# {f} is the input, and {c} the complete capture.
LOGS = (('verify', '{f}'), ('snapshot', '{f}'), ('report', '{f}'), ('received', '{f}'),
        ('dump', '{f}'), ('compare', '{f}', '{c}'), ('compare', '{c}', '{f}'), ('plot', '{f}'),
        ('dump', '--format=page-table', '{f}'))
OTHERS = (('verify', '--kexec-log={f}', '{c}'), ('verify', '--kernel={f}', '{c}'),
          ('verify', '--initrd={f}', '{c}'))
REFUSED = 'longer than 256 MiB, the limit for this kind of file'
UNUSED = re.compile('longer than the limit|kernel log .unreadable')


def put_sparse(tree, path, others):
    """Replace a file, or add a file to a directory. Return its path."""
    for other in others:
        if os.path.isfile(os.path.join(tree, other)):
            os.unlink(os.path.join(tree, other))
    if os.path.isdir(os.path.join(tree, path)) or path.endswith(('.d', '/entries')):
        path += '/x.conf'
    machine.write(tree, path, b'')
    os.truncate(os.path.join(tree, path), SIZE)
    return path


class Test:
    def __init__(self, tool, where):
        self.tool, self.where = tool, where
        self.problems, self.rows = [], []
        self.complete = os.path.join(where, 'complete')
        machine.make_tree(self.complete)

    def run(self, name, words, most=SECONDS, stdin=subprocess.DEVNULL, named=None):
        """Run a command, and check its time. It must refuse the log "named". Return its output."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            done = subprocess.run([self.tool, *words], stdin=stdin, capture_output=True, check=False,
                                  timeout=STOPPED)
            status, said, shown = done.returncode, done.stderr.decode(), done.stdout.decode()
        except subprocess.TimeoutExpired:
            status, said, shown = 'stopped', '', ''
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = sum(getattr(after, key) - getattr(before, key) for key in ('ru_utime', 'ru_stime'))
        self.rows.append(f'{name:60} {words[0]:10} {used:6.2f} {status}')
        if used > most or status not in (0, 1, 3, 4):
            self.problems.append(self.rows[-1])
        if named and (status != 3 or f'{named}: {REFUSED}' not in said):
            self.problems.append(f'{self.rows[-1]}: {said}')
        return said + shown

    def check_trees(self):
        snapshot = subprocess.run([self.tool, 'snapshot', self.complete], check=True,
                                  capture_output=True)
        places = {path: [] for path, file in json.loads(snapshot.stdout)['files'].items()
                  if 'list' not in file and not re.search('map/[1-9]', path)}
        places.update((path, [other for other in paths if other != path])
                      for paths in machine.paths_of_table() for path in paths)
        for path, others in places.items():
            tree = os.path.join(self.where, 'tree')
            shutil.copytree(self.complete, tree)
            path = put_sparse(tree, path, others)
            is_log = 'dmesg' in path or 'journalctl' in path
            for command in COMMANDS:
                shown = self.run(path, [*command, tree])
                # The answer names a log that is too long, but is that of the other files.
                if is_log and (not UNUSED.search(shown) or REFUSED in shown):
                    self.problems.append(f'{self.rows[-1]}: {shown}')
            shutil.rmtree(tree)

    def check_operands(self, name, head):
        path = os.path.join(self.where, name)
        machine.write(self.where, name, head)
        os.truncate(path, SIZE)
        for words in (*LOGS, *OTHERS):
            self.run(f'{name}: {" ".join(words)}',
                     [word.format(f=path, c=self.complete) for word in words],
                     named=words in LOGS and path)

    def check_pipe(self, feed, most):
        for words in (*LOGS, *OTHERS, ('explain', '{f}')):
            with subprocess.Popen(['sh', '-c', feed], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL) as pipe:
                self.run(f'{feed} | {" ".join(words)}',
                         [word.format(f='-', c=self.complete) for word in words], most, pipe.stdout,
                         named=words in LOGS and 'standard input')
                pipe.stdout.close()


def main(argv):
    table, argv = fixture.take_option(argv, '--table')
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        test = Test(os.path.abspath(argv[1]), where)
        test.check_trees()
        test.check_operands('hole', b'')
        test.check_operands('log', LINE)
        test.check_pipe('cat /dev/zero', SECONDS)
        test.check_pipe(f"yes '{LINE.decode().strip()}'", SECONDS_OF_LINES)
    print('\n'.join(test.rows if table else test.problems))
    print(f'{len(test.rows)} runs, {len(test.problems)} problems')
    return 1 if test.problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
