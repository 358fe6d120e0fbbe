#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the bill of materials lists exactly the installed programs and the linked libraries,
and that each package has the data that NTIA requires: a version, a licence, a package URL and a
supplier.

usage: check.py SBOM BUILD FILE...

FILE is a linked program. If the Python module spdx_tools is installed, it also validates
the document as SPDX 2.3.
"""
import json
import os
import re
import subprocess
import sys

PURL = re.compile(r'pkg:(generic|github)/[a-z0-9_-]+(/[a-z0-9_-]+)?@[a-z0-9.]+')
# Programs that may be installed outside of the usual directories, or that have another name in the
# document: {part of the path: name in the document}
NAMES = {'/initramfs-tools/': 'initramfs-hook', '/dracut/': 'dracut-module',
         '/kdump/': 'kdump-hooks', '/sos/': 'sos-plugin',
         '/efimapctl/efimapctl-gate': 'efimapctl-gate',
         '/efimapctl/efimapctl-metrics': 'efimapctl-metrics',
         '/efimapctl/efimapctl-compare': 'efimapctl-compare', '/check_efimap': 'check_efimap'}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stem(name):
    """Return the base name of a library, such as "jansson" for libjansson.so.4 and jansson. Return
    "glibc" for each library of glibc."""
    found = re.match(r'(?:lib)?([a-z]+)', os.path.basename(name).lower())[1]
    return {'c': 'glibc', 'ld': 'glibc', 'dl': 'glibc', 'm': 'glibc', 'z': 'zlib'}.get(found, found)


def taken(path):
    return {stem(name) for name in re.findall(r'\(NEEDED\).*\[(.*)\]', run('readelf', '-dW', path))}


def listed(document, name):
    own = f'SPDXRef-{name}'
    for row in document['relationships']:
        first, second = row['spdxElementId'], row['relatedSpdxElement']
        if first == own and row['relationshipType'] == 'DYNAMIC_LINK':
            yield stem(second.removeprefix('SPDXRef-'))


def is_complete(document):
    for package in document['packages']:
        name = package['name']
        urls = [ref['referenceLocator'] for ref in package.get('externalRefs', ())
                if ref['referenceType'] == 'purl']
        if len(urls) != 1 or not PURL.fullmatch(urls[0]):
            yield f'{name}: package URLs {urls}'
        if not package.get('versionInfo') or not urls[0].endswith(package['versionInfo']):
            yield f'{name}: versionInfo is missing, or the package URL does not end with it'
        for key in ('licenseDeclared', 'supplier'):
            if package.get(key, 'NOASSERTION') in ('', 'NOASSERTION', 'Organization: '):
                yield f'{name}: {key} is missing'


def installed(build):
    """Yield the names that the document uses for the installed programs."""
    with open(f'{build}/meson-info/intro-installed.json', encoding='utf-8') as file:
        paths = json.load(file).values()
    for path in paths:
        name = next((name for part, name in NAMES.items() if part in path), None)
        if name or re.search('/(s?bin|libexec/efimapctl)/[^/]*$', path):
            yield name or os.path.basename(path)


def is_spdx(path):
    try:
        from spdx_tools.spdx.parser.parse_anything import parse_file
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
    except ImportError:
        return
    for message in validate_full_spdx_document(parse_file(path)):
        yield f'not SPDX: {message.validation_message}'


def main():
    sbom, build, *files = sys.argv[1:]
    with open(sbom, encoding='utf-8') as file:
        document = json.load(file)
    wrong = [*is_complete(document), *is_spdx(sbom)]
    ours = {package['name'] for package in document['packages']
            if 'The efimapctl authors' in package['supplier']}
    if ours != set(installed(build)):
        wrong.append(f'the document lists {sorted(ours)}, but installed are '
                     f'{sorted(set(installed(build)))}')
    for path in files:
        name = os.path.basename(path)
        said = set(listed(document, name))
        there = taken(path)
        wrong += [f'{name}: {library} is not in the bill of materials'
                  for library in sorted(there - said)]
        wrong += [f'{name}: {library} is in the bill of materials only'
                  for library in sorted(said - there)]
        print(f'sbom: {name}: {len(said)} libraries')
    for problem in wrong:
        print(f'sbom: {problem}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
