#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run shellcheck on every shell file. usage: shell.py SHELLCHECK"""
import re
import subprocess
import sys

import project

SKIP = ('tests/fixtures/', 'tests/fuzz/corpus/')


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
    project.finish('shell', len(names), problems)


if __name__ == '__main__':
    main()
