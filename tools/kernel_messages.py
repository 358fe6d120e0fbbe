#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""List the kernel messages about EFI and kexec, with the rule that matches each message.

usage: kernel_messages.py RULES RELEASE=TREE...
       kernel_messages.py RULES LIST
  RULES  src/rules/kernel_messages.rules
  TREE   the sources of that kernel release
  LIST   tools/known_kernel_messages.txt, printed by the first form; checked against RULES

Each line contains the releases that have the message, the rule, and the message with its printf
formats. A message without a rule has "-" and the reason (REASONS). An unclassified message has only
"-", which the second form rejects. A diff with the list shows the new messages of a kernel.
Informational and debug messages are left out. Drivers without messages about memory, tables,
runtime services or kexec are also left out.
"""
import os
import re
import sys

PLACES = ('drivers/firmware/efi', 'arch/x86/platform/efi', 'arch/x86/kernel/e820.c',
          'arch/x86/kernel/setup.c', 'arch/x86/kernel/kexec-bzimage64.c',
          'arch/x86/kernel/ksysfs.c', 'arch/x86/power/hibernate.c',
          'arch/x86/mm/dump_pagetables.c', 'drivers/acpi/osl.c',
          'drivers/firmware/memmap.c', 'drivers/video/fbdev/efifb.c', 'kernel/crash_core.c',
          'kernel/crash_reserve.c', 'kernel/kexec.c', 'kernel/kexec_core.c',
          'kernel/kexec_file.c', 'security/integrity/platform_certs/load_uefi.c')
OTHERS = re.compile(r'/(libstub|test|stmm)/|/(cper|apple-|capsule|dev-path|embedded-firmware|'
                    r'ovmf-debug|riscv|fdtparams|sysfb|reboot|efibc|earlycon|efi-pstore|'
                    r'rci2|efi_32|unaccepted)')
CALL = re.compile(r'\b(pr_(?:emerg|alert|crit|err|warn|warning|notice)(?:_once|_ratelimited)?|'
                  r'WARN|WARN_ONCE|panic|printk|dev_err|dev_warn)\s*\(((?:[^;"]|"(?:[^"\\]|\\.)*")*?)'
                  r'\)\s*;', re.S)
LEVELS = ('KERN_EMERG', 'KERN_ALERT', 'KERN_CRIT', 'KERN_ERR', 'KERN_WARNING', 'KERN_NOTICE')
WORDS = {'FW_BUG': '[Firmware Bug]: ', 'FW_WARN': '[Firmware Warn]: ',
         'FW_INFO': '[Firmware Info]: ', 'PREFIX': 'ACPI: '}
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(FW_BUG|FW_WARN|FW_INFO|PREFIX)|(,)')

# The reasons why a message needs no rule. The first pattern that matches is used.
REASONS = (
    # invalid input from a user or from the kernel configuration
    ('parameter', r"need at least one option|mem=nopentium|"
                  r'Invalid user supplied|crashkernel low memory|efivar_ssdt|'
                  r'failed to (get var|load table|load SSDT)'),
    # a variable that a program wrote incorrectly
    ('variable', r'efivars: (Cannot edit|DataSize|Malformed|Variable name|duplicate|get_next|'
                 r"set_variable)|Couldn't parse|Error reading db var|EFI RTC value|efitime"),
    # failed allocations or missing sysfs files in features that only display data
    ('shows', r'registration failed|[Ss]ysfs|kset creation|kmalloc failed|Failed to allocate|kobject|'
              r'efivars: Memory|efivars (not|already)|efivars: efivars|in debugfs|sysfs entr|symlink|'
              r'entry creation failed|vmcoreinfo|cpu register states|Error reserving crashkernel'),
    # messages that the log reader handles, and messages next to a line that a rule matches
    ('read', r"Starting new kernel|32/64-bit mismatch|\(invalid\)|Removing %d invalid|"
             r"Couldn't get size|EFI_MEMMAP is not|efi\.memmap is not|out_md is|early_memremap|"
             r'%s rejected'),
    # messages that do not occur on x86
    ('elsewhere', r'device tree|MMU and Dcache|EFI remap|of_pci_range|device_link_add|CPU entry state'),
    # the ACPI interpreter, and tables that a user replaces
    ('acpi', r'^ACPI|^Override|acpi_os|os_execute|: bad address|^Call to kthread'),
    # messages that affect neither kexec nor EFI and need no action
    ('harmless', r'W\+X mapping|Error (while )?updating (1:1 |VA )?mapping|Failed to unmap (1:1|VA) '
                 r'mapping|Invalid EFI memory map entries|Ignoring BGRT|UEFI random seed|'
                 r'firmware vendor|EFI_MEMORY_DESCRIPTOR version|Secure boot could not|'
                 r'too many entries|table full|^Passed (IMA|KHO)|KHO: setup|'
                 r'Hibernate inconsistent|status bits|^efi: memattr:|^mokvar:|'
                 r'TPM (Final )?Event'),
    # refused loads, which are over, and which the loader reports, too
    ('refused', r'^kexec(-bzImage64|_core|_file)?: |control_code_buffer|swap buffer'),
    # topics other than the EFI runtime map and kexec
    ('unrelated', r'Kernel Offset|DMI detected|seeding entropy|System table version|'
                  r'system table version|T2 Macs|Quark|'
                  r'(Properties|screen_info|primary_display|config) (config )?table|'
                  r'reset_system|failed to reserve|PCI BIOS W|32-?bit (BARs|address range)|'
                  r'NX \(Execute|hibernate image header|ima buffer|efifb|crashkernel CMA|'
                  r'locate elfcorehdr'),
)


def reason_of(message):
    """Return "-" and the reason why a message has no rule, or "-" if the reason is unknown."""
    return next((f'-{word}' for word, words in REASONS if re.search(words, message)), '-')


def literal(text, until_comma=True):
    """Return the concatenated string literals at the start of an argument list. If until_comma is
    false, return all string literals.
    """
    found = ''
    for match in TOKEN.finditer(text):
        if match[3]:
            if found and until_comma:
                break
            continue
        found += WORDS[match[2]] if match[2] else match[1]
    return found.replace('\\n', '').replace('\\"', '"').strip()


def prefix_of(path, text):
    """Return the prefix that pr_fmt() adds to each message of a file."""
    found = re.search(r'#define\s+pr_fmt\(\w+\)\s+(.*)', text)
    if not found:
        return ''
    name = os.path.basename(path)[:-2].replace('-', '_') if 'KBUILD_MODNAME' in found[1] else ''
    return name + literal(found[1] + ' ', False) + (' ' if found[1].count(': "') else '')


def messages(tree):
    files = []
    for place in PLACES:
        place = os.path.join(tree, place)
        if os.path.isdir(place):
            files += [os.path.join(place, name) for name in os.listdir(place)]
        else:
            files.append(place)
    for path in sorted(files):
        if not path.endswith('.c') or OTHERS.search(path) or not os.path.exists(path):
            continue
        with open(path, encoding='utf-8', errors='replace') as file:
            text = file.read()
        prefix = prefix_of(path, text)
        for call, rest in CALL.findall(text):
            if call == 'printk' and not any(level in rest for level in LEVELS):
                continue
            message = literal(rest)
            if re.sub('%[-#0-9.]*[a-zA-Z]+', '', message).strip(' :'):
                yield (prefix if call.startswith('pr_') else '') + message


def known(path):
    """Return (prefix of a message, rule) pairs from the rules."""
    rule, is_message, found = None, False, []
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('Rule: '):
                rule = line.split()[1]
            is_message = line.startswith('Kernel-messages:') or is_message and line.startswith(' ')
            if is_message:
                found.append((line.removeprefix('Kernel-messages:').strip(), rule))
    return found


def rule_of(rules, message):
    """Return the rule that matches a message, or the reason why it has no rule. At most one rule
    matches, because no prefix is a prefix of another.
    """
    return next((rule for words, rule in rules if message.startswith(words)), reason_of(message))


def check(rules, path):
    """Check that each line of the list has the correct rule or reason. Return the exit status."""
    wrong = 0
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            _, rule, message = line.rstrip('\n').split('\t')
            if rule != rule_of(rules, message) or rule == '-':
                print(f'{path}:{number}: {rule}, expected {rule_of(rules, message)}')
                wrong = 1
    return wrong


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return 0
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    rules, found = known(sys.argv[1]), {}
    if '=' not in sys.argv[2]:
        return check(rules, sys.argv[2])
    for release, tree in (word.split('=', 1) for word in sys.argv[2:]):
        for message in messages(tree):
            found.setdefault(message, []).append(release)
    for message, releases in sorted(found.items()):
        print(f'{",".join(dict.fromkeys(releases))}\t{rule_of(rules, message)}\t{message}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
