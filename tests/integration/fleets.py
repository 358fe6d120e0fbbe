#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the commands of docs/fleets.md on a generated fleet, and check the answers to its questions.

usage: fleets.py EFIMAPCTL BUILD [CASE...]

EFIMAPCTL_FLEET is the number of captures; default: 400. EFIMAPCTL_DUCKDB is the path of a duckdb
program that is not on PATH. Without such a program, npm installs the package @duckdb/node-api into
the cache of the oracle tests. Spark and Ray are replaced by stubs.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time

from common import HERE, ROOT, SYSTEM_PATH, Skip, expect, main, need_program, read, write
import fetch  # common adds the directory to the search path.

COUNT = int(os.environ.get('EFIMAPCTL_FLEET', '400'))
DAYS = [f'2026-11-{day:02}' for day in range(1, 11)]
# Products: name, real capture, and the firmware versions before and after the update. From this day,
# the firmware of Broken has a fault, and no crash kernel is loaded on Idle. Bare has no DMI, and
# kdump is not set up on it.
PRODUCTS = (('Plain', 'ovmf-q35-6.12-kexec-file-first', '1.00', '1.00'),
            ('Sound', 'ovmf-q35-6.1-crash-first', '4.1', '4.2'),
            ('Broken', 'ovmf-q35-6.1-kexec-first', '2.10', '2.11'),
            ('Large', 'ovmf-q35-6.1-efidebug-first', '7', '7'),
            ('Idle', 'ovmf-q35-6.1-crash-first', '4.3', '4.3'),
            ('Bare', 'ovmf-q35-6.12-kexec-file-first', None, None))
UPDATES = ('2026-11-05', '2026-11-07')
TRUNCATED = ((DAYS[0], 0), (DAYS[-1], 1))
MISSING = DAYS[-1], 6

# A stub of pyspark 4. RDD.pipe() starts a program with an empty environment, writes names to its
# standard input, reads lines from its standard output, and ignores the exit status.
PYSPARK = '''
import os, shlex, subprocess, types
class Lines:
    def __init__(self, parts):
        self.parts = parts
    def textFile(self, name, parts):
        lines = open(name).read().splitlines()
        size = -(-len(lines) // parts)
        return Lines([lines[at:at + size] for at in range(0, len(lines), size)] + [[]])
    def pipe(self, command):
        command = command.replace('/usr/bin/efimapctl', os.environ['TOOL'])
        return Lines([subprocess.run(shlex.split(command), env={}, text=True, check=False,
                                     input=''.join(name + '\\n' for name in part),
                                     stdout=subprocess.PIPE).stdout.splitlines()
                      for part in self.parts])
    def saveAsTextFile(self, name):
        os.mkdir(name)
        for number, part in enumerate(self.parts):
            with open(f'{name}/part-{number:05}', 'w') as file:
                file.writelines(line + '\\n' for line in part)
class SparkSession:
    class builder:
        @staticmethod
        def getOrCreate():
            return types.SimpleNamespace(sparkContext=Lines([]))
'''
RAY = '''
import types
def remote(function):
    return types.SimpleNamespace(remote=lambda *words: function(*words))
def get(results):
    return results
'''


def blocks():
    return re.findall(r'^```(\w+)\n(.*?)^```$', read(f'{ROOT}/docs/fleets.md'), re.M | re.S)


def block(language, word):
    found = [text for kind, text in blocks() if kind == language and word in text]
    expect(len(found) == 1, f'{len(found)} blocks contain {word}, expected 1')
    return found[0]


