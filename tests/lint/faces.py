#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Another file uses each function that a header shows; which ones only tests do is listed.

And grep finds a static function of these rooms once.
"""
import re

import project

# Parsers of bytes and of lines are fuzzed without the file that they come from.
TESTED = {'efimap_kexec_log_parse'}
# Lanes are tried without a machine.
TESTED |= {'plot_lane_fill', 'plot_lane_settle'}
# Machines are made up with what the kernel does to a firmware's map.
TESTED |= {'efimap_layout_is_mapped', 'efimap_layout_merge'}
# What is opened where the kernel has no openat2(2) is tried on one that has.
TESTED |= {'efimap_beneath_open', 'efimap_beneath_walk'}
# Maps are made of boots without the file that these come from.
TESTED |= {'efimap_log_add_all'}
# The schemas are made of these.
TESTED |= {'json_put_hex'}

ROOMS = ('base', 'model', 'emulate', 'read', 'lib')
STATIC = re.compile(r'^static (?!inline)[\w \t*]*?\b(\w+)\(', re.M)
SHOWN = re.compile(r'^(?!static|typedef)[a-z][\w \t*]*?\b(\w+)\(', re.M)


def main():
    names = project.files('.c', '.h', under=('src/', 'importers/', 'rehearse/'))
    code = {name: project.code(name) for name in names}
    words = {name: set(re.findall(r'\w+', code[name])) for name in names}
    problems, shown = [], set()
    for name in names:
        if name.endswith('.h'):
            shown |= {(name, match) for match in SHOWN.findall(code[name])}
    for header, what in sorted(shown):
        # By a macro or an inline function beside it, or by one that puts its name together.
        if code[header].count(what) > 1 or what.endswith('_name'):
            continue
        users = [name for name in names if name != header and what in words[name]]
        if len(users) < 2 and what not in TESTED:
            problems.append(f'{header}: {what} is used in {users[0] if users else "no file"} only')
        if len(users) > 1 and what in TESTED:
            problems.append(f'faces.py: {what} is used outside its file')
    owners = {}
    for name in names:
        for what in set(STATIC.findall(code[name])) if name.startswith('src/') else ():
            owners.setdefault(what, []).append(name)
    for what, files in sorted(owners.items()):
        if len(files) > 1 and any(name.startswith(f'src/{room}/') for name in files
                                  for room in ROOMS):
            problems.append(f'{what}: static in {", ".join(files)}')
    project.finish('faces', len(shown), problems)


if __name__ == '__main__':
    main()
