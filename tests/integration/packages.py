#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the sources of the packages without building them: lists of files and maintainer scripts.

usage: packages.py EFIMAPCTL BUILD [CASE...]
"""
import fnmatch
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig

from common import ROOT, Skip, below, expect, main, read, write

sys.path.insert(0, os.path.join(ROOT, 'tests', 'lint'))
import project  # noqa: E402 pylint: disable=wrong-import-position

DEBIAN, SPEC = f'{ROOT}/debian', f'{ROOT}/rpm/efimapctl.spec'
# The options that debhelper passes to meson, and RPM macros of Fedora.
DEB_SETUP = ['--prefix=/usr', '--sysconfdir=/etc', '--localstatedir=/var',
             f'--libdir=lib/{sysconfig.get_config_var("MULTIARCH")}']
MACROS = {'_prefix': '/usr', '_bindir': '/usr/bin', '_sbindir': '/usr/bin',
          '_infodir': '/usr/share/info', '_sharedstatedir': '/var/lib', '_libdir': '/usr/lib64',
          '_libexecdir': '/usr/libexec', '_datadir': '/usr/share', '_mandir': '/usr/share/man',
          '_includedir': '/usr/include', '_sysconfdir': '/etc', '_localstatedir': '/var',
          'name': 'efimapctl'}
# The documents that docs/meson.build installs with a script, which meson does not list
DOCUMENTS = {f'/usr/share/doc/efimapctl/{name}' for name in re.findall(
    r"'([\w/-]+(?:\.md|\.svg)?)'", re.search(r'documents = \[(.*?)\]', read(
        f'{ROOT}/docs/meson.build'), re.S)[1])}


def plan(case, options):
    done = case.run(['meson', 'introspect', '--installed', case.set_up(options)])
    return set(json.loads(done.stdout).values()) | DOCUMENTS


def make(case, target, where, **programs):
    for name, text in programs.items():
        case.program(name, text)
    done = case.run(['make', '-C', where, '-f', f'{DEBIAN}/rules', target])
    expect(done.returncode == 0, f'debian/rules {target}: {done.stdout}{done.stderr}')


def need_systemd_pc():
    """Skip the case if pkg-config cannot find systemd.pc, which contains systemd's directories."""
    if subprocess.run(['pkg-config', '--exists', 'systemd'], check=False).returncode:
        raise Skip('systemd.pc, from systemd-dev or systemd')


def configured(case, target):
    need_systemd_pc()
    os.makedirs(case.path('empty'), exist_ok=True)
    said = case.path('options')
    make(case, target, case.path('empty'), dh_auto_configure=f'printf "%s\\n" "$@" >"{said}"\n')
    return [word for word in read(said).splitlines() if word.startswith('-D')]


def stanzas():
    return set(re.findall(r'^Package: (.*)$', read(f'{DEBIAN}/control'), re.M))


def lists(suffix):
    return {os.path.basename(path)[:-len(suffix) - 1]: read(path).split()
            for path in glob.glob(f'{DEBIAN}/*.{suffix}')}


def installed_units(case):
    """Return the directories that debian/rules exports by placeholder, and the arguments of each
    call of dh_installsystemd."""
    need_systemd_pc()
    os.makedirs(case.path('empty'), exist_ok=True)
    write(case.path('said'), '')
    make(case, 'override_dh_installsystemd', case.path('empty'),
         dh_installsystemd=f'echo "$UNITDIR $PRESETDIR $*" >>"{case.path("said")}"\n')
    lines = [line.split() for line in read(case.path('said')).splitlines()]
    directories = {'${env:UNITDIR}': lines[0][0], '${env:PRESETDIR}': lines[0][1]}
    return directories, [words[2:] for words in lines]


def case_deb_enabled(case):
    """The packages enable the units that the preset enables, and no other units."""
    preset = set(re.findall(r'^enable (\S+)$', read(
        f'{ROOT}/integration/systemd/90-efimapctl.preset'), re.M))
    _, calls = installed_units(case)
    for words in calls:
        expect({'--no-enable', '--no-start', '--no-stop-on-upgrade'}.isdisjoint(words), words)
    expect({words[-1] for words in calls} == preset, f'{calls}, {preset}')
    spec = read(SPEC)
    for scriptlet in ('post', 'preun', 'postun'):
        named = ' '.join(re.findall(rf'^%systemd_{scriptlet} (.*)$', spec, re.M)).split()
        expect(set(named) == preset, f'%{scriptlet} of the spec: {named}')


