#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that no secret survives "snapshot --redact" or "report".

usage: secrets.py [--list] EFIMAPCTL

Each place in PLACES is a file, path, list, link, option, kernel parameter or log line of a complete
machine. The test writes secrets of many kinds to one place at a time: host names, addresses, machine
IDs, serial numbers, passwords, and names and numbers that an administrator chose. Then it searches
the redacted snapshot, the report and the answers of verify for the redacted snapshot. These answers
must be those for the original. --list prints for each place the number of secrets that were planted
and found.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import complete_machine as machine  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position

RELEASE, NEWEST = machine.RUNNING, machine.NEWEST
VARIABLE = 'sys/firmware/efi/efivars/LoaderEntry{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'


def secrets_of(number):
    """Return a secret of each kind, which no other place contains. None contains a slash."""
    return {
        'host name': f'zqhost{number}.corp.example',
        'short host name': f'zqdb{number}',
        'IPv4 address': f'10.{number + 100}.88.77',
        'public IPv4 address': f'8.{number + 100}.8.9',
        'IPv6 address': f'2001:db8:{number + 0x1000:x}::5e7',
        'MAC address': f'52:54:00:{number:02x}:9a:c7',
        'name of a PXE file': f'01-52-54-{number // 10:02}-{number % 10:02}-93-17',
        'UUID': f'7c{number:06d}-5b0e-4c3a-9d0f-6f1c2b3a4901',
        'machine ID': f'd3adb33f{number:08x}0123456789abcdef',
        'serial number': f'SN7{number:03d}ZQ9X4',
        'number': f'2039{number + 1000}',
        'long number': f'739182{number + 1000}',
        'user': f'zquser{number}',
        'password': f'Hunter{number}_Zq',
        'volume': f'vgzq{number}-lvroot',
        'e-mail address': f'zqmail{number}@corp.example',
    }


def parts_of(number):
    """Return parts of secrets that must not be seen either."""
    return {'half of an address': f'8.{number + 100}', 'half of a MAC address': '52:54:00'}


def directory(secrets):
    return '/'.join(secrets)


def lines(template, secrets):
    return ''.join(template.replace('{}', secret) + '\n' for secret in secrets)


def script(path, content):
    return lambda s: {path: content.format(d=directory(s), w=' '.join(s), c=','.join(s))}


def each(path, template, before='', after=''):
    """Return a place in a file with a line for each secret."""
    return lambda s: {path: before + lines(template, s) + after}


def log(*templates):
    """Return a place in the kernel log: a line for each secret and template."""
    return lambda s: {'dmesg.txt': Add(''.join(lines(template, s) for template in templates))}


def image_at(*places):
    return lambda s: {place.format(d=directory(s)): Image() for place in places}


def both(*parts):
    return lambda s: {path: content for part in parts for path, content in part(s).items()}


class Add(str):
    """A text that is added at the end of a file."""


class Parameters(str):
    """Parameters that are added to those in the file."""


class Image(str):
    """An image of the running release."""


class Version(str):
    """An image of the running release with a text after the release."""


class Link(str):
    """A symbolic link."""


KDUMP, SYSCONFIG, CMDLINE = 'etc/default/kdump-tools', 'etc/sysconfig/kdump', 'proc/cmdline'
PATHS = image_at('srv/{d}/vmlinuz', 'srv/{d}/initrd')
PARAMETERS = ('root=UUID={0} BOOT_IMAGE=/{0}/vmlinuz ip={0} rd.luks.name={0} password={0} '
              'nfsroot={0}:/x init=/{0} efi={0} memmap={0} ostree=/ostree/boot.1/{0} '
              'pci={0} iommu={0} amd_iommu={0} earlyprintk={0} cgroup_disable={0} panic={0} '
              'efi_pstore.pstore_disable={0} irqpoll={0} '
              'crashkernel=256M').replace('{0}', '{}')

