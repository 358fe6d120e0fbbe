/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules about two runtime maps, the one handed over and the one received, as words. It
 * must not know how they are tested: that is src/check/compare_*.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_drift[RULES_DRIFT] = {
	{
		.id = EFIMAP_RULE_DRIFT_NO_MAP,
		.name = "drift-no-map",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "SECOND has no runtime map.",
		.why = "What FIRST promised to the firmware reached no one: SECOND "
			 "cannot call it, and has nothing to hand on.",
		.breaks = "SECOND has no EFI variables and no runtime services; "
			 "without any EFI it also misses the ACPI and SMBIOS tables "
			 "unless boot_params names them. Every later kernel is in the "
			 "same position.",
		.exceptions = "A note where something explains it: noefi or "
			 "efi=noruntime on SECOND's command line, mixed mode after "
			 "kexec, Xen, a 32-bit kernel as FIRST or SECOND, which kexec "
			 "passes no EFI from nor to, or a FIRST that has no map itself.",
		.fix = "Run efimapctl handover on SECOND: it names the causes that "
			 "fit. A kernel does not say a word about this, nor does "
			 "kexec-tools.",
		.source = "arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init; "
			 "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "setup_efi_info; arch/x86/kernel/kexec-bzimage64.c: "
			 "setup_efi_state",
		.rows = "map-absent, map-empty, file-map-absent",
		.experiment = "Boots without EFI, not one message."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_NOT_KEXEC,
		.name = "drift-not-kexec",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "SECOND was started by the firmware: it has no setup_data "
			 "node of type 4 (SETUP_EFI), and neither its boot loader nor "
			 "its command line speaks of kexec.",
		.why = "A kernel that the firmware started called "
			 "SetVirtualAddressMap itself. Its virtual addresses have "
			 "nothing to do with FIRST's, and boot services lie elsewhere "
			 "in every boot.",
		.breaks = "Nothing breaks: the comparison means less. Virtual "
			 "addresses and the order of the entries are not compared, and "
			 "differences of boot services are notes.",
		.exceptions = "An error where FIRST was started by kexec and SECOND "
			 "by the firmware: then nothing can have gone from FIRST to "
			 "SECOND, and the two are probably swapped. SECOND may be "
			 "FIRST itself. A capture that does not say who started its "
			 "kernel is skipped.",
		.fix = "Compare with a capture of the kernel that loaded SECOND, "
			 "taken in the same power cycle: name captures after their "
			 "boot_id.",
		.source = "Documentation/arch/x86/boot.rst (type_of_loader 0xd); "
			 "arch/x86/kernel/setup.c: parse_setup_data",
		.experiment =
			"None: nothing is faulty. Two cold boots of one virtual machine "
			"had 105 and 106 entries."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_LOST,
		.name = "drift-lost",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory of an entry of FIRST is in no entry of SECOND.",
		.why = "The firmware uses all regions it has declared, and does so at "
			 "the virtual addresses it was told. A region that is not "
			 "mapped there faults.",
		.breaks = "The first call that touches the region faults, and runtime "
			 "services are disabled: at once for code and data, at the "
			 "first write of a variable for the flash.",
		.exceptions = "A note for what SECOND's kernel drops on purpose: "
			 "entries without pages or beyond 2^64, and boot services or "
			 "conventional memory without EFI_MEMORY_RUNTIME, which only "
			 "efi=debug keeps; and for boot services where SECOND's kernel "
			 "is older than 4.9, which exports none. Boot services in "
			 "another boot. Of boot services with the bit the consequence is none.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "UEFI 2.10 section 8.4.1 (SetVirtualAddressMap); "
			 "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode; "
			 "arch/x86/platform/efi/efi_64.c: efi_map_region_fixed; "
			 "drivers/firmware/efi/efi.c: efi_clean_memmap",
		.rows =
			"data-first-dropped, mmio-dropped, boot-dropped, "
			"old-mmio-dropped, crash-mmio-dropped",
		.experiment =
			"Without the flash runtime services are disabled at the first "
			"write. Without an entry that this firmware does not use, and "
			"without boot services, the second kernel works."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_EXTRA,
		.name = "drift-extra",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory of an entry of SECOND is in no entry of FIRST.",
		.why = "A loader hands on what it reads, and a kernel adds no region: "
			 "an entry more was put in between.",
		.breaks = "Nothing while no call uses it, but it is mapped, and where "
			 "it lies over another entry, physically or virtually, it "
			 "hides that one.",
		.exceptions = "Entries that were split or merged are drift-pages. A "
			 "note for boot services in another boot.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware. efimapctl verify on SECOND tells whether the entry "
			 "hides another one.",
		.source = "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode; "
			 "arch/x86/platform/efi/efi_64.c: efi_map_region_fixed",
		.rows =
			"extra-at-code, extra-virt-user, extra-ram-runtime, "
			"extra-exceeds-window, entry-duplicate",
		.experiment =
			"Where the entry takes addresses of the runtime code, runtime "
			"services are disabled; one of 128 GiB keeps the kernel from "
			"booting; others are accepted without a word."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_VIRT,
		.name = "drift-virt",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Memory that is in both maps is mapped at different virtual "
			 "addresses.",
		.why = "SetVirtualAddressMap can be called once in a power cycle. The "
			 "firmware has converted its pointers to FIRST's addresses and "
			 "will use them for ever.",
		.breaks = "The first firmware call faults, and runtime services are "
			 "disabled. This is the drift that the runtime map exists to "
			 "prevent.",
		.exceptions = "In another boot (drift-not-kexec) virtual addresses are "
			 "not compared. For entries that no firmware call needs the "
			 "consequence is none. "
			 "A note where SECOND's kernel has cut boot services memory in "
			 "pieces to reserve a table: each piece keeps the address of "
			 "the whole.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "UEFI 2.10 section 8.4.1 (SetVirtualAddressMap); "
			 "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode; "
			 "arch/x86/platform/efi/efi_64.c: efi_map_region_fixed; "
			 "drivers/firmware/efi/memmap.c: efi_memmap_insert",
		.rows = "code-virt-2m, data-virt-2m, mmio-virt-2m, old-code-virt-2m",
		.experiment =
			"The runtime code or the flash elsewhere: runtime services are "
			"disabled. A data region that this firmware's calls never touch "
			"showed nothing."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_PAGES,
		.name = "drift-pages",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "An entry that starts where one of FIRST starts has another "
			 "size.",
		.why = "What is cut off is not mapped; what is added lies over what "
			 "follows.",
		.breaks = "A call that reaches the missing pages faults, and runtime "
			 "services are disabled.",
		.exceptions = "A note where FIRST's memory is all there in other "
			 "pieces, at the same virtual addresses: SECOND's kernel "
			 "splits an entry to reserve a table in it (efi_mem_reserve). "
			 "A note for boot services in another boot.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve; "
			 "drivers/firmware/efi/memmap.c: efi_memmap_insert; "
			 "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode; "
			 "arch/x86/platform/efi/efi_64.c: efi_map_region_fixed",
		.rows = "code-pages-few",
		.experiment =
			"Runtime code with 16 of 256 pages: runtime services are "
			"disabled."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_TYPE,
		.name = "drift-type",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory that is in both maps has different types.",
		.why = "Linux maps boot services code and runtime code executable and "
			 "all else not, and tells by the type what is memory and what "
			 "is a device.",
		.breaks = "Runtime code under another type is mapped non-executable: "
			 "the first call faults, and runtime services are disabled.",
		.exceptions = "A note for boot services in another boot. For entries "
			 "that no firmware call needs the consequence is none.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "arch/x86/platform/efi/efi_64.c: __map_region",
		.rows =
			"code-type-7, code-type-1, code-type-3, code-type-8, "
			"code-type-17, code-type-oem, data-type-7",
		.experiment =
			"Runtime code with a type that is no code is mapped "
			"non-executable: runtime services are disabled. As boot code it "
			"works, and so does data of another type."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_ATTR,
		.name = "drift-attr",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Memory that is in both maps has different attributes.",
		.why = "Both loaders hand the attributes on as they are, and a kernel "
			 "only ever adds EFI_MEMORY_RUNTIME to boot services.",
		.breaks = "Nothing has been seen to break: Linux maps by type and "
			 "EFI_MEMORY_WB alone. But something that is neither loader "
			 "nor kernel has been at the map.",
		.exceptions = "EFI_MEMORY_RUNTIME that is added to boot services is "
			 "drift-attr-rt-added; its loss, or its gain by another type, "
			 "is not. Boot services in another boot.",
		.fix = "Compare the same two kernels once more with fresh captures. "
			 "If it stays, look for what changed the map between them: a "
			 "tampered or broken /sys/firmware/efi (bind mounts, "
			 "containers) while kexec loaded, or kernel bug 75dde792d6f6 "
			 "(before 6.10) in a chain of kexecs. Boot once through the "
			 "firmware.",
		.source = "arch/x86/platform/efi/quirks.c: efi_reserve_boot_services; "
			 "arch/x86/platform/efi/efi_64.c: __map_region",
		.rows = "code-no-runtime-bit, code-ro-xp, code-no-cache, code-sp",
		.experiment = "Works."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_ATTR_RT_ADDED,
		.name = "drift-attr-rt-added",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Boot services have EFI_MEMORY_RUNTIME in SECOND, but not in "
			 "FIRST.",
		.why = "SECOND's kernel marks what it must not free, and in a crash "
			 "kernel most memory is none of its own. This is normal and "
			 "listed so that nobody has to wonder.",
		.breaks = "Nothing.",
		.exceptions = "Other bits, other types and the loss of the bit are "
			 "drift-attr.",
		.fix = "Nothing has to be done.",
		.source = "arch/x86/platform/efi/quirks.c: efi_reserve_boot_services, "
			 "efi_arch_mem_reserve",
		.experiment =
			"None: nothing is faulty. With efi=debug 33 of 107 entries "
			"gained the bit in a kexec, and 99 of 106 in a crash kernel."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_ORDER_SAME,
		.name = "drift-order-same",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests = "The entries arrived in the order of their numbers.",
		.why = "kexec_file_load hands the map on as it is. The order is no "
			 "part of the promise; it tells which loader was used.",
		.breaks = "Nothing.",
		.exceptions = "none",
		.fix = "Nothing has to be done.",
		.source = "arch/x86/kernel/kexec-bzimage64.c: setup_efi_state, "
			 "setup_efi_info_memmap",
		.experiment =
			"None: nothing is faulty. Every pair of real kernels with "
			"kexec_file_load had this order."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_ORDER_HASH,
		.name = "drift-order-hash",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests = "The entries arrived in the order in which sysfs lists them, "
			 "once or several times over.",
		.why = "kexec-tools reads the directory as the kernel lists it, by a "
			 "hash of the names, and hands the entries on so. The order is "
			 "no part of the promise; it tells which loader was used.",
		.breaks = "Nothing. The number of an entry means nothing in another "
			 "kernel.",
		.exceptions = "none",
		.fix = "Nothing has to be done.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			 "get_efi_runtime_map; fs/kernfs/dir.c: kernfs_name_hash",
		.experiment =
			"None: nothing is faulty. Every pair of real kernels with "
			"kexec_load had this order."),
	},
	{
		.id = EFIMAP_RULE_DRIFT_ORDER_OTHER,
		.name = "drift-order-other",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests = "The entries arrived neither in the order of their numbers "
			 "nor in that in which sysfs lists them, also several times "
			 "over.",
		.why = "Neither loader shuffles the entries otherwise, so another "
			 "program wrote the map, or a capture was put together by hand.",
		.breaks = "Nothing by itself: the kernel does not care for the order "
			 "unless entries overlap, where the first one mapped wins.",
		.exceptions = "Kernels in between that are not in the comparison, of "
			 "which some were loaded by kexec_load and some with entries "
			 "removed. Not tried in another boot.",
		.fix = "Compare each kernel with the one before it (efimapctl compare "
			 "A B C). Find out what loaded SECOND.",
		.source = "fs/kernfs/dir.c: kernfs_name_hash; "
			 "arch/x86/kernel/kexec-bzimage64.c: setup_efi_state",
		.rows = "index-gap",
		.experiment =
			"Works: the order has never changed how a second kernel ran."),
	},
};
