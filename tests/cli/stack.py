#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that a stack of 128 KiB is enough for every command.

usage: stack.py EFIMAPCTL FIXTURES

The inputs are all real captures, a log, a complete machine whose files need the largest buffers, and
a snapshot that is nested as deeply as possible. No command may be killed by a signal.
"""
import argparse
import gzip
import json
import lzma
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import complete_machine as machine  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position

STACK = 128 << 10
COMMANDS = (('verify', '-v'), ('verify', '--json'), ('verify', '{f}'), ('compare', '{f}'),
            ('received',), ('report',), ('dump', '-v'), ('dump', '-J'), ('snapshot', '--redact'),
            ('dump', '--format=page-table'), ('plot',), ('plot', '--format=svg'))
GIVEN = (('verify', '--kernel={k}', '--initrd={i}', '--kexec-log={l}'),
         ('explain', 'kexec_load failed: Invalid argument'),
         ('explain',), ('explain', '-'))
# The maximum depth of a snapshot, and the depth of the array "x" in it
DEPTH = 250 - 1


def make_machine(tree):
    """Write a complete capture with built-in parameters, a unified image and an initrd in gzip that
    contains an xz stream of many blocks."""
    machine.make_tree(tree)
    for release in (machine.RUNNING, machine.NEWEST):
        path = f'boot/config-{release}'
        with open(os.path.join(tree, path), encoding='utf-8') as file:
            config = file.read()
        machine.write(tree, path, f'CONFIG_CMDLINE="{"quiet " * 300}efi=runtime"\n{config}')
        machine.write(tree, f'boot/initrd.img-{release}',
                     gzip.compress(lzma.compress(os.urandom(1 << 17)), 0) +
                     lzma.compress(bytes(1 << 20)))
    os.makedirs(os.path.join(tree, 'boot/efi/EFI/Linux'))
    subprocess.run([sys.executable, os.path.join(machine.TESTS, 'tools', 'kernel_image.py'),
                    os.path.join(tree, 'boot/efi/EFI/Linux/a.efi'), '--release=6.12.119',
                    '--unified'], check=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ('tool', 'fixtures'):
        parser.add_argument(name)
    args = parser.parse_args()
    tool, runs, problems = os.path.abspath(args.tool), 0, []
    environment = {**os.environ, 'LC_ALL': 'C'}

    def run(*words):
        nonlocal runs
        done = subprocess.run(
            [tool, *words], env=environment, capture_output=True, check=False, input=b'efi: x\n',
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (STACK, STACK)))
        runs += 1
        if done.returncode < 0:
            problems.append(f'{" ".join(words)}: signal {-done.returncode}')
        return done.stdout

    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        complete = os.path.join(where, 'machine')
        make_machine(complete)
        real = pathlib.Path(args.fixtures, 'real')
        inputs = [*sorted(map(str, real.iterdir())), complete,
                  str(real / 'ovmf-q35-6.1-kexec-first' / 'dmesg.txt')]
        document = json.loads(subprocess.run([tool, 'snapshot', '-q', inputs[0]], check=True,
                                             stdout=subprocess.PIPE).stdout)
        for extra in (0, 1):
            inputs.append(os.path.join(where, f'nested-{extra}'))
            machine.write(where, inputs[-1], json.dumps(document)[:-1] + ', "x": ' +
                         '[' * (DEPTH + extra) + ']' * (DEPTH + extra) + '}')
        for path in inputs:
            for command in COMMANDS:
                run(*(word.format(f=path) for word in command), path)
        places = {'k': f'{complete}/boot/vmlinuz-{machine.RUNNING}',
                  'i': f'{complete}/boot/initrd.img-{machine.RUNNING}',
                  'l': str(real / 'ovmf-q35-6.12-crash-loaded-first' / 'kexec.log')}
        for command in GIVEN:
            words = [word.format(**places) for word in command]
            run(*words, *([] if words[0] == 'explain' else [complete]))
        for path, status in zip(inputs[-2:], (0, 3)):
            done = subprocess.run([tool, 'snapshot', '-q', path], check=False, capture_output=True)
            if done.returncode != status:
                problems.append(f'{path}: status {done.returncode}, expected {status}')
    for problem in problems:
        print(problem)
    print(f'{runs} runs, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
