#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that a loss of data never makes an answer good, and never creates a fault.

usage: less.py [--every=N] [--runs=N] [--pairs=N] [--seed=N] EFIMAPCTL [SOURCE…]

The sources are all fixtures, recorded as copies and as running systems, and a complete machine; or
each SOURCE. Each file of a recording is lost (not recorded), denied, unreadable, emptied or cut.
Then no word becomes "ok" or "ok, if"; no answer about the same load becomes an error; and if all
that shows a source of the list is lost, the "ok" of a machine becomes another word, and lacking[]
names the source. With --every, only each Nth fixture is a source. With --runs, N random losses of
each source are tested. With --pairs, N random pairs of files of each source are lost, too.
"""
import collections
import concurrent.futures
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import complete_machine as machine  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# Number of recordings that one process reads, and of similar files that are lost
BATCH, ALIKE = 64, 4
# Sources of the list that the kernel log shows, too. boot_params shows Secure Boot.
LOGGED = {'kernel parameters': 'proc/cmdline', 'lockdown': 'sys/kernel/security/lockdown',
          'Secure Boot': 'sys/kernel/boot_params/data'}
# A loader that cannot read these files refuses the load, or passes other data.
READ_BY_LOADERS = ('sys/firmware/', 'boot/', 'usr/lib/modules/', 'lib/modules/', 'var/lib/kdump/')


def without(files, path):
    return {name: value for name, value in files.items() if not fixture.is_below(name, path)}


def pick(rng, things, count):
    return rng.sample(things, min(count, len(things)))


def losses(recording, path, rng):
    """Yield the ways to lose a file, and the files after each of them. On a running system, only the
    log loses a part, its beginning."""
    files, value = recording['files'], recording['files'][path]
    rest = without(files, path)
    yield 'lost', rest
    yield from ((error, {**rest, path: {'error': error}}) for error in ('EACCES', 'EIO'))
    lines = value.splitlines(True) if isinstance(value, str) else []
    parts, names = ((value if isinstance(value, dict) else {}).get(key) for key in ('parts', 'list'))
    if recording['recorded']['from'] == 'live':
        if path == 'dmesg' and lines:
            yield 'cut', {**files, path: ''.join(lines[rng.randrange(len(lines)) + 1:])}
        return
    if lines:
        yield 'empty', {**files, path: ''}
    if len(lines) > 1:
        yield 'cut', {**files, path: value[:rng.randrange(1, len(value))]}
    for n in (0, rng.randrange(len(parts))) if parts else ():
        yield 'cut', {**files, path: {'size': parts[n]['at'] if n else 0, 'parts': parts[:n]}}
    if names:
        yield 'empty', {**rest, path: {'list': []}}
    # Without the last of numbered entries, the numbers have no gap.
    for name in pick(rng, sorted(names or (), key=lambda one: (len(one), one))[:-1], 1):
        yield 'cut', {**without(files, f'{path}/{name.rstrip("/")}'),
                      path: {'list': [one for one in names if one != name]}}


def changes_of(recording, given, rng):
    """Yield {path: way} for each loss, and the changed recording."""
    files, alike = recording['files'], collections.defaultdict(list)
    for path in sorted(files):
        alike[re.sub('[0-9]+', 'N', path)].append(path)
    singles = [({path: how}, changed) for group in alike.values()
               for path in pick(rng, group, ALIKE) for how, changed in losses(recording, path, rng)]
    yield from pick(rng, singles, given.get('runs', len(singles)))
    pairs = [pick(rng, sorted(files), 2) for _ in range(given.get('pairs', 0))]
    pairs += [[path, 'dmesg'] for path in LOGGED.values()]
    for first, second in (pair for pair in pairs if len(pair) == 2 and files.keys() >= set(pair)):
        how, changed = rng.choice(list(losses(recording, first, rng)))
        if second in changed:
            other, changed = rng.choice(list(losses({**recording, 'files': changed}, second, rng)))
            yield {first: how, second: other}, changed


def lacked(files, how_of, answer):
    """Return the sources that an answer needs, and of which all files are lost."""
    release, image = (answer['kernel'].get(key) or '' for key in ('release', 'image'))
    gone = {path for path in files for lost, how in how_of.items()
            if how in ('lost', 'EACCES', 'EIO') and fixture.is_below(path, lost)}
    # kexec-tools is needed only if nothing else shows the loader. Some healthy kernels deny access
    # to the IMA policy.
    gone -= {'sys/kernel/security/ima/policy' if 'EACCES' in how_of.values() else ''}
    shown = {file.block.get('Name'): '|'.join(re.escape(path).replace('%s', re.escape(release))
                                              for path in file.paths)
             for file in machine.TABLE
             if answer['question'] in file.needed and file.name != 'kexec-tools'}
    shown |= {name: f'{path}|dmesg' for name, path in LOGGED.items()}
    shown |= {'kernel log': 'dmesg', 'kernel image': re.escape(image.lstrip('/')),
              'initrd': rf'.*/init(rd|ramfs)\b.*{re.escape(release)}(\.img)?'}
    found = {name: {path for path in files if re.fullmatch(pattern, path)}
             for name, pattern in shown.items()}
    seen = {name: {path for path in paths if files[path] != {'error': 'ENOENT'}} or paths
            for name, paths in found.items()}
    return {name for name, paths in seen.items() if paths and paths <= gone}


def unread(files, how_of):
    """Yield the questions that need files which exist and could not be read. kexec-tools is needed
    only if nothing else shows the loader. Some healthy kernels deny access to the IMA policy."""
    for path, how in how_of.items():
        for file in machine.TABLE if how in ('EACCES', 'EIO') else ():
            places = '|'.join(re.escape(place).replace('%s', '[^/]*') for place in file.paths)
            if (re.fullmatch(places, path) and files[path] != {'error': 'ENOENT'} and
                    (file.name, how) != ('ima-policy', 'EACCES') and file.name != 'kexec-tools'):
                yield from file.needed or ('kexec', 'kdump')


def by_load(report):
    return {(one['question'], one['kernel'].get('release'), one['kernel'].get('image'),
             one['loader']): one for one in report['answers']}


def compare(files, how_of, before, after):
    """Yield what became good, or a fault, after losses."""
    for question, word in after['words'].items():
        if word in ('ok', 'ok-if') and before['words'].get(question) not in ('ok', 'ok-if'):
            yield f'{question}: {before["words"].get(question)} -> {word}'
    for question in set(unread(files, how_of)):
        if after['words'].get(question) in ('ok', 'ok-if'):
            yield f'{question}: {after["words"][question]} with a file that could not be read'
    was, now = by_load(before), by_load(after)
    is_fault = any(how == "EIO" and path.startswith(READ_BY_LOADERS)
                   for path, how in how_of.items())
    for load, answer in was.items():
        one = now.get(load)
        if one and one['severity'] == 'error' != answer['severity'] and not is_fault:
            yield f'{load}: {answer["word"]} -> {one["word"]}: {one["reasons"]}'
        lost = lacked(files, how_of, answer) if answer['word'] == 'ok' else set()
        if lost and not one and after['words'].get(load[0]) == 'ok':
            yield f'{load}: the answer is gone, without {sorted(lost)}'
        missing = lost - {item['source'] for item in one['lacking']} if one else ()
        if lost and one and (one['word'] == 'ok' or (missing and one['severity'] == 'ok')):
            yield f'{load}: {one["word"]}, and lacking[] has not {sorted(missing)}'


def verify(tool, where, recordings):
    """Return the reports for recordings, or None if the program crashed."""
    paths = [os.path.join(where, f'{i}.json') for i, _ in enumerate(recordings)]
    for path, recording in zip(paths, recordings):
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(recording, file)
    done = subprocess.run([tool, 'verify', '--format=ndjson', *paths], capture_output=True,
                          check=False, timeout=600)
    if done.returncode not in (0, 1, 3, 4, 5) or b'anitizer' in done.stderr:
        return None
    by_path = {one['source']: one for one in map(json.loads, done.stdout.splitlines())}
    return [by_path.get(path) for path in paths]


def check_source(tool, name, recording, given):
    """Return the number of losses, and the problems."""
    rng, problems = random.Random(f'{given.get("seed", 1)} {name}'), []
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        before, = verify(tool, where, [recording]) or [None]
        limits = {} if name in ('complete', 'loaded') else given
        changes = list(changes_of(recording, limits, rng)) if before else []
        for at in range(0, len(changes), BATCH):
            batch = changes[at:at + BATCH]
            after = verify(tool, where, [{**recording, 'files': files} for _, files in batch])
            if after is None:
                problems.append(f'{name}: crashed: one of {[how_of for how_of, _ in batch]}')
            problems += [f'{name}: {how_of}: {problem}'
                         for (how_of, _), report in zip(batch, after or ()) if report
                         for problem in compare(recording['files'], how_of, before, report)]
    return len(changes), problems


def recordings_of(tool, places, where, every):
    """Yield the names and recordings of all sources."""
    for number, (name, place) in enumerate([(one, one) for one in places] or
                                           fixture.sources(where)):
        recording = machine.record(tool, place) if number % every == 0 else None
        if recording:
            yield name, recording
        if recording and not places and 'logs/' not in name:
            yield f'{name} (live)', machine.make_live(copy.deepcopy(recording))
    if not places:
        machine.make_tree(os.path.join(where, 'complete'))
        recording = machine.make_live(machine.record(tool, os.path.join(where, 'complete')))
        yield 'complete', recording
        yield 'loaded', machine.make_loaded(copy.deepcopy(recording))


def main(argv):
    words = [word for word in argv[1:] if not word.startswith('--')]
    given = {key: int(value) for key, value in re.findall('--([a-z]+)=([0-9]+)', ' '.join(argv))}
    if '--help' in argv:
        print(__doc__.strip())
        return 0
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    tool = os.path.abspath(words[0])
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where, \
            concurrent.futures.ProcessPoolExecutor() as pool:
        jobs = [pool.submit(check_source, tool, name, recording, given)
                for name, recording in recordings_of(tool, words[1:], where,
                                                       given.get('every', 1))]
        results = [job.result() for job in jobs]
    count = sum(number for number, _ in results)
    problems = [problem for _, found in results for problem in found]
    print(*problems, f'{len(jobs)} sources, {count} losses, seed {given.get("seed", 1)}, '
                     f'{len(problems)} problems', sep='\n')
    return 1 if problems or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
