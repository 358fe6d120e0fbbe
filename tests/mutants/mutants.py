#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check whether a test fails when a comparison, a condition or a bound in the rules is changed.

usage: scripts/mutants [OPTION…] [FILE…]     default: the files that build.rules() returns

  --again        run only mutants that survived last time, and keep the results of the others
  --jobs=N       number of processes; default: one for each processor
  --least=N      accept survivors if at least N % of the mutants that are not equivalent are killed
  --list         list the mutants without running them
  --quick        leave out the slow tests and the sanitizers

All mutants are compiled into the same program, and a number in the environment selects one. First,
each test runs without a mutant and records which mutants might have made a difference. Then those
tests run with each mutant until one of them fails. The exit status is 1 if a mutant survived that
is not in the list "equivalent" (beyond the number that --least accepts), or if a mutant in the list
was killed or does not exist.
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
# The same value as EFIMAP_MUTANTS in mutant.c.
SIZE = 1 << 17
# CPU time limit of tests with a mutant: SECONDS, plus SLOWER times their duration without a mutant.
# The second part is at most SLOWER seconds.
SLOWER, SECONDS = 20, 3
# For each mutant, the number of tests that run one at a time before all fixtures are tested
# together.
FIRST = 3
# For each mutant, run slow tests that together take at most this many seconds without a mutant.
PATIENCE = 1
MEGABYTES = 2048
SANITIZE = ('-Db_sanitize=address,undefined', '-Db_lundef=false')
OPTIONS = {'ASAN_OPTIONS': 'abort_on_error=0',
           'UBSAN_OPTIONS': 'halt_on_error=1'}


@dataclass
class Stage:
    """The tests in one build, the seconds that each takes, and the mutants that each can detect."""
    name: str
    build: str
    tests: list
    cost: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    # fresh: the tests that are new or have changed since the last run
    # tried: the mutants that survived the other tests in an earlier run
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
                    say(f'left out, it fails without a mutant: {problem.splitlines()[0]}')
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
        """Save the records after all mutants were run. Until then, new tests count as new."""
        with open(os.path.join(PLACE, self.name + '.json'), 'w', encoding='utf-8') as file:
            json.dump(self.known, file)

    def limits(self, together):
        """Return time and memory limits for tests with a mutant. Sanitizers need the full address
        space."""
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
        """Return the tests that can detect the mutant: first the tests that killed neighbouring
        mutants, then the unit test of the file, then fast tests."""
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
        """Return the mutant's key, the test that killed the mutant or None, and the number of tests
        that can detect the mutant."""
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
    say(f'{stage.name}: {len(living) - left} killed, {left} live, '
        f'{time.monotonic() - start:.0f} s')


def load(path):
    if not os.path.isfile(path):
        return {}
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def save(results):
    """Save the results for the next run. An interrupted run saves them, too."""
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
