#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test efimapctl-compare on stores and crash directories after a crash.

usage: compare.py EFIMAPCTL BUILD [CASE...]
"""
import json
import os
import re
import shutil
import sys
import time

from common import INTEGRATION, Skip, expect, main, read, write

FIRST = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901'
SECOND = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4902'
LATER = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4903'
OLDER = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4900'
BEFORE, AFTER = 'ovmf-q35-6.1-crash-first', 'ovmf-q35-6.1-crash-second'
OTHER = 'real-003'


class Machine:
    def __init__(self, case, first=BEFORE, drifted=False):
        self.case = case
        case.install()
        self.script = case.path('bin/efimapctl-compare')
        self.store, self.crash = case.path('store'), case.path('crash')
        for path in (self.store, self.crash):
            os.makedirs(path)
        self.first = first and case.snapshot(case.capture(first, FIRST),
                                             f'{self.store}/{FIRST}.json')
        self.second = case.path('second.json')
        capture = case.capture(AFTER, SECOND)
        if drifted:
            write(capture + '/sys/firmware/efi/runtime-map/6/virt_addr', '0xfffffffe80000000\n')
        case.snapshot(capture, self.second)
        case.program('logger', f'[ "$1" = --journald ] && cat >>"{case.path("journal")}"\n')
        self.age(f'{self.store}/{FIRST}.json', 300)

    @staticmethod
    def age(path, seconds):
        if os.path.exists(path):
            when = os.stat(path).st_mtime - seconds
            os.utime(path, (when, when))

    def stored(self):
        where = f'{self.store}/{SECOND}.kdump.json'
        shutil.copy(self.second, where)
        self.age(where, 200)
        return where

    def dumped(self, name='202611201100', core='dump.202611201100'):
        write(f'{self.crash}/{name}/{core}', 'core')
        return f'{self.crash}/{name}'

    def compare(self, env=(), status=0):
        journal = self.case.path('journal')
        if os.path.exists(journal):
            os.remove(journal)
        done = self.case.run([self.script, self.store, self.crash], env)
        expect(done.returncode == status, f'status {done.returncode}: {done.stderr}')
        text = read(journal) if os.path.exists(journal) else ''
        told = []
        for line in text.split('\n')[:-1]:
            name, value = line.split('=', 1)
            expect(name == 'MESSAGE_ID' or name not in told[-1], f'duplicate field {name}: {text}')
            if name == 'MESSAGE_ID':
                told.append({})
            told[-1][name] = value
        return told

    def expect_verdict(self, told, verdict):
        """Check that there is one message with this verdict."""
        expect([m['EFIMAP_VERDICT'] for m in told] == [verdict],
               f'expected one message with the verdict {verdict}, found {told}')
        expect(told[0]['MESSAGE_ID'] in read(INTEGRATION + '/systemd/efimapctl.catalog'),
               'the message is not in the catalog')
        expect(f'efimapctl compare {told[0]["EFIMAP_FIRST"]} ' in told[0]['MESSAGE']
               or verdict == 'same' or not told[0]['EFIMAP_FIRST'], told[0]['MESSAGE'])
        for side in ('EFIMAP_FIRST', 'EFIMAP_SECOND'):
            expect(not told[0][side] or os.path.isfile(told[0][side]), f'{side} does not exist')

    def results(self):
        """Return the names of the results in the store."""
        return [name for name in os.listdir(self.store) if name.startswith('compare-')]

    def expect_left(self, where, *names):
        expect(sorted(os.listdir(where)) == sorted(names), f'{where}: {os.listdir(where)}')


def case_same(case):
    """The comparison is written to the store, and the directory of the dump is not changed."""
    machine = Machine(case)
    machine.stored()
    dump = machine.dumped()
    machine.expect_verdict(machine.compare(), 'same')
    machine.expect_left(dump, 'dump.202611201100')
    result, = machine.results()
    machine.expect_left(machine.store, f'{FIRST}.json', f'{SECOND}.kdump.json', result)
    verdict = json.loads(read(f'{machine.store}/{result}'))['verdict']
    expect(verdict == 'same', f'{result}: expected the verdict same, found {verdict}')
    expect(not machine.compare(), 'the same crash was compared twice')


def case_drift(case):
    machine = Machine(case, drifted=True)
    machine.stored()
    machine.dumped()
    machine.expect_verdict(machine.compare(), 'drift')


def case_left_over(case):
    """A file that an interrupted run with the same PID left does not change the verdict."""
    machine = Machine(case)
    machine.stored()
    machine.compare()
    result, = machine.results()
    for shell in ('sh', 'bash'):
        os.remove(f'{machine.store}/{result}')
        os.remove(case.path('journal'))
        # exec keeps the PID, which is part of the file's name.
        case.run(['sh', '-c', f': >"$1/{result}.$$" && exec "$0" "$2" "$1" "$3"', shell,
                  machine.store, machine.script, machine.crash])
        said = read(case.path('journal'))
        expect('EFIMAP_VERDICT=same' in said and said.count('EFIMAP_VERDICT') == 1,
               f'{shell}: {said}')
        expect(machine.results() == [result], f'{shell}: {machine.results()}')


def case_next_to_dump(case):
    """With kdump-utils, the crash kernel's snapshot is in the dump's directory."""
    machine = Machine(case)
    dump = machine.dumped('127.0.0.1-2026-11-20-11:00:00', 'vmcore')
    shutil.copy(machine.second, dump + '/efimap-kdump.json')
    machine.expect_verdict(machine.compare(), 'same')
    machine.expect_left(dump, 'vmcore', 'efimap-kdump.json')
    expect(not machine.compare(), 'the same crash was compared twice')


def case_boots(case):
    """If several boots are stored, the last boot before the crash is compared."""
    machine = Machine(case)
    case.snapshot(case.capture(OTHER, OLDER), f'{machine.store}/{OLDER}.json')
    machine.age(f'{machine.store}/{OLDER}.json', 10000)
    machine.stored()
    case.snapshot(case.capture(OTHER, LATER), f'{machine.store}/{LATER}.json')
    now = read('/proc/sys/kernel/random/boot_id').strip()
    case.snapshot(case.capture(OTHER, now), f'{machine.store}/{now}.json')
    machine.age(f'{machine.store}/{now}.json', 250)
    machine.dumped()
    told = machine.compare()
    machine.expect_verdict(told, 'same')


def case_named(case):
    """If the crash kernel's command line names the boot, time stamps are ignored."""
    machine = Machine(case)
    case.snapshot(case.capture(OTHER, OLDER), f'{machine.store}/{OLDER}.json')
    machine.age(f'{machine.store}/{OLDER}.json', 250)
    capture = case.capture(AFTER, SECOND)
    write(capture + '/proc/cmdline', f'quiet efimap.first={FIRST} nr_cpus=1\n')
    case.snapshot(capture, machine.second)
    machine.stored()
    machine.dumped()
    machine.expect_verdict(machine.compare(), 'same')


