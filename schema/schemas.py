#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the JSON Schemas of the documents from the lists of their members.

usage: schemas.py MEMBERS DESCRIPTIONS OUTPUT...
       schemas.py --check MEMBERS DESCRIPTIONS

MEMBERS is members.json. For each object of a document, it contains a row for each member:
  kind      hex, number, bool, text, word, pairs (names and addresses), object, or inline for the
            members of another object
  list, null, minus_one  the member is an array, may be null, may be -1
  required  false if the member can be omitted
  size      of hex, number and chars (a text with a maximum length): the size in bytes
  min, max  of a number
  words     the values of a word
  of        the name of the object
  parts, of_parts  sets of bits: the documents that contain the row, and the part of the object

DESCRIPTIONS is descriptions.json, which contains the descriptions of documents, of their members
"source", and of the members of objects. If an object has several rows for a member, "MEMBER/PARTS"
describes the row whose of_parts is the number PARTS. Each OUTPUT is named after its document.
--check fails if a member has no description, or a description no member.
"""
import json
import pathlib
import sys

RULE = {'pattern': '^[a-z0-9]+(-[a-z0-9]+)*$'}
SOME = {'minLength': 1}
RELEASE = {'pattern': '^[0-9][0-9A-Za-z._+~^@:-]{0,63}$'}

TYPES = ['Reserved', 'LoaderCode', 'LoaderData', 'BootCode', 'BootData', 'RuntimeCode',
         'RuntimeData', 'Conventional', 'Unusable', 'ACPIReclaim', 'ACPINVS', 'MMIO', 'MMIOPort',
         'PALCode', 'Persistent', 'Unaccepted']
ATTRIBUTES = ['RUN', 'HP', 'MR', 'CC', 'SP', 'NV', 'XP', 'RP', 'WP', 'RO', 'UCE', 'WB', 'WT',
              'WC', 'UC', 'ISA']
ANY_HEX = {'type': 'string', 'pattern': '^0x(0|[1-9a-f][0-9a-f]{0,15})$'}
ONCE = {'uniqueItems': True}

# The content of descriptions.json
TEXTS = {}
# Constraints that are not in members.json, by object and member
VALUES = {
    ('entry', 'type_name'): {
        'anyOf': [{'enum': TYPES}, {'type': 'string', 'pattern': '^type=[0-9]+$'}]},
    ('entry', 'attribute_names'): {**ONCE, 'items': {'anyOf': [{'enum': ATTRIBUTES}, ANY_HEX]}},
    ('dump_entry', 'memmap'): ONCE,
    ('dump_entry', 'iomem'): ONCE,
    ('dump_entry', 'rules'): {**ONCE, 'items': RULE},
    ('finding', 'rule'): RULE,
    ('finding', 'entries'): ONCE,
    ('finding', 'message'): SOME,
    ('lacking', 'source'): SOME,
    ('report', 'reason'): SOME,
    ('efimap-comparison', 'reason'): SOME,
    ('efimap-received', 'reason'): SOME,
    ('cause', 'cause'): RULE,
    ('cause', 'why'): SOME,
    ('cause', 'how_to_check'): SOME,
    ('cause', 'fix'): SOME,
    ('skipped_mappings', 'why'): SOME,
    ('kernel', 'release'): RELEASE,
    ('facts', 'release'): RELEASE,
    ('installed_kernel', 'release'): RELEASE,
    ('installed_kernel', 'image'): SOME,
    ('fault', 'path'): SOME,
    ('fault', 'message'): SOME,
    ('kexec_state', 'tools_version'): {'pattern': r'^[0-9]+\.[0-9]+\.[0-9]+$'},
}

# The values of the keys that a row lacks
DEFAULTS = {'name': None, 'list': False, 'null': False, 'minus_one': False, 'required': True,
            'size': 0, 'min': 0, 'max': 0, 'parts': 0, 'of_parts': 0, 'of': None, 'words': []}

NO_FINDINGS = {'required': ['reason'], 'properties': {'findings': {'maxItems': 0}}}


def when(key, values, then, **others):
    return {'if': {'properties': {key: {'enum': values}}}, 'then': then, **others}


STRUCTS = {
    'efimap-report': {'allOf': [
        when('verdict', ['fail'], {'properties': {'reason': False}}),
        when('verdict', ['not-applicable'], NO_FINDINGS),
        when('verdict', ['incomplete', 'denied', 'unreadable'], {'required': ['reason']}),
    ]},
    'efimap-comparison': {'allOf': [
        when('verdict', ['same', 'drift', 'not-received'],
             {'properties': {'reason': False}}),
        when('verdict', ['denied', 'unreadable'], {'required': ['reason']}),
    ]},
}


def hexadecimal(size):
    """Return the schema of a hexadecimal number with "size" bytes. 0 means 8 bytes."""
    return {'type': 'string', 'pattern': '^0x(0|[1-9a-f][0-9a-f]{0,%d})$' % (2 * (size or 8) - 1)}


def number(row):
    value = {'type': 'integer', 'minimum': -1 if row['minus_one'] else row['min']}
    largest = row['max'] or (256 ** row['size'] - 1 if 0 < row['size'] < 8 else None)
    return value if largest is None else {**value, 'maximum': largest}


def plain(row, structs):
    return {
        'hex': lambda: hexadecimal(row['size']),
        'number': lambda: number(row),
        'bool': lambda: {'type': 'boolean'},
        'text': lambda: {'type': 'string'},
        'chars': lambda: {'type': 'string', 'maxLength': row['size'] - 1},
        'word': lambda: {'enum': row['words']},
        'pairs': lambda: {'type': 'object', 'additionalProperties': hexadecimal(8)},
        'object': lambda: structure(row['of'], row['of_parts'], structs),
    }[row['kind']]()


def combine(value, more):
    return more if 'enum' in more or 'anyOf' in more else {**value, **more}


def describe(struct, row):
    """Return the description of a member, or None."""
    texts = TEXTS['structs'].get(struct, {})
    return texts.get('{name}/{of_parts}'.format(**row)) or texts.get(row['name'])


def member(struct, row, structs):
    more = VALUES.get((struct, row['name']), {})
    value = plain(row, structs)
    if row['list']:
        value = {'type': 'array', 'items': combine(value, more.get('items', {}))}
        more = {key: value for key, value in more.items() if key != 'items'}
    value = {'description': describe(struct, row), **combine(value, more)}
    if row['null'] and 'enum' in value:
        value['enum'] = [*value['enum'], None]
    elif row['null'] and 'anyOf' in value:
        value['anyOf'] = [*value['anyOf'], {'type': 'null'}]
    elif row['null']:
        value['type'] = [value['type'], 'null']
    return value


def rows_of(name, parts, structs):
    """Yield (struct, row) for each member of a struct, including those of inline structs."""
    for row in structs[name]:
        if row['parts'] and parts and not row['parts'] & parts:
            continue
        if row['kind'] == 'inline':
            yield from rows_of(row['of'], row['of_parts'], structs)
        else:
            yield name, row


def required_of(name, parts, structs):
    return [row['name'] for _, row in rows_of(name, parts, structs) if row['required']]


def structure(name, parts, structs):
    # With --output, entries contain only the members of the selected columns.
    required = [] if name == 'dump_entry' else required_of(name, parts, structs)
    others = STRUCTS.get(name, {})
    if name == 'efimap-dump':
        others = {'if': {'not': {'required': ['columns']}},
                  'then': {'properties': {'entries': {'items': {
                      'required': required_of('dump_entry', 0, structs)}}}}}
    return {
        'type': 'object',
        **({'required': required} if required else {}),
        'properties': {row['name']: member(struct, row, structs)
                       for struct, row in rows_of(name, parts, structs)},
        **others,
    }


def schema(name, version, structs):
    head = {
        'document': {'description': 'what this document is', 'const': name},
        'version': {'description': 'goes up when a member changes its meaning; members are '
                                   'only ever added', 'const': version},
        'tool': {'description': 'the program that wrote it, and its version',
                 'type': 'string', 'pattern': '^efimapctl [0-9]+(\\.[0-9]+)*$'},
        'source': {'description': TEXTS['sources'].get(
            name, 'SOURCE as it was named; / is the running system'), 'type': 'string'},
    }
    body = structure(name, 0, structs)
    return {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        '$id': f'urn:efimapctl:schema:{name}:{version}',
        'title': name,
        'description': TEXTS['documents'][name],
        **body,
        'required': list(head) + body['required'],
        'properties': {**head, **body['properties']},
    }


def find_problems(structs):
    for struct, texts in TEXTS['structs'].items():
        names = {row['name'] for row in structs.get(struct, [])}
        for text in texts:
            if text.split('/')[0] not in names:
                yield f'descriptions.json describes {struct}.{text}, which members.json does not list'
    for struct, rows in structs.items():
        for row in rows:
            if row['kind'] != 'inline' and not describe(struct, row):
                yield f'descriptions.json does not describe {struct}.{row["name"]}'


def main():
    words = [word for word in sys.argv[1:] if word != '--check']
    tables, texts = (json.loads(pathlib.Path(word).read_text('utf-8')) for word in words[:2])
    TEXTS.update(texts)
    tables['structs'] = {name: [{**DEFAULTS, **row} for row in rows]
                         for name, rows in tables['structs'].items()}
    if '--check' in sys.argv:
        problems = list(find_problems(tables['structs']))
        print('\n'.join(problems) or 'each member has a description')
        return 1 if problems else 0
    for path in map(pathlib.Path, words[2:]):
        name = path.name.removesuffix('.schema.json')
        text = json.dumps(schema(name, tables['versions'][name], tables['structs']), indent=2,
                          ensure_ascii=False)
        path.write_text(text + '\n', encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