def case_deb_lists(case):
    """Each file is in exactly one package, and each line of a list matches a file."""
    files = plan(case, DEB_SETUP + configured(case, 'override_dh_auto_configure'))
    tree = case.path('tree')
    for name in files:
        write(f'{tree}/debian/tmp{name}', '')
    make(case, 'execute_after_dh_auto_install', tree, dh_auto_install=':\n')
    packed = {}
    directories, _ = installed_units(case)
    for package, patterns in lists('install').items():
        for pattern in patterns:
            for word, directory in directories.items():
                pattern = pattern.replace(word, directory)
            found = glob.glob(f'{tree}/debian/tmp/{pattern}')
            expect(found, f'{package}: no file matches {pattern}')
            for top in found:
                for name in [top] if os.path.isfile(top) else \
                        [os.path.join(top, name) for name in below(top)]:
                    packed.setdefault(name, []).append(package)
    there = {f'{tree}/debian/tmp/{name}' for name in below(f'{tree}/debian/tmp')}
    expect(len(there) > 30 and there == packed.keys(), f'in no package: {there - packed.keys()}')
    twice = {name: who for name, who in packed.items() if len(who) > 1}
    expect(not twice, f'files in two packages: {twice}')
    expect(stanzas() == lists('install').keys(), stanzas() ^ lists('install').keys())


def case_deb_words(_):
    expect(not lists('docs'), 'the build installs the documents')
    for kind in ('postinst', 'postrm'):
        names = set(lists(kind))
        expect(names and names <= stanzas(), f'{kind} of {names - stanzas()}')


def case_deb_copyright(_):
    """debian/copyright contains the licence of each file, and refers to the origin of each log."""
    text = read(f'{DEBIAN}/copyright')
    places = [(glob_, licence) for globs, licence in re.findall(
        r'^Files: (.*)\n(?:.+\n)*?License: (\S+)$', text, re.M) for glob_ in globs.split()]
    looked_at = 0
    for name in project.files():
        if name.startswith('LICENSES/'):
            continue
        head = '\n'.join(project.text(name).split('\n')[:4])
        found = re.search(r'SPDX-License-Identifier: (L?GPL-[\d.]+)-or-later', head)
        licence = [licence for glob_, licence in places if fnmatch.fnmatch(name, glob_)][-1]
        expect(name.endswith('.patch') == (licence == 'GPL-2'), f'{name}: {licence}')
        if found:
            looked_at += 1
            expect(found[1] + '+' in (licence, licence.replace('2+', '2.0+')), f'{name}: {licence}')
    expect(looked_at > 500, f'{looked_at} files')
    logs = [name for name in os.listdir(f'{ROOT}/tests/fixtures/logs') if name != 'ORIGIN']
    origin = read(f'{ROOT}/tests/fixtures/logs/ORIGIN')
    expect(all(f'\n{name}\n' in origin for name in logs) and 'logs/ORIGIN' in text, logs)


def case_deb_tests(_):
    """The package tests declare their restrictions, and do not test other packages' libraries."""
    for stanza in read(f'{DEBIAN}/tests/control').strip().split('\n\n'):
        fields = dict(re.findall(r'^(\S+): (.*)$', stanza, re.M))
        text = read(f'{DEBIAN}/tests/{fields["Tests"]}')
        restrictions = set(fields.get('Restrictions', '').split(', '))
        mounts = 'mount --bind' in text
        breaks = mounts or re.search(r' >>?/(?!dev/null)|mkdir -p /|rm -f /', text)
        wanted = {'breaks-testbed'} if breaks else set()
        wanted |= {'isolation-container', 'skippable'} if mounts else set()
        expect(restrictions - {'', 'needs-root', 'allow-stderr'} == wanted, stanza)
        expect(not re.search(r'lib\w+\.so', text),
               f'{fields["Tests"]} tests libraries of other packages')


def maintain(case, script, *words, systemd=True):
    """Run a maintainer script with separate /var and /run. Return the files that are left in /var."""
    left = case.path('left')
    shutil.rmtree(left, ignore_errors=True)
    shutil.copy(os.path.join(DEBIAN, script), case.path('script'))
    for name in 'systemctl', 'timeout', 'mkinitramfs':
        case.program(name, f'echo "{name} $*" >>"{case.path("called")}"\nexit 1\n')
    setup = ('mount -t tmpfs tmpfs /var\nmount -t tmpfs tmpfs /run\n'
             'mkdir -p /var/lib/efimapctl /var/crash /var/lib/prometheus/node-exporter /var/lib/kdump\n'
             'for file in lib/efimapctl/1.json crash/2.json lib/kdump/initrd.img-6.12.1\n'
             'do : >/var/$file\ndone\n'
             'for file in efimapctl other\n'
             'do : >/var/lib/prometheus/node-exporter/$file.prom\ndone\n' +
             ('mkdir -p /run/systemd/system\n' if systemd else ''))
    done = case.running(case.path('.'), ['sh', '-c', 'sh "$0" "$@" && cp -R /var "$LEFT"',
                                         case.path('script'), *words], setup,
                        env={'LEFT': left})
    expect(done.returncode == 0 and not done.stderr, f'{script} {words}: {done.stderr}')
    return set(below(left))


