#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check whether a test fails if a comparison, a condition or a bound in the rules is changed.

usage: scripts/mutants [OPTION…] [FILE…]

Each changed expression is a mutant, and the test that fails kills it. The default for FILE is the
list that build.rules() returns.

  --again        run only mutants that survived the previous run, and keep the other results
  --jobs=N       number of processes; default: one for each processor
  --least=N      accept survivors if at least N % of the mutants that are not equivalent are killed
  --list         list the mutants without running them
  --quick        do not run the slow tests and the sanitizers

All mutants are compiled into the same program, and an environment variable selects one. First, each
test runs without a mutant, and records the mutants that it can detect. Then the tests that can
detect a mutant run with this mutant until one of them fails. The exit status is 1 if too many
mutants survived that are not in the list "equivalent", or if a mutant in the list was killed or
does not exist. Without --least, no survivor is accepted.
"""
import itertools
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field

import build
import equivalents
import mutate
import table
import tests

PLACE = os.path.join(build.ROOT, 'build-mutants')
RESULTS = os.path.join(PLACE, 'results.json')
# Must equal EFIMAP_MUTANTS in mutant.c
SIZE = 1 << 17
# The CPU time limit of tests with a mutant is SECONDS plus SLOWER times their duration without a
# mutant, but at most SECONDS + SLOWER.
SLOWER, SECONDS = 20, 3
# Number of tests that run with a mutant one at a time, before all fixtures are verified in one
# process
FIRST = 3
# Maximum total duration in seconds, measured without a mutant, of the slow tests that run for one
# mutant
PATIENCE = 1
MEGABYTES = 2048
SANITIZE = ('-Db_sanitize=address,undefined', '-Db_lundef=false')
OPTIONS = {'ASAN_OPTIONS': 'abort_on_error=0',
           'UBSAN_OPTIONS': 'halt_on_error=1'}


@dataclass
class Stage:
    """The tests of one build, with the duration of each test (cost) and the mutants that it can
    detect (seen)"""
    name: str
    build: str
    tests: list
    cost: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    # fresh: tests that are new or have changed since the last run
    # tried: mutants that survived this stage in an earlier run, so only fresh tests run for them
    fresh: set = field(default_factory=set)
    tried: set = field(default_factory=set)
    known: dict = field(default_factory=dict)

    def look(self, scratch):
        """Run each new or changed test without a mutant, and remove the tests that fail."""
        bench, notes = tests.Bench(self.build, scratch), os.path.join(scratch, 'seen')
        known, kept = load(os.path.join(PLACE, self.name + '.json')), []
        for test in self.tests:
            with open(notes, 'wb') as file:
                file.truncate(SIZE)
            bench.use({'EFIMAP_MUTANT_SEEN': notes, **OPTIONS})
            start, now = time.monotonic(), test.state(bench)
            if known.get(test.name, [None])[0] != now:
                problem = test.run(bench)
                if problem:
                    say(f'test ignored, because it fails without a mutant: '
                        f'{problem.splitlines()[0]}')
                    continue
                with open(notes, 'rb') as file:
                    seen = [m.start() for m in re.finditer(b'\1', file.read())]
                known[test.name] = [now, time.monotonic() - start, seen]
                self.fresh.add(len(kept))
            kept.append(test)
            self.cost.append(known[test.name][1])
            self.seen.append(set(known[test.name][2]))
        self.tests = kept
        tests.settle(bench, [t for t in kept if isinstance(t, tests.Made) and not t.usual])
        self.known = known

    def remember(self):
        """Save the records of the tests. mutants.py calls this function after all mutants were
        run, so after an interrupted run, the new tests are still in "fresh"."""
        with open(os.path.join(PLACE, self.name + '.json'), 'w', encoding='utf-8') as file:
            json.dump(self.known, file)

    def limits(self, together):
        """Return environment variables that limit the time and memory of tests with a mutant.
        Sanitizers require an unlimited address space."""
        cost = sum(self.cost[n] for n in together)
        limits = {'EFIMAP_MUTANT_CPU': str(int(SECONDS + min(SLOWER * cost, SLOWER))), **OPTIONS}
        if self.name != 'sanitizers':
            limits['EFIMAP_MUTANT_MEMORY'] = str(MEGABYTES)
        return limits


class Worker:
    stage = bench = killers = None

    @classmethod
    def start(cls, stage, scratch):
        cls.stage, cls.bench = stage, tests.Bench(stage.build, scratch)
        cls.killers = defaultdict(list)

    @classmethod
    def order(cls, mutant):
        """Return the tests that can detect the mutant. Tests that killed other mutants of the same
        function or file are first, followed by the unit test of the file and by fast tests."""
        stem = os.path.splitext(os.path.basename(mutant.file))[0]
        killers = cls.killers[mutant.function] + cls.killers[mutant.file]
        able = [n for n, seen in enumerate(cls.stage.seen) if mutant.number in seen and
                (n in cls.stage.fresh or mutant.key() not in cls.stage.tried)]
        able.sort(key=lambda n: (
            killers.index(n) if n in killers else len(killers),
            not cls.stage.tests[n].name.endswith('/' + stem), cls.stage.cost[n]))
        if cls.stage.name == 'slow':
            sums = itertools.accumulate(cls.stage.cost[n] for n in able)
            able = [n for n, cost in zip(able, sums) if cost <= PATIENCE]
        return able

    @classmethod
    def attempt(cls, mutant):
        """Run tests with the mutant. Return the key of the mutant, the test that killed it or None,
        and the number of tests that can detect it."""
        able = cls.order(mutant)
        many = {n for n in able if getattr(cls.stage.tests[n], 'words', None) == ['verify']}
        rest = [[n] for n in able[FIRST:] if n not in many]
        for together in [[n] for n in able[:FIRST]] + [sorted(many)] + rest:
            killer = cls.kills(mutant, together) if together else None
            if killer is None:
                continue
            for place in (mutant.function, mutant.file):
                known = cls.killers[place]
                if killer in known:
                    known.remove(killer)
                known.insert(0, killer)
            return mutant.key(), cls.stage.tests[killer].name, len(able)
        return mutant.key(), None, len(able)

    @classmethod
    def kills(cls, mutant, together):
        cls.bench.use({'EFIMAP_MUTANT': str(mutant.number), **cls.stage.limits(together)})
        cases = [cls.stage.tests[n] for n in together]
        try:
            if len(cases) == 1:
                return together[0] if cases[0].run(cls.bench) else None
            found = tests.run_many(cls.bench, cases)
            return None if found is None else together[found]
        except (tests.fixture.txtar.Refused, ValueError, KeyError, UnicodeError,
                subprocess.SubprocessError):
            return together[0]


def say(text):
    print(text, file=sys.stderr, flush=True)


def attack(stage, mutants, jobs, results):
    living = [m for m in mutants if not results.get(m.key(), {}).get('killer')]
    if not living:
        return
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix='mutants-') as scratch:
        os.chmod(scratch, 0o755)
        stage.look(scratch)
        stage.tried = {key for key in results if stage.name in results[key].get('stages', ())}
        say(f'{stage.name}: {len(stage.tests)} tests, {sum(stage.cost):.0f} s without a mutant; '
            f'{len(living)} mutants')
        with multiprocessing.Pool(jobs, Worker.start, (stage, scratch)) as pool:
            for done, (key, killer, able) in enumerate(
                    pool.imap_unordered(Worker.attempt, living, chunksize=8), 1):
                stages = results.get(key, {}).get('stages', {})
                stages[stage.name] = max(able, stages.get(stage.name, 0))
                results[key] = {'killer': killer, 'stages': stages}
                if done % 100 == 0:
                    say(f'{stage.name}: {done} tried, {time.monotonic() - start:.0f} s')
                    save(results)
    save(results)
    stage.remember()
    left = sum(1 for m in living if not results[m.key()]['killer'])
    say(f'{stage.name}: {len(living) - left} killed, {left} survived, '
        f'{time.monotonic() - start:.0f} s')


def load(path):
    if not os.path.isfile(path):
        return {}
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def save(results):
    """Save the results for --again. mutants.py calls this function repeatedly, in case the run is
    interrupted."""
    with open(RESULTS + '.new', 'w', encoding='utf-8') as file:
        json.dump({**load(RESULTS), **results}, file, indent=0)
    os.replace(RESULTS + '.new', RESULTS)


def run(mutants, options):
    old = load(RESULTS)
    results = {m.key(): old[m.key()] for m in mutants
               if m.key() in old and '--again' in options}
    jobs = int(options.get('--jobs', os.cpu_count()))
    plain = build.build(PLACE, 'plain', jobs)
    attack(Stage('quick', plain, tests.quick(plain, PLACE)), mutants, jobs, results)
    if '--quick' not in options:
        attack(Stage('slow', plain, tests.slow()), mutants, jobs, results)
        left = [m for m in mutants if not results[m.key()]['killer']]
        if left:
            careful = build.build(PLACE, 'sanitize', jobs, *SANITIZE)
            attack(Stage('sanitizers', careful, tests.careful(careful, PLACE)), left, jobs,
                   results)
    save(results)
    return results


def main(argv):
    options = dict(word.partition('=')[::2] for word in argv[1:] if word.startswith('--'))
    names = [os.path.relpath(os.path.abspath(word), build.ROOT)
             for word in argv[1:] if not word.startswith('--')]
    if set(options) - {'--again', '--jobs', '--least', '--list', '--quick'}:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        every = build.rules()
        found = build.mutants(PLACE, every + sorted(set(names) - set(every)))
        chosen = [m for m in found if not names or m.file in names]
        if '--list' in options:
            print('\n'.join(f'{m.number} {m.kind} {m.place()}' for m in chosen))
            return 0
        start = time.monotonic()
        results = run(chosen, options)
    except (mutate.Refused, OSError) as error:
        say(f'mutants: {error}')
        return 2
    rows, problems = equivalents.load(), []
    for mutant in chosen:
        killer = results[mutant.key()]['killer']
        if not killer and mutant.key() not in rows:
            able = sum(results[mutant.key()]['stages'].values())
            print(f'{mutant.place()} [{mutant.kind}; {able or "no"} tests reach it]')
        if killer and mutant.key() in rows:
            problems.append(f'equivalent: killed by {killer}: {mutant.key()}')
    if not names:
        problems += equivalents.stale(rows, found)
    rendered, killed, unargued = table.of(chosen, results, rows)
    print(rendered)
    print('\n'.join(problems + [f'{time.monotonic() - start:.0f} seconds']))
    enough = 100 * killed >= float(options.get('--least', 100)) * (killed + unargued)
    return 1 if problems or not enough else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
