#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that reasons, words, verdict, text and exit status of verify agree.

usage: range.py [--full] EFIMAPCTL [SOURCE…]

Each document is computed again from its reasons, from what its answers lack and from the state of
kdump, by the tables of efimapctl-verify(1) and without the code of the program. Sources are all
fixtures, or those given. Each is read with one combination of options, or with --full with all.
"""
import functools
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position

ORDER = ['ok', 'entry-dropped', 'memory-at-risk', 'runtime-services-fail', 'boots-without-efi',
         'cannot-load', 'does-not-boot']
WARNINGS, BAD = ORDER[1:3], ORDER[3:]
LOST_EFI, REFUSAL, NO_BOOT = set(ORDER[3:5]), {'cannot-load'}, {'does-not-boot'}
# The words, the worst first, with their severities
SEVERITIES = {
    'do-not-use': 'error', 'loses-efi': 'error', 'refused': 'error', 'no-dump': 'error',
    'not-set-up': 'error', 'do-not-use-it-yet': 'unknown', 'unknown': 'unknown',
    'in-the-crash-kernel': 'unknown', 'not-checked': 'unknown', 'warning': 'warning',
    'no-fault-found': 'ok', 'ok-if': 'ok', 'ok': 'ok'}
WORDS = list(SEVERITIES)
STATUSES = {'pass': 0, 'warn': 0, 'fail': 1, 'incomplete': 4, 'not-applicable': 4, 'unreadable': 3,
            'denied': 5}
# What the sentence says about an effect that is certain, or a matter of chance
PHRASES = {
    ('entry-dropped', 'certain'): ' drops an entry', ('entry-dropped', 'chance'): ' may drop an entry',
    ('memory-at-risk', 'certain'): ' (is overwritten|has less memory)',
    ('memory-at-risk', 'chance'): ' may (be overwritten|have less memory)',
    ('runtime-services-fail', 'certain'): 'EFI calls fail',
    ('runtime-services-fail', 'chance'): 'EFI calls may fail',
    ('boots-without-efi', 'certain'): ' boots without EFI',
    ('boots-without-efi', 'chance'): ' may boot without EFI',
    ('cannot-load', 'certain'): ' cannot be loaded', ('cannot-load', 'chance'): ' may be refused',
    ('does-not-boot', 'certain'): ' does not boot', ('does-not-boot', 'chance'): ' may fail to boot',
}
OPTIONS = [[], ['--for=kexec'], ['--for=kdump'], ['--configured'], ['--if-efi'],
           ['--for=kdump', '--if-efi'], ['--fail-on=do-not-use,loses-efi'], ['--fail-on=map'],
           ['--fail-on=unknown,not-set-up', '--for=kdump'],
           ['--fail-on=not-checked', '--for=kexec', '--if-efi']]


@functools.cache
def families(tool):
    listing = subprocess.run([tool, 'explain', '--json'], capture_output=True, check=True)
    return {rule['rule']: rule['family'] for rule in json.loads(listing.stdout)['rules']}


def is_machine(source):
    """Return whether a source is a snapshot that was recorded on a machine, or contains one."""
    paths = [source, *glob.glob(f'{source}/sos_commands/efimap/efimapctl_snapshot.json'),
             *glob.glob(f'{source}/*/sos_commands/efimap/efimapctl_snapshot.json')]
    for path in filter(os.path.isfile, paths):
        with open(path, 'rb') as file:
            if re.search(rb'"from": *"live"', file.read(1 << 16)):
                return True
    return False


class Answer:
    """The effects of an answer by certainty, and what follows"""
    def __init__(self, answer, report, tool, is_complete, options):
        self.question, self.state = answer['question'], answer.get('state')
        self.is_judged = answer['outcome'] is not None
        self.lacks_efi = report['machine']['firmware'] == 'none'
        self.is_complete = is_complete and not answer['lacking']
        self.of = {name: {one['outcome'] for one in answer['reasons'] if one['certainty'] == name}
                   for name in ('certain', 'chance', 'condition', 'unknown')}
        self.is_hazard_seen = any(
            (one['outcome'], one['certainty']) == ('does-not-boot', 'unknown') and
            families(tool)[one['rule']] != 'unread' for one in answer['reasons'])
        # A kernel that has lost EFI has no load, and so no reason.
        if self.is_judged and not answer['reasons']:
            self.of['certain'] = {answer['outcome']} - {'ok'}
        self.proven = self.of['certain'] | self.of['chance']
        if ('--configured' in options or 'given' in answer['kernel']['roles']) and \
                self.state in ('not-loaded', 'unknown'):
            self.state = 'loaded'

    def outcome(self):
        """Return the outcome and the certainty."""
        known, unknown = (max(['ok', *effects], key=ORDER.index)
                          for effects in (self.proven, self.of['unknown']))
        if not self.is_judged:
            return None, 'unknown'
        if known not in BAD and unknown in BAD:
            return unknown, 'unknown'
        if known == 'ok':
            return known, 'condition' if self.of['condition'] else None
        return known, 'certain' if known in self.of['certain'] else 'chance'

    def good(self, bad):
        return 'no-fault-found' if not self.is_complete else \
            'ok-if' if self.of['condition'] & bad else 'ok'

    def kexec(self, is_crash_kernel):
        bad = LOST_EFI | REFUSAL | NO_BOOT
        rows = ((is_crash_kernel, 'in-the-crash-kernel'), (self.lacks_efi, 'not-checked'),
                (self.of['certain'] & REFUSAL, 'refused'), (self.proven & NO_BOOT, 'do-not-use'),
                (self.proven & LOST_EFI, 'loses-efi'), (self.proven & REFUSAL, 'refused'),
                (self.is_hazard_seen, 'do-not-use-it-yet'),
                (not self.is_judged or self.of['unknown'] & bad, 'unknown'),
                ('memory-at-risk' in self.proven, 'warning'))
        return next((word for holds, word in rows if holds), self.good(bad))

    def kdump(self):
        bad = REFUSAL | NO_BOOT
        rows = ((self.state == 'in-crash-kernel', 'in-the-crash-kernel'),
                (self.state == 'not-configured', 'not-set-up'),
                (self.state in ('not-loaded', 'not-reserved') or self.proven & bad, 'no-dump'),
                (self.state == 'unknown' or self.of['unknown'] & bad, 'unknown'),
                (self.proven & (LOST_EFI | {'memory-at-risk'}), 'warning'))
        return next((word for holds, word in rows if holds), self.good(bad))

    def counts(self, word, options):
        """Return whether the answer counts."""
        if any(option.startswith('--for=') or option == '--configured' for option in options):
            return True
        worst = max(['ok', *self.of['unknown']], key=ORDER.index)
        if word == 'unknown':
            return worst != 'cannot-load' if self.question == 'kexec' else self.state != 'unknown'
        return word not in ('refused', 'not-set-up', 'in-the-crash-kernel')


def check_answer(answer, wanted, options, is_crash_kernel):
    """Yield differences in an answer."""
    seen = answer['outcome'], answer['certainty']
    outcome = wanted.outcome()
    if seen != outcome:
        yield f'expected {outcome}, not {seen}'
    word = wanted.kexec(is_crash_kernel) if answer['question'] == 'kexec' else wanted.kdump()
    if answer['word'] != word:
        yield f'expected {word}, not {answer["word"]}: {answer["sentence"]}'
    if answer['severity'] != SEVERITIES[answer['word']]:
        yield f'{answer["word"]}: the severity is {answer["severity"]}'
    if answer['counts'] != wanted.counts(answer['word'], options):
        yield f'{answer["word"]}: counts is {answer["counts"]}'
    if answer['reasons'] and outcome[0] in BAD and answer['reasons'][0]['certainty'] != outcome[1]:
        yield f'{outcome}: the headline is {answer["reasons"][0]}'
    labels = {line['label'] for line in answer['lines']}
    if ('lacking' in labels) != (SEVERITIES[answer['word']] in ('ok', 'warning') and
                                 bool(answer['lacking'])):
        yield f'{answer["word"]}: the labels are {labels}'
    is_about_load = answer['question'] == 'kexec' or wanted.state == 'loaded'
    if SEVERITIES[answer['word']] != 'ok' and is_about_load and answer['reasons'] and \
            not re.search(PHRASES.get(outcome, ''), answer['sentence']):
        yield f'{outcome}: the sentence is: {answer["sentence"]}'


def severity_of(finding):
    if finding['certainty'] in ('unknown', 'condition'):
        return 'note'
    return 'error' if finding['outcome'] in BAD else \
        'warning' if finding['outcome'] in WARNINGS else 'note'


def verdict_of(report, of_map, options):
    """Return the verdict that follows from the words, if all required files were read."""
    counted = {SEVERITIES[one['word']] for one in report['answers']
               if one['counts'] and one['word'] != 'not-checked'}
    if not any(option.startswith('--for=') or option == '--configured' for option in options):
        counted.add(of_map)
    if any(one['word'] == 'not-checked' for one in report['answers']) and \
            not counted & {'error', 'unknown', 'warning'}:
        return 'not-applicable'
    return 'fail' if 'error' in counted else 'incomplete' if 'unknown' in counted else \
        'warn' if 'warning' in counted else 'pass'


def status_of(report, of_map, options):
    listed = next((option[len('--fail-on='):].split(',') for option in options
                   if option.startswith('--fail-on=')), None)
    verdict = report['verdict']
    if listed is not None and verdict not in ('denied', 'unreadable'):
        return int(any(one['word'] in listed for one in report['answers']) or
                   ('map' in listed and of_map in ('error', 'warning')))
    return 0 if verdict == 'not-applicable' and '--if-efi' in options else STATUSES[verdict]


def check(tool, source, report, status, text, options):
    """Yield the differences between a report, its exit status, and what its reasons imply."""
    answers, verdict = report['answers'], report['verdict']
    is_crash_kernel = any(one['word'] == 'in-the-crash-kernel' for one in answers)
    for number, answer in enumerate(answers):
        wanted = Answer(answer, report, tool, is_machine(source), options)
        yield from (f'{answer["question"]}, {answer["loader"]}: {problem}'
                    for problem in check_answer(answer, wanted, options, is_crash_kernel))
        for reason in answer['reasons']:
            if reason['rule'] != 'kernel-unread' and \
                    not any(one['rule'] == reason['rule'] and number in one['answers']
                            for one in report['findings']):
                yield f'{reason["rule"]}: no finding names the answer {number}'
    for finding in report['findings']:
        if finding['severity'] != severity_of(finding):
            yield f'{finding["rule"]}: the severity is {finding["severity"]}'
    worst = {}
    for answer in answers:
        worst[answer['question']] = min(answer['word'], worst.get(answer['question'], 'ok'),
                                        key=WORDS.index)
    if report['words'] != worst:
        yield f'expected the words {worst}, not {report["words"]}'
    said = re.search(r'^map: +(error|warning)', text, re.M)
    of_map = said[1] if said else 'ok'
    wanted = verdict_of(report, of_map, options)
    if verdict not in ('denied', 'unreadable', wanted):
        yield f'expected the verdict {wanted}, not {verdict}'
    expected = status_of(report, of_map, options)
    if status != expected:
        yield f'expected the exit status {expected}, not {status}'
    text = ' '.join(text.split())
    for answer in answers:
        if answer['sentence'] not in text:
            yield f'the text lacks: {answer["sentence"]}'


def check_source(tool, name, source, combinations):
    for options in combinations:
        command = [tool, 'verify', *options, source]
        text = subprocess.run(command, capture_output=True, text=True, check=False)
        done = subprocess.run([*command, '--json'], capture_output=True, text=True, check=False)
        if not done.stdout:
            continue
        problems = list(check(tool, source, json.loads(done.stdout), done.returncode, text.stdout,
                              options))
        if text.returncode != done.returncode:
            problems.append(f'status {text.returncode} with text, {done.returncode} with JSON')
        yield from (f'{name} {" ".join(options)}: {problem}' for problem in problems)


def main(argv):
    words = [word for word in argv[1:] if not word.startswith('--')]
    if not words:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    tool, problems, count = os.path.abspath(words[0]), [], 0
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        for name, source in [(one, one) for one in words[1:]] or fixture.sources(where):
            combinations = OPTIONS if '--full' in argv else \
                [[], OPTIONS[1 + count % (len(OPTIONS) - 1)]]
            count += 1
            problems += check_source(tool, name, source, combinations)
    for problem in problems:
        print(problem)
    print(f'{count} sources, {len(problems)} problems')
    return 1 if problems or not count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