PLACES = {
    # Paths of images in configurations and records
    'KDUMP_KERNEL, KDUMP_INITRD': both(PATHS, script(
        KDUMP, 'USE_KDUMP=1\nKDUMP_KERNEL=/srv/{d}/vmlinuz\nKDUMP_INITRD=/srv/{d}/initrd\n')),
    'KDUMP_KERNEL of a missing image': script(
        KDUMP, 'USE_KDUMP=1\nKDUMP_KERNEL=/srv/{d}/vmlinuz\n'),
    'name of KDUMP_KERNEL': lambda s: {
        KDUMP: 'USE_KDUMP=1\n' + ''.join(f'KDUMP_KERNEL=/boot/{one}\n' for one in s)},
    'KDUMP_COREDIR': lambda s: {
        KDUMP: f'USE_KDUMP=1\nKDUMP_COREDIR=/{directory(s)}\n',
        f'{directory(s)}/kexec_cmd': machine.RECORD},
    'KDUMP_BOOTDIR': both(image_at(f'boot/{{d}}/vmlinuz-{RELEASE}'), script(
        SYSCONFIG, 'KDUMP_IMG=vmlinuz\nKDUMP_BOOTDIR=/boot/{d}\n')),
    'KDUMP_IMG': script(SYSCONFIG, 'KDUMP_IMG={d}/vmlinuz\nKDUMP_BOOTDIR=/\n'),
    'KDUMP_IMG_EXT': script(SYSCONFIG, 'KDUMP_IMG=vmlinuz\nKDUMP_IMG_EXT=.{c}\n'),
    'KDUMP_KERNELVER': script(SYSCONFIG, 'KDUMP_KERNELVER=/srv/{d}/vmlinuz\n'),
    'KERNEL_IMAGE, INITRD of kexec': both(PATHS, script(
        'etc/default/kexec',
        'LOAD_KEXEC=true\nKERNEL_IMAGE=/srv/{d}/vmlinuz\nINITRD=/srv/{d}/initrd\n')),
    'kexec.d': both(PATHS, script(
        'etc/default/kexec.d/x', 'KERNEL_IMAGE=/srv/{d}/vmlinuz\nAPPEND="{w}"\n')),
    'name in kexec.d': lambda s: {f'etc/default/kexec.d/{one}': 'APPEND=x\n' for one in s},
    'kexec_cmd': both(PATHS, script('var/crash/kexec_cmd', (
        "kexec -p -s --command-line='{w}' --initrd=/srv/{d}/initrd /srv/{d}/vmlinuz\n"))),
    'BOOT_IMAGE=': both(image_at(f'boot/{{d}}/vmlinuz-{RELEASE}'), script(
        CMDLINE, f'BOOT_IMAGE=(hd0,gpt2)/{{d}}/vmlinuz-{RELEASE} crashkernel=256M\n'),
        script(SYSCONFIG, 'KDUMP_IMG=vmlinuz\n')),
    'device of BOOT_IMAGE=': script(
        CMDLINE, f'BOOT_IMAGE=({{c}})/vmlinuz-{RELEASE} crashkernel=256M\n'),
    'BOOT_IMAGE= with backslashes': lambda s: {
        CMDLINE: 'BOOT_IMAGE=scsi0:\\' + '\\'.join(s) + '\\vmlinuz crashkernel=256M\n'},
    'BOOT_IMAGE= with a URL': lambda s: {
        CMDLINE: f'BOOT_IMAGE=http://{s[0]}/{directory(s)}/vmlinuz crashkernel=256M\n'},
    # Boot loader
    'linux in a boot loader entry': both(PATHS, script(
        'boot/loader/entries/x.conf', 'linux /srv/{d}/vmlinuz\ninitrd /srv/{d}/initrd\n')),
    'efi in a boot loader entry': script('boot/loader/entries/x.conf', 'efi /srv/{d}/x.efi\n'),
    'uki in a boot loader entry': script('boot/loader/entries/x.conf', 'uki /srv/{d}/x.efi\n'),
    'version of a boot loader entry': each(
        'boot/loader/entries/x.conf', 'version {}', 'linux /vmlinuz\n'),
    'sort-key of a boot loader entry': each(
        'boot/loader/entries/x.conf', 'sort-key {}', 'linux /vmlinuz\n'),
    'title of a boot loader entry': each(
        'boot/loader/entries/x.conf', 'title {}', 'linux /vmlinuz\n'),
    'machine-id of a boot loader entry': each(
        'boot/loader/entries/x.conf', 'machine-id {}', 'linux /vmlinuz\n'),
    'options of a boot loader entry': each(
        'boot/loader/entries/x.conf', 'options root={} password={}', 'linux /vmlinuz\n'),
    'name of a boot loader entry': lambda s: {
        f'boot/loader/entries/{one}.conf': 'linux /vmlinuz\n' for one in s},
    'default in loader.conf': each('boot/loader/loader.conf', 'default {}.conf'),
    'password in loader.conf': each('boot/loader/loader.conf', '# {}\npassword {}'),
    **{f'LoaderEntry{name}': (lambda name: lambda s: {
        VARIABLE.format(name): b'\6\0\0\0' + '-'.join(s).encode('utf-16-le') + b'\0\0'})(name)
       for name in ('OneShot', 'Preferred', 'Default', 'Selected')},
    'etc/default/grub': each('etc/default/grub', 'GRUB_CMDLINE_LINUX="{} crashkernel=256M"'),
    'grub.d': lambda s: {f'etc/default/grub.d/{one}.cfg': f'GRUB_CMDLINE_LINUX="{one}"\n'
                         for one in s},
    'etc/kernel/cmdline': each('etc/kernel/cmdline', 'root={} password={} crashkernel=256M'),
    'cmdline.d': lambda s: {f'etc/kernel/cmdline.d/{one}.conf': f'root={one}\n' for one in s},
    # Lists, keys and links
    'directory in boot/ostree': image_at(*(
        f'boot/ostree/{{d}}-{i}/vmlinuz-{RELEASE}' for i in range(2))),
    'deployment in boot/ostree': lambda s: {
        f'boot/ostree/{one}/vmlinuz-{RELEASE}': Image() for one in s[:8]},
    'link in boot/ostree': lambda s: {f'boot/ostree/{one}': Link('..') for one in s},
    'name in EFI/Linux': lambda s: {f'boot/efi/EFI/Linux/{one}.efi': Image() for one in s},
    'damaged image in EFI/Linux': lambda s: {f'boot/efi/EFI/Linux/{one}.efi': 'x' for one in s},
    'name of an image in boot': lambda s: {f'boot/vmlinuz-{one}': Image() for one in s},
    'damaged image in boot': lambda s: {f'boot/vmlinuz-6.1.{one}': 'x' for one in s},
    'initrd in boot': lambda s: {f'boot/initrd.img-{RELEASE}-{one}': 'x' for one in s},
    'initramfs in boot': lambda s: {f'boot/initramfs-{one}.img': 'x' for one in s},
    'configuration in boot': lambda s: {f'boot/config-{one}': '# x\n' for one in s},
    'build host in an image': lambda s: {
        f'boot/vmlinuz-{RELEASE}': Version(f' (zq@{" ".join(s)}) #1 SMP')},
    'link to an image in boot': lambda s: {
        f'boot/vmlinuz-{one}': Link(f'vmlinuz-{RELEASE}') for one in s},
    'directory in lib/modules': lambda s: {f'lib/modules/x{one}/vmlinuz': 'x' for one in s},
    'number in lib/modules': lambda s: {
        f'lib/modules/{one}/modules.builtin': 'x' for one in s if one[0] in '0123456789'},
    'library of systemd': lambda s: {
        f'usr/lib/systemd/x-{one}.so': 'x' for one in s},
    'link in the root directory': lambda s: {
        f'srv/{directory(s)}/vmlinuz': Image(), 'link': Link(f'srv/{directory(s)}'),
        KDUMP: 'USE_KDUMP=1\nKDUMP_KERNEL=/link/vmlinuz\n'},
    'link with a secret name': lambda s: {
        'srv/x/vmlinuz': Image(), **{one: Link('srv/x') for one in s},
        KDUMP: f'USE_KDUMP=1\nKDUMP_KERNEL=/{s[0]}/vmlinuz\n'},
    # Kernel parameters
    'proc/cmdline': script(CMDLINE, ' {w} crashkernel=256M\n'),
    'values of kernel parameters': lambda s: {
        CMDLINE: ' '.join(PARAMETERS.replace('{}', one) for one in s) + '\n'},
    'quoted kernel parameters': lambda s: {
        CMDLINE: ' '.join(f'x="{one} {one}" "efi={one}"' for one in s) + ' crashkernel=256M\n'},
    'arguments of init': script(CMDLINE, 'crashkernel=256M -- {w}\n'),
    'KDUMP_CMDLINE': script(KDUMP, 'USE_KDUMP=1\nKDUMP_CMDLINE="{w} root={d} crashkernel=1G"\n'),
    'KDUMP_CMDLINE_APPEND': script(KDUMP, 'USE_KDUMP=1\nKDUMP_CMDLINE_APPEND="{w} efi={c}"\n'),
    'KDUMP_COMMANDLINE_REMOVE': script(
        SYSCONFIG, 'KDUMP_IMG=vmlinuz\nKDUMP_COMMANDLINE_REMOVE="{w}"\n'),
    'KDUMP_KEXEC_ARGS': script(KDUMP, 'USE_KDUMP=1\nKDUMP_KEXEC_ARGS="-s --x={c} {w}"\n'),
    'other settings of kdump': each(
        SYSCONFIG, 'KDUMP_SAVEDIR="ssh://{}:{}@{}/x" # {}\n# {}', 'KDUMP_IMG=vmlinuz\n'),
    'other settings of kdump-tools': each(
        KDUMP, 'SSH="{}@{}"\nNFS="{}:/x"\nSSH_KEY=/root/.ssh/{}\nHOSTTAG={}', 'USE_KDUMP=1\n'),
    'APPEND of kexec': script('etc/default/kexec', 'LOAD_KEXEC=true\nAPPEND="{w} root={d}"\n'),
    # Other files
    'build host in proc/version': each(
        'proc/version', f'Linux version {RELEASE} (zq@{{}}) (gcc) #1 SMP {{}}'),
    'uname -a': lambda s: {'proc/version': None, 'sos_commands/kernel/uname_-a': lines(
        f'Linux {{}} {RELEASE} #1 SMP {{}} x86_64 GNU/Linux', s)},
    'proc/cpuinfo': each('proc/cpuinfo', 'model name\t: {}', machine.FILES['proc/cpuinfo']),
    'proc/meminfo': each('proc/meminfo', 'Zq{}: 1 kB', machine.FILES['proc/meminfo']),
    'sysctl -a': each('sos_commands/kernel/sysctl_-a', 'kernel.hostname = {}\nkernel.zq.{} = 1'),
    'serial numbers of DMI': lambda s: {
        f'sys/class/dmi/id/{name}': lines('{}', s)
        for name in ('product_serial', 'product_uuid', 'board_serial', 'chassis_asset_tag')},
    'kernel configuration': each(
        f'boot/config-{RELEASE}', 'CONFIG_DEFAULT_HOSTNAME="{}"\nCONFIG_CMDLINE="{} efi=runtime"\n'
        '# {}\nCONFIG_SYSTEM_TRUSTED_KEYS="{}"', 'CONFIG_KEXEC=y\n', '# Library routines\n'),
    'IMA policy': each('etc/ima/ima-policy',
                       'appraise func=KEXEC_KERNEL_CHECK fsuuid={} uid={} keyrings={} # {}\n# {}'),
    'packages of Debian': each('installed-debs', 'ii  {}  1.0  amd64  {}',
                               'ii  kexec-tools  1:2.0.32-1  amd64  x\n'),
    'packages of RPM': each('installed-rpms', '{}-1.0.x86_64  {}', 'kexec-tools-2.0.32-1.x86_64\n'),
    'program kexec': each('usr/sbin/kexec', '\0{}\0', 'kexec-tools 2.0.32\0'),
    'payload of setup_data': lambda s: {
        'sys/kernel/boot_params/setup_data/0/data': directory(s),
        'sys/kernel/boot_params/setup_data/0/type': '0x9\n'},
    'boot_params': lambda s: {'sys/kernel/boot_params/data': b''.join(
        [bytes(0x280), *(one.encode().ljust(64, b'\0') for one in s)]).ljust(4096, b'\0')},
    'other files': lambda s: {
        path: lines('{}', s) for path in (
            'etc/hostname', 'etc/machine-id', 'etc/fstab', 'etc/crypttab', 'proc/mounts',
            'proc/net/arp', 'var/log/messages', 'root/.ssh/id_rsa', 'etc/kdump.conf')},
    # Lines of the kernel log
    'log: prefixes': lambda s: {'dmesg.txt': ''.join(
        f'Nov 29 18:00:00 {one} kernel: [    0.000000] efi: EFI v2.70 by EDK II\n' for one in s)},
    'log: prefixes of other formats': lambda s: {'dmesg.txt': ''.join(
        f'2026-11-29T18:00:00.000000+00:00 {one} kernel: efi: EFI v2.70 by EDK II\n'
        f'{one} login: [    0.000000] efi: EFI v2.70 by EDK II\n'
        f'<6>1 2026-11-29T18:00:00Z {one} kernel - - - efi: EFI v2.70 by EDK II\n'
        f'Nov 29 18:00:00 {one} kernel[0]: efi: EFI v2.70 by EDK II\n' for one in s)},
    'log: kernel parameters': lambda s: {path: Parameters(' '.join(
        PARAMETERS.replace('{}', one) for one in s)) for path in (CMDLINE, 'dmesg.txt')},
    'log: BOOT_IMAGE=': lambda s: {'dmesg.txt': Add(
        f'Kernel command line: BOOT_IMAGE=/srv/{directory(s)}/vmlinuz crashkernel=256M\n'
        f'Command line: BOOT_IMAGE=({",".join(s)})/{directory(s)}/vmlinuz x\n')},
    'log: unknown parameters': log('Unknown kernel command line parameters "{} x={}", will be '
                                   'passed to user space.'),
    'log: parameters of the next kernel': log(
        'kexec_file: kernel: 00000000deadbeef kernel_size: 0x7dd200',
        'kexec-bzImage64: Final command line is: root={} password={} BOOT_IMAGE=/srv/{}/vmlinuz'),
    'log: version': log('Linux version 6.12.113+deb12-amd64 ({}@{}) (gcc) #1 SMP {}'),
    'log: hardware': log('usb 1-1: SerialNumber: {}', 'eth0: MAC {}', 'Hardware name: {}',
                         'scsi 0:0:0:0: Direct-Access {}'),
    'log: root device': log('VFS: Cannot open root device "{}" or unknown-block(0,0): error -6',
                            'Kernel panic - not syncing: VFS: Unable to mount root fs on "{}" or '
                            'unknown-block(0,0)', 'EXT4-fs ({}): mounted filesystem {}'),
    'log: systemd': log('systemd[1]: Hostname set to <{}>.', 'systemd[1]: Starting {}'),
    'log: network': log('IP-Config: Complete: device=eth0, ipaddr={}, host={}, rootserver={}',
                        'NFS: server {} error', 'audit: type=1400 audit(1.1:1): comm="kexec" '
                        'path="/srv/{}/vmlinuz" name="{}" dev="{}"'),
    'log: LoadPin': log("LoadPin: kexec-image pinning-ignored obj=\"/srv/{}/vmlinuz\" pid=1 "
                        "cmdline=\"kexec -s {}\"", 'LoadPin: {} ready to pin'),
    'log: killed process': log(
        '[   12]  1000    12     100      10    20480        0             0 {}',
        'oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/user.slice/{},task={},pid=12,uid=1000',
        'Out of memory: Killed process 12 ({}) total-vm:1kB', '{} invoked oom-killer: gfp_mask=0x1'),
    'log: oops': log('Code: 0f 0b {}', '? {} f+0x1/0x2', 'f+0x1/0x2 {}', 'f+0x1/0x2 [x] {}',
                     'RIP: 0010:f+0x1/0x2 {}', 'WARNING: kernel/x.c:1 at f+0x1/0x2, CPU#0: {}',
                     'Oops: {}', 'Workqueue: {} f'),
    'log: warning': log('CPU: 0 PID: 1 Comm: {} Not tainted 6.12.113 #1', 'Modules linked in: {}',
                        'Hardware name: {}', 'RIP: 0010:zq_{}+0x1/0x2 [{}]', 'Workqueue: {}'),
    'log: programs': log("Cannot open `/srv/{}/vmlinuz': No such file or directory",
                         'Wrong file type /srv/{}/vmlinuz, file matches type 0',
                         'kdump-config[12]: kexec -p --initrd=/srv/{}/initrd --command-line={}',
                         'kdumpctl[12]: kexec: loaded /srv/{}/vmlinuz {}',
                         'kexec[12]: /srv/{}/vmlinuz {}', 'kdump: saving to {}@{}:/x'),
    'log: kexec': log('Lockdown: {}: kexec of unsigned images is restricted', '{}: kexec {}',
                      'kexec: cannot open {}', 'kexec-tools: {}'),
    'log: boot': log('EFI stub: Loaded initrd from {}', 'systemd-boot: {}', 'dracut: {}',
                     'efivarfs: {}', 'BTRFS: device label {} devid 1 /dev/{}', 'md: {}'),
    'log: keys': log("Loaded X.509 cert '{}: 0123'", 'integrity: Loading X.509 certificate: UEFI:{}',
                     'integrity: Problem loading X.509 certificate {}', 'tpm tpm0: {}'),
    'log: several blanks': log(
        'Linux\tversion  6.12.113+deb12-amd64\t({}@{}) (gcc) #1 SMP {}',
        'Kernel\tcommand  line: root={} ip={}', 'VFS: Unable to  mount root fs on "{}"',
        'Unknown\tkernel command line parameters "{}", will be passed to user space.',
        'Kernel panic - not syncing:  Requested init  /{}/init failed (error -2).',
        'kexec-bzImage64: Final  command line is: {}'),
    'log: programs that hang': log(
        'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [{}:123]',
        'WARNING: kernel/kexec_core.c:1006 at kimage_map_segment+0x1/0x2, CPU#0: {}/123',
        'INFO: task {}:1 blocked for more than 120 seconds.',
        'Kernel panic - not syncing: GFS2: fsid={}:{}.0: panic requested'),
    # Files with null bytes
    'null bytes in a boot loader entry': each(
        'boot/loader/entries/x.conf', 'options x\0{}\nversion 1\0{}\nlinux /x\0{}',
        'linux /vmlinuz\n'),
    'null bytes in loader.conf': each('boot/loader/loader.conf', 'default {}\0\npreferred \0{}'),
    'null bytes in proc/cmdline': lambda s: {
        CMDLINE: 'crashkernel=256M \0' + '\0'.join(s) + '\n\0' + s[0]},
    'null bytes in proc/version': each('proc/version', f'Linux version {RELEASE}\t\0({{}}@{{}})'),
    # Versions of packages
    'versions of packages': each(
        'installed-debs', 'ii  kexec-tools  1:2.0.32-1+{}  amd64 x\nii  systemd  257.9-1~{} {}'),
    'versions in packages of RPM': each(
        'installed-rpms', 'kexec-tools-2.0.32-1.{}.x86_64\nsystemd-257.9-{}.x86_64\nkdump-1.9-{}'),
    'version of the library of systemd': lambda s: {
        f'usr/lib/systemd/libsystemd-shared-257.9-{s[0]}.{s[5]}.so': 'x'},
    'version of the kernel package': each(
        'proc/version', f'Linux version {RELEASE} (x@y) #1 Debian 6.12.113-1+{{}} (2026)'),
    # Names of SOURCE
    'name of a directory': lambda s: {},
}
# What efimapctl-snapshot(1) lists as kept: numbers in the values of parameters that affect EFI
KEPT = {place: {'number', 'long number', 'name of a PXE file'} for place in (
    'values of kernel parameters', 'quoted kernel parameters', 'KDUMP_CMDLINE_APPEND',
    'log: kernel parameters')}


