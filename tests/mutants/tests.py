# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests that run with mutants.

run() of a test returns None or an error. Environment variables of the programs that it starts
(mutant.c) select a mutant, or a file that records the mutants that the test can detect.
"""
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
ROOT = os.path.dirname(TESTS)
sys.path += [os.path.join(TESTS, name) for name in ('tools', 'fixtures', 'cli')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import judge  # noqa: E402 pylint: disable=wrong-import-position
import run as cli  # noqa: E402 pylint: disable=wrong-import-position

# Time limit of a program, which stops a mutant that hangs without using CPU time
SECONDS = 120


class Bench:
    def __init__(self, build, scratch):
        self.build, self.scratch = build, scratch
        self.tool = os.path.join(build, 'src', 'cli', 'efimapctl')
        self.environment = {}
        self.bases = {}
        self.bin_dir = os.path.join(scratch, f'bin-{os.path.basename(build)}-{os.getpid()}')

    def use(self, environment):
        self.environment, self.bases = environment, {}
        judge.ENVIRONMENT = {'LC_ALL': 'C', **environment}

    def get_findings(self, words):
        return judge.get_findings(self.tool, words)

    def base(self, words, place):
        """Return the findings of a real capture. They are computed once for each mutant."""
        key = (*words, place)
        if key not in self.bases:
            self.bases[key] = self.get_findings([*words, place])
        return self.bases[key]


@functools.lru_cache(maxsize=None)
def content(path):
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


class Program:
    def __init__(self, name, words, environment=None):
        self.name, self.words, self.environment = name, words, environment or {}

    def state(self, bench):
        """Return a string that changes if the program or its arguments change."""
        return content(os.path.join(bench.build, self.words[0])) + repr(self.words)

    def run(self, bench):
        done = subprocess.run(
            [os.path.join(bench.build, self.words[0]), *self.words[1:]], check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SECONDS, env={**os.environ, **self.environment, **bench.environment})
        return f'{self.name}: {done.returncode}' if done.returncode else None


class Rows(Program):
    """A file in tests/fixtures/rows. Its captures differ from a base capture in one detail."""

    def state(self, bench):
        return ''.join(content(word) for word in self.words)


class Real:
    """A real capture, for which verify must report no error"""

    def __init__(self, name):
        self.name, self.case = f'real/{name}', name

    def state(self, bench):
        return content(bench.tool) + digest(state(fixture.path_of('real', self.case)))

    def run(self, bench):
        problems = judge.check_real(bench.tool, self.case, {})
        return problems[0] if problems else None


class Made:
    def __init__(self, name, tree, stamp):
        self.name, self.case, self.tree, self.stamp = f'made/{name}', name, tree, stamp
        self.usual = None
        self.words = judge.words_of(fixture.load('made', name), tree)

    def state(self, bench):
        with open(self.stamp, encoding='utf-8') as file:
            return content(bench.tool) + digest(file.read())

    def run(self, bench):
        return self.weigh(bench, bench.get_findings([*self.words, self.tree]))

    def weigh(self, bench, found):
        """Return an error in the findings, or None. If the findings equal those without a mutant,
        the findings of the fixture's base are not computed, which saves time."""
        if self.usual is not None and found == self.usual:
            return None
        case = fixture.load('made', self.case)
        place = fixture.real(fixture.line_of(case, 'BASE'))
        base = bench.base(judge.words_of(case, place), place)
        problems = judge.weigh(self.case, case, judge.rule_of(self.case, known(bench.tool)),
                               found - base)
        if self.usual is None and not problems:
            self.usual = found
        return problems[0] if problems else None


def run_many(bench, cases):
    """Check several synthetic fixtures with one process. Return the index of the first fixture that
    fails, or None if all succeed. If the process fails, return 0."""
    done = subprocess.run([bench.tool, 'verify', '--json', *(case.tree for case in cases)],
                          capture_output=True, text=True, check=False, timeout=SECONDS,
                          env=judge.ENVIRONMENT)
    lines = done.stdout.splitlines()
    if len(lines) != len(cases) or done.returncode not in judge.STATUSES:
        return 0
    for number, (case, line) in enumerate(zip(cases, lines)):
        if case.weigh(bench, judge.findings(json.loads(line.replace(case.tree, '$TREE')))):
            return number
    return None


def settle(bench, cases):
    """Record the findings of synthetic fixtures without a mutant."""
    bench.use({})
    together = [case for case in cases if case.words == ['verify']]
    if together:
        run_many(bench, together)
    for case in cases:
        if case.usual is None:
            case.run(bench)


