#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that every header compiles alone and if it is included twice.

usage: headers.py CC [ARG…]
"""
import os
import subprocess
import sys

import project


def main():
    compiler = sys.argv[1:] or ['cc']
    names = project.files('.h', under=('include/', 'src/'))
    problems = []
    for name in names:
        path = os.path.join(project.ROOT, name)
        done = subprocess.run(
            compiler + ['-std=gnu11', '-D_GNU_SOURCE', '-fsyntax-only', '-Wall', '-Wextra',
                        '-Wno-unused-parameter', '-Werror',
                        '-I', os.path.join(project.ROOT, 'src'),
                        '-I', os.path.join(project.ROOT, 'include'), '-x', 'c', '-'],
            input=f'#include "{path}"\n#include "{path}"\n', text=True,
            capture_output=True, check=False)
        if done.returncode:
            problems.append(f'{name}: does not compile alone\n{done.stderr}')
    project.finish('headers', len(names), problems)


if __name__ == '__main__':
    main()
