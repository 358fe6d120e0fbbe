#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that less data never leads to a better answer, and never to a proof.

usage: less.py [--runs=N] [--seed=N] [--options=WORDS] EFIMAPCTL [SOURCE…]

An answer allows its K and U, all effects between them, and each effect that an entry of
not_checked[] could have. For every fixture, or for each SOURCE, one file of its recording is
missing, denied, unreadable, empty or cut, or lacks a line. What the answers to a question allow may
then only grow: the worst effect is no better, unless not_checked[] has a new entry that explains
it, and no effect is proven that was not proven before. The state of kdump may only become unknown.
With --runs, only N random changes of each source are tested.
"""
import collections
import fnmatch
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position

RANK = {outcome: rank for rank, outcome in enumerate(
    ('ok', 'entry-dropped', 'memory-at-risk', 'unknown', 'runtime-services-fail',
     'boots-without-efi', 'cannot-load', 'does-not-boot'))}
WORST = max(RANK.values())
ERRORS = ('EACCES', 'EIO')
# Large files and large lists are changed at this number of places.
MOST = 40
# Number of changed recordings that one process reads
BATCH = 64
CONTRADICTION = 'two files are needed for a contradiction'
RUNNING = 'the snapshot is of a running system, on which a missing file does not exist'
# Changes that leave a complete file or system with other content: patterns of a source, a path and
# a way, and the reason
UNDETECTABLE = [
    ('*', 'boot*', 'missing', 'the kernel is not installed'),
    ('*', 'boot', '[el]*', 'the kernel is not installed'),
    ('*', 'etc/*', '[cl]*', 'a configuration need not contain a line'),
    ('made/crash-parameters', 'etc/default/kdump-tools', 'empty', 'all defaults apply'),
    ('*', 'proc/iomem', 'less', 'a range need not be listed'),
    ('*', 'sys/firmware/efi/systab', '[cl]*', 'a table need not be listed'),
    ('*', 'dmesg*', '[cl]*', 'a kernel need not print a message'),
    ('*', 'var/log/dmesg', '[cl]*', 'a kernel need not print a message'),
    ('*', 'sys/kernel/kexec_crash_size', '*', CONTRADICTION),
    ('made/next-reads-runtime.near-4', 'proc/iomem', '*', CONTRADICTION),
    ('made/load-room.near-2', 'proc/iomem', '*', CONTRADICTION),
    ('made/runtime-in-crash.near-2', 'proc/iomem', '*', CONTRADICTION),
    ('made/boot-memory.near-4', 'proc/meminfo', '*', CONTRADICTION),
    ('made/config-table-unmapped-debian', 'proc/version', '*', 'the log contradicts proc/version'),
    ('made/config-table-unmapped.near-8', 'proc/version', '*', 'the log contradicts proc/version'),
    ('made/crash-ranges-full', 'proc/iomem', 'cut', 'a reserved range need not be listed'),
    ('made/load-default-entry.near', 'boot/vmlinuz*', '*', 'the unified kernel image is then the '
     'only one that can be read'),
    ('made/load-scratch', 'boot/config*', '[cel]*', 'this configuration is listed as incomplete'),
    ('made/range-above-cpu-bits', 'proc/cpuinfo', 'less', 'the first CPU counts'),
    ('real/debian-13-kdump-first', 'boot/vmlinuz*', 'cut', 'an image can be truncated'),
    ('real/debian-13-kdump-first', 'sys/firmware/efi/runtime-map', '[em]*', RUNNING),
    ('real/debian-13-kdump-first', 'sys/firmware/efi/*', 'missing', RUNNING),
    ('real/debian-13-kdump-first', 'sys/firmware/memmap', 'less', RUNNING),
    ('real/debian-13-kdump-first', 'proc/iomem', 'cut', 'a snapshot of a running system is not cut'),
    ('made/efi-info-signature.near', '*', '*', 'boot_params contradicts fw_platform_size'),
    ('made/drift-other-machine', '*/fw_platform_size', '*', 'boot_params contradicts fw_platform_size'),
    ('made/load-fixed-memory*', 'proc/zoneinfo', '*', 'few machines have memory that is only '
     'movable, so an unread zoneinfo is not worth a line'),
    ('made/reboot-parameters*', 'etc/default/kexec', '[me]*', 'only Debian has the file'),
    ('made/boot-memory.near-6', 'etc/default/kexec', '[me]*', 'only Debian has the file'),
    ('made/cpu-without-nx*', 'proc/cpuinfo', '*', 'nearly every CPU has NX, so an unread list of '
     'flags is not worth a line'),
    ('made/cpu-without-nx-log', 'dmesg.txt', 'empty', 'nearly every CPU has NX'),
    ('made/drift-memmap.near', 'proc/iomem', 'cut', 'iomem is compared only with a memmap in '
     'ascending order, which every kernel exports'),
    ('made/xen-*', 'sys/kernel/boot_params/data', '*', 'the log of the fixture is not of Xen'),
]
# Changes after which earlier versions gave a better answer, or a proof. They are always tested.
FOUND = [
    ('made/type-impossible-unaccepted', 'sys/firmware/efi/runtime-map/2/attribute', 'empty'),
    ('made/range-overflow-to-end', 'sys/firmware/efi/runtime-map/2/num_pages', 'EIO'),
    ('made/range-above-cpu-bits-code', 'proc/cpuinfo', 'EIO'),
    ('made/map-absent-rt-runtime', 'proc/cmdline', 'EIO'),
    ('made/setup-data-tables-zero.near', 'sys/firmware/efi/runtime-map', 'empty'),
    ('made/range-exceeds-efi-va-range', 'sys/firmware/efi/runtime-map/8/type', 'empty'),
    ('made/virt-incongruent', 'sys/firmware/efi/runtime-map', 'missing'),
    ('made/pointer-virtual', 'sys/firmware/efi/config_table', 'missing'),
    ('made/setup-data-no-efi', 'sys/kernel/boot_params/data', 'missing'),
    ('made/load-commit', 'proc/sys/vm/overcommit_memory', 'empty'),
]


class Allowed:
    """What the answers of a report to one question allow"""
    def __init__(self, answers):
        self.low, self.high = WORST, 0
        self.states = {answer.get('state') for answer in answers}
        self.not_checked = {(item['check'], item['source']): item['check']
                            for answer in answers for item in answer['not_checked']}
        self.summary = ' '.join(f'{one["outcome"]},{one["certainty"]}' for one in answers)
        for answer in answers:
            known = answer['outcome'] if answer['certainty'] in ('certain', 'chance') else 'ok'
            if answer['certainty'] == 'unknown':
                # The reasons show K, if a load was predicted.
                known = max(['ok'] + [one['outcome'] for one in answer['reasons']
                                      if one['certainty'] in ('certain', 'chance')], key=RANK.get)
            worst = answer['at_worst'] or \
                ('does-not-boot' if answer['outcome'] == 'unknown' else 'ok')
            self.high = max(self.high, RANK[known], RANK[worst])
            is_proven = answer['certainty'] == 'certain' and known != 'ok'
            self.low = min(self.low, RANK[known] if is_proven else 0)


def allowed_by(report):
    """Return what each question allows, or None if the program refuses to answer."""
    if report['verdict'] in ('denied', 'unreadable') or not report['answers']:
        return None
    by_question = collections.defaultdict(list)
    for answer in report['answers']:
        by_question[answer['question']].append(answer)
    return {question: Allowed(answers) for question, answers in by_question.items()}


def compare(before, after, effects):
    """Yield what became better, or proven, although the data became less."""
    for question, was in before.items():
        now = after.get(question)
        if not now:
            yield f'{question}: no answer'
            continue
        change = f'{question}: {was.summary} -> {now.summary}'
        new = [RANK.get(effects.get(check), WORST)
               for key, check in now.not_checked.items() if key not in was.not_checked]
        if max([now.high, *new]) < was.high:
            yield f'better: {change}'
        if now.low > was.low:
            yield f'proven: {change}'
        # Without iomem, not-reserved is not known.
        less_exact = {'not-loaded' if state == 'not-reserved' else state for state in was.states}
        if now.states not in (was.states, less_exact) and 'unknown' not in now.states:
            yield f'state: {question}: {sorted(was.states)} -> {sorted(now.states)}'


def without(files, path):
    return {name: value for name, value in files.items()
            if name != path and not name.startswith(path + '/')}


def pick(rng, things):
    things = list(things)
    return things if len(things) <= MOST else rng.sample(things, MOST)


def spoil(files, path, rng):
    """Yield names of ways and changed copies of the files."""
    value, rest = files[path], without(files, path)
    yield 'missing', rest
    for error in ERRORS:
        yield error, {**rest, path: {'error': error}}
    if isinstance(value, str) and value:
        lines = value.splitlines(True)
        yield 'empty', {**files, path: ''}
        # A part of a single value is another value.
        for _ in range(4 if len(lines) > 1 else 0):
            yield 'cut', {**files, path: value[:rng.randrange(1, len(value))]}
        for i in pick(rng, range(len(lines))) if len(lines) > 1 else []:
            yield 'less', {**files, path: ''.join(lines[:i] + lines[i + 1:])}
    elif isinstance(value, dict) and value.get('parts'):
        yield 'empty', {**files, path: {'size': 0, 'parts': []}}
        for at in range(len(value['parts'])):
            yield 'cut', {**files, path: {'size': value['parts'][at]['at'],
                                          'parts': value['parts'][:at]}}
    elif isinstance(value, dict) and value.get('list'):
        yield 'empty', {**rest, path: {'list': []}}
        # Without the last of numbered entries, the numbers have no gap.
        names = sorted(value['list'], key=lambda name: (len(name), name))
        for name in pick(rng, names[:-1] if re.fullmatch('[0-9]+/', names[-1]) else names):
            left = [one for one in value['list'] if one != name]
            yield 'less', {**without(files, f'{path}/{name.rstrip("/")}'), path: {'list': left}}


def is_undetectable(name, path, how):
    return any(fnmatch.fnmatch(name, source) and fnmatch.fnmatch(path, pattern) and
               fnmatch.fnmatch(how, way) for source, pattern, way, _ in UNDETECTABLE)


def changes_of(name, recording, runs, rng):
    """Yield pairs of a place and a changed recording. Entries of maps are alike, so that only a
    few of them are changed."""
    files, alike = recording['files'], collections.defaultdict(list)
    for path in files:
        alike[re.sub(r'[0-9]+', 'N', path)].append(path)
    paths = [path for group in alike.values()
             for path in (group if len(group) <= 4 else rng.sample(group, 4))]
    if runs:
        paths = rng.sample(paths, min(runs, len(paths)))
    for source, path, found in FOUND:
        if source == name:
            yield from ((f'{path} {how}', {**recording, 'files': changed})
                        for how, changed in spoil(files, path, rng) if how == found)
    for path in paths:
        ways = [(how, changed) for how, changed in spoil(files, path, rng)
                if not is_undetectable(name, path, how)]
        for how, changed in rng.sample(ways, min(1, len(ways))) if runs else ways:
            yield f'{path} {how}', {**recording, 'files': changed}


def verify(tool, options, where, recordings):
    """Return the reports for recordings. A missing report is an error."""
    paths = []
    for i, recording in enumerate(recordings):
        paths.append(os.path.join(where, f'{i}.json'))
        with open(paths[-1], 'w', encoding='utf-8') as file:
            json.dump(recording, file)
    done = subprocess.run([tool, 'verify', '--format=ndjson', *options, *paths],
                          capture_output=True, check=False, timeout=600)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode not in (0, 1, 3, 4, 5) or b'anitizer' in done.stderr:
        return None
    by_path = {report['source']: report for report in reports}
    return [by_path.get(path) for path in paths]


def check_source(tool, options, where, name, recording, runs, rng, effects):
    """Yield problems, and at last the number of changes."""
    count, batch = 0, []
    base = allowed_by(verify(tool, options, where, [recording])[0])
    if not base:
        yield 0
        return
    changes = list(changes_of(name, recording, runs, rng))
    while changes:
        batch, changes = changes[:BATCH], changes[BATCH:]
        reports = verify(tool, options, where, [changed for _, changed in batch])
        if reports is None:
            yield f'crashed: one of {[place for place, _ in batch]}'
            continue
        count += len(batch)
        for (place, _), report in zip(batch, reports):
            after = allowed_by(report) if report else None
            if after:
                yield from (f'{place}: {problem}' for problem in compare(base, after, effects))
    yield count


def main(argv):
    words = [word for word in argv[1:] if not word.startswith('--')]
    given = dict(word[2:].partition('=')[::2] for word in argv[1:] if word.startswith('--'))
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    tool, rng = os.path.abspath(words[0]), random.Random(int(given.get('seed', 1)))
    listing = subprocess.run([tool, 'explain', '--json'], capture_output=True, check=True)
    effects = {rule['rule']: rule['consequence'] for rule in json.loads(listing.stdout)['rules']}
    problems, count = 0, 0
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        for name, source in [(one, one) for one in words[1:]] or fixture.sources(where):
            done = subprocess.run([tool, 'snapshot', source], capture_output=True, check=False)
            if done.returncode:
                continue
            for found in check_source(tool, given.get('options', '').split(), where, name,
                                      json.loads(done.stdout), int(given.get('runs', 0)), rng,
                                      effects):
                if isinstance(found, int):
                    count += found
                else:
                    problems += 1
                    print(f'{name}: {found}')
    print(f'{count} changes, {problems} problems')
    return 1 if problems or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
