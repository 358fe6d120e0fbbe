# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command with a capture mounted over the running system's files.

usage: running.py CAPTURE COMMAND [ARGUMENT...]

The kernel log contains the lines of CAPTURE/kmsg, or is empty if this file does not exist. The
installed kernels and the kexec state of the machine that runs the test are hidden. If the capture
has none of its own, there are no kernels, and loading is not restricted.
"""
import os
import sys

TOOLS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'tools')
sys.path.insert(0, TOOLS)
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

# Files that every capture must have
FILES = ('sys', 'proc/iomem', 'proc/cmdline', 'proc/version')
# Directories that are empty if the capture lacks them
DIRECTORIES = ('boot', 'efi', 'lib/modules', 'etc/default')
# Files with the content that they have if the capture lacks them
OTHERS = {'proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n',
          'proc/sys/kernel/kexec_load_disabled': '0\n',
          'proc/sys/kernel/kexec_load_limit_panic': '-1\n',
          'proc/sys/kernel/kexec_load_limit_reboot': '-1\n',
          'usr/sbin/kexec': '', 'sbin/kexec': '', 'usr/bin/kexec': ''}


def replace_files(capture):
    for path in FILES:
        namespace.bind(os.path.join(capture, path), '/' + path)
    for path in DIRECTORIES:
        if os.path.isdir('/' + path):
            namespace.mount('tmpfs', '/' + path, 'tmpfs')
            if os.path.isdir(os.path.join(capture, path)):
                namespace.bind(os.path.join(capture, path), '/' + path)
    namespace.mount('tmpfs', '/mnt', 'tmpfs')
    for path, text in OTHERS.items():
        if not os.path.exists('/' + path):
            continue
        source = os.path.join(capture, path)
        if not os.path.exists(source) and not text:
            source = '/dev/null'
        elif not os.path.exists(source):
            source = '/mnt/' + os.path.basename(path)
            with open(source, 'w', encoding='ascii') as file:
                file.write(text)
        namespace.bind(source, '/' + path)
    namespace.unmount('/mnt')


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
