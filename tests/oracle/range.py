#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that reasons, words, verdict, text and exit status of verify agree.

usage: range.py [--full] EFIMAPCTL [SOURCE…]

Each word is computed again from the reasons of its answer, the state of kdump and lacking[], by the
table of the documentation and without the code of the program; so are severities, the words of the
questions, the verdict and the exit status. Sources are all fixtures, or those given. Each is read
with one combination of options, or with --full with all of them.
"""
import functools
import json
import os
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# Words from the worst to the best, and their severities
SEVERITIES = {'do-not-use': 'error', 'loses-efi': 'error', 'refused': 'error', 'no-dump': 'error',
              'not-set-up': 'error', 'do-not-use-it-yet': 'unknown', 'unknown': 'unknown',
              'in-the-crash-kernel': 'unknown', 'not-checked': 'unknown', 'warning': 'warning',
              'no-fault-found': 'ok', 'ok-if': 'ok', 'ok': 'ok'}
WORDS = list(SEVERITIES)
LOST_EFI, AT_RISK = {'runtime-services-fail', 'boots-without-efi'}, {'memory-at-risk'}
REFUSED, NO_BOOT = {'cannot-load'}, {'does-not-boot'}
# Rules that are unknown because something was not read. Their word is "unknown".
UNREAD = {'map-unread', 'kernel-unread', 'tables-unread', 'crash-range-unread', 'sizes-unread'}
# The families of rules about the map
ABOUT_MAP = {'attr', 'iomem', 'layout', 'map-files', 'memmap', 'overlap', 'phys', 'virt'}
STATUSES = {'pass': 0, 'warn': 0, 'fail': 1, 'incomplete': 4, 'not-applicable': 4, 'unreadable': 3,
            'denied': 5}
REFUSALS = ('denied', 'unreadable')
# The answers that do not count without --for
UNCOUNTED = ('refused', 'not-set-up', 'in-the-crash-kernel')
OPTIONS = [[], ['--for=kexec'], ['--for=kdump'], ['--configured'], ['--if-efi'],
           ['--configured', '--if-efi'], ['--for=kdump', '--if-efi'],
           ['--fail-on=do-not-use,loses-efi'], ['--fail-on=map'],
           ['--fail-on=warning,no-dump'], ['--fail-on=unknown', '--for=kdump'],
           ['--fail-on=not-set-up', '--for=kdump', '--if-efi']]


def effects(answer):
    """Return the outcomes of the reasons by certainty, and whether a hazard was seen."""
    by = {certainty: {one['outcome'] for one in answer['reasons'] if one['certainty'] == certainty}
          for certainty in ('certain', 'chance', 'unknown', 'condition')}
    is_hazard = any(one['certainty'] == 'unknown' and one['outcome'] == 'does-not-boot' and
                    one['rule'] not in UNREAD for one in answer['reasons'])
    return by, is_hazard


def good(answer, conditions, is_copy):
    """Return the words of an answer without faults."""
    if answer['lacking'] or is_copy:
        return {'no-fault-found'}
    # A document does not show whether its source is a copy.
    return {'ok-if' if conditions else 'ok', 'no-fault-found'}


def kexec_words(answer, is_copy):
    by, is_hazard = effects(answer)
    proven, bad = by['certain'] | by['chance'], LOST_EFI | REFUSED | NO_BOOT
    if by['certain'] & REFUSED:
        return {'refused'}
    for word, outcomes in (('do-not-use', NO_BOOT), ('loses-efi', LOST_EFI), ('refused', REFUSED)):
        if proven & outcomes:
            return {word}
    if is_hazard:
        return {'do-not-use-it-yet'}
    if by['unknown'] & bad:
        return {'unknown'}
    return {'warning'} if proven & AT_RISK else good(answer, by['condition'] & bad, is_copy)


def kdump_words(answer, is_next, is_copy):
    by, _ = effects(answer)
    proven, bad = by['certain'] | by['chance'], REFUSED | NO_BOOT
    state = answer['state']
    if state == 'in-crash-kernel':
        return {'in-the-crash-kernel'}
    if state == 'not-configured':
        return {'not-set-up'}
    # With --configured, the load is judged as if it had happened.
    if state == 'not-reserved' or (state == 'not-loaded' and not is_next) or proven & bad:
        return {'no-dump'}
    if (state == 'unknown' and not is_next) or by['unknown'] & bad:
        return {'unknown'}
    return {'warning'} if proven & (AT_RISK | LOST_EFI) else \
        good(answer, by['condition'] & bad, is_copy)


def check_answer(answer, report, options, is_copy):
    """Yield differences in an answer."""
    is_without_load = not answer['reasons'] and not answer['kernel']['roles']
    if answer['severity'] != SEVERITIES[answer['word']]:
        yield f'{answer["word"]} has the severity {answer["severity"]}'
    wanted = kdump_words(answer, '--configured' in options, is_copy) \
        if answer['question'] == 'kdump' else kexec_words(answer, is_copy)
    # Without a load, the map or the firmware decides.
    if is_without_load and answer['word'] in ('unknown', 'not-checked', 'loses-efi',
                                              'in-the-crash-kernel'):
        return
    if answer['word'] not in wanted and report['verdict'] not in REFUSALS:
        yield f'{answer["word"]}, expected {sorted(wanted)}: {answer["reasons"]}'


def is_asked(options):
    return any(word.startswith('--for') or word == '--configured' for word in options)


def check_counts(answers, options):
    """Yield answers that count, or do not, against the rules."""
    for answer in answers:
        by, _ = effects(answer)
        is_refusal = answer['question'] == 'kexec' and answer['word'] == 'unknown' and \
            by['unknown'] and by['unknown'] & (LOST_EFI | NO_BOOT) == set()
        is_state = answer['question'] == 'kdump' and answer['state'] == 'unknown' and \
            answer['word'] == 'unknown'
        wanted = is_asked(options) or not (answer['word'] in UNCOUNTED or is_refusal or is_state)
        if answer['counts'] != wanted:
            yield f'{answer["question"]}, {answer["word"]}: counts is {answer["counts"]}'


@functools.cache
def rules_about_map(tool):
    listing = subprocess.run([tool, 'explain', '--json'], capture_output=True, check=True)
    return {rule['rule'] for rule in json.loads(listing.stdout)['rules']
            if rule['family'] in ABOUT_MAP}


def check(report, status, options, is_copy, map_rules):
    """Yield the differences between a report, its exit status, and what its reasons imply."""
    answers, verdict = report['answers'], report['verdict']
    for number, answer in enumerate(answers):
        yield from (f'{answer["question"]}, {answer["loader"]}: {problem}'
                    for problem in check_answer(answer, report, options, is_copy))
        for reason in answer['reasons']:
            if not any(one['rule'] == reason['rule'] and number in one['answers']
                       for one in report['findings']):
                yield f'{reason["rule"]}: no finding names the answer {number}'
    if verdict not in REFUSALS:
        yield from check_counts(answers, options)
    for question in {answer['question'] for answer in answers}:
        word = min((answer['word'] for answer in answers if answer['question'] == question),
                   key=WORDS.index)
        if report['words'].get(question) != word:
            yield f'the word of {question} is {report["words"].get(question)}, expected {word}'
    counted = {answer['severity'] for answer in answers if answer['counts']}
    only = {answer['word'] for answer in answers if answer['counts']} <= {'not-checked'}
    is_map_bad = not is_asked(options) and any(
        one['severity'] == 'error' and one['rule'] in map_rules for one in report['findings'])
    wanted = 'fail' if 'error' in counted or is_map_bad else \
        'incomplete' if 'unknown' in counted else 'warn' if report['counts']['warning'] else 'pass'
    if verdict == 'not-applicable' and not only:
        yield f'not-applicable, although answers count: {counted}'
    elif verdict in ('fail', 'incomplete') and verdict != wanted and answers:
        yield f'expected the verdict {wanted}, not {verdict}'
    elif verdict in ('pass', 'warn') and wanted in ('fail', 'incomplete'):
        yield f'expected the verdict {wanted}, not {verdict}'
    expected = 0 if verdict == 'not-applicable' and '--if-efi' in options else STATUSES[verdict]
    listed = next((word[len('--fail-on='):].split(',') for word in options
                   if word.startswith('--fail-on=')), None)
    if listed and verdict not in REFUSALS and listed != ['map']:
        expected = 1 if set(listed) & {answer['word'] for answer in answers} else 0
    if status != expected and listed != ['map']:
        yield f'expected the exit status {expected}, not {status}'


def check_text(report, text):
    """Yield the sentences that the text output does not contain."""
    text = ' '.join(text.split())
    for answer in report['answers']:
        if answer['sentence'] not in text:
            yield f'the text lacks: {answer["sentence"]}'


def ask(tool, source, options):
    done = subprocess.run([tool, 'verify', '--json', *options, source], capture_output=True,
                          text=True, check=False)
    return json.loads(done.stdout) if done.stdout else None, done.returncode


def is_copy_of(source):
    """Return whether a source is a copy. Only a snapshot of a running system is none."""
    return not os.path.exists(os.path.join(source, 'sos_commands', 'efimap')) and \
        not source.endswith('.json')


def check_source(tool, name, source, combinations):
    for options in combinations:
        report, status = ask(tool, source, options)
        if not report:
            continue
        problems = list(check(report, status, options, is_copy_of(source),
                              rules_about_map(tool)))
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
