#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold every #include and every forbidden word against the rooms of docs/design.md."""
import os
import re

import project

# A room may include headers of these rooms.
EDGES = {
    'base': {'base'},
    'capture': {'base', 'capture'},
    'infer': {'base', 'capture', 'infer'},
    'linux': {'base', 'capture', 'infer', 'linux'},
    'rules': {'base', 'capture', 'infer', 'linux', 'rules'},
    'compare': {'base', 'capture', 'infer', 'linux', 'rules', 'compare'},
    'document': {'base', 'capture', 'infer', 'linux', 'rules', 'document'},
    'input': {'base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'input'},
    'show': {'base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'show'},
    'cli': {'base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'input', 'show', 'cli'},
    'library': {'base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'input', 'show',
                'library'},
    'importers': {'base', 'capture', 'infer', 'document', 'input', 'importers'},
    'rehearse': {'base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'input', 'show', 'cli',
                 'rehearse'},
}

# Headers of libraries: the rooms that may include them, and in how many files.
LIBRARIES = {
    r'jansson\.h': ({'input'}, None),
    r'(?:md|sha)\d.*\.h': ({'capture', 'input', 'show'}, 3),
    r'sysfs/.*': ({'input'}, 1),
    r'argp\.h': ({'cli'}, None),
    r'archive.*\.h': ({'importers'}, 1),
    r'libkdumpfile/.*|bpf/.*': ({'importers'}, None),
}

# What runs by itself.
PROGRAMS = {'cli', 'importers', 'rehearse'}

# Words that only these rooms may use.
WORDS = [
    (r'\b(?:v?f?printf|vprintf|puts|fputs|putchar|fputc|putc|perror|fwrite)\s*\(',
     PROGRAMS,
     'prints'),
    (r'\b(?:stdout|stderr|STDOUT_FILENO|STDERR_FILENO)\b', PROGRAMS,
     'names a standard stream'),
    (r'\b(?:exit|_exit|_Exit|quick_exit|abort|err|errx|error)\s*\(', PROGRAMS,
     'exits'),
    (r'\b(?:argv|getenv|isatty)\b', PROGRAMS,
     'looks at the command line, the environment or a terminal'),
    (r'\bsecure_getenv\b', {'cli', 'input', 'importers'}, 'looks at the environment'),
    (r'\b(?:open|openat|openat2|fopen|freopen|opendir|fdopendir|sysfs_open_\w+)\s*\(',
     {'input', *PROGRAMS}, 'opens'),
    (r'\bf?chdir\s*\(', {'rehearse'}, 'moves the working directory'),
    (r'\bgoto\b', set(), 'uses goto'),
    (r'\b(?:strtoul|strtoull|strtol|strtoll|atoi|atol|f?scanf|sscanf|strcpy|strcat|sprintf)'
     r'\s*\(', set(), 'uses a call that this project does without'),
]


# What is installed: the rooms that may include it beside library. A value that is the same inside
# and outside is declared there, and so is what a room defines of the face itself.
FACE = {
    'api.h': {'base'},
    'error.h': {'base'},
    'entry.h': {'capture'},
    'rule.h': {'rules'},
    'report.h': {'rules', 'compare'},
}


def room_of(name):
    if name.startswith('include/'):
        return 'include'
    if name.startswith(('importers/', 'rehearse/')):
        return name.split('/')[0]
    return name.split('/')[1]


def check_library(name, room, header, users):
    """A complaint about a third-party header, or None."""
    for pattern, (rooms, _) in LIBRARIES.items():
        if re.fullmatch(pattern, header):
            users.setdefault(pattern, set()).add(name)
            if room not in rooms:
                return f'<{header}> belongs to {"/".join(sorted(rooms))} only'
    return None


def check_include(name, room, quote, header, users):
    """A complaint about one #include, or None."""
    if quote == '<' and header.startswith('efimap/'):
        if room in {'include', 'library', *FACE.get(header.removeprefix('efimap/'), ())}:
            return None
        return f'{room} must not include <{header}>'
    if quote == '<':
        return check_library(name, room, header, users)
    if room == 'include':
        return f'"{header}" is not installed'
    if header in ('version.h', 'guest_files.h'):
        return None
    if room in ('cli', 'importers', 'rehearse') and os.path.exists(os.path.join(
            project.ROOT, os.path.dirname(name), header)):
        return None
    target = header.split('/')[0]
    if target not in EDGES[room]:
        return f'{room} must not include {header}'
    return None


def check_file(name, problems, users):
    room = room_of(name)
    if room not in EDGES and room != 'include':
        problems.append(f'{name}: no room found; add it to EDGES in rooms.py')
        return
    for number, line in enumerate(project.code(name, strings=False).split('\n'), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        complaint = match and check_include(name, room, *match.groups(), users)
        if complaint:
            problems.append(f'{name}:{number}: {complaint}')
    content = project.code(name)
    for pattern, rooms, what in WORDS:
        if room in rooms:
            continue
        for match in re.finditer(pattern, content):
            problems.append(f'{name}:{project.line_of(content, match.start())}: '
                            f'{room} {what}: {match.group().strip(" (")}')


def main():
    names = project.files('.c', '.h', under=('src/', 'include/', 'importers/', 'rehearse/'))
    problems, users = [], {}
    for name in names:
        check_file(name, problems, users)
    for pattern, (_, limit) in LIBRARIES.items():
        found = sorted(users.get(pattern, ()))
        if limit is not None and len(found) > limit:
            problems.append(f'{", ".join(found)}: only {limit} file may include {pattern}')
    project.finish('rooms', len(names), problems)


if __name__ == '__main__':
    main()
