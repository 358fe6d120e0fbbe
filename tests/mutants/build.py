# SPDX-License-Identifier: GPL-2.0-or-later
import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict

import mutate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Size of the range of mutant numbers that each file has. With fixed ranges, a change in one file
# does not require recompiling other files.
NUMBERS = 1000
# Directories that are symlinked instead of copied. They contain no file that is mutated.
LINKS = {'tests/fixtures/real', 'tests/fixtures/made', 'tests/fixtures/logs', 'tests/cli/cases',
         'tests/cli/thorough'}
FIXTURES = 'tests/tools/fixtures.stamp'
SKIP = {'.git', '.cache', '__pycache__'}
TOOLS = ('src/cli/efimapctl:', 'tests/unit/unit:')
OPTIONS = ['-Dwerror=false', '-Dwarning_level=0', '-Ddebug=false', '-Doptimization=1']


def rules():
    found = [os.path.join(place, name) for place in ('src/rules', 'src/compare')
             for name in sorted(os.listdir(os.path.join(ROOT, place)))
             if name.endswith(('.c', '.h'))]
    return found + ['src/capture/entry.h', 'src/base/address_span.h']


def write(path, data):
    """Write a file if its content changes. Otherwise, keep its time stamp, which ninja compares."""
    if os.path.isfile(path):
        with open(path, 'rb') as file:
            if file.read() == data:
                return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def copy(tree, mutated):
    """Copy all files except the mutated ones, and remove files that no longer exist. Add mutant.c
    to the sources of src/base."""
    present = {os.path.join(tree, name) for name in mutated}
    for where, dirs, names in os.walk(ROOT):
        inside = os.path.relpath(where, ROOT)
        for name in list(dirs):
            path = os.path.normpath(os.path.join(inside, name))
            if path in LINKS:
                os.makedirs(os.path.join(tree, inside), exist_ok=True)
                if not os.path.islink(os.path.join(tree, path)):
                    os.symlink(os.path.join(ROOT, path), os.path.join(tree, path))
            if path in LINKS or name in SKIP or (inside == '.' and name.startswith('build')):
                dirs.remove(name)
        for name in names:
            path = os.path.normpath(os.path.join(inside, name))
            present.add(os.path.join(tree, path))
            if path not in mutated and not os.path.islink(os.path.join(where, name)):
                data = read(os.path.join(where, name))
                if path == 'src/base/meson.build':
                    data = data.replace(b"'alloc.c',", b"'alloc.c', "
                                        b"meson.project_source_root() / 'tests/mutants/mutant.c',")
                write(os.path.join(tree, path), data)
    for where, _, names in os.walk(tree):
        for name in names:
            if os.path.join(where, name) not in present:
                os.unlink(os.path.join(where, name))


def digest(name):
    headers = sorted({n for n in rules() if n.endswith('.h')})
    return hashlib.sha256(b''.join(
        read(os.path.join(ROOT, n)) for n in [name, *headers, 'tests/mutants/mutate.py'])
    ).hexdigest()


def write_made(place):
    with open(os.path.join(ROOT, 'src', 'meson.build'), encoding='utf-8') as file:
        catalogue = re.findall(r"'([\w/]+\.(?:rules|changes))'", file.read())
    for name, kind in (('rules/rule_ids.h', 'ids'), ('infer/change_ids.h', 'change-ids'),
                       ('rules/rule_bindings.h', 'bindings')):
        path = os.path.join(place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        run([os.path.join(ROOT, 'tools', 'rules.py'), f'{kind}={path}',
             *(os.path.join(ROOT, 'src', each) for each in catalogue)])
    os.makedirs(os.path.join(place, 'capture'), exist_ok=True)
    run([os.path.join(ROOT, 'tools', 'sources.py'),
         'ids=' + os.path.join(place, 'capture', 'needed_file_ids.h'),
         os.path.join(ROOT, 'src', 'capture', 'sources.table')])


def mutants_of(name, number, tree, notes):
    note = os.path.join(notes, name.replace('/', '+') + '.json')
    seen = digest(name) + f' {number}'
    if os.path.isfile(note):
        with open(note, encoding='utf-8') as file:
            old = json.load(file)
        if old['digest'] == seen and os.path.isfile(os.path.join(tree, name)):
            return [mutate.Mutant(**m) for m in old['mutants']]
    source = mutate.Source(os.path.join(ROOT, name), name, number,
                           ['-I' + path for path in (os.path.join(ROOT, 'src'),
                                                     os.path.join(ROOT, 'include'),
                                                     os.path.join(notes, 'made'))])
    if len(source.mutants) > NUMBERS:
        raise mutate.Refused(f'{name}: more than {NUMBERS} mutants')
    write(os.path.join(tree, name), source.new.encode('latin-1'))
    os.makedirs(notes, exist_ok=True)
    with open(note, 'w', encoding='utf-8') as file:
        json.dump({'digest': seen, 'mutants': [asdict(m) for m in source.mutants]}, file)
    return source.mutants


def mutants(place, names):
    tree = os.path.join(place, 'tree')
    os.makedirs(tree, exist_ok=True)
    found, notes = [], os.path.join(place, 'notes')
    write_made(os.path.join(notes, 'made'))
    for index, name in enumerate(names):
        found += mutants_of(name, index * NUMBERS, tree, notes)
    copy(tree, set(names))
    return found


def build(place, name, jobs, *options):
    directory, tree = os.path.join(place, name), os.path.join(place, 'tree')
    flags = f'-w -include {tree}/tests/mutants/mutant.h'
    if not os.path.isfile(os.path.join(directory, 'build.ninja')):
        shutil.rmtree(directory, ignore_errors=True)
        run(['meson', 'setup', directory, tree, *OPTIONS, *options, f'-Dc_args={flags}'])
    # Regenerate the build files first, because ninja does not detect a new test.
    run(['ninja', '-C', directory, 'build.ninja'])
    targets = subprocess.run(['ninja', '-C', directory, '-t', 'targets', 'all'], text=True,
                             capture_output=True, check=True).stdout
    wanted = [line.partition(':')[0] for line in targets.splitlines()
              if 'c_LINKER' in line and line.startswith(TOOLS)]
    run(['ninja', '-C', directory, '-j', str(jobs), FIXTURES, *wanted])
    return directory


def run(words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise mutate.Refused(f'{" ".join(words[:3])}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}')
