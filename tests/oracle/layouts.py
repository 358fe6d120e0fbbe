# SPDX-License-Identifier: GPL-2.0-or-later
"""Layouts of a Debian 13 system: other boot loader entries, settings and files. Each layout is a
function that changes the system that installed.py installs."""
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tools'), str(HERE.parent / 'e2e')]
import installed  # noqa: E402 pylint: disable=wrong-import-position
import kernel_image  # noqa: E402 pylint: disable=wrong-import-position
import recorded_tree  # noqa: E402 pylint: disable=wrong-import-position

ID = installed.MACHINE_ID
# An initrd that differs in size from that of Debian
INITRD = bytes(9000448)
ENTRIES = 'boot/efi/loader/entries'
VARIABLES = 'sys/firmware/efi/efivars/'
LOADER = '-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
LAYOUTS = {}
# Layouts for which the answer differs from what is loaded, each with the reason
LISTED = {
    'image-by-variable': 'the answer is "unknown", because only a shell can expand the setting',
    'image-by-command': 'the answer is "unknown", because only a shell can expand the setting',
    'grub-configuration': 'the menu of GRUB is not read, so the answer is about kexec -l',
    'kdump-of-fixed-kernel': 'CONFIG_RELOCATABLE is not read, because Debian always sets it',
    'kdump-initrd-was-never-made': 'the size of the initrd that kdump-config creates is unknown',
}


class Machine:
    """A layout: the root directory of the system, and the trees for /sys and /proc."""

    def __init__(self, root, state, release):
        self.root, self.state, self.release = root, state, release
        self.directory = f'{ID}/{release}'
        # An older release with the same length, so that it can replace the release in an image
        self.old = re.sub(r'\d(?=\+)', lambda last: str(max(int(last[0]), 1) - 1), release)

    def write(self, path, data):
        top = self.state if path.startswith(('sys/', 'proc/')) else self.root
        place = top / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())

    def remove(self, *paths):
        for path in paths:
            place = (self.state if path.startswith(('sys/', 'proc/')) else self.root) / path
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()

    def link(self, path, target):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).unlink(missing_ok=True)
        (self.root / path).symlink_to(target)

    def read(self, path):
        return (self.state / path).read_text()

    def add_parameters(self, text):
        self.write('proc/cmdline', self.read('proc/cmdline').rstrip('\n') + f' {text}\n')

    def set_variable(self, name, text):
        self.write(f'{VARIABLES}LoaderEntry{name}{LOADER}', recorded_tree.efi_text(text))

    def settings(self, text, path='etc/default/kexec'):
        """Append lines to the settings of a service."""
        self.write(path, (self.root / path).read_text() + text + '\n')

    def kdump(self, text):
        self.settings(text, 'etc/default/kdump-tools')

    def copy(self, source, path):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.root / source, self.root / path)

    def entry(self, *lines, name, options='root=/dev/vda2', linux=None, initrd=None, release=None,
              where=ENTRIES, suffix='conf'):
        """Write a boot loader entry, which starts the installed kernel unless linux and initrd name
        other files. An empty name leaves out the line."""
        if linux is None:
            linux = f'/{self.directory}/linux'
        if initrd is None:
            initrd = f'/{self.directory}/initrd.img-{self.release}'
        found = [f'version {release or self.release}', f'options {options}',
                 *[f'linux {linux}'] * bool(linux), *[f'initrd {initrd}'] * bool(initrd), *lines]
        self.write(f'{where}/{name}.{suffix}', 'title Debian\n' + '\n'.join(found) + '\n')

    def old_entry(self, *lines):
        """Write an older kernel and its entry."""
        self.kernel('boot/efi/old')
        self.entry(*lines, name='old', linux=f'/old/vmlinuz-{self.old}',
                   initrd=f'/old/initrd.img-{self.old}', release=self.old)

    def kernel(self, *directories):
        """Write an older kernel and its initrd into the directories."""
        image = (self.root / f'boot/vmlinuz-{self.release}').read_bytes()
        for directory in directories:
            self.write(f'{directory}/vmlinuz-{self.old}',
                       image.replace(self.release.encode(), self.old.encode()))
            self.write(f'{directory}/initrd.img-{self.old}', INITRD)

    def unified(self, name):
        """Write a unified kernel image."""
        options = kernel_image.read_options([f'--release={self.release}', '--initrd-size=9000448'])
        self.write(f'boot/efi/EFI/Linux/{name}.efi', kernel_image.unified(options))


LAYOUTS = {}
def layout(function):
    LAYOUTS[function.__name__.replace('_', '-')] = function
    return function


