#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the rules, docs/fault-matrix.md and tests/e2e/faults.rows refer to each other.

The rows that a rule names must be in docs/fault-matrix.md. Every row of the document must be in
faults.rows with the rule that reports the fault, and this rule must name the row. A document that
says how many boots failed must give the numbers of a rule.
"""
import os
import re
import sys

import project

DOCUMENT = 'docs/fault-matrix.md'
for place in (('tests', 'e2e'), ('tools',)):
    sys.path.insert(0, os.path.join(project.ROOT, *place))
# pylint: disable=wrong-import-position,import-error
import faults_table  # noqa: E402
import rules  # noqa: E402
COUNT = re.compile(r'(\d+) of (\d+) (?:such )?(boots|kernels) (\w+)')
VAGUE = re.compile(r'\b(?:half|most|many|few|some) of (?:such|these) boots', re.I)


def catalogue():
    """Return {rule: (file, rows)} from all .rules files."""
    found = {}
    for path in project.files('.rules', under=('src/',)):
        for rule in rules.Family(os.path.join(project.ROOT, path)).rules:
            cited = rule.block.get('Rows')
            found[rule.name] = (path, cited.split(', ') if cited else [])
    return found


def document():
    """Return {row: rule} from the generated table of the document. The rule may be ''."""
    text = project.text(DOCUMENT).split(': begin -->', 1)[-1].split('<!--', 1)[0]
    rows = re.findall(r'^\| (\S+) \|[^|]*\|[^|]*\| (?:`([^`]*)`)?[^|]*\|', text, re.M)
    return {name: rule for name, rule in rows if name not in ('row', '---')}


def check_rule(name, rule, rows, problems):
    path, cited = rule
    problems += [f'{path}: {name}: no row {row} in {DOCUMENT}'
                 for row in cited if row not in rows]


def check_row(fault, known, rows, problems):
    where = f'tests/e2e/faults.rows: {fault.name}'
    if fault.rule and fault.rule not in known:
        problems.append(f'{where}: unknown rule {fault.rule}')
    elif fault.rule and fault.name not in known[fault.rule][1]:
        problems.append(f'{where}: the rule {fault.rule} does not name this row')
    if fault.name in rows and rows[fault.name] != fault.rule:
        problems.append(f'{DOCUMENT}: {fault.name}: rule {rows[fault.name]}, not '
                        f'{fault.rule}: run tests/e2e/faults.py --table for it')


def counts(text):
    """Return the numbers of boots that a text contains, such as "6 of 18 boots failed"."""
    return set(COUNT.findall(' '.join(text.split())))


def check_counts(problems):
    """Compare the numbers of boots in all documents with those of the rules."""
    told = set().union(*(counts(project.text(path)) for path in project.files('.rules')))
    for path in project.files('.md', 'NEWS', *(f'.{number}' for number in range(1, 9))):
        problems += [f'{path}: no rule says "{first} of {all_} such {noun} {verb}"'
                     for first, all_, noun, verb in sorted(counts(project.text(path)) - told)]
        problems += [f'{path}: "{words}": give the numbers of the rule'
                     for words in VAGUE.findall(project.text(path))]


def main():
    problems, known, rows = [], catalogue(), document()
    check_counts(problems)
    faults = {fault.name: fault for fault in faults_table.TABLE}
    for name, rule in known.items():
        check_rule(name, rule, rows, problems)
    for fault in faults.values():
        check_row(fault, known, rows, problems)
    problems += [f'{DOCUMENT}: {row}: tests/e2e/faults.rows has no such row'
                 for row in rows if row not in faults]
    if not known or not rows:
        problems.append('no rules or no rows were found')
    project.finish('matrix', len(known) + len(faults), problems)


if __name__ == '__main__':
    main()
