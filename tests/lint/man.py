#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""mandoc finds nothing to warn of in any man page. usage: man.py MANDOC"""
import re
import subprocess
import sys

import project


def main():
    """The lint."""
    names = [n for n in project.files(under=('man/',)) if re.search(r'\.[1-9]$', n)]
    problems = []
    for name in names:
        done = subprocess.run([sys.argv[1], '-T', 'lint', '-W', 'warning', name], check=False,
                              cwd=project.ROOT, capture_output=True, text=True)
        if done.returncode or done.stdout or done.stderr:
            problems.append(f'{name}:\n{done.stdout}{done.stderr}')
    project.finish('man', len(names), problems)


if __name__ == '__main__':
    main()
