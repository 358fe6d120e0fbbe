#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the man pages with mandoc. Check that efimapctl-verify(1), which people read in a hurry, has
at most LINES lines, that efimap-snapshot(5) names every document, and every member of snapshots,
and that descriptions of pages and packages name kexec and kdump.

usage: man.py MANDOC
"""
import json
import re
import subprocess
import sys

import project

# Warnings that depend on the man pages of this machine, or that are for pages of an operating system
ELSEWHERE = re.compile(r'.*(?:outdated mandoc\.db lacks|referenced manual not found|'
                       r'operating system explicitly specified)[^\n]*\n')

LINES = 280


def check_length(mandoc, name, problems):
    page = subprocess.run([mandoc, '-T', 'utf8', name], check=True, cwd=project.ROOT,
                          capture_output=True).stdout
    count = page.count(b'\n')
    if count > LINES:
        problems.append(f'{name}: {count} lines, expected at most {LINES}')


def check_documents(problems):
    page = project.text('man/efimap-snapshot.5')
    words = set(re.findall(r'[a-z][a-z0-9_-]*', page))
    wanted = {*json.loads(project.text('schema/descriptions.json'))['documents'],
              *json.loads(project.text('schema/efimap-snapshot.schema.json'))['properties'],
              'efimap-snapshot'}
    problems += [f'man/efimap-snapshot.5: the page does not mention {word}'
                 for word in sorted(wanted - words)]


def check_synopses(problems):
    """Check that apropos and apt search find the program by what people look for."""
    for name, start in (('man/efimapctl.1', '.Nd '), ('man/efimapctl-verify.1', '.Nd '),
                        ('debian/control', 'Description: '), ('rpm/efimapctl.spec', 'Summary: ')):
        line = next(line for line in project.text(name).splitlines() if line.startswith(start))
        problems += [f'{name}: {word} is missing: {line}' for word in ('kexec', 'kdump', 'EFI')
                     if word not in line]


def main():
    names = [n for n in project.files()
             if re.search(r'\.[1-9]$', n) and '\n.Dd ' in project.text(n)]
    problems = []
    for name in names:
        done = subprocess.run([sys.argv[1], '-T', 'lint', name], check=False,
                              cwd=project.ROOT, capture_output=True, text=True)
        said = ELSEWHERE.sub('', done.stdout + done.stderr)
        if said or done.returncode < 0:
            problems.append(f'{name}:\n{said}')
    check_length(sys.argv[1], 'man/efimapctl-verify.1', problems)
    check_documents(problems)
    check_synopses(problems)
    problems += [f'{name}: .Os has no name' for name in names
                 if not re.search(r'^\.Os \w', project.text(name), re.M)]
    project.finish('man', len(names), problems)


if __name__ == '__main__':
    main()