def write_base(machine):
    """Write what installed.py installs: systemd-boot with an entry for the kernel, and kdump."""
    release = machine.release
    machine.copy(f'boot/vmlinuz-{release}', f'boot/efi/{machine.directory}/linux')
    machine.copy(f'boot/initrd.img-{release}',
                 f'boot/efi/{machine.directory}/initrd.img-{release}')
    machine.copy('etc/default/kexec', 'kexec.settings')
    machine.write('boot/efi/loader/loader.conf', 'timeout 1\n')
    machine.entry(name='debian')
    machine.set_variable('Selected', 'debian.conf')
    machine.copy(f'boot/initrd.img-{release}', f'var/lib/kdump/initrd.img-{release}')
    machine.copy('etc/kdump/sysctl.conf', f'var/lib/kdump/latest_sysctls-{release}')
    machine.link('var/lib/kdump/initrd.img', f'/var/lib/kdump/initrd.img-{release}')
    machine.link('var/lib/kdump/vmlinuz', f'/boot/vmlinuz-{release}')
    machine.write('sys/kernel/kexec_crash_loaded', '0\n')


@layout
def as_installed(machine):
    pass


# Boot loader entries, which systemctl kexec uses

@layout
def entry_with_two_initrds(machine):
    machine.entry('initrd /microcode.img', name='debian')


@layout
def entry_without_initrd(machine):
    machine.entry(name='debian', initrd='')


@layout
def entry_with_empty_initrd(machine):
    machine.entry('initrd', name='debian', initrd='')


@layout
def entry_of_program(machine):
    machine.entry('efi /EFI/tools/shell.efi', name='debian', linux='', initrd='')


@layout
def entry_without_image_file(machine):
    machine.entry(name='debian', linux='/gone/linux')


@layout
def entry_without_initrd_file(machine):
    machine.entry(name='debian', initrd='/gone/initrd.img')


@layout
def no_entry(machine):
    machine.remove(f'{ENTRIES}/debian.conf')


@layout
def grub(machine):
    machine.remove('boot/efi/loader', f'boot/efi/{ID}')
    machine.remove(f'{VARIABLES}LoaderEntrySelected{LOADER}')


@layout
def unified_image(machine):
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.unified('debian')
    machine.set_variable('Selected', 'debian.efi')


@layout
def unified_image_is_not_default(machine):
    machine.unified('another')
    machine.set_variable('Default', 'debian.conf')


@layout
def default_is_unified_image(machine):
    machine.unified('another')
    machine.set_variable('Default', 'another.efi')


@layout
def default_is_old_kernel(machine):
    machine.old_entry()
    machine.set_variable('Default', 'old.conf')


@layout
def one_shot_is_old_kernel(machine):
    machine.old_entry()
    machine.set_variable('Default', 'debian.conf')
    machine.set_variable('OneShot', 'old.conf')


@layout
def default_does_not_exist(machine):
    machine.old_entry()
    machine.set_variable('Default', 'gone.conf')


@layout
def pattern_in_loader_conf(machine):
    machine.old_entry()
    machine.write('boot/efi/loader/loader.conf', 'default ol*\n')


@layout
def saved_in_loader_conf(machine):
    machine.old_entry()
    machine.set_variable('Selected', 'old.conf')
    machine.write('boot/efi/loader/loader.conf', 'default @saved\n')


@layout
def variable_before_loader_conf(machine):
    machine.old_entry()
    machine.set_variable('Default', 'debian.conf')
    machine.write('boot/efi/loader/loader.conf', 'default old.conf\n')


@layout
def comment_in_loader_conf(machine):
    machine.old_entry()
    machine.write('boot/efi/loader/loader.conf', '# default old.conf\ntimeout 3\n')


@layout
def newest_is_default(machine):
    machine.old_entry()


@layout
def sort_key_before_release(machine):
    machine.old_entry('sort-key debian')


@layout
def no_tries_left(machine):
    machine.old_entry()
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.entry(name='debian+0-3')


@layout
def tries_left(machine):
    machine.old_entry()
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.entry(name='debian+2-1')


@layout
def entry_with_noefi(machine):
    machine.entry(name='debian', options='root=/dev/vda2 noefi')


@layout
def entry_with_noruntime(machine):
    machine.entry(name='debian', options='root=/dev/vda2 efi=noruntime')


@layout
def entry_with_two_lines_of_options(machine):
    machine.entry('options noefi', name='debian')


@layout
def other_entry_with_noefi(machine):
    machine.entry(name='other', options='root=/dev/vda2 noefi')
    machine.set_variable('Default', 'debian.conf')


