/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of pagetable --check, as words: the kernel's dump of its EFI page table
 * against the map. They are tested in src/check/pagetable_check.c and pagetable_extra.c.
 */
#include "model/rules.h"

#define REAL_DUMPS                                                                         \
	"The dumps of two real kernels (6.12, first and kexec'ed) agree with the table that " \
	"is predicted from their maps."

const struct efimap_rule efimap_rules_pagetable[RULES_PAGETABLE] = {
	{
		.id = EFIMAP_RULE_PAGETABLE_MISSING,
		.name = "pagetable-missing",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "A page of an entry is not mapped at its virtual address.",
		.why = "That address is the one that the firmware was told. A page that is not "
		       "there is a fault in the firmware call that touches it.",
		.breaks = "The first call that needs the page faults, and the kernel turns "
			  "runtime services off.",
		.exceptions = "Entries whose virtual range is impossible: verify says so. No "
			      "consequence for boot-services, loader and conventional memory.",
		.fix = "See whether map and dump are of the same boot. If they are, look for "
		       "\"Error mapping PA\" in the kernel's log and report a kernel bug.",
		.source = "arch/x86/platform/efi/efi_64.c: __map_region, efi_map_region_fixed",
		.experiment = REAL_DUMPS " With a map that was moved by 4 MiB, every entry "
					 "is missing."),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_EXTRA,
		.name = "pagetable-extra",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Something is mapped in the EFI window that belongs to no entry.",
		.why = "The window holds nothing but runtime regions. What else is mapped "
		       "there is a leftover, or belongs to an entry that the map has lost.",
		.breaks = "Nothing by itself; but the map that is handed on lacks a region "
			  "that this kernel has mapped.",
		.exceptions = "A note in a kernel that the firmware booted, where a mapping of "
			      "freed boot-services memory can be left.",
		.fix = "Compare the map with that of the first kernel (efimapctl compare).",
		.source = "arch/x86/platform/efi/efi_64.c: efi_map_region; "
			  "arch/x86/platform/efi/quirks.c: efi_unmap_pages",
		.experiment = REAL_DUMPS),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_NX_DATA,
		.name = "pagetable-nx-data",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "What is no code is executable.",
		.why = "Linux sets NX for every type but 3 and 5. Data that can be executed is "
		       "an invitation.",
		.breaks = "Nothing that works today; an attacker gains a place for code.",
		.exceptions = "Types 3 and 5 (boot-services and runtime code).",
		.fix = "See whether map and dump are of the same boot; if they are, report a "
		       "kernel bug.",
		.source = "arch/x86/platform/efi/efi_64.c: __map_region (_PAGE_NX)",
		.experiment = REAL_DUMPS),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_X_CODE_NX,
		.name = "pagetable-x-code-nx",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "A runtime code entry is mapped non-executable throughout.",
		.why = "The Memory Attributes Table takes the right to execute from pieces of "
		       "an entry, never from all of it: code has to run somewhere.",
		.breaks = "The first firmware call faults on instruction fetch; runtime "
			  "services are disabled.",
		.exceptions = "none",
		.fix = "See whether map and dump are of the same boot; look for \"efi: memattr\" "
		       "in the kernel's log.",
		.source = "arch/x86/platform/efi/efi_64.c: __map_region, "
			  "efi_update_mem_attr",
		.rows = "code-type-7, code-type-8, code-type-17",
		.experiment =
			"Runtime code of a type that is no code is mapped "
			"non-executable: runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_CACHE,
		.name = "pagetable-cache",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "An entry is mapped uncached although it has EFI_MEMORY_WB, or cached "
			 "although it lacks it.",
		.why = "That is the one cacheability attribute that Linux looks at. A device "
		       "that is mapped cached can miss writes; memory that is mapped uncached "
		       "is very slow.",
		.breaks = "Firmware calls that touch the region are slow, or lose writes to a "
			  "device.",
		.exceptions = "none",
		.fix = "See whether map and dump are of the same boot; if they are, report a "
		       "kernel bug.",
		.source = "arch/x86/platform/efi/efi_64.c: __map_region (_PAGE_PCD)",
		.experiment = REAL_DUMPS),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_WX,
		.name = "pagetable-wx",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Runtime code is writable and executable at once.",
		.why = "With a Memory Attributes Table the first kernel takes one of the two "
		       "rights from every page of runtime code.",
		.breaks = "Nothing; code that can be written to is an invitation.",
		.exceptions = "A note in a kernel that was kexec'ed, which always maps code so, "
			      "and where the kernel's log names no Memory Attributes Table.",
		.fix = "Look for \"efi: memattr\" in the kernel's log: the table may have been "
		       "found invalid.",
		.source = "arch/x86/platform/efi/efi_64.c: efi_update_mem_attr, "
			  "efi_map_region_fixed; drivers/firmware/efi/memattr.c",
		.experiment = REAL_DUMPS " In the first, pieces of the code alternate between "
					 "\"ro x\" and \"RW NX\"; in the kexec'ed one all "
					 "of it is \"RW x\"."),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_LEVEL,
		.name = "pagetable-level",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "Leaves have another size than Linux would choose for the entry.",
		.why = "Another size means that the kernel has split a leaf, for the Memory "
		       "Attributes Table or because it freed a part, or that the CPU has no "
		       "1 GiB pages.",
		.breaks = "Nothing.",
		.exceptions = "none",
		.fix = "Nothing to do. For a CPU without 1 GiB pages, give --no-1g.",
		.source = "arch/x86/mm/pat/set_memory.c: populate_pmd, populate_pud, "
			  "split_large_page",
		.experiment = REAL_DUMPS),
	},
	{
		.id = EFIMAP_RULE_PAGETABLE_NO_IDENTITY,
		.name = "pagetable-no-identity",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_VIRT,
		.text = TEXT(
		.tests = "A page of an entry is not mapped at its physical address.",
		.why = "Linux maps each region twice, because some firmware goes on using "
		       "physical addresses after SetVirtualAddressMap.",
		.breaks = "Such a firmware faults; one that follows the specification does "
			  "not.",
		.exceptions = "Entries whose physical range is impossible: verify says so.",
		.fix = "See whether map and dump are of the same boot; if they are, report a "
		       "kernel bug.",
		.source = "arch/x86/platform/efi/efi_64.c: efi_map_region (\"make sure the 1:1 "
			  "mappings are present\")",
		.experiment = REAL_DUMPS),
	},
};
