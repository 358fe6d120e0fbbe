#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold a log against the essentials of SARIF 2.1.0 (OASIS, sections 3.13 to 3.58).

usage: sarif.py [FILE], standard input without one. What the whole schema says of the members
that we write; a member that is not listed here is none of them. Exit status 1 when anything
is wrong.
"""
import json
import sys

import jsonschema

LEVEL = {'enum': ['none', 'note', 'warning', 'error']}
# RFC 3986, without a scheme but file:
URI = {'type': 'string',
       'pattern': '^(file:///)?[A-Za-z0-9._~/-]([A-Za-z0-9._~/-]|%[0-9A-F]{2})*$'}
TEXT = {'type': 'string', 'minLength': 1}


def record(required, **members):
    """An object with these members and no other."""
    return {'type': 'object', 'required': required.split(), 'additionalProperties': False,
            'properties': members}


def array(items):
    """An array of them."""
    return {'type': 'array', 'items': items}


MESSAGE = record('text', text=TEXT)
RULE = record('id shortDescription', id={'pattern': '^[a-z0-9-]+$'}, shortDescription=MESSAGE,
              fullDescription=MESSAGE, help=MESSAGE,
              defaultConfiguration=record('level', level=LEVEL))
LOCATION = record('physicalLocation', physicalLocation=record(
    'artifactLocation', artifactLocation=record('uri', uri=URI),
    region=record('startLine', startLine={'type': 'integer', 'minimum': 1})))
RESULT = record('ruleId message', ruleId=TEXT, level=LEVEL, message=MESSAGE,
                locations=array(LOCATION), properties=record('', consequence=TEXT))
INVOCATION = record('executionSuccessful', executionSuccessful={'type': 'boolean'},
                    toolExecutionNotifications=array(record('message', level=LEVEL,
                                                            message=MESSAGE)))
RUN = record('tool results',
             tool=record('driver', driver=record('name', name={'const': 'efimapctl'},
                                                 version=TEXT, rules=array(RULE))),
             invocations=array(INVOCATION), results=array(RESULT))
LOG = record('version runs', **{'$schema': {'type': 'string', 'format': 'uri'}},
             version={'const': '2.1.0'}, runs={**array(RUN), 'minItems': 1})


def main():
    with open(sys.argv[1] if len(sys.argv) > 1 else 0, encoding='utf-8') as file:
        log = json.load(file)
    problems = [f'{"/".join(map(str, error.absolute_path))}: {error.message}'
                for error in jsonschema.Draft7Validator(LOG).iter_errors(log)]
    for run in log['runs']:
        ids = [rule['id'] for rule in run['tool']['driver']['rules']]
        if len(ids) != len(set(ids)):
            problems.append('a rule stands twice')
        problems += [f'no rule {result["ruleId"]}' for result in run['results']
                     if result['ruleId'] not in ids]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
