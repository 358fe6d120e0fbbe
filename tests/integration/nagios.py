#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands for Nagios and NRPE are ones that the plugin takes, and answers.

usage: nagios.py EFIMAPCTL BUILD [CASE...]
"""
import os
import re
import sys

from common import expect, main, read

ANSWER = re.compile(r'EFIMAP (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+'
                    r"(?: \|(?: [a-z]+=\d+B?(?:;[^; ]*){3})+)?\n")
STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']


def plugin(case):
    """The plugin: a link under its name."""
    path = case.path('check_efimap')
    os.symlink(case.tool, path)
    return path


def answer(case, words):
    """The state that a plugin tells, in words and by its status."""
    done = case.run(words)
    match = ANSWER.match(done.stdout)
    expect(match and not done.stderr, f'{words}: {done.stdout}{done.stderr}')
    expect(STATES.index(match[1]) == done.returncode, f'{match[1]} and {done.returncode}')
    expect(len(done.stdout) < 4096, 'too long')
    return match[1]


def case_commands(case):
    """What the configuration runs is the plugin, as it was made for these paths."""
    link = plugin(case)
    files = {name: read(f'{case.build}/integration/nagios/{name}')
             for name in ('efimapctl.cfg', 'nrpe.cfg')}
    lines = (re.findall(r'^\tcommand_line\t(.*)$', files['efimapctl.cfg'], re.M) +
             re.findall(r'^command\[check_efimap\]=(.*)$', files['nrpe.cfg'], re.M))
    expect(len(lines) == 3 and '@' not in ''.join(lines), lines)
    for line in lines:
        words = line.split()
        if 'check_nrpe' in line:
            expect(words[-2:] == ['-c', 'check_efimap'], line)
            continue
        if words[0].endswith('sudo'):
            expect(f'NOPASSWD: {" ".join(words[2:])}\n' in files['nrpe.cfg'], 'sudoers differ')
            words = words[2:]
        expect(words[0].startswith('/') and words[0].endswith('/check_efimap'), line)
        for name, state in (('real-005', 'OK'), ('ovmf-q35-6.1-kexec-first', 'WARNING'),
                            ('seabios-q35-6.1-first', 'OK')):
            seen = answer(case, [link, *words[1:], case.capture(name)])
            expect(seen == state, f'{name}: {seen}')


def case_states(case):
    """Errors are critical, and what cannot be judged is not known."""
    link = plugin(case)
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    with open(f'{bad}/sys/firmware/efi/runtime-map/2/virt_addr', 'w', encoding='ascii') as file:
        file.write('0x0\n')
    expect(answer(case, [link, bad]) == 'CRITICAL', 'no error')
    expect(answer(case, [link, case.path('nowhere')]) == 'UNKNOWN', 'nowhere is known')
    expect(answer(case, [link, case.capture('seabios-q35-6.1-first')]) == 'UNKNOWN', 'BIOS')


if __name__ == '__main__':
    sys.exit(main())
