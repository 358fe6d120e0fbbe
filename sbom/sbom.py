#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the bill of materials of a build's installed files: SPDX 2.3 as JSON.

usage: sbom.py OUTPUT SOURCES VERSION PART...

A PART is one of our programs or libraries, as meson.build names them, or program:library:version
for a linked shared library. The version may be empty. Our licences are taken from the SPDX lines of
the sources. The output is reproducible: its time is SOURCE_DATE_EPOCH, or the epoch if that is
unset.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys

AUTHORS = 'The efimapctl authors'
# The source files and directories of each component; "!" excludes a directory.
SOURCES = {'efimapctl': ('include', 'src'),
           'efimapctl-ask': ('integration/efimapctl-ask',),
           'efimapctl-compare': ('integration/systemd/efimapctl-compare',),
           'efimapctl-metrics': ('integration/prometheus/efimapctl-metrics',),
           'efimapctl-gate': ('integration/gate/efimapctl-gate.in',),
           'check_efimap': ('integration/nagios/check_efimap',),
           'sos-plugin': ('integration/sos/efimap.py',),
           'dracut-module': ('integration/dracut/50efimapctl/module-setup.sh',),
           'initramfs-hook': ('integration/initramfs-tools',),
           'kdump-hooks': ('integration/kdump/pre.d', 'integration/kdump/post.d')}
# Licence, package URL without version, and supplier of each library.
LIBRARIES = {
    'glibc': ('LGPL-2.1-or-later', 'pkg:generic/glibc@', 'GNU C Library'),
    'jansson': ('MIT', 'pkg:github/akheron/jansson@v', 'Jansson'),
    'libgcc': ('GPL-3.0-or-later WITH GCC-exception-3.1', 'pkg:generic/libgcc@',
               'GNU Compiler Collection'),
    'libsysfs': ('LGPL-2.1-or-later', 'pkg:github/linux-ras/sysfsutils@v', 'sysfsutils'),
    'zlib': ('Zlib', 'pkg:github/madler/zlib@v', 'zlib'),
}


def licence_of(sources, name):
    found = set()
    left_out = tuple(f'{sources}/{folder[1:]}/' for folder in SOURCES[name] if folder[0] == '!')
    for place in SOURCES[name]:
        if place[0] == '!':
            continue
        top = sources / place
        for path in [top] if top.is_file() else sorted(top.rglob('*')):
            if str(path).startswith(left_out) or not path.is_file() or \
                    (not top.is_file() and path.suffix not in ('.c', '.h', '.S', '')):
                continue
            head = path.read_text(encoding='utf-8')[:400]
            found |= set(re.findall(r'SPDX-License-Identifier: (\S+)', head))
    return ' AND '.join(sorted(found))


def package(name, version, licence, url, supplier, copyright_text):
    made = {'SPDXID': f'SPDXRef-{name.replace("_", "-")}', 'name': name,
            'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
            'licenseConcluded': 'NOASSERTION', 'licenseDeclared': licence,
            'copyrightText': copyright_text, 'supplier': f'Organization: {supplier}'}
    if version:
        made['versionInfo'] = version
        made['externalRefs'] = [{'referenceCategory': 'PACKAGE-MANAGER',
                                 'referenceType': 'purl', 'referenceLocator': url + version}]
    return made


def relation(first, kind, second):
    return {'spdxElementId': f'SPDXRef-{first.replace("_", "-")}', 'relationshipType': kind,
            'relatedSpdxElement': f'SPDXRef-{second.replace("_", "-")}'}


def main():
    output, sources, version, *parts = sys.argv[1:]
    rows = sorted({tuple(part.split(':')) for part in parts if ':' in part})
    ours = sorted({part for part in parts if ':' not in part})
    packages = [package(name, version, licence_of(pathlib.Path(sources), name),
                        f'pkg:generic/efimapctl/{name}@', AUTHORS, f'2026 {AUTHORS}')
                for name in ours]
    packages += [package(name, number, *LIBRARIES[name], 'NOASSERTION')
                 for name, number in sorted({row[1:] for row in rows})]
    relationships = [relation('DOCUMENT', 'DESCRIBES', name) for name in ours]
    relationships += [relation(program, 'DYNAMIC_LINK', library) for program, library, _ in rows]
    scripts = set(ours) - {program for program, _, _ in rows}
    relationships += [relation(name, 'DEPENDS_ON', 'efimapctl') for name in sorted(scripts)]
    digest = hashlib.sha256(json.dumps([packages, relationships]).encode()).hexdigest()
    created = datetime.datetime.fromtimestamp(int(os.environ.get('SOURCE_DATE_EPOCH', '0')),
                                              datetime.timezone.utc)
    document = {'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0',
                'SPDXID': 'SPDXRef-DOCUMENT', 'name': f'efimapctl-{version}',
                'documentNamespace':
                    f'https://spdx.org/spdxdocs/efimapctl-{version}-{digest[:32]}',
                'creationInfo': {'created': created.strftime('%Y-%m-%dT%H:%M:%SZ'),
                                 'creators': [f'Organization: {AUTHORS}',
                                              f'Tool: efimapctl-sbom-{version}']},
                'packages': packages, 'relationships': relationships}
    text = json.dumps(document, indent=2) + '\n'
    pathlib.Path(output).write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
