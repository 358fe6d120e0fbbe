#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that a redacted snapshot has no fault that its origin lacks.

usage: redacted.py EFIMAPCTL

The origins are all real captures, synthetic fixtures and logs. What redaction drops may turn a word
into one of UNSEEN, but never into another fault, and never into "ok". Redacting a redacted snapshot
must not change it.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(TESTS, 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# Words that say that something was not seen
UNSEEN = {'unknown', 'no-fault-found', 'do-not-use-yet', 'try', 'may-lose-efi', 'ok-if-it-loads',
          'dump-perhaps-without-efi'}


class Test:
    def __init__(self, tool):
        self.tool, self.count, self.equal, self.problems = tool, 0, 0, []

    def run(self, *words, given=None):
        return subprocess.run([self.tool, *words], capture_output=True, text=True, check=False,
                              input=given)

    def words(self, source, given=None):
        """Return the words of verify by question and release."""
        report = json.loads(self.run('verify', '--json', source, given=given).stdout)
        return {(answer['question'], answer['kernel']['release']): answer['word']
                for answer in report['answers']}

    def check(self, name, source):
        redacted = self.run('snapshot', '-q', '--redact', source).stdout
        if not redacted:
            return
        self.count += 1
        if self.run('snapshot', '-q', '--redact', '-', given=redacted).stdout != redacted:
            self.problems.append(f'{name}: the snapshot is redacted twice')
        before, after = self.words(source), self.words('-', redacted)
        self.equal += before == after
        for key, word in after.items():
            if word not in UNSEEN and word not in (before.get(key), *(
                    () if key in before else before.values())):
                self.problems.append(f'{name}: {key}: {before.get(key)} became {word}')


def main(argv):
    if argv[1:] == ['--help']:
        print(__doc__.strip())
        return 0
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    test = Test(os.path.abspath(argv[1]))
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        trees = fixture.Trees(where)
        for name in fixture.names('real'):
            test.check(name, fixture.real(name))
        for name in fixture.names('made'):
            test.check(name, trees.unpack(fixture.line_of(fixture.load('made', name), 'BASE'), name))
        logs = os.path.join(TESTS, 'fixtures', 'logs')
        for name in sorted(os.listdir(logs)):
            test.check(name, os.path.join(logs, name))
    print('\n'.join(test.problems))
    print(f'{test.count} origins, {test.equal} with equal words, {len(test.problems)} problems')
    return 1 if test.problems or not test.count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
