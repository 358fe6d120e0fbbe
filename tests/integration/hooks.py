#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the hooks of kdump-utils, SUSE's kdump and dracut.

usage: hooks.py EFIMAPCTL BUILD [CASE...]
"""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from common import (HERE, INTEGRATION, SYSTEM_PATH, Skip, expect, main, need_namespaces,
                    need_program, read, write)
import namespace  # common adds the directory to the search path.

BOOT_ID = '0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4902'
CRASH = 'ovmf-q35-6.1-crash-second'
OWN_ROOT = shlex.quote(os.path.join(HERE, 'own-root.sh'))
PRE, POST = f'{INTEGRATION}/kdump/pre.d', f'{INTEGRATION}/kdump/post.d'
OWN_RUN = 'mount -t tmpfs tmpfs /run\n'
KEEP_RUN = 'trap \'cp -R /run/. "$temp/run"\' EXIT\n"$@" || s=$?\nexit ${s:-0}\n'


def own_root(case, hook_file, setup, capture=None):
    """Run a hook with its default paths in a separate root directory. The files that it writes are
    then in left/."""
    if not os.path.islink('/bin'):
        raise Skip('a system whose /bin is in /usr')
    shutil.rmtree(case.path('left'), ignore_errors=True)
    return case.running(capture or case.capture(CRASH, BOOT_ID), ['0'],
                        f'hook={shlex.quote(hook_file)}\n. {OWN_ROOT}\n{setup}run_hook "$@"\n')


def entries(case, snapshot):
    done = case.run([case.tool, 'dump', '-q', '--raw', '-n', snapshot])
    expect(done.returncode == 0, f'{snapshot}: {done.stderr}')
    return len(done.stdout.splitlines())


def pre(case, setup='', capture=None):
    os.makedirs(case.path('run'), exist_ok=True)
    return case.running(capture or case.capture(CRASH, BOOT_ID), [PRE],
                        OWN_RUN + setup + KEEP_RUN)


def post(case, *arguments, env=()):
    """Run post.d with files of the case instead of files of the initramfs."""
    return case.run([POST, *arguments], {
        'EFIMAPCTL_SNAPSHOT': case.path('run/efimap-kdump.json'),
        'EFIMAPCTL_KDUMP_CONF': case.path('kdump.conf'),
        'EFIMAPCTL_MOUNTS': case.path('mounts'),
        'NEWROOT': case.path('sysroot'), **dict(env)})


def case_kdump_pre(case):
    done = pre(case)
    expect(done.returncode == 0 and not done.stderr, done.stderr)
    count = entries(case, case.path('run/efimap-kdump.json'))
    lines = done.stdout.splitlines()
    expect(count > 3 and len(lines) == count, f'{count} entries, said {done.stdout}')
    expect(re.fullmatch(r'0 \d+ 0x[0-9a-f]+ 0x[0-9a-f]+ \d+ 0x[0-9a-f]+', lines[0]), lines[0])


def quick(case, path):
    """Write a copy of a script with time limits of one second, and return its path. Check that each
    call of the tool has a limit."""
    text, count = re.subn(r'timeout -k \d+ \d+ efimapctl ', 'timeout -k 1 1 efimapctl ', read(path))
    expect(count and count == len(re.findall(r'efimapctl (?:snapshot|dump)', text)), text)
    write(case.path('quick'), text, 0o755)
    return case.path('quick')


def case_hang(case):
    """If a read never returns, the hooks end."""
    capture = case.capture(CRASH, BOOT_ID)
    case.hang()
    os.makedirs(case.path('run'))
    done = case.running(capture, [quick(case, PRE)], OWN_RUN + KEEP_RUN)
    expect(done.returncode == 0 and not os.listdir(case.path('run')),
           f'{done} {os.listdir(case.path("run"))}')


def case_stopped(case):
    """With the timeout(1) of coreutils and of busybox, pre.d ends if the tool is stopped or
    sleeps in its own session."""
    limits = {'coreutils': ''}
    if shutil.which('busybox', path=SYSTEM_PATH):
        limits['busybox'] = 'mount --bind "$(command -v busybox)" /usr/bin/timeout\n'
    os.makedirs(case.path('run'))
    for why, text in (('stopped', 'kill -STOP $$\n'), ('session', 'exec setsid -w sleep 60\n')):
        case.program('efimapctl', text)
        for name, limit in limits.items():
            done = case.running(case.capture(CRASH, BOOT_ID), [quick(case, PRE)],
                                OWN_RUN + limit + KEEP_RUN, timeout=30)
            expect(done.returncode == 0, f'{why}, {name}: {done}')


def case_no_timeout(case):
    """Without timeout(1), pre.d writes nothing."""
    without = 'for file in /usr/bin/timeout; do mount --bind /dev/null $file; done\n'
    done = pre(case, without)
    expect(done.returncode == 0 and 'timeout: ' in done.stderr, done.stderr)
    expect(not os.path.exists(case.path('run/efimap-kdump.json')),
           'a snapshot was written without timeout(1)')


def case_kdump_pre_bad(case):
    """pre.d succeeds in each broken environment, and leaves either a complete file or no file."""
    bad = {
        'full /run': 'dd if=/dev/zero of=/run/fill bs=4k 2>/dev/null || :\n',
        'read-only /run': 'mount -o remount,ro /run\n',
        'no /proc': 'mount -t tmpfs tmpfs /proc\n',
        'no /sys': 'mount -t tmpfs tmpfs /sys\n',
        'no tool': 'mount -t tmpfs tmpfs "$temp/bin"\n',
        'no output': 'exec >/dev/full 2>&1\n',
    }
    capture = case.capture(CRASH, BOOT_ID)
    for name, setup in bad.items():
        shutil.rmtree(case.path('run'), ignore_errors=True)
        done = pre(case, 'mount -t tmpfs -o size=64k tmpfs /run\n' + setup, capture)
        expect(done.returncode == 0, f'{name}: {done.returncode}: {done.stderr}')
        left = [n for n in os.listdir(case.path('run')) if n not in ('fill', 'mount')]
        expect(left in ([], ['efimap-kdump.json']), f'{name}: left {left}')
        if left:
            entries(case, case.path('run/efimap-kdump.json'))


def prepare_post(case, place):
    """Create a snapshot as pre.d does, and a newer dump below a directory. Return the path to which
    post.d must copy the snapshot."""
    case.snapshot(case.capture(CRASH, BOOT_ID), case.path('run/efimap-kdump.json'))
    write(case.path(place, '127.0.0.1-2026-11-20-11:00:00/vmcore'), 'core')
    return case.path(place, '127.0.0.1-2026-11-20-11:00:00/efimap-kdump.json')


def case_kdump_post(case):
    where = prepare_post(case, 'sysroot/var/crash')
    done = post(case, '0')
    expect(done.returncode == 0 and not done.stderr, done.stderr)
    expect(read(where) == read(case.path('run/efimap-kdump.json')),
           'the copied snapshot differs from the one in /run')
    expect(os.stat(where).st_mode & 0o777 == 0o600, 'other users may read the snapshot')


def case_kdump_post_path(case):
    """post.d uses the last "path" of kdump.conf, on the file system where this path exists."""
    write(case.path('kdump.conf'), '# path /no\npath /first\nnfs server:/x\npath /dumps/here\n')
    for name in ('kdump root', 'kdump 2', 'kdump\\2', 'kdump\\0402'):
        root = case.path(name)
        # /proc/mounts contains the octal codes of a backslash and a space.
        mount = root.replace('\\', '\\134').replace(' ', '\\040')
        write(case.path('mounts'), f'rootfs / rootfs rw 0 0\n/dev/sdb1 {mount} xfs rw 0 0\n')
        where = prepare_post(case, f'{name}/dumps/here')
        done = post(case, '0')
        expect(done.returncode == 0 and os.path.isfile(where),
               f'{name}: {done.stdout}{done.stderr}')


def case_kdump_post_places(case):
    """The default paths are /run, /etc/kdump.conf, /proc/mounts, /sysroot and /var/crash."""
    case.snapshot(case.capture(CRASH, BOOT_ID), case.path('run/efimap-kdump.json'))
    prepare = 'cp "$temp/run/efimap-kdump.json" "$root/run"\n'
    for place, setup in (
            ('sysroot/var/crash', ''),
            ('disk/dumps', 'echo path /dumps >"$root/etc/kdump.conf"\n'
             'mount -t tmpfs tmpfs "$root/disk"\n')):
        dump = f'$root/{place}/127.0.0.1-2026-11-20-11:00:00'
        done = own_root(case, POST, f'{prepare}{setup}mkdir -p "{dump}"\n>"{dump}/vmcore"\n')
        expect(done.returncode == 0 and not done.stderr, done.stderr)
        where = case.path('left', place, '127.0.0.1-2026-11-20-11:00:00/efimap-kdump.json')
        expect(os.path.exists(where) and read(where) == read(case.path('run/efimap-kdump.json')),
               f'{place}: {done.stdout}')


def case_kdump_post_bad(case):
    """Without a dump, snapshot, crash directory or tool, post.d succeeds and writes nothing."""
    def succeeds(what, env=()):
        done = post(case, '1', env=env)
        expect(done.returncode == 0,
               f'{what}: expected status 0, found {done.returncode}: {done.stderr}')

    where = prepare_post(case, 'sysroot/var/crash')
    core = os.path.join(os.path.dirname(where), 'vmcore')
    os.utime(core, (1, 1))
    succeeds('the dump is old')
    os.remove(core)
    succeeds('the dump is missing')
    succeeds('the tool is missing', {'PATH': '/usr/bin:/bin'})
    shutil.rmtree(case.path('sysroot'))
    succeeds('the crash directory is missing')
    os.remove(case.path('run/efimap-kdump.json'))
    succeeds('the snapshot is missing')
    expect(not os.path.exists(where), 'post.d wrote a file')


def sysconfig(case):
    text = read(f'{case.build}/integration/kdump/suse.sysconfig')
    names = ('KDUMP_REQUIRED_PROGRAMS', 'KDUMP_PRESCRIPT', 'KDUMP_POSTSCRIPT')
    script = text + ''.join(f'printf "%s\\n" "${name}"\n' for name in names)
    done = case.run(['bash', '-euc', script])
    expect(done.returncode == 0, done.stderr)
    return done.stdout.splitlines()


def case_suse(case):
    """SUSE's kdump-save evaluates KDUMP_PRESCRIPT and KDUMP_POSTSCRIPT. In the latter, DIR is the
    dump's directory."""
    programs, before, after = sysconfig(case)
    names = [os.path.basename(program) for program in programs.split()]
    expect(names == ['efimapctl', 'timeout'], programs)
    expect(all(os.path.isabs(program) for program in programs.split()), programs)
    expect(all('timeout -k 5 20 efimapctl ' in line for line in (before, after)), before + after)
    os.makedirs(case.path('run'))
    os.makedirs(case.path('kdump/mnt/var/crash/2026-11-20-11-00'))
    done = case.running(case.capture(CRASH, BOOT_ID), [
        'bash', '-c', 'eval "$1"; DIR=$3; echo core >"$DIR/vmcore"; eval "$2"; echo "done $?"',
        'bash', before, after, case.path('kdump/mnt/var/crash/2026-11-20-11-00')],
        OWN_RUN + KEEP_RUN)
    expect(done.stdout == 'done 0\n', f'{done.stdout}{done.stderr}')
    entries(case, case.path('kdump/mnt/var/crash/2026-11-20-11-00/efimap-kdump.json'))


