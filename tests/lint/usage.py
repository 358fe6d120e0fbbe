#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Help, man page and completions say the same of every command, option and value.

usage: usage.py EFIMAPCTL [COMPLETIONS]
       usage.py --write EFIMAPCTL

The program is the reference. COMPLETIONS is the directory of the build that has them. --write
updates the list of columns in the man page.
"""
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import mdoc
import project

COMMON = 'every command'
PATH = '/usr/local/bin:/usr/bin:/bin'


class Program:
    """What efimapctl says of itself."""

    def __init__(self, path):
        self.path = path
        self.commands = self.find_commands()
        self.common = self.find_options([])
        self.options = {command: self.find_options([command]) - self.common
                        for command in self.commands}

    @functools.lru_cache(maxsize=None)
    def run(self, *words):
        """Its output, whatever the stream; it must not crash."""
        done = subprocess.run([self.path, *words], capture_output=True, text=True, check=False,
                              env={'LC_ALL': 'C', 'PATH': PATH}, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 2):
            raise SystemExit(f'usage: efimapctl {" ".join(words)}: status {done.returncode}')
        return done.stdout + done.stderr

    def find_commands(self):
        """Name and summary from the Commands block of --help."""
        block = self.run('--help').split('\nCommands:\n')[1].split('\n\n')[0]
        return dict(re.findall(r'^  (\S+) +(.*)$', block, re.M))

    def find_options(self, words):
        """(short, long, has operand) of each option; short may be ''."""
        text = self.run(*words, '--help')
        found = re.findall(r'^ {2}(?:-(\S), | {4})--([a-z0-9-]+)(\[?=\S+)?', text, re.M)
        return {(short, name, bool(operand)) for short, name, operand in found}

    def columns(self):
        """Rows of dump's columns: name, shown by default, what it shows."""
        block = self.run('dump', '--help').split('\nColumns (* shown by default):\n')[1]
        # argp breaks long lines: a row starts with a blank, its rest with none.
        block = re.sub(r'\n(?! )', ' ', block).strip('\n')
        return [(name, star == '*', text.strip())
                for star, name, text in re.findall(r'^ ([ *])(\S+) +(.*)$', block, re.M)]

    def rules(self):
        """Severity and name of each rule, in order."""
        return re.findall(r'^ +(error|warning|note) +(\S+)', self.run('explain'), re.M)

    def causes(self):
        """The causes that received names."""
        return re.findall(r'^  cause +(\S+)', self.run('explain'), re.M)

    def verify_rules(self):
        """The rules under headings that name no other command."""
        names, other = set(), False
        for line in self.run('explain', '--color=never').split('\n'):
            if line and line[0] != ' ':
                other = line.endswith(')')
            found = re.match(r' +(?:error|warning|note) +(\S+)', line)
            if found and not other:
                names.add(found[1])
        return names

    def values(self, command, option):
        """The values that an option takes, from its complaint about another; [] for any."""
        match = re.search(r': expected (.*)$',
                          self.run(command, f'--{option}=?', '--help').split('\n')[0])
        return re.split(r', | or ', match[1]) if match else []


def compare(where, wanted, seen, problems):
    """Complain about what is there on one side only."""
    for item in sorted(set(wanted) - set(seen), key=str):
        problems.append(f'{where}: lacks {item}')
    for item in sorted(set(seen) - set(wanted), key=str):
        problems.append(f'{where}: has {item}, which efimapctl has not')


def statuses():
    """The exit statuses that the source knows."""
    body = re.search(r'^enum status \{\n(.*?)^\}', project.text('src/cli/cli.h'), re.M | re.S)
    return set(re.findall(r'= (\d+),', body[1]))


def check_examples(page, problems):
    """Each example is tried: it stands in a case named example-*."""
    tried = '\n'.join(project.text(name)
                      for name in project.files(under=('tests/cli/cases/example-',)))
    for line in page.examples:
        if line not in tried:
            problems.append(f'man: EXAMPLES: no case tries: {line}')
    if not page.examples:
        problems.append('man: EXAMPLES: none')


