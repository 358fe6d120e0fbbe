#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that docs/errors.md contains every message in src/rules/errors.texts, and that explain finds
every message.

usage: errors.py EFIMAPCTL
       errors.py --write
"""
import glob
import itertools
import json
import os
import re
import subprocess
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tools'))
import rules  # noqa: E402 pylint: disable=wrong-import-position,import-error

SOURCE = 'src/rules/errors.texts'
DOCUMENT = 'docs/errors.md'
HEAD = '''# Messages about a failed load or boot

This page lists the messages that kexec-tools 2.0.20 to 2.0.32, kdump-config, kdumpctl,
`systemctl kexec` and Linux print if a load or a boot with kexec fails, and the causes of each
message. It also lists what users see in a kernel that kexec started without EFI or ACPI. The most
frequent cause comes first. `...` stands for any text. On the affected machine, `efimapctl explain
'MESSAGE'` also shows which of these causes `efimapctl verify` finds.

<!-- written by tests/lint/errors.py --write from src/rules/errors.texts -->
'''

# The first pattern that matches the start of Printed-by determines the group. A message that no
# pattern matches is printed by programs that need EFI, such as efibootmgr.
GROUPS = (
    (r'kexec-tools|the purgatory', 'Messages of kexec-tools'),
    (r'kdumpctl|kdump-config|mkdumprd|kdump of dracut|early kdump|makedumpfile|sh, which',
     'Messages of kdumpctl, kdump-config and makedumpfile'),
    (r'systemctl|systemd', 'Messages of systemctl kexec'),
    (r'Talos|u-root', 'Messages of loaders in Go'),
    (r'Linux|the decompressor|the first program', 'Messages of the kernel and its first program'),
    (r'nobody', 'Symptoms in words'),
)
NEED_EFI = 'Messages of programs that need EFI'


def wrap(text, first='', rest=''):
    """Return the lines of a paragraph. A word that is too long is on a separate line."""
    lines, line = [], first
    for word in text.split():
        if line.strip() not in ('', first.strip()) and len(line) + len(word) > 99:
            lines.append(line.rstrip())
            line = rest
        line += word + ' '
    return lines + [line.rstrip()]


def cause_lines(number, block):
    yield from wrap(block.get('Says'), f'{number}. ', '   ')
    yield from wrap(block.get('Decides') + '.', '   See ', '   ')
    for line in block.get_list('Fix').split('\n'):
        if line.startswith('$ '):
            yield from ('', '       ' + line)
        else:
            yield from wrap(line, '   ', '   ')


def heading_of(block):
    """Return the first wording of a message, and how many others the section lists."""
    first, *others = rules.Errors.messages(block)
    if not others:
        return first
    return f'{first} (and {len(others)} other text{"s" if len(others) > 1 else ""})'


def message_lines(errors, block):
    _, *others = errors.messages(block)
    yield from ('', f'## {heading_of(block)}', '')
    for line in others:
        yield f'    {line}'
    if others:
        yield ''
    yield from wrap(f'{block.get("Means")} Printed by {block.get("Printed-by")}.')
    yield ''
    for number, name in enumerate(block.get('Causes').split(), 1):
        yield from cause_lines(number, errors.causes[errors.numbers[name]])


def kernel_lines(families):
    yield from ('', '## Other messages of the kernel', '')
    yield from wrap('Each message begins with the text in the first column. `efimapctl explain '
                    'RULE` explains the rule.')
    yield from ('', '| message | rule |', '|---|---|')
    for words, rule in rules.kernel_messages(families):
        yield f'| `{words}` | {rule.name} |'


def group_of(block):
    """Return the heading of the group of a message."""
    printed_by = block.get('Printed-by')
    return next((heading for pattern, heading in GROUPS if re.match(pattern, printed_by)),
                NEED_EFI)


def anchor_of(heading):
    """Return the anchor that GitHub creates for a heading."""
    return re.sub(r'[^\w -]', '', heading.lower()).replace(' ', '-')


def index_lines(groups):
    anchors = {}
    for heading, blocks in groups.items():
        yield from ('', f'**{heading}**', '')
        for block in blocks:
            first = rules.Errors.messages(block)[0]
            heading = heading_of(block)
            anchor = anchor_of(heading)
            count = anchors[anchor] = anchors.get(anchor, -1) + 1
            yield f'- [`{first}`](#{anchor}{f"-{count}" if count else ""}){heading[len(first):]}'


def document(errors):
    paths = glob.glob(os.path.join(project.ROOT, 'src', '*', '*.rules'))
    families = rules.read_catalogue(paths)
    groups = {heading: [] for heading in (NEED_EFI, *(heading for _, heading in GROUPS))}
    for block in errors.texts:
        groups[group_of(block)].append(block)
    lines = [line for blocks in groups.values() for block in blocks
             for line in message_lines(errors, block)]
    return HEAD + '\n'.join([*index_lines(groups), *lines, *kernel_lines(families), ''])


def explain(efimapctl, lines):
    """Return the texts of the messages that explain finds in lines. None belongs to another oops."""
    text = ''.join(f'{line}\n---[ end trace 0000000000000000 ]---\n' for line in lines)
    done = subprocess.run([efimapctl, 'explain', '--json', '-'], input=text,
                          capture_output=True, text=True, check=False)
    return [row['message'].split('\n') for row in json.loads(done.stdout or '{"messages": []}')
            ['messages']]


def check(efimapctl, texts):
    """Yield a problem for each wording that explain does not find. Each run explains one wording of
    each message."""
    wordings = {tuple(messages): ['Nov 23 10:00:01 host sudo[42]: ' + message.replace(
        '0x...', '0x1f000').replace('...', 'some text') for message in messages]
                for messages in map(rules.Errors.messages, texts)}
    for lines in itertools.zip_longest(*wordings.values()):
        found = explain(efimapctl, filter(None, lines))
        yield from (f'{SOURCE}: explain does not find "{line}"'
                    for messages, line in zip(wordings, lines)
                    if line and list(messages) not in found)


def main():
    errors = rules.Errors([os.path.join(project.ROOT, SOURCE)])
    wanted = document(errors)
    if sys.argv[1:] == ['--write']:
        with open(os.path.join(project.ROOT, DOCUMENT), 'w', encoding='utf-8') as file:
            file.write(wanted)
        return
    problems = [] if project.text(DOCUMENT) == wanted else [
        f'{DOCUMENT}: differs from {SOURCE}: run tests/lint/errors.py --write']
    problems += check(sys.argv[1], errors.texts)
    project.finish('messages', len(errors.texts), problems)


if __name__ == '__main__':
    main()
