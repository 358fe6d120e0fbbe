#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run shellcheck on every shell file, and check that installed files do not print data with echo.

usage: shell.py SHELLCHECK
"""
import re
import subprocess
import sys

import project

SKIP = ('tests/fixtures/', 'tests/fuzz/corpus/')
INSTALLED = ('integration/', 'completions/bash', 'debian/efimapctl')
# A use of echo with variables. dash's echo replaces escape sequences in them, such as \n and \0033.
ECHO_OF_DATA = re.compile(r'\becho\b(?:[^\'"\n;|&]|\'[^\'\n]*\'|"[^"\n]*")*(?:"[^"\n]*)?[$`]')


def is_shell(name):
    """Return whether shellcheck can read the file. shellcheck does not support zsh and fish."""
    if name.startswith(SKIP) or name.endswith(('.py', '.c', '.h', '.md')):
        return False
    if name.endswith(('.sh', '.bash')) or name == 'completions/bash':
        return True
    return bool(re.match(r'#!.*\b(?:ba|da)?sh\b|# shellcheck shell=', project.text(name)))


def main():
    names = [n for n in project.files() if is_shell(n)]
    done = subprocess.run([sys.argv[1], '-x', *names], capture_output=True, text=True, check=False,
                          cwd=project.ROOT)
    problems = [done.stdout + done.stderr] if done.returncode else []
    problems += [f'{name}:{number}: use printf, because echo replaces escape sequences: {line}'
                 for name in names if name.startswith(INSTALLED)
                 for number, line in enumerate(project.text(name).splitlines(), 1)
                 if ECHO_OF_DATA.search(line)]
    project.finish('shell', len(names), problems)


if __name__ == '__main__':
    main()
