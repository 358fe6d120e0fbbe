# SPDX-License-Identifier: GPL-2.0-or-later
"""Create a Debian root file system with mmdebstrap, and boot a copy of it in QEMU."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import guest
import suites

# The kernel, the packages that are required to boot it and to save a dump, and the dependencies of
# efimapctl
COMMON = ('systemd-sysv', 'udev', 'kmod', 'linux-image-amd64', 'kexec-tools', 'makedumpfile',
          'file', 'procps', 'libjansson4', 'libsysfs2',
          'zlib1g')
# The packages of a newly installed Debian system without kdump
NEW = ('systemd-sysv', 'udev', 'linux-image-amd64', 'initramfs-tools')
# Modules of the initramfs for QEMU's devices and the root file system, which are listed because
# automatic detection would select the modules of the host. Some kernels lack crc32c_generic.
MODULES = ('virtio_pci', 'virtio_blk', 'ext4', 'crc32c_generic')
# Kernel parameters that extend systemd's default start timeout of 90 seconds, which a unit can
# exceed on a busy host. A crash kernel inherits them.
PATIENCE = ('systemd.default_timeout_start_sec=1200 systemd.default_device_timeout_sec=1200 '
            'systemd.service_watchdogs=no')


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise RuntimeError(f'{command[0]}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def chroot(root, command):
    return run(['unshare', '--mount', 'sh', '-euc',
                'mount -t proc proc "$1/proc"; mount -t sysfs sysfs "$1/sys"\n'
                'mount --bind /dev "$1/dev"; exec chroot "$1" sh -euc "$2"',
                'sh', str(root), command], env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin'})


def made(suite, packages, common=COMMON):
    """Return the cached root directory of a Debian system with the packages. Create the directory
    if it does not exist."""
    packages = common + packages
    name = hashlib.sha256(' '.join((suite, *packages)).encode()).hexdigest()[:16]
    root = guest.CACHE / f'debian-kdump-{name}'
    if root.exists():
        return root
    guest.need('/usr/bin/mmdebstrap', 'mmdebstrap')
    if os.geteuid() != 0:
        raise guest.Missing('root privileges, which mmdebstrap needs')
    guest.CACHE.mkdir(parents=True, exist_ok=True)
    temp = pathlib.Path(tempfile.mkdtemp(dir=guest.CACHE))
    # kdump-tools creates an initramfs when it is installed. By default, this initramfs has the
    # modules of the host, and its creation fails if the host's kernel has no modules.
    list_modules = ('cd "$1/etc"; mkdir -p initramfs-tools/conf.d; '
                    'echo MODULES=list >initramfs-tools/conf.d/e2e')
    print(f'creating the root file system of Debian {suite} in the cache', flush=True)
    try:
        run(['mmdebstrap', '--variant=minbase', '--format=directory',
             '--aptopt=Acquire::Check-Valid-Until "false"', '--include=' + ','.join(packages),
             *[f'--essential-hook={list_modules}'] * ('kdump-tools' in packages),
             suite, str(temp / 'root'),
             f'deb [signed-by={suites.KEY}] {suites.mirror()} {suite} main'])
        (temp / 'root').rename(root)
    finally:
        shutil.rmtree(temp)
    return root


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def build_into(root, build, source, *options):
    options = ['--prefix=/usr', '--buildtype=release', *options]
    if (build / 'build.ninja').exists():
        run(['meson', 'configure', str(build), *options])
    else:
        run(['meson', 'setup', str(build), str(source), *options])
    # Regenerate build.ninja first, because the list of targets may have changed.
    run(['ninja', '-C', str(build), 'build.ninja'])
    targets = json.loads(run(['meson', 'introspect', '--targets', str(build)]))
    wanted = [os.path.relpath(name, build) for target in targets if target['installed']
              for name in target['filename']]
    run(['ninja', '-C', str(build), *wanted])
    run(['meson', 'install', '-C', str(build), '--no-rebuild', '--destdir', str(root)])


def install(root, source, integrations):
    source = pathlib.Path(source)
    build_into(root, source / 'build-e2e-kdump', source, f'-Dintegration={integrations}',
               '-Ddracutmodulesdir=/usr/lib/dracut/modules.d')


def provide(root, packages, command):
    """Copy packages to /packages in a root directory. Download the other packages that an apt
    command installs."""
    (root / 'packages').mkdir()
    for deb in packages.glob('*.deb'):
        shutil.copy(deb, root / 'packages')
    if not list((root / 'packages').iterdir()):
        raise guest.Missing(f'packages in {packages}, which scripts/package --keep=DIR writes')
    shutil.copy('/etc/resolv.conf', root / 'etc/resolv.conf')
    chroot(root, 'apt-get -q update; cd /packages; '
                 f'{command.replace("apt ", "apt-get -q -y --download-only ")}')


def has_tool(root, image, unpack):
    with tempfile.TemporaryDirectory(dir=root) as temp:
        there = '/' + os.path.basename(temp)
        chroot(root, f'cd {there}; {unpack.format(image=image)} >/dev/null 2>&1')
        return any(pathlib.Path(temp).rglob('bin/efimapctl'))


def boot(root, version, temp, timeout, append='crashkernel=384M'):
    """Boot a root directory until the machine powers off or exceeds the time limit. Return the
    files that it sent, its console, and a list of errors.

    append: kernel parameters
    """
    options, code, variables = guest.MACHINES['q35']
    image = temp / 'disk'
    run(['mke2fs', '-q', '-t', 'ext4', '-d', str(root), str(image), '4G'])
    shutil.copy(guest.need(guest.OVMF / variables, 'ovmf'), temp / 'vars')
    command = ['qemu-system-x86_64', *options, '-accel', 'tcg', '-cpu', guest.CPU,
               '-m', '2048', '-display', 'none', '-net', 'none',
               '-kernel', str(root / f'boot/vmlinuz-{version}'),
               '-initrd', str(root / f'boot/initrd.img-{version}'),
               '-append', f'root=/dev/vda rw {guest.CONSOLE} {append} {PATIENCE}',
               '-drive', f'if=virtio,format=raw,file={image},cache=unsafe',
               '-drive', 'if=pflash,format=raw,unit=0,readonly=on,'
                         f'file={guest.need(guest.OVMF / code, "ovmf")}',
               '-drive', f'if=pflash,format=raw,unit=1,file={temp / "vars"}',
               '-serial', f'file:{temp / "console"}', '-serial', f'file:{temp / "out"}']
    wrong = []
    try:
        subprocess.run(command, timeout=timeout, stdin=subprocess.DEVNULL, check=True)
    except subprocess.TimeoutExpired:
        wrong.append(f'the machine did not power off within {timeout} seconds')
    console = (temp / 'console').read_text(errors='replace')
    return guest.received((temp / 'out').read_text(errors='replace')), console, wrong
