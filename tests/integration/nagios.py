#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands for Nagios and NRPE: the plugin takes and answers them, the real ones run them.

NRPE and Nagios are taken out of their packages where they are not installed.

usage: nagios.py EFIMAPCTL BUILD [CASE...]
"""
import grp
import os
import pwd
import re
import sys
import sysconfig

from common import HERE, Skip, expect, fetched, free_port, main, read, write

ANSWER = re.compile(r'EFIMAP (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+'
                    r"(?: \|(?: [a-z]+=\d+B?(?:;[^; ]*){3})+)?\n")
STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
USER, GROUP = pwd.getpwuid(os.getuid())[0], grp.getgrgid(os.getgid())[0]


def plugin(case):
    """The plugin: a link under its name."""
    path = case.path('check_efimap')
    os.symlink(case.tool, path)
    return path


def answer(case, words):
    """The state that a plugin tells, in words and by its status."""
    done = case.run(words)
    match = ANSWER.match(done.stdout)
    expect(match and not done.stderr, f'{words}: {done.stdout}{done.stderr}')
    expect(STATES.index(match[1]) == done.returncode, f'{match[1]} and {done.returncode}')
    expect(len(done.stdout) < 4096, 'too long')
    return match[1]


def spoil(capture):
    """Put an error into a capture's map."""
    write(f'{capture}/sys/firmware/efi/runtime-map/2/virt_addr', '0x0\n')


def case_commands(case):
    """What the configuration runs is the plugin, as it was made for these paths."""
    link = plugin(case)
    files = {name: read(f'{case.build}/integration/nagios/{name}')
             for name in ('efimapctl.cfg', 'nrpe.cfg')}
    lines = (re.findall(r'^\tcommand_line\t(.*)$', files['efimapctl.cfg'], re.M) +
             re.findall(r'^command\[check_efimap\]=(.*)$', files['nrpe.cfg'], re.M))
    expect(len(lines) == 3 and '@' not in ''.join(lines), lines)
    places = {os.path.dirname(word) for line in lines for word in line.split()
              if os.path.basename(word).startswith('check_') and word.startswith('/')}
    expect(len(places) == 1, f'plugins in {places}')
    for line in lines:
        words = line.split()
        if 'check_nrpe' in line:
            expect(words[-2:] == ['-c', 'check_efimap'], line)
            continue
        if words[0].endswith('sudo'):
            expect(f'NOPASSWD: {" ".join(words[2:])}\n' in files['nrpe.cfg'], 'sudoers differ')
            words = words[2:]
        expect(words[0].startswith('/') and words[0].endswith('/check_efimap'), line)
        for name, state in (('real-061', 'OK'), ('real-005', 'WARNING'),
                            ('seabios-q35-6.1-first', 'OK')):
            seen = answer(case, [link, *words[1:], case.capture(name)])
            expect(seen == state, f'{name}: {seen}')


def case_states(case):
    """Errors are critical, and what cannot be judged is not known."""
    link = plugin(case)
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    spoil(bad)
    expect(answer(case, [link, bad]) == 'CRITICAL', 'no error')
    expect(answer(case, [link, case.path('nowhere')]) == 'UNKNOWN', 'nowhere is known')
    expect(answer(case, [link, case.capture('seabios-q35-6.1-first')]) == 'WARNING', 'BIOS')


def starts(case, program):
    """The environment in which a program that may be fetched finds its libraries."""
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


def ask_nrpe(case, capture, change=lambda text: text):
    """What the real check_nrpe gets from a real NRPE whose machine is a capture."""
    daemon = fetched('nagios-nrpe-server', '/usr/sbin/nrpe')
    client = fetched('nagios-nrpe-plugin', '/usr/lib/nagios/plugins/check_nrpe')
    env = starts(case, daemon)
    port = str(free_port())
    # sudo is one that does as it is told; who may use it is decided elsewhere.
    case.program('sudo', '[ "$1" = -n ] || exit 9\nshift\nexec "$@"\n')
    ours = read(f'{case.build}/integration/nagios/nrpe.cfg').replace(
        '/usr/bin/sudo', f'{case.bin}/sudo')
    ours = re.sub(r'(?<=sudo -n )/\S+/check_efimap', case.path('check_efimap'), ours)
    write(case.path('nrpe.d/efimapctl.cfg'), change(ours))
    write(case.path('nrpe.cfg'), f'server_address=127.0.0.1\nserver_port={port}\n'
          'allowed_hosts=127.0.0.1\n'
          f'pid_file={case.path("nrpe.pid")}\ninclude_dir={case.path("nrpe.d")}\n')
    line = re.search(r'^\tcommand_line\t\S+/check_nrpe (.*)$',
                     read(f'{case.build}/integration/nagios/efimapctl.cfg'), re.M)[1]
    asks = line.replace('$HOSTADDRESS$', '127.0.0.1').split()
    # NRPE refuses to be root, which is whom the mounts are made by.
    return case.running(capture, ['unshare', '--user', '--map-user=1',
                        '--map-group=1', 'sh', os.path.join(HERE, 'ask-nrpe.sh'), daemon,
                        case.path('nrpe.cfg'), client, port, client, '-p', port, *asks],
                        env=env)


def case_nrpe(case):
    """A real NRPE runs our command, and the real check_nrpe gets what the plugin says."""
    plugin(case)
    bad = case.capture('ovmf-q35-6.1-kexec-first')
    spoil(bad)
    for capture, state in ((case.capture('seabios-q35-6.1-first'), 'OK'),
                           (case.capture('ovmf-q35-6.1-crash-second'), 'OK'),
                           (bad, 'CRITICAL')):
        done = ask_nrpe(case, capture)
        match = ANSWER.match(done.stdout)
        expect(match and match[1] == state and STATES.index(state) == done.returncode,
               f'{capture}: {done.returncode}: {done.stdout}{done.stderr}')
    done = ask_nrpe(case, bad, lambda text: text.replace('command[', 'comand['))
    expect(done.returncode == 3 and not ANSWER.match(done.stdout), 'NRPE takes anything')


def case_nagios(case):
    """Nagios itself takes our commands, and services that use them; broken ones it refuses."""
    daemon = fetched('nagios4-core', '/usr/sbin/nagios4')
    ours = read(f'{case.build}/integration/nagios/efimapctl.cfg')
    write(case.path('nagios.cfg'), f'cfg_file={case.path("efimapctl.cfg")}\n'
          f'cfg_file={os.path.join(HERE, "nagios-site.cfg")}\nlog_file={case.path("nagios.log")}\n'
          f'check_result_path={case.temp}\ntemp_file={case.path("nagios.tmp")}\n'
          'illegal_macro_output_chars=`~$&|\'"<>\n'
          f'nagios_user={USER}\nnagios_group={GROUP}\n')
    for text, right in ((ours, True), (ours.replace('command_line', 'comand_line'), False),
                        (ours.replace('check_efimap\n', 'check_efi\n', 1), False)):
        write(case.path('efimapctl.cfg'), text)
        done = case.run([daemon, '-v', case.path('nagios.cfg')], starts(case, daemon))
        expect((done.returncode == 0) == right,
               f'{done.returncode}, expected {"" if right else "not "}0: {done.stdout}')
        expect(not right or 'Total Warnings: 0' in done.stdout, done.stdout)


if __name__ == '__main__':
    sys.exit(main())
