#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that tools/user_texts.py finds sentences in each kind of file, and joins their parts."""
import subprocess
import sys

import project

SAMPLES = (
    ('src/cli/cmd_pagetable.c', 'build the EFI page table'),
    ('src/cli/option_parser.h', 'SOURCE is / (the running system, the default), a directory that '),
    ('src/rules/physical_range.rules', 'Finding: {type} at {phys} has 0 pages'),
    ('integration/systemd/efimapctl-compare', 'The crash kernel received the EFI runtime map'),
    ('integration/systemd/efimapctl-metrics.timer', 'Description='),
    ('integration/prometheus/efimapctl.rules.yml', 'summary: '),
    ('debian/control', 'Description: '),
    ('rpm/efimapctl.spec', 'Summary: '),
)


def main():
    tool = f'{project.ROOT}/tools/user_texts.py'
    listing = subprocess.run([sys.executable, tool], check=True, capture_output=True,
                             text=True).stdout.split('\n')
    problems = []
    for name, text in SAMPLES:
        if not any(line.startswith(f'{name}:') and text in line for line in listing):
            problems.append(f'tools/user_texts.py: lacks "{text}" of {name}')
    problems += [line for line in listing if '#include' in line or '/*' in line]
    project.finish('user_texts', len(listing), problems)


if __name__ == '__main__':
    main()
