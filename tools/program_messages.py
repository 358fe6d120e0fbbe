#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""List the messages of programs that load kernels, and whether explain finds each message.

usage: program_messages.py EFIMAPCTL PROGRAM=FILE...
       program_messages.py EFIMAPCTL LIST
  PROGRAM  name and version, such as kexec-tools-2.0.32. Only messages about kexec are listed for a
           PROGRAM that begins with "systemctl".
  FILE     an executable, a C source or a shell script of the program. Executables require objcopy of
           binutils.
  LIST     tools/known_program_messages.txt, printed by the first form; checked with EFIMAPCTL

Each line contains the programs that have the message, "explained" or the reason why explain does
not know the message (REASONS), and the message with its printf formats or shell expansions. A
message without a reason has "-", which the second form rejects. A diff with the list shows the new
messages of a version.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

EXPLAINED = 'explained'
LITERAL = r'"((?:[^"\\]|\\.)*)"'
CALL = re.compile(r'\b(?:fprintf\s*\(\s*stderr\s*,|printf\s*\(|die\s*\(|perror\s*\(|'
                  r'log_\w+\s*\()\s*(?:-?\w+\s*,\s*)?((?:' + LITERAL + r'\s*(?:PRI\w+\s*)?)+)')
SHELL = re.compile(r'(?:\b(?:echo|printf|derror|dwarn|dinfo|die|logger|warn)|log_\w+_msg)\s+'
                   r'(?:-\w+\s+)*(?:' + LITERAL + r"|'([^']*)')")
FORMAT = re.compile(r'%[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t|L)?[diouxXcsp]')
EXPANSION = re.compile(r'\$\{[^}]*\}|\$\([^)]*\)|\$\w+')
ABOUT_KEXEC = re.compile(r'kexec|\bESP\b|boot loader entry|Boot entry|autodetection|'
                         r'Automatic loading|initrd', re.I)
MIN_LENGTH = 10

# The reasons why a message is not explained. The first pattern that matches is used.
REASONS = (
    ('usage', r'^\s*-|^ {2,}|Usage|--[a-z-]+=|^Try |^Supported|options?:|Print this|Options:|'
              r'[Ll]oad (a|the) |\(can be used|^Directly|command line|current kernel|'
              r'capture kernel is|syscall is not supp|systems that|understand the image|'
              r'^specify|^storing the|^kdump kernel on|preserve context\)|call shutdown|'
              r'compatibility syscall|suspend|understand\. Sorry|Shut down and|Schedule halt|'
              r'^Boot into|entry menu|retry with'),
    ('not-a-message', r'^[^ ]*$|^/|^[#{}<>|=]|^GLIBC|^[A-Za-z_]+\.[ch]\b|'
                      r'^\.[a-z]|\.so|^[%\W\d]*$|^%s:? ?%|^[a-z_]+=|;$|^[a-z]{1,3} |'
                      r'^[A-Z][a-z]* %|^%[^ ]* ?[-:]|^0|^\S+ ?: ?%\S*$|^"|kexec-tools 2|'
                      r'^[ST]ry |^Copyright|[\x80-\xff]|^\W'),
    ('debug-output', r'(?i)^modified |^memmap after|^ifdown|^there is kexec|^using kexec|'
                     r'^e820|^extended|^elf ?corehdr|^command line after|^loaded|^created|'
                     r'^skipping|^symbol|^sym:|^kernel: |^kernel (vaddr|load|init|symbol)|'
                     r'^crash_notes|^get_|^add_|^kexec_load: |^entry |^nr_segments|^segment|'
                     r'^start|^load |^memory range|^crash memory|^image|^added|^edd |^bios |'
                     r'^reading |^found|^it\.s|^not a (reloc|bz)|^bzimage is|^extra|'
                     r'^initrd_addr|^try |^setup|^jumping|^uImage:|^kern|^efi_|^new |^reboot|'
                     r'^real-mode|^decompress|^close of|^using|'
                     r'^unable to (stat|find|read) .*purg|size|0x%|%#|%p|%016|addr'),
    ('other-architecture', r'(?i)device.?tree|dtb|dt-ops|fdt|uImage|atag|\bARM|ppc|s390|mips|'
                           r'sparc|alpha|\bhd\.|NBI|cpu-node|property|prop|openfirmware|rtas|'
                           r'zImage|PSCI|trampoline|beoboot|slot|linux,|phandle|chosen|gzip|'
                           r'lzma|zstd|chunk|int13|edd|cylinder|sectors|mbr|a.out'),
    ('dump-target', r'(?i)dump (target|saved|mode is|path)|\bssh|nfs|ftp|luks|core_?dir|'
                    r'vmcore|fence_kdump|compress|makedumpfile|network|mount|encrypted|'
                    r'keys?\b|hosttag|dumps,|dumping|purging|kdump config|raw|_target|'
                    r'Device UUID|get IP|surplus|no dracut|crypttab'),
    ('settings', r'(?i)^(?-i:[A-Z_]{4,}\b)|^Option|^Error: force|^Error: No kdump config|'
                 r'^Ignore|^Invalid (\$_opt|argument|kernel version)|^Duplicated|^Please|'
                 r'^Cannot change|^Multiple|^Use of debug|^Module|^Large modules|'
                 r'^Currently only|^Require|^Operation cancelled|^Only |sysctl|fadump|'
                 r'Unknown vmcore|Unknown dump|status|kdump: Kdump|'
                 r'Kdump (is|already|was|needs)'),
    ('memory-type', r'^64-bit ext|^Fixed disk|^Device locking|^Enhanced Disk|^Unknown E820|'
                    r'^System R|^Uncached RAM|^Unusable|^ACPI |^Memory \(|^olatile|'
                    r'^Persistent Memory'),
    ('internal-error', r'(?i)Cannot (open|parse|read|stat)|Could not (open|put)|^Unsupported|'
                       r'unrecoverable|uname failed|unable to read|strtoul|Bad |Can not seek|'
                       r'Opening|Read on|can.t (get|open)|unhandled|Not a PE|'
                       r'firmware provides|ei_class|alloc|out of memory|corrupt|\bELF\b|NULL|'
                       r'\bsection|overrun|checksum|overflow|snprintf|strdup|unaligned|'
                       r'memory out of order|jump back|header|Invalid hole|Multiboot2|'
                       r'file lock|dump mode|logger|is not executable|not found\.$|backup|'
                       r'SYSTEMD_IN|initrd-release'),
    ('progress', r'(?i)I.m in purgatory|^starting|^stopping|^rebuild|^loaded|^unloaded|'
                 r'^creating|^success|^waiting|^saving|^saved|^using|^current state|'
                 r'^kexec command|^propagating|^detected|^kdump: (loaded|unloaded)|^stopped|'
                 r'^reset|^updating|^running|^sync|^force|^another app|^backing|'
                 r'^no (need|change|rebuild)|^reserved|^kexec kernel already|'
                 r'^kexec: (un)?loaded|^Secure Boot is enabled|^not in initrd|^An UKI image|'
                 r'^sending|^restoring|^kdump (initrd|kernel):|^then try|^set kdump'),
)


