# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a complete capture: a machine with two kernels, all files that efimapctl reads, and "ok"."""
import gzip
import json
import os
import re
import subprocess
import sys

import fixture

TESTS = fixture.TESTS
sys.path[:0] = [os.path.join(os.path.dirname(TESTS), 'tools')]
import sources  # noqa: E402 pylint: disable=wrong-import-position

BASE = 'ovmf-q35-6.12-kexec-file-first'
RUNNING, NEWEST = '6.12.113+deb12-amd64', '6.12.120+deb12-amd64'
CONFIG = {'KEXEC': 'y', 'KEXEC_FILE': 'y', 'KEXEC_SIG': 'y', 'EFI_RUNTIME_MAP': 'y',
          'AMD_MEM_ENCRYPT': 'y', 'KEXEC_SIG_FORCE': None, 'EFI_DISABLE_RUNTIME': None,
          'IMA_ARCH_POLICY': None, 'IMA_APPRAISE': 'y', 'KEXEC_HANDOVER': None,
          'IMA_KEXEC': 'y'}
TABLE = sources.read_table(os.path.join(os.path.dirname(TESTS), 'src/capture/sources.table'))[0]
# Files that the base lacks
FILES = {
    'proc/sys/kernel/arch': 'x86_64\n',
    'proc/sys/kernel/random/boot_id': '01234567-89ab-4cde-8f01-23456789abcd\n',
    'sys/class/dmi/id/sys_vendor': 'QEMU\n',
    'sys/class/dmi/id/product_name': 'Standard PC\n',
    'sys/class/dmi/id/bios_version': '1\n',
    'boot/loader/entries/x.conf': f'linux /vmlinuz-{RUNNING}\ninitrd /initrd.img-{RUNNING}\n',
    'etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\n',
    'sys/kernel/kexec_loaded': '0\n',
    'sys/kernel/kexec_crash_loaded': '0\n',
    'sys/kernel/kexec_crash_size': '268435456\n',
    'sys/kernel/crash_elfcorehdr_size': '131072\n',
    'proc/sys/kernel/kexec_load_disabled': '0\n',
    'proc/sys/kernel/kexec_load_limit_reboot': '-1\n',
    'proc/sys/kernel/kexec_load_limit_panic': '-1\n',
    'sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
    'etc/ima/ima-policy': 'measure func=KEXEC_KERNEL_CHECK\n',
    'sys/kernel/security/ima/runtime_measurements_count': '1\n',
    'sys/module/kernel/parameters/crash_kexec_post_notifiers': 'N\n',
    'proc/sys/kernel/panic': '0\n',
    'sys/module/pstore/parameters/backend': 'efi_pstore\n',
    'sys/devices/system/cpu/possible': '0-1\n',
    'etc/default/kdump-tools': 'USE_KDUMP=1\n',
    'usr/sbin/kexec': 'kexec-tools 2.0.32\n',
    'proc/meminfo': 'MemTotal: 1000000 kB\nMemAvailable: 900000 kB\nCmaTotal: 0 kB\n'
                    'DirectMap2M: 1000000 kB\n',
    'proc/cpuinfo': 'flags\t\t: fpu lm nx pdpe1gb\n'
                    'address sizes\t: 46 bits physical, 48 bits virtual\n',
}
RECORD = f"kexec -s --command-line='root=x' --initrd=/boot/initrd.img-{RUNNING} " \
         f'/boot/vmlinuz-{RUNNING}\n'


def member(name, data):
    """Return a member of a cpio archive."""
    fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b'070701' + b''.join(b'%08x' % field for field in fields) + name + b'\0'
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def write(tree, path, content):
    path = os.path.join(tree, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def edit(tree, path, old, new):
    with open(os.path.join(tree, path), encoding='utf-8') as file:
        text = file.read()
    assert old in text, (path, old)
    write(tree, path, text.replace(old, new, 1))


def make_tree(tree):
    """Write a complete capture of a machine with two kernels and a crash kernel reservation."""
    initrd = gzip.compress(member(b'init', bytes(4096)) + member(b'TRAILER!!!', b''))
    config = ''.join(f'CONFIG_{name}=y\n' if value else f'# CONFIG_{name} is not set\n'
                     for name, value in CONFIG.items()) + '# Library routines\n'
    fixture.unpack(fixture.path_of('real', BASE), tree)
    for path in ('proc/cmdline', 'dmesg.txt'):
        edit(tree, path, 'initrd=initrd', 'initrd=initrd crashkernel=256M')
    edit(tree, 'proc/iomem', '  2b800000', '  10000000-1fffffff : Crash kernel\n  2b800000')
    for path, content in FILES.items():
        write(tree, path, content)
    for release in (RUNNING, NEWEST):
        write(tree, f'boot/config-{release}', config)
        write(tree, f'boot/initrd.img-{release}', initrd)
        subprocess.run([sys.executable, os.path.join(TESTS, 'tools', 'kernel_image.py'),
                        os.path.join(tree, f'boot/vmlinuz-{release}'), f'--release={release}'],
                       check=True)


def paths_of_table(release=RUNNING):
    """Yield the paths of each file of the table, for a release."""
    for file in TABLE:
        yield [path.replace('%s', release).replace('*', '') for path in file.paths]


def make_live(recording):
    """Change the recording of a tree into one of a running system, which lacks all other files."""
    files, recorded = recording['files'], recording['recorded']
    release = re.search(r'Linux version (\S+)', str(files.get('proc/version')))
    recorded['from'] = 'live'
    for path in [name for name in files if 'dmesg' in name]:
        files['dmesg'] = re.sub(r'^\[ *[0-9.]+\] ', '', files.pop(path), flags=re.M)
    for path in ('boot/efi/loader/entries', 'efi/loader/entries',
                 *(path for paths in paths_of_table(release[1] if release else RUNNING)
                   for path in paths)):
        files.setdefault(path, {'error': 'ENOENT'})
    return recording


def make_loaded(recording):
    """Change the recording of the complete capture: a crash kernel is loaded, and its record is of
    this boot."""
    recording['files'].update({'sys/kernel/kexec_crash_loaded': '1\n', 'var/crash/kexec_cmd': RECORD,
                               'proc/stat': 'btime 1700000000\n'})
    recording['recorded']['mtimes']['var/crash/kexec_cmd'] = 1700000001
    return recording


def record(tool, source):
    """Return the recording of a source, or None if it cannot be recorded."""
    done = subprocess.run([tool, 'snapshot', '-q', source], capture_output=True, check=False)
    return None if done.returncode else json.loads(done.stdout)
