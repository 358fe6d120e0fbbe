# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutants that no test can kill, each with the reason, as the file "equivalent" lists them.

A row is the name of a mutant as reports print it, without the line; the reason stands above
it, indented, for all rows up to the next reason.
"""
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'equivalent')


class Malformed(Exception):
    """The list cannot be read."""


def load(path=PATH):
    """Reasons, by the name of the mutant."""
    rows, reason, fresh = {}, '', False
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            text = line.strip()
            if not text or text.startswith('#'):
                continue
            if line[0] in ' \t':
                reason, fresh = (text if not fresh else f'{reason} {text}'), True
                continue
            fresh = False
            if not reason:
                raise Malformed(f'{path}:{number}: a row without a reason')
            if text in rows:
                raise Malformed(f'{path}:{number}: a row twice')
            rows[text] = reason
    return rows


def stale(rows, mutants, is_whole):
    """Rows of mutants that there are not any more."""
    keys = {m.key() for m in mutants}
    return [f'equivalent: no such mutant: {row}' for row in rows if row not in keys] \
        if is_whole else []
