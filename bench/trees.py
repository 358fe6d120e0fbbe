# SPDX-License-Identifier: GPL-2.0-or-later
"""Create captures of the size of real machines for measurements; see make()."""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

STEP = 0x200000
# Physical address of the first region. The map must cover the firmware pointers that are copied
# from a real capture.
FIRST = 0x3f520000
PAGES = 4
SIZE = PAGES * 0x1000
RANGES = 30
LINES = 60
LOG = 30 << 10
CPUS = 8
CPU = '''processor	: {0}
vendor_id	: GenuineIntel
cpu family	: 6
model		: 106
model name	: Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz
stepping	: 6
microcode	: 0xd0003d1
cpu MHz		: 2900.000
cache size	: 55296 KB
physical id	: 0
siblings	: 8
core id		: {0}
cpu cores	: 8
apicid		: {0}
initial apicid	: {0}
fpu		: yes
fpu_exception	: yes
cpuid level	: 27
wp		: yes
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush \
mmx fxsr sse sse2 ss ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology cpuid \
pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand hypervisor
bugs		: spectre_v1 spectre_v2 spec_store_bypass swapgs mmio_stale_data
bogomips	: 5800.00
clflush size	: 64
cache_alignment	: 64
address sizes	: 46 bits physical, 48 bits virtual
power management:

'''
# A real kernel message that is not about EFI.
OTHER = '[    1.234567] pci 0000:00:1f.2: reg 0x20: [io  0xc040-0xc05f]\n'


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def layout(virt, phys):
    """Compute one step of the kernel's efi_map_region() as in src/linux/virtual_layout.c."""
    virt -= SIZE
    block = virt - virt % STEP
    offset = phys % STEP
    if offset == 0 or block + offset <= virt:
        return block + offset
    return block + offset - STEP


def put_map(dest, count):
    """Write the runtime map: adjacent regions, of which every eighth contains code."""
    virt = 0xffffffff00000000
    for i in range(count):
        phys = FIRST + i * SIZE
        virt = layout(virt, phys)
        entry = os.path.join(dest, 'sys/firmware/efi/runtime-map', str(i))
        put(entry + '/type', '0x5\n' if i % 8 == 0 else '0x6\n')
        put(entry + '/attribute', '0x800000000000000f\n')
        put(entry + '/phys_addr', f'{phys:#x}\n')
        put(entry + '/virt_addr', f'{virt:#x}\n')
        put(entry + '/num_pages', f'{PAGES:#x}\n')


def ranges_around(count):
    end = FIRST + count * SIZE
    ranges = [(0, 0x9ffff, 'System RAM'), (0xa0000, 0xfffff, 'Reserved'),
              (0x100000, FIRST - 1, 'System RAM'), (FIRST, end - 1, 'Reserved')]
    while len(ranges) < RANGES:
        label = ('ACPI Tables', 'System RAM', 'Reserved', 'System RAM')[len(ranges) % 4]
        ranges.append((end, end + STEP - 1, label))
        end += STEP
    return ranges


def put_ranges(dest, ranges):
    lines = []
    for i, (first, last, label) in enumerate(ranges):
        place = os.path.join(dest, 'sys/firmware/memmap', str(i))
        put(place + '/start', f'{first:#x}\n')
        put(place + '/end', f'{last:#x}\n')
        put(place + '/type', label + '\n')
        lines.append(f'{first:08x}-{last:08x} : {label}\n')
        if label == 'System RAM' and len(lines) + RANGES - i < LINES:
            lines.append(f'  {first:08x}-{first + 0xfff:08x} : Kernel code\n')
            lines.append(f'  {first + 0x1000:08x}-{first + 0x1fff:08x} : Kernel data\n')
    bus = 0xe0000000
    while len(lines) < LINES:
        lines.append(f'{bus:08x}-{bus + 0xfffff:08x} : 0000:00:{len(lines):02x}.0\n')
        bus += 0x100000
    put(os.path.join(dest, 'proc/iomem'), ''.join(lines))


def put_log(real, dest):
    with open(os.path.join(real, 'dmesg.txt'), encoding='ascii', errors='replace') as file:
        text = file.read()
    text = text.encode('ascii', 'replace').decode()
    put(os.path.join(dest, 'dmesg.txt'), text + OTHER * ((LOG - len(text)) // len(OTHER)))


def boot_log():
    """Return the kernel log of a boot with efi=debug."""
    log = fixture.load('real', 'ovmf-q35-6.1-efidebug-first').text('dmesg.txt')
    return log.encode('ascii', 'replace').decode()


def put_kexec_state(dest):
    for name, text in (('sys/kernel/kexec_loaded', '0\n'),
                       ('sys/kernel/kexec_crash_loaded', '1\n'),
                       ('sys/kernel/kexec_crash_size', '268435456\n'),
                       ('proc/sys/kernel/kexec_load_disabled', '0\n'),
                       ('sys/devices/system/cpu/possible', f'0-{CPUS - 1}\n'),
                       ('proc/meminfo', 'MemTotal:       16305764 kB\nCmaTotal:              0 kB\n')):
        put(os.path.join(dest, name), text)


def make(count, dest):
    """Write a valid capture with count entries. Everything else is as on a typical machine."""
    real = fixture.real('ovmf-q35-6.1-kexec-first')
    for path in ('proc', 'sys/kernel/boot_params'):
        shutil.copytree(os.path.join(real, path), os.path.join(dest, path))
    os.makedirs(os.path.join(dest, 'sys/firmware/efi'))
    for name in ('fw_vendor', 'runtime', 'config_table', 'systab', 'fw_platform_size'):
        shutil.copyfile(os.path.join(real, 'sys/firmware/efi', name),
                        os.path.join(dest, 'sys/firmware/efi', name))
    put_map(dest, count)
    put_ranges(dest, ranges_around(count))
    put_log(real, dest)
    put_kexec_state(dest)
    put(os.path.join(dest, 'proc/cpuinfo'), ''.join(CPU.format(cpu) for cpu in range(CPUS)))
    return dest
