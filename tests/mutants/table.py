# SPDX-License-Identifier: GPL-2.0-or-later
from collections import Counter

KINDS = ('compare', 'bound', 'logic', 'truth')


def percent(part, whole):
    """Return a percentage such as "97.3 %", rounded down, or "-" if the whole is 0."""
    return f'{int(1000 * part / whole) / 10:.1f} %' if whole else '-'


def line(name, count):
    made, killed, equal = count['made'], count['killed'], count['equal']
    return (f'| {name} | {made} | {killed} | {made - killed - equal} | {equal} | '
            f'{percent(killed, made)} | {percent(killed, made - equal)} |')


def of(mutants, results, rows):
    """Return the table, the number of killed mutants, and the number of survivors that are not
    equivalent."""
    counts = {}
    for mutant in mutants:
        killed = int(bool(results[mutant.key()]['killer']))
        equal = int(not killed and mutant.key() in rows)
        for name in (f'`{mutant.file}`', f'*{mutant.kind}*', '**all**'):
            counts.setdefault(name, Counter()).update(made=1, killed=killed, equal=equal)
    order = sorted((n for n in counts if n[0] == '`')) + \
        [f'*{kind}*' for kind in KINDS if f'*{kind}*' in counts] + \
        [n for n in counts if n == '**all**']
    text = ['| | mutants | killed | survived | equivalent | killed of all | killed of the rest |',
            '|---|--:|--:|--:|--:|--:|--:|']
    text += [line(name, counts[name]) for name in order]
    total = counts.get('**all**', Counter())
    return '\n'.join(text), total['killed'], total['made'] - total['killed'] - total['equal']
