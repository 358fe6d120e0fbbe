# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers for the tests of integration/, and a runner for their cases."""
import hashlib
import inspect
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'tools'), os.path.join(ROOT, 'tests', 'oracle')]
import fetch  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

# The command that mounts a capture over the running system's files and hides this machine
RUNNING = [sys.executable, '-SE', os.path.join(ROOT, 'tests', 'tools', 'running.py')]
INTEGRATION = os.path.join(ROOT, 'integration')
# The scripts that run efimapctl, and their directories in integration/
SCRIPTS = {'efimapctl-compare': 'systemd', 'efimapctl-store': 'systemd',
           'efimapctl-metrics': 'prometheus', 'check_efimap': 'nagios'}
SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'


class Wrong(Exception):
    """A case has failed."""


class Skip(Exception):
    """The machine lacks a program or a feature that a case requires. The argument names it."""


def expect(condition, text):
    if not condition:
        raise Wrong(text)


def write(path, text, mode=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    if mode is not None:
        os.chmod(path, mode)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def sections(name):
    return {word: lines.splitlines() for word, lines in re.findall(
        r'^\[(.*)\]\n((?:.+\n)+)', read(os.path.join(HERE, name)), re.M)}


def below(root):
    return {os.path.relpath(os.path.join(where, name), root)
            for where, _, names in os.walk(root) for name in names}


def fetched(package, path):
    """Return the path of an installed or extracted program. If the program is not available, skip
    the case."""
    try:
        return fetch.find(package, path, SYSTEM_PATH + ':/usr/lib/nagios/plugins')
    except fetch.Missing as why:
        raise Skip(f'{package}, which cannot be fetched: {why}') from why


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Case:
    def __init__(self, tool, build, temp):
        self.temp = temp
        self.build = build
        self.bin = os.path.join(temp, 'bin')
        os.makedirs(self.bin)
        shutil.copy(tool, os.path.join(self.bin, 'efimapctl'))
        self.tool = os.path.join(self.bin, 'efimapctl')

    def path(self, *words):
        return os.path.join(self.temp, *words)

    def program(self, name, text):
        write(os.path.join(self.bin, name), '#!/bin/sh\n' + text, 0o755)

    def install(self):
        """Copy the scripts that run efimapctl to the directory of the tool, which they search
        first."""
        for name, directory in SCRIPTS.items():
            text = read(os.path.join(self.build, 'integration', directory, name))
            changed = re.sub(r'^PATH=', f'PATH={self.bin}:', text, flags=re.M)
            expect(changed != text, f'{name} does not set PATH')
            write(os.path.join(self.bin, name), changed, 0o755)

    def run(self, command, env=(), timeout=1200, **options):
        """Run a command whose environment contains only PATH, options of sanitizers, and "env"."""
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=timeout, cwd=self.temp,
                              env={'PATH': f'{self.bin}:{SYSTEM_PATH}',
                                   **fixture.sanitizer_options(), **dict(env)}, **options)

    def running(self, capture, command, setup='', **options):
        """Run a command with a capture mounted over the running system's files.

        setup: shell commands that run in the mount namespace before the command
        """
        need_namespaces()
        inner = f'capture=$1 temp=$2\nshift 2\n{setup}\nexec "$@"'
        return self.run([*RUNNING, capture, 'sh', '-euc', inner, 'sh', capture, self.temp,
                         *command], **options)

    def hang(self):
        """Replace the tool with one whose reads never return, and which ignores SIGTERM."""
        library = os.path.join(self.build, 'tests/integration/hang.so')
        if not os.path.exists(library):
            raise Skip('a build without sanitizers')
        os.rename(self.tool, self.path('bin/real'))
        write(self.tool, f'#!/bin/sh\nLD_PRELOAD={library} exec {self.path("bin/real")} "$@"\n',
              0o755)

    def set_up(self, options):
        need_program('meson')
        name = hashlib.sha256(repr(options).encode()).hexdigest()[:16]
        build = os.path.join(self.build, 'set-up', name)
        command = ['meson', 'setup', build, ROOT, *options]
        if os.path.exists(os.path.join(build, 'build.ninja')):
            command = ['ninja', '-C', build, 'build.ninja']
        done = self.run(command, {'HOME': self.temp, 'CCACHE_DISABLE': '1'}, 300)
        expect(done.returncode == 0, done.stdout[-800:] + done.stderr[-800:])
        return build

    def capture(self, name, boot_id=None):
        """Copy a real capture, and add a boot_id to the copy if one is given. Return the path of
        the copy."""
        where = os.path.join(tempfile.mkdtemp(dir=self.temp), name)
        shutil.copytree(fixture.real(name), where)
        if boot_id:
            write(where + '/proc/sys/kernel/random/boot_id', boot_id + '\n')
        return where

    def made(self, name):
        where = self.path('made', name)
        fixture.unpack(fixture.path_of('made', name), where)
        return where

    def snapshot(self, capture, where):
        os.makedirs(os.path.dirname(where), exist_ok=True)
        done = self.run([self.tool, 'snapshot', '-q', '-O', where, capture])
        expect(done.returncode == 0, f'snapshot {capture}: {done.stderr}')
        return where


def need_namespaces():
    if namespace.refused():
        raise Skip(f'mount namespaces: {namespace.refused()}')


def need_program(name):
    if not shutil.which(name, path=SYSTEM_PATH):
        raise Skip(name)


def main():
    """Run the case_… functions of the calling module. Return the exit status. Arguments: EFIMAPCTL
    BUILD [CASE...]"""
    module = inspect.getmodule(inspect.stack()[1].frame)
    cases = {name[5:]: function for name, function in vars(module).items()
             if name.startswith('case_')}
    tool, build, *chosen = sys.argv[1:]
    bad = skipped = 0
    for name in chosen or cases:
        with tempfile.TemporaryDirectory(prefix='efimap-test-') as temp:
            try:
                cases[name](Case(os.path.abspath(tool), os.path.abspath(build), temp))
                print(f'ok {name}')
            except Wrong as wrong:
                bad += 1
                print(f'FAILED {name}: {wrong}')
            except Skip as skip:
                skipped += 1
                print(f'skipped: {name}: needs {skip}')
    if bad:
        return 1
    return 77 if skipped == len(chosen or cases) else 0
