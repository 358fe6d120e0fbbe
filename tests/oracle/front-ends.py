#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the answers of efimapctl with what the programs of Debian 13 load.

usage: front-ends.py EFIMAPCTL FIXTURES [-v] [LAYOUT...]

Each layout is a Debian 13 system with other boot loader entries, settings or files. In a mount
namespace, efimapctl examines it as the running system. Then systemctl kexec, kexec-load-kernel and
kdump-config run, and kexec-tools reads the files that they name. Because kexec runs without
CAP_SYS_BOOT, Linux refuses each load that kexec-tools accepts. The answers for a redacted snapshot
must be the same.
"""
import filecmp
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from layouts import LAYOUTS, LISTED, Machine, write_base
from machine import skip

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'tools'), str(HERE.parent / 'e2e')]
import debian  # noqa: E402 pylint: disable=wrong-import-position
import guest  # noqa: E402 pylint: disable=wrong-import-position
import installed  # noqa: E402 pylint: disable=wrong-import-position
import kernel_log  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position
import recorded_tree  # noqa: E402 pylint: disable=wrong-import-position

SYSTEM = 'debian-13-systemd-boot-kdump'
# Files of /proc that the layouts replace
PROC = ('cmdline', 'cpuinfo', 'iomem', 'meminfo', 'version')
# kexec-tools accepts the files, and Linux refuses the load, because root lacks CAP_SYS_BOOT.
ACCEPTED = ('load failed: (Operation not permitted|Function not implemented)|open /proc/kcore|'
            'not available')
PAGE = 4096
# The words of answers that do not say that the load works
REFUSED = ('refused', 'no-dump', 'not-set-up', 'unknown')
OFF = re.compile(' (noefi|efi=noruntime) ')
# The programs that are replaced for the front ends. kdump-tools makes no initrd in a chroot.
REPLACED = {'uname': '#!/bin/sh\ncase $1 in -m) echo x86_64 ;; *) echo RELEASE ;; esac\n',
            'ischroot': '#!/bin/sh\nexit 1\n',
            'mkinitramfs': '''#!/bin/sh
while [ "$1" != -o ]; do shift; done
cp /boot/initrd.img-RELEASE "$2"
''',
            'kexec-wrapper': f'''#!/bin/sh
printf '%s\\0' "$@" >/run/kexec.words
/run/kexec "$@" >/run/kexec.output 2>&1
grep -qE '{ACCEPTED}' /run/kexec.output && exit 0
cat /run/kexec.output >&2
exit 1
'''}


def mount_machine(base, name, fixtures):
    """Mount the system of a layout at /mnt/root, and write its state. Return the machine and the
    lines of its kernel log."""
    temp = pathlib.Path('/mnt')
    namespace.mount('tmpfs', str(temp), 'tmpfs')
    for part in ('upper', 'work', 'root', 'state'):
        (temp / part).mkdir()
    debian.run(['mount', '-t', 'overlay', '-o',
                f'lowerdir={base},upperdir={temp}/upper,workdir={temp}/work', 'overlay',
                str(temp / 'root')])
    # systemd ignores a boot partition on the file system of the EFI system partition.
    (temp / 'root/boot/efi').mkdir(exist_ok=True)
    namespace.mount('tmpfs', str(temp / 'root/boot/efi'), 'tmpfs')
    release = next((temp / 'root/lib/modules').iterdir()).name
    snapshot = (fixtures / 'real' / f'{SYSTEM}-first' /
                'sos_commands/efimap/efimapctl_snapshot.json')
    log = recorded_tree.write_tree(snapshot, temp / 'state')
    recorded = (temp / 'state/proc/version').read_text().split()[2]
    for path in ('proc/version',):
        file = temp / 'state' / path
        file.write_text(file.read_text().replace(recorded, release))
    machine = Machine(temp / 'root', temp / 'state', release)
    write_base(machine)
    LAYOUTS[name](machine)
    return machine, [line.replace(recorded, release) for line in log]


def enter(machine, log):
    """Make the machine the running system. Return the descriptor of its kernel log."""
    root, state = str(machine.root), str(machine.state)
    namespace.mount('proc', f'{root}/proc', 'proc')
    for name in PROC:
        namespace.bind(f'{state}/proc/{name}', f'{root}/proc/{name}')
    namespace.mount('tmpfs', f'{root}/tmp', 'tmpfs')
    for directory in ('sys/kernel', 'sys/vm'):
        top = pathlib.Path(state, 'proc', directory)
        for file in [path for path in top.rglob('*') if path.is_file()]:
            target = f'{root}/proc/{file.relative_to(state + "/proc")}'
            if os.path.exists(target):
                namespace.bind(str(file), target)
    namespace.bind(f'{state}/sys', f'{root}/sys')
    if os.path.exists('/proc/config.gz'):
        with open(f'{root}/boot/config-{machine.release}', 'rb') as file:
            (machine.state / 'config.gz').write_bytes(gzip.compress(file.read()))
        namespace.bind(f'{state}/config.gz', f'{root}/proc/config.gz')
    for path in ('run', 'dev', 'mnt'):
        namespace.mount('tmpfs', f'{root}/{path}', 'tmpfs')
    for name in ('null', 'zero', 'urandom', 'random'):
        pathlib.Path(root, 'dev', name).touch()
        namespace.bind(f'/dev/{name}', f'{root}/dev/{name}')
    kernel_log.make_log(f'{root}/dev/kmsg', log)
    shutil.copy(sys.argv[1], f'{root}/run/efimapctl')
    shutil.copy(f'{root}/usr/sbin/kexec', f'{root}/run/kexec')
    shutil.move(f'{root}/kexec.settings', f'{root}/run')
    for name, text in REPLACED.items():
        debian.write(pathlib.Path(root, 'run', name), text.replace('RELEASE', machine.release), 0o755)
    os.chroot(root)
    os.chdir('/')
    namespace.drop_capabilities()


def run(*words, **environment):
    return subprocess.run(words, capture_output=True, text=True, check=False, close_fds=False,
                          stdin=subprocess.DEVNULL, env={
                              'PATH': '/usr/sbin:/usr/bin', 'LC_ALL': 'C.UTF-8', **environment})


def load(*words):
    """Run a program that runs kexec. Return the words of kexec or None, whether kexec loaded the
    files, and the output of the program."""
    record = pathlib.Path('/run/kexec.words')
    record.unlink(missing_ok=True)
    places = {'SYSTEMD_ESP_PATH': '/boot/efi'}
    if os.path.isdir('/boot/loader'):
        places['SYSTEMD_XBOOTLDR_PATH'] = '/boot'
    done = run(*words, SYSTEMD_IGNORE_CHROOT='1', **places)
    text = done.stdout + done.stderr
    output = pathlib.Path('/run/kexec.output')
    return (record.read_text().split('\0')[:-1] if record.exists() else None,
            record.exists() and bool(re.search(ACCEPTED, output.read_text())), text)


def parse_kexec(words):
    """Return the image, the initrd and the parameters in the words of kexec."""
    found, words = {'image': None, 'initrd': None, 'append': ''}, list(words)
    names = {'--append': 'append', '--command-line': 'append', '--initrd': 'initrd'}
    while words:
        name, has_value, value = words.pop(0).partition('=')
        if name in names:
            found[names[name]] = value if has_value else words.pop(0)
        elif not name.startswith('-'):
            found['image'] = name
    return found


def is_same_kernel(answer, image):
    path = answer['kernel']['image']
    return bool(path) and os.path.exists(path) and filecmp.cmp(path, image, shallow=False)


def initrd_of(answer):
    """Return the number of pages of the initrd in an answer, or 0."""
    return sum((int(part['end'], 0) + 1 - int(part['start'], 0)) // PAGE
               for part in answer['segments'] or () if part['what'] == 'initrd')


def pages_of(initrd):
    return -(-os.path.getsize(initrd) // PAGE) if initrd else 0


def rules_of(answer):
    return [reason['rule'] for reason in answer['reasons']]


def passes_efi(answer):
    return answer['outcome'] not in ('boots-without-efi', 'dumps-without-efi')


def loses_efi(words, append):
    """Return whether kexec's words, the parameters or those of the running kernel disable EFI."""
    running = pathlib.Path('/proc/cmdline').read_text(encoding='utf-8')
    return '--noefi' in words or bool(OFF.search(f' {append} {running} '.replace('\n', ' ')))


