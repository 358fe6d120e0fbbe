#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that less data never leads to a better answer, and never to a proof.

usage: less.py [--runs=N] [--pairs=N] [--seed=N] [--options=WORDS] EFIMAPCTL [SOURCE…]

An answer allows its K, the effects of its unknown and conditional findings, and each effect that an
element of not_checked[] could have. For every fixture, or for each SOURCE, one file of its recording
is missing, denied, unreadable, empty or cut, or lacks a line. Then the set of allowed effects may
only grow; no word becomes "ok"; an error that disappears leaves the name of the file in
not_checked[]; no effect is proven that was not allowed before; the state of kdump may only become
unknown. Exempt are the files that choose the load (CHOOSES_LOAD), except from the words, and sources
that contradict themselves (CONTRADICTIONS). A recording of a running system may only lack files, or
say that they are unreadable.
With --runs, only N random changes of each source are tested. With --pairs, N random pairs of files
of each source are changed at the same time.
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

OUTCOMES = ('ok', 'entry-dropped', 'memory-at-risk', 'unknown', 'runtime-services-fail',
            'boots-without-efi', 'cannot-load', 'does-not-boot')
# Files that choose the load: the kernel, the initrd, the loader, the record
CHOOSES_LOAD = ('boot/*', 'boot', 'usr/lib/modules*', 'lib/modules*', 'efi*', 'etc/default/k*',
                'etc/sysconfig/k*', 'var/crash/*', 'var/lib/kdump*', 'usr/*bin/*', 'sbin/*',
                'sos_commands/dpkg*', 'sos_commands/rpm*', 'installed-*', '*systemd*', 'etc/kdump*')
ERRORS = ('EACCES', 'EIO')
# Large files and large lists are changed at this number of places.
MOST = 40
# Number of changed recordings that one process reads
BATCH = 64
CONTRADICTION = 'two files are needed for a contradiction'
# Sources that contradict themselves: patterns of a source and a path, and the contradiction. Without
# one of two contradicting files, the answer is that of the other file.
CONTRADICTIONS = [
    ('made/cpu-without-nx*', 'proc/cpuinfo', 'the log shows NX'),
    ('made/load-room.near-2', 'sys/kernel/kexec_crash_size', 'iomem has another size'),
    ('made/efi-info-*', 'sys/firmware/efi', 'efi_info in boot_params is wrong, too'),
    ('made/drift-other-machine', '*/fw_platform_size', 'boot_params shows another width'),
    ('made/runtime-in-crash.near-2', 'sys/kernel/kexec_crash_size', 'iomem has another size'),
    ('made/load-room.near-2', 'proc/iomem', 'kexec_crash_size has another size'),
    ('made/runtime-in-crash.near-2', 'proc/iomem', 'kexec_crash_size has another size'),
    ('made/range-above-cpu-bits', 'proc/cpuinfo', 'its CPUs have different widths'),
]
# Losses that are not noticed: patterns of a source, a path and a way, and the reason
UNNOTICED = [
    ('*', 'dmesg*', '[cl]*', 'a kernel need not print a message, so that a missing line of a log is '
     'not noticed'),
    ('*', 'sys/firmware/efi/systab', 'less', 'a table need not be listed'),
    ('*', 'proc/iomem', 'less', 'a range need not be listed'),
    ('*', 'etc/*', '[el]*', 'all defaults may apply, and a setting need not be given'),
    ('made/load-default-entry*', 'usr/sbin/kexec', '*', 'systemctl kexec of systemd 257 is refused only '
     'with a certain version of kexec-tools'),
    ('made/map-*', 'sys/firmware/efi', 'empty', 'the directory then has no map'),
    ('made/map-absent.near-2', 'proc/version', '*', 'without a release, the map may be absent'),
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
    ('made/map-empty', 'sys/firmware/efi/runtime-map', 'missing'),
]


