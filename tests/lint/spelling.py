#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the spelling of all hand-written text with codespell.

usage: spelling.py CODESPELL

The recorded output of a command-line case is not checked, because output may be cut within a word.
"""
import os
import re
import subprocess
import sys
import tempfile

import project

# Recorded output
SKIP = ('tests/fixtures/real/', 'tests/fixtures/healthy-lines.txt', 'tests/fuzz/corpus/', 'LICENSES/')
SUFFIXES = ('.json', '.svg')
CASES = 'tests/cli/'


def without_output(text):
    """Return the text of a command-line case with empty lines instead of its recorded output."""
    return re.sub(r'^-- (?:nonl )?(?:stdout|stderr) --\n(?:(?!-- ).*\n?)*',
                  lambda output: '\n' * output.group().count('\n'), text, flags=re.M)


def check(codespell, names, where):
    ignore = os.path.join(project.ROOT, 'tests', 'lint', 'codespell-ignore.txt')
    problems = []
    for start in range(0, len(names), 500):
        done = subprocess.run([codespell, '-I', ignore] + names[start:start + 500],
                              capture_output=True, text=True, check=False, cwd=where)
        problems += done.stdout.splitlines() + done.stderr.splitlines()
    return problems


def check_cases(codespell, cases):
    """Check the texts of command-line cases, which are the values of a dictionary of names."""
    with tempfile.TemporaryDirectory(prefix='efimapctl-spelling-') as temp:
        for name, text in cases.items():
            path = os.path.join(temp, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(without_output(text))
        return check(codespell, sorted(cases), temp)


def main():
    codespell = sys.argv[1]
    names = [n for n in project.files()
             if not n.startswith(SKIP) and project.is_text(n) and
             not (n.startswith('tests/') and n.endswith(SUFFIXES))]
    cases = [n for n in names if n.startswith(CASES) and n.endswith('.txtar')]
    problems = check(codespell, sorted(set(names) - set(cases)), project.ROOT)
    problems += check_cases(codespell, {name: project.text(name) for name in cases})
    project.finish('spelling', len(names), problems)


if __name__ == '__main__':
    main()
