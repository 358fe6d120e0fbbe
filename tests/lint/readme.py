#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the examples and pictures in Markdown files show what the tool prints, and that links
lead to existing files.

usage: readme.py [--write] EFIMAPCTL

A block that begins with ```console contains commands after "$ ", and their output. Commands run in
the directory of the real captures. --write updates the output and the pictures.
"""
import os
import re
import shlex
import subprocess
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tests', 'tools'))
import fixture  # noqa: E402  pylint: disable=wrong-import-position,import-error

PICTURES = {
    'docs/images/plot.svg': ['plot', '--format=svg', 'ovmf-q35-6.1-kexec-first'],
}


def check_pictures(tool, write, problems):
    """Compare each picture with the tool's output. Return the number of pictures."""
    for name in project.files(under=('docs/images/',)):
        if name not in PICTURES:
            problems.append(f'{name}: no command in readme.py draws it')
    for name, words in PICTURES.items():
        drawn = subprocess.run([tool] + words, cwd=fixture.real('.'), capture_output=True,
                               check=True, env={'LC_ALL': 'C'}).stdout
        path = os.path.join(project.ROOT, name)
        if write:
            with open(path, 'wb') as file:
                file.write(drawn)
        with open(path, 'rb') as file:
            if file.read() != drawn:
                problems.append(f'{name}: out of date: '
                                'run python3 tests/lint/readme.py --write EFIMAPCTL')
    return len(PICTURES)


def commands(block):
    for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
        line, _, output = part.partition('\n')
        yield line, output


def check_blocks(tool, write, name, problems):
    content, count = project.text(name), 0
    for block in re.findall(r'^```console\n(.*?)^```', content, flags=re.M | re.S):
        for line, output in commands(block):
            count += 1
            command = shlex.split(line)
            if command[0] != 'efimapctl':
                problems.append(f'{name}: a console block runs {command[0]}')
                continue
            done = subprocess.run([tool] + command[1:], cwd=fixture.real('.'), text=True,
                                  capture_output=True, check=False, env={'LC_ALL': 'C'})
            if done.stdout == output:
                continue
            if write:
                content = content.replace(f'$ {line}\n{output}',
                                          f'$ {line}\n{done.stdout}')
            else:
                problems.append(f'{name}: run python3 tests/lint/readme.py --write EFIMAPCTL: '
                                f'{shlex.join(command)} now prints\n{done.stdout}')
    if write:
        with open(os.path.join(project.ROOT, name), 'w', encoding='utf-8') as file:
            file.write(content)
    return count


def main():
    tool, write = os.path.abspath(sys.argv[-1]), '--write' in sys.argv
    problems = []
    count = check_pictures(tool, write, problems)
    for name in project.files('.md'):
        for link in re.findall(r'\]\(([^)#:]+)\)', project.text(name)):
            path = os.path.join(project.ROOT, os.path.dirname(name), link)
            if not os.path.exists(path):
                problems.append(f'{name}: links to {link}, which is not there')
        count += check_blocks(tool, write, name, problems)
    project.finish('readme', count, problems)


if __name__ == '__main__':
    main()
