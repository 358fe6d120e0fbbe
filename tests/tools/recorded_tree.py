# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the files of a recording (a snapshot) into a directory, as the machine had them."""
import base64
import json
import os

LOADER_VARIABLE = 'sys/firmware/efi/efivars/LoaderEntry'
# EFI_VARIABLE_NON_VOLATILE, EFI_VARIABLE_BOOTSERVICE_ACCESS and EFI_VARIABLE_RUNTIME_ACCESS
ATTRIBUTES = b'\x07\0\0\0'


def efi_text(text):
    """Return the content of an EFI variable with a text."""
    return ATTRIBUTES + (text + '\0').encode('utf-16-le')


def initrd(size):
    """Return an initrd of this size: an archive in the format newc, with one file of zeros."""
    def member(name, length):
        values = (1, 0o100644, 0, 0, 1, 0, length, 0, 0, 0, 0, len(name) + 1, 0)
        head = b'070701' + b''.join(b'%08X' % value for value in values) + name + b'\0'
        return head + bytes(-len(head) % 4)

    last = member(b'TRAILER!!!', 0)
    length = size - len(member(b'file', 0)) - len(last)
    return member(b'file', length - length % 4) + bytes(length - length % 4) + last + bytes(
        length % 4)


def write_record(path, name, record):
    if 'unpacked' in record:
        record = {'parts': [{'at': 0, 'base64': base64.b64encode(initrd(record['size']))}]}
    if isinstance(record, str):
        data = efi_text(record.rstrip('\n')) if name.startswith(LOADER_VARIABLE) else record.encode()
        record = {'size': len(data), 'parts': [{'at': 0, 'base64': base64.b64encode(data)}]}
    with open(path, 'wb') as file:
        for part in record.get('parts', ()):
            file.seek(part['at'])
            file.write(base64.b64decode(part['base64']))
        if 'size' in record:
            file.truncate(record['size'])


def write_tree(snapshot, directory):
    """Write all files except the kernel log. Return the lines of the kernel log. The content of an
    initrd is not recorded, so it is an archive that is not compressed. A file that could not be
    read is left out."""
    with open(snapshot, encoding='utf-8') as file:
        files = json.load(file)['files']
    log = files.pop('dmesg', '')
    for name, record in files.items():
        path = os.path.join(directory, name)
        if 'list' in record:
            os.makedirs(path, exist_ok=True)
            for entry in record['list']:
                if entry.endswith('/'):
                    os.makedirs(os.path.join(path, entry), exist_ok=True)
        elif 'error' not in record:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_record(path, name, record)
    return log.splitlines()