def constants_in(path):
    """Return the read-only data of an executable, without its machine code."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(['objcopy', '-O', 'binary', '-j', '.rodata', path, file.name], check=True)
        return file.read()


def sources_in(path):
    """Return the texts that a program may print."""
    with open(path, 'rb') as file:
        data = file.read()
    if data.startswith(b'\x7fELF'):
        return [text.decode() for text in
                re.findall(rb'[\t\n\x20-\x7e]{%d,}' % MIN_LENGTH, constants_in(path))]
    text = data.decode('utf-8', 'replace')
    if path.endswith(('.c', '.h')):
        return [''.join(re.findall(LITERAL, match[1])) for match in CALL.finditer(text)]
    return [match[1] or match[2] or '' for match in SHELL.finditer(text)]


def messages_in(path, only_kexec):
    for text in sources_in(path):
        for line in re.split(r'\\n|\n', text):
            line = ' '.join(line.replace('\\t', ' ').replace('\\"', '"').split())
            if len(line) >= MIN_LENGTH and ' ' in line and not line.startswith('GCC: ') and (
                    not only_kexec or ABOUT_KEXEC.search(line)):
                yield line


def finds(efimapctl, line):
    done = subprocess.run([efimapctl, 'explain', '--json', '--', line], capture_output=True,
                          text=True, check=False)
    found = json.loads(done.stdout) if done.stdout else {}
    return bool(found.get('messages') or found.get('rules'))


def is_explained(efimapctl, message):
    """Return whether explain finds a message, with a word or an error for each format."""
    line = EXPANSION.sub('abc', re.sub('%[-.0-9]*[sm]', '/abc', message))
    error = re.sub(r'%[sm]\W*$', 'No such file or directory', message)
    return any(finds(efimapctl, FORMAT.sub('12', re.sub('%s', 'abc', text)))
               for text in {line, error})


def state_of(efimapctl, message):
    if is_explained(efimapctl, message):
        return EXPLAINED
    return next((reason for reason, pattern in REASONS if re.search(pattern, message)), '-')


def print_list(efimapctl, arguments):
    programs = {}
    for argument in arguments:
        program, path = argument.split('=', 1)
        for message in messages_in(path, program.startswith('systemctl')):
            programs.setdefault(message, set()).add(program)
    counts = {}
    for message in sorted(programs):
        state = state_of(efimapctl, message)
        counts[state] = counts.get(state, 0) + 1
        print(','.join(sorted(programs[message])), state, message, sep='\t')
    for state, count in sorted(counts.items()):
        print(f'{count:5} {state}', file=sys.stderr)


def check_list(efimapctl, path):
    reasons = {reason for reason, _ in REASONS} | {EXPLAINED}
    problems, count = [], 0
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            if line.startswith('#'):
                continue
            _, state, message = line.rstrip('\n').split('\t')
            count += 1
            if state not in reasons:
                problems.append(f'{path}:{number}: {state} is no reason')
            elif is_explained(efimapctl, message) != (state == EXPLAINED):
                problems.append(f'{path}:{number}: explain knows all messages that are "explained", '
                                f'and no others, but this one is "{state}"')
    print('\n'.join(problems) or f'{count} messages')
    return 1 if problems else 0


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return 0
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    efimapctl, *arguments = sys.argv[1:]
    if len(arguments) == 1 and os.path.exists(arguments[0]):
        return check_list(efimapctl, arguments[0])
    print_list(efimapctl, arguments)
    return 0


if __name__ == '__main__':
    sys.exit(main())