def case_ends(case):
    """Whichever way efimapctl ends, the hooks in a crash kernel succeed."""
    for text in ('exit 1\n', 'exit 255\n', "printf '\\0{\\xff\\n'\n", 'kill -SEGV $$\n',
                 'kill -KILL $$\n', None):
        if text:
            case.program('efimapctl', text)
        else:
            os.remove(case.tool)
        for path in (PRE, POST):
            write(case.path('snapshot'), '')
            os.makedirs(case.path('sysroot/var/crash'), exist_ok=True)
            done = case.running(case.capture(CRASH), [path], OWN_RUN, env={
                'EFIMAPCTL_SNAPSHOT': case.path('snapshot'), 'NEWROOT': case.path('sysroot')})
            expect(done.returncode == 0, f'{path}, {text}: {done}')


def case_dracut(case):
    need_program('dracut')
    if not os.path.isdir('/usr/lib/dracut/modules.d'):
        raise Skip('the modules of dracut')
    need_namespaces()
    # Mount dracut's modules and ours together on dracut's directory. Hide an installed efimapctl.
    setup = ('mkdir -p "$temp/modules"\n'
             'cp -R /usr/lib/dracut/modules.d/. "$temp/modules"\n'
             f'cp -R {shlex.quote(INTEGRATION)}/dracut/50efimapctl "$temp/modules"\n'
             'mount --bind "$temp/modules" /usr/lib/dracut/modules.d\n'
             'for tool in /usr/sbin/efimapctl /usr/bin/efimapctl; do\n'
             '[ ! -e $tool ] || mount --bind /dev/null $tool\ndone\n')
    # Build an initramfs without kernel modules or data of this machine, and with only the required
    # dracut modules.
    modules = {re.sub('^[0-9]+', '', name) for name in os.listdir('/usr/lib/dracut/modules.d')}
    dracut = ['dracut', '--no-kernel', '--no-hostonly', '--force', '--no-compress', '--tmpdir',
              case.temp, '--omit', ' '.join(sorted(modules - {'base', 'efimapctl'}))]
    needed = set(re.findall(r'NEEDED.*\[(.*)\]', case.run(['readelf', '-d', case.tool]).stdout))
    expect(needed, 'readelf printed no libraries')
    path, crash = '/sbin /bin /usr/sbin /usr/bin', {'IN_KDUMP': '1'}
    for number, (env, words, wanted) in enumerate((
            (crash, [], True), ({}, [], False), ({}, ['--add', 'efimapctl'], True),
            ({**crash, 'DRACUT_PATH': path, 'PATH': SYSTEM_PATH}, [], False))):
        image = case.path(f'initramfs-{number}')
        done = case.running(case.path('.'), [*dracut, *words, image, '6.1.0-test'], setup,
                            env={'DRACUT_PATH': f'{case.bin} {path}', **env})
        expect(os.path.exists(image) and 'ERROR' not in done.stderr,
               f'{done.stdout}{done.stderr}')
        listing = case.run(['sh', '-c', 'cpio -t <"$1"', 'sh', image]).stdout
        expect(('bin/efimapctl\n' in listing) == wanted,
               f'{env} {words}: wanted {wanted}: {done.stderr}')
        # Do not check that timeout is absent, because other modules may also install it.
        expect('bin/timeout\n' in listing or not wanted,
               f'{env} {words}: the initramfs lacks timeout')
        names = {os.path.basename(name) for name in listing.split()}
        expect(not wanted or needed <= names,
               f'{env} {words}: the initramfs lacks the libraries {needed - names}')
        if wanted:
            done = case.run(namespace.command(
                'sh', '-euc', 'mkdir "$1.d"; cd "$1.d"; cpio -id --quiet --no-preserve-owner '
                '<"$1" 2>/dev/null || :\nexec chroot . efimapctl --version', 'sh', image))
            expect(done.stdout.startswith('efimapctl '),
                   f'efimapctl does not run in the initramfs: {done.stdout}{done.stderr}')


