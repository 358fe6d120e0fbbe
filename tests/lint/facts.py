#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check how facts (src/rules/fact.h) are made.

A function that returns bool answers "no" for "not known". If a rule made a fact of it, missing data
would be a proof. So only src/rules/read_facts.c makes facts of the data of a capture. Rules may make
them of constants, and of properties of the load and the options, which are never unknown. The
presumptions are those that CONTRIBUTING.md lists.
"""
import os
import re

import project

FACTS = 'src/rules/fact.c'
READERS = 'src/rules/read_facts.c'
LIST = 'CONTRIBUTING.md'
NEVER_UNKNOWN = re.compile(r'true|false|!?(c->)?(load|options)->[a-z_]+( [!=]= [A-Z_]+)?')
LITERAL = re.compile(r'(?:"[^"]*"\s*)+')


def arguments(text, name):
    """Yield the position and the arguments of each call of a function."""
    for match in re.finditer(rf'\b{name}\(', text):
        depth, at = 1, match.end()
        while depth:
            depth += {'(': 1, ')': -1}.get(text[at], 0)
            at += 1
        yield match.start(), text[match.end():at - 1]


def check_rule(path, text):
    """Yield what is wrong in a file other than the readers of facts."""
    for name in ('fact_known', 'fact_any'):
        for at, _ in arguments(text, name):
            yield f'{path}:{text.count(chr(10), 0, at) + 1}: {name}() belongs in {READERS}'
    for at, argument in arguments(text, 'fact_of'):
        if not NEVER_UNKNOWN.fullmatch(' '.join(argument.split())):
            yield (f'{path}:{text.count(chr(10), 0, at) + 1}: fact_of({argument}) may be unknown; '
                   f'use or add a function in {READERS}')


def presumed(text):
    """Yield the reasons of the presumptions in a file."""
    for _, argument in arguments(text, 'fact_presumed'):
        for literal in LITERAL.findall(argument):
            yield ''.join(re.findall('"([^"]*)"', literal))


def main():
    sources, reasons, problems = 0, set(), []
    for path in project.walk():
        if not re.fullmatch(r'src/[a-z]+/[a-z_]+\.c', path) or path == FACTS:
            continue
        with open(os.path.join(project.ROOT, path), encoding='utf-8') as file:
            text = file.read()
        sources += 'fact_' in text
        reasons |= set(presumed(text))
        if path != READERS:
            problems += check_rule(path, text)
    with open(os.path.join(project.ROOT, LIST), encoding='utf-8') as file:
        table = file.read().partition('| presumption |')[2].partition('\n\n')[0]
    listed = set(re.findall(r'^\| (.*?) \|', table, re.M)) - {'---'}
    problems += [f'{LIST}: the presumption "{one}" is not listed' for one in reasons - listed]
    problems += [f'{LIST}: no code presumes "{one}"' for one in listed - reasons]
    project.finish('facts', sources, sorted(problems))


if __name__ == '__main__':
    main()
