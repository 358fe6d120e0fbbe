#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the commands for Nagios and NRPE, with the plugin alone and with the real programs.

usage: nagios.py EFIMAPCTL BUILD [CASE...]
"""
import grp
import os
import pwd
import re
import shutil
import sys
import sysconfig

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'cli'))
import outputs  # noqa: E402  pylint: disable=wrong-import-position
from common import (HERE, SYSTEM_PATH, Skip, expect, fetched, free_port, main, need_program, read,
                    write)

ANSWER = re.compile(r'EFIMAP (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+\n')
STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
USER, GROUP = pwd.getpwuid(os.getuid())[0], grp.getgrgid(os.getgid())[0]


def plugin(case):
    case.install()
    return case.path('bin/check_efimap')


def answer(case, words):
    done = case.run(words)
    match = ANSWER.match(done.stdout)
    expect(match and match.end() == len(done.stdout) and not done.stderr,
           f'{words}: {done.stdout}{done.stderr}')
    expect(STATES.index(match[1]) == done.returncode, f'{match[1]} and {done.returncode}')
    return match[1]


def spoil(capture):
    write(f'{capture}/sys/firmware/efi/runtime-map/2/virt_addr', '0x0\n')


def case_commands(case):
    """The configuration files call the plugin by its installed path."""
    script = plugin(case)
    files = {name: read(f'{case.build}/integration/nagios/{name}')
             for name in ('efimapctl.cfg', 'nrpe.cfg')}
    lines = (re.findall(r'^\tcommand_line\t(.*)$', files['efimapctl.cfg'], re.M) +
             re.findall(r'^command\[check_efimap(?:_kexec)?\]=(.*)$', files['nrpe.cfg'], re.M))
    expect(len(lines) == 6 and '@' not in ''.join(lines), lines)
    places = {os.path.dirname(word) for line in lines for word in line.split()
              if os.path.basename(word).startswith('check_') and word.startswith('/')}
    expect(len(places) == 1, f'plugins in {places}')
    crash = 'ovmf-q35-6.1-crash-first'
    loaded = case.capture(crash)
    write(loaded + '/sys/kernel/kexec_crash_loaded', '1\n')
    expected = {
        'kexec': ((case.capture('ovmf-q35-6.1-kexec-first'), 'OK'),
                  (case.capture('real-061'), 'OK'), (case.capture('real-005'), 'CRITICAL'),
                  (case.capture(crash), 'OK'), (case.capture('seabios-q35-6.1-first'), 'OK')),
        'kdump': ((case.capture('ovmf-q35-6.1-kexec-first'), 'CRITICAL'),
                  (case.capture('real-061'), 'UNKNOWN'), (case.capture(crash), 'CRITICAL'),
                  (loaded, 'OK'), (case.capture('seabios-q35-6.1-first'), 'CRITICAL'))}
    for line in lines:
        words = line.split()
        if 'check_nrpe' in line:
            expect(words[-2] == '-c' and f'command[{words[-1]}]=' in files['nrpe.cfg'], line)
            continue
        if words[0].endswith('sudo'):
            expect(all(f'NOPASSWD: {" ".join(words[2:])}\n' in text for text in files.values()),
                   'sudoers differ')
            words = words[2:]
        expect(words[0].startswith('/') and words[0].endswith('/check_efimap'), line)
        question = re.search(r'--for=(\w+)', line)[1]
        for source, state in expected[question]:
            seen = answer(case, [script, *words[1:], source])
            expect(seen == state, f'{question}: {source}: {seen}')


def case_words(case):
    """If there are several kernels, the plugin prints the answer that is the reason."""
    script = plugin(case)
    for words, status, begins in (
            (('ok: a', 'warning: b'), 0, 'WARNING - kexec: warning: b'),
            (('do not use it yet: a', 'do not use: b'), 1, 'CRITICAL - kexec: do not use: b'),
            (('ok, if: a', 'loses EFI: b'), 1, 'CRITICAL - kexec: loses EFI: b'),
            (('unknown: a', 'refused: b'), 5, 'CRITICAL - kexec: refused: b'),
            (('ok: a', 'unknown: b'), 3, 'UNKNOWN - status 3 of efimapctl: kexec: ok: a'),
            (('no fault found in this copy.', 'unknown: b | c'), 4,
             'UNKNOWN - kexec: unknown: b / c')):
        begins = begins.replace('kexec:', 'kexec to 6.1:')
        lines = ''.join(f'kexec to 6.1: {word}\\n' for word in words)
        case.program('efimapctl', f'printf "{lines}"\nexit {status}\n')
        done = case.run([script, '--for=kexec'])
        expect(done.stdout == f'EFIMAP {begins}\n', f'{words}: {done}')


def case_ends(case):
    """If efimapctl ends in any other way, the state is UNKNOWN."""
    script = plugin(case)
    for text in ('exit 0', 'exit 1', 'echo "kdump: ok: this."', 'echo "kexec: ok: this."; kill -SEGV $$',
                 'echo "kexec: refused: this."; exit 139', 'echo "no such option" >&2; exit 2', None):
        if text:
            case.program('efimapctl', text + '\n')
        else:
            os.remove(case.tool)
        expect(answer(case, [script, '--for=kexec']) == 'UNKNOWN', text)


def case_states(case):
    script = plugin(case)
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    spoil(bad)
    sound, bios = case.capture('ovmf-q35-6.1-kexec-first'), case.capture('seabios-q35-6.1-first')
    bare = case.path('bare')
    write(bare + '/proc/cmdline', 'quiet\n')
    for state, words in (
            ('OK', ['--for=kexec', sound]), ('OK', ['--for=kexec', '--if-efi', bios]),
            ('CRITICAL', ['--for=kexec', bad]),
            ('CRITICAL', ['--for=kdump', case.capture('ovmf-q35-6.1-crash-first')]),
            ('UNKNOWN', ['--for=kexec', bios]), ('UNKNOWN', ['--for=kexec', bare]),
            ('UNKNOWN', ['--for=kexec', '--nonsense', sound]), ('UNKNOWN', [sound]),
            ('UNKNOWN', [])):
        seen = answer(case, [script, *words])
        expect(seen == state, f'{words}: {seen}, not {state}')
    done = case.run([script, '--for=kexec', case.path('a|b')])
    expect(done.stdout.endswith('/a/b: No such file or directory\n') and done.returncode == 3,
           done.stdout)
    # An answer quotes the contents of a file, and a missing SOURCE.
    capture = case.capture('ovmf-q35-6.12-kexec-file-first')
    hostile = 'x\x1b[31m\x9b\u202e\u2066\u2028\U000e0041|<b>'
    write(f'{capture}/sys/firmware/efi/runtime-map/0/attribute', f'0x{hostile}z')
    for source in (capture, case.path(f'missing{hostile}'), case.path('two\nkexec: ok: x\nloaded')):
        done = case.run([script, '--for=kexec', source])
        problem = outputs.text(done.stdout.encode())
        expect(not problem and done.returncode == 3 and ANSWER.fullmatch(done.stdout),
               f'{problem}: {done}')
    # sudo may run the plugin as root, so the plugin runs no program from the caller's PATH.
    write(case.path('caller/head'), '#!/bin/sh\necho caller\n', 0o755)
    done = case.run([script, '--for=kexec', sound], {'PATH': f'{case.path("caller")}:{SYSTEM_PATH}'})
    expect(done.returncode == 0 and 'caller' not in done.stdout, done.stdout)
    # The plugin ends within its time limit even if its input blocks.
    case.hang()
    write(script, read(script).replace('timeout -k 5 10', 'timeout -k 1 1'), 0o755)
    expect(answer(case, [script, '--for=kexec', sound]) == 'UNKNOWN', 'the time limit')


def starts(case, program):
    """Return an environment in which an extracted program finds its libraries."""
    arch = sysconfig.get_config_var('MULTIARCH')
    places = []
    for package, library in (('libwrap0', f'/usr/lib/{arch}/libwrap.so.0'),
                             ('libnsl2', f'/usr/lib/{arch}/libnsl.so.2')):
        if 'not found' in case.run(['ldd', program], {'LD_LIBRARY_PATH': ':'.join(places)}).stdout:
            places.append(os.path.dirname(fetched(package, library)))
    env = {'LD_LIBRARY_PATH': ':'.join(places)}
    missing = [line for line in case.run(['ldd', program], env).stdout.splitlines()
               if 'not found' in line]
    if missing:
        raise Skip(f'libraries of {program}: {missing}')
    return env


def other_user(case):
    if os.geteuid() != 0:
        return ['unshare', '--user', '--map-user=1', '--map-group=1']
    need_program('setpriv')
    os.chmod(case.temp, 0o777)
    return ['setpriv', '--reuid=1', '--regid=1', '--clear-groups']


def as_sudo(case, commands):
    """Return commands with a replacement of sudo, and the copy of the plugin."""
    case.program('sudo', '[ "$1" = -n ] || exit 9\nshift\nexec "$@"\n')
    commands = commands.replace('/usr/bin/sudo', f'{case.bin}/sudo')
    return re.sub(r'(?<=sudo -n )/\S+/check_efimap', case.path('bin/check_efimap'), commands)


def ask_nrpe(case, capture, change=lambda text: text):
    daemon = fetched('nagios-nrpe-server', '/usr/sbin/nrpe')
    client = fetched('nagios-nrpe-plugin', '/usr/lib/nagios/plugins/check_nrpe')
    env = starts(case, daemon)
    port = str(free_port())
    ours = as_sudo(case, read(f'{case.build}/integration/nagios/nrpe.cfg'))
    write(case.path('nrpe.d/efimapctl.cfg'), change(ours))
    write(case.path('nrpe.cfg'), f'server_address=127.0.0.1\nserver_port={port}\n'
          'allowed_hosts=127.0.0.1\n'
          f'pid_file={case.path("nrpe.pid")}\ninclude_dir={case.path("nrpe.d")}\n')
    line = re.search(r'^\tcommand_line\t\S+/check_nrpe (.*)$',
                     read(f'{case.build}/integration/nagios/efimapctl.cfg'), re.M)[1]
    asks = line.replace('$HOSTADDRESS$', '127.0.0.1').split()
    # Mounting the capture needs root, but NRPE refuses to run as root. Another user therefore runs
    # this copy of the script.
    shutil.copy(os.path.join(HERE, 'ask-nrpe.sh'), case.temp)
    return case.running(capture, [*other_user(case), 'sh', case.path('ask-nrpe.sh'), daemon,
                        case.path('nrpe.cfg'), client, port, client, '-p', port, *asks],
                        env=env)


def case_nrpe(case):
    plugin(case)
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    spoil(bad)
    for capture, state in ((case.capture('seabios-q35-6.1-first'), 'CRITICAL'),
                           (case.capture('ovmf-q35-6.1-crash-second'), 'UNKNOWN'),
                           (bad, 'CRITICAL')):
        done = ask_nrpe(case, capture)
        match = ANSWER.match(done.stdout)
        expect(match and match[1] == state and STATES.index(state) == done.returncode,
               f'{capture}: {done.returncode}: {done.stdout}{done.stderr}')
    done = ask_nrpe(case, bad, lambda text: text.replace('command[', 'comand['))
    expect(done.returncode == 3 and not ANSWER.match(done.stdout),
           'NRPE accepts a command that is not configured')


def nagios_config(case, commands, user=USER, group=GROUP):
    write(case.path('efimapctl.cfg'), commands)
    write(case.path('nagios.cfg'), f'cfg_file={case.path("efimapctl.cfg")}\n'
          f'cfg_file={os.path.join(HERE, "nagios-site.cfg")}\nlog_file={case.path("nagios.log")}\n'
          f'check_result_path={case.temp}\ntemp_file={case.path("nagios.tmp")}\n'
          f'temp_path={case.temp}\nlock_file={case.path("nagios.lock")}\n'
          f'status_file={case.path("status")}\nobject_cache_file={case.path("objects")}\n'
          f'query_socket={case.path("query")}\nstate_retention_file={case.path("retention")}\n'
          'check_external_commands=0\nenable_notifications=0\ninterval_length=1\n'
          'service_inter_check_delay_method=n\nservice_interleave_factor=1\n'
          'illegal_macro_output_chars=`~$&|\'"<>\n'
          f'nagios_user={user}\nnagios_group={group}\n')
    return case.path('nagios.cfg')


def case_nagios(case):
    """Nagios accepts our commands and services that use them, and rejects an invalid
    configuration."""
    daemon = fetched('nagios4-core', '/usr/sbin/nagios4')
    ours = read(f'{case.build}/integration/nagios/efimapctl.cfg')
    for text, right in ((ours, True), (ours.replace('command_line', 'comand_line'), False),
                        (ours.replace('check_efimap\n', 'check_efi\n', 1), False)):
        done = case.run([daemon, '-v', nagios_config(case, text)], starts(case, daemon))
        expect((done.returncode == 0) == right,
               f'{done.returncode}, expected {"" if right else "not "}0: {done.stdout}')
        expect(not right or 'Total Warnings: 0' in done.stdout, done.stdout)


def case_nagios_runs(case):
    daemon = fetched('nagios4-core', '/usr/sbin/nagios4')
    plugin(case)
    ours = as_sudo(case, read(f'{case.build}/integration/nagios/efimapctl.cfg'))
    # Nagios runs as root, because the user namespace in which the capture is mounted may have no
    # other user.
    config = nagios_config(case, ours, 'root', 'root')
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    spoil(bad)
    done = case.running(bad, ['sh', os.path.join(HERE, 'run-nagios.sh'), daemon, config,
                              case.path('nagios.log')], env=starts(case, daemon))
    log = read(case.path('nagios.log'))
    alert = re.search(r'SERVICE ALERT: machine;local;CRITICAL;HARD;1;(.*\n)', log)
    expect(alert and ANSWER.fullmatch(alert[1])[1] == 'CRITICAL',
           f'{log}{done.stdout}{done.stderr}')


if __name__ == '__main__':
    sys.exit(main())
