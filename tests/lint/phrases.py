#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check sources, documents and man pages for phrases of an older style. The list only prevents
known phrases from coming back."""
import bisect
import re

import project

# Patterns, which ignore case, and the terms to use instead.
PHRASES = (
    (r'memory that it writes to', 'zeroes during boot'),
    (r'address(?:es)? that cannot be\b', 'invalid address'),
    (r'no list of memory names', 'is missing from the firmware memory map'),
    (r'of two kinds that no kernel mixes', 'identity and non-identity mappings are mixed'),
    (r'is taken to be \d', 'assuming the next kernel is ...'),
    (r'\d+ of these only with -v', 'notes hidden; use -v'),
    (r'\bsay (?:less|more):', 'print ...'),
    (r'\bwhole or not at all\b', 'atomically'),
    (r'\bminds? the terminal\b', 'depends on the terminal width'),
    (r'\bwhat lands where\b', 'name the segments and tables'),
    (r'\bwould call memory\b', 'report'),
    (r'\bchanges its name\b', 'convert the type'),
    (r'\bhand(?:s|ed|ing)?[ -](?:over|on)\b', 'pass to the next kernel'),
    (r'\bthe kernel before\b', 'first kernel'),
    (r'\bmap(?:s|ped|ping)? onto itself\b', 'identity-mapped (1:1)'),
    (r'\bEFI window\b', 'EFI runtime virtual address range'),
    (r"\b(?:part|piece)s? of the firmware's memory\b", 'runtime region'),
    (r'\bthat Linux (?:kept|keeps)\b', 'reserved boot services regions'),
    (r'\blies in System RAM\b', 'is in System RAM'),
    (r'\btakes? (?:it |memory )?to be free\b', 'is usable RAM'),
    (r'\bpage tables of five levels\b|\bfive levels of page tables\b', '5-level paging (LA57)'),
    (r'\bwords of the (?:kernel )?command line\b', 'kernel parameters'),
    (r'\bforesee[ns]?\b|\bforesaw\b', 'expected, predicted'),
    (r'\bheld against\b|\bholds? (?:it|them|each) against\b', 'compared with'),
    (r'\bwithout a word\b', 'silently'),
    (r'\brules? that spoke\b', 'rules that matched'),
    (r'\b(?:same|equal) promises?\b|\bpromise (?:broke|holds|of compare)\b', 'the map'),
    (r'\btorn (?:entry|entries|map)\b', 'incomplete'),
    (r'\blast whole\b', 'last complete run'),
    (r'\btold by content\b', 'detected by content'),
    (r'\bnear miss(?:es)?\b', 'negative test'),
    (r'\bmade fixtures?\b', 'synthetic fixture'),
    (r'\bmade-up machines?\b', 'generated machine'),
    (r'\bkernel.s complaints\b', 'kernel messages'),
    (r'\b(?:say|speak|judge)_[a-z_]+\(|\bhold_against\b', 'report_*, check_*, compare_*'),
    (r'\bmostly nothing needs doing\b', 'usually no action is needed'),
    (r'\bodd (?:entry|entries|value|map|file|line|name|address)', 'unexpected, invalid'),
    (r'\bbeside (?!the point)', 'next to, along with'),
    (r'\bmay not be read\b', 'cannot be read, permission to read is denied'),
    (r'\bfor good\b', 'permanently'),
    (r'\bat once\b', 'immediately, at the same time'),
)
SUFFIXES = ('.c', '.h', '.py', '.md', '.rules', '.topics', '.changes', '.in', '.1', '.3', '.5',
            '.7', '.8', '.build', '.sh', '.yml', '.catalog', '.spec', 'NEWS')
COMPILED = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in PHRASES]
UNDER = ('src/', 'include/', 'importers/', 'rehearse/', 'integration/', 'man/', 'debian/', 'rpm/',
         'completions/', 'examples/', 'docs/', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md',
         'NEWS')


def flatten(content):
    """Join the lines of a file by spaces, without comment marks and quotes, because phrases run
    over line ends. Return the text, and the offset of each line in it."""
    parts, starts, length = [], [], 0
    for line in content.split('\n'):
        line = re.sub(r'^\s*(?:\*(?!/)|#|//|\.\\")?\s*"?|"?\s*\\?$', '', line).strip()
        starts.append(length)
        parts.append(line)
        length += len(line) + 1
    return ' '.join(parts), starts


def check(name, problems):
    text, starts = flatten(project.text(name))
    for pattern, instead in COMPILED:
        for match in pattern.finditer(text):
            line = bisect.bisect_right(starts, match.start())
            problems.append(f'{name}:{line}: "{match.group()}": write "{instead}"')


def main():
    names = project.files(*SUFFIXES, under=UNDER)
    problems = []
    for name in names:
        check(name, problems)
    project.finish('phrases', len(names), problems)


if __name__ == '__main__':
    main()
