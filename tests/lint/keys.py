#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that CONTRIBUTING.md ("Keys") describes each key of the files from which C is generated,
and no other key.
"""
import os
import re
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tools'))
import rules  # noqa: E402 pylint: disable=wrong-import-position,import-error
import sources  # noqa: E402 pylint: disable=wrong-import-position,import-error

DOCUMENT = 'CONTRIBUTING.md'
# The words of a section's heading, and the keys that its table or its first paragraph describes
SECTIONS = (
    ('Rules', {*rules.RULE_KEYS, *rules.FAMILY_KEYS, 'Finding-empty'} - {'Rule'}),
    ('Files of the machine', {*sources.FILE_KEYS, *sources.NEED_KEYS, 'Text'}),
    ('Changes in Linux', {*rules.CHANGE_KEYS}),
    ('Messages and topics', {*rules.TEXT_BLOCK_KEYS, *rules.TOPIC_KEYS}))


def main():
    problems, count = [], 0
    for title, keys in SECTIONS:
        section = re.search(rf'^### {title}.*?(?=^##)', project.text(DOCUMENT), re.M | re.S)[0]
        rows = re.findall(r'^\| ((?:`[A-Z][A-Za-z-]*`(?:, )?)+)', section, re.M)
        described = set(re.findall(r'`([A-Za-z-]+)`', ' '.join(rows)))
        if title == 'Rules':
            described.update(re.findall(r'`([A-Z][a-z]+)`', section[:section.index('|')]))
        count += len(keys)
        problems += [f'{DOCUMENT}: {title}: {key} is not described'
                     for key in sorted(keys - described)]
        problems += [f'{DOCUMENT}: {title}: no such key: {key}' for key in sorted(described - keys)]
    project.finish('keys', count, problems)


main()
