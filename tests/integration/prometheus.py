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

from common import INTEGRATION, ROOT, expect, fetched, free_port, main, read, write
import fetch  # common adds the directories of these modules to the search path.
import fixture

FILES = os.path.join(INTEGRATION, 'prometheus')
RULES = 'efimapctl.rules.yml'
SECOND, FIRST = (fixture.real(f'ovmf-q35-6.1-kexec-{which}') for which in ('second', 'first'))
FOREIGN = {'up', 'node_textfile_scrape_error'}
# Maximum number of series of a healthy machine
MOST = 45
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
                  [f'--first={FIRST}', SECOND], ['--first=nowhere', SECOND],
                  [fixture.real('ovmf32-q35-6.1-mixed-second')]):
        text = metrics(case, *words)
        status, said = promtool(case, 'check', 'metrics', stdin=text)
        expect(status == 0 and not said, f'{words}: {status}: {said}')
        expect(text.endswith('\n') and '\r' not in text,
               f'{words}: the last line does not end with a newline')
        for line in text.splitlines():
            expect(line.startswith('#') or re.fullmatch(r'efimap_\w+(\{[^{}]*\})? \d+', line),
                   f'invalid line: {line}')
    for broken in (text.replace('# HELP efimap_info', '# HULP efimap_info', 1),
                   text.replace('efimap_verify_status ', 'efimap_verify_status{ ', 1)):
        expect(promtool(case, 'check', 'metrics', stdin=broken)[0], 'promtool accepts invalid text')


def answering(case, document, end):
    """Replace efimapctl with a program that prints a document."""
    with open(case.path('document'), 'wb') as file:
        file.write(document)
    case.program('efimapctl', f'cat {case.path("document")}\n{end}\n')


def case_failure(case):
    """If efimapctl fails or prints an incomplete document, the metrics report the failure."""
    report = case.run([case.tool, 'verify', '--json', FIRST]).stdout.encode()
    documents = (b'', report[:len(report) // 2], report[:-3], b'[]', b'"text"\n', b'\x00\xff')
    ends = ('exit 2', 'exit 4', 'exit 5', 'exit 127', 'kill -9 $$', 'kill -TERM $$')
    runs = [(document, 'exit 0') for document in documents] + [(documents[1], end) for end in ends]
    for document, end in runs:
        answering(case, document, end)
        text = metrics(case, FIRST)
        found = samples(text)
        expect(found['efimap_verify_status', ()] == 3, text)
        for question in ('kexec', 'kdump'):
            expect(found['efimap_outcome', (('outcome', 'unknown'),
                                            ('question', question))] == 1, text)
        expect('efimap_info{version="unknown",' in text, text)
        expect(('efimap_entries', ()) not in found, text)
        expect(re.search(r'^efimap_no_answer{end="ended with [^"]+"} 1$', text, re.M), text)
        status, said = promtool(case, 'check', 'metrics', stdin=text)
        expect(status == 0 and not said, said)


def case_labels(case):
    """The metrics are valid even if a document contains a version that efimapctl never prints."""
    report = json.loads(case.run([case.tool, 'verify', '--json', FIRST]).stdout)
    for label in ('1"2', 'a\\', 'a\nefimap_entries 7', '\0\t\r\x1b[2J', 'é\U0001f600',
                  'x"} 1\n' * 99, 'a' * (1 << 16), '"\\\n' * (1 << 14)):
        answering(case, json.dumps({**report, 'tool': f'efimapctl {label}'}).encode(), '')
        text = metrics(case, FIRST)
        expect(re.match(r'(#.*\n)+efimap_info\{version="[ !#-[\]-~]{2,64}",arch="unknown"\} 1\n#', text),
               text[:400])
        status, said = promtool(case, 'check', 'metrics', stdin=text)
        expect(status == 0 and not said, said)
    answering(case, b'{"tool": "efimapctl \xff\xfe1"}', '')
    status, said = promtool(case, 'check', 'metrics', stdin=metrics(case, FIRST))
    expect(status == 0 and not said, said)


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
             'mount -o remount,ro,bind "$temp/textfiles"\n'),
            ('no jq', 'mount --bind /dev/null "$(command -v jq)"\n')):
        shutil.rmtree(case.path('left'), ignore_errors=True)
        os.makedirs(case.path('left'))
        write(f'{where}/efimapctl.prom', 'old\n')
        done = case.running(case.path('none'), ['sh', '-c', keep, case.temp, *command], setup)
        expect(done.returncode == 1 and done.stderr, f'{name}: {done}')
        expect(os.listdir(case.path('left')) == ['efimapctl.prom'] and
               read(case.path('left/efimapctl.prom')) == 'old\n',
               f'{name}: {os.listdir(case.path("left"))}')
    for wrong in (b'"answers": [1]', b'"counts": 3, "verdict": "pass"'):
        document = b'{\n  "document": "efimap-report",\n' + wrong + b'\n}\n'
        answering(case, document, '')
        done = case.run(command)
        expect(done.returncode == 1 and os.listdir(where) == ['efimapctl.prom'] and
               read(f'{where}/efimapctl.prom') == 'old\n', f'{document}: {done}')
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


