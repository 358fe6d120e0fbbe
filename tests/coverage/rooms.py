#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sum up for each room what gcovr says of its files, and judge src as a whole.

usage: rooms.py SUMMARY.json

Ends with 1 if fewer lines or branches are reached than the project promises.
"""
import collections
import json
import sys

LINES = 90.0
BRANCHES = 80.0
ROOMS = tuple(f'src/{room}' for room in ('base', 'model', 'emulate', 'read', 'check', 'format', 'plot',
                                         'lib', 'cli'))
ROW = '| {:<18} | {:>14} | {:>7} | {:>14} | {:>7} |'


class Count:
    """Lines and branches: how many there are, and how many were reached."""

    def __init__(self):
        self.lines = self.reached_lines = self.branches = self.reached_branches = 0

    def add(self, file):
        self.lines += file['line_total']
        self.reached_lines += file['line_covered']
        self.branches += file['branch_total']
        self.reached_branches += file['branch_covered']

    def percent(self):
        return (100.0 * self.reached_lines / self.lines if self.lines else 100.0,
                100.0 * self.reached_branches / self.branches if self.branches else 100.0)

    def row(self, name):
        lines, branches = self.percent()
        return ROW.format(name, f'{self.reached_lines} of {self.lines}', f'{lines:.1f} %',
                          f'{self.reached_branches} of {self.branches}', f'{branches:.1f} %')


def room_of(name):
    parts = name.split('/')
    return '/'.join(parts[:2]) if parts[0] == 'src' else parts[0]


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        files = json.load(file)['files']
    rooms = collections.defaultdict(Count)
    src = Count()
    for file in files:
        rooms[room_of(file['filename'])].add(file)
        if file['filename'].startswith('src/'):
            src.add(file)
    missing = [room for room in ROOMS if room not in rooms]
    if missing:
        sys.exit(f'nothing was measured of {", ".join(missing)}')
    print(ROW.format('', 'lines', '', 'branches', ''))
    print('|---|--:|--:|--:|--:|')
    for room in ROOMS:
        print(rooms[room].row(room))
    print(src.row('src'))
    print(rooms['importers'].row('importers'))
    lines, branches = src.percent()
    return 0 if lines >= LINES and branches >= BRANCHES else 1


if __name__ == '__main__':
    sys.exit(main())
