#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README and docs/ show is what the tool prints. usage: readme.py EFIMAPCTL

A block that begins with ```console holds commands after "$ " and their output.
"""
import os
import re
import shlex
import subprocess
import sys

import project


def commands(block):
    """Pairs of command and output of one block."""
    for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
        command, _, output = part.partition('\n')
        yield shlex.split(command), output


def main():
    """The lint."""
    tool = os.path.abspath(sys.argv[1])
    problems, count = [], 0
    for name in project.files('.md'):
        content = project.text(name)
        for link in re.findall(r'\]\(([^)#:]+)\)', content):
            path = os.path.join(project.ROOT, os.path.dirname(name), link)
            if not os.path.exists(path):
                problems.append(f'{name}: links to {link}, which is not there')
        for block in re.findall(r'^```console\n(.*?)^```', content, flags=re.M | re.S):
            for command, output in commands(block):
                count += 1
                if command[0] != 'efimapctl':
                    problems.append(f'{name}: a console block runs {command[0]}')
                    continue
                done = subprocess.run([tool] + command[1:], cwd=project.ROOT, text=True,
                                      capture_output=True, check=False,
                                      env={'LC_ALL': 'C'})
                if done.stdout != output:
                    problems.append(f'{name}: {shlex.join(command)} now prints\n'
                                    f'{done.stdout}')
    project.finish('readme', count, problems)


if __name__ == '__main__':
    main()
