# SPDX-License-Identifier: GPL-2.0-or-later
"""What broken.py breaks: for each file the test that is for it, and ways to break it.

A way takes a file's text and gives (what is broken, the broken text) as often as it can.
"""
import os
import re
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


@dataclass(frozen=True)
class Breakage:
    """A file of a row, broken: text is None where it is gone."""
    row: 'Row'
    what: str
    text: str

    def __str__(self):
        return f'{self.row.file}: {self.what}'


@dataclass(frozen=True)
class Row:
    """A file, the tests that are for it, "name case…", and how it can be broken."""
    file: str
    tests: tuple
    ways: tuple = ()

    def read(self):
        with open(os.path.join(ROOT, self.file), encoding='utf-8') as file:
            return file.read()

    def breakages(self):
        """Gone, cut off, and all that its ways give."""
        text = self.read()
        yield Breakage(self, 'removed', None)
        yield Breakage(self, 'cut off at 60 %', text[:len(text) * 6 // 10])
        for way in self.ways:
            for what, broken in way(text):
                yield Breakage(self, what, broken)


def each(what, pattern, replacement, comments='#'):
    """A way: each match of a pattern, one at a time, but for those in lines of comment."""
    def way(text):
        for match in re.finditer(pattern, text, re.M):
            start = text.rfind('\n', 0, match.start()) + 1
            if text[start:match.end()].lstrip().startswith(comments):
                continue
            line = text.count('\n', 0, match.start()) + 1
            broken = text[:match.start()] + match.expand(replacement) + text[match.end():]
            if broken != text:
                yield f'line {line}: {" ".join(match[0].split()).lstrip(", ")}: {what}', broken
    way.__doc__ = what
    return way


# Scripts
NOT_CALLED = each('not called', r'(?<![\w/.-])(?:efimapctl|"\$tool")(?= [a-z])', 'false')
OPTION = each('misspelt', r'(?<=[\s"])--[a-z][a-z-]*', r'\g<0>q')
SCRIPT = (NOT_CALLED, OPTION)

# Units and drop-ins. Who reads Description= and Documentation= is not a program.
# systemd tells any unknown key alike: some are enough.
KEY = each('misspelt', r'^(?:Exec|Path|On|Condition|Success|KDUMP)\w*(?==)', r'\g<0>q')
SECTION = each('misspelt', r'(?<=^\[)\w+', r'\g<0>q')
LEFT_OUT = each('left out', r'^(?!Description|Documentation)\w+=.*\n', '')
PATH = each('misspelt', r'@(?:sbin|libexec)dir@', r'\g<0>q')
CAN_BLOCK = each('can block', r'(?<=^ExecStartPre=)-', '')
UNIT = (KEY, SECTION, LEFT_OUT)

# Prometheus and Grafana
METRIC = each('misspelt', r'\b(?:efimap|node)_[a-z_]+', r'\g<0>q')
LABEL = each('misspelt', r'(?<=[{, ])\w+(?=[=!]~?\\?")', r'\g<0>q')

# What meson installs
INSTALLED = each('left out', r',\s*install(?:_dir)?: [^,()]*(?:\([^()]*\)[^,()]*)*', '')
MODE = each('another', r"'rwxr-xr-x'", "'rw-r--r--'")
NAME = each('another', r"(?<=rename: ')[^']*", r'\g<0>q')

SYSTEMD = 'integration/systemd/'
LINE = each('left out', r'^.*\S.*\n', '')
NAMED = each('misspelt', r'(?<=^Package: ).*', r'\g<0>q')
DEFINED = each('misspelt', r'(?<=-D)\w+(?==)', r'\g<0>q')
WORD = each('left out', r'\b(?:dracut|initramfs-tools|kdump|kdump-tools|gate|nagios|'
            r'prometheus|sos),(?=[a-z])', '')
SHIPPED = ('integration/', 'debian/', 'rpm/')
# For people; for those who make packages, which scripts/package does; tests themselves.
NOT_SHIPPED = ('integration/README.md', 'integration/sos/upstream/', 'debian/changelog',
               'debian/copyright', 'debian/source/', 'debian/tests/',
               'debian/efimapctl.lintian-overrides', 'rpm/macros.test')
ROWS = (
    Row('integration/sos/efimap.py', ('sos declared', 'sos report'), (
        each('left out', r"^ +'/.*\n", ''),
        each('not named', r'(?:Debian|Ubuntu|RedHat|SuSE)Plugin,\s+', ''),
        each('not named', r',\s+IndependentPlugin', ''),
        each('another', r'stderr=False', 'stderr=True'),
        each('misspelt', r"(?<=')(?:dump|verify|snapshot)(?=[ '])", r'\g<0>q'),
        each('left out', r"^    (?:plugin_name|profiles|packages|files) = .*\n", ''),
        each('no tuple', r"(?<=\('efimapctl'),(?=\))", ''),
        each('every type', r'is_efi = False', 'is_efi = True'),
        each('another type', r'SETUP_EFI = 4', 'SETUP_EFI = 9'))),
    Row('integration/kdump/pre.d', ('hooks kdump_pre kdump_pre_bad',), (
        *SCRIPT, each('another status', r'exit 0', 'exit $?'))),
    Row('integration/kdump/post.d', (
        'hooks kdump_post kdump_post_path kdump_post_places kdump_post_bad',), (
        *SCRIPT, each('another status', r'exit 0', 'exit 1'),
        each('misspelt', r'EFIMAPCTL_\w+|(?<=/)(?:run|var|etc|sysroot|proc)\b', r'\g<0>q'))),
    Row('integration/kdump/suse.sysconfig.in', ('hooks suse', 'install'), (
        PATH, KEY, *SCRIPT)),
    Row('integration/gate/gate.in', ('hooks gate gate_others', 'install'), (
        PATH, each('another status', r'(?<=-ne )1|(?<=exit )1', '0'),
        each('misspelt', r'[\w.-]+(?=:)|(?<=:)[a-z]+(?=:)', r'\g<0>q'))),
    Row('integration/gate/efimapctl-gate.in', (
        'hooks gate gate_others gate_unload gate_warns', 'install'), (
        PATH, OPTION, each('another status', r'(?<=-eq )2|(?<=exit )[01]', '3'),
        each('misspelt', r'/(?:proc|sys|dev)/\w+', r'\g<0>q'))),
    Row('integration/gate/efimapctl-gate.service.in', ('units says strict verify enabled', 'install'),
        (*UNIT, PATH)),
    Row('integration/dracut/50efimapctl/module-setup.sh', ('hooks dracut', 'install'), (
        each('always', r'return 255', 'return 0'), each('never', r'(?<=&& )return 0', 'return 255'),
        each('always', r'return 1', 'true'),
        each('another', r'(?:inst_multiple|require_binaries) .*efimapctl',
             'inst_multiple true'),
        each('misspelt', r'^(?:check|install)(?=\(\))|IN_KDUMP', r'\g<0>q'))),
    Row('integration/initramfs-tools/hook', ('hooks initramfs_hook', 'install'), (
        each('another place', r'/var/lib/kdump/initramfs-tools', '/etc/initramfs-tools'),
        each('left out', r'^(?:copy_exec|OPTION=).*\n', ''),
        each('another', r'(?<=\$tool" )/sbin', '/bin'), each('fails', r'exit 0', 'exit 1'))),
    Row('integration/initramfs-tools/script', ('hooks initramfs_script initramfs_places',), (
        *SCRIPT, each('left out', r'^\[ -e.*\n', ''), each('fails', r'exit 0', 'exit 1'),
        each('misspelt', r'/(?:proc|run|dev)\b', r'\g<0>q'))),
    Row(SYSTEMD + 'preflight.conf.in', (
        'units advice paths verify commands', 'units surroundings', 'install'), (
            KEY, SECTION, LEFT_OUT, PATH, CAN_BLOCK, OPTION)),
    Row(SYSTEMD + 'dump.conf.in', (
        'units advice paths verify commands', 'units surroundings', 'install'), (
            KEY, SECTION, LEFT_OUT, PATH, CAN_BLOCK, OPTION)),
    Row(SYSTEMD + 'efimapctl-preflight.service.in', (
        'units says strict verify enabled commands', 'install'), (
            *UNIT, PATH, OPTION, each('advice', r'(?<=^ExecStart=)', '-'),
            each('another list', r'(?<=SuccessExitStatus=)3', '1 3'))),
    Row(SYSTEMD + 'efimapctl-compare.path.in', ('units says paths verify enabled',), (
        *UNIT, each('another file', r'kdump\.json', 'kdumpq.json'))),
    Row(SYSTEMD + 'efimapctl-compare.service.in', (
        'units says confined may_write verify commands paths', 'install'), (
            *UNIT, PATH, each('another directory', r'(?<= )/var/crash$', '/var/crashq'))),
    Row(SYSTEMD + 'efimapctl-metrics.service.in', (
        'units says confined may_write kernel_log verify commands', 'install'), (
            *UNIT, PATH, OPTION)),
    Row(SYSTEMD + 'efimapctl-metrics.timer', ('units says verify enabled',), UNIT),
    Row(SYSTEMD + 'efimapctl.catalog', ('units catalog',), (
        each('another id', r'(?<=^-- )[0-9a-f]{4}', '0000'),
        each('misspelt', r'@EFIMAP_\w+@', '@EFIMAP_NONE@'),
        each('left out', r'^(?:Subject|Defined-By|Documentation):.*\n', ''))),
    Row(SYSTEMD + 'efimapctl-compare', ('compare', 'units catalog'), (
        *SCRIPT, each('left out', r'^\t+(?:tell|write_metrics|consume|judge|beside|mv)\b'
                      r'[^\\\n]*\n', ''),
        each('another id', r'\b[0-9a-f]{32}\b', '0' * 32),
        each('left out', r"^set -C\n| \| tr '\\n' '\?'|(?<=mv -f)T|umask 022 && ", ''),
        each('misspelt', r'EFIMAPCTL?_[A-Z]+|efimap_\w+', r'\g<0>q'))),
    Row('integration/prometheus/efimapctl.rules.yml', (
        'prometheus names', 'prometheus rules'), (
            METRIC, each('misspelt', r'(?<=alert: )\w+', r'\g<0>q'))),
    Row('integration/prometheus/efimapctl.rules.test.yml', ('prometheus rules',), (
        each('another name', r'(?<=alertname: )\w+', r'\g<0>q'),)),
    Row('integration/prometheus/efimapctl.dashboard.json', ('prometheus dashboard names',), (
        METRIC, LABEL)),
    Row('integration/nagios/efimapctl.cfg.in', ('nagios commands nagios nrpe', 'install'), (
        each('misspelt', r'^\t\w+', r'\g<0>q'), each('another', r'check_\w+$', r'\g<0>q'),
        each('misspelt', r'@\w+@', r'\g<0>q'), OPTION)),
    Row('integration/nagios/nrpe.cfg.in', ('nagios commands nrpe', 'install'), (
        each('misspelt', r'^command', r'\g<0>q'), OPTION,
        each('another', r'check_\w+', r'\g<0>q'), each('misspelt', r'@\w+@', r'\g<0>q'))),
    *(Row(f'integration/{name}/meson.build', ('install',), (INSTALLED, MODE, NAME)) for name in (
        'initramfs-tools', 'kdump', 'systemd')),
    Row('integration/dracut/meson.build', ('install',), (INSTALLED, MODE)),
    Row('integration/gate/meson.build', ('install',), (INSTALLED, MODE)),
    Row('integration/nagios/meson.build', ('install',), (INSTALLED, NAME)),
    *(Row(f'integration/{name}/meson.build', ('install',), (INSTALLED,)) for name in (
        'prometheus', 'sos')),
    Row('integration/meson.build', ('install', 'units may_write'), (
        each('left out', r'^subdir.*\n', ''), each('left out', r"^  '\w+': .*\n", ''))),
    *(Row(f'debian/{name}.install', ('packages deb_lists',), (LINE,)) for name in (
        'efimapctl', 'efimapctl-importers', 'efimapctl-kdump', 'efimapctl-monitoring',
        'efimapctl-rehearse', 'efimapctl-sos', 'libefimap-dev', 'libefimap1')),
    *(Row(f'debian/{name}', ('packages deb_words',)) for name in (
        'efimapctl.docs', 'efimapctl-kdump.docs', 'efimapctl-monitoring.docs',
        'efimapctl-rehearse.docs', 'efimapctl-sos.docs', 'libefimap-dev.examples',
        'libefimap1.symbols')),
    *(Row(f'debian/{name}', ('packages deb_scripts',), (LINE,)) for name in (
        'efimapctl-kdump.postinst', 'efimapctl-kdump.postrm', 'efimapctl-monitoring.postrm')),
    Row('debian/control', ('packages deb_words deb_lists',), (NAMED,)),
    Row('debian/rules', ('packages deb_lists',), (
        DEFINED, WORD, each('left out', r'^\t(?:mv|mkdir).*(?:\\\n.*)?\n', ''))),
    Row('rpm/efimapctl.spec', ('packages rpm_lists',), (
        DEFINED, WORD, each('left out', r'^(?:%\{_|%pycached|%doc|rm ).*\n', ''))),
)
