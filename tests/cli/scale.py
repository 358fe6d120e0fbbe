#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that all outputs about a capture agree, for all real captures.

usage: scale.py EFIMAPCTL FIXTURES

The document of verify --json is compared with the exit status, the text, the counts, the summary of
all captures, and the report.
"""
import collections
import json
import os
import re
import subprocess
import sys

STATUS = {'pass': 0, 'warn': 0, 'fail': 1, 'incomplete': 4, 'not-applicable': 4, 'denied': 5,
          'unreadable': 3}
# Outcomes from best to worst
ORDER = ['ok', 'entry-dropped', 'memory-at-risk', 'unknown', 'runtime-services-fail',
         'boots-without-efi', 'cannot-load', 'does-not-boot']


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def severity_of(outcome):
    if ORDER.index(outcome) > ORDER.index('unknown'):
        return 'error'
    return 'warning' if outcome in ('entry-dropped', 'memory-at-risk') else 'note'


class Capture:
    def __init__(self, tool, path):
        self.tool, self.path, self.wrong = tool, path, []
        done = run(tool, 'verify', '--json', path)
        self.status, self.report = done.returncode, json.loads(done.stdout)

    def expect(self, what, seen, expected):
        if seen != expected:
            self.wrong.append(f'{os.path.basename(self.path)}: {what}: {seen!r} instead of '
                              f'{expected!r}')

    def check_document(self):
        """Check that the status, the counts, the words, the severities and the certainties agree
        with the findings and the answers."""
        report = self.report
        counts = collections.Counter(f['severity'] for f in report['findings'])
        self.expect('status', self.status, STATUS[report['verdict']])
        for severity, count in report['counts'].items():
            self.expect(f'count of {severity}', count, counts[severity])
        for question, word in report['words'].items():
            self.expect(f'the word of {question} is that of an answer', word in [
                a['word'] for a in report['answers'] if a['question'] == question], True)
        for finding in report['findings']:
            is_open = finding['certainty'] in ('unknown', 'condition')
            self.expect(f"severity of {finding['rule']}",
                        finding['severity'] == 'note' or not is_open and
                        finding['severity'] == severity_of(finding['outcome']), True)
        for answer in report['answers']:
            if answer['outcome'] in (None, 'ok', 'unknown') or not answer['reasons']:
                continue
            levels = {r['certainty'] for r in answer['reasons']
                      if r['outcome'] == answer['outcome']}
            self.expect('certainty of an answer', answer['certainty'] in levels, True)

    def check_text(self):
        report = self.report
        done = run(self.tool, 'verify', '-v', self.path)
        self.expect('status of the text', done.returncode, self.status)
        labels = re.findall(r'^    next kernel: (.*)$', done.stdout, re.M)
        self.expect('labels', labels,
                    [f"{f['outcome']} ({f['certainty']})" for f in report['findings'] if f['outcome'] != 'ok'])
        shown = re.search(r'^(\d+) errors?, (\d+) warnings?', done.stdout, re.M)
        if shown:
            self.expect('counts of the text', [int(n) for n in shown.groups()],
                        [report['counts']['error'], report['counts']['warning']])
        for answer in report['answers']:
            said = ' '.join(done.stdout.split())
            self.expect('sentence in the text', answer['sentence'] in said, True)
            self.expect('lines in the text', [line['text'] for line in answer['lines']
                                              if line['text'] not in said], [])
        return done.stdout

    def check_mail(self, text):
        """Check that the report contains the answers of the text. If the machine was booted without
        EFI, there is no report."""
        if self.report['verdict'] == 'not-applicable':
            return
        mail = run(self.tool, 'report', self.path).stdout
        words = ' '.join(mail.split())
        for answer in re.findall('^(?:kexec|kdump): .*', text, re.M):
            self.expect('the report contains the answer', answer in words, True)


def check_summary(tool, captures):
    """Check the table of all captures against their documents, and the counts against the table."""
    done = run(tool, 'verify', '-v', *[c.path for c in captures])
    rows = {row[0]: row for row in (re.split('  +', line) for line in done.stdout.splitlines())}
    wrong = [f'{c.path}: the table has no row' for c in captures if c.path not in rows]
    for at, question in ((1, 'kexec'), (2, 'kdump')):
        words = collections.Counter()
        for c in captures:
            word = c.report['words'].get(question, '-').replace('-if', ', if').replace('-', ' ')
            seen = rows.get(c.path, [' '] * 3)[at].replace('EFI', 'efi').replace('-', ' ')
            if seen != word:
                wrong.append(f'{c.path}: {question}: {seen} instead of {word}')
            words[seen] += seen != ' '
        shown = re.search(f'^  {question}: (.*)', done.stdout, re.M)[1].replace('EFI', 'efi')
        counts = {word: int(count) for count, word in re.findall(r'(\d+) (.*?)(?=, \d|$)', shown)}
        if counts != +words or list(counts.values()) != sorted(counts.values(), reverse=True):
            wrong.append(f'summary: {shown} instead of {dict(words)}')
    bad = {c.path for c in captures if c.report['verdict'] != 'pass'}
    listed = {line.split()[0] for line in run(tool, 'verify', *[c.path for c in captures])
              .stdout.split('\n\n')[1].splitlines()[1:]}
    return wrong + [f'listed or not: {name}' for name in sorted(bad ^ listed)]


def main(tool, fixtures):
    tool = os.path.abspath(tool)
    captures = [Capture(tool, entry.path) for entry in sorted(
        os.scandir(os.path.join(fixtures, 'real')), key=lambda e: e.name) if entry.is_dir()]
    for capture in captures:
        capture.check_document()
        capture.check_mail(capture.check_text())
    wrong = [text for capture in captures for text in capture.wrong]
    wrong += check_summary(tool, captures)
    for text in wrong:
        print(text)
    print(f'scale: {len(captures)} captures, {len(wrong)} differences')
    return 1 if wrong or not captures else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
