#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the mutator with all mutants of planted.c. usage: planted.py COMPILER INCLUDE"""
import collections
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MADE = {'hole': 2, 'is_in': 7, 'count_below': 9, 'is_large': 7, 'smallest': 2}
SURVIVE = {
    # A value above LIMIT is never 3, 4 or 5.
    'is_large: value != 4 => value != (4 + 1)',
    'is_large: value != 4 => value != (4 - 1)',
}


def compile_mutants(compiler, include, place, source):
    new, program = os.path.join(place, 'planted.c'), os.path.join(place, 'planted')
    with open(new, 'w', encoding='utf-8') as file:
        file.write(source.new)
    subprocess.run([*compiler, '-w', '-std=gnu11', '-D_GNU_SOURCE', '-O1', '-I' + include, '-include',
                    os.path.join(HERE, 'mutant.h'), new, os.path.join(HERE, 'mutant.c'),
                    '-o', program], check=True)
    return program


def main(argv):
    try:
        import mutate  # pylint: disable=import-outside-toplevel
        source = mutate.Source(os.path.join(HERE, 'planted.c'), 'planted.c', 0, ['-I' + argv[2]])
    except (ImportError, NameError):
        print('skipped: needs python3-clang')
        return 77
    mutants = [m for m in source.mutants if m.function != 'main']
    made = dict(collections.Counter(m.function for m in mutants))
    with tempfile.TemporaryDirectory() as place:
        program = compile_mutants(argv[1].split(), argv[2], place, source)

        def run(number):
            return subprocess.run([program], check=False, env={
                'EFIMAP_MUTANT': str(number), 'EFIMAP_MUTANT_CPU': '2'}).returncode
        problems = ['fails without a mutant'] if run(-1) else []
        survived = {m.key().partition(': ')[2] for m in mutants if not run(m.number)}
    if made != MADE:
        problems.append(f'made {made}, not {MADE}')
        problems += [m.key() for m in mutants]
    problems += [f'must survive: {key}' for key in SURVIVE - survived]
    problems += [f'must be killed: {key}' for key in survived - SURVIVE]
    print('\n'.join([*problems, f'planted: {len(mutants)} mutants, {len(problems)} problems']))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