def compare_refusal(name, found, answers):
    """Return the difference if a front end refuses, or if kexec does not load what it names."""
    image = found['image']
    if name == 'script' and image and os.path.exists(image):
        answers = [answer for answer in answers if is_same_kernel(answer, image)]
    bad = [answer['word'] for answer in answers if answer['word'] not in REFUSED and
           'load-default-entry' not in rules_of(answer)]
    if bad and (name != 'script' or len(bad) == len(answers)):
        return [f'{name} refuses, answers: {bad}']
    return []


def compare(name, seen, answers):
    """Return the differences between the answers and what a front end was seen to do."""
    words, is_loaded, _ = seen
    found = parse_kexec(words or ())
    if not is_loaded:
        return compare_refusal(name, found, answers)
    same = [answer for answer in answers if is_same_kernel(answer, found['image'])]
    if name == 'systemctl':
        same = [answer for answer in same if 'load-default-entry' not in rules_of(answer)]
    if not same:
        return [f'{name} loads {found["image"]}, but no answer is about it']
    wrong = []
    if all(initrd_of(answer) != pages_of(found['initrd']) for answer in same):
        wrong.append(f'{name} loads the initrd {found["initrd"]} with {pages_of(found["initrd"])} '
                     f'pages, answers: {[initrd_of(answer) for answer in same]}')
    if all(answer['outcome'] != 'unknown' and
           passes_efi(answer) == loses_efi(words, found['append']) for answer in same):
        wrong.append(f'{name} passes {found["append"]!r}, answers: '
                     f'{[answer["outcome"] for answer in same]}')
    if all(answer['word'] in REFUSED for answer in same):
        wrong.append(f'{name} loads the kernel, answers: {[answer["word"] for answer in same]}')
    return wrong


