#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that git can parse the patches for other projects, that README.md lists the directories of
these patches, and that no patch has a sign-off."""
import os
import re
import subprocess

import project

WHERE = 'docs/upstream/'
MAX_COLUMNS = 75
COVER_LETTER = re.compile(r'^Subject: \[PATCH 0+/', re.M)


def problems_of(name):
    text = project.text(name)
    message = text.split('\n---\n')[0]
    if not COVER_LETTER.search(message):
        # Run git in /. In a directory of a clone, it ignores files outside of this directory.
        done = subprocess.run(['git', 'apply', '--numstat', os.path.join(project.ROOT, name)],
                              capture_output=True, text=True, check=False, cwd='/')
        if done.returncode or not done.stdout:
            yield f'{name}: git cannot parse the patch: {done.stderr.strip()}'
    if not re.match(r'From 0{40} .*\nFrom: .*\nDate: .*\nSubject: \[PATCH', message):
        yield f'{name}: not output of git format-patch --zero-commit'
    if re.search(r'^Signed-off-by:', message, re.M):
        yield f'{name}: contains a sign-off, which only a person can add'
    yield from (f'{name}: longer than {MAX_COLUMNS} columns: {line}'
                for line in message.split('\n\n', 1)[-1].splitlines()
                if len(line) > MAX_COLUMNS and not line.startswith('Fixes: '))


def main():
    names = project.files('.patch', under=(WHERE,))
    problems = [problem for name in names for problem in problems_of(name)]
    rows = set(re.findall(r'^\| \[([\w-]+)\]\(\1/\) \|', project.text(WHERE + 'README.md'), re.M))
    directories = {name.split('/')[2] for name in project.files(under=(WHERE,))} - {'README.md'}
    if rows != directories:
        problems.append(f'{WHERE}README.md: rows for {sorted(rows)}, directories '
                        f'{sorted(directories)}')
    project.finish('upstream', len(names), problems)


if __name__ == '__main__':
    main()
