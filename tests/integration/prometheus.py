#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the metrics and the alert rules with promtool and node_exporter.

usage: prometheus.py EFIMAPCTL BUILD [CASE...]
"""
import ctypes
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request

from agree import WORDS
from common import INTEGRATION, ROOT, expect, fetched, free_port, main, read, write
import fetch  # common adds the directories of these modules to the search path.
import fixture

FILES = os.path.join(INTEGRATION, 'prometheus')
RULES = 'efimapctl.rules.yml'
FIRST = fixture.real('ovmf-q35-6.1-kexec-first')
IN_MOVED_TO, IN_CREATE = 0x80, 0x100


def promtool(case, *words, stdin=None):
    # In Debian 12 and earlier, promtool is in the package prometheus.
    package = 'promtool' if fetch.is_known('promtool') else 'prometheus'
    done = subprocess.run([fetched(package, '/usr/bin/promtool'), *words], check=False,
                          cwd=case.temp, input=stdin, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=1200)
    return done.returncode, done.stdout


def metrics(case, *words):
    case.install()
    done = case.run([case.path('bin/efimapctl-metrics'), *words])
    expect(done.returncode == 0 and not done.stderr, f'{words}: {done.returncode}: {done.stderr}')
    return done.stdout


def samples(text):
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r'(efimap_\w+)(?:\{(.*)\})? (\S+)', line)
        if match:
            labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or '')))
            found[match[1], labels] = float(match[3])
    return found


def case_check_metrics(case):
    """promtool accepts the metrics for every kind of source, and rejects broken text."""
    denied = case.capture('ovmf-q35-6.1-kexec-first')
    write(f'{denied}/sys/firmware/efi/runtime-map/0/phys_addr', '0xg\n')
    for words in ([FIRST], [fixture.real('seabios-q35-6.1-first')], ['nowhere'], [denied],
                  [fixture.real('ovmf32-q35-6.1-mixed-second')]):
        text = metrics(case, *words)
        status, said = promtool(case, 'check', 'metrics', stdin=text)
        expect(status == 0 and not said, f'{words}: {status}: {said}')
        expect(text.endswith('\n') and '\r' not in text,
               f'{words}: the last line does not end with a newline')
        for line in text.splitlines():
            expect(line.startswith('#') or re.fullmatch(r'efimap_\w+(\{[^{}]*\})? \d+', line),
                   f'invalid line: {line}')
    for broken in (text.replace('# HELP efimap_status', '# HULP efimap_status', 1),
                   text.replace('efimap_status{', 'efimap_status{{', 1)):
        expect(promtool(case, 'check', 'metrics', stdin=broken)[0], 'promtool accepts invalid text')


def answering(case, text, end=''):
    """Replace efimapctl with a program that prints a text, in which QUESTION is the question."""
    write(case.path('said'), text)
    case.program('efimapctl', 'case "$*" in *--for=kexec*) asked=kexec ;; *) asked=kdump ;; esac\n'
                 f'sed "s/QUESTION/$asked/g" {case.path("said")}\n{end}\n')


def document(worst, *words):
    """Return a document about answers with these words."""
    spelled = [word.lower().replace(',', '').replace(' ', '-') for word in (worst, *words)]
    answers = ','.join(
        f'{{"question":"QUESTION","word":"{name}","severity":"{WORDS[word][0]}","counts":true}}'
        for name, word in zip(spelled[1:], words))
    return f'{{"source":"/","words":{{"QUESTION":"{spelled[0]}"}},"answers":[{answers}]}}\n'


def case_words(case):
    """Each word has its severity. If there are several kernels, the worst word is that of the
    answer."""
    for word, (severity, status, _) in WORDS.items():
        for text in (document(word, word), document(word, 'ok', word)):
            answering(case, text, f'exit {status}')
            found = samples(metrics(case, FIRST))
            for question in ('kexec', 'kdump'):
                labels = (('question', question), ('severity', severity), ('word', word))
                expect(found['efimap_answer', labels] == 1 and
                       found['efimap_status', (('question', question),)] == status,
                       f'{word}: {found}')
            expect(len(found) == 5, found)


def case_failure(case):
    """If efimapctl fails, the answer is unknown, and the status says so. Its output never changes
    the labels."""
    hostile = 'x"} 1\nefimap_entries 7\0\t\x1b[2J' + 'a' * (1 << 16)
    for text, status, end in (
            ('', 2, 'exit 2'), (document('ok', 'ok'), 139, 'kill -SEGV $$'),
            (document('ok', 'ok'), 137, 'kill -KILL $$'), (hostile, 3, 'exit 3'),
            (f'{{"source":"/","words":{{"QUESTION":"{hostile}"}},"answers":[]}}\n', 4, 'exit 4'),
            ('', 127, 'exit 127')):
        answering(case, text, end)
        said = metrics(case, FIRST)
        found = samples(said)
        for question in ('kexec', 'kdump'):
            labels = (('question', question), ('severity', 'unknown'), ('word', 'unknown'))
            expect(found['efimap_answer', labels] == 1 and
                   found['efimap_status', (('question', question),)] == status, f'{text}: {said}')
        expect(len(found) == 5, said)
        status, told = promtool(case, 'check', 'metrics', stdin=said)
        expect(status == 0 and not told, told)


def case_file_kept(case):
    """If the metrics cannot be written, the script fails, and the directory contains only the old
    file."""
    where = case.path('textfiles')
    case.install()
    command = [case.path('bin/efimapctl-metrics'), f'--output-file={where}/efimapctl.prom', FIRST]
    keep = 's=0; "$@" || s=$?; cp -R "$0"/textfiles/. "$0"/left; exit $s'
    for name, setup in (
            ('full', 'mount -t tmpfs -o size=4k tmpfs "$temp/textfiles"\n'
             'echo old >"$temp/textfiles/efimapctl.prom"\n'),
            ('read-only', 'mount --bind "$temp/textfiles" "$temp/textfiles"\n'
             'mount -o remount,ro,bind "$temp/textfiles"\n')):
        shutil.rmtree(case.path('left'), ignore_errors=True)
        os.makedirs(case.path('left'))
        write(f'{where}/efimapctl.prom', 'old\n')
        done = case.running(case.path('none'), ['sh', '-c', keep, case.temp, *command], setup)
        expect(done.returncode == 1 and done.stderr, f'{name}: {done}')
        expect(os.listdir(case.path('left')) == ['efimapctl.prom'] and
               read(case.path('left/efimapctl.prom')) == 'old\n',
               f'{name}: {os.listdir(case.path("left"))}')
    done = case.run([command[0], f'--output-file={case.temp}/none/file'])
    expect(done.returncode == 1, done)


def case_at_once(case):
    """Several runs at the same time leave one complete file."""
    where = case.path('textfiles')
    os.mkdir(where)
    case.install()
    runs = ('for i in 1 2 3 4 5 6; do "$@" & pids="${pids-} $!"; done\n'
            'for pid in $pids; do wait $pid || exit; done')
    done = case.run(['sh', '-c', runs, 'sh', case.path('bin/efimapctl-metrics'),
                     f'--output-file={where}/efimapctl.prom', FIRST])
    expect(done.returncode == 0 and not done.stderr, done)
    expect(os.listdir(where) == ['efimapctl.prom'], os.listdir(where))
    mode = os.stat(f'{where}/efimapctl.prom').st_mode
    expect(mode & 0o777 == 0o644, 'node_exporter cannot read it')
    status, said = promtool(case, 'check', 'metrics', stdin=read(f'{where}/efimapctl.prom'))
    expect(status == 0 and not said, said)


class Exporter:
    def __init__(self, directory, log):
        self.address = f'127.0.0.1:{free_port()}'
        with open(log, 'w', encoding='utf-8') as file:
            self.process = subprocess.Popen(
                [fetched('prometheus-node-exporter', '/usr/bin/prometheus-node-exporter'),
                 f'--web.listen-address={self.address}', '--collector.disable-defaults',
                 '--collector.textfile', f'--collector.textfile.directory={directory}'],
                stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        self.log = log

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def scrape(self):
        for _ in range(300):
            expect(self.process.poll() is None, read(self.log))
            try:
                with urllib.request.urlopen('http:' + f'//{self.address}/metrics',
                                            timeout=600) as answer:
                    return answer.read().decode()
            except urllib.error.URLError:
                time.sleep(0.1)
        return expect(False, f'no answer: {read(self.log)}')


def case_scrape(case):
    """node_exporter reports every series, and an error if the file is broken."""
    where = case.path('textfiles')
    os.mkdir(where)
    metrics(case, f'--output-file={where}/efimapctl.prom', FIRST)
    written = samples(read(f'{where}/efimapctl.prom'))
    with Exporter(where, case.path('log')) as exporter:
        answer = exporter.scrape()
        expect(samples(answer) == written and len(written) == 5, samples(answer).keys())
        expect('\nnode_textfile_scrape_error 0\n' in answer, 'an error of scraping')
        # After each replacement of the file, the exporter must report every series.
        for _ in range(5):
            metrics(case, f'--output-file={where}/efimapctl.prom', FIRST)
            answer = exporter.scrape()
            expect(samples(answer).keys() == written.keys(),
                   'node_exporter does not report all series')
        write(f'{where}/efimapctl.prom', read(f'{where}/efimapctl.prom')[:-1])
        expect('\nnode_textfile_scrape_error 1\n' in exporter.scrape(),
               'node_exporter reports no error for an invalid file')


def watch(directory):
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.inotify_init1(os.O_NONBLOCK)
    expect(fd >= 0 and libc.inotify_add_watch(fd, directory.encode(),
                                              IN_CREATE | IN_MOVED_TO) >= 0, 'no inotify')
    return fd


def case_replace(case):
    """The only *.prom name that appears is the final one, and it appears by a rename."""
    where = case.path('textfiles')
    os.mkdir(where)
    fd = watch(where)
    metrics(case, f'--output-file={where}/efimapctl.prom', FIRST)
    data, events = os.read(fd, 65536), []
    os.close(fd)
    while data:
        _, mask, _, size = struct.unpack_from('iIII', data)
        events.append((mask, data[16:16 + size].rstrip(b'\0').decode()))
        data = data[16 + size:]
    created = [name for mask, name in events if mask & IN_CREATE]
    expect(len(created) == 1 and not created[0].endswith('.prom'), events)
    expect(events[-1] == (IN_MOVED_TO, 'efimapctl.prom'), events)


def case_rules(case):
    """promtool accepts the alert rules."""
    shutil.copy(f'{FILES}/{RULES}', case.temp)
    status, said = promtool(case, 'check', 'rules', '--lint=all', '--lint-fatal', RULES)
    expect(status == 0, said)


def case_alerts(case):
    """Each word with a severity that counts causes its alert, and no other word causes one."""
    shutil.copy(f'{FILES}/{RULES}', case.temp)
    series, wanted = [], {}
    for number, (word, (severity, status, _)) in enumerate(WORDS.items()):
        for question in ('kexec', 'kdump'):
            labels = f'job="node",instance="{number}",question="{question}"'
            series += [{'series': f'efimap_answer{{{labels},word="{word}",severity="{severity}"}}',
                        'values': '1x800'},
                       {'series': f'efimap_status{{{labels}}}', 'values': f'{status}x800'}]
            name = {'error': f'Efimap{question.capitalize()}Error',
                    'unknown': 'EfimapUnknown'}.get(severity)
            if name:
                wanted.setdefault(name, set()).add(str(number))
    # The last machine has no EFI, and --if-efi was given.
    series += [{'series': 'efimap_answer{job="node",instance="bios",question="kexec",'
                          'word="not checked",severity="unknown"}', 'values': '1x800'},
               {'series': 'efimap_status{job="node",instance="bios",question="kexec"}',
                'values': '0x800'},
               {'series': 'efimap_last_run_timestamp_seconds{job="node",instance="old"}',
                'values': '0x100 _x700'}]
    wanted['EfimapStale'] = {'old'}
    names = re.findall(r'^ +- alert: (\w+)', read(f'{FILES}/{RULES}'), re.M)
    expect(set(names) == wanted.keys(), names)
    # promtool prints the alerts that fire, because none is expected.
    write(case.path('tests.yml'), json.dumps({
        'rule_files': [RULES], 'evaluation_interval': '5m', 'tests': [
            {'interval': '5m', 'input_series': series, 'alert_rule_test': [
                {'alertname': name, 'eval_time': '60h', 'exp_alerts': []} for name in names]}]}))
    _, said = promtool(case, 'test', 'rules', 'tests.yml')
    found = {}
    for name, instance in re.findall(r'Labels:\{alertname="(\w+)"[^}]*instance="(\w+)"', said):
        found.setdefault(name, set()).add(instance)
    expect(found == wanted, f'{found}, expected {wanted}: {said}')


def case_names(case):
    """The rules use the metrics that are written, and the document describes them."""
    emitted = {name for name, _ in samples(metrics(case, FIRST))}
    for path in (f'{FILES}/{RULES}', f'{INTEGRATION}/README.md'):
        expect(set(re.findall(r'\befimap_\w+', read(path))) == emitted, path)


if __name__ == '__main__':
    sys.exit(main())