def verify(*words):
    done = run('/run/efimapctl', 'verify', '--json', *words)
    if done.returncode > 2 and done.returncode != 4:
        raise RuntimeError(f'verify: {done.returncode} {done.stderr}')
    return json.loads(done.stdout)['answers'] if done.stdout else []


def compare_redacted():
    """Return the difference between the answers for a snapshot and for a redacted snapshot."""
    seen = []
    for name, words in (('/run/plain', ()), ('/run/redacted', ('--redact',))):
        run('/run/efimapctl', 'snapshot', '-q', *words, '-O', name)
        done = run('/run/efimapctl', 'verify', '--json', name)
        seen.append([done.returncode] + [
            (answer['word'], answer['outcome'], answer['segments'], rules_of(answer))
            for answer in json.loads(done.stdout)['answers']])
    return [] if seen[0] == seen[1] else [f'the redacted snapshot has other answers: {seen}']


def observe():
    """Return the answers about the machine, what its programs load, and the differences."""
    kexec, kdump = verify('--for=kexec'), verify('--for=kdump', '--configured')
    wrong = compare_redacted()
    for name, path in (('kexec-wrapper', 'sbin/kexec'), ('uname', 'bin/uname'),
                       ('ischroot', 'bin/ischroot'), ('mkinitramfs', 'sbin/mkinitramfs')):
        namespace.bind(f'/run/{name}', f'/usr/{path}')
    said = {'systemctl': kexec, 'script': kexec, 'kdump': kdump}
    usual = pathlib.Path('/run/kexec.settings').read_text(encoding='utf-8')
    is_usual = (pathlib.Path('/etc/default/kexec').read_text(encoding='utf-8') == usual and
                not os.path.exists('/etc/default/kexec.d/local'))
    seen = {'systemctl': load('systemctl', 'kexec'), 'script': load('kexec-load-kernel'),
            'kdump': load('kdump-config', 'load')}
    # If systemctl kexec loads a kernel, nobody runs kexec-load-kernel with its usual settings.
    if is_usual and seen['systemctl'][1]:
        del seen['script']
    wrong += [line for name in seen for line in compare(name, seen[name], said[name])]
    return {'kexec': kexec, 'kdump': kdump, 'seen': seen, 'wrong': wrong}


def try_layout(base, name, fixtures):
    """Observe a layout in a child process, with whose mount namespace all mounts end."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reader)
            namespace.enter()
            enter(*mount_machine(base, name, fixtures))
            with os.fdopen(writer, 'w') as file:
                json.dump(observe(), file)
            status = 0
        except (OSError, RuntimeError) as error:
            print(f'{name}: {error}', flush=True)
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    return None if os.waitpid(child, 0)[1] else json.loads(text)


def show(seen):
    for answer in seen['kexec'] + seen['kdump']:
        print(f'     {answer["question"]} {answer["kernel"]["image"]}: {answer["word"]}: '
              f'{answer["answer"]} {rules_of(answer)}')
    for name, (words, is_loaded, output) in seen['seen'].items():
        print(f'     {name}: {"loaded" if is_loaded else "not loaded"} {words} {output.strip()}')


def main():
    names = sys.argv[3:]
    is_verbose = names[:1] == ['-v']
    names = names[is_verbose:]
    if os.geteuid() != 0:
        skip('needs root')
    try:
        base = debian.made('trixie', installed.SYSTEMS[SYSTEM].packages, installed.COMMON)
    except guest.Missing as missing:
        skip(f'this machine lacks {missing}')
    failed = 0
    for name in names or LAYOUTS:
        seen = try_layout(base, name, pathlib.Path(sys.argv[2]))
        is_bad = seen is None or bool(seen['wrong']) != (name in LISTED)
        failed += is_bad
        print(f'{"FAIL" if is_bad else "ok":4} {name}'
              f'{": " + LISTED[name] if name in LISTED and not is_bad else ""}', flush=True)
        for line in seen['wrong'] if seen and is_bad else ():
            print(f'     {line}')
        if seen and (is_bad or is_verbose):
            show(seen)
    print(f'{len(names or LAYOUTS)} layouts, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
