#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sum gcovr's results for each module. usage: modules.py SUMMARY.json

The exit status is 1 if fewer lines or branches of src are covered than required.
"""
import collections
import itertools
import json
import sys

LINES = 90.0
BRANCHES = 80.0
MODULES = tuple(f'src/{module}' for module in (
    'base', 'capture', 'infer', 'linux', 'rules', 'answer', 'compare', 'document', 'input', 'show',
    'cli')) + ('src',)
COUNTED = ('line_total', 'line_covered', 'branch_total', 'branch_covered')
ROW = '| {:<18} | {:>14} | {:>7} | {:>14} | {:>7} |'


def percent(count, what):
    total = count[f'{what}_total']
    return 100 * count[f'{what}_covered'] / total if total else 100


def row(name, count):
    cells = ((f'{count[f"{what}_covered"]} of {count[f"{what}_total"]}',
              f'{percent(count, what):.1f} %') for what in ('line', 'branch'))
    return ROW.format(name, *itertools.chain(*cells))


def module_of(name):
    parts = name.split('/')
    return '/'.join(parts[:2]) if parts[0] == 'src' else parts[0]


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        files = json.load(file)['files']
    modules = collections.defaultdict(collections.Counter)
    for file in files:
        count = {key: file[key] for key in COUNTED}
        modules[module_of(file['filename'])].update(count)
        if file['filename'].startswith('src/'):
            modules['src'].update(count)
    missing = [module for module in MODULES if module not in modules]
    if missing:
        sys.exit(f'nothing was measured of {", ".join(missing)}')
    print(ROW.format('', 'lines', '', 'branches', ''))
    print('|---|--:|--:|--:|--:|')
    for module in MODULES:
        print(row(module, modules[module]))
    src = modules['src']
    return 0 if percent(src, 'line') >= LINES and percent(src, 'branch') >= BRANCHES else 1


if __name__ == '__main__':
    sys.exit(main())
