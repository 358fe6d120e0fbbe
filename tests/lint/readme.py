#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the examples and pictures in Markdown files and man pages equal the tool's output, and
that links lead to existing files.

usage: readme.py [--write] EFIMAPCTL

An example contains commands after "$ ", and their output on a terminal of 75 columns. --write
updates the output and the pictures. In Markdown, an example begins with ```console, and commands
run in the directory of the unpacked fixtures. In a man page, an example is between these comments,
and each NAME is a link to a fixture in the directory where the commands run:

.\\" BEGIN EXAMPLE [NAME=FIXTURE...]
.\\" END EXAMPLE
"""
import fcntl
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tests', 'tools'))
import fixture  # noqa: E402  pylint: disable=wrong-import-position,import-error
import terminal  # noqa: E402  pylint: disable=wrong-import-position,import-error

COLUMNS = 75

PICTURES = {
    'docs/images/plot.svg': ['plot', '--format=svg', 'made/initrd-table-in-ram-installed'],
}


def check_pictures(tool, write, problems):
    """Compare each picture with the tool's output. Return the number of pictures."""
    for name in project.files(under=('docs/images/',)):
        if name not in PICTURES:
            problems.append(f'{name}: readme.py has no command for this picture')
    for name, words in PICTURES.items():
        drawn = subprocess.run([tool] + words, cwd=fixture.unpacked(), capture_output=True,
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


def run(tool, words, where):
    """Run the tool with a terminal as its standard output, and return the output."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack('HHHH', 24, COLUMNS, 0, 0))
    with subprocess.Popen([tool, *words], cwd=where, stdin=subprocess.DEVNULL, stdout=its,
                          stderr=subprocess.DEVNULL, env={'LC_ALL': 'C', 'NO_COLOR': '1'}):
        os.close(its)
        output = b''
        while True:
            try:
                output += os.read(ours, 65536)
            except OSError:  # The tool has closed the terminal.
                break
    os.close(ours)
    return output.decode('ascii').replace('\r\n', '\n')


def run_commands(tool, block, where):
    """Return an example with the current output of its commands."""
    lines = [line for line in block.split('\n') if line.startswith('$ efimapctl ')]
    return ''.join(f'{line}\n' + run(tool, shlex.split(line[2:])[1:], where) for line in lines)


def check_example(tool, name, example, where, problems):
    now = run_commands(tool, example, where)
    if not now:
        problems.append(f'{name}: an example contains no efimapctl command')
    elif now != example:
        problems.append(f'{name}: run python3 tests/lint/readme.py --write EFIMAPCTL: an example '
                        f'is out of date. It is now\n{now}')
    return now


def check_markdown(tool, name, problems):
    """Return the text with up-to-date examples, and their number."""
    return re.subn(r'(?<=^```console\n).*?(?=^```)', lambda match: check_example(
        tool, name, match[0], fixture.unpacked(), problems),
        project.text(name), flags=re.M | re.S)


def from_roff(text):
    return text.replace('\\&', '').replace('\\e', '\\')


def to_roff(text):
    return re.sub(r"^(?=[.'])", r'\\&', text.replace('\\', '\\e'), flags=re.M)


def check_man_example(tool, name, match, problems):
    with tempfile.TemporaryDirectory() as where:
        for word in match[1].split():
            link, _, path = word.partition('=')
            os.symlink(os.path.join(fixture.unpacked(), path), os.path.join(where, link))
        now = check_example(tool, name, from_roff(match[2]), where, problems)
    return (f'.\\" BEGIN EXAMPLE{match[1]}\n.Bd -literal\n{to_roff(now)}.Ed\n'
            '.\\" END EXAMPLE\n')


def check_man(tool, name, problems):
    page = project.text(name)
    if '\n.\\" BEGIN EXAMPLE' not in page.partition('\n.Sh OPTIONS\n')[0]:
        problems.append(f'{name}: no example precedes the options')
    return re.subn(r'^\.\\" BEGIN EXAMPLE(.*)\n\.Bd -literal\n((?s:.*?))\.Ed\n\.\\" END EXAMPLE\n',
                   lambda match: check_man_example(tool, name, match, problems), page, flags=re.M)


def main():
    tool, is_writing = os.path.abspath(sys.argv[-1]), '--write' in sys.argv
    problems = []
    count = check_pictures(tool, is_writing, problems)
    for name in project.files('.md'):
        for link in re.findall(r'\]\(([^)#:]+)\)', project.text(name)):
            path = os.path.join(project.ROOT, os.path.dirname(name), link)
            if not os.path.exists(path):
                problems.append(f'{name}: link to missing file {link}')
    if not terminal.exists():
        print('skipped: examples: needs terminal')
        project.finish('readme', count, problems)
    for check, names in ((check_markdown, project.files('.md')),
                         (check_man, project.files('.1', under=('man/',)))):
        for name in names:
            text, examples = check(tool, name, [] if is_writing else problems)
            count += examples
            if is_writing and text != project.text(name):
                with open(os.path.join(project.ROOT, name), 'w', encoding='utf-8') as file:
                    file.write(text)
    project.finish('readme', count, problems)


if __name__ == '__main__':
    main()
