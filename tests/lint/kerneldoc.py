#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that each declaration in include/ has a kernel-doc comment, and that no kernel-doc comment
describes a missing declaration."""
import re

import project

FUNCTION = re.compile(r'^(?!static|typedef|#|\s|\}|/)[\w\s*]*?\b(efimap_\w+)\s*\(', re.M)
TYPE = re.compile(r'^(?:struct|enum)\s+(efimap_\w+)\s*\{', re.M)
COMMENT = re.compile(r'/\*\*.*?\*/', re.S)
TITLE = re.compile(r'^/?[ *]*\s(?:struct |enum )?(\w+)(?:\(\))? - ', re.M)


def check(name, problems):
    content = project.code(name)
    described = set()
    for comment in COMMENT.findall(project.text(name)):
        described.update(TITLE.findall(comment))
    declared = set(FUNCTION.findall(content)) | set(TYPE.findall(content))
    for missing in sorted(declared - described):
        problems.append(f'{name}: no kernel-doc comment for {missing}')
    known = set(re.findall(r'\w+', content))
    for stale in sorted(d for d in described if d.startswith('efimap_')):
        if stale not in known:
            problems.append(f'{name}: kernel-doc comment for {stale}, which is not declared')
    return len(declared)


def main():
    problems, count = [], 0
    for name in project.files('.h', under=('include/',)):
        count += check(name, problems)
        if 'DOC:' not in project.text(name):
            problems.append(f'{name}: no "DOC:" comment with the purpose of the header')
    for name in project.files('.c', under=('src/',)):
        count += 1
        if not re.match(r'/\*[^\n]*\*/\s*/\*', project.text(name)):
            problems.append(f'{name}: does not begin with a comment that states its purpose')
    project.finish('kerneldoc', count, problems)


if __name__ == '__main__':
    main()
