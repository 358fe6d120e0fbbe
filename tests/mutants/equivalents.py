# SPDX-License-Identifier: GPL-2.0-or-later
"""Read the file "equivalent", which lists the mutants that no test can kill, with reasons.

A row is the key of a mutant. An indented reason applies to all rows up to the next reason.
"""
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'equivalent')


class Malformed(Exception):
    """A row of the file "equivalent" has no reason, or appears twice."""


def load():
    """Return {key of the mutant: reason}."""
    rows, reason, fresh = {}, '', False
    with open(PATH, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            text = line.strip()
            if not text or text.startswith('#'):
                continue
            if line[0] in ' \t':
                reason, fresh = (text if not fresh else f'{reason} {text}'), True
                continue
            fresh = False
            if not reason:
                raise Malformed(f'{PATH}:{number}: the row has no reason')
            if text in rows:
                raise Malformed(f'{PATH}:{number}: duplicate row')
            rows[text] = reason
    return rows


def stale(rows, mutants):
    keys = {m.key() for m in mutants}
    return [f'equivalent: no such mutant: {row}' for row in rows if row not in keys]