def case_no_first(case):
    machine = Machine(case, first=None)
    machine.stored()
    machine.expect_verdict(machine.compare(), 'unknown')
    result, = machine.results()
    expect(not read(f'{machine.store}/{result}'), f'{result} is not empty')
    expect(not machine.compare(), 'the same crash was compared twice')


def case_malformed(case):
    machine = Machine(case)
    dump = machine.dumped()
    write(dump + '/efimap-kdump.json', '{ "document": "efimap-snap')
    machine.expect_verdict(machine.compare(), 'unknown')
    expect(not machine.compare(), 'the crash was processed twice')


def case_strangers(case):
    """Another user's directory is not changed, and links are not followed."""
    if os.geteuid() != 0:
        raise Skip('root')
    machine = Machine(case)
    theirs, away = f'{machine.crash}/theirs', case.path('away')
    for where in (theirs, away, f'{machine.crash}/mine'):
        os.makedirs(where)
    shutil.copy(machine.second, theirs + '/efimap-kdump.json')
    shutil.copy(machine.second, away + '/efimap-kdump.json')
    os.symlink(away, f'{machine.crash}/link')
    os.symlink(away + '/efimap-kdump.json', f'{machine.crash}/mine/efimap-kdump.json')
    os.chown(theirs, 65534, 65534)
    expect(not machine.compare(), 'a directory of another user was processed')
    for where in (theirs, away, f'{machine.crash}/mine'):
        machine.expect_left(where, 'efimap-kdump.json')


