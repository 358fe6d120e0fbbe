#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the bill of materials of what a build installs: SPDX 2.3, as JSON.

usage: sbom.py OUTPUT SOURCES VERSION PART...

A PART is program:library:version, as meson.build knows them: a shared library that a program or
library of ours is linked with.
Licences of ours are those of the SPDX lines of the sources. The same build gives the same
bytes: the time is SOURCE_DATE_EPOCH, and where there is none, that of no time at all.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys

ROOMS = [f'src/{room}' for room in ('base', 'capture', 'infer', 'linux', 'rules', 'compare', 'document', 'input',
                                 'show')]
SOURCES = {'efimapctl': ['include', *ROOMS, 'src/cli'],
           'libefimap': ['include', *ROOMS, 'src/library'],
           'import-archive': ['include', *ROOMS, 'importers'],
           'import-vmcore': ['include', *ROOMS, 'importers']}
LICENCES = {'jansson': 'MIT', 'glibc': 'LGPL-2.1-or-later',
            'libkdumpfile': 'LGPL-3.0-or-later OR GPL-2.0-or-later',
            'libbpf': 'LGPL-2.1-only OR BSD-2-Clause', 'libseccomp': 'LGPL-2.1-only'}


def licence_of(sources, name):
    """What the files that a program is made of say."""
    found = set()
    for folder in SOURCES[name]:
        for path in sorted((sources / folder).rglob('*.[ch]')):
            with path.open(encoding='utf-8') as file:
                found |= set(re.findall(r'SPDX-License-Identifier: (\S+)', file.readline()))
    return ' AND '.join(sorted(found))


def package(name, version, licence):
    """One package of the document."""
    made = {'SPDXID': f'SPDXRef-{name}', 'name': name, 'downloadLocation': 'NOASSERTION',
            'filesAnalyzed': False, 'licenseConcluded': 'NOASSERTION',
            'licenseDeclared': licence, 'copyrightText': 'NOASSERTION'}
    if version not in ('', 'unknown'):
        made['versionInfo'] = version
    return made


def main():
    """Write it."""
    output, sources, version, *parts = sys.argv[1:]
    rows = sorted({tuple(part.split(':')) for part in parts})
    ours = sorted({row[0] for row in rows})
    packages = [package(name, version, licence_of(pathlib.Path(sources), name))
                for name in ours]
    packages += [package(name, number, LICENCES.get(name, 'NOASSERTION'))
                 for name, number in sorted({row[1:] for row in rows})]
    relationships = [{'spdxElementId': 'SPDXRef-DOCUMENT', 'relationshipType': 'DESCRIBES',
                      'relatedSpdxElement': f'SPDXRef-{name}'} for name in ours]
    for program, library, _ in rows:
        relationships.append({'spdxElementId': f'SPDXRef-{program}',
                              'relationshipType': 'DYNAMIC_LINK',
                              'relatedSpdxElement': f'SPDXRef-{library}'})
    digest = hashlib.sha256(json.dumps([packages, relationships]).encode()).hexdigest()
    created = datetime.datetime.fromtimestamp(int(os.environ.get('SOURCE_DATE_EPOCH', '0')),
                                              datetime.timezone.utc)
    document = {'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0',
                'SPDXID': 'SPDXRef-DOCUMENT', 'name': f'efimapctl-{version}',
                'documentNamespace':
                    f'https://spdx.org/spdxdocs/efimapctl-{version}-{digest[:32]}',
                'creationInfo': {'created': created.strftime('%Y-%m-%dT%H:%M:%SZ'),
                                 'creators': [f'Tool: efimapctl-sbom-{version}']},
                'packages': packages, 'relationships': relationships}
    text = json.dumps(document, indent=2) + '\n'
    pathlib.Path(output).write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
