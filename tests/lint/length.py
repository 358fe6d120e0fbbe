#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that source lines have at most 100 columns and no trailing white space."""
import project

# The formatter does not break strings and comments.
MAX_COLUMNS = 100


def main():
    names = project.files('.c', '.h', under=('src/', 'include/', 'tests/unit/'))
    problems = []
    for name in names:
        lines = project.text(name).split('\n')
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > MAX_COLUMNS:
                problems.append(f'{name}:{number}: longer than {MAX_COLUMNS} columns')
            if line != line.rstrip():
                problems.append(f'{name}:{number}: trailing white space')
    project.finish('length', len(names), problems)


if __name__ == '__main__':
    main()
