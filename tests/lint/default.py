#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that ninja without a target builds everything that the tests run.

usage: default.py BUILD

In meson 1.7 and later, the default target does not include test programs with build_by_default:
false, so "ninja && meson test --no-rebuild" would fail.
"""
import json
import os
import sys

import project


def introspect(build, what):
    with open(os.path.join(build, 'meson-info', f'intro-{what}.json'), encoding='utf-8') as file:
        return json.load(file)


def main():
    build, = sys.argv[1:]
    targets = {target['id']: target for target in introspect(build, 'targets')}
    tests = introspect(build, 'tests')
    needed = {name: test['name'] for test in tests for name in test['depends']}
    project.finish('default', len(needed), [
        f'{targets[name]["name"]}: not built by default, but the test "{test}" requires it'
        for name, test in sorted(needed.items()) if not targets[name]['build_by_default']])


if __name__ == '__main__':
    main()