def case_state(case):
    """The state of kdump is not-loaded only if a crash kernel is configured."""
    for name, loaded, state in (
            ('ovmf-q35-6.1-crash-first', '1', 'loaded'),
            ('ovmf-q35-6.1-crash-first', '0', 'not-loaded'),
            ('ovmf-q35-6.1-crash-first', 'x', 'unknown'),
            ('ovmf-q35-6.1-kexec-first', '0', 'not-configured'),
            ('seabios-q35-6.1-first', '0', 'not-configured')):
        capture = case.capture(name)
        write(f'{capture}/sys/kernel/kexec_crash_loaded', loaded + '\n')
        found = samples(metrics(case, capture))
        states = {labels[0][1] for (series, labels), value in found.items()
                  if series == 'efimap_kdump_state' and value == 1}
        expect(states == {state}, f'{name}, {loaded}: {states}')


def case_fifo(case):
    """A FIFO in a capture is not opened, so the script ends."""
    capture = case.capture('ovmf-q35-6.1-crash-first')
    path = f'{capture}/sys/kernel/kexec_crash_loaded'
    os.unlink(path)
    os.mkfifo(path)
    found = samples(metrics(case, capture))
    expect(found['efimap_kdump_state', (('state', 'unknown'),)] == 1, found)


def case_two_loaders(case):
    """If the loaders have different outcomes, the outcome is unknown."""
    found = samples(metrics(case, case.made('kexec-lockdown')))
    outcomes = {labels[0][1] for (series, labels), value in found.items()
                if series == 'efimap_outcome' and value == 1 and ('question', 'kexec') in labels}
    expect(outcomes == {'unknown'}, outcomes)


def case_bounded(case):
    """A map with many invalid entries and findings has no more series than a valid map."""
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    for index in range(300):
        where = f'{bad}/sys/firmware/efi/runtime-map/{index}'
        for name, text in (('type', hex(0x70000000 + index)), ('num_pages', '0x1'),
                           ('phys_addr', hex(0x1000 * index)), ('virt_addr', hex(index)),
                           ('attribute', '0xffffffffffffffff')):
            write(f'{where}/{name}', text + '\n')
    valid, invalid = samples(metrics(case, FIRST)), samples(metrics(case, bad))
    expect(valid.keys() == invalid.keys(), valid.keys() ^ invalid.keys())
    expect(sum(value for (name, labels), value in invalid.items() if name == 'efimap_findings'
               and ('severity', 'error') in labels) > 10, 'no findings')
    expect(invalid['efimap_entries', ()] == 300, 'the metrics do not count all entries')


