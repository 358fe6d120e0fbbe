/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Type and attributes of each entry.
 * Words only: the tests are in src/check/attr.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_attr[RULES_ATTR] = {
	{
		.id = EFIMAP_RULE_RUNTIME_BIT_MISSING,
		.name = "runtime-bit-missing",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "An entry lacks EFI_MEMORY_RUNTIME (bit 63).",
		.why =
			"The firmware does not need the region after "
			"ExitBootServices, so the kernel has no reason to export it; "
			"for runtime code or data the bit was lost.",
		.breaks = "Nothing today: it maps everything that it is given.",
		.exceptions =
			"Boot-services entries with efi=debug on the command line, or "
			"where the command line was not collected; boot-services, "
			"loader and conventional memory in mixed mode: the kernel "
			"exports those on purpose.",
		.fix =
			"Take the capture again; on the running system report it to "
			"the firmware's vendor.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi.c: "
			"should_map_region; arch/x86/platform/efi/quirks.c: "
			"efi_free_boot_services",
		.rows =
			"code-no-runtime-bit, no-runtime-bit, file-runtime-bit, "
			"old-no-runtime-bit",
		.experiment = "Works."),
	},
	{
		.id = EFIMAP_RULE_BOOT_SERVICES_KEPT,
		.name = "boot-services-kept",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_MARKS,
		.text = TEXT(
		.tests = "Boot-services code or data carries EFI_MEMORY_RUNTIME.",
		.why =
			"The firmware does not set the bit there. The running kernel "
			"did, to keep a table (ESRT, BGRT, MOK variables) or because "
			"the memory was already reserved.",
		.breaks = "Nothing: it maps the region; no firmware call needs it.",
		.exceptions =
			"Entries that boot-services-in-ram names, because memmap "
			"calls them System RAM, are not named again. Kernels before "
			"4.9 exported none: in a map of theirs it is a warning.",
		.fix = "Nothing to do; before 4.9, find out where the map comes from.",
		.source =
			"arch/x86/platform/efi/quirks.c: efi_arch_mem_reserve, "
			"efi_reserve_boot_services",
		.rows = "boot-dropped",
		.experiment = "Without them the second kernel works."),
	},
	{
		.id = EFIMAP_RULE_TYPE_RAM_RUNTIME,
		.name = "type-ram-runtime",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Loader or conventional memory (types 1, 2, 7) carries "
			"EFI_MEMORY_RUNTIME.",
		.why =
			"The kernel treats the same pages as memory it may give to "
			"anyone and as memory of the firmware; and it maps everything "
			"but types 3 and 5 without execute permission.",
		.breaks =
			"If this is the firmware's code, the first call faults. If it "
			"is data, somebody else writes into it.",
		.exceptions =
			"none; the entries of these types that mixed mode exports "
			"have no RUNTIME bit",
		.fix =
			"Report it to the firmware's vendor; if the capture was "
			"copied, take it again.",
		.source =
			"UEFI 2.10 section 7.2.1; arch/x86/platform/efi/efi_64.c: "
			"__map_region; arch/x86/platform/efi/efi.c: do_add_efi_memmap",
		.rows =
			"code-type-7, code-type-1, data-type-7, extra-ram-runtime, "
			"file-code-type-7, old-code-type-7",
		.experiment =
			"Runtime code as type 7 or 1 is mapped non-executable: runtime "
			"services are disabled, and kexec_file_load then passes no EFI "
			"on. Data of that type, and an extra entry that nobody uses, "
			"work."),
	},
	{
		.id = EFIMAP_RULE_TYPE_IMPOSSIBLE,
		.name = "type-impossible",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Unusable, unaccepted or PAL memory (types 8, 15, 13) carries "
			"EFI_MEMORY_RUNTIME.",
		.why =
			"Firmware cannot run in memory with errors or in memory that "
			"a confidential guest has not accepted; PAL code exists only "
			"on Itanium.",
		.breaks =
			"It maps the region non-executable. If the firmware uses it, "
			"the first call faults.",
		.exceptions = "A warning for PAL code (13): nothing on x86 looks at it.",
		.fix =
			"Report it to the firmware's vendor; if the capture was "
			"copied, take it again.",
		.source =
			"UEFI 2.10 section 7.2.1; arch/x86/platform/efi/efi_64.c: "
			"__map_region",
		.rows = "code-type-8",
		.experiment =
			"Runtime code with type 8 is mapped non-executable: runtime "
			"services are disabled. Types 13 and 15 were not tried."),
	},
	{
		.id = EFIMAP_RULE_TYPE_RESERVED_RANGE,
		.name = "type-reserved-range",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"The type lies in 16 to 0x6fffffff, which UEFI does not "
			"define.",
		.why =
			"Nobody knows what such a region is; the boot stub leaves it "
			"out of the e820 table, so nothing keeps it from being used.",
		.breaks =
			"It maps the region non-executable. If it is the firmware's "
			"code, the first call faults.",
		.exceptions =
			"Types of the OEM (0x70000000 and up) and of the OS loader "
			"(0x80000000 and up) are defined.",
		.fix =
			"Report it to the firmware's vendor; if other fields look "
			"random too, the map was overwritten: kernels before 6.10, "
			"6.6.36 and 5.15.162 lack 75dde792d6f6.",
		.source =
			"UEFI 2.10 section 7.2.1; "
			"drivers/firmware/efi/libstub/x86-stub.c: setup_e820",
		.rows = "code-type-17",
		.experiment =
			"Runtime code with an undefined type is mapped non-executable: "
			"runtime services are disabled."),
	},
	{
		.id = EFIMAP_RULE_ATTR_NO_CACHE,
		.name = "attr-no-cache",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests =
			"Memory has none of the cacheability bits UC, WC, WT, WB and "
			"UCE.",
		.why =
			"The firmware does not say how the region may be cached. The "
			"kernel then maps it uncached, which makes firmware calls "
			"slow.",
		.breaks = "It maps the region uncached, as the running kernel does.",
		.exceptions =
			"Memory-mapped I/O and reserved regions (types 0, 11, 12): 44 "
			"% of those on real machines carry no such bit, and uncached "
			"is right for them.",
		.fix = "Report it to the firmware's vendor.",
		.source =
			"UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi_64.c: "
			"__map_region (_PAGE_PCD without EFI_MEMORY_WB)",
		.rows = "code-no-cache",
		.experiment = "Works."),
	},
	{
		.id = EFIMAP_RULE_ATTR_UNKNOWN_BITS,
		.name = "attr-unknown-bits",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "attribute has bits that UEFI does not define.",
		.why =
			"No runtime entry of any known machine has one: the value was "
			"damaged, or the specification is newer than this tool.",
		.breaks = "Nothing: it looks at the bits it knows.",
		.exceptions = "The ISA bits 44 to 59 and 62.",
		.fix =
			"Compare the value with the kernel log (efi=debug); if other "
			"fields look random too, the map was overwritten: kernels "
			"before 6.10, 6.6.36 and 5.15.162 lack 75dde792d6f6.",
		.source =
			"UEFI 2.10 section 7.2.3; include/linux/efi.h: EFI_MEMORY_*; "
			"drivers/firmware/efi/efi.c: efi_md_typeattr_format",
		.rows = "attr-unknown",
		.experiment = "Works: the kernel ignores the bits."),
	},
	{
		.id = EFIMAP_RULE_NO_RUNTIME_CODE,
		.name = "no-runtime-code",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Runtime-services code is missing: no entry has type 5.",
		.why =
			"The functions behind every EFI call lie in such a region: an "
			"entry was lost, or has the wrong type.",
		.breaks =
			"The first firmware call faults: \"Froze efi_rts_wq and "
			"disabled EFI Runtime Services\".",
		.exceptions =
			"Silent where the map is empty, an entry cannot be read, or "
			"an entry is type-ram-runtime or type-impossible: those are "
			"the cause and have findings of their own. Silent where "
			"runtime services are off on purpose. Not tried where "
			"log-incomplete speaks of the map.",
		.fix =
			"Take the capture again; compare with \"EFI runtime memory "
			"map\" in the kernel log (efi=debug).",
		.source =
			"UEFI 2.10 section 7.2.1; arch/x86/platform/efi/quirks.c: "
			"efi_crash_gracefully_on_page_fault",
		.rows =
			"code-dropped, code-type-3, code-type-oem, file-code-dropped, "
			"old-code-dropped, crash-code-dropped",
		.experiment =
			"The first firmware call faults, runtime services are disabled. "
			"Runtime code as boot code (type 3) works, because that is "
			"mapped executable too."),
	},
	{
		.id = EFIMAP_RULE_NO_RUNTIME_DATA,
		.name = "no-runtime-data",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "Runtime-services data is missing: no entry has type 6.",
		.why =
			"Firmware keeps its tables and variables' state there; no "
			"known firmware has none: entries were lost, or have the "
			"wrong type.",
		.breaks =
			"The first firmware call faults: \"Froze efi_rts_wq and "
			"disabled EFI Runtime Services\".",
		.exceptions =
			"Silent where the map is empty, an entry cannot be read, or "
			"an entry is type-ram-runtime or type-impossible: those are "
			"the cause and have findings of their own. Silent where "
			"runtime services are off on purpose. Not tried where "
			"log-incomplete speaks of the map.",
		.fix =
			"Take the capture again; compare with \"EFI runtime memory "
			"map\" in the kernel log (efi=debug).",
		.source =
			"UEFI 2.10 section 7.2.1; arch/x86/platform/efi/quirks.c: "
			"efi_crash_gracefully_on_page_fault",
		.rows = "data-dropped",
		.experiment =
			"The first firmware call faults, runtime services are disabled."),
	},
};
