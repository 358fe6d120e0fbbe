#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No source file grows past what a reader takes in: 800 lines, 100 columns."""
import project

# A file is one object, and as long as that is; past this it is two.
MAX_LINES = 800
# The style is 90; a table row or a citation may stand out a little.
MAX_COLUMNS = 100


def main():
    names = project.files('.c', '.h', under=('src/', 'include/', 'importers/', 'tests/unit/'))
    problems = []
    for name in names:
        lines = project.text(name).split('\n')
        if len(lines) - 1 > MAX_LINES and not name.startswith('tests/'):
            problems.append(f'{name}: {len(lines) - 1} lines, at most {MAX_LINES}')
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > MAX_COLUMNS:
                problems.append(f'{name}:{number}: longer than {MAX_COLUMNS} columns')
            if line != line.rstrip():
                problems.append(f'{name}:{number}: blanks at the end of the line')
    project.finish('length', len(names), problems)


if __name__ == '__main__':
    main()
