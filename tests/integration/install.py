#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the files that meson installs for other programs, with their paths and modes.

usage: install.py EFIMAPCTL BUILD [CASE...]
"""
import json
import os
import re
import shutil
import sys

from common import INTEGRATION, ROOT, below, expect, main, need_program, sections, write

UNITS, CATALOG = '/lib/systemd/system', '/usr/lib/systemd/catalog'
PRESETS = '/usr/lib/systemd/system-preset'
DRACUT = '/usr/lib/dracut/modules.d'
SOS = '/usr/lib/python3/dist-packages/sos/report/plugins'
SETUP = ['--prefix=/usr', '--sysconfdir=/etc', '--libexecdir=libexec', f'-Dsystemdsystemunitdir={UNITS}', f'-Dsystemdpresetdir={PRESETS}',
         f'-Dcatalogdir={CATALOG}',
         f'-Ddracutmodulesdir={DRACUT}', f'-Dsospluginsdir={SOS}']
TOOL = '/usr/bin/efimapctl'
COMPARE, STORE = ('/usr/libexec/efimapctl/efimapctl-' + name for name in ('compare', 'store'))
# The project's paths that installed files contain. The last path is the snapshot store.
OURS = (TOOL, COMPARE, STORE, '/usr/lib/nagios/plugins/check_efimap', '/var/lib/efimapctl')
RUN = 'run '
# {value of -Dintegration: {installed path: source}}
FILES = {word: dict(line.split(' ', 1) for line in lines)
         for word, lines in sections('install.files').items()}


def source(build, name):
    made = f'{build}/integration/{name}'
    return made if os.path.exists(made) else f'{INTEGRATION}/{name}'


def install(case, words):
    build = case.set_up([*SETUP, f'-Dintegration={",".join(words)}'])
    root = case.path('root')
    shutil.rmtree(root, ignore_errors=True)
    done = case.run(['meson', 'install', '-C', build, '--no-rebuild', '--tags=integration',
                     f'--destdir={root}'])
    expect(done.returncode == 0, done.stdout[-800:] + done.stderr[-800:])
    return build, {'/' + name for name in below(root)}


def check(case, build, path, what):
    where = case.path('root') + path
    runs = what.startswith(RUN)
    mode = os.stat(where).st_mode & 0o777
    expect(mode == (0o755 if runs else 0o644), f'{path}: mode {mode:o}')
    with open(where, 'rb') as ours, open(source(build, what.replace(RUN, '')), 'rb') as theirs:
        text = ours.read()
        expect(text == theirs.read(), f'{path} differs from {what}')
    expect(not re.search(rb'@\w*dir@', text), f'{path}: a placeholder for a directory remains')
    for directory in re.findall(rb'^PATH=(.*?):', text, re.M):
        expect(directory.decode() == os.path.dirname(TOOL), f'{path} uses the directory {directory}')
    # The file must call the project's programs by their installed paths.
    for program in re.findall(rb'(?<![\w$}])/(?:[\w./-]*/)?'
                              rb'(?:check_efimap|efimapctl(?:-compare|-store)?)(?=[\s"}])', text):
        expect(program.decode() in OURS, f'{path} runs {program.decode()}')


def case_sos_missing(case):
    """If sos is not installed, the error names the option that makes it unnecessary."""
    need_program('meson')
    hide = ('for sos in /usr/lib/python3/dist-packages/sos /usr/lib/python3/site-packages/sos; do\n'
            '[ ! -d $sos ] || mount -t tmpfs tmpfs $sos\ndone\n')
    done = case.running(case.path('.'), ['meson', 'setup', case.path('build'), ROOT,
                                         '-Dintegration=sos'], hide,
                        env={'HOME': case.temp, 'CCACHE_DISABLE': '1'})
    expect(done.returncode and 'or specify -Dsospluginsdir' in done.stdout,
           done.stdout[-400:] + done.stderr)


def case_install(case):
    """Each word of -Dintegration installs its files. Without words, nothing is installed."""
    for words in (sorted(FILES), ['kdump'], ['suse', 'kdump-tools'], []):
        wanted = {path: what for word in words for path, what in FILES[word].items()}
        build, installed = install(case, words)
        expect(installed == wanted.keys(), f'{words}: {installed ^ wanted.keys()}')
        for path, what in wanted.items():
            check(case, build, path, what)
    names = {what.replace(RUN, '') for files in FILES.values() for what in files.values()}
    shipped = {name for name in below(INTEGRATION)
               if not name.endswith(('meson.build', 'README.md', '.pyc'))}
    for name in shipped:
        name = name.removesuffix('.in')
        expect(name in names or name in ('systemd/preflight.conf', 'systemd/dump.conf'),
               f'{name} is never installed')
    # install() installs only files with the tag "integration", so each file must have this tag.
    build = case.set_up([*SETUP, f'-Dintegration={",".join(sorted(FILES))}'])
    done = case.run(['meson', 'introspect', '--install-plan', build])
    plan = [(name, file['tag']) for kind in json.loads(done.stdout).values()
            for name, file in kind.items() if '/integration/' in name]
    expect(len(plan) > 15 and {tag for _, tag in plan} == {'integration'}, plan)


def case_odd_paths(case):
    done = case.run(['meson', 'setup', case.path('build'), ROOT, *SETUP, '-Dintegration=systemd',
                     '--prefix=/opt/$name'], {'HOME': case.temp}, 300)
    expect(done.returncode == 1 and 'with a special meaning' in done.stdout,
           done.stdout[-800:] + done.stderr[-800:])


if __name__ == '__main__':
    sys.exit(main())
