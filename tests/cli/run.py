#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the command-line test cases.

usage: run.py [--regen] [--list] [--in=DIRECTORY] [--slow] EFIMAPCTL [CASE...]

--in=DIRECTORY: run the cases of one directory; default: cases and thorough.
--slow:         each case may take ten times as long, for an emulator or valgrind.

The directories are:

  cases     cases that run after each edit
  thorough  cases that take longer than 0.1 seconds of CPU time, and test a feature in more detail
  large     cases whose inputs are as large as a limit allows

A case is a file in the format of tests/tools/README.md, with these members:

  needs   optional: requirements, one for each line. If one is not met, the case is skipped. A
          requirement is a program on PATH, "root", "terminal" (a pseudo-terminal can be
          created) or "namespace" (a mount namespace can be created).
  cmd     a script for sh -eu. It runs in an empty directory, with efimapctl and the helpers of
          bin/ on PATH, and with functions.sh. Its environment contains only PATH, LC_ALL=C,
          FIXTURES, options of sanitizers, and, for the helpers, PYTHON, TESTS, DOCUMENTS, MADE, CASE
          and UNPRIVILEGED. A case with several parts calls the function
          "part" at the beginning of each part.
  stdout  expected standard output; default: empty
  stderr  expected standard error; default: empty

The script must end with status 0. Otherwise, a command in it failed, and what follows did not run.
"|| echo $?" behind a command that should fail prints its status.

