#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the completion files for bash, zsh and fish: the functions for each shell, followed by the
options that tables.c prints.

usage: generate.py TABLES SOURCE_DIR BASH ZSH FISH
"""
import json
import os
import re
import sys

# The kind of completion for an operand, by the operand's name in --help. If an option has a list of
# words, these words are completed instead.
OFFERS = {
    'FILE': 'files', 'IMAGE': 'files',
    'SOURCE': 'files', 'FIRST': 'files',
    'COL': 'columns',
    'TEXT': 'explained',
    'ADDR': 'nothing', 'N': 'nothing',
}
BASH_FUNCTIONS = '''
# _efimapctl_options COMMAND - print the options of a command; "=" follows options with an operand
_efimapctl_options()
{{
	case $1 in
{options}
	esac
}}

# _efimapctl_operand COMMAND OPTION - print the kind of completion for the operand of an option, or
# for the operand of the command if OPTION is empty; fail if there is no operand
_efimapctl_operand()
{{
	case $1,$2 in
{operands}
	*) return 1 ;;
	esac
}}
'''


def offer_of(option):
    """Return the kind of completion for an option, and its list of words."""
    if option['words']:
        return 'list' if option['operand'].endswith(',...') else 'words', option['words']
    label = option['operand'].removesuffix(',...')
    if label not in OFFERS:
        sys.exit(f'generate.py: --{option["name"]}={label}: add {label} to OFFERS')
    return OFFERS[label], []


def command_offer(command):
    """Return the kind of completion for a command's first operand."""
    label = re.match(r'\[?([A-Z|]+)', command['args_doc'] or 'SOURCE')[1]
    return offer_of({'name': command['name'], 'operand': label, 'words': []})[0]


def names(option):
    """Return --name, preceded by -n if the option has a letter."""
    return ([f'-{option["letter"]}'] if option['letter'] else []) + [f'--{option["name"]}']


def quote(text):
    """Return a word in single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def bash_options(options):
    return ' '.join(f'--{option["name"]}{"=" * bool(option["operand"])}' for option in options)


def bash_operands(command, options):
    """Yield a row of the case statement for each option that has an operand."""
    for option in options:
        if not option['operand']:
            continue
        # An optional operand must be in the same word as the option.
        words = [f'--{option["name"]}='] if option['is_optional'] else names(option)
        kind, values = offer_of(option)
        yield (f'\t{" | ".join(f"{command},{word}" for word in words)}) '
               f'echo {quote(" ".join([kind, *values]))} ;;')


def bash(tables):
    common, commands = tables['common'], tables['commands']
    options = [f'\t{command["name"]}) echo {quote(bash_options(command["options"] + common))} ;;'
               for command in commands]
    options.append(f'\t*) echo {quote(bash_options(common))} ;;')
    operands = [*bash_operands('*', common)]
    for command in commands:
        operands += bash_operands(command['name'], command['options'])
        operands.append(f'\t{command["name"]},) echo {command_offer(command)} ;;')
    yield f"_efimapctl_commands='{' '.join(command['name'] for command in commands)}'"
    yield f"_efimapctl_columns='{' '.join(tables['columns'])}'"
    yield BASH_FUNCTIONS.format(options='\n'.join(options), operands='\n'.join(operands))


def zsh_text(text):
    """Escape a text that zsh expects between brackets or before a colon."""
    return re.sub(r'([\\\]\[:])', r'\\\1', text)


def zsh_action(kind, words):
    if kind == 'words':
        return f'({" ".join(words)})'
    if kind == 'list':
        return f'_values -s , word {" ".join(words)}'
    return {'files': '_files', 'nothing': ''}.get(
        kind, f'_efimapctl_{kind}')


def zsh_option(option):
    both, long = names(option), f'--{option["name"]}'
    letter = f'-{option["letter"]}'
    text = f'[{zsh_text(option["help"])}]'
    if option['operand']:
        label = re.sub('[^a-z]+', ' ', option['operand'].lower()).strip()
        action = zsh_action(*offer_of(option))
        colon = '::' if option['is_optional'] else ':'
        long += '=-' if option['is_optional'] else '='
        letter += '+'
        text += f'{colon}{label}:{action}'
    if option['is_last']:
        before = '(- *)'
    elif option['may_repeat']:
        before = '*'
    else:
        before = f'({" ".join(both)})'
    if len(both) == 1:
        return quote(before + long + text)
    return f'{quote(before)}{{{letter},{long}}}{quote(text)}'


def zsh(tables):
    yield '_efimapctl_commands=('
    yield from ('  ' + quote(f'{command["name"]}:{zsh_text(command["summary"])}')
                for command in tables['commands'])
    yield f")\n_efimapctl_column_names=({' '.join(tables['columns'])})\n_efimapctl_common=("
    yield from ('  ' + zsh_option(option) for option in tables['common'])
    yield ')'
    for command in tables['commands']:
        kind, many = command_offer(command), '...' in (command['args_doc'] or '')
        yield f'_efimapctl_command_{command["name"]}() {{\n  _arguments -s $_efimapctl_common \\'
        yield from (f'    {zsh_option(option)} \\' for option in command['options'])
        yield f"    '{'*' if many else '1'}:operand:{zsh_action(kind, [])}'\n}}"
    yield '\n_efimapctl "$@"'


def fish_quote(text):
    return "'" + re.sub(r"([\\'])", r'\\\1', text) + "'"


def fish_operand(kind, words):
    """Return the options of fish's complete command for an operand."""
    if kind == 'words':
        return f'-x -a {fish_quote(" ".join(words))}'
    if kind == 'list':
        return f"-x -a '(__efimapctl_list {' '.join(words)})'"
    if kind == 'files':
        return '-r -F'
    if kind == 'nothing':
        return '-x'
    return f"-x -a '(__efimapctl_{kind})'"


