# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command with a capture mounted over the running system's files.

usage: running.py CAPTURE COMMAND [ARGUMENT...]

The kernel log contains the lines of CAPTURE/kmsg, or is empty if this file does not exist. The
command sees nothing that describes the machine on which the tests run: its firmware, kernels,
configuration, crash dumps, kernel log and units. What the capture lacks is empty or has the same
content on every machine. tests/tools/hidden_host.py tests this.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

TEMPORARY = '/mnt'
# Directories that contain only the files of the capture
DIRECTORIES = (
    'boot', 'efi', 'etc/default', 'etc/ima', 'etc/kdump', 'etc/kernel', 'etc/sysconfig',
    'etc/systemd', 'lib/modules', 'lib/systemd', 'lib/x86_64-linux-gnu/systemd',
    'run/booted-system', 'run/current-system', 'run/systemd', 'usr/lib/kdump', 'usr/lib/modules',
    'usr/lib/systemd', 'usr/lib/x86_64-linux-gnu/systemd', 'var/crash', 'var/lib/efimapctl',
    'var/lib/kdump', 'var/log', 'sys')
CPU = ('flags\t\t: fpu pse pae nx pdpe1gb lm constant_tsc\n'
       'address sizes\t: 46 bits physical, 48 bits virtual\n')
# Files, and their content if the capture lacks them. None: the file is unchanged.
FILES = {
    'etc/kdump.conf': '', 'proc/cmdline': '\n', 'proc/cpuinfo': CPU, 'proc/iomem': '',
    'proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n',
    'proc/sys/kernel/kexec_load_disabled': '0\n',
    'proc/sys/kernel/kexec_load_limit_panic': '-1\n',
    'proc/sys/kernel/kexec_load_limit_reboot': '-1\n',
    'proc/sys/kernel/random/boot_id': None, 'proc/sys/kernel/tainted': '0\n',
    'proc/sys/vm/overcommit_memory': '0\n', 'proc/version': None, 'proc/zoneinfo': ''}
# Programs that are missing if the capture lacks them
PROGRAMS = ('sbin/kexec', 'usr/bin/kexec', 'usr/sbin/kexec')


def replace_directories(capture):
    sources = {}
    for path in DIRECTORIES:
        # Both /lib and /usr/lib may be names of one directory.
        target, source = os.path.realpath('/' + path), os.path.join(capture, path)
        if os.path.isdir(source):
            sources[target] = source
        else:
            sources.setdefault(target, None)
    for target, source in sources.items():
        if not os.path.isdir(target):
            continue
        if source:
            namespace.bind(source, target)
        else:
            namespace.mount('tmpfs', target, 'tmpfs')


def replace_file(capture, path, text):
    source = os.path.join(capture, path)
    if not os.path.exists('/' + path):
        return
    if not os.path.exists(source):
        if text is None:
            return
        source = os.path.join(TEMPORARY, path.replace('/', '-'))
        with open(source, 'w', encoding='ascii') as file:
            file.write(text)
    namespace.bind(source, '/' + path)


def replace_files(capture):
    replace_directories(capture)
    namespace.mount('tmpfs', TEMPORARY, 'tmpfs')
    for path, text in FILES.items():
        replace_file(capture, path, text)
    namespace.unmount(TEMPORARY)
    for path in PROGRAMS:
        source, (directory, name) = os.path.join(capture, path), os.path.split('/' + path)
        if not os.path.lexists('/' + path):
            continue
        if os.path.exists(source):
            namespace.bind(source, '/' + path)
        else:
            namespace.open_up(directory, [name])


def main():
    capture, *words = sys.argv[1:]
    messages = []
    try:
        if os.path.exists(capture + '/kmsg'):
            with open(capture + '/kmsg', encoding='utf-8') as file:
                messages = file.read().splitlines()
        if os.geteuid() != 0:
            words = ['unshare', '--map-root-user', '--mount', sys.executable, '-SE', *sys.argv]
        else:
            namespace.enter()
            replace_files(os.path.realpath(capture))
            kernel_log.replace(messages)
            namespace.drop_capabilities()
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'running: {error}')


if __name__ == '__main__':
    main()
