#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The bill of materials names the libraries that the linker took, no other, and is SPDX 2.3.

usage: check.py SBOM FILE...
"""
import json
import os
import re
import subprocess
import sys

# SPDX 2.3, clauses 6 and 7: what must be there.
DOCUMENT = {'spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace',
            'creationInfo', 'packages', 'relationships'}
PACKAGE = {'SPDXID', 'name', 'downloadLocation', 'licenseDeclared'}


def run(*command):
    """What it prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stem(name):
    """libjansson.so.4 and jansson are the same library."""
    found = re.match(r'(?:lib)?([a-z]+)', os.path.basename(name).lower())[1]
    return 'glibc' if found in ('c', 'ld', 'dl', 'm') else found


def taken(path):
    """Shared libraries that a file needs."""
    return {stem(name) for name in re.findall(r'\(NEEDED\).*\[(.*)\]', run('readelf', '-dW', path))}


def listed(document, name):
    """What the document says of one of our files."""
    own = f'SPDXRef-{name}'
    for row in document['relationships']:
        first, second = row['spdxElementId'], row['relatedSpdxElement']
        if first == own and row['relationshipType'] == 'DYNAMIC_LINK':
            yield stem(second.removeprefix('SPDXRef-'))


def is_valid(document):
    """Complain about what SPDX asks for."""
    for key in DOCUMENT - document.keys():
        yield f'no {key}'
    ids = {'SPDXRef-DOCUMENT'}
    for package in document['packages']:
        ids.add(package['SPDXID'])
        for key in PACKAGE - package.keys():
            yield f'{package.get("name")}: no {key}'
        if not re.fullmatch(r'SPDXRef-[A-Za-z0-9.-]+', package['SPDXID']):
            yield f'{package["SPDXID"]}: no identifier'
    if len(ids) != len(document['packages']) + 1:
        yield 'an identifier is there twice'
    for row in document['relationships']:
        for end in (row['spdxElementId'], row['relatedSpdxElement']):
            if end not in ids:
                yield f'{end}: in a relationship, and no package'
    if not re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', document['creationInfo']['created']):
        yield 'creationInfo.created is no time'


def main():
    sbom, *files = sys.argv[1:]
    with open(sbom, encoding='utf-8') as file:
        document = json.load(file)
    wrong = list(is_valid(document))
    for path in files:
        name = re.sub(r'\.so.*', '', os.path.basename(path))
        said = set(listed(document, name))
        there = taken(path)
        wrong += [f'{name}: {library} is not in the bill of materials'
                  for library in sorted(there - said)]
        wrong += [f'{name}: {library} is in the bill of materials only'
                  for library in sorted(said - there)]
        print(f'sbom: {name}: {len(said)} libraries')
    for complaint in wrong:
        print(f'sbom: {complaint}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