def fish_option(option, condition):
    parts = ['complete -c efimapctl', condition]
    if option['letter']:
        parts.append(f'-s {option["letter"]}')
    parts.append(f'-l {option["name"]}')
    if option['is_optional']:
        # fish's complete command does not support optional operands.
        parts.append(f'-f -a {fish_quote(" ".join(option["words"]))}')
    elif option['operand']:
        parts.append(fish_operand(*offer_of(option)))
    return ' '.join([*filter(None, parts), f'-d {fish_quote(option["help"])}'])


def fish(tables):
    commands = tables['commands']
    yield f"set -g __efimapctl_column_names {' '.join(tables['columns'])}"
    words = ' '.join(command['name'] for command in commands)
    for command in commands:
        yield (f"complete -c efimapctl -n 'not __efimapctl_is {words}' -f -a {command['name']} "
               f'-d {fish_quote(command["summary"])}')
    yield (f"complete -c efimapctl -n 'not __efimapctl_is help {words}' -f -a help "
           "-d 'show the options of a command'")
    yield from (fish_option(option, '') for option in tables['common'])
    for command in commands:
        condition = f"-n '__efimapctl_is {command['name']}'"
        yield from (fish_option(option, condition) for option in command['options'])
        kind = command_offer(command)
        if kind == 'nothing':
            yield f'complete -c efimapctl {condition} -f'
        elif kind != 'files':
            yield f"complete -c efimapctl {condition} -f -a '(__efimapctl_{kind})'"


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return
    with open(sys.argv[1], encoding='utf-8') as file:
        tables = json.load(file)
    for name, lines, output in zip(('bash', 'zsh', 'fish'), (bash, zsh, fish), sys.argv[3:]):
        with open(os.path.join(sys.argv[2], name), encoding='utf-8') as file:
            functions = file.read()
        with open(output, 'w', encoding='utf-8') as file:
            file.write(functions + '\n' + '\n'.join(lines(tables)) + '\n')


if __name__ == '__main__':
    main()