@layout
def entry_without_options(machine):
    machine.write(f'{ENTRIES}/debian.conf', f'linux /{machine.directory}/linux\n')


@layout
def entry_without_slash(machine):
    machine.entry(name='debian', linux=f'{machine.directory}/linux',
                  initrd=f'{machine.directory}/initrd.img-{machine.release}')


@layout
def entry_with_blanks(machine):
    machine.write(f'{ENTRIES}/debian.conf',
                  f'# kernel\n\n  linux\t/{machine.directory}/linux  \n'
                  f'initrd \t /{machine.directory}/initrd.img-{machine.release}\n'
                  'options\troot=/dev/vda2 noefi\n')


@layout
def entry_with_carriage_returns(machine):
    path = f'{ENTRIES}/debian.conf'
    machine.write(path, (machine.root / path).read_text().replace('\n', '\r\n'))


@layout
def entry_without_newline(machine):
    path = f'{ENTRIES}/debian.conf'
    machine.write(path, (machine.root / path).read_text().rstrip('\n') + '\noptions noefi')


@layout
def entry_with_two_images(machine):
    machine.kernel('boot/efi/old')
    machine.entry(f'linux /old/vmlinuz-{machine.old}', name='debian')


@layout
def entry_in_capitals(machine):
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.entry(name='debian', suffix='CONF')


@layout
def keys_in_capitals(machine):
    machine.entry(name='debian', linux='', initrd='')
    machine.entry(f'LINUX /{machine.directory}/linux', name='old', linux='', initrd='')


@layout
def entry_of_other_architecture(machine):
    machine.entry('architecture aa64', name='debian')


@layout
def entry_on_boot_partition(machine):
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.entry(name='debian', where='boot/loader/entries', linux=f'/vmlinuz-{machine.release}',
                  initrd=f'/initrd.img-{machine.release}')


@layout
def hidden_entry(machine):
    machine.old_entry()
    machine.remove(f'{ENTRIES}/debian.conf')
    machine.entry(name='.debian')
    machine.set_variable('Selected', 'old.conf')


# /etc/default/kexec, which kexec-load-kernel uses

@layout
def image_of_old_kernel(machine):
    machine.kernel('boot')
    machine.settings(f'KERNEL_IMAGE=/boot/vmlinuz-{machine.old}\nINITRD=/boot/initrd.img-{machine.old}')


@layout
def link_to_old_kernel(machine):
    machine.kernel('boot')
    machine.link('vmlinuz', f'boot/vmlinuz-{machine.old}')
    machine.link('initrd.img', f'boot/initrd.img-{machine.old}')


@layout
def settings_without_initrd(machine):
    machine.settings('INITRD=')


@layout
def append_with_noefi(machine):
    machine.settings('APPEND="root=/dev/vda2 noefi"')


@layout
def append_with_expansion(machine):
    machine.settings('APPEND="$(cat /proc/cmdline) noefi"')


@layout
def grub_append_with_expansion(machine):
    grub(machine)
    append_with_expansion(machine)


@layout
def grub_append_with_noefi(machine):
    grub(machine)
    machine.settings('APPEND="root=/dev/vda2 noefi"')


@layout
def grub_link_to_old_kernel(machine):
    grub(machine)
    link_to_old_kernel(machine)


@layout
def load_kexec(machine):
    grub(machine)
    machine.settings('LOAD_KEXEC=true')


@layout
def image_is_missing(machine):
    machine.settings('KERNEL_IMAGE=/boot/gone')


@layout
def initrd_is_missing(machine):
    machine.settings('INITRD=/boot/gone')


@layout
def grub_initrd_is_missing(machine):
    grub(machine)
    machine.settings('INITRD=/boot/gone')


@layout
def no_links(machine):
    machine.remove('vmlinuz', 'initrd.img')


@layout
def link_without_image(machine):
    grub(machine)
    machine.link('vmlinuz', f'boot/vmlinuz-{machine.old}')


@layout
def snippet(machine):
    grub(machine)
    machine.write('etc/default/kexec.d/local', 'APPEND="root=/dev/vda2 noefi"\n')


@layout
def snippet_that_is_ignored(machine):
    grub(machine)
    machine.write('etc/default/kexec.d/local.bak', 'APPEND="root=/dev/vda2 noefi"\n')


@layout
def image_by_variable(machine):
    grub(machine)
    machine.kernel('boot')
    machine.settings(f'V={machine.old}\nKERNEL_IMAGE=/boot/vmlinuz-$V\nINITRD=/boot/initrd.img-${{V}}')


@layout
def image_by_command(machine):
    grub(machine)
    machine.kernel('boot')
    machine.settings(f'KERNEL_IMAGE=/boot/vmlinuz-$(echo {machine.old})')


