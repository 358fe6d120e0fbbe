#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the scripts that CONTRIBUTING.md names exist, and print their usage with --help."""
import os
import re
import subprocess

import project

NAME = re.compile(r'\b(?:tools|tests|completions)/[\w/]+\.py\b|\bscripts/\w+\b')


def problem_of(name):
    """Return an error, or None."""
    if not os.path.exists(os.path.join(project.ROOT, name)):
        return f'CONTRIBUTING.md: {name} does not exist'
    # scripts/lib.sh handles --help. Without it, the script would run.
    if not re.match(r'#!.*python|(?s:#!.*/lib\.sh"?$)', project.text(name), re.M):
        return None
    done = subprocess.run([os.path.join(project.ROOT, name), '--help'], check=False, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if done.returncode or 'usage: ' not in done.stdout:
        return f'{name} --help: status {done.returncode}, expected 0 and the usage'
    return None


def main():
    names = sorted(set(NAME.findall(project.text('CONTRIBUTING.md'))))
    project.finish('scripts', len(names), list(filter(None, map(problem_of, names))))


if __name__ == '__main__':
    main()
