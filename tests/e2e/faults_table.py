# SPDX-License-Identifier: GPL-2.0-or-later
"""The fault matrix: one row per experiment. Data only.

name, title: what was put into the map, in words; changes: see faults_tree.py;
rule: the rule that has to speak ("" where none does today);
harsher: why the prediction may be worse than what this machine shows ("" where it may
not); by: who predicts, "verify" in the first kernel or, where the map alone cannot tell,
"compare" in the second one before it calls the firmware;
next: series of the kernel that receives the map; loader: "kexec-load", or
"kexec-file-load" for a first hop through kexec-tools and a second through the kernel.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    title: str
    changes: tuple = ()
    rule: str = ""
    harsher: str = ""
    by: str = "verify"
    next: str = "6.12"
    loader: str = "kexec-load"
    append: str = ""
    short: bool = False


UNUSED = "nothing on this machine uses the added region; the firmware of another may"
UNTOUCHED = "this firmware's calls do not touch what is wrong; another's may"
RISK = "whether the memory is given to somebody else depends on the next kernel's load"
WHICH = ("a wrong phys_addr hangs; the map alone does not say which of the two addresses is "
         "wrong")
ATTR = "0x800000000000000f"

TABLE = (
    Fault("none", "nothing", short=True),
    Fault("map-absent", "runtime-map directory absent", ("remove efi/runtime-map",),
          "map-absent"),
    Fault("map-empty", "runtime-map directory empty", ("drop all",), "map-empty"),
    Fault("code-dropped", "runtime code dropped", ("drop code",), "no-runtime-code",
          short=True),
    Fault("data-dropped", "all runtime data dropped", ("drop data",), "no-runtime-data"),
    Fault("data-first-dropped", "the first runtime data entry dropped", ("drop data#0",),
          "drift-lost", UNTOUCHED, by="compare"),
    Fault("mmio-dropped", "MMIO (flash) entry dropped", ("drop mmio",), "drift-lost",
          by="compare"),
    Fault("boot-dropped", "boot-services entries dropped", ("drop boot",), "drift-lost",
          UNTOUCHED, by="compare"),
    # Virtual addresses
    Fault("code-identity", "runtime code: virt_addr = phys_addr",
          ("code.virt_addr = code.phys_addr",), "identity-partial"),
    Fault("all-identity", "all entries: virt_addr = phys_addr",
          ("all.virt_addr = own.phys_addr",), "identity-native"),
    Fault("code-virt-zero", "runtime code: virt_addr 0", ("code.virt_addr = 0",),
          "virt-zero"),
    Fault("code-virt-page", "runtime code: virt_addr one page higher",
          ("code.virt_addr += 0x1000",), "virt-incongruent", WHICH, short=True),
    Fault("code-virt-2m", "runtime code: virt_addr 2 MiB lower",
          ("code.virt_addr -= 0x200000",), "drift-virt", by="compare"),
    Fault("code-virt-offset", "runtime code: virt_addr 0x18 higher",
          ("code.virt_addr += 0x18",), "virt-unaligned"),
    Fault("code-virt-noncanonical", "runtime code: bit 62 of virt_addr clear",
          ("code.virt_addr ^= 0x4000000000000000",), "virt-noncanonical"),
    Fault("code-virt-user", "runtime code: virt_addr 0x40000000",
          ("code.virt_addr = 0x40000000",), "virt-outside-window"),
    Fault("code-virt-kernel", "runtime code: virt_addr in the kernel's text range",
          ("code.virt_addr = 0xffffffff90000000",), "virt-kernel-range"),
    Fault("code-virt-straddle", "runtime code: the last page above the EFI window",
          ("code.virt_addr = 0xffffffff00001000 - 0x100000",), "virt-window-straddle"),
    Fault("code-data-swapped", "virt_addr of runtime code and data swapped",
          ("add type=0 phys_addr=0 virt_addr=code.virt_addr num_pages=1 attribute=0",
           "code.virt_addr = data#0.virt_addr", "data#0.virt_addr = new.virt_addr",
           "drop new"), "virt-incongruent", WHICH),
    Fault("data-at-code", "runtime data at the virt_addr of the code",
          ("data#1.virt_addr = code.virt_addr",), "virt-overlap"),
    Fault("extra-at-code", "an extra entry with the virt_addr of the code",
          (f"add type=6 phys_addr=0x20000000 virt_addr=code.virt_addr num_pages=16 "
           f"attribute={ATTR}",), "virt-overlap"),
    Fault("extra-virt-outside", "an extra entry outside the EFI window",
          (f"add type=6 phys_addr=0xe0000000 virt_addr=0xffffffee00000000 num_pages=4 "
           f"attribute={ATTR}",), "virt-outside-window", UNUSED),
    Fault("extra-virt-user", "an extra entry at virt_addr 0x7f0000000000",
          (f"add type=6 phys_addr=0xe0000000 virt_addr=0x7f0000000000 num_pages=4 "
           f"attribute={ATTR}",), "virt-outside-window", UNUSED),
    Fault("extra-virt-direct", "an extra entry in the kernel's direct map",
          (f"add type=6 phys_addr=0xe0000000 virt_addr=0xffff888000000000 num_pages=4 "
           f"attribute={ATTR}",), "virt-kernel-range", UNUSED),
    Fault("extra-virt-text", "an extra entry in the kernel's text range",
          (f"add type=6 phys_addr=0xe0000000 virt_addr=0xffffffff81000000 num_pages=512 "
           f"attribute={ATTR}",), "virt-kernel-range", UNUSED),
    Fault("extra-incongruent", "an extra entry, virt_addr and phys_addr incongruent "
          "mod 2 MiB", (f"add type=6 phys_addr=0xe0001000 virt_addr=0xfffffff000000000 "
                        f"num_pages=1024 attribute={ATTR}",), "virt-incongruent", UNUSED),
    Fault("extra-1g", "an extra entry of 2 GiB, incongruent mod 1 GiB",
          ("add type=11 phys_addr=0x200200000 virt_addr=0xfffffff000000000 "
           "num_pages=0x80000 attribute=0x8000000000000001",), "", UNUSED),
    Fault("data-virt-2m", "the first runtime data entry: virt_addr 2 MiB higher",
          ("data#0.virt_addr += 0x200000",), "drift-virt", UNTOUCHED, by="compare"),
    Fault("mmio-virt-2m", "MMIO (flash): virt_addr 32 MiB lower",
          ("mmio.virt_addr -= 0x10000000",), "drift-virt", by="compare"),
    # Physical ranges
    Fault("code-phys-page", "runtime code: phys_addr one page higher",
          ("code.phys_addr += 0x1000",), "virt-incongruent", short=True),
    Fault("code-phys-2m", "runtime code: phys_addr 2 MiB lower",
          ("code.phys_addr -= 0x200000",), "runtime-in-ram"),
    Fault("code-phys-offset", "runtime code: phys_addr 0x18 higher",
          ("code.phys_addr += 0x18",), "phys-unaligned",
          "the kernel drops the offset in a page; lookups of the entry miss it"),
    Fault("code-pages-few", "runtime code: num_pages 16 of 256",
          ("code.num_pages = 16",), "drift-pages", by="compare"),
    Fault("code-pages-zero", "runtime code: num_pages 0", ("code.num_pages = 0",),
          "pages-zero"),
    Fault("data-pages-zero", "all runtime data: num_pages 0", ("data.num_pages = 0",),
          "pages-zero"),
    Fault("mmio-pages-zero", "MMIO (flash): num_pages 0", ("mmio.num_pages = 0",),
          "pages-zero"),
    Fault("boot-pages-zero", "boot-services entries: num_pages 0",
          ("boot.num_pages = 0",), "pages-zero"),
    Fault("extra-pages-zero", "an extra reserved entry: num_pages 0",
          ("add type=0 phys_addr=0xe0000000 virt_addr=0xfffffff000000000 num_pages=0 "
           f"attribute={ATTR}",), "pages-zero", UNUSED),
    Fault("boot-wraps", "a boot-services entry that wraps",
          ("boot#0.num_pages = 0xfffffffffffff",), "range-overflow"),
    Fault("code-wraps", "runtime code: so large that it wraps",
          ("code.num_pages = 0xfffffffffffff",), "range-overflow"),
    Fault("code-above-52", "runtime code: bit 53 of phys_addr set",
          ("code.phys_addr |= 0x20000000000000",), "range-above-52",
          "the page table drops bit 53, and what remains is the right address here"),
    Fault("extra-above-52", "an extra entry above 2^52",
          ("add type=6 phys_addr=0x20000000000000 virt_addr=0xfffffff000000000 "
           f"num_pages=4 attribute={ATTR}",), "range-above-52", UNUSED),
    Fault("extra-exceeds-window", "an extra MMIO entry of 128 GiB",
          ("add type=11 phys_addr=0x4000000000 virt_addr=0xffffffef00000000 "
           "num_pages=0x2000000 attribute=0x8000000000000001",), "range-exceeds-window",
          UNUSED),
    Fault("extra-unaligned", "an extra entry, phys_addr unaligned",
          ("add type=6 phys_addr=0xe0000800 virt_addr=0xfffffff000000000 num_pages=1 "
           f"attribute={ATTR}",), "phys-unaligned", UNUSED),
    Fault("data-over-code", "runtime data enlarged over the code",
          ("data#1.num_pages += 32",), "phys-overlap"),
    Fault("extra-phys-overlap", "an extra entry over the physical range of the code",
          ("add type=6 phys_addr=code.phys_addr virt_addr=0xfffffff0003ec000 "
           f"num_pages=16 attribute={ATTR}",), "phys-overlap",
          "which of two entries decides the flags of the 1:1 mapping depends on "
          "their order"),
    Fault("data-phys-2m", "the first runtime data entry: phys_addr 2 MiB lower",
          ("data#0.phys_addr -= 0x200000",), "runtime-in-ram",
          UNTOUCHED),
    # Types and attributes
    Fault("code-type-7", "runtime code: type 7 (conventional)", ("code.type = 7",),
          "type-ram-runtime"),
    Fault("code-type-1", "runtime code: type 1 (loader code)", ("code.type = 1",),
          "type-ram-runtime"),
    Fault("code-type-3", "runtime code: type 3 (boot code)", ("code.type = 3",),
          "no-runtime-code", UNTOUCHED),
    Fault("code-type-8", "runtime code: type 8 (unusable)", ("code.type = 8",),
          "type-impossible"),
    Fault("code-type-17", "runtime code: type 17 (undefined)", ("code.type = 17",),
          "type-reserved-range"),
    Fault("code-type-oem", "runtime code: type 0x70000001", ("code.type = 0x70000001",),
          "no-runtime-code"),
    Fault("data-type-7", "runtime data: type 7 (conventional)", ("data.type = 7",),
          "type-ram-runtime", UNTOUCHED),
    Fault("extra-ram-runtime", "an extra RAM entry with RUNTIME",
          ("add type=7 phys_addr=0x20000000 virt_addr=0xfffffff000000000 num_pages=16 "
           f"attribute={ATTR}",), "type-ram-runtime", UNUSED),
    Fault("code-no-runtime-bit", "runtime code without the RUNTIME bit",
          ("code.attribute = 0xf",), "runtime-bit-missing"),
    Fault("no-runtime-bit", "no entry has the RUNTIME bit", ("all.attribute = 0xf",),
          "runtime-bit-missing"),
    Fault("code-ro-xp", "runtime code: RO and XP added", ("code.attribute |= 0x24000",),
          "attr-xp-code"),
    Fault("code-no-cache", "runtime code and data: no cacheability bit",
          ("runtime.attribute = 0x8000000000000000",), "attr-no-cache"),
    Fault("attr-unknown", "runtime code: attribute bits nobody defined",
          ("code.attribute |= 0x3c00000000000000",), "attr-unknown-bits"),
    Fault("code-uncached", "runtime code: UC only",
          ("code.attribute = 0x8000000000000001",), "attr-code-not-wb"),
    Fault("mmio-wb", "MMIO (flash): WB only", ("mmio.attribute = 0x8000000000000008",),
          "attr-mmio-no-uc"),
    Fault("code-sp", "runtime code: SP added", ("code.attribute |= 0x40000",), "attr-sp"),
    # Shape
    Fault("entry-duplicate", "runtime code duplicated", ("copy code 1",),
          "entry-duplicate"),
    Fault("entry-400", "400 copies of the runtime code", ("copy code 400",),
          "entry-duplicate"),
    Fault("index-gap", "a gap in the numbering", ("rename code 77",), "map-index-gap"),
    Fault("name-odd", 'an entry named "x"', ("rename code x",), "map-name-odd"),
    Fault("entries-6553", "6553 entries", ("fill 6553",), ""),
    Fault("entries-6554", "6554 entries", ("fill 6554",), "map-too-big"),
    Fault("code-phys-missing", "runtime code: no phys_addr file",
          ("unlink code.phys_addr",), "map-file-unreadable"),
    Fault("code-virt-missing", "runtime code: no virt_addr file",
          ("unlink code.virt_addr",), "map-file-unreadable",
          "what kexec-tools keeps from the entry before may be anything"),
    Fault("code-pages-missing", "runtime code: no num_pages file",
          ("unlink code.num_pages",), "map-file-unreadable",
          "what kexec-tools keeps from the entry before may be anything"),
    Fault("code-type-missing", "runtime code: no type file", ("unlink code.type",),
          "map-file-unreadable",
          "what kexec-tools keeps from the entry before may be anything"),
    Fault("attribute-missing", "runtime code: no attribute file",
          ("unlink code.attribute",), "map-file-unreadable",
          "what kexec-tools keeps from the entry before may be anything"),
    Fault("code-phys-empty", "runtime code: phys_addr an empty file",
          ("text code.phys_addr ",), "map-file-unreadable"),
    Fault("code-phys-junk", 'runtime code: phys_addr "none"',
          ("text code.phys_addr none\\n",), "map-value-syntax"),
    Fault("code-phys-decimal", "runtime code: phys_addr without 0x and junk after it",
          ("text code.phys_addr 3f5ec000 # note\\n",), "map-value-syntax",
          "sscanf(\"0x%llx\") finds nothing and the entry before decides"),
    # Pointers
    Fault("vendor-missing", "fw_vendor missing", ("remove efi/fw_vendor",),
          "pointer-missing"),
    Fault("runtime-missing", "runtime missing", ("remove efi/runtime",),
          "pointer-missing"),
    Fault("config-missing", "config_table missing", ("remove efi/config_table",),
          "pointer-missing"),
    Fault("systab-missing", "systab missing", ("remove efi/systab",), "pointer-missing"),
    Fault("vendor-ones", "fw_vendor 0xffffffffffffffff",
          ("file efi/fw_vendor = 0xffffffffffffffff",), "pointer-missing"),
    Fault("vendor-virtual", "fw_vendor a virtual address",
          ("pointer efi/fw_vendor virtual",), "pointer-virtual"),
    Fault("config-virtual", "config_table a virtual address",
          ("pointer efi/config_table virtual",), "pointer-virtual", short=True),
    Fault("smbios-virtual", "SMBIOS= in systab a virtual address",
          ("table SMBIOS virtual",), "smbios-virtual"),
    Fault("runtime-virtual", "runtime a virtual address",
          ("pointer efi/runtime virtual",), "",
          "kernels before 5.7 use it"),
    Fault("runtime-zero", "runtime 0", ("file efi/runtime = 0x0",), ""),
    Fault("vendor-zero", "fw_vendor 0", ("file efi/fw_vendor = 0x0",), ""),
    Fault("config-zero", "config_table 0", ("file efi/config_table = 0x0",), ""),
    Fault("config-page", "config_table one page higher",
          ("pointer efi/config_table + 0x1000",), "drift-pointer", by="compare"),
    Fault("vendor-page", "fw_vendor one page higher",
          ("pointer efi/fw_vendor + 0x1000",), "drift-pointer",
          "only the vendor's name is read there", by="compare"),
    Fault("config-ram", "config_table in free memory",
          ("file efi/config_table = 0x20000000",), "drift-pointer", by="compare"),
    Fault("config-above-52", "config_table above 2^52",
          ("file efi/config_table = 0x20000000000000",), "drift-pointer", by="compare"),
    Fault("config-empty", "config_table an empty file", ("file efi/config_table =",),
          "pointer-missing"),
    Fault("smbios-absent", "no SMBIOS line in systab",
          ("edit efi/systab SMBIOS= UGA=",), ""),
    Fault("smbios-page", "SMBIOS= one page higher", ("table SMBIOS + 0x1000",),
          "drift-systab", by="compare"),
    # memmap
    Fault("code-in-ram", 'memmap says "System RAM" over the runtime code',
          ("memmap code = System RAM",), "runtime-in-ram", RISK),
    Fault("data-in-ram", 'memmap says "System RAM" over the runtime data',
          ("memmap data = System RAM",), "runtime-in-ram", RISK),
    Fault("runtime-in-ram", 'memmap says "System RAM" over runtime code and data',
          ("memmap runtime = System RAM",), "runtime-in-ram", RISK),
    Fault("mmio-in-ram", 'memmap says "System RAM" over the MMIO (flash)',
          ("memmap mmio = System RAM",), "mmio-in-ram", RISK),
    Fault("runtime-uncovered", "memmap has a hole under runtime code and data",
          ("memmap runtime = -",), "runtime-uncovered", RISK),
    Fault("runtime-unusable", 'memmap says "Unusable memory" over the runtime code',
          ("memmap code = Unusable memory",), ""),
    Fault("runtime-persistent", 'memmap says "Persistent Memory" over the runtime code',
          ("memmap code = Persistent Memory",), ""),
    Fault("memmap-end-below", "memmap: a reserved range ends below its start",
          ("memmap-add 0xe0000000 0xd0000000 Reserved",), "memmap-bad-range"),
    Fault("memmap-end-one-below", "memmap: a range ends one byte below its start",
          ("memmap-add 0xe0000000 0xdfffffff Reserved",), "memmap-bad-range"),
    Fault("memmap-end-missing", "memmap: the end file of a range missing",
          ("memmap-text 4 end -",), "memmap-bad-range"),
    Fault("memmap-129", "129 memmap ranges", ("memmap-fill 129",), "memmap-count",
          "kexec_load passes them all; kexec_file_load cuts off"),
    Fault("memmap-2049", "2049 memmap ranges", ("memmap-fill 2049",), "memmap-count",
          RISK),
    # The other loader, and the older kernel
    Fault("file-none", "nothing; then kexec_file_load", loader="kexec-file-load"),
    Fault("file-code-type-7", "runtime code: type 7; then kexec_file_load",
          ("code.type = 7",), "type-ram-runtime", loader="kexec-file-load"),
    Fault("file-boot-pages-zero", "boot-services entries: num_pages 0; then "
          "kexec_file_load", ("boot.num_pages = 0",), "pages-zero",
          loader="kexec-file-load"),
    Fault("file-map-absent", "runtime-map absent; then kexec_file_load",
          ("remove efi/runtime-map",), "map-absent", loader="kexec-file-load"),
    Fault("file-runtime-bit", "no RUNTIME bit; then kexec_file_load",
          ("all.attribute = 0xf",), "runtime-bit-missing", loader="kexec-file-load"),
    Fault("old-none", "nothing, into 6.1", next="6.1"),
    Fault("old-code-dropped", "runtime code dropped, into 6.1", ("drop code",),
          "no-runtime-code", next="6.1"),
    Fault("old-code-phys-page", "runtime code: phys_addr one page higher, into 6.1",
          ("code.phys_addr += 0x1000",), "virt-incongruent", next="6.1"),
    Fault("old-all-identity", "all entries: virt_addr = phys_addr, into 6.1",
          ("all.virt_addr = own.phys_addr",), "identity-native", next="6.1"),
    Fault("old-code-in-ram", 'memmap says "System RAM" over the runtime code, into 6.1',
          ("memmap code = System RAM",), "runtime-in-ram", RISK, next="6.1"),
    Fault("old-config-virtual", "config_table a virtual address, into 6.1",
          ("pointer efi/config_table virtual",), "pointer-virtual", next="6.1"),
    Fault("old-entries-6554", "6554 entries, into 6.1", ("fill 6554",), "map-too-big",
          next="6.1"),
)
