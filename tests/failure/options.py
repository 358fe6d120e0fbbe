# SPDX-License-Identifier: GPL-2.0-or-later
"""Parse the command line of run.py and change.py."""
import argparse


def options(commands):
    parser = argparse.ArgumentParser()
    parser.add_argument('--only', action='append', choices=commands)
    parser.add_argument('--kind', help='make only this kind of call fail')
    for name in ('tool', 'library', 'fixtures'):
        parser.add_argument(name)
    return parser.parse_args()
