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
import host_files  # noqa: E402 pylint: disable=wrong-import-position
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position


def main():
    capture, *words = sys.argv[1:]
    messages = []
    try:
        if os.path.exists(capture + '/kmsg'):
            with open(capture + '/kmsg', encoding='utf-8') as file:
                messages = file.read().splitlines()
        if os.geteuid() != 0:
            words = ['unshare', '--map-root-user', '--mount', '--uts',
                     sys.executable, '-SE', *sys.argv]
        else:
            namespace.enter()
            host_files.replace(capture)
            kernel_log.replace(messages)
            namespace.drop_capabilities()
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'running: {error}')


if __name__ == '__main__':
    main()
