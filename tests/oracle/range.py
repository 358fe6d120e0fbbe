#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that reasons, answers, verdict, text and exit status of verify agree.

usage: range.py [--full] EFIMAPCTL [SOURCE…]

Each document is computed again from its reasons and the state of kdump, by the tables of the
documentation and without the code of the program. Sources are all fixtures, or those given. Each
is read with one combination of options, or with --full with all of them.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position

ORDER = ['ok', 'entry-dropped', 'memory-at-risk', 'unknown', 'runtime-services-fail',
         'boots-without-efi', 'cannot-load', 'does-not-boot']
RANK = {outcome: rank for rank, outcome in enumerate(ORDER)}
BAD, WARNINGS = ORDER[4:], ORDER[1:3]
NO_DUMP = ('not-loaded', 'not-reserved', 'not-configured')
# The outcome and the certainty of an answer without a load, for each state
WITHOUT_LOAD = {'not-reserved': ('cannot-load', 'certain')}
STATUSES = {'pass': 0, 'warn': 0, 'fail': 1, 'incomplete': 4, 'not-applicable': 4, 'unreadable': 3,
            'denied': 5}
# Rules about policies that refuse a load
POLICIES = ('load-disabled', 'load-lockdown', 'load-ima', 'load-signature')
REFUSALS = ('denied', 'unreadable', 'not-applicable')
# What the sentence says about an effect that is certain, or a matter of chance
WORDS = {
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
           ['--for=kdump', '--configured'], ['--for=kdump', '--if-efi'],
           ['--fail-on=does-not-boot,runtime-services-fail'], ['--fail-on=error'],
           ['--fail-on=warning,not-loaded'], ['--fail-on=unknown', '--for=kdump'],
           ['--fail-on=not-configured', '--for=kdump', '--if-efi']]


class Range:
    """K, its certainty, U, and whether conditions apply"""
    def __init__(self, known, certainty=None, unknown='ok', is_conditional=False):
        self.known, self.certainty, self.unknown = known, certainty, unknown
        self.is_conditional = is_conditional

    @staticmethod
    def of(reasons):
        by = {certainty: [one['outcome'] for one in reasons if one['certainty'] == certainty]
              for certainty in ('certain', 'chance', 'unknown', 'condition')}
        known = max(['ok', *by['certain'], *by['chance']], key=RANK.get)
        certainty = None if known == 'ok' else 'certain' if known in by['certain'] else 'chance'
        return Range(known, certainty, max(['ok', *by['unknown']], key=RANK.get),
                     bool(by['condition']))

    def outcome(self):
        return 'unknown' if self.known not in BAD and self.unknown in BAD else self.known

    def order(self):
        """Return a number that is higher for a worse range."""
        return (RANK[self.known], self.certainty == 'certain',
                RANK[self.unknown] if self.unknown in BAD else 0)

    def __str__(self):
        return f'K {self.known} ({self.certainty}), U {self.unknown}'


def is_without_load(answer):
    return not answer['reasons'] and not answer['kernel']['roles'] and not answer['segments']


def check_answer(answer, report, options):
    """Yield differences in an answer. Set answer["range"], None if no load was predicted."""
    state, reasons = answer.get('state'), answer['reasons']
    seen = answer['outcome'], answer['certainty']
    answer['range'] = one = Range.of(reasons)
    is_hidden = report['verdict'] in REFUSALS or seen == ('unknown', 'unknown') and (
        state == 'unknown' and '--configured' not in options or is_without_load(answer))
    if is_hidden or (state in WITHOUT_LOAD and is_without_load(answer)):
        answer['range'] = None
        wanted = WITHOUT_LOAD.get(state, ('unknown', 'unknown'))
        if report['verdict'] not in REFUSALS and seen != wanted:
            yield f'state {state}: expected {wanted}, not {seen}'
        return
    wanted = one.outcome(), one.certainty
    if wanted[0] == 'unknown':
        wanted = 'unknown', 'unknown'
    elif wanted[0] == 'ok' and one.is_conditional:
        wanted = 'ok', 'condition'
    if seen != wanted:
        yield f'{one}: expected {wanted}, not {seen}'
    if answer['at_worst'] != (one.unknown if one.unknown != 'ok' else None):
        yield f'{one}: at_worst is {answer["at_worst"]}'
    if reasons and wanted[0] != 'ok':
        first = reasons[0]
        effect = one.unknown if wanted[0] == 'unknown' else one.known
        if first['certainty'] != wanted[1] or \
                (first['outcome'] != effect and wanted[0] != 'unknown') or \
                (wanted[0] == 'unknown' and first['outcome'] not in BAD):
            yield f'{one}: the headline is {first["rule"]} ({first["outcome"]}, ' \
                  f'{first["certainty"]})'
    yield from check_words(answer, one, wanted)


def check_words(answer, one, wanted):
    """Yield what the sentence and the lines lack."""
    lines = {line['label'] for line in answer['lines']}
    is_end = (one.known, one.certainty) == ('cannot-load', 'certain')
    is_worse = one.known in BAD and RANK[one.unknown] > RANK[one.known] and not is_end
    if answer['question'] == 'kdump' and answer['state'] != 'loaded':
        return
    if not re.search(WORDS.get(wanted, ''), answer['answer']):
        yield f'{wanted}: the answer is: {answer["answer"]}'
    if is_worse and not lines & {'but', 'unseen'}:
        yield f'{one}: no line states the worse effect: {answer["answer"]}'


