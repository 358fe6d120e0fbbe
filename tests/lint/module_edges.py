#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check module boundaries.

The table of modules in docs/design.md must allow every #include, and some functions may be used
only by some modules. An object is a .c file with its header. Objects must not include each other,
directly or indirectly. A header must declare only names that its .c file defines. In src/, no two
objects have the same name, because "report.h" alone would not show which file is meant.
"""
import os
import re

import project

# The columns of the table are the directory, its purpose, and the modules that it may use.
DESIGN = 'docs/design.md'
ROW = re.compile(r'^\| `(?:src/)?([\w/]+)` \| [^|]* \| ?([^|]*?) ?\|$', re.M)


def read_edges():
    """Return {module: modules whose headers it may include}."""
    table = re.search(r'^\| directory \| purpose \| may use \|\n(?:\|.*\n)+',
                      project.text(DESIGN), re.M)
    rows = dict(ROW.findall(table[0]))
    order = list(rows)
    edges = {}
    for module, uses in rows.items():
        if '/' in module or uses == 'the command line only':
            continue
        found = {module}
        for part in filter(None, uses.split(', ')):
            first, _, last = part.partition(' to ')
            found.update(order[order.index(first):order.index(last or first) + 1])
        edges[module] = found
    return edges


EDGES = read_edges()

# Headers of libraries, with the modules that may include them, and the maximum number of files that
# include them
LIBRARIES = {
    r'jansson\.h': ({'document', 'input', 'show'}, None),
    r'(?:md|sha)\d.*\.h': ({'capture', 'input', 'show'}, 3),
    r'sysfs/.*': ({'input'}, 1),
    r'zlib\.h': ({'input'}, 1),
    r'argp\.h': ({'cli'}, None),
}

PROGRAMS = {'cli'}
# The only file of a library that prints a message and exits
ENDS_PROGRAM = 'src/base/out_of_memory.c'

# Functions and objects, with the modules that may use them
WORDS = [
    (r'\b(?:v?f?printf|vprintf|puts|fputs|putchar|fputc|putc|perror|fwrite)\s*\(',
     PROGRAMS,
     'prints'),
    (r'\b(?:stdout|stderr|STDOUT_FILENO|STDERR_FILENO)\b', PROGRAMS,
     'names a standard stream'),
    (r'\b(?:exit|_exit|_Exit|quick_exit|abort|err|errx|error)\s*\(', PROGRAMS,
     'exits'),
    (r'\b(?:argv|getenv|isatty)\b', PROGRAMS,
     'uses the command line, the environment or a terminal'),
    (r'\bsecure_getenv\b', {'cli'}, 'uses the environment'),
    (r'\b(?:open|openat|openat2|fopen|freopen|opendir|fdopendir|sysfs_open_\w+)\s*\(',
     {'input', *PROGRAMS}, 'opens'),
    (r'\bf?chdir\s*\(', set(), 'changes the working directory'),
    (r'\bgoto\b', set(), 'uses goto'),
    (r'\b(?:strtoul|strtoull|strtol|strtoll|atoi|atol|f?scanf|sscanf|strcpy|strcat|sprintf)'
     r'\s*\(', set(), 'uses a function that no module may use'),
]


# Headers that declare functions and objects of several other files
DECLARES_FOR_OTHERS = {'src/cli/command_list.h', 'src/compare/compared_captures.h',
                       'src/rules/engine.h'}

FUNCTION = r'^(?!static\b|typedef\b|extern\b|else\b|return\b)[A-Za-z_][\w \t*]*?\b(\w+)\(([^;{}]*)\)'
DEFINITION = re.compile(FUNCTION + r'\n\{', re.M)
DECLARATION = re.compile(FUNCTION + r'[^;{}]*;', re.M)


def module_of(name):
    return name.split('/')[1]


def check_library(name, module, header, users):
    for pattern, (modules, _) in LIBRARIES.items():
        if re.fullmatch(pattern, header):
            users.setdefault(pattern, set()).add(name)
            if module not in modules:
                return f'<{header}> may be included only by {"/".join(sorted(modules))}'
    return None


def check_include(name, module, quote, header, users):
    if quote == '<':
        return check_library(name, module, header, users)
    if header == 'version.h':
        return None
    if module == 'cli' and os.path.exists(os.path.join(
            project.ROOT, os.path.dirname(name), header)):
        return None
    target = header.split('/')[0]
    if target not in EDGES[module]:
        return f'{module} must not include {header}'
    return None


def check_file(name, problems, users):
    module = module_of(name)
    if module not in EDGES:
        problems.append(f'{name}: no module found; add it to the table in docs/design.md')
        return
    for number, line in enumerate(project.code(name, strings=False).split('\n'), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        problem = match and check_include(name, module, *match.groups(), users)
        if problem:
            problems.append(f'{name}:{number}: {problem}')
    content = project.code(name)
    for pattern, modules, what in WORDS:
        if module in modules or (name == ENDS_PROGRAM and modules == PROGRAMS):
            continue
        for match in re.finditer(pattern, content):
            problems.append(f'{name}:{project.line_of(content, match.start())}: '
                            f'{module} {what}: {match.group().strip(" (")}')


def object_of(name):
    return os.path.splitext(name)[0]


def find_object(name, header, objects):
    """Return the object of an included header, or None for a header of another project."""
    for directory in ('src', os.path.dirname(name)):
        found = object_of(os.path.normpath(os.path.join(directory, header)))
        if found in objects:
            return found
    return None


def find_cycles(names):
    includes = {object_of(name): set() for name in names}
    for name in names:
        for header in re.findall(r'^#include [<"]([^>"]+)[>"]', project.text(name), re.M):
            target = find_object(name, header, includes)
            if target and target != object_of(name):
                includes[object_of(name)].add(target)
    # Repeatedly remove objects that include no other object or that no other object includes,
    # because these objects are not part of a cycle.
    while True:
        included = set().union(*includes.values()) if includes else set()
        cyclic = {name for name in includes if includes[name] and name in included}
        if len(cyclic) == len(includes):
            break
        includes = {name: includes[name] & cyclic for name in cyclic}
    return [f'{name}: includes itself indirectly through {", ".join(sorted(includes[name]))}'
            for name in sorted(includes)]


def check_declarations(names):
    defined_by, problems = {}, []
    for name in names:
        if name.endswith('.c'):
            for match in DEFINITION.finditer(project.code(name)):
                defined_by.setdefault(match[1], name)
    for name in names:
        if not name.endswith('.h') or name in DECLARES_FOR_OTHERS:
            continue
        content = project.code(name)
        for match in DECLARATION.finditer(content):
            definition = defined_by.get(match[1])
            if definition and object_of(definition) != object_of(name):
                problems.append(f'{name}:{project.line_of(content, match.start(1))}: '
                                f'{match[1]}() is defined in {definition}')
    return problems


def check_names(names):
    objects = {}
    for name in names:
        if name.startswith('src/'):
            objects.setdefault(os.path.basename(object_of(name)), set()).add(object_of(name))
    return [f'{", ".join(sorted(same))}: two objects have the same name'
            for same in objects.values() if len(same) > 1]


def main():
    names = project.files('.c', '.h', under=('src/',))
    problems, users = [], {}
    for name in names:
        check_file(name, problems, users)
    problems += find_cycles(names) + check_declarations(names) + check_names(names)
    for pattern, (_, limit) in LIBRARIES.items():
        found = sorted(users.get(pattern, ()))
        if limit is not None and len(found) > limit:
            problems.append(f'{", ".join(found)}: only {limit} file may include {pattern}')
    project.finish('module_edges', len(names), problems)


if __name__ == '__main__':
    main()
