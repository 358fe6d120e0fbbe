#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run scripts/release in a small project that contains the files that the script changes.

usage: release.py EFIMAPCTL BUILD [CASE...]
"""
import os
import shutil
import sys

from common import ROOT, expect, main, need_program, read, write

VERSION = '2.3.4'
ARCHIVE = f'efimapctl-{VERSION}.tar.xz'
MESON = """project('efimapctl',
  version: '0.1.0',
  meson_version: '>=0.63')
"""
NEWS = f'efimapctl NEWS\n==============\n\n{VERSION}, unreleased\n-----------------\n\nText.\n'
CHANGELOG = """efimapctl (0.1.0) UNRELEASED; urgency=medium

  * First packages.

 -- Somebody <somebody@example.org>  Fri, 20 Nov 2026 12:00:00 +0000
"""


class Project:
    def __init__(self, case):
        for program in ('git', 'gpg', 'meson', 'xz'):
            need_program(program)
        self.case = case
        self.top = case.path('project')
        self.out = case.path('out')
        os.makedirs(self.out)
        os.makedirs(case.path('gnupg'), mode=0o700)
        self.env = {'GNUPGHOME': case.path('gnupg'), 'HOME': case.temp}
        for name, text in (('meson.build', MESON), ('NEWS', NEWS),
                           ('debian/changelog', CHANGELOG),
                           ('rpm/efimapctl.spec', 'Version:        0.1.0\n')):
            write(f'{self.top}/{name}', text)
        os.makedirs(f'{self.top}/scripts')
        shutil.copy(f'{ROOT}/scripts/release', f'{self.top}/scripts/release')
        self.must('gpg', '--batch', '--passphrase', '', '--quick-gen-key', 'release@example.org')
        self.must('git', 'init', '-q', '-b', 'main')
        self.must('git', 'config', 'user.name', 'Somebody')
        self.must('git', 'config', 'user.email', 'somebody@example.org')
        self.must('git', 'add', '.')
        self.must('git', 'commit', '-q', '-m', 'first')

    def run(self, *command):
        return self.case.run(['env', '-C', self.top, *command], self.env)

    def must(self, *command):
        done = self.run(*command)
        expect(done.returncode == 0, f'{command}: {done.stderr}')
        return done.stdout

    def release(self, *options, version=VERSION, key='release@example.org'):
        return self.run('scripts/release', *options, f'--key={key}', version, self.out)

    def is_unchanged(self):
        return (len(self.must('git', 'log', '--format=%s').splitlines()) == 1 and
                not self.must('git', 'tag') and not os.listdir(self.out))


def case_release(case):
    project = Project(case)
    done = project.release()
    expect(done.returncode == 0, done.stderr)
    expect(sorted(os.listdir(project.out)) == [ARCHIVE, f'{ARCHIVE}.asc'], os.listdir(project.out))
    project.must('gpg', '--verify', f'{project.out}/{ARCHIVE}.asc')
    project.must('git', 'verify-tag', f'v{VERSION}')
    expect(f"version: '{VERSION}'," in read(f'{project.top}/meson.build'), 'meson.build')
    expect(f'Version:        {VERSION}' in read(f'{project.top}/rpm/efimapctl.spec'), 'spec')
    expect(read(f'{project.top}/debian/changelog').startswith(
        f'efimapctl ({VERSION}) unstable;'), 'changelog')
    heading, line = read(f'{project.top}/NEWS').splitlines()[3:5]
    expect(heading.startswith(f'{VERSION}, 20') and line == '-' * len(heading), heading)
    names = project.must('tar', 'tf', f'{project.out}/{ARCHIVE}').split()
    expect(f'efimapctl-{VERSION}/NEWS' in names, names)


def case_dry_run(case):
    project = Project(case)
    done = project.release('--dry-run')
    expect(done.returncode == 0 and ARCHIVE in done.stdout, done.stdout + done.stderr)
    expect(project.is_unchanged(), 'the dry run changed something')


def case_refused(case):
    project = Project(case)
    for done, text in ((project.release(version='1.0'), "'1.0' is not a version"),
                       (project.release(version='9.9.9'), 'NEWS: line 4'),
                       (project.release(key='nobody@example.org'), 'no secret key')):
        expect(done.returncode == 1 and text in done.stderr, done.stderr)
    write(f'{project.top}/NEWS', 'changed\n')
    done = project.release()
    expect(done.returncode == 1 and 'uncommitted' in done.stderr, done.stderr)
    project.must('git', 'checkout', '-q', 'NEWS')
    done = project.run('scripts/release', VERSION)
    expect(done.returncode == 2 and '--key=KEY' in done.stderr, done.stderr)
    expect(project.is_unchanged(), 'a refused release changed something')


if __name__ == '__main__':
    sys.exit(main())