def check_counts(answers, options):
    """Yield answers that count, or do not, against the rules. Whether a kernel is loaded for kexec
    is not in the document."""
    for answer in answers:
        if answer['question'] == 'kdump':
            may_count = '--for=kdump' in options or '--configured' in options
            must_count = '--for=kdump' in options
            if answer['state'] not in ('not-configured', 'in-crash-kernel', 'unknown'):
                may_count = must_count = True
        else:
            is_refused = any((one['outcome'], one['certainty']) == ('cannot-load', 'certain') and
                             one['rule'] in POLICIES for one in answer['reasons'])
            may_count, must_count = True, '--for=kexec' in options or not is_refused
        if not must_count <= answer['counts'] <= may_count:
            yield f'{answer["question"]}, {answer["loader"]}: counts is {answer["counts"]}'


def severity_of(finding, answers, decided):
    concerned = [answers[i] for i in finding['answers']]
    is_reason = any(id(one) in decided and
                    finding['rule'] in [reason['rule'] for reason in one['reasons']]
                    for one in concerned)
    if finding['certainty'] in ('unknown', 'condition') or (concerned and not is_reason):
        return 'note'
    return 'error' if finding['outcome'] in BAD else \
        'warning' if finding['outcome'] in WARNINGS else 'note'


def check(report, status, options):
    """Yield the differences between a report, its exit status, and what its reasons imply."""
    answers, verdict = report['answers'], report['verdict']
    for number, answer in enumerate(answers):
        yield from (f'{answer["question"]}, {answer["loader"]}: {problem}'
                    for problem in check_answer(answer, report, options))
        for reason in answer['reasons']:
            if not any(one['rule'] == reason['rule'] and number in one['answers']
                       for one in report['findings']):
                yield f'{reason["rule"]}: no finding names the answer {number}'
    yield from check_counts(answers, options)
    states = {answer['state'] for answer in answers if answer['question'] == 'kdump'}
    ranges = [(one, one['range']) for one in answers if one['counts']]
    outcomes = [known.outcome() if known else one['outcome'] for one, known in ranges]
    # A state of kdump that is unknown hides the outcome of a load.
    decided = [id(one) for one, known in ranges if known]
    worst = max(['ok', *outcomes], key=RANK.get)
    if report['outcome'] != worst and answers:
        yield f'expected the outcome {worst}, not {report["outcome"]}'
    for finding in report['findings']:
        severity = severity_of(finding, answers, decided)
        if finding['severity'] != severity and not (finding['severity'] == 'note' and
                                                    not finding['answers']):
            yield f'{finding["rule"]}: expected the severity {severity}, ' \
                  f'not {finding["severity"]}'
    is_state_asked = '--for=kdump' in options and '--configured' not in options
    fails = any(outcome in BAD for outcome in outcomes) or report['counts']['error'] > 0
    is_unknown = 'unknown' in outcomes
    if is_state_asked:
        fails |= bool(states & set(NO_DUMP))
        is_unknown |= bool(states & {'in-crash-kernel', 'unknown'})
    wanted = 'fail' if fails else 'incomplete' if is_unknown else \
        'warn' if report['counts']['warning'] else 'pass'
    # A document does not show why no answer could be predicted.
    if verdict not in REFUSALS and verdict != wanted and not \
            (verdict == 'incomplete' and not fails and not answers):
        yield f'expected the verdict {wanted}, not {verdict}'
    expected = STATUSES[verdict]
    if verdict == 'not-applicable':
        expected = 1 if is_state_asked and states & set(NO_DUMP) else \
            0 if '--if-efi' in options else 4
    expected = fail_on(options, expected, report, ranges, outcomes, states)
    if status != expected:
        yield f'expected the exit status {expected}, not {status}'


def fail_on(options, expected, report, ranges, outcomes, states):
    """Return the exit status with --fail-on, or "expected" without it."""
    listed = next((word[len('--fail-on='):].split(',') for word in options
                   if word.startswith('--fail-on=')), None)
    if listed is None or report['verdict'] in ('denied', 'unreadable') or not report['answers']:
        return expected
    if report['verdict'] == 'not-applicable':
        return 1 if set(listed) & states else 0 if '--if-efi' in options else 4
    listed += (BAD if 'error' in listed else []) + (WARNINGS if 'warning' in listed else [])
    known = {one.known for _, one in ranges if one} | (set(outcomes) & {'unknown'})
    known |= {outcome for (_, one), outcome in zip(ranges, outcomes) if not one}
    if set(listed) & (known | states):
        return 1
    unknown = {one.unknown for _, one in ranges if one} - {'ok'}
    return 4 if unknown & set(listed) or 'unknown' in outcomes else 0


def check_text(report, text):
    """Yield the sentences that the text output does not contain."""
    text = ' '.join(text.split())
    for answer in report['answers']:
        if answer['answer'] not in text:
            yield f'the text lacks: {answer["answer"]}'


def ask(tool, source, options):
    done = subprocess.run([tool, 'verify', '--json', *options, source], capture_output=True,
                          text=True, check=False)
    return json.loads(done.stdout) if done.stdout else None, done.returncode


def check_source(tool, name, source, combinations):
    for options in combinations:
        report, status = ask(tool, source, options)
        if not report:
            continue
        problems = list(check(report, status, options))
        if not options:
            done = subprocess.run([tool, 'verify', source], capture_output=True, text=True,
                                  check=False)
            problems += check_text(report, done.stdout)
            if done.returncode != status:
                problems.append(f'status {done.returncode} with text, {status} with JSON')
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
