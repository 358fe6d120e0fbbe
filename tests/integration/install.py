#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What meson installs for other programs: where they look, as they need it, and nothing else.

usage: install.py EFIMAPCTL BUILD [CASE...]
"""
import json
import os
import re
import shutil
import sys

from common import INTEGRATION, ROOT, expect, main, write

UNITS, CATALOG = '/lib/systemd/system', '/usr/lib/systemd/catalog'
DRACUT = '/usr/lib/dracut/modules.d'
SOS = '/usr/lib/python3/dist-packages/sos/report/plugins'
SETUP = ['--prefix=/usr', '--sysconfdir=/etc', '--libexecdir=libexec', '-Dvmcore=disabled',
         f'-Dsystemdsystemunitdir={UNITS}', f'-Dcatalogdir={CATALOG}',
         f'-Ddracutmodulesdir={DRACUT}', f'-Dsospluginsdir={SOS}']
HOOKS = '/usr/share/initramfs-tools'
TOOL, COMPARE = '/usr/sbin/efimapctl', '/usr/libexec/efimapctl/efimapctl-compare'
GATE = '/usr/libexec/efimapctl/efimapctl-gate'
# What these files name of ours; the last is no program, but the store of snapshots.
OURS = (TOOL, COMPARE, GATE, '/usr/lib/nagios/plugins/check_efimap', '/var/lib/efimapctl')
# What each word of -Dintegration installs: where, and what of integration/ (of the build where
# it is made there). What is to be run is marked, and may be run.
RUN = 'run '
FILES = {
    'sos': {f'{SOS}/efimap.py': 'sos/efimap.py'},
    'systemd': {
        **{f'{UNITS}/{name}': f'systemd/{name}' for name in (
            'efimapctl-compare.path', 'efimapctl-compare.service', 'efimapctl-metrics.service',
            'efimapctl-metrics.timer', 'efimapctl-preflight.service')},
        f'{CATALOG}/efimapctl.catalog': 'systemd/efimapctl.catalog',
        COMPARE: RUN + 'systemd/efimapctl-compare'},
    'kdump-tools': {f'{UNITS}/{name}.service.d/50-efimapctl.conf': f'systemd/{name}.service.d.conf'
                    for name in ('kdump-tools', 'kdump-tools-dump')},
    'kdump': {f'{UNITS}/kdump.service.d/50-efimapctl.conf': 'systemd/kdump.service.d.conf',
              '/etc/kdump/pre.d/50-efimapctl': RUN + 'kdump/pre.d',
              '/etc/kdump/post.d/50-efimapctl': RUN + 'kdump/post.d'},
    'suse': {**{f'{UNITS}/{name}.service.d/50-efimapctl.conf': f'systemd/{name}.service.d.conf'
                for name in ('kdump', 'kdump-early')},
             '/usr/share/efimapctl/suse.sysconfig': 'kdump/suse.sysconfig'},
    'dracut': {f'{DRACUT}/50efimapctl/module-setup.sh':
               RUN + 'dracut/50efimapctl/module-setup.sh'},
    'initramfs-tools': {f'{HOOKS}/hooks/efimapctl': RUN + 'initramfs-tools/hook',
                        f'{HOOKS}/scripts/local-bottom/efimapctl':
                        RUN + 'initramfs-tools/script'},
    'gate': {'/usr/share/efimapctl/gate': 'gate/gate', GATE: RUN + 'gate/efimapctl-gate',
             f'{UNITS}/efimapctl-gate.service': 'gate/efimapctl-gate.service'},
    'prometheus': {f'/usr/share/efimapctl/prometheus/efimapctl.{name}':
                   f'prometheus/efimapctl.{name}'
                   for name in ('rules.yml', 'rules.test.yml', 'dashboard.json')},
    'nagios': {'/etc/nagios-plugins/config/efimapctl.cfg': 'nagios/efimapctl.cfg',
               '/etc/nagios/nrpe.d/efimapctl.cfg': 'nagios/nrpe.cfg',
               '/usr/lib/nagios/plugins/check_efimap': f'link {TOOL}'},
}


def source(build, name):
    """A file of integration/, or what was made of it."""
    made = f'{build}/integration/{name}'
    return made if os.path.exists(made) else f'{INTEGRATION}/{name}'


def install(case, words):
    """Install for some programs; the build directory, and the names of the files."""
    build = case.set_up([*SETUP, f'-Dintegration={",".join(words)}'])
    root = case.path('root')
    shutil.rmtree(root, ignore_errors=True)
    # The tool itself, which the plugin of Nagios is a link to.
    write(root + TOOL, '')
    done = case.run(['meson', 'install', '-C', build, '--no-rebuild', '--tags=integration',
                     f'--destdir={root}'])
    expect(done.returncode == 0, done.stdout[-800:] + done.stderr[-800:])
    os.remove(root + TOOL)
    return build, {'/' + os.path.relpath(os.path.join(where, name), root)
                   for where, _, names in os.walk(root) for name in names}


def check(case, build, path, what):
    """One installed file."""
    where = case.path('root') + path
    if what.startswith('link '):
        expect(os.path.islink(where) and os.readlink(where) == what[5:], f'{path}: no {what}')
        return
    runs = what.startswith(RUN)
    mode = os.stat(where).st_mode & 0o777
    expect(mode == (0o755 if runs else 0o644), f'{path}: mode {mode:o}')
    with open(where, 'rb') as ours, open(source(build, what.replace(RUN, '')), 'rb') as theirs:
        text = ours.read()
        expect(text == theirs.read(), f'{path} is not {what}')
    expect(not re.search(rb'@\w*dir@', text), f'{path}: a directory is not filled in')
    # What it runs of ours is where it is installed; NRPE and Nagios call the plugin.
    for program in re.findall(rb'(?<![\w$}])/(?:[\w./-]*/)?'
                              rb'(?:check_efimap|efimapctl(?:-compare|-gate)?)(?=[\s"}])', text):
        expect(program.decode() in OURS, f'{path} runs {program.decode()}')


def case_install(case):
    """Each word installs its files where its program looks; none installs nothing."""
    for words in (sorted(FILES), ['kdump'], ['suse', 'kdump-tools'], []):
        wanted = {path: what for word in words for path, what in FILES[word].items()}
        build, installed = install(case, words)
        expect(installed == wanted.keys(), f'{words}: {installed ^ wanted.keys()}')
        for path, what in wanted.items():
            check(case, build, path, what)
    names = {what.replace(RUN, '') for files in FILES.values() for what in files.values()}
    shipped = {os.path.relpath(os.path.join(where, name), INTEGRATION)
               for where, _, files in os.walk(INTEGRATION) for name in files
               if name not in ('meson.build', 'README.md') and
               not name.endswith(('.pyc', '.patch'))}
    for name in shipped:
        name = name.removesuffix('.in')
        expect(name in names or name in ('systemd/preflight.conf', 'systemd/dump.conf'),
               f'{name} is never installed')
    # Nothing was left out above for want of a tag.
    build = case.set_up([*SETUP, f'-Dintegration={",".join(sorted(FILES))}'])
    done = case.run(['meson', 'introspect', '--install-plan', build])
    plan = [(name, file['tag']) for kind in json.loads(done.stdout).values()
            for name, file in kind.items() if '/integration/' in name]
    expect(len(plan) > 15 and {tag for _, tag in plan} == {'integration'}, plan)


def case_odd_paths(case):
    """No file is made that would name another path than was meant."""
    for option in ('-Dstoredir=/var/lib/efi%map', '-Dtextfiledir=/var/lib/node exporter',
                   '--prefix=/opt/$name'):
        done = case.run(['meson', 'setup', case.path('build'), ROOT, *SETUP,
                         '-Dintegration=systemd', option], {'HOME': case.temp}, 300)
        expect(done.returncode == 1 and 'take for their own' in done.stdout,
               f'{option}: {done.stdout[-800:]}{done.stderr[-800:]}')
        shutil.rmtree(case.path('build'))


if __name__ == '__main__':
    sys.exit(main())
