#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that clang-format, with .clang-format, does not change the C files.

usage: format.py CLANG_FORMAT [--write]

Other versions format some lines in another way, so only VERSION is used.
"""
import os
import re
import subprocess
import sys

import project

# The version of Debian 12
VERSION = 14


def main():
    tool, is_write = sys.argv[1], '--write' in sys.argv[2:]
    names = project.files('.c', '.h')
    found = subprocess.run([tool, '--version'], capture_output=True, text=True, check=True)
    version = re.search(r'version (\d+)', found.stdout)
    if not version or int(version[1]) != VERSION:
        print(f'skipped: {tool} is not version {VERSION}')
        sys.exit(77)
    os.chdir(project.ROOT)
    done = subprocess.run([tool, '-i' if is_write else '--dry-run', *names], capture_output=True,
                          text=True, check=False)
    wrong = sorted(set(re.findall(r'^(\S+?):\d+:\d+: warning: code should be clang-formatted',
                                  done.stderr, re.M)))
    project.finish('format', len(names),
                   [f'{name}: not formatted; use tests/lint/format.py {tool} --write'
                    for name in wrong])


if __name__ == '__main__':
    main()