def make_fleet(case):
    """Write captures by day and machine, of which two are truncated and one is missing. Return the
    number of machines, and the day of the first error of each machine with errors."""
    bases = {}
    for name in {base for _, base, _, _ in PRODUCTS}:
        snapshot = case.snapshot(case.capture(name), case.path(name + '.json'))
        bases[name] = json.loads(read(snapshot))
    hosts = max(COUNT // len(DAYS), 12)
    bad = {}
    for day in DAYS:
        os.makedirs(case.path('fleet', day))
        for host in range(hosts):
            product, base, old, new = PRODUCTS[host % len(PRODUCTS)]
            updated = day >= UPDATES[host // len(PRODUCTS) % 2]
            dmi = {'sys_vendor': 'Example', 'product_name': product,
                   'bios_version': new if updated else old}
            files = {**bases[base]['files'],
                     **{f'sys/devices/virtual/dmi/id/{name}':
                        f'{value}\n' if old else {'error': 'ENOENT'} for name, value in dmi.items()}}
            has_error = product == 'Bare' or updated and product in ('Broken', 'Idle')
            if has_error:
                bad.setdefault(host, day)
            if product == 'Broken' and updated:
                files['sys/firmware/efi/runtime-map/2/virt_addr'] = '0x0\n'
            if product == 'Broken' or not has_error:
                files['sys/kernel/kexec_crash_loaded'] = '1\n'
            snapshot = {**bases[base], 'files': files}
            text = json.dumps(snapshot, separators=(',', ':'))
            if (day, host) in TRUNCATED:
                text = text[:len(text) // 2]
            if (day, host) == MISSING:
                continue
            write(case.path('fleet', day, f'host{host:04}.json'), text)
    return hosts, bad


def timed(case, what, command, **options):
    began, before = time.monotonic(), os.times()
    done = case.run(command, timeout=3600, **options)
    after = os.times()
    expect(done.returncode == 0, f'{what}: {done.returncode}: {done.stdout}{done.stderr}')
    cpu = sum(getattr(after, name) - getattr(before, name)
              for name in ('children_user', 'children_system'))
    print(f'  {what}: {time.monotonic() - began:.1f} s, {cpu:.1f} s of processors')
    return done.stdout


def lines(case, *names):
    """Return the reports by source. Each line must be a complete report."""
    found = [json.loads(line) for name in names for line in read(case.path(name)).splitlines()]
    reports = {report['source']: report for report in found}
    expect(len(reports) == len(found), 'there are two reports for a capture')
    return reports


def answers(reports):
    """Return the expected rows for the first three questions."""
    works, rows = [], {}
    for source, report in sorted(reports.items()):
        host = source.split('/')[2].removesuffix('.json')
        if f'/{DAYS[-1]}/' not in source:
            continue
        kdump = [answer for answer in report['answers'] if answer['question'] == 'kdump']
        if kdump and all(answer['severity'] in ('ok', 'warning') for answer in kdump):
            works.append([host, DAYS[-1]])
        for answer in report['answers']:
            row = tuple(answer[key] for key in ('question', 'word', 'severity', 'sentence'))
            rows.setdefault(row, set()).add(host)
    unread = [[f'host{host:04}', day, reports[f'fleet/{day}/host{host:04}.json']['verdict']]
              for day, host in (TRUNCATED[1], (DAYS[-2], MISSING[1]))]
    return works, unread, [[*row, str(len(found))] for row, found in rows.items()]


def lacking(reports):
    """Return the expected rows for the question about what was not read."""
    hosts = {}
    for source, report in reports.items():
        if f'/{DAYS[-1]}/' in source:
            for answer in report['answers']:
                for item in answer['lacking']:
                    hosts.setdefault((item['source'], item['reason']), set()).add(source)
    return [[*what, str(len(found))] for what, found in
            sorted(hosts.items(), key=lambda item: (-len(item[1]), item[0]))]


def findings(hosts, bad):
    """Return the expected rows for the questions about rules, firmware versions, and days."""
    def of(product):
        return [host for host in range(hosts) if PRODUCTS[host % len(PRODUCTS)][0] == product]

    def errors(product):
        return sum(day >= bad[host] for host in of(product) for day in DAYS)

    broken, idle, bare = errors('Broken'), errors('Idle'), errors('Bare')
    firmware = [['Example', 'Broken', '2.11', broken, broken],
                ['Example', 'Idle', '4.3', idle, len(of('Idle')) * len(DAYS)],
                ['', '', '', bare, bare + len(TRUNCATED)]]
    kernel = '6.1.0-56-amd64 Debian 6.1.192-2'
    since = [[DAYS[0], '', '', '', '6.12.113+deb12-amd64 Debian 6.12.113-1', len(of('Bare'))]]
    for day in UPDATES:
        for product, *versions in (('Broken', '2.10', '2.11'), ('Idle', '4.3', '4.3')):
            since.append([day, *versions, kernel, kernel,
                          sum(bad[host] == day for host in of(product))])
    return ([['virt-zero', 'error', 'runtime-services-fail', str(len(of('Broken'))), str(broken)]],
            *([[str(cell) for cell in row] for row in rows] for rows in (firmware, since)))


def ask(case, what, command, wanted):
    """Pass the questions to a program that prints rows with | between the columns. Check the
    rows."""
    questions = [text for kind, text in blocks() if kind == 'sql']
    expect(len(questions) == len(wanted),
           f'expected {len(wanted)} questions, found {len(questions)}')
    for number, (sql, rows) in enumerate(zip(questions, wanted), 1):
        said = [line.split('|') for line in
                timed(case, f'{what}, question {number}', [*command, sql]).splitlines()]
        if 'FROM finding' in sql:
            said = [row for row in said if row[1] == 'error']
        if 'FROM lacking' not in sql:
            said.sort()
            rows.sort()
        expect(said == rows, f'{what}: {sql}: expected {rows}, found {said}')


def verify_fleet(case):
    """Create a fleet, and run the xargs command of docs/fleets.md. Return its reports, and the
    correct answers to the questions."""
    need_program('xargs')
    hosts, bad = make_fleet(case)
    print(f'  {hosts * len(DAYS) - 1} captures, {len(os.sched_getaffinity(0))} processors')
    timed(case, 'xargs', ['sh', '-euc', block('sh', 'xargs')])
    reports = lines(case, 'reports.ndjson')
    wanted = (*answers(reports), *findings(hosts, bad), lacking(reports))
    expect(len(reports) == hosts * len(DAYS) - 1,
           f'expected {hosts * len(DAYS) - 1} reports, found {len(reports)}')
    verdicts = [report['verdict'] for report in reports.values()]
    expect(verdicts.count('unreadable') == len(TRUNCATED), f'the verdicts are {verdicts}')
    expect(wanted[0], 'kdump works on no host')
    return reports, wanted


def case_lines(case):
    reports, _ = verify_fleet(case)
    print(f"  {os.path.getsize(case.path('reports.ndjson'))} bytes of lines")
    os.remove(case.path('reports.ndjson'))
    python = block('python', 'concurrent.futures')
    timed(case, 'concurrent.futures', [sys.executable, '-c', python])
    expect(lines(case, 'reports.ndjson') == reports, 'concurrent.futures: the reports differ')
    write(case.path('pyspark/sql.py'), PYSPARK)
    write(case.path('pyspark/__init__.py'), '')
    write(case.path('ray.py'), RAY)
    write(case.path('names.txt'), ''.join(source + '\n' for source in sorted(reports)))
    timed(case, 'as Spark does', [sys.executable, '-c', block('python', 'pyspark')],
          env={'TOOL': case.tool, 'PYTHONPATH': case.temp})
    parts = [f'reports/{name}' for name in os.listdir(case.path('reports'))]
    expect(lines(case, *parts) == reports, 'Spark: the reports differ')
    timed(case, 'as Ray does', [sys.executable, '-c', python + block('python', 'import ray')],
          env={'PYTHONPATH': case.temp})
    expect(lines(case, 'reports.ndjson') == reports, 'Ray: the reports differ')


def case_rows(case):
    need_program('sqlite3')
    _, wanted = verify_fleet(case)
    timed(case, 'into SQLite', ['sh', '-euc', block('sh', 'sqlite3')])
    print(f"  {os.path.getsize(case.path('fleet.db'))} bytes of SQLite")
    ask(case, 'SQLite', ['sqlite3', 'fleet.db'], wanted)


def find_duckdb():
    duckdb = os.environ.get('EFIMAPCTL_DUCKDB') or shutil.which('duckdb', path=SYSTEM_PATH)
    if duckdb:
        return shlex.quote(duckdb)
    cache = os.path.join(fetch.CACHE, 'duckdb')
    node, npm = (shutil.which(name, path=SYSTEM_PATH) for name in ('node', 'npm'))
    if not node or not npm:
        raise Skip('duckdb, or node and npm')
    if not os.path.isdir(cache + '/node_modules/@duckdb/node-api'):
        done = subprocess.run([npm, 'install', '--no-audit', '--no-fund', '--prefix', cache,
                               '@duckdb/node-api'], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skip(f'@duckdb/node-api: {done.stderr}')
    return (f'env NODE_PATH={shlex.quote(cache + "/node_modules")} {node} '
            f'{shlex.quote(HERE + "/duckdb.js")}')


def case_columns(case):
    case.program('duckdb', f'exec {find_duckdb()} "$@"\n')
    _, wanted = verify_fleet(case)
    timed(case, 'into DuckDB', ['sh', '-euc', block('sh', 'duckdb')])
    for name in ('fleet.duckdb', 'capture.parquet', 'finding.parquet'):
        print(f'  {os.path.getsize(case.path(name))} bytes of {name}')
    ask(case, 'DuckDB', ['duckdb', '-list', '-noheader', 'fleet.duckdb', '-c'], wanted)


if __name__ == '__main__':
    sys.exit(main())
