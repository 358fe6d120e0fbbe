# SPDX-License-Identifier: GPL-2.0-or-later
"""Validate JSON documents against the schema that their member "document" names.

The schemas accept unknown members, because newer versions of the tool may add members.
Documents of this version must have only the described members, in the order of the schema.
"""
import functools
import json
import os

import jsonschema

# Directories of schemas. use() adds the directory of the schemas that the build generates.
SCHEMAS = [os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), 'schema')]


def use(tool):
    """Use the schemas that were built with a tool."""
    SCHEMAS.append(os.path.join(os.path.dirname(os.path.abspath(tool)), '..', '..', 'schema'))


def without_repetition(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f'member "{key}" occurs twice')
    return dict(pairs)


def documents(text):
    decoder = json.JSONDecoder(object_pairs_hook=without_repetition)
    at, end = 0, len(text.rstrip())
    while at < end:
        document, at = decoder.raw_decode(text, at)
        while at < end and text[at].isspace():
            at += 1
        yield document


@functools.lru_cache(maxsize=None)
def load_validator(name):
    if not name.replace('-', '').isalnum():
        raise ValueError(f'"document" is {name!r}, not a name')
    path = next(filter(os.path.isfile, (os.path.join(place, name + '.schema.json')
                                        for place in SCHEMAS)), None)
    if not path:
        raise ValueError(f'no schema for a document "{name}"')
    with open(path, encoding='utf-8') as file:
        schema = json.load(file, object_pairs_hook=without_repetition)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def find_wrong_members(value, schema, where='document'):
    """Yield the members that the schema does not describe or that are in a different order."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from find_wrong_members(item, schema.get('items', {}), f'{where}[{number}]')
    if not isinstance(value, dict):
        return
    described = schema.get('properties', {})
    others = schema.get('additionalProperties')
    for key in value:
        if key not in described and others:
            yield from find_wrong_members(value[key], others, f'{where}.{key}')
        elif key not in described:
            yield f'{where}.{key}: not described'
    known = [key for key in value if key in described]
    if known != [key for key in described if key in value]:
        yield f'{where}: members in the order {", ".join(known)}'
    for key in known:
        yield from find_wrong_members(value[key], described[key], f'{where}.{key}')


def find_problems(document):
    if not isinstance(document, dict):
        yield 'the document is not an object'
        return
    validator = load_validator(str(document.get('document')))
    for error in validator.iter_errors(document):
        where = ''.join(f'[{step}]' if isinstance(step, int) else f'.{step}'
                        for step in error.absolute_path)
        yield f'document{where}: {error.message[:300]}'
    yield from find_wrong_members(document, validator.schema)


def check(name):
    seen = 0
    try:
        with open(name, encoding='utf-8') as file:
            for document in documents(file.read()):
                seen += 1
                for problem in find_problems(document):
                    yield f'{name}: {problem}'
    except ValueError as error:
        yield f'{name}: {error}'
        return
    if not seen:
        yield f'{name}: no document'