class Case:
    def __init__(self, name):
        self.name, self.case = f'cli/{name}', name

    def state(self, bench):
        return content(bench.tool) + digest(state(cli.path_of(self.case)))

    def run(self, bench):
        if not os.path.isdir(bench.bin_dir):
            cli.make_bin(bench.tool, bench.bin_dir)
        usual = cli.environment
        cli.environment = lambda bin_dir: {**usual(bin_dir), **bench.environment}
        try:
            if cli.missing_need(self.case, bench.bin_dir):
                return None
            with tempfile.TemporaryDirectory(dir=bench.scratch) as scratch:
                os.chmod(scratch, 0o755)
                return cli.find_problem(self.case, cli.observe(self.case, bench.bin_dir, scratch)) \
                    or None
        finally:
            cli.environment = usual


@functools.lru_cache(maxsize=None)
def known(tool):
    return judge.rules(tool)


def units(build):
    """Return the unit tests whose programs contain mutated sources."""
    listing = subprocess.run(['meson', 'introspect', '--tests', build], capture_output=True,
                             check=True, text=True)
    return [Program('unit/' + test['name'],
                    [os.path.relpath(test['cmd'][0], build), *test['cmd'][1:]], test['env'])
            for test in json.loads(listing.stdout)
            if test['cmd'][0].endswith('/unit/unit')]


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def state(path):
    info = os.stat(path)
    return repr((path, info.st_size, info.st_mtime_ns))


def prepare(tool, name, place):
    """Unpack a synthetic fixture below a directory. If a snapshot of it has the same findings,
    write only the snapshot, because it is faster to read."""
    tree, file = os.path.join(place, name), os.path.join(place, name + '.json')
    case = fixture.load('made', name)
    shutil.rmtree(tree, ignore_errors=True)
    if os.path.exists(file):
        os.unlink(file)
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as scratch:
        made_here = os.path.join(scratch, 'tree')
        fixture.unpack(fixture.path_of('made', name), made_here)
        if judge.words_of(case, made_here) == ['verify']:
            done = subprocess.run([tool, 'snapshot', made_here, '-O', file], check=False,
                                  capture_output=True)
            if done.returncode == 0 and judge.get_findings(tool, ['verify', file]) == \
                    judge.get_findings(tool, ['verify', made_here]):
                return
            if os.path.exists(file):
                os.unlink(file)
        shutil.move(made_here, tree)


def made(tool, place):
    """Return the tests of synthetic fixtures. Unpack new and changed fixtures below a directory."""
    os.makedirs(place, exist_ok=True)
    tests = []
    for name in fixture.names('made'):
        stamp, case = os.path.join(place, name + '.state'), fixture.load('made', name)
        now = state(fixture.file_of(fixture.path_of('made', name))) + \
            state(fixture.path_of('real', fixture.line_of(case, 'BASE')))
        if not os.path.isfile(stamp) or open(stamp, encoding='utf-8').read() != now:
            prepare(tool, name, place)
            with open(stamp, 'w', encoding='utf-8') as file:
                file.write(now)
        snapshot = os.path.join(place, name + '.json')
        source = snapshot if os.path.isfile(snapshot) else os.path.join(place, name)
        tests.append(Made(name, source, stamp))
    return tests


def rows(build):
    tool, place = os.path.join(build, 'src', 'cli', 'efimapctl'), os.path.join(fixture.ROOT, 'rows')
    return [Rows('rows/' + name.removesuffix('.rows'),
                 [os.path.join(fixture.ROOT, 'rows.py'), tool, os.path.join(place, name)])
            for name in sorted(os.listdir(place)) if name.endswith('.rows')]


def quick(build, scratch):
    tool = os.path.join(build, 'src', 'cli', 'efimapctl')
    return units(build) + rows(build) + made(tool, os.path.join(scratch, 'made')) + \
        [Real(name) for name in fixture.names('real')]


def slow():
    """Return the command-line tests that check a capture, except those with thousands of
    entries."""
    checks = re.compile(r'\b(verify|compare|received|explain|page-table)\b')
    return [Case(name) for name in cli.names()
            if checks.search(cli.read(name, 'cmd')) and '0000' not in cli.read(name, 'cmd')]


def careful(build, scratch):
    return [test for test in quick(build, scratch)
            if test.name.startswith(('unit/', 'rows/')) or getattr(test, 'words', None) == ['verify']]
