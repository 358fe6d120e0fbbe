#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that --help, man pages and completions agree about every command, option and value.

usage: usage.py EFIMAPCTL [COMPLETIONS]

The program is the reference. COMPLETIONS is the build directory of the completions.
"""
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import mdoc
import project

sys.path.insert(0, os.path.join(project.ROOT, 'tests', 'tools'))
import terminal  # noqa: E402  pylint: disable=wrong-import-position,import-error

PATH = '/usr/local/bin:/usr/bin:/bin'


class Program:
    def __init__(self, path):
        self.path = path
        self.commands = self.find_commands()
        self.common = self.find_options([])
        self.options = {command: self.find_options([command]) - self.common
                        for command in self.commands}

    @functools.lru_cache(maxsize=None)
    def run(self, *words):
        done = subprocess.run([self.path, *words], capture_output=True, text=True, check=False,
                              env={'LC_ALL': 'C', 'PATH': PATH}, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 2):
            raise SystemExit(f'usage: efimapctl {" ".join(words)}: status {done.returncode}')
        return done.stdout + done.stderr

    def find_commands(self):
        block = self.run('--help').split('\nCommands:\n')[1].split('\n\n')[0]
        return dict(re.findall(r'^  (\S+) +(.*)$', block, re.M))

    def find_options(self, words):
        """Return (short, long, has operand) for each option. The short name may be ''."""
        text = self.run(*words, '--help')
        found = re.findall(r'^ {2}(?:-(\S), | {4})--([a-z0-9-]+)(\[?=\S+)?', text, re.M)
        return {(short, name, bool(operand)) for short, name, operand in found}

    def operands(self, command):
        usage = self.run(command, '--help').split('\n', maxsplit=1)[0]
        return usage.split(f'efimapctl {command} [OPTION...]')[1].split()

    def columns(self):
        """Return the columns of dump."""
        return re.search('valid columns: (.*)', self.run('dump', '-o', ''))[1].split(',')

    def rules(self):
        return re.findall(r'^ +(error|warning|note) +(\S+)', self.run('explain'), re.M)

    def topics(self):
        return re.findall(r'^  (?:cause|label|word) +(\S+)', self.run('explain'), re.M)

    def values(self, command, option):
        """Return the values of an option, or [] if the option has no fixed values."""
        match = re.search(r': expected (.*)$',
                          self.run(command, f'--{option}=?', '--help').split('\n')[0])
        values = re.split(r', | or ', match[1]) if match else []
        return [] if any(' ' in value for value in values) else values


def compare(where, wanted, seen, problems):
    for item in sorted(set(wanted) - set(seen), key=str):
        problems.append(f'{where}: lacks {item}')
    for item in sorted(set(seen) - set(wanted), key=str):
        problems.append(f'{where}: {item} is not in efimapctl')


def statuses():
    header = project.text('src/cli/exit_status.h')
    body = re.search(r'^enum status \{\n(.*?)^\}', header, re.M | re.S)
    return set(re.findall(r'= (\d+),', body[1]))


def page_of(command=None):
    return 'man/efimapctl' + (f'-{command}' if command else '') + '.1'


def check_examples(name, page, problems):
    """Check that each example is in a test case named example-*."""
    tried = '\n'.join(project.text(case)
                      for case in project.files(under=('tests/cli/cases/example-',)))
    for line in page.examples:
        if line not in tried:
            problems.append(f'{name}: EXAMPLES: no test case contains: {line}')


def check_page(program, command, problems):
    name = page_of(command)
    page = mdoc.Page(project.text(name))
    compare(f'{name}: OPTIONS', program.options[command], page.options - program.common, problems)
    if page.operands != program.operands(command):
        problems.append(f'{name}: SYNOPSIS: {page.operands}, but --help has '
                        f'{program.operands(command)}')
    for status in sorted(page.statuses - statuses()):
        problems.append(f'{name}: EXIT STATUS: efimapctl has no status {status}')
    check_examples(name, page, problems)
    return page


def check_boot(program, problems):
    """Check that efimapctl-source(7) states the smallest number that --boot accepts."""
    name = 'man/efimapctl-source.7'
    smallest = re.search(r'from (-\d+)\s+to\s+-1', program.run('dump', '--boot=-99'))[1]
    if f'The smallest accepted number is \\{smallest}.\n' not in project.text(name):
        problems.append(f'{name}: the smallest number that --boot accepts is {smallest}')


def check_man(program, problems):
    pages = {name for name in project.files('.1', under=('man/',))}
    compare('man', {page_of(command) for command in (None, *program.commands)}, pages, problems)
    if problems:
        return
    check_boot(program, problems)
    overview = mdoc.Page(project.text(page_of()))
    shared = set.union(*program.options.values()) | program.common
    compare(f'{page_of()}: OPTIONS', program.common, overview.options & program.common, problems)
    for option in sorted(overview.options - shared):
        problems.append(f'{page_of()}: OPTIONS: no command has {option}')
    for command in program.commands:
        if f'.It Xr efimapctl-{command} 1\n' not in overview.text and \
           f'.Xr efimapctl-{command} 1 .\n' not in overview.text:
            problems.append(f'{page_of()}: COMMANDS: {command} is missing')
    compare(f'{page_of()}: EXIT STATUS', statuses(), overview.statuses, problems)
    check_examples(page_of(), overview, problems)
    found = {command: check_page(program, command, problems) for command in program.commands}
    # In the manual, as in the source, a mark shows which columns are shown by default.
    marked = re.findall(r'^\.It Cm (\S+)( No \*)?$', found['dump'].block('COLUMNS'), re.M)
    source = project.text('src/show/dump_columns.c')
    wanted = [(name, ' No *' if f'"{name}", ' in ''.join(
        line for line in source.splitlines() if 'TABLE_DEFAULT' in line) else '')
              for name in program.columns()]
    if marked != wanted:
        problems.append(f'{page_of("dump")}: COLUMNS: {marked} instead of {wanted}')
    if sum(len(page.examples) for page in found.values()) < len(program.commands):
        problems.append('man: EXAMPLES: the pages have fewer examples than commands')


def long_names(options):
    """Return --name or --name= for each option, which is the notation of completions."""
    return {f'--{name}{"=" * operand}' for _, name, operand in options}


def outcomes():
    topics = project.text('src/rules/outcomes.topics')
    return re.findall(r'^Topic: (.+)\nKind: outcome$', topics, re.M)


def by_line(text):
    """Return the set of offered words for each line. A form feed ends the words of a line."""
    return [set(words.split('\n')) - {''} for words in text.split('\f')[:-1]]


def compare_lines(shell, wanted, replies, problems):
    for (line, words), seen in zip(wanted.items(), replies, strict=True):
        compare(f'{shell}: "efimapctl {line}"', words, seen, problems)


def bash_replies(program, completions, lines, where=project.ROOT):
    """Return the words that bash offers at the end of each line."""
    script = ['''
        compopt() { :; }
        . "$1" && cd "$2" || exit
        offer() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _efimapctl "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}" $'\\f'
        }''']
    for line in lines:
        # bash treats "=" as a separate word.
        words = [word for word in re.split(r' |(?<=\w)(=)(?=\S*$)', line) if word is not None]
        script.append(shlex.join(['offer', program.path, *words]))
    done = subprocess.run(['bash', '-c', '\n'.join(script), 'bash',
                           os.path.join(completions, 'efimapctl'), where],
                          cwd=project.ROOT, capture_output=True, text=True, check=True)
    return by_line(done.stdout)


def check_bash_files(program, completions, problems):
    """Check that bash completes file names with special characters, and does not execute them."""
    names = {'a b.json', '*', '$(touch ran)', '`touch ran`', '-J', '~'}
    with tempfile.TemporaryDirectory() as where:
        for name in names:
            with open(os.path.join(where, name), 'w', encoding='ascii'):
                pass
        wanted = {'dump ': names, 'verify --kexec-log=': names}
        compare_lines('bash', wanted, bash_replies(program, completions, wanted, where), problems)
        compare('bash: files that were not run', names, os.listdir(where), problems)


def check_bash(program, completions, problems):
    lines = {}

    def check(line, wanted):
        lines[line] = wanted

    rules = {name for _, name in program.rules()}
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
    check('explain ', {*rules, *outcomes(), *program.topics()})
    columns = set(program.columns())
    check('dump -o ', columns)
    check('dump --output=IDX,P', {'IDX,' + name for name in columns if name[0] == 'P'})
    check('dump -o +P', {'+' + name for name in columns if name[0] == 'P'})
    compare_lines('bash', lines, bash_replies(program, completions, lines), problems)
    check_bash_files(program, completions, problems)


def make_environment(program):
    return {**os.environ, 'PATH': os.path.dirname(program.path) + ':' + PATH}


def fish_replies(program, completions, lines):
    script = [f'source {completions}/efimapctl.fish',
              *(f"complete -C 'efimapctl {line}'; echo \\f" for line in lines)]
    done = subprocess.run(['fish', '--no-config', '-c', '\n'.join(script)], cwd=project.ROOT,
                          capture_output=True, text=True, check=True, env=make_environment(program))
    return by_line(re.sub(r'\t.*', '', done.stdout))


def zsh_replies(program, completions, lines):
    done = subprocess.run(
        ['zsh', '-f', 'tests/lint/tab.zsh', completions, *(f'efimapctl {line}' for line in lines)],
        cwd=project.ROOT, capture_output=True, text=True, check=True, timeout=600,
        env=make_environment(program))
    return by_line(done.stdout)


def try_shell(shell, replies, program, problems):
    if not shutil.which(shell):
        print(f'skipped: completions of {shell}: needs {shell}')
        return
    if shell == 'zsh' and not terminal.exists():
        print('skipped: completions of zsh: needs terminal')
        return
    columns = program.columns()
    wanted = {
        'explain n': [name for name in (*(name for _, name in program.rules()), *outcomes(),
                                        *program.topics()) if name[0] == 'n'],
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
    # A reply may start with the option or with earlier list items. Compare only its last word.
    seen = [{re.split('[=,+]', reply.rstrip('='))[-1] for reply in found}
            for found in replies(wanted)]
    compare_lines(shell, wanted, seen, problems)


def main():
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