def check_man(program, problems):
    """The man page: commands, options, synopsis, columns."""
    page = mdoc.Page(project.text('man/efimapctl.8'))
    compare('man: COMMANDS', program.commands, page.options.keys() - {COMMON}, problems)
    for command, options in program.options.items():
        compare(f'man: efimapctl {command}', options, page.options.get(command, ()), problems)
        compare(f'man: SYNOPSIS of {command}',
                {short or name for short, name, _ in options} | {'q', 'v'},
                page.synopsis.get(command, ()), problems)
    compare('man: options of every command', program.common, page.options.get(COMMON, ()), problems)
    if page.block('COLUMNS') != mdoc.columns(program.columns()):
        problems.append('man: COLUMNS: out of date: '
                        'run python3 tests/lint/usage.py --write EFIMAPCTL')
    compare('man: EXIT STATUS', statuses(), page.statuses, problems)
    check_examples(page, problems)


def long_names(options):
    """--name and --name= as completions spell options."""
    return {f'--{name}{"=" * operand}' for _, name, operand in options}


def outcomes():
    """What explain tells besides rules."""
    path = os.path.join(project.ROOT, 'schema', 'efimap-report.schema.json')
    with open(path, encoding='utf-8') as file:
        return json.load(file)['properties']['outcome']['enum']


def by_line(text):
    """The words that were offered for each line; a form feed ends those of one."""
    return [set(words.split('\n')) - {''} for words in text.split('\f')[:-1]]


def compare_lines(shell, wanted, replies, problems):
    """Complain about what a shell does not offer, or should not."""
    for (line, words), seen in zip(wanted.items(), replies, strict=True):
        compare(f'{shell}: "efimapctl {line}"', words, seen, problems)


def bash_replies(program, completions, lines, where=project.ROOT):
    """What bash offers at the end of each line, completing for real, in a directory."""
    script = ['''
        compopt() { :; }
        . "$1" && cd "$2" || exit
        offer() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _efimapctl "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}" $'\\f'
        }''']
    for line in lines:
        # As bash splits the words: "=" is one of its own.
        words = [word for word in re.split(r' |(?<=\w)(=)(?=\S*$)', line) if word is not None]
        script.append(shlex.join(['offer', program.path, *words]))
    done = subprocess.run(['bash', '-c', '\n'.join(script), 'bash',
                           os.path.join(completions, 'efimapctl'), where],
                          cwd=project.ROOT, capture_output=True, text=True, check=True)
    return by_line(done.stdout)


def check_bash_files(program, completions, problems):
    """Whatever files are called, bash offers each of them whole."""
    names = {'a b.json', '*', '$(touch ran)', '`touch ran`', '-J', '~'}
    with tempfile.TemporaryDirectory() as where:
        for name in names:
            with open(os.path.join(where, name), 'w', encoding='ascii'):
                pass
        wanted = {'dump ': names, 'verify --baseline=': names}
        compare_lines('bash', wanted, bash_replies(program, completions, wanted, where), problems)
        compare('bash: files that were not run', names, os.listdir(where), problems)


def check_bash(program, completions, problems):
    """bash completion: source it and press Tab."""
    lines = {}

    def check(line, wanted):
        lines[line] = wanted

    rules = {name for _, name in program.rules()}
    own = program.verify_rules()
    check('', {'help', *program.commands})
    check('help ', program.commands)
    check('--', long_names(program.common))
    for command, options in program.options.items():
        names = long_names(options | program.common)
        check(f'{command} --', names)
        check(f'--color=never {command} -q --', names)
        for _, name, operand in options | program.common:
            values = program.values(command, name) if operand else []
            if values:
                check(f'{command} --{name}=', values)
                start = values[-1][:2]
                check(f'{command} --{name}={start}',
                      [value for value in values if value.startswith(start)])
    check('explain ', {*rules, *outcomes(), *program.causes()})
    check('verify --only=', own)
    check('verify --skip=map-absent,virt-o', {'map-absent,' + name for name in own
                                              if name.startswith('virt-o')})
    columns = {name for name, _, _ in program.columns()}
    check('dump -o ', columns)
    check('dump --output=IDX,P', {'IDX,' + name for name in columns if name[0] == 'P'})
    check('dump -o +P', {'+' + name for name in columns if name[0] == 'P'})
    compare_lines('bash', lines, bash_replies(program, completions, lines), problems)
    check_bash_files(program, completions, problems)


