#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that tools/rules.py and tools/sources.py write a file only if its content changes.
Otherwise, a reworded sentence rebuilds every object that includes a generated header.

usage: generators.py TABLE FILE...    FILE: inputs of rules.py; TABLE: the input of sources.py
"""
import os
import subprocess
import sys
import tempfile

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tools')
sys.path.insert(0, TOOLS)
import rules  # noqa: E402 pylint: disable=wrong-import-position
import sources  # noqa: E402 pylint: disable=wrong-import-position

OLD = 1_000_000_000


def generate(where, table, files):
    """Write all files that the generators can write, except the man page, to a directory."""
    for script, writers, inputs in (('rules.py', rules.WRITERS, files),
                                    ('sources.py', sources.WRITERS, [table])):
        wanted = [f'{kind}={os.path.join(where, script)}-{kind}' for kind in writers
                  if kind != 'man']
        subprocess.run([sys.executable, '-B', os.path.join(TOOLS, script), *wanted, *inputs],
                       check=True)


def written(where):
    """Return the names of the files that were written since their time was set to OLD."""
    return {name for name in os.listdir(where)
            if os.stat(os.path.join(where, name)).st_mtime != OLD}


def main():
    with tempfile.TemporaryDirectory() as where:
        generate(where, sys.argv[1], sys.argv[2:])
        names = sorted(os.listdir(where))
        for name in names:
            os.utime(os.path.join(where, name), (OLD, OLD))
        with open(os.path.join(where, names[0]), 'a', encoding='utf-8') as file:
            file.write('changed\n')
        os.utime(os.path.join(where, names[0]), (OLD, OLD))
        generate(where, sys.argv[1], sys.argv[2:])
        if written(where) != {names[0]}:
            sys.exit(f'written again: {written(where)}, expected: only {names[0]}')
    print(f'{len(names)} generated files')


if __name__ == '__main__':
    main()