Paths of this machine are replaced by $FIXTURES and $CASE before the comparison, and the version of
efimapctl by $VERSION.
"""
import concurrent.futures
import difflib
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TESTS, 'tools'), os.path.join(TESTS, 'schema')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position
import terminal  # noqa: E402 pylint: disable=wrong-import-position
import txtar  # noqa: E402 pylint: disable=wrong-import-position
import validate  # noqa: E402 pylint: disable=wrong-import-position

DIRECTORIES = ('cases', 'thorough', 'large')
SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
# Some cases wait for time limits, and leave their core to the additional workers.
WORKERS = (os.cpu_count() or 1) + 2
# Limit of the CPU time of each program in seconds. The limit of the real time of a case is ten
# times as long, because the machine may be busy.
SECONDS = 120
SLOW_SECONDS = 10 * SECONDS
# Prefix of a command that root runs as a user to whom file permissions apply
UNPRIVILEGED = 'setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all'
DEFAULTS = {'stdout': '', 'stderr': ''}
FUNCTIONS = f'. {shlex.quote(os.path.join(HERE, "functions.sh"))}'
MEMBERS = ('needs', 'cmd', *DEFAULTS)


def path_of(case):
    paths = [os.path.join(HERE, directory, case + txtar.SUFFIX) for directory in DIRECTORIES]
    found = [path for path in paths if os.path.exists(path)]
    if len(found) > 1:
        raise txtar.Refused(f'{found[0]} and {found[1]} have the same name')
    return (found or paths)[0]


def names(directories=DIRECTORIES[:2]):
    return sorted(name.removesuffix(txtar.SUFFIX) for directory in directories
                  for name in os.listdir(os.path.join(HERE, directory))
                  if name.endswith(txtar.SUFFIX))


@functools.lru_cache(maxsize=None)
def load(case):
    archive = txtar.load(path_of(case))
    if 'cmd' not in archive.members or not set(archive.members) <= set(MEMBERS):
        raise txtar.Refused(f'{path_of(case)}: cmd is missing, or a member is not one of '
                            f'{", ".join(MEMBERS)}')
    return archive


def read(case, name, default=''):
    return load(case).text(name, default)


def make_bin(efimapctl, where):
    """Create a directory for PATH. It contains copies of the helpers and of the tool, which all users
    can run."""
    os.mkdir(where)
    shutil.copy(efimapctl, os.path.join(where, 'efimapctl'))
    helpers = os.path.join(HERE, 'bin')
    for name in sorted(os.listdir(helpers)):
        shutil.copy(os.path.join(helpers, name), where)
        os.chmod(os.path.join(where, name), 0o755)


made_lock = threading.Lock()


def unpack_made(script, where):
    """Unpack the synthetic fixtures that a script names. The function "made" of functions.sh copies
    them, which takes less time than starting Python for each of them."""
    for name in sorted(set(re.findall(r'[\w.-]+', script)) & made_names()):
        with made_lock:
            if not os.path.exists(os.path.join(where, name)):
                fixture.unpack(fixture.path_of('made', name), os.path.join(where, name))


@functools.lru_cache(maxsize=None)
def made_names():
    return set(fixture.names('made'))


def environment(bin_dir):
    """Return the environment of a case. Only options of sanitizers are copied from the current
    environment."""
    env = fixture.sanitizer_options()
    env.update(LC_ALL='C', PATH=f'{bin_dir}:{SYSTEM_PATH}', FIXTURES=fixture.unpacked(),
               PYTHON=sys.executable, TESTS=TESTS, UNPRIVILEGED='' if os.geteuid() else UNPRIVILEGED)
    return env


@functools.lru_cache(maxsize=None)
def version(bin_dir):
    done = subprocess.run([os.path.join(bin_dir, 'efimapctl'), '--version'], capture_output=True,
                          check=True, text=True)
    return re.split(r'[\s,-]', done.stdout)[1]


@functools.lru_cache(maxsize=None)
def has(need, bin_dir):
    if need == 'root':
        return os.geteuid() == 0
    if need == 'terminal':
        return terminal.exists()
    if need == 'namespace':
        return not namespace.refused()
    return bool(shutil.which(need, path=SYSTEM_PATH))


def missing_need(case, bin_dir):
    return next((n for n in read(case, 'needs').split() if not has(n, bin_dir)), None)


def remove(place):
    """Remove the directory of a case, even if the case has removed permissions of directories."""
    try:
        shutil.rmtree(place)
    except OSError:
        subprocess.run(['chmod', '-R', 'u+rwX', place], check=False, capture_output=True)
        subprocess.run(['rm', '-rf', place], check=False, capture_output=True)


def wrong_documents(path):
    """Yield the errors in the documents that a case passed to the function validate."""
    if not os.path.exists(path):
        return
    for line in validate.check(path):
        yield line.removeprefix(os.path.dirname(path) + '/')
    os.remove(path)


def observe(case, bin_dir, scratch, seconds=SECONDS):
    """Run a case. Return its output, with paths of this machine replaced, and its exit status."""
    where, handed = os.path.join(scratch, case), os.path.join(scratch, f'{case}.documents')
    os.mkdir(where)
    made = os.path.join(scratch, '.made')
    try:
        unpack_made(read(case, 'cmd'), made)
        done = subprocess.run(
            ['/bin/sh', '-euc', f'ulimit -St {seconds}\n{FUNCTIONS}\n{read(case, "cmd")}', case],
            cwd=where,
            check=False, env={**environment(bin_dir), 'CASE': where, 'DOCUMENTS': handed, 'MADE': made},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=10 * seconds)
        wrong = list(wrong_documents(handed))
    except subprocess.TimeoutExpired:
        return {'stdout': '', 'stderr': '', 'exit': f'not ended after {10 * seconds} seconds\n',
                'documents': ''}
    finally:
        remove(where)
    seen = {'exit': f'{done.returncode}\n'}
    for name, data in (('stdout', done.stdout), ('stderr', done.stderr)):
        text = data.decode('utf-8', 'surrogateescape')
        for path, word in ((fixture.unpacked(), '$FIXTURES'), (where, '$CASE')):
            text = text.replace(path, word)
        text = re.sub(rf'(efimapctl |version="){re.escape(version(bin_dir))}(-rc, commit [0-9a-f]+)?', r'\1$VERSION', text)
        seen[name] = text
    seen['documents'] = ''.join(line + '\n' for line in wrong)
    return seen


def find_problem(case, seen):
    lines = seen['documents'].splitlines(True)
    if seen['exit'] != '0\n':
        lines.append(f'the script ended with {seen["exit"]}')
    for name, default in DEFAULTS.items():
        wanted = read(case, name, default)
        lines += difflib.unified_diff(wanted.splitlines(True), seen[name].splitlines(True),
                                      f'{os.path.relpath(path_of(case), HERE)} ({name})', 'seen')
    return ''.join(line if line.endswith('\n') else line + '\n' for line in lines)


def write_down(case, seen):
    old = load(case)
    members = {name: old.members[name] for name in MEMBERS
               if name in old.members and name not in DEFAULTS}
    members.update({name: seen[name].encode('utf-8', 'surrogateescape')
                    for name, default in DEFAULTS.items() if seen[name] != default})
    txtar.save(path_of(case), txtar.Archive(old.comment, members))
    load.cache_clear()


def run_all(cases, efimapctl, seconds, check):
    """Call check(case, seen) for each case whose needs are met. Return the number of skipped
    cases."""
    skipped = 0
    validate.use(efimapctl)
    # Some cases run programs as a different user, who must be able to read the files.
    os.umask(0o022)
    # Unpack the fixtures before threads start, because two threads could do so at the same time.
    fixture.unpacked()
    # Directories of cases are in memory, because some trees have 100,000 directories. Programs are
    # on disk, because /dev/shm is often mounted noexec.
    with tempfile.TemporaryDirectory(prefix='efimapctl-bin-') as programs, \
         tempfile.TemporaryDirectory(prefix='efimapctl-cli-', dir=fixture.MEMORY) as scratch:
        os.chmod(programs, 0o755)
        os.chmod(scratch, 0o755)
        bin_dir = os.path.join(programs, 'bin')
        make_bin(efimapctl, bin_dir)
        able = []
        for case in cases:
            need = missing_need(case, bin_dir)
            if need:
                print(f'skipped: {case}: needs {need}')
                skipped += 1
            else:
                able.append(case)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            jobs = [(case, pool.submit(observe, case, bin_dir, scratch, seconds)) for case in able]
            for case, job in jobs:
                check(case, job.result())
    return skipped


def main(args):
    if '--help' in args:
        print(__doc__.strip())
        return 0
    options = {arg for arg in args if arg.startswith('--')}
    words = [arg for arg in args if not arg.startswith('--')]
    chosen = [name for name in DIRECTORIES if f'--in={name}' in options]
    if not words or options - {'--regen', '--list', '--slow'} - {f'--in={name}' for name in chosen}:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    cases = list(dict.fromkeys(os.path.basename(word).removesuffix(txtar.SUFFIX)
                               for word in words[1:])) or names(chosen or DIRECTORIES[:2])
    if '--list' in options:
        print('\n'.join(cases))
        return 0
    failed = []

    def check(case, seen):
        if '--regen' in options:
            write_down(case, seen)
        # After --regen, only an invalid document is a problem.
        difference = find_problem(case, seen)
        if difference:
            failed.append(case)
            print(f'FAILED: {case}\n{difference}', flush=True)

    seconds = SLOW_SECONDS if '--slow' in options else SECONDS
    try:
        skipped = run_all(cases, os.path.abspath(words[0]), seconds, check)
    except (OSError, txtar.Refused) as error:
        print(f'run.py: {error}', file=sys.stderr)
        return 1
    if '--regen' in options:
        print(f'{len(cases) - skipped} cases regenerated: read the diff')
        return 1 if failed else 0
    print(f'cli: {len(cases)} cases, {len(cases) - len(failed) - skipped} passed, '
          f'{len(failed)} failed, {skipped} skipped')
    return 1 if failed or not cases else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
