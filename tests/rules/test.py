#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that tools/rules.py rejects catalogues with missing or unknown keys, and reports the
line."""
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools'))
import rules  # noqa: E402 pylint: disable=wrong-import-position,import-error

FAMILY = 'Family: odd\nTitle: What is odd\nCommand: verify\n'
RULE = '''
Rule: odd-entry
Consequence: does-not-boot
Certainty: certain
Needs: runtime-map
Subject: each entry
Finding: {type} at {phys} is odd by {much}
Finding-low: {type} is a bit odd,
 and {other.type} is not
Values: much
Evidence: phys_addr
 proc/cpuinfo = {much} bits
Tests: It is odd.
Why: So.
Breaks: Nothing.
Exceptions: none
Fix: Nothing.
Source: none
Experiment: None.
'''
# A row contains a text of the catalogue, its replacement, and the expected error with line number.
ROWS = (
    ('Why: So.\n', '', '5: odd-entry: Why is missing'),
    ('Why:', 'Wyh:', '17: no such key: Wyh'),
    ('Why: So.', 'Why: So.\nWhy: So.', '18: the key Why occurs twice'),
    ('Why: So.', 'Why', '17: expected "Key: value" or a continuation line'),
    ('Title', 'Titel', '1: Title is missing'),
    ('Certainty: certain', 'Certainty: sure', '7: sure is none of certain, chance, '),
    ('Consequence: does-not-boot', 'Consequence: bad', '6: bad is none of ok, entry-dropped, '),
    ('Certainty: certain\n', '', '5: odd-entry: Certainty is missing'),
    ('each entry', 'every entry', '9: expected "each OBJECT", "all OBJECTS"'),
    ('Finding-low', 'Subject-low: all pairs\nFinding-low',
     '11: the rule checks another object: entry'),
    ('{phys}', '{physical}', '10: no such field: {physical}'),
    ('{other.type}', '{other.much}', '11: no such field: {other.much}'),
    ('{phys}', '{phys', '10: unbalanced brace'),
    ('Values: much', 'Values: much less', '13: no sentence contains less'),
    ('phys_addr', 'phys', '14: expected a file of an entry, or SOURCE = VALUE: phys'),
    ('Rule: odd-entry', 'Rule: Odd', '5: invalid name of a rule: Odd'),
    ('Finding', 'Finding-x', '5: odd-entry: Finding is missing'),
    ('Why: So.', 'Kernel-messages: ' + 80 * 'x' + '\nWhy: So.', '17: more than 79 bytes: xxx'),
    ('Why: So.', 'Kernel-messages: efi: odd\n efi: odder\nWhy: So.',
     '17: "efi: odd" is also a prefix of "efi: odder"'),
    ('Experiment: None.\n', 'Experiment: None.\n' + RULE, '24: odd-entry occurs twice, first at '),
)


def find_problem(text, suffix='.rules', reader=rules.read_catalogue):
    with tempfile.NamedTemporaryFile('w', suffix=suffix) as file:
        file.write(text)
        file.flush()
        try:
            reader([file.name])
        except rules.Wrong as wrong:
            return str(wrong).removeprefix(file.name + ':')
    return None


class Test(unittest.TestCase):
    def test_right(self):
        self.assertIsNone(find_problem(FAMILY + RULE))

    def test_wrong(self):
        for old, new, wanted in ROWS:
            with self.subTest(wanted):
                self.assertIn(old, FAMILY + RULE)
                said = find_problem((FAMILY + RULE).replace(old, new, 1))
                self.assertTrue(said and said.startswith(wanted), said)

    def test_topics(self):
        """A topic without Kind or with keys in the wrong order is rejected."""
        for text, wanted in (('Topic: a\nKind: k\nMeans: b.\nFix: c.\n', None),
                             ('Topic: a\nKind: k\nPrinted: d\n e\nMeans: b.\nFix: c.\n', None),
                             ('# none\n\nTopic: a\nMeans: b.\n', '3: a topic has Topic, Kind'),
                             ('Topic: a\nFix: c.\nMeans: b.\n', '1: a topic has Topic, Kind')):
            said = find_problem(text, '.topics', rules.read_topics)
            self.assertEqual(said and said.startswith(wanted), wanted and True, said)

    def test_changes(self):
        """A change without a source or without a release is rejected."""
        tail = 'Before: b\nSince: c\n'
        for text, wanted in ((f'Change: a\nFirst: 4.3\n{tail}Source: d\n', None),
                             (f'Change: a\nFirst: 4.3\n{tail}', '1: a change has Change, First'),
                             (f'Change: a\nFirst: 4\n{tail}Source: d\n',
                              '2: First is not a release'),
                             (f'Change: a\nFirst:\n{tail}Source: d\n', '2: First is not a release'),
                             (f'Change: a\nFirst: 4.3 4.4\n{tail}Source: d\n',
                              '2: First is not a release'),
                             (f'Change: a\nFirst: 4.3\nStable: 3.1 3.2 3.3 3.4 3.5 3.6 3.7\n{tail}Source: d\n',
                              '3: Stable is not a release')):
            said = find_problem(text, '.changes', rules.read_changes)
            self.assertEqual(said and said.startswith(wanted), wanted and True, said)

    def test_errors(self):
        """A message without a known cause, and a cause without a message, are rejected."""
        cause = 'Cause: a\nSays: b.\nDecides: c\nFix: d.\n'
        text = '\nText: e\nPrinted-by: f\nMeans: g.\nCauses: a\n'
        for said, wanted in ((cause + text, None),
                             (cause, '1: no message has the cause a'),
                             (cause + text.replace('Causes: a', 'Causes: b'), '9: no cause b'),
                             (cause + text + text.replace('e\n', 'E\n', 1), '11: "E" occurs twice'),
                             (cause + text.replace('Means', 'Loader: x\nMeans'),
                              '8: x is not a loader'),
                             (cause.replace('Fix', 'Mend') + text, '1: Cause has Cause, Says')):
            found = find_problem(said, '.texts', rules.Errors)
            self.assertEqual(found and found.startswith(wanted), wanted and True, found)

    def test_sentence(self):
        with_plural = RULE.replace('is odd by', '{much:is|are} odd by')
        with tempfile.NamedTemporaryFile('w', suffix='.rules') as file:
            file.write(FAMILY + with_plural)
            file.flush()
            rule = rules.Family(file.name).rules[0]
        self.assertEqual(rule.parts('Finding', '{type} {much:is|are} odd'),
                         [('', 'type', False, None, None), (' ', 'much', False, 'is', 'are'),
                          (' odd', None, False, None, None)])


if __name__ == '__main__':
    unittest.main()
