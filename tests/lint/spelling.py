#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the spelling of all hand-written text with codespell.

usage: spelling.py CODESPELL
"""
import os
import subprocess
import sys

import project

# Recorded output, and messages of other programs
SKIP = ('tests/fixtures/real/', 'tests/fuzz/corpus/', 'LICENSES/',
        'src/rules/known_program_messages.txt')
SUFFIXES = ('.json', '.svg')


def main():
    names = [n for n in project.files()
             if not n.startswith(SKIP) and project.is_text(n) and
             not (n.startswith('tests/') and n.endswith(SUFFIXES))]
    ignore = os.path.join(project.ROOT, 'tests', 'lint', 'codespell-ignore.txt')
    problems = []
    for start in range(0, len(names), 500):
        done = subprocess.run(
            [sys.argv[1], '-I', ignore] + names[start:start + 500],
            capture_output=True, text=True, check=False, cwd=project.ROOT)
        problems += done.stdout.splitlines() + done.stderr.splitlines()
    project.finish('spelling', len(names), problems)


if __name__ == '__main__':
    main()