class Allowed:
    """What the answers of a report to one question allow: the effects of findings that are not
    excluded, and of everything that was not seen"""
    def __init__(self, answers, findings):
        self.states = {answer.get('state') for answer in answers}
        self.words = {answer['word'] for answer in answers}
        self.summary = ' '.join(f'{one["outcome"]},{one["certainty"]}' for one in answers)
        self.effects, self.proven = set(), set()
        self.named = [f'{item["source"]} {item["check"]} {item["text"]}'
                      for answer in answers for item in answer['not_checked']]
        for answer in answers:
            for item in answer['not_checked']:
                self.effects |= set(item['outcomes'])
            if answer['certainty'] in ('certain', 'chance'):
                self.effects.add(answer['outcome'])
            if answer['at_worst']:
                self.effects.add(answer['at_worst'])
            known = [reason['outcome'] for reason in answer['reasons']
                     if reason['certainty'] in ('certain', 'chance')]
            self.effects |= {max(known, key=OUTCOMES.index)} if known else set()
            self.effects |= {reason['outcome'] for reason in answer['reasons']
                             if reason['certainty'] in ('condition', 'unknown')}
        for finding in findings:
            if finding['certainty'] in ('condition', 'unknown'):
                self.effects.add(finding['outcome'])
        self.effects -= {'ok', 'unknown'}
        # A loader that certainly has an effect proves it only if the other loader has it, too.
        proofs = [{answer['outcome']} - {'ok'} if answer['certainty'] == 'certain' else set()
                  for answer in answers]
        self.proven = set.intersection(*proofs) if proofs else set()


def allowed_by(report):
    """Return the status and what each question allows, or None if the program refuses to answer."""
    if report['verdict'] in ('denied', 'unreadable') or not report['answers']:
        return None
    answers, findings = collections.defaultdict(list), collections.defaultdict(list)
    for answer in report['answers']:
        answers[answer['question']].append(answer)
    for finding in report['findings']:
        for position in finding['answers']:
            findings[report['answers'][position]['question']].append(finding)
    return report['verdict'], {question: Allowed(those, findings[question])
                               for question, those in answers.items()}


def is_named(path, named):
    """Return whether an entry of not_checked[] names a file, or the part of the system it is in."""
    parts = path.split('/')
    words = ['/'.join(parts[:n]) for n in range(3, len(parts) + 1)] + [path]
    words += [word for part, word in (('dmesg', 'kernel log'), ('boot/vmlinuz', 'kernel-image'),
                                      ('initrd', 'initrd'), ('etc/default/kdump', 'kdump'),
                                      ('etc/sysconfig/kdump', 'kdump')) if part in path]
    return any(word and word in text for word in words for text in named)


def compare(paths, before, after):
    """Yield what became better, or proven, although the data of some files became less."""
    was_verdict, was_all = before
    now_verdict, now_all = after
    named = [text for now in now_all.values() for text in now.named]
    # Data that chooses the load may lead to another load, whose effects differ.
    chooses = any(fnmatch.fnmatch(path, pattern) for path in paths for pattern in CHOOSES_LOAD)
    if was_verdict in ('fail', 'incomplete') and now_verdict in ('pass', 'warn') and \
            not any(is_named(path, named) for path in paths):
        yield f'status: {was_verdict} -> {now_verdict}, and the file is not named'
    for question, was in was_all.items():
        now = now_all.get(question)
        if not now:
            yield f'{question}: no answer'
            continue
        change = f'{question}: {was.summary} -> {now.summary}'
        if 'ok' in now.words - was.words and was.words - {'ok'}:
            yield f'word: {question}: {sorted(was.words)} -> {sorted(now.words)}'
        if was.effects - now.effects and not chooses and 'refused' not in now.words:
            yield f'lost {sorted(was.effects - now.effects)}: {change}'
        if now.proven - was.effects and not chooses:
            yield f'proven {sorted(now.proven - was.effects)}: {change}'
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


def spoil(files, path, rng, is_live=False):
    """Yield names of ways and changed copies of the files. In a recording of a running system, a file
    can only be unreadable or missing."""
    value, rest = files[path], without(files, path)
    for error in ERRORS:
        yield error, {**rest, path: {'error': error}}
    # Only ENOENT means that a running system lacked the file.
    yield 'missing', rest
    if is_live:
        return
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


def is_unnoticed(name, path, how):
    return any(fnmatch.fnmatch(name, source) and fnmatch.fnmatch(path, pattern) and
               fnmatch.fnmatch(how, way) for source, pattern, way, _ in UNNOTICED)


