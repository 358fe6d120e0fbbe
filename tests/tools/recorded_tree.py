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


def write_record(path, name, record):
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
    """Write all files except the kernel log. Return the lines of the kernel log. Files whose content
    is not recorded, such as that of an initrd, consist of zeros. A file that could not be read is
    left out."""
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