def case_names(case):
    """A directory name with shell syntax is not executed, and a line break does not split a
    message."""
    machine = Machine(case, drifted=True)
    for name in ('-rf a', '%n$(touch ran)`touch ran`', 'x\nPRIORITY=0\nMESSAGE=no', 'y\n'):
        dump = machine.dumped(name, 'vmcore')
        # Each snapshot has another checksum.
        write(dump + '/efimap-kdump.json', read(machine.second) + '\n' * (1 + len(name)))
        told = machine.compare()
        expect([m['EFIMAP_VERDICT'] for m in told] == ['drift'], f'{name!a}: messages: {told}')
        expect(told[0]['EFIMAP_SECOND'] == f'{dump}/efimap-kdump.json'.replace('\n', '?'),
               f'{name!a}: messages: {told}')
        machine.expect_left(dump, 'vmcore', 'efimap-kdump.json')
    case.program('logger', 'exit 1\n')
    shutil.copy(machine.second, machine.dumped('z\n<0>no', 'vmcore') + '/efimap-kdump.json')
    done = case.run([machine.script, machine.store, machine.crash])
    expect(re.fullmatch('<3>The .*\n', done.stdout), f'said {done.stdout!a}')
    left = [name for _, _, files in os.walk(case.temp) for name in files]
    expect('ran' not in left, 'a directory name was executed')


def case_ends(case):
    """If efimapctl ends without an answer, the verdict is unknown, and the message says why."""
    machine = Machine(case)
    real = case.path('bin/real')
    os.rename(case.tool, real)
    for end, told in ((f'{real} "$@" | head -n 5; kill -SEGV $$', 'status 139'),
                      ('echo no >&2; exit 3', 'status 3: no')):
        case.program('efimapctl', f'[ "$1" != compare ] || {{ {end}; }}\nexec {real} "$@"\n')
        for name in machine.results():
            os.remove(f'{machine.store}/{name}')
        machine.stored()
        message, = machine.compare()
        expect(message['EFIMAP_VERDICT'] == 'unknown' and f'efimapctl ended with {told}' in
               message['MESSAGE'], f'{end}: {message}')


def case_no_journal(case):
    machine = Machine(case, drifted=True)
    machine.stored()
    case.program('logger', 'exit 1\n')
    done = case.run([machine.script, machine.store, machine.crash])
    expect(done.stdout.startswith('<3>The crash kernel did not receive the EFI'), done.stdout)


def case_nothing(case):
    """Nothing is printed or written if there was no crash, or if store and crash directory are
    missing."""
    machine = Machine(case)
    expect(not machine.compare(), 'a message was sent although there was no crash')
    shutil.rmtree(machine.store)
    shutil.rmtree(machine.crash)
    expect(not machine.compare(), 'a message was sent although both directories are missing')
    expect(not os.path.exists(machine.store), 'the store was created')
    dump = machine.dumped()
    shutil.copy(machine.second, dump + '/efimap-kdump.json')
    expect(not machine.compare(), 'a message was sent although no result can be stored')


def case_read_only(case):
    machine = Machine(case)
    machine.stored()
    done = case.running(case.path('.'), [machine.script, machine.store, machine.crash],
                        'mount --bind "$temp/store" "$temp/store"\n'
                        'mount -o remount,bind,ro "$temp/store"')
    expect(done.returncode == 1, f'expected status 1, found {done.returncode}')
    machine.expect_left(machine.store, f'{FIRST}.json', f'{SECOND}.kdump.json')


def case_full(case):
    """If the disk with the store is full, no file is incomplete, and the verdict is reported."""
    machine = Machine(case)
    machine.stored()
    case.running(
        case.path('.'), ['sh', '-c', f'"$0" "$@"; rm "$1/fill"; cp -R "$1" "{case.path("left")}"',
                         machine.script, machine.store, machine.crash],
        f'cp -Rp "$temp/store" "$temp/copy"\nmount -t tmpfs -o size=200k tmpfs "{machine.store}"\n'
        f'cp -Rp "$temp/copy/." "{machine.store}"\n'
        f'dd if=/dev/zero of="{machine.store}/fill" bs=4k 2>/dev/null || :\n')
    expect('EFIMAP_VERDICT=same' in read(case.path('journal')), 'nothing was told')
    left = set(os.listdir(case.path('left')))
    expect(left == {f'{FIRST}.json', f'{SECOND}.kdump.json'}, left)


if __name__ == '__main__':
    sys.exit(main())