def is_contradicted(name, path):
    return any(fnmatch.fnmatch(name, source) and fnmatch.fnmatch(path, pattern)
               for source, pattern, _ in CONTRADICTIONS)


def changes_of(name, recording, runs, rng):
    """Yield the paths, a description and a changed recording. Entries of maps are alike, so that
    only a few of them are changed."""
    files, alike = recording['files'], collections.defaultdict(list)
    for path in files:
        alike[re.sub(r'[0-9]+', 'N', path)].append(path)
    paths = [path for group in alike.values()
             for path in (group if len(group) <= 4 else rng.sample(group, 4))]
    if runs:
        paths = rng.sample(paths, min(runs, len(paths)))
    for source, path, found in FOUND:
        if source == name:
            yield from (([path], f'{path} {how}', {**recording, 'files': changed})
                        for how, changed in spoil(files, path, rng) if how == found)
    for path in paths:
        ways = ways_of(name, recording, files, path, rng)
        for how, changed in rng.sample(ways, min(1, len(ways))) if runs else ways:
            yield [path], f'{path} {how}', {**recording, 'files': changed}


def ways_of(name, recording, files, path, rng):
    """Return names of ways to change a file, and the files after each of them."""
    return [] if is_contradicted(name, path) else [
        (how, changed) for how, changed in
        spoil(files, path, rng, recording['recorded']['from'] == 'live')
        if not is_unnoticed(name, path, how)]


def pairs_of(name, recording, count, rng):
    """Yield changes of two files at the same time, as changes_of() does."""
    files = recording['files']
    for _ in range(count if len(files) > 1 else 0):
        first, second = rng.sample(sorted(files), 2)
        ways = ways_of(name, recording, files, first, rng)
        how, changed = rng.choice(ways) if ways else ('', {})
        ways = ways_of(name, recording, changed, second, rng) if second in changed else []
        if ways:
            other, changed = rng.choice(ways)
            yield ([first, second], f'{first} {how}, {second} {other}',
                   {**recording, 'files': changed})


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


def check_source(tool, options, where, name, recording, count_of, rng):
    """Yield problems, and at last the number of changes. @count_of: runs and pairs, or 0"""
    count, batch = 0, []
    base = allowed_by(verify(tool, options, where, [recording])[0])
    if not base:
        yield 0
        return
    changes = list(pairs_of(name, recording, count_of['pairs'], rng) if count_of['pairs'] else
                   changes_of(name, recording, count_of['runs'], rng))
    while changes:
        batch, changes = changes[:BATCH], changes[BATCH:]
        reports = verify(tool, options, where, [changed for _, _, changed in batch])
        if reports is None:
            yield f'crashed: one of {[place for _, place, _ in batch]}'
            continue
        count += len(batch)
        for (paths, place, _), report in zip(batch, reports):
            after = allowed_by(report) if report else None
            if after:
                yield from (f'{place}: {problem}' for problem in compare(paths, base, after))
    yield count


def main(argv):
    if '--help' in argv[1:]:
        print(__doc__.strip())
        return 0
    words = [word for word in argv[1:] if not word.startswith('--')]
    given = dict(word[2:].partition('=')[::2] for word in argv[1:] if word.startswith('--'))
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    tool, rng = os.path.abspath(words[0]), random.Random(int(given.get('seed', 1)))
    problems, count = 0, 0
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        for name, source in [(one, one) for one in words[1:]] or fixture.sources(where):
            done = subprocess.run([tool, 'snapshot', source], capture_output=True, check=False)
            if done.returncode and words[1:]:
                sys.exit(f'less.py: {source} cannot be recorded; SOURCE is a path')
            if done.returncode:
                continue
            for found in check_source(tool, given.get('options', '').split(), where, name,
                                      json.loads(done.stdout),
                                      {key: int(given.get(key, 0)) for key in ('runs', 'pairs')},
                                      rng):
                if isinstance(found, int):
                    count += found
                else:
                    problems += 1
                    print(f'{name}: {found}')
    print(f'{count} changes, {problems} problems')
    return 1 if problems or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