def beside(program):
    """The environment of a shell that finds this program by its name."""
    return {**os.environ, 'PATH': os.path.dirname(program.path) + ':' + PATH}


def fish_replies(program, completions, lines):
    """What fish offers at the end of each line, completing for real."""
    script = [f'source {completions}/efimapctl.fish',
              *(f"complete -C 'efimapctl {line}'; echo \\f" for line in lines)]
    done = subprocess.run(['fish', '--no-config', '-c', '\n'.join(script)], cwd=project.ROOT,
                          capture_output=True, text=True, check=True, env=beside(program))
    return by_line(re.sub(r'\t.*', '', done.stdout))


def zsh_replies(program, completions, lines):
    """What zsh offers at the end of each line, completing for real."""
    done = subprocess.run(
        ['zsh', '-f', 'tests/lint/tab.zsh', completions, *(f'efimapctl {line}' for line in lines)],
        cwd=project.ROOT, capture_output=True, text=True, check=True, timeout=600,
        env=beside(program))
    return by_line(done.stdout)


def try_shell(shell, replies, program, problems):
    """Press Tab in a shell where it is installed: commands, options, values, what only the program
    knows, and lists with commas."""
    if not shutil.which(shell):
        print(f'usage: no {shell} here: its completions were not tried')
        return
    columns = [name for name, _, _ in program.columns()]
    own = program.verify_rules()
    wanted = {
        'explain n': [name for name in (*(name for _, name in program.rules()), *outcomes(),
                                        *program.causes()) if name[0] == 'n'],
        'verify --only=map-absent,virt-o': [name for name in own if name.startswith('virt-o')],
        'dump --sort=': columns,
        'dump -o +P': [name for name in columns if name[0] == 'P'],
        '': {'help', *program.commands},
    }
    for command, options in program.options.items():
        both = options | program.common
        wanted[f'{command} -'] = [*(f'--{name}' for _, name, _ in both),
                                  *(f'-{short}' for short, _, _ in both if short)]
        for _, name, operand in both:
            values = program.values(command, name) if operand else []
            if values:
                wanted[f'{command} --{name}='] = values
    # Of a list, or of an option and its value, the last word counts.
    seen = [{re.split('[=,+]', reply.rstrip('='))[-1] for reply in found}
            for found in replies(wanted)]
    compare_lines(shell, wanted, seen, problems)


def write(program):
    """Bring the generated parts of the man page up to date."""
    page = mdoc.Page(project.text('man/efimapctl.8'))
    text = page.replace('COLUMNS', mdoc.columns(program.columns()))
    with open(os.path.join(project.ROOT, 'man/efimapctl.8'), 'w', encoding='utf-8') as file:
        file.write(text)


def main():
    if sys.argv[1] == '--write':
        write(Program(os.path.abspath(sys.argv[2])))
        return
    program, *completions = [os.path.abspath(path) for path in sys.argv[1:]]
    program, problems = Program(program), []
    check_man(program, problems)
    for path in completions:
        check_bash(program, path, problems)
        try_shell('fish', functools.partial(fish_replies, program, path), program, problems)
        try_shell('zsh', functools.partial(zsh_replies, program, path), program, problems)
    project.finish('usage', sum(map(len, program.options.values())) + len(program.common),
                   problems)


if __name__ == '__main__':
    main()