def slow_snapshot(case, signal_number):
    """Send a signal during the slow fsync of a snapshot. Return the files of the store."""
    need_program('strace')
    if case.run(['strace', '-f', '-e', 'trace=fsync', 'true']).returncode:
        raise Skip('strace with the permission to trace')
    capture = case.capture(CRASH, BOOT_ID)
    store = case.path('store')
    shutil.rmtree(store, ignore_errors=True)
    os.makedirs(store)
    with subprocess.Popen(
            ['strace', '-f', '-o', case.path('trace'), '-e', 'trace=fsync', '-e',
             'inject=fsync:delay_enter=400000', case.tool, 'snapshot',
             f'--output-file={store}/{BOOT_ID}.json', capture], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 400
        while not os.listdir(store):
            expect(process.poll() is None and time.monotonic() < deadline,
                   'no snapshot was started')
            time.sleep(0.02)
        time.sleep(0.1)
        tracee = int(subprocess.run(['pgrep', '-P', str(process.pid)], capture_output=True,
                                    text=True, check=False).stdout.split()[0])
        os.kill(tracee, signal_number)
        process.wait()
    time.sleep(2)
    return os.listdir(store)


def case_signals(case):
    left = slow_snapshot(case, signal.SIGTERM)
    expect(left == [f'{BOOT_ID}.json'], f'SIGTERM: expected a complete snapshot, found {left}')
    entries(case, case.path('store', f'{BOOT_ID}.json'))
    left = slow_snapshot(case, signal.SIGKILL)
    expect(f'{BOOT_ID}.json' in left or left and left[0].startswith(f'{BOOT_ID}.json.'),
           f'SIGKILL: {left}')
    case.install()
    done = case.running(case.capture(CRASH, BOOT_ID),
                        [case.path('bin/efimapctl-store'), case.path('store')])
    expect(done.returncode == 0 and os.listdir(case.path('store')) == [f'{BOOT_ID}.json'],
           f'{os.listdir(case.path("store"))}: {done.stderr}')


def case_store(case):
    """The store keeps the eight newest snapshots with an ending, and the new one in any case."""
    case.install()
    store = case.path('store')
    others = [f'{BOOT_ID[:-2]}{n:02x}.json' for n in range(0x80, 0x8a)]
    kept = ['x.json', f'{BOOT_ID}.kdump.json', f'{BOOT_ID[:-1]}.json', 'a b.json']
    for age, name in enumerate(others):
        write(f'{store}/{name}', '{}')
        os.utime(f'{store}/{name}', (4e9 - age, 4e9 - age))
    for name in kept:
        write(f'{store}/{name}', '{}')
    done = case.running(case.capture(CRASH, BOOT_ID), [case.path('bin/efimapctl-store'), store])
    expect(done.returncode == 0, done.stderr)
    left = sorted(os.listdir(store))
    expect(left == sorted([f'{BOOT_ID}.json', *others[:7], *kept]), left)


def case_memory(case):
    """The tool needs less than 64 MiB of a crash kernel's 192 MiB of memory."""
    capture = case.capture(CRASH, BOOT_ID)
    done = case.run(['sh', '-c', 'ulimit -v 65536; exec "$0" "$@"', case.tool, 'snapshot',
                     f'--output-file={case.path("snapshot")}', capture])
    if 'AddressSanitizer' in done.stderr or 'Shadow' in done.stderr:
        raise Skip('a build without AddressSanitizer')
    expect(done.returncode == 0, done.stderr)
    json.loads(read(case.path('snapshot')))


if __name__ == '__main__':
    sys.exit(main())
