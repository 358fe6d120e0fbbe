#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Break each file that is shipped for other programs, and check that its test fails.

usage: scripts/broken [OPTION…] [FILE…]     default: all files of breakages.rows

  --jobs=N  number of copies of the project to use in parallel; default: 2
  --list    list the breakages without running them; status 1 if a file or a kind of breakage is
            missing

FILE is a part of a file name. The working tree is not changed. One line is printed per breakage.
The status is 1 if a test does not detect a breakage, or if a test fails or skips a case although
nothing is broken.
"""
import glob
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import breakages

ROOT = breakages.ROOT
sys.path.insert(0, os.path.join(ROOT, 'tests', 'lint'))
import project  # noqa: E402 pylint: disable=wrong-import-position

# Timeouts in seconds: for setting up and building a copy, and for one test.
BUILD, TEST = 900, 600
# The interpreter for which Debian's Python modules are installed.
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
TARGETS = ['src/cli/efimapctl', 'importers/import-archive']


def run(command, where, seconds):
    try:
        done = subprocess.run(command, cwd=where, check=False, text=True, errors='replace',
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds)
    except subprocess.TimeoutExpired:
        return 1, f'FAILED it takes longer than {seconds} seconds'
    return done.returncode, done.stdout


def last_of(said):
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ['nothing said']
    return next((line for line in lines if line.startswith('FAILED')), lines[-1])[:110]


def render(text, values):
    return re.sub(r'@(\w+)@', lambda match: values.get(match[1], match[0]), text)


def learn(given, made):
    """Return the values of @words@, from the lines of a file before and after meson replaced
    them."""
    values = {}
    for before, after in zip(given.splitlines(), made.splitlines()):
        words = re.findall(r'@(\w+)@', before)
        if words and len(words) == len(set(words)):
            match = re.fullmatch(re.sub(r'@\w+@', '(/.*?)', re.escape(before)), after)
            values.update(zip(words, match.groups()) if match else ())
    return values


class Copy:
    def __init__(self, where, files):
        self.where = where
        for name in files:
            target = os.path.join(where, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), target)
        for command in (['meson', 'setup', 'build'], ['ninja', '-C', 'build', *TARGETS]):
            status, said = run(command, where, BUILD)
            if status:
                sys.exit(f'{" ".join(command)}: {said[-2000:]}')
        self.values, self.made = {}, {}
        self.find_made([name for name in files if name.startswith('integration/') and
                        name.endswith('.in')])

    def read(self, name):
        with open(os.path.join(self.where, name), encoding='utf-8') as file:
            return file.read()

    def find_made(self, names):
        """Find the generated files of each template. This script regenerates them later, because
        meson is slow."""
        texts = {path: self.read(path) for path in glob.glob(
            'build/integration/*/*', root_dir=self.where) if not path.endswith('.p')}
        for name in names:
            self.values.update(learn(self.read(name), texts.get('build/' + name[:-3], '')))
        for name in names:
            text = render(self.read(name), self.values)
            self.made[name] = [path for path, is_text in texts.items() if is_text == text]
            if not self.made[name]:
                sys.exit(f'nothing is made of {name}')

    def make(self, breakage, text):
        if text is None or breakage.row.file not in self.made:
            return run(['ninja', '-C', 'build', 'build.ninja'], self.where, BUILD)
        for path in self.made[breakage.row.file]:
            with open(os.path.join(self.where, path), 'w', encoding='utf-8') as file:
                file.write(render(text, self.values))
        return 0, ''

    def test(self, test):
        name, *cases = test.split()
        return run([PYTHON, f'tests/integration/{name}.py', 'build/src/cli/efimapctl', 'build',
                    *cases], self.where, TEST)

    def attempt(self, breakage):
        path = os.path.join(self.where, breakage.row.file)
        with open(path, 'rb') as file:
            whole = file.read()
        mode = os.stat(path).st_mode
        try:
            if breakage.text is None:
                os.remove(path)
            else:
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(breakage.text)
            status, said = self.make(breakage, breakage.text)
            if status:
                return f'build: {last_of(said)}'
            for test in breakage.row.tests:
                status, said = self.test(test)
                if status not in (0, 77):
                    return f'{test.split()[0]}: {last_of(said)}'
            return None
        finally:
            with open(path, 'wb') as file:
                file.write(whole)
            os.chmod(path, mode)
            self.make(breakage, whole.decode())


def find_problems(rows, files):
    """Yield the errors in the rows of breakages.rows."""
    listed = {row.file for row in breakages.ROWS}
    for name in files:
        if name.startswith(breakages.SHIPPED) and name not in listed and \
                not name.startswith(breakages.NOT_SHIPPED):
            yield f'{name}: no row in tests/integration/breakages.rows says what tests it'
    for name in sorted(listed - set(files)):
        yield f'{name}: has a row in tests/integration/breakages.rows, but is not there'
    for row in rows:
        for way in row.ways:
            if not list(way(row.read())):
                yield f'{row.file}: there is nothing to break by "{way.__doc__}"'


def in_copies(copies, what, things):
    """Run what(copy, thing) for each thing, with one thing at a time in each copy. Yield the things
    with their results."""
    free = queue.Queue()
    for copy in copies:
        free.put(copy)

    def work(thing):
        copy = free.get()
        try:
            return thing, what(copy, thing)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(work, things)


def attempt_all(found, rows, jobs):
    files, survivors = project.files(), 0
    with tempfile.TemporaryDirectory(prefix='efimap-broken-') as temp:
        copies = [Copy(os.path.join(temp, str(number)), files) for number in range(jobs)]
        tests = sorted({test for row in rows for test in row.tests})
        for test, (status, said) in in_copies(copies, Copy.test, tests):
            if status or '\nskipped: ' in '\n' + said:
                sys.exit(f'{test}, with nothing broken: {status}: {said[-600:]}')
        for breakage, noticed in in_copies(copies, Copy.attempt, found):
            survivors += not noticed
            print(f'{"noticed " if noticed else "SURVIVES"} {breakage}'
                  f'{": " + noticed if noticed else ""}', flush=True)
    return survivors


def main():
    jobs, lists, words = 2, False, []
    for word in sys.argv[1:]:
        if word.startswith('--jobs='):
            jobs = int(word.split('=')[1])
        elif word == '--list':
            lists = True
        elif word.startswith('-'):
            print(__doc__, file=sys.stderr)
            return 2
        else:
            words.append(word)
    rows = [row for row in breakages.ROWS
            if not words or any(word in row.file for word in words)]
    wrong = list(find_problems(rows, project.files()))
    if wrong or not rows:
        print('\n'.join(wrong) or 'no such file')
        return 1
    found = [breakage for row in rows for breakage in row.breakages()]
    if lists:
        print('\n'.join(str(breakage) for breakage in found))
        return 0
    survivors = attempt_all(found, rows, jobs)
    print(f'{len(found)} breakages of {len(rows)} files, {survivors} survive')
    return 1 if survivors else 0


if __name__ == '__main__':
    sys.exit(main())