def case_deb_scripts(case):
    """Removing and purging remove only files that our programs wrote, and no script builds or changes
    an initramfs."""
    metrics = 'lib/prometheus/node-exporter/'
    everything = {'lib/efimapctl/1.json', 'crash/2.json', 'lib/kdump/initrd.img-6.12.1',
                  metrics + 'other.prom', metrics + 'efimapctl.prom'}
    gone = {'efimapctl-kdump.postrm': {'purge': {'lib/efimapctl/1.json'}},
            'efimapctl-monitoring.postrm': dict.fromkeys(('remove', 'purge'),
                                                         {metrics + 'efimapctl.prom'})}
    expect({f'{package}.postrm' for package in lists('postrm')} == gone.keys(),
           'the list of packages with a postrm script is wrong')
    for script, files in gone.items():
        for word in ('remove', 'upgrade', 'purge'):
            left = maintain(case, script, word)
            expect(everything - left == files.get(word, set()), f'{script} {word}: {left}')
    called = case.path('called')
    expect(not os.path.exists(called), 'a postrm script runs another program')
    # If systemd runs, "configure" reloads systemd and stores a snapshot.
    for word, systemd, wanted in (
            ('abort-upgrade', True, ''), ('configure', False, ''),
            ('configure', True, 'systemctl --system daemon-reload\ntimeout -k 5 30 '
             '/usr/libexec/efimapctl/efimapctl-store /var/lib/efimapctl\n')):
        write(called, '')
        script = 'efimapctl-kdump.postinst'
        expect(maintain(case, script, word, systemd=systemd) == everything, script)
        expect(read(called) == wanted, f'{script} {word} calls {read(called)}')
    for script in glob.glob(f'{DEBIAN}/*.post*'):
        for line in ('set -e', '#DEBHELPER#'):
            expect(f'\n{line}\n' in read(script), f'{script} has no {line}')


def expand(text):
    macros = {**MACROS, **dict(re.findall(r'^%(\w+) (/\S+)$', read(f'{ROOT}/rpm/macros.test'),
                                          re.M)),
              'version': re.search(r'^Version: *(\S+)$', read(SPEC), re.M)[1]}
    return re.sub(r'%\{(\w+)\}', lambda m: macros.get(m[1], m[0]), text)


def case_rpm_lists(case):
    spec = read(SPEC)
    setup = re.search(r'^%meson .*meson setup (.*) %\{', read(f'{ROOT}/rpm/macros.test'), re.M)[1]
    setup = expand(setup).split()
    files = set()
    calls = re.findall(r'^%meson ((?:.*\\\n)*.*)$', spec, re.M)
    expect(len(calls) == 1, 'configured once')
    for options in calls:
        files |= plan(case, setup + expand(options.replace('\\\n', ' ')).split())
    for name in re.findall(r'^rm %\{buildroot\}(\S+)$', spec, re.M):
        expect(expand(name) in files, f'{name} does not exist')
        files.remove(expand(name))
    directories = {expand(name) for name in re.findall(r'^mkdir -p %\{buildroot\}(\S+)$', spec,
                                                       re.M)}
    packed = {}
    for words, body in re.findall(r'^%files ?(.*)\n((?:(?!%changelog|%files).*\n)*)', spec, re.M):
        package = words[3:] if words.startswith('-n ') else f'efimapctl-{words}'.rstrip('-')
        expect(f'%package {words}\n' in spec or not words, f'no package {package}')
        for line in body.split('\n'):
            kind, *names = line.split() or ['']
            if kind in ('%ifarch', '%endif'):
                continue
            if kind == '%license':
                expect(all(os.path.isfile(f'{ROOT}/{name}') for name in names), line)
                continue
            if kind == '%dir':
                top = expand(names[-1])
                expect(top in directories or any(f.startswith(top + '/') for f in files), line)
                continue
            for pattern in [expand(line.split()[-1])] if line.strip() else []:
                found = {name for name in files
                         if fnmatch.fnmatch(name, pattern) or name.startswith(pattern + '/')}
                expect(found, f'{package}: no file matches {pattern}')
                for name in found:
                    packed.setdefault(name, []).append(package)
    expect(len(files) > 30 and files == packed.keys(), f'in no package: {files - packed.keys()}')
    twice = {name: who for name, who in packed.items() if len(set(who)) > 1}
    expect(not twice, f'files in two packages: {twice}')


if __name__ == '__main__':
    sys.exit(main())