def case_few(case):
    for words in ([FIRST], [SECOND], [f'--first={FIRST}', SECOND]):
        found = samples(metrics(case, *words))
        expect(20 < len(found) <= MOST, f'{words}: {len(found)} series')
    boots = [samples(metrics(case, fixture.real(name)))
             for name in ('ovmf-q35-6.1-kexec-first', 'ovmf-q35-6.1-crash-first')]
    expect(boots[0] != boots[1], 'the metrics of two boots are equal')
    expect(boots[0].keys() == boots[1].keys(), boots[0].keys() ^ boots[1].keys())


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
    metrics(case, f'--first={FIRST}', f'--output-file={where}/efimapctl.prom', SECOND)
    written = samples(read(f'{where}/efimapctl.prom'))
    with Exporter(where, case.path('log')) as exporter:
        answer = exporter.scrape()
        expect(samples(answer) == written and len(written) > 20, samples(answer).keys())
        expect('\nnode_textfile_scrape_error 0\n' in answer, 'an error of scraping')
        # After each replacement of the file, the exporter must report every series.
        for _ in range(5):
            metrics(case, f'--first={FIRST}', f'--output-file={where}/efimapctl.prom', SECOND)
            answer = exporter.scrape()
            expect(samples(answer).keys() == written.keys(),
                   'node_exporter does not report all series')
        # efimapctl-compare writes its metrics to another file in the same directory.
        write(f'{where}/efimapctl-crash.prom', crash_metrics())
        answer = exporter.scrape()
        expect('efimap_crash_compare_status 1' in answer and
               '\nnode_textfile_scrape_error 0\n' in answer, answer)
        write(f'{where}/efimapctl.prom', read(f'{where}/efimapctl.prom')[:-1])
        expect('\nnode_textfile_scrape_error 1\n' in exporter.scrape(),
               'node_exporter reports no error for an invalid file')


def crash_metrics():
    """Return the metrics that efimapctl-compare writes for a crash kernel with a different map."""
    text = read(f'{INTEGRATION}/systemd/efimapctl-compare')
    body = re.search(r'<<-END\n(.*?)^\s*END$', text, re.M | re.S)[1]
    return re.sub(r'^\t+', '', body, flags=re.M).replace('$1', '1').replace('$(date +%s)', '1')


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


def expressions():
    text = read(f'{FILES}/{RULES}')
    found = re.findall(r'alert: (\w+)\n +expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)', text)
    expect(len(found) == text.count('- alert:'), 'not all rules found')
    return [(name, ' '.join((block or line).split())) for name, block, line in found]


def case_names(case):
    emitted = samples(metrics(case, f'--first={FIRST}', SECOND))
    emitted.update(samples(crash_metrics()))
    case.program('efimapctl', 'exit 1\n')
    emitted.update(samples(metrics(case, FIRST)))
    labels = {'job': None, 'instance': None}
    for _, pairs in emitted:
        for name, value in pairs:
            labels.setdefault(name, set()).add(value)
    rules = expressions()
    for where, expr in rules:
        bare = re.sub(r'"[^"]*"', '""', expr)
        names = set(re.findall(r'\b(?:efimap|node)_\w+|\bup\b', bare))
        expect(names and names <= {name for name, _ in emitted} | FOREIGN, f'{where}: {names}')
        used = set(re.findall(r'(\w+)(?:=~|!~|!=|=(?!=))"', expr))
        used |= {word for group in re.findall(r'\b(?:by|on) \(([^)]*)\)', expr)
                 for word in group.split(', ')}
        expect(used <= labels.keys(), f'{where}: {used - labels.keys()}')
        for name, text in re.findall(r'(\w+)(?:=~|!~|!=|=(?!=))"([^"$]*)"', expr):
            for value in text.split('|'):
                expect(labels[name] is None or value in labels[name], f'{where}: {value}')
    told = set(re.findall(r'\befimap_\w+', read(f'{INTEGRATION}/README.md')))
    expect({name for name, _ in emitted} == told, {name for name, _ in emitted} ^ told)


if __name__ == '__main__':
    sys.exit(main())