@layout
def grub_configuration(machine):
    grub(machine)
    machine.write('boot/grub/grub.cfg', f"set default=\"0\"\nmenuentry 'Debian' {{\n"
                  f'\tlinux\t/boot/vmlinuz-{machine.release} root=/dev/vda2 noefi\n'
                  f'\tinitrd\t/boot/initrd.img-{machine.release}\n}}\nmenuentry "x" {{\n}}\n'
                  '### END\n')
    machine.settings('USE_GRUB_CONFIG=true')


@layout
def grub_with_noefi(machine):
    grub(machine)
    machine.add_parameters('noefi')


# /etc/default/kdump-tools

@layout
def kdump_is_off(machine):
    machine.kdump('USE_KDUMP=0')


@layout
def kdump_is_unset(machine):
    machine.kdump('unset USE_KDUMP')


@layout
def kdump_image_is_missing(machine):
    machine.kdump('KDUMP_KERNEL=/boot/gone')


@layout
def kdump_initrd_is_missing(machine):
    machine.kdump(f'KDUMP_KERNEL=/boot/vmlinuz-{machine.release}\nKDUMP_INITRD=/boot/gone')


@layout
def kdump_without_names(machine):
    machine.kdump('KDUMP_KERNEL=\nKDUMP_INITRD=')


@layout
def kdump_without_names_and_initrd(machine):
    kdump_without_names(machine)
    machine.remove(f'boot/initrd.img-{machine.release}')


@layout
def kdump_of_fixed_kernel(machine):
    kdump_without_names(machine)
    path = f'boot/config-{machine.release}'
    machine.write(path, (machine.root / path).read_text().replace(
        'CONFIG_RELOCATABLE=y', '# CONFIG_RELOCATABLE is not set'))


@layout
def kdump_of_old_kernel(machine):
    machine.kernel('boot')
    machine.kdump(f'KDUMP_KERNEL=/boot/vmlinuz-{machine.old}\nKDUMP_INITRD=/boot/initrd.img-{machine.old}')


@layout
def kdump_image_without_initrd(machine):
    machine.kdump('KDUMP_INITRD=')


@layout
def kdump_links_are_missing(machine):
    machine.remove('var/lib/kdump/vmlinuz', 'var/lib/kdump/initrd.img')


@layout
def kdump_links_to_old_kernel(machine):
    machine.kernel('boot')
    machine.kernel('var/lib/kdump')
    machine.link('var/lib/kdump/vmlinuz', f'/boot/vmlinuz-{machine.old}')
    machine.link('var/lib/kdump/initrd.img', f'/var/lib/kdump/initrd.img-{machine.old}')


@layout
def kdump_initrd_was_never_made(machine):
    machine.remove('var/lib/kdump/initrd.img', f'var/lib/kdump/initrd.img-{machine.release}')


@layout
def kdump_cmdline(machine):
    machine.kdump('KDUMP_CMDLINE="root=/dev/vda2 noefi"')


@layout
def kdump_append(machine):
    machine.kdump('KDUMP_CMDLINE_APPEND="$KDUMP_CMDLINE_APPEND noefi"')


@layout
def kdump_append_with_command(machine):
    machine.kdump('KDUMP_CMDLINE_APPEND="nr_cpus=1 noefi $(echo reset_devices)"')


@layout
def kdump_of_noefi(machine):
    machine.add_parameters('noefi')


@layout
def kdump_removes_noefi(machine):
    machine.add_parameters('noefi')
    machine.kdump('KDUMP_CMDLINE="root=/dev/vda2"')


@layout
def kdump_with_file_load(machine):
    machine.kdump('KDUMP_KEXEC_ARGS="-s"')


@layout
def kdump_with_old_call(machine):
    machine.kdump('KDUMP_KEXEC_ARGS="-c --noefi"')


@layout
def kdump_without_reservation(machine):
    machine.write('proc/cmdline', machine.read('proc/cmdline').replace('crashkernel=', 'x='))
    machine.write('sys/kernel/kexec_crash_size', '0\n')
    machine.write('proc/iomem', ''.join(
        line for line in machine.read('proc/iomem').splitlines(keepends=True)
        if 'Crash' not in line))


@layout
def kdump_without_settings(machine):
    machine.remove('etc/default/kdump-tools')


@layout
def kdump_with_secure_boot(machine):
    for name, value in (('SecureBoot', 1), ('SetupMode', 0)):
        machine.write(f'{VARIABLES}{name}-8be4df61-93ca-11d2-aa0d-00e098032b8c',
                      b'\6\0\0\0' + bytes([value]))