class Test:
    def __init__(self, tool, where):
        self.tool, self.where = tool, where
        self.complete = os.path.join(where, 'complete')
        self.rows, self.problems = [], []
        machine.make_tree(self.complete)
        image = os.path.join(self.complete, f'boot/vmlinuz-{RELEASE}')
        with open(image, 'rb') as file:
            self.image = file.read()

    def run(self, *words):
        done = subprocess.run([self.tool, *words], capture_output=True, check=False)
        if done.returncode not in (0, 1, 3, 4):
            self.problems.append(f'{words}: status {done.returncode}: {done.stderr.decode()}')
        return done.stdout.decode()

    def write(self, tree, path, content):
        full = os.path.join(tree, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if os.path.lexists(full) and (content is None or isinstance(content, Link)):
            os.unlink(full)
        if isinstance(content, Parameters):
            machine.edit(tree, path, 'initrd=initrd', f'initrd=initrd {content}')
        elif isinstance(content, Link):
            os.symlink(content, full)
        elif isinstance(content, Add):
            with open(full, 'a', encoding='utf-8') as file:
                file.write(content)
        elif isinstance(content, Version):
            at = self.image.index(RELEASE.encode()) + len(RELEASE)
            text = content.encode()
            machine.write(tree, path, self.image[:at] + text + self.image[at + len(text):])
        elif content is not None:
            machine.write(tree, path, self.image if isinstance(content, Image) else content)

    def check(self, place, change, secrets, parts):
        name = directory(secrets.values()) if place == 'name of a directory' else 'tree'
        tree = os.path.join(self.where, name)
        shutil.copytree(self.complete, tree, symlinks=True)
        changes = change(list(secrets.values()))
        for path, content in changes.items():
            self.write(tree, path, content)
        plain, redacted = os.path.join(self.where, 'plain'), os.path.join(self.where, 'redacted')
        self.run('snapshot', '-q', '-O', plain, tree)
        self.run('snapshot', '-q', '--redact', '-O', redacted, tree)
        with open(redacted, encoding='utf-8') as file:
            texts = [file.read(), self.run('report', plain), self.run('verify', '-v', redacted)]
        document = json.loads(texts[0])
        if place.startswith('log'):
            texts += [self.run(*words, f'{tree}/dmesg.txt')
                      for words in (('snapshot', '-q', '--redact'), ('report',))]
        if place == 'log: programs':
            machine.write(tree, 'excerpt', changes['dmesg.txt'])
            texts.append(self.run('report', f'{tree}/excerpt'))
        for source in (plain, redacted):
            if self.run('snapshot', '-q', '--redact', source) != texts[0]:
                self.problems.append(f'{place}: the redacted snapshot of {source} differs')
        texts += [base64.b64decode(part['base64']).decode('latin-1')
                  for one in document['files'].values() if isinstance(one, dict)
                  for part in one.get('parts', ())]
        texts += [text.replace('\0', '') for text in texts]
        found = [kind for kind, secret in (*secrets.items(), *parts.items())
                 if any(secret.lower() in text.lower() for text in texts)]
        self.rows.append(f'{place:36} {len(secrets):3} {len(found):3}  {", ".join(found)}')
        if set(found) - KEPT.get(place, set()):
            self.problems.append(self.rows[-1])
        shutil.rmtree(os.path.join(self.where, name.split('/')[0]))


def main(argv):
    if '--help' in argv[1:]:
        print(__doc__.strip())
        return 0
    is_list, argv = fixture.take_option(argv, '--list')
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        test = Test(os.path.abspath(argv[1]), where)
        planted = 0
        for number, (place, change) in enumerate(PLACES.items()):
            secrets = secrets_of(number)
            planted += len(secrets)
            test.check(place, change, secrets, parts_of(number))
    print('\n'.join(test.rows if is_list else []))
    for problem in test.problems:
        print(problem)
    print(f'{len(PLACES)} places, {planted} secrets, {len(test.problems)} problems')
    return 1 if test.problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
